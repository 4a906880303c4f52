"""How much of the machine a run may take, and what each of its processes gets of it.

`TIENDO_THREADS` and `TIENDO_MEMORY` hold for the run as a whole: the program with dbt and DuckDB in it, and
the process that checks beside it. What does not fit into memory goes to a folder below `data/warehouse`.
"""

import os
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tiendo.messages import TiendoError

if TYPE_CHECKING:
    import duckdb

# Who reads much. Checks and publishing go on beside each other, models beside neither. What is computed of
# some submissions apart goes on within models or checks. A query is somebody else's, beside a run.
Part = Literal["models", "apart", "checks", "publish", "query"]
Settings = dict[str, str | bool | int | float | list[str]]

MIB, GIB = 1024**2, 1024**3
# Of a machine's memory or its control group's a run takes this much where nothing is said: the system, the
# service and the analysts' queries live there too.
DEFAULT_SHARE = 2 / 3
# What Python holds of a run's own and of its libraries in both processes; the rest is DuckDB's.
PROGRAMS = 900 * MIB
LEAST_MEMORY = 1300 * MIB
# DuckDB's limit does not count all it holds: a fifth is left for the rest.
SHARES: dict[Part, float] = {"models": 0.5, "apart": 0.3, "checks": 0.25, "publish": 0.25, "query": 0.4}
MOST_OF_A_QUERY = 2_000_000_000
MEMORY = re.compile(r"(\d+(?:\.\d+)?)\s*([KMGT])(i?)B", re.IGNORECASE)
SPILL = ".spill-"


def threads() -> int:
    """Threads of a run: `TIENDO_THREADS`, else the cores this process may use.

    Raises:
        TiendoError: TD-702 where the setting is no positive whole number.
    """
    named = os.environ.get("TIENDO_THREADS")
    if not named:
        return _cores()
    if named.isdecimal() and int(named) > 0:
        return int(named)
    raise TiendoError(
        "TD-702",
        f"TIENDO_THREADS phải là số nguyên dương, không phải “{named}”.",
        f"TIENDO_THREADS must be a positive whole number, not “{named}”.",
        exit_code=2,
    )


def memory() -> int:
    """Bytes of memory of a run: `TIENDO_MEMORY`, else a share of what there is.

    Raises:
        TiendoError: TD-702 where the setting is no size, TD-725 where it is too small for any run.
    """
    named = os.environ.get("TIENDO_MEMORY", "").strip()
    if not named:
        return max(int(_memory_there() * DEFAULT_SHARE), LEAST_MEMORY)
    match = MEMORY.fullmatch(named)
    if match is None:
        raise TiendoError(
            "TD-702",
            f"TIENDO_MEMORY phải là một dung lượng, không phải “{named}”.",
            f"TIENDO_MEMORY must be a size, not “{named}”.",
            "Viết như: TIENDO_MEMORY=4GB hoặc 4GiB.",
            "Write it like: TIENDO_MEMORY=4GB or 4GiB.",
            exit_code=2,
        )
    number, prefix, binary = match.groups()
    found = int(float(number) * (1024 if binary else 1000) ** (" KMGT".index(prefix.upper())))
    if found < LEAST_MEMORY:
        raise TiendoError(
            "TD-725",
            f"TIENDO_MEMORY={named} quá ít: một lượt chạy cần ít nhất {LEAST_MEMORY // MIB} MiB.",
            f"TIENDO_MEMORY={named} is too little: a run needs at least {LEAST_MEMORY // MIB} MiB.",
            "Đặt lớn hơn, hoặc bỏ: unset TIENDO_MEMORY",
            "Set a larger one, or leave it out: unset TIENDO_MEMORY",
            exit_code=2,
        )
    return found


def memory_of(part: Part) -> str:
    """What DuckDB may hold of a part, as it takes it, such as `2457MiB`."""
    found = int((memory() - PROGRAMS) * SHARES[part])
    return f"{(min(found, MOST_OF_A_QUERY) if part == 'query' else found) // MIB}MiB"


def threads_of(part: Part) -> int:
    """Threads of DuckDB for a part: tables are published by one, so the checks beside it get the others."""
    return {"publish": 1, "checks": max(1, threads() - 1)}.get(part, threads())


def spill_folder(beside: Path, part: Part) -> Path:
    """Where a part puts what does not fit into memory: DuckDB makes the folder and removes it.

    Processes must not share one: they would write the same files.
    """
    return beside / f"{SPILL}{part}-{os.getpid()}"


def remove_spilled(warehouse: Path) -> None:
    """Removes what killed runs have spilled. The caller holds the home's lock."""
    for folder in warehouse.glob(f"{SPILL}*"):
        shutil.rmtree(folder, ignore_errors=True)


def settings(part: Part, beside: Path) -> Settings:
    """DuckDB's settings for a part.

    Args:
        part: Who reads.
        beside: Where its folder for spilling is made: the working state, or a release that is being written.
    """
    return {
        "threads": threads_of(part),
        "memory_limit": memory_of(part),
        "temp_directory": str(spill_folder(beside, part)),
    }


def connect(database: Path, part: Part = "models", *, read_only: bool = False) -> "duckdb.DuckDBPyConnection":
    """Opens a DuckDB file of `data/warehouse` within the limits of a part.

    Raises:
        duckdb.Error: The file cannot be opened.
    """
    import duckdb

    return duckdb.connect(str(database), read_only=read_only, config=settings(part, database.parent))


def limit_polars() -> None:
    """Holds polars to `TIENDO_THREADS`; it looks at its own setting once, when it is imported."""
    if (named := os.environ.get("TIENDO_THREADS", "")).isdecimal():
        os.environ.setdefault("POLARS_MAX_THREADS", named)


def _cores() -> int:
    allowed = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    for text in _group_texts("cpu", "cpu.max"):
        quota, _, period = text.partition(" ")
        if quota.isdecimal() and period.isdecimal():
            allowed = min(allowed, max(1, int(quota) // int(period)))
    return allowed


def _memory_there() -> int:
    """Bytes the machine has, or its control group where that has less."""
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    limits = (*_group_texts("memory", "memory.max"), *_group_texts("memory", "memory.limit_in_bytes"))
    return min([pages, *(int(text) for text in limits if text.isdecimal())])


def _group_texts(controller: str, name: str) -> Iterator[str]:
    """What a file of the process's control group holds, and of those above it; nothing outside Linux."""
    try:
        lines = Path("/proc/self/cgroup").read_text(encoding="ascii").splitlines()
    except (OSError, UnicodeDecodeError):
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers and controller not in controllers.split(","):
            continue
        root = Path("/sys/fs/cgroup", controller if controllers else "")
        own = root / path.lstrip("/")
        for folder in (own, *own.parents):
            if folder.is_relative_to(root) and (folder / name).is_file():
                yield (folder / name).read_text(encoding="ascii").strip()
