{#- Dossiers by month of receipt and of completion; a count below five is not shown, nor any of a cell that small. -#}
with dossiers as (

    select * from {{ ref('int_dossier_in_force') }}

),

counted as (

    select
        receiving_province_code as province_code,
        receiving_org_code,
        settling_org_code as competent_org_code,
        received_month,
        completed_month,
        count(*) as dossiers,
        {{ count_where("channel = 'online'") }} as received_online,
        {{ count_where("channel = 'online' and service_level = 'full'") }} as received_fully_online,
        {{ count_where("state = 'done'") }} as done,
        {{ count_where("state = 'refused'") }} as refused,
        {{ count_where("state = 'withdrawn'") }} as withdrawn,
        {{ count_where("due_at is not null and cast(completed_at as date) <= cast(due_at as date)") }}
            as completed_on_time,
        {{ count_where('input_digitised') }} as input_digitised,
        {{ count_where('result_digitised') }} as result_digitised,
        {{ count_where('e_result') }} as electronic_results,
        {{ count_where('fee_amount > 0') }} as with_fee,
        {{ count_where('fee_amount > 0 and paid_online') }} as paid_online,
        {{ count_where('data_reused') }} as data_reused,
        {{ count_where('synced_national') }} as synced_national,
        {{ count_where('rating is not null') }} as rated,
        {{ count_where('rating >= 4') }} as rated_satisfied
    from dossiers
    group by
        receiving_province_code,
        receiving_org_code,
        settling_org_code,
        received_month,
        completed_month

),

thresholds as (

    select small_cell from {{ ref('int_threshold_sets') }}
    where {{ as_of() }} between valid_from and valid_to

),

final as (

    select
        {% for column in [
            'dossiers', 'received_online', 'received_fully_online', 'done', 'refused', 'withdrawn',
            'completed_on_time', 'input_digitised', 'result_digitised', 'electronic_results', 'with_fee',
            'paid_online', 'data_reused', 'synced_national', 'rated', 'rated_satisfied',
        ] %}
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
