{#-
    Rows in force that another unit had sent otherwise: the one received later won. Asked of the last version
    that another unit sent, so that a conflict does not vanish when the winner sends its file again.
-#}
with scopes as (

    select
        scopes.*,
        submissions.org_code
    from {{ ref('int_submission_scopes') }} as scopes
    inner join {{ ref('stg_submissions') }} as submissions on scopes.submission_id = submissions.submission_id

),

last_of_others as (

    select
        in_force.submission_id,
        in_force.rows_landed,
        in_force.content_sum,
        earlier.submission_id as other_submission_id,
        earlier.org_code as other_org_code,
        earlier.rows_landed as other_rows_landed,
        earlier.content_sum as other_content_sum
    from scopes as in_force
    inner join scopes as earlier
        on
            in_force.form = earlier.form
            and in_force.scope_key = earlier.scope_key
            and in_force.version_number > earlier.version_number
            and in_force.org_code <> earlier.org_code
    where in_force.is_in_force
    qualify row_number() over (
        partition by in_force.form, in_force.scope_key
        order by earlier.version_number desc
    ) = 1

),

final as (

    select
        submission_id,
        other_submission_id,
        other_org_code,
        cast(sum(rows_landed) as bigint) as rows_affected
    from last_of_others
    where rows_landed <> other_rows_landed or content_sum <> other_content_sum
    group by submission_id, other_submission_id, other_org_code

)

select * from final
