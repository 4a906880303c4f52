"""What is still to be done of what was due, told by what is there: run records and locked releases.

Nothing else remembers it, so a lost database of the service, a run from the command line and a restart in the
middle of a run all come out right. Missed nights are made good by one run, since a refresh takes in all that
has come; each missed month is closed by itself.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from typing import Any

from tiendo.backfill import month_end, publish_month_end
from tiendo.messages import TiendoError
from tiendo.publish.keeping import lock_release
from tiendo.publish.release import list_releases
from tiendo.runs import SUCCESSFUL, Trigger, read_runs
from tiendo.schedule import Job, closing_month
from tiendo.settings import TIMEZONE, Home


def missed(home: Home, job: Job, moment: datetime) -> datetime | None:
    """When a job was due that is still to be done; None for nothing, and for what waits for its next time.

    A night is missed in a home without any run, so that a new one has its first release at once. A month is
    missed only where the home was in use when its closing was due.
    """
    due = job.last_before(moment)
    if due is None or job.name not in {"nightly", "monthly"}:
        return None
    records = read_runs(home)
    if job.name == "nightly":
        return None if night_done(records, due) else due
    in_use = any(_moment(record["started_at"]) < due for record in records)
    return due if in_use and not is_closed(home, closing_month(due)) else None


def night_done(records: Iterable[Mapping[str, Any]], due: datetime) -> bool:
    """Whether a run that began when the nightly one was due, or later, did its work.

    A run for an earlier day, such as an old report made again, does not count.
    """
    return any(
        record["outcome"] in SUCCESSFUL
        and _moment(record["started_at"]) >= due
        and str(record["as_of"] or "") >= due.astimezone(TIMEZONE).date().isoformat()
        for record in records
    )


def is_closed(home: Home, period: str) -> bool:
    """Whether a release of the last day of a month is locked."""
    day = month_end(period).isoformat()
    return any(info.is_locked and info.release_id.startswith(day) for info in list_releases(home))


def close_month(home: Home, period: str, run: Callable[..., Any], trigger: Trigger) -> str:
    """Publishes the month end beside the release in force and locks it. The caller holds the run lock.

    Args:
        home: The home.
        period: A month that is over, such as `2026-10`.
        run: Calls a step, as in `pipeline`.
        trigger: Who asked for it.

    Returns:
        The identifier of the release.

    Raises:
        TiendoError: As `publish_month_end`.
    """
    outcome = publish_month_end(home, period, run=run, trigger=trigger)
    return lock_release(home, outcome.release_id, f"Chốt tháng {period[5:]}/{period[:4]}")


def report_month(home: Home, period: str, release_id: str) -> int:
    """Writes the reports of a month that was closed into `data/reports/<period>`; gives how many places.

    Raises:
        TiendoError: TD-649 whatever went wrong. The month stays closed.
    """
    from tiendo.report.monthly.scope import settle
    from tiendo.report.monthly.writing import closing_folder, not_written, write_reports

    folder = closing_folder(home, period)
    try:
        return len(write_reports(settle(home, period, release_id=release_id), folder))
    except Exception as cause:
        why = cause.text() if isinstance(cause, TiendoError) else type(cause).__name__
        raise not_written(folder, f"{why} Tháng {period} vẫn đã chốt (bản {release_id})") from cause


def _moment(text: object) -> datetime:
    """A moment of a record; long ago where it cannot be read."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        found = datetime.min
    return found if found.tzinfo else found.replace(tzinfo=TIMEZONE)
