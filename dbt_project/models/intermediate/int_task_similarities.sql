{#-
    How alike the tasks of one place are, within a plan and between plans, by the words they share (Dice: twice
    the common words over all words). A like product raises the score of like titles; it makes none alike by itself,
    since many products are called 'Kế hoạch'. Of each pair the task issued earlier comes first.
-#}
with tasks as (

    select
        plans.org_code,
        plans.valid_from as issued_on,
        tasks.plan_id,
        tasks.row_ref,
        tasks.line_number,
        tasks.title_vi,
        tasks.deliverable_vi
    from {{ ref('stg_plan_tasks') }} as tasks
    inner join {{ ref('stg_plans') }} as plans on tasks.plan_id = plans.plan_id

),

texts as (

    select
        line_number,
        'title' as part,
        {{ bare_words('title_vi') }} as text
    from tasks

    union all

    select
        line_number,
        'product' as part,
        {{ bare_words('deliverable_vi') }} as text
    from tasks

),

positions as (

    select {{ number_series(1, 60) }} as position

),

words as (

    select distinct
        texts.line_number,
        texts.part,
        split_part(texts.text, ' ', cast(positions.position as int)) as word
    from texts
    inner join positions
        on positions.position <= length(texts.text) - length(replace(texts.text, ' ', '')) + 1
    where split_part(texts.text, ' ', cast(positions.position as int)) <> ''

),

sizes as (

    select
        line_number,
        part,
        count(*) as word_count
    from words
    group by line_number, part

),

pairs as (

    select
        earlier.line_number,
        later.line_number as other_line_number
    from tasks as earlier
    inner join tasks as later
        on
            earlier.org_code = later.org_code
            and (
                earlier.issued_on < later.issued_on
                or (earlier.issued_on = later.issued_on and earlier.line_number < later.line_number)
            )

),

common as (

    select
        pairs.line_number,
        pairs.other_line_number,
        one.part,
        count(*) as word_count
    from pairs
    inner join words as one on pairs.line_number = one.line_number
    inner join words as other
        on pairs.other_line_number = other.line_number and one.part = other.part and one.word = other.word
    group by pairs.line_number, pairs.other_line_number, one.part

),

scored as (

    select
        common.line_number,
        common.other_line_number,
        max(
            case
                when common.part = 'title'
                    then cast(2 * common.word_count as double) / (one.word_count + other.word_count)
            end
        ) as title_score,
        max(
            case
                when common.part = 'product'
                    then cast(2 * common.word_count as double) / (one.word_count + other.word_count)
            end
        ) as product_score
    from common
    inner join sizes as one on common.line_number = one.line_number and common.part = one.part
    inner join sizes as other on common.other_line_number = other.line_number and common.part = other.part
    group by common.line_number, common.other_line_number

),

final as (

    select
        tasks.plan_id,
        tasks.row_ref,
        others.plan_id as other_plan_id,
        others.row_ref as other_row_ref,
        round(scored.title_score, 6) as title_score,
        round(greatest(scored.title_score, (scored.title_score + scored.product_score) / 2), 6) as score
    from scored
    inner join {{ ref('int_thresholds_in_force') }} as thresholds on scored.title_score >= thresholds.task_title_score
    inner join tasks on scored.line_number = tasks.line_number
    inner join tasks as others on scored.other_line_number = others.line_number

)

select * from final
