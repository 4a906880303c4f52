{#-
    What was received for each expected report. A report speaks of the period where its own period ends on the same day,
    or is a shorter one within it that holds the cut-off day; of a week where it came in that week and its period
    touches it. It is not received before the period begins.
-#}
with expected as (

    select
        *,
        least(due_on, period_end) as counted_to
    from {{ ref('int_reporting_expected') }}
    where due_on is not null

),

received as (

    select * from {{ ref('int_reports_received') }}

),

matched as (

    select
        expected.obligation_code,
        expected.reporter_code,
        expected.period,
        expected.due_on,
        received.submission_id,
        received.received_at,
        received.received_on,
        row_number() over (
            partition by expected.obligation_code, expected.reporter_code, expected.period
            order by received.received_at, received.submission_id
        ) as position,
        row_number() over (
            partition by expected.obligation_code, expected.reporter_code, expected.period
            order by received.received_at desc, received.submission_id desc
        ) as position_from_last
    from expected
    inner join received
        on
            expected.form = received.form
            and expected.plan_id = received.plan_id
            and expected.reporter_code = received.reporter_code
            and expected.period_start <= received.received_on
    where
        case
            when expected.cadence = 'weekly'
                then
                    received.received_on <= expected.period_end
                    and received.period_start <= expected.period_end
                    and received.period_end >= expected.period_start
            else
                received.period_end = expected.period_end
                or (
                    received.period_end < expected.period_end
                    and expected.counted_to between received.period_start and received.period_end
                )
        end

),

final as (

    select
        obligation_code,
        reporter_code,
        period,
        min(received_at) as received_at,
        min(received_on) as received_on,
        max(case when position = 1 then submission_id end) as submission_id,
        max(case when position_from_last = 1 then submission_id end) as last_submission_id,
        {{ count_where('position > 1 and received_on <= due_on') }} as resubmissions_before_cut_off,
        {{ count_where('position > 1 and received_on > due_on') }} as resubmissions_after_cut_off
    from matched
    group by obligation_code, reporter_code, period

)

select * from final
