"""What about a run deserves a look though it did not fail: nothing came in, or far more or less than usual.

A run is compared with earlier runs of its kind, never with a fixed size, and only where there are enough of
them; limits and why they are so wide: docs/watching.md. An alarm never changes how a run ends.
"""

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from statistics import median
from typing import Any

from tiendo.run_history import SUCCESSFUL
from tiendo.settings import Home

Run = Mapping[str, Any]

# Earlier runs of the same kind without which there is no "usual", and how many of them count.
FEWEST, MOST = 5, 20
STALE = timedelta(days=2)
# A run speaks of the present where its day and its moment are not older than this when it begins.
PRESENT = timedelta(days=7)
DUE = ("obligation", "owed", "received", "usual_share")
FEW_REPORTS_SHARE = 0.5
FEW_ROWS_SHARE, MANY_ROWS_SHARE = 0.8, 1.5
MANY_FILES_TIMES, MANY_FILES = 5, 50
QUARANTINE_ROWS, QUARANTINE_SHARE, QUARANTINE_TIMES = 50, 0.10, 3
SLOW_TIMES, SLOW_SECONDS = 3, 60
LARGE_TIMES, LARGE_MB = 2, 500
SPARE_BYTES = 2 * 1024**3


@dataclass(frozen=True)
class Alarm:
    """One thing worth a look.

    Attributes:
        code: As in docs/codes.md.
        vi: What was found, in Vietnamese.
        en: The same in English.
        since: When the first run of those that have it one after the other began, ISO 8601.
    """

    code: str
    vi: str
    en: str
    since: str = ""

    def content(self) -> dict[str, str]:
        """As a record keeps it."""
        return asdict(self)


def alarms_of(home: Home, run: Run, earlier: Sequence[Run]) -> list[Alarm]:
    """What deserves a look about a run that has ended.

    Args:
        home: Whose run; its disk is looked at.
        run: Its record.
        earlier: Records of the runs before it, newest first.
    """
    found: list[Alarm] = []
    if late := overdue([run, *earlier], datetime.fromisoformat(run["started_at"])):
        found.append(late)
    if run["outcome"] in SUCCESSFUL:
        kind: list[Callable[[Run, Sequence[Run]], Iterator[Alarm]]] = [_large]
        if run["trigger"] == "schedule":  # By day a file or two are added to what the night has built.
            kind.append(_slow)
        if _is_of_the_present(run):
            kind = [_few_rows, _many_files, _quarantined, *kind]
            found += [] if home.is_synthetic else _few_reports(run)
        alike = [other for other in earlier if _is_alike(run, other)]
        found += [alarm for look in kind for alarm in look(run, alike)]
    found += _disk(home)
    return [_dated(alarm, run, earlier) for alarm in found]


def overdue(runs: Sequence[Run], at: datetime) -> Alarm | None:
    """TD-440 where a home that runs by schedule has not been brought up to date for too long.

    Also asked when nothing runs at all, by whoever looks at the records.

    Args:
        runs: Records, newest first.
        at: The present moment, with a time zone.
    """
    if not any(run["trigger"] == "schedule" for run in runs):
        return None  # Whoever runs by hand knows when.
    done = (run for run in runs if run["outcome"] in SUCCESSFUL and run["as_of"] and run["known_at"])
    last = next((run for run in done if _is_of_the_present(run)), runs[-1])["started_at"]
    age = at - datetime.fromisoformat(last)
    if age <= STALE:
        return None
    return Alarm(
        "TD-440",
        f"Đã {age.days} ngày chưa có lượt chạy nào xong (lần cuối {_day(last)}).",
        f"No run has come to its end for {age.days} days (last on {_day(last)}).",
    )


def _few_reports(run: Run) -> Iterator[Alarm]:
    for due in run["reports"].get("due", ()):
        code, owed, received, usual = (due[name] for name in DUE)
        day, share = _day(due["due_on"]), received / owed
        if not received and usual:
            yield Alarm(
                "TD-441",
                f"Hạn {day} đã qua mà chưa nhận được báo cáo nào của chế độ {code} ({owed} nơi phải gửi).",
                f"The deadline {day} has passed and no report of {code} has come in ({owed} are owed).",
            )
        elif share < FEW_REPORTS_SHARE * usual:
            yield Alarm(
                "TD-442",
                f"Hạn {day} đã qua mà mới nhận {received}/{owed} báo cáo của chế độ {code}; "
                f"mọi kỳ thường được {usual:.0%}.",
                f"The deadline {day} has passed and {received} of {owed} reports of {code} have come in; "
                f"usually {usual:.0%} do.",
            )


def _few_rows(run: Run, alike: Sequence[Run]) -> Iterator[Alarm]:
    rows, usual = _published(run), _usual([_published(other) for other in alike])
    if not rows or not usual or FEW_ROWS_SHARE * usual <= rows <= MANY_ROWS_SHARE * usual:
        return
    yield Alarm(
        "TD-443",
        f"Bản phát hành có {rows:,} dòng, thường là {usual:,.0f}.",
        f"The release has {rows:,} rows, usually {usual:,.0f}.",
    )


