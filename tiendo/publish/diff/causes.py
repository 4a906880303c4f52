"""By which submission a number changed: its own one, those of its parts, corrections, withdrawals, decisions.

Where the releases name the submission it is certain; where only form, place and time fit it is called likely.
What neither explains is put down to what else differs between the releases, and never to a submission.
"""

from datetime import date

from tiendo.publish.diff.figures import FIGURE_TARGETS, TASK_TARGETS, differ
from tiendo.publish.diff.tables import Pair, Record

# What brought a change, told first; then what it took the place of.
ROLES = (
    "sent", "correction", "withdrawal", "withdrawal_likely", "withdrawn", "departed", "reinstated",
    "adjustment", "catalogue", "population", "other_period", "source",
)  # fmt: skip
# Submissions that are like the cause and are not named by the releases as such.
LIKELY = ("withdrawal_likely", "adjustment", "catalogue", "population", "other_period")

LEDGER_SQL = """
create temp table ledger as
select
    submission_id,
    coalesce(new.form, old.form) as form,
    coalesce(new.org_code, old.org_code) as org_code,
    coalesce(new.period, old.period) as period,
    coalesce(new.received_at, old.received_at) as received_at,
    coalesce(new.file_name, old.file_name) as file_name,
    coalesce(new.status, old.status) as status,
    case
        when old.form is null then 'arrived'
        when new.form is null then 'departed'
        when new.status = 'withdrawn' and old.status is distinct from 'withdrawn' then 'withdrawn'
        when new.status is distinct from old.status then 'restated'
        else 'kept'
    end as fate
from before.submissions as old
full outer join after.submissions as new using (submission_id)
"""
# A withdrawal is filed for the unit and period of what it withdraws; two of them cannot be told apart.
WITHDRAWALS_SQL = """
create temp table withdrawals as
select
    withdrawn.submission_id,
    sent.submission_id as withdrawal_id,
    case
        when count(*) over (partition by withdrawn.submission_id) = 1 then 'withdrawal'
        else 'withdrawal_likely'
    end as role
from ledger as withdrawn
inner join ledger as sent
    on withdrawn.org_code = sent.org_code and withdrawn.period is not distinct from sent.period
where withdrawn.fate = 'withdrawn' and sent.fate = 'arrived' and sent.form = 'withdrawal'
"""
CORRECTIONS_SQL = """
create temp table corrections as
select distinct cells.corrected_submission_id as submission_id, cells.submission_id as correction_id
from after.corrected_cells as cells
inner join ledger on cells.submission_id = ledger.submission_id
where ledger.fate = 'arrived' and cells.is_applied
"""
# What units gave, where it is only in one of the releases.
PARTS_SQL = """
{head}
select '{side}' as side, *
from (select {parts} from {side}.indicator_parts except select {parts} from {other}.indicator_parts)
"""
PARTS = (
    "province_code", "org_code", "indicator_code", "variant", "form", "period_end", "numerator",
    "denominator", "value", "maturity", "submission_id",
)  # fmt: skip
TOUCHED_SQL = """
create temp table touched as
with numbers as (

    select distinct
        number_id, kind, org_code, org_level, indicator_code, variant, period_end,
        case basis when 'year_to_date' then date_trunc('year', period_end) else period_start end as first_day,
        greatest(period_end, judged_on) as last_day
    from figure_rows
    left join after.dim_period using (period, period_end)

),

of_parts as (

    select numbers.number_id, parts.side, parts.submission_id, parts.form, parts.period_end
    from part_changes as parts
    inner join numbers
        on parts.indicator_code = numbers.indicator_code
        and parts.variant is not distinct from numbers.variant
        and case when numbers.org_level = 'province' then parts.province_code else parts.org_code end
            = numbers.org_code
        and parts.period_end between coalesce(numbers.first_day, numbers.period_end) and numbers.last_day

),

of_rows as (

    select number_id, side, submission_id, null as form, period_end
    from (
        select number_id, 'before' as side, before_submission_id as submission_id, period_end from figure_rows
        union all
        select number_id, 'after' as side, after_submission_id as submission_id, period_end from figure_rows
    )

)

select distinct * from (from of_parts union all from of_rows) where submission_id is not null
"""
CAUSES_SQL = """
create temp table causes as
select touched.number_id, touched.submission_id, 'sent' as role
from touched inner join ledger using (submission_id)
where ledger.fate = 'arrived' and touched.side = 'after'
union
select touched.number_id, touched.submission_id, 'reinstated'
from touched inner join ledger using (submission_id)
where ledger.fate = 'restated' and touched.side = 'after'
union
select touched.number_id, corrections.correction_id, 'correction'
from touched inner join corrections using (submission_id)
union
select touched.number_id, withdrawals.withdrawal_id, withdrawals.role
from touched inner join withdrawals using (submission_id)
union
select touched.number_id, touched.submission_id, fate
from touched inner join ledger using (submission_id)
where ledger.fate in ('withdrawn', 'departed') and touched.side = 'before'
union
-- A file that was known and counts again, because its successor went away.
select touched.number_id, touched.submission_id, 'reinstated'
from touched inner join ledger using (submission_id)
where
    ledger.fate = 'kept' and touched.side = 'after' and touched.period_end <= date '{as_of}'
    and (touched.number_id, touched.submission_id) not in (
        select (number_id, submission_id) from touched where side = 'before'
    )
    and touched.number_id in (
        select held.number_id
        from touched as held inner join ledger as gone using (submission_id)
        where gone.fate in ('withdrawn', 'departed')
    )
union
select figure_rows.number_id, ledger.submission_id, 'adjustment'
from figure_rows
inner join after.dim_plan using (plan_id)
inner join ledger on dim_plan.org_code = ledger.org_code
where
    (change = 'changed' and {is_retargeted} or kind in ('opened', 'closed'))
    and ledger.fate in ('arrived', 'withdrawn') and ledger.form in ('plan_adjustment', 'plan_targets')
union
select touched.number_id, ledger.submission_id, 'catalogue'
from touched
inner join figure_rows using (number_id)
inner join ledger on figure_rows.province_code = ledger.org_code
where
    touched.form = 'dossier' and ledger.form = 'procedure_catalogue'
    and ledger.fate in ('arrived', 'withdrawn')
"""
# A verdict or a forecast may follow from another period of the same indicator, where nothing else is found.
OTHER_PERIODS_SQL = """
insert into causes
select distinct figure_rows.number_id, causes.submission_id, 'other_period'
from figure_rows
inner join figure_rows as other
    on figure_rows.org_code = other.org_code and figure_rows.indicator_code = other.indicator_code
    and other.kind in ('revised', 'added', 'removed')
inner join causes on other.number_id = causes.number_id
where
    causes.role in ('sent', 'correction', 'withdrawal')
    and figure_rows.kind in ('reflagged', 'retargeted')
    and figure_rows.number_id not in (select number_id from causes)
"""
# Population out of the coverage forms weighs the units of every figure of the province.
POPULATION_SQL = """
insert into causes
select distinct figure_rows.number_id, ledger.submission_id, 'population'
from figure_rows
inner join ledger on ledger.form = 'coverage' and ledger.fate in ('arrived', 'withdrawn')
inner join after.dim_period on ledger.period = dim_period.period
inner join after.dim_org_unit as units on ledger.org_code = units.org_code and units.is_current
where
    list_contains(figure_rows.columns, 'coverage_share')
    and units.province_code = figure_rows.province_code
    and dim_period.period_end between date_trunc('year', figure_rows.period_end) and figure_rows.period_end
    and figure_rows.number_id not in (select number_id from causes)
"""
# New numbers out of files that were there before: the release speaks of a later day.
SOURCES_SQL = """
insert into causes
select distinct number_id, touched.submission_id, 'source'
from touched
inner join figure_rows using (number_id)
where kind = 'added' and side = 'after' and number_id not in (select number_id from causes)
"""
TASK_CAUSES_SQL = """
create temp table task_causes as
with named as (

    select number_id, after_submission_id as submission_id, before_submission_id as earlier_id from task_rows
    union
    select number_id, changes.after_submission_id, changes.before_submission_id
    from task_rows
    inner join changes_task_assignee_progress as changes
        on task_rows.plan_id = coalesce(changes.after_plan_id, changes.before_plan_id)
        and task_rows.row_ref = coalesce(changes.after_row_ref, changes.before_row_ref)
    union
    select number_id, changes.after_submission_id, changes.before_submission_id
    from task_rows
    inner join changes_evidence_register as changes
        on task_rows.plan_id = coalesce(changes.after_plan_id, changes.before_plan_id)
        and task_rows.row_ref = coalesce(changes.after_row_ref, changes.before_row_ref)

)

select number_id, submission_id, 'sent' as role
from named inner join ledger using (submission_id) where fate in ('arrived', 'restated')
union
select number_id, correction_id, 'correction' from named inner join corrections using (submission_id)
union
select number_id, withdrawal_id, role
from named inner join withdrawals on named.earlier_id = withdrawals.submission_id
union
select number_id, earlier_id, fate
from named inner join ledger on named.earlier_id = ledger.submission_id
where fate in ('withdrawn', 'departed')
union
select task_rows.number_id, ledger.submission_id, 'adjustment'
from task_rows
inner join after.dim_plan using (plan_id)
inner join ledger on dim_plan.org_code = ledger.org_code
where
    (change <> 'changed' or {is_retargeted})
    and ledger.fate in ('arrived', 'withdrawn') and ledger.form in ('plan_adjustment', 'plan_tasks')
"""


