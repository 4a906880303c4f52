"""How the command line tells what became of files: receipts of submitted ones, findings of checked ones."""

import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import console, print_json
from tiendo.desk.wording import COUNTS, left_out_lines, outcome, said, where
from tiendo.messages import Language, TiendoError
from tiendo.settings import TIMEZONE

if TYPE_CHECKING:
    from tiendo.desk.annotation import Annotated
    from tiendo.intake.examine import Examined
    from tiendo.intake.receipts import Receipt
    from tiendo.intake.tables import LeftOut

SHOWN_PROBLEMS = 20
CHECKED_PROBLEMS = 100
LeftOutRows = Iterable["LeftOut"]


def print_receipts(
    receipts: Sequence["Receipt"], refused: Sequence[TiendoError], language: Language, as_json: bool
) -> None:
    """A receipt for each file submitted, fit to be printed on paper."""
    if as_json:
        print_json(
            {
                "receipts": [_receipt_record(receipt, language) for receipt in receipts],
                "refused": [_told(error, language) for error in refused],
            }
        )
        return
    out = console()
    for receipt in receipts:
        _print_receipt(out, receipt, language)
    for error in refused:
        sys.stderr.write(error.text(language) + "\n")


def _receipt_record(receipt: "Receipt", language: Language) -> dict[str, Any]:
    return {
        **vars(receipt),
        "rejection": receipt.rejection.text(language) if receipt.rejection else None,
        "received_at": receipt.received_at.isoformat(),
        "notices": [_told(notice, language) for notice in receipt.notices],
        "left_out": _left_out_records(receipt.left_out),
        "conflicts": [conflict._asdict() for conflict in receipt.conflicts],
    }


def _told(message: TiendoError, language: Language) -> dict[str, str]:
    return {"code": message.code, "message": message.text(language)}


def _left_out_records(left_out: LeftOutRows) -> list[dict[str, Any]]:
    return [row._asdict() for row in left_out]


def _print_receipt(out: Console, receipt: "Receipt", language: Language) -> None:
    vi = language == "vi"
    out.print(f"[bold]{'GIẤY BIÊN NHẬN' if vi else 'RECEIPT'}[/bold]  {receipt.submission_id}")
    received = receipt.received_at.astimezone(TIMEZONE)
    lines = (
        ("Kết quả" if vi else "Outcome", outcome(receipt.status, language)),
        ("Biểu mẫu" if vi else "Form", f"{receipt.number} {said(receipt.form, language)}".strip()),
        (
            "Đơn vị, kỳ" if vi else "Unit, period",
            f"{said(receipt.org_code, language)}, {said(receipt.period, language)}",
        ),
        ("Nhận lúc" if vi else "Received at", f"{received:%d/%m/%Y %H:%M:%S}"),
        ("Lưu tại" if vi else "Stored at", receipt.raw_path),
        ("SHA-256", receipt.sha256),
    )
    for label, text in lines:
        out.print(f"  {label}: {escape(str(text))}")
    rows = ", ".join(
        f"{getattr(receipt, name):,} {word_vi if vi else word_en}" for name, word_vi, word_en in COUNTS
    )
    out.print(f"  {'Số dòng' if vi else 'Rows'}: {rows}")
    _print_rejection(out, receipt.rejection, language)
    for problem in receipt.problems[:SHOWN_PROBLEMS]:
        message = problem["message_vi"] if vi else problem["message_en"]
        place = f"{where(problem, language)}, {problem['column_label'] or '-'}"
        out.print(f"  • {problem['rule_code']} {escape(place)}: {escape(message)}", style="yellow")
    _print_more(out, len(receipt.problems) - SHOWN_PROBLEMS, language)
    _print_remarks(out, receipt.notices, receipt.left_out, language)
    _print_ignored(out, receipt.ignored_headers, receipt.ignored_sheets, language)


