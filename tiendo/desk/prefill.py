"""The rows a unit has to report in a form, and what stood there in the period before, from plans and places.

A clerk should fill in figures only: codes and names that the registry knows are written for them.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

import polars as pl

from tiendo.desk.previous import rows_before
from tiendo.intake.contracts import Contract
from tiendo.intake.dates import period_end
from tiendo.intake.references import WHOLE_COUNTRY, References
from tiendo.settings import Home, today

Row = Mapping[str, Any]
Registry = Mapping[str, pl.DataFrame]

# What a task is about: the form has no column for it, a template shows it for reference.
TASK_TITLE = "task_title"
# Codes and words of the registry that a clerk reads in another spelling.
_UNIT_LABELS = {
    "percent": "%",
    "percent_grdp": "% GRDP",
    "percent_budget": "% ngân sách",
    "per_10k_people": "trên 1 vạn dân",
    "index_0_1": "chỉ số 0-1",
    "rank": "thứ hạng",
    "score": "điểm",
    "hour": "giờ",
    "project": "dự án",
}


@dataclass(frozen=True)
class Sender:
    """Who fills in a form, and for when.

    Attributes:
        org_code: Unit or agency, None where the form is for anyone.
        name: Its name as its letters carry it.
        place_code: The unit itself, or the province of an agency.
        period: Canonical period, None where the clerk writes it.
        units: Units in force on the last day of the period: org_code, org_name_vi, org_level, province_code.
    """

    org_code: str | None
    name: str | None
    place_code: str | None
    period: str | None
    units: pl.DataFrame

    @property
    def place_name(self) -> str | None:
        """Name of the unit, or of the province of an agency."""
        named = self.units.filter(pl.col("org_code") == self.place_code)
        return named["org_name_vi"][0] if named.height else None

    @property
    def reporting_units(self) -> pl.DataFrame:
        """The communes of a province, else the unit itself."""
        is_below = (pl.col("province_code") == self.place_code) & (pl.col("org_level") == "commune")
        below = self.units.filter(is_below)
        return below if below.height else self.units.filter(pl.col("org_code") == self.place_code)


@dataclass(frozen=True)
class Prefilled:
    """What a template already holds.

    Attributes:
        sender: Who fills it in.
        rows: Canonical column and value of the rows to report.
        previous: For each row, what stood in force before, by canonical column.
        previous_period: The newest period among them.
        lists: Codes to choose from and their names, by column.
    """

    sender: Sender
    rows: tuple[Row, ...]
    previous: tuple[Row, ...] = ()
    previous_period: str | None = None
    lists: Mapping[str, Sequence[tuple[str, str]]] = field(
        default_factory=dict[str, Sequence[tuple[str, str]]]
    )


def prefill(
    home: Home,
    contract: Contract,
    references: References,
    registry: Registry,
    org: str | None,
    period: str | None,
) -> Prefilled:
    """The rows, codes and earlier figures of a form for one unit and period.

    Args:
        home: Whose plans and submissions count.
        contract: The form.
        references: Known codes.
        registry: The plans, as `load_registry` gives them.
        org: A known unit or agency, or None.
        period: Canonical period, or None.
    """
    sender = _sender(references, registry, org, period)
    fill = _FILLERS.get(contract.form)
    rows = tuple(fill(sender, registry) if fill and sender.org_code else ())
    previous, previous_period = _previous(home, contract, rows, period)
    return Prefilled(sender, rows, previous, previous_period, _lists(contract, sender, references, registry))


def _sender(references: References, registry: Registry, org: str | None, period: str | None) -> Sender:
    units = _units(references, period_end(period) if period else today())
    if org is None or org == WHOLE_COUNTRY:
        return Sender(None, None, None, period, units)
    agencies = registry["agencies"].filter(pl.col("agency_code") == org)
    if agencies.height:
        return Sender(org, agencies["name_vi"][0], references.province_of(org), period, units)
    place = Sender(org, None, org, period, units)
    return replace(place, name=place.place_name and f"UBND {_lower_first(place.place_name)}")


def _units(references: References, on: date) -> pl.DataFrame:
    """Units in force on a day, in order of their codes."""
    units = references.org_units
    start, end = pl.col("valid_from"), pl.col("valid_to")
    return units.filter((start <= on) & (end.is_null() | (end >= on))).sort("org_code")


def _coverage(sender: Sender, registry: Registry) -> list[Row]:  # noqa: ARG001
    """One row for each commune of a province; a commune reports itself."""
    rows = sender.reporting_units.select("org_code", "org_name_vi").iter_rows()
    return [_stamped(sender, org_code=code, org_name=name) for code, name in rows]


def _digital_economy(sender: Sender, registry: Registry) -> list[Row]:  # noqa: ARG001
    return [_stamped(sender, province_code=sender.place_code)]


def _indicators(sender: Sender, registry: Registry) -> list[Row]:
    """Every indicator with a target of the place's own plans, in the order of the plans."""
    plans = registry["plans"].filter(pl.col("org_code") == sender.place_code)
    targets = registry["plan_targets"].filter(
        pl.col("plan_id").is_in(plans["plan_id"].implode()) & ~pl.col("not_a_target")
    )
    named = targets.unique("indicator_code", keep="first", maintain_order=True).join(
        registry["indicators"].select("indicator_code", "name_vi", "unit"),
        on="indicator_code",
        suffix="_of_indicator",
        maintain_order="left",
    )
    return [
        _stamped(
            sender,
            indicator_code=code,
            indicator_name=name,
            org_code=sender.place_code,
            org_name=sender.place_name,
            unit=_UNIT_LABELS.get(unit_name or ""),
        )
        for code, name, unit_name in named.select(
            "indicator_code", "name_vi_of_indicator", "unit_of_indicator"
        ).iter_rows()
    ]


