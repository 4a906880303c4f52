"""A received file in memory, and what is said of one that cannot be taken.

Every refusal names the way out in words of the sender's own program: what to open, how to save.
"""

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from io import BytesIO
from pathlib import Path

from tiendo.intake.legacy import UTF_16, decode_bytes, is_utf_16_without_mark
from tiendo.intake.long_text import quotes_in_utf8
from tiendo.messages import Place, TiendoError

# Excel's lock file has this in its name, also where the raw store has put a hash before it.
_LOCK_MARK = "~$"
_CELLS_NAMED = 5
_HEAD_BYTES = 2**20
# From so many bytes on, pyarrow's parser is worth its start.
LONG_TEXT = 4_000_000
# What Excel, Parquet and old workbooks begin with: their bytes need not be looked through.
_NO_TEXT = (b"PK", b"PAR1", b"PARE", b"\xd0\xcf\x11\xe0")
OLD_ENCODINGS = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI", "cp1258": "Windows-1258"}


@dataclass(frozen=True)
class Received:
    """A file as received, of at most 200 MiB."""

    path: Path

    @cached_property
    def raw(self) -> bytes:
        """Its bytes."""
        return self.path.read_bytes()

    @cached_property
    def head(self) -> bytes:
        """Its first bytes, by which it is recognised."""
        with self.path.open("rb") as file:
            return file.read(_HEAD_BYTES)

    @property
    def suffix(self) -> str:
        """What the name promises, in lower case: '.xlsx'."""
        return self.path.suffix.lower()

    @cached_property
    def archive(self) -> zipfile.ZipFile:
        """The zip archive it is, opened in memory and so with nothing to close.

        Raises:
            zipfile.BadZipFile: It is none, or is damaged.
        """
        return zipfile.ZipFile(BytesIO(self.raw))

    @cached_property
    def parts(self) -> frozenset[str]:
        """Names of the parts of a zip archive, as `part_name` writes them; none where it is no archive.

        Raises:
            zipfile.BadZipFile: It begins as an archive and is damaged.
        """
        if not self.head.startswith(b"PK"):
            return frozenset()
        return frozenset(part_name(name) for name in self.archive.namelist())

    @cached_property
    def text(self) -> tuple[str, str] | None:
        """The text and its encoding, None where the bytes are no text."""
        try:
            text, encoding = decode_bytes(self.raw)
        except ValueError:
            return None
        return None if _is_strange(text) else (text, encoding)

    @cached_property
    def quotes(self) -> int | None:
        """The quotation marks of a long text in UTF-8 whose rows need not be in memory; else None."""
        if self.path.stat().st_size < LONG_TEXT or len(self._lines_of_head) < _HEAD_BYTES * 3 // 4:
            return None
        if self.head.startswith((*_NO_TEXT, *UTF_16)) or is_utf_16_without_mark(self.head):
            return None
        return quotes_in_utf8(self.path)

    @cached_property
    def top(self) -> str | None:
        """The text, of a long one its first lines; None where the bytes are no text."""
        if self.quotes is None:
            return self.text[0] if self.text else None
        text = self._lines_of_head.decode("utf-8-sig")
        return None if _is_strange(text) else text

    @property
    def _lines_of_head(self) -> bytes:
        return self.head[: self.head.rfind(b"\n") + 1]


def _is_strange(text: str) -> bool:
    """Whether characters stand in it that no text has."""
    top = text[:4096]
    strange = sum(1 for character in top if character < " " and character not in "\t\n\r\f\x1a")
    return strange * 5 > len(top)


def part_name(name: str) -> str:
    """The name of an archive's part as it is looked up: some programs write backslashes or other capitals."""
    return name.replace("\\", "/").lstrip("/").lower()


def unreadable(
    path: Path, reason_vi: str, reason_en: str, row: int | None = None, sheet: str | None = None
) -> TiendoError:
    """TD-101: the file cannot be read, and why."""
    return TiendoError(
        "TD-101",
        f"Không đọc được tệp: {reason_vi}.",
        f"The file cannot be read: {reason_en}.",
        "Hãy mở tệp, lưu lại dạng .xlsx hoặc .csv (UTF-8) rồi nộp lại.",
        "Open it, save it as .xlsx or .csv (UTF-8) and submit again.",
        Place(file=path.name, sheet=sheet, row=row),
    )


def damaged(path: Path, error: BaseException | str) -> TiendoError:
    """TD-101; what the library said stands in the English sentence only, being English itself."""
    if is_lock_name(path):
        return lock_file(path)
    detail = "damaged"
    if isinstance(error, str | Exception):
        detail = " ".join(str(error).split())[:120] or type(error).__name__
    return unreadable(
        path,
        "tệp bị hỏng hoặc không đúng định dạng của phần mở rộng",
        f"it is damaged or not what its extension says (detail: {detail})",
    )


def is_lock_name(path: Path) -> bool:
    """Whether the name is that of a lock file ('~$Biểu 04.xlsx')."""
    return _LOCK_MARK in path.name


