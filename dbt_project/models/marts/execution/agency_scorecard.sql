{#- The score of each agency, its rank in the province and how both compare with the end of the month before. -#}
with summed as (

    select
        judged_on,
        is_current,
        province_code,
        agency_code,
        cast(sum(items) as bigint) as items,
        cast(sum(items_counted) as bigint) as items_counted,
        sum(case when part <> 'indicators' then items_received end) as items_received,
        round(
            cast(100 * sum(weight * share) as double) / sum(case when share is not null then weight end), 2
        ) as score_if_scored,
        {% for part in ['indicators', 'tasks', 'discipline', 'quality'] %}
        max(case when part = '{{ part }}' then part_words end) as {{ part }}_words_vi,
        max(case when part = '{{ part }}' then part_words_en end) as {{ part }}_words_en,
        {% endfor %}
        bool_or(is_synthetic) as is_synthetic
    from {{ ref('agency_scorecard_parts') }}
    group by judged_on, is_current, province_code, agency_code

),

groups as (

    select distinct group_code from {{ ref('agency_groups') }}

),

agencies as (

    select
        agencies.agency_code,
        agencies.name_vi as agency_name_vi,
        agencies.name_en as agency_name_en,
        agencies.short_name,
        agencies.kind,
        case
            when agencies.kind like 'company%' then 'company'
            when {{ is_agency_group('agencies') }} or groups.group_code is not null then 'group'
        end as not_an_agency
    from {{ ref('stg_agencies') }} as agencies
    left join groups on agencies.agency_code = groups.group_code

),

judged as (

    select
        summed.*,
        agencies.agency_name_vi,
        agencies.agency_name_en,
        agencies.short_name,
        agencies.kind,
        thresholds.score_items,
        thresholds.score_trend_band,
        coalesce(
            agencies.not_an_agency,
            case
                when summed.items_counted = 0 then 'nothing_to_count'
                when coalesce(summed.items_received, 0) = 0 then 'nothing_sent'
                when summed.items_counted < thresholds.score_items then 'too_few_items'
            end
        ) as not_scored_reason
    from summed
    inner join agencies on summed.agency_code = agencies.agency_code
    inner join {{ ref('int_threshold_sets') }} as thresholds
        on summed.judged_on between thresholds.valid_from and thresholds.valid_to

),

scored as (

    select
        *,
        not_scored_reason is null as is_scored,
        case when not_scored_reason is null then score_if_scored end as score
    from judged

),

ranked as (

    select
        *,
        case
            when is_scored
                then rank() over (partition by judged_on, province_code order by score desc nulls last)
        end as rank,
        case when is_scored then count(score) over (partition by judged_on, province_code) end as rank_of
    from scored

),

compared as (

    select
        ranked.*,
        earlier.judged_on as previous_on,
        earlier.score as previous_score,
        earlier.rank as previous_rank,
        case
            when not ranked.is_scored then null
            when earlier.score is null then 'new'
            when round(ranked.score - earlier.score, 2) > ranked.score_trend_band then 'up'
            when round(earlier.score - ranked.score, 2) > ranked.score_trend_band then 'down'
            else 'same'
        end as trend
    from ranked
    left join ranked as earlier on ranked.agency_code = earlier.agency_code and not earlier.is_current
    where ranked.is_current

),

final as (

    select
        province_code,
        agency_code,
        agency_name_vi,
        agency_name_en,
        short_name,
        kind,
        {{ month_of('judged_on') }} as period,
        judged_on,
        items,
        items_counted,
        is_scored,
        not_scored_reason,
        score,
        rank,
        rank_of,
        previous_on,
        previous_score,
        previous_rank,
        trend,
        {{ score_reason('vi') }} as score_reason,
        {{ score_reason('en') }} as score_reason_en,
        is_synthetic
    from compared

)

select * from final