def _tasks(sender: Sender, registry: Registry) -> list[Row]:
    """The tasks an agency leads; for a place those of its own plans."""
    tasks = registry["plan_tasks"]
    if sender.org_code == sender.place_code:
        own = registry["plans"].filter(pl.col("org_code") == sender.place_code)
        tasks = tasks.join(own.select("plan_id"), on="plan_id", how="semi", maintain_order="left")
    else:
        led = registry["task_agencies"].filter(
            (pl.col("agency_code") == sender.org_code) & (pl.col("role") == "lead")
        )
        tasks = tasks.join(led, on=["plan_id", "row_ref"], how="semi", maintain_order="left")
    return [
        _stamped(sender, plan_id=plan, row_ref=ref, org_code=sender.org_code, **{TASK_TITLE: title})
        for plan, ref, title in tasks.select("plan_id", "row_ref", "title_vi").iter_rows()
    ]


def _stamped(sender: Sender, **values: Any) -> Row:
    return {**values, "period": sender.period}


_FILLERS: Mapping[str, Callable[[Sender, Registry], list[Row]]] = {
    "coverage": _coverage,
    "digital_economy": _digital_economy,
    "indicator_report": _indicators,
    "task_report": _tasks,
}


def _previous(
    home: Home, contract: Contract, rows: Sequence[Row], period: str | None
) -> tuple[tuple[Row, ...], str | None]:
    """For each row the newest values in force of a period before, by the key as far as the row has it."""
    if not rows or contract.period_column is None:
        return (), None
    keys = [name for name in contract.key if name in rows[0] and name != contract.period_column]
    before = rows_before(home, contract, period)
    if not before.height:
        return (), None
    newest = {tuple(row[name] for name in keys): row for row in before.iter_rows(named=True)}
    found = tuple(newest.get(tuple(row[name] for name in keys), {}) for row in rows)
    periods = [row[contract.period_column] for row in found if row]
    return (found, max(periods, key=period_end)) if periods else ((), None)


def _lists(
    contract: Contract, sender: Sender, references: References, registry: Registry
) -> dict[str, list[tuple[str, str]]]:
    """Codes to choose from, by column; only those of the sender's province where it is known."""
    units = sender.units
    agencies = registry["agencies"]
    plans = registry["plans"]
    province = references.province_of(sender.org_code) if sender.org_code else None
    if province is not None:
        units = units.filter(pl.col("province_code") == province)
        agencies = agencies.filter(pl.col("province_code") == province)
        plans = plans.filter(pl.col("province_code") == province)
    org_units = list(units.select("org_code", "org_name_vi").iter_rows())
    by_type = {
        "org_code": org_units,
        "organisation": [*agencies.select("agency_code", "name_vi").iter_rows(), *org_units],
        "indicator_code": list(registry["indicators"].select("indicator_code", "name_vi").iter_rows()),
        "plan_id": list(plans.select("plan_id", "number").iter_rows()),
    }
    return {column.name: by_type[column.type] for column in contract.columns if by_type.get(column.type)}


def _lower_first(text: str) -> str:
    return text[:1].lower() + text[1:]
