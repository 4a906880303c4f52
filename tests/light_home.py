"""`tiendo` with light steps in the place of dbt and the checks, for tests of what surrounds them.

Intake, ledger, lock, run records, publishing, the release log and every command are the real ones; a release
holds one table, the coverage that was reported, made by one statement over the landed files. Run as a program
it is the command line: `python tests/light_home.py refresh`.

Settings: `LIGHT_FACTOR` multiplies all figures (as a changed program would), `LIGHT_SLEEP` lets the load
take so many seconds.
"""

import json
import os
import shlex
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

PROJECT = Path(__file__).parents[1]
# Of the machine, which the commands of a test are to know nothing of.
SETTINGS = ("TIENDO_", "PREFECT_")
HEADER = "Mã đơn vị,Kỳ báo cáo,Dân số,Dân số được phủ sóng 5G"
# A check forbids to publish it, so that a test can have one that fails.
ABSURD = 13


def coverage(folder: Path, month: int, covered: int) -> Path:
    """A file to submit: the coverage of one commune in one month of 2026."""
    path = folder / f"phu-song-{month}-{covered}.csv"
    path.write_text(f"{HEADER}\n24133,{month:02}/2026,20000,{covered}\n", encoding="utf-8")
    return path


def command(folder: Path) -> Path:
    """Puts a `tiendo` of this kind into a folder, for the search path of a shell."""
    path = folder / "tiendo"
    path.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {shlex.quote(__file__)} "$@"\n')
    path.chmod(0o755)
    return path


def make(folder: Path, program: Path) -> Path:
    """A home with a submission, two releases and a key.

    Args:
        folder: Where; the home is in it.
        program: A `tiendo` of this kind.
    """
    from tiendo.intake.pseudonyms import key_of
    from tiendo.settings import Home

    home = folder / "home"
    sent = str(coverage(folder, 3, 10_000))
    for arguments in (
        ("submit", sent, "--received-at", "2026-04-05T09:00+07:00"),
        ("refresh", "--as-of", "2026-06-30"),
        ("refresh",),
    ):
        known = {name: value for name, value in os.environ.items() if not name.startswith(SETTINGS)}
        done = subprocess.run(
            [program, *arguments, "--home", home], env=known, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
    key_of(Home(home))
    return home


def install() -> None:
    """Replaces the heavy steps of the pipeline in this process."""
    import tiendo.cli_output
    import tiendo.last_release
    import tiendo.pipeline

    for name in ("load", "run_models", "stage_release", "check", "publish_release"):
        step = globals()[f"_{name}"]
        step.__name__ = name
        setattr(tiendo.pipeline, name, step)
    tiendo.pipeline.CheckWorker = _NoWorker  # type: ignore[assignment,misc]
    tiendo.last_release.compare = _compare  # type: ignore[assignment]
    for name, answer in (("reports_due", {}), ("is_remembered", False), ("remember_build", None)):
        setattr(tiendo.pipeline, name, lambda *_, answer=answer: answer)
    tiendo.cli_output._print_status_summary = lambda *_: None  # type: ignore[attr-defined]


class _NoWorker:
    """In the place of the process that imports Great Expectations."""

    def __enter__(self) -> "_NoWorker":
        return self

    def start(self) -> None:
        pass

    def __exit__(self, *_: object) -> None:
        pass


def _load(home: Any, submissions: Any, *_: Any, **__: Any) -> Path:
    import duckdb

    from tiendo.intake.store import landing_file

    time.sleep(float(os.environ.get("LIGHT_SLEEP", "0")))
    landed = submissions.filter(form="coverage", status="landed")
    rows = landed.select("form", "period", "org_code", "submission_id").iter_rows()
    files = [str(landing_file(home, *row)) for row in rows]
    for old in home.warehouse.glob(f"{home.database.name}*"):
        old.unlink()
    with duckdb.connect(str(home.database)) as connection:
        connection.execute("create schema marts")
        factor = int(os.environ.get("LIGHT_FACTOR", "1"))
        connection.execute(
            "create table marts.covered as select submission_id, period, population_5g::bigint * ? as covered"
            " from read_parquet(?) order by all"
            if files
            else "create table marts.covered (submission_id varchar, period varchar, covered bigint)",
            [factor, files] if files else [],
        )
    return Path(home.database)


def _run_models(home: Any, *_: Any, **__: Any) -> Path:
    def column(name: str, data_type: str) -> dict[str, Any]:
        meta = {"label_vi": name, "label_en": name, "unit": None}
        return {"name": name, "data_type": data_type, "description": name, "config": {"meta": meta}}

    columns = [column("submission_id", "varchar"), column("period", "varchar"), column("covered", "bigint")]
    model = {
        "resource_type": "model",
        "name": "covered",
        "alias": "covered",
        "fqn": ["tiendo", "marts", "covered"],
        "description": "Coverage as reported.",
        "config": {"meta": {"grain": ["submission_id"]}},
        "columns": {each["name"]: each for each in columns},
    }
    path = Path(home.warehouse / "dbt" / "manifest.json")
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps({"nodes": {"model.tiendo.covered": model}}), encoding="utf-8")
    return path


