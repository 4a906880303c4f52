"""How the front desk writes periods, outcomes and counts on what it hands out."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from tiendo.intake.scope import UNKNOWN
from tiendo.intake.store import UNIDENTIFIED
from tiendo.intake.tables import LeftOut
from tiendo.intake.units import UNITS
from tiendo.messages import Language

_QUARTERS = ("I", "II", "III", "IV")
OUTCOMES = {
    "landed": ("Đã tiếp nhận", "Landed"),
    "unchanged": ("Không đổi so với bản đang dùng", "Unchanged"),
    "rejected": ("Bị từ chối", "Rejected"),
}
ROW_KINDS = {
    "column_numbers": ("dòng số thứ tự cột", "column numbers"),
    "repeated_header": ("tiêu đề lặp lại", "repeated header"),
    "group": ("dòng nhóm", "group row"),
    "total": ("dòng tổng", "total"),
    "empty_line": ("dòng chưa điền", "row not filled in"),
    "note": ("ghi chú, chữ ký", "note or signature"),
}
COUNTS = (
    ("rows_read", "đọc", "read"),
    ("rows_loaded", "nạp", "loaded"),
    ("rows_unchanged", "không đổi", "unchanged"),
    ("rows_superseded", "đã bị thay", "superseded"),
    ("rows_quarantined", "cách ly", "quarantined"),
)

# More rows of one kind are told by their number and where they stand.
_LISTED_SINGLY, _LISTED_RUNS = 5, 12
_UNSAID = {
    UNIDENTIFIED: ("chưa nhận dạng được", "not recognised"),
    UNKNOWN: ("chưa rõ", "not known"),
}


def outcome(status: str, language: Language) -> str:
    """What became of a submission, in words; a status without words stands for itself."""
    return OUTCOMES.get(status, (status, status))[0 if language == "vi" else 1]


def row_kind(kind: str, language: Language) -> str:
    """What a row that is no record is, in words."""
    return ROW_KINDS.get(kind, (kind, kind))[0 if language == "vi" else 1]


def left_out_lines(rows: Iterable[LeftOut], language: Language) -> Iterator[str]:
    """Rows that are no records, each in a line; of many of one kind one line says how many and where."""
    by_kind: dict[str, list[LeftOut]] = defaultdict(list)
    for row in rows:
        by_kind[row.kind].append(row)
    one, many = ("dòng", "dòng") if language == "vi" else ("row", "rows")
    for kind, found in by_kind.items():
        words = row_kind(kind, language)
        if len(found) > _LISTED_SINGLY:
            yield f"{len(found)} {words}: {many} {_runs([row.row_number for row in found])}"
        else:
            yield from (
                f"{one.capitalize()} {row.row_number}{row.text and f': {row.text}'} ({words})"
                for row in found
            )


def _runs(numbers: Sequence[int]) -> str:
    """Row numbers with neighbours drawn together: '7-110, 113'."""
    runs: list[tuple[int, int]] = []
    for number in numbers:
        if runs and number == runs[-1][1] + 1:
            runs[-1] = (runs[-1][0], number)
        else:
            runs.append((number, number))
    told = [str(first) if first == last else f"{first}-{last}" for first, last in runs[:_LISTED_RUNS]]
    return ", ".join(told) + (", …" if len(runs) > _LISTED_RUNS else "")


def where(problem: Mapping[str, Any], language: Language) -> str:
    """The cell of a quarantined problem where there is one, else its row: 'Biểu 04, E12', 'dòng 7'."""
    row = f"{'dòng' if language == 'vi' else 'row'} {problem['row_number']}"
    return ", ".join(part for part in (problem["sheet"], problem["cell"] or row) if part)


def period_label(period: str) -> str:
    """A canonical period as forms print it: `2026-03` is 'Tháng 3/2026', `2026-Q1` 'Quý I/2026'."""
    year, _, part = period.partition("-")
    if part.startswith("Q"):
        return f"Quý {_QUARTERS[int(part[1]) - 1]}/{year}"
    if part.startswith("H"):
        return f"6 tháng {'đầu' if part == 'H1' else 'cuối'} năm {year}"
    return f"Tháng {int(part)}/{year}" if part.isdigit() else f"Năm {year}" if year.isdigit() else period


def unit_words(unit: str) -> str:
    """A canonical unit in words: `million_dong` is 'triệu đồng'."""
    return UNITS[unit].spellings[0]


def said(word: str, language: Language) -> str:
    """A form, unit or period of a submission; in words where the file did not say it."""
    vi, en = _UNSAID.get(word, (word, word))
    return vi if language == "vi" else en
