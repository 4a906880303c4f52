"""Equal contents have equal fingerprints, and any other content has another."""

import duckdb
import pytest

from tiendo.fingerprints import table_fingerprints

FIRST = "(values (1, 'a', 1.5::double), (2, null, 0.0::double), (2, null, 0.0::double)) t(n, word, share)"


def fingerprint(content: str) -> str:
    with duckdb.connect() as connection:
        connection.execute(f"create table main.\"a 'table'\" as from {content}")
        return table_fingerprints(connection, ["main.a 'table'"])["main.a 'table'"]


def test_order_of_rows_does_not_count() -> None:
    assert fingerprint(f"(from {FIRST} order by all desc)") == fingerprint(FIRST)


@pytest.mark.parametrize(
    "other",
    [
        FIRST.replace("'a'", "'b'"),
        FIRST.replace("'a'", "''"),
        FIRST.replace("'a'", "null").replace("(2, null", "(2, 'a'", 1),
        FIRST.replace(", 0.0", ", -0.0", 1),
        f"(from {FIRST} limit 0)",
        f"(from {FIRST} limit 2)",
        f"(select distinct * from {FIRST})",
        f"(from {FIRST} union all from {FIRST})",
        f"(from {FIRST} select * replace (n + 0.0::float as n))",
        f"(from {FIRST} select n::bigint as n, word, share)",
        f"(from {FIRST} select n, word as words, share)",
        f"(from {FIRST} select word, n, share)",
        f"(from {FIRST} select *, 1 as more)",
    ],
)
def test_a_cell_a_row_a_type_or_a_column_changes_it(other: str) -> None:
    assert fingerprint(other) != fingerprint(FIRST)


def test_a_repeated_row_is_not_lost() -> None:
    one, other = ("(values (1), (2), (2)) t(n)", "(values (1), (3), (3)) t(n)")
    assert fingerprint(one) != fingerprint(other)


def test_a_view_is_read_like_a_table() -> None:
    with duckdb.connect() as connection:
        connection.execute(f"create table one as from {FIRST}; create view same as from one")
        found = table_fingerprints(connection, ["main.one", "main.same"])
    assert found["main.one"] == found["main.same"]


def test_a_missing_table_is_an_error() -> None:
    with duckdb.connect() as connection, pytest.raises(duckdb.Error):
        table_fingerprints(connection, ["main.absent"])
