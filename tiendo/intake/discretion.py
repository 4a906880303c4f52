"""Refuses what must not be stored here: applicants' personal data, and documents under a secrecy marking.

Refused files are not kept, not even as received, and messages repeat nothing of a marked document.
"""

import re
from collections.abc import Iterable, Sequence

import polars as pl

from tiendo.intake.folding import clean_text, fold, strip_accents
from tiendo.intake.problems import Cell
from tiendo.intake.tables import Sheet, Source, Table
from tiendo.intake.texts import is_text, texts_of
from tiendo.messages import Place, TiendoError

_PERSON = (
    "ho ten",
    "ho va ten",
    "ho dem",
    "ho chu dem",
    "ten nguoi nop",
    "ten nguoi dan",
    "ten cong dan",
    "ten chu ho so",
    "cccd",
    "cmnd",
    "cmtnd",
    "can cuoc",
    "chung minh nhan dan",
    "dinh danh ca nhan",
    "ngay sinh",
    "thang nam sinh",
    "so ho chieu",
    "ma so bhxh",
    "ma so bao hiem xa hoi",
    "full name",
    "applicant",
    "id number",
    "citizen id",
    "date of birth",
    "passport number",
)
# Personal unless they count something or belong to an office.
_CONTACT = (
    "so dien thoai",
    "dien thoai",
    "sdt",
    "dt di dong",
    "dtdd",
    "email",
    "e mail",
    "dia chi",
    "noi cu tru",
    "noi thuong tru",
    "noi tam tru",
)
# Personal where the header ends with them: 'Số thẻ BHYT đã cấp' and 'Số người nộp hồ sơ' are figures.
_LAST = (
    "chu ho so",
    "nguoi nop",
    "nguoi nop ho so",
    "nguoi yeu cau",
    "nam sinh",
    "so giay to",
    "so giay to tuy than",
    "so the bhyt",
    "so so bhxh",
    "so tai khoan",
    "so tai khoan ngan hang",
)
# Personal as the whole header only; as a cell they are kinds of papers and callers.
_WHOLE_HEADER = frozenset({"cong dan", "ho chieu", "phone", "phone number", "mobile phone", "dob"})
# An office has a telephone and an address too; those are no personal data.
_OF_AN_OFFICE = re.compile(
    r"\b(don vi|co quan|tru so|website|ip|ubnd|van phong|duong day nong|doanh nghiep|to chuc)\b"
)
_COUNTED = re.compile(
    r"\b(ty le|tong so|so luong|so luot|luot|so nguoi|so chu|so cong dan|so nam|thue bao|co dia chi)\b"
)
# '(Ký, ghi rõ họ tên)' asks the official who signs for a name.
_SIGNATURE = re.compile(r"\b(?:ky|ghi ro|dong dau)\b.*\bho (?:va )?ten\b")


def _any_of(words: Iterable[str]) -> str:
    # Keys of records are written without spaces too: 'hoten', 'ngaysinh'.
    return rf"(?:{'|'.join(words).replace(' ', ' ?')})"


_PERSON_WORDS = re.compile(rf"\b{_any_of(_PERSON)}\b")
_CONTACT_WORDS = re.compile(
    rf"\b{_any_of(_CONTACT)}\b|\b{_any_of(_LAST)}$|(?<!dan )\bso dt(?: lien he)?$"
    r"|(?<!ho so )\b(?:ma|so) dinh danh\b(?! (?:ho so|dien tu|thu tuc|tthc|van ban|nhiem vu))"
)
_WHOLE_CELL = frozenset(
    {*_PERSON, *_CONTACT, *_LAST, "ho dem va ten", "ngay thang nam sinh", "so dt", "so dinh danh", "so cccd"}
    | {"ho ten nguoi nop", "ho va ten nguoi nop", "dia chi thuong tru"}
)
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_KEY = re.compile(r'"([^"]{1,60})"\s*:')
# A second table can stand below the first; this far down a cell that is exactly such a header counts.
_HEADER_DEPTH = 30
# Twelve digits beside the name of the card are its number; alone they could be a code or an amount.
_CARD_NUMBER = r"(?i)\b(?:cccd|căn cước(?: công dân)?|số định danh)\W{0,3}(?:số)?\W{0,5}\d{12}\b"
_CARD = re.compile(_CARD_NUMBER)
_SHORTEST_CARD = 16
# Outside the table: a label with its value. An office's landline and the people who answer for a report pass.
_LABEL = re.compile(
    r"\b(?:ho (?:(?:chu )?dem )?(?:va |, ?)?ten|(?:ten )?nguoi nop(?: ho so)?|chu ho so|nguoi yeu cau"
    r"|noi (?:cu|thuong|tam) tru)\b[^:]{0,25}:\s*[a-z]|\b(?:ngay|nam) sinh\s*:\s*\d"
)
_MOBILE = re.compile(
    r"\b(?:dien thoai|sdt|dtdd|dt|di dong)\b[^\d+]{0,20}(?:\+?84|0)[ .-]?[35789](?:[ .-]?\d){8}(?!\d)"
)
_OFFICIAL = re.compile(
    r"\b(?:nguoi (?:lien he|lap|bao cao|ky|duyet|phu trach|tong hop)|can bo|chuyen vien|dau moi|ke toan"
    r"|thu truong|lanh dao|chu tich|giam doc)\b"
)

