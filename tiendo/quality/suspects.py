"""Of the form with millions of rows the checks look only at the rows that fail one of them.

Whether a row fails follows from its own extract and from small tables, so each extract is asked once; what
was found is kept as long as extract, checks and tables are the same. A check that looks at the form then
finds in these rows what it would find in all.
"""

from collections.abc import Iterable
from pathlib import Path

from tiendo import limits
from tiendo.kept.apart import LARGE_FORM, ROW_FILES
from tiendo.kept.models import Model, kept_files
from tiendo.quality.rows import PLACE, failing_query, row_condition
from tiendo.quality.suites import Suite

TABLE = f"raw.{LARGE_FORM}"


def suspects(database: Path, suites: Iterable[Suite]) -> dict[str, list[Path]]:
    """The files that stand in the place of the large form; none where the load noted no files of it.

    Args:
        database: The warehouse file, which nobody holds open for writing.
        suites: Those with the checks of the form among them.

    Raises:
        duckdb.Error: The file cannot be opened, or a check cannot be asked.
    """
    checks = [
        (query, row_condition(check))
        for suite in suites
        if f"{suite.schema}.{suite.table}" == TABLE
        for check in suite.checks
        # What does not ask the form's rows is not about them.
        if (query := failing_query(suite, check)) and f'"{suite.schema}"."{suite.table}"' in query
    ]
    with limits.connect(database, "checks", read_only=True) as connection:
        schema, _, table = ROW_FILES.partition(".")
        found = connection.execute(
            "select 1 from information_schema.tables where table_schema = ? and table_name = ?",
            [schema, table],
        ).fetchall()
        if not checks or not found:
            return {}
        files, _ = kept_files(connection, Model(f"{TABLE}_suspects", "submission_id"), _sql(checks))
    return {TABLE: files}


def _sql(checks: Iterable[tuple[str, str | None]]) -> str:
    """The rows that any of the checks finds, given as query and, where it asks the row alone, condition."""
    # In one reading of the rows.
    broken = " or ".join(f"({condition})" for _, condition in checks if condition)
    alone = f"select * from {TABLE} as subselect where {broken or 'false'}"  # noqa: S608 our own checks
    queries = [alone, *(query for query, condition in checks if not condition)]
    places = ", ".join(PLACE)
    found = " union all ".join(f"select {places} from ({query})" for query in queries)  # noqa: S608 the same
    same = " and ".join(f"held.{name} is not distinct from found.{name}" for name in PLACE)
    return f"select held.* from {TABLE} as held semi join ({found}) as found on {same}"  # noqa: S608 the same
