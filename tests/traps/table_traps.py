"""Where the table is: titles, headers of many rows, rows that are no records, several and hidden sheets."""

from catalogue import rejected, trap
from makers import (
    COVERAGE,
    DOSSIER,
    EAST,
    PLAIN,
    TAKEN,
    WEST,
    book,
    document_row,
    dossier,
    five_g,
    old_book,
    open_document,
    text,
)
from makers import INDICATOR as INDICATOR_HEAD

BLANK = [None] * 6
TITLES = [
    ["ỦY BAN NHÂN DÂN\nTỈNH ĐẮK LẮK", None, None, "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"],
    [None, None, None, "Độc lập - Tự do - Hạnh phúc"],
    [],
    ["BÁO CÁO PHỦ SÓNG 5G THÁNG 3 NĂM 2026"],
]
SIGNATURE = [
    [],
    [None, None, None, "Đắk Lắk, ngày 31 tháng 3 năm 2026"],
    [None, "Người lập biểu", None, "TM. ỦY BAN NHÂN DÂN"],
    [None, "(Ký, họ tên)", None, "(Ký, đóng dấu)"],
]
NUMBERED = ["STT", *COVERAGE]


@trap("merged_header_two_rows.xlsx", **TAKEN)
def merged_two_rows(path):
    grid = [
        *TITLES,
        ["Địa bàn", None, "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số", "Phủ sóng"],
        ["Mã đơn vị", "Tên đơn vị", None, None, None, "Dân số được phủ sóng 5G"],
        EAST,
        WEST,
    ]
    merges = ["A1:C1", "D1:F1", "A4:F4", "A5:B5", "C5:C6", "D5:D6", "E5:E6"]
    return book(path, {"grid": grid, "merges": merges})


@trap("merged_header.ods", **TAKEN)
def merged_document(path):
    rows = [
        document_row(("BÁO CÁO PHỦ SÓNG 5G THÁNG 3 NĂM 2026", 6, 1)),
        document_row(("Địa bàn", 2, 1), ("Kỳ báo cáo", 1, 2), ("Đơn vị cung cấp", 1, 2), ("Dân số", 2, 1)),
        document_row("Mã đơn vị", "Tên đơn vị", None, None, "Tổng dân số", "Dân số được phủ sóng 5G"),
        document_row(*EAST),
        document_row(*WEST),
    ]
    return open_document(path, "".join(rows))


@trap("group_header_trong_do.xlsx", **TAKEN)
def group_trong_do(path):
    grid = [
        ["Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số", "Trong đó:"],
        [None, None, None, None, None, "Dân số được phủ sóng 5G"],
        EAST,
        WEST,
    ]
    merges = [f"{column}1:{column}2" for column in "ABCDE"]
    return book(path, {"grid": grid, "merges": merges})


@trap("six_row_header_unmerged.xls", **TAKEN)
def six_rows_unmerged(path):
    """One word below the other, each in a cell of its own, as on forms drawn for the printer."""
    words = [name.split() for name in COVERAGE]
    words[5] = ["Dân", "số", "được", "phủ", "sóng", "5G"]
    grid = [[column[row] if row < len(column) else None for column in words] for row in range(6)]
    return old_book(path, [["BÁO CÁO PHỦ SÓNG 5G"], [], *grid, EAST, WEST])


@trap("header_words_over_two_rows_unmerged.xls", **TAKEN)
def two_rows_unmerged(path):
    """Long names go on in the cell below; short ones leave it empty."""
    top = ["Mã", "Tên đơn vị", "Kỳ báo cáo", "Đơn vị", "Dân số", "Dân số được"]
    below = ["đơn vị", None, None, "cung cấp", None, "phủ sóng 5G"]
    return old_book(path, [["BÁO CÁO PHỦ SÓNG 5G"], [], top, below, EAST, WEST])


@trap("four_row_header_merged.xlsx", **TAKEN)
def four_rows_merged(path):
    grid = [
        ["PHỤ LỤC", *BLANK[1:]],
        ["Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Số liệu", None],
        [None, None, None, None, "Dân số", "Phủ sóng"],
        [None, None, None, None, None, "5G"],
        [None, None, None, None, None, "Dân số được phủ sóng 5G"],
        EAST,
        WEST,
    ]
    merges = [*(f"{column}2:{column}5" for column in "ABCD"), "E2:F2", "E3:E5"]
    return book(path, {"grid": grid, "merges": merges})


@trap("column_numbers_row.xlsx", left_out={2: "column_numbers"}, **TAKEN)
def column_numbers(path):
    return book(path, [COVERAGE, ["A", "B", "1", "2", "3", "4=3/2"], EAST, WEST])


