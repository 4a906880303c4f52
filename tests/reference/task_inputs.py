"""What the judgement of tasks stands on: the registry, dated seeds, and landed rows of F06, F07 and F11.

Of rows with one key the one received last is in force; what came after `known_at` is not there.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import polars as pl
from reference.places import Places

PROJECT = Path(__file__).parents[2]
SEEDS = PROJECT / "dbt_project" / "seeds"
VIETNAM = timedelta(hours=7)
KEYS = {
    "task_report": ("plan_id", "row_ref", "org_code", "period"),
    "evidence": ("evidence_ref", "plan_id", "row_ref", "indicator_code"),
    "plan_adjustment": ("plan_id", "row_ref", "milestone_year", "field"),
}
LEVELS = {"commune": 1, "province": 2, "party_committee": 2, "government": 3, "central": 4}
Task = tuple[str, str]
Row = Mapping[str, Any]


@dataclass(frozen=True)
class Report:
    """One row of F06 in force."""

    task: Task
    reporter: str
    period: str
    period_end: date
    received_at: datetime
    state: str
    percent: Fraction | None
    evidence_refs: tuple[str, ...]

    def counts_on(self, day: date) -> bool:
        """'Where its period ended, or where it was received, on or before the day.'"""
        return self.period_end <= day or local_day(self.received_at) <= day


@dataclass(frozen=True)
class Evidence:
    """One row of F07 in force: one document for one task."""

    task: Task
    ref: str
    document_on: date
    filed_on: date
    received_at: datetime
    verdict: str | None
    verdict_order: int
    verdict_on: date | None

    def verdict_by(self, day: date, required: int) -> str:
        """'A verdict of a lower level does not count', nor one of a later day."""
        is_said = self.verdict_on is not None and self.verdict_on <= day
        is_high_enough = self.verdict_order >= required
        if self.verdict in ("valid", "invalid") and is_said and is_high_enough:
            return self.verdict
        return "not_appraised"


@dataclass(frozen=True)
class Inputs:
    """Everything the judgement of a day reads."""

    plans: Mapping[str, Row]
    tasks: Mapping[Task, Row]
    leads: Mapping[Task, tuple[str, ...]]
    agencies: Mapping[str, Row]
    groups: tuple[Row, ...]
    group_rules: tuple[Row, ...]
    thresholds: Mapping[str, Fraction]
    places: Places
    reports: Mapping[Task, tuple[Report, ...]]
    evidence: Mapping[Task, tuple[Evidence, ...]]
    adjustments: Mapping[Task, tuple[Row, ...]]
    as_of: date
    seen_communes: dict[tuple[str, date], list[str]] = field(default_factory=dict, repr=False)

    def members(self, group: str, day: date) -> tuple[str, ...]:
        """The members of a group on a day, as the dated seed says; none of a group that nobody describes."""
        rows = [row for row in self.groups if row["group_code"] == group and _holds(row, day)]
        return tuple(dict.fromkeys(code for row in rows for code in self._meant(row, day)))

    def _meant(self, row: Row, day: date) -> Iterator[str]:
        province = self.agencies[row["group_code"]]["province_code"]
        if row["member_kind"] == "communes":
            yield from self._communes(province, day)
        elif row["member_kind"] == "agency":
            yield row["member"]
        else:
            assert row["member_kind"] == "agency_kind", row
            for code, agency in self.agencies.items():
                if agency["kind"] == row["member"] and agency["province_code"] == province:
                    yield code

    def _communes(self, province: str, day: date) -> list[str]:
        if (province, day) not in self.seen_communes:
            found = self.places.communes(province, day)
            self.seen_communes[province, day] = [place.org_code for place in found]
        return self.seen_communes[province, day]


def local_day(moment: datetime) -> date:
    """The day in Vietnam of a moment in UTC."""
    return (moment + VIETNAM).date()


def read_inputs(landing: Path, as_of: date, known_at: datetime) -> Inputs:
    """Reads the shipped registry, the seeds, and a home's landed rows."""
    plans = PROJECT / "data" / "raw" / "plans"
    rules = SEEDS / "rules"
    leads: dict[Task, list[str]] = defaultdict(list)
    for row in _table(plans / "task_agencies.csv"):
        if row["role"] == "lead":
            leads[row["plan_id"], row["row_ref"]].append(row["agency_code"])
    return Inputs(
        plans={row["plan_id"]: row for row in _table(plans / "plans.csv")},
        tasks={(row["plan_id"], row["row_ref"]): row for row in _table(plans / "plan_tasks.csv")},
        leads={task: tuple(codes) for task, codes in leads.items()},
        agencies={row["agency_code"]: row for row in _table(plans / "agencies.csv")},
        groups=tuple(_table(rules / "agency_groups.csv")),
        group_rules=tuple(row for row in _table(rules / "task_group_rules.csv") if _holds(row, as_of)),
        thresholds={
            row["threshold_code"]: Fraction(row["value"])
            for row in _table(rules / "thresholds_seed.csv")
            if _holds(row, as_of)
        },
        places=Places(SEEDS / "reference" / "org_units.csv"),
        reports=_by_task(_reports(landing, known_at)),
        evidence=_by_task(_evidence(landing, known_at)),
        adjustments=_adjustments(landing, known_at),
        as_of=as_of,
    )