# Markings keep their accents: 'mặt', 'mắt', 'mất' are other words. Without accents only capitals count.
_DEGREE = "(?:(?:tối|tuyệt) ?mật|mật)"
_PAPER = "(?:tài liệu|văn bản|hồ sơ|báo cáo)"
_MARKING = re.compile(
    rf"(?:(?:tài liệu|văn bản|dấu) )?(?:(?:mức )?độ mật )?{_DEGREE}|{_PAPER} thuộc (?:loại|diện) {_DEGREE}"
)
_BARE_MARKING = re.compile(r"(?:DO MAT )?(?:MAT|TOI MAT|TUYET MAT)")
_LONGEST_MARKING = 40
# Inside a cell only what can be nothing else: a higher degree in capitals, a degree in brackets.
_MARKING_INSIDE = re.compile(r"\b(?:TỐI|TUYỆT)\s*MẬT\b|[(\[]\s*MẬT\s*[)\]]")
# Lines above a table also: the label with its degree, and 'MẬT' where a marking stands in a title.
_NO_DEGREE_AFTER = r"(?!\s+(?i:độ|khẩu|mã|ong|thư|vụ|mía)\b)"
_NO_DEGREE_BEFORE = r"(?<!BÍ )(?<!BẢO )(?<!CƠ )(?<!KHÔNG )"
_MARKING_IN_TITLE = re.compile(
    rf"(?i:\b(?:độ mật|mức độ)\s*:\s*{_DEGREE}\b){_NO_DEGREE_AFTER}"
    rf"|(?i:\bthuộc (?:loại|diện) )(?i:tối mật|tuyệt mật|(?-i:Mật|MẬT))\b{_NO_DEGREE_AFTER}"
    rf"|^\W*(?:(?i:tối|tuyệt) ?(?i:mật)|MẬT)\b{_NO_DEGREE_AFTER}"
    rf"|{_NO_DEGREE_BEFORE}\bMẬT\s+(?:SỐ|Số)\b\s*:?\s*[\d.…/]"
    rf"|{_NO_DEGREE_BEFORE}(?<!VĂN BẢN )(?<!TÀI LIỆU )(?<!HỒ SƠ )\bMẬT\W*$"
)
_SPACED_LETTERS = re.compile(r"(?<!\w)[^\W\d_](?: [^\W\d_])+(?!\w)")
_QUOTED = re.compile(r'"([^"]{1,40})"')
_MARKED_NAME = re.compile(
    r"\b(?:tối mật|tuyệt mật|toi mat|tuyet mat)\b"
    r"|(?<!bảo )(?<!bí )(?<!cơ )(?<!không )\bmật\b(?! khẩu| độ| mã| ong| vụ)"
)
# Without accents 'MAT' is also 'mặt' and 'mắt': 'TIEN MAT', 'MAT TRAN', 'MAT BANG'.
_BARE_MARKED_NAME = re.compile(
    r"(?<!BAO )(?<!BI )(?<!CO )(?<!KHONG )(?<!TIEN )(?<!RA )(?<!BE )\bMAT\b"
    r"(?! (?:TRAN|BANG|DO|KHAU|MA|DUONG|HANG|CAT|NUOC|DAT|ONG|TIEN|PHO|VU|SONG)\b)"
)
# Composed and decomposed spellings of 'mật', with any accents, letter-spaced too; of long texts the capitals.
_COULD_BE_MARKED = r"(?i)m\P{Latin}*[aâậạ]\P{Latin}*t"
_COULD_HOLD_MARKING = r"M\P{Latin}*(?:Ậ|[AÂẠ]\p{M}+)\P{Latin}*T"


def refuse_forbidden(source: Source, file_name: str) -> None:
    """Passes files that may be stored.

    Raises:
        TiendoError: TD-107 for a secrecy marking in the file's name, a sheet's name, a line above a table or
            a cell; TD-106 for a column, line or number of personal data.
    """
    refuse_marked_name(file_name)
    names = [sheet.name for sheet in source.sheets if sheet.name]
    texts = [[_telling_texts(column) for column in table.columns] for table in source.tables]
    beside = [_left_out_texts(table, source.grids) for table in source.tables]
    marked = map(_is_marked, source.tables, texts, beside)
    if any(is_marking(name) or _is_marked_name(name) for name in names) or any(marked):
        raise _secret()
    for table, found, notes in zip(source.tables, texts, beside, strict=True):
        _refuse_personal(table, found, file_name)
        if _tells_of_person(table.above) or _tells_of_person(notes):
            place = Place(file=file_name, sheet=table.sheet)
            raise _of_persons("dữ liệu cá nhân ngoài bảng", "personal data outside the table", place)


def refuse_marked_name(file_name: str) -> None:
    """Raises TD-107 where the file's name carries a secrecy marking."""
    if _is_marked_name(file_name):
        raise _secret()


