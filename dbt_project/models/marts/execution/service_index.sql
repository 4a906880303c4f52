{#-
    The service index (Decision 766/QĐ-TTg) of each unit and period: the points known, by group, and the total, which is
    withheld until every component has points and either a value or the province's word on what it counts without one.
-#}
with points as (

    select distinct
        province_code,
        group_code,
        component_code,
        max_points
    from {{ ref('service_index_components') }}

),

other_sums as (

    {#- Groups whose components have, in a province, points of another sum than the group's own. #}
    select
        points.province_code,
        groups.group_code
    from points
    inner join {{ ref('int_service_index_groups') }} as groups on points.group_code = groups.group_code
    group by points.province_code, groups.group_code, groups.max_points
    having count(points.max_points) = count(*) and sum(points.max_points) <> groups.max_points

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
        other_sums.group_code as other_sum
    from {{ ref('service_index_components') }} as components
    left join other_sums
        on components.province_code = other_sums.province_code and components.group_code = other_sums.group_code

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
