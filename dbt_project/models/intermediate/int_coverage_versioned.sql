with rows_read as (

    select
        *,
        {{ scope_key(['org_code', 'period', 'operator']) }} as scope_key
    from {{ ref('stg_coverage') }}

),

versions as (

    select distinct
        rows_read.scope_key,
        submissions.submission_id,
        submissions.received_at
    from rows_read
    inner join {{ ref('stg_submissions') }} as submissions on rows_read.submission_id = submissions.submission_id

),

{{ row_versions('rows_read', 'versions') }}

select * from row_versions
