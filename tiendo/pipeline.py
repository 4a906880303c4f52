"""The main job as plain steps: intake, load, transform, check, publish.

The command line and the Prefect flow share `pipeline` and differ only in how a step is called, so that a
small job pays for no orchestrator and the nightly one is tracked step by step.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl

from tiendo import __version__
from tiendo.intake.archive import WITHDRAWAL
from tiendo.intake.contracts import canonical_schema, load_contracts
from tiendo.intake.landing import QUARANTINE_SCHEMA, IntakeSummary, intake, read_ledger
from tiendo.intake.store import remove_leftovers
from tiendo.messages import Language, TiendoError
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.release import Release, load_manifest, publish, switch_current, verify
from tiendo.quality.results import FRAME_SCHEMA, CheckResult, fatal_failures, summarise, to_frame
from tiendo.quality.runner import CheckWorker
from tiendo.registry.annexes import ANNEX_TABLES, load_registry_with
from tiendo.runs import RunRecord
from tiendo.settings import DBT_PROJECT, PROJECT, Home, fingerprint_files
from tiendo.warehouse.adjustments import target_adjustments
from tiendo.warehouse.annexes import known_references, references_with, submitted_annexes, unused_annexes
from tiendo.warehouse.answerable import target_agencies
from tiendo.warehouse.corrections import correct
from tiendo.warehouse.database import build_database, known_submissions
from tiendo.warehouse.past import past_states
from tiendo.warehouse.soundness import Soundness, mend_warehouse
from tiendo.warehouse.task_adjustments import deadline_readings, task_adjustments
from tiendo.warehouse.transform import run_models

Call = Callable[..., Any]
CODE_FOLDERS = (PROJECT / "tiendo", PROJECT / "expectations", DBT_PROJECT)
CODE_SUFFIXES = {".py", ".sql", ".yml", ".md", ".csv"}


@dataclass(frozen=True)
class Moment:
    """What a release speaks of.

    Attributes:
        as_of: The day; periods ending later are not in it.
        known_at: Submissions received later are not in it; has a time zone.
    """

    as_of: date
    known_at: datetime


@dataclass
class Outcome:
    """What a run came to.

    Attributes:
        intake: What became of the files under `data/raw`.
        release: The release now current; None where there was nothing new.
        release_id: Its identifier, also where there was nothing new.
        checks: Results of all checks; empty where there was nothing new.
        warehouse_was: `missing` or `damaged` where it had to be rebuilt from raw, else `sound`.
        record: Step times.
    """

    intake: IntakeSummary
    release_id: str
    release: Release | None = None
    checks: Sequence[CheckResult] = ()
    warehouse_was: Soundness = "sound"
    record: RunRecord | None = None

    def notes(self, language: Language) -> list[str]:
        """What else the user should know."""
        if self.warehouse_was == "sound":
            return []
        vi = {"missing": "không còn", "damaged": "bị hỏng"}[self.warehouse_was]
        if language == "vi":
            return [f"Thư mục data/warehouse {vi}; đã dựng lại từ data/raw."]
        return [f"The folder data/warehouse was {self.warehouse_was}; it was rebuilt from data/raw."]


def call_directly(step: Call, *arguments: Any, **options: Any) -> Any:
    """Runs a step as a plain function."""
    return step(*arguments, **options)


def pipeline(home: Home, moment: Moment, run: Call = call_directly, full: bool = False) -> Outcome:
    """Brings a home up to date and publishes a release. The caller holds the run lock.

    Args:
        home: The home to refresh.
        moment: What the release speaks of.
        run: Calls a step with its arguments; the Prefect flow passes one that runs it as a task.
        full: Publish anew even where nothing has changed.

    Raises:
        TiendoError: Where a step cannot go on; the previous release then stands.
    """
    record = RunRecord.begin(home, moment.as_of, moment.known_at)
    remove_leftovers(home.raw, home.warehouse)
    soundness = mend_warehouse(home)
    summary = record.step("intake", run, take_in, home, moment.known_at)
    submissions = known_submissions(home, read_ledger(home), moment.known_at)
    inputs = release_inputs(home, moment, submissions)
    if not full and _is_current(home, inputs):
        record.finish("nothing_new", inputs.release_id)
        return Outcome(summary, inputs.release_id, warehouse_was=soundness, record=record)
    with CheckWorker() as worker:  # imports Great Expectations while dbt works
        record.step("load", run, load, home, submissions)
        dbt_manifest = record.step("transform", run, run_models, home, moment.as_of, threads(), full)
        results = record.step("check", run, check, home, worker)
    release = record.step("publish", run, publish_release, home, dbt_manifest, inputs, results)
    record.finish("published", release.release_id)
    return Outcome(summary, release.release_id, release, results, soundness, record)


def take_in(home: Home, known_at: datetime | None = None) -> IntakeSummary:
    """Step 1: lands every received file that the ledger lacks.

    Files are checked against the plan annexes received up to `known_at`, so that a row which waits for a
    later annex is set aside in a report of an earlier moment, as it was on that day.
    """
    # Plan annexes and what withdraws them first: other files speak of their rows.
    annexes = intake(home, known_references(home, known_at), forms=(*ANNEX_TABLES, WITHDRAWAL))
    summary = intake(home, known_references(home, known_at))
    return summary.after(annexes)


def load(home: Home, submissions: pl.DataFrame) -> Path:
    """Step 2: writes the warehouse file over the landed files known, as corrected, and the registry."""
    schemas = {form: canonical_schema(contract) for form, contract in load_contracts().items()}
    schemas |= {"quarantined_rows": QUARANTINE_SCHEMA, "quality_checks": FRAME_SCHEMA}
    references = references_with(home, submissions)
    corrected, findings = correct(home, submissions, references)
    registry, refused = load_registry_with(home.plans, submitted_annexes(home, submissions, corrected))
    adjustments, unused = target_adjustments(home, submissions, registry, corrected)
    of_tasks, unused_of_tasks = task_adjustments(home, submissions, registry, corrected)
    findings += unused_annexes(refused) + unused + unused_of_tasks
    tables = {
        **registry,
        "target_adjustments": adjustments,
        "task_adjustments": of_tasks,
        "target_agencies": target_agencies(registry),
        "task_deadline_readings": deadline_readings(registry),
    }
    past = past_states(home, submissions, references)
    return build_database(home, submissions, tables, schemas, corrected, findings, past)


def check(home: Home, worker: CheckWorker) -> list[CheckResult]:
    """Step 4: looks at what arrived and at what would leave, and puts the results beside it.

    Raises:
        TiendoError: TD-502 where a fatal check fails; nothing is published then.
    """
    import duckdb

    # A page of a suite that is no more would go into later releases.
    shutil.rmtree(_docs_folder(home), ignore_errors=True)
    results = worker.run(home.database, _docs_folder(home))
    with duckdb.connect(str(home.database)) as connection:
        connection.register("results", to_frame(results))
        connection.execute("delete from marts.quality_checks")
        connection.execute("insert into marts.quality_checks by name select * from results")
    failed = fatal_failures(results)
    if failed:
        named_vi = "; ".join(
            f"{result.check_id} {result.description_vi.rstrip('.')}" for result in failed[:5]
        )
        named_en = "; ".join(
            f"{result.check_id} {result.description_en.rstrip('.')}" for result in failed[:5]
        )
        raise TiendoError(
            "TD-502",
            f"Có {len(failed)} kiểm tra bắt buộc không đạt nên không phát hành: {named_vi}.",
            f"{len(failed)} fatal checks failed, so nothing is published: {named_en}.",
            f"Bản phát hành trước vẫn giữ nguyên. Chi tiết: {_docs_folder(home)}.",
            f"The previous release stands. Details: {_docs_folder(home)}.",
        )
    return results


def publish_release(
    home: Home, dbt_manifest: Path, inputs: ReleaseInputs, results: Sequence[CheckResult]
) -> Release:
    """Step 5: writes the release aside and makes it current."""
    counts = summarise(results).to_dicts()
    with_checks = replace(inputs, checks={"summary": counts})
    return publish(home, home.database, dbt_manifest, with_checks, {"quality": _docs_folder(home)})


def release_inputs(home: Home, moment: Moment, submissions: pl.DataFrame) -> ReleaseInputs:
    """What decides a release, with the fingerprint by which an equal one is recognised."""
    code = [
        path
        for folder in CODE_FOLDERS
        for path in folder.rglob("*")
        if path.suffix in CODE_SUFFIXES and "target" not in path.parts
    ]
    plans = home.plans
    parts = [
        moment.as_of.isoformat(),
        str(home.is_synthetic),
        fingerprint_files(code, PROJECT),
        fingerprint_files(plans.glob("*.csv"), plans),
        (PROJECT / "uv.lock").read_text(encoding="utf-8"),
        *(":".join(row) for row in submissions.select("submission_id", "sha256", "status").iter_rows()),
    ]
    listed = submissions.select("submission_id", "form", "org_code", "period", "sha256", "raw_path", "status")
    return ReleaseInputs(
        as_of=moment.as_of,
        known_at=moment.known_at,
        fingerprint=_digest(parts),
        code_version=__version__,
        is_synthetic=home.is_synthetic,
        submissions=listed.to_dicts(),
        counts={
            "submissions": submissions.height,
            "rows_read": int(submissions["rows_read"].sum() or 0),
            "rows_quarantined": int(submissions["rows_quarantined"].sum() or 0),
        },
    )


def rebuild_moment(home: Home, otherwise: Moment) -> Moment:
    """The moment of the current release, so that a rebuild can be compared with it."""
    try:
        manifest = load_manifest(home)
    except TiendoError:
        return otherwise
    return Moment(date.fromisoformat(manifest["as_of"]), datetime.fromisoformat(manifest["known_at"]))


def threads() -> int:
    """Threads for dbt and DuckDB: `TIENDO_THREADS`, else the cores of the machine."""
    named = os.environ.get("TIENDO_THREADS") or str(os.cpu_count() or 1)
    if named.isdecimal() and int(named) > 0:
        return int(named)
    raise TiendoError(
        "TD-702",
        f"TIENDO_THREADS phải là số nguyên dương, không phải “{named}”.",
        f"TIENDO_THREADS must be a positive whole number, not “{named}”.",
        exit_code=2,
    )


def _docs_folder(home: Home) -> Path:
    return home.warehouse / "quality"


def _is_current(home: Home, inputs: ReleaseInputs) -> bool:
    """Whether the release in force has these inputs and is whole; pointers half switched are put right."""
    try:
        manifest = load_manifest(home)
        if manifest["fingerprint"] != inputs.fingerprint or verify(home, manifest["release_id"]):
            return False
    except (TiendoError, KeyError):
        return False
    switch_current(home, manifest["release_id"])
    return True


def _digest(parts: Sequence[str]) -> str:
    return hashlib.sha256("\x1f".join(parts).encode()).hexdigest()
