"""How the command line prints: Vietnamese first, English on request, JSON where a program asks."""

import json
import sys
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.messages import Language, TiendoError
from tiendo.settings import TIMEZONE, Home

if TYPE_CHECKING:
    import polars as pl

    from tiendo.demo import DemoSummary
    from tiendo.doctor import Diagnosis
    from tiendo.intake.receipts import IntakeSummary, Receipt
    from tiendo.pipeline import Outcome
    from tiendo.publish.release import ReleaseInfo
    from tiendo.report.status import Status

# A pipe has no width; lines wrapped at 80 would break tables that a person later reads in an editor.
WIDTH_WITHOUT_TERMINAL = 140
COLOURS = {"green": "green", "yellow": "yellow", "red": "red", "grey": "dim"}
SHOWN_PROBLEMS = 20


def console() -> Console:
    """Standard output, plain and wide enough where it is no terminal."""
    return Console(
        file=sys.stdout, width=None if sys.stdout.isatty() else WIDTH_WITHOUT_TERMINAL, highlight=False
    )


def say(language: Language, vi: str, en: str) -> None:
    """One line of progress on standard error."""
    sys.stderr.write((vi if language == "vi" else en) + "\n")


@contextmanager
def progress_bar() -> Generator[Callable[[int, int], None]]:
    """A bar on standard error for long work; silent where that is no terminal."""
    from rich.progress import Progress

    with Progress(console=Console(stderr=True), disable=not sys.stderr.isatty(), transient=True) as progress:
        task = progress.add_task("", total=None)
        yield lambda done, total: progress.update(task, completed=done, total=total)


def print_json(content: Any) -> None:
    """Prints a result for programs."""
    sys.stdout.write(json.dumps(content, ensure_ascii=False, indent=1, default=str) + "\n")


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
        _print_colours(out, found, language)


def print_status(manifest: Mapping[str, Any], found: "Status", language: Language, as_json: bool) -> None:
    """What stands where, as tables."""
    if as_json:
        print_json({"release_id": manifest["release_id"], "as_of": manifest["as_of"], **vars(found)})
        return
    out, vi = console(), language == "vi"
    head = "Bản phát hành" if vi else "Release"
    day = "số liệu tính đến" if vi else "as of"
    out.print(f"{head} {manifest['release_id']}, {day} {manifest['as_of']}")
    if manifest["is_synthetic"]:
        out.print("SỐ LIỆU GIẢ LẬP" if vi else "SYNTHETIC FIGURES", style="bold red")
    _print_counts(out, found, language)
    _print_worst(out, found, language)
    _print_freshness(out, found, language)
    if found.not_yet_due:
        out.print(
            f"{found.not_yet_due} dòng mục tiêu chưa có kỳ nào kết thúc nên chưa hiện ở trên."
            if vi
            else f"{found.not_yet_due} target rows have no period that has ended, and are not shown above.",
            style="dim",
        )


def _print_colours(out: Console, found: "Status", language: Language) -> None:
    """Indicators by place and by the colour leaders speak of."""
    vi = language == "vi"
    words = {"green": "xanh", "yellow": "vàng", "red": "đỏ", "grey": "xám"}
    table = Table(title="Số chỉ tiêu theo màu" if vi else "Indicators by colour")
    table.add_column("Đơn vị" if vi else "Place")
    for colour, word in words.items():
        table.add_column(word if vi else colour, justify="right", style=COLOURS[colour])
    counts: Counter[tuple[str, str]] = Counter()
    for row in found.counts:
        counts[row["org_name_vi"], row["colour"]] += row["indicators"]
    for name in dict.fromkeys(row["org_name_vi"] for row in found.counts):
        table.add_row(name, *(str(counts[name, colour] or "·") for colour in words))
    if found.counts:
        out.print(table)


def _print_counts(out: Console, found: "Status", language: Language) -> None:
    """Indicators by place, theme and status: one table per place, since fourteen statuses are wide."""
    vi = language == "vi"
    for name in dict.fromkeys(row["org_name_vi"] for row in found.counts):
        of_place = [row for row in found.counts if row["org_name_vi"] == name]
        statuses = [status for status in found.labels if any(row["status"] == status for row in of_place)]
        table = Table(title=name, title_justify="left")
        table.add_column("Lĩnh vực" if vi else "Theme")
        for status in statuses:
            table.add_column(found.labels[status], justify="right")
        heading = "theme_vi" if vi else "theme_en"
        counts = Counter({(row[heading], row["status"]): row["indicators"] for row in of_place})
        for theme in dict.fromkeys(row[heading] for row in of_place):
            table.add_row(theme, *(str(counts[theme, status] or "·") for status in statuses))
        totals = [
            sum(row["indicators"] for row in of_place if row["status"] == status) for status in statuses
        ]
        table.add_section()
        table.add_row("Tổng" if vi else "Total", *(str(total) for total in totals))
        out.print(table)
    if not found.counts:
        out.print("Không có chỉ tiêu nào." if vi else "No indicators.")


