"""The runs so far: how the last one ended, and whether the schedule is still alive."""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from tiendo.doctor.diagnosis import Diagnosis, Words, fine, told
from tiendo.settings import Home, now

# A day, and two hours for a run that takes long or waits for another.
LONGEST_SILENCE = timedelta(hours=26)
AGAIN = (
    "Xem các lượt: tiendo status --runs{at}; làm theo lời trên, rồi: tiendo refresh{at}",
    "See the runs: tiendo status --runs{at}; do what is said above, then: tiendo refresh{at}",
)
WORDS: dict[str, Words] = {
    "run_failed": (
        "error",
        "Lượt chạy gần nhất ({at_moment}) không thành: {vi}",
        "The last run ({at_moment}) failed: {en}",
        *AGAIN,
    ),
    "run_interrupted": (
        "warning",
        "Lượt chạy gần nhất ({at_moment}) bị ngắt{vi}; bản phát hành không bị ảnh hưởng",
        "The last run ({at_moment}) was cut off{en}; the release is untouched",
        "Chạy lại, hoặc chờ đến đêm: tiendo refresh{at}",
        "Run again, or wait for the night: tiendo refresh{at}",
    ),
    "run_alarm": (
        "warning",
        "Cảnh báo của lượt chạy gần nhất ({at_moment}): {vi}",
        "Alarm of the last run ({at_moment}): {en}",
        "Xem: tiendo status --runs{at}",
        "Look: tiendo status --runs{at}",
    ),
    "service_stopped": (
        "warning",
        "Có lịch chạy nhưng dịch vụ “tiendo serve” đang dừng",
        "Runs are scheduled, and the service “tiendo serve” is down",
        "Xem: systemctl status tiendo; bật: systemctl restart tiendo, hoặc: tiendo serve --background{at}",
        "Look: systemctl status tiendo; start: systemctl restart tiendo, or: tiendo serve --background{at}",
    ),
    "schedule_silent": (
        "warning",
        "Có lịch chạy nhưng hơn {hours} giờ nay không có lượt nào (lượt cuối {at_moment})",
        "Runs are scheduled, yet none has begun for {hours} hours (the last one {at_moment})",
        "Xem: systemctl status tiendo; bật lại: systemctl restart tiendo; chạy ngay: tiendo refresh{at}",
        "Look: systemctl status tiendo; start: systemctl restart tiendo; at once: tiendo refresh{at}",
    ),
    "nobody_told": (
        "note",
        "Có lịch chạy nhưng khi lỗi chưa báo cho ai (ở đây chưa đặt TIENDO_NOTIFICATION_BLOCKS)",
        "Runs are scheduled, and nobody is told of a failure (TIENDO_NOTIFICATION_BLOCKS is not set here)",
        "Tạo khối thông báo và đặt biến đó theo docs/notifications.md, rồi: systemctl restart tiendo",
        "Make a block and set that variable as docs/notifications.md says, then: systemctl restart tiendo",
    ),
}
tell = partial(told, WORDS)


def last_run(home: Home) -> Iterator[Diagnosis]:
    """How the last run ended that is over, and what it raised alarm about."""
    from tiendo.runs import read_runs

    over = [run for run in read_runs(home) if run["outcome"] not in ("running", "skipped")]
    if not over:
        return
    run = over[0]
    error: dict[str, Any] = run.get("error") or {}
    steps: list[dict[str, Any]] = run.get("steps") or [{}]
    facts = {"at_moment": _shown(run["started_at"])}
    if run["outcome"] == "failed":
        yield tell(home, "run_failed", vi=error.get("vi", "?"), en=error.get("en", "?"), **facts)
    elif run["outcome"] == "interrupted":
        step = steps[-1].get("name")
        vi, en = (f" ở bước {step}", f" in step {step}") if step else ("", "")
        yield tell(home, "run_interrupted", vi=vi, en=en, **facts)
    else:
        shown = facts["at_moment"]
        yield fine("run", f"Lượt chạy gần nhất ({shown}) đã xong", f"The last run ({shown}) came to its end")
    alarms: list[dict[str, Any]] = run.get("alarms") or []
    for alarm in alarms:
        yield tell(home, "run_alarm", vi=_text(alarm, "vi"), en=_text(alarm, "en"), **facts)


def schedule(home: Home) -> Iterator[Diagnosis]:
    """Whether nights still come, where they came before, and who hears of them."""
    from tiendo.lock import owner_of
    from tiendo.runs import read_runs

    runs = read_runs(home)
    if not home.prefect.is_dir() and not any(run["trigger"] == "schedule" for run in runs):
        return
    if owner_of(home.serve_lock):
        yield fine("service", "Dịch vụ “tiendo serve” đang chạy", "The service “tiendo serve” is up")
    else:
        yield tell(home, "service_stopped")
    last = max((datetime.fromisoformat(run["started_at"]) for run in runs), default=None)
    if last is not None and now() - last > LONGEST_SILENCE:
        hours = int((now() - last).total_seconds() // 3600)
        yield tell(home, "schedule_silent", at_moment=_shown(last.isoformat()), hours=hours)
    if not os.environ.get("TIENDO_NOTIFICATION_BLOCKS"):
        yield tell(home, "nobody_told")


def _shown(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%d/%m/%Y %H:%M}"


def _text(alarm: dict[str, Any], language: str) -> str:
    return f"{alarm.get('code', '')} {alarm.get(language, '')}".strip()
