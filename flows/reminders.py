"""Reminders as a Prefect flow: read what agencies owe, write messages and letters, deliver them if asked.

Thin: what is owed and how it is said is decided in `tiendo.report.reminders`.
"""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Any

# Government networks are closed: nothing may be sent out, and a temporary server needs time to start.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "60")

from prefect import flow, task
from prefect.blocks.abstract import NotificationBlock
from prefect.blocks.core import Block
from prefect.cache_policies import NO_CACHE

from tiendo.report.mailing import Prepared, prepare
from tiendo.settings import Home


@flow(name="tiendo-reminders", validate_parameters=False, persist_result=False)
def reminders(
    home: Home,
    folder: Path | None = None,
    agency: str | None = None,
    template: Path | None = None,
    block: str | None = None,
) -> Sequence[Prepared]:
    """Writes the reminders of the current release and, where a block is named, delivers the messages.

    Args:
        home: The home whose current release is read.
        folder: Where to write; among the home's run records by default.
        agency: One agency only.
        template: Word template of the letters; the shipped one by default.
        block: A Prefect notification block such as `custom-webhook/nhac-viec`; `{agency}` in it stands for
            the agency's code with dashes. None is a dry run: nothing leaves the machine.
    """
    write = task(name="1. Soạn nhắc việc", persist_result=False, cache_policy=NO_CACHE)(prepare)
    prepared = write(home, folder, agency, template)
    if block is None:
        return prepared
    send = task(name="2. Gửi", retries=1, retry_delay_seconds=5, persist_result=False, cache_policy=NO_CACHE)(
        deliver
    )
    for item in prepared:
        if item.is_to_be_sent:
            outcome = send(item, block, return_state=True)
            item.note_delivery(None if outcome.is_completed() else str(outcome.message))
    return prepared


def deliver(item: Prepared, block: str) -> None:
    """Sends one message through a Prefect notification block.

    Raises:
        Exception: Whatever the block raises; the flow notes it and goes on with the next agency.
    """
    loaded = Block.load(block.replace("{agency}", item.reminder.agency_code.replace("_", "-")))
    if not isinstance(loaded, NotificationBlock):
        raise TypeError(f"{block} is no notification block")
    # Typed as a coroutine, it runs at once where no event loop does.
    channel: Any = loaded
    with loaded.raise_on_failure():
        channel.notify(body=item.body, subject=item.subject)
