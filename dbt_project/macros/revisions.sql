{#-
    The rows of a form in every state their submission ever had: as it stands now, and as it stood before a
    correction or withdrawal, each with its span of time, and the submissions that began and ended it.

    columns: those of the form that are needed.
-#}
{% macro states_of_form(form, columns) -%}
    select
        {% for column in columns %}
        rows_read.{{ column }},
        {% endfor %}
        rows_read.submission_id,
        states.state_number,
        states.received_at as submission_received_at,
        states.org_code as sender_code,
        states.period as sender_period,
        states.known_from,
        states.known_to,
        states.changed_by,
        states.ended_by
    from (
        select
            {% for column in columns %}
            {{ column }},
            {% endfor %}
            submission_id,
            cast(null as bigint) as state_number
        from {{ ref('stg_' ~ form) }}
        union all
        select
            {% for column in columns %}
            {{ column }},
            {% endfor %}
            submission_id,
            state_number
        from {{ source('past', form) }}
    ) as rows_read
    inner join {{ ref('int_submission_states') }} as states
        on
            rows_read.submission_id = states.submission_id
            and (
                rows_read.state_number = states.state_number
                or (rows_read.state_number is null and states.is_present)
            )
{%- endmacro %}

{#-
    Who speaks at each moment: CTEs `moments` and `swept`. Between two changes of a series the first of its
    candidates by `order` holds; swept rows carry its span (in_force_from, in_force_to) and causes.

    candidates: relation with series_key, known_from, known_to (null: still), changed_by, ended_by, …
-#}
{% macro sweep(candidates, order) %}
    changes as (

        select
            series_key,
            known_from as moment,
            changed_by as cause
        from {{ candidates }}
        union all
        select
            series_key,
            known_to as moment,
            ended_by as cause
        from {{ candidates }}
        where known_to is not null

    ),

    distinct_moments as (

        select
            series_key,
            moment,
            max(cause) as cause
        from changes
        group by series_key, moment

    ),

    moments as (

        select
            *,
            lead(moment) over (partition by series_key order by moment) as next_moment,
            lead(cause) over (partition by series_key order by moment) as next_cause
        from distinct_moments

    ),

    swept as (

        select
            candidates.*,
            moments.moment as in_force_from,
            moments.next_moment as in_force_to,
            moments.cause,
            moments.next_cause
        from moments
        inner join {{ candidates }} as candidates
            on
                moments.series_key = candidates.series_key
                and moments.moment >= candidates.known_from
                and (candidates.known_to is null or moments.moment < candidates.known_to)
        qualify row_number() over (
            partition by moments.series_key, moments.moment
            order by {{ order }}
        ) = 1

    )
{% endmacro %}

{#-
    Sums of parts as they stood, from what each event added or took away: CTEs `summed_by_moment`, `running` and
    `summed`. Of several events of one day in Việt Nam only what stood at its end is kept.

    deltas: relation with the key, moment, cause and the columns to sum.
-#}
{% macro running_sums(deltas, key, sums) %}
    summed_by_moment as (

        select
            {{ key | join(', ') }},
            moment,
            max(cause) as cause
            {%- for column in sums %},
            sum({{ column }}) as {{ column }}
            {%- endfor %}
        from {{ deltas }}
        group by {{ key | join(', ') }}, moment

    ),

    running as (

        select
            {{ key | join(', ') }},
            moment,
            cause,
            lead(moment) over events as next_moment
            {%- for column in sums %},
            sum({{ column }}) over so_far as {{ column }}
            {%- endfor %}
        from summed_by_moment
        window
            events as (partition by {{ key | join(', ') }} order by moment),
            so_far as (
                partition by {{ key | join(', ') }}
                order by moment
                rows between unbounded preceding and current row
            )

    ),

    summed as (

        select
            {{ key | join(', ') }},
            {{ sums | join(', ') }},
            moment as known_from,
            lead(moment) over later as known_to,
            cause as changed_by,
            lead(cause) over later as ended_by
        from running
        where next_moment is null or {{ local_day('moment') }} <> {{ local_day('next_moment') }}
        window later as (partition by {{ key | join(', ') }} order by moment)

    )
{% endmacro %}

{#- What came into force adds to a sum and what went out of force takes away from it: CTE `deltas`. -#}
{% macro deltas_of(spans, key, columns) %}
    deltas as (

        {% for sign, moment, cause in [('', 'known_from', 'changed_by'), ('-', 'known_to', 'ended_by')] %}
        select
            {{ key | join(', ') }},
            {{ moment }} as moment,
            {{ cause }} as cause
            {%- for column in columns %},
            {{ sign }}{{ column }} as {{ column }}
            {%- endfor %}
        from {{ spans }}
        where {{ moment }} is not null
        {{ 'union all' if not loop.last }}
        {% endfor %}

    )
{% endmacro %}
