"""The parser of deadline cells: against all given columns of the registry, per spelling, and on any text."""

import csv
import re
from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tiendo.intake.deadlines import Deadline, DeadlineKind, Recurrence, parse_deadline
from tiendo.registry.tables import PLAN_TASKS
from tiendo.settings import SHIPPED_PLANS

DIFFERENCES = Path(__file__).parents[1] / "fixtures" / "deadline_parser_differences.csv"
FIELDS = ("deadline_kind", "due_on", "start_on", "recurrence")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_written(parsed: Deadline) -> dict[str, str]:
    """A reading in the spelling of the given columns."""
    days = ("" if day is None else day.isoformat() for day in (parsed.due_on, parsed.start_on))
    return dict(zip(FIELDS, (parsed.kind, *days, parsed.recurrence or ""), strict=True))


def test_every_difference_from_the_given_columns_is_listed_and_no_other():
    rows = read_csv(SHIPPED_PLANS / "plan_tasks.csv")
    assert len(rows) == 496
    actual = {
        (row["plan_id"], row["row_ref"], field, row[field], parsed)
        for row in rows
        for field, parsed in as_written(parse_deadline(row["deadline_raw"])).items()
        if row[field] != parsed
    }
    listed = [tuple(row.values())[:5] for row in read_csv(DIFFERENCES)]
    assert len(listed) == len(set(listed)) == 7
    assert set(listed) == actual


def test_reasons_quote_words_that_the_plan_really_holds():
    tasks = {(row["plan_id"], row["row_ref"]): row for row in read_csv(SHIPPED_PLANS / "plan_tasks.csv")}
    for row in read_csv(DIFFERENCES):
        quoted = re.search(r"\('(.+?)'\)", row["reason"])
        assert quoted is not None, row
        task = tasks[row["plan_id"], row["row_ref"]]
        assert quoted[1] in " ".join((task["title_vi"], task["deliverable_vi"], task["deadline_raw"])), row


def reading(
    kind: DeadlineKind, due: str | None, start: str | None = None, recurrence: Recurrence | None = None
) -> Deadline:
    days = (None if day is None else date.fromisoformat(day) for day in (due, start))
    return Deadline(kind, *days, recurrence)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("31/12/2025", reading("date", "2025-12-31")),
        ("31/12//2025", reading("date", "2025-12-31")),
        ("1.7.2026", reading("date", "2026-07-01")),
        ("2026-07-01", reading("date", "2026-07-01")),
        ("Trước ngày 15/01/2026", reading("date", "2026-01-15")),
        ("Hoàn thành trước 15/11/2025", reading("date", "2025-11-15")),
        ("Chậm nhất ngày 30 tháng 6 năm 2026", reading("date", "2026-06-30")),
        ("Giai đoạn 1: 31/12/2025", reading("date", "2025-12-31")),
        ("Phấn đấu đến ngày 01/10/2025 chỉ tiếp nhận hồ sơ điện tử.", reading("date", "2025-10-01")),
        ("29/02/2028", reading("date", "2028-02-29")),
        ("03/2026", reading("month", "2026-03-31")),
        ("Tháng 2/2028", reading("month", "2028-02-29")),
        ("Trong tháng 01 năm 2026", reading("month", "2026-01-31")),
        ("Báo cáo Thường trực BCĐ trong tháng 01 năm 2026", reading("month", "2026-01-31")),
        ("Quý I/2026", reading("quarter", "2026-03-31")),
        ("Qúy II năm 2026", reading("quarter", "2026-06-30")),
        ("Quý 3 2026", reading("quarter", "2026-09-30")),
        ("Trong quý IV năm 2026", reading("quarter", "2026-12-31")),
        ("Trước quý IV/2026", reading("quarter", "2026-12-31")),
        ("Quý I/2026 hoàn thành Đề án; triển khai theo phân kỳ năm 2026", reading("quarter", "2026-03-31")),
        ("Phát động Quý IV/2025, sơ kết hàng năm", reading("quarter", "2025-12-31", None, "yearly")),
        ("2026", reading("year", "2026-12-31")),
        ("Trong năm 2026", reading("year", "2026-12-31")),
        ("Năm 2026 (hoàn thành phê duyệt bản…)", reading("year", "2026-12-31")),
        ("Thường xuyên trong năm 2026", reading("year", "2026-12-31", None, "continuous")),
        ("Năm học 2025 - 2026", reading("school_year", "2026-05-31")),
        ("6 tháng đầu năm 2026", reading("period", "2026-06-30", "2026-01-01")),
        ("Giai đoạn 2025-2030", reading("period", "2030-12-31", "2025-01-01")),
        ("2025 \N{EN DASH} 2030", reading("period", "2030-12-31", "2025-01-01")),
        ("Từ quý II/2026 đến quý I/2027", reading("period", "2027-03-31", "2026-04-01")),
        ("Thí điểm Quý IV/2025, triển khai toàn tỉnh 2026", reading("period", "2026-12-31", "2025-10-01")),
        ("2025 và các năm tiếp theo", reading("period", None, "2025-01-01", "continuous")),
        ("Từ năm 2026", reading("period", None, "2026-01-01", "continuous")),
        ("Thường xuyên", reading("recurring", None, None, "continuous")),
        ("Nhiệm vụ thường xuyên", reading("recurring", None, None, "continuous")),
        ("Định kỳ hàng năm", reading("recurring", None, None, "yearly")),
        ("Hằng quý", reading("recurring", None, None, "quarterly")),
        ("Trước ngày 20 hằng tháng", reading("recurring", None, None, "monthly")),
        ("Thường xuyên, báo cáo hằng tháng", reading("recurring", None, None, "monthly")),
        ("Định kỳ theo yêu cầu", reading("recurring", None)),
        ("Theo lộ trình được phê duyệt", reading("schedule", None)),
        ("Phân kỳ năm 2026 theo Quyết định số 204-QĐ/TW", reading("schedule", None)),
    ],
)
def test_spelling(text: str, expected: Deadline):
    assert parse_deadline(text) == expected


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("31/11/2025", "không có ngày 31/11/2025: tháng 11 chỉ có 30 ngày"),
        ("Trước ngày 29/02/2026", "tháng 2 chỉ có 28 ngày"),
        ("Ngày 30 tháng 2 năm 2028", "tháng 2 chỉ có 29 ngày"),
        ("15/13/2026", "không có tháng 13"),
        ("13/2026", "không có 13/2026"),
        ("Tháng 13/2026", "không có tháng 13/2026"),
        ("Quý V/2026", "không có quý V/2026"),
        ("Năm học 2025-2027", "không có năm học 2025 - 2027"),
        ("Từ 30/6/2026 đến 31/3/2026", "mốc sau (31/03/2026) trước mốc đầu (30/06/2026)"),
        ("Quý …/2026 (OCR hỏng)", "mất số quý"),
        ("… năm 2026", "có chỗ không đọc được"),
        ("", "để trống"),
        (" . ", "để trống"),
    ],
)
def test_what_cannot_be_says_which_part(text: str, part: str):
    parsed = parse_deadline(text)
    assert (parsed.kind, parsed.due_on) == ("unparseable", None)
    assert parsed.problem is not None
    assert part in parsed.problem[0]


