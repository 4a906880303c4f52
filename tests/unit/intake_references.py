"""A handful of real codes, enough for the intake tests, and small files in the forms' own headers."""

from datetime import date
from pathlib import Path

import openpyxl
import polars as pl

from tiendo.intake.references import PlanValue, References

_REFORM = date(2025, 7, 1)
_BEFORE = date(2004, 7, 8)

REFERENCES = References(
    org_units=pl.DataFrame(
        [
            ("66", _BEFORE, date(2025, 6, 30), "province", "66", "Tỉnh Đắk Lắk"),
            ("66", _REFORM, None, "province", "66", "Tỉnh Đắk Lắk"),
            ("54", _BEFORE, date(2025, 6, 30), "province", "54", "Tỉnh Phú Yên"),
            ("68", _REFORM, None, "province", "68", "Tỉnh Lâm Đồng"),
            ("01", _BEFORE, None, "province", "01", "Thành phố Hà Nội"),
            ("24133", _REFORM, None, "commune", "66", "Phường Buôn Ma Thuột"),
            ("24154", _REFORM, None, "commune", "66", "Phường Thành Nhất"),
            ("24769", _REFORM, None, "commune", "68", "Phường Xuân Hương - Đà Lạt"),
            ("00004", _REFORM, None, "commune", "01", "Phường Ba Đình"),
            ("24121", _BEFORE, date(2025, 6, 30), "commune", "66", "Phường Tân Lập"),
        ],
        schema={
            "org_code": pl.String,
            "valid_from": pl.Date,
            "valid_to": pl.Date,
            "org_level": pl.String,
            "province_code": pl.String,
            "org_name_vi": pl.String,
        },
        orient="row",
    ),
    agency_codes=frozenset({"dl_so_khcn", "dl_so_noi_vu"}),
    agency_province={"dl_so_khcn": "66", "dl_so_noi_vu": "66"},
    indicator_codes=frozenset({"infra_5g_coverage", "startup_new"}),
    accumulating_indicators=frozenset({"startup_new"}),
    indicator_units={"infra_5g_coverage": "percent", "startup_new": "count"},
    plan_orgs={"dak-lak-2025": "66", "dak-lak-2026": "66", "lam-dong-2026": "68"},
    target_rows={"dak-lak-2026": frozenset({"PL1.1", "PL1.2"}), "lam-dong-2026": frozenset({"I.1"})},
    task_rows={"dak-lak-2025": frozenset({"row-8"}), "dak-lak-2026": frozenset({"row-1", "row-2"})},
    plan_values={
        ("dak-lak-2026", "PL1.1", "target_raw"): (PlanValue("2026", "≥ 95%"), PlanValue("2030", "100%")),
        ("dak-lak-2026", "PL1.1", "milestone_on"): (
            PlanValue("2026", "2026-12-31"),
            PlanValue("2030", "2030-12-31"),
        ),
        ("dak-lak-2026", "PL1.2", "target_raw"): (PlanValue("2026", "Tối thiểu 1.200 doanh nghiệp"),),
        ("dak-lak-2026", "row-1", "due_on"): (PlanValue(None, "2026-06-30"),),
        ("dak-lak-2026", "row-1", "deliverable_vi"): (PlanValue(None, "Báo cáo"),),
        ("dak-lak-2026", "row-1", "recurrence"): (PlanValue(None, None),),
        ("dak-lak-2026", "row-1", "continues"): (PlanValue(None, None),),
        ("dak-lak-2026", "row-2", "due_on"): (PlanValue(None, None),),
    },
)

COVERAGE = ["Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số", "Dân số được phủ sóng 5G"]
DOSSIER = [
    "Mã hồ sơ",
    "Mã TTHC",
    "Mã đơn vị tiếp nhận",
    "Ngày tiếp nhận",
    "Ngày kết thúc",
    "Kênh tiếp nhận",
    "Trạng thái",
]
CATALOGUE = [
    "Mã TTHC",
    "Tên TTHC",
    "Cấp thực hiện",
    "Đủ điều kiện trực tuyến",
    "Đủ điều kiện toàn trình",
    "Mức độ DVC",
    "Ngày hiệu lực",
    "Ngày hết hiệu lực",
]
INDICATOR = ["Mã chỉ tiêu", "Mã đơn vị", "Kỳ báo cáo", "Cách tính", "Tử số", "Mẫu số", "Giá trị"]


def coverage_row(org="24133", period="03/2026", population=1000, covered=400, sender="UBND xã"):
    return [org, "Xã", period, sender, population, covered]


def dossier_row(number=1, org="24133", received="05/03/2026 08:15", completed="", state="Đang xử lý"):
    return [f"H66.{number}", "1.000656", org, received, completed, "Trực tuyến", state]


def workbook(path: Path, *rows, sheet="Biểu 04", above=0):
    book = openpyxl.Workbook()
    page = book.active
    page.title = sheet
    for _ in range(above):
        page.append([])
    for number, row in enumerate(rows, 1 + above):
        for column, value in enumerate(row, 1):
            page.cell(number, column, value)
    book.save(path)
    return path


def delimited(path: Path, *rows, separator=",", encoding="utf-8"):
    def quoted(value):
        text = "" if value is None else str(value)
        return f'"{text}"' if any(mark in text for mark in (separator, "\n")) else text

    lines = (separator.join(quoted(value) for value in row) for row in rows)
    path.write_bytes(("\r\n".join(lines) + "\r\n").encode(encoding))
    return path
