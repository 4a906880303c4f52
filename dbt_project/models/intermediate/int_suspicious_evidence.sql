{#- What is odd about evidence and yet no fault: files offered twice, exchanged or missing, days that do not fit. -#}
with evidence as (

    select
        *,
        concat_ws('', 'Minh chứng ', evidence_ref, ' của ', proves_vi) as evidence_vi,
        concat_ws('', 'Evidence ', evidence_ref, ' of ', proves_en) as evidence_en,
        lower(replace(document_number, ' ', '')) as number_key
    from {{ ref('int_evidence_in_force') }}

),

reused as (

    select
        evidence.*,
        'evidence_reused' as finding_kind,
        others.submission_id as other_submission_id,
        concat_ws('', ' dùng đúng tệp đã nộp làm minh chứng ', others.evidence_ref, ' của ', others.proves_vi) as said_vi,
        concat_ws('', ' is the very file filed as ', others.evidence_ref, ' of ', others.proves_en) as said_en,
        'Nếu một văn bản chứng minh cả hai thì ghi cùng một mã minh chứng.' as way_out_vi,
        'If one document proves both, give it one reference.' as way_out_en
    from evidence
    inner join evidence as others
        on
            evidence.sha256 = others.sha256
            and evidence.evidence_ref <> others.evidence_ref
            and evidence.proves_key <> others.proves_key
    qualify row_number() over (partition by evidence.scope_key order by others.filed_on, others.scope_key) = 1

),

numbered_twice as (

    select
        evidence.*,
        'evidence_number_two_files' as finding_kind,
        others.submission_id as other_submission_id,
        concat_ws(
            '', ' và minh chứng ', others.evidence_ref, ' cùng số ', evidence.document_number, ' ngày ',
            {{ date_vi('evidence.signed_on') }}, ' nhưng là hai tệp khác nhau'
        ) as said_vi,
        concat_ws(
            '', ' and ', others.evidence_ref, ' bear one number, ', evidence.document_number, ' of ',
            {{ date_en('evidence.signed_on') }}, ', and are two different files'
        ) as said_en,
        'Đề nghị đối chiếu với bản gốc.' as way_out_vi,
        'Compare them with the original.' as way_out_en
    from evidence
    inner join evidence as others
        on
            evidence.number_key = others.number_key
            and evidence.signed_on = others.signed_on
            and evidence.province_code = others.province_code
            and evidence.sha256 <> others.sha256
    qualify row_number() over (partition by evidence.scope_key order by others.filed_on, others.scope_key) = 1

),

misdated as (

    select
        *,
        'evidence_out_of_period' as finding_kind,
        '' as other_submission_id,
        case
            when signed_on < start_on
                then concat_ws(
                    '', ' đề ngày ', {{ date_vi('signed_on') }}, ', trước ngày bắt đầu ', {{ date_vi('start_on') }}
                )
            when signed_on > filed_on
                then concat_ws(
                    '', ' đề ngày ', {{ date_vi('signed_on') }}, ', sau ngày nộp ', {{ date_vi('filed_on') }}
                )
            else concat_ws(
                '', ' ghi ngày nộp ', {{ date_vi('filed_on') }}, ', sau ngày nhận sổ ', {{ date_vi('received_on') }}
            )
        end as said_vi,
        case
            when signed_on < start_on
                then concat_ws(
                    '', ' is dated ', {{ date_en('signed_on') }}, ', before the start on ', {{ date_en('start_on') }}
                )
            when signed_on > filed_on
                then concat_ws(
                    '', ' is dated ', {{ date_en('signed_on') }}, ', after its filing on ', {{ date_en('filed_on') }}
                )
            else concat_ws(
                '', ' is said to be filed on ', {{ date_en('filed_on') }}, ', after the register came in on ',
                {{ date_en('received_on') }}
            )
        end as said_en,
        'Đề nghị kiểm tra ngày ghi trong sổ.' as way_out_vi,
        'Check the days in the register.' as way_out_en
    from evidence
    where signed_on < start_on or signed_on > filed_on or filed_on > received_on

),

exchanged as (

    select
        *,
        'evidence_hash_differs' as finding_kind,
        document_submission_id as other_submission_id,
        concat_ws('', ': mã băm của tệp “', file_name, '” khác mã ghi trong sổ') as said_vi,
        concat_ws('', ': the hash of “', file_name, '” differs from the one in the register') as said_en,
        'Có thể tệp đã bị thay.' as way_out_vi,
        'The file may have been exchanged.' as way_out_en
    from evidence
    where document_outcome = 'hashed' and not is_hash_confirmed

),

missing as (

    select
        *,
        'evidence_document_missing' as finding_kind,
        document_submission_id as other_submission_id,
        case
            when document_outcome = 'missing'
                then concat_ws('', ': không có tệp “', file_name, '” trong thư mục khi nộp sổ')
            else concat_ws('', ': tệp “', file_name, '” không dùng được khi nộp sổ')
        end as said_vi,
        case
            when document_outcome = 'missing'
                then concat_ws('', ': the file “', file_name, '” was not in the folder when the register was submitted')
            else concat_ws('', ': the file “', file_name, '” could not be used when the register was submitted')
        end as said_en,
        'Đề nghị nộp lại sổ kèm tệp.' as way_out_vi,
        'Submit the register again with the file.' as way_out_en
    from evidence
    where document_outcome <> 'hashed'

),

unioned as (

    {% for kind in ['reused', 'numbered_twice', 'misdated', 'exchanged', 'missing'] %}
    {% if not loop.first %}union all{% endif %}
    select * from {{ kind }}
    {% endfor %}

),

final as (

    select
        finding_kind,
        scope_key as evidence_key,
        submission_id,
        other_submission_id,
        concat_ws(' ', evidence_ref, plan_id, row_ref, indicator_code) as subject,
        org_code,
        submission_period as period,
        cast(1 as bigint) as rows_affected,
        concat_ws('', evidence_vi, said_vi, '. ', way_out_vi) as message_vi,
        concat_ws('', evidence_en, said_en, '. ', way_out_en) as message_en
    from unioned

)

select * from final
