"""The nightly job as a Prefect flow: intake → load → transform → check → publish.

Each step is one call into tiendo, tracked as one task; nothing is decided here.
"""

import os
from collections.abc import Callable
from typing import Any

# Government networks are closed: nothing may be sent out, and a temporary server needs time to start.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "60")

from prefect import flow, task
from prefect.cache_policies import NO_CACHE

from tiendo.pipeline import Moment, Outcome, pipeline
from tiendo.runs import Trigger
from tiendo.settings import Home

TASK_NAMES = {
    "take_in": "1. Tiếp nhận",
    "load": "2. Nạp",
    "run_models": "3. Tính toán",
    "check": "4. Kiểm tra",
    "publish_release": "5. Phát hành",
}


def run_as_task(step: Callable[..., Any], *arguments: Any) -> Any:
    """Runs one step as a Prefect task, without keeping its result or caching it."""
    name = TASK_NAMES[step.__name__]
    return task(name=name, persist_result=False, cache_policy=NO_CACHE)(step)(*arguments)


@flow(name="tiendo-nightly", validate_parameters=False, persist_result=False)
def nightly(
    home: Home,
    moment: Moment,
    full: bool = False,
    accept_drift: str | None = None,
    trigger: Trigger | None = None,
) -> Outcome:
    """Refreshes a home; the caller holds the run lock."""
    return pipeline(home, moment, run_as_task, full, accept_drift, trigger)
