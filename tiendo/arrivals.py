"""What had arrived when a run took place, counted for its record.

Counted from the ledger and not from what the run itself landed: a file handed in with `tiendo submit` is
landed before the nightly run begins, and is new to it all the same.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiendo.runs import SUCCESSFUL

if TYPE_CHECKING:
    import polars as pl


def known_before(earlier: Iterable[Mapping[str, Any]]) -> datetime | None:
    """Up to which moment the last run that came to its end knew submissions; None for a first run."""
    moments = (run["known_at"] for run in earlier if run["outcome"] in SUCCESSFUL)
    return next((datetime.fromisoformat(moment) for moment in moments if moment), None)


def arrived(submissions: "pl.DataFrame", since: datetime | None) -> dict[str, Any]:
    """Counts of the submissions a run knows.

    Args:
        submissions: Rows of the ledger up to the moment of the run.
        since: As `known_before` tells.

    Returns:
        `files` in all, and of those that are new since then: `new`, `landed`, `rejected`, `repeated` (a file
        with the very content of an earlier one), `rows_read`, `rows_landed`, `rows_quarantined`; `unchanged`
        files are the others. `last_received_at` is UTC.
    """
    received = submissions["received_at"]
    is_new = received > _utc(since) if since else received.is_not_null()
    new, old = submissions.filter(is_new), submissions.filter(~is_new)
    contents = new["sha256"].unique()
    repeats = new.height - contents.is_in(old["sha256"].implode()).not_().sum()
    statuses = dict(new["status"].value_counts().iter_rows())
    last = received.max()
    return {
        "files": submissions.height,
        "new": new.height,
        "unchanged": old.height,
        "landed": statuses.get("landed", 0),
        "rejected": statuses.get("rejected", 0),
        "repeated": repeats,
        **{name: int(new[name].sum()) for name in ("rows_read", "rows_landed", "rows_quarantined")},
        "last_received_at": last.isoformat() if isinstance(last, datetime) else None,
    }


def reports_due(database: Path, as_of: date, since: datetime | None) -> dict[str, Any]:
    """How the reports of the last deadline stand, from the warehouse the run has built.

    Args:
        database: The warehouse file, with its marts.
        as_of: The day; a deadline on it has not passed.
        since: As `known_before` tells.

    Returns:
        `due_on` (None where no deadline has passed), `owed`, `received` and `missing` reports of that
        deadline; `ever` reports received for any; `late` ones received since.
    """
    import duckdb

    with duckdb.connect(str(database), read_only=True) as connection:
        found = connection.execute(
            """
            with owed as (
                select * from marts.reporting_compliance where state in ('on_time', 'late', 'missing')
            ),

            last as (select max(due_on) as due_on from owed where due_on < $as_of)

            select
                any_value(last.due_on),
                count(*) filter (owed.due_on = last.due_on),
                count(*) filter (owed.due_on = last.due_on and state <> 'missing'),
                count(*) filter (owed.due_on = last.due_on and state = 'missing'),
                count(*) filter (state <> 'missing'),
                count(*) filter (state = 'late' and received_at > $since)
            from last left join owed on true
            """,
            {"as_of": as_of, "since": _utc(since) if since else datetime.min},
        ).fetchone()
    names = ("due_on", "owed", "received", "missing", "ever", "late")
    told = dict(zip(names, found or (None, *[0] * (len(names) - 1)), strict=True))
    due_on = told["due_on"]
    return told | {"due_on": due_on.isoformat() if isinstance(due_on, date) else None}


def _utc(moment: datetime) -> datetime:
    """In UTC without zone, as the ledger keeps moments."""
    return moment.astimezone(UTC).replace(tzinfo=None)
