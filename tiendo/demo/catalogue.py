"""Form 03: each province's catalogue of procedures, sent anew each quarter with more of it online.

The dossiers take their procedures and service levels from here, so that the two forms tell one story.
"""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial

import numpy as np
import polars as pl

from tiendo.demo.files import csv, workbook
from tiendo.demo.spelling import MANNERS, Manner
from tiendo.demo.window import Month, progress
from tiendo.demo.world import Parcel, World

FORM = "procedure_catalogue"
PROCEDURES = {"66": 1_800, "68": 1_650, "75": 1_500}
EDITION_MONTHS = (1, 4, 7)
PROVINCE_LEVEL_SHARE = 0.78
FIELDS = (
    "Đất đai", "Xây dựng", "Hộ tịch", "Đầu tư", "Đăng ký kinh doanh", "Y tế", "Giáo dục", "Lao động",
    "Nông nghiệp", "Giao thông", "Văn hóa", "Công Thương", "Khoa học và Công nghệ", "Tư pháp",
    "Bảo trợ xã hội",
)  # fmt: skip
BUSINESS_FIELDS = ("Đầu tư", "Đăng ký kinh doanh", "Xây dựng", "Công Thương", "Giao thông")
ACTIONS = ("Cấp", "Cấp lại", "Điều chỉnh", "Gia hạn", "Xác nhận", "Thu hồi", "Đăng ký", "Công nhận")


def catalogue_parcels(world: World) -> Iterator[Parcel]:
    """All catalogue files of the demo; the form names neither unit nor period, so the sender does."""
    for province in world.provinces:
        for month in editions(world.months):
            arrives = world.stream("catalogue arrives", province, month.code)
            suffix = "csv" if province == "68" else "xlsx"
            yield Parcel(
                form=FORM,
                name=f"mo-phong_bieu-03_{province}_{month.code}.{suffix}",
                received_at=month.plus(1).at(int(arrives.integers(5, 20)), 11, int(arrives.integers(60))),
                render=partial(_render, world, province, month, suffix),
                org=province,
                period=month.code,
            )


def editions(months: Sequence[Month]) -> list[Month]:
    """The months a catalogue is sent for: the first, then January, April and July."""
    return [month for month in months if month == months[0] or month.number in EDITION_MONTHS]


def _render(world: World, province: str, month: Month, suffix: str) -> bytes:
    manner = MANNERS.get(province, Manner())
    frame = catalogue(world, province, month)
    return csv(frame, FORM, manner) if suffix == "csv" else workbook(frame, FORM, manner)


def catalogue(world: World, province: str, month: Month) -> pl.DataFrame:
    """A province's catalogue as it stands in a month: one row per procedure, the form's columns."""
    chance = world.stream("catalogue", province)
    count = PROCEDURES.get(province, 1_500)
    fields = chance.choice(len(FIELDS), count)
    actions = chance.choice(len(ACTIONS), count)
    eligible = chance.uniform(size=count) < 0.9
    fully_eligible = eligible & (chance.uniform(size=count) < 0.78)
    field_names: list[str] = [FIELDS[field] for field in fields.tolist()]
    names = [
        f"Thủ tục mô phỏng {number:04d}: {ACTIONS[action]} giấy tờ lĩnh vực {field}"
        for number, action, field in zip(range(1, count + 1), actions.tolist(), field_names, strict=True)
    ]
    valid_from = [date(2025, 7, 1) - timedelta(days=days) for days in chance.integers(0, 900, count).tolist()]
    return pl.DataFrame(
        {
            "procedure_code": [f"{1 + number % 3}.{500_000 + number:06d}" for number in range(count)],
            "procedure_name": names,
            "field": field_names,
            "authority_level": np.where(
                chance.uniform(size=count) < PROVINCE_LEVEL_SHARE, "province", "commune"
            ),
            "locally_regulated": chance.uniform(size=count) < 0.06,
            "online_eligible": eligible,
            "fully_online_eligible": fully_eligible,
            "service_level": _service_level(chance, eligible, fully_eligible, progress(month)),
            "business_related": np.isin(fields, [FIELDS.index(name) for name in BUSINESS_FIELDS]),
            "boundary_free": chance.uniform(size=count) < 0.45 + 0.4 * np.clip(progress(month), 0, 1),
            "valid_from": valid_from,
            "valid_to": _valid_to(chance, count),
        },
        schema_overrides={"valid_from": pl.Date, "valid_to": pl.Date},
    )


def _service_level(
    chance: np.random.Generator, eligible: np.ndarray, fully_eligible: np.ndarray, along: float
) -> np.ndarray:
    """Full, partial or none; a procedure once online stays so, and each edition brings more."""
    turn = chance.uniform(size=len(eligible))
    along = min(max(along, 0.0), 1.2)
    full = fully_eligible & (turn < 0.52 + 0.36 * along)
    partly = eligible & (turn < 0.70 + 0.22 * along)
    return np.where(full, "full", np.where(partly, "partial", "none"))


def _valid_to(chance: np.random.Generator, count: int) -> list[date | None]:
    """About one procedure in fifty ends during the year."""
    ends = chance.uniform(size=count) < 0.02
    days = chance.integers(0, 330, count)
    return [
        date(2025, 11, 30) + timedelta(days=day) if is_over else None
        for is_over, day in zip(ends.tolist(), days.tolist(), strict=True)
    ]
