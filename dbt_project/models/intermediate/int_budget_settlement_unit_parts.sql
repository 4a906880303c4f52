{#- The lines of published settlements that count in an F10 measure, in million đồng. -#}
with {{ settlement_parts() }},

final as (

    select * from settlement_parts
    where numerator is not null or denominator is not null

)

select * from final
