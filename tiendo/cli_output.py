"""How the command line tells what a run did and what became of submitted files."""

import sys
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import console, print_json, say
from tiendo.cli_tables import print_colours
from tiendo.messages import Language, TiendoError
from tiendo.settings import TIMEZONE, Home

if TYPE_CHECKING:
    from tiendo.demo import DemoSummary
    from tiendo.intake.receipts import IntakeSummary, Receipt
    from tiendo.pipeline import Outcome

SHOWN_PROBLEMS = 20


def announced(language: Language) -> Callable[..., Any]:
    """Calls a step of the main job after saying on standard error which one it is."""
    words = {
        "take_in": ("Tiếp nhận tệp nộp", "Taking in files"),
        "load": ("Nạp vào kho số liệu", "Loading the warehouse"),
        "run_models": ("Tính toán", "Computing"),
        "check": ("Kiểm tra chất lượng", "Checking quality"),
        "publish_release": ("Phát hành", "Publishing"),
    }

    def call(step: Callable[..., Any], *arguments: Any) -> Any:
        vi, en = words[step.__name__]
        say(language, f"{vi}…", f"{en}…")
        return step(*arguments)

    return call


def has_rejections(summary: "IntakeSummary") -> bool:
    """Whether this run met input that could not be taken in whole."""
    return bool(summary.rejected or summary.rows_quarantined or summary.problems)


def print_outcome(home: Home, outcome: "Outcome", language: Language, as_json: bool) -> None:
    """What a refresh or rebuild came to."""
    summary, release = outcome.intake, outcome.release
    if as_json:
        print_json(
            {
                "release_id": outcome.release_id,
                "is_new": release is not None and not release.was_identical,
                "nothing_new": release is None,
                "row_counts": release.row_counts if release else None,
                "landed": summary.landed,
                "rejected": summary.rejected,
                "rows_quarantined": summary.rows_quarantined,
                "problems": [problem.text(language) for problem in summary.problems],
                "checks_failed": [result.check_id for result in outcome.checks if not result.is_passed],
                "seconds": outcome.record.seconds if outcome.record else {},
            }
        )
        return
    out, vi = console(), language == "vi"
    for note in outcome.notes(language):
        out.print(note)
    _print_intake(out, summary, language)
    if release is None:
        out.print(
            f"Không có gì mới; bản phát hành hiện hành vẫn là {outcome.release_id}."
            if vi
            else f"Nothing new; the current release is still {outcome.release_id}."
        )
        return
    if release.was_identical:
        out.print(
            f"Dựng lại cho kết quả giống hệt từng byte với bản phát hành {outcome.release_id}."
            if vi
            else f"Built again, byte for byte the same as release {outcome.release_id}."
        )
    else:
        out.print(
            f"Đã phát hành [bold]{outcome.release_id}[/bold]: {release.path}"
            if vi
            else f"Published [bold]{outcome.release_id}[/bold]: {release.path}"
        )
    rows = ", ".join(f"{name} {count:,}" for name, count in sorted(release.row_counts.items()))
    out.print(f"{'Bảng' if vi else 'Tables'}: {rows}", style="dim")
    _print_checks(out, outcome, language)
    if outcome.record:
        steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.record.seconds.items())
        out.print(f"{'Thời gian' if vi else 'Times'}: {steps}", style="dim")
    _print_status_summary(out, home, language)


def _print_intake(out: Console, summary: "IntakeSummary", language: Language) -> None:
    if language == "vi":
        out.print(
            f"Tiếp nhận: {summary.landed} tệp mới, {summary.rejected} tệp bị từ chối, "
            f"{summary.known} tệp đã có; {summary.rows_read:,} dòng đọc, "
            f"{summary.rows_quarantined:,} dòng cách ly."
        )
    else:
        out.print(
            f"Intake: {summary.landed} new files, {summary.rejected} rejected, {summary.known} known; "
            f"{summary.rows_read:,} rows read, {summary.rows_quarantined:,} quarantined."
        )
    for problem in summary.problems[:SHOWN_PROBLEMS]:
        out.print(f"  • {escape(problem.text(language))}", style="yellow")
    hidden = len(summary.problems) - SHOWN_PROBLEMS
    if hidden > 0:
        out.print(f"  … {hidden}", style="yellow")


def _print_checks(out: Console, outcome: "Outcome", language: Language) -> None:
    failed = [result for result in outcome.checks if not result.is_passed]
    passed = len(outcome.checks) - len(failed)
    vi = language == "vi"
    out.print(
        f"Kiểm tra: {passed} đạt, {len(failed)} cảnh báo."
        if vi
        else f"Checks: {passed} passed, {len(failed)} warnings."
    )
    for result in failed[:SHOWN_PROBLEMS]:
        text = result.description_vi if vi else result.description_en
        out.print(f"  • {result.check_id} {escape(text)} ({escape(result.observed)})", style="yellow")


