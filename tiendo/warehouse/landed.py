"""Where the landed rows of a form lie, and which corrected copies stand in for some."""

from collections.abc import Mapping
from pathlib import Path
from types import MappingProxyType

import polars as pl

from tiendo.intake.store import landing_file
from tiendo.settings import Home

Files = Mapping[str, Path]
AS_LANDED: Files = MappingProxyType({})


def landed_files(home: Home, submissions: pl.DataFrame, form: str, instead: Files = AS_LANDED) -> list[Path]:
    """Files of a form's landed rows in the order of the ledger's rows given.

    Args:
        home: Whose landing zone it is.
        submissions: Rows of the ledger.
        form: The form.
        instead: By submission, the file that stands in the place of the landing file.
    """
    rows = submissions.filter(
        (pl.col("form") == form) & (pl.col("status") == "landed") & (pl.col("rows_landed") > 0)
    )
    return [
        instead.get(submission_id) or landing_file(home, form, period, org_code, submission_id)
        for period, org_code, submission_id in rows.select("period", "org_code", "submission_id").iter_rows()
    ]


def landed_rows(home: Home, submissions: pl.DataFrame, form: str, instead: Files = AS_LANDED) -> pl.DataFrame:
    """All landed rows of a form in the order of receipt; without columns where there are none."""
    ordered = submissions.sort("received_at", "submission_id")
    files = landed_files(home, ordered, form, instead)
    return pl.concat([pl.read_parquet(path, glob=False) for path in files]) if files else pl.DataFrame()
