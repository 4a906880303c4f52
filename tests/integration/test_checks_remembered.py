"""A check is asked anew where its answer may differ, and only there; what comes out is the same either way.

Great Expectations is imported into this process (2 s), since the tests look at what is asked.
"""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from tiendo.quality import remembered
from tiendo.quality.checks import Declared, run_checks
from tiendo.quality.engine import Engine
from tiendo.quality.remembered import Remembered
from tiendo.quality.results import CheckResult, to_frame
from tiendo.quality.suites import written_suites

# Of Great Expectations about itself.
pytestmark = pytest.mark.filterwarnings("ignore:.schema_name. is deprecated:DeprecationWarning")

SUITES = {
    "raw/letters": [
        ("Q-1", "select * from {batch} where size > 10", "warning"),
        ("Q-2", "select * from {batch} where size < 0", "critical"),
    ],
    "curated/places": [
        ("Q-3", "select * from {batch} where place is null", "critical"),
        ("Q-4", "select *\nfrom {batch}\nwhere place not in (select place from\nmarts.figures)", "critical"),
        ("Q-5", "select * from {batch} where length(place) > 20", "critical"),
    ],
    "curated/figures": [
        ("Q-6", "select * from {batch} where figure < 0", "critical"),
        ("Q-7", "select * from {batch} where figure > 100", "critical"),
    ],
    "curated/odd": [
        ("Q-8", "select * from {batch} where misspelt", "warning"),
        ("Q-9", "select * from {batch} where thing > current_date", "critical"),
        ("Q-10", "select * from {batch} where thing is null", "critical"),
    ],
}
ALL = {check_id for checks in SUITES.values() for check_id, _, _ in checks}
# A check that cannot run and one that reads the clock.
ALWAYS = {"Q-8", "Q-9"}


