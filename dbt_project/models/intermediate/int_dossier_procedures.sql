{#- Which procedures the dossiers of each extract were of, by settling unit and month of receipt, and how they came. -#}
{{ kept_by('submission_id') }}
select
    submission_id,
    state_number,
    receiving_org_code,
    received_month,
    settling_org_code,
    settling_valid_from,
    settling_level,
    settling_province_code,
    procedure_code,
    last_day(cast(received_at as date)) as month_end,
    max(case when channel = 'online' then 1 else 0 end) as was_online,
    max(case when fee_amount > 0 then 1 else 0 end) as had_fee,
    max(case when fee_amount > 0 and paid_online then 1 else 0 end) as was_paid_online
from {{ ref('int_dossier_placed') }}
where state_number is null
group by
    submission_id,
    state_number,
    receiving_org_code,
    received_month,
    settling_org_code,
    settling_valid_from,
    settling_level,
    settling_province_code,
    procedure_code,
    last_day(cast(received_at as date))
