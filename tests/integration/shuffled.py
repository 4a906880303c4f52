"""Sends what a home has received to a new home, in any order, each file with its own moment of receipt."""

import random
import shutil
from pathlib import Path

from tiendo.intake.landing import submit
from tiendo.intake.scope import UNKNOWN
from tiendo.intake.store import UNIDENTIFIED, Submission, parse_raw_path
from tiendo.settings import Home
from tiendo.warehouse.annexes import known_references


def received(home: Home) -> list[Submission]:
    """What lies under `data/raw`, in order of its paths."""
    paths = sorted(path for path in home.raw.rglob("*") if path.is_file())
    found = (parse_raw_path(path.relative_to(home.raw).as_posix()) for path in paths)
    return [submission for submission in found if submission is not None]


def send_shuffled(source: Home, target: Home, folder: Path, seed: int) -> None:
    """Submits all of them through the door, one after the other, in the order of a seed.

    The key of the pseudonyms is copied where there is one, so that landing files can be compared.
    """
    target.raw.mkdir(parents=True)
    target.warehouse.mkdir(parents=True)
    for path in (source.synthetic_marker, source.warehouse / "pseudonym.key"):
        if path.exists():
            shutil.copy(path, target.root / path.relative_to(source.root))
    submissions = received(source)
    random.Random(seed).shuffle(submissions)
    for submission in submissions:
        file = folder / submission.file_name
        shutil.copy(source.raw / submission.raw_path, file)
        receipt = submit(
            target,
            file,
            known_references(target),
            org=_said(submission.org_code),
            period=_said(submission.period),
            form=None if submission.form == UNIDENTIFIED else submission.form,
            received_at=submission.received_at,
            is_demo=True,
            is_backlog=True,
        )
        assert receipt.submission_id == submission.submission_id
        assert receipt.status in ("landed", "unchanged", "rejected")


def _said(name: str) -> str | None:
    return None if name == UNKNOWN else name