def _many_files(run: Run, alike: Sequence[Run]) -> Iterator[Alarm]:
    new, before = _new(run), [count for other in alike if (count := _new(other))][:MOST]
    # The most and not the median: on the night of a deadline there are many times more than on others.
    if len(before) >= FEWEST and new >= MANY_FILES and new > MANY_FILES_TIMES * max(before):
        yield Alarm(
            "TD-444",
            f"{new:,} tệp mới trong một lượt, trước nay nhiều nhất {max(before):,}.",
            f"{new:,} new files in one run, at most {max(before):,} before.",
        )


def _quarantined(run: Run, alike: Sequence[Run]) -> Iterator[Alarm]:
    before = [other["intake"] for other in alike if other["intake"].get("rows_read")][:MOST]
    read, aside = (run["intake"].get(name, 0) for name in ("rows_read", "rows_quarantined"))
    if len(before) < FEWEST or read < QUARANTINE_ROWS:
        return
    share = aside / read
    usual = sum(each["rows_quarantined"] for each in before) / sum(each["rows_read"] for each in before)
    if share >= QUARANTINE_SHARE and share > QUARANTINE_TIMES * usual:
        yield Alarm(
            "TD-445",
            f"{share:.0%} số dòng mới bị cách ly ({aside:,}/{read:,}), thường là {usual:.1%}.",
            f"{share:.0%} of the new rows are quarantined ({aside:,} of {read:,}), usually {usual:.1%}.",
        )


def _slow(run: Run, alike: Sequence[Run]) -> Iterator[Alarm]:
    taken, usual = _seconds(run), _usual([_seconds(other) for other in alike])
    if usual and taken > SLOW_TIMES * usual and taken > usual + SLOW_SECONDS:
        yield Alarm(
            "TD-446",
            f"Lượt chạy mất {taken:,.0f} giây, thường là {usual:,.0f} giây.",
            f"The run took {taken:,.0f} s, usually {usual:,.0f} s.",
        )


def _large(run: Run, alike: Sequence[Run]) -> Iterator[Alarm]:
    held, usual = _memory(run), _usual([_memory(other) for other in alike])
    if usual and held > LARGE_TIMES * usual and held > usual + LARGE_MB:
        yield Alarm(
            "TD-447",
            f"Lượt chạy dùng {held:,} MB bộ nhớ, thường là {usual:,.0f} MB.",
            f"The run held {held:,} MB of memory, usually {usual:,.0f} MB.",
        )


def _disk(home: Home) -> Iterator[Alarm]:
    free = shutil.disk_usage(home.root).free
    if free < SPARE_BYTES:
        yield Alarm(
            "TD-448",
            f"Ổ đĩa chỉ còn {free / 1024**3:.1f} GiB; lượt sau có thể thiếu chỗ.",
            f"Only {free / 1024**3:.1f} GiB of disk are free; the next run may lack room.",
        )


def _dated(alarm: Alarm, run: Run, earlier: Sequence[Run]) -> Alarm:
    """The alarm with the moment it began: that of the run before, where that had it too."""
    ended = next((other for other in earlier if other["outcome"] not in ("running", "skipped")), None)
    before = ended["alarms"] if ended else ()
    same = next((other["since"] for other in before if other["code"] == alarm.code), run["started_at"])
    return Alarm(alarm.code, alarm.vi, alarm.en, same)


def _is_of_the_present(run: Run) -> bool:
    """Whether a run speaks of today: neither an old report nor a demo, whose day is long past."""
    started = datetime.fromisoformat(run["started_at"])
    as_of, known_at = date.fromisoformat(run["as_of"]), datetime.fromisoformat(run["known_at"])
    return started.date() - as_of <= PRESENT and started - known_at <= PRESENT


def _is_alike(run: Run, other: Run) -> bool:
    """Whether two runs did the same kind of work; records of earlier versions tell too little."""
    same = all(run[name] == other[name] for name in ("command", "trigger", "outcome"))
    return same and bool(other["intake"]) and _is_of_the_present(run) == _is_of_the_present(other)


def _usual(values: Sequence[float]) -> float | None:
    known = [value for value in values if value][:MOST]
    return median(known) if len(known) >= FEWEST else None


def _published(run: Run) -> int:
    return next((step["rows"] or 0 for step in run["steps"] if step["name"] == "publish"), 0)


def _new(run: Run) -> int:
    return run["intake"].get("new", 0)


def _seconds(run: Run) -> float:
    return sum(step["seconds"] or 0 for step in run["steps"])


def _memory(run: Run) -> int:
    return max((step["memory_mb"] or 0 for step in run["steps"]), default=0)


def _day(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%d/%m/%Y}"
