"""Fills a home with synthetic submissions, in order of receipt, through the door that real ones use.

Synthetic and real data never share a home: a marker stands in the home before its first file does.
"""

import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import cast

from tiendo.demo.adjustments import adjustment_parcels
from tiendo.demo.catalogue import catalogue_parcels
from tiendo.demo.coverage import coverage_parcels
from tiendo.demo.economy import economy_parcels
from tiendo.demo.evidence import evidence_parcels
from tiendo.demo.extracts import dossier_parcels
from tiendo.demo.group_tasks import group_parcels
from tiendo.demo.home import mark_synthetic, refuse_unfit_arguments, refuse_unfit_home
from tiendo.demo.indicators import indicator_parcels
from tiendo.demo.tasks import task_parcels
from tiendo.demo.world import Parcel, World
from tiendo.demo.wrong import wrong_parcels
from tiendo.intake.landing import Receipt, intake, read_ledger, submit
from tiendo.intake.references import References
from tiendo.messages import TiendoError
from tiendo.settings import Home, as_in_ledger

PREFIX = "mo-phong_"
_SOURCES: tuple[Callable[[World], Iterator[Parcel]], ...] = (
    coverage_parcels,
    catalogue_parcels,
    dossier_parcels,
    economy_parcels,
    indicator_parcels,
    task_parcels,
    group_parcels,
    evidence_parcels,
    adjustment_parcels,
    wrong_parcels,
)


@dataclass
class FormTally:
    """What became of the files of one form, in this filling.

    Attributes:
        files: Files the demo holds.
        landed: Newly landed.
        unchanged: Equal to the version in force.
        rejected: Kept as sent, but not readable as a form.
        refused: Not kept at all.
        known: Handed in by an earlier filling.
        rows_read: Source rows of the files handed in now; the next four add up to it.
        rows_loaded: New or changed rows.
        rows_unchanged: Rows equal to those in force.
        rows_superseded: Rows that came too late to count.
        rows_quarantined: Rows with a mistake.
    """

    files: int = 0
    landed: int = 0
    unchanged: int = 0
    rejected: int = 0
    refused: int = 0
    known: int = 0
    rows_read: int = 0
    rows_loaded: int = 0
    rows_unchanged: int = 0
    rows_superseded: int = 0
    rows_quarantined: int = 0


@dataclass
class DemoSummary:
    """What a filling did.

    Attributes:
        home: The home filled.
        first_month: First month of the window, `YYYY-MM`.
        last_month: Last month.
        forms: By form, `unknown` for files of no form.
        rules: By rule code, how often it was met, in files and in cells.
    """

    home: Path
    first_month: str
    last_month: str
    forms: dict[str, FormTally] = field(default_factory=dict[str, FormTally])
    rules: Counter[str] = field(default_factory=Counter[str])

    @property
    def is_changed(self) -> bool:
        """Whether anything was landed or rejected now."""
        return any(tally.landed or tally.rejected for tally in self.forms.values())


def fill_demo(
    home: Home,
    *,
    references: References,
    seed: int = 57,
    provinces: Sequence[str] = ("66", "68", "75"),
    months: int = 12,
    dossiers: int = 200_000,
    progress: Callable[[int, int], None] | None = None,
) -> DemoSummary:
    """Fills a home with a synthetic year on top of its plans. The caller holds the home's lock.

    The same arguments give the same files, byte for byte; filling again adds nothing, and an interrupted
    filling is taken up where it stopped.

    Args:
        home: A home without real submissions.
        references: Known codes.
        seed: Decides every figure.
        provinces: Codes of provinces of today.
        months: Length of the window, which ends with October 2026; 1 to 16.
        dossiers: Dossiers over all provinces and months.
        progress: Called with files done and files in all.

    Raises:
        TiendoError: TD-701 where the home holds real submissions or is the project's own, TD-702 where it was
            filled with other arguments, TD-703 for arguments that no demo can have; exit code 2.
    """
    world = World(seed, tuple(provinces), months, dossiers, home.plans)
    refuse_unfit_arguments(world)
    refuse_unfit_home(home, world)
    mark_synthetic(home, world)
    queue = parcels(world)
    # What an earlier filling left is brought into step first, should the warehouse be gone.
    intake(home, references)
    newest = _newest_known(home)
    summary = DemoSummary(home.root, world.months[0].code, world.months[-1].code)
    with tempfile.TemporaryDirectory(prefix="tiendo-demo-") as folder:
        for done, parcel in enumerate(queue, 1):
            tally = summary.forms.setdefault(parcel.form, FormTally())
            tally.files += 1
            if newest is not None and as_in_ledger(parcel.received_at) <= newest:
                tally.known += 1
            else:
                _hand_in(home, Path(folder), parcel, references, summary)
            if progress is not None:
                progress(done, len(queue))
    return summary


def parcels(world: World) -> list[Parcel]:
    """All files of a demo in order of receipt, no two at the same moment."""
    queue = sorted(
        (parcel for source in _SOURCES for parcel in source(world)), key=lambda p: (p.received_at, p.name)
    )
    spaced: list[Parcel] = []
    for parcel in queue:
        # Files of the same minute follow each other by a second, so that the newest tells what is done.
        is_tied = bool(spaced) and spaced[-1].received_at.replace(second=0) == parcel.received_at
        second = spaced[-1].received_at.second + 1 if is_tied else 0
        spaced.append(replace(parcel, received_at=parcel.received_at.replace(second=second)))
    return spaced


def _newest_known(home: Home) -> datetime | None:
    """The last moment of receipt, in UTC, among the demo's files in the ledger; None in an empty home."""
    ledger = read_ledger(home)
    moments = ledger.filter(ledger["file_name"].str.starts_with(PREFIX))["received_at"]
    return cast("datetime | None", moments.max())


def _hand_in(home: Home, folder: Path, parcel: Parcel, references: References, summary: DemoSummary) -> None:
    tally = summary.forms[parcel.form]
    path = folder / parcel.name
    path.write_bytes(parcel.render())
    try:
        receipt = submit(
            home,
            path,
            references,
            org=parcel.org,
            period=parcel.period,
            received_at=parcel.received_at,
            is_demo=True,
        )
    except TiendoError as refusal:
        # Only a file made to be refused may be; anything else is a fault of the demo.
        if refusal.code != parcel.flaw:
            raise
        tally.refused += 1
        summary.rules[refusal.code] += 1
    else:
        _count(receipt, tally, summary.rules)
    finally:
        path.unlink()


def _count(receipt: Receipt, tally: FormTally, rules: Counter[str]) -> None:
    tally.landed += receipt.status == "landed"
    tally.unchanged += receipt.status == "unchanged"
    tally.rejected += receipt.status == "rejected"
    tally.rows_read += receipt.rows_read
    tally.rows_loaded += receipt.rows_loaded
    tally.rows_unchanged += receipt.rows_unchanged
    tally.rows_superseded += receipt.rows_superseded
    tally.rows_quarantined += receipt.rows_quarantined
    rules.update(problem["rule_code"] for problem in receipt.problems)
    if receipt.rejection is not None:
        rules[receipt.rejection.code] += 1
