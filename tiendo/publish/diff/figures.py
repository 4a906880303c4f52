"""Which numbers and which tasks are not what they were, each named once, by its strongest change.

A number is one indicator of one place in one period; the plans that set a target for it judge the same
number, so they are listed under it and do not multiply it.
"""

from itertools import groupby

from tiendo.publish.diff.tables import SIDES, Pair, Record

# Strongest first; `words` says what they mean.
KINDS = ("revised", "added", "removed", "retargeted", "reflagged", "opened", "closed", "derived")
NUMBER = (
    "province_code", "org_code", "org_valid_from", "indicator_code", "variant", "basis", "period",
    "period_end",
)  # fmt: skip
NAMES = ("org_name_vi", "org_level", "indicator_name_vi", "indicator_name_en", "unit", "judged_on")
ROW = ("plan_id", "row_ref", "is_primary", "is_inherited_target")
FIGURE = ("actual", "numerator", "denominator")
FIGURE_TARGETS = ("target", "target_low", "target_high", "target_text", "milestone_on", "adjusted_by")
FIGURE_FLAGS = ("status", "colour", "maturity", "milestone_met", "source_kind", "is_verified")
TASK = (
    "percent_complete", "reported_state", "is_done", "completed_on", "assignees_done", "assignees_total",
    "evidence_count",
)  # fmt: skip
TASK_TARGETS = ("due_on", "deadline_kind", "recurrence", "adjusted_by")
TASK_FLAGS = ("state", "colour", "alert", "alert_rule", "evidence_verdict")

FIGURES_SQL = """
create temp table figure_rows as
with changed as (

    select {either}, {twice}, change, {columns} as columns
    from {source}

),

-- A row that is new under a plan may judge a number that was there before.
known as (

    select
        changed.*,
        {known}
    from changed
    left join numbers_before on {same_before}
    left join numbers_after on {same_after}

)

select
    *,
    case
        when old_actual is null and new_actual is not null then 'added'
        when old_actual is not null and new_actual is null then 'removed'
        when old_actual is not null and {is_revised} then 'revised'
        when change = 'added' then 'opened'
        when change = 'removed' then 'closed'
        when {is_retargeted} then 'retargeted'
        when {is_reflagged} then 'reflagged'
        else 'derived'
    end as kind,
    dense_rank() over (order by {number}) as number_id
from known
"""
TASKS_SQL = """
create temp table task_rows as
with changed as (select {either}, {twice}, change, {columns} as columns from {source})

select
    *,
    case
        when change <> 'changed' then change
        when {is_revised} then 'revised'
        when {is_retargeted} then 'retargeted'
        when {is_reflagged} then 'reflagged'
        else 'derived'
    end as kind,
    row_number() over (order by plan_id, row_ref) as number_id
from changed
"""
ORDER_SQL = """
select * from {rows}
order by number_id, array_position({kinds}, kind), is_primary desc nulls last,
    is_inherited_target nulls last, plan_id nulls last, row_ref nulls last
"""


def keep_figures(pair: Pair) -> None:
    """Makes the temporary table `figure_rows`: what differs in `indicator_progress`, by kind."""
    number = ", ".join(NUMBER)
    for side in SIDES:
        pair.connection.execute(
            f"create temp table numbers_{side} as"  # noqa: S608
            f" select distinct on ({number}) {number}, {', '.join(FIGURE)} from {side}.indicator_progress"
            f" where actual is not null order by {number}, actual, numerator, denominator"
        )
    columns = (*FIGURE, *FIGURE_TARGETS, *FIGURE_FLAGS, "submission_id")
    pair.connection.execute(
        FIGURES_SQL.format(
            either=_either((*NUMBER, *NAMES, *ROW)),
            twice=_twice(columns),
            columns=_columns(pair, "indicator_progress"),
            source=_complete(pair, "indicator_progress", (*NUMBER, *NAMES, *ROW, *columns)),
            known=",\n        ".join(
                f"case when change = '{change}' then numbers_{side}.{c} else {side}_{c} end as {word}_{c}"
                for c in FIGURE
                for change, side, word in (("added", "before", "old"), ("removed", "after", "new"))
            ),
            same_before=_same_number("before"),
            same_after=_same_number("after"),
            is_revised=differ(FIGURE, "old", "new"),
            is_retargeted=differ(FIGURE_TARGETS),
            is_reflagged=differ(FIGURE_FLAGS),
            number=number,
        )
    )


