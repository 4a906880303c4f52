-- Every status and every task state has its row in the points, so that nothing falls out of a score unseen.
with states as (

    select
        'indicators' as part,
        status as state
    from {{ ref('statuses') }}

    union all

    select
        'tasks' as part,
        state
    from {{ ref('task_states') }}

)

select states.*
from states
left join {{ ref('scorecard_points') }} as points
    on states.part = points.part and states.state = points.counted_as
where points.part is null
