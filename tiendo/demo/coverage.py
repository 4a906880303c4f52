"""Form 04, monthly: 5G coverage and villages without signal, by commune.

One workbook per province and month; some communes send their own, an operator's figures come apart, some
figures are corrected later, and one month of Lâm Đồng is too thin to judge.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
import polars as pl

from tiendo.demo.files import workbook
from tiendo.demo.spelling import COMMUNE_MANNER, MANNERS, Manner
from tiendo.demo.window import Month, progress
from tiendo.demo.world import WARD, Parcel, World

FORM = "coverage"
THIN_MONTH = ("68", Month(2026, 2))
THIN_SHARE = 0.62
OPERATOR_PROVINCE = "66"
# Share of people covered at the two ends of the path: about what is reported for 2025 and aimed at for 2026.
PEOPLE_COVERED = {"66": (0.26, 0.73), "68": (0.31, 0.66), "75": (0.35, 0.75)}
MIN_PEOPLE, MAX_PEOPLE = 6_000, 60_000


def coverage_parcels(world: World) -> Iterator[Parcel]:
    """All coverage files of the demo."""
    for province in world.provinces:
        for number, month in enumerate(world.months):
            yield _monthly(world, province, month)
            yield from _own(world, province, month)
            if province == OPERATOR_PROVINCE and number % 4 == 0:
                yield _operator(world, province, month)
        yield from _second_thoughts(world, province)


def coverage_figures(world: World, province: str, month: Month) -> pl.DataFrame:
    """The true figures of every commune of a province: one row per commune, the form's columns.

    Populations are persons, areas km²; people and area covered never fall from one month to the next.
    """
    communes = world.communes[province]
    count = len(communes)
    chance = world.stream("coverage", province)
    people = np.clip(chance.lognormal(9.85, 0.5, count), MIN_PEOPLE, MAX_PEOPLE).astype(np.int64)
    share = _covered_share(world, province, progress(month))
    people_5g = (people * share).astype(np.int64)
    area = communes["area_km2"].to_numpy()
    area_5g = np.round(area * share * chance.uniform(0.55, 0.85, count), 2)
    villages = chance.integers(12, 45, count)
    silent_at_start = chance.integers(0, 7, count)
    year_start = Month(month.year - 1, 12)
    return pl.DataFrame(
        {
            "org_code": communes["org_code"],
            "org_name": communes["org_name_vi"],
            "period": [month.code] * count,
            "sender": [None] * count,
            "population": people,
            "population_source": ["Mô phỏng"] * count,
            "population_5g": people_5g,
            "area_km2": area,
            "area_5g_km2": area_5g,
            "villages": villages,
            "villages_no_signal": _villages_silent(silent_at_start, progress(month)),
            "villages_no_signal_start": _villages_silent(silent_at_start, progress(year_start)),
            "bts_5g": 1 + (people_5g / 2_600).astype(np.int64),
        },
        schema_overrides={"sender": pl.String},
    )


def _covered_share(world: World, province: str, along: float) -> np.ndarray:
    """Share of people covered by commune; towns are ahead, remote communes behind, all rise."""
    low, high = PEOPLE_COVERED.get(province, (0.3, 0.7))
    chance = world.stream("coverage share", province)
    ahead = chance.normal(0, 0.11, len(world.communes[province]))
    pace = chance.uniform(0.8, 1.2, len(ahead))
    return np.clip(low + ahead + (high - low) * along * pace, 0.02, 0.995)


def _villages_silent(at_start: np.ndarray, along: float) -> np.ndarray:
    """Villages still without signal: more before the path starts, about a quarter of them left at its end."""
    return np.rint(at_start * np.clip(1 - 0.75 * along, 0.1, 1.6)).astype(np.int64)


def reporting(world: World, province: str, month: Month) -> list[str]:
    """Communes in the province's own workbook: without the own senders and those that sent nothing."""
    chance = world.stream("coverage reporting", province, month.code)
    codes = world.communes[province]["org_code"].to_list()
    share = THIN_SHARE if (province, month) == THIN_MONTH else 0.975
    own = set(world.own_senders(province))
    sent = chance.uniform(size=len(codes)) < share
    return [code for code, has_sent in zip(codes, sent.tolist(), strict=True) if has_sent and code not in own]


