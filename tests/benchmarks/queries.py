"""How long the twenty questions of the analyst's guide take, read from the page itself, each way one may ask.

Run as `python -m benchmarks.queries FOLDER parquet|tiendo sql|tiendo.duckdb`: prints the seconds of every
round of each question as JSON. Of the two connections the opening does not count; `tiendo sql` opens anew.
"""

import json
import re
import sys
import time
from pathlib import Path

import duckdb
from benchmarks.measured import python

from tiendo.publish.query import query
from tiendo.settings import PROJECT, Home

GUIDE = PROJECT / "docs" / "analyst-guide.md"
ROUNDS = 3


def questions() -> dict[str, str]:
    """SQL by number."""
    text = GUIDE.read_text(encoding="utf-8")
    sections = re.split(r"^### (\d+)\. .+$", text, flags=re.MULTILINE)[1:]
    found = (re.findall(r"^```sql\n([^`]+)```$", section, re.MULTILINE) for section in sections[1::2])
    return {number: sql for number, (sql,) in zip(sections[::2], found, strict=True)}


def times_of(home: Home, way: str) -> dict[str, list[float]]:
    """Seconds by question, asked in a process of its own."""
    done = python("-m", "benchmarks.queries", str(home.current.resolve()), way)
    return json.loads(done.said)


def main(release: Path, way: str) -> None:
    """Asks each question a few times and prints the seconds."""
    if way == "tiendo.duckdb":
        connection = duckdb.connect(str(release / "tiendo.duckdb"), read_only=True)
    else:
        connection = duckdb.connect()
        for path in release.glob("*.parquet"):
            connection.execute(f"create view {path.stem} as from '{path}'")
    times: dict[str, list[float]] = {}
    for _ in range(ROUNDS):
        for number, sql in questions().items():
            started = time.perf_counter()
            if way == "tiendo sql":
                query(release, sql)
            else:
                connection.execute(sql).fetchall()
            times.setdefault(number, []).append(time.perf_counter() - started)
    sys.stdout.write(json.dumps(times))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