def lock_file(path: Path) -> TiendoError:
    """TD-101: a lock file of Excel in place of the workbook."""
    return TiendoError(
        "TD-101",
        "Không đọc được tệp: đây là tệp khóa mà Excel tạo ra trong lúc mở, không phải tệp số liệu.",
        (
            "The file cannot be read: this is the lock file Excel keeps while a workbook is open, not the "
            "workbook."
        ),
        "Hãy nộp chính tệp số liệu, tên không có '~$'.",
        "Submit the workbook itself, whose name is without '~$'.",
        Place(file=path.name),
    )


def protected(path: Path) -> TiendoError:
    """TD-101: the file asks for a password."""
    return TiendoError(
        "TD-101",
        "Không đọc được tệp: tệp được đặt mật khẩu mở.",
        "The file cannot be read: it needs a password to open.",
        (
            "Hãy mở bằng Excel, vào Tệp > Thông tin > Bảo vệ sổ làm việc > Mã hóa bằng mật khẩu, xóa trống "
            "mật khẩu, lưu rồi nộp lại."
        ),
        (
            "Open it in Excel, choose File > Info > Protect Workbook > Encrypt with Password, clear the "
            "password, save and submit again."
        ),
        Place(file=path.name),
    )


def empty(path: Path) -> TiendoError:
    """TD-103: nothing in the file."""
    return TiendoError(
        "TD-103",
        "Tệp trống: không có dòng tiêu đề cột.",
        "The file is empty: there is no header row.",
        "Hãy dùng biểu mẫu có dòng tiêu đề rồi nộp lại.",
        "Use the form with its header row and submit again.",
        Place(file=path.name),
    )


def unsupported(path: Path, what_vi: str = "", what_en: str = "") -> TiendoError:
    """TD-109: a format that is not read, named where it is known."""
    return TiendoError(
        "TD-109",
        f"Chưa hỗ trợ định dạng của tệp{what_vi and f': {what_vi}'}.",
        f"The format of the file is not supported{what_en and f': {what_en}'}.",
        "Hãy lưu bảng số liệu thành .xlsx, .csv (UTF-8) hoặc .parquet rồi nộp lại.",
        "Save the table as .xlsx, .csv (UTF-8) or .parquet and submit again.",
        Place(file=path.name),
    )


def dressed_up(path: Path, what_vi: str, what_en: str) -> TiendoError:
    """TD-115: a page or XML export under a workbook's name, which Excel opens and other programs do not."""
    return TiendoError(
        "TD-115",
        f"Tệp không phải sổ làm việc Excel mà là {what_vi}.",
        f"The file is no Excel workbook but {what_en}.",
        "Hãy mở bằng Excel, chọn Lưu thành (Save As) > Excel Workbook (.xlsx) rồi nộp lại.",
        "Open it in Excel, choose Save As > Excel Workbook (.xlsx) and submit again.",
        Place(file=path.name),
    )


def too_large(
    path: Path,
    what_vi: str,
    what_en: str,
    *,
    sheet: str | None = None,
    row: int | None = None,
    column: str | None = None,
) -> TiendoError:
    """TD-111: the file is over a limit, which is named."""
    return TiendoError(
        "TD-111",
        f"Tệp vượt giới hạn: {what_vi}.",
        f"The file is over a limit: {what_en}.",
        "Hãy rút gọn hoặc chia thành nhiều tệp nhỏ hơn rồi nộp lại.",
        "Shorten it or split it into smaller files and submit again.",
        Place(path.name, sheet, row, column),
    )


def macros_present(path: Path) -> TiendoError:
    """TD-116, a notice: programs lie in the workbook, which are never run."""
    return TiendoError(
        "TD-116",
        "Tệp có chứa macro. Chỉ đọc số liệu trong các ô, macro không được chạy.",
        "The file contains macros. Only the data in its cells is read; macros are never run.",
        "Lần sau hãy lưu thành .xlsx (không macro).",
        "Next time save it as .xlsx, without macros.",
        Place(file=path.name),
    )


def formulas_unsaved(path: Path, sheet: str, cells: Sequence[str]) -> TiendoError:
    """TD-117, a notice: formula cells that hold no result, so that they count as empty."""
    named = ", ".join(cells[:_CELLS_NAMED]) + (", …" if len(cells) > _CELLS_NAMED else "")
    return TiendoError(
        "TD-117",
        f"{len(cells)} ô có công thức nhưng chưa lưu kết quả nên đọc được là ô trống: {named}.",
        f"{len(cells)} formula cells hold no saved result and are read as empty: {named}.",
        "Hãy mở bằng Excel, lưu lại rồi nộp lại.",
        "Open the file in Excel, save it and submit again.",
        Place(file=path.name, sheet=sheet),
    )


def legacy_converted(path: Path, encodings: Sequence[str]) -> TiendoError:
    """TD-118, a notice: texts were in an encoding of the time before Unicode."""
    named = ", ".join(OLD_ENCODINGS.get(encoding, encoding) for encoding in encodings)
    return TiendoError(
        "TD-118",
        f"Chữ trong tệp theo bảng mã cũ ({named}), đã được chuyển sang Unicode.",
        f"Texts of the file were in an old encoding ({named}) and were converted to Unicode.",
        "Hãy xem lại chữ trong biên nhận; lần sau nên dùng phông Unicode (Times New Roman).",
        "Check the texts on the receipt; next time use a Unicode font such as Times New Roman.",
        Place(file=path.name),
    )
