from datetime import date

import pytest
from sheet_grids import merged, sheet

from tiendo.intake.layout import find_table

HEADER = ["Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Dân số"]
RECORD = ["24133", "Phường Buôn Ma Thuột", "03/2026", "1.000"]


def at(table):
    """Header rows, first data row and number of rows."""
    return *table.header_rows, table.first_row, len(table.row_numbers)


def test_header_in_the_first_row():
    table = find_table(sheet(HEADER, RECORD, RECORD))
    assert at(table) == (1, 1, 2, 2)
    assert table.headers == tuple(HEADER)
    assert table.column_numbers == (1, 2, 3, 4)
    assert table.columns[3] == ["1.000", "1.000"]
    assert table.above == ()


def test_titles_decision_and_unit_line_above_a_table_that_begins_at_column_c():
    table = find_table(
        sheet(
            ["UBND TỈNH ĐẮK LẮK", None, None, None, "Biểu số 04"],
            [],
            [None, None, "BÁO CÁO PHỦ SÓNG THÁNG 3 NĂM 2026"],
            [None, None, "(Kèm theo Công văn số 12/UBND ngày 5 tháng 4 năm 2026)"],
            [None, None, None, None, "Đơn vị tính: người"],
            [None, None, *HEADER],
            [None, None, *RECORD],
            merges=merged("A1:B1", "C3:F3", "C4:F4"),
        )
    )
    assert at(table) == (6, 6, 7, 1)
    assert table.column_numbers == (3, 4, 5, 6)
    assert table.above[:2] == ("UBND TỈNH ĐẮK LẮK", "Biểu số 04")


