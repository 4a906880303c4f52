"""The data dictionary of a release as a workbook, to filter and to copy from.

Its moment of creation is the day of the release, so that equal releases give equal bytes.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, time
from io import BytesIO
from typing import Any

from tiendo.publish.catalogue import CuratedTable
from tiendo.publish.dictionary_words import TYPE_WORDS, key_words, row_words
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.units import UNITS

Row = Sequence[str | int]
# Points, for Calibri 11.
LINE_HEIGHT = 15
TABLES = (
    ("Bảng / Table", 26), ("Tên / Label (vi)", 34), ("Label (en)", 30), ("Số dòng / Rows", 12),
    ("Mỗi dòng là một / One row per", 44), ("Cột khóa / Grain", 44), ("Tra cứu / Look-ups", 52),
    ("Description", 70),
)  # fmt: skip
COLUMNS = (
    ("Bảng / Table", 26), ("Cột / Column", 28), ("Tên / Label (vi)", 32), ("Label (en)", 28),
    ("Kiểu / Type", 24), ("Đơn vị / Unit (vi)", 22), ("Unit (en)", 22), ("Khóa / Key", 10),
    ("Bắt buộc / Required", 12), ("Giá trị cho phép / Allowed values", 44), ("Description", 80),
)  # fmt: skip
LISTS = (("Bảng / Table", 26), ("Cột / Column", 28), ("Tên / Label (vi)", 32), ("Giá trị / Value", 34))


def build_dictionary_workbook(
    tables: Sequence[CuratedTable], rows: Mapping[str, int], inputs: ReleaseInputs
) -> bytes:
    """The workbook (.xlsx) with sheets of tables, columns and closed lists.

    Args:
        tables: Published tables.
        rows: Rows per table.
        inputs: What went into the release.
    """
    import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

    ordered = sorted(tables, key=lambda table: table.name)
    # Cells that look like formulas or addresses are text and nothing else.
    options = {"strings_to_formulas": False, "strings_to_urls": False, "in_memory": True}
    content = BytesIO()
    book: Any = xlsxwriter.Workbook(content, options)
    with book as workbook:
        workbook.set_properties(
            {
                "title": f"Từ điển dữ liệu {inputs.release_id}",
                "subject": "Dữ liệu giả lập / Synthetic data" if inputs.is_synthetic else "",
                "created": datetime.combine(inputs.as_of, time()),
            }
        )
        _sheet(workbook, "Bảng", TABLES, (_table(table, rows[table.name]) for table in ordered))
        _sheet(workbook, "Cột", COLUMNS, (row for table in ordered for row in _columns(table)))
        _sheet(workbook, "Danh mục giá trị", LISTS, (row for table in ordered for row in _values(table)))
    return content.getvalue()


def _sheet(workbook: Any, name: str, header: Sequence[tuple[str, int]], rows: Iterable[Row]) -> None:
    bold = workbook.add_format({"bold": True, "bg_color": "#F3F5F7", "text_wrap": True, "valign": "top"})
    wrapped = workbook.add_format({"text_wrap": True, "valign": "top"})
    sheet = workbook.add_worksheet(name)
    for number, (title, width) in enumerate(header):
        sheet.set_column(number, number, width)
        sheet.write_string(0, number, title, bold)
    sheet.set_row(0, 2 * LINE_HEIGHT)
    last = 0
    for last, row in enumerate(rows, start=1):
        for number, value in enumerate(row):
            sheet.write(last, number, value, wrapped)
        # Excel fits rows when it opens a file, other programs do not.
        lines = max(-(-len(str(value)) // width) for value, (_, width) in zip(row, header, strict=True))
        sheet.set_row(last, LINE_HEIGHT * max(lines, 1))
    sheet.freeze_panes(1, 2)
    sheet.autofilter(0, 0, last, len(header) - 1)
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)


def _table(table: CuratedTable, rows: int) -> Row:
    return (
        table.name,
        table.label_vi or "",
        table.label_en or "",
        rows,
        row_words(table),
        ", ".join(table.grain),
        "; ".join(key_words(key) for key in table.foreign_keys),
        table.description,
    )


def _columns(table: CuratedTable) -> Iterable[Row]:
    for column in table.columns:
        unit = column.unit or ""
        unit_vi, unit_en = UNITS.get(unit, (unit, unit))
        yield (
            table.name,
            column.name,
            column.label_vi,
            column.label_en,
            " / ".join(TYPE_WORDS[column.data_type]),
            unit_vi,
            unit_en,
            "x" if column.name in table.grain else "",
            "x" if column.is_required else "",
            ", ".join(column.allowed_values),
            column.description,
        )


def _values(table: CuratedTable) -> Iterable[Row]:
    for column in table.columns:
        for value in column.allowed_values:
            yield (table.name, column.name, column.label_vi, value)
