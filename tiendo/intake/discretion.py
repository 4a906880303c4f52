"""Refuses what must not be stored here: applicants' personal data, and documents under a secrecy marking.

Refused files are not kept, not even as received, and messages repeat nothing of a marked document.
"""

import re
from collections.abc import Iterable

import polars as pl

from tiendo.intake.folding import clean_text, fold
from tiendo.intake.problems import Cell
from tiendo.intake.tables import Source, Table
from tiendo.messages import Place, TiendoError

_PERSON = (
    "ho ten",
    "ho va ten",
    "ten nguoi nop",
    "ten nguoi dan",
    "ten cong dan",
    "ten chu ho so",
    "cccd",
    "cmnd",
    "can cuoc",
    "chung minh nhan dan",
    "so dinh danh",
    "dinh danh ca nhan",
    "ngay sinh",
    "so ho chieu",
)
_CONTACT = ("so dien thoai", "dien thoai", "email", "dia chi")
# An office has a telephone and an address too; those are no personal data.
_OF_AN_OFFICE = re.compile(r"\b(don vi|co quan|tru so|website|ip)\b")
# '(Ký, ghi rõ họ tên)' asks the official who signs for a name.
_SIGNATURE = re.compile(r"\b(?:ky|ghi ro|dong dau)\b.*\bho (?:va )?ten\b")
_PERSON_WORDS = re.compile(rf"\b({'|'.join(_PERSON)})\b")
_CONTACT_WORDS = re.compile(rf"\b({'|'.join(_CONTACT)})\b")
_WHOLE_CELL = frozenset(
    {*_PERSON, *_CONTACT, "ho ten nguoi nop", "ho va ten nguoi nop", "dia chi thuong tru"}
)
# A second table can stand below the first; this far down a cell that is exactly such a header counts.
_HEADER_DEPTH = 30
# Twelve digits beside the name of the card are its number; alone they could be a code or an amount.
_CARD_NUMBER = r"(?i)\b(?:cccd|căn cước(?: công dân)?|số định danh)\W{0,3}(?:số)?\W{0,5}\d{12}\b"
_CARD = re.compile(_CARD_NUMBER)
_SHORTEST_CARD = 16

# Markings keep their accents: 'mặt', 'mắt', 'mất' are other words. Without accents only capitals count.
_DEGREE = "(?:tối mật|tuyệt mật|mật)"
_MARKING = re.compile(rf"(?:(?:tài liệu|văn bản|dấu) )?(?:(?:mức )?độ mật )?{_DEGREE}")
_BARE_MARKING = re.compile(r"(?:DO MAT )?(?:MAT|TOI MAT|TUYET MAT)")
_LONGEST_MARKING = 30
# Inside a longer line only what can be nothing else: the label with its degree, a higher degree in capitals.
_MARKING_INSIDE = re.compile(rf"(?i:\bđộ mật\s*:\s*{_DEGREE}\b(?! độ| khẩu))|\b(?:TỐI|TUYỆT) MẬT\b")
_MARKED_NAME = re.compile(
    r"\b(?:tối mật|tuyệt mật|toi mat|tuyet mat)\b|(?<!bảo )(?<!bí )\bmật\b(?! khẩu| độ| mã)"
)
_BARE_MARKED_NAME = re.compile(r"[(\[]MAT[)\]]")
# Composed and decomposed spellings of 'mật', with any accents.
_COULD_BE_MARKED = r"(?i)m\P{Latin}*[aâậạ]\p{M}*t"


def refuse_forbidden(source: Source, file_name: str) -> None:
    """Passes files that may be stored.

    Raises:
        TiendoError: TD-107 for a secrecy marking in the file's name, a sheet's name, a line above a table or
            a cell of its own; TD-106 for a column or number of personal data.
    """
    refuse_marked_name(file_name)
    names = [sheet.name for sheet in source.sheets if sheet.name]
    texts = [[_telling_texts(column) for column in table.columns] for table in source.tables]
    marked = (_is_marked(table, found) for table, found in zip(source.tables, texts, strict=True))
    if any(map(is_marking, names)) or any(marked):
        raise _secret()
    for table, found in zip(source.tables, texts, strict=True):
        _refuse_personal(table, found, file_name)


