"""The runs so far: how the last one ended, and whether the schedule is still alive."""

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
    "schedule_silent": (
        "warning",
        "Chạy theo lịch nhưng không có lượt nào từ {at_moment} (hơn {hours} giờ)",
        "Runs are scheduled, yet none has begun since {at_moment} (over {hours} hours ago)",
        "Xem: systemctl status 'tiendo*'; bật lại: systemctl restart 'tiendo*'; ngay: tiendo refresh{at}",
        "Look: systemctl status 'tiendo*'; restart: systemctl restart 'tiendo*'; at once: tiendo refresh{at}",
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
        yield fine(
            "run", f"Lượt chạy gần nhất {shown}: {run['outcome']}", f"Last run {shown}: {run['outcome']}"
        )
    alarms: list[dict[str, Any]] = run.get("alarms") or []
    for alarm in alarms:
        yield tell(home, "run_alarm", vi=_text(alarm, "vi"), en=_text(alarm, "en"), **facts)


def schedule(home: Home) -> Iterator[Diagnosis]:
    """Whether nights still come, where they came before."""
    from tiendo.runs import read_runs

    runs = read_runs(home)
    if not runs or not any(run.get("trigger") == "schedule" for run in runs):
        return
    last = max(datetime.fromisoformat(run["started_at"]) for run in runs)
    if now() - last > LONGEST_SILENCE:
        hours = int(LONGEST_SILENCE.total_seconds() // 3600)
        yield tell(home, "schedule_silent", at_moment=_shown(last.isoformat()), hours=hours)


def _shown(moment: str) -> str:
    return f"{datetime.fromisoformat(moment):%d/%m/%Y %H:%M}"


def _text(alarm: dict[str, Any], language: str) -> str:
    return f"{alarm.get('code', '')} {alarm.get(language, '')}".strip()
