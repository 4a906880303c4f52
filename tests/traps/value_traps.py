"""Cells: number formats, formulas, errors, units, numbers in all spellings."""

from decimal import Decimal

from catalogue import rejected, trap
from makers import (
    COVERAGE,
    EAST,
    ECONOMY,
    INDICATOR,
    TASK,
    WEST,
    book,
    document_row,
    economy,
    edited,
    five_g,
    old_book,
    open_document,
    task,
    text,
)

WIDE = [*COVERAGE, "Diện tích"]
CODES = ("24133", "24154", "24121", "22015", "22045", "22051")


def counted(org, population, area=None, covered=None):
    return [org, "Xã", "03/2026", "UBND xã", population, covered, area]


def decimals(*numbers):
    return [None if number is None else Decimal(number) for number in numbers]


# ---- number formats


@trap(
    "percent_format_cells.xlsx",
    form="task_report",
    read=4,
    values={"percent_complete": decimals("14.5", "95", "95", "100")},
)
def percent_format(path):
    rows = [task("PL2.I.1", 0.145), task("PL2.I.2", 0.95), task("PL2.I.3", 95), task("PL2.I.4", "100 %")]
    return book(
        path, {"grid": [TASK, *rows], "formats": {"F2": {"num_format": "0.0%"}, "F3": {"num_format": 9}}}
    )


@trap(
    "percent_format_cells.xls",
    form="task_report",
    read=2,
    values={"percent_complete": decimals("14.5", "95")},
)
def percent_format_old(path):
    return old_book(path, [TASK, task("PL2.I.1", 0.145), task("PL2.I.2", 95)], F2="0.0%")


@trap("percent_cells.ods", form="task_report", read=2, values={"percent_complete": decimals("14.5", "95")})
def percent_document(path):
    style = (
        '<number:percentage-style style:name="N1"><number:number number:decimal-places="1"/>'
        "<number:text>%</number:text></number:percentage-style>"
        '<style:style style:name="ce1" style:family="table-cell" style:data-style-name="N1"/>'
    )
    cells = document_row(0.145, style="ce1").split(">", 1)[1].removesuffix("</table:table-row>")
    row = document_row(*task("PL2.I.1", "@@")).replace(
        document_row("@@").split(">", 1)[1].removesuffix("</table:table-row>"), cells
    )
    return open_document(path, document_row(*TASK) + row + document_row(*task("PL2.I.2", 95)), style)


@trap(
    "zero_padded_code_format.xlsx",
    form="coverage",
    org="00004",
    read=1,
    values={"org_code": ["00004"], "population": [41250]},
)
def zero_padded(path):
    grid = [COVERAGE, [4, "Phường Ba Đình", *EAST[2:]]]
    return book(path, {"grid": grid, "formats": {"A2": {"num_format": "00000"}}})


@trap("zero_padded_code_format.xls", form="coverage", org="00004", read=1, values={"org_code": ["00004"]})
def zero_padded_old(path):
    return old_book(path, [COVERAGE, [4, "Phường Ba Đình", *EAST[2:]]], A2="00000")


@trap("codes_stored_as_numbers.xls", form="coverage", read=1, values={"org_code": ["24133"]})
def codes_as_numbers(path):
    return old_book(path, [COVERAGE, [24133, *EAST[1:]]])


@trap(
    "lost_leading_zero.csv",
    form="coverage",
    read=2,
    problems=[("A3", "TD-208")],
    why="It could be 04 or 00004; the one is a province, the other a ward of another.",
)
def lost_zero(path):
    return text(path, [COVERAGE, EAST, ["4", *EAST[1:]]])


@trap(
    "lost_leading_zero_read_one_way.csv",
    form="coverage",
    read=1,
    values={"org_code": ["01273"]},
    why="Only one unit has these digits.",
)
def lost_zero_of_a_ward(path):
    return text(path, [COVERAGE, ["1273", "Phường Thục Phán", *EAST[2:]]])


