"""Proves that Spark computes what DuckDB computes: one home, published by either, every table compared.

Integers, decimals, texts, days and moments have to be equal, floating numbers up to 1e-12 of their size:
a sum of them depends on the order of rows. The first rows that differ are shown.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import polars as pl

from tiendo.publish.release import load_manifest
from tiendo.settings import PROJECT, Home

MOMENT = ("--as-of", "2026-10-31", "--known-at", "2026-12-31T00:00+07:00")
# What agencies sent, by name: the least, the demo that `make demo` fills, a month of one province.
SAMPLES = {
    "sample": ("--months", "1", "--dossiers", "300", "--provinces", "66"),
    "demo": ("--dossiers", "20000"),
    "W1": ("--months", "1", "--dossiers", "200000", "--provinces", "66"),
}
# To compile queries to machine code and to plan them anew while they run pays from some 100,000 rows on.
SMALL = """\
spark.sql.adaptive.enabled false
spark.sql.codegen.wholeStage false
spark.sql.codegen.factoryMode NO_CODEGEN
spark.driver.extraJavaOptions -XX:+UseSerialGC -XX:TieredStopAtLevel=1
"""
TOLERANCE = 1e-12
SHOWN = 3


def main() -> int:
    """Fills homes, publishes each twice, compares; 1 where anything differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("samples", nargs="*", default=["demo", "W1"], help="of " + ", ".join(SAMPLES))
    found: list[str] = []
    with tempfile.TemporaryDirectory(prefix="tiendo-spark-") as folder:
        for name in parser.parse_args().samples:
            found += [f"{name}: {problem}" for problem in compare(name, Path(folder, name))]
    for problem in found:
        print(problem)  # noqa: T201
    return bool(found)


def compare(name: str, folder: Path) -> list[str]:
    """What the two engines give otherwise for a sample."""
    homes = {engine: folder / engine for engine in ("duckdb", "spark")}
    tiendo("demo", "--home", homes["duckdb"], *SAMPLES[name])
    settings = folder / "spark-conf"
    if name != "W1":
        settings.mkdir()
        (settings / "spark-defaults.conf").write_text(SMALL, "utf-8")
    seconds = {"duckdb": refresh(homes["duckdb"], "duckdb", settings)}
    shutil.copytree(homes["duckdb"], homes["spark"], symlinks=True)
    shutil.rmtree(homes["spark"] / "data/curated")
    seconds["spark"] = refresh(homes["spark"], "spark", settings)
    problems = list(differences(*(Home(home) for home in homes.values())))
    # Whatever engine made it, a release stays in force while nothing new comes.
    again = tiendo("refresh", "--home", homes["spark"], *MOMENT, "--lang", "en")
    if "Nothing new" not in again:
        problems.append(f"the other engine found something new: {again[-300:]}")
    told = ", ".join(f"{engine} {wall:.0f} s ({cpu:.0f} s CPU)" for engine, (wall, cpu) in seconds.items())
    print(f"{name}: {told}; {len(problems)} differences", flush=True)  # noqa: T201
    return problems


def refresh(home: Path, engine: str, settings: Path) -> tuple[float, float]:
    """Publishes a home; wall and processor time in seconds, the latter with all its processes."""
    started, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    tiendo("refresh", "--home", home, *MOMENT, "--engine", engine, SPARK_CONF_DIR=str(settings))
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return time.perf_counter() - started, processor


def tiendo(*arguments: object, **settings: str) -> str:
    """What a command says; files with faults are part of every demo, so exit code 1 is fine."""
    done = subprocess.run(
        [sys.executable, "-c", "from tiendo.cli import main; main()", *map(str, arguments)],
        env={**os.environ, "PYTHONPATH": str(PROJECT), **settings},
        capture_output=True,
        text=True,
    )
    if done.returncode not in (0, 1):
        raise SystemExit(f"tiendo {' '.join(map(str, arguments))}\n{done.stdout}{done.stderr}")
    return done.stdout + done.stderr


def differences(one: Home, other: Home) -> Iterator[str]:
    """What the releases in force of two homes hold otherwise."""
    manifests = [load_manifest(home) for home in (one, other)]
    if manifests[0]["release_id"] != manifests[1]["release_id"]:
        yield f"the releases are {manifests[0]['release_id']} and {manifests[1]['release_id']}"
    tables = [{path.name: path for path in home.current.glob("*.parquet")} for home in (one, other)]
    if tables[0].keys() != tables[1].keys():
        yield f"only one has {sorted(tables[0].keys() ^ tables[1].keys())}"
    for name in sorted(tables[0].keys() & tables[1].keys()):
        yield from (f"{name}: {told}" for told in differing(tables[0][name], tables[1][name]))


def differing(one: Path, other: Path) -> Iterator[str]:
    """What two tables hold otherwise, in the order of their grain."""
    a, b = (pl.read_parquet(path, glob=False) for path in (one, other))
    if a.schema != b.schema:
        yield f"columns are {a.schema} and {b.schema}"
    elif a.height != b.height:
        yield f"{a.height} and {b.height} rows"
    else:
        for column in a.columns:
            unequal = (~same(a[column], b[column])).arg_true().to_list()
            if unequal:
                shown = [(a.row(row, named=True), b[column][row]) for row in unequal[:SHOWN]]
                yield f"{column} differs in {len(unequal)} of {a.height} rows: {shown}"


def same(a: pl.Series, b: pl.Series) -> pl.Series:
    """Where two columns are equal, nothing being equal to nothing."""
    equal = a.eq_missing(b)
    if a.dtype == pl.Float64:
        both = pl.DataFrame({"a": a, "b": b})
        near = (pl.col("a") - pl.col("b")).abs() <= TOLERANCE * pl.max_horizontal(pl.all().abs())
        equal = equal | both.select(near.fill_null(value=False)).to_series()
    return equal


if __name__ == "__main__":
    sys.exit(main())
