"""What `tiendo serve` does at its times, as Prefect flows, and the process that runs them one at a time.

Thin: when something is due and what is tried again is decided in `tiendo.schedule`. Prefect's own limits are
not used: a killed run would keep its place in them for good, where the lock of the home is freed.
"""

import asyncio
import json
import os
import signal
import sys
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

# Government networks are closed: nothing may be sent out.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")

from prefect import Flow, flow, get_run_logger
from prefect.client.orchestration import PrefectClient, get_client
from prefect.client.schemas.filters import FlowRunFilter
from prefect.client.schemas.objects import FlowRun, State
from prefect.client.schemas.sorting import FlowRunSort
from prefect.runner import Runner
from prefect.runtime import flow_run
from prefect.schedules import Cron
from prefect.states import Completed, Crashed, Scheduled
from prefect.types.entrypoint import EntrypointType

from flows.nightly import nightly
from flows.reminders import reminders
from tiendo.clock import moment_by_clock
from tiendo.lock import run_lock
from tiendo.messages import TiendoError
from tiendo.pipeline import Moment, Outcome
from tiendo.publish.keeping import judge, prune
from tiendo.runs import Trigger, read_runs
from tiendo.schedule import (
    LOCK_PATIENCE_SECONDS,
    OFF,
    REMINDERS_AT_MOST_LATE,
    Job,
    jobs,
    night_done,
    persistently,
)
from tiendo.settings import TIMEZONE, Home, now, resolve_home

COMMAND = "tiendo serve"
REMINDER_BLOCK = "TIENDO_REMINDER_BLOCK"
HEALTH_PATIENCE_SECONDS = 120


def due() -> datetime:
    """When the run was due."""
    planned = flow_run.scheduled_start_time
    return planned.astimezone(TIMEZONE) if planned else now()


def name_of_run() -> str:
    """Such as 'tiendo-refresh 23/11/2026 01:00'."""
    return f"{flow_run.flow_name} {due():%d/%m/%Y %H:%M}"


def noted(error: TiendoError, seconds: float) -> None:
    """Says that a failed run is tried again."""
    get_run_logger().warning("%s Thử lại sau %d phút.", error.text("vi"), seconds // 60)


@flow(name="tiendo-refresh", flow_run_name=name_of_run, persist_result=False)
def scheduled_refresh(home: str) -> State[Any]:
    """Takes in what has come, and publishes; nothing where a run since it was due has done so."""
    place, planned = resolve_home(Path(home)), due()
    outcome = persistently(lambda: _refresh(place, planned), noted)
    if outcome is None:
        return Completed(message=f"Bỏ qua: đã có lượt chạy sau {planned:%d/%m/%Y %H:%M}.", name="Skipped")
    return Completed(message=f"Bản phát hành {outcome.release_id}.")


def _refresh(home: Home, planned: datetime) -> Outcome | None:
    trigger = Trigger(COMMAND, planned)
    with run_lock(home, COMMAND, LOCK_PATIENCE_SECONDS, trigger.run_id):
        if night_done(read_runs(home), planned):
            return None
        moment = moment_by_clock(home)
        return nightly(home, Moment(moment.date(), moment), trigger=trigger)


@flow(name="tiendo-reminders-due", flow_run_name=name_of_run, persist_result=False)
def scheduled_reminders(home: str) -> State[Any]:
    """Writes the reminders, and delivers them where a channel is configured and the figures are real."""
    place, planned = resolve_home(Path(home)), due()
    if now() - planned > REMINDERS_AT_MOST_LATE:
        return Completed(message="Bỏ qua: đã quá giờ nhắc việc.", name="Skipped")
    block = None if place.is_synthetic else os.environ.get(REMINDER_BLOCK) or None
    prepared = reminders(place, block=block)
    unsent = [item.reminder.agency_code for item in prepared if item.problem]
    if unsent:
        raise TiendoError(
            "TD-426",
            f"Không gửi được nhắc việc cho: {', '.join(unsent)}.",
            f"Reminders could not be delivered to: {', '.join(unsent)}.",
            "Xem lý do trong lượt chạy này; gửi lại: tiendo remind --send",
            "The reasons are in this run; to send again: tiendo remind --send",
        )
    return Completed(message=f"Đã soạn {len(prepared)} nhắc việc" + (", đã gửi." if block else ", chưa gửi."))


@flow(name="tiendo-pruning", flow_run_name=name_of_run, persist_result=False)
def scheduled_pruning(home: str) -> State[Any]:
    """Removes the releases that the policy no longer keeps."""

    def removed() -> list[str]:
        with run_lock(place, COMMAND, LOCK_PATIENCE_SECONDS):
            return prune(place, judge(place))

    place = resolve_home(Path(home))
    gone = persistently(removed, noted)
    return Completed(
        message=f"Đã dọn {len(gone)} bản: {', '.join(gone)}" if gone else "Không có bản nào để dọn."
    )


FLOWS: dict[str, Flow[..., Any]] = {
    "nightly": scheduled_refresh,
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
            if job.name == "nightly":
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
    """Asks for one run where the last night was missed, unless one from then waits: it is as good."""
    missed = job.last_before(now())
    if missed is None or night_done(read_runs(home), missed):
        return
    waiting = await runs_of(client, deployment, "SCHEDULED")
    if not any(run.next_scheduled_start_time <= now() for run in waiting if run.next_scheduled_start_time):
        await client.create_flow_run_from_deployment(deployment, state=Scheduled(scheduled_time=missed))


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
        await work(home, [job for job in jobs(times) if job.name in FLOWS])

    asyncio.run(serve(resolve_home(Path(sys.argv[1])), json.loads(sys.argv[2])))
