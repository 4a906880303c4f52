"""The benchmarks compare like with like: files that pass the door, programs that come to the same numbers."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from benchmarks import generate, late
from benchmarks.generate import jobs
from benchmarks.measured import is_limit_kept, python, run
from benchmarks.page import END, PAGE, START, Found, ratios
from benchmarks.queries import questions
from benchmarks.suite import BASELINES
from benchmarks.workloads import WORKLOADS

from tiendo.demo.window import Month
from tiendo.intake.landing import read_ledger
from tiendo.pipeline import load, take_in
from tiendo.references import load_references
from tiendo.settings import PROJECT, Home
from tiendo.warehouse import transform
from tiendo.warehouse.corrections import correct
from tiendo.warehouse.database import known_submissions

# Three months of one province, over the end of a year.
SMALL = replace(WORKLOADS["W2"], provinces=("66",), months=3, dossiers=1_500, last_month=Month(2028, 1))
PLACES = "org_code, indicator_code, variant, period, numerator, denominator"
MONTHLY = (
    "receiving_org_code, competent_org_code, received_month, completed_month, dossiers, done, rated_satisfied"
)
# Columns of a table of the scripts, and the table of tiendo with the same.
COMPARED = {
    "dossier_measures": (f"{PLACES}, basis", "intermediate.int_dossier_observed"),
    "coverage_measures": (PLACES, "intermediate.int_coverage_observed"),
    "dossier_monthly": (f"{MONTHLY}, completed_on_time, is_suppressed", "marts.dossier_monthly"),
}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """The files of a small workload, one in twenty-five rows wrong, and an extract sent again."""
    home = Home(tmp_path_factory.mktemp("bench"))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(generate, "ONE_WRONG_IN", 25)
        for job in jobs(SMALL):
            job(home)
        late.send_again(home, SMALL)
    home.synthetic_marker.write_text(generate.MARKER, encoding="utf-8")
    return home


@pytest.fixture(scope="module")
def computed(home: Home) -> Home:
    """The same, taken in and computed by tiendo as far as the measures."""
    take_in(home)
    load(home, known_submissions(home, read_ledger(home), SMALL.known_at))
    invoke = transform.invoke
    wanted = ["--select", *(f"+{table.partition('.')[2]}" for _, table in COMPARED.values())]
    wanted += ["--indirect-selection", "empty"]

    def only_measures(arguments: list[str], *others: Any) -> Any:
        return invoke([*arguments, *wanted] if "build" in arguments else arguments, *others)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(transform, "invoke", only_measures)
        transform.run_models(home, SMALL.as_of)
    return home


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    again = Home(tmp_path)
    small = replace(SMALL, dossiers=900)
    first = [job(again) for job in jobs(small)]
    before = {path: path.read_bytes() for path in first}
    assert [job(again) for job in jobs(small)] == first
    assert all(path.read_bytes() == content for path, content in before.items())


def test_every_file_passes_the_door_and_only_mistakes_are_set_aside(computed: Home) -> None:
    ledger = read_ledger(computed)
    assert set(ledger["status"]) == {"landed"}
    assert ledger.height == 2 * 3 + 1
    found = duckdb.sql(f"from '{computed.landing}/quarantined_rows/dossier/**/*.parquet'").pl()
    rows = found.select("submission_id", "row_number").n_unique()
    # One row in twenty-five, and the neighbour of each that bears its identifier.
    assert 4 * 500 // 25 <= rows <= 2 * 4 * 500 // 25
    assert set(found["rule_code"]) >= {"TD-202", "TD-204", "TD-208", "TD-210", "TD-211", "TD-215", "TD-216"}


def test_what_is_late_changes_what_was_sent(tmp_path: Path) -> None:
    home, month = Home(tmp_path), replace(SMALL, months=1, dossiers=200)
    for job in jobs(month):
        job(home)
    take_in(home)
    sent = (late.one_workbook(home, month), late.send_again(home, month), late.correct(home, month))
    assert take_in(home).landed == len(sent)
    submissions = known_submissions(home, read_ledger(home), month.known_at)
    assert submissions.filter(form="correction")["rows_quarantined"].to_list() == [0]
    corrected, findings = correct(home, submissions, load_references(home.plans))
    # The letter speaks of the extract that is in force.
    (again,) = submissions.filter(pl.col("file_name").str.contains("lan-2"))["submission_id"]
    assert (list(corrected), list(findings)) == ([again], [])


@pytest.mark.parametrize("script", ["bare_duckdb", "with_polars"])
def test_what_is_compared_comes_to_the_same_numbers(script: str, computed: Home, tmp_path: Path) -> None:
    words = (str(PROJECT), str(computed.raw), str(tmp_path), SMALL.as_of.isoformat())
    python(str(BASELINES / f"{script}.py"), *words)
    with duckdb.connect(str(computed.database), read_only=True) as connection:

        def asked(sql: str) -> list[tuple[int, ...]]:
            return connection.execute(sql).fetchall()

        for table, (columns, ours) in COMPARED.items():
            mine, theirs = (
                f"select {columns} from {ours}",
                f"select {columns} from '{tmp_path}/{table}.parquet'",
            )
            ((rows,),) = asked(f"select count(*) from ({mine})")
            both = f"({mine} except all {theirs}) union all ({theirs} except all {mine})"
            assert (rows > 100, asked(f"select count(*) from ({both})")) == (True, [(0,)]), table
        set_aside = "select count(distinct (submission_id, row_number)) from raw.quarantined_rows"
        for sql, folder in ((f"{set_aside}", "quarantine"), ("select count(*) from raw.dossier", "dossier")):
            assert asked(sql) == asked(f"select count(*) from '{tmp_path}/{folder}/*.parquet'")


def test_a_program_is_measured_with_what_it_starts() -> None:
    child = "x = bytearray(150_000_000); import time; time.sleep(0.5)"
    start = f"subprocess.run([sys.executable, '-c', {child!r}])"
    parent = f"import subprocess, sys; y = bytearray(100_000_000); {start}"
    done = python("-c", parent)
    assert done.cost.peak_mb > 250
    assert done.cost.wall >= 0.5


def test_what_two_programs_have_mapped_counts_once(tmp_path: Path) -> None:
    path = tmp_path / "library"
    path.write_bytes(bytes(100_000_000))
    look = (
        f"import mmap, time; f = open({str(path)!r}); m = mmap.mmap(f.fileno(), 0, prot=mmap.PROT_READ);"
        " sum(m[at] for at in range(0, len(m), 4096)); "
    )
    child = f"{look} time.sleep(0.5)"
    done = python("-c", f"{look} import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])")
    assert 100 < done.cost.peak_mb < 180


def test_a_failing_program_stops_the_measuring() -> None:
    with pytest.raises(SystemExit, match="no such thing"):
        python("-c", "import sys; sys.exit('no such thing')")


@pytest.mark.skipif(not is_limit_kept(), reason="no control groups to be made here")
def test_a_program_is_held_to_its_memory() -> None:
    words = (sys.executable, "-c", "import time; x = bytearray(200_000_000); time.sleep(0.3)")
    assert run(words, limit=400_000_000).cost.peak_mb > 200
    with pytest.raises(SystemExit, match="ended with -9"):
        run(words, limit=100_000_000)


def record(workload: str, what: str, wall: float, **facts: Any) -> dict[str, Any]:
    return {
        "workload": workload,
        "what": what,
        "wall": wall,
        "cpu": wall,
        "peak_mb": 100.0,
        "scale": 1.0,
        **facts,
    }


def test_ratios_are_of_the_best_runs_and_left_out_where_one_is_missing() -> None:
    records = [
        record("imports", "import dbt", 2.0),
        record("imports", "import Great Expectations", 3.0),
        record("W1", "tiendo refresh", 22.0),
        record("W1", "tiendo refresh", 20.0),
        record("W1", "bare DuckDB", 5.0),
    ]
    found = {name: ratio for name, _, ratio in ratios(Found(records)) if ratio is not None}
    assert found["W1 refresh / (bare DuckDB + imports)"] == 2.0
    assert not any(name.startswith("W2") for name in found)


def test_the_page_has_the_marks_between_which_its_tables_are_written() -> None:
    text = PAGE.read_text(encoding="utf-8")
    assert text.count(START) == text.count(END) == 1
    assert text.index(START) < text.index(END)


def test_twenty_questions_are_asked() -> None:
    assert len(questions()) == 20
