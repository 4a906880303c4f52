"""Stops a file that would exhaust memory or disk before any reader opens it.

A zip archive of a few kilobytes can unfold to terabytes, and one far cell makes a sheet of billions of cells.
"""

import re
import zipfile
from pathlib import Path

from tiendo.messages import Place, TiendoError

MAX_FILE_BYTES = 200 * 2**20
MAX_ROWS = 2_000_000
MAX_COLUMNS = 256
MAX_UNPACKED_BYTES = 2**30
MAX_ZIP_ENTRIES = 2_000

_CHUNK = 4 * 2**20
_OVERLAP = 64
# Rows from 100000 on and columns from AA on are rare enough in honest files to be looked at one by one.
_FAR_ROW = re.compile(rb"""\sr=["'][A-Z]{0,3}(\d{6,})""")
_FAR_COLUMN = re.compile(rb"""\sr=["']([A-Z]{2,})\d""")


def too_large(path: Path, what_vi: str, what_en: str) -> TiendoError:
    """TD-111: the file is over a limit, which is named."""
    return TiendoError(
        "TD-111",
        f"Tệp vượt giới hạn: {what_vi}.",
        f"The file is over a limit: {what_en}.",
        "Hãy chia thành nhiều tệp nhỏ hơn rồi nộp lại.",
        "Split it into smaller files and submit again.",
        Place(file=path.name),
    )


def check_size(path: Path) -> None:
    """Refuses a file of more than 200 MiB (TD-111)."""
    if path.stat().st_size > MAX_FILE_BYTES:
        raise too_large(path, "dung lượng trên 200 MiB", "more than 200 MiB")


def check_shape(path: Path, rows: int, columns: int) -> None:
    """Refuses a table of more than 2,000,000 rows or 256 columns (TD-111)."""
    if rows > MAX_ROWS:
        raise too_large(path, f"{rows} dòng (tối đa {MAX_ROWS})", f"{rows} rows (at most {MAX_ROWS})")
    if columns > MAX_COLUMNS:
        raise too_large(
            path, f"{columns} cột (tối đa {MAX_COLUMNS})", f"{columns} columns (at most {MAX_COLUMNS})"
        )


def check_workbook(path: Path) -> None:
    """Refuses a workbook archive that unfolds to more than the limits, whatever sizes it declares.

    Reads every part once: the checksum at its end exposes a false size, and cells far out are found without
    building the sheet.

    Raises:
        TiendoError: TD-111 over a limit.
        zipfile.BadZipFile: The archive is damaged or lies about its sizes.
    """
    with zipfile.ZipFile(path) as archive:
        entries = archive.infolist()
        unpacked = sum(entry.file_size for entry in entries)
        if len(entries) > MAX_ZIP_ENTRIES:
            raise too_large(path, "trên 2000 thành phần bên trong", "more than 2000 parts inside")
        if unpacked > MAX_UNPACKED_BYTES:
            raise too_large(path, "giải nén ra trên 1 GiB", "unpacks to more than 1 GiB")
        for entry in entries:
            _check_part(path, archive, entry)


def _check_part(path: Path, archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    is_sheet = entry.filename.startswith("xl/worksheets/") and entry.filename.endswith(".xml")
    tail = b""
    with archive.open(entry) as part:
        while chunk := part.read(_CHUNK):
            if is_sheet:
                _check_cells(path, tail + chunk)
            tail = chunk[-_OVERLAP:]


def _check_cells(path: Path, xml: bytes) -> None:
    if xml[:2] in (b"\xff\xfe", b"\xfe\xff"):
        raise zipfile.BadZipFile("sheet is not UTF-8")
    rows = max((int(row) for row in set(_FAR_ROW.findall(xml))), default=0)
    columns = max((_column_number(letters) for letters in set(_FAR_COLUMN.findall(xml))), default=0)
    check_shape(path, rows, columns)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - ord("A") + 1
    return number
