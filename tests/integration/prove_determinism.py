"""Proves at length that a release depends on nothing but its inputs; run by `make test-determinism`.

A demo and a story with corrections, withdrawals and plan annexes are published with one thread. Each is then
rebuilt beside with two, and sent to new homes in shuffled order, published with two threads and compared byte
for byte, the database file excepted, whose tables are compared.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from later_words import Story, first_words, later_words
from shuffled import send_shuffled

from tiendo.publish.comparing import compare_database, compare_files
from tiendo.publish.release import load_manifest
from tiendo.settings import Home

TIENDO = Path(sys.executable).with_name("tiendo")
MOMENT = ("--as-of", "2026-10-31", "--known-at", "2026-12-31T00:00+07:00")


def tell(line: str) -> None:
    """One line of progress."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def tiendo(home: Home, *arguments: str, threads: int = 1) -> str:
    """Runs the program; 1 is allowed of `refresh`, since some files must be refused."""
    started = time.perf_counter()
    environment = {**os.environ, "TIENDO_THREADS": str(threads)}
    command = [TIENDO, *arguments, "--home", str(home.root)]
    done = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    allowed = (0, 1) if arguments[0] == "refresh" else (0,)
    if done.returncode not in allowed:
        raise SystemExit(done.stdout + done.stderr)
    taken = time.perf_counter() - started
    tell(f"{home.root.name}: {' '.join(arguments[:2])}, {threads} threads, {taken:.0f} s")
    return done.stdout


def compare(first: Home, other: Home) -> None:
    """Ends the program where two homes' current releases differ in anything."""
    tables = load_manifest(first)["row_counts"]
    compared, files, differing = compare_files(first.current, other.current)
    differing += compare_database(first.current, other.current, tables)
    if files or differing:
        raise SystemExit(f"{first.root.name} and {other.root.name} differ: {files} {differing}")
    tell(f"{other.root.name}: {compared} files are those of {first.root.name}, byte for byte")


def prove(home: Home, folder: Path, seeds: int) -> None:
    """One home: published, rebuilt beside, and published again from shuffled arrivals."""
    tiendo(home, "refresh", *MOMENT, threads=1)
    tell(tiendo(home, "rebuild", "--verify", threads=2).strip())
    for seed in range(1, seeds + 1):
        other = Home(folder / f"{home.root.name}-{seed}")
        send_shuffled(home, other, folder, seed)
        (other.warehouse / "pseudonym.key").unlink(missing_ok=True)  # Nothing published may depend on it.
        tiendo(other, "refresh", *MOMENT, threads=2)
        compare(home, other)


def main() -> None:
    """Reads the size of the proof and runs it."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--months", default="2")
    parser.add_argument("--dossiers", default="300")
    parser.add_argument("--provinces", default="66")
    parser.add_argument("--seeds", type=int, default=2)
    said = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="tiendo-determinism-") as named:
        folder = Path(named)
        story = Story(Home(folder / "story"), folder)
        first_words(story)
        later_words(story)
        demo = Home(folder / "demo")
        size = ("--months", said.months, "--dossiers", said.dossiers, "--provinces", said.provinces)
        tiendo(demo, "demo", *size)
        for home in (story.home, demo):
            prove(home, folder, said.seeds)


if __name__ == "__main__":
    main()