@trap("column_numbers_in_brackets.csv", left_out={2: "column_numbers"}, **TAKEN)
def column_numbers_brackets(path):
    return text(path, [COVERAGE, [f"({n})" for n in range(1, 7)], EAST, WEST])


@trap("column_numbers_as_numbers.xls", left_out={2: "column_numbers"}, **TAKEN)
def column_numbers_plain(path):
    return old_book(path, [COVERAGE, [1, 2, 3, 4, 5, 6], EAST, WEST])


@trap("group_rows_roman.xlsx", left_out={2: "group", 4: "group"}, **TAKEN)
def group_rows(path):
    grid = [
        NUMBERED,
        ["I", "CÁC PHƯỜNG TRUNG TÂM"],
        [1, *EAST],
        ["II", "CÁC PHƯỜNG KHÁC"],
        [2, *WEST],
    ]
    return book(path, grid)


@trap(
    "totals_and_signature_below.xlsx",
    left_out={8: "total", 9: "note", 11: "note", 12: "note", 13: "note"},
    **TAKEN,
)
def totals_below(path):
    total = ["Tổng cộng", None, None, None, 69850, 47300]
    note = ["Ghi chú: số liệu do các doanh nghiệp viễn thông cung cấp."]
    return book(path, [*TITLES, *PLAIN, total, note, *SIGNATURE])


@trap("total_of_the_province_on_top.xlsx", left_out={2: "total"}, **TAKEN)
def total_on_top(path):
    return book(path, [COVERAGE, [None, "Toàn tỉnh", "03/2026", None, 69850, 47300], EAST, WEST])


@trap(
    "total_with_a_code_is_a_record.xlsx",
    form="coverage",
    read=3,
    values={"org_code": ["66", "24133", "24154"]},
)
def total_with_code(path):
    return book(path, [COVERAGE, ["66", "Toàn tỉnh", "03/2026", "Sở KH&CN", 69850, 47300], EAST, WEST])


@trap("record_without_its_code.xlsx", form="coverage", read=3, problems=[("A3", "TD-201")])
def record_without_code(path):
    return book(path, [COVERAGE, EAST, [None, "Phường Tân Lập", "03/2026", "UBND phường", 30100, 9000], WEST])


@trap("stt_only_empty_lines.xlsx", why="Lines numbered beforehand and never filled in say nothing.", **TAKEN)
def numbers_only(path):
    return book(path, [NUMBERED, [1, *EAST], [2, *WEST], *([n] for n in range(3, 21))])


@trap("blank_rows_between.xlsx", **TAKEN)
def blank_rows(path):
    return book(path, [COVERAGE, [], EAST, [], [" ", "\u00a0"], WEST, []])


@trap("repeated_header_page_break.xlsx", left_out={3: "repeated_header"}, **TAKEN)
def repeated_header(path):
    return book(path, [COVERAGE, EAST, COVERAGE, WEST])


@trap(
    "repeated_header_of_two_rows_with_numbers.xlsx",
    left_out={3: "column_numbers", 5: "repeated_header", 6: "repeated_header", 7: "column_numbers"},
    **TAKEN,
)
def repeated_two_rows(path):
    head = [
        ["Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số", "Phủ sóng"],
        [None, None, None, None, None, "Dân số được phủ sóng 5G"],
        ["A", "B", "C", "D", "1", "2"],
    ]
    merges = [f"{column}1:{column}2" for column in "ABCDE"]
    return book(path, {"grid": [*head, EAST, *head, WEST], "merges": merges})


@trap("table_away_from_the_corner.xlsx", form="coverage", read=2, problems=[("H9", "TD-202")])
def away_from_corner(path):
    shifted = [[None, None, None, *row] for row in (COVERAGE, EAST, [*WEST[:4], "nhiều", 14300])]
    return book(path, [*[[]] * 6, *shifted])


@trap("merged_cells_among_the_records.xlsx", **TAKEN | {"why": "What is merged down stands for every row."})
def merged_records(path):
    grid = [COVERAGE, EAST, [*WEST[:2], None, None, *WEST[4:]]]
    return book(path, {"grid": grid, "merges": ["C2:C3", "D2:D3"]})


@trap("two_sheets_same_form.xlsx", **TAKEN)
def two_sheets(path):
    return book(path, {"name": "Xã 1", "grid": [COVERAGE, EAST]}, {"name": "Xã 2", "grid": [COVERAGE, WEST]})


