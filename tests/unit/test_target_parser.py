"""The parser of target cells: against all given columns of the registry, per spelling, and on any text."""

import csv
import re
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tiendo.registry.tables import TARGET_KINDS, UNITS
from tiendo.registry.targets import TEXT, ParsedTarget, Per, TargetKind, parse_number_vi, parse_target
from tiendo.settings import SHIPPED_PLANS

DIFFERENCES = Path(__file__).parents[1] / "fixtures" / "target_parser_differences.csv"
FIELDS = ("target_kind", "target_low", "target_high", "unit", "per", "strict")


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def as_written(parsed: ParsedTarget) -> dict[str, str]:
    """A reading in the spelling of the given columns."""
    low, high = ("" if bound is None else f"{bound.normalize():f}" for bound in (parsed.low, parsed.high))
    values = (parsed.kind, low, high, parsed.unit, parsed.per, "yes" if parsed.strict else "no")
    return dict(zip(FIELDS, values, strict=True))


def test_every_difference_from_the_given_columns_is_listed_and_no_other():
    rows = read_csv(SHIPPED_PLANS / "plan_targets.csv")
    assert len(rows) == 609
    actual = {
        (row["plan_id"], row["row_ref"], row["milestone_year"], field, row[field], parsed)
        for row in rows
        for field, parsed in as_written(parse_target(row["target_raw"], row["unit_raw"])).items()
        if row[field] != parsed
    }
    listed = [tuple(row.values())[:6] for row in read_csv(DIFFERENCES)]
    assert len(listed) == len(set(listed))
    assert set(listed) == actual


def test_reasons_quote_words_that_the_plan_really_holds():
    names = {
        (row["plan_id"], row["row_ref"]): row["name_vi"]
        for row in read_csv(SHIPPED_PLANS / "plan_targets.csv")
    }
    tasks = {(row["plan_id"], row["row_ref"]): row for row in read_csv(SHIPPED_PLANS / "plan_tasks.csv")}
    for row in read_csv(DIFFERENCES):
        key = (row["plan_id"], row["row_ref"])
        quoted = re.search(r"\('(.+?)'\)", row["reason"])
        assert quoted is not None, row
        said = names[key]
        if "of the task row" in row["reason"]:
            said = tasks[key]["kpi_vi"] + tasks[key]["deadline_raw"]
        assert quoted[1] in said, row


def test_comparator_and_bounds_differ_only_where_a_bare_word_stands():
    fields = [
        row for row in read_csv(DIFFERENCES) if row["field"] in {"target_kind", "target_low", "target_high"}
    ]
    assert {row["row_ref"] for row in fields} == {"I.1.2.3.2-2", "I.1.2.3.2-7b"}
    assert len(fields) == 6


def reading(
    kind: TargetKind, low: str | None, high: str | None, unit: str, *, strict: bool = False, per: Per = ""
) -> ParsedTarget:
    lower, upper = (None if bound is None else Decimal(bound) for bound in (low, high))
    return ParsedTarget(kind, lower, upper, unit, strict, per)