def _monthly(world: World, province: str, month: Month) -> Parcel:
    arrives = world.stream("coverage arrives", province, month.code)
    return Parcel(
        form=FORM,
        name=f"mo-phong_bieu-04_{province}_{month.code}.xlsx",
        received_at=month.plus(1).at(int(arrives.integers(5, 12)), 9, int(arrives.integers(60))),
        render=partial(_render_monthly, world, province, month),
    )


def _render_monthly(world: World, province: str, month: Month) -> bytes:
    frame = coverage_figures(world, province, month)
    frame = frame.filter(pl.col("org_code").is_in(reporting(world, province, month)))
    blank = world.stream("coverage blank", province, month.code).uniform(size=len(frame)) < 0.02
    frame = frame.with_columns(
        pl.when(pl.Series(blank)).then(None).otherwise(pl.col(name)).alias(name)
        for name in ("population_5g", "area_5g_km2")
    )
    return workbook(frame, FORM, MANNERS.get(province, Manner()))


def _own(world: World, province: str, month: Month) -> Iterator[Parcel]:
    senders = world.own_senders(province)
    for place, code in enumerate(senders):
        arrives = world.stream("coverage arrives", code, month.code)
        # The ward and the commune with second thoughts never miss a month; the others do now and then.
        if arrives.uniform() < 0.05 and code not in (WARD, senders[-1]):
            continue
        frame = coverage_figures(world, province, month).filter(pl.col("org_code") == code)
        manner = COMMUNE_MANNER if place % 2 else Manner(headers="plain", periods=2)
        yield Parcel(
            form=FORM,
            name=f"mo-phong_phu-song-5g_{code}_{month.code}.xlsx",
            received_at=month.plus(1).at(int(arrives.integers(3, 19)), 10, int(arrives.integers(60))),
            render=partial(workbook, frame, FORM, manner),
        )


def _operator(world: World, province: str, month: Month) -> Parcel:
    frame = coverage_figures(world, province, month).with_columns(
        pl.lit("Viettel").alias("sender"),
        (pl.col("population_5g") * 0.8).cast(pl.Int64).alias("population_5g"),
        (pl.col("area_5g_km2") * 0.8).round(2).alias("area_5g_km2"),
        (pl.col("bts_5g") // 2).alias("bts_5g"),
    )
    return Parcel(
        form=FORM,
        name=f"mo-phong_bieu-04_viettel_{province}_{month.code}.xlsx",
        received_at=month.plus(1).at(13, 14, 5),
        render=partial(workbook, frame, FORM, Manner(headers="alias", periods=1)),
    )


def _second_thoughts(world: World, province: str) -> Iterator[Parcel]:
    """Corrections a week later, the same file twice, and a commune that corrects itself and takes it back."""
    month = world.months[min(4, len(world.months) - 1)]
    first = _monthly(world, province, month)
    yield Parcel(
        form=FORM,
        name=f"mo-phong_bieu-04_{province}_{month.code}_gui-lai.xlsx",
        received_at=first.received_at.replace(day=first.received_at.day + 2),
        render=first.render,
    )
    codes = reporting(world, province, month)[:5]
    figures = coverage_figures(world, province, month)
    corrected = _corrected(figures.filter(pl.col("org_code").is_in(codes)))
    yield Parcel(
        form=FORM,
        name=f"mo-phong_bieu-04_{province}_{month.code}_dieu-chinh.xlsx",
        received_at=first.received_at.replace(day=first.received_at.day + 7),
        render=partial(workbook, corrected, FORM, MANNERS.get(province, Manner())),
    )
    code = world.own_senders(province)[-1]
    own = figures.filter(pl.col("org_code") == code)
    for day, version in ((19, _corrected(own)), (20, own)):
        yield Parcel(
            form=FORM,
            name=f"mo-phong_phu-song-5g_{code}_{month.code}_lan-{day - 17}.xlsx",
            received_at=month.plus(1).at(day, 15),
            render=partial(workbook, version, FORM, COMMUNE_MANNER),
        )


def _corrected(frame: pl.DataFrame) -> pl.DataFrame:
    """The same communes with a twentieth fewer people covered."""
    return frame.with_columns((pl.col("population_5g") * 0.95).cast(pl.Int64).alias("population_5g"))
