{#-
    Where a row gets to at the pace so far: the least-squares line through its figures, read at the milestone
    (level) or at the end of the year (counts and ratios of the year), with the 95% prediction interval.

    Points of a level are its baseline and the actuals of the indicator's own frequency since; of a year those
    since 1 January. The sums are exact, so that the result does not depend on the order of adding.
-#}
{% set key = ['org_code', 'valid_from', 'indicator_code', 'plan_id', 'row_ref', 'period'] %}
with lines as (

    select
        {{ key | join(', ') }},
        variant,
        pace,
        kind,
        unit,
        is_percent,
        judged_on,
        baseline,
        case
            when pace = 'level' then coalesce(baseline_on, path_start_on)
            else {{ previous_year_end('judged_on') }}
        end as line_start,
        case
            when pace = 'level' then milestone_on
            else least(milestone_on, {{ year_end('judged_on') }})
        end as forecast_on
    from {{ ref('int_progress_judged') }}
    where
        pace in ('level', 'cumulative', 'flow')
        and actual is not null
        and status not in ('no_target', 'not_scored', 'withheld')
        and not is_contradictory

),

points as (

    select
        {{ key | join(', ') }},
        0 as day_number,
        cast(baseline as decimal(18, 6)) as figure
    from lines
    where pace = 'level' and baseline is not null

    union all

    select
        {% for column in key %}
        lines.{{ column }},
        {% endfor %}
        cast({{ days_between('lines.line_start', 'observations.judged_on') }} as int) as day_number,
        cast(observations.actual as decimal(18, 6)) as figure
    from lines
    inner join {{ ref('int_observations_decisive') }} as observations
        on
            lines.org_code = observations.org_code
            and lines.valid_from = observations.valid_from
            and lines.indicator_code = observations.indicator_code
            and lines.variant = observations.variant
            and observations.is_own_frequency
            and observations.judged_on > lines.line_start
            and observations.judged_on <= lines.judged_on

),

sums as (

    select
        {{ key | join(', ') }},
        cast(count(*) as double) as n,
        cast(sum(day_number) as double) as sum_x,
        cast(sum(figure) as double) as sum_y,
        cast(sum(day_number * day_number) as double) as sum_xx,
        cast(sum(day_number * cast(figure as decimal(19, 6))) as double) as sum_xy,
        cast(sum(figure * cast(figure as decimal(19, 6))) as double) as sum_yy
    from points
    group by {{ key | join(', ') }}
    having count(*) >= 2

),

centred as (

    select
        *,
        sum_xx - sum_x * sum_x / n as spread_x,
        sum_xy - sum_x * sum_y / n as spread_xy,
        sum_yy - sum_y * sum_y / n as spread_yy
    from sums

),

degrees as (

    select
        df,
        cast(quantile_975 as double) as quantile,
        lead(df, 1, 1000000) over (order by df) as next_df
    from {{ ref('student_t') }}

),

read_off as (

    select
        lines.*,
        centred.sum_y / centred.n
        + centred.spread_xy / centred.spread_x
        * ({{ days_between('lines.line_start', 'lines.forecast_on') }} - centred.sum_x / centred.n) as value,
        degrees.quantile
        * sqrt(
            greatest(centred.spread_yy - centred.spread_xy * centred.spread_xy / centred.spread_x, 0)
            / nullif(centred.n - 2, 0)
        )
        * sqrt(
            1
            + 1 / centred.n
            + ({{ days_between('lines.line_start', 'lines.forecast_on') }} - centred.sum_x / centred.n)
            * ({{ days_between('lines.line_start', 'lines.forecast_on') }} - centred.sum_x / centred.n)
            / centred.spread_x
        ) as margin
    from lines
    inner join centred
        on
            lines.org_code = centred.org_code
            and lines.valid_from = centred.valid_from
            and lines.indicator_code = centred.indicator_code
            and lines.plan_id = centred.plan_id
            and lines.row_ref = centred.row_ref
            and lines.period = centred.period
    left join degrees on centred.n - 2 >= degrees.df and centred.n - 2 < degrees.next_df
    where centred.spread_x > 0 and lines.judged_on < lines.forecast_on

),

final as (

    select
        {{ key | join(', ') }},
        forecast_on,
        round({{ within_bounds('value') }}, 6) as forecast,
        round({{ within_bounds('value - margin') }}, 6) as forecast_low,
        round({{ within_bounds('value + margin') }}, 6) as forecast_high
    from read_off

)

select * from final
