"""What submissions are checked against, from the plans and the places shipped with the project."""

from pathlib import Path

import polars as pl

from tiendo.intake.references import References
from tiendo.registry.plans import load_registry
from tiendo.settings import DBT_PROJECT

ORG_UNITS = DBT_PROJECT / "seeds" / "reference" / "org_units.csv"
ACCUMULATING = ("sum_in_year", "ratio_of_sums")


def load_references(plans: Path) -> References:
    """The codes known to a home whose plans lie in `plans`.

    Raises:
        TiendoError: TD-301 to TD-305 where the plans do not load.
    """
    registry = load_registry(plans)
    indicators, agencies = registry["indicators"], registry["agencies"]
    accumulating = indicators.filter(pl.col("over_time").is_in(ACCUMULATING))
    placed = agencies.filter(pl.col("province_code").is_not_null())
    return References(
        org_units=_org_units(),
        agency_codes=frozenset(agencies["agency_code"]),
        agency_province=dict(placed.select("agency_code", "province_code").iter_rows()),
        indicator_codes=frozenset(indicators["indicator_code"]),
        accumulating_indicators=frozenset(accumulating["indicator_code"]),
        indicator_units=dict(indicators.select("indicator_code", "unit").drop_nulls().iter_rows()),
    )


def _org_units() -> pl.DataFrame:
    units = pl.read_csv(ORG_UNITS, infer_schema=False)
    return units.select(
        "org_code",
        pl.col("valid_from").str.to_date(),
        pl.col("valid_to").str.to_date(),
        "org_level",
        "province_code",
    )