@trap("thousands_format_is_no_text.xlsx", form="coverage", read=1, values={"population": [41250]})
def thousands_format(path):
    return book(path, {"grid": [COVERAGE, EAST], "formats": {"E2": {"num_format": '#,##0" người"'}}})


# ---- formulas and errors


@trap(
    "error_cells_ref.xlsx",
    form="coverage",
    read=3,
    problems=[("E2", "TD-221"), ("F3", "TD-221")],
    values={"org_code": ["24121"]},
)
def error_cells(path):
    rows = [[*EAST[:4], "=X!A1→#REF!", 1], [*WEST[:5], "=NA()→#N/A"], counted("24121", 100)[:6]]
    return book(path, [COVERAGE, *rows])


@trap("error_text_pasted.csv", form="coverage", read=2, problems=[("E2", "TD-221")])
def error_text(path):
    return text(path, [COVERAGE, [*EAST[:4], "#REF!", ""], WEST])


@trap(
    "formula_cells_cached.xlsx",
    form="coverage",
    read=1,
    values={"population": [41250], "sender": ["UBND xã"]},
)
def cached_formulas(path):
    return book(path, [COVERAGE, [*EAST[:3], '="UBND"&" xã"→UBND xã', "=41000+250→41250", 33000]])


@trap(
    "formula_cells_without_values.xlsx",
    form="coverage",
    read=2,
    notices=["TD-117"],
    problems=[("E2", "TD-201")],
)
def empty_formulas(path):
    file = book(path, [COVERAGE, [*EAST[:4], "=41000+250→41250", 33000], WEST])
    return edited(file, "xl/worksheets/sheet1.xml", "</f><v>[^<]*</v>", "</f>")


# ---- units

MILLION = [["BIỂU 05. KINH TẾ SỐ"], [None, None, None, None, None, None, "Đơn vị tính: Triệu đồng"]]
IN_BILLION = {
    "grdp": decimals("182300"),
    "digital_core": decimals("9115"),
    "digital_spillover": decimals("6380.5"),
}
SCALED = {"form": "digital_economy", "org": "66", "period": "2025", "read": 1, "values": IN_BILLION}


@trap("unit_line_trieu_dong.xlsx", **SCALED)
def unit_line(path):
    return book(path, [*MILLION, ECONOMY, economy(182_300_000, 9_115_000, 6_380_500)])


@trap("unit_line_abbreviated.csv", **SCALED)
def unit_line_short(path):
    line = ["", "", "", "", "", "", "", "ĐVT: Tr.đ"]
    return text(path, [line, ECONOMY, economy("182.300.000", "9.115.000", "6.380.500")])


@trap("unit_line_dong_over_a_trillion.xlsx", why="The limits hold for the scaled number.", **SCALED)
def unit_line_dong(path):
    line = ["(Đơn vị: đồng)"]
    return book(path, [line, ECONOMY, economy(182_300_000_000_000, 9_115_000_000_000, 6_380_500_000_000)])


@trap("unit_in_header_brackets.xlsx", **SCALED)
def unit_in_header(path):
    head = [f"{name} (triệu đồng)" if name.startswith(("GRDP", "GTTT")) else name for name in ECONOMY]
    return book(path, [head, economy(182_300_000, 9_115_000, 6_380_500)])


@trap("unit_in_header_outranks_the_line.xlsx", **SCALED)
def header_outranks(path):
    head = [*ECONOMY[:3], "GRDP (tỷ đồng)", *ECONOMY[4:]]
    return book(path, [*MILLION, head, economy(182_300, 9_115_000, 6_380_500)])


@trap("unit_line_ti_dong_spelt_with_i.xlsx", **SCALED)
def unit_line_ti(path):
    return book(path, [["Đơn vị tính: Tỉ đồng"], ECONOMY, economy(182_300, 9115, 6380.5)])


@trap("unit_line_of_another_kind.xlsx", **SCALED)
def unit_line_other_kind(path):
    return book(path, [["Đơn vị tính: %"], ECONOMY, economy(182_300, 9115, 6380.5)])


