{#-
    How good what was sent is, by the six words: per submission, and per sender and period. A view, since what the checks at
    the gate find is known only after the models have run. The formula is in docs/quality-scores.md.
-#}
{{ config(materialized='view') }}

with parts as (

    select * from {{ ref('int_quality_score_parts') }}

),

dimensions as (

    select * from {{ ref('quality_dimensions') }}

),

checks as (

    select
        check_id,
        {#- A form called like a table of the registry is landed under another name. #}
        replace(table_name, 'submitted_', '') as form,
        dimension
    from {{ ref('quality_checks') }}
    where layer = 'raw' and dimension <> 'timely'

),

checked_forms as (

    select distinct
        form,
        dimension
    from checks

),

failures as (

    select
        failures.submission_id,
        checks.dimension,
        sum(failures.rows_failed) as row_count
    from {{ source('raw', 'check_failures') }} as failures
    inner join checks on failures.check_id = checks.check_id
    group by failures.submission_id, checks.dimension

),

of_submissions as (

    select
        parts.submission_id,
        parts.form,
        parts.org_code,
        parts.period,
        parts.status,
        parts.dimension,
        parts.counted,
        parts.rows_checked,
        parts.rows_quarantined,
        coalesce(failures.row_count, 0) as rows_failed_in_checks,
        parts.rows_in_findings,
        least(
            parts.rows_checked,
            parts.rows_quarantined + coalesce(failures.row_count, 0) + parts.rows_in_findings
        ) as rows_failed,
        parts.status = 'landed'
        and parts.rows_checked > 0
        and (parts.is_judged or checked_forms.dimension is not null) as is_scored
    from parts
    left join checked_forms on parts.form = checked_forms.form and parts.dimension = checked_forms.dimension
    left join failures on parts.submission_id = failures.submission_id and parts.dimension = failures.dimension

),

of_senders as (

    {#- A sender's reports are counted from what it owes: one that never came is in no submission. -#}
    select
        org_code,
        period,
        dimension,
        rows_checked,
        rows_quarantined,
        rows_failed_in_checks,
        rows_in_findings,
        rows_failed,
        is_scored
    from of_submissions
    where status = 'landed' and dimension <> 'timely'
    union all
    select
        reporter_code as org_code,
        period,
        'timely' as dimension,
        1 as rows_checked,
        0 as rows_quarantined,
        0 as rows_failed_in_checks,
        case when state = 'on_time' then 0 else 1 end as rows_in_findings,
        case when state = 'on_time' then 0 else 1 end as rows_failed,
        true as is_scored
    from {{ ref('reporting_compliance') }}
    where state in ('on_time', 'late', 'missing')

),

senders as (

    select distinct
        org_code,
        period
    from of_senders

),

summed as (

    select
        senders.org_code,
        senders.period,
        dimensions.dimension,
        case when dimensions.dimension = 'timely' then 'reports' else 'rows' end as counted,
        sum(case when parts.is_scored then parts.rows_checked end) as rows_checked,
        sum(case when parts.is_scored then parts.rows_quarantined end) as rows_quarantined,
        sum(case when parts.is_scored then parts.rows_failed_in_checks end) as rows_failed_in_checks,
        sum(case when parts.is_scored then parts.rows_in_findings end) as rows_in_findings,
        sum(case when parts.is_scored then parts.rows_failed end) as rows_failed,
        count(parts.org_code) as part_count
    from senders
    cross join dimensions
    left join of_senders as parts
        on
            senders.org_code = parts.org_code
            and senders.period = parts.period
            and dimensions.dimension = parts.dimension
    group by senders.org_code, senders.period, dimensions.dimension

),

unioned as (

    select
        'submission' as subject_kind,
        submission_id as subject_code,
        submission_id,
        form,
        org_code,
        period,
        dimension,
        counted,
        case when is_scored then rows_checked end as rows_checked,
        case when is_scored then rows_quarantined end as rows_quarantined,
        case when is_scored then rows_failed_in_checks end as rows_failed_in_checks,
        case when is_scored then rows_in_findings end as rows_in_findings,
        case when is_scored then rows_failed end as rows_failed,
        case
            when is_scored then null
            when status <> 'landed' then status
            when rows_checked = 0 and counted = 'rows' then 'no_rows'
            else 'not_judged'
        end as not_scored_reason
    from of_submissions
    union all
    select
        'agency' as subject_kind,
        org_code as subject_code,
        cast(null as {{ dbt.type_string() }}) as submission_id,
        cast(null as {{ dbt.type_string() }}) as form,
        org_code,
        period,
        dimension,
        counted,
        rows_checked,
        rows_quarantined,
        rows_failed_in_checks,
        rows_in_findings,
        rows_failed,
        case
            when rows_checked is not null then null
            when part_count = 0 and counted = 'rows' then 'nothing_sent'
            else 'not_judged'
        end as not_scored_reason
    from summed

),

names as (

    select
        org_code,
        org_name_vi as name_vi,
        province_code
    from {{ ref('dim_org_unit') }}
    where is_current
    union all
    select
        agency_code as org_code,
        agency_name_vi as name_vi,
        province_code
    from {{ ref('dim_agency') }}

),

final as (

    select
        unioned.subject_kind,
        unioned.subject_code,
        unioned.submission_id,
        unioned.form,
        unioned.org_code,
        names.name_vi as org_name_vi,
        names.province_code,
        unioned.period,
        unioned.dimension,
        dimensions.label_vi as dimension_vi,
        unioned.counted,
        cast(unioned.rows_checked as bigint) as rows_checked,
        cast(unioned.rows_quarantined as bigint) as rows_quarantined,
        cast(unioned.rows_failed_in_checks as bigint) as rows_failed_in_checks,
        cast(unioned.rows_in_findings as bigint) as rows_in_findings,
        cast(unioned.rows_failed as bigint) as rows_failed,
        cast(100 * (unioned.rows_checked - unioned.rows_failed) as double) / unioned.rows_checked as score_pct,
        unioned.not_scored_reason,
        case unioned.not_scored_reason
            when 'not_judged' then dimensions.none_vi
            when 'nothing_sent' then 'Đơn vị không có bản nộp nào của kỳ này.'
            when 'no_rows' then 'Tệp không có dòng số liệu nào.'
            when 'rejected' then 'Tệp bị từ chối, không dòng nào được đọc.'
            when 'withdrawn' then 'Bản nộp đã được rút.'
            when 'erased' then 'Bản nộp đã được xóa.'
        end as reason_vi,
        case unioned.not_scored_reason
            when 'not_judged' then dimensions.none_en
            when 'nothing_sent' then 'The sender has no submission of this period.'
            when 'no_rows' then 'The file holds no row of figures.'
            when 'rejected' then 'The file was rejected, no row was read.'
            when 'withdrawn' then 'The submission was withdrawn.'
            when 'erased' then 'The submission was erased.'
        end as reason_en,
        home.is_synthetic
    from unioned
    inner join dimensions on unioned.dimension = dimensions.dimension
    left join names on unioned.org_code = names.org_code
    cross join {{ ref('int_home') }} as home

)

select * from final
