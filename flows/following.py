"""Runs a step as a Prefect task that fails in the words of the command line.

Prefect would put a class name before them and a traceback into its log; a state made here says the sentence
alone, and the error still reaches the caller.
"""

import functools
import logging
from collections.abc import Callable
from typing import Any

from prefect import State, task
from prefect.cache_policies import NO_CACHE
from prefect.states import Failed

from tiendo.faults import told

# Prefect logs such a state as Python sees it, and then once more in words.
logging.getLogger("prefect.task_runs").addFilter(
    lambda record: not record.getMessage().startswith("Task run failed with state")
)


def follow(step: Callable[..., Any], *arguments: Any, name: str, run_name: str = "", **options: Any) -> Any:
    """Runs one step as a task, without keeping its result or caching it.

    Args:
        step: What to run.
        arguments: Its arguments.
        name: The task's name in the UI.
        run_name: The name of this run of it; the task's where empty.
        options: Further options of a task, such as `retries`.

    Raises:
        TiendoError: Where the step fails.
    """

    @functools.wraps(step)
    def followed(*given: Any) -> Any:
        try:
            return step(*given)
        except Exception as error:
            return failed(error)

    options |= {"persist_result": False, "cache_policy": NO_CACHE, "task_run_name": lambda: run_name or name}
    return task(name=name, **options)(followed)(*arguments, return_state=True).result()


def failed(error: Exception) -> State[Any]:
    """The state of a run that failed; a flow that returns it raises the error to its caller."""
    refusal = told(error)
    return Failed(message=refusal.text(), data=refusal)
