{#-
    How far each assignee is with each task, by its own report and evidence.

    A claim to be done holds in the cycle of the report, and evidence in the cycle of its document. Of several
    assignees each is proven only by the documents that its report names.
-#}
with claims as (

    select
        timelines.*,
        assignees.assignee_code,
        assignees.assignee_kind,
        assignees.assignee_name_vi,
        assignees.via_group_code,
        assignees.assignees_total,
        reports.state as reported_state,
        reports.period as reported_period,
        reports.period_end as reported_until,
        reports.percent_complete,
        reports.evidence_ref as reported_refs,
        reports.difficulty,
        reports.submission_id,
        reports.sheet,
        reports.row_number,
        coalesce(
            reports.state = 'done'
            and timelines.judged_on >= timelines.issued_on
            and coalesce(
                reports.period_end >= timelines.cycle_start_on and reports.period_start <= timelines.cycle_end_on, true
            ),
            false
        ) as is_claimed
    from {{ ref('int_task_assignees') }} as assignees
    inner join {{ ref('int_task_timelines') }} as timelines
        on
            assignees.judged_on = timelines.judged_on
            and assignees.plan_id = timelines.plan_id
            and assignees.row_ref = timelines.row_ref
    left join {{ ref('int_task_reports') }} as reports
        on
            assignees.judged_on = reports.judged_on
            and assignees.plan_id = reports.plan_id
            and assignees.row_ref = reports.row_ref
            and assignees.assignee_code = reports.assignee_code

),

filed as (

    select
        claims.judged_on,
        claims.plan_id,
        claims.row_ref,
        claims.assignee_code,
        evidence.evidence_ref,
        evidence.document_on,
        evidence.filed_on,
        evidence.verdict,
        evidence.verdict_on,
        row_number() over (
            partition by claims.judged_on, claims.plan_id, claims.row_ref, claims.assignee_code
            order by evidence.filed_on desc, evidence.evidence_ref asc, coalesce(evidence.indicator_code, '') asc
        ) as newest_first
    from claims
    inner join {{ ref('int_evidence_judged') }} as evidence
        on
            claims.judged_on = evidence.judged_on
            and claims.plan_id = evidence.plan_id
            and claims.row_ref = evidence.row_ref
            and evidence.is_filed_by_day
            and coalesce(evidence.document_on >= claims.cycle_start_on, true)
    where
        claims.assignees_total = 1
        or contains(
            concat_ws('', ';', replace(claims.reported_refs, ' ', ''), ';'),
            concat_ws('', ';', replace(evidence.evidence_ref, ' ', ''), ';')
        )

),

evidence as (

    select
        judged_on,
        plan_id,
        row_ref,
        assignee_code,
        {{ listed('evidence_ref') }} as evidence_refs,
        min(case when verdict = 'valid' then document_on end) as accepted_on,
        max(case when newest_first = 1 then evidence_ref end) as newest_ref,
        max(case when newest_first = 1 then verdict end) as newest_verdict,
        max(case when newest_first = 1 then filed_on end) as newest_filed_on,
        max(case when newest_first = 1 then verdict_on end) as newest_verdict_on
    from filed
    group by judged_on, plan_id, row_ref, assignee_code

),

proven as (

    select
        claims.*,
        evidence.evidence_refs,
        evidence.newest_ref,
        evidence.newest_filed_on,
        evidence.newest_verdict_on,
        case when evidence.accepted_on is not null then 'valid' else evidence.newest_verdict end as evidence_verdict,
        claims.is_claimed and evidence.accepted_on is not null as is_proven,
        case when claims.is_claimed then evidence.accepted_on end as proven_on,
        coalesce(
            claims.is_claimed and evidence.accepted_on is null and evidence.newest_verdict = 'invalid', false
        ) as is_refused,
        coalesce(
            claims.is_claimed
            and evidence.accepted_on is null
            and evidence.newest_verdict = 'not_appraised'
            and coalesce(evidence.newest_filed_on <= claims.due_on, true),
            false
        ) as is_pending_in_time
    from claims
    left join evidence
        on
            claims.judged_on = evidence.judged_on
            and claims.plan_id = evidence.plan_id
            and claims.row_ref = evidence.row_ref
            and claims.assignee_code = evidence.assignee_code

),

{{ task_verdict('proven') }}
