"""A clock that was set back hides what came in and overtakes what is newer; so it is not believed.

What the clock showed before is known from the records of runs, which bear the moment they began.
"""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from tiendo.messages import TiendoError
from tiendo.settings import TIMEZONE, Home, now

# Time servers put clocks right by seconds; nobody's figures depend on five minutes.
TOLERANCE = timedelta(minutes=5)
RECORD_NAME = "%Y-%m-%dT%H%M%S.%f"


def moment_by_clock(home: Home) -> datetime:
    """The present moment, where the clock can be right.

    Raises:
        TiendoError: TD-411, exit code 4, where the last run began later than now.
    """
    present, last = now(), last_record(home)
    if last is not None and present + TOLERANCE < last[0]:
        raise _set_back(present, *last)
    return present


def last_record(home: Home) -> tuple[datetime, Path] | None:
    """When the last run began, and its record; None where no run has been recorded."""
    found: list[tuple[datetime, Path]] = []
    for path in home.runs.glob("*.json"):
        with suppress(ValueError):
            found.append((datetime.strptime(path.stem, RECORD_NAME).replace(tzinfo=TIMEZONE), path))
    return max(found, default=None)


def _set_back(present: datetime, last: datetime, record: Path) -> TiendoError:
    return TiendoError(
        "TD-411",
        f"Đồng hồ của máy chỉ {present:%d/%m/%Y %H:%M}, trước lượt chạy gần nhất ({last:%d/%m/%Y %H:%M}).",
        f"The clock shows {present:%Y-%m-%d %H:%M}, earlier than the last run ({last:%Y-%m-%d %H:%M}).",
        "Chỉnh lại đồng hồ rồi chạy lại. Nếu đồng hồ đúng mà lượt trước chạy lúc đồng hồ sai: nêu rõ "
        f"--as-of và --known-at (hoặc --received-at), rồi xóa {record}.",
        "Put the clock right and run again. If it is right and was wrong before: give --as-of and --known-at "
        f"(or --received-at), then remove {record}.",
        exit_code=4,
    )
