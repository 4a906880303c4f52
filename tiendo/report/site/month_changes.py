"""What changed in the last complete month: each counted target row now against the end of the month before.

Months, quarters and years mix: a row is compared with its own newest period that had ended by then, as the
release of that day would have shown it, with what is known today.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from tiendo.report.site.data import SiteData
from tiendo.report.site.standing import Record, Standing, Target, severity, statement, target_of

# The order in which a leader asks.
KINDS = ("worse", "gone", "better", "new")
# `before`: chosen among the periods up to that day as `indicator_latest` chooses among all.
# `missing`: the first period after the newest figure for which none was received.
PAST_SQL = """
{latest},

rows_of_targets as (

    select
        progress.*,
        latest.period_kind as newest_kind, latest.period_end as newest_end,
        status.label_vi, status.label_en, indicators.frequency
    from indicator_progress as progress
    inner join latest
        on
            progress.org_code = latest.org_code and progress.org_valid_from = latest.org_valid_from
            and progress.indicator_code = latest.indicator_code and progress.plan_id = latest.plan_id
            and progress.row_ref = latest.row_ref
    inner join dim_status as status on progress.status = status.status
    inner join dim_indicator as indicators on progress.indicator_code = indicators.indicator_code

),

before as (

    select *, 'before' as role
    from rows_of_targets as progress
    where period_end <= $before_on
    qualify row_number() over (
        partition by {keys}
        order by actual is null, period_end desc, period_kind <> frequency, period
    ) = 1

),

missing as (

    select *, 'missing' as role
    from rows_of_targets as progress
    where actual is null and period_kind = newest_kind and period_end > newest_end
    qualify row_number() over (partition by {keys} order by period_end) = 1

)

select * from before
union all
select * from missing
"""


@dataclass(frozen=True)
class Change:
    """A counted row whose verdict is another than a month ago.

    Attributes:
        kind: One of `KINDS`.
        row: The counted row.
        now: What stands now: that row, or the period for which nothing was received.
        before: What stood at the end of the month before; None where the row had no period yet.
    """

    kind: str
    row: Record
    now: Record
    before: Record | None


@dataclass(frozen=True)
class Month:
    """What the last complete month brought to one place.

    Attributes:
        changes: What got worse first.
        counts: Changes by kind, all of `KINDS`.
        unchanged: Counted rows with a new figure and as good or bad a verdict as before.
        waiting: Counted rows without a new figure, such as those of a quarter.
    """

    changes: Sequence[Change]
    counts: dict[str, int]
    unchanged: int
    waiting: int


def compared_days(as_of: date) -> tuple[date, date]:
    """The end of the last complete month on a day, and the end of the month before it."""
    month_end = _month_end_before(as_of + timedelta(days=1))
    return month_end, _month_end_before(month_end)


def read_months(site: SiteData, standings: Sequence[Standing]) -> dict[str, Month]:
    """What the last complete month brought, by place."""
    _, before_on = compared_days(site.facts.as_of)
    past: dict[str, dict[Target, Record]] = {"before": {}, "missing": {}}
    for row in site.rows(statement(PAST_SQL), before_on=before_on):
        past[row["role"]][target_of(row)] = row
    return {
        standing.subject.org_code: _month(standing.rows, past["before"], past["missing"], before_on)
        for standing in standings
    }


def _month(
    rows: Sequence[Record], before: Mapping[Target, Record], missing: Mapping[Target, Record], before_on: date
) -> Month:
    changes: list[Change] = []
    unchanged = 0
    for row in rows:
        then, gap = before.get(target_of(row)), missing.get(target_of(row))
        # A gap that was there a month ago is no change.
        now = gap if gap and gap["period_end"] > before_on else row
        if kind := kind_of(then, now):
            changes.append(Change(kind, row, now, then))
        elif now["actual"] is not None and (then is None or then["period"] != now["period"]):
            unchanged += 1
    counts = Counter(change.kind for change in changes)
    return Month(
        sorted(changes, key=lambda change: KINDS.index(change.kind)),
        {kind: counts[kind] for kind in KINDS},
        unchanged,
        len(rows) - len(changes) - unchanged,
    )


def kind_of(before: Record | None, now: Record) -> str | None:
    """How a row changed.

    Args:
        before: `period`, `status`, `colour` at the end of the month before; None where it had no period yet.
        now: The same now.

    Returns:
        One of `KINDS`; None where the period is the same, the verdict equally bad, or there was and is none.
        From one green to another only reaching the target is a change: a new year begins with a new target.
    """
    if before and before["period"] == now["period"]:
        return None
    was, is_now = severity(before) if before else -1, severity(now)
    if was < 0 or is_now < 0:
        return None if was == is_now else ("new" if was < 0 else "gone")
    if was != is_now:
        return "worse" if is_now > was else "better"
    return "better" if before and now["status"] == "achieved" != before["status"] else None


def _month_end_before(day: date) -> date:
    return day.replace(day=1) - timedelta(days=1)
