"""Published budgets, plans, evidence, adjustments, corrections and withdrawals."""

import csv
from decimal import Decimal

from catalogue import rejected, trap
from makers import PLAN, book, old_book, text

from tiendo.settings import SHIPPED_PLANS

# Settled amounts in million đồng, with the đồng as decimals.
NET, INVESTED, RECURRENT = "15258582.821924", "14449.952", "21528.781764"
LINES = {"total_net_of_transfers": NET, "science_investment": INVESTED, "science_recurrent": RECURRENT}
BUDGET = {"form": "budget_settlement", "org": "66", "period": "2017"}
HEAD = [
    [
        "STT",
        "Nội dung",
        "Dự toán chi\nNSĐP",
        "Trong đó:",
        None,
        "Quyết toán",
        "Trong đó:",
        None,
        "So sánh\nQT/DT",
    ],
    [
        None,
        None,
        None,
        "Ngân sách\ncấp tỉnh",
        "Ngân sách\nhuyện",
        None,
        "Ngân sách\ncấp tỉnh",
        "Ngân sách\nhuyện",
        None,
    ],
]
BODY = [
    ("", "TỔNG CỘNG (BAO GỒM CẢ CHI CHUYỂN GIAO)", "22583668.276007"),
    ("", "TỔNG CHI NSĐP (ĐÃ LOẠI TRỪ CHI CHUYỂN GIAO)", NET),
    ("A", "CHI CÂN ĐỐI NGÂN SÁCH ĐỊA PHƯƠNG", "11875074.476456"),
    ("I", "Chi đầu tư phát triển ", "1964553.683286"),
    (1, "Chi đầu tư phát triển", "1964553.683286"),
    ("", "Trong đó chia theo lĩnh vực", "0"),
    ("", "Chi giáo dục - đào tạo và dạy nghề", "282740.256828"),
    ("", "- Chi khoa học và công nghệ", INVESTED),
    ("II", "Chi thường xuyên", "9909005.99317"),
    ("", "Trong đó:", "0"),
    (1, "Chi giáo dục - đào tạo và dạy nghề", "4720037.669881"),
    (2, "Chi khoa học và công nghệ ", RECURRENT),
    ("B", "CHI CÁC CHƯƠNG TRÌNH MỤC TIÊU", "1477429.745482"),
    ("D", "CHI CHUYỂN GIAO NGÂN SÁCH", "7325085.454083"),
]


def titles(number, unit="Đơn vị tính: Triệu đồng"):
    return [
        ["UBND TỈNH ĐẮK LẮK", *[None] * 7, f"Biểu số {number}/CK-NSNN"],
        ["QUYẾT TOÁN CHI NGÂN SÁCH ĐỊA PHƯƠNG NĂM 2017"],
        ["(Kèm theo Quyết định số 12/QĐ-UBND ngày 28 tháng 12 năm 2018 của UBND tỉnh Đắk Lắk)"],
        [],
        [*[None] * 7, unit],
    ]


def settled(line, factor):
    number, words, amount = line
    exact = Decimal(amount) * factor
    value = int(exact) if exact == exact.to_integral_value() else float(exact)
    return [number or None, words, 0, 0, 0, value, value, 0, None]


def form_64(unit="Đơn vị tính: Triệu đồng", factor=Decimal(1)):
    return [*titles(64, unit), *HEAD, *(settled(line, factor) for line in BODY)]


MERGES = ["A6:A7", "B6:B7", "C6:C7", "D6:E6", "F6:F7", "G6:H6", "I6:I7"]


@trap("budget_64_in_million.xlsx", read=14, lines=LINES, **BUDGET)
def budget_million(path):
    return book(path, {"name": "Bao cao", "grid": form_64(), "merges": MERGES})


@trap("budget_64_in_dong.xls", read=14, lines=LINES, **BUDGET)
def budget_dong(path):
    return old_book(path, form_64("Đơn vị tính: đồng", Decimal(10) ** 6))


@trap("budget_64_in_billion.xlsx", read=14, lines=LINES, **BUDGET)
def budget_billion(path):
    return book(path, {"grid": form_64("(ĐVT: Tỷ đồng)", Decimal("0.001")), "merges": MERGES})


@trap("budget_64_million_as_text.csv", read=14, lines=LINES, **BUDGET)
def budget_text(path):
    grid = [["" if cell is None else cell for cell in row] for row in form_64()]
    for row in grid[7:]:
        row[5] = row[6] = f"{Decimal(str(row[5])):,f}".translate(str.maketrans(",.", ".,"))
    return text(path, grid, separator=";")


@trap(
    "budget_64_with_column_numbers_and_signature.xlsx",
    read=14,
    lines=LINES,
    left_out={8: "column_numbers", 24: "note", 25: "note"},
    **BUDGET,
)
def budget_signed(path):
    grid = form_64()
    grid[7:7] = [["A", "B", "1=2+3", "2", "3", "4=5+6", "5", "6", "7=4/1"]]
    grid += [[], [None, None, None, None, None, "Đắk Lắk, ngày 28 tháng 12 năm 2018"]]
    grid += [[None, None, None, None, None, "TM. ỦY BAN NHÂN DÂN"]]
    return book(path, {"grid": grid, "merges": MERGES})


