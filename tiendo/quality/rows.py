"""Which rows fail a check: asked only once a check has failed, over the same table.

Of a form only the place is told (submission, sheet, row, columns): the pages leave the house with a release,
and what senders wrote stays inside. Curated tables are published, so their values may be shown.
"""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from tiendo.quality.results import FailedRows
from tiendo.quality.suites import Check, Suite
from tiendo.quoting import sql_name, sql_text

if TYPE_CHECKING:
    import duckdb

LISTED = 1000
VALUE_LENGTH = 200
# A written check that filters the rows of its table and asks nothing else.
ROW_ALONE = re.compile(
    r"select \*\s+from \{batch\}\s+where (?P<condition>(?:(?!\b(?:select|group|having|qualify|union)\b).)+)",
    re.DOTALL,
)
# Where a landed row comes from.
PLACE = ("submission_id", "sheet", "row_number")
# Alias that no table has as a column.
AT_FAULT = "columns at fault"


def failed_rows(connection: "duckdb.DuckDBPyConnection", suite: Suite, check: Check) -> FailedRows | None:
    """The rows that fail a check.

    Args:
        connection: Shows the schemas `raw`, `intermediate` and `marts`.
        suite: Whose table is asked.
        check: A check of the suite that has failed.

    Returns:
        None where the check is not about rows, or where its rows cannot be read.
    """
    import duckdb

    query = failing_query(suite, check)
    if query is None:
        return None
    try:
        if suite.layer == "raw":
            return _places(connection, suite, check, query)
        return _values(connection, suite, check, query)
    except duckdb.Error:
        return None


def failing_query(suite: Suite, check: Check) -> str | None:
    """SQL for the rows that fail; None where the check asks something of the table as a whole."""
    batch = f'(from "{suite.schema}"."{suite.table}") as subselect'
    asked = check.kwargs
    if check.breaches:
        each = "".join(
            f", case when {breach.condition} then {sql_text(', '.join(breach.columns))} end"
            for breach in check.breaches
        )
        broken = row_condition(check)
        return f"from {batch} select *, concat_ws(', '{each}) as \"{AT_FAULT}\" where {broken}"
    if query := asked.get("unexpected_rows_query"):
        return str(query).format(batch=batch)
    column = sql_name(str(asked.get("column")))
    match check.check_type:
        case "expect_compound_columns_to_be_unique" | "expect_column_values_to_be_unique":
            key = ", ".join(sql_name(name) for name in asked.get("column_list") or [asked["column"]])
            return f"from {batch} qualify count(*) over (partition by {key}) > 1"
        case "expect_column_values_to_not_be_null":
            return f"from {batch} where {column} is null"
        case "expect_column_values_to_be_in_set":
            listed = ", ".join(sql_text(value) for value in asked["value_set"])
            return f"from {batch} where cast({column} as varchar) not in ({listed})"
        case "expect_column_values_to_be_between":
            bounds = {"<": asked.get("min_value"), ">": asked.get("max_value")}
            broken = [f"{column} {sign} {bound}" for sign, bound in bounds.items() if bound is not None]
            return f"from {batch} where {' or '.join(broken)}"
        case _:
            return None


def row_condition(check: Check) -> str | None:
    """SQL that is true of a row which fails; None where the check asks more than the row itself."""
    if check.breaches:
        return " or ".join(f"({breach.condition})" for breach in check.breaches)
    written = ROW_ALONE.fullmatch(str(check.kwargs.get("unexpected_rows_query")).strip())
    return written["condition"] if written else None


def _places(connection: "duckdb.DuckDBPyConnection", suite: Suite, check: Check, query: str) -> FailedRows:
    offered = _offered(connection, query)
    place = [name for name in PLACE if name in offered]
    total = _total(connection, query)
    if "submission_id" not in place:
        return FailedRows((), (), total)
    counted = connection.execute(
        f"from ({query}) select submission_id, count(*)"
        " where submission_id is not null group by all order by all"
    ).fetchall()
    at_fault = sql_name(AT_FAULT) if AT_FAULT in offered else sql_text(", ".join(_named(suite, check)))
    rows = connection.execute(
        f"from (from ({query}) select {', '.join(place)}, {at_fault} as at_fault) as failed"
        " left join raw.submissions on submissions.submission_id = failed.submission_id"
        f" select failed.submission_id, file_name, {''.join(f'failed.{name}, ' for name in place[1:])}"
        f" at_fault order by all limit {LISTED}"
    ).fetchall()
    told = [(*row[:-1], _labelled(suite, str(row[-1] or ""))) for row in rows]
    by_submission = tuple((str(name), int(count)) for name, count in counted)
    return FailedRows(
        ("submission_id", "file_name", *place[1:], "columns"), _as_text(told), total, by_submission
    )


def _values(connection: "duckdb.DuckDBPyConnection", suite: Suite, check: Check, query: str) -> FailedRows:
    offered = _offered(connection, query)
    wanted = dict.fromkeys([*suite.grain, *_named(suite, check)])
    # A query that counts or adds up gives columns of its own.
    shown = [name for name in wanted if name in offered] or [name for name in offered if name != AT_FAULT]
    if AT_FAULT in offered:
        shown.append(AT_FAULT)
    listed = ", ".join(sql_name(name) for name in shown)
    rows = connection.execute(f"from ({query}) select {listed} order by all limit {LISTED}").fetchall()
    headings = tuple("columns" if name == AT_FAULT else _labelled(suite, name) for name in shown)
    if AT_FAULT in offered:
        rows = [(*row[:-1], _labelled(suite, row[-1])) for row in rows]
    return FailedRows(headings, _as_text(rows), _total(connection, query))


def _named(suite: Suite, check: Check) -> list[str]:
    """The table's columns that a check speaks of, in the order of the table."""
    said = " ".join([str(check.kwargs), *(" ".join(breach.columns) for breach in check.breaches)])
    words = set(re.findall(r"\w+", said))
    return [name for name in suite.labels if name in words]


def _labelled(suite: Suite, names: str) -> str:
    """Names with their headings: 'Dân số (population)'."""
    return ", ".join(
        name if suite.labels.get(name, name) == name else f"{suite.labels[name]} ({name})"
        for name in names.split(", ")
    )


def _offered(connection: "duckdb.DuckDBPyConnection", query: str) -> list[str]:
    return [str(row[0]) for row in connection.execute(f"describe {query}").fetchall()]


def _total(connection: "duckdb.DuckDBPyConnection", query: str) -> int:
    found = connection.execute(f"from ({query}) select count(*)").fetchone()
    return int(found[0]) if found else 0


def _as_text(rows: Sequence[tuple[Any, ...]]) -> tuple[tuple[str | None, ...], ...]:
    return tuple(tuple(None if value is None else _plain(str(value)) for value in row) for row in rows)


def _plain(text: str) -> str:
    """Without what moves a terminal's cursor: texts of senders are told in messages too."""
    return "".join(each if each.isprintable() else " " for each in text[:VALUE_LENGTH])