def _print_status_summary(out: Console, home: Home, language: Language) -> None:
    from tiendo.publish.release import current_release
    from tiendo.report.status import read_status

    path = current_release(home)
    if path is not None:
        found = read_status(path, language)
        print_colours(out, found, language)


def print_receipts(
    receipts: Sequence["Receipt"], refused: Sequence[TiendoError], language: Language, as_json: bool
) -> None:
    """A receipt for each file submitted, fit to be printed on paper."""
    if as_json:
        print_json(
            {
                "receipts": [_receipt_record(receipt, language) for receipt in receipts],
                "refused": [{"code": error.code, "message": error.text(language)} for error in refused],
            }
        )
        return
    out = console()
    for receipt in receipts:
        _print_receipt(out, receipt, language)
    for error in refused:
        sys.stderr.write(error.text(language) + "\n")


def _receipt_record(receipt: "Receipt", language: Language) -> dict[str, Any]:
    record = dict(vars(receipt))
    record["rejection"] = receipt.rejection.text(language) if receipt.rejection else None
    record["received_at"] = receipt.received_at.isoformat()
    return record


def _print_receipt(out: Console, receipt: "Receipt", language: Language) -> None:
    vi = language == "vi"
    words = {
        "landed": ("Đã tiếp nhận", "Landed"),
        "unchanged": ("Không đổi so với bản đang dùng", "Unchanged"),
        "rejected": ("Bị từ chối", "Rejected"),
    }[receipt.status]
    out.print(f"[bold]{'GIẤY BIÊN NHẬN' if vi else 'RECEIPT'}[/bold]  {receipt.submission_id}")
    received = receipt.received_at.astimezone(TIMEZONE)
    lines = (
        ("Kết quả" if vi else "Outcome", words[0 if vi else 1]),
        ("Biểu mẫu" if vi else "Form", f"{receipt.number} {receipt.form}".strip()),
        ("Đơn vị, kỳ" if vi else "Unit, period", f"{receipt.org_code}, {receipt.period}"),
        ("Nhận lúc" if vi else "Received at", f"{received:%d/%m/%Y %H:%M:%S}"),
        ("Lưu tại" if vi else "Stored at", receipt.raw_path),
        ("SHA-256", receipt.sha256),
    )
    for label, text in lines:
        out.print(f"  {label}: {escape(str(text))}")
    counted = (
        (receipt.rows_read, "đọc", "read"),
        (receipt.rows_loaded, "nạp", "loaded"),
        (receipt.rows_unchanged, "không đổi", "unchanged"),
        (receipt.rows_superseded, "đã bị thay", "superseded"),
        (receipt.rows_quarantined, "cách ly", "quarantined"),
    )
    rows = ", ".join(f"{number:,} {word_vi if vi else word_en}" for number, word_vi, word_en in counted)
    out.print(f"  {'Số dòng' if vi else 'Rows'}: {rows}")
    if receipt.rejection is not None:
        out.print(f"  [red]{escape(receipt.rejection.text(language))}[/red]")
    for problem in receipt.problems[:SHOWN_PROBLEMS]:
        sheet = f"{problem['sheet']}, " if problem["sheet"] else ""
        where = f"{sheet}{'dòng' if vi else 'row'} {problem['row_number']}, {problem['column_label'] or '-'}"
        message = problem["message_vi"] if vi else problem["message_en"]
        out.print(f"  • {problem['rule_code']} {escape(where)}: {escape(message)}", style="yellow")
    hidden = len(receipt.problems) - SHOWN_PROBLEMS
    if hidden > 0:
        out.print(f"  … {hidden}", style="yellow")


def print_demo(home: Home, summary: "DemoSummary", language: Language, as_json: bool) -> None:
    """What the demo put into its home."""
    if as_json:
        forms = {form: vars(tally) for form, tally in summary.forms.items()}
        print_json({"home": str(home.root), "forms": forms, "rules": dict(summary.rules)})
        return
    out, vi = console(), language == "vi"
    out.print(
        f"Đã tạo số liệu GIẢ LẬP trong {home.root}." if vi else f"SYNTHETIC figures are in {home.root}.",
        style="bold",
    )
    table = Table(
        "Biểu mẫu" if vi else "Form",
        *(
            ("Tệp nhận", "Không đổi", "Từ chối", "Dòng", "Cách ly")
            if vi
            else ("Landed", "Unchanged", "Rejected", "Rows", "Quarantined")
        ),
    )
    for form, tally in summary.forms.items():
        cells = (tally.landed, tally.unchanged, tally.rejected, tally.rows_read, tally.rows_quarantined)
        table.add_row(form, *(f"{cell:,}" for cell in cells))
    out.print(table)
    moment = f"--as-of {summary.last_month}-31 --known-at 2026-12-31"
    out.print(f"{'Tiếp theo' if vi else 'Next'}: tiendo refresh --home {home.root} {moment}")
