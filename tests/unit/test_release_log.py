"""The release log: lines are added, never lost, and a half-written one does no harm."""

from datetime import date
from pathlib import Path

from tiendo.publish.log import append, read_log
from tiendo.settings import Home


def test_lines_come_back_in_order(tmp_path: Path) -> None:
    home = Home(tmp_path)
    assert read_log(home) == []
    append(home, "published", release_id="a", as_of=date(2026, 6, 30))
    append(home, "locked", release_id="a", reason="báo cáo quý")
    first, second = read_log(home)
    assert (first.event, first.facts) == ("published", {"release_id": "a", "as_of": "2026-06-30"})
    assert (second.event, second.facts["reason"]) == ("locked", "báo cáo quý")
    assert first.at <= second.at and first.at.tzinfo is not None


def test_a_half_written_line_loses_no_other(tmp_path: Path) -> None:
    home = Home(tmp_path)
    append(home, "locked", release_id="a")
    with home.release_log.open("a", encoding="utf-8") as stream:
        stream.write('{"at": "2026-06-30T01:00:00+07:00", "event": "lo')
    append(home, "unlocked", release_id="a")
    assert [entry.event for entry in read_log(home)] == ["locked", "unlocked"]