def _print_worst(out: Console, found: "Status", language: Language) -> None:
    if not found.worst:
        return
    vi = language == "vi"
    table = Table(title="Mười chỉ tiêu chậm nhất" if vi else "Furthest behind", show_lines=True)
    for heading in ("Đơn vị", "Chỉ tiêu", "Kỳ", "Trạng thái", "Lý do") if vi else (
        "Place", "Indicator", "Period", "Status", "Reason"
    ):  # fmt: skip
        table.add_column(heading)
    for row in found.worst:
        reason = row["status_reason"] if vi else row["status_reason_en"]
        label = found.labels[row["status"]]
        colour = COLOURS[row["colour"]]
        cells = (row["org_name_vi"], row["indicator_name_vi"], row["period"], f"[{colour}]{label}[/]")
        table.add_row(*cells, escape(reason))
    out.print(table)


def _print_freshness(out: Console, found: "Status", language: Language) -> None:
    from tiendo.intake.contracts import load_contracts

    vi = language == "vi"
    table = Table(title="Độ mới của số liệu" if vi else "Freshness")
    for heading in ("Biểu mẫu", "Số tệp", "Kỳ mới nhất", "Nhận gần nhất", "Dòng cách ly") if vi else (
        "Form", "Files", "Newest period", "Last received", "Rows quarantined"
    ):  # fmt: skip
        table.add_column(heading)
    titles = {
        form: contract.title_vi if vi else contract.title_en for form, contract in load_contracts().items()
    }
    for row in found.freshness:
        received = (
            datetime.fromisoformat(str(row["last_received_at"])).replace(tzinfo=UTC).astimezone(TIMEZONE)
        )
        title = titles.get(row["form"], row["form"])
        cells = (title, row["files"], row["newest_period"] or "", f"{received:%d/%m/%Y %H:%M}")
        table.add_row(*(str(cell) for cell in cells), str(row["rows_quarantined"]))
    if found.freshness:
        out.print(table)


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


def print_frame(frame: "pl.DataFrame") -> None:
    """A query result as a table."""
    table = Table()
    for name, dtype in frame.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left")
    for row in frame.iter_rows():
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console().print(table)


def print_releases(releases: Iterable["ReleaseInfo"], language: Language, as_json: bool) -> None:
    """The releases of a home."""
    listed = list(releases)
    if as_json:
        print_json([vars(release) for release in listed])
        return
    vi = language == "vi"
    table = Table()
    for heading in ("Bản phát hành", "Tính đến", "Biết đến", "Số dòng", "Hiện hành") if vi else (
        "Release", "As of", "Known at", "Rows", "Current"
    ):  # fmt: skip
        table.add_column(heading)
    for release in listed:
        known = f"{release.known_at.astimezone(TIMEZONE):%Y-%m-%d %H:%M}" if release.known_at else "?"
        rows = "?" if release.rows is None else f"{release.rows:,}"
        table.add_row(release.release_id, str(release.as_of), known, rows, "✓" if release.is_current else "")
    console().print(table)


def print_release(manifest: Mapping[str, Any], language: Language, as_json: bool) -> None:
    """One release."""
    if as_json:
        print_json(manifest)
        return
    out, vi = console(), language == "vi"
    facts = (
        ("Bản phát hành" if vi else "Release", manifest["release_id"]),
        ("Tính đến" if vi else "As of", manifest["as_of"]),
        ("Biết đến" if vi else "Known at", manifest["known_at"]),
        ("Phiên bản chương trình" if vi else "Code version", manifest["code_version"]),
        ("Ấn bản" if vi else "Edition", manifest["edition"]),
        ("Số lần nộp" if vi else "Submissions", len(manifest["inputs"])),
    )
    for label, fact in facts:
        out.print(f"{label}: {fact}")
    table = Table("Bảng" if vi else "Table", "Số dòng" if vi else "Rows")
    for name, count in sorted(manifest["row_counts"].items()):
        table.add_row(name, f"{count:,}")
    out.print(table)


def print_diagnoses(diagnoses: Iterable["Diagnosis"], language: Language, as_json: bool) -> None:
    """What the doctor found."""
    listed = list(diagnoses)
    if as_json:
        print_json([vars(diagnosis) for diagnosis in listed])
        return
    out = console()
    marks = {"ok": "[green]✓[/green]", "warning": "[yellow]![/yellow]", "error": "[red]✗[/red]"}
    for diagnosis in listed:
        text = diagnosis.vi if language == "vi" else diagnosis.en
        advice = diagnosis.advice_vi if language == "vi" else diagnosis.advice_en
        out.print(f"{marks[diagnosis.level]} {escape(text)}" + (f" → {escape(advice)}" if advice else ""))
