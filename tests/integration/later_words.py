"""A story of submissions: what was known on 5 April 2026, and everything that came after it.

Each step is one file as sent. What comes later touches the same periods: other values, the same values again,
corrections, withdrawals, plan annexes, adjustments, evidence, refused files and quarantined rows.
"""

import csv
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from tiendo.intake.landing import submit
from tiendo.settings import SHIPPED_PLANS, Home
from tiendo.warehouse.annexes import known_references

WARD = "tran-bien-2026-kh01"
PROVINCE = "dak-lak-2026-kh-bcd"

Rows = Iterable[Iterable[object]]
COVERAGE = ("Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số", "Dân số được phủ sóng 5G")
REPORT = ("Mã chỉ tiêu", "Mã đơn vị", "Kỳ báo cáo", "Cách tính", "Tử số", "Mẫu số", "Giá trị")
DOSSIERS = (
    "Mã hồ sơ", "Mã TTHC", "Mã đơn vị tiếp nhận", "Ngày tiếp nhận", "Ngày hẹn trả", "Ngày kết thúc",
    "Kênh tiếp nhận", "Mức độ DVC", "Trạng thái",
)  # fmt: skip
CATALOGUE = (
    "Mã TTHC", "Tên TTHC", "Cấp thực hiện", "Đủ điều kiện trực tuyến", "Đủ điều kiện toàn trình",
    "Mức độ DVC", "Ngày hiệu lực", "Ngày hết hiệu lực",
)  # fmt: skip
ECONOMY = (
    "Mã tỉnh", "Kỳ báo cáo", "Cách tính", "GRDP", "GTTT kinh tế số lõi", "GTTT số hóa ngành khác",
    "Cơ quan công bố", "Phương pháp", "Tính chất số liệu",
)  # fmt: skip
TASKS = ("Kế hoạch", "Mã nhiệm vụ", "Đơn vị báo cáo", "Kỳ báo cáo", "Trạng thái", "Tỷ lệ hoàn thành")
EVIDENCE = ("Mã minh chứng", "Kế hoạch", "Mã nhiệm vụ", "Loại", "Số ký hiệu", "Ngày ký")
ADJUSTMENT = (
    "Kế hoạch", "Mã nhiệm vụ, mục tiêu", "Năm mốc", "Nội dung điều chỉnh", "Giá trị cũ", "Giá trị mới",
    "Số quyết định", "Ngày quyết định",
)  # fmt: skip
CORRECTION = ("Mã lần nộp", "Trang tính", "Ô", "Giá trị cũ", "Giá trị mới", "Lý do", "Số văn bản", "Ngày ký")
WITHDRAWAL = ("Mã lần nộp được rút", "Lý do", "Số văn bản", "Ngày ký")
SETTLEMENT = ("STT", "Nội dung", "Quyết toán")
TITLES = (
    ("", "Biểu số 64/CK-NSNN", ""),
    ("", "QUYẾT TOÁN CHI NGÂN SÁCH ĐỊA PHƯƠNG NĂM 2024", ""),
    ("", "Đơn vị tính: Triệu đồng", ""),
)


class Story:
    """Sends files to one home and remembers the submissions by a name."""

    def __init__(self, home: Home, folder: Path) -> None:
        """An empty home, and a folder for the files before they are sent."""
        self.home = home
        self._folder = folder
        self.sent: dict[str, str] = {}

    def send(
        self, name: str, received_at: str, header: Iterable[str], rows: Rows, above: Rows = (), **said: str
    ) -> None:
        """Sends one file; `above` are its titles."""
        file = self._folder / f"{name}.csv"
        with file.open("w", encoding="utf-8", newline="") as stream:
            csv.writer(stream).writerows([*above, header, *rows])
        receipt = submit(
            self.home,
            file,
            known_references(self.home),
            received_at=datetime.fromisoformat(f"{received_at}+07:00"),
            **said,
        )
        self.sent[name] = receipt.submission_id

    def correct(self, name: str, received_at: str, of: str, cell: str, old: str, new: str) -> None:
        """Sends a correction of one cell of a submission."""
        row = (self.sent[of], "", cell, old, new, "Ghi nhầm", f"12/{name}", "01/04/2026")
        self.send(name, received_at, CORRECTION, [row])

    def withdraw(self, name: str, received_at: str, of: str) -> None:
        """Sends the withdrawal of a submission."""
        row = (self.sent[of], "Nộp nhầm", f"46/{name}", "01/04/2026")
        self.send(name, received_at, WITHDRAWAL, [row])


