"""Opens a received file by what it is, not by its name, and gives its tables with true row numbers.

A further format is one more entry of `FORMATS`: how to recognise it and how to read it.
"""

import csv
import io
import zipfile
from collections.abc import Callable, Generator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any, cast

import polars as pl
import pyarrow.parquet as pq  # pyright: ignore[reportMissingTypeStubs]
from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tiendo.intake.guards import MAX_UNPACKED_BYTES, check_shape, check_size, check_workbook, too_large
from tiendo.intake.problems import Cell, cell_text
from tiendo.messages import Place, TiendoError
from tiendo.settings import TIMEZONE

_BATCH = 50_000
_PLAIN = (pl.String, pl.Boolean, pl.Date, pl.Decimal, pl.Null)


@dataclass(frozen=True)
class Table:
    """One table of a file: a header row and the rows below it that hold anything.

    Attributes:
        sheet: Name of the sheet, None for files without sheets.
        headers: The header cells as text; an empty one is ''.
        columns: One per header, all of one length: text columns as series, mixed cells as lists.
        row_numbers: For each row its number as Excel counts it, from 1. Blank rows are not in the table but
            are counted. In Parquet, which has no header row, the first record is row 1.
        is_hidden: Whether the sheet is hidden.
    """

    sheet: str | None
    headers: tuple[str, ...]
    columns: tuple[pl.Series | list[Cell], ...]
    row_numbers: pl.Series
    is_hidden: bool = False

    @property
    def first_row(self) -> int | None:
        """Number of the first data row, None where there is none."""
        return cast("int", self.row_numbers[0]) if len(self.row_numbers) else None


@dataclass(frozen=True)
class Format:
    """A file format: its name, how the first bytes tell it, how it is read."""

    name: str
    recognises: Callable[[Path, bytes], bool]
    read: Callable[[Path], list[Table]]


def read_tables(path: Path) -> list[Table]:
    """The tables of a file, one per sheet that has a header.

    Raises:
        TiendoError: TD-101 unreadable, TD-103 empty, TD-109 a format or encoding not supported, TD-111 over a
            limit of size.
    """
    check_size(path)
    with path.open("rb") as file:
        head = file.read(8)
    if not head:
        raise _empty(path)
    found = next((format_ for format_ in FORMATS if format_.recognises(path, head)), None)
    if found is None:
        raise _unsupported(path)
    with _reading(path):
        tables = found.read(path)
    if not tables:
        raise _empty(path)
    return tables


@contextmanager
def _reading(path: Path) -> Generator[None]:
    """Turns whatever a library says about a damaged file into TD-101."""
    try:
        yield
    except (CalamineError, zipfile.BadZipFile, pl.exceptions.PolarsError, OSError, ValueError) as error:
        raise _damaged(path, error) from error
    except (KeyError, NotImplementedError, RuntimeError, csv.Error) as error:
        raise _damaged(path, error) from error
    except BaseException as error:
        # A panic inside a Rust reader is no Exception; it too only means that the file is damaged.
        if type(error).__name__ != "PanicException":
            raise
        raise _damaged(path, error) from error


def unreadable(path: Path, reason_vi: str, reason_en: str, row: int | None = None) -> TiendoError:
    """TD-101: the file cannot be read, and why."""
    return TiendoError(
        "TD-101",
        f"Không đọc được tệp: {reason_vi}.",
        f"The file cannot be read: {reason_en}.",
        "Hãy mở tệp, lưu lại dạng .xlsx hoặc .csv (UTF-8) rồi nộp lại.",
        "Open it, save it as .xlsx or .csv (UTF-8) and submit again.",
        Place(file=path.name, row=row),
    )


def _damaged(path: Path, error: BaseException) -> TiendoError:
    if "~$" in path.name:
        return unreadable(
            path,
            "đây là tệp khóa mà Excel tạo ra trong lúc mở, không phải tệp số liệu",
            "this is the lock file Excel keeps while a workbook is open, not the workbook",
        )
    detail = " ".join(str(error).split())[:120] if isinstance(error, Exception) else "damaged"
    return unreadable(
        path,
        f"tệp bị hỏng, có mật khẩu hoặc không đúng định dạng của phần mở rộng (chi tiết: {detail})",
        f"it is damaged, has a password or is not what its extension says (detail: {detail})",
    )


