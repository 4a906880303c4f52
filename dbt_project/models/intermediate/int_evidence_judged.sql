{#-
    What each evidence was worth on each day tasks are judged: the verdict at the level its plan requires, as known
    then. A later line of the register does not wipe out an earlier verdict, so that 'invalid' in March followed by
    'valid' in April reads invalid at the end of March; a verdict on an earlier filing or another file does not count.
-#}
with versions as (

    select
        *,
        coalesce(
            filed_on,
            signed_on,
            min(least({{ local_day('submission_received_at') }}, verdict_on)) over (partition by scope_key)
        ) as filed_day
    from {{ ref('int_evidence_versioned') }}

),

documents as (

    select
        days.judged_on,
        days.is_current,
        versions.*
    from versions
    cross join {{ ref('int_task_days') }} as days
    qualify row_number() over (
        partition by days.judged_on, versions.scope_key
        order by case when versions.filed_day <= days.judged_on then 0 else 1 end, versions.version_number desc
    ) = 1

),

placed as (

    select
        documents.*,
        coalesce(plans.org_code, submissions.org_code) as org_code,
        units.province_code,
        coalesce(plans.level, nullif(units.org_level, 'agency')) as required_level,
        coalesce({{ level_order('plans.level') }}, {{ level_order('units.org_level') }}, 1) as required_order
    from documents
    inner join {{ ref('stg_submissions') }} as submissions on documents.submission_id = submissions.submission_id
    left join {{ ref('stg_plans') }} as plans on documents.plan_id = plans.plan_id
    left join {{ ref('int_units') }} as units
        on
            coalesce(plans.org_code, submissions.org_code) = units.unit_code
            and {{ as_of() }} between units.valid_from and units.valid_to

),

verdicts as (

    select
        placed.judged_on,
        placed.scope_key,
        versions.verdict,
        versions.verdict_level,
        {{ level_order('versions.verdict_level') }} as verdict_order,
        versions.verdict_on,
        versions.appraiser,
        versions.verdict_reason
    from placed
    inner join versions
        on
            placed.scope_key = versions.scope_key
            and placed.judged_on >= versions.verdict_on
            and placed.required_order <= {{ level_order('versions.verdict_level') }}
            and (placed.filed_day = versions.filed_day or placed.filed_day <= versions.verdict_on)
            and coalesce(placed.sha256 = versions.sha256, true)
    where versions.verdict in ('valid', 'invalid')
    qualify row_number() over (
        partition by placed.judged_on, placed.scope_key
        order by
            {{ level_order('versions.verdict_level') }} desc,
            versions.verdict_on desc,
            versions.version_number desc
    ) = 1

),

final as (

    select
        placed.judged_on,
        placed.is_current,
        placed.scope_key,
        placed.evidence_ref,
        placed.plan_id,
        placed.row_ref,
        placed.indicator_code,
        placed.province_code,
        placed.org_code,
        coalesce(placed.signed_on, placed.filed_day) as document_on,
        placed.filed_day as filed_on,
        placed.filed_day <= placed.judged_on as is_filed_by_day,
        placed.required_level,
        coalesce(verdicts.verdict, 'not_appraised') as verdict,
        verdicts.verdict_level,
        verdicts.verdict_order,
        verdicts.verdict_on,
        verdicts.appraiser,
        verdicts.verdict_reason,
        placed.origin_submission_id as submission_id
    from placed
    left join verdicts on placed.judged_on = verdicts.judged_on and placed.scope_key = verdicts.scope_key

)

select * from final