def coverage(org: str, period: str, covered: int) -> tuple[object, ...]:
    return (org, "Xã", period, "UBND xã", 1000, covered)


def dossier(number: int, received: str, completed: str) -> tuple[object, ...]:
    state = "Đã trả kết quả" if completed else "Đang xử lý"
    channel = "Trực tuyến" if number % 2 else "Trực tiếp"
    days = (received, "20/03/2026", completed)
    return (f"H66.{number}", "1.000656", "24133", *days, channel, "Toàn trình", state)


def procedure(number: int, level: str) -> tuple[object, ...]:
    return (f"1.{number:06}", f"Thủ tục {number}", "Tỉnh", "Có", "Có", level, "01/07/2025", "")


def adjustment(share: int, decision: str, decided_on: str) -> tuple[object, ...]:
    new = f"từ {share}% dân số trở lên"
    return (WARD, "I.1.1.(1)", 2026, "Mục tiêu", "từ 60% dân số trở lên", new, decision, decided_on)


def economy(core: int, maturity: str) -> tuple[object, ...]:
    return ("66", "Năm 2025", "Trong kỳ", 1000, core, 50, "Cục Thống kê", "773/VPCP-CĐS", maturity)


Texts = list[dict[str, str]]


def annex(table: str, plan: str, change: Callable[[Texts], Texts]) -> list[list[str]]:
    """A plan's annex as shipped, its header first, with some rows changed."""
    with (SHIPPED_PLANS / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = change([row for row in csv.DictReader(stream) if row["plan_id"] == plan])
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def first_words(story: Story) -> None:
    """What was received before 5 April 2026."""
    for name, org, period, covered, on in (
        ("f04-a-2", "24133", "02/2026", 300, "2026-03-03T08:00"),
        ("f04-b-2", "24154", "02/2026", 500, "2026-03-03T09:00"),
        ("f04-a-3", "24133", "03/2026", 350, "2026-04-02T08:00"),
        ("f04-b-3", "24154", "03/2026", 510, "2026-04-02T09:00"),
    ):
        story.send(name, on, COVERAGE, [coverage(org, period, covered)])
    growth = ("economy_grdp_growth_rate", "66", "Quý I/2026", "", "", "", "8,0")
    story.send("f01-growth", "2026-04-01T08:00", REPORT, [growth])
    story.send("f01-wrong", "2026-04-01T09:00", REPORT, [(*growth[:-1], "80,0")])
    story.withdraw("wdr-wrong", "2026-04-01T10:00", "f01-wrong")
    opened = [dossier(number, "10/02/2026", "" if number > 2 else "15/02/2026") for number in range(1, 8)]
    story.send("f02-2", "2026-03-02T08:00", DOSSIERS, opened)
    story.send(
        "f03-1",
        "2026-02-02T08:00",
        CATALOGUE,
        [procedure(1, "Toàn trình"), procedure(2, "Một phần")],
        org="66",
        period="2026-01",
    )
    story.send("f05-first", "2026-02-10T08:00", ECONOMY, [economy(100, "Sơ bộ")])
    story.send("f10-first", "2026-02-11T08:00", SETTLEMENT, settlement(30), TITLES, org="66", period="2024")
    refs = ("III.1.1", "III.1.3", "them-1")
    tasks = [(WARD, ref, "26041", "03/2026", "Đang thực hiện", 40) for ref in refs]
    story.send("f06-3", "2026-04-03T08:00", TASKS, tasks)
    papers = [
        ("MC-1", WARD, "them-1", "Báo cáo", "12/BC", "05/03/2026"),
        ("MC-2", WARD, "III.1.1", "Báo cáo", "13/BC", "06/03/2026"),
    ]
    story.send("f07-3", "2026-04-03T09:00", EVIDENCE, papers, org="26041", period="2026-03")
    story.send(
        "f11-first", "2026-03-20T08:00", ADJUSTMENT, [adjustment(65, "9/QĐ", "18/03/2026")], period="2026-03"
    )
    header, *rows = annex("plan_targets", PROVINCE, lambda rows: [rows[0] | {"note": "nộp lại"}, *rows[1:]])
    story.send("f08-first", "2026-03-10T08:00", header, rows, period="2026-03")
    story.correct("cor-first", "2026-04-03T10:00", "f04-b-2", "F2", "500", "520")
    story.send("quarantined", "2026-04-03T11:00", COVERAGE, [coverage("24169", "03/2026", 5000)])
    story.send("refused", "2026-04-03T12:00", ("Cột một", "Cột hai"), [(1, 2)])


def later_words(story: Story) -> None:
    """What was received on that day and later."""
    story.send("f04-a-2-again", "2026-04-05T00:00:01", COVERAGE, [coverage("24133", "02/2026", 310)])
    same = [coverage("24154", "03/2026", 510)]
    story.send("f04-b-3-same", "2026-04-06T08:00", COVERAGE, same, [("Báo cáo nộp lại",)])
    story.send("f04-c-3", "2026-04-06T09:00", COVERAGE, [coverage("24163", "03/2026", 700)])
    story.send("f04-a-4", "2026-05-04T08:00", COVERAGE, [coverage("24133", "04/2026", 400)])
    story.correct("cor-later", "2026-04-07T08:00", "f04-a-3", "F2", "350", "360")
    story.correct("cor-again", "2026-04-07T09:00", "f04-b-2", "F2", "500", "530")
    story.withdraw("wdr-again", "2026-04-08T08:00", "wdr-wrong")
    story.withdraw("wdr-catalogue", "2026-04-08T09:00", "f03-1")
    closed = [
        dossier(number, "10/02/2026", "20/03/2026" if number > 2 else "15/02/2026") for number in range(1, 7)
    ]
    story.send("f02-2-again", "2026-04-06T10:00", DOSSIERS, closed)
    story.send("f02-3", "2026-04-06T11:00", DOSSIERS, [dossier(9, "11/03/2026", "12/03/2026")])
    story.send("f05-final", "2026-04-20T08:00", ECONOMY, [economy(120, "Chính thức")])
    story.send("f10-again", "2026-04-21T08:00", SETTLEMENT, settlement(40), TITLES, org="66", period="2024")
    header, *rows = annex(
        "plan_tasks",
        WARD,
        lambda rows: [
            row for row in [*rows, rows[-1] | {"row_ref": "them-1"}] if row["row_ref"] != "III.1.3"
        ],
    )
    story.send("f09-later", "2026-04-09T08:00", header, rows, period="2026-04")
    header, *rows = annex("plan_targets", PROVINCE, lambda rows: [rows[0] | {"note": "lần ba"}, *rows[2:]])
    story.send("f08-later", "2026-04-09T09:00", header, rows, period="2026-04")
    story.send("f11-later", "2026-04-10T08:00", ADJUSTMENT,
               [adjustment(70, "10/QĐ", "09/04/2026")],
               period="2026-04")  # fmt: skip
    paper = ("MC-2", WARD, "III.1.1", "Báo cáo", "14/BC", "07/04/2026")
    story.send("f07-4", "2026-04-10T09:00", EVIDENCE, [paper], org="26041", period="2026-04")
    story.send(
        "quarantined-later",
        "2026-04-11T08:00",
        COVERAGE,
        [coverage("24169", "03/2026", 800), coverage("99999", "03/2026", 5)],
    )
    story.send("refused-later", "2026-04-11T09:00", ("Cột một", "Cột hai"), [(3, 4)])


def settlement(science: int) -> list[tuple[object, ...]]:
    return [
        ("", "TỔNG CHI NSĐP (ĐÃ LOẠI TRỪ CHI CHUYỂN GIAO)", 10000),
        ("I", "Chi đầu tư phát triển", 4000),
        ("", "Chi khoa học và công nghệ", science),
        ("II", "Chi thường xuyên", 6000),
        ("", "Chi khoa học và công nghệ", 20),
    ]
