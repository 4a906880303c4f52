"""The main job as plain steps: intake, load, transform, stage, check, publish.

The command line and the Prefect flow share `pipeline` and differ only in how a step is called, so that a
small job pays for no orchestrator and the nightly one is tracked step by step.
"""

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from tiendo import limits
from tiendo.arrivals import arrived, known_before, reports_due
from tiendo.intake.archive import WITHDRAWAL
from tiendo.intake.contracts import canonical_schema, load_contracts
from tiendo.intake.landing import QUARANTINE_SCHEMA, IntakeSummary, intake, read_ledger
from tiendo.intake.store import remove_leftovers
from tiendo.last_release import compare_with_last, release_before
from tiendo.logs import tell, tell_problem
from tiendo.messages import Language, TiendoError
from tiendo.provenance import checks_told, counts_told, release_inputs
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.keeping import held_back
from tiendo.publish.log import read_log
from tiendo.publish.release import Release, load_manifest, publish, switch_current, verify
from tiendo.publish.shelf import current_or_none
from tiendo.publish.staging import Staging
from tiendo.publish.verify import recorded_sums
from tiendo.quality.drift import Comparison
from tiendo.quality.results import FAILURES_SCHEMA, FRAME_SCHEMA, CheckResult, failures_frame, to_frame
from tiendo.quality.runner import CheckWorker
from tiendo.quality.verdict import refusal
from tiendo.registry.annexes import ANNEX_TABLES, load_registry_with
from tiendo.room import refuse_no_room_to_publish
from tiendo.runs import RunRecord, Trigger
from tiendo.settings import Engine, Home
from tiendo.warehouse.adjustments import target_adjustments
from tiendo.warehouse.annexes import known_references, references_with, submitted_annexes, unused_annexes
from tiendo.warehouse.answerable import target_agencies
from tiendo.warehouse.corrections import correct
from tiendo.warehouse.database import build_database, known_submissions
from tiendo.warehouse.lineage import Lineage
from tiendo.warehouse.on_spark import run_models_on_spark
from tiendo.warehouse.past import past_states
from tiendo.warehouse.replay import is_remembered, remember_build
from tiendo.warehouse.soundness import Soundness, mend_warehouse
from tiendo.warehouse.spark_session import require_spark
from tiendo.warehouse.task_adjustments import deadline_readings, task_adjustments
from tiendo.warehouse.transform import run_models

