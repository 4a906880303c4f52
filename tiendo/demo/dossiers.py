"""The synthetic dossiers of Form 02: what citizens handed in, what became of it, and what is known by a day.

Made column by column with numpy, so that hundreds of thousands take seconds. Nobody is named in them.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

import numpy as np
import polars as pl

from tiendo.demo.catalogue import catalogue
from tiendo.demo.window import Month, progress
from tiendo.demo.world import World

DEPARTMENT_SHARE = 0.30
ON_TIME = (0.955, 0.985)
NEVER_ENDS = 0.004
FEES = (0, 10_000, 20_000, 30_000, 50_000, 100_000, 150_000, 500_000)
FEE_WEIGHTS = (0.55, 0.08, 0.1, 0.07, 0.08, 0.06, 0.04, 0.02)
RATED = 0.25
ProvinceMonth = tuple[str, Month]


@lru_cache(maxsize=8)
def dossiers_by_month(world: World) -> Mapping[ProvinceMonth, int]:
    """How many dossiers each province receives each month; together exactly `dossier_count`."""
    keys = [(province, month) for province in world.provinces for month in world.months]
    weights = np.array([_month_weight(world, *key) for key in keys])
    bounds = [round(share * world.dossier_count) for share in (np.cumsum(weights) / weights.sum()).tolist()]
    return {key: end - start for key, start, end in zip(keys, [0, *bounds], bounds, strict=False)}


def _month_weight(world: World, province: str, month: Month) -> float:
    """Larger provinces receive more; the month of Tết less."""
    size = {"66": 1.0, "68": 1.25, "75": 1.5}.get(province, 1.0)
    return (
        size
        * (0.7 if month.number == 2 else 1.0)
        * world.stream("load", province, month.code).uniform(0.95, 1.05)
    )


def dossiers(world: World, province: str, month: Month, silent: frozenset[str] = frozenset()) -> pl.DataFrame:
    """All dossiers a province received in a month, with what finally became of them.

    Args:
        world: The demo.
        province: Province code.
        month: Month of receipt.
        silent: Communes that received none that month.

    Returns:
        The form's columns, one row per dossier, ordered by moment of receipt; times are naive, local.
    """
    count = dossiers_by_month(world)[(province, month)]
    chance = world.stream("dossiers", province, month.code)
    along = min(max(progress(month), 0.0), 1.2)
    received_at = _received(chance, month, count)
    receivers, is_department = _receivers(world, province, chance, count, silent)
    procedure = _procedures(world, province, month, chance, is_department)
    level = procedure["service_level"].to_numpy()
    channel = _channel(chance, level, along)
    due_at, completed_at = _course(chance, received_at, along)
    state = _picked(chance, ("done", "refused", "withdrawn"), count, [0.965, 0.02, 0.015])
    is_open = pl.Series(np.isnat(completed_at))
    likely = _Likely(chance, (channel == "online").to_numpy(), along)
    fee = chance.choice(FEES, count, p=FEE_WEIGHTS)
    has_fee = fee > 0
    paper_due = chance.uniform(size=count) < 0.35 - 0.2 * along
    frame = pl.DataFrame(
        {
            "dossier_id": _identifiers(province, month, count),
            "procedure_code": procedure["procedure_code"],
            "receiving_org_code": receivers,
            "competent_org_code": _competent(world, province, chance, receivers, is_department),
            "received_at": received_at,
            "due_at": due_at,
            "completed_at": completed_at,
            "channel": channel,
            "service_level": level,
            "supplement_requests": chance.choice([0, 1, 2, 3], count, p=[0.9, 0.07, 0.02, 0.01]),
            "input_digitised": likely((0.97, 0.99), (0.45, 0.85)),
            "result_digitised": likely((0.72, 0.93), (0.5, 0.82)),
            "paper_result_due": paper_due,
            "e_result": ~paper_due & likely((0.85, 0.97), (0.45, 0.8)),
            "fee_amount": np.where(chance.uniform(size=count) < 0.02, np.nan, fee),
            "paid_online": has_fee & likely((0.7, 0.92), (0.15, 0.45)),
            "data_reused": likely((0.45, 0.8), (0.2, 0.5)),
            "synced_national": likely((0.95, 0.995), (0.85, 0.97)),
            "rating": chance.choice([5, 4, 3, 2, 1], count, p=[0.62, 0.29, 0.05, 0.025, 0.015]),
            "state": state,
        }
    )
    rated = pl.Series(chance.uniform(size=count) < RATED)
    return frame.with_columns(
        pl.when(rated).then(pl.col("rating")).alias("rating"),
        pl.col("fee_amount").fill_nan(None).cast(pl.Int64),
        pl.col("supplement_requests").cast(pl.Int64),
        pl.when(is_open).then(pl.lit("processing")).otherwise(pl.col("state")).alias("state"),
    )


def _identifiers(province: str, month: Month, count: int) -> pl.Series:
    number = pl.Series(np.arange(1, count + 1)).cast(pl.String).str.zfill(7)
    return f"MP{province}-{month.code[2:4]}{month.code[5:]}-" + number


def _picked(
    chance: np.random.Generator,
    texts: Sequence[str],
    count: int,
    weights: Sequence[float] | np.ndarray | None = None,
) -> pl.Series:
    """Texts drawn by number: numpy's own texts would have to be decoded one by one."""
    return pl.Series(texts, dtype=pl.String).gather(chance.choice(len(texts), count, p=weights))


