{#-
    What each month end adds to the F02 measures that ask what was open at period_end: those received so far give, by a
    month end, the sum of what was added up to it.

    A rule compares period_end with the days of a dossier. Its answer can differ from that of the month end before only
    where one of the days lies in between, or where the month end before was such a day; elsewhere nothing is added.
-#}
{{ kept_by('submission_id') }}
{% set measures = measures_of('F02') | selectattr('looks_at_period_end') | list %}
{% set key = dossier_key() + ['received_until', 'counted_on'] %}
with dossiers as (

    select
        *,
        last_day(cast(received_at as date)) as received_until,
        last_day(cast(completed_at as date)) as completed_until,
        last_day({{ days_later('cast(completed_at as date)', 1) }}) as after_completed,
        last_day(cast(due_at as date)) as due_until,
        last_day({{ days_later('cast(due_at as date)', 1) }}) as after_due
    from {{ ref('int_dossier_placed') }}

),

turns as (

    select
        *,
        received_until as counted_on
    from dossiers
    {% for turn in turns_after_receipt() %}
    union all
    select
        *,
        {{ turn }} as counted_on
    from dossiers
    where
        {{ turn }} > received_until
        {%- for earlier in turns_after_receipt()[:loop.index0] %}
        and ({{ earlier }} is null or {{ turn }} <> {{ earlier }})
        {%- endfor %}
    {% endfor %}

),

signs as (

    select 1 as sign
    union all
    select -1

),

moments as (

    select
        turns.*,
        signs.sign,
        case
            when signs.sign = 1 then turns.counted_on
            else {{ day_before("cast(date_trunc('month', turns.counted_on) as date)") }}
        end as period_end
    from turns
    cross join signs
    where signs.sign = 1 or turns.counted_on > turns.received_until

)

select
    {% for measure in measures %}
    {{ dossiers_part(measure, 'numerator', 'sign') }} as {{ part_column(measure, 'numerator') }},
    {{ dossiers_part(measure, 'denominator', 'sign') }} as {{ part_column(measure, 'denominator') }},
    {% endfor %}
    {{ key | join(',\n    ') }},
    {{ count_where('counted_on = received_until') }} as dossiers
from moments
group by
    {{ key | join(',\n    ') }}