Call = Callable[..., Any]
# Told what is done and what there is in all.
Progress = Callable[[int, int], None]
# Tables that hold what the checks found.
TOLD_BY_CHECKS = ("quality_checks", "quality_scores")


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
        held_back: The rolled back release that these inputs would make again, so that nothing was published.
        comparison: What differs from the last release beyond limits.
    """

    intake: IntakeSummary
    release_id: str
    release: Release | None = None
    checks: Sequence[CheckResult] = ()
    warehouse_was: Soundness = "sound"
    record: RunRecord | None = None
    held_back: str | None = None
    comparison: Comparison = field(default_factory=Comparison)

    def notes(self, language: Language) -> list[str]:
        """What else the user should know."""
        told: list[str] = []
        if self.warehouse_was != "sound":
            vi = {"missing": "không còn", "damaged": "bị hỏng"}[self.warehouse_was]
            told.append(
                f"Thư mục data/warehouse {vi}; đã dựng lại từ data/raw."
                if language == "vi"
                else f"The folder data/warehouse was {self.warehouse_was}; it was rebuilt from data/raw."
            )
        if self.held_back:
            told.append(
                f"Bản {self.held_back} đã bị thu hồi (rollback) và dữ liệu vào chưa có gì mới nên không phát "
                "hành lại. Khi có dữ liệu mới sẽ phát hành như thường lệ; muốn ngay: tiendo refresh --full"
                if language == "vi"
                else f"Release {self.held_back} was rolled back and nothing new has come in, so it is not "
                "published again. New inputs publish as usual; to publish now: tiendo refresh --full"
            )
        return told


def call_directly(step: Call, *arguments: Any, **options: Any) -> Any:
    """Runs a step as a plain function."""
    return step(*arguments, **options)


def pipeline(
    home: Home,
    moment: Moment,
    run: Call = call_directly,
    full: bool = False,
    accept_drift: str | None = None,
    trigger: Trigger | None = None,
    make_current: bool = True,
    engine: Engine = "duckdb",
) -> Outcome:
    """Brings a home up to date and publishes a release. The caller holds the run lock.

    Args:
        home: The home to refresh.
        moment: What the release speaks of.
        run: Calls a step with its arguments; the Prefect flow passes one that runs it as a task.
        full: Publish anew even where nothing has changed.
        accept_drift: Why a release may differ from the last one beyond limits.
        trigger: Who asked for the run, told in its record.
        make_current: Whether the release comes into force; else it only goes on the shelf.
        engine: What computes the models. It does not decide a release: both give the same.

    Raises:
        TiendoError: Where a step cannot go on; the previous release then stands.
    """
    with RunRecord.begin(home, moment.as_of, moment.known_at, trigger) as record, CheckWorker() as worker:
        return _bring_up_to_date(home, moment, run, full, accept_drift, make_current, engine, record, worker)


def _bring_up_to_date(
    home: Home,
    moment: Moment,
    run: Call,
    full: bool,
    accept_drift: str | None,
    make_current: bool,
    engine: Engine,
    record: RunRecord,
    worker: CheckWorker,
) -> Outcome:
    """The steps of the main job in their order."""
    limits.remove_spilled(home.warehouse)
    remove_leftovers(home.raw, home.warehouse)
    soundness = mend_warehouse(home)
    if soundness != "sound":
        tell("warehouse_rebuilt", f"data/warehouse was {soundness}", is_warning=True)
    summary = record.step("intake", run, take_in, home, moment.known_at, run, worker)
    for problem in summary.problems:
        tell_problem(problem)
    submissions = known_submissions(home, read_ledger(home), moment.known_at)
    since = known_before(record.earlier)
    record.note(intake=arrived(submissions, since))
    inputs = release_inputs(home, moment.as_of, moment.known_at, submissions)
    if not full and _is_published(home, inputs, make_current):
        record.finish("nothing_new", inputs.release_id)
        return Outcome(summary, inputs.release_id, warehouse_was=soundness, record=record)
    held = None if full or not make_current else held_back(home, inputs.inputs_fingerprint)
    if held and (in_force := current_or_none(home)):
        record.finish("held_back", in_force.name)
        return Outcome(summary, in_force.name, warehouse_was=soundness, record=record, held_back=held)
    refuse_no_room_to_publish(home, int(submissions["rows_landed"].sum()))
    record.note(engine=engine)
    if engine == "spark":
        require_spark()
    is_kept = engine == "duckdb" and not full and is_remembered(home, inputs.build_key)
    # The worker imports Great Expectations meanwhile, and checks while tables are written.
    worker.start()
    with Staging(home, inputs.release_id) as staging:
        record.step("load", run, load, home, submissions, is_kept)
        record.counted(int(submissions["rows_landed"].sum()))
        if engine == "spark":
            dbt_manifest = record.step("transform", run, run_models_on_spark, home, moment.as_of, full)
        else:
            dbt_manifest = record.step("transform", run, run_models, home, moment.as_of, full, is_kept)
        record.step("stage", run, stage_release, home, worker, staging, dbt_manifest, full)
        results = record.step("check", run, check, home, worker, dbt_manifest)
        for result in results:
            if not result.is_passed:
                tell("check_failed", result.check_id, is_warning=True, rows_failed=result.rows_failed)
        comparison = record.step("drift", call_directly, compare_with_last, home, inputs, accept_drift)
        release = record.step(
            "publish", run, publish_release, home, staging, dbt_manifest, inputs, results, make_current
        )
    record.note(reports=reports_due(home.database, moment.as_of, since))
    if engine == "duckdb":
        remember_build(home, inputs.build_key, moment.as_of)
    record.finish("published", release.release_id)
    return Outcome(summary, release.release_id, release, results, soundness, record, comparison=comparison)


def take_in(
    home: Home,
    known_at: datetime | None = None,
    run: Call = call_directly,
    worker: CheckWorker | None = None,
    progress: Progress | None = None,
) -> IntakeSummary:
    """Step 1: lands every received file that the ledger lacks, form by form.

    Files are checked against the plan annexes received up to `known_at`, so that a row which waits for a
    later annex is set aside in a report of an earlier moment, as it was on that day.

    Args:
        home: The home to bring into step.
        known_at: The moment the run speaks of.
        run: Calls a function with a batch of files.
        worker: Started where there are files to land: new tables will have to be checked.
        progress: Told of files done and files to do.

    Raises:
        TiendoError: TD-413 where the disk will not suffice for the run, TD-503 where no table could be
            checked; nothing is landed.
    """

    def before(rows_landed: int, bytes_coming: int) -> None:
        refuse_no_room_to_publish(home, rows_landed, bytes_coming)
        if worker:
            worker.start()

    # Plan annexes and what withdraws them first: other files speak of their rows.
    first = (*ANNEX_TABLES, WITHDRAWAL)
    references = known_references(home, known_at)
    annexes = intake(home, references, forms=first, call=run, progress=progress, before=before)
    references = known_references(home, known_at)
    summary = intake(home, references, call=run, progress=progress, before=before)
    return summary.after(annexes)


def load(home: Home, submissions: pl.DataFrame, is_kept: bool = False) -> Path:
    """Step 2: writes the warehouse file over the landed files known, as corrected, and the registry.

    Where the file is kept, the models in it stay, to be brought up to date by the next step.
    """
    schemas = {form: canonical_schema(contract) for form, contract in load_contracts().items()}
    schemas |= {"quarantined_rows": QUARANTINE_SCHEMA, "quality_checks": FRAME_SCHEMA}
    schemas |= {"check_failures": FAILURES_SCHEMA}
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
    return build_database(home, submissions, tables, schemas, corrected, findings, past, is_kept)


def stage_release(
    home: Home,
    worker: CheckWorker,
    staging: Staging,
    dbt_manifest: Path,
    full: bool = False,
    progress: Progress | None = None,
) -> None:
    """Step 4: has the tables checked, and meanwhile writes them where nobody sees them yet.

    Unless `full`, a check whose tables hold what they held keeps its result of the last run.
    """
    # A page of a suite that is no more would go into later releases.
    shutil.rmtree(_docs_folder(home), ignore_errors=True)
    worker.ask(home.database, dbt_manifest, _docs_folder(home), home.warehouse / "checks.json", full)
    staging.add_tables(home.database, dbt_manifest, TOLD_BY_CHECKS, progress)


def check(
    home: Home, worker: CheckWorker, dbt_manifest: Path, progress: Progress | None = None
) -> list[CheckResult]:
    """Step 5: looks at what arrived and at what would leave, and puts the results beside it.

    Raises:
        TiendoError: TD-502 where a fatal check fails, TD-503 where a check cannot run; nothing is published.
    """
    results = worker.answer(progress)
    with limits.connect(home.database, "publish") as connection:
        for table, frame in (
            ("marts.quality_checks", to_frame(results)),
            ("raw.check_failures", failures_frame(results)),
        ):
            connection.register("found", frame)
            connection.execute(f"delete from {table}")  # noqa: S608 own names
            connection.execute(f"insert into {table} by name select * from found")  # noqa: S608 own names
    # Read only where something is to be told.
    if error := refusal(results, _docs_folder(home), lambda form: Lineage(dbt_manifest).published_from(form)):
        raise error
    return results


def publish_release(
    home: Home,
    staging: Staging,
    dbt_manifest: Path,
    inputs: ReleaseInputs,
    results: Sequence[CheckResult],
    make_current: bool = True,
    progress: Progress | None = None,
) -> Release:
    """Step 6: completes the release aside and, where wanted, makes it current."""
    # Templates are needed only where something is published.
    from tiendo.report.site.build import build_site
    from tiendo.report.site.data import ReleaseFacts

    told = replace(inputs, checks=checks_told(results), counts=counts_told(home.database))
    folders = {"quality": _docs_folder(home)}
    facts = ReleaseFacts.of(told, dbt_manifest, previous=release_before(home, inputs))
    site = partial(build_site, facts=facts, compiled=home.warehouse / "templates", progress=progress)
    return publish(home, home.database, dbt_manifest, told, folders, staging, make_current, site)


def rebuild_moment(home: Home, otherwise: Moment) -> Moment:
    """The moment of the current release, so that a rebuild can be compared with it.

    Where its manifest is damaged, the release log tells.
    """
    try:
        told = load_manifest(home)
    except TiendoError:
        published = [entry.facts for entry in read_log(home) if entry.event == "published"]
        published = [facts for facts in published if facts.get("made_current", True)]
        if not published:
            return otherwise
        told = published[-1]
    return Moment(date.fromisoformat(told["as_of"]), datetime.fromisoformat(told["known_at"]))


def _docs_folder(home: Home) -> Path:
    return home.warehouse / "quality"


def _is_published(home: Home, inputs: ReleaseInputs, make_current: bool) -> bool:
    """Whether the release of these inputs is there and intact, and in force where it is to be.

    Pointers half switched are put right. Of those that only go on the shelf the log has to know.
    """
    try:
        manifest = load_manifest(home, "current" if make_current else inputs.release_id)
        if manifest["fingerprint"] != inputs.fingerprint or verify(home, manifest["release_id"]):
            return False
    except (TiendoError, KeyError):
        return False
    if make_current:
        switch_current(home, manifest["release_id"])
        return True
    return bool(recorded_sums(home, inputs.release_id))
