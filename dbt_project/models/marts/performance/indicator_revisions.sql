{#- Every value ever known, from when to when; what changed nothing is left out. -#}
{% set content = scope_key(['figure', 'numerator', 'denominator', 'maturity', 'source_kind', 'is_estimate']) %}
with figures as (

    select
        *,
        coalesce(known_to, timestamp '9999-12-31 00:00:00') as known_until
    from {{ ref('int_known_figures') }}

),

before as (

    select
        *,
        lag(known_until) over events as known_until_before,
        lag({{ content }}) over events as content_before,
        {{ content }} as content
    from figures
    window events as (partition by series_key order by known_from)

),

compared as (

    select
        *,
        case when known_until_before = known_from and content_before = content then 0 else 1 end as is_revision
    from before

),

numbered as (

    select
        *,
        sum(is_revision) over (
            partition by series_key
            order by known_from
            rows between unbounded preceding and current row
        ) as revision_number
    from compared

),

spanned as (

    select
        *,
        max(known_until) over (partition by series_key, revision_number) as value_known_until
    from numbered

),

final as (

    select
        places.province_code,
        spanned.org_code,
        spanned.valid_from as org_valid_from,
        spanned.indicator_code,
        spanned.variant,
        spanned.period,
        spanned.period_end,
        case when spanned.is_estimate then 'full_year_estimate' else spanned.basis end as basis,
        cast(spanned.revision_number as bigint) as revision_number,
        spanned.figure as value,
        {{ kept_number('spanned.numerator') }} as numerator,
        {{ kept_number('spanned.denominator') }} as denominator,
        spanned.maturity,
        spanned.source_kind,
        spanned.known_from,
        case
            when spanned.value_known_until < timestamp '9999-12-31 00:00:00' then spanned.value_known_until
        end as known_to,
        spanned.value_known_until = timestamp '9999-12-31 00:00:00' as is_current,
        spanned.changed_by as submission_id
    from spanned
    inner join {{ ref('int_places') }} as places
        on spanned.org_code = places.org_code and spanned.valid_from = places.valid_from
    where spanned.is_revision = 1

)

select * from final
