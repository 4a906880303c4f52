{#-
    Tables are written straight into the warehouse file. dbt would write each beside its predecessor, rename both
    and drop the old one in a transaction of its own; nobody reads this file before the release is made of it, and
    that took a sixth of every night's run.
-#}
{% materialization table, adapter='duckdb' %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type='table') -%}
    {{ run_hooks(pre_hooks) }}
    {%- if existing is not none -%}
        {{ drop_relation_if_exists(existing) }}
    {%- endif -%}
    {% call statement('main', language='sql') -%}
        {{ create_table_as(False, target, compiled_code, 'sql') }}
    {%- endcall %}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({'relations': [target]}) }}
{% endmaterialization %}
