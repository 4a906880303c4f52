{#- Numbers and dates as Vietnamese and English readers write them: 1.234,5 and 1,234.5. -#}

{#- Two decimals; four below one, since an index of 0.8241 would read 0.82. Beyond ten trillion nothing is read. -#}
{% macro shown_value(number) -%}
    cast(
        case
            when abs({{ number }}) < 1 then round({{ number }}, 4)
            else round(greatest(least({{ number }}, 10000000000000), -10000000000000), 2)
        end as decimal(18, 4)
    )
{%- endmacro %}

{% macro whole_digits(number) -%}
    {{ grouped_digits("cast(floor(abs(" ~ shown_value(number) ~ ")) as bigint)") }}
{%- endmacro %}

{#- '.25', or nothing where the number is whole. -#}
{% macro fraction_digits(number) -%}
    regexp_replace(
        substr(
            cast(
                cast(abs({{ shown_value(number) }}) - floor(abs({{ shown_value(number) }})) as decimal(18, 4))
                as {{ dbt.type_string() }}
            ),
            2
        ),
        '[.]?0+$', ''
    )
{%- endmacro %}

{% macro number_en(number) -%}
    case
        when {{ number }} is not null
            then concat_ws(
                '',
                case when {{ shown_value(number) }} < 0 then '-' end,
                {{ whole_digits(number) }},
                {{ fraction_digits(number) }}
            )
    end
{%- endmacro %}

{% macro number_vi(number) -%}
    case
        when {{ number }} is not null
            then concat_ws(
                '',
                case when {{ shown_value(number) }} < 0 then '-' end,
                replace({{ whole_digits(number) }}, ',', '.'),
                replace({{ fraction_digits(number) }}, '.', ',')
            )
    end
{%- endmacro %}

{% macro date_vi(day) -%}
    concat_ws('',
        substr(cast({{ day }} as {{ dbt.type_string() }}), 9, 2), '/',
        substr(cast({{ day }} as {{ dbt.type_string() }}), 6, 2), '/',
        substr(cast({{ day }} as {{ dbt.type_string() }}), 1, 4)
    )
{%- endmacro %}

{% macro date_en(day) -%}
    cast({{ day }} as {{ dbt.type_string() }})
{%- endmacro %}

{#- A period as people say it: tháng 3/2026, quý I/2026, 6 tháng đầu năm 2026, năm 2026. -#}
{% macro period_vi(period) -%}
    case
        when substr({{ period }}, 6, 1) = 'Q'
            then concat_ws('',
                'quý ',
                case substr({{ period }}, 7, 1) when '1' then 'I' when '2' then 'II' when '3' then 'III' else 'IV' end,
                '/', substr({{ period }}, 1, 4)
            )
        when substr({{ period }}, 6, 1) = 'H'
            then concat_ws('',
                case substr({{ period }}, 7, 1) when '1' then '6 tháng đầu năm ' else '6 tháng cuối năm ' end,
                substr({{ period }}, 1, 4)
            )
        when length({{ period }}) = 4 then concat_ws('', 'năm ', {{ period }})
        else concat_ws('',
            'tháng ', cast(cast(substr({{ period }}, 6, 2) as int) as {{ dbt.type_string() }}), '/',
            substr({{ period }}, 1, 4)
        )
    end
{%- endmacro %}

{% macro period_en(period) -%}
    {{ period }}
{%- endmacro %}