def _empty(path: Path) -> TiendoError:
    return TiendoError(
        "TD-103",
        "Tệp trống: không có dòng tiêu đề cột.",
        "The file is empty: there is no header row.",
        "Hãy dùng biểu mẫu có dòng tiêu đề rồi nộp lại.",
        "Use the form with its header row and submit again.",
        Place(file=path.name),
    )


def _unsupported(path: Path, reason_vi: str = "", reason_en: str = "") -> TiendoError:
    return TiendoError(
        "TD-109",
        f"Chưa hỗ trợ định dạng của tệp{reason_vi}.",
        f"The format of the file is not supported{reason_en}.",
        "Hãy lưu thành .xlsx, .csv (UTF-8) hoặc .parquet rồi nộp lại.",
        "Save it as .xlsx, .csv (UTF-8) or .parquet and submit again.",
        Place(file=path.name),
    )


def _is_workbook(path: Path, head: bytes) -> bool:
    if not head.startswith(b"PK"):
        # A name that promises a workbook is believed as far as the message goes: damaged, not unsupported.
        return path.suffix.lower() in {".xlsx", ".xlsm"} and not head.startswith(_OLE)
    try:
        with zipfile.ZipFile(path) as archive:
            return "xl/workbook.xml" in archive.namelist()
    except (zipfile.BadZipFile, OSError, ValueError):
        return path.suffix.lower() in {".xlsx", ".xlsm"}


_OLE = b"\xd0\xcf\x11\xe0"
_BINARY = (_OLE, b"PK", b"%PDF", b"{\\rtf", b"\x1f\x8b", b"Rar!", b"7z\xbc\xaf", b"\x89PNG", b"\xff\xd8\xff")


def _is_delimited(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in {".csv", ".tsv", ".txt"} and not head.startswith(_BINARY)


def _is_parquet(path: Path, head: bytes) -> bool:
    return head.startswith(b"PAR1") or path.suffix.lower() == ".parquet"


def _read_workbook(path: Path) -> list[Table]:
    check_workbook(path)
    # From bytes, since a path would be believed by its extension ('.xls' on a modern workbook is common).
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(path.read_bytes()))
    tables: list[Table] = []
    for metadata in workbook.sheets_metadata:
        if metadata.typ != SheetTypeEnum.WorkSheet:
            continue
        sheet = workbook.get_sheet_by_name(metadata.name)
        check_shape(path, sheet.total_height, sheet.total_width)
        rows = cast("list[list[Cell]]", sheet.to_python(skip_empty_area=False))
        hidden = metadata.visible != SheetVisibleEnum.Visible
        if (table := _mixed_table(metadata.name, rows, hidden)) is not None:
            tables.append(table)
    return tables


def _mixed_table(sheet: str, rows: Sequence[Sequence[Cell]], hidden: bool) -> Table | None:
    """The first row that holds anything is the header, the rows below it that do are the data."""
    filled = [number for number, row in enumerate(rows, 1) if not _is_blank(row)]
    if not filled:
        return None
    header, *data = filled
    headers = tuple((cell_text(cell) or "").strip() for cell in rows[header - 1])
    transposed = zip(*(rows[number - 1] for number in data), strict=True)
    columns = [list(column) for column in transposed] or [[] for _ in headers]
    return Table(sheet, headers, tuple(columns), pl.Series(data, dtype=pl.Int64), hidden)


def _is_blank(row: Sequence[Cell]) -> bool:
    return all(cell is None or (isinstance(cell, str) and not cell.strip()) for cell in row)


