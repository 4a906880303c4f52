"""Which numbers are not what they were in the release before, quickly enough for every night.

The kinds of change are those of `tiendo releases diff`, which compares every column of every table, finds the
cause of each change and takes seconds; here only what a number says is compared, and only what is listed has
its files looked up.
"""

from pathlib import Path
from typing import Any

from tiendo.publish.diff.figures import (
    FIGURE,
    FIGURE_FLAGS,
    FIGURE_TARGETS,
    KINDS,
    NUMBER,
    TASK,
    TASK_FLAGS,
    TASK_TARGETS,
    differ,
)
from tiendo.quoting import sql_text
from tiendo.report.site.data import SiteData

Row = dict[str, Any]

# What a reader asks about first: a number that was published and is another one.
IMPORTANT = ("revised", "removed", "retargeted", "reflagged", "closed", "opened", "added")
FIGURES_LISTED = 60
ROW = ("plan_id", "row_ref")
FIGURE_VALUES = (*FIGURE, *FIGURE_TARGETS, *FIGURE_FLAGS)
TASK_VALUES = (*TASK, *TASK_TARGETS, *TASK_FLAGS)
COMPARED = {
    "indicator_progress": (
        *NUMBER, *ROW, "is_primary", "is_inherited_target", *FIGURE_VALUES,
        "submission_id",
    ),
    "task_progress": (*ROW, "province_code", "title_vi", *TASK_VALUES),
    "submissions": ("submission_id", "form", "org_code", "period", "received_at", "file_name", "status"),
    "indicator_parts": (
        "province_code", "org_code", "indicator_code", "variant", "period_end", "submission_id",
    ),
}  # fmt: skip

FIGURES_SQL = """
create or replace temp table figure_changes as
with both_sides as (

    select
        before.org_code is null as is_new, after.org_code is null as is_gone, {keys},
        coalesce(after.is_primary, before.is_primary) as is_primary,
        coalesce(after.is_inherited_target, before.is_inherited_target) as is_inherited_target,
        {twice}, after.submission_id
    from before_indicator_progress as before
    full outer join indicator_progress as after on {same_row}
    where before.org_code is null or after.org_code is null or {differs}

),

-- A row that is new under a plan may judge a number that was there before.
numbers_before as (
    select distinct on ({number}) {number}, {figure} from before_indicator_progress
    where actual is not null order by {number}, {figure}
),

numbers_after as (
    select distinct on ({number}) {number}, {figure} from indicator_progress
    where actual is not null order by {number}, {figure}
),

known as (
    select both_sides.*, {known}
    from both_sides
    left join numbers_before on is_new and {same_before}
    left join numbers_after on is_gone and {same_after}
),

of_a_kind as (
    select *, case
        when was_actual is null and is_actual is not null then 'added'
        when was_actual is not null and is_actual is null then 'removed'
        when was_actual is not null and {is_revised} then 'revised'
        when is_new then 'opened'
        when is_gone then 'closed'
        when {is_retargeted} then 'retargeted'
        when {is_reflagged} then 'reflagged'
    end as kind
    from known
)

select * from of_a_kind
where kind is not null
qualify row_number() over (
    partition by {number}
    order by array_position({kinds}, kind), is_primary desc nulls last, is_inherited_target nulls last,
        plan_id nulls last, row_ref nulls last
) = 1
"""
COUNTS_SQL = "select province_code, kind, count(*) as numbers from figure_changes group by all"
# The province itself before its units; the largest revision, as a share of the target, first.
LISTED_SQL = """
create or replace temp table listed_changes as
select
    row_number() over (order by province_code, place_order) as number_id, *
from (
    select
        changes.*, names.indicator_name_vi, names.indicator_name_en, names.unit, places.org_name_vi,
        row_number() over (
            partition by changes.province_code
            order by
                array_position({important}, changes.kind), places.org_level <> 'province',
                coalesce(abs(is_actual - was_actual)
                    / nullif(coalesce(abs(new_target), greatest(abs(is_actual), abs(was_actual))), 0),
                0) desc,
                period_end desc, changes.org_code, indicator_code, variant, basis, period
        ) as place_order
    from figure_changes as changes
    left join dim_indicator as names using (indicator_code)
    left join dim_org_unit as places
        on changes.org_code = places.org_code and changes.org_valid_from = places.valid_from
)
where place_order <= {most}
"""
CAUSES_SQL = """
with parts as (
    select parts.*
    from indicator_parts as parts
    anti join before_submissions using (submission_id)
    union all by name
    select parts.*
    from before_indicator_parts as parts
    inner join before_submissions using (submission_id)
    left join submissions as now using (submission_id)
    where before_submissions.status = 'landed' and now.status is distinct from 'landed'
)

select distinct number_id, submission_id
from (
    select number_id, submission_id from listed_changes anti join before_submissions using (submission_id)
    union all
    select changes.number_id, parts.submission_id
    from listed_changes as changes
    left join dim_period using (period)
    inner join parts
        on changes.indicator_code = parts.indicator_code
        and changes.variant is not distinct from parts.variant
        and (changes.org_code = parts.org_code or changes.org_code = parts.province_code)
        and parts.period_end between
            case changes.basis
                when 'year_to_date' then date_trunc('year', changes.period_end)
                else coalesce(dim_period.period_start, changes.period_end)
            end
            and changes.period_end
)
where submission_id is not null
order by number_id, submission_id
"""


