"""Whether the working state can be read; what cannot is deleted, since files kept as sent bring it back."""

import shutil
from typing import Literal

import polars as pl

from tiendo.intake.landing import read_ledger
from tiendo.messages import TiendoError
from tiendo.settings import Home

Soundness = Literal["sound", "missing", "damaged"]


def mend_ledger(home: Home) -> Soundness:
    """Deletes working state whose ledger cannot be read; the intake then lands everything anew."""
    if not home.ledger.exists():
        return "missing" if home.current_json.exists() else "sound"
    try:
        read_ledger(home)
    except TiendoError:
        forget_warehouse(home)
        return "damaged"
    return "sound"


def is_landing_sound(home: Home) -> bool:
    """Whether what is to be loaded can be read; asked only where something will be loaded."""
    try:
        _check_landing(home, read_ledger(home))
    except (OSError, pl.exceptions.PolarsError):
        return False
    return True


def _check_landing(home: Home, ledger: pl.DataFrame) -> None:
    """Reads the footer of every landing file that exists; the intake lands missing ones itself.

    Raises:
        PolarsError: Where one is no Parquet file.
    """
    landed = ledger.filter(pl.col("status") == "landed")
    for form, period, org, submission in landed.select(
        "form", "period", "org_code", "submission_id"
    ).iter_rows():
        for folder in (home.landing, home.landing / "quarantined_rows"):
            path = folder / form / period / org / f"{submission}.parquet"
            if path.exists():
                with path.open("rb") as file:
                    pl.read_parquet_schema(file)


def forget_warehouse(home: Home) -> None:
    """Deletes the working state, all of it rebuildable; the lock and the run records stay."""
    for path in home.warehouse.glob("*"):
        if path in (home.lock, home.runs) or path.name.startswith(home.lock.name):
            continue
        shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()
