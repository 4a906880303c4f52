"""What was computed of each submission stays beside the landing zone: a night computes only what is new.

A model each row of which belongs to one submission gives the same rows for it as long as its statement, what
that reads, and what the submission holds are the same. Kept rows bear a digest of all three and nothing else
decides whether they are used: a correction, another measure or another register of units is another digest.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from threading import Lock
from typing import Any

from tiendo.fingerprints import table_fingerprints
from tiendo.kept.apart import Apart, RowFile, folder_of
from tiendo.kept.shelf import KEY, Shelf
from tiendo.quoting import sql_text

# Rows computed at a time: what holds the memory needed within bounds.
ROWS_AT_ONCE = 1_000_000
# Each takes the memory meant for one.
_ONE_AT_A_TIME = Lock()
# Tells the latest day that any dossier of a submission names.
DAYS = "intermediate.int_dossier_scopes"


@dataclass(frozen=True)
class Model:
    """A model of which every row belongs to one group.

    Attributes:
        relation: Its view, as `schema.name`.
        kept_by: The column that tells the groups apart: `submission_id`, or the scope several of them share.
    """

    relation: str
    kept_by: str


@dataclass(frozen=True)
class Group:
    """What is computed together: one submission, or all that speak for one scope.

    Attributes:
        name: What `kept_by` holds.
        files: The files with its rows.
        key: Digest of everything its rows follow from.
    """

    name: str
    files: Sequence[RowFile]
    key: str


def bring_up_to_date(connection: Any, model: Model, sql: str, as_of: date) -> bool:
    """Computes what is missing of a model, and lays its view over all that is wanted.

    Args:
        connection: An open connection to the warehouse file.
        model: Which model it is.
        sql: Its statement as compiled.
        as_of: The day in that statement.

    Returns:
        Whether the model holds something else than before.

    Raises:
        duckdb.Error: The statement fails.
    """
    files, is_changed = kept_files(connection, model, sql, as_of)
    listed = ", ".join(sql_text(path) for path in files)
    rows = f"select * exclude ({KEY}) from read_parquet([{listed}])"  # noqa: S608 quoted paths
    connection.execute(f"create or replace view {model.relation} as {rows}")
    return is_changed


def kept_files(connection: Any, model: Model, sql: str, as_of: date | None = None) -> tuple[list[Path], bool]:
    """Computes what is missing of a model and forgets what is no longer wanted.

    Returns:
        The files with its rows and their `kept_key`, at least one; and whether they are others than before.
    """
    apart = Apart.of(connection, sql, model.kept_by)
    groups = _groups(connection, model, apart, as_of)
    shelf = Shelf(folder_of(connection) / "kept" / model.relation)
    before = shelf.parts()
    known = {key for keys in before.values() for key in keys}
    missing = [group for group in groups if group.key not in known]
    with _ONE_AT_A_TIME, shelf.renewal({group.key for group in groups}) as renewal:
        for some in _chunks(missing):
            with apart.computed({group.name: group.key for group in some}, _files(some)) as computed:
                renewal.add(computed, {group.key for group in some})
    after = shelf.parts()
    return sorted(after), before != after


def _groups(connection: Any, model: Model, apart: Apart, as_of: date | None) -> list[Group]:
    """All groups there are, each with its digest."""
    others = table_fingerprints(connection, apart.whole)
    statement = "\n".join([apart.sql, *(apart.views[name] for name in sorted(apart.views))])
    cut: dict[str, str] = {}
    # The day itself counts only for those that hold later ones.
    if as_of and (day := f"'{as_of.isoformat()}'") in statement:
        statement, cut = statement.replace(day, "as_of"), _days_after(connection, as_of)
    common = _digest(statement, repr(sorted(others.items())))
    files = apart.files()
    members: dict[str, set[str]] = {name: {name} for name in files}
    if model.kept_by != "submission_id":
        members = apart.members()
    held = apart.held()
    # One without rows, so that the model has its columns where nothing has come.
    members = members or {"": set()}
    groups = [
        Group(
            name,
            [file for each in sorted(submissions) for file in files.get(each, ())],
            _digest(
                common,
                name,
                *(cut.get(each, "") for each in sorted(submissions)),
                *(file.identity for each in sorted(submissions) for file in files.get(each, ())),
                *held.get(name, ()),
            ),
        )
        for name, submissions in members.items()
    ]
    # Those of the same files stand together, to be computed together.
    return sorted(groups, key=lambda group: ([file.path for file in group.files], group.name))


def _days_after(connection: Any, as_of: date) -> dict[str, str]:
    """The day, for submissions that hold later ones: only what is computed of them depends on it."""
    found = connection.execute(
        f"select submission_id from {DAYS} group by submission_id having max(last_on) > ?",  # noqa: S608 own name
        [as_of],
    ).fetchall()
    return {name: as_of.isoformat() for (name,) in found}


def _chunks(groups: Iterable[Group]) -> Iterator[list[Group]]:
    some: list[Group] = []
    rows: dict[str, int] = {}
    for group in groups:
        some.append(group)
        rows |= {file.path: file.rows for file in group.files}
        if sum(rows.values()) >= ROWS_AT_ONCE:
            yield some
            some, rows = [], {}
    if some:
        yield some


def _files(groups: Iterable[Group]) -> list[RowFile]:
    return list({file.path: file for group in groups for file in group.files}.values())


def _digest(*parts: str) -> str:
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:32]
