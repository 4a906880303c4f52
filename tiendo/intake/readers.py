"""Opens a received file by what it is, not by its name, and gives its tables with true row numbers.

A further format is one more entry of `FORMATS`: how to recognise it and how to read it, or why it is refused.
"""

import re
import zipfile
import zlib
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn

import polars as pl
from python_calamine import CalamineError, PasswordError

from tiendo.intake.delimited import dialect_of, read_delimited
from tiendo.intake.excel import WORKBOOK_PART, read_excel
from tiendo.intake.guards import check_size
from tiendo.intake.old_excel import OLE, read_old_excel, streams
from tiendo.intake.open_document import MIME, read_open_document
from tiendo.intake.received import (
    Received,
    damaged,
    dressed_up,
    empty,
    is_lock_name,
    lock_file,
    protected,
    unsupported,
)
from tiendo.intake.records import read_json_lines, read_parquet
from tiendo.intake.tables import Source

_BOOKS = {".xlsx", ".xlsm", ".xls", ".ods", ".xlsb", ".parquet"}
_OLD_BIFF = (
    b"\x09\x00\x04\x00",
    b"\x09\x02\x06\x00",
    b"\x09\x04\x06\x00",
    b"\x09\x08\x08\x00",
    b"\x09\x08\x10\x00",
)
_JSON = {".json", ".jsonl", ".ndjson"}
_MARKUP = re.compile(
    r"\s*<(?:\?xml|!doctype|!--|html|head|meta|title|style|body|table|div|span|p\b|center|font)", re.I
)
_WEB_ARCHIVE = re.compile(r"(?:[\w-]+:.*\r?\n)*MIME-Version:", re.IGNORECASE)
# First bytes -> what it is, in Vietnamese and English.
_ARCHIVE = ("đây là tệp nén, hãy giải nén rồi nộp tệp bên trong", "this is an archive; unpack it first")
_PICTURE = ("đây là ảnh", "this is a picture")
_KNOWN = {
    b"%PDF": ("đây là tệp PDF", "this is a PDF"),
    b"{\\rtf": ("đây là văn bản Word (RTF)", "this is a Word text (RTF)"),
    b"Rar!": _ARCHIVE,
    b"7z\xbc\xaf": _ARCHIVE,
    b"\x1f\x8b": _ARCHIVE,
    b"\x89PNG": _PICTURE,
    b"\xff\xd8\xff": _PICTURE,
    b"GIF8": _PICTURE,
}


@dataclass(frozen=True)
class Format:
    """A file format: its name, how its content tells it, how it is read or refused."""

    name: str
    recognises: Callable[[Received], bool]
    read: Callable[[Received], Source]


def read_source(path: Path) -> Source:
    """A file as read: its tables, one per sheet that has a header, and what the sender should know.

    Raises:
        TiendoError: TD-101 unreadable, TD-103 empty, TD-109 a format or encoding not supported, TD-111 over a
            limit of size, TD-115 a web page or XML export under a workbook's name.
    """
    check_size(path)
    file = Received(path)
    if not file.head:
        raise empty(path)
    with _reading(path):
        found = next((format_ for format_ in FORMATS if format_.recognises(file)), None)
        if found is not None:
            return found.read(file)
    raise damaged(path, "content unknown") if file.suffix in _BOOKS else unsupported(path)


@contextmanager
def _reading(path: Path) -> Generator[None]:
    """Turns whatever a library says about a damaged file into TD-101."""
    try:
        yield
    except PasswordError as error:
        raise protected(path) from error
    except (CalamineError, zipfile.BadZipFile, zlib.error, EOFError, OSError) as error:
        raise damaged(path, error) from error
    except (pl.exceptions.PolarsError, ValueError, LookupError, SyntaxError, RuntimeError) as error:
        # SyntaxError is how Python's XML parser says that XML is not well-formed.
        raise damaged(path, error) from error
    except BaseException as error:
        # A panic inside a Rust reader is no Exception; it too only means that the file is damaged.
        if type(error).__name__ != "PanicException":
            raise
        raise damaged(path, error) from error


def _is_lock_file(file: Received) -> bool:
    return is_lock_name(file.path) and not file.head.startswith((b"PK", OLE))


def _refuse_lock_file(file: Received) -> NoReturn:
    raise lock_file(file.path)


