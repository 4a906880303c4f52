{#- Which extract speaks for which unit and month of receipt, nil reports included, and which of them came last. -#}
with submissions as (

    select * from {{ ref('stg_submissions') }}
    where form = 'dossier' and status = 'landed'

),

named_in_rows as (

    select
        unit_code,
        period,
        submission_id
    from {{ ref('int_dossier_scopes') }}
    where state_number is null

),

own_unit as (

    select
        org_code as unit_code,
        period,
        submission_id
    from submissions

),

covered as (

    select * from named_in_rows
    union
    select * from own_unit

),

final as (

    select
        covered.unit_code,
        covered.period,
        covered.submission_id,
        submissions.received_at,
        {{ scope_key(['covered.unit_code', 'covered.period']) }} as scope_key,
        row_number() over (
            partition by covered.unit_code, covered.period
            order by submissions.received_at, submissions.submission_id
        ) as version_number,
        count(*) over (partition by covered.unit_code, covered.period) as latest_version_number
    from covered
    inner join submissions on covered.submission_id = submissions.submission_id

)

select * from final
