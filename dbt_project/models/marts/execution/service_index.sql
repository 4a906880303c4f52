{#-
    The service index (Decision 766/QĐ-TTg) of each unit and period: the points known, by group, and the total, which is
    withheld until every component has points and either a value or the province's word on what it counts without one.
-#}
with groups as (

    select * from {{ ref('int_service_index_groups') }}

),

components as (

    select
        components.*,
        case
            when components.max_points is null then components.component_code
            when components.max_points > 0 and components.threshold_pct is null and components.state <> 'not_computable'
                then components.component_code
        end as without_points,
        case
            when components.max_points > 0 and components.cause in ('no_extract', 'few_extracts', 'no_catalogue')
                then components.component_code
        end as without_data,
        case
            when
                components.max_points > 0
                and components.when_not_computed is null
                and components.cause in ('not_on_forms', 'no_agency_in_catalogue', 'nothing_counted', 'small_cell')
                then components.component_code
        end as without_word,
        case
            when components.points is not null or components.when_not_computed = 'zero' then components.max_points
            else 0
        end as counted_points,
        case when components.points is not null then components.max_points end as possible,
        {#- A group whose components have points of another sum than the group's own. #}
        case
            when
                count(components.max_points) over unit_groups = count(*) over unit_groups
                and sum(components.max_points) over unit_groups <> groups.max_points
                then components.group_code
        end as other_sum
    from {{ ref('service_index_components') }} as components
    inner join groups on components.group_code = groups.group_code
    window unit_groups as (
        partition by components.org_code, components.org_valid_from, components.period, components.group_code
    )

),

places as (

    select
        org_code,
        valid_from,
        org_name_vi
    from {{ ref('int_places') }}
    union all
    select
        agency_code as org_code,
        date '2000-01-01' as valid_from,
        name_vi as org_name_vi
    from {{ ref('stg_agencies') }}

),

summed as (

    select
        province_code,
        org_code,
        org_valid_from,
        org_level,
        period,
        period_end,
        counted_until,
        is_synthetic,
        {% for group in ['1', '2', '3a', '3b', '4', '5'] %}
        cast(sum(case when group_code = '{{ group }}' then points end) as decimal(18, 6)) as group_{{ group }}_points,
        cast(
            sum(case when group_code = '{{ group }}' then possible end) as decimal(18, 6)
        ) as group_{{ group }}_possible,
        {% endfor %}
        cast(sum(points) as decimal(18, 6)) as points_known,
        cast(sum(possible) as decimal(18, 6)) as points_possible,
        cast(sum(counted_points) as decimal(18, 6)) as counted_points,
        {{ count_where("state = 'computed'") }} as components_computed,
        count(*) as components_total,
        {{ listed('without_points', ', ') }} as without_points,
        {{ listed('without_word', ', ') }} as without_word,
        {{ listed('without_data', ', ') }} as without_data,
        {{ listed('other_sum', ', ') }} as other_sum
    from components
    group by
        province_code,
        org_code,
        org_valid_from,
        org_level,
        period,
        period_end,
        counted_until,
        is_synthetic

),

judged as (

    select
        *,
        coalesce(without_points, without_word, without_data, other_sum) is null as is_complete
    from summed

),

final as (

    select
        judged.province_code,
        judged.org_code,
        judged.org_valid_from,
        places.org_name_vi,
        judged.org_level,
        judged.period,
        judged.period_end,
        judged.counted_until,
        {% for group in ['1', '2', '3a', '3b', '4', '5'] %}
        judged.group_{{ group }}_points,
        judged.group_{{ group }}_possible,
        {% endfor %}
        judged.points_known,
        judged.points_possible,
        judged.components_computed,
        judged.components_total,
        case
            when judged.is_complete then cast(round(coalesce(judged.points_known, 0), 2) as decimal(18, 6))
        end as total_points,
        case when judged.is_complete then judged.counted_points end as total_possible,
        judged.is_complete as is_total_shown,
        {{ service_index_total_reason('vi') }} as total_reason_vi,
        {{ service_index_total_reason('en') }} as total_reason_en,
        judged.is_synthetic
    from judged
    inner join places on judged.org_code = places.org_code and judged.org_valid_from = places.valid_from

)

select * from final
