"""What the rows of a file are checked against: units with their validity, agencies, indicators and plans.

Callers build it from the seeds and the plans, so that intake knows nothing of the registry's files.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import NamedTuple

import polars as pl

WHOLE_COUNTRY = "VN"

_Validity = tuple[date, date | None]


class PlanValue(NamedTuple):
    """What a plan as issued has in a field, of one milestone year (None for tasks); days in ISO form."""

    year: str | None
    value: str | None


@dataclass(frozen=True, eq=False)
class References:
    """Known codes.

    Attributes:
        org_units: Columns org_code, valid_from (Date), valid_to (Date, the last day, null while valid),
            org_level, province_code, org_name_vi; one row per unit and validity.
        agency_codes: Codes of agencies of any province.
        agency_province: Province code of each agency.
        indicator_codes: Codes of the registry.
        accumulating_indicators: Those that add up over a year, whose reports must say their basis.
        indicator_units: Unit of each indicator, as the registry names it (`percent`, `count`).
        plan_orgs: Every plan and the unit whose plan it is.
        target_rows: References of the target rows of each plan.
        task_rows: References of the task rows of each plan.
        plan_values: What may be adjusted, by plan, row and field; one value per milestone.
    """

    org_units: pl.DataFrame
    agency_codes: frozenset[str] = frozenset()
    agency_province: Mapping[str, str] = field(default_factory=dict[str, str])
    indicator_codes: frozenset[str] = frozenset()
    accumulating_indicators: frozenset[str] = frozenset()
    indicator_units: Mapping[str, str] = field(default_factory=dict[str, str])
    plan_orgs: Mapping[str, str] = field(default_factory=dict[str, str])
    target_rows: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    task_rows: Mapping[str, frozenset[str]] = field(default_factory=dict[str, frozenset[str]])
    plan_values: Mapping[tuple[str, str, str], tuple[PlanValue, ...]] = field(
        default_factory=dict[tuple[str, str, str], tuple[PlanValue, ...]]
    )

    @cached_property
    def org_codes(self) -> frozenset[str]:
        """Every unit code that was ever valid."""
        return frozenset(self._validities)

    @cached_property
    def any_codes(self) -> frozenset[str]:
        """Unit and agency codes."""
        return self.org_codes | self.agency_codes

    def codes_of(self, column_type: str) -> frozenset[str]:
        """The codes that cells of a column of this type may mean."""
        return self.org_codes if column_type == "org_code" else self.any_codes

    @cached_property
    def _validities(self) -> dict[str, list[_Validity]]:
        found: dict[str, list[_Validity]] = {}
        columns = self.org_units.select("org_code", "valid_from", "valid_to")
        for code, valid_from, valid_to in columns.iter_rows():
            found.setdefault(code, []).append((valid_from, valid_to))
        return found

    @cached_property
    def _provinces(self) -> dict[str, str]:
        units = self.org_units.sort("valid_from").select("org_code", "province_code")
        return dict(units.iter_rows()) | dict(self.agency_province)

    def validities(self, org_code: str) -> list[_Validity]:
        """First and last day of each validity of a code; empty for an unknown one."""
        return self._validities.get(org_code, [])

    def is_valid_on(self, org_code: str, day: date) -> bool:
        """Whether the code names a unit on that day."""
        return any(start <= day and (end is None or day <= end) for start, end in self.validities(org_code))

    def province_of(self, code: str) -> str | None:
        """Province of a unit or agency, None for an unknown code."""
        return self._provinces.get(code)

    def is_within(self, code: str, above: str) -> bool:
        """Whether `code` is `above` or lies below it."""
        return above in (code, WHOLE_COUNTRY) or self.province_of(code) == above

    @cached_property
    def fingerprint(self) -> str:
        """Changes where a code becomes known or unknown."""
        parts = (
            self.org_units.sort(self.org_units.columns).write_csv(),
            sorted(self.agency_codes),
            sorted(self.agency_province.items()),
            sorted(self.indicator_codes),
            sorted(self.accumulating_indicators),
            sorted(self.indicator_units.items()),
            sorted(self.plan_orgs.items()),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()

    @cached_property
    def plan_fingerprint(self) -> str:
        """Changes where a row of a plan does: a submitted annex must not land every dossier anew."""
        parts = (
            sorted((plan, sorted(rows)) for plan, rows in self.target_rows.items()),
            sorted((plan, sorted(rows)) for plan, rows in self.task_rows.items()),
            sorted(self.plan_values.items()),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()
