"""Each of the real published figures has a status with its reason, or a stated reason why it is left out."""

import csv
import re
import shutil
from pathlib import Path

import build_published_statuses as script
import polars as pl
import pytest
from installed import tiendo

PROJECT = Path(__file__).resolve().parents[2]


# Tree lines, line breaks and the release depend on the width of the page and on the version.
RELEASE = re.compile(r"20\d\d-\d\d-\d\d-[0-9a-f]{10}")
NOT_SAID = re.compile(rf"[\s│├└─]+|{RELEASE.pattern}")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home that holds the published figures and nothing else."""
    home = tmp_path_factory.mktemp("published") / "home"
    shutil.copytree(PROJECT / "data/raw/indicator_report", home / "data/raw/indicator_report")
    moment = ("--as-of", script.AS_OF, "--known-at", script.KNOWN_AT)
    tiendo(home, "refresh", *moment)
    return home


@pytest.fixture(scope="module")
def progress(home: Path) -> pl.DataFrame:
    """Their verdicts."""
    return pl.read_parquet(home / "data/curated/current/indicator_progress.parquet")


def test_each_kept_figure_has_a_status_and_its_reason(progress: pl.DataFrame) -> None:
    statuses = pl.read_csv(PROJECT / "dbt_project/seeds/rules/statuses.csv")["status"]
    for figure in script.kept_figures():
        rows = script.verdicts(progress, figure)
        assert rows, figure["source_row"]
        for row in rows:
            assert row["status"] in statuses, figure["source_row"]
            assert row["status"] not in ("no_data", "awaiting_publication"), figure["source_row"]
            assert row["status_reason"], figure["source_row"]
            assert row["status_reason_en"], figure["source_row"]


def test_each_figure_left_out_says_why() -> None:
    with (PROJECT / "docs/published-figures.csv").open(encoding="utf-8", newline="") as stream:
        figures = list(csv.DictReader(stream))
    left_out = [figure for figure in figures if figure["decision"] != "kept"]
    assert len(figures) == len(left_out) + len(script.kept_figures()) == 202
    assert all(figure["reason_vi"] and figure["reason_en"] for figure in left_out)


def test_the_page_says_what_a_release_says(progress: pl.DataFrame) -> None:
    page = script.PAGE.read_text(encoding="utf-8")
    assert page == script.with_table(page, script.build_table(progress)), (
        "run python scripts/build_published_statuses.py HOME"
    )


EXPLAINED = (PROJECT / "docs/explaining.md").read_text(encoding="utf-8")
SYNTHETIC, _, TASK, AGENCY, *REAL = re.findall(r"^```text\n(.+?)^```$", EXPLAINED, re.MULTILINE | re.DOTALL)
CALLS = re.findall(r"^tiendo (explain gov_.+|explain innovation_.+)$", EXPLAINED, re.MULTILINE)


@pytest.mark.parametrize(("call", "tree"), list(zip(CALLS, REAL, strict=True)), ids=CALLS)
def test_the_trees_shown_are_what_explain_says(call: str, tree: str, home: Path) -> None:
    assert NOT_SAID.sub("", tree) == NOT_SAID.sub("", tiendo(home, *call.split()).stdout)


@pytest.mark.parametrize(
    ("asked", "tree"),
    [
        ("infra_5g_coverage --place 66 --period 2026-Q2", SYNTHETIC),
        ("task dak-lak-2026-kh-bcd row-34", TASK),
        ("agency dl_so_khcn", AGENCY),
    ],
)
def test_the_trees_of_the_demo_are_what_explain_says(asked: str, tree: str, demo_home: Path) -> None:
    said = tiendo(demo_home, "explain", *asked.split()).stdout
    assert NOT_SAID.sub("", tree) == NOT_SAID.sub("", said)


def test_the_card_of_an_agency_is_what_status_says(demo_home: Path) -> None:
    page = (PROJECT / "docs/tasks.md").read_text(encoding="utf-8")
    (card,) = re.findall(r"^```text\n(.+?)^```$", page, re.MULTILINE | re.DOTALL)
    said = tiendo(demo_home, "status", "--agency", "dl_so_khcn").stdout
    assert RELEASE.sub("", card).splitlines() == [
        RELEASE.sub("", line.rstrip()) for line in said.splitlines()
    ]