def name_file(error: TiendoError, file_name: str) -> None:
    """Puts the file's name into the place of an error; that of a marked document is not repeated."""
    if error.code != "TD-107":
        error.place = Place(file_name, error.place.sheet, error.place.row, error.place.column)


def is_marking(text: str) -> bool:
    """Whether a text is a secrecy marking and nothing else ('TỐI MẬT', '(Mật)', 'Độ mật: Tuyệt mật')."""
    if len(text) > _LONGEST_MARKING:
        return False
    words = " ".join(re.split(r"[\W_]+", _readable(text))).strip()
    return bool(_MARKING.fullmatch(words.lower()) or _BARE_MARKING.fullmatch(words))


def is_personal(header: str) -> bool:
    """Whether a column header announces personal data of applicants."""
    words = fold(_CAMEL.sub(" ", header))
    if _SIGNATURE.search(words):
        return False
    if _PERSON_WORDS.search(words) or words in _WHOLE_HEADER:
        return True
    is_other = _OF_AN_OFFICE.search(words) or _COUNTED.search(words)
    return bool(_CONTACT_WORDS.search(words)) and not is_other


def _is_marked_name(name: str) -> bool:
    words = " ".join(re.split(r"[\W_]+", clean_text(name)))
    return bool(_MARKED_NAME.search(words.lower()) or _BARE_MARKED_NAME.search(words))


def _readable(text: str) -> str:
    """The text with letter-spaced words closed up: 'T Ố I  M Ậ T' gives 'TỐI  MẬT'."""
    return _SPACED_LETTERS.sub(lambda found: found[0].replace(" ", ""), clean_text(text))


def _left_out_texts(table: Table, grids: Iterable[Sheet]) -> list[str]:
    """Texts of the rows that are no records, whole where the sheet is at hand."""
    none: list[list[Cell]] = []
    grid = (
        next((sheet.rows for sheet in grids if sheet.name == table.sheet), none) if table.left_out else none
    )
    texts: list[str] = []
    for row in table.left_out:
        cells = grid[row.row_number - 1] if row.row_number <= len(grid) else [row.text]
        texts += [cell for cell in cells if isinstance(cell, str) and cell]
    return texts


def _telling_texts(column: pl.Series | list[Cell]) -> set[str]:
    """The distinct texts of a column, of a long one those that could be a marking or hold a card's number."""
    if isinstance(column, list):
        return {cell for cell in column if cell.__class__ is str}  # pyright: ignore[reportUnhashable, reportReturnType]
    if not is_text(column):
        return set()
    column = texts_of(column)
    is_short = column.str.len_chars() <= _LONGEST_MARKING
    telling = column.str.contains(_COULD_HOLD_MARKING) | column.str.contains(_CARD_NUMBER)
    telling |= column.str.contains(_COULD_BE_MARKED) & is_short
    return set(column.filter(telling).unique().to_list())


def _is_marked(table: Table, texts: Iterable[set[str]], notes: Iterable[str]) -> bool:
    titles = (*table.above, *table.headers, table.sheet or "")
    lines = (line for text in titles for line in _readable(text).split("\n"))
    if any(_MARKING_IN_TITLE.search(line) for line in lines):
        return True
    cells = (text for found in (titles, notes, *texts) for text in found if "m" in text or "M" in text)
    return any(map(_holds_marking, cells))


def _holds_marking(text: str) -> bool:
    """Whether a cell is a marking, one of its lines or JSON values is, or it can hold nothing else."""
    if is_marking(text):
        return True
    if "M" in text and _MARKING_INSIDE.search(_readable(text)):
        return True
    parts = text.split("\n") if "\n" in text else []
    return any(map(is_marking, [*parts, *_QUOTED.findall(text)] if text[0] in "{[" else parts))


def _tells_of_person(texts: Sequence[str]) -> bool:
    """Whether lines outside the table hold a card's number, or a person's label with its value."""
    for at, text in enumerate(texts):
        following = texts[at + 1] if at + 1 < len(texts) else ""
        is_split = text.rstrip().endswith(":") and ":" not in following
        line = f"{text} {following}" if is_split else text
        words = strip_accents(clean_text(line))
        said = strip_accents(clean_text(texts[at - 1])) + " " + words if at else words
        if _holds_card(line):
            return True
        if _OFFICIAL.search(said) or _OF_AN_OFFICE.search(words) or _SIGNATURE.search(words):
            continue
        if _LABEL.search(words) or _MOBILE.search(words):
            return True
    return False


def _refuse_personal(table: Table, texts: Iterable[set[str]], file_name: str) -> None:
    personal = [header for header in table.headers if is_personal(header)]
    top = {cell for column in table.columns for cell in column[:_HEADER_DEPTH] if isinstance(cell, str)}
    personal += sorted(text for text in top if fold(text[:40]) in _WHOLE_CELL)
    personal += [
        key for text in top if text[:1] in ("{", "[") for key in _KEY.findall(text) if is_personal(key)
    ]
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
        "Hãy xóa các cột, dòng hoặc số đó rồi nộp lại.",
        "Remove these columns, lines or numbers and submit again.",
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