@trap(
    "unit_line_for_one_of_two_kinds.xlsx",
    form="coverage",
    read=1,
    values={"population": [41250], "area_km2": decimals("71.99")},
    why="A line for persons says nothing of areas, which keep the unit of the form.",
)
def unit_line_one_kind(path):
    return book(path, [["Đơn vị tính: Người"], WIDE, counted("24133", 41250, 71.99, 33000)])


@trap("unit_line_1.000_dong.xlsx", **SCALED)
def unit_line_thousand(path):
    row = economy(182_300_000_000, 9_115_000_000, 6_380_500_000)
    return book(path, [["Đơn vị: 1.000 đồng"], ECONOMY, row])


@trap("unit_line_of_two_units.xlsx", **SCALED)
def unit_line_two(path):
    row = economy(182_300_000, 9_115_000, 6_380_500)
    return book(path, [["Đơn vị tính: Triệu đồng, %"], ECONOMY, row])


@rejected(
    "unit_line_in_dollars.xlsx",
    "TD-114",
    why="A currency that is not known must not pass for tỷ đồng.",
)
def unit_line_dollars(path):
    return book(path, [["Đơn vị tính: Triệu USD"], ECONOMY, economy(7_292, 364.6, 255.2)])


@trap(
    "thousand_persons_and_hectares.xlsx",
    form="coverage",
    read=1,
    values={"population": [41250], "population_5g": [33000], "area_km2": decimals("71.99")},
)
def other_units(path):
    head = [*COVERAGE[:4], "Dân số (nghìn người)", "Dân số được phủ sóng 5G", "Diện tích (ha)"]
    return book(path, [head, [*EAST[:4], 41.25, 33000, 7199]])


# ---- numbers as text


@trap(
    "text_numbers_both_styles.xlsx",
    form="coverage",
    read=6,
    values={
        "population": [41250, 41250, 1234567, 1234567, 41250, 7],
        "area_km2": decimals("1234.5", "1234.5", "71.99", "71.99", "1234567.5", "0.5"),
    },
)
def text_numbers(path):
    written = (
        ("41.250", "1.234,5"),
        ("41,250", "1,234.5"),
        ("1.234.567", "71,99"),
        ("1,234,567", "71.99"),
        ("41\u00a0250", "1.234.567,5"),
        ("07", "0,5"),
    )
    return book(path, [WIDE, *(counted(c, p, a) for c, (p, a) in zip(CODES, written, strict=True))])


@trap(
    "ambiguous_number.csv",
    form="coverage",
    read=2,
    problems=[("G3", "TD-218")],
    values={"population": [1139], "area_km2": decimals("11.39")},
)
def ambiguous(path):
    return text(path, [WIDE, counted("24133", "1.139", "11,39"), counted("24154", "1.139", "1.139")])


@trap(
    "numbers_with_words_and_slips.csv",
    form="coverage",
    read=6,
    problems=[("E2", "TD-202"), ("E3", "TD-202"), ("E4", "TD-203"), ("E5", "TD-211"), ("E6", "TD-202")],
)
def slips(path):
    written = ("41.250 người", "4l250", "41250,5", "-41250", "1.2345.678", "41250")
    return text(path, [COVERAGE, *(counted(c, p)[:6] for c, p in zip(CODES, written, strict=True))])


@trap("part_above_its_whole.csv", form="coverage", read=2, problems=[("3", "TD-213")])
def part_above_whole(path):
    return text(path, [COVERAGE, EAST, [*WEST[:4], 100, 200]])


@trap(
    "one_row_with_many_errors.csv",
    form="coverage",
    read=2,
    problems=[("A3", "TD-208"), ("C3", "TD-205"), ("E3", "TD-202"), ("F3", "TD-203")],
)
def many_errors(path):
    return text(path, [COVERAGE, EAST, ["99999", "Xã", "13/2026", "", "nhiều", "3,5"]])


@trap("percent_in_text.csv", form="indicator_report", read=3, values={"value": decimals("14.5", "95", "60")})
def percent_text(path):
    rows = [five_g("14,5%", "24133"), five_g("95 %", "24154"), five_g("60", "24121")]
    return text(path, [INDICATOR, *rows])