@pytest.mark.parametrize(
    ("target_raw", "unit_raw", "expected"),
    [
        ("≥ 60%", "%", reading("at_least", "60", None, "percent")),
        ("≥30", "", reading("at_least", "30", None, "count")),
        ("≥ 04", "", reading("at_least", "4", None, "count")),
        ("≥70 %", "%", reading("at_least", "70", None, "percent")),
        (">= 60%", "%", reading("at_least", "60", None, "percent")),
        ("$\\geq 0,65$", "", reading("at_least", "0.65", None, "index_0_1")),
        ("≥ 0.60", "", reading("at_least", "0.6", None, "index_0_1")),
        ("tối thiểu 03", "gói", reading("at_least", "3", None, "count")),
        ("Ít nhất 3 Trung tâm IOC", "Trung tâm IOC", reading("at_least", "3", None, "count")),
        ("từ 60% dân số trở lên", "%", reading("at_least", "60", None, "percent")),
        ("10% trở lên", "%", reading("at_least", "10", None, "percent")),
        ("đạt từ 60% trở lên", "%", reading("at_least", "60", None, "percent")),
        ("> 2%", "%", reading("at_least", "2", None, "percent", strict=True)),
        ("trên 85%", "%", reading("at_least", "85", None, "percent", strict=True)),
        ("tối đa 80%", "%", reading("at_most", None, "80", "percent")),
        ("trong vòng 24 giờ", "giờ", reading("at_most", None, "24", "hour")),
        ("không quá 24 giờ", "", reading("at_most", None, "24", "hour")),
        ("dưới 5%", "%", reading("at_most", None, "5", "percent", strict=True)),
        ("từ 5% trở xuống", "%", reading("at_most", None, "5", "percent")),
        ("top 10", "", reading("at_most", None, "10", "rank")),
        ("nhóm 15 tỉnh dẫn đầu", "", reading("at_most", None, "15", "rank")),
        ("80-90%", "%", reading("range", "80", "90", "percent")),
        ("15 - 20", "", reading("range", "15", "20", "count")),
        ("15 \N{EN DASH} 20", "", reading("range", "15", "20", "count")),
        ("từ 15 đến 20 dự án", "", reading("range", "15", "20", "project")),
        ("100%", "%", reading("equal", "100", "100", "percent")),
        ("100", "%", reading("equal", "100", "100", "percent")),
        ("đạt 95%", "%", reading("equal", "95", "95", "percent")),
        ("95% dân số", "%", reading("equal", "95", "95", "percent")),
        ("07", "", reading("equal", "7", "7", "count")),
        ("3 Phường", "Phường", reading("equal", "3", "3", "count")),
        ("1.139", "thủ tục hành chính", reading("equal", "1139", "1139", "count")),
        ("toàn bộ", "", reading("equal", "100", "100", "percent")),
        ("≥ 1,0% GRDP", "% GRDP", reading("at_least", "1", None, "percent_grdp")),
        ("≥ 14,5", "%GRDP", reading("at_least", "14.5", None, "percent_grdp")),
        ("Đạt 2% GRDP", "", reading("equal", "2", "2", "percent_grdp")),
        ("ít nhất 3,4% ngân sách", "%", reading("at_least", "3.4", None, "percent_budget")),
        ("1,5% trở lên trong tổng chi ngân sách", "%", reading("at_least", "1.5", None, "percent_budget")),
        ("≥ 01 dự án", "dự án", reading("at_least", "1", None, "project")),
        ("≥ 7", "người/vạn dân", reading("at_least", "7", None, "per_10k_people")),
        ("≥ 90 điểm", "", reading("at_least", "90", None, "score")),
        ("≥ 90", "điểm phát sóng", reading("at_least", "90", None, "count")),
        ("≥ 10 lượt/năm", "lượt/năm", reading("at_least", "10", None, "count", per="year")),
        ("≥ 10", "lượt/năm", reading("at_least", "10", None, "count", per="year")),
        ("10/năm", "", reading("equal", "10", "10", "count", per="year")),
        ("ít nhất 3% hằng năm", "%", reading("at_least", "3", None, "percent", per="year")),
        ("Có", "-", reading("boolean", "1", "1", "boolean")),
        ("Ứng dụng", "", reading("boolean", "1", "1", "boolean")),
        ("Hoàn thành", "", reading("boolean", "1", "1", "boolean")),
        ("Hoàn thành trong quý I/2026", "", reading("boolean", "1", "1", "boolean")),
        ("năm 2026 xây dựng", "", reading("boolean", "1", "1", "boolean")),
        ("Khá", "", reading("rank_text", None, None, "text")),
        ("Đạt mức trung bình khá trong cả nước", "", reading("rank_text", None, None, "text")),
    ],
)
def test_spelling(target_raw: str, unit_raw: str, expected: ParsedTarget):
    assert parse_target(target_raw, unit_raw) == expected


@pytest.mark.parametrize(
    "target_raw",
    [
        "",
        "-",
        "....%",
        "\N{HORIZONTAL ELLIPSIS}%",
        "hai con số",
        "đầy đủ",
        "góp phần nâng cao",
        "Duy trì/nâng cấp",
        "đạt, vượt chỉ tiêu tỉnh giao",
    ],
)
def test_words_blanks_and_dashes_are_text(target_raw: str):
    assert parse_target(target_raw, "%") == TEXT