def known_by(frame: pl.DataFrame, moment: datetime) -> pl.DataFrame:
    """The same dossiers as an extract of that moment shows them: later results are not there yet.

    Args:
        frame: As `dossiers` gives them.
        moment: When the extract is taken, naive local time.
    """
    is_open = pl.col("completed_at").is_null() | (pl.col("completed_at") > moment)
    results = ("completed_at", "rating", "result_digitised", "e_result")
    return frame.with_columns(
        pl.when(is_open).then(pl.lit("processing")).otherwise(pl.col("state")).alias("state"),
        *(pl.when(~is_open).then(pl.col(name)).alias(name) for name in results),
    )


class _Likely:
    """Draws yes or no: chances at the window's start and end, for online dossiers and for the others."""

    def __init__(self, chance: np.random.Generator, is_online: np.ndarray, along: float) -> None:
        self.chance, self.is_online, self.along = chance, is_online, along

    def __call__(self, online: tuple[float, float], other: tuple[float, float]) -> np.ndarray:
        """A yes or no for each dossier."""
        wanted = np.where(self.is_online, _between(online, self.along), _between(other, self.along))
        return self.chance.uniform(size=len(wanted)) < wanted


def _between(ends: tuple[float, float], along: float) -> float:
    return min(ends[0] + (ends[1] - ends[0]) * along, 0.999)


def _received(chance: np.random.Generator, month: Month, count: int) -> np.ndarray:
    """Moments in the month, on working days between 7:00 and 17:00, in order."""
    days = np.arange(np.datetime64(month.first), np.datetime64(month.last) + 1)
    working = days[np.is_busday(days)]
    picked = working[chance.integers(0, len(working), count)].astype("datetime64[us]")
    minutes = (7 * 60 + chance.integers(0, 10 * 60, count)).astype("timedelta64[m]")
    return np.sort(picked + minutes)


