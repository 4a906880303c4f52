{#- Dossiers by month of receipt and of completion; a count below five is not shown, nor any of a cell that small. -#}
{% set counts = [
    'dossiers', 'received_online', 'received_fully_online', 'done', 'refused', 'withdrawn', 'completed_on_time',
    'input_digitised', 'result_digitised', 'electronic_results', 'with_fee', 'paid_online', 'data_reused',
    'synced_national', 'rated', 'rated_satisfied',
] %}
with counted as (

    select
        {% for column in counts %}
        cast(sum({{ column }}) as bigint) as {{ column }},
        {% endfor %}
        receiving_province_code as province_code,
        receiving_org_code,
        settling_org_code as competent_org_code,
        received_month,
        completed_month
    from {{ ref('int_dossier_in_force') }}
    group by
        receiving_province_code,
        receiving_org_code,
        settling_org_code,
        received_month,
        completed_month

),

thresholds as (

    select small_cell from {{ ref('int_thresholds_in_force') }}

),

final as (

    select
        {% for column in counts %}
        case
            when counted.{{ column }} >= thresholds.small_cell then counted.{{ column }}
            when counted.{{ column }} = 0 and counted.dossiers >= thresholds.small_cell then 0
        end as {{ column }},
        {% endfor %}
        counted.province_code,
        counted.receiving_org_code,
        counted.competent_org_code,
        counted.received_month,
        counted.completed_month,
        counted.dossiers < thresholds.small_cell as is_suppressed
    from counted
    cross join thresholds

)

select * from final
