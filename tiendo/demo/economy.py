"""Form 05: digital economy in GRDP, by quarter and provisionally; the year 2025 provisional, then final.

The statistics office publishes; one method throughout, so that vintages of one figure can be told apart.
"""

from collections.abc import Iterator
from datetime import datetime
from functools import partial

import polars as pl

from tiendo.demo.files import workbook
from tiendo.demo.spelling import MANNERS, Manner
from tiendo.demo.window import Month, Period, ended
from tiendo.demo.world import Parcel, World

FORM = "digital_economy"
PUBLISHER = "Cục Thống kê"
METHOD = "773/VPCP-CĐS"
# GRDP of 2025 at current prices, tỷ đồng, and the digital share of it in percent.
GRDP_2025 = {"66": 205_000, "68": 331_000, "75": 677_000}
SHARE_2025 = {"66": 8.9, "68": 9.4, "75": 13.1}
QUARTER_WEIGHTS = (0.215, 0.24, 0.255, 0.29)


def economy_parcels(world: World) -> Iterator[Parcel]:
    """All digital-economy files of the demo: one row each."""
    for province in world.provinces:
        for period in ended(world.months, "quarter"):
            yield _parcel(world, province, period, "provisional", period.last_month.plus(1).at(22, 9, 40))
        for period in ended(world.months, "year"):
            yield _parcel(world, province, period, "provisional", period.last_month.plus(1).at(25, 9, 45))
            yield _parcel(world, province, period, "final", period.last_month.plus(6).at(16, 9, 50))


def _parcel(world: World, province: str, period: Period, maturity: str, received_at: datetime) -> Parcel:
    frame = economy_figures(world, province, period, maturity)
    vintage = "chinh-thuc" if maturity == "final" else "so-bo"
    return Parcel(
        form=FORM,
        name=f"mo-phong_bieu-05_{province}_{period.code}_{vintage}.xlsx",
        received_at=received_at,
        render=partial(workbook, frame, FORM, MANNERS.get(province, Manner())),
    )


def economy_figures(world: World, province: str, period: Period, maturity: str) -> pl.DataFrame:
    """One row of the form's columns; money in tỷ đồng with one decimal."""
    quarters = [month for month in period.months if month.number % 3 == 0]
    parts = [_quarter(world, province, quarter) for quarter in quarters]
    # The final figure differs a little from the first estimate, as it does in life.
    revision = 1.012 if maturity == "final" else 1.0
    grdp, core, spillover = (round(sum(part[at] for part in parts) * revision, 1) for at in range(3))
    return pl.DataFrame(
        {
            "province_code": [province],
            "period": [period.code],
            "basis": ["in_period"],
            "grdp": [grdp],
            "digital_core": [round(core * revision, 1)],
            "digital_spillover": [spillover],
            "publisher": [PUBLISHER],
            "method": [METHOD],
            "maturity": [maturity],
        }
    )


def _quarter(world: World, province: str, quarter: Month) -> tuple[float, float, float]:
    """GRDP, core and spillover of the quarter that ends with this month."""
    years = quarter.year - 2025
    grdp = GRDP_2025.get(province, 200_000) * 1.1**years * QUARTER_WEIGHTS[quarter.number // 3 - 1]
    chance = world.stream("economy", province, quarter.code)
    share = (
        SHARE_2025.get(province, 10.0) + 0.42 * (years * 4 + quarter.number / 3 - 4) + chance.normal(0, 0.12)
    )
    core_part = chance.uniform(0.52, 0.58)
    return grdp, grdp * share / 100 * core_part, grdp * share / 100 * (1 - core_part)
