"""Runs dbt's statements, each after its parents and as many at a time as dbt would.

Each is a transaction of its own: over tables that are not committed yet DuckDB plans as if they were empty.
"""

import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import date
from graphlib import TopologicalSorter

import duckdb

from tiendo import limits
from tiendo.fingerprints import table_fingerprints
from tiendo.kept.models import Model, bring_up_to_date
from tiendo.warehouse.statements import Statement


class RefusedByTestError(Exception):
    """A data test found rows that should not be; dbt has to say which."""


@dataclass
class Build:
    """The models of one file on their way to another day or other sources.

    Attributes:
        connection: Of the file; nobody else holds it.
        day: The day that stands in the statements.
        changed: Sources and models that hold something else than before.
        known: Fingerprints of tables.
        is_new: Whether the file holds no model yet, so that all is run.
        is_other_day: Whether its models speak of another day.
        seconds: By the name of what was run.
    """

    connection: duckdb.DuckDBPyConnection
    day: date
    changed: set[str]
    known: dict[str, str]
    is_new: bool
    is_other_day: bool
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    def run(
        self, listed: Sequence[Statement], progress: Callable[[int, int], None] | None = None
    ) -> dict[str, float]:
        """Runs what is due.

        Args:
            listed: All statements.
            progress: Called with statements dealt with and statements in all.

        Raises:
            duckdb.Error: A statement fails.
            RefusedByTestError: A test does.
        """
        by_name = {statement.node: statement for statement in listed}
        order = TopologicalSorter({name: by_name.keys() & each.parents for name, each in by_name.items()})
        order.prepare()
        running: set[Future[str]] = set()
        done = 0
        with ThreadPoolExecutor(limits.threads_of("models")) as pool:
            try:
                while order.is_active():
                    running |= {pool.submit(self._deal_with, by_name[name]) for name in order.get_ready()}
                    ended, running = wait(running, return_when=FIRST_COMPLETED)
                    # Several may have ended at once; each is told, so that no step of the bar is missing.
                    for each in ended:
                        order.done(each.result())
                        done += 1
                        if progress:
                            progress(done, len(by_name))
            except BaseException:
                pool.shutdown(cancel_futures=True)
                raise
        return self.seconds

    def _deal_with(self, statement: Statement) -> str:
        is_due = self.is_new or (self.is_other_day and statement.is_of_the_day)
        if is_due or not self.changed.isdisjoint(statement.parents):
            started = time.perf_counter()
            with self.connection.cursor() as connection:
                if self._run(connection, statement):
                    self.changed.add(statement.node)
            self.seconds[statement.node] = time.perf_counter() - started
        return statement.node

    def _run(self, connection: duckdb.DuckDBPyConnection, statement: Statement) -> bool:
        """Runs one statement; whether its table is another one now."""
        relation = statement.relation
        if statement.kind == "test":
            row = connection.execute(statement.sql).fetchone()
            if row is None or row[1] or row[2]:  # failures, should_warn, should_error
                raise RefusedByTestError(statement.node)
            return False
        if statement.kind == "kept":
            return bring_up_to_date(connection, Model(relation, statement.kept_by), statement.sql, self.day)
        if self.is_new or statement.kind == "view":
            connection.execute(f"drop {statement.kind} if exists {relation}")
            connection.execute(statement.sql)
            return True
        before = self.known.get(relation)
        # To look whether a table has changed costs more than the tests on it.
        if statement.is_read and before is None:
            before = table_fingerprints(connection, [relation])[relation]
        connection.execute(f"drop table {relation}")
        connection.execute(statement.sql)
        if statement.is_read:
            self.known |= table_fingerprints(connection, [relation])
        return before is None or self.known[relation] != before
