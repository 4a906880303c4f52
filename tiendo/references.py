"""What submissions are checked against, from the plans and the places shipped with the project."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import polars as pl

from tiendo.intake.references import PlanValue, References
from tiendo.registry.plans import load_registry
from tiendo.settings import DBT_PROJECT

ORG_UNITS = DBT_PROJECT / "seeds" / "reference" / "org_units.csv"
ACCUMULATING = ("sum_in_year", "ratio_of_sums")
# What an adjustment may change or confirm.
TARGET_FIELDS = ("target_raw", "milestone_on")
TASK_FIELDS = ("due_on", "deliverable_vi", "recurrence", "continues")


def load_references(plans: Path) -> References:
    """The codes known to a home whose plans lie in `plans`.

    Raises:
        TiendoError: TD-301 to TD-305 where the plans do not load.
    """
    files = [(path.name, path.stat()) for path in sorted(plans.glob("*.csv"))]
    return _loaded(plans, tuple((name, stat.st_size, stat.st_mtime_ns) for name, stat in files))


@lru_cache(maxsize=1)
def _loaded(plans: Path, _stamps: tuple[tuple[str, int, int], ...]) -> References:
    """Read once by a run that asks three times, unless a file was touched."""
    return references_of(load_registry(plans))


def references_of(registry: Mapping[str, pl.DataFrame]) -> References:
    """The codes known with a registry, in the shape of `load_registry`."""
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
        plan_orgs=dict(registry["plans"].select("plan_id", "org_code").iter_rows()),
        target_rows=_rows_by_plan(registry["plan_targets"]),
        task_rows=_rows_by_plan(registry["plan_tasks"]),
        plan_values={
            **_values(registry["plan_targets"], TARGET_FIELDS),
            # No plan says which older task a row continues: only an adjustment does.
            **_values(registry["plan_tasks"].with_columns(continues=pl.lit(None, pl.String)), TASK_FIELDS),
        },
    )


def _rows_by_plan(table: pl.DataFrame) -> dict[str, frozenset[str]]:
    rows: dict[str, set[str]] = {}
    for plan, ref in table.select("plan_id", "row_ref").iter_rows():
        rows.setdefault(plan, set()).add(ref)
    return {plan: frozenset(refs) for plan, refs in rows.items()}


def _values(
    table: pl.DataFrame, fields: tuple[str, ...]
) -> dict[tuple[str, str, str], tuple[PlanValue, ...]]:
    """Values by plan, row and field, in the order of the milestones."""
    year = pl.col("milestone_year") if "milestone_year" in table.columns else pl.lit(None, pl.String)
    texts = (pl.col(name).cast(pl.String) for name in fields)
    values: dict[tuple[str, str, str], tuple[PlanValue, ...]] = {}
    for plan, ref, at, *cells in table.select("plan_id", "row_ref", year.alias("year"), *texts).iter_rows():
        for name, cell in zip(fields, cells, strict=True):
            values[plan, ref, name] = (*values.get((plan, ref, name), ()), PlanValue(at, cell))
    return values


def _org_units() -> pl.DataFrame:
    units = pl.read_csv(ORG_UNITS, infer_schema=False)
    return units.select(
        "org_code",
        pl.col("valid_from").str.to_date(),
        pl.col("valid_to").str.to_date(),
        "org_level",
        "province_code",
        "org_name_vi",
    )