def _check(home: Any, *_: Any, **__: Any) -> list[Any]:
    import duckdb

    from tiendo.quality.results import CheckResult
    from tiendo.quality.verdict import refusal

    with duckdb.connect(str(home.database), read_only=True) as connection:
        absurd = connection.execute("select covered from marts.covered where covered = ?", [ABSURD])
        count = len(absurd.fetchall())
    result = CheckResult(
        "Q-1", "covered", "curated", "rows", "fatal", "valid", "Số liệu có thật", "Figures are real",
        count == 0, 1, count, str(count),
    )  # fmt: skip
    if error := refusal([result], home.warehouse / "quality", lambda _: ["covered"]):
        raise error
    return [result]


def _stage_release(*_: Any, **__: Any) -> None:
    """Nothing is written ahead."""


def _publish_release(home: Any, *given: Any, **__: Any) -> Any:
    """Publishes as the real step does, whatever else it is given."""
    from dataclasses import replace

    from tiendo.provenance import checks_told
    from tiendo.publish.inputs import ReleaseInputs
    from tiendo.publish.release import publish

    inputs = next(each for each in given if isinstance(each, ReleaseInputs))
    told = replace(inputs, checks=checks_told(next(each for each in given if isinstance(each, list))))
    aside = [each for each in given if hasattr(each, "add_tables")]
    manifest = home.warehouse / "dbt" / "manifest.json"
    return publish(home, home.database, manifest, told, **({"staging": aside[0]} if aside else {}))


def _compare(
    database: Path, _as_of: Any, _known_at: Any, submissions: Any, previous: Path, manifest: Any
) -> Any:
    """Blocks where the same submissions come to another sum."""
    import duckdb

    from tiendo.quality.drift import Comparison
    from tiendo.quality.drift_weighing import Drift

    with duckdb.connect(str(database), read_only=True) as connection:
        total = "select coalesce(sum(covered), 0)::bigint from"
        ((now,),) = connection.execute(f"{total} marts.covered").fetchall()
        ((then,),) = connection.execute(f"{total} '{previous}/covered.parquet'").fetchall()
    known = [[each["submission_id"], each["status"]] for each in submissions]
    before = [[each["submission_id"], each["status"]] for each in manifest["inputs"]]
    drift = Drift("figures", "block", 1, 0, f"Tổng khác: {then} → {now}", f"Another sum: {then} → {now}")
    return Comparison(manifest["release_id"], (drift,) if known == before and now != then else ())


if __name__ == "__main__":
    sys.path.insert(0, str(PROJECT))
    install()
    from tiendo.cli import main

    main()
