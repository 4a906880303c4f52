"""Files as sent, read a second time: headers, numbers, dates and periods of the demo, nothing of tiendo.

Only the spellings that the demo writes are known; a header that is not stops the test.
"""

import csv
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import openpyxl
import polars as pl

Row = dict[str, Any]

HEADERS = {
    "coverage": {
        "org_code": ("ma don vi", "ma don vi hanh chinh"),
        "period": ("ky bao cao", "ky"),
        "sender": ("don vi cung cap", "nguon cung cap"),
        "population": ("dan so", "tong dan so"),
        "population_5g": ("dan so duoc phu song 5g", "dan so phu song 5g"),
        "area": ("dien tich", "dien tich (km2)"),
        "area_5g": ("dien tich phu song 5g", "dien tich phu song 5g (km2)"),
        "villages": ("so thon, buon",),
        "villages_no_signal": ("so thon lom song",),
    },
    "procedure_catalogue": {
        "authority_level": ("cap thuc hien",),
        "locally_regulated": ("dia phuong quy dinh",),
        "online_eligible": ("du dieu kien truc tuyen",),
        "fully_online_eligible": ("du dieu kien toan trinh",),
        "service_level": ("muc do dvc", "muc do dich vu cong"),
        "business_related": ("lien quan doanh nghiep",),
        "boundary_free": ("phi dia gioi",),
        "valid_from": ("ngay hieu luc",),
        "valid_to": ("ngay het hieu luc",),
    },
    "digital_economy": {
        "province_code": ("ma tinh", "ma don vi"),
        "period": ("ky bao cao", "ky"),
        "basis": ("cach tinh",),
        "grdp": ("grdp", "grdp (ty dong)"),
        "core": ("gttt kinh te so loi", "gttt kinh te so loi (ty dong)"),
        "spillover": ("gttt so hoa nganh khac", "gttt so hoa nganh khac (ty dong)"),
        "maturity": ("tinh chat so lieu",),
    },
    "dossier": {
        "dossier_id": ("ma ho so", "so ho so"),
        "receiving": ("ma don vi tiep nhan", "don vi tiep nhan"),
        "competent": ("ma don vi giai quyet", "don vi giai quyet"),
        "received": ("ngay tiep nhan", "thoi diem tiep nhan"),
        "due": ("ngay hen tra", "ngay hen tra ket qua"),
        "completed": ("ngay ket thuc", "ngay ket thuc xu ly"),
        "channel": ("kenh tiep nhan",),
        "service_level": ("muc do dvc", "muc do dich vu cong"),
        "input_digitised": ("so hoa ho so",),
        "result_digitised": ("so hoa ket qua",),
        "e_result": ("ket qua dien tu",),
        "fee": ("phi, le phi",),
        "paid_online": ("thanh toan truc tuyen",),
        "data_reused": ("tai su dung du lieu",),
        "synced": ("dong bo cong dvcqg",),
        "rating": ("muc hai long",),
        "state": ("trang thai",),
    },
}


@dataclass(frozen=True)
class Submission:
    received_at: datetime
    period: str
    org_code: str
    rows: list[Row]


def fold(text: object) -> str:
    """Lower case, without marks, spaces collapsed: 'Số  hoá\\nhồ sơ' and 'SO HOA HO SO' are one."""
    decomposed = unicodedata.normalize("NFD", str(text or "")).replace("đ", "d").replace("Đ", "D")
    plain = "".join(c for c in decomposed if not unicodedata.combining(c)).replace("²", "2")
    return " ".join(plain.lower().split())


def grid(path: Path) -> list[list[Any]]:
    if path.suffix == ".xlsx":
        sheet = openpyxl.load_workbook(path, data_only=True).worksheets[0]
        return [list(row) for row in sheet.iter_rows(values_only=True)]
    if path.suffix == ".parquet":
        frame = pl.read_parquet(path)
        return [frame.columns, *(list(row) for row in frame.iter_rows())]
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return [list(row) for row in csv.reader(handle)]


