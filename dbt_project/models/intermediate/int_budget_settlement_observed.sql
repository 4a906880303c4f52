{#- Every F10 measure per province and year, amounts in million đồng, as the province stood on the year's last day. -#}
with {{ settlement_parts() }},

final as (

    select
        org_code,
        valid_from,
        indicator_code,
        variant,
        period,
        basis,
        {{ kept_number('sum(numerator)') }} as numerator,
        {{ kept_number('sum(denominator)') }} as denominator,
        cast(1 as double) as coverage_share,
        'final' as maturity,
        case when count(distinct submission_id) = 1 then max(submission_id) end as submission_id,
        count(distinct submission_id) as submission_count
    from settlement_parts
    where numerator is not null or denominator is not null
    group by indicator_code, variant, org_code, valid_from, period, basis
    having count(numerator) > 0 and count(denominator) > 0

)

select * from final
