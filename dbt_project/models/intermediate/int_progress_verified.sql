{#-
    Whether accepted evidence proves the figure of a row, for indicators that require it.

    Evidence proves a figure whose report names it, a plan row it names, or the indicator it names in the same
    plan or, where it names no plan, in the place that filed it. In the last three cases it must be dated
    between the start of the path (of the year, for what counts anew each year) and the end of the row's year.
    A verdict counts from the level of the plan up.
-#}
with rows_to_prove as (

    select
        judged.org_code,
        judged.valid_from,
        judged.indicator_code,
        judged.plan_id,
        judged.row_ref,
        judged.period,
        judged.evidence_ref,
        case
            when judged.pace in ('cumulative', 'flow') or judged.path_start_on is null
                then {{ previous_year_end('judged.judged_on') }}
            else judged.path_start_on
        end as dated_after,
        {{ year_end('judged.judged_on') }} as dated_until,
        places.province_code,
        coalesce({{ level_order('plans.level') }}, {{ level_order('places.org_level') }}) as required_order
    from {{ ref('int_progress_judged') }} as judged
    inner join {{ ref('stg_indicators') }} as indicators
        on judged.indicator_code = indicators.indicator_code and indicators.evidence_required
    inner join {{ ref('int_places') }} as places
        on judged.org_code = places.org_code and judged.valid_from = places.valid_from
    left join {{ ref('stg_plans') }} as plans on judged.plan_id = plans.plan_id

),

named_by_report as (

    select rows_to_prove.*
    from rows_to_prove
    inner join {{ ref('int_evidence_accepted') }} as evidence
        on
            rows_to_prove.evidence_ref = evidence.evidence_ref
            and rows_to_prove.province_code = evidence.province_code
            and rows_to_prove.required_order <= evidence.verdict_order

),

names_the_row as (

    select rows_to_prove.*
    from rows_to_prove
    inner join {{ ref('int_evidence_accepted') }} as evidence
        on
            rows_to_prove.plan_id = evidence.plan_id
            and rows_to_prove.row_ref = evidence.row_ref
            and rows_to_prove.required_order <= evidence.verdict_order
            and evidence.document_on > rows_to_prove.dated_after
            and evidence.document_on <= rows_to_prove.dated_until
    where rows_to_prove.indicator_code = coalesce(evidence.indicator_code, rows_to_prove.indicator_code)

),

names_the_indicator as (

    select rows_to_prove.*
    from rows_to_prove
    inner join {{ ref('int_evidence_accepted') }} as evidence
        on
            rows_to_prove.indicator_code = evidence.indicator_code
            and evidence.row_ref is null
            and rows_to_prove.required_order <= evidence.verdict_order
            and evidence.document_on > rows_to_prove.dated_after
            and evidence.document_on <= rows_to_prove.dated_until
    where
        rows_to_prove.plan_id = evidence.plan_id
        or (evidence.plan_id is null and rows_to_prove.org_code = evidence.org_code)

),

proven as (

    select * from named_by_report
    union
    select * from names_the_row
    union
    select * from names_the_indicator

),

final as (

    select
        rows_to_prove.org_code,
        rows_to_prove.valid_from,
        rows_to_prove.indicator_code,
        rows_to_prove.plan_id,
        rows_to_prove.row_ref,
        rows_to_prove.period,
        proven.org_code is not null as is_verified
    from rows_to_prove
    left join proven
        on
            rows_to_prove.org_code = proven.org_code
            and rows_to_prove.valid_from = proven.valid_from
            and rows_to_prove.indicator_code = proven.indicator_code
            and rows_to_prove.period = proven.period
            and coalesce(rows_to_prove.plan_id, '') = coalesce(proven.plan_id, '')
            and coalesce(rows_to_prove.row_ref, '') = coalesce(proven.row_ref, '')

)

select * from final
