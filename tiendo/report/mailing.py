"""Writes reminders to a folder, one message and one letter for each agency, and remembers which were sent.

A message goes out once per release: a run that is repeated after a fault urges nobody twice.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tiendo.publish.release import load_manifest
from tiendo.report.letters import TEMPLATE, write_letter
from tiendo.report.reminders import Reminder, message_of, read_reminders
from tiendo.settings import Home, now


@dataclass
class Prepared:
    """A reminder as written.

    Attributes:
        reminder: What the agency owes.
        subject: Subject of the message.
        body: The message.
        message: The file that holds it.
        letter: The drafted letter; None where nothing is asked of the agency itself.
        receipt: The file that stands once the message was delivered.
        problem: Why the delivery failed; None otherwise.
    """

    reminder: Reminder
    subject: str
    body: str
    message: Path
    letter: Path | None
    receipt: Path
    problem: str | None = None

    @property
    def is_sent(self) -> bool:
        """Whether the message of this release was delivered."""
        return self.receipt.exists()

    @property
    def is_to_be_sent(self) -> bool:
        """Whether it asks something, is not made up, and was not delivered yet."""
        return self.reminder.is_urgent and not self.reminder.is_synthetic and not self.is_sent

    def note_delivery(self, problem: str | None) -> None:
        """Remembers that the message was delivered, or why not."""
        self.problem = problem
        if problem is None:
            self.receipt.parent.mkdir(parents=True, exist_ok=True)
            self.receipt.write_text(now().isoformat(timespec="seconds") + "\n", encoding="utf-8")


def prepare(
    home: Home, folder: Path | None = None, agency: str | None = None, template: Path | None = None
) -> Sequence[Prepared]:
    """Writes the reminders of the current release.

    Args:
        home: The home whose current release is read.
        folder: Where to write; `data/warehouse/runs/reminders/<release_id>` of the home by default.
        agency: One agency only.
        template: Word template of the letters; the shipped one by default.

    Returns:
        One entry for each agency that owes or waits for something.

    Raises:
        TiendoError: TD-604 no readable release, TD-707 unknown agency, TD-714 unusable template.
    """
    manifest = load_manifest(home)
    release = home.releases / manifest["release_id"]
    # Among the run records, since what was sent cannot be rebuilt.
    records = home.runs / "reminders" / manifest["release_id"]
    target = folder or records
    target.mkdir(parents=True, exist_ok=True)
    return [
        _written(found, target, records, template or TEMPLATE)
        for found in read_reminders(release, manifest, agency)
    ]


def total(prepared: Sequence[Prepared]) -> Counter[str]:
    """How many items of each kind there are in all."""
    counts: Counter[str] = Counter()
    for item in prepared:
        counts.update(item.reminder.counts)
    return counts


def _written(reminder: Reminder, folder: Path, records: Path, template: Path) -> Prepared:
    subject, body = message_of(reminder)
    message = folder / f"{reminder.agency_code}.txt"
    message.write_text(f"{subject}\n\n{body}", encoding="utf-8")
    letter = folder / f"{reminder.agency_code}.docx" if reminder.is_urgent else None
    if letter is not None:
        write_letter(reminder, letter, template)
    return Prepared(reminder, subject, body, message, letter, records / f"{reminder.agency_code}.sent")
