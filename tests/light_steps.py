"""The main job with its two slow steps made light: a little SQL in the place of dbt, and no checks.

Intake, load, fingerprint, comparison, publication, release log and run records are the program's own, so
that many days can be lived through in seconds.
"""

import json
from contextlib import AbstractContextManager
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tiendo import pipeline
from tiendo.settings import Home

# Of each table its grain, its columns and what it is made of; `$1` is the day of the release.
TABLES: dict[str, tuple[str, dict[str, str], str]] = {
    "submissions": (
        "submission_id",
        dict.fromkeys(("submission_id", "form", "org_code", "period", "status"), "varchar")
        | dict.fromkeys(("rows_read", "rows_loaded", "rows_unchanged", "rows_superseded"), "bigint")
        | {"rows_quarantined": "bigint"},
        """select submission_id, form, org_code, period, status, rows_read::bigint as rows_read,
            (rows_read - rows_quarantined)::bigint as rows_loaded, 0::bigint as rows_unchanged,
            0::bigint as rows_superseded, rows_quarantined::bigint as rows_quarantined
        from raw.submissions where $1 is not null""",
    ),
    "coverage_latest": (
        "org_code",
        {"org_code": "varchar", "period": "varchar", "share": "decimal(18,6)"},
        """select coverage.org_code, coverage.period,
            (100.0 * population_5g / population)::decimal(18, 6) as share
        from raw.coverage join raw.submissions as sent using (submission_id)
        where sent.status = 'landed' and coverage.period <= strftime($1::date, '%Y-%m')
        qualify row_number() over (
            partition by coverage.org_code order by coverage.period desc, sent.received_at desc
        ) = 1""",
    ),
}


# What run records read besides: nobody owes a report.
OWED = """create or replace table marts.reporting_compliance (
    obligation_code varchar, due_on date, state varchar, received_at timestamp, submission_id varchar
)"""


class LightWorker(AbstractContextManager["LightWorker"]):
    """Checks nothing, and so needs no process."""

    def start(self) -> None:
        """Nothing to start."""

    def __exit__(self, *_: object) -> None:
        """Nothing to end."""

    def ask(self, *_: object) -> None:
        """Nothing to ask."""


def lighten(patch: pytest.MonkeyPatch) -> None:
    """From here on the main job takes about a second."""
    patch.setattr(pipeline, "CheckWorker", LightWorker)
    patch.setattr(pipeline, "run_models", run_models)
    patch.setattr(pipeline, "check", check)
    # Two tables are no site.
    patch.setattr("tiendo.report.site.build.build_site", lambda *_, **__: 0)


def run_models(home: Home, as_of: date, *_: Any) -> Path:
    """Writes the tables and what dbt would tell of them."""
    with duckdb.connect(str(home.database)) as connection:
        connection.execute("create schema if not exists marts")
        connection.execute(OWED)
        for name, (_, columns, statement) in TABLES.items():
            connection.execute(
                f"create or replace table marts.{name} as select {', '.join(columns)} from ({statement})",
                [as_of],
            )
    manifest = home.warehouse / "dbt" / "manifest.json"
    manifest.parent.mkdir(exist_ok=True)
    nodes = {f"model.tiendo.{name}": described(name) for name in TABLES}
    manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return manifest


def check(home: Home, *_: Any) -> list[Any]:
    """Finds nothing wrong."""
    docs = home.warehouse / "quality"
    docs.mkdir(exist_ok=True)
    (docs / "index.html").write_text("ok", encoding="utf-8")
    return []


def described(name: str) -> dict[str, Any]:
    """A table as dbt's manifest tells of it."""
    grain, columns, _ = TABLES[name]
    told = {
        column: {
            "name": column,
            "data_type": data_type,
            "description": column,
            "config": {"meta": {"label_vi": column, "label_en": column, "unit": None}},
        }
        for column, data_type in columns.items()
    }
    return {
        "resource_type": "model",
        "name": name,
        "alias": name,
        "fqn": ["tiendo", "marts", name],
        "description": name,
        "config": {"meta": {"grain": [grain]}},
        "columns": told,
    }
