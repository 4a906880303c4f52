{#- The days on which tasks are judged: the day of the release, and the end of the month before it for the trend. -#}
select
    {{ as_of() }} as judged_on,
    true as is_current

union all

select
    {{ day_before("cast(date_trunc('month', " ~ as_of() ~ ") as date)") }} as judged_on,
    false as is_current
