"""A small released home with one file of each kind, so that every number in it can be told by hand."""

import json
from pathlib import Path

import openpyxl
from installed import tiendo

DAY = ("--as-of", "2026-06-30", "--known-at", "2026-07-15T00:00+07:00")
SHEET = "Biểu 04"
COVERAGE = [
    "STT",
    "Mã đơn vị",
    "Đơn vị",
    "Kỳ báo cáo",
    "Đơn vị cung cấp",
    "Dân số",
    "Dân số được phủ sóng 5G",
]
# Five of the 102 communes: people, and how many of them are covered, in December and in June.
COMMUNES = {
    "24133": (40_000, 20_000, 39_000),
    "24154": (30_000, 9_000, 15_000),
    "24163": (20_000, 5_000, 8_000),
    "24121": (10_000, 1_000, 4_000),
    "22015": (50_000, 10_000, 30_000),
}
REPORT = (
    "Mã chỉ tiêu,Mã đơn vị,Kỳ báo cáo,Cách tính,Số liệu đến ngày,Tử số,Mẫu số,Giá trị,Tính chất số liệu,"
    "Ghi chú\n"
)
DOSSIERS = "Mã hồ sơ,Mã TTHC,Mã đơn vị tiếp nhận,Ngày tiếp nhận,Kênh tiếp nhận,Trạng thái\n"
ECONOMY = (
    "Mã tỉnh,Kỳ báo cáo,Cách tính,GRDP,GTTT kinh tế số lõi,GTTT số hóa ngành khác,Cơ quan công bố,"
    "Phương pháp,Tính chất số liệu\n"
)
CORRECTION = "Mã lần nộp,Trang tính,Ô,Giá trị cũ,Giá trị mới,Lý do,Số văn bản,Ngày ký\n"


def send(home: Path, file: Path, received_at: str, *options: str) -> str:
    """Submits a file; its identifier."""
    shown = tiendo(home, "submit", str(file), "--received-at", received_at, "--json", *options)
    (receipt,) = json.loads(shown.stdout)["receipts"]
    assert receipt["status"] == "landed", receipt
    assert receipt["rows_quarantined"] == 0, receipt
    return receipt["submission_id"]


def coverage_workbook(path: Path, period: str, position: int) -> Path:
    """A workbook with title rows; `position` says which of the two figures of `COMMUNES` stands in it."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = SHEET
    page.append(["ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK"])
    page.append(["BIỂU 04. PHỦ SÓNG 5G"])
    page.append([f"Kỳ báo cáo: {period}"])
    page.append([])
    page.append(COVERAGE)
    for number, (code, figures) in enumerate(COMMUNES.items(), 1):
        page.append([number, code, "Đơn vị", period, "Sở KH&CN", figures[0], figures[position]])
    page.append(["Người lập biểu"])
    book.save(path)
    return path


def settlement_workbook(path: Path) -> Path:
    """Three lines of the published settlement of Phú Yên in 2017, in triệu đồng, and their titles."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = "64"
    page.append(["UBND TỈNH PHÚ YÊN", *[None] * 4, "Biểu số 64/CK-NSNN"])
    page.append(["QUYẾT TOÁN CHI NGÂN SÁCH ĐỊA PHƯƠNG NĂM 2017"])
    page.append([*[None] * 4, "Đơn vị tính: Triệu đồng"])
    page.append(["STT", "Nội dung", "Dự toán", "Quyết toán", "So sánh"])
    page.append([None, "TỔNG CHI NSĐP (ĐÃ LOẠI TRỪ CHI CHUYỂN GIAO)", 900_000, 1_000_000, None])
    page.append(["A", "CHI CÂN ĐỐI NGÂN SÁCH ĐỊA PHƯƠNG", 800_000, 900_000, None])
    page.append(["I", "Chi đầu tư phát triển", 300_000, 300_000, None])
    page.append([None, "- Chi khoa học và công nghệ", 4_000, 5_000, None])
    page.append(["II", "Chi thường xuyên", 500_000, 600_000, None])
    page.append([2, "Chi khoa học và công nghệ", 6_000, 7_000, None])
    book.save(path)
    return path


def text_file(path: Path, text: str) -> Path:
    """A CSV file."""
    path.write_text(text, encoding="utf-8")
    return path


def build(home: Path, folder: Path) -> dict[str, str]:
    """Submits one file of each kind and publishes; the identifiers of the submissions by kind."""
    found: dict[str, str] = {}
    for kind, period, position, received in (
        ("december", "12/2025", 1, "2026-01-05T09:00+07:00"),
        ("june", "06/2026", 2, "2026-07-05T09:00+07:00"),
    ):
        file = coverage_workbook(folder / f"{kind}.xlsx", period, position)
        found[kind] = send(home, file, received, "--org", "66")
    row = f"{found['june']},{SHEET},G6,39000,36000,Ghi nhầm,45/UBND,10/07/2026\n"
    found["correction"] = send(home, text_file(folder / "dc.csv", CORRECTION + row), "2026-07-10T09:00+07:00")
    report = REPORT + (
        "gov_documents_digitally_signed_share,66,01/2026,Trong kỳ,,80,100,,Chính thức,\n"
        "gov_documents_digitally_signed_share,66,02/2026,Trong kỳ,,95,100,,Chính thức,\n"
        "gov_citizen_service_index_score,66,05/2026,,25/05/2026,,,84.01,Ước tính,Nguồn: https://example.org/1\n"
    )
    found["report"] = send(
        home, text_file(folder / "b1.csv", report), "2026-06-05T09:00+07:00", "--org", "66"
    )
    other = REPORT + "innovation_pii_rank,01,2025,,,,,1,Chính thức,\n"
    found["other"] = send(
        home, text_file(folder / "b1-01.csv", other), "2026-01-06T09:00+07:00", "--org", "01"
    )
    for month, count in (("05", 6), ("06", 2)):
        channels = ["Trực tiếp", "Trực tuyến"]
        rows = "".join(
            f"H-{month}-{n},1.001,24133,0{n}/{month}/2026,{channels[n % 2]},Đang xử lý\n"
            for n in range(1, count + 1)
        )
        file = text_file(folder / f"hs-{month}.csv", DOSSIERS + rows)
        found[f"dossiers_{month}"] = send(home, file, f"2026-07-0{int(month) - 3}T08:00+07:00")
    quarters = "".join(
        f"01,Quý {roman}/2025,Trong kỳ,{1000 * n},{100 * n},{50 * n},Thống kê tỉnh,773/VPCP-CĐS,Chính thức\n"
        for n, roman in enumerate(("I", "II", "III", "IV"), 1)
    )
    file = text_file(folder / "b5.csv", ECONOMY + quarters)
    found["economy"] = send(home, file, "2026-02-05T09:00+07:00", "--org", "01", "--period", "2025")
    file = settlement_workbook(folder / "64.xlsx")
    found["settlement"] = send(home, file, "2026-02-06T09:00+07:00", "--org", "54", "--period", "2017")
    tiendo(home, "refresh", *DAY)
    return found