class Bench:
    """A warehouse with four tables, their suites, and what was asked of them."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.asked: set[str] = set()
        (folder / "manifest.json").write_text('{"nodes": {}}', encoding="utf-8")
        self.sql("""
            create schema raw; create schema intermediate; create schema marts;
            create table raw.submissions as select 's1' as submission_id, 'a.xlsx' as file_name;
            create table raw.letters as
            select 's1' as submission_id, 2 as row_number, 11 as size
            union all select 's1', 3, 4;
            create table marts.places as select 'Ea Kao' as place union all select 'Hòa Xuân';
            create table marts.figures as from marts.places select place, 50 as figure;
            create table marts.odd as select date '2026-01-01' as thing;
        """)
        self.write(SUITES)

    def sql(self, statements: str) -> None:
        with duckdb.connect(str(self.folder / "warehouse.duckdb")) as connection:
            connection.execute(statements)

    def write(self, suites: dict[str, list[tuple[str, str, str]]]) -> None:
        for name, checks in suites.items():
            entries = [
                {
                    "type": "unexpected_rows_expectation",
                    "kwargs": {"unexpected_rows_query": query},
                    "severity": severity,
                    "meta": {
                        "id": key,
                        "dimension": "valid",
                        "description_vi": "Có.",
                        "description_en": "Is.",
                    },
                }
                for key, query, severity in checks
            ]
            path = self.folder / "suites" / f"{name}.yml"
            path.parent.mkdir(parents=True, exist_ok=True)
            content = {"name": name.replace("/", "."), "expectations": entries}
            path.write_text(json.dumps(content), encoding="utf-8")

    @property
    def memory(self) -> Path:
        return self.folder / "checks.json"

    def run(self, memory: Remembered | None = None, docs: str = "docs") -> list[CheckResult]:
        self.asked.clear()
        return run_checks(
            self.folder / "warehouse.duckdb",
            self.folder / "manifest.json",
            self.folder / docs,
            Declared([], written_suites(self.folder / "suites")),
            memory or Remembered(self.memory),
        )

    def pages(self, docs: str) -> dict[str, bytes]:
        folder = self.folder / docs
        return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.html")}


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    """The checks have been asked once."""
    bench = Bench(tmp_path)
    run = Engine.run

    def noted(engine: Engine, suite, failed_before=()):
        bench.asked.update(check.check_id for check in suite.checks)
        return run(engine, suite, failed_before)

    monkeypatch.setattr(Engine, "run", noted)
    bench.run()
    assert bench.asked == ALL
    return bench


def results_agree_without_memory(bench: Bench, results: list[CheckResult]) -> None:
    """What is released, bytes of pages included, is the same as if nothing were remembered."""
    asked = set(bench.asked)
    afresh = bench.run(Remembered(), docs="afresh")
    assert bench.asked == ALL
    assert results == afresh
    assert to_frame(results).equals(to_frame(afresh))
    assert bench.pages("docs") == bench.pages("afresh")
    bench.asked = asked


def test_found_together_or_one_by_one_the_answers_are_right(bench: Bench) -> None:
    found = {result.check_id: result for result in bench.run()}
    assert {check_id for check_id, result in found.items() if not result.is_passed} == {"Q-1", "Q-8"}
    assert (found["Q-1"].rows_failed, found["Q-2"].rows_failed) == (1, 0)
    assert not found["Q-8"].has_run
    assert (found["Q-10"].rows_checked, found["Q-10"].observed) == (1, "0")


def test_where_nothing_changed_only_what_cannot_be_remembered_is_asked(bench: Bench) -> None:
    results = bench.run()
    assert bench.asked == ALWAYS
    results_agree_without_memory(bench, results)


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        ("update marts.figures set figure = 51 where place = 'Ea Kao'", {"Q-4", "Q-6", "Q-7"}),
        ("update marts.figures set figure = 101 where place = 'Ea Kao'", {"Q-4", "Q-6", "Q-7"}),
        ("insert into marts.places values ('Ea Kao')", {"Q-3", "Q-4", "Q-5"}),
        ("alter table marts.places add column more integer", {"Q-3", "Q-4", "Q-5"}),
        ("update raw.letters set size = 12 where row_number = 2", {"Q-1", "Q-2"}),
        # The name of a file is told where a row of it fails, and nowhere else.
        ("update raw.submissions set file_name = 'b.xlsx'", {"Q-1"}),
        ("create table marts.unread as select 1 as one", set[str]()),
    ],
)
def test_a_changed_cell_has_the_checks_on_its_table_asked(bench: Bench, change: str, asked: set[str]) -> None:
    bench.sql(change)
    results = bench.run()
    assert bench.asked == ALWAYS | asked
    results_agree_without_memory(bench, results)


def test_a_table_that_is_gone_is_told(bench: Bench) -> None:
    bench.sql("drop table marts.figures")
    found = {result.check_id: result.has_run for result in bench.run()}
    assert bench.asked == ALWAYS | {"Q-4", "Q-6", "Q-7"}
    assert not any(found[check_id] for check_id in ("Q-4", "Q-6", "Q-7"))


def test_a_changed_threshold_has_its_check_asked(bench: Bench) -> None:
    bench.write({"curated/figures": [("Q-6", "select * from {batch} where figure < 50.5", "critical"),
                                     SUITES["curated/figures"][1]]})  # fmt: skip
    results = bench.run()
    assert bench.asked == ALWAYS | {"Q-6"}
    assert {result.check_id for result in results if not result.is_passed} == {"Q-1", "Q-6", "Q-8"}


def test_changed_code_has_everything_asked(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remembered, "code_digest", lambda: "other")
    bench.run()
    assert bench.asked == ALL


def test_a_full_run_asks_everything(bench: Bench) -> None:
    bench.run(Remembered(bench.memory, is_trusted=False))
    assert bench.asked == ALL
    bench.run()
    assert bench.asked == ALWAYS


@pytest.mark.parametrize(
    "damage",
    [
        lambda _: b"",
        lambda content: content[: len(content) // 2],
        lambda content: content.replace(b"false", b"true "),
        lambda content: b"\xff\xfe" + content,
        lambda content: content.split(b"\n")[1],
    ],
)
def test_a_damaged_memory_has_everything_asked(bench: Bench, damage: Callable[[bytes], bytes]) -> None:
    content = bench.memory.read_bytes()
    bench.memory.write_bytes(damage(content))
    results = bench.run()
    assert bench.asked == ALL
    assert bench.memory.read_bytes() == content
    results_agree_without_memory(bench, results)


def test_what_is_loaded_lazily_still_works_when_used() -> None:
    program = (
        "import sys; from tiendo.quality.lazily import load_lazily\n"
        "load_lazily('colorsys', 'xml.dom.minidom')\n"
        "import colorsys; from xml.dom import minidom\n"
        "assert 'xml.dom.minicompat' not in sys.modules\n"
        "print(colorsys.rgb_to_hsv(0, 0, 1)[2], minidom.parseString('<a/>').documentElement.tagName)"
    )
    told = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert told.stdout == "1 a\n"