def _is_parquet(file: Received) -> bool:
    return file.head.startswith((b"PAR1", b"PARE"))


def _is_zip(file: Received) -> bool:
    return file.head.startswith(b"PK")


def _is_excel(file: Received) -> bool:
    return WORKBOOK_PART in file.parts


def _is_open_document(file: Received) -> bool:
    if not {"content.xml", "mimetype"} <= file.parts:
        return False
    with file.archive.open("mimetype") as part:
        return part.read(len(MIME)) == MIME


def _refuse_zip(file: Received) -> NoReturn:
    known = {
        "word/document.xml": ("đây là văn bản Word", "this is a Word text"),
        "ppt/presentation.xml": ("đây là bài trình chiếu", "this is a presentation"),
        "xl/workbook.bin": ("đây là sổ làm việc nhị phân .xlsb", "this is a binary workbook, .xlsb"),
        "content.xml": (
            "đây là tài liệu OpenDocument không phải bảng tính",
            "this is no OpenDocument spreadsheet",
        ),
    }
    for name, what in known.items():
        if name in file.parts:
            raise unsupported(file.path, *what)
    raise unsupported(file.path, *_ARCHIVE)


def _is_old_excel(file: Received) -> bool:
    if file.head.startswith(_OLD_BIFF):
        return True
    return file.head.startswith(OLE) and bool({"Workbook", "Book"} & streams(file))


def _is_ole(file: Received) -> bool:
    return file.head.startswith(OLE)


def _refuse_ole(file: Received) -> NoReturn:
    found = streams(file)
    if "EncryptedPackage" in found:
        raise protected(file.path)
    if "WordDocument" in found:
        raise unsupported(file.path, "đây là văn bản Word", "this is a Word text")
    raise unsupported(file.path)


def _is_known(file: Received) -> bool:
    return file.head.startswith(tuple(_KNOWN))


def _refuse_known(file: Received) -> NoReturn:
    raise unsupported(file.path, *next(what for magic, what in _KNOWN.items() if file.head.startswith(magic)))


def _beginning(file: Received) -> str:
    return (file.head.decode("latin-1") if file.top is None else file.top)[:4096]


def _is_markup(file: Received) -> bool:
    top = _beginning(file)
    return bool(_MARKUP.match(top) or _WEB_ARCHIVE.match(top))


def _refuse_markup(file: Received) -> NoReturn:
    top = _beginning(file)
    if "urn:schemas-microsoft-com:office:spreadsheet" in top:
        raise dressed_up(file.path, "bảng tính XML 2003", "an XML spreadsheet of 2003")
    if top.lstrip().startswith("<?xml") and "<html" not in top.lower():
        raise unsupported(file.path, "đây là tệp XML", "this is an XML file")
    raise dressed_up(file.path, "trang web (HTML)", "a web page (HTML)")


def _is_json(file: Received) -> bool:
    top = _beginning(file).lstrip()
    if file.top is None or not top.startswith(("{", "[")):
        return False
    return file.suffix in _JSON or bool(re.match(r'(\[\s*)?\{\s*("|\})', top))


def _read_json(file: Received) -> Source:
    if _beginning(file).lstrip().startswith("["):
        raise unsupported(
            file.path,
            "đây là mảng JSON, cần mỗi dòng một đối tượng (.jsonl)",
            "a JSON array; write one object a line (.jsonl)",
        )
    return read_json_lines(file)


def _is_delimited(file: Received) -> bool:
    # Under a workbook's name, text is a table only where it separates columns; else the workbook is damaged.
    return file.top is not None and (file.suffix not in _BOOKS or dialect_of(file.top).columns > 1)


FORMATS: list[Format] = [
    Format("lock file", _is_lock_file, _refuse_lock_file),
    Format("parquet", _is_parquet, read_parquet),
    Format("xlsx", _is_excel, read_excel),
    Format("ods", _is_open_document, read_open_document),
    Format("other zip", _is_zip, _refuse_zip),
    Format("xls", _is_old_excel, read_old_excel),
    Format("other ole", _is_ole, _refuse_ole),
    Format("other binary", _is_known, _refuse_known),
    Format("markup", _is_markup, _refuse_markup),
    Format("jsonl", _is_json, _read_json),
    Format("csv", _is_delimited, read_delimited),
]
