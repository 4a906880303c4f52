"""Whether the working state is what was written; what is not is deleted, since raw files bring it back.

Files are compared by their hash and not just opened: a damaged Parquet file can give other figures, or end
the process that reads it without a word.
"""

import shutil
from pathlib import Path
from typing import Any, Literal

from tiendo.intake.landing import read_ledger
from tiendo.intake.store import landed_hash, parse_raw_path
from tiendo.messages import TiendoError
from tiendo.settings import Home

Soundness = Literal["sound", "missing", "damaged"]
FOLDERS = ("landing", "registry", "dbt", "kept", "quality", "runs", "spark")


def mend_warehouse(home: Home) -> Soundness:
    """Deletes working state that is damaged; the intake then lands anew what is missing."""
    if is_misshapen(home):
        forget_warehouse(home)
        return "damaged"
    if not home.ledger.exists():
        return "missing" if home.current_json.exists() else "sound"
    try:
        ledger = read_ledger(home)
    except TiendoError:
        forget_warehouse(home)
        return "damaged"
    landed = [row for row in ledger.iter_rows(named=True) if row["status"] == "landed"]
    damaged = [row for row in landed if _forget_damaged(home, row)]
    return "damaged" if damaged else "sound"


def is_misshapen(home: Home) -> bool:
    """Whether a file lies where a folder belongs, or the other way round."""
    folders = [home.warehouse / name for name in FOLDERS]
    return home.database.is_dir() or home.ledger.is_dir() or any(path.is_file() for path in folders)


def _forget_damaged(home: Home, row: dict[str, Any]) -> bool:
    """Deletes what was landed of a submission where it is not what the ledger says; whether it did."""
    submission = parse_raw_path(row["raw_path"])
    if submission is None or not submission.landing_path(home).exists():
        return False
    if landed_hash(home, submission) == row["landed_hash"]:
        return False
    for path in submission.landed_paths(home):
        _remove(path)
    return True


def forget_warehouse(home: Home) -> None:
    """Deletes the working state, all of it rebuildable; locks, records, log and service files stay."""
    locks = (home.lock.name, home.serve_lock.name)
    for path in home.warehouse.glob("*"):
        is_kept = path in (home.runs, home.logs, home.prefect) and path.is_dir()
        if not is_kept and not path.name.startswith(locks):
            _remove(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)
