"""What is in force of the periods before, for reference on a template.

Withdrawn rows are left out; corrected ones show as the last load corrected them.
"""

from collections.abc import Iterator

import polars as pl

from tiendo.intake.archive import Archive
from tiendo.intake.contracts import Contract
from tiendo.intake.dates import period_end, period_months, period_start
from tiendo.settings import Home


def rows_before(home: Home, contract: Contract, period: str | None) -> pl.DataFrame:
    """Landed rows of a form in force whose period ends before another begins, oldest period first.

    Args:
        home: Whose submissions count.
        contract: The form; it has a period column.
        period: Canonical period; only periods of its length count. None takes all.

    Returns:
        The form's canonical columns; without a row where nothing was landed.
    """
    frames = list(_landed(home, contract.form))
    if not frames or contract.period_column is None:
        return pl.DataFrame()
    rows = pl.concat(frames)
    # Of each scope the last submission holds all.
    last = pl.col("submission_id").last().over(contract.replaces)
    rows = rows.filter(pl.col("submission_id") == last)
    for derived in contract.derived:
        # One operator's figures are not the place's.
        if derived.otherwise is not None:
            rows = rows.filter(pl.col(derived.name) == derived.otherwise)
    named = pl.col(contract.period_column)
    found = [each for each in rows.select(named.unique()).to_series() if _is_before(each, period)]
    order = {each: at for at, each in enumerate(sorted(found, key=period_end))}
    kept = rows.filter(named.is_in(list(order)))
    return kept.sort(named.replace_strict(order, return_dtype=pl.Int64), maintain_order=True)


def _landed(home: Home, form: str) -> Iterator[pl.DataFrame]:
    """The rows of each submission of a form in the order of receipt."""
    archive = Archive.so_far(home)
    withdrawn = archive.withdrawn()
    for submission_id, row in archive.landed.items():
        if row["form"] != form or not row["rows_landed"] or submission_id in withdrawn:
            continue
        corrected = home.warehouse / "corrected" / f"{submission_id}.parquet"
        yield pl.read_parquet(corrected, glob=False) if corrected.exists() else archive.frame(submission_id)


def _is_before(candidate: str, period: str | None) -> bool:
    if period is None:
        return True
    is_alike = period_months(candidate) == period_months(period)
    return is_alike and period_end(candidate) < period_start(period)