def test_state_motto_merged_over_the_whole_table_is_no_header():
    table = find_table(
        sheet(
            ["SỞ TÀI CHÍNH", None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", None],
            ["PHÒNG NGÂN SÁCH", None, "Độc lập - Tự do - Hạnh phúc", None],
            ["Tên khoản", "Dự toán", "Quyết toán", "Tỷ lệ"],
            ["Chi thường xuyên", 10, 9, 0.9],
            merges=merged("A1:B1", "C1:D1", "A2:B2", "C2:D2"),
        )
    )
    assert at(table) == (3, 3, 4, 1)


def test_unknown_title_of_two_parts_directly_above_the_header():
    table = find_table(
        sheet(
            ["PHÒNG CHUYỂN ĐỔI SỐ", None, None, "BẢNG TỔNG HỢP", None, None],
            ["Khoản", "Năm nay", "Năm ngoái", "Ước", "Còn lại", "Tỷ lệ"],
            ["Đường truyền", 1, 2, 3, 4, 5],
            merges=merged("A1:C1", "D1:F1"),
        )
    )
    assert at(table) == (2, 2, 3, 1)
    assert table.header_paths[1] == ("Năm nay",)


def test_labels_with_values_above_the_header():
    table = find_table(
        sheet(["Đơn vị báo cáo", "Xã Ea Kao"], ["Kỳ báo cáo", "Quý I năm 2026"], HEADER, RECORD, RECORD)
    )
    assert at(table) == (3, 3, 4, 2)
    assert table.above == ("Đơn vị báo cáo", "Xã Ea Kao", "Kỳ báo cáo", "Quý I năm 2026")


def test_misspelt_headers_are_still_the_header():
    table = find_table(
        sheet(
            ["BÁO CÁO THÁNG 3"],
            ["Mã đơn vịi", "Tên dơn vi hành chính", "Kì baó cáoo", "Dân só"],
            RECORD,
            merges=merged("A1:D1"),
        )
    )
    assert at(table) == (2, 2, 3, 1)


def test_parts_set_beside_their_whole():
    table = find_table(
        sheet(
            ["STT", "Nội dung", "Dự toán", "Trong đó:", None, "Quyết toán", "Bao gồm", None, "So sánh (%)"],
            [None, None, None, "Ngân sách\ncấp tỉnh", "Huyện", None, "Ngân sách cấp tỉnh", "Huyện", None],
            [],
            ["A", "B", "1=2+3", 2, 3, "4=5+6", "5", "6", "7=4/1"],
            [None, "TỔNG CHI", 3, 2, 1, 3, 2, 1, 100],
            merges=merged("A1:A3", "B1:B3", "C1:C3", "D1:E1", "F1:F3", "G1:H1", "I1:I3", "D2:D3", "E2:E3"),
        )
    )
    assert table.header_rows == (1, 3)
    assert table.header_paths[2:9] == (
        ("Dự toán",),
        ("Dự toán", "Ngân sách cấp tỉnh"),
        ("Dự toán", "Huyện"),
        ("Quyết toán",),
        ("Quyết toán", "Ngân sách cấp tỉnh"),
        ("Quyết toán", "Huyện"),
        ("So sánh (%)",),
    )
    assert table.headers[3] == "Dự toán Ngân sách cấp tỉnh"
    assert [(row.row_number, row.kind) for row in table.left_out] == [(4, "column_numbers")]
    assert table.first_row == 5


def test_parts_within_parts_and_parts_below_their_whole():
    table = find_table(
        sheet(
            ["STT", "Tổng số", "Bao gồm", None, None, "Thường xuyên", None],
            [None, None, "Trong nước", "Trong đó", None, "Trong đó:", None],
            [None, None, None, "Giáo dục", "Khoa học", "Y tế", "Văn hóa"],
            [1, 6, 5, 4, 3, 2, 1],
            merges=merged("A1:A3", "B1:B3", "C1:E1", "C2:C3", "D2:E2", "F1:G1", "F2:G2"),
        )
    )
    assert table.header_paths[1:] == (
        ("Tổng số",),
        ("Tổng số", "Trong nước"),
        ("Tổng số", "Trong nước", "Giáo dục"),
        ("Tổng số", "Trong nước", "Khoa học"),
        ("Thường xuyên", "Y tế"),
        ("Thường xuyên", "Văn hóa"),
    )


def test_groups_without_merged_cells():
    table = find_table(
        sheet(
            ["STT", "Nội dung", "Dự toán", None, "Quyết toán", None],
            [None, None, "Tỉnh", "Xã", "Tỉnh", "Xã"],
            [1, "Chi thường xuyên", 4, 3, 2, 1],
        )
    )
    assert table.header_rows == (1, 2)
    assert table.headers == (
        "STT",
        "Nội dung",
        "Dự toán Tỉnh",
        "Dự toán Xã",
        "Quyết toán Tỉnh",
        "Quyết toán Xã",
    )


def test_six_rows_without_merged_cells_before_the_column_numbers():
    table = find_table(
        sheet(
            ["Đơn vị: Triệu đồng."],
            ["S", None, "tổng thu", "Tỷ lệ"],
            ["T", "tỉnh, thành phố", "NSNN", "phân chia"],
            ["T", None, "trên địa bàn", "các nguồn"],
            [None, None, "các tỉnh", "thu cho"],
            [None, None, "trực thuộc", "NSĐP"],
            [None, None, "trung ương"],
            ["A", "B", 1, 2],
            [None, "Tổng số", 3, 4],
        )
    )
    assert table.header_rows == (2, 7)
    assert table.headers == (
        "S T T",
        "tỉnh, thành phố",
        "tổng thu NSNN trên địa bàn các tỉnh trực thuộc trung ương",
        "Tỷ lệ phân chia các nguồn thu cho NSĐP",
    )
    assert table.first_row == 9


def test_words_of_known_headers_below_each_other_without_column_numbers():
    table = find_table(
        sheet(
            ["BÁO CÁO PHỦ SÓNG 5G"],
            ["Mã", "Tên", "Kỳ", "Dân", "Dân"],
            ["đơn", "đơn", "báo", "số", "số được"],
            ["vị", "vị", "cáo", None, "phủ sóng"],
            [None, None, None, None, "5G"],
            [*RECORD, 400],
            merges=merged("A1:E1"),
        )
    )
    assert table.header_rows == (2, 5)
    assert table.headers == (*HEADER, "Dân số được phủ sóng 5G")


@pytest.mark.parametrize(
    "numbers",
    [
        ["A", "B", "1", "2"],
        ["(1)", "(2)", "(3)", "(4)"],
        [1.0, 2.0, 3.0, 4.0],
        ["A", "B", "1=2+7", "2"],
        ["A", "B", "C", "D"],
        ["A", "B", "(1)", "(2=1/3)"],
        ["A", "B", 1.0, "#REF!"],
    ],
)
def test_column_numbers_are_no_record(numbers):
    table = find_table(sheet(HEADER, numbers, RECORD))
    assert [row.kind for row in table.left_out] == ["column_numbers"]
    assert list(table.row_numbers) == [3]


@pytest.mark.parametrize("record", [["1", "2", "4", "8"], ["A", "Chi cân đối", 1, 2], ["24133", "x", 1, 2]])
def test_records_are_no_column_numbers(record):
    assert len(find_table(sheet(HEADER, record, RECORD)).row_numbers) == 2


@pytest.mark.parametrize(
    "record",
    [
        ["24133", "Xã Ea Kao", "03/2026", "1.234,5"],
        ["24133", "Xã Ea Kao", date(2026, 3, 31), 1234],
        ["Hà Nội", "Xã Ea Kao", "tháng ba", "nhiều"],
    ],
)
def test_records_are_no_header(record):
    assert at(find_table(sheet(HEADER, record))) == (1, 1, 2, 1)


def test_years_as_headers():
    table = find_table(sheet(["Biểu 3"], ["Chỉ tiêu", 2024, 2025], ["GRDP", 10, 12]))
    assert table.headers == ("Chỉ tiêu", "2024", "2025")


def test_header_without_rows_is_a_table():
    table = find_table(sheet(["BÁO CÁO THÁNG 3 NĂM 2026"], HEADER, merges=merged("A1:D1")))
    assert at(table) == (2, 2, None, 0)
    assert table.columns == ([], [], [], [])


def test_merged_header_that_reaches_below_the_last_row():
    table = find_table(sheet(HEADER, merges=merged("A1:A3", "B1:B3", "C1:C3", "D1:D3", "F1:F3")))
    assert at(table) == (1, 1, None, 0)


def test_one_column_is_a_table():
    assert find_table(sheet(["Danh sách"], ["Mã hồ sơ"], ["H66.1"], ["H66.2"])).headers == ("Mã hồ sơ",)


@pytest.mark.parametrize("rows", [[], [[None, " "], ["", "\n"]]])
def test_empty_sheets_hold_no_table(rows):
    assert find_table(sheet(*rows)) is None


def test_a_sheet_of_notes_keeps_its_texts():
    table = find_table(sheet(["Hướng dẫn"], ["1. Điền đủ các cột"]))
    assert (table.headers, table.columns) == (("Hướng dẫn",), (["1. Điền đủ các cột"],))


def test_header_printed_again_on_the_next_page():
    table = find_table(sheet(HEADER, ["A", "B", 1, 2], RECORD, HEADER, ["A", "B", 1, 2], RECORD))
    assert list(table.row_numbers) == [3, 6]
    assert [row.kind for row in table.left_out] == ["column_numbers", "repeated_header", "column_numbers"]


def test_header_of_two_rows_printed_again():
    head = [["Mã đơn vị", "Tên đơn vị", "Dân số", None], [None, None, "Nam", "Nữ"]]
    row = ["24133", "Xã Ea Kao", 5, 5]
    table = find_table(sheet(*head, row, *head, row, merges=merged("A1:A2", "B1:B2", "C1:D1")))
    assert list(table.row_numbers) == [3, 6]
    assert [row.kind for row in table.left_out] == ["repeated_header", "repeated_header"]


def test_two_files_put_together_with_a_second_byte_order_mark():
    assert list(find_table(sheet(HEADER, RECORD, ["\ufeffMã đơn vị", *HEADER[1:]], RECORD)).row_numbers) == [
        2,
        4,
    ]


def test_words_merged_over_rows_stand_for_each_and_amounts_do_not():
    table = find_table(
        sheet(
            HEADER,
            ["24133", "Xã Ea Kao", "03/2026", "1.000"],
            ["24154", None, None, None],
            merges=merged("B2:B3", "C2:C3", "D2:D3"),
        )
    )
    assert table.columns[1:] == (["Xã Ea Kao"] * 2, ["03/2026"] * 2, ["1.000", None])


def test_thousands_of_styled_empty_rows_vanish():
    rows = [HEADER, RECORD, *[[None] * 4, ["", "  ", "", ""]] * 2_000, RECORD]
    assert list(find_table(sheet(*rows)).row_numbers) == [2, 4003]


def test_heading_merged_over_an_empty_column_belongs_to_the_filled_one():
    table = find_table(
        sheet(
            ["Mã đơn vị", "Tên đơn vị", None, "Kỳ báo cáo", "Dân số", None],
            ["24133", "Xã Ea Kao", None, "03/2026", None, 1000],
            merges=merged("B1:C1", "E1:F1"),
        )
    )
    assert table.headers == ("Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Dân số")
    assert table.column_numbers == (1, 2, 4, 6)


def test_text_hidden_below_a_merged_cell_is_not_read():
    table = find_table(
        sheet(
            ["STT", "Nội dung", "Quyết toán năm 2013"],
            [None, None, "năm 2011"],
            [1, "Tổng thu", 5],
            merges=merged("A1:A2", "B1:B2", "C1:C2"),
        )
    )
    assert table.headers == ("STT", "Nội dung", "Quyết toán năm 2013")
    assert table.header_rows == (1, 2)


def test_column_without_a_header_keeps_its_values():
    table = find_table(sheet(HEADER, [*RECORD, None, "xem lại"]))
    assert table.headers == (*HEADER, "")
    assert (table.column_numbers[-1], table.columns[-1]) == (6, ["xem lại"])