def _read_delimited(path: Path) -> list[Table]:
    text = _decode(path)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    records = enumerate(reader, 1)
    headers = next((record for _, record in records if not _is_blank(record)), None)
    if headers is None:
        return []
    batches: list[pl.DataFrame] = []
    schema = {str(i): pl.String for i in range(len(headers))} | {"row": pl.Int64}
    total = 0
    while batch := list(islice(records, _BATCH)):
        rows = [(*_squared(path, number, r, len(headers)), number) for number, r in batch if not _is_blank(r)]
        total += len(rows)
        check_shape(path, total, len(headers))
        batches.append(pl.DataFrame(rows, schema=schema, orient="row"))
    frame = pl.concat(batches) if batches else pl.DataFrame(schema=schema)
    *columns, numbers = frame.get_columns()
    return [Table(None, tuple(header.strip() for header in headers), tuple(columns), numbers)]


def _squared(path: Path, number: int, record: list[str], width: int) -> list[str]:
    """The record, less empty fields beyond the header; any other width means that columns have shifted."""
    if len(record) == width:
        return record
    if len(record) > width and _is_blank(record[width:]):
        return record[:width]
    raise unreadable(
        path,
        f"dòng có {len(record)} cột, dòng tiêu đề có {width} cột",
        f"the row has {len(record)} fields, the header has {width}",
        number,
    )


def _decode(path: Path) -> str:
    raw = path.read_bytes()
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        encoding = "utf-16"
    elif b"\x00" in raw[:2048]:
        # Without a mark, the zero bytes of Latin letters tell the order of bytes.
        encoding = "utf-16-le" if raw[1:2] == b"\x00" else "utf-16-be"
    else:
        encoding = "utf-8-sig"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise _unsupported(path, ": không phải mã UTF-8 hay UTF-16", ": neither UTF-8 nor UTF-16") from error


def _delimiter(text: str) -> str:
    """The separator that the first non-empty line holds most often, outside quotes."""
    line = next((line for line in text.splitlines() if line.strip()), "")
    outside = "".join(line.split('"')[::2])
    return max((",", ";", "\t"), key=outside.count)


def _read_parquet(path: Path) -> list[Table]:
    # The footer is read first: a forged one may promise billions of rows.
    footer = cast("Any", pq.read_metadata(path))  # pyright: ignore[reportUnknownMemberType]
    check_shape(path, footer.num_rows, footer.num_columns)
    if sum(footer.row_group(i).total_byte_size for i in range(footer.num_row_groups)) > MAX_UNPACKED_BYTES:
        raise too_large(path, "giải nén ra trên 1 GiB", "unpacks to more than 1 GiB")
    frame = pl.read_parquet(path, glob=False)
    if not frame.width:
        return []
    columns = [_plain_series(column) for column in frame.get_columns()]
    rows = pl.int_range(1, frame.height + 1, eager=True, dtype=pl.Int64)
    filled = pl.DataFrame([c.alias(str(i)) for i, c in enumerate(columns)]).select(
        pl.any_horizontal(pl.all().is_not_null()).alias("any")
    )["any"]
    return [
        Table(
            None,
            tuple(name.strip() for name in frame.columns),
            tuple(column.filter(filled) for column in columns),
            rows.filter(filled),
        )
    ]


def _plain_series(column: pl.Series) -> pl.Series:
    """The column in a type whose cells `parse_cell` knows; moments with a zone become local time."""
    dtype = column.dtype
    if dtype.is_numeric() or isinstance(dtype, _PLAIN):
        return column
    if isinstance(dtype, pl.Datetime):
        local = column.dt.convert_time_zone(str(TIMEZONE)) if dtype.time_zone else column
        return local.dt.replace_time_zone(None)
    if isinstance(dtype, pl.Categorical | pl.Enum):
        return column.cast(pl.String)
    texts = [None if value is None else str(value) for value in column.to_list()]
    return pl.Series(column.name, texts, dtype=pl.String)


FORMATS: list[Format] = [
    Format("xlsx", _is_workbook, _read_workbook),
    Format("parquet", _is_parquet, _read_parquet),
    Format("csv", _is_delimited, _read_delimited),
]
