"""What had arrived when a run took place, counted for its record.

Counted from the ledger and not from what the run itself landed: a file handed in with `tiendo submit` is
landed before the nightly run begins, and is new to it all the same.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiendo import limits
from tiendo.runs import SUCCESSFUL
from tiendo.settings import as_in_ledger

if TYPE_CHECKING:
    import polars as pl

# Deadlines are not moved for holidays: of the nine days of Tết at most five working days later are lost.
GRACE = timedelta(days=5)
# A deadline further back is that of an obligation that has ended, or has been told for long enough.
TOLD = timedelta(days=45)
COMPARED, FEWEST = 6, 3
LATE = """
select count(distinct submission_id) from marts.reporting_compliance
where state = 'late' and received_at > $since
"""
DUE = """
with by_deadline as (
    select
        obligation_code as obligation,
        due_on,
        count(*) as owed,
        count(*) filter (state <> 'missing') as received,
        row_number() over (partition by obligation_code order by due_on desc) as place
    from marts.reporting_compliance
    where state in ('on_time', 'late', 'missing') and due_on < $as_of - to_days($grace)
    group by obligation_code, due_on
)

select
    last.obligation,
    last.due_on,
    last.owed,
    last.received,
    coalesce(case when count(earlier.due_on) >= $fewest then median(earlier.received / earlier.owed) end, 0)
        as usual_share
from by_deadline as last
left join by_deadline as earlier
    on last.obligation = earlier.obligation and earlier.place between 2 and $compared + 1
where last.place = 1 and last.due_on >= $as_of - to_days($told)
group by all
order by last.obligation
"""


def known_before(earlier: Iterable[Mapping[str, Any]]) -> datetime | None:
    """Up to which moment runs that came to their end knew submissions; None for a first run.

    The latest moment and not that of the last run, which may have made an old report again.
    """
    moments = (run["known_at"] for run in earlier if run["outcome"] in SUCCESSFUL)
    return max((datetime.fromisoformat(moment) for moment in moments if moment), default=None)


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
    is_new = received > as_in_ledger(since) if since else received.is_not_null()
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
    """How the reports stand, from the warehouse that a run has built.

    Args:
        database: The warehouse file, with its marts.
        as_of: The day.
        since: As `known_before` tells.

    Returns:
        `late`: late reports received since; `missing`: overdue ones of the last deadlines. `due`: for each
        obligation its last deadline between `GRACE` and `TOLD` ago, with `obligation`, `due_on`, `owed`,
        `received` and `usual_share`, the median share of reports received of the `COMPARED` deadlines
        before it, 0 where they are fewer than `FEWEST`.
    """
    arguments = {
        "as_of": as_of,
        "since": as_in_ledger(since) if since else datetime.min,
        "grace": GRACE.days,
        "told": TOLD.days,
        "compared": COMPARED,
        "fewest": FEWEST,
    }
    with limits.connect(database, "publish", read_only=True) as connection:
        late = connection.execute(LATE, {"since": arguments.pop("since")}).fetchone() or (0,)
        due = connection.execute(DUE, arguments).fetchall()
    names = ("obligation", "due_on", "owed", "received", "usual_share")
    listed = [dict(zip(names, row, strict=True)) | {"due_on": row[1].isoformat()} for row in due]
    missing = sum(row["owed"] - row["received"] for row in listed)
    return {"late": late[0], "missing": missing, "due": listed}
