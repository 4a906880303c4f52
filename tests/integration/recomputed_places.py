"""What a recomputed figure is: its key, its parts, the share of units behind it, and the places it is of."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import NamedTuple

import polars as pl

REFORM = date(2025, 7, 1)


class Key(NamedTuple):
    indicator_code: str
    org_code: str
    period: str


@dataclass(frozen=True)
class Figure:
    """A ratio in percent with its parts; `in_period` is the period's own ratio where the figure runs on.

    `coverage` is the share of the place's units that reported.
    """

    numerator: Decimal
    denominator: Decimal
    coverage: float
    in_period: float | None = None

    @property
    def value(self) -> float:
        return float(100 * self.numerator / self.denominator)


Figures = dict[Key, Figure]


@dataclass(frozen=True)
class Places:
    """The communes of each province today and the province that each agency belongs to."""

    communes: dict[str, set[str]]
    province_of: dict[str, str]

    def units(self, org_code: str) -> set[str]:
        return self.communes.get(org_code, {org_code})


def load_places(project: Path) -> Places:
    units = pl.read_csv(project / "dbt_project/seeds/reference/org_units.csv", infer_schema=False)
    agencies = pl.read_csv(project / "data/raw/plans/agencies.csv", infer_schema=False)
    current = units.filter(pl.col("valid_to").is_null(), pl.col("org_level") == "commune")
    communes: dict[str, set[str]] = {}
    province_of = dict(agencies.select("agency_code", "province_code").iter_rows())
    for code, province in current.select("org_code", "province_code").iter_rows():
        communes.setdefault(province, set()).add(code)
        province_of[code] = province
    return Places(communes, province_of)


def share_of_units(reported: set[str], units: set[str], population: dict[str, int]) -> float:
    """By population where it is known of every unit, else by number."""
    if units <= population.keys():
        return sum(population[u] for u in reported) / sum(population[u] for u in units)
    return len(reported) / len(units)
