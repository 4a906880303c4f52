{#- What is possible and yet worth a look; none of it stops a release. -#}
with submissions as (

    select * from {{ ref('stg_submissions') }}

),

in_force as (

    select distinct submission_id from {{ ref('int_submission_scopes') }}
    where is_in_force

),

conflicts as (

    select
        'same_key_two_senders' as finding_kind,
        submission_id,
        other_submission_id,
        '' as subject,
        rows_affected,
        concat_ws(
            '',
            'Có ', rows_affected, ' dòng khác với số liệu đơn vị ', other_org_code,
            ' đã gửi; số liệu nhận sau đang được dùng. Hai đơn vị cần thống nhất số liệu.'
        ) as message_vi,
        concat_ws(
            '',
            'Rows that unit ', other_org_code, ' had sent otherwise: ', rows_affected,
            '. What was received later is used; the two units should agree on the figures.'
        ) as message_en
    from {{ ref('int_scope_conflicts') }}

),

identical as (

    select
        'identical_to_other_period' as finding_kind,
        later.submission_id,
        earlier.submission_id as other_submission_id,
        '' as subject,
        later.rows_landed as rows_affected,
        concat_ws(
            '',
            'Nội dung giống hệt báo cáo kỳ ', earlier.period, ' của cùng đơn vị, chỉ khác kỳ ', later.period,
            '. Cần xác nhận đây không phải tệp cũ gửi lại.'
        ) as message_vi,
        concat_ws(
            '',
            'The content is that of the report of the same unit for ', earlier.period, '; only the period ',
            later.period, ' differs. Confirm that no old file was sent again.'
        ) as message_en
    from submissions as later
    inner join in_force on later.submission_id = in_force.submission_id
    inner join submissions as earlier
        on
            later.form = earlier.form
            and later.org_code = earlier.org_code
            and later.content_hash = earlier.content_hash
            and later.period <> earlier.period
            and (
                later.received_at > earlier.received_at
                or (later.received_at = earlier.received_at and later.submission_id > earlier.submission_id)
            )
    where earlier.status = 'landed'
    qualify row_number() over (
        partition by later.submission_id
        order by earlier.received_at desc, earlier.submission_id desc
    ) = 1

),

not_followed as (

    select
        finding_kind,
        submission_id,
        other_submission_id,
        subject,
        cast(null as bigint) as rows_affected,
        message_vi,
        message_en
    from {{ ref('stg_load_findings') }}

),

unioned as (

    select * from conflicts
    union all
    select * from identical
    union all
    select * from not_followed

),

final as (

    select
        unioned.finding_kind,
        unioned.submission_id,
        unioned.other_submission_id,
        unioned.subject,
        submissions.form,
        submissions.org_code,
        submissions.period,
        unioned.rows_affected,
        unioned.message_vi,
        unioned.message_en
    from unioned
    inner join submissions on unioned.submission_id = submissions.submission_id

)

select * from final