def keep_causes(pair: Pair, as_of_before: date) -> None:
    """Makes `ledger`, `causes` and `task_causes`; after `keep_figures` and `keep_tasks`.

    Args:
        pair: The releases; `corrected_cells`, `task_assignee_progress` and `evidence_register` are compared.
        as_of_before: Day the earlier release speaks of.
    """
    run = pair.connection.execute
    for sql in (LEDGER_SQL, WITHDRAWALS_SQL, CORRECTIONS_SQL):
        run(sql)
    parts = ", ".join(PARTS)
    run(PARTS_SQL.format(head="create temp table part_changes as", side="after", other="before", parts=parts))
    run(PARTS_SQL.format(head="insert into part_changes", side="before", other="after", parts=parts))
    run(TOUCHED_SQL)
    run(CAUSES_SQL.format(as_of=as_of_before, is_retargeted=differ(FIGURE_TARGETS)))
    run(OTHER_PERIODS_SQL)
    run(POPULATION_SQL)
    run(SOURCES_SQL)
    run(TASK_CAUSES_SQL.format(is_retargeted=differ(TASK_TARGETS)))


def read_causes(pair: Pair, table: str) -> dict[int, list[Record]]:
    """Causes of each number (`causes`) or task (`task_causes`), strongest role first, newest file first."""
    found: dict[int, list[Record]] = {}
    rows = pair.records(
        f"select number_id, role, submission_id, form, org_code, period, received_at"  # noqa: S608
        f" from {table} inner join ledger using (submission_id)"
        f" order by number_id, array_position({list(ROLES)}, role), received_at desc, submission_id"
    )
    for row in rows:
        number_id = row.pop("number_id")
        found.setdefault(number_id, []).append({**row, "is_likely": row["role"] in LIKELY})
    return found


def read_ledger(pair: Pair) -> list[Record]:
    """Submissions whose standing differs between the releases, in order of receipt."""
    return pair.records("select * from ledger where fate <> 'kept' order by received_at, submission_id")
