"""Which tasks and files are not what they were in the release before, over the views of `changed`."""

from tiendo.publish.diff.figures import TASK, TASK_FLAGS, TASK_TARGETS
from tiendo.report.site.changed import IMPORTANT, Row, differing
from tiendo.report.site.data import SiteData

TASKS_LISTED = 100
TASKS_SQL = """
select
    coalesce(after.plan_id, before.plan_id) as plan_id, coalesce(after.row_ref, before.row_ref) as row_ref,
    coalesce(after.province_code, before.province_code) as province_code,
    coalesce(after.title_vi, before.title_vi) as title_vi,
    before.state as old_state, after.state as new_state, before.due_on as old_due_on,
    after.due_on as new_due_on, before.percent_complete as old_percent, after.percent_complete as new_percent,
    case
        when before.plan_id is null then 'added'
        when after.plan_id is null then 'removed'
        when {is_revised} then 'revised'
        when {is_retargeted} then 'retargeted'
        else 'reflagged'
    end as kind
from before_task_progress as before
full outer join task_progress as after on before.plan_id = after.plan_id and before.row_ref = after.row_ref
where before.plan_id is null or after.plan_id is null or {is_revised} or {is_retargeted} or {is_reflagged}
order by
    province_code, old_state is not distinct from new_state, array_position({important}, kind), plan_id,
    row_ref
"""
FILES_SQL = """
select
    submission_id, coalesce(after.form, before.form) as form, coalesce(after.org_code, before.org_code)
        as org_code,
    coalesce(after.period, before.period) as period,
    coalesce(after.received_at, before.received_at) as received_at,
    coalesce(after.file_name, before.file_name) as file_name,
    case
        when before.form is null then 'arrived'
        when after.form is null then 'departed'
        when after.status = 'withdrawn' then 'withdrawn'
        else 'restated'
    end as fate
from before_submissions as before
full outer join submissions as after using (submission_id)
where before.form is null or after.form is null or before.status is distinct from after.status
order by received_at desc, submission_id
"""


def changed_tasks(site: SiteData) -> list[Row]:
    """Tasks that differ; those whose state changed first."""
    return site.rows(
        TASKS_SQL.format(
            is_revised=differing(TASK),
            is_retargeted=differing(TASK_TARGETS),
            is_reflagged=differing(TASK_FLAGS),
            important=list(IMPORTANT),
        )
    )


def changed_files(site: SiteData) -> list[Row]:
    """Submissions that arrived, were withdrawn, are not known any more or stand otherwise, newest first."""
    return site.rows(FILES_SQL)
