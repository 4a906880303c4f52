"""Reminders as a Prefect flow: read what agencies owe, write messages and letters, deliver them if asked.

Thin: what is owed and how it is said is decided in `tiendo.report.reminders`.
"""

from collections.abc import Sequence
from pathlib import Path

from prefect import flow

from flows.following import follow
from flows.notifying import send
from tiendo.messages import TiendoError
from tiendo.report.mailing import Prepared, prepare
from tiendo.settings import Home


@flow(
    name="tiendo-reminders",
    description="Soạn và gửi nhắc việc cho từng cơ quan.",
    validate_parameters=False,
    persist_result=False,
)
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
    prepared = follow(prepare, home, folder, agency, template, name="1. Soạn nhắc việc")
    if block is None:
        return prepared
    for item in prepared:
        if item.is_to_be_sent:
            try:
                deliver(item, block)
            except TiendoError as error:
                item.note_delivery(error.text())
            else:
                item.note_delivery(None)
    return prepared


def deliver(item: Prepared, block: str) -> None:
    """Sends one message through a Prefect notification block, twice where the first try fails.

    Raises:
        TiendoError: TD-430, TD-431; the flow notes it and goes on with the next agency.
    """
    reminder = item.reminder
    channel = block.replace("{agency}", reminder.agency_code.replace("_", "-"))
    follow(
        send,
        channel,
        item.subject,
        item.body,
        name="2. Gửi",
        run_name=f"2. Gửi {reminder.agency_name}",
        retries=1,
        retry_delay_seconds=5,
    )
