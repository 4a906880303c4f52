"""Month ends of the past, published as they would have been known; the release in force stays so.

A month is closed when the reports of it are due: what came in before the 20th of the month after counts.
Asked for again, the same month gives the same release, which is why an interrupted backfill just runs again.
"""

import calendar
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Literal

from tiendo.clock import moment_by_clock
from tiendo.messages import TiendoError
from tiendo.pipeline import Moment, Outcome, pipeline
from tiendo.publish.log import read_log
from tiendo.publish.shelf import current_or_none
from tiendo.settings import TIMEZONE, Home

# 'Before the 20th' is to the last second of the 19th, as in docs/decisions/0015-obligations.md.
LAST_DAY = 19

Job = Callable[..., Outcome]


@dataclass(frozen=True)
class MonthEnd:
    """What became of one month.

    Attributes:
        period: Such as `2026-03`.
        known_at: What was received later is not in it.
        seconds: Wall time.
        done: What the run came to; None where it failed.
        other: The release of the same day that was published last besides, to be compared with.
        error: Why it failed.
    """

    period: str
    known_at: datetime
    seconds: float
    done: Outcome | None = None
    other: str | None = None
    error: Exception | None = None

    @property
    def outcome(self) -> Literal["published", "nothing_new", "failed"]:
        """`nothing_new` where its release was there already."""
        if self.done is None:
            return "failed"
        return "nothing_new" if self.done.release is None else "published"


def month_end(period: str) -> date:
    """The last day of a month such as `2026-03`; raises ValueError for anything else."""
    day = date.fromisoformat(f"{period}-01")
    return day.replace(day=calendar.monthrange(day.year, day.month)[1])


def closing_moment(period: str) -> datetime:
    """When the reports of a month are in: the last second of the 19th of the month after, in Vietnam."""
    year, month = divmod(_number(period) + 1, 12)
    return datetime(year, month + 1, LAST_DAY, 23, 59, 59, tzinfo=TIMEZONE)


def months(home: Home, first: str, last: str, known_at: datetime | None = None) -> list[str]:
    """The months from `first` to `last`, all of which have to be over.

    Raises:
        TiendoError: TD-721 where they are in the wrong order, TD-722 where one is not over by `known_at`, or
            now; TD-411 where the clock was set back.
    """
    if last < first:
        raise TiendoError(
            "TD-721",
            f"Tháng đầu {first} sau tháng cuối {last}.",
            f"The first month {first} is after the last month {last}.",
            f"Đổi lại: tiendo refresh --from {last} --to {first}",
            f"Turn them round: tiendo refresh --from {last} --to {first}",
            exit_code=2,
        )
    moment = (known_at or moment_by_clock(home)).astimezone(TIMEZONE)
    if month_end(last) >= moment.date():
        raise TiendoError(
            "TD-722",
            f"Tháng {last} chưa hết vào ngày {moment:%d/%m/%Y} nên chưa có số liệu cuối tháng.",
            f"Month {last} is not over on {moment:%Y-%m-%d}, so it has no month end yet.",
            "Chọn --to là tháng đã hết; số liệu đến hôm nay: tiendo refresh",
            "Choose a month that is over for --to; figures up to today: tiendo refresh",
            exit_code=2,
        )
    numbers = range(_number(first), _number(last) + 1)
    return [f"{number // 12}-{number % 12 + 1:02}" for number in numbers]


def publish_month_end(
    home: Home,
    period: str,
    known_at: datetime | None = None,
    job: Job = pipeline,
    **options: Any,
) -> Outcome:
    """Publishes the month-end release of a month beside the release in force. The caller holds the run lock.

    Args:
        home: The home.
        period: A month that is over, such as `2026-03`.
        known_at: What was received later is not in it; by default its closing moment, or now if that is yet
            to come. Does not change the identifier of a release that is the same by another moment.
        job: `pipeline`, or what is called like it.
        options: For the job, such as `full`; `make_current` is False if not given.

    Raises:
        TiendoError: TD-411 where the clock was set back; what `pipeline` raises.
    """
    known = known_at or min(closing_moment(period), moment_by_clock(home))
    return job(home, Moment(month_end(period), known), **{"make_current": False, **options})


def backfill(
    home: Home,
    periods: Sequence[str],
    known_at: datetime | None = None,
    job: Job = pipeline,
    **options: Any,
) -> list[MonthEnd]:
    """Publishes month ends in order, and stops after one that fails. The caller holds the run lock.

    Where no release is in force, that of the last month comes into force.

    Args:
        home: The home.
        periods: Months as of `months`.
        known_at: For all months; by default each its own, as in `publish_month_end`.
        job: As in `publish_month_end`.
        options: Likewise.
    """
    done: list[MonthEnd] = []
    for period in periods:
        started = time.perf_counter()
        make_current = period == periods[-1] and current_or_none(home) is None
        known = known_at or min(closing_moment(period), moment_by_clock(home))
        try:
            outcome = publish_month_end(home, period, known, job, make_current=make_current, **options)
        except Exception as error:  # Told by the caller, with the months that are there.
            return [*done, MonthEnd(period, known, _since(started), error=error)]
        other = _other_release(home, period, outcome.release_id)
        done.append(MonthEnd(period, known, _since(started), outcome, other))
    return done


def _other_release(home: Home, period: str, release_id: str) -> str | None:
    day = month_end(period).isoformat()
    names = [str(entry.facts["release_id"]) for entry in read_log(home)
             if entry.event == "published" and entry.facts.get("as_of") == day]  # fmt: skip
    there = [name for name in names if name != release_id and (home.releases / name).is_dir()]
    return there[-1] if there else None


def _number(period: str) -> int:
    """Months since year 0."""
    return 12 * int(period[:4]) + int(period[5:]) - 1


def _since(started: float) -> float:
    return round(time.perf_counter() - started, 3)
