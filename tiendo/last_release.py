"""Between check and publish: the release about to leave beside the one in force, and what somebody lets pass.

Both depend on what was published before, so neither may leave a trace in the release itself. The one page
that tells what changed, `site/changes.html`, looks at a release that can have come before, or at none.
"""

from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

from tiendo.messages import TiendoError
from tiendo.publish.files import to_json, write_atomically
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.log import append
from tiendo.publish.release import load_manifest, release_folder
from tiendo.quality.drift import Comparison, blocked, compare
from tiendo.settings import Home

# How many differences a line of the log names; all of them lie in drift.json until the next comparison.
LOGGED = 20


def compare_with_last(home: Home, inputs: ReleaseInputs, accept_drift: str | None = None) -> Comparison:
    """Compares what would leave with the release in force, and notes in the release log what was accepted.

    Raises:
        TiendoError: TD-510 where they differ beyond limits and no reason is given; nothing is published then.
    """
    try:
        manifest = load_manifest(home)
        previous = release_folder(home)
    except TiendoError:  # None yet, or none that can be read.
        return Comparison()
    if manifest["release_id"] == inputs.release_id:  # Publishing compares every byte.
        return Comparison(inputs.release_id)
    known_at = inputs.known_at
    found = compare(home.database, inputs.as_of, known_at, inputs.submissions, previous, manifest)
    report = home.warehouse / "drift.json"
    write_atomically(report, to_json(found.content()))
    if found.blocking:
        if accept_drift is None:
            raise blocked(found, report)
        found = replace(found, accepted=accept_drift)
        append(
            home,
            "drift_accepted",
            release_id=inputs.release_id,
            instead_of=found.previous,
            reason=accept_drift,
            drift_count=len(found.blocking),
            drifts=[drift.vi for drift in found.blocking[:LOGGED]],
        )
    return found


def release_before(home: Home, inputs: ReleaseInputs) -> Path | None:
    """The release in force, unless it speaks of a later day or knows more: an old report stays as it was.

    Returns:
        Its folder; None for the first release, for the same one again, and where it cannot be read.
    """
    try:
        manifest, folder = load_manifest(home), release_folder(home)
    except TiendoError:
        return None
    is_later = (
        date.fromisoformat(manifest["as_of"]) > inputs.as_of
        or datetime.fromisoformat(manifest["known_at"]) > inputs.known_at
    )
    return None if is_later or manifest["release_id"] == inputs.release_id else folder
