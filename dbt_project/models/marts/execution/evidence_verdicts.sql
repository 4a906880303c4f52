{#- Every verdict ever given on evidence, by level, up to as_of: also those that another one has overtaken. -#}
with verdicts as (

    select
        *,
        min(submission_received_at) over (partition by scope_key, verdict_level, verdict_on, verdict) as known_from
    from {{ ref('int_evidence_versioned') }}
    where verdict in ('valid', 'invalid') and verdict_on <= {{ as_of() }}
    qualify row_number() over (
        partition by scope_key, verdict_level, verdict_on, verdict
        order by version_number desc
    ) = 1

),

final as (

    select
        verdicts.evidence_ref,
        verdicts.plan_id,
        verdicts.row_ref,
        verdicts.indicator_code,
        verdicts.verdict_level,
        verdicts.verdict_on,
        verdicts.verdict,
        verdicts.appraiser,
        verdicts.verdict_reason,
        verdicts.origin_submission_id as submission_id,
        verdicts.known_from,
        row_number() over (
            partition by verdicts.scope_key, verdicts.verdict_level
            order by verdicts.verdict_on desc, verdicts.version_number desc
        ) = 1 as is_current,
        judged.scope_key is not null as is_decisive
    from verdicts
    left join {{ ref('int_evidence_judged') }} as judged
        on
            verdicts.scope_key = judged.scope_key
            and verdicts.verdict_level = judged.verdict_level
            and verdicts.verdict_on = judged.verdict_on
            and verdicts.verdict = judged.verdict
            and judged.is_current

)

select * from final
