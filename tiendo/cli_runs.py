"""What `tiendo status --runs` prints: the last runs, what they came to, and what deserves a look."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import console, print_json
from tiendo.messages import Language
from tiendo.settings import TIMEZONE

if TYPE_CHECKING:
    from tiendo.alarms import Alarm

Run = Mapping[str, Any]

OUTCOMES = {
    "running": ("đang chạy", "running", "cyan"),
    "published": ("đã phát hành", "published", "green"),
    "nothing_new": ("không có gì mới", "nothing new", "green"),
    "held_back": ("không phát hành lại", "held back", "yellow"),
    "failed": ("thất bại", "failed", "red"),
    "interrupted": ("bị ngắt", "interrupted", "red"),
    "skipped": ("bỏ qua", "skipped", "dim"),
}
STEPS = {
    "intake": ("tiếp nhận", "intake"),
    "load": ("nạp", "load"),
    "transform": ("tính toán", "transform"),
    "stage": ("ghi bảng", "write tables"),
    "check": ("kiểm tra", "check"),
    "drift": ("so với bản trước", "drift"),
    "publish": ("phát hành", "publish"),
}
MINUTE = 60


def print_runs(runs: Sequence[Run], late: "Alarm | None", language: Language, as_json: bool) -> None:
    """The runs as a table, newest first, and below it their errors and alarms.

    Args:
        runs: Their records.
        late: Where nothing has run for too long.
        language: Of the words.
        as_json: Print the records as they are.
    """
    if as_json:
        print_json({"overdue": late.content() if late else None, "runs": runs})
        return
    out, vi = console(), language == "vi"
    if late:
        out.print(f"[yellow]! {late.code} {escape(late.vi if vi else late.en)}[/yellow]")
    if not runs:
        out.print("Chưa có lượt chạy nào." if vi else "Nothing has run yet.")
        return
    table = Table()
    for heading in ("Bắt đầu", "Ai gọi", "Kết quả", "Bản phát hành") if vi else (
        "Began", "Asked for by", "Outcome", "Release"
    ):  # fmt: skip
        table.add_column(heading, overflow="fold")
    for heading in ("Thời gian", "Tệp mới", "Dòng mới", "Bộ nhớ") if vi else (
        "Took", "New files", "New rows", "Memory"
    ):  # fmt: skip
        table.add_column(heading, justify="right")
    for run in runs:
        table.add_row(*_cells(run, language))
    out.print(table)
    for run in runs:
        _print_words(out, run, language)


def print_alarms(out: Console, alarms: Sequence[Mapping[str, str]], language: Language) -> None:
    """Alarms of one run, a line each."""
    for alarm in alarms:
        out.print(f"! {alarm['code']} {escape(alarm[language])}", style="yellow")


def _cells(run: Run, language: Language) -> tuple[str, ...]:
    vi = language == "vi"
    in_vi, in_en, style = OUTCOMES[run["outcome"]]
    steps = run["steps"]
    where = f" ({_step(steps[-1]['name'], language)})" if run["outcome"] == "running" and steps else ""
    memory = max((step["memory_mb"] or 0 for step in steps), default=0)
    intake = run["intake"]
    asked = escape(run["command"])
    if run["scheduled_for"]:
        asked = f"{'lịch' if vi else 'schedule'} {_moment(run['scheduled_for'])}"
    return (
        _moment(run["started_at"]),
        asked,
        f"[{style}]{in_vi if vi else in_en}{where}[/]",
        escape(run["release_id"] or ""),
        _duration(run, language),
        f"{intake['new']:,}" if intake else "",
        f"{intake['rows_read']:,}" if intake else "",
        f"{memory:,} MB" if memory else "",
    )


def _print_words(out: Console, run: Run, language: Language) -> None:
    """What is to be said about a run below the table; nothing for most."""
    vi, at = language == "vi", _moment(run["started_at"])
    if error := run["error"]:
        step = f" ({_step(error['step'], language)})" if error["step"] else ""
        out.print(f"[red]✗[/red] {at}{step}: {escape(error[language])}")
    elif run["outcome"] == "interrupted" and run["steps"]:
        step = _step(run["steps"][-1]["name"], language)
        words = f"bị ngắt ở bước {step}; bản phát hành không bị ảnh hưởng, lượt sau làm lại."
        if not vi:
            words = f"interrupted in {step}; no release is touched, the next run does it again."
        out.print(f"[red]✗[/red] {at}: {words}")
    for alarm in run["alarms"]:
        out.print(f"[yellow]![/yellow] {at}: {alarm['code']} {escape(alarm[language])}")


def _step(name: str, language: Language) -> str:
    return STEPS.get(name, (name, name))[0 if language == "vi" else 1]


def _duration(run: Run, language: Language) -> str:
    if run["finished_at"] is None:
        return ""
    began, ended = (datetime.fromisoformat(run[name]) for name in ("started_at", "finished_at"))
    seconds = (ended - began).total_seconds()
    if seconds < MINUTE:
        return f"{seconds:.1f} {'giây' if language == 'vi' else 's'}"
    minutes, rest = divmod(round(seconds), MINUTE)
    return f"{minutes} {'phút' if language == 'vi' else 'min'} {rest:02}"


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text).astimezone(TIMEZONE):%d/%m/%Y %H:%M}"
