"""Notices about runs through Prefect's notification blocks, where addresses and passwords stay.

What is told is decided in `tiendo.report.notices`. A notice that cannot be delivered fails no run, and is
tried again after the next one.
"""

import json
import os
from collections.abc import Mapping
from contextlib import suppress
from datetime import datetime
from typing import Any

from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.blocks.notifications import AppriseNotificationBlock
from prefect.logging import get_run_logger
from prefect.runtime import deployment, flow_run
from pydantic import Field, SecretStr

from flows.following import follow
from tiendo.messages import TiendoError
from tiendo.publish.files import to_json, write_atomically
from tiendo.report.notices import Notice, job_run, notice_of
from tiendo.run_history import read_runs
from tiendo.settings import Home

# Names of blocks such as `apprise/thu-dien-tu,custom-webhook/dieu-hanh`.
BLOCKS = "TIENDO_NOTIFICATION_BLOCKS"
RETRY_SECONDS = 5


class Apprise(AppriseNotificationBlock):
    """E-mail, and whatever else Apprise reaches by an address of its own."""

    _block_type_name = "Apprise"
    _block_type_slug = "apprise"

    url: SecretStr = Field(
        title="Apprise address",
        description="mailto:// or mailtos:// for e-mail, or any other address that Apprise knows.",
        examples=[
            "mailtos://user:password@mail.example.gov.vn:587?from=tiendo@example.gov.vn&to=a@example.gov.vn"
        ],
    )

    def block_initialization(self) -> None:
        """Takes messages as plain text, and refuses an address that Apprise cannot read."""
        from apprise import NotifyFormat

        super().block_initialization()
        for server in self._apprise_client.servers:
            server.notify_format = NotifyFormat.TEXT
        if not len(self._apprise_client):
            raise ValueError("Apprise cannot read this address")


def notify_begin(home: Home) -> None:
    """Tells of the last run of the schedule where it was killed, since it could not tell itself."""
    for run in read_runs(home, 1):
        if run["outcome"] == "interrupted" and run["trigger"] == "schedule":
            notify(home, run)


def notify_end(home: Home, run_id: str, began: datetime, error: TiendoError | None) -> None:
    """Tells of a job of the schedule that ended.

    Args:
        home: Whose job.
        run_id: Names the record it left, if it did.
        began: When it began.
        error: Why it failed; None where it did not.
    """
    # A job may fail after its run has published, as where the report of a closed month cannot be written.
    recorded = [
        run for run in read_runs(home, 1) if run["run_id"] == run_id and (error is None or run["error"])
    ]
    notify(home, recorded[0] if recorded else job_run(_job(), began, error))


def notify(home: Home, run: Mapping[str, Any]) -> None:
    """Tells of a run that ended: a failure, alarms, or that they are over; each once.

    Called inside a flow, each of which has troubles of its own; never raises.

    Args:
        home: Whose run.
        run: Its record, as `tiendo.run_history.read_runs` gives it, or what `job_run` gives.
    """
    blocks = [name.strip() for name in os.environ.get(BLOCKS, "").split(",") if name.strip()]
    if not blocks:
        return
    logger = get_run_logger()
    try:
        path = home.runs / "notices" / "known.json"
        known: dict[str, dict[str, str]] = {}
        with suppress(OSError, ValueError):
            known = json.loads(path.read_text(encoding="utf-8"))
        for block in blocks:
            place = f"{_job()} | {block}"
            notice, standing = notice_of(home, run, known.get(place, {}))
            if notice:
                try:
                    deliver(block, notice)
                except TiendoError as error:
                    logger.warning(error.text())
                    continue
            known[place] = dict(standing)
        path.parent.mkdir(parents=True, exist_ok=True)
        write_atomically(path, to_json(known))
    except Exception as error:
        logger.warning("Không báo tin được: %s", type(error).__name__)


def _job() -> str:
    """What people call the job that runs."""
    return deployment.name or flow_run.flow_name or ""


def deliver(block: str, notice: Notice) -> None:
    """Sends a notice as a task, which is tried a second time.

    Raises:
        TiendoError: As `send`.
    """
    about = {"name": "Báo tin", "run_name": f"Báo tin qua {block}"}
    follow(send, block, notice.subject, notice.body, **about, retries=1, retry_delay_seconds=RETRY_SECONDS)


def send(block: str, subject: str, body: str) -> None:
    """Sends one message through a Prefect notification block.

    Raises:
        TiendoError: TD-430 where there is no such block, TD-431 where it does not take the message; without
            the words of the channel, which may hold its address with the password.
    """
    try:
        loaded = Block.load(block)
    except Exception as error:
        raise _no_block(block, type(error).__name__) from None
    if not isinstance(loaded, NotificationBlock):
        raise _no_block(block, type(loaded).__name__)
    # Typed as a coroutine, it runs at once where no event loop does.
    channel: Any = loaded
    try:
        with loaded.raise_on_failure():
            channel.notify(body=body, subject=subject)
    except Exception as error:
        status = getattr(getattr(error, "response", None), "status_code", None)
        raise _refused(block, f"HTTP {status}" if status else type(error).__name__) from None


def _no_block(block: str, what: str) -> TiendoError:
    return TiendoError(
        "TD-430",
        f"Không dùng được kênh báo tin “{block}” ({what}).",
        f"The notification block “{block}” cannot be used ({what}).",
        f"Xem kênh: prefect block inspect {block}; cách tạo: docs/notifications.md.",
        f"To see it: prefect block inspect {block}; how to make one: docs/notifications.md.",
    )


def _refused(block: str, what: str) -> TiendoError:
    return TiendoError(
        "TD-431",
        f"Kênh báo tin “{block}” không nhận tin ({what}).",
        f"The notification block “{block}” did not take the message ({what}).",
        "Kiểm tra địa chỉ, mật khẩu trong khối Prefect và máy chủ nhận; lần sau tin này được gửi lại.",
        "Check address and password in the Prefect block, and the receiver; next time it is sent again.",
    )
