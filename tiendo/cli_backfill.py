"""`tiendo refresh --from … --to …`: month ends of the past, one line each."""

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import typer
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import console, print_json, say
from tiendo.cli_options import language, moment_of, parse_day
from tiendo.cli_output import announced, has_rejections
from tiendo.faults import told
from tiendo.messages import Language, TiendoError
from tiendo.settings import TIMEZONE, Home

if TYPE_CHECKING:
    from tiendo.backfill import MonthEnd

OUTCOMES = {
    "published": ("đã phát hành", "published"),
    "nothing_new": ("đã có từ trước", "there already"),
    "failed": ("không được", "failed"),
}


def publish_months(
    home: Home,
    first: str | None,
    last: str | None,
    as_of: str | None,
    known_at: str | None,
    as_json: bool,
    **options: Any,
) -> None:
    """Checks what was asked for, publishes month by month and tells what became of each.

    Args:
        home: The home.
        first: `--from` as typed.
        last: `--to` as typed.
        as_of: `--as-of` as typed, which may not be given.
        known_at: `--known-at` as typed.
        as_json: Whether the result is for programs.
        options: For `pipeline`.

    Raises:
        TiendoError: TD-720 to TD-723 and TD-702 where it cannot be asked for, TD-724 where a month failed.
    """
    from tiendo.backfill import backfill, months
    from tiendo.lock import run_lock
    from tiendo.pipeline import Moment, Outcome, pipeline
    from tiendo.runs import Trigger

    if not first or not last or as_of:
        raise _asked_wrongly(bool(as_of))
    day = "--from 2026-01 --to 2026-06"
    begin, end = (str(parse_day(_first_day, text, day))[:7] for text in (first, last))
    moment = parse_day(moment_of, known_at, "--known-at 2026-07-05T00:00+07:00")
    periods = months(home, begin, end, moment)

    def job(home: Home, moment: Moment, **options: Any) -> Outcome:
        number = periods.index(f"{moment.as_of:%Y-%m}")
        count = f"{periods[number]} ({number + 1}/{len(periods)})"
        say(language(), f"Tháng {count}", f"Month {count}")
        return pipeline(home, moment, announced(language()), trigger=Trigger(command), **options)

    command = f"tiendo refresh --from {begin} --to {end}"
    with run_lock(home, command):
        done = backfill(home, periods, moment, job, **options)
    _print(home, done, language(), as_json)
    if error := done[-1].error:
        raise _stopped(done, told(error), periods[-1])
    if any(has_rejections(month.done.intake) for month in done if month.done):
        raise typer.Exit(1)


def _first_day(period: str) -> date:
    if not re.fullmatch(r"\d{4}-\d{2}", period):
        raise ValueError(period)
    return date.fromisoformat(f"{period}-01")


def _print(home: Home, months: list["MonthEnd"], language: Language, as_json: bool) -> None:
    if as_json:
        print_json([_content(month, language) for month in months])
        return
    from tiendo.publish.shelf import current_or_none

    out, vi = console(), language == "vi"
    words = ("Tháng", "Nhận đến hết", "Kết quả", "Bản phát hành", "Giây")
    table = Table(*(words if vi else ("Month", "Received until", "Outcome", "Release", "Seconds")))
    for month in months:
        table.add_row(
            month.period,
            f"{month.known_at.astimezone(TIMEZONE):{'%d/%m/%Y %H:%M:%S' if vi else '%Y-%m-%d %H:%M:%S'}}",
            OUTCOMES[month.outcome][0 if vi else 1],
            month.done.release_id if month.done else "",
            f"{month.seconds:.1f}",
        )
    out.print(table)
    for month in months:
        if month.done and month.other:
            out.print(f"{month.period}: tiendo releases diff {month.other} {month.done.release_id}")
    if in_force := current_or_none(home):
        name = escape(in_force.name)
        out.print(f"Bản hiện hành: {name}" if vi else f"In force: {name}")


def _content(month: "MonthEnd", language: Language) -> dict[str, Any]:
    from tiendo.backfill import month_end

    return {
        "period": month.period,
        "as_of": month_end(month.period).isoformat(),
        "known_at": month.known_at.isoformat(),
        "outcome": month.outcome,
        "release_id": month.done.release_id if month.done else None,
        "other_release": month.other,
        "seconds": month.seconds,
        "error": told(month.error).text(language) if month.error else None,
    }


def _asked_wrongly(with_as_of: bool) -> TiendoError:
    way_out = (
        "Ví dụ: tiendo refresh --from 2026-01 --to 2026-06",
        "Such as: tiendo refresh --from 2026-01 --to 2026-06",
    )
    if with_as_of:
        return TiendoError(
            "TD-723",
            "Không dùng --as-of cùng với --from, --to: mỗi tháng lấy ngày cuối của tháng đó.",
            "--as-of does not go with --from and --to: each month speaks of its own last day.",
            *way_out,
            exit_code=2,
        )
    return TiendoError(
        "TD-720",
        "Cần cả --from và --to: tháng đầu và tháng cuối.",
        "Both --from and --to are needed: the first and the last month.",
        *way_out,
        exit_code=2,
    )


def _stopped(months: list["MonthEnd"], why: TiendoError, last: str) -> TiendoError:
    *there, failed = months
    names = ", ".join(month.period for month in there)
    return TiendoError(
        "TD-724",
        f"Dừng ở tháng {failed.period}; đã có: {names or 'chưa tháng nào'}. {why.text('vi')}",
        f"Stopped at month {failed.period}; there already: {names or 'none'}. {why.text('en')}",
        "Khắc phục xong thì chạy lại đúng lệnh này: tháng đã có được bỏ qua. Hoặc chỉ chạy phần còn lại: "
        f"tiendo refresh --from {failed.period} --to {last}",
        "Repair it, then run the same command again: months that are there are skipped. Or only the rest: "
        f"tiendo refresh --from {failed.period} --to {last}",
        exit_code=why.exit_code,
    )
