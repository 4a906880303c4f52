import polars as pl
import pytest
from sheet_grids import sheet

from tiendo.intake.contracts import load_contract
from tiendo.intake.headers import match_headers
from tiendo.intake.identify import identify
from tiendo.intake.layout import find_table
from tiendo.intake.row_kinds import leave_out
from tiendo.intake.tables import Table

HEADER = ["STT", "Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Dân số", "Số trạm 5G"]
PATHS = tuple((header,) for header in HEADER)


def record(number, org="24133", population=1000):
    return [number, org, "Xã Ea Kao", "03/2026", population, 3]


def read(*rows, header=HEADER, form="coverage"):
    (table,) = identify([find_table(sheet(header, *rows))], form).tables
    kinds = [(row.row_number, row.kind) for row in table.left_out]
    assert sorted([*table.row_numbers, *(row for row, _ in kinds)]) == [*range(2, len(rows) + 2)]
    return kinds


def test_groups_totals_unused_lines_notes_and_signatures_are_no_records():
    kinds = read(
        ["I", None, "Khu vực phía Đông"],
        record(1),
        ["II", None, "Khu vực phía Tây", None, 500, 2],
        record(2),
        [None, "Tổng cộng", None, None, 2000, 6],
        [3],
        [4, None, None, None, 0, 0.0],
        ["Ghi chú: (1) Số liệu ước tính"],
        [None, "(2) Chưa gồm thôn mới chia tách"],
        [None, None, None, "Ea Kao, ngày 31 tháng 3 năm 2026"],
        [None, "NGƯỜI LẬP BIỂU", None, None, "TM. ỦY BAN NHÂN DÂN"],
        [None, "(Ký, ghi rõ họ tên)", None, None, "CHỦ TỊCH"],
        [None, "Nguyễn Văn A", None, None, "Trần Thị B"],
    )
    assert kinds == [
        (2, "group"),
        (4, "group"),
        (6, "total"),
        (7, "empty_line"),
        (8, "empty_line"),
        (9, "note"),
        (10, "note"),
        (11, "note"),
        (12, "note"),
        (13, "note"),
        (14, "note"),
    ]


def test_names_of_those_who_sign_are_not_kept():
    grid = sheet(HEADER, record(1), ["Người lập: Nguyễn Văn A"], [None, None, "Nguyễn Văn A", None, "Trần B"])
    (table,) = identify([find_table(grid)]).tables
    assert [row.text for row in table.left_out] == ["Người lập biểu", "ghi chú"]


@pytest.mark.parametrize(
    "row",
    [
        [2, None, "Xã Ea Kao", "03/2026", 1000, 3],
        [2, "24133", None, None, None, 3],
        [2, "24133", "Xã Ea Kao", "03/2026", "-", None],
        [2, "24133", "Tổng cộng", None, 500, 3],
        [2, None, "Xã Ea Kao", None, None, None],
        [2, None, "Xã Ea Kao", None, "Ghi chú: chưa có số liệu", None],
        [None, "Xã Ea Kao", None, None, None, None],
        [None, None, None, "03/2026", 1000, None],
        [None, None, "Tổng công ty Viễn thông MobiFone", "03/2026", 1000, None],
        [None, None, None, None, 1000, None],
        ["A", None, "Xã Ea Kao", "UBND xã", "nghìn", None],
    ],
)
def test_bad_records_are_never_taken_for_headings(row):
    assert read(record(1), row, record(3)) == []
    assert read(record(1), row) == []


@pytest.mark.parametrize(
    "row", [[2, "24154", "Xã Ea Ktur", "03/2026"], [None, "24154"], [2, "24154", None, "03/2026", " ", ""]]
)
def test_a_row_that_holds_only_what_a_template_prefills_is_not_filled_in(row):
    # Typed by hand or prefilled, it has no figure to lose, and the receipt names its code.
    assert read(record(1), row, record(3)) == [(3, "empty_line")]
    assert read(row, row) == [(2, "empty_line"), (3, "empty_line")]
    grid = sheet(HEADER, record(1), row)
    assert [left.text for left in identify([find_table(grid)]).tables[0].left_out] == ["24154"]


def test_a_row_with_a_remark_beside_it_or_without_any_other_column_of_figures_stays():
    row = [2, "24154", "Xã Ea Ktur", "03/2026", None, None]
    assert read([*record(1), None], [*row, "chưa đo"], header=[*HEADER, "Giải thích"]) == []
    short = ["Mã chỉ tiêu", "Mã đơn vị", "Kỳ báo cáo", "Ghi chú"]
    assert read(["infra_5g_coverage", "66", "03/2026"], header=short, form="indicator_report") == []


def test_a_row_whose_clerk_chose_something_is_begun_and_told_what_it_lacks():
    header = ["Mã chỉ tiêu", "Mã đơn vị", "Kỳ báo cáo", "Cách tính", "Giá trị"]
    row = ["infra_5g_coverage", "66", "03/2026"]
    rows = [[*row, "Trong kỳ", None], [*row, None, None]]
    assert read(*rows, header=header, form="indicator_report") == [(3, "empty_line")]


