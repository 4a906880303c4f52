"""Takes withdrawn submissions out of what is known: from the moment a withdrawal was received, not before."""

import polars as pl

from tiendo.intake.archive import Archive
from tiendo.settings import Home


def mark_withdrawn(home: Home, submissions: pl.DataFrame) -> pl.DataFrame:
    """The ledger rows with status 'withdrawn' for landed submissions that a withdrawal names.

    Args:
        home: Whose landing zone holds the withdrawals.
        submissions: The ledger rows known at a moment.
    """
    named = pl.Series(sorted(_withdrawn(home, submissions)), dtype=pl.String)
    is_withdrawn = pl.col("submission_id").is_in(named.implode()) & (pl.col("status") == "landed")
    status = pl.when(is_withdrawn).then(pl.lit("withdrawn")).otherwise(pl.col("status"))
    return submissions.with_columns(status.alias("status"))


def _withdrawn(home: Home, submissions: pl.DataFrame) -> frozenset[str]:
    try:
        return Archive.of(home, submissions.iter_rows(named=True)).withdrawn()
    except (OSError, pl.exceptions.PolarsError):
        # A damaged landing zone is found and landed anew before anything is loaded.
        return frozenset()