@pytest.mark.parametrize(
    "target_raw",
    [
        "20-15",
        "9/2026",
        "5G phủ toàn tỉnh",
        "6 tháng đầu năm",
        "≥ 2 triệu hồ sơ",
        "1.23.456",
        "≥ 1 000",
        "80% năm 2026, 90% năm 2030",
        "top 10%",
        "hoàn thành trước hạn 95%",
        "≥ 5 lượt/tháng",
    ],
)
def test_a_number_that_is_not_understood_is_never_guessed(target_raw: str):
    assert parse_target(target_raw, "") == TEXT


def test_composed_and_decomposed_accents_read_the_same():
    assert parse_target("to\u0302\u0301i thie\u0302\u0309u 03", "") == parse_target("tối thiểu 03", "")


def test_missing_cells_are_text():
    assert parse_target(None, None) == TEXT


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("07", "7"),
        ("14,5", "14.5"),
        ("0.60", "0.6"),
        ("0.600", "0.6"),
        ("1.139", "1139"),
        ("1.234.567", "1234567"),
        ("1.234,5", "1234.5"),
        ("1,234.5", "1234.5"),
        ("1,234,567", "1234567"),
        ("1,139", "1.139"),
    ],
)
def test_number(text: str, value: str):
    assert parse_number_vi(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "-", "1.2.3", "1,2,3", "1.2345.678", "12.34,5", "١٢", "1 000", "5e3"])
def test_not_a_number(text: str):
    assert parse_number_vi(text) is None


PIECES = (
    "≥ > ≤ < = - . , / % $ \\geq đạt từ đến trở lên xuống tối thiểu đa ít nhất top nhóm trong vòng giờ năm "
    "GRDP có hoàn thành toàn bộ 0 07 1.139 14,5 80-90 0.60 99999999999999999999 ٣"
)
words = st.sampled_from(PIECES.split())


@given(st.text() | st.lists(words).map(" ".join) | st.lists(words).map("".join), st.text() | words)
@example("٣%", "%")
@example("9" * 5000, "")
def test_any_text_has_one_lawful_reading(target_raw: str, unit_raw: str):
    parsed = parse_target(target_raw, unit_raw)
    assert parsed == parse_target(target_raw, unit_raw)
    assert parsed.kind in TARGET_KINDS
    assert parsed.unit in UNITS
    has_bounds = {
        "at_least": (True, False),
        "at_most": (False, True),
        "rank_text": (False, False),
        "qualitative": (False, False),
    }.get(parsed.kind, (True, True))
    assert (parsed.low is not None, parsed.high is not None) == has_bounds
    if parsed.low is not None and parsed.high is not None:
        assert parsed.low <= parsed.high


def vietnamese(number: Decimal) -> str:
    """1234.5 as '1.234,5'."""
    return f"{number:,f}".translate(str.maketrans(".,", ",."))


numbers = st.decimals(min_value=0, max_value=10**12, places=2) | st.integers(0, 10**12).map(Decimal)


@given(numbers)
def test_a_number_in_vietnamese_spelling_reads_back(number: Decimal):
    assert parse_number_vi(vietnamese(number)) == number


@given(numbers, numbers, st.sampled_from(["-", " - ", " đến "]))
def test_a_range_reads_back(one: Decimal, other: Decimal, sign: str):
    low, high = sorted((one, other))
    parsed = parse_target(f"{vietnamese(low)}{sign}{vietnamese(high)}%", "%")
    assert parsed == ParsedTarget("range", low, high, "percent")


@given(numbers, st.sampled_from(["≥ {}%", "ít nhất {}%", "từ {}% trở lên", "{} % trở lên"]))
def test_a_lower_bound_reads_back(number: Decimal, spelling: str):
    parsed = parse_target(spelling.format(vietnamese(number)), "%")
    assert parsed == ParsedTarget("at_least", number, None, "percent")