def lay_before(site: SiteData, previous: Path) -> bool:
    """Lays views `before_<table>` over the release before; False where it is too old to compare."""
    for table, columns in COMPARED.items():
        file = previous / f"{table}.parquet"
        if not file.is_file():
            return False
        # A prepared statement cannot make a view.
        site.connection.execute(
            f"create or replace view before_{table} as from read_parquet({sql_text(str(file))})"
        )
        described = {row["column_name"] for row in site.rows(f"describe before_{table}")}
        if not described.issuperset(columns):
            return False
    return True


def changed_figures(site: SiteData) -> tuple[list[Row], list[Row]]:
    """Counts by province and kind, and the most important numbers, each with the files behind it."""
    run = site.connection.execute
    run(
        FIGURES_SQL.format(
            number=", ".join(NUMBER),
            figure=", ".join(FIGURE),
            keys=", ".join(f"coalesce(after.{c}, before.{c}) as {c}" for c in (*NUMBER, *ROW)),
            twice=", ".join(f"before.{c} as old_{c}, after.{c} as new_{c}" for c in FIGURE_VALUES),
            same_row=same("before", "after", (*NUMBER, *ROW)),
            same_before=same("both_sides", "numbers_before", NUMBER),
            same_after=same("both_sides", "numbers_after", NUMBER),
            differs=differing(FIGURE_VALUES),
            known=", ".join(
                f"case when is_new then numbers_before.{c} else old_{c} end as was_{c},"
                f" case when is_gone then numbers_after.{c} else new_{c} end as is_{c}"
                for c in FIGURE
            ),
            is_revised=differ(FIGURE, "was", "is"),
            is_retargeted=differ(FIGURE_TARGETS, "old", "new"),
            is_reflagged=differ(FIGURE_FLAGS, "old", "new"),
            kinds=list(KINDS),
        )
    )
    run(LISTED_SQL.format(important=list(IMPORTANT), most=FIGURES_LISTED))
    files: dict[int, list[str]] = {}
    for row in site.rows(CAUSES_SQL):
        files.setdefault(row["number_id"], []).append(row["submission_id"])
    listed = site.rows("select * from listed_changes order by number_id")
    return site.rows(COUNTS_SQL), [{**row, "files": files.get(row["number_id"], [])} for row in listed]


def same(left: str, right: str, columns: tuple[str, ...]) -> str:
    """SQL that is true where all of the columns have the same value."""
    return " and ".join(f"{left}.{c} is not distinct from {right}.{c}" for c in columns)


def differing(columns: tuple[str, ...]) -> str:
    """SQL that is true where one of the columns of `before` and `after` has another value."""
    return "(" + " or ".join(f"before.{c} is distinct from after.{c}" for c in columns) + ")"
