{#-
    The units that each unit of today came from in a reform of boundaries, and how their figures carry over:
    as they are where the unit stayed whole and alone, added up where units merged, not at all where one was split.
-#}
with links as (

    select
        new_org_code as org_code,
        cast(new_valid_from as date) as valid_from,
        old_org_code,
        cast(old_valid_from as date) as old_valid_from,
        relation
    from {{ ref('org_crosswalk') }}
    where
        (old_org_code <> new_org_code or old_valid_from <> new_valid_from)
        and cast(new_valid_from as date) <= {{ as_of() }}

),

final as (

    select
        *,
        count(*) over (partition by org_code, valid_from) as predecessor_count,
        case
            when max(case when relation = 'split' then 1 else 0 end) over (partition by org_code, valid_from) = 1
                then 'split'
            when relation in ('unchanged', 'renamed') then relation
            else 'added_up'
        end as conversion
    from links

)

select * from final
