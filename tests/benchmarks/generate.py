"""Writes into `data/raw` of a home what agencies send: extracts of dossiers and workbooks of 5G coverage.

Made by the demo's own figures, file by file, so that a hundred million dossiers need no more memory than one
extract. A few rows in each have a mistake of those that senders make; the same seed gives the same bytes.
"""

import hashlib
import multiprocessing
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime
from functools import partial
from pathlib import Path

import numpy as np
import polars as pl
from benchmarks.workloads import Workload

from tiendo.demo.coverage import coverage_figures
from tiendo.demo.dossiers import dossiers, known_by
from tiendo.demo.files import raw_csv, workbook
from tiendo.demo.spelling import COMMUNE_MANNER, PLAIN, Manner, spell, spell_header
from tiendo.demo.window import Month
from tiendo.demo.world import World
from tiendo.intake.contracts import load_contract
from tiendo.intake.store import Submission
from tiendo.settings import Home

# One row in so many has a mistake.
ONE_WRONG_IN = 2_500
# The national one-stop system exports alike everywhere.
EXPORT_MANNER = Manner(text_dates=True)
# What stands in the wrong cell, by column.
WRONG_CELLS = (
    ("receiving_org_code", "99999"),
    ("received_at", "31/11/2025 08:00"),
    ("received_at", "15/01/2026 08:00"),
    ("completed_at", "01/06/2025 09:00"),
    ("supplement_requests", "hai"),
    ("rating", "9"),
    ("state", "Chờ bổ sung"),
)
MARKER = "# Synthetic files of the benchmarks, made from a seed. No figure is real.\n"
Job = Callable[[Home], Path]


def fill(home: Home, work: Workload) -> list[Path]:
    """Writes all files of a workload, on all processors; returns them in order of their making."""
    # Threads of polars do not survive a fork.
    start = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(os.cpu_count(), start) as pool:
        files = list(pool.map(partial(_write, home), jobs(work), chunksize=2))
    home.synthetic_marker.write_text(MARKER, encoding="utf-8")
    return files


def jobs(work: Workload) -> Iterator[Job]:
    """One for each file."""
    for province in work.provinces:
        for month in work.world.months:
            yield partial(_extract, work=work, province=province, month=month)
            if work.has_own_workbooks:
                for place in range(len(work.world.communes[province])):
                    yield partial(_own_workbook, work=work, province=province, month=month, place=place)
            else:
                yield partial(_bundled_workbook, work=work, province=province, month=month)


def _write(home: Home, job: Job) -> Path:
    return job(home)


def put(
    home: Home, form: str, period: str, org: str, received_at: datetime, name: str, content: bytes
) -> Path:
    """Lays a file where the intake finds it, named as a received file is."""
    sha12 = hashlib.sha256(content).hexdigest()[:12]
    path = home.raw / Submission(form, period, org, received_at, sha12, name).raw_path
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return path


def extract_sent_at(work: Workload, month: Month) -> datetime:
    """An extract is sent until its dossiers are closed; what counts is its last sending, a month later."""
    return month.plus(1 if month == work.last_month else 2).at(5, 7, 30)


def extract_rows(work: Workload, province: str, month: Month) -> pl.DataFrame:
    """The dossiers of an extract without mistakes, in the contract's columns."""
    taken_at = extract_sent_at(work, month).replace(hour=0, minute=0, tzinfo=None)
    return known_by(dossiers(work.world, province, month), taken_at)


def _extract(home: Home, work: Workload, province: str, month: Month) -> Path:
    spelt = spell(extract_rows(work, province, month), "dossier", EXPORT_MANNER)
    content = raw_csv(with_mistakes(spelt, work.world, province, month))
    name = f"bieu-02_{province}_{month.code}.csv"
    return put(home, "dossier", month.code, province, extract_sent_at(work, month), name, content)


def with_mistakes(spelt: pl.DataFrame, world: World, province: str, month: Month) -> pl.DataFrame:
    """The rows as sent, some with a wrong cell, with the identifier of their neighbour, or standing twice."""
    if spelt.height < 2:
        return spelt
    chance = world.stream("benchmark mistakes", province, month.code)
    kinds = len(WRONG_CELLS) + 2
    # Never neighbours, so that no row has two mistakes.
    picked = 2 * chance.choice(spelt.height // 2, max(1, spelt.height // ONE_WRONG_IN), replace=False) + 1
    first_kind = int(chance.integers(kinds))
    rows = np.arange(spelt.height)
    wrong = [picked[(kind - first_kind) % kinds :: kinds] for kind in range(kinds)]
    rows[wrong[-1]] -= 1
    spelt = spelt[rows]
    for (column, text), at in zip(WRONG_CELLS, wrong, strict=False):
        header = header_of(column)
        spelt = spelt.with_columns(spelt[header].cast(pl.String).scatter(at, text))
    identifiers = spelt[header_of("dossier_id")]
    return spelt.with_columns(identifiers.scatter(wrong[-2], identifiers.gather(wrong[-2] - 1)))


def header_of(column: str) -> str:
    """How an extract names a column."""
    return spell_header(load_contract("dossier").column(column), EXPORT_MANNER)


def _bundled_workbook(home: Home, work: Workload, province: str, month: Month) -> Path:
    content = workbook(coverage_figures(work.world, province, month), "coverage", PLAIN)
    name = f"bieu-04_{province}_{month.code}.xlsx"
    return put(home, "coverage", month.code, province, month.plus(1).at(8, 9), name, content)


def _own_workbook(home: Home, work: Workload, province: str, month: Month, place: int) -> Path:
    row = coverage_figures(work.world, province, month)[place : place + 1]
    code = row["org_code"][0]
    manner = COMMUNE_MANNER if place % 2 else PLAIN
    name = f"phu-song-5g_{code}_{month.code}.xlsx"
    sent_at = month.plus(1).at(3 + place % 10, 8 + place % 8, place % 60)
    return put(home, "coverage", month.code, code, sent_at, name, workbook(row, "coverage", manner))