def _course(
    chance: np.random.Generator, received_at: np.ndarray, along: float
) -> tuple[np.ndarray, np.ndarray]:
    """Due and completed: due at 17:00 after 1 to 20 working days, mostly done by then, a few never."""
    count = len(received_at)
    day = received_at.astype("datetime64[D]")
    allowed = chance.choice(
        [1, 2, 3, 5, 7, 10, 15, 20], count, p=[0.15, 0.1, 0.2, 0.2, 0.1, 0.13, 0.08, 0.04]
    )
    due_on = np.busday_offset(day, allowed, roll="forward")
    taken = np.floor(allowed * chance.uniform(0.2, 1.0, count)).astype(int)
    is_late = chance.uniform(size=count) > _between(ON_TIME, along)
    taken = np.where(is_late, allowed + chance.integers(1, 11, count), taken)
    done_on = np.busday_offset(day, taken, roll="forward").astype("datetime64[us]")
    done_at = done_on + (8 * 60 + chance.integers(0, 8 * 60, count)).astype("timedelta64[m]")
    # A dossier settled on its first day is settled after it came in.
    done_at = np.maximum(done_at, received_at + np.timedelta64(25, "m"))
    done_at[chance.uniform(size=count) < NEVER_ENDS] = np.datetime64("NaT")
    return due_on.astype("datetime64[us]") + np.timedelta64(17 * 60, "m"), done_at


def _receivers(
    world: World, province: str, chance: np.random.Generator, count: int, silent: frozenset[str]
) -> tuple[pl.Series, np.ndarray]:
    """Who received each dossier, and whether that is a department."""
    departments = world.departments(province)
    share = DEPARTMENT_SHARE * min(1.0, len(departments) / 8)
    is_department = chance.uniform(size=count) < share
    codes = [code for code in world.communes[province]["org_code"].to_list() if code not in silent]
    # Busy communes receive several times what quiet ones do, the same ones all year.
    everywhere = world.communes[province]["org_code"].to_list()
    busy = world.stream("busy", province).lognormal(0, 0.5, len(everywhere))
    weight = dict(zip(everywhere, busy.tolist(), strict=True))
    loads = np.array([weight[code] for code in codes])
    by_commune = _picked(chance, codes, count, loads / loads.sum())
    if not departments:
        return by_commune, is_department
    return _picked(chance, departments, count).zip_with(pl.Series(is_department), by_commune), is_department


def _competent(
    world: World, province: str, chance: np.random.Generator, receivers: pl.Series, is_department: np.ndarray
) -> pl.Series:
    """Who decides: mostly left empty; some dossiers of communes go up to a department."""
    draw = chance.uniform(size=len(receivers))
    departments = world.departments(province)
    upward = _picked(chance, departments, len(receivers)) if departments else receivers
    named = receivers.zip_with(pl.Series(is_department), upward)
    is_named = pl.Series((draw < 0.4) & is_department | (draw < 0.05) & ~is_department)
    return named.zip_with(is_named, pl.Series([None], dtype=pl.String))


def _procedures(
    world: World, province: str, month: Month, chance: np.random.Generator, is_department: np.ndarray
) -> pl.DataFrame:
    """One procedure per dossier, of the receiver's level: few are in demand, and those went online first."""
    listed = catalogue(world, province, month).select("procedure_code", "service_level", "authority_level")
    demand = world.stream("demand", province).pareto(1.1, len(listed)) + 0.05
    popular = listed["service_level"].replace_strict({"full": 3.0, "partial": 1.6, "none": 1.0}).to_numpy()
    weights = demand * popular
    picks = np.zeros(len(is_department), dtype=np.int64)
    for level, rows in (("province", is_department), ("commune", ~is_department)):
        wanted = np.where(listed["authority_level"].to_numpy() == level, weights, 0.0)
        picks[rows] = chance.choice(len(listed), int(rows.sum()), p=wanted / wanted.sum())
    return listed[picks]


def _channel(chance: np.random.Generator, level: np.ndarray, along: float) -> pl.Series:
    """Online only where the procedure is offered online; more of it month by month."""
    likely = np.select(
        [level == "full", level == "partial"],
        [_between((0.62, 0.95), along), _between((0.4, 0.75), along)],
        0.0,
    )
    draw = chance.uniform(size=len(level))
    by_post = chance.uniform(size=len(level)) < 0.06
    number = np.where(draw < likely, 0, np.where(by_post, 1, 2))
    return pl.Series(("online", "post", "in_person")).gather(number)