def keep_tasks(pair: Pair) -> None:
    """Makes the temporary table `task_rows`: what differs in `task_progress`, by kind."""
    columns = (*TASK, *TASK_TARGETS, *TASK_FLAGS, "submission_id")
    names = ("plan_id", "row_ref", "province_code", "org_code", "title_vi", "lead_agency_codes")
    pair.connection.execute(
        TASKS_SQL.format(
            either=_either(names),
            twice=_twice(columns),
            columns=_columns(pair, "task_progress"),
            source=_complete(pair, "task_progress", (*names, *columns)),
            is_revised=differ(TASK),
            is_retargeted=differ(TASK_TARGETS),
            is_reflagged=differ(TASK_FLAGS),
        )
    )


def drop_derived(pair: Pair) -> dict[str, int]:
    """Takes numbers out of `figure_rows` of which only explanations changed; how many, by province.

    A rule in other words changes a sentence in every row: those are counted and not listed.
    """
    numbers = "select distinct number_id from figure_rows where kind <> 'derived'"
    dropped = pair.records(
        f"select province_code, count(distinct number_id) as numbers from figure_rows"  # noqa: S608
        f" where number_id not in ({numbers}) group by province_code order by province_code"
    )
    pair.connection.execute(f"delete from figure_rows where number_id not in ({numbers})")  # noqa: S608
    return {str(row["province_code"] or ""): int(row["numbers"]) for row in dropped}


def read_figures(pair: Pair) -> list[Record]:
    """Changed numbers: the strongest change of its rows, and all of these under `rows`."""
    ordered = pair.records(ORDER_SQL.format(rows="figure_rows", kinds=list(KINDS)))
    return [_figure(list(rows)) for _, rows in groupby(ordered, key=lambda row: row["number_id"])]


def read_tasks(pair: Pair) -> list[Record]:
    """Changed tasks, each with what was and what is."""
    return [
        {
            "number_id": row["number_id"],
            "kind": row["kind"],
            **{name: row[name] for name in ("plan_id", "row_ref", "province_code", "org_code", "title_vi")},
            **{side: _of_side(row, side, (*TASK, *TASK_TARGETS, *TASK_FLAGS)) for side in SIDES},
            "columns": row["columns"],
            "submission_before": row["before_submission_id"],
            "submission_after": row["after_submission_id"],
        }
        for row in pair.records("select * from task_rows order by number_id")
    ]


def _figure(rows: list[Record]) -> Record:
    first = rows[0]
    return {
        "number_id": first["number_id"],
        "kind": first["kind"],
        **{name: first[name] for name in (*NUMBER, *NAMES)},
        "before": {name: first[f"old_{name}"] for name in FIGURE},
        "after": {name: first[f"new_{name}"] for name in FIGURE},
        "rows": [
            {
                "kind": row["kind"],
                **{name: row[name] for name in ROW},
                **{side: _of_side(row, side, (*FIGURE_TARGETS, *FIGURE_FLAGS)) for side in SIDES},
                "columns": row["columns"],
            }
            for row in rows
        ],
        "submission_before": first["before_submission_id"],
        "submission_after": first["after_submission_id"],
    }


def _of_side(row: Record, side: str, columns: tuple[str, ...]) -> Record | None:
    """What a row held in one release; None where it had no such row."""
    if row["change"] == ("added" if side == "before" else "removed"):
        return None
    return {column: row[f"{side}_{column}"] for column in columns}


def _complete(pair: Pair, table: str, columns: tuple[str, ...]) -> str:
    """The table of changes with every column asked for: releases of an older program may lack some."""
    known = {row["column_name"] for row in pair.records(f"describe changes_{table}")}
    wanted = [f"{side}_{column}" for column in dict.fromkeys(columns) for side in SIDES]
    missing = "".join(f", null as {name}" for name in wanted if name not in known)
    return f"(select *{missing} from changes_{table})"  # noqa: S608


def _columns(pair: Pair, table: str) -> str:
    """The names of the columns in which a changed row differs, in order."""
    old, new = (pair.described[side][table].columns for side in SIDES)
    named = ", ".join(
        f"case when before_{c} is distinct from after_{c} then '{c}' end" for c in sorted(set(old) & set(new))
    )
    return f"case change when 'changed' then list_filter([{named}], lambda c: c is not null) else [] end"


def _either(columns: tuple[str, ...]) -> str:
    return ", ".join(
        f"case when change = 'removed' then before_{c} else after_{c} end as {c}" for c in columns
    )


def _twice(columns: tuple[str, ...]) -> str:
    return ", ".join(f"{side}_{column}" for column in dict.fromkeys(columns) for side in SIDES)


def _same_number(side: str) -> str:
    return " and ".join(f"changed.{c} is not distinct from numbers_{side}.{c}" for c in NUMBER)


def differ(columns: tuple[str, ...], old: str = "before", new: str = "after") -> str:
    """SQL that is true where one of the columns has another value."""
    return "(" + " or ".join(f"{old}_{c} is distinct from {new}_{c}" for c in columns) + ")"
