{#- Evidence in force that was judged valid by as_of: what it proves, where, since when, and at which level. -#}
select
    evidence.evidence_ref,
    evidence.plan_id,
    evidence.row_ref,
    evidence.indicator_code,
    coalesce(plans.org_code, submissions.org_code) as org_code,
    units.province_code,
    coalesce(evidence.signed_on, evidence.filed_on, evidence.verdict_on) as document_on,
    {{ level_order('evidence.verdict_level') }} as verdict_order
from {{ ref('int_evidence_versioned') }} as evidence
inner join {{ ref('stg_submissions') }} as submissions on evidence.submission_id = submissions.submission_id
left join {{ ref('stg_plans') }} as plans on evidence.plan_id = plans.plan_id
left join {{ ref('int_units') }} as units
    on
        coalesce(plans.org_code, submissions.org_code) = units.unit_code
        and {{ as_of() }} between units.valid_from and units.valid_to
where
    evidence.is_in_force
    and evidence.verdict = 'valid'
    and evidence.verdict_on <= {{ as_of() }}