def test_forms_that_no_template_fills_in_period_by_period_keep_such_rows():
    header = ["Mã lần nộp", "Lý do", "Số văn bản", "Ngày ký"]
    assert read(["20260405T010203-abc"], header=header, form="withdrawal") == []


def test_a_line_below_signatures_that_bears_figures_is_a_record():
    assert read(record(1), ["Nơi nhận: như trên"], [None, None, "Xã Ea Kao", "03/2026", 900, 1]) == [
        (3, "note")
    ]


def test_a_remark_between_records_is_quarantined_as_one():
    assert read(record(1), [None, None, "Ghi chú: xã mới"], record(2)) == []


@pytest.mark.parametrize(
    "words", ["Tổng cộng", "TỔNG SỐ:", "Cộng", "Toàn tỉnh", "Tổng cộng toàn tỉnh (102 xã)", "Cộng trang 1"]
)
def test_totals(words):
    assert read(record(1), [words, None, None, None, 9], [None, words, None, "03/2026", 9]) == [
        (3, "total"),
        (4, "total"),
    ]


@pytest.mark.parametrize(
    "row",
    [
        ["I", None, "Khu vực phía Đông"],
        ["A.", None, "Các phường"],
        [None, None, "II. Các xã khu vực III"],
        [None, None, "Trong đó:"],
        ["Khu vực biên giới"],
        [None, "Khu vực biên giới"],
    ],
)
def test_groups(row):
    assert read(record(1), row, record(2)) == [(3, "group")]


def test_records_numbered_like_groups_stay():
    assert read(record("I"), ["II", None, "Xã Ea Kao", "03/2026", 900, 3], record("III")) == []


def test_published_forms_keep_groups_and_totals_and_leave_out_what_follows():
    header = ["STT", "Nội dung", "Dự toán", "Quyết toán"]
    titles = sheet(
        ["UBND TỈNH ĐẮK LẮK", None, None, "Biểu số 64/CK-NSNN"],
        ["Đơn vị: Triệu đồng"],
        header,
        [None, "TỔNG CỘNG", 5, 6],
        ["A", "CHI CÂN ĐỐI", 5, 6],
        [None, "Trong đó:", None, None],
        ["I", "Chi đầu tư phát triển", 5, 6],
        ["VII", "CHI CHUYỂN NGUỒN", None, None],
        [None, None, 0.0, 0.0],
        ["Ghi chú:"],
        [None, "(1) Không gồm chi trả nợ gốc"],
    )
    (table,) = identify([find_table(titles)]).tables
    assert list(table.row_numbers) == [4, 5, 6, 7, 8]
    assert [row.kind for row in table.left_out] == ["empty_line", "note", "note"]


def test_an_extract_with_only_a_note_below_is_a_nil_report():
    header = ["Mã hồ sơ", "Mã TTHC", "Mã đơn vị tiếp nhận", "Ngày tiếp nhận", "Kênh tiếp nhận", "Trạng thái"]
    assert read(["Ghi chú: không phát sinh hồ sơ"], header=header, form="dossier") == [(2, "note")]


def test_header_that_stands_again_in_a_long_text_file():
    rows = [[str(cell) for cell in record(1)], HEADER, [str(cell) for cell in record(2)]]
    columns = tuple(pl.Series(column, dtype=pl.String) for column in zip(*rows, strict=True))
    contract = load_contract("coverage")
    table = Table(None, columns, pl.Series([2, 3, 4], dtype=pl.Int64), PATHS, tuple(range(1, 1 + len(PATHS))))
    left = leave_out(table, match_headers(HEADER, contract), contract).left_out
    assert [(row.row_number, row.kind) for row in left] == [(3, "repeated_header")]


def test_columns_of_series_give_the_same_as_lists():
    rows = [
        record(1),
        ["I", None, "Khu vực"],
        ["Tổng cộng"],
        *[record(n) for n in range(3_000)],
        [9],
        [9, "24133", None, "03/2026"],
        ["Nơi nhận:"],
    ]
    texts = [
        [None if cell is None else str(cell) for cell in (*row, *[None] * (6 - len(row)))] for row in rows
    ]
    columns = tuple(pl.Series(column, dtype=pl.String) for column in zip(*texts, strict=True))
    numbers = pl.int_range(2, len(rows) + 2, eager=True, dtype=pl.Int64)
    contract = load_contract("coverage")
    table = Table(None, columns, numbers, PATHS, tuple(range(1, 1 + len(PATHS))))
    table = leave_out(table, match_headers(HEADER, contract), contract)
    assert [(row.row_number, row.kind) for row in table.left_out] == [
        (3, "group"),
        (4, "total"),
        (3005, "empty_line"),
        (3006, "empty_line"),
        (3007, "note"),
    ]
    assert {len(column) for column in table.columns} == {3_001} == {len(table.row_numbers)}
