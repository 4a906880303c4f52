{#-
    A model of which every row belongs to one submission, or to one unit and month: what was computed before is kept as
    long as nothing it was computed from has changed, and the model is a view over it (tiendo/kept).
-#}
{% materialization kept, adapter='duckdb' %}
    {%- set target = this.incorporate(type='view') -%}
    {{ run_hooks(pre_hooks) }}
    {% call statement('main', language='python') -%}
from datetime import date

from tiendo.kept.models import Model, bring_up_to_date


class dbtObj:
    def __init__(self, load):
        pass


def model(dbt, connection):
    bring_up_to_date(
        connection,
        Model({{ (this.schema ~ '.' ~ this.identifier) | tojson }}, {{ config.get('meta')['kept_by'] | tojson }}),
        {{ compiled_code | tojson }},
        date.fromisoformat({{ var('as_of') | tojson }}),
    )


def materialize(found, connection):
    pass
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
