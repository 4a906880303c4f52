{#-
    What each submission and each of the six words come to before the checks have run: how much was looked at, what the
    door set aside, what was found later, and for 'timely' the reports that the file answers. One row per submission and word.
-#}
with submissions as (

    select * from {{ ref('submissions') }}

),

dimensions as (

    select * from {{ ref('quality_dimensions') }}

),

rules as (

    select * from {{ ref('rule_dimensions') }} as rules
    where {{ holds_at_as_of('rules') }}

),

set_aside as (

    select
        faults.submission_id,
        rules.dimension,
        count(distinct concat_ws('|', faults.sheet, faults.row_number)) as row_count
    from {{ ref('quarantined_rows') }} as faults
    inner join rules on faults.rule_code = rules.code and rules.found_by = 'door'
    group by faults.submission_id, rules.dimension

),

findings as (

    select
        submission_id,
        finding_kind,
        coalesce(rows_affected, 1) as row_count
    from {{ ref('suspicious_values') }}
    union all
    select
        submission_id,
        'reported_differs_from_computed' as finding_kind,
        1 as row_count
    from {{ ref('reported_vs_computed') }}
    where is_above_threshold and is_supported

),

found as (

    select
        findings.submission_id,
        rules.dimension,
        sum(findings.row_count) as row_count
    from findings
    inner join rules on findings.finding_kind = rules.code and rules.found_by = 'finding'
    group by findings.submission_id, rules.dimension

),

reports as (

    select
        submission_id,
        count(*) as report_count,
        sum(case when state = 'late' then 1 else 0 end) as late_count
    from {{ ref('reporting_compliance') }}
    where state in ('on_time', 'late')
    group by submission_id

),

final as (

    select
        submissions.submission_id,
        submissions.form,
        submissions.org_code,
        submissions.period,
        submissions.status,
        dimensions.dimension,
        case when dimensions.dimension = 'timely' then 'reports' else 'rows' end as counted,
        cast(
            case
                when dimensions.dimension = 'timely' then coalesce(reports.report_count, 0)
                else submissions.rows_read
            end as bigint
        ) as rows_checked,
        cast(coalesce(set_aside.row_count, 0) as bigint) as rows_quarantined,
        cast(
            case
                when dimensions.dimension = 'timely' then coalesce(reports.late_count, 0)
                else coalesce(found.row_count, 0)
            end as bigint
        ) as rows_in_findings,
        dimensions.is_judged_at_door
        or dimensions.dimension = 'timely'
        or set_aside.row_count is not null
        or found.row_count is not null as is_judged
    from submissions
    cross join dimensions
    left join set_aside
        on
            submissions.submission_id = set_aside.submission_id
            and dimensions.dimension = set_aside.dimension
            and dimensions.dimension <> 'timely'
    left join found
        on
            submissions.submission_id = found.submission_id
            and dimensions.dimension = found.dimension
            and dimensions.dimension <> 'timely'
    left join reports on submissions.submission_id = reports.submission_id

)

select * from final
