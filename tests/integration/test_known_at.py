"""An old report comes out again as it was, and what was known at each moment since is remembered."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl
import pytest
from later_words import Story, first_words, later_words

from tiendo.settings import Home

TIENDO = Path(sys.executable).with_name("tiendo")
THEN = ("2026-03-31", "2026-04-05T00:00+07:00")
LATER = ("2026-06-30", "2026-08-01T00:00+07:00")
# As the tables keep moments.
THEN_UTC = datetime(2026, 4, 4, 17)
CATALOGUE = ("66", "gov_tthc_fully_online_offered_total_share", "2026-03")
# DuckDB writes unused memory into its file; its tables are compared apart.
DATABASE = ("tiendo.duckdb", "tiendo.duckdb.sha256")


def refresh(home: Path, moment: tuple[str, str]) -> Path:
    """Publishes a release and gives its folder."""
    run("refresh", "--home", home, "--as-of", moment[0], "--known-at", moment[1])
    return (home / "data" / "curated" / "current").resolve()


def run(*arguments: str | Path) -> str:
    done = subprocess.run([TIENDO, *arguments], capture_output=True, text=True, timeout=600, check=False)
    # 1: the story holds files that are refused.
    assert done.returncode in (0, 1), done.stdout + done.stderr
    return done.stdout


def told(folder: Path, *chapters: Callable[[Story], None]) -> Path:
    folder.mkdir()
    story = Story(Home(folder / "home"), folder)
    for chapter in chapters:
        chapter(story)
    return folder / "home"


def digests(release: Path) -> dict[str, str]:
    files = (path for path in sorted(release.rglob("*")) if path.is_file() and path.name not in DATABASE)
    found = {path.relative_to(release).as_posix(): path.read_bytes() for path in files}
    assert {"manifest.json", "datapackage.json", "README.md", "quality/index.html"} <= set(found)
    return {name: hashlib.sha256(content).hexdigest() for name, content in found.items()}


@pytest.fixture(scope="module")
def on_that_day(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The release of 5 April, made when nothing later had been received."""
    return refresh(told(tmp_path_factory.mktemp("known_at") / "then", first_words), THEN)


