"""What can be wrong with a cell or a row, in words a clerk can act on: read, expected, how to repair.

Every sentence of the row rules stands here, so that a code always says the same thing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time
from decimal import Decimal
from types import MappingProxyType

import polars as pl

from tiendo.intake.contracts import Column

Cell = str | int | float | bool | date | datetime | time | Decimal | None
Value = str | int | bool | date | datetime | Decimal | None

# One row per problem; a row with several problems has several.
QUARANTINE_SCHEMA: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "submission_id": pl.String(),
        "sheet": pl.String(),
        "row_number": pl.Int64(),
        "column_name": pl.String(),
        "column_label": pl.String(),
        "value": pl.String(),
        "rule_code": pl.String(),
        "message_vi": pl.String(),
        "message_en": pl.String(),
    }
)

_FREE_TYPES = frozenset({"text", "code", "organisation"})
_LONGEST_SHOWN = 20
_HIDDEN = "…"

_EXPECTED = {
    "integer": ("một số nguyên, ví dụ 1139 hoặc 1.139", "a whole number such as 1139 or 1.139"),
    "decimal": ("một số, ví dụ 98,7 hoặc 1.234,5", "a number such as 98.7 or 1,234.5"),
    "boolean": ("Có hoặc Không (hoặc x, 1, 0)", "Có or Không (or x, 1, 0)"),
    "date": ("một ngày có thật, dạng 31/12/2025", "a real date such as 31/12/2025"),
    "timestamp": (
        "ngày giờ có thật, dạng 05/03/2026 08:15",
        "a real date and time such as 05/03/2026 08:15",
    ),
    "period": (
        "một kỳ như 03/2026, Quý I/2026, 6 tháng đầu năm 2026 hoặc Năm 2026",
        "a period such as 03/2026, Quý I/2026, 6 tháng đầu năm 2026 or Năm 2026",
    ),
}

# Code -> Vietnamese and English sentence. {value}, {expected} and further names are filled in.
_SENTENCES = {
    "TD-201": (
        "Ô bắt buộc '{label_vi}' đang để trống. Cần {expected_vi}. Hãy điền rồi nộp lại.",
        "The required cell '{label_en}' is empty. Expected {expected_en}. Fill it in and submit again.",
    ),
    "TD-202": (
        "Đọc được '{value}', không phải là số. Cần {expected_vi}. Hãy chỉ ghi số, bỏ chữ và ký hiệu khác.",
        (
            "Read '{value}', which is not a number. Expected {expected_en}. Write the number only, without "
            "words or other signs."
        ),
    ),
    "TD-203": (
        (
            "Đọc được '{value}', không phải số nguyên. Cần {expected_vi}. Hãy ghi số đếm đầy đủ, không có "
            "phần lẻ."
        ),
        "Read '{value}', which is not a whole number. Expected {expected_en}. Write the full count.",
    ),
    "TD-204": (
        "Đọc được '{value}', không phải ngày có thật. Cần {expected_vi}. Hãy xem lại ngày, tháng và năm.",
        "Read '{value}', which is not a real date. Expected {expected_en}. Check day, month and year.",
    ),
    "TD-205": (
        (
            "Đọc được '{value}', không phải kỳ báo cáo. Cần {expected_vi}. Hãy ghi lại kỳ theo một trong "
            "các dạng đó."
        ),
        "Read '{value}', which is not a period. Expected {expected_en}. Write it in one of these ways.",
    ),
    "TD-206": (
        "Đọc được '{value}', không có trong danh sách. Cần một trong: {expected_vi}. Hãy chọn lại.",
        "Read '{value}', which is not in the list. Expected one of: {expected_en}. Choose again.",
    ),
    "TD-207": (
        "Đọc được '{value}', không rõ là có hay không. Cần {expected_vi}. Hãy ghi lại.",
        "Read '{value}', which says neither yes nor no. Expected {expected_en}. Write it again.",
    ),
    "TD-208": (
        (
            "Đọc được mã đơn vị '{value}', không có trong danh mục{detail_vi}. Cần mã tỉnh 2 chữ số hoặc "
            "mã xã 5 chữ số đang hiệu lực. Hãy tra lại mã."
        ),
        (
            "Read the unit code '{value}', which is not in the list of units{detail_en}. Expected a "
            "2-digit province or 5-digit commune code in force. Look the code up again."
        ),
    ),
    "TD-209": (
        (
            "Đọc được mã chỉ tiêu '{value}', không có trong danh mục chỉ tiêu. Hãy lấy mã từ danh mục rồi "
            "ghi lại."
        ),
        "Read the indicator code '{value}', which is not in the registry. Take the code from the registry.",
    ),
    "TD-210": (
        (
            "Dòng này trùng khóa với dòng {other}{detail_vi}. Mỗi khóa chỉ được một dòng: hãy giữ dòng "
            "đúng, xóa dòng kia."
        ),
        (
            "This row has the same key as row {other}{detail_en}. One row per key: keep the right one, "
            "delete the other."
        ),
    ),
    "TD-211": (
        "Đọc được '{value}', ngoài giới hạn cho phép ({limits_vi}). Hãy xem lại số và đơn vị tính.",
        "Read '{value}', outside the limits ({limits_en}). Check the number and its unit.",
    ),
    "TD-212": (
        (
            "Chỉ tiêu '{value}' cộng dồn trong năm nhưng ô 'Cách tính' để trống. Cần Trong kỳ, Lũy kế từ "
            "đầu năm hoặc Ước cả năm. Hãy điền rồi nộp lại."
        ),
        (
            "Indicator '{value}' adds up over the year but 'Basis' is empty. Expected Trong kỳ, Lũy kế từ "
            "đầu năm or Ước cả năm. Fill it in and submit again."
        ),
    ),
    "TD-213": (
        (
            "'{part_vi}' là {value}, lớn hơn '{whole_vi}' là {whole}. Phần không thể lớn hơn tổng: hãy xem "
            "lại hai ô."
        ),
        (
            "'{part_en}' is {value}, more than '{whole_en}', {whole}. A part cannot exceed its whole: "
            "check both."
        ),
    ),
    "TD-214": (
        (
            "Dòng không có 'Giá trị', cũng không có đủ 'Tử số' và 'Mẫu số'. Hãy điền giá trị hoặc cả tử số "
            "và mẫu số."
        ),
        "The row has no value and not both numerator and denominator. Fill in the value or both parts.",
    ),
    "TD-215": (
        (
            "Đọc được '{value}', không thuộc bản trích xuất của đơn vị {org}, tháng tiếp nhận {period}. "
            "Hãy nộp dòng này trong bản trích xuất của đơn vị và tháng của nó."
        ),
        (
            "Read '{value}', which is not part of the extract of unit {org}, month of receipt {period}. "
            "Submit this row with the extract of its own unit and month."
        ),
    ),
    "TD-216": (
        "Ngày kết thúc {value} trước ngày tiếp nhận {other}. Hãy xem lại hai ngày.",
        "The completion on {value} is before the receipt on {other}. Check both dates.",
    ),
    "TD-217": (
        "Ngày hết hiệu lực {value} trước ngày hiệu lực {other}. Hãy xem lại hai ngày.",
        "The end of validity on {value} is before its start on {other}. Check both dates.",
    ),
    "TD-218": (
        (
            "Đọc được '{value}', hiểu được hai cách: {thousands} hoặc {fraction}. Hãy ghi rõ: {thousands} "
            "(không có dấu) hoặc {fraction}0 (thêm số 0 ở cuối)."
        ),
        (
            "Read '{value}', which can mean {thousands} or {fraction}. Write {thousands} (no separator) or "
            "{fraction}0 (a zero at the end)."
        ),
    ),
    "TD-219": (
        (
            "Đọc được đơn vị tính '{value}', trái với đơn vị tính của chỉ tiêu {indicator}: {unit_vi}. Hãy "
            "xem lại số và đơn vị tính, hoặc để trống ô đơn vị tính."
        ),
        (
            "Read the unit '{value}', which contradicts that of indicator {indicator}: {unit_en}. Check the "
            "number and its unit, or leave the unit empty."
        ),
    ),
    "TD-220": (
        (
            "'{label_vi}' là {value}, ngoài kỳ báo cáo {period} (từ {start} đến {end}). Hãy xem lại ngày đó "
            "và kỳ báo cáo."
        ),
        "'{label_en}' is {value}, outside the period {period} ({start} to {end}). Check both.",
    ),
}


@dataclass(frozen=True)
class CellProblem:
    """Why a cell cannot be taken.

    Attributes:
        code: Rule code such as `TD-203`.
        value: What was read, as text.
        message_vi: What was read, what is expected and how to repair it, in Vietnamese.
        message_en: The same in English.
        words: What the sentences were filled with beside the value.
    """

    code: str
    value: str | None
    message_vi: str
    message_en: str
    words: Mapping[str, str] = field(default_factory=dict[str, str], compare=False)


def problem(code: str, value: str | None, **words: str) -> CellProblem:
    """A problem with its sentences filled in; `words` are the further names its sentences hold."""
    shown = (value or "") if len(value or "") <= 80 else f"{(value or '')[:79]}…"
    vi, en = (sentence.format(value=shown, **words) for sentence in _SENTENCES[code])
    return CellProblem(code, value, vi, en, words)


def without_private_value(found: CellProblem, column: Column) -> CellProblem:
    """The problem as it may be published of a form whose cells can name a case or a person.

    Of identifiers and text nothing is left, of a wrong choice its beginning; numbers and dates stay unless
    they are longer than any number or date, and so something else.
    """
    if found.value is None:
        return found
    if column.type in _FREE_TYPES or (column.type != "choice" and len(found.value) > _LONGEST_SHOWN):
        hidden = problem(found.code, _HIDDEN, **found.words)
        return replace(hidden, value=None)
    return problem(found.code, found.value[:_LONGEST_SHOWN], **found.words)


def cell_problem(code: str, cell: Cell, column: Column) -> CellProblem:
    """A problem of one cell against its column's type."""
    expected_vi, expected_en = expected(column)
    return problem(
        code,
        cell_text(cell),
        expected_vi=expected_vi,
        expected_en=expected_en,
        label_vi=column.label_vi,
        label_en=column.label_en,
    )


def expected(column: Column) -> tuple[str, str]:
    """What a column's cells may hold, in Vietnamese and English."""
    if column.choices:
        listed = ", ".join(spellings[0] for spellings in column.choices.values())
        return listed, listed
    return _EXPECTED.get(column.type, (f"'{column.label_vi}'", f"'{column.label_en}'"))


def cell_text(cell: Cell) -> str | None:
    """A cell as text, the way a message or the quarantine shows it; None for an empty one."""
    if cell is None:
        return None
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        midnight = cell.time() == time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    if isinstance(cell, date | time):
        return cell.isoformat()
    return str(cell)