def submissions(home: Path, form: str, known_at: datetime) -> Iterator[Submission]:
    """Every file of a form in the order of receipt; the sender and the period are those of its folder."""
    names = {spelling: column for column, spellings in HEADERS[form].items() for spelling in spellings}
    files = [path for path in (home / "data/raw" / form).glob("*/*/*") if path.is_file()]
    for path in sorted(files, key=lambda file: file.name):
        received_at = datetime.strptime(path.name.split("__")[0], "%Y-%m-%dT%H%M%S%z")
        if received_at > known_at:
            continue
        header, *lines = grid(path)
        columns = [names.get(fold(cell)) for cell in header]
        missing = set(HEADERS[form]) - set(columns)
        if missing:
            raise AssertionError(f"{path.name}: no column {missing}")
        rows = [{c: v for c, v in zip(columns, line, strict=True) if c} for line in lines if any(line)]
        yield Submission(received_at, path.parent.parent.name, path.parent.name, rows)


def count(cell: object) -> int | None:
    """A whole number, points being thousands and ',0' nothing; ValueError for words."""
    if cell in (None, ""):
        return None
    return int(cell if isinstance(cell, int | float) else str(cell).removesuffix(",0").replace(".", ""))


def amount(cell: object) -> Decimal | None:
    """A decimal in Vietnamese writing; ValueError for '1.250', which may be 1250 or 1,25."""
    if cell in (None, ""):
        return None
    if isinstance(cell, int | float):
        return Decimal(repr(cell))
    text = str(cell)
    whole, _, rest = text.partition(",")
    last = whole.split(".")[-1]
    if "," not in text and text.count(".") == 1:
        if len(last) == 3 and len(whole) <= 7:
            raise ValueError(text)
        return Decimal(text)
    return Decimal(whole.replace(".", "") + "." + (rest or "0"))


def moment(cell: object) -> datetime | None:
    if cell in (None, ""):
        return None
    if isinstance(cell, datetime):
        return cell
    if isinstance(cell, date):
        return datetime(cell.year, cell.month, cell.day)
    text = str(cell)
    if "/" not in text:
        return datetime.fromisoformat(text)
    return datetime.strptime(text, "%d/%m/%Y %H:%M" if ":" in text else "%d/%m/%Y")


def yes(cell: object) -> bool:
    return fold(cell) in {"co", "x", "1", "true"}


def period_of(cell: object) -> str:
    text = fold(cell).replace("-", "/").replace(".", "/")
    words = text.replace("/", " ").split()
    if text.startswith("nam"):
        return words[1]
    if text.startswith(("quy", "q")):
        quarters = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "q1": 1, "q2": 2, "q3": 3, "q4": 4}
        return f"{words[-1]}-Q{quarters[words[-2]]}"
    month, year = (word.removeprefix("t") for word in words[-2:])
    if len(month) == 4:
        month, year = year, month
    return f"{year}-{int(month):02d}"


# Periods.


def starts_on(period: str) -> date:
    year = int(period[:4])
    if len(period) == 4:
        return date(year, 1, 1)
    if "Q" in period:
        return date(year, 3 * int(period[-1]) - 2, 1)
    return date(year, int(period[5:]), 1)


def ends_on(period: str) -> date:
    start = starts_on(period)
    months = 12 if len(period) == 4 else 3 if "Q" in period else 1
    later = start.month - 1 + months
    return date(start.year + later // 12, later % 12 + 1, 1) - timedelta(days=1)


def months_between(first: date, last: date) -> list[str]:
    count_of = (last.year - first.year) * 12 + last.month - first.month + 1
    steps = (divmod(first.month - 1 + step, 12) for step in range(count_of))
    return [f"{first.year + year}-{month + 1:02d}" for year, month in steps]


def month_of(day: date) -> str:
    return f"{day:%Y-%m}"
