"""How the command line shows what was published: statuses, releases, query results, diagnoses."""

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import COLOURS, console, print_json
from tiendo.messages import Language
from tiendo.settings import TIMEZONE

if TYPE_CHECKING:
    import polars as pl

    from tiendo.doctor import Diagnosis
    from tiendo.report.status import Status


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


def print_colours(out: Console, counted: list[dict[str, Any]], language: Language) -> None:
    """Indicators by place and by the colour leaders speak of, from the counts of `Status`."""
    vi = language == "vi"
    words = {"green": "xanh", "yellow": "vàng", "red": "đỏ", "grey": "xám"}
    table = Table(title="Số chỉ tiêu theo màu" if vi else "Indicators by colour")
    table.add_column("Đơn vị" if vi else "Place")
    for colour, word in words.items():
        table.add_column(word if vi else colour, justify="right", style=COLOURS[colour])
    counts: Counter[tuple[str, str]] = Counter()
    for row in counted:
        counts[row["org_name_vi"], row["colour"]] += row["indicators"]
    for name in dict.fromkeys(row["org_name_vi"] for row in counted):
        table.add_row(name, *(str(counts[name, colour] or "·") for colour in words))
    if counted:
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


def print_frame(frame: "pl.DataFrame") -> None:
    """A query result as a table."""
    table = Table()
    for name, dtype in frame.schema.items():
        table.add_column(name, justify="right" if dtype.is_numeric() else "left")
    for row in frame.iter_rows():
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console().print(table)


def print_diagnoses(diagnoses: Iterable["Diagnosis"], language: Language, as_json: bool) -> None:
    """What the doctor found, and below each finding what to do."""
    told = [
        (each.name, each.level, each.vi, each.advice_vi)
        if language == "vi"
        else (each.name, each.level, each.en, each.advice_en)
        for each in diagnoses
    ]
    if as_json:
        print_json([dict(zip(("name", "level", "message", "advice"), each, strict=True)) for each in told])
        return
    out = console()
    marks = {"ok": "[green]✓[/green]", "note": "i", "warning": "[yellow]![/yellow]", "error": "[red]✗[/red]"}
    for _, level, message, advice in told:
        out.print(f"{marks[level]} {escape(message)}", soft_wrap=True)
        if advice:
            out.print(f"  → {escape(advice)}", soft_wrap=True)  # A command is copied whole.
