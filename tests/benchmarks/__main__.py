"""The benchmarks: `PYTHONPATH=.:tests python -m benchmarks --help`, or `make bench-large`.

`generate` only writes the files of a workload into a home, as agencies would send them:
`PYTHONPATH=.:tests python -m benchmarks generate W2 --scale 0.02 --home build/w2`; it tells the rest.
`measure` runs workloads and what they are compared with and keeps the records as JSON; `page` writes the
tables of docs/performance.md from such a file, or prints them.
"""

import argparse
import json
import sys
import tempfile
import time
from pathlib import Path

from benchmarks.generate import fill
from benchmarks.measured import machine
from benchmarks.page import tables, write_page
from benchmarks.suite import Suite
from benchmarks.workloads import WORKLOADS

from tiendo.settings import Home

# Those that ask W2's release, or add to it, come before what takes it away.
MEASURES = ("imports", "w1", "w2", "w5", "w4", "nights", "w3")


def main() -> None:
    """Reads the command line."""
    asked = _parser().parse_args()
    {"generate": generate, "measure": measure, "page": page}[asked.command](asked)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__.splitlines()[0])
    commands = parser.add_subparsers(dest="command", required=True)
    files = commands.add_parser("generate", help="write the files of a workload into a home")
    files.add_argument("workload", choices=WORKLOADS)
    files.add_argument("--home", type=Path, required=True)
    files.add_argument("--months", type=int, help="another length of the history")
    runs = commands.add_parser("measure", help="run workloads and what they are compared with")
    runs.add_argument("measures", nargs="*", default=MEASURES, metavar=" ".join(MEASURES))
    runs.add_argument("--folder", type=Path, help="where homes lie and stay; else a temporary one")
    runs.add_argument("--rounds", type=int, default=3, help="how often what can be repeated is")
    runs.add_argument("--dlt", help="a Python that has dlt; without it dlt is left out")
    runs.add_argument("--out", type=Path, required=True, help="JSON file that the records are added to")
    for command in (files, runs):
        command.add_argument("--scale", type=float, default=1.0, help="share of the dossiers")
    written = commands.add_parser("page", help="tables from records")
    written.add_argument("records", type=Path)
    written.add_argument(
        "--on", help="day of the measurement, written into docs/performance.md; else only printed"
    )
    return parser


def generate(asked: argparse.Namespace) -> None:
    """Writes the files of a workload."""
    work = WORKLOADS[asked.workload].sized(asked.scale, asked.months)
    started = time.perf_counter()
    files = fill(Home(asked.home), work)
    seconds, size = time.perf_counter() - started, sum(path.stat().st_size for path in files)
    tell(f"{work.dossiers} dossiers, {len(files)} files, {size / 1e6:.0f} MB in {seconds:.1f} s")
    tell(f"tiendo refresh --home {asked.home} " + " ".join(work.moment))


def measure(asked: argparse.Namespace) -> None:
    """Measures, and adds to the records; those of a measure that is repeated are replaced."""
    if unknown := set(asked.measures) - set(MEASURES):
        sys.exit(f"no such measure: {', '.join(sorted(unknown))}")
    with tempfile.TemporaryDirectory(prefix="bench-", ignore_cleanup_errors=True) as temporary:
        folder = asked.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        suite = Suite(folder.resolve(), asked.scale, asked.rounds, asked.dlt)
        for name in asked.measures:
            getattr(suite, name)()
            _keep(asked.out, suite, name)
    sys.stdout.write(tables(json.loads(asked.out.read_text(encoding="utf-8"))))


def _keep(path: Path, suite: Suite, measured: str) -> None:
    told = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {"records": []}
    label = measured if measured in ("imports", "nights") else measured.upper()
    new = [{**record, "scale": suite.scale} for record in suite.records if record["workload"] == label]
    kept = [record for record in told["records"] if record["workload"] != label]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(
        json.dumps({"machine": machine(suite.dlt_python), "records": kept + new}, indent=1), "utf-8"
    )


def page(asked: argparse.Namespace) -> None:
    """Writes or prints the tables."""
    found = json.loads(asked.records.read_text(encoding="utf-8"))
    if asked.on:
        write_page(found, asked.on)
    else:
        sys.stdout.write(tables(found))


def tell(text: str) -> None:
    """One line of the result."""
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
