{#- Every correction of a cell, and whether its value counts; cells of dossiers are not shown. -#}
with corrections as (

    select * from {{ ref('int_correction_versioned') }}

),

not_applied as (

    select distinct
        submission_id,
        other_submission_id,
        subject
    from {{ ref('stg_load_findings') }}
    where finding_kind = 'correction_not_applied'

),

final as (

    select
        corrections.submission_id,
        corrections.sheet,
        corrections.row_number,
        corrections.corrected_submission_id,
        corrections.corrected_sheet,
        corrections.cell,
        case when corrected.form <> 'dossier' then corrections.old_value end as old_value,
        case when corrected.form <> 'dossier' then corrections.new_value end as new_value,
        corrections.reason,
        corrections.document_number,
        corrections.signed_on,
        corrections.is_in_force and not_applied.submission_id is null as is_applied
    from corrections
    inner join {{ ref('stg_submissions') }} as corrected
        on corrections.corrected_submission_id = corrected.submission_id
    left join not_applied
        on
            corrections.submission_id = not_applied.submission_id
            and corrections.corrected_submission_id = not_applied.other_submission_id
            and not_applied.subject = concat_ws('!', corrections.corrected_sheet, corrections.cell)

)

select * from final
