"""What the service does at its times, as Prefect flows; each ends in a sentence for people.

Thin: when something is due, what was missed and what is tried again is decided in tiendo.
"""

import os
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from prefect import flow, get_run_logger
from prefect.client.schemas.objects import State
from prefect.runtime import flow_run
from prefect.states import Completed

from flows.artifacts import show_release, tag_run
from flows.following import failed
from flows.nightly import nightly, run_as_task
from flows.notifying import notify_begin, notify_end
from flows.reminders import reminders
from tiendo.catching_up import close_month, is_closed, night_done, report_month
from tiendo.clock import moment_by_clock
from tiendo.faults import told
from tiendo.lock import run_lock
from tiendo.messages import TiendoError
from tiendo.pipeline import Moment
from tiendo.publish.keeping import judge, prune
from tiendo.report.run_pages import headline
from tiendo.runs import Trigger, read_runs
from tiendo.schedule import (
    LOCK_PATIENCE_SECONDS,
    REMINDERS_AT_MOST_LATE,
    closing_month,
    persistently,
)
from tiendo.settings import TIMEZONE, Home, now, resolve_home

COMMAND = "tiendo serve"
REMINDER_BLOCK = "TIENDO_REMINDER_BLOCK"
SKIPPED = "Skipped"


def due() -> datetime:
    """When the run was due."""
    planned = flow_run.scheduled_start_time
    return planned.astimezone(TIMEZONE) if planned else now()


def name_of_run() -> str:
    """Such as 'tiendo-refresh 23/11/2026 01:00'."""
    return f"{flow_run.flow_name} {due():%d/%m/%Y %H:%M}"


def noted(error: TiendoError, seconds: float) -> None:
    """Says that a run failed and is tried again."""
    get_run_logger().warning("%s Thử lại sau %d phút.", error.text(), seconds // 60)


def skipped(why: str) -> State[Any]:
    """The end of a run that had nothing to do."""
    return Completed(name=SKIPPED, message=f"Bỏ qua: {why}.")


def ended(home: Home, trigger: Trigger, work: Callable[[], State[Any]]) -> State[Any]:
    """Does the work of a flow, again where its failure can pass, and tells those who want to know."""
    began, failure = now(), None
    try:
        state = persistently(work, noted)
    except Exception as error:
        failure, state = told(error), failed(error)
    if state.name != SKIPPED:
        notify_end(home, trigger.run_id, began, failure)
    return state


@flow(
    name="tiendo-refresh",
    description="Tiếp nhận những gì mới đến và phát hành.",
    flow_run_name=name_of_run,
    persist_result=False,
)
def scheduled_refresh(home: str) -> State[Any]:
    """Takes in what has come, and publishes; nothing where a run since it was due has done so."""
    place, planned = resolve_home(Path(home)), due()
    trigger = Trigger(COMMAND, planned)

    def refreshed() -> State[Any]:
        with run_lock(place, COMMAND, LOCK_PATIENCE_SECONDS, trigger.run_id):
            if night_done(read_runs(place), planned):
                return skipped(f"đã có lượt chạy sau {planned:%d/%m/%Y %H:%M}")
            moment = moment_by_clock(place)
            outcome = nightly(place, Moment(moment.date(), moment), trigger=trigger)
        return Completed(message=headline(outcome.record.content) if outcome.record else outcome.release_id)

    notify_begin(place)
    return ended(place, trigger, refreshed)


@flow(
    name="tiendo-closing",
    description="Phát hành số liệu cuối tháng trước bên cạnh bản hiện hành, khóa lại và ghi báo cáo tháng.",
    flow_run_name=name_of_run,
    persist_result=False,
)
def scheduled_closing(home: str) -> State[Any]:
    """Publishes the end of the month before beside the release in force, locks it, and writes its reports."""
    place, planned = resolve_home(Path(home)), due()
    trigger, period = Trigger(COMMAND, planned), closing_month(planned)

    def closed() -> State[Any]:
        with run_lock(place, COMMAND, LOCK_PATIENCE_SECONDS, trigger.run_id):
            if is_closed(place, period):
                return skipped(f"tháng {period} đã chốt")
            release_id = close_month(place, period, run_as_task, trigger)
        show_release(place, release_id, "tiendo-chot-thang")
        reports = report_month(place, period, release_id)
        return Completed(
            message=f"Đã chốt tháng {period}: bản {release_id}, đã khóa; bản hiện hành giữ nguyên. "
            f"Đã ghi báo cáo của {reports} nơi vào data/reports/{period}."
        )

    tag_run(place)
    return ended(place, trigger, closed)


@flow(
    name="tiendo-reminding",
    description="Soạn nhắc việc; gửi nếu đã cấu hình kênh gửi.",
    flow_run_name=name_of_run,
    persist_result=False,
)
def scheduled_reminders(home: str) -> State[Any]:
    """Writes the reminders, and delivers them where a channel is configured and the figures are real."""
    place, planned = resolve_home(Path(home)), due()
    trigger = Trigger(COMMAND, planned)

    def reminded() -> State[Any]:
        if now() - planned > REMINDERS_AT_MOST_LATE:
            return skipped("đã quá giờ nhắc việc")
        block = None if place.is_synthetic else os.environ.get(REMINDER_BLOCK) or None
        prepared = reminders(place, block=block)
        if unsent := [item.reminder.agency_code for item in prepared if item.problem]:
            raise undelivered(unsent)
        sent = "đã gửi" if block else "chưa gửi cho ai"
        return Completed(message=f"Đã soạn {len(prepared)} nhắc việc, {sent}.")

    return ended(place, trigger, reminded)


def undelivered(agencies: Sequence[str]) -> TiendoError:
    """TD-425: reminders were written and not delivered."""
    return TiendoError(
        "TD-425",
        f"Không gửi được nhắc việc cho: {', '.join(agencies)}.",
        f"Reminders could not be delivered to: {', '.join(agencies)}.",
        "Xem lý do trong lượt chạy; gửi lại: tiendo remind --send",
        "The reasons are in the run; to send again: tiendo remind --send",
    )


@flow(
    name="tiendo-pruning",
    description="Xóa các bản phát hành cũ theo quy tắc lưu giữ.",
    flow_run_name=name_of_run,
    persist_result=False,
)
def scheduled_pruning(home: str) -> State[Any]:
    """Removes the releases that the policy no longer keeps."""
    place, trigger = resolve_home(Path(home)), Trigger(COMMAND, due())

    def pruned() -> State[Any]:
        with run_lock(place, COMMAND, LOCK_PATIENCE_SECONDS):
            gone = prune(place, judge(place))
        removed = f"Đã dọn {len(gone)} bản: {', '.join(gone)}." if gone else "Không có bản nào để dọn."
        return Completed(message=removed)

    return ended(place, trigger, pruned)
