"""A full disk, a clock set back, altered working state: found where they show, told in one message."""

import errno
from datetime import datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import polars as pl
import pytest

from tiendo.clock import moment_by_clock
from tiendo.faults import told
from tiendo.intake.ledger import LEDGER_SCHEMA, read_ledger, write_ledger
from tiendo.intake.store import remove_leftovers
from tiendo.messages import TiendoError
from tiendo.runs import RunRecord
from tiendo.settings import Home, now
from tiendo.warehouse import transform


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (OSError(errno.ENOSPC, "No space left on device"), "TD-410"),
        (OSError(errno.EDQUOT, "Disk quota exceeded"), "TD-410"),
        (RuntimeError("IO Error: Could not write file: No space left on device"), "TD-410"),
        (TiendoError("TD-606", "…", "cannot be written: No space left on device", exit_code=4), "TD-410"),
        (TiendoError("TD-101", "…", "No space left on device.xlsx cannot be read", exit_code=1), "TD-101"),
        (TiendoError("TD-405", "…", "Out of Memory Error: could not allocate", exit_code=4), "TD-412"),
        (TiendoError("TD-630", "…", "Out of Memory Error: could not allocate", exit_code=2), "TD-630"),
        (MemoryError(), "TD-412"),
        (OSError(errno.EACCES, "Permission denied"), "TD-406"),
        (RuntimeError("something else"), "TD-900"),
    ],
)
def test_a_full_disk_or_memory_is_told_whichever_library_met_it(error: Exception, code: str) -> None:
    assert told(error).code == code


def test_a_full_disk_behind_another_error_is_told() -> None:
    try:
        try:
            raise OSError(errno.ENOSPC, "No space left on device")
        except OSError as cause:
            raise TiendoError("TD-405", "…", "…", exit_code=4) from cause
    except TiendoError as error:
        assert told(error).code == "TD-410"


def test_a_clock_before_the_last_run_is_not_believed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(tmp_path)
    assert moment_by_clock(home) <= now()
    for ahead, is_believed in ((timedelta(minutes=2), True), (timedelta(minutes=9), False)):
        moment: datetime = now() + ahead
        monkeypatch.setattr("tiendo.runs.now", lambda at=moment: at)
        RunRecord.begin(home, moment.date(), moment).finish("published", "x")
        if is_believed:
            moment_by_clock(home)
        else:
            with pytest.raises(TiendoError, match="TD-411"):
                moment_by_clock(home)


def test_a_ledger_that_is_not_as_written_is_not_read(tmp_path: Path) -> None:
    home = Home(tmp_path)
    write_ledger(home, [])
    write_ledger(home, [])
    assert read_ledger(home).height == 0
    pl.DataFrame(schema={**LEDGER_SCHEMA, "more": pl.String()}).write_parquet(home.ledger)
    with pytest.raises(TiendoError, match="TD-402"):
        read_ledger(home)


def test_what_killed_processes_leave_is_removed_and_nothing_else(tmp_path: Path) -> None:
    kept = [tmp_path / name for name in (".hidden", ".note.tmp", "a.csv", "0123456789abcdef.tmp")]
    left = tmp_path / "deep" / ".0123456789abcdef.tmp"
    left.parent.mkdir()
    for path in (*kept, left):
        path.write_text("x")
    remove_leftovers(tmp_path)
    assert not left.exists()
    assert all(path.exists() for path in kept)


def test_a_full_disk_is_known_where_dbt_tells_of_it_at_length(monkeypatch: pytest.MonkeyPatch) -> None:
    words = f"{'Failed to create checkpoint. ' * 20}No space left on device"

    outcome = SimpleNamespace(result=None, success=False, exception=RuntimeError(words))
    runner = SimpleNamespace(invoke=lambda _: outcome)
    monkeypatch.setattr("dbt.cli.main.dbtRunner", lambda *_: runner)
    with pytest.raises(TiendoError) as caught:
        transform.invoke([])
    assert caught.value.code == "TD-405"
    assert told(caught.value).code == "TD-410"
