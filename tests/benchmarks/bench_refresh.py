"""Times a refresh against importing dbt and Great Expectations one after the other.

Run as `python tests/benchmarks/bench_refresh.py [--rounds 3] [--json]`. It makes a home of its own with one
commune's coverage workbook, and times in fresh processes: each import in a bare interpreter, `tiendo refresh`
with nothing new, and with the workbook of one more commune. Each is told by its best round, since whatever
else the machine does only adds to a time. The ratio is the time of both imports over that of the refresh; at
1 or above the refresh takes no longer. The home's first refresh, which builds everything, is not counted.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import xlsxwriter

HEADERS = ("Mã đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số", "Dân số được phủ sóng 5G", "Số thôn, buôn")
PERIOD = "10/2026"
AS_OF = "2026-10-31"
FIRST, *OTHERS = ("22015", "24133", "24163", "24175", "24154")
IMPORTS = {
    "import dbt": "import dbt.cli.main, dbt.adapters.duckdb.connections",
    "import Great Expectations": "import great_expectations",
}
NOTHING_NEW, ONE_NEW = "refresh, nothing new", "refresh, one new workbook"


class Cost(NamedTuple):
    """Seconds by the clock on the wall, and of all processors together."""

    wall: float
    cpu: float


def run(*arguments: str) -> Cost:
    """Runs Python in a process of its own; what it says is shown only where it fails."""
    quiet = {**os.environ, "DO_NOT_TRACK": "1", "GX_ANALYTICS_ENABLED": "false"}
    before, started = _children(), time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, text=True, env=quiet)
    cost = Cost(time.perf_counter() - started, _children() - before)
    if done.returncode:
        raise SystemExit(f"{' '.join(arguments)}\n{done.stdout}{done.stderr}")
    return cost


def tiendo(home: Path, *arguments: str) -> Cost:
    """Runs `tiendo` on a home."""
    return run("-c", "from tiendo.cli import app; app()", *arguments, "--home", str(home))


def send(home: Path, org_code: str, population: int = 12000) -> None:
    """A commune hands in its coverage workbook."""
    file = home.parent / f"coverage-{org_code}.xlsx"
    with xlsxwriter.Workbook(file) as book:
        sheet = book.add_worksheet("Biểu 04")
        sheet.write_row(0, 0, HEADERS)
        sheet.write_row(1, 0, (org_code, PERIOD, "UBND xã", population, 9000, 20))
    tiendo(home, "submit", str(file))


def refresh(home: Path, wanted: bool) -> Cost:
    """Refreshes a home; `wanted` tells whether a new release has to come of it."""
    before = _release(home)
    cost = tiendo(home, "refresh", "--as-of", AS_OF)
    if (_release(home) != before) is not wanted:
        raise SystemExit(f"expected {'a new' if wanted else 'no new'} release in {home}")
    return cost


def measure(rounds: int, folder: Path) -> dict[str, list[Cost]]:
    """All costs by name, the kinds in turns, so that a busy minute hits all of them."""
    home = folder / "home"
    home.mkdir()
    send(home, FIRST)
    refresh(home, wanted=True)
    steps: dict[str, Callable[[int], Cost]] = {
        name: lambda _, program=program: run("-c", program) for name, program in IMPORTS.items()
    }
    steps[NOTHING_NEW] = lambda _: refresh(home, wanted=False)
    steps[ONE_NEW] = lambda number: _with_one_more(home, number)
    costs: dict[str, list[Cost]] = {name: [] for name in steps}
    for number in range(rounds):
        for name, step in steps.items():
            costs[name].append(step(number))
    return costs


def report(costs: dict[str, list[Cost]]) -> dict[str, float]:
    """Ratios of the imports to each refresh, by wall clock."""
    imports = sum(min(costs[name]).wall for name in IMPORTS)
    return {name: imports / min(costs[name]).wall for name in (NOTHING_NEW, ONE_NEW)}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each is measured")
    parser.add_argument("--json", action="store_true", help="print JSON")
    asked = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="bench-refresh-") as folder:
        costs = measure(asked.rounds, Path(folder))
        _unlock(Path(folder))
    ratios = report(costs)
    if asked.json:
        lines = [json.dumps({"costs": costs, "ratios": ratios}, indent=1)]
    else:
        lines = [*_table(costs), *(f"imports / {name:<25} {ratio:7.2f}" for name, ratio in ratios.items())]
    sys.stdout.write("\n".join(lines) + "\n")


def _table(costs: dict[str, list[Cost]]) -> Iterator[str]:
    rounds = len(costs[ONE_NEW])
    yield f"best of {rounds:<26} {'wall s':>7} {'cpu s':>7} {'median wall s':>14}"
    for name, found in costs.items():
        median = statistics.median(cost.wall for cost in found)
        yield f"{name:<34} {min(found).wall:7.2f} {min(each.cpu for each in found):7.2f} {median:14.2f}"
    both = [min(costs[name]) for name in IMPORTS]
    yield f"{'both imports':<34} {sum(each.wall for each in both):7.2f} {sum(each.cpu for each in both):7.2f}"


def _with_one_more(home: Path, number: int) -> Cost:
    send(home, OTHERS[number % len(OTHERS)], population=12000 + number)
    return refresh(home, wanted=True)


def _release(home: Path) -> str | None:
    pointer = home / "data" / "curated" / "current.json"
    return pointer.read_text(encoding="utf-8") if pointer.exists() else None


def _unlock(folder: Path) -> None:
    """Lets files be removed: raw files and releases are read-only."""
    for path in (folder, *folder.rglob("*")):
        if not path.is_symlink():
            path.chmod(path.stat().st_mode | 0o700)


def _children() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
