"""How the command line shows what the reader sees in a file."""

from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import console, print_json
from tiendo.desk.wording import row_kind, unit_words
from tiendo.messages import Language

if TYPE_CHECKING:
    from tiendo.desk.inspection import Inspection, SeenColumn, SeenTable


def print_inspection(found: "Inspection", language: Language, as_json: bool) -> None:
    """Format, sheets and tables of a file."""
    if as_json:
        print_json(found.record(language))
        return
    out, vi = console(), language == "vi"
    out.print(f"[bold]{escape(found.file)}[/bold]: {found.format}" + _encoding(found, language))
    for sheet in found.sheets:
        rows, columns = f"{sheet['rows']:,}", f"{sheet['columns']:,}"
        size = f"{rows} dòng, {columns} cột" if vi else f"{rows} rows, {columns} columns"
        hidden = (" (ẩn)" if vi else " (hidden)") if sheet["is_hidden"] else ""
        out.print(f"  {'Trang tính' if vi else 'Sheet'} {escape(sheet['name'] or '-')}{hidden}: {size}")
    for notice in found.notices:
        out.print(f"  ! {escape(notice.text(language))}", style="cyan")
    for table in found.tables:
        _print_table(out, table, language)
    if found.problem is not None:
        out.print(f"[yellow]{escape(found.problem.text(language))}[/yellow]")


def _encoding(found: "Inspection", language: Language) -> str:
    parts = [found.encoding or "", ", ".join(found.legacy)]
    word = "chữ kiểu cũ" if language == "vi" else "legacy text"
    return "".join([f", {parts[0]}" if parts[0] else "", f", {word}: {parts[1]}" if parts[1] else ""])


def _print_table(out: Console, table: "SeenTable", language: Language) -> None:
    vi = language == "vi"
    name = escape(table.sheet or "-")
    out.print(
        f"\n[bold]{'Bảng ở trang tính' if vi else 'Table in sheet'} {name}[/bold]: {_form(table, language)}"
    )
    for title in table.titles:
        out.print(f"  │ {escape(title)}", style="dim")
    said = (
        ("Kỳ" if vi else "Period", table.period),
        ("Đơn vị" if vi else "Place", table.org_code),
        ("Đơn vị tính" if vi else "Unit of amounts", table.unit),
    )
    told = ", ".join(f"{label}: {text}" for label, text in said if text)
    if told:
        out.print(f"  {escape(told)}")
    out.print(f"  {_rows(table, language)}")
    columns = Table()
    for heading in ("Cột", "Tiêu đề", "Nhận ra là") if vi else ("Column", "Header", "Recognised as"):
        columns.add_column(heading, overflow="fold")
    for column in table.columns:
        columns.add_row(column.letter, escape(" / ".join(column.header)), _recognised(column, language))
    out.print(columns)


def _form(table: "SeenTable", language: Language) -> str:
    vi = language == "vi"
    if table.form is None:
        return "không giống biểu nào" if vi else "like no form"
    if table.is_recognised:
        return table.form
    missing = ", ".join(f"“{label}”" for label in table.missing)
    if not missing:
        unlike = "số hiệu phía trên bảng là của biểu khác" if vi else "its title is that of another form"
        return f"{'gần nhất' if vi else 'closest'} {table.form}, {unlike}"
    return f"gần nhất {table.form}, thiếu {missing}" if vi else f"closest {table.form}, lacks {missing}"


def _rows(table: "SeenTable", language: Language) -> str:
    vi = language == "vi"
    first, last = table.header_rows
    header = f"{first}-{last}" if last > first else str(first)
    parts = [] if last == 0 else [f"{'tiêu đề ở dòng' if vi else 'header in row'} {header}"]
    parts.append(f"{table.records:,} {'dòng số liệu' if vi else 'records'}")
    if table.first_row is not None:
        parts[-1] += f" ({table.first_row}-{table.last_row})"
    parts += [f"{count} {row_kind(kind, language)}" for kind, count in table.left_out.items()]
    return "; ".join(parts)


def _recognised(column: "SeenColumn", language: Language) -> str:
    if column.column:
        return column.column + (f" ({unit_words(column.unit)})" if column.unit else "")
    if column.proposal:
        return f"? {column.proposal}" + (" (có phải?)" if language == "vi" else " (meant?)")
    return ""
