{#-
    Every landed row of a form with its one disposition, seen from all submissions known.

    A later submission of a scope replaces the whole scope. A row that stands unchanged in consecutive
    versions is carried by the first of them ('origin'); the later ones are 'unchanged'. The carrier is
    'loaded' while its run reaches the version in force, else 'superseded'. So each row read counts once.

    rows: relation with scope_key, row_hash, submission_id, …
    versions: relation with scope_key, submission_id, received_at: the submissions that cover each scope.
    rank: a column of versions that counts before the time of receipt.
-#}
{% macro row_versions(rows, versions, rank=none) %}
    versions_numbered as (

        select
            scope_key,
            submission_id,
            row_number() over (
                partition by scope_key
                order by {{ rank ~ ', ' if rank }}received_at, submission_id
            ) as version_number,
            count(*) over (partition by scope_key) as latest_version_number
        from {{ versions }}

    ),

    rows_numbered as (

        select
            rows_read.*,
            versions_numbered.version_number,
            versions_numbered.latest_version_number,
            coalesce(
                lag(versions_numbered.version_number) over (
                    partition by rows_read.scope_key, rows_read.row_hash
                    order by versions_numbered.version_number
                ) <> versions_numbered.version_number - 1,
                true
            ) as is_run_start
        from {{ rows }} as rows_read
        inner join versions_numbered
            on
                rows_read.scope_key = versions_numbered.scope_key
                and rows_read.submission_id = versions_numbered.submission_id

    ),

    rows_in_runs as (

        select
            *,
            sum(case when is_run_start then 1 else 0 end) over (
                partition by scope_key, row_hash
                order by version_number
                rows between unbounded preceding and current row
            ) as run_number
        from rows_numbered

    ),

    row_versions as (

        select
            *,
            version_number = latest_version_number as is_in_force,
            max(case when is_run_start then submission_id end) over (
                partition by scope_key, row_hash, run_number
            ) as origin_submission_id,
            case
                when not is_run_start then 'unchanged'
                when
                    max(version_number) over (partition by scope_key, row_hash, run_number)
                    = latest_version_number
                    then 'loaded'
                else 'superseded'
            end as disposition
        from rows_in_runs

    )
{% endmacro %}

{% macro scope_key(columns) -%}
    concat_ws('|'{% for column in columns %}, coalesce(cast({{ column }} as {{ dbt.type_string() }}), ''){% endfor %})
{%- endmacro %}

{#-
    The versions of a form: one row per landed row, with its disposition.

    form: its name in staging.
    scope: the columns within which a later submission replaces an earlier one.
    from_submission: those of them that the rows lack and their submission has.
    rank: an expression over the rows of a scope; of two versions the one with the greater rank is the later.

    origin_sheet and origin_row_number say where the row stands in the file of its origin.
-#}
{% macro versions_of_form(form, scope, from_submission=[], rank=none) %}
with landed as (

    select
        rows_landed.*,
        {% for column in from_submission %}
        submissions.{{ column }},
        {% endfor %}
        submissions.received_at as submission_received_at
    from {{ ref('stg_' ~ form) }} as rows_landed
    inner join {{ ref('stg_submissions') }} as submissions on rows_landed.submission_id = submissions.submission_id

),

rows_read as (

    select
        *,
        {{ scope_key(scope) }} as scope_key
    from landed

),

versions as (

    select distinct
        scope_key,
        submission_id,
        {% if rank %}
        {{ rank }} as version_rank,
        {% endif %}
        submission_received_at as received_at
    from rows_read

),

{{ row_versions('rows_read', 'versions', rank='version_rank' if rank else none) }}

select
    *,
    max(case when is_run_start then sheet end) over one_run as origin_sheet,
    max(case when is_run_start then row_number end) over one_run as origin_row_number
from row_versions
window one_run as (partition by scope_key, row_hash, run_number)
{% endmacro %}

{#- How many rows of each version of a scope stand, stand unchanged or were replaced, and what tells its content. -#}
{% macro dispositions_of(model, form=none) -%}
    select
        {% if form %}
        '{{ form }}' as form,
        {% endif %}
        scope_key,
        submission_id,
        version_number,
        is_in_force,
        count(*) as rows_landed,
        cast(sum({{ number_of_hash('row_hash') }}) as decimal(38, 0)) as content_sum,
        {{ count_where("disposition = 'loaded'") }} as rows_loaded,
        {{ count_where("disposition = 'unchanged'") }} as rows_unchanged,
        {{ count_where("disposition = 'superseded'") }} as rows_superseded
    from {{ ref(model) }}
    group by scope_key, submission_id, version_number, is_in_force
{%- endmacro %}
