"""What the checks found last time, so that a check is asked anew only where its answer may differ.

An answer stands as long as the check and the code that asks it are the same and all tables its query names
hold what they held then. The file is a convenience below `data/warehouse`: missing, damaged or of other code
it means that everything is asked again, and what is published is the same with it and without.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any, cast

from tiendo.intake.store import write_atomically
from tiendo.quality.results import CheckResult, read_result
from tiendo.quality.suites import Check, Suite
from tiendo.quality.workbench import Workbench
from tiendo.settings import PROJECT, fingerprint_files

# Gives the file names by which failed rows of a form are told.
PLACES = "raw.submissions"
# What a query can depend on besides tables; it is then asked every time.
VOLATILE = re.compile(
    r"\b(now|today|current_\w+|get_current_\w+|random|uuid|gen_random_uuid|getenv|glob|read_\w+|nextval"
    r"|query_table|query)\s*\(|\bcurrent_(date|time|timestamp)\b|'[^']*\.(parquet|csv|json)'",
    re.IGNORECASE,
)
PACKAGES = ("duckdb", "duckdb-engine", "great-expectations", "sqlalchemy")


@dataclass(frozen=True)
class Question:
    """A check with what its answer depends on.

    Attributes:
        tables: Every `schema.table` that its query names, its own among them.
        key: Digest of the check, the code and what the tables hold; None where that cannot be told.
        places: What tells the files of failed rows; empty for a curated table.
    """

    tables: tuple[str, ...]
    key: str | None
    places: str


def questions(suites: Sequence[Suite], workbench: Workbench) -> dict[str, Question]:
    """What the answer to each check depends on, by check id."""
    named: dict[str, list[str]] = {}
    for table in workbench.tables:
        named.setdefault(table.partition(".")[2], []).append(table)
    asked = [(suite, check, _tables_named(suite, check, named)) for suite in suites for check in suite.checks]
    held = workbench.fingerprints({PLACES, *(table for _, _, tables in asked for table in tables)})
    code = code_digest()
    return {
        check.check_id: Question(
            tables,
            _key(code, suite, check, tables, held),
            held.get(PLACES, "") if suite.layer == "raw" else "",
        )
        for suite, check, tables in asked
    }


@dataclass
class Remembered:
    """The answers of the last run.

    Attributes:
        path: Where they are kept; None keeps nothing.
        is_trusted: False where every check is to be asked, whatever is remembered.
        failed: Checks that failed last time.
    """

    path: Path | None = None
    is_trusted: bool = True
    failed: frozenset[str] = field(default=frozenset(), init=False)

    def answers(self, asked: Mapping[str, Question]) -> dict[str, CheckResult]:
        """The answers that still stand, by check id."""
        entries = self._read()
        self.failed = frozenset(name for name, (_, _, result) in entries.items() if not result.is_passed)
        if not self.is_trusted:
            return {}
        return {
            name: result
            for name, (key, places, result) in entries.items()
            if (question := asked.get(name))
            and question.key == key
            and (result.failed is None or question.places == places)
        }

    def keep(self, asked: Mapping[str, Question], results: Iterable[CheckResult]) -> None:
        """Writes the answers down; of a check that could not run there is none."""
        if self.path is None:
            return
        entries = {
            result.check_id: [question.key, question.places, asdict(result)]
            for result in results
            if result.has_run and (question := asked[result.check_id]).key
        }
        content = json.dumps(entries, ensure_ascii=False)
        text = f"{_digest(content)}\n{content}"
        write_atomically(self.path, lambda path: path.write_text(text, encoding="utf-8"), is_durable=False)

    def _read(self) -> dict[str, tuple[str, str, CheckResult]]:
        """By check id key, places and answer; nothing where the file is not as it was written."""
        try:
            digest, content = (self.path or Path()).read_text(encoding="utf-8").split("\n", 1)
        except (OSError, ValueError):
            return {}
        if digest != _digest(content):
            return {}
        entries = cast("dict[str, tuple[str, str, dict[str, Any]]]", json.loads(content))
        return {name: (key, places, read_result(row)) for name, (key, places, row) in entries.items()}


def _tables_named(suite: Suite, check: Check, tables: Mapping[str, list[str]]) -> tuple[str, ...]:
    """Its own table, and those whose schema and name both stand in the check: never too few of them.

    Args:
        suite: Whose check it is.
        check: What is asked.
        tables: Every `schema.table` by its bare name.
    """
    words = set(re.findall(r"\w+", _said(check)))
    found = (table for word in words for table in tables.get(word, ()) if table.partition(".")[0] in words)
    return tuple(sorted({f"{suite.schema}.{suite.table}", *found}))


def _said(check: Check) -> str:
    # Not the text of the mapping: there a line break is a letter n, which would join the next word.
    return "\n".join(str(value) for value in check.kwargs.values())


def _key(code: str, suite: Suite, check: Check, tables: Iterable[str], held: Mapping[str, str]) -> str | None:
    if VOLATILE.search(_said(check)) or any(table not in held for table in tables):
        return None
    read = [(table, held[table]) for table in tables]
    shown = (suite.layer, suite.table, suite.grain, list(suite.labels.items()))
    return _digest(repr((code, shown, check, read)))


@cache
def code_digest() -> str:
    """Digest of the code that asks, and of the packages it asks with."""
    folder = PROJECT / "tiendo"
    files = [
        *(folder / "quality").glob("*.py"),
        folder / "quoting.py",
        folder / "fingerprints.py",
    ]
    return _digest(repr((fingerprint_files(files, folder), [(name, version(name)) for name in PACKAGES])))


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
