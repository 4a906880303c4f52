"""Rows: dates and periods, words to choose from, codes, keys, rules of the forms, versions."""

from datetime import datetime

from catalogue import trap
from makers import (
    COVERAGE,
    DOSSIER,
    EAST,
    INDICATOR,
    PLAIN,
    WEST,
    book,
    dossier,
    five_g,
    text,
)

CATALOGUE = [
    "Mã TTHC",
    "Tên TTHC",
    "Cấp thực hiện",
    "Đủ điều kiện trực tuyến",
    "Đủ điều kiện toàn trình",
    "Mức độ DVC",
    "Ngày hiệu lực",
]

# ---- dates and periods

MARCH = {"options": {"org": "24133", "period": "03/2026"}}


@trap("impossible_date.csv", form="dossier", read=3, problems=[("D3", "TD-204"), ("D4", "TD-204")], **MARCH)
def impossible_date(path):
    return text(path, [DOSSIER, dossier(1), dossier(2, "31/11/2025"), dossier(3, "03/31/2026")])


@trap("two_digit_year.csv", form="dossier", read=2, problems=[("D3", "TD-204")], why="Not guessed.", **MARCH)
def two_digit_year(path):
    return text(path, [DOSSIER, dossier(1), dossier(2, "05/03/26")])


FIFTH = datetime(2026, 3, 5)


@trap(
    "excel_serial_dates.xlsx",
    form="dossier",
    read=4,
    values={"received_at": [FIFTH, FIFTH, datetime(2026, 3, 5, 8, 15), FIFTH]},
    **MARCH,
)
def serial_dates(path):
    moments = (46086, "46086", datetime(2026, 3, 5, 8, 15), "2026-03-05")
    grid = [DOSSIER, *(dossier(n, moment) for n, moment in enumerate(moments))]
    return book(path, {"grid": grid, "formats": {"D4": {"num_format": "dd/mm/yyyy hh:mm"}}})


@trap("dates_counted_from_1904.xlsx", form="dossier", read=1, values={"received_at": [FIFTH]}, **MARCH)
def dates_from_1904(path):
    grid = {"grid": [DOSSIER, dossier(1, FIFTH)], "formats": {"D2": {"num_format": "dd/mm/yyyy"}}}
    return book(path, grid, options={"date_1904": True})


@trap("date_in_period_column.xlsx", form="coverage", org="24133", period="2026-03", read=1)
def date_as_period(path):
    """Excel takes '03/2026' typed into a cell for 1 March 2026."""
    grid = [COVERAGE, [*EAST[:2], datetime(2026, 3, 1), *EAST[3:]]]
    return book(path, {"grid": grid, "formats": {"C2": {"num_format": "mm/yyyy"}}})


PERIODS = {
    "04/2025": "2025-04",
    "Tháng 5/2025": "2025-05",
    "T6/2025": "2025-06",
    "Quý I/2025": "2025-Q1",
    "Q2.2025": "2025-Q2",
    "quí III năm 2025": "2025-Q3",
    "6 tháng đầu năm 2025": "2025-H1",
    "Năm 2025": "2025",
    "2025-07": "2025-07",
    "THÁNG 8 NĂM 2025": "2025-08",
}


@trap(
    "periods_in_all_spellings.csv",
    form="indicator_report",
    read=10,
    values={"period": list(PERIODS.values())},
)
def period_spellings(path):
    return text(path, [INDICATOR, *(five_g(60, period=spelling) for spelling in PERIODS)])


@trap("no_period_at_all.csv", form="coverage", read=2, problems=[("C3", "TD-205")])
def no_period(path):
    return text(path, [COVERAGE, EAST, [*WEST[:2], "kỳ này", *WEST[3:]]])


# ---- booleans and choices


@trap(
    "ticks_and_words_for_yes.xlsx",
    form="procedure_catalogue",
    read=6,
    problems=[("D7", "TD-207")],
    values={
        "online_eligible": [True, True, True, True, False],
        "fully_online_eligible": [False, False, False, False, True],
    },
    options={"org": "66", "period": "03/2026"},
)
def ticks(path):
    pairs = (("Có", "Không"), ("x", None), (1, 0), (True, False), ("FALSE", "X"), ("có thể", "x"))
    rows = [[f"1.00{n}", "Tên", "Xã", *pair, "Toàn trình", "01/07/2025"] for n, pair in enumerate(pairs)]
    return book(path, [CATALOGUE, *rows])