@rejected("budget_64_without_unit_line.xlsx", "TD-114", form="budget_settlement")
def budget_no_unit(path):
    return book(path, {"grid": form_64(unit=None), "merges": MERGES})


def cross_check(path, number, comparison):
    head = ["STT", "Nội dung", "Dự toán năm 2017", "Quyết toán năm 2017", comparison]
    rows = [
        ["A", "TỔNG CHI NSĐP", 12613488, 15099582.821924, 119.7],
        ["I", "Chi thường xuyên", 9802614, 9909005.99317, 101.1],
        [2, "Chi khoa học và công nghệ", 21850, 21528.781764, 98.5],
    ]
    return book(path, [*titles(number), head, ["A", "B", 1, 2, "3=2/1"], *rows])


@trap("budget_62_cross_check.xlsx", read=3, notices=["TD-119"], left_out={7: "column_numbers"}, **BUDGET)
def budget_62(path):
    return cross_check(path, 62, "So sánh\n(%)")


@trap("budget_65_cross_check.xlsx", read=3, notices=["TD-119"], left_out={7: "column_numbers"}, **BUDGET)
def budget_65(path):
    return cross_check(path, 65, "So sánh (%)")


def plan_rows(name):
    with (SHIPPED_PLANS / name).open(encoding="utf-8") as file:
        rows = list(csv.reader(file))
    return [rows[0], *(row for row in rows[1:] if row[0] == PLAN)][:6]


@trap("plan_targets_as_kept.csv", form="plan_targets", read=5, options={"org": "66", "period": "2025"})
def plan_targets(path):
    return text(path, plan_rows("plan_targets.csv"))


@trap("plan_tasks_as_kept.csv", form="plan_tasks", read=5, options={"org": "66", "period": "2025"})
def plan_tasks(path):
    return text(path, plan_rows("plan_tasks.csv"))


EVIDENCE = [
    "evidence_ref",
    "plan_id",
    "row_ref",
    "kind",
    "document_number",
    "signed_on",
    "filed_on",
    "file_name",
    "sha256",
    "verdict",
    "verdict_level",
    "verdict_on",
]


def evidence(ref, **changes):
    row = dict(
        zip(
            EVIDENCE,
            (
                ref,
                PLAN,
                "PL2.I.1",
                "Quyết định",
                "12/QĐ-UBND",
                "01/10/2025",
                "05/10/2025",
                "12.pdf",
                "ab" * 32,
                "Hợp lệ",
                "Tỉnh",
                "08/10/2025",
            ),
            strict=True,
        )
    )
    return list((row | changes).values())


SENT = {"options": {"org": "66", "period": "03/2026"}}


@trap(
    "evidence_with_a_torn_hash.csv",
    form="evidence",
    read=2,
    problems=[("I3", "TD-228")],
    values={"verdict": ["valid"], "verdict_level": ["province"]},
    **SENT,
)
def torn_hash(path):
    return text(path, [EVIDENCE, evidence("MC1"), evidence("MC2", sha256="abab")])


@trap("evidence_for_an_unknown_row.csv", form="evidence", read=2, problems=[("C3", "TD-222")], **SENT)
def unknown_row(path):
    return text(path, [EVIDENCE, evidence("MC1"), evidence("MC2", row_ref="PL9.X.99")])


@trap("task_report_for_an_unknown_task.csv", form="task_report", read=1, problems=[("B2", "TD-222")], **SENT)
def unknown_task(path):
    from makers import TASK, task

    return text(path, [TASK, task("PL9.X.99", 50)])


ADJUSTMENT = ["plan_id", "row_ref", "field", "old_value", "new_value", "decision_number", "decided_on"]


@trap(
    "plan_adjustment_of_a_field_that_is_none.csv",
    form="plan_adjustment",
    read=1,
    problems=[("C2", "TD-206")],
    **SENT,
)
def unknown_field(path):
    row = [PLAN, "PL2.I.1", "màu sắc", "xanh", "đỏ", "15/QĐ-UBND", "15/01/2026"]
    return text(path, [ADJUSTMENT, row])


NOWHERE = "coverage_2026-03_66_20260405T081500_0123456789ab"


@trap("withdrawal_of_an_unknown_submission.csv", form="withdrawal", read=1, problems=[("A2", "TD-225")])
def unknown_withdrawal(path):
    head = ["Mã lần nộp", "Lý do", "Số văn bản", "Ngày ký"]
    return text(path, [head, [NOWHERE, "Nộp nhầm", "15/CV", "06/04/2026"]])


@trap(
    "correction_of_an_unknown_submission.csv",
    form="correction",
    read=1,
    problems=[("A2", "TD-223")],
)
def unknown_correction(path):
    head = ["Mã lần nộp", "Trang tính", "Ô", "Giá trị cũ", "Giá trị mới", "Lý do", "Số văn bản", "Ngày ký"]
    return text(path, [head, [NOWHERE, "Biểu 04", "E2", "41250", "41520", "Gõ nhầm", "15/CV", "06/04/2026"]])
