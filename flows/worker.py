"""The process that enters the jobs with the Prefect server and runs them one at a time.

Prefect's own limits are not used: a killed run would keep its place in them for good, where the lock of the
home is freed.
"""

import asyncio
import json
import signal
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from prefect import Flow
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runner import Runner
from prefect.schedules import Cron
from prefect.states import Crashed, Scheduled
from prefect.types.entrypoint import EntrypointType

from flows.serving import scheduled_closing, scheduled_pruning, scheduled_refresh, scheduled_reminders
from tiendo.catching_up import missed
from tiendo.schedule import OFF, Job, jobs
from tiendo.settings import TIMEZONE, Home, now, resolve_home

HEALTH_PATIENCE_SECONDS = 120

FLOWS: dict[str, Flow[..., Any]] = {
    "nightly": scheduled_refresh,
    "monthly": scheduled_closing,
    "reminders": scheduled_reminders,
    "pruning": scheduled_pruning,
}


async def work(home: Home, planned: Sequence[Job]) -> None:
    """Enters the jobs with the server, makes good a missed night, and runs what is due until told to stop."""
    runner = Runner(name="tiendo", limit=1, pause_on_shutdown=False)
    for job in planned:
        deployment = await FLOWS[job.name].ato_deployment(
            name=job.title_vi,
            schedule=None if job.cron == OFF else Cron(job.cron, timezone=TIMEZONE.key),
            parameters={"home": str(home.root)},
            entrypoint_type=EntrypointType.MODULE_PATH,
        )
        identifier = await runner.aadd_deployment(deployment)
        async with get_client() as client:
            await end_abandoned(client, identifier)
            await make_good(client, identifier, home, job)
    serving = asyncio.create_task(runner.start())
    while not runner.started and not serving.done():
        await asyncio.sleep(0.1)
    # In place of Prefect's own handler, which stops the loop from another one.
    asyncio.get_running_loop().add_signal_handler(
        signal.SIGTERM, lambda: asyncio.ensure_future(runner.astop())
    )
    await serving


async def end_abandoned(client: PrefectClient, deployment: UUID) -> None:
    """Runs that a killed process left as running are told as crashed: only one process runs them."""
    for run in await runs_of(client, deployment, "RUNNING", "PENDING", "CANCELLING"):
        crashed = Crashed(message="Dịch vụ bị dừng đột ngột khi đang chạy.")
        await client.set_flow_run_state(run.id, crashed, force=True)


async def make_good(client: PrefectClient, deployment: UUID, home: Home, job: Job) -> None:
    """Asks for one run where one was missed, unless one from then waits: it is as good."""
    since = missed(home, job, now())
    if since is None:
        return
    waiting = await runs_of(client, deployment, "SCHEDULED")
    if not any(run.next_scheduled_start_time <= now() for run in waiting if run.next_scheduled_start_time):
        await client.create_flow_run_from_deployment(deployment, state=Scheduled(scheduled_time=since))


async def runs_of(client: PrefectClient, deployment: UUID, *states: str) -> list[FlowRun]:
    """Runs of a deployment that are in one of these states."""
    wanted = FlowRunFilter.model_validate(
        {"deployment_id": {"any_": [deployment]}, "state": {"type": {"any_": states}}}
    )
    # Without limit and order the client sends what its server refuses.
    return await client.read_flow_runs(
        flow_run_filter=wanted, limit=200, sort=FlowRunSort.EXPECTED_START_TIME_ASC
    )


async def wait_for_server() -> None:
    """Waits until the server answers; a service that starts with the machine starts beside it."""
    async with get_client() as client:
        for _ in range(HEALTH_PATIENCE_SECONDS):
            if await client.api_healthcheck() is None:
                return
            await asyncio.sleep(1)
    raise SystemExit(1)


def main() -> None:
    """The process that `tiendo serve` keeps running: a home and times given otherwise are its arguments."""

    async def serve(home: Home, times: dict[str, str]) -> None:
        await wait_for_server()
        await work(home, jobs(times))

    asyncio.run(serve(resolve_home(Path(sys.argv[1])), json.loads(sys.argv[2])))
