"""Form 02 as it is sent: each month's extract early in the next month, and once more a month later.

A province's system exports its own; a handful of communes still send theirs and are not in the province's.
"""

from collections.abc import Iterator
from functools import lru_cache, partial

import polars as pl

from tiendo.demo.dossiers import dossiers, dossiers_by_month, known_by
from tiendo.demo.files import csv, parquet
from tiendo.demo.spelling import COMMUNE_MANNER, MANNERS, Manner
from tiendo.demo.window import LAST_MONTH, Month
from tiendo.demo.world import Parcel, World

FORM = "dossier"
# Below this many rows a CSV is what people send; the CSV province sends nothing else.
PARQUET_FROM = 2_000
CSV_PROVINCE = "75"
SENT_ON = 4
SENT_AGAIN_ON = 5


def dossier_parcels(world: World) -> Iterator[Parcel]:
    """All dossier extracts of the demo."""
    for province in world.provinces:
        for number, month in enumerate(world.months):
            for again in range(1 if month == LAST_MONTH else 2):
                yield _province_extract(world, province, month, again)
                yield from _commune_extracts(world, province, number, again)


def nil_report(world: World, province: str) -> tuple[str, Month]:
    """The commune and month with an extract of no dossiers at all."""
    return world.own_extracts(province)[1], world.months[len(world.months) // 2]


def unsent_extract(world: World, province: str) -> tuple[str, Month]:
    """The commune and month whose extract never came."""
    return world.own_extracts(province)[2], world.months[len(world.months) // 3]


@lru_cache(maxsize=8)
def province_dossiers(world: World, province: str, month: Month) -> pl.DataFrame:
    """The month's dossiers of a province, none of them in the nil and the unsent extract."""
    quiet = (nil_report(world, province), unsent_extract(world, province))
    frame = dossiers(world, province, month, frozenset(code for code, when in quiet if when == month))
    return _with_one_still_open(frame, world.own_extracts(province), month)


def _with_one_still_open(frame: pl.DataFrame, own: list[str], month: Month) -> pl.DataFrame:
    """Each own extract's last dossier is settled between the two sendings, so that the second says more.

    Otherwise a small commune would send the same file twice, and the second time counts as not sent: then the
    province's extract, which came in between and speaks for all its communes, would be the last word.
    """
    is_last = (pl.col("dossier_id") == pl.col("dossier_id").last().over("receiving_org_code")) & pl.col(
        "receiving_org_code"
    ).is_in(own)
    settled = {
        "due_at": pl.lit(month.plus(1).at(21, 17).replace(tzinfo=None)),
        "completed_at": pl.lit(month.plus(1).at(20, 10).replace(tzinfo=None)),
        "state": pl.lit("done"),
    }
    return frame.with_columns(
        pl.when(is_last).then(value).otherwise(pl.col(name)).alias(name) for name, value in settled.items()
    )


def _province_extract(world: World, province: str, month: Month, again: int) -> Parcel:
    sent_at = month.plus(1 + again).at(SENT_AGAIN_ON if again else SENT_ON, 7, 30)
    is_large = dossiers_by_month(world)[(province, month)] >= PARQUET_FROM and province != CSV_PROVINCE
    suffix = "parquet" if is_large else "csv"

    def render() -> bytes:
        frame = province_dossiers(world, province, month)
        frame = frame.filter(~pl.col("receiving_org_code").is_in(world.own_extracts(province)))
        frame = known_by(frame, sent_at.replace(hour=0, minute=0, tzinfo=None))
        return parquet(frame, FORM) if is_large else csv(frame, FORM, MANNERS.get(province, Manner()))

    return Parcel(
        form=FORM,
        name=f"mo-phong_bieu-02_{province}_{month.code}_lan-{again + 1}.{suffix}",
        received_at=sent_at,
        render=render,
        org=province,
        period=month.code,
    )


def _commune_extracts(world: World, province: str, number: int, again: int) -> Iterator[Parcel]:
    month = world.months[number]
    for minute, code in enumerate(world.own_extracts(province)):
        if (code, month) == unsent_extract(world, province):
            continue
        sent_at = month.plus(1 + again).at(SENT_AGAIN_ON, 9 + again, minute)
        yield Parcel(
            form=FORM,
            name=f"mo-phong_ho-so_{code}_{month.code}_lan-{again + 1}.csv",
            received_at=sent_at,
            render=partial(_render_commune, world, province, month, code, again),
            org=code,
            period=month.code,
        )


def _render_commune(world: World, province: str, month: Month, code: str, again: int) -> bytes:
    taken_at = month.plus(1 + again).at(SENT_AGAIN_ON, 0).replace(tzinfo=None)
    frame = province_dossiers(world, province, month).filter(pl.col("receiving_org_code") == code)
    return csv(known_by(frame, taken_at), FORM, COMMUNE_MANNER)