@trap("notes_sheet_beside.xlsx", **TAKEN)
def notes_sheet(path):
    notes = [["Hướng dẫn"], ["1. Điền vào các ô trắng"], ["2. Gửi trước ngày 20 hằng tháng"]]
    return book(path, {"name": "Hướng dẫn", "grid": notes}, {"name": "Biểu 04", "grid": PLAIN})


@trap("another_form_on_the_next_sheet.xlsx", options={"form": "F04"}, **TAKEN)
def another_form(path):
    return book(path, PLAIN, [INDICATOR_HEAD, five_g(55)])


@trap("hidden_sheet_same_form.xlsx", notices=["TD-122"], **TAKEN)
def hidden_sheet(path):
    old = [COVERAGE, ["24133", "Phường", "02/2026", "UBND phường", 1, 1]]
    return book(path, PLAIN, {"name": "Tháng trước", "grid": old, "hidden": True})


@trap("very_hidden_sheet.xlsx", notices=["TD-122"], **TAKEN)
def very_hidden_sheet(path):
    return book(path, PLAIN, {"name": "Ẩn", "grid": [COVERAGE, WEST], "hidden": "very"})


@rejected("empty_workbook.xlsx", "TD-103")
def empty_workbook(path):
    return book(path, [])


@rejected("header_only_not_nil.xlsx", "TD-103", form="coverage")
def header_only(path):
    return book(path, [*TITLES, COVERAGE, *SIGNATURE])


@trap(
    "header_only_nil_report.csv",
    form="dossier",
    org="24133",
    period="2026-03",
    options={"org": "24133", "period": "03/2026"},
)
def nil_report(path):
    return text(path, [DOSSIER])


@trap(
    "nil_report_with_titles_and_signature.xlsx",
    form="dossier",
    org="24133",
    period="2026-03",
    options={"org": "24133", "period": "03/2026"},
    left_out={6: "note", 8: "note", 9: "note", 10: "note"},
)
def nil_with_signature(path):
    note = ["Ghi chú: trong kỳ không phát sinh hồ sơ."]
    return book(path, [*TITLES, DOSSIER, note, *SIGNATURE])


@rejected("duplicate_header.xlsx", "TD-104")
def duplicate_header(path):
    return book(path, [[*row, row[4]] for row in PLAIN])


@rejected("header_misspelt_close_miss.xlsx", "TD-102", says="'Kỳ báo cáo'")
def misspelt(path):
    return book(path, [["Mã đơn vị", "Tên đơn vị", "Kỳ bác cáo", *COVERAGE[3:]], EAST, WEST])


@trap(
    "optional_header_misspelt.xlsx",
    form="coverage",
    read=2,
    values={"population_5g": [None, None]},
    ignored=["Dân số được phủ song 5 Gi"],
    why="A near miss is proposed and never taken.",
)
def misspelt_optional(path):
    return book(path, [[*COVERAGE[:5], "Dân số được phủ song 5 Gi"], EAST, WEST])


@trap("header_without_accents.xlsx", **TAKEN)
def plain_letters(path):
    head = [
        "MA DON VI",
        "TEN\nDON VI",
        "ky  bao cao",
        "Don vi cung cap :",
        "DAN SO",
        "Dan so duoc phu song 5G*",
    ]
    return book(path, [head, EAST, WEST])


@trap("canonical_names.csv", **TAKEN)
def canonical_names(path):
    head = ["org_code", "org_name", "period", "sender", "population", "population_5g"]
    return text(path, [head, EAST, WEST])


@trap("unknown_columns_beside.xlsx", ignored=["Ghi chú riêng"], **TAKEN)
def unknown_columns(path):
    return book(path, [[*COVERAGE, "Ghi chú riêng"], [*EAST, "a"], [*WEST, "b"]])


@trap("page_total_rows.csv", left_out={3: "total", 5: "total"}, **TAKEN)
def page_totals(path):
    def total(a, b):
        return ["Cộng", "", "", "", a, b]

    return text(path, [COVERAGE, EAST, total(41250, 33000), WEST, total(28600, 14300)])


@rejected("no_table_at_all.xlsx", "TD-102", "TD-103")
def no_table(path):
    letter = ["Kính gửi: Sở Khoa học và Công nghệ", "Thực hiện Công văn số 12, UBND phường báo cáo như sau."]
    return book(path, [[line] for line in letter])


@trap(
    "extract_of_150_rows_with_a_total_at_its_end.csv",
    form="dossier",
    org="24133",
    period="2026-03",
    read=150,
    left_out={152: "total"},
    why="Below the first hundred lines a text file is read another way; the rows are the same.",
)
def long_extract(path):
    return text(path, [DOSSIER, *(dossier(n) for n in range(150)), ["Tổng số: 150 hồ sơ", *[""] * 6]])
