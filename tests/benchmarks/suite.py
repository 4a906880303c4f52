"""Runs the workloads and everything they are compared with, in turns, and writes down what each run cost.

A record is one run: workload, what ran, which round, seconds, processor seconds, memory, and what it told of
itself. The page is made from records, so that runs of several days and machines are never mixed by hand.
"""

import json
import shutil
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks import late
from benchmarks.generate import fill
from benchmarks.measured import Cost, Done, is_limit_kept, python, run, tiendo, unlock
from benchmarks.queries import times_of
from benchmarks.workloads import WORKLOADS, Workload

from tiendo.settings import PROJECT, Home

BASELINES = Path(__file__).parent / "baselines"
IMPORTS = {
    "import dbt": "import dbt.cli.main, dbt.adapters.duckdb.connections",
    "import Great Expectations": "import great_expectations",
    "import duckdb": "import duckdb",
}
GIB = 2**30
W3_MEMORY = 4 * GIB


@dataclass
class Suite:
    """The measuring: where it works, how large, and what it has found.

    Attributes:
        folder: Where homes and results of the comparisons lie; reused where it is kept.
        scale: Share of the dossiers.
        rounds: How often what can be repeated is.
        dlt_python: A Python that has dlt; None leaves it out.
        records: One for each run.
    """

    folder: Path
    scale: float = 1.0
    rounds: int = 3
    dlt_python: str | None = None
    records: list[dict[str, Any]] = field(default_factory=list[dict[str, Any]])

    def note(self, workload: str, what: str, cost: Cost, **facts: Any) -> None:
        """Enters one run, and says so."""
        self.records.append({"workload": workload, "what": what, **cost._asdict(), **facts})
        tell(f"{workload} {what:<44} {cost.wall:8.2f} s {cost.cpu:8.2f} cpu {cost.peak_mb:8.0f} MB")

    def home_of(self, work: Workload) -> Home:
        """The home with the workload's files, made where it is not there yet."""
        home = Home(self.folder / f"{work.name}-{work.months}-{work.dossiers}")
        if not home.synthetic_marker.exists():
            fill(home, work)
        return home

    def imports(self) -> None:
        """What starting costs whoever uses these packages."""
        for name, program in IMPORTS.items():
            for _ in range(self.rounds):
                self.note("imports", name, python("-c", program).cost)

    def w1(self) -> None:
        """One month of one province, from the files to the release."""
        work = WORKLOADS["W1"].sized(self.scale)
        home = self.home_of(work)
        kinds: dict[str, Callable[[], Done]] = {
            "tiendo refresh": lambda: self.refresh_anew(home, work),
            "bare DuckDB": lambda: self.baseline("bare_duckdb", home, work),
            "polars": lambda: self.baseline("with_polars", home, work),
            "pandas and openpyxl": lambda: self.baseline("office_pandas", home, work),
            "dlt, tables": lambda: self.dlt(home, "arrow"),
            "dlt, rows": lambda: self.dlt(home, "rows"),
        }
        for number in range(self.rounds):
            for name, start in kinds.items():
                if (name.startswith("dlt") and not self.dlt_python) or (name == "dlt, rows" and number):
                    continue
                done = start()
                told = _told(done) if name == "tiendo refresh" else {}
                self.note("W1", name, done.cost, dossiers=work.dossiers, **told)

    def w2(self) -> None:
        """Three years of three provinces: all of it, and its two halves."""
        work = WORKLOADS["W2"].sized(self.scale)
        home = self.home_of(work)
        for number in range(max(1, self.rounds - 1)):
            done = self.refresh_anew(home, work)
            self.note("W2", "tiendo refresh", done.cost, dossiers=work.dossiers, **_told(done))
            done = tiendo("refresh", "--home", str(home.root), *work.moment, "--full", "--json", "--profile")
            self.note("W2", "tiendo refresh --full", done.cost, **_told(done))
            for script, name in (("bare_duckdb", "bare DuckDB"), ("with_polars", "polars")):
                for step in ("land", "publish"):
                    cost = self.baseline(script, home, work, step).cost
                    self.note("W2", f"{name}: {step}", cost)
            if not number:
                cost = self.baseline("office_pandas", home, work).cost
                self.note("W2", "pandas and openpyxl", cost)
            if self.dlt_python:
                self.note("W2", "dlt, tables", self.dlt(home, "arrow").cost)

    def w3(self) -> None:
        """A year of the whole country, within 4 GiB."""
        work = WORKLOADS["W3"].sized(self.scale)
        home = self.home_of(work)
        done = self.refresh_anew(home, work, limit=W3_MEMORY, env={"TIENDO_MEMORY": "4GiB"})
        self.note(
            "W3",
            "tiendo refresh",
            done.cost,
            dossiers=work.dossiers,
            is_limit_kept=is_limit_kept(),
            **_told(done),
        )

    def w4(self) -> None:
        """Late words in W2's home: a workbook for what any refresh costs, an extract sent again, a letter."""
        work = WORKLOADS["W2"].sized(self.scale)
        home = self.released(work)
        late_words = {
            "one new workbook": late.one_workbook,
            "an extract sent again": late.send_again,
            "a correction by letter": late.correct,
        }
        sent: list[Path] = []
        for name, send in late_words.items():
            sent.append(send(home, work))
            done = tiendo("refresh", "--home", str(home.root), *work.moment, "--json", "--profile")
            self.note("W4", name, done.cost, **_told(done))
        self.forget(home, sent)

    def nights(self) -> None:
        """A night with one new workbook, after two and after three years."""
        for months in (24, 36):
            work = WORKLOADS["W2"].sized(self.scale, months)
            home = self.released(work)
            sent: list[Path] = []
            # The first is the day on which the last files come: before, extracts would speak of days to come.
            for number, day in enumerate(late.nights(work, self.rounds + 1)):
                if number:
                    sent.append(late.one_workbook(home, work, number))
                words = ("--as-of", day.isoformat(), *work.moment[2:], "--json", "--profile")
                done = tiendo("refresh", "--home", str(home.root), *words)
                if number:
                    self.note("nights", f"a night after {months} months", done.cost, **_told(done))
            self.forget(home, sent)

    def w5(self) -> None:
        """The analyst's guide's questions on W2's release, each way in a process of its own."""
        home = self.released(WORKLOADS["W2"].sized(self.scale))
        for way in ("parquet", "tiendo sql", "tiendo.duckdb"):
            asked = times_of(home, way)
            times = {number: 1000 * statistics.median(seconds) for number, seconds in asked.items()}
            self.records.append(
                {
                    "workload": "W5", "what": way, "median_ms": statistics.median(times.values()),
                    "worst_ms": max(times.values()), "worst": max(times, key=lambda each: times[each]),
                }
            )  # fmt: skip
            tell(f"W5 {way}: {self.records[-1]}")

    def released(self, work: Workload) -> Home:
        """The home of a workload with its release, refreshed where it is not."""
        home = self.home_of(work)
        if not home.current_json.exists():
            tiendo("refresh", "--home", str(home.root), *work.moment)
        return home

    def refresh_anew(
        self, home: Home, work: Workload, limit: int | None = None, env: Mapping[str, str] | None = None
    ) -> Done:
        """From the raw files to the release, as if none had ever been taken in."""
        self.forget(home)
        return tiendo(
            "refresh", "--home", str(home.root), *work.moment, "--json", "--profile", limit=limit, env=env
        )

    def forget(self, home: Home, sent: Sequence[Path] = ()) -> None:
        """Leaves only the raw files of a home, without those sent late."""
        for path in sent:
            path.unlink()
        for folder in (home.warehouse, home.curated):
            if folder.exists():
                unlock(folder)

    def baseline(self, script: str, home: Home, work: Workload, step: str = "") -> Done:
        """Runs one of the comparisons."""
        out = self.folder / script
        if step != "publish":
            shutil.rmtree(out, ignore_errors=True)
        words = (str(PROJECT), str(home.raw), str(out), work.as_of.isoformat(), *([step] if step else []))
        return python(str(BASELINES / f"{script}.py"), *words)

    def dlt(self, home: Home, way: str) -> Done:
        """Loads with dlt."""
        out = self.folder / "dlt"
        shutil.rmtree(out, ignore_errors=True)
        script = str(BASELINES / "load_with_dlt.py")
        return run((self.dlt_python or "", script, str(home.raw), str(out), way))


def tell(text: str) -> None:
    """One line, at once."""
    sys.stdout.write(text + "\n")
    sys.stdout.flush()


def _told(done: Done) -> dict[str, Any]:
    """What a refresh tells of itself in JSON: its profile.

    Raises:
        SystemExit: Where it failed or had nothing to do, so that nothing was measured.
    """
    try:
        told = json.loads(done.said[done.said.index("{") :])
    except ValueError:
        raise SystemExit(f"a refresh that should be measured did not end well:\n{done.said}") from None
    if told["nothing_new"]:
        raise SystemExit("a refresh that should be measured found nothing new")
    return {"profile": told["profile"], "rows_quarantined": told["rows_quarantined"]}