def _table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _holds(row: Row, day: date) -> bool:
    return row["valid_from"] <= day.isoformat() and day.isoformat() <= (row["valid_to"] or "9999")


def _in_force(landing: Path, form: str, known_at: datetime) -> Iterable[Row]:
    files = sorted((landing / form).rglob("*.parquet"))
    if not files:
        return []
    rows = pl.concat([pl.read_parquet(path) for path in files], how="diagonal_relaxed")
    until = known_at.astimezone(UTC).replace(tzinfo=None)
    known = rows.filter(pl.col("received_at") <= until).sort("received_at", "submission_id", "row_number")
    return known.unique(KEYS[form], keep="last", maintain_order=True).iter_rows(named=True)


def _by_task(rows: Iterable[Any]) -> dict[Task, tuple[Any, ...]]:
    found: dict[Task, list[Any]] = defaultdict(list)
    for row in rows:
        found[row.task].append(row)
    return {task: tuple(told) for task, told in found.items()}


def _reports(landing: Path, known_at: datetime) -> Iterator[Report]:
    for row in _in_force(landing, "task_report", known_at):
        yield Report(
            (row["plan_id"], row["row_ref"]),
            row["org_code"],
            row["period"],
            period_end(row["period"]),
            row["received_at"],
            row["state"],
            None if row["percent_complete"] is None else Fraction(row["percent_complete"]),
            tuple(ref.strip() for ref in (row["evidence_ref"] or "").split(";") if ref.strip()),
        )


def period_end(period: str) -> date:
    """Last day of `YYYY-MM`, `YYYY-Qn`, `YYYY-Hn` or `YYYY`."""
    year, _, rest = period.partition("-")
    month = int(rest[1:]) * {"Q": 3, "H": 6}[rest[0]] if rest[:1] in ("Q", "H") else int(rest or 12)
    return date(int(year) + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _evidence(landing: Path, known_at: datetime) -> Iterator[Evidence]:
    for row in _in_force(landing, "evidence", known_at):
        if row["plan_id"] is None or row["row_ref"] is None:
            continue
        # A document without a date was there when it was judged.
        known_on = min(local_day(row["received_at"]), row["verdict_on"] or date.max)
        filed_on = row["filed_on"] or row["signed_on"] or known_on
        yield Evidence(
            (row["plan_id"], row["row_ref"]),
            row["evidence_ref"],
            row["signed_on"] or filed_on,
            filed_on,
            row["received_at"],
            row["verdict"],
            LEVELS.get(row["verdict_level"], 0),
            row["verdict_on"],
        )


def _adjustments(landing: Path, known_at: datetime) -> dict[Task, tuple[Row, ...]]:
    found: dict[Task, list[Row]] = defaultdict(list)
    for row in _in_force(landing, "plan_adjustment", known_at):
        found[row["plan_id"], row["row_ref"]].append(row)
    return {task: tuple(rows) for task, rows in found.items()}
