"""Where each indicator of a place stands at the end of a month, and what changed since the month before.

Both months are judged by one release: what differs is what happened, never what was learnt in between.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from tiendo.publish.query import literal
from tiendo.report.monthly.reading import Row, rows_of
from tiendo.report.monthly.scope import Scope, Subject

# The newest judged period of each target row up to a day, as `indicator_latest` has it up to the release's;
# of the rows of an indicator the primary one, as `tiendo status` counts.
STANDING_SQL = """
with newest as (

    select progress.*
    from indicator_progress as progress
    inner join dim_org_unit as places
        on progress.org_code = places.org_code
        and progress.org_valid_from = places.valid_from
        and places.is_current
    inner join dim_indicator as indicators on progress.indicator_code = indicators.indicator_code
    where {which} and progress.period_end <= {until}
    qualify row_number() over (
        partition by progress.org_code, progress.indicator_code, progress.plan_id, progress.row_ref
        order by
            case when progress.actual is null then 1 else 0 end,
            progress.period_end desc,
            case when progress.period_kind = indicators.frequency then 0 else 1 end,
            progress.period
    ) = 1

),

standing as (

    select *
    from newest
    qualify row_number() over (
        partition by org_code, indicator_code
        order by is_primary desc, period_end desc, milestone_on desc, plan_id desc, row_ref
    ) = 1

),

answerable as (

    select
        plan_id, row_ref,
        string_agg(coalesce(agencies.short_name, named.name_raw), '; ' order by name_order) as agencies_vi,
        string_agg(named.agency_code, ';' order by name_order) as agency_codes
    from target_agencies as named
    left join dim_agency as agencies using (agency_code)
    where is_answerable
    group by plan_id, row_ref

)

select
    standing.*, indicators.theme_vi, statuses.label_vi, statuses.status_order, plans.plan_number,
    answerable.agencies_vi, answerable.agency_codes
from standing
inner join dim_indicator as indicators using (indicator_code)
inner join dim_status as statuses using (status)
left join dim_plan as plans using (plan_id)
left join answerable using (plan_id, row_ref)
order by standing.org_code, standing.theme, standing.indicator_code
"""
OWN = "progress.org_code = {place} and plan_id is not null and not is_inherited_target"
OF_COMMUNES = """progress.province_code = {place} and progress.org_level = 'commune'
    and (plan_id is not null or actual is not null)"""

SEVERITY = {"green": 0, "yellow": 1, "red": 2}
# In the order in which they matter to who has to act.
FURTHEST_BEHIND = {"missed": 0, "deteriorating": 1, "off_track": 2, "at_risk": 3}
CHANGES = {
    "worsened": "Xấu đi",
    "improved": "Tốt lên",
    "judged": "Có đánh giá trở lại",
    "unjudged": "Không còn đánh giá được",
    "new": "Mới theo dõi",
    "same": "Không đổi",
}


def standings(scope: Scope, subject: Subject, until: date) -> list[Row]:
    """One row per indicator of a place with a target of its own, as of the end of a month."""
    which = OWN.format(place=literal(subject.org_code))
    return rows_of(scope.release, STANDING_SQL.format(which=which, until=literal(until)))


def communes(scope: Scope, subject: Subject) -> list[Row]:
    """One row per commune and indicator with a figure or a target of the province; none for a commune."""
    if subject.org_level != "province":
        return []
    which = OF_COMMUNES.format(place=literal(subject.org_code))
    return rows_of(scope.release, STANDING_SQL.format(which=which, until=literal(scope.ends_on)))


def compared(now: Sequence[Row], before: Sequence[Row]) -> list[Row]:
    """The rows of this month with `previous`, the row of the month before or None, and `change`."""
    known = {row["indicator_code"]: row for row in before}
    found: list[Row] = []
    for row in now:
        previous = known.get(row["indicator_code"])
        found.append({**row, "previous": previous, "change": change(row, previous)})
    return found


def change(row: Mapping[str, Any], previous: Mapping[str, Any] | None) -> str:
    """What became of an indicator, by the colours leaders speak of: a key of `CHANGES`."""
    if previous is None:
        return "new"
    now, before = SEVERITY.get(row["colour"]), SEVERITY.get(previous["colour"])
    if now is None or before is None:
        return "same" if now == before else "unjudged" if now is None else "judged"
    return "improved" if now < before else "worsened" if now > before else "same"


def behind(rows: Sequence[Row]) -> list[Row]:
    """The indicators that are red or yellow, furthest behind first."""
    found = [row for row in rows if row["status"] in FURTHEST_BEHIND]
    return sorted(
        found,
        key=lambda row: (
            FURTHEST_BEHIND[row["status"]],
            row["schedule_ratio"] is None,
            row["schedule_ratio"] or 0.0,
            row["indicator_code"],
        ),
    )


def by_status(now: Sequence[Row], before: Sequence[Row]) -> list[Row]:
    """How many indicators have each status at the end of both months, in the order of the closed list."""
    here, there = Counter(row["status"] for row in now), Counter(row["status"] for row in before)
    words = {row["status"]: row for row in (*before, *now)}
    return [
        {
            "status": status,
            "colour": row["colour"],
            "label": row["label_vi"],
            "now": here[status],
            "before": there[status],
            "difference": here[status] - there[status],
        }
        for status, row in sorted(words.items(), key=lambda item: item[1]["status_order"])
    ]


def by_theme(rows: Sequence[Row]) -> list[Row]:
    """How many indicators of each theme are green, yellow, red and grey."""
    counts: dict[str, Counter[str]] = {}
    for row in rows:
        counts.setdefault(row["theme_vi"], Counter())[row["colour"]] += 1
    colours = ("green", "yellow", "red", "grey")
    return [
        {"theme": theme, **{colour: found[colour] for colour in colours}, "total": found.total()}
        for theme, found in counts.items()
    ]
