{#-
    When each obligation falls due while its plan is in force: by its rhythm, or by the requests entered. An obligation
    on request has nothing due (due_on is empty) in a running month nobody asked about.
-#}
with plans as (

    select
        plan_id,
        number,
        supersedes,
        org_code as plan_org_code,
        province_code,
        valid_from as issued_on
    from {{ ref('stg_plans') }}
    where valid_from <= {{ as_of() }}

),

obligations as (

    select
        obligations.*,
        plans.plan_org_code,
        plans.province_code,
        plans.issued_on,
        coalesce(newer.issued_on, date '9999-12-31') as superseded_on
    from {{ ref('obligations') }} as obligations
    inner join plans on obligations.plan_id = plans.plan_id
    left join plans as newer on plans.number = newer.supersedes and plans.plan_org_code = newer.plan_org_code

),

periods as (

    select * from {{ ref('int_reporting_periods') }}

),

requests as (

    select
        obligation_code,
        period,
        cast(due_on as date) as due_on
    from {{ ref('report_requests') }}
    where cast(requested_on as date) <= {{ as_of() }}

),

on_request as (

    select
        obligations.obligation_code,
        obligations.valid_from,
        periods.period,
        periods.period_start,
        periods.period_end,
        requests.due_on
    from obligations
    inner join periods on {{ holds_on('obligations', 'periods.period_end') }}
    left join requests on obligations.obligation_code = requests.obligation_code and periods.period = requests.period
    where
        obligations.cadence = 'on_request'
        and (
            requests.period is not null
            or (periods.cadence = 'monthly' and {{ as_of() }} between periods.period_start and periods.period_end)
        )

),

occasions as (

    select * from {{ ref('int_reporting_cut_offs') }}
    union all
    select * from on_request

),

final as (

    select
        obligations.obligation_code,
        obligations.plan_id,
        obligations.plan_org_code,
        obligations.province_code,
        obligations.form,
        obligations.reporters,
        obligations.receiver_code,
        obligations.channel_vi,
        obligations.channel_en,
        obligations.cadence,
        occasions.period,
        occasions.period_start,
        occasions.period_end,
        occasions.due_on
    from occasions
    inner join obligations
        on
            occasions.obligation_code = obligations.obligation_code
            and occasions.valid_from = obligations.valid_from
    where
        coalesce(occasions.due_on, {{ as_of() }}) >= obligations.issued_on
        and coalesce(occasions.due_on, {{ as_of() }}) < obligations.superseded_on

)

select * from final
