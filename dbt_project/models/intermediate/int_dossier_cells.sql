{#-
    The dossiers of each state of each extract by units, month of receipt and month of completion: how many, and what
    they add to every F02 measure that looks at each dossier alone.
-#}
{{ kept_by('submission_id') }}
{% set measures = measures_of('F02') | rejectattr('looks_at_period_end') | list %}
select
    {% for measure in measures %}
    {{ dossiers_part(measure, 'numerator') }} as {{ part_column(measure, 'numerator') }},
    {{ dossiers_part(measure, 'denominator') }} as {{ part_column(measure, 'denominator') }},
    {% endfor %}
    {{ dossier_key() | join(',\n    ') }},
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
from {{ ref('int_dossier_placed') }}
group by
    {{ dossier_key() | join(',\n    ') }}
