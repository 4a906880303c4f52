"""The door as the command line, the demo and the pipeline see it: submit files, take in what lies in raw."""

from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from tiendo.intake.contracts import canonical_schema
from tiendo.intake.door import Door
from tiendo.intake.ledger import LEDGER_SCHEMA, read_ledger
from tiendo.intake.problems import QUARANTINE_SCHEMA
from tiendo.intake.receipts import IntakeSummary, Receipt
from tiendo.intake.references import References
from tiendo.intake.scan import intake
from tiendo.messages import Place, TiendoError
from tiendo.settings import Home

__all__ = [
    "LEDGER_SCHEMA",
    "QUARANTINE_SCHEMA",
    "Door",
    "IntakeSummary",
    "Receipt",
    "References",
    "canonical_schema",
    "intake",
    "read_ledger",
    "submit",
    "submit_files",
]


def submit(
    home: Home,
    file: Path,
    references: References,
    *,
    org: str | None = None,
    period: str | None = None,
    form: str | None = None,
    received_at: datetime | None = None,
    is_demo: bool = False,
    is_backlog: bool = False,
) -> Receipt:
    """Identifies, checks, keeps and lands one file. The caller holds the home's lock.

    Args:
        home: Where it goes.
        file: The file as sent.
        references: Known codes.
        org: Unit of the submission; else taken from the rows.
        period: Period in any accepted spelling; else taken from the rows.
        form: Form where the sender names it, by name or number.
        received_at: Moment of receipt, local time where it has no zone; else now.
        is_demo: Whether the demo submits: its files are synthetic and of the demo's own time.
        is_backlog: Whether files received before this one may still come: then it is kept even where it
            equals the version in force, since it may have to take the place of one of them.

    Raises:
        TiendoError: TD-101, TD-102, TD-205, TD-208, TD-705 (exit 2) for a missing file or a wrong option;
            TD-704 (exit 2) for a synthetic home; TD-106 or TD-107 for a refused file, TD-108 where unit or
            period is not known, TD-111 over a limit of size, TD-123 for an erased file, TD-413 where
            the disk will not suffice: nothing is stored.
    """
    with Door(home, references, is_demo=is_demo, is_backlog=is_backlog) as door:
        return door.take(file, org=org, period=period, form=form, received_at=received_at)


def submit_files(
    home: Home,
    files: Iterable[Path],
    references: References,
    *,
    org: str | None = None,
    period: str | None = None,
    form: str | None = None,
    received_at: datetime | None = None,
    is_backlog: bool = False,
    progress: Callable[[int], None] | None = None,
) -> list[Receipt | TiendoError]:
    """Takes in files one after the other; the ledger is read before the first and written after the last.

    Args:
        home: Where they go.
        files: The files as sent.
        references: Known codes.
        org: Unit of the submissions, as in `submit`.
        period: Their period.
        form: Their form.
        received_at: Their moment of receipt.
        is_backlog: As in `submit`.
        progress: Called with the number of files done.

    Returns:
        For each file its receipt, or why it is refused and nothing of it stored.
    """
    results: list[Receipt | TiendoError] = []
    with Door(home, references, is_backlog=is_backlog) as door:
        for file in files:
            try:
                receipt = door.take(file, org=org, period=period, form=form, received_at=received_at)
                results.append(receipt)
            except TiendoError as refusal:
                if refusal.code == "TD-107":  # Its name may not be repeated, its number in the list may.
                    refusal.place = Place(f"#{len(results) + 1}")
                results.append(refusal)
            if progress is not None:
                progress(len(results))
    return results
