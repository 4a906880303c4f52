"""The same submissions land the same in any order of arrival.

Everything after the landing zone is computed from it, the ledger and the plans; that the tables then come out
byte for byte is proved by `rebuild --verify` in the documentation test, and at length by
`make test-determinism`.
"""

import shutil
from datetime import datetime
from pathlib import Path

import polars as pl
import pytest
from later_words import COVERAGE, DOSSIERS, TASKS, WARD, Story, coverage, dossier
from shuffled import received, send_shuffled

from tiendo.intake.landing import read_ledger, submit
from tiendo.pipeline import take_in
from tiendo.settings import TIMEZONE, Home
from tiendo.warehouse.annexes import known_references

KNOWN_AT = datetime(2026, 12, 31, tzinfo=TIMEZONE)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Home:
    """Resubmissions, a file sent again after another one, amendments of amendments, a row and a file refused.

    No plan annex: one that comes late has everything looked at again, which would hide what is tested here.
    """
    folder = tmp_path_factory.mktemp("in_order")
    story = Story(Home(folder / "home"), folder)
    for name, on, covered in (("a", 5, 300), ("b", 6, 310), ("a-again", 7, 300)):
        story.send(name, f"2026-04-{on:02}T08:00", COVERAGE, [coverage("24133", "03/2026", covered)])
    story.send("other", "2026-04-05T09:00", COVERAGE, [coverage("24154", "03/2026", 500)])
    story.send(
        "cases", "2026-04-05T10:00", DOSSIERS, [dossier(number, "10/03/2026", "") for number in (1, 2)]
    )
    story.send(
        "tasks", "2026-04-05T11:00", TASKS, [(WARD, "them-1", "26041", "03/2026", "Đang thực hiện", 40)]
    )
    story.correct("fix", "2026-04-08T08:00", "other", "F2", "500", "550")
    # Of one moment, about one cell.
    story.correct("fix-again", "2026-04-08T08:00", "other", "F2", "500", "560")
    story.withdraw("out", "2026-04-09T08:00", "a-again")
    story.withdraw("back", "2026-04-10T08:00", "out")
    story.withdraw("unknown", "2026-04-10T09:00", "tasks")
    story.send("strange", "2026-04-10T10:00", ("Cột một", "Cột hai"), [(1, 2)])
    take_in(story.home, KNOWN_AT)
    return story.home


def test_the_story_holds_what_depends_on_order(home: Home) -> None:
    rows = read_ledger(home).group_by("form").agg(pl.col("rows_landed", "rows_quarantined").sum())
    counts = {form: (landed, quarantined) for form, landed, quarantined in rows.iter_rows()}
    assert counts["correction"] == (2, 0)
    assert counts["withdrawal"] == (3, 0)
    assert counts["coverage"] == (4, 0)
    assert counts["task_report"] == (0, 1)


def landed(home: Home) -> dict[str, bytes]:
    files = (path for path in home.landing.rglob("*.parquet"))
    return {path.relative_to(home.landing).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("seed", [1, 2])
def test_any_order_of_arrival_lands_the_same(home: Home, tmp_path: Path, seed: int) -> None:
    other = Home(tmp_path / "home")
    send_shuffled(home, other, tmp_path, seed)
    take_in(other, KNOWN_AT)
    assert [item.raw_path for item in received(other)] == [item.raw_path for item in received(home)]
    assert read_ledger(other).equals(read_ledger(home))
    assert landed(other) == landed(home)
    assert take_in(other, KNOWN_AT).submission_ids == []


def test_a_repeat_entered_from_a_backlog_is_kept_and_told_to_change_nothing(
    home: Home, tmp_path: Path
) -> None:
    """A file received between the two may still come, but to the sender nothing is new."""
    again = next(item for item in received(home) if item.file_name.startswith("other"))
    file = tmp_path / again.file_name
    shutil.copy(home.raw / again.raw_path, file)
    other, references = Home(tmp_path / "home"), known_references(home)
    for day, status in ((5, "landed"), (6, "unchanged"), (6, "unchanged")):
        moment = datetime(2026, 4, day, 9, tzinfo=TIMEZONE)
        receipt = submit(other, file, references, received_at=moment, is_backlog=True)
        assert (receipt.status, receipt.rows_read, receipt.received_at) == (status, 1, moment)
    assert len(received(other)) == 2
