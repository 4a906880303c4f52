"""What the rows of a file are checked against: units with their validity, agencies and indicators.

Callers build it from the seeds and the plans, so that intake knows nothing of the registry's files.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property

import polars as pl

WHOLE_COUNTRY = "VN"

_Validity = tuple[date, date | None]


@dataclass(frozen=True, eq=False)
class References:
    """Known codes.

    Attributes:
        org_units: Columns org_code, valid_from (Date), valid_to (Date, the last day, null while valid),
            org_level, province_code; one row per unit and validity.
        agency_codes: Codes of agencies of any province.
        agency_province: Province code of each agency.
        indicator_codes: Codes of the registry.
        accumulating_indicators: Those that add up over a year, whose reports must say their basis.
        indicator_units: Unit of each indicator, as the registry names it (`percent`, `count`).
    """

    org_units: pl.DataFrame
    agency_codes: frozenset[str] = frozenset()
    agency_province: Mapping[str, str] = field(default_factory=dict[str, str])
    indicator_codes: frozenset[str] = frozenset()
    accumulating_indicators: frozenset[str] = frozenset()
    indicator_units: Mapping[str, str] = field(default_factory=dict[str, str])

    @cached_property
    def org_codes(self) -> frozenset[str]:
        """Every unit code that was ever valid."""
        return frozenset(self._validities)

    @cached_property
    def any_codes(self) -> frozenset[str]:
        """Unit and agency codes."""
        return self.org_codes | self.agency_codes

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
        """Changes where anything changes that could make a row known or unknown."""
        parts = (
            self.org_units.sort(self.org_units.columns).write_csv(),
            sorted(self.agency_codes),
            sorted(self.agency_province.items()),
            sorted(self.indicator_codes),
            sorted(self.accumulating_indicators),
            sorted(self.indicator_units.items()),
        )
        return hashlib.sha256(repr(parts).encode()).hexdigest()
