"""Writes what senders send: workbooks, CSV and Parquet files, the same bytes for the same figures.

Nothing here reads the clock: a workbook's creation date is fixed, a CSV starts with the mark Excel adds.
"""

import io
from datetime import date, datetime
from typing import Any

import polars as pl
import xlsxwriter  # pyright: ignore[reportMissingTypeStubs]

from tiendo.demo.spelling import Manner, spell

# xlsxwriter stamps the present moment into a workbook unless told otherwise.
WORKBOOK_CREATED = datetime(2025, 11, 1)
TITLE = "DỮ LIỆU MÔ PHỎNG - KHÔNG PHẢI SỐ LIỆU THẬT"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"


def workbook(frame: pl.DataFrame, form: str, manner: Manner, sheet: str = "Biểu") -> bytes:
    """A workbook with one sheet: headers in row 1, one row per row of canonical figures."""
    return raw_workbook(spell(frame, form, manner), sheet)


def raw_workbook(frame: pl.DataFrame, sheet: str = "Biểu") -> bytes:
    """A workbook with the frame's own headers and values."""
    target = io.BytesIO()
    book: Any = xlsxwriter.Workbook(target, {"in_memory": True, "strings_to_formulas": False})
    book.set_properties({"title": TITLE, "created": WORKBOOK_CREATED})
    formats = {
        date: book.add_format({"num_format": "dd/mm/yyyy"}),
        datetime: book.add_format({"num_format": "dd/mm/yyyy hh:mm"}),
    }
    page = book.add_worksheet(sheet)
    page.write_row(0, 0, frame.columns, book.add_format({"bold": True, "text_wrap": True}))
    for column, name in enumerate(frame.columns):
        _write_column(page, column, frame[name].to_list(), formats)
    book.close()
    return target.getvalue()


def _write_column(page: Any, column: int, values: list[Any], formats: dict[type, Any]) -> None:
    for row, value in enumerate(values, start=1):
        if value is None:
            continue
        if isinstance(value, str):
            page.write_string(row, column, value)
        elif isinstance(value, date):
            page.write_datetime(row, column, value, formats[type(value)])
        else:
            page.write_number(row, column, value)


def csv(frame: pl.DataFrame, form: str, manner: Manner) -> bytes:
    """A comma-separated file in UTF-8 with the byte order mark that Excel writes."""
    return raw_csv(spell(frame, form, manner))


def raw_csv(frame: pl.DataFrame) -> bytes:
    """The same with the frame's own headers and values."""
    return BYTE_ORDER_MARK + frame.write_csv().encode()


def parquet(frame: pl.DataFrame, form: str) -> bytes:
    """A Parquet file with typed columns and the form's Vietnamese headers, as a system exports it."""
    target = io.BytesIO()
    spell(frame, form, Manner(yes_no=None)).write_parquet(target, compression="zstd", statistics=True)
    return target.getvalue()
