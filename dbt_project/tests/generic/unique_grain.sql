{#- No two rows share the grain; empty values count as equal, unlike in a unique constraint. -#}
{% test unique_grain(model, columns) %}

select
    {{ columns | join(', ') }},
    count(*) as rows_sharing
from {{ model }}
group by {{ columns | join(', ') }}
having count(*) > 1

{% endtest %}
