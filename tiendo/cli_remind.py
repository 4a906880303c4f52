"""The command `remind`, which `cli.py` registers; what it needs is imported when it runs."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo.cli_options import HomeOption, JsonOption, Lang, LangOption, begin, language, refuse_inside_data
from tiendo.messages import Language, TiendoError

if TYPE_CHECKING:
    from tiendo.report.mailing import Prepared
    from tiendo.settings import Home

BLOCK = "TIENDO_REMINDER_BLOCK"
COLUMNS = {
    "overdue": ("Quá hạn", "Overdue"),
    "to_complete": ("Chờ hoàn thiện", "To complete"),
    "due_soon": ("Sắp đến hạn", "Due soon"),
    "missing_report": ("Thiếu báo cáo", "Reports missing"),
    "report_due": ("Báo cáo sắp đến hạn", "Reports due"),
    "appraisal": ("Phải thẩm định", "To appraise"),
    "pending_evidence": ("Đang chờ thẩm định", "Awaiting appraisal"),
}


def remind(
    agency: Annotated[
        str | None, typer.Option("--agency", help="Only this agency or commune.", show_default="all")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            "-o", "--output", help="Folder to write to.", show_default="data/warehouse/runs/reminders"
        ),
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", help="Your own Word template.", show_default="the shipped one"),
    ] = None,
    send: Annotated[
        bool, typer.Option("--send", help=f"Deliver through the Prefect notification block named in {BLOCK}.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Write, for each agency, a message and a drafted letter on what is due, overdue, missing or pending.

    Nothing is sent without --send.

    Example: `tiendo remind --agency dl_so_khcn -o nhac-viec`
    """
    from tiendo.cli_console import print_json
    from tiendo.report.mailing import prepare

    where = begin(home, lang)
    refuse_inside_data(where, output)
    if send:
        from flows.reminders import reminders

        prepared: Sequence[Prepared] = reminders(where, output, agency, template, _block(where))
    else:
        prepared = prepare(where, output, agency, template)
    if as_json:
        print_json([_record(item) for item in prepared])
    else:
        _print(prepared, language(), send)
    if any(item.problem for item in prepared):
        raise typer.Exit(1)


def _block(home: "Home") -> str:
    """The notification block to send through; TD-715 where none is named or the figures are synthetic."""
    block = os.environ.get(BLOCK)
    if home.is_synthetic or not block or not os.environ.get("PREFECT_API_URL"):
        raise TiendoError(
            "TD-715",
            "Không gửi nhắc việc: "
            + ("đây là số liệu mô phỏng." if home.is_synthetic else "chưa cấu hình kênh gửi."),
            "No reminder is sent: "
            + ("the figures are synthetic." if home.is_synthetic else "no channel is configured."),
            f"Bỏ --send để chỉ soạn; để gửi, đặt PREFECT_API_URL và {BLOCK}, ví dụ custom-webhook/nhac-viec.",
            f"Leave out --send to write only; to send, set PREFECT_API_URL and {BLOCK}, "
            "such as custom-webhook/nhac-viec.",
            exit_code=2,
        )
    return block


def _record(item: "Prepared") -> dict[str, object]:
    return {
        "agency_code": item.reminder.agency_code,
        "agency_name": item.reminder.agency_name,
        **{kind: item.reminder.counts.get(kind, 0) for kind in COLUMNS},
        "message": str(item.message),
        "letter": str(item.letter) if item.letter else None,
        "is_sent": item.is_sent,
        "problem": item.problem,
    }


def _print(prepared: Sequence["Prepared"], language: Language, send: bool) -> None:
    from rich.table import Table

    from tiendo.cli_console import console
    from tiendo.report.mailing import total

    out, vi = console(), language == "vi"
    if not prepared:
        out.print("Không có việc nào cần nhắc." if vi else "Nothing to remind anybody of.")
        return
    shown = [kind for kind in COLUMNS if total(prepared)[kind]]
    table = Table(title="Nhắc việc theo cơ quan" if vi else "Reminders by agency")
    table.add_column("Cơ quan" if vi else "Agency")
    for kind in shown:
        table.add_column(COLUMNS[kind][0 if vi else 1], justify="right")
    if send:
        table.add_column("Đã gửi" if vi else "Sent")
    for item in prepared:
        counts = item.reminder.counts
        row = [item.reminder.agency_name, *(str(counts.get(kind, "")) for kind in shown)]
        table.add_row(*row, *([_delivery(item, vi)] if send else []))
    out.print(table)
    folder = prepared[0].message.parent
    out.print(f"Đã soạn vào {folder}." if vi else f"Written to {folder}.")
    if not send:
        out.print("Chưa gửi cho ai (thêm --send để gửi)." if vi else "Nothing was sent (add --send to send).")


def _delivery(item: "Prepared", vi: bool) -> str:
    if item.problem:
        return ("Lỗi: " if vi else "Failed: ") + item.problem.splitlines()[0][:80]
    if item.is_sent:
        return "Rồi" if vi else "Yes"
    return "Không cần" if vi else "Not needed"
