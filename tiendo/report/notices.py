"""What people who run the house are told of a run: each trouble once, and when it is over.

A trouble is told again only where it changed: other words, numbers aside, since 'three days' becomes 'four
days' every night. A later run that succeeds ends a failure; an alarm ends when such a run no longer has it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tiendo.messages import TiendoError
from tiendo.report.run_pages import headline
from tiendo.run_history import SUCCESSFUL
from tiendo.settings import Home

Troubles = Mapping[str, str]

ENDED = (*SUCCESSFUL, "failed", "interrupted")
# Dates stay: a deadline of another month is another trouble. Numbers, identifiers and paths go.
VARYING = re.compile(r"(\d{2}/\d{2}/\d{4})|/\S+|\b\d[\w.,:%-]*")
FAILURE = "failure"


@dataclass(frozen=True)
class Notice:
    """One message.

    Attributes:
        subject: One line.
        body: Plain text.
    """

    subject: str
    body: str


def job_run(title: str, began: datetime, error: TiendoError | None) -> dict[str, Any]:
    """A job of the schedule that leaves no record of its own, or that failed before it had one, as a record.

    Args:
        title: What people call the job.
        began: When it began.
        error: Why it failed; None where it did not.
    """
    told = {"code": error.code, "step": None, "vi": error.text()} if error else None
    return {
        "title": f"{title} {'không xong' if error else 'đã xong'}",
        "run_id": None,
        "started_at": began.isoformat(),
        "outcome": "failed" if error else "nothing_new",
        "alarms": [],
        "error": told,
    }


def notice_of(home: Home, run: Mapping[str, Any], known: Troubles) -> tuple[Notice | None, Troubles]:
    """What is to be told of a run to somebody who knows of these troubles.

    Args:
        home: Whose run.
        run: Its record, or what `job_run` gives.
        known: Sentence by key, as returned when that person was last told.

    Returns:
        The message, None where there is nothing new, and what that person then knows of.
    """
    if run["outcome"] not in ENDED:
        return None, known
    is_successful = run["outcome"] in SUCCESSFUL
    # Only a run that came to its end says whether there are alarms.
    kept = {} if is_successful and run["run_id"] else _alarms(known)
    standing = kept | _troubles(run)
    new = [said for key, said in standing.items() if key not in known]
    over = [said for key, said in known.items() if key not in standing] if is_successful else []
    if not new and not over:
        return None, standing
    return Notice(_subject(home, run, bool(new)), _body(home, run, new, over)), standing


def _alarms(known: Troubles) -> dict[str, str]:
    return {key: said for key, said in known.items() if not key.startswith(FAILURE)}


def _troubles(run: Mapping[str, Any]) -> dict[str, str]:
    """What is wrong with a run: a sentence by what makes it the same trouble the next night."""
    found: dict[str, str] = {}
    if error := run["error"]:
        found[f"{FAILURE} {error['step']} {_gist(error['vi'])}"] = error["vi"]
    elif run["outcome"] == "interrupted":
        found[f"{FAILURE} interrupted"] = headline(run)
    for alarm in run["alarms"]:
        found[f"{alarm['code']} {_gist(alarm['vi'])}"] = f"{alarm['code']} {alarm['vi']}"
    return found


def _gist(words: str) -> str:
    return " ".join(VARYING.sub(lambda match: match[1] or "", words).split())


def _subject(home: Home, run: Mapping[str, Any], is_trouble: bool) -> str:
    if run["outcome"] not in SUCCESSFUL:
        what = f"lượt chạy thất bại {run['error']['code']}" if run["error"] else "lượt chạy bị ngắt"
    else:
        what = "cảnh báo" if is_trouble else "đã bình thường trở lại"
    return f"[tiendo]{' [giả lập]' if home.is_synthetic else ''} {what}, {run['started_at'][:10]}"


def _body(home: Home, run: Mapping[str, Any], new: list[str], over: list[str]) -> str:
    lines = [f"{run.get('title') or headline(run)}."]
    if new:
        lines += ["", *(f"- {said}" for said in new)]
    if over:
        lines += ["", "Đã hết:", *(f"- {said}" for said in over)]
    if run["run_id"]:
        lines += ["", f"Lượt chạy {run['run_id']}, số liệu tính đến {run['as_of']}."]
    lines += [
        "",
        f"Xem thêm: tiendo status --runs --home {home.root}",
        f"Tìm nguyên nhân: tiendo doctor --home {home.root}",
    ]
    return "\n".join(lines) + "\n"
