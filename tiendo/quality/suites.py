"""Expectation suites as written in `expectations/suites`, read without Great Expectations.

Keeping the reading apart lets the command line, the tests and the worker agree on what a check is while only
the worker pays for importing Great Expectations.
"""

from dataclasses import dataclass
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
    """A suite file that does not keep the form; a fault of the project, not of a user."""


@dataclass(frozen=True)
class Check:
    """One expectation of a suite.

    Attributes:
        check_id: Stable code, unique over all suites, such as `Q-1004`.
        check_type: Name of the expectation in Great Expectations.
        kwargs: Its arguments.
        severity: `fatal` stops publication, `warning` is only reported.
        dimension: One of `DIMENSIONS`.
        description_vi: What must hold, in Vietnamese.
        description_en: The same in English.
    """

    check_id: str
    check_type: str
    kwargs: dict[str, Any]
    severity: Severity
    dimension: str
    description_vi: str
    description_en: str

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
        checks: In the order of the file.
    """

    layer: Layer
    table: str
    checks: tuple[Check, ...]

    @property
    def name(self) -> str:
        """`raw.coverage`, `curated.dim_plan`: the file's place below the suites folder."""
        return f"{self.layer}.{self.table}"

    @property
    def schema(self) -> str:
        """DuckDB schema that holds the table."""
        return SCHEMAS[self.layer]


def load_suites(folder: Path = SUITES, only: list[str] | None = None) -> list[Suite]:
    """All suites below `folder`, raw before curated, each layer by name.

    Args:
        folder: Holds `raw/<form>.yml` and `curated/<table>.yml`.
        only: Names such as `raw.coverage`; None means all.

    Raises:
        SuiteError: A file is malformed, a check id is used twice, or a name in `only` has no file.
    """
    suites = [_read_suite(path, layer) for layer in LAYERS for path in sorted((folder / layer).glob("*.yml"))]
    seen: dict[str, str] = {}
    for suite in suites:
        for check in suite.checks:
            if other := seen.get(check.check_id):
                raise SuiteError(f"check id {check.check_id} is used by {other} and {suite.name}")
            seen[check.check_id] = suite.name
    if only is None:
        return suites
    if unknown := sorted(set(only) - {suite.name for suite in suites}):
        raise SuiteError(f"no suite named {', '.join(unknown)}")
    return [suite for suite in suites if suite.name in only]


def _read_suite(path: Path, layer: Layer) -> Suite:
    document: object = yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    where = f"{layer}/{path.name}"
    if not isinstance(document, dict):
        raise SuiteError(f"{where}: not a mapping")
    content = cast("dict[str, Any]", document)
    if content.get("name") != f"{layer}.{path.stem}":
        raise SuiteError(f"{where}: name must be {layer}.{path.stem}")
    entries = cast("list[dict[str, Any]]", content.get("expectations") or [])
    if not entries:
        raise SuiteError(f"{where}: no expectations")
    return Suite(layer, path.stem, tuple(_read_check(entry, where) for entry in entries))


def _read_check(entry: dict[str, Any], where: str) -> Check:
    meta = cast("dict[str, str]", entry.get("meta") or {})
    label = f"{where}: {meta.get('id', entry.get('type'))}"
    for key in ("id", "dimension", "description_vi", "description_en"):
        if not meta.get(key):
            raise SuiteError(f"{label}: meta.{key} is missing")
    if meta["dimension"] not in DIMENSIONS:
        raise SuiteError(f"{label}: dimension {meta['dimension']} is none of {', '.join(DIMENSIONS)}")
    if entry.get("severity") not in SEVERITIES:
        raise SuiteError(f"{label}: severity must be one of {', '.join(SEVERITIES)}")
    if not entry.get("type") or set(entry) - {"type", "kwargs", "severity", "meta"}:
        raise SuiteError(f"{label}: an expectation has type, kwargs, severity and meta, nothing else")
    return Check(
        check_id=meta["id"],
        check_type=str(entry["type"]),
        kwargs=cast("dict[str, Any]", entry.get("kwargs") or {}),
        severity=SEVERITIES[str(entry["severity"])],
        dimension=meta["dimension"],
        description_vi=meta["description_vi"],
        description_en=meta["description_en"],
    )
