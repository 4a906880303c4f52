"""What a check and a suite are, and the suites as written in `expectations/suites`.

Keeping the reading apart lets the command line, the tests and the worker agree on what a check is while only
the worker pays for importing Great Expectations.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Literal, cast

import yaml

from tiendo.settings import SUITES

Layer = Literal["raw", "curated"]
Severity = Literal["fatal", "warning"]

# đúng, đủ, sạch, sống, thống nhất, dùng chung: the six words of the national data programme.
DIMENSIONS = ("accurate", "complete", "valid", "timely", "consistent", "shareable")
LAYERS: tuple[Layer, ...] = ("raw", "curated")
# Great Expectations' own severities; its 'info' is left out, since a check nobody acts on is no check.
SEVERITIES: dict[str, Severity] = {"critical": "fatal", "warning": "warning"}
SCHEMAS: dict[Layer, str] = {"raw": "raw", "curated": "marts"}


class SuiteError(ValueError):
    """A suite file that does not keep the form; a fault of the project, not of a user.

    Attributes:
        suite: Name of the suite, such as `raw.coverage`: its table would go unchecked.
    """

    def __init__(self, suite: str, reason: str) -> None:
        """Takes the suite's name and what is wrong, as a sentence for developers."""
        super().__init__(reason)
        self.suite = suite


@dataclass(frozen=True)
class Breach:
    """What makes a row fail, and the columns at fault.

    Attributes:
        condition: SQL over the columns of the table; true where the row fails.
        columns: Names of the columns it looks at.
    """

    condition: str
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Check:
    """One expectation of a suite.

    Attributes:
        check_id: Stable code, unique over all suites: `Q-1004` where written by hand, `Q-F04-lists` or
            `Q-dim_plan-grain` where generated.
        check_type: Name of the expectation in Great Expectations.
        kwargs: Its arguments.
        severity: `fatal` stops publication, `warning` is only reported.
        dimension: One of `DIMENSIONS`.
        description_vi: What must hold, in Vietnamese.
        description_en: The same in English.
        breaches: Where one check asks several columns, what is asked of each.
    """

    check_id: str
    check_type: str
    kwargs: dict[str, Any]
    severity: Severity
    dimension: str
    description_vi: str
    description_en: str
    breaches: tuple[Breach, ...] = ()

    def configuration(self) -> dict[str, Any]:
        """The expectation as Great Expectations takes it."""
        return {
            "type": self.check_type,
            "kwargs": dict(self.kwargs),
            "severity": "critical" if self.severity == "fatal" else "warning",
            "description": f"{self.check_id} · {self.description_vi} ({self.description_en})",
            "meta": {"id": self.check_id, "dimension": self.dimension},
        }


@dataclass(frozen=True)
class Suite:
    """The checks of one table.

    Attributes:
        layer: `raw` (what arrives) or `curated` (what leaves).
        table: Name of the table or view within its schema.
        checks: Generated ones first, then those of the file in its order.
        title_vi: What the table is, in Vietnamese; empty where no contract and no model describes it.
        title_en: The same in English.
        grain: Columns that name one row of a curated table.
        labels: Vietnamese heading by column.
    """

    layer: Layer
    table: str
    checks: tuple[Check, ...]
    title_vi: str = ""
    title_en: str = ""
    grain: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict[str, str], hash=False)

    @property
    def name(self) -> str:
        """`raw.coverage`, `curated.dim_plan`: the file's place below the suites folder."""
        return f"{self.layer}.{self.table}"

    @property
    def schema(self) -> str:
        """DuckDB schema that holds the table."""
        return SCHEMAS[self.layer]


def written_suites(folder: Path = SUITES) -> list[Suite]:
    """The suites written by hand below `folder`, raw before curated, each layer by name.

    Args:
        folder: Holds `raw/<form>.yml` and `curated/<table>.yml`.

    Raises:
        SuiteError: A file is malformed, or a check id is used twice.
    """
    return merge_suites(
        [_read_suite(path, layer) for layer in LAYERS for path in sorted((folder / layer).glob("*.yml"))]
    )


def merge_suites(suites: Sequence[Suite]) -> list[Suite]:
    """One suite per table, raw before curated, each layer by name; checks in the order given.

    Raises:
        SuiteError: A check id is used twice.
    """
    merged: dict[tuple[int, str], Suite] = {}
    seen: dict[str, str] = {}
    for suite in suites:
        for check in suite.checks:
            if other := seen.get(check.check_id):
                raise SuiteError(suite.name, f"check id {check.check_id} is used by {other} and {suite.name}")
            seen[check.check_id] = suite.name
        key = (LAYERS.index(suite.layer), suite.table)
        known = merged.get(key)
        merged[key] = replace(known, checks=(*known.checks, *suite.checks)) if known else suite
    return [merged[key] for key in sorted(merged)]


def _read_suite(path: Path, layer: Layer) -> Suite:
    name = f"{layer}.{path.stem}"
    where = f"{layer}/{path.name}"
    try:
        document: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise SuiteError(name, f"{where}: {' '.join(str(error).split())}") from error
    if not isinstance(document, dict):
        raise SuiteError(name, f"{where}: not a mapping")
    content = cast("dict[str, Any]", document)
    if content.get("name") != name:
        raise SuiteError(name, f"{where}: name must be {name}")
    entries = content.get("expectations")
    if not entries or not isinstance(entries, list):
        raise SuiteError(name, f"{where}: no expectations")
    return Suite(
        layer, path.stem, tuple(_read_check(entry, name, where) for entry in cast("list[Any]", entries))
    )


def _read_check(entry: Any, suite: str, where: str) -> Check:
    if not isinstance(entry, dict):
        raise SuiteError(suite, f"{where}: an expectation is a mapping, not {entry!r}")
    given = cast("dict[str, Any]", entry)
    meta = cast("dict[str, str]", given.get("meta") or {})
    if reason := _fault(given, meta):
        raise SuiteError(suite, f"{where}: {meta.get('id', given.get('type'))}: {reason}")
    return Check(
        check_id=meta["id"],
        check_type=str(given["type"]),
        kwargs=cast("dict[str, Any]", given.get("kwargs") or {}),
        severity=SEVERITIES[str(given["severity"])],
        dimension=meta["dimension"],
        description_vi=meta["description_vi"],
        description_en=meta["description_en"],
    )


def _fault(entry: dict[str, Any], meta: dict[str, str]) -> str | None:
    for key in ("id", "dimension", "description_vi", "description_en"):
        if not meta.get(key):
            return f"meta.{key} is missing"
    if meta["dimension"] not in DIMENSIONS:
        return f"dimension {meta['dimension']} is none of {', '.join(DIMENSIONS)}"
    if entry.get("severity") not in SEVERITIES:
        return f"severity must be one of {', '.join(SEVERITIES)}"
    if not entry.get("type") or set(entry) - {"type", "kwargs", "severity", "meta"}:
        return "an expectation has type, kwargs, severity and meta, nothing else"
    return None