def print_check(
    file: Path, examined: "Examined", annotated: "Annotated | None", language: Language, as_json: bool
) -> None:
    """What the check of a file found, as a table of what to repair."""
    identified, converted = examined.identified, examined.converted
    problems = list(converted.problems.iter_rows(named=True)) if converted else []
    headers = identified.ignored_headers if identified else ()
    sheets = identified.other_sheets if identified else ()
    if as_json:
        print_json(
            {
                "file": file.name,
                "form": identified.contract.form if identified else None,
                "number": identified.contract.number if identified else None,
                "org_code": converted.org_code if converted else None,
                "period": converted.period if converted else None,
                "rows_read": converted.rows_read if converted else 0,
                "rows_good": converted.good.height if converted else 0,
                "rows_quarantined": converted.rows_quarantined if converted else 0,
                "rejection": _told(examined.rejection, language) if examined.rejection else None,
                "problems": problems,
                "notices": [_told(notice, language) for notice in examined.notices],
                "left_out": _left_out_records(examined.left_out),
                "ignored_headers": headers,
                "ignored_sheets": sheets,
                "annotated": str(annotated.path) if annotated else None,
            }
        )
        return
    out, vi = console(), language == "vi"
    if identified is not None:
        title = identified.contract.title_vi if vi else identified.contract.title_en
        out.print(f"[bold]{escape(file.name)}[/bold]: {escape(title)}")
    _print_rejection(out, examined.rejection, language)
    if converted is not None:
        counts = (converted.rows_read, converted.good.height, converted.rows_quarantined)
        rows = (
            "{:,} dòng đọc, {:,} dòng đạt, {:,} dòng có lỗi" if vi else "{:,} rows read, {:,} good, {:,} bad"
        )
        unit = "đơn vị {}, kỳ {}" if vi else "unit {}, period {}"
        out.print(f"  {unit.format(converted.org_code, converted.period)}: {rows.format(*counts)}.")
    _print_problems(out, problems, language)
    _print_remarks(out, examined.notices, examined.left_out, language)
    _print_ignored(out, headers, sheets, language)
    if annotated is not None:
        word = "Tệp đã đánh dấu" if vi else "Marked copy"
        out.print(f"  {word}: {escape(str(annotated.path))}")
    elif problems:
        hint = "Để xem ngay trong tệp của mình:" if vi else "To see them in the file itself:"
        out.print(
            f"  {hint} tiendo check {escape(file.name)} --annotate {escape(file.stem)}-loi.xlsx", style="dim"
        )
    elif examined.rejection is None:
        out.print(
            "  Không có lỗi; nộp được." if vi else "  Nothing wrong; it can be submitted.", style="green"
        )


def _print_problems(out: Console, problems: Sequence[Mapping[str, Any]], language: Language) -> None:
    if not problems:
        return
    vi = language == "vi"
    table = Table(show_lines=True)
    for heading in ("Chỗ sai", "Cột", "Giá trị", "Lỗi và cách sửa", "Mã") if vi else (
        "Where", "Column", "Value", "What is wrong, what to do", "Code"
    ):  # fmt: skip
        table.add_column(heading, overflow="fold")
    for problem in problems[:CHECKED_PROBLEMS]:
        message = problem["message_vi"] if vi else problem["message_en"]
        cells = (where(problem, language), problem["column_label"], problem["value"], message)
        table.add_row(*(escape(str(cell or "")) for cell in cells), problem["rule_code"])
    out.print(table)
    _print_more(out, len(problems) - CHECKED_PROBLEMS, language)


def _print_more(out: Console, hidden: int, language: Language) -> None:
    if hidden > 0:
        out.print(f"  … còn {hidden} lỗi" if language == "vi" else f"  … {hidden} more", style="yellow")


def _print_rejection(out: Console, rejection: TiendoError | None, language: Language) -> None:
    if rejection is not None:
        out.print(f"  [red]{escape(rejection.text(language))}[/red]")


def _print_remarks(
    out: Console, notices: Iterable[TiendoError], left_out: LeftOutRows, language: Language
) -> None:
    vi = language == "vi"
    for notice in notices:
        out.print(f"  ! {escape(notice.text(language))}", style="cyan")
    rows = list(left_out)
    if rows:
        out.print(
            f"  {len(rows)} dòng không phải số liệu, được bỏ qua:"
            if vi
            else f"  {len(rows)} rows are no records and were passed over:",
            style="dim",
        )
    lines = list(left_out_lines(rows, language))
    for line in lines[:SHOWN_PROBLEMS]:
        out.print(f"    {escape(line)}", style="dim")
    _print_more(out, len(lines) - SHOWN_PROBLEMS, language)


def _print_ignored(out: Console, headers: Iterable[str], sheets: Iterable[str], language: Language) -> None:
    vi = language == "vi"
    for label, names in (
        ("Cột ngoài biểu, không đọc" if vi else "Columns outside the form, not read", headers),
        ("Trang tính khác, không đọc" if vi else "Other sheets, not read", sheets),
    ):
        listed = ", ".join(f"“{' '.join(name.split())}”" for name in names)
        if listed:
            out.print(f"  {label}: {escape(listed)}", style="dim")