@pytest.mark.parametrize(
    "text",
    ["30/6/26", "Tháng 6", "Quý I, II/2026", "Quý I và quý II/2026", "2 tháng sau 30/6/2026", "sớm nhất"],
)
def test_a_day_that_is_not_understood_is_never_guessed(text: str):
    assert parse_deadline(text).kind == "unparseable"


def test_composed_and_decomposed_accents_read_the_same():
    assert parse_deadline("Quy\u0301 I/2026") == parse_deadline("Quý I/2026")


PIECES = (
    "ngày tháng quý năm học trước sau từ đến và các tiếp theo hằng thường xuyên định kỳ giai đoạn I II IV V "
    "/ // - . , ; ( ) … 0 1 6 12 13 30 31 2025 2026 2027 31/11/2025 3/2026 lộ trình"
)
words = st.sampled_from(PIECES.split())


@given(st.text() | st.lists(words).map(" ".join) | st.lists(words).map("".join))
@example("٣/2026")
@example("9" * 5000)
@example("quý " + "i" * 5000 + "/2026")
def test_any_text_has_one_lawful_reading(text: str):
    parsed = parse_deadline(text)
    assert parsed == parse_deadline(text)
    assert parsed.kind in PLAN_TASKS.closed["deadline_kind"]
    assert (parsed.recurrence or "") in PLAN_TASKS.closed["recurrence"]
    assert (parsed.problem is not None) == (parsed.kind == "unparseable")
    is_named = parsed.kind in ("date", "month", "quarter", "year", "school_year")
    assert (parsed.due_on is not None) == is_named or parsed.kind == "period"
    assert (parsed.start_on is not None) == (parsed.kind == "period")
    if parsed.due_on is not None and parsed.start_on is not None:
        assert parsed.start_on <= parsed.due_on


days = st.dates(date(1901, 1, 1), date(2099, 12, 31))


@given(
    days,
    st.sampled_from(["{:%d/%m/%Y}", "Trước ngày {:%d-%m-%Y}", "{:%Y-%m-%d}", "ngày {:%d tháng %m năm %Y}"]),
)
def test_a_day_reads_back(day: date, spelling: str):
    assert parse_deadline(spelling.format(day)) == Deadline("date", day)


@given(days, st.sampled_from(["{:%m/%Y}", "Tháng {:%m/%Y}", "Trong tháng {:%m năm %Y}"]))
def test_the_last_day_of_a_month_counts(day: date, spelling: str):
    parsed = parse_deadline(spelling.format(day))
    assert parsed.kind == "month"
    assert parsed.due_on is not None
    assert (parsed.due_on.year, parsed.due_on.month) == (day.year, day.month)
    assert date.fromordinal(parsed.due_on.toordinal() + 1).day == 1


@given(st.integers(1900, 2098), st.integers(1, 50))
def test_a_range_of_years_reads_back(first: int, more: int):
    last = min(first + more, 2099)
    expected = Deadline("period", date(last, 12, 31), date(first, 1, 1))
    assert parse_deadline(f"Giai đoạn {first}-{last}") == expected