def refuse_marked_name(file_name: str) -> None:
    """Raises TD-107 where the file's name carries a secrecy marking."""
    words = " ".join(re.split(r"[\W_]+", clean_text(file_name).lower()))
    if _MARKED_NAME.search(words) or _BARE_MARKED_NAME.search(file_name):
        raise _secret()


def is_marking(text: str) -> bool:
    """Whether a text is a secrecy marking and nothing else ('TỐI MẬT', '(Mật)', 'Độ mật: Tuyệt mật')."""
    if len(text) > _LONGEST_MARKING:
        return False
    words = " ".join(re.split(r"[\W_]+", clean_text(text))).strip()
    return bool(_MARKING.fullmatch(words.lower()) or _BARE_MARKING.fullmatch(words))


def is_personal(header: str) -> bool:
    """Whether a column header announces personal data of applicants."""
    words = fold(header)
    if _SIGNATURE.search(words):
        return False
    if _PERSON_WORDS.search(words):
        return True
    return bool(_CONTACT_WORDS.search(words)) and not _OF_AN_OFFICE.search(words)


def _telling_texts(column: pl.Series | list[Cell]) -> set[str]:
    """The distinct texts of a column, of a long one those that could be a marking or hold a card's number."""
    if isinstance(column, list):
        return {cell for cell in column if cell.__class__ is str}  # pyright: ignore[reportUnhashable, reportReturnType]
    if column.dtype != pl.String:
        return set()
    is_short = column.str.len_chars() <= _LONGEST_MARKING
    telling = (column.str.contains(_COULD_BE_MARKED) & is_short) | column.str.contains(_CARD_NUMBER)
    return set(column.filter(telling).unique().to_list())


def _is_marked(table: Table, texts: Iterable[set[str]]) -> bool:
    lines = (line for text in table.above for line in clean_text(text).split("\n"))
    if any(is_marking(line) or _MARKING_INSIDE.search(line) for line in lines):
        return True
    if any(is_marking(text) for text in (*table.headers, table.sheet or "")):
        return True
    return any(is_marking(text) for found in texts for text in found if "m" in text or "M" in text)


def _refuse_personal(table: Table, texts: Iterable[set[str]], file_name: str) -> None:
    personal = [header for header in table.headers if is_personal(header)]
    top = {cell for column in table.columns for cell in column[:_HEADER_DEPTH] if isinstance(cell, str)}
    personal += sorted(text for text in top if fold(text[:40]) in _WHOLE_CELL)
    if personal:
        named = ", ".join(f"'{header}'" for header in dict.fromkeys(personal))
        raise _of_persons(
            f"cột dữ liệu cá nhân ({named})",
            f"columns of personal data ({named})",
            Place(file=file_name, sheet=table.sheet),
        )
    for column, header, found in zip(table.columns, table.headers, texts, strict=True):
        card = next((text for text in found if _holds_card(text)), None)
        if card is not None:
            row = int(table.row_numbers[list(column).index(card)])
            place = Place(file_name, table.sheet, row, header or None)
            raise _of_persons("số căn cước trong một ô", "an identity card number in a cell", place)


def _holds_card(text: str) -> bool:
    return len(text) >= _SHORTEST_CARD and bool(_CARD.search(clean_text(text)))


def _of_persons(what_vi: str, what_en: str, place: Place) -> TiendoError:
    return TiendoError(
        "TD-106",
        f"Tệp có {what_vi} nên không được tiếp nhận và không được lưu.",
        f"The file has {what_en}, so it is refused and not stored.",
        "Hãy xóa các cột hoặc số đó rồi nộp lại.",
        "Remove these columns or numbers and submit again.",
        place,
    )


def _secret() -> TiendoError:
    """Names neither the file nor anything it says: names and numbers of marked documents are secret too."""
    return TiendoError(
        "TD-107",
        "Tệp mang dấu chỉ độ mật nên không được tiếp nhận và không được lưu.",
        "The file carries a secrecy marking, so it is refused and not stored.",
        "Hãy gỡ tệp khỏi máy này, báo người phụ trách bảo mật của đơn vị và làm theo docs/discretion.md.",
        "Take it off this machine, tell your unit's security officer and follow docs/discretion.md.",
    )
