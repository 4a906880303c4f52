with expected as (

    select * from {{ ref('int_reporting_expected') }}

),

receivers as (

    select
        agency_code,
        name_vi as receiver_vi,
        coalesce(name_en, name_vi) as receiver_en
    from {{ ref('stg_agencies') }}

),

judged as (

    select
        expected.*,
        receivers.receiver_vi,
        receivers.receiver_en,
        {{ last_second_of_local_day('expected.due_on') }} as due_at,
        met.received_at,
        met.received_on,
        met.submission_id,
        met.last_submission_id,
        coalesce(met.resubmissions_before_cut_off, 0) as resubmissions_before_cut_off,
        coalesce(met.resubmissions_after_cut_off, 0) as resubmissions_after_cut_off,
        coalesce(met.resubmissions_before_cut_off + met.resubmissions_after_cut_off, 0) as resubmissions,
        case
            when expected.due_on is null then 'no_obligation'
            when met.received_on <= expected.due_on then 'on_time'
            when met.received_on > expected.due_on then 'late'
            when {{ as_of() }} > expected.due_on then 'missing'
            else 'not_yet_due'
        end as state,
        {{ days_between('expected.due_on', 'coalesce(met.received_on, ' ~ as_of() ~ ')') }} as days_past_due
    from expected
    inner join receivers on expected.receiver_code = receivers.agency_code
    left join {{ ref('int_reporting_met') }} as met
        on
            expected.obligation_code = met.obligation_code
            and expected.reporter_code = met.reporter_code
            and expected.period = met.period

),

worded as (

    select
        *,
        cast(case when state in ('late', 'missing') then days_past_due end as bigint) as days_late,
        {{ reporting_period_words('vi') }} as period_words_vi,
        {{ reporting_period_words('en') }} as period_words_en
    from judged

),

final as (

    select
        obligation_code,
        plan_id,
        province_code,
        reporter_code,
        reporter_kind,
        reporter_name_vi,
        receiver_code,
        receiver_vi,
        channel_vi,
        channel_en,
        form,
        cadence,
        period,
        period_end,
        due_on,
        due_at,
        state,
        received_at,
        days_late,
        resubmissions,
        resubmissions_before_cut_off,
        resubmissions_after_cut_off,
        submission_id,
        last_submission_id,
        {{ reporting_message('vi') }} as message_vi,
        {{ reporting_message('en') }} as message_en
    from worded

)

select * from final
