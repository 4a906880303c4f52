"""What the service does when, and what it does about a run that failed.

Times are those of Asia/Ho_Chi_Minh. A run is repeated only where the cause of its failure can pass by itself.
"""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from tiendo.messages import TiendoError
from tiendo.settings import TIMEZONE

Result = TypeVar("Result")

OFF = "off"
# What cron and Prefect both understand the same: five fields of numbers, names, lists, ranges and steps.
FIELDS = re.compile(r"[0-9A-Za-z*,/-]+( [0-9A-Za-z*,/-]+){4}")

# A service that was stopped over lunch still reminds; one that was down over the weekend does not on Sunday.
REMINDERS_AT_MOST_LATE = timedelta(hours=10)
# Longer than any run; what holds the lock then is stuck, and somebody has to look.
LOCK_PATIENCE_SECONDS = 3 * 3600.0
# Causes that can pass by themselves: another run holds the lock (TD-401), a time server has not yet put the
# clock right (TD-411), the checking process was ended, as the system does when memory is short (TD-501).
# Anything else needs a person: a full disk, failed checks, a broken model.
PASSING = frozenset({"TD-401", "TD-411", "TD-501"})
RETRY_AFTER_SECONDS = (300.0, 900.0)


@dataclass(frozen=True)
class Job:
    """Something the service does at set times.

    Attributes:
        name: Name in options and in `flows.serving`.
        title_vi: What people call it; its name in Prefect.
        title_en: The same in English.
        cron: When, as a cron expression; `off` for never.
    """

    name: str
    title_vi: str
    title_en: str
    cron: str

    @property
    def option(self) -> str:
        """The option that changes its time."""
        return f"--{self.name}"

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time it is due after a moment; None where it is off."""
        return None if self.cron == OFF else _ticks(self.cron, moment, backwards=False)

    def last_before(self, moment: datetime) -> datetime | None:
        """The last time it was due, up to a moment; None where it is off."""
        return None if self.cron == OFF else _ticks(self.cron, moment, backwards=True)


# Reports are due until the end of the 19th, so the month before is closed on the 20th, after the nightly
# refresh has taken them in. Agencies are reminded when the week begins: who is told daily stops reading.
JOBS = (
    Job("nightly", "Cập nhật hằng đêm", "Nightly refresh", "0 1 * * *"),
    Job("monthly", "Chốt tháng", "Month's closing", "0 3 20 * *"),
    Job("reminders", "Nhắc việc", "Reminders", "30 7 * * 1"),
    Job("pruning", "Dọn bản phát hành cũ", "Pruning of old releases", "0 4 * * 0"),
)


def jobs(times: Mapping[str, str]) -> tuple[Job, ...]:
    """The jobs at their times; `times` holds those given otherwise, by name.

    Raises:
        TiendoError: TD-420, exit code 2, where a time cannot be read.
    """
    return tuple(
        Job(job.name, job.title_vi, job.title_en, _read(job, times.get(job.name, job.cron))) for job in JOBS
    )


def closing_month(due: datetime) -> str:
    """The month that is closed when the closing is due: the one before, such as `2026-10`."""
    first = due.astimezone(TIMEZONE).date().replace(day=1)
    return f"{date.fromordinal(first.toordinal() - 1):%Y-%m}"


def persistently(
    run: Callable[[], Result],
    note: Callable[[TiendoError, float], None],
    sleep: Callable[[float], None] = time.sleep,
) -> Result:
    """Runs something again, after a while, where the cause of its failure can pass by itself.

    Args:
        run: What to run.
        note: Told of each failure that is followed by another try, and the seconds until then.
        sleep: Waits for so many seconds.

    Raises:
        TiendoError: The last failure.
    """
    for seconds in RETRY_AFTER_SECONDS:
        try:
            return run()
        except TiendoError as error:
            if error.code not in PASSING:
                raise
            note(error, seconds)
        sleep(seconds)
    return run()


def _read(job: Job, text: str) -> str:
    cron = " ".join(text.split())
    if cron.lower() == OFF:
        return OFF
    try:
        if not FIELDS.fullmatch(cron):
            raise ValueError(cron)
        _ticks(cron, datetime(2026, 1, 1, tzinfo=TIMEZONE), backwards=False)
    except ValueError:
        raise TiendoError(
            "TD-420",
            f"Không hiểu lịch “{text}” của {job.option} ({job.title_vi}).",
            f"Cannot read the time “{text}” of {job.option} ({job.title_en}).",
            f"Viết năm trường như cron: phút giờ ngày tháng thứ, ví dụ “{job.cron}”; hoặc “{OFF}”.",
            f"Write five fields as in cron: minute hour day month weekday, such as “{job.cron}”; or “{OFF}”.",
            exit_code=2,
        ) from None
    return cron


def _ticks(cron: str, moment: datetime, backwards: bool) -> datetime:
    """The next time after a moment, or the last one up to it; ValueError where there is none."""
    from cronsim import CronSim, CronSimError

    start = moment.astimezone(TIMEZONE) + (timedelta(microseconds=1) if backwards else timedelta())
    try:
        return next(CronSim(cron, start, reverse=backwards))
    except (CronSimError, StopIteration) as error:
        raise ValueError(cron) from error
