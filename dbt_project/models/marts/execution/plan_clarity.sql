{#- How many tasks of each plan satisfy each clarity. -#}
{% set clarities = ['person', 'work', 'time', 'responsibility', 'product', 'authority'] %}
with judged as (

    {% for clarity in clarities %}
    {% if not loop.first %}

    union all

    {% endif %}
    select
        plan_id,
        '{{ clarity }}' as clarity,
        is_{{ clarity }}_clear as is_met
    from {{ ref('task_clarity') }}
    {%- endfor %}

),

counted as (

    select
        plan_id,
        clarity,
        count(case when is_met then 1 end) as tasks_clear,
        count(*) as tasks_total
    from judged
    group by plan_id, clarity

),

final as (

    select
        counted.plan_id,
        counted.clarity,
        clarities.label_vi,
        clarities.label_en,
        counted.tasks_clear,
        counted.tasks_total,
        round(100.0 * counted.tasks_clear / cast(counted.tasks_total as double), 6) as clear_pct,
        clarities.rule_vi,
        clarities.rule_en
    from counted
    inner join {{ ref('clarities') }} as clarities on counted.clarity = clarities.clarity
    where {{ holds_at_as_of('clarities') }}

)

select * from final