@pytest.fixture(scope="module")
def living_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that lived on after that day."""
    return told(tmp_path_factory.mktemp("known_at") / "now", first_words, later_words)


@pytest.fixture(scope="module")
def later(living_home: Path) -> Path:
    """The release it published in the summer."""
    return refresh(living_home, LATER)


@pytest.fixture(scope="module")
def asked_again(living_home: Path, later: Path) -> Path:
    """The old release, asked for after that, when nothing but files as sent was left of the warehouse."""
    shutil.rmtree(living_home / "data" / "warehouse")
    done = run(
        "refresh", "--home", living_home, "--from", "2026-03", "--to", "2026-03", "--known-at", THEN[1]
    )
    assert "2026-03" in done
    assert (living_home / "data" / "curated" / "current").resolve() == later
    (found,) = (living_home / "data" / "curated" / "releases").glob("2026-03-31-*")
    return found


def test_the_story_holds_what_tells_the_days_apart(on_that_day: Path, later: Path) -> None:
    """A row that waits for an annex is set aside on that day and loaded later."""
    evidence = [
        pl.read_parquet(release / "submissions.parquet")
        .filter(form="evidence", period="2026-03")["rows_quarantined"]
        .item()
        for release in (on_that_day, later)
    ]
    assert evidence == [1, 0]
    statuses = pl.read_parquet(later / "submissions.parquet")["status"]
    assert set(statuses) == {"landed", "rejected", "withdrawn"}
    assert pl.read_parquet(later / "plan_tasks.parquet").filter(row_ref="them-1").height == 1


def test_an_old_report_comes_out_again_byte_for_byte(on_that_day: Path, asked_again: Path) -> None:
    assert digests(asked_again) == digests(on_that_day)


def test_its_database_file_holds_the_same_tables(on_that_day: Path, asked_again: Path) -> None:
    with duckdb.connect() as connection:
        for name, release in (("old", on_that_day), ("again", asked_again)):
            connection.execute(f"attach '{release / DATABASE[0]}' as {name} (read_only)")
        for path in sorted(on_that_day.glob("*.parquet")):
            old, again = (connection.table(f"{name}.main.{path.stem}").pl() for name in ("old", "again"))
            assert old.equals(again), path.stem


def test_what_was_in_force_on_that_day_is_what_its_report_says(on_that_day: Path, later: Path) -> None:
    """The revisions of a later release, at that moment, against the figures of the report itself."""
    progress = pl.read_parquet(on_that_day / "indicator_progress.parquet")
    accumulates = pl.col("basis").eq_missing("year_to_date")
    figures = progress.select(
        "org_code",
        "org_valid_from",
        "indicator_code",
        "period",
        figure=pl.when(accumulates).then("actual_in_period").otherwise("actual"),
        numerator=pl.when(~accumulates).then("numerator"),
    ).unique()
    revisions = in_force(later, THEN_UTC).filter(pl.col("basis").is_null() | (pl.col("basis") == "in_period"))
    both = revisions.join(
        figures, on=["org_code", "org_valid_from", "indicator_code", "period"], suffix="_reported"
    )
    assert both.filter(pl.col("value").ne_missing(pl.col("figure"))).is_empty()
    told_by = {text.split("_20")[0] for text in both["submission_id"]}
    assert told_by >= {
        "coverage",
        "correction",
        "dossier",
        "procedure_catalogue",
        "digital_economy",
        "withdrawal",
    }
    # Nothing known on that day is missing from the report, and periods that end later are not in it.
    assert both.height == revisions.filter(pl.col("period_end") <= date(2026, 3, 31)).height


@pytest.mark.parametrize(
    ("key", "values"),
    [
        # Sent, sent wrong, withdrawn, the withdrawal withdrawn.
        (("66", "economy_grdp_growth_rate", "2026-Q1"), [8, 80, 8, 80]),
        (("24154", "infra_5g_coverage", "2026-02"), [50, 52, 53]),  # corrected twice
        (("24133", "infra_5g_coverage", "2026-03"), [35, 36]),  # corrected
        (("24154", "infra_5g_coverage", "2026-03"), [51]),  # sent again unchanged
        (
            ("66", "infra_5g_coverage", "2026-03"),
            [43, 52, 52.333333, 59.25],
        ),  # a commune, a correction, a commune
        (("66", "economy_digital_economy_grdp_share", "2025"), [15, 17]),  # provisional, final
        (CATALOGUE, [50]),  # withdrawn, with nothing before it
        (("24133", "gov_dossier_online_received_share", "2026-02"), [57.142857, 50]),  # an extract sent again
    ],
)
def test_each_value_ever_known_is_remembered(
    later: Path, key: tuple[str, str, str], values: list[float]
) -> None:
    found = revisions_of(later, key)
    assert [round(value, 6) for value in found["value"]] == values
    assert found["revision_number"].to_list() == list(range(1, len(values) + 1))
    assert found["known_to"].to_list()[:-1] == found["known_from"].to_list()[1:]


def test_a_withdrawal_ends_a_value_at_its_own_receipt(later: Path) -> None:
    last = revisions_of(later, CATALOGUE).row(-1, named=True)
    assert (last["known_to"], last["is_current"]) == (datetime(2026, 4, 8, 2), False)
    wrong = revisions_of(later, ("66", "economy_grdp_growth_rate", "2026-Q1"))
    assert [text.split("_2026")[0] for text in wrong["submission_id"]] == [
        "indicator_report",
        "indicator_report",
        "withdrawal",
        "withdrawal",
    ]


def revisions_of(release: Path, key: tuple[str, str, str]) -> pl.DataFrame:
    org_code, indicator_code, period = key
    rows = pl.read_parquet(release / "indicator_revisions.parquet").filter(
        org_code=org_code, indicator_code=indicator_code, period=period
    )
    return rows.sort("revision_number")


def in_force(release: Path, moment: datetime) -> pl.DataFrame:
    known = pl.col("known_from") <= moment
    lasting = pl.col("known_to").is_null() | (pl.col("known_to") > moment)
    return pl.read_parquet(release / "indicator_revisions.parquet").filter(known & lasting)
