{#-
    Periods that have ended by as_of. They stay the same for a month: what asks them and not for the day need not be
    computed anew every night.
-#}
select * from {{ ref('int_periods') }}
where period_end <= {{ as_of() }}
