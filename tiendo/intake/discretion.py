"""Refuses what must not be stored here: applicants' personal data, and documents under a secrecy marking.

Refused files are not kept, not even as received (docs: 'Law and discretion').
"""

import re
from collections.abc import Iterable, Sequence

import polars as pl

from tiendo.intake.folding import clean_text, fold
from tiendo.intake.problems import Cell
from tiendo.intake.readers import Table
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
_PERSON_WORDS = re.compile(rf"\b({'|'.join(_PERSON)})\b")
_CONTACT_WORDS = re.compile(rf"\b({'|'.join(_CONTACT)})\b")
_WHOLE_CELL = frozenset(
    {*_PERSON, *_CONTACT, "ho ten nguoi nop", "ho va ten nguoi nop", "dia chi thuong tru"}
)
# Below title lines the header row may stand lower; this far down a cell that is exactly such a header counts.
_HEADER_DEPTH = 30

# Markings keep their accents: 'mặt', 'mắt', 'mất' are other words. Without accents only capitals count.
_MARKING = re.compile(r"(?:(?:mức )?độ mật )?(?:mật|tối mật|tuyệt mật)")
_BARE_MARKING = re.compile(r"MAT|TOI MAT|TUYET MAT")
_LONGEST_MARKING = 30
_MARKED_NAME = re.compile(
    r"\b(?:tối mật|tuyệt mật|toi mat|tuyet mat)\b|(?<!bảo )(?<!bí )\bmật\b(?! khẩu| độ| mã)"
)
_BARE_MARKED_NAME = re.compile(r"[(\[]MAT[)\]]")


def refuse_forbidden(tables: Sequence[Table], file_name: str) -> None:
    """Passes files that may be stored.

    Raises:
        TiendoError: TD-107 for a secrecy marking in the name or a cell of its own, TD-106 for a column of
            personal data.
    """
    refuse_marked_name(file_name)
    for table in tables:
        _refuse_marked(table, file_name)
    for table in tables:
        _refuse_personal(table, file_name)


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
    if _PERSON_WORDS.search(words):
        return True
    return bool(_CONTACT_WORDS.search(words)) and not _OF_AN_OFFICE.search(words)


def _refuse_marked(table: Table, file_name: str) -> None:
    short = (text for column in table.columns for text in _short_texts(column))
    if any(is_marking(text) for text in (*table.headers, table.sheet or "")) or any(map(is_marking, short)):
        raise _secret(file_name)


def _short_texts(column: pl.Series | list[Cell]) -> Iterable[str]:
    """Distinct texts of a column that are short enough and could hold the word 'mật'."""
    if isinstance(column, list):
        texts = {cell for cell in column if isinstance(cell, str) and len(cell) <= _LONGEST_MARKING}
        return (text for text in texts if "m" in text or "M" in text)
    if column.dtype != pl.String:
        return ()
    # Composed and decomposed spellings of 'mật', with any accents.
    candidate = column.str.contains(r"(?i)m\P{Latin}*[aâậạ]\p{M}*t")
    return column.filter(candidate & (column.str.len_chars() <= _LONGEST_MARKING)).unique().to_list()


def _refuse_personal(table: Table, file_name: str) -> None:
    personal = [header for header in table.headers if is_personal(header)]
    for column in table.columns:
        top = column[:_HEADER_DEPTH]
        personal += [text for text in top if isinstance(text, str) and fold(text[:40]) in _WHOLE_CELL]
    if personal:
        named = ", ".join(f"'{header}'" for header in dict.fromkeys(personal))
        raise TiendoError(
            "TD-106",
            f"Tệp có cột dữ liệu cá nhân ({named}) nên không được tiếp nhận và không được lưu.",
            f"The file has columns of personal data ({named}), so it is refused and not stored.",
            "Hãy xóa các cột đó rồi nộp lại.",
            "Remove these columns and submit again.",
            Place(file=file_name, sheet=table.sheet),
        )


def _secret(file_name: str | None = None) -> TiendoError:
    """Names neither the file's content nor, where the name itself is marked, the file."""
    return TiendoError(
        "TD-107",
        "Tệp mang dấu chỉ độ mật nên không được tiếp nhận và không được lưu.",
        "The file carries a secrecy marking, so it is refused and not stored.",
        "Hãy gỡ tệp khỏi máy này và báo người phụ trách bảo mật của đơn vị.",
        "Take it off this machine and tell your unit's security officer.",
        Place(file=file_name),
    )
