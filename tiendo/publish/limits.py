"""How long and how large a query may grow: a watch stops it, and ends the process where it does not stop.

DuckDB counts neither the lists and texts that a function makes nor the rows handed on, and looks for an
interruption only between two pieces of work, so the watch looks at the whole process from outside.
"""

import os
import sys
import threading
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from tiendo.messages import TiendoError

TIME_LIMIT_SECONDS = 60.0
# How far the process may grow meanwhile; what DuckDB itself counts ends at its own limit of 2 GB.
GROWTH_LIMIT_BYTES = 4 * 1024**3
# A value that is being made cannot be interrupted; this is how long it may go on.
GRACE_SECONDS = 15.0
# As JSON a value takes about 200 bytes of memory.
MOST_VALUES = 20_000_000
_LOOK_EVERY_SECONDS = 0.05


def too_long() -> TiendoError:
    """What is said of a query that takes too long."""
    seconds = f"{TIME_LIMIT_SECONDS:g}"
    return _over(f"chạy quá {seconds} giây", f"it takes more than {seconds} seconds")


def too_large() -> TiendoError:
    """What is said of a query that needs too much memory."""
    return _over("cần quá nhiều bộ nhớ", "it needs too much memory")


def refuse_too_many(values: int) -> None:
    """Raises TD-630 for a result nobody can hold."""
    if values > MOST_VALUES:
        found, most = f"{values:,}", f"{MOST_VALUES:,}"
        raise _over(
            f"kết quả có {found.replace(',', '.')} giá trị, nhiều nhất là {most.replace(',', '.')}",
            f"the result has {found} values, at most {most} are given",
        )


@contextmanager
def within_limits(interrupt: Callable[[], object]) -> Generator[None]:
    """Interrupts the block after `TIME_LIMIT_SECONDS`, or when the process has grown too far.

    Args:
        interrupt: Makes what the block waits for fail, soon.

    Raises:
        TiendoError: TD-630 in the place of whatever the interruption made the block raise. A block that goes
            on for `GRACE_SECONDS` all the same, or grows on, ends the process with the same message.
    """
    done = threading.Event()
    broken: list[TiendoError] = []

    def watch() -> None:
        started, size = time.monotonic(), _resident_bytes()
        while not done.wait(_LOOK_EVERY_SECONDS):
            now, grown = time.monotonic(), _resident_bytes() - size
            if not broken and now - started > TIME_LIMIT_SECONDS:
                broken.append(too_long())
            if not broken and grown > GROWTH_LIMIT_BYTES:
                broken.append(too_large())
            if broken:
                interrupt()
            if now - started > TIME_LIMIT_SECONDS + GRACE_SECONDS or grown > GROWTH_LIMIT_BYTES * 1.5:
                _end(broken[0])

    watcher = threading.Thread(target=watch, name="query-limits", daemon=True)
    watcher.start()
    try:
        yield
    except Exception as error:
        if broken:
            raise broken[0] from error
        raise
    finally:
        done.set()
        watcher.join()


def _end(error: TiendoError) -> None:
    """Leaves at once: what runs answers to nothing, holds nothing open for writing and can be dropped."""
    with suppress(OSError):
        sys.stderr.write(f"{error.text('vi')}\n{error.text('en')}\n")
        sys.stderr.flush()
    os._exit(error.exit_code)


def _resident_bytes() -> int:
    """Memory the process holds now; 0 where the system does not tell (only Linux does)."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _over(vi: str, en: str) -> TiendoError:
    return TiendoError(
        "TD-630",
        f"Đã dừng câu truy vấn: {vi}.",
        f"The query was stopped: {en}.",
        "Lọc bớt bằng where, gộp bằng group by hoặc thêm limit; cần cả bảng thì đọc tệp .parquet của bản "
        "phát hành.",
        "Narrow it with where, group by or limit; for a whole table read the release's .parquet file.",
        exit_code=2,
    )
