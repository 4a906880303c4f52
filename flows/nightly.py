"""The main job as a Prefect flow: intake → load → transform → check → publish.

Each step is one call into tiendo, followed as one task; nothing is decided here.
"""

from collections.abc import Callable
from typing import Any

from prefect import flow
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.artifacts import show_run, tag_run
from flows.following import failed, follow
from tiendo.intake.batches import Batch
from tiendo.pipeline import Moment, Outcome, pipeline
from tiendo.report.run_pages import headline
from tiendo.run_history import read_runs
from tiendo.runs import Trigger
from tiendo.settings import Engine, Home

TASK_NAMES = {
    "take_in": "1. Tiếp nhận",
    "load": "2. Nạp vào kho số liệu",
    "run_models": "3. Tính toán",
    "run_models_on_spark": "3. Tính toán bằng Spark",
    "stage_release": "4. Ghi bảng chờ phát hành",
    "check": "5. Kiểm tra chất lượng",
    "publish_release": "6. Phát hành",
}


def run_as_task(step: Callable[..., Any], *arguments: Any) -> Any:
    """Runs one step, or the intake of one batch of files, as a Prefect task."""
    if arguments and isinstance(arguments[0], Batch):
        return follow(step, *arguments, name="Tiếp nhận theo biểu", run_name=arguments[0].label)
    return follow(step, *arguments, name=TASK_NAMES[step.__name__])


def run_name() -> str:
    """The day the run speaks of, and its identifier as in its record."""
    trigger: Trigger | None = flow_run.parameters["trigger"]
    return f"{flow_run.parameters['moment'].as_of}" + (f" · {trigger.run_id}" if trigger else "")


@flow(
    name="tiendo-nightly",
    description="Tiếp nhận, nạp, tính toán, kiểm tra, phát hành.",
    flow_run_name=run_name,
    validate_parameters=False,
    persist_result=False,
)
def nightly(
    home: Home,
    moment: Moment,
    full: bool = False,
    accept_drift: str | None = None,
    trigger: Trigger | None = None,
    make_current: bool = True,
    engine: Engine = "duckdb",
) -> Outcome:
    """Refreshes a home; the caller holds the run lock.

    Raises:
        TiendoError: As `tiendo.pipeline.pipeline`; the run fails with the error's text.
    """
    trigger = trigger or Trigger()
    tag_run(home)
    try:
        outcome = pipeline(home, moment, run_as_task, full, accept_drift, trigger, make_current, engine)
    except Exception as error:
        ended = [run for run in read_runs(home, 1) if run["run_id"] == trigger.run_id]
        for run in ended:
            show_run(home, run)
        return failed(error)  # pyright: ignore[reportReturnType] Prefect raises the error
    run = outcome.record.content if outcome.record else {}
    show_run(home, run, outcome)
    return Completed(message=headline(run), data=outcome)  # pyright: ignore[reportReturnType] gives the data