@trap(
    "choice_in_other_spelling.csv",
    form="dossier",
    read=2,
    problems=[("F3", "TD-206")],
    values={"channel": ["online"], "state": ["processing"]},
    **MARCH,
)
def choices(path):
    good, bad = dossier(1), dossier(2)
    good[5:] = "TRỰC  TUYẾN", "dang xu ly"
    bad[5] = "Qua Zalo"
    return text(path, [DOSSIER, good, bad])


# ---- codes, keys and rules of the forms


@trap("reused_code_after_reform.xlsx", form="coverage", read=2, problems=[("A3", "TD-208")])
def reused_code(path):
    """24136 was Phường Tân Lợi until 30 June 2025 and is nothing now."""
    return book(path, [COVERAGE, EAST, ["24136", "Phường Tân Lợi", *WEST[2:]]])


@trap("unknown_unit_code.csv", form="coverage", read=2, problems=[("A3", "TD-208")])
def unknown_code(path):
    return text(path, [COVERAGE, EAST, ["24999", *WEST[1:]]])


@trap("unit_name_in_place_of_its_code.csv", form="coverage", read=2, problems=[("A3", "TD-208")])
def name_for_code(path):
    return text(path, [COVERAGE, EAST, ["Phường Thành Nhất", *WEST[1:]]])


@trap("duplicate_keys_same.xlsx", form="coverage", read=3, problems=[("3", "TD-210")])
def duplicate_same(path):
    return book(path, [COVERAGE, EAST, EAST, WEST])


@trap("duplicate_keys_differ.xlsx", form="coverage", read=3, problems=[("2", "TD-210"), ("4", "TD-210")])
def duplicate_differ(path):
    return book(path, [COVERAGE, EAST, WEST, [*EAST[:4], 41250, 1]])


@trap("missing_basis_flow.csv", form="indicator_report", read=2, problems=[("3", "TD-212")])
def missing_basis(path):
    return text(
        path, [INDICATOR, five_g(60, basis=""), ["science_ip_application_count", *five_g(5, basis="")[1:]]]
    )


@trap("full_year_estimate.csv", form="indicator_report", read=1, values={"basis": ["full_year_estimate"]})
def full_year_estimate(path):
    row = ["science_ip_application_count", "66", "03/2026", "Ước cả năm", "", "", 12]
    return text(path, [INDICATOR, row])


@trap("neither_value_nor_parts.csv", form="indicator_report", read=2, problems=[("3", "TD-214")])
def no_value(path):
    return text(path, [INDICATOR, five_g(60), five_g("", "24133")])


@trap("unknown_indicator.csv", form="indicator_report", read=2, problems=[("A3", "TD-209")])
def unknown_indicator(path):
    return text(path, [INDICATOR, five_g(60), ["5g", *five_g(60)[1:]]])


@trap("completed_before_received.csv", form="dossier", read=2, problems=[("3", "TD-216")], **MARCH)
def completed_before(path):
    late = dossier(2)
    late[4], late[6] = "04/03/2026", "Đã trả kết quả"
    return text(path, [DOSSIER, dossier(1), late])


@trap(
    "dossier_of_another_month_and_unit.csv",
    form="dossier",
    read=3,
    problems=[("3", "TD-215"), ("4", "TD-215")],
    **MARCH,
)
def other_month(path):
    return text(path, [DOSSIER, dossier(1), dossier(2, "05/02/2026"), dossier(3, org="24154")])


# ---- versions

AGAIN = {"form": "coverage", "org": "66", "period": "2026-03", "read": 2, "after": "plain.csv"}


@trap("the_same_file_again.csv", **AGAIN | {"status": "unchanged", "unchanged": 2})
def same_again(path):
    return text(path, PLAIN)


@trap("resent_with_one_change.csv", unchanged=1, **AGAIN)
def one_change(path):
    return text(path, [COVERAGE, EAST, [*WEST[:5], 15000]])


@trap("older_version_arriving_late.csv", superseded=2, received=3, **AGAIN)
def late_version(path):
    return text(path, [COVERAGE, [*EAST[:5], 1], [*WEST[:5], 2]])


@trap("identical_to_last_month.csv", notices=["TD-120"], **AGAIN | {"period": "2026-04"})
def identical_month(path):
    return text(path, [COVERAGE, *([*row[:2], "04/2026", *row[3:]] for row in (EAST, WEST))])


@trap("commune_after_province_same_key.csv", notices=["TD-121"], **AGAIN | {"org": "24133", "read": 1})
def commune_after_province(path):
    return text(path, [COVERAGE, [*EAST[:5], 34000]])
