"""What the forms hold: headers, words and measures, as every comparison reads them.

Written out by hand, as a script of its own would have it, and not taken from the contracts of tiendo. Only
the definitions of measures are the registry's.
"""

import csv
import re
from pathlib import Path

MOMENT = "%d/%m/%Y %H:%M"
TEXTS = {
    "dossier_id": "Mã hồ sơ",
    "procedure_code": "Mã TTHC",
    "receiving_org_code": "Mã đơn vị tiếp nhận",
    "competent_org_code": "Mã đơn vị giải quyết",
}
MOMENTS = {"received_at": "Ngày tiếp nhận", "due_at": "Ngày hẹn trả", "completed_at": "Ngày kết thúc"}
CHOICES = {
    "channel": ("Kênh tiếp nhận", {"Trực tuyến": "online", "Trực tiếp": "in_person", "Bưu chính": "post"}),
    "service_level": ("Mức độ DVC", {"Toàn trình": "full", "Một phần": "partial", "Không": "none"}),
    "state": (
        "Trạng thái",
        {"Đang xử lý": "processing", "Đã trả kết quả": "done", "Từ chối": "refused", "Rút": "withdrawn"},
    ),
}
COUNTS = {
    "supplement_requests": ("Số lần yêu cầu bổ sung", 0, 10**12),
    "fee_amount": ("Phí, lệ phí", 0, 10**12),
    "rating": ("Mức hài lòng", 1, 5),
}
BOOLEANS = {
    "input_digitised": "Số hóa hồ sơ",
    "result_digitised": "Số hóa kết quả",
    "paper_result_due": "Phải trả kết quả giấy",
    "e_result": "Kết quả điện tử",
    "paid_online": "Thanh toán trực tuyến",
    "data_reused": "Tái sử dụng dữ liệu",
    "synced_national": "Đồng bộ Cổng DVCQG",
}
REQUIRED = ("dossier_id", "procedure_code", "receiving_org_code", "received_at", "channel", "state")
COLUMNS = (*TEXTS, *MOMENTS, *CHOICES, *COUNTS, *BOOLEANS)
UNITS = """
create table units as
select
    org_code as unit_code, valid_from, coalesce(valid_to, date '9999-12-31') as valid_to,
    org_level, province_code
from read_csv('{project}/dbt_project/seeds/reference/org_units.csv', types = {{
    'org_code': 'varchar', 'province_code': 'varchar', 'valid_from': 'date', 'valid_to': 'date'
}})
union all
select agency_code, date '2000-01-01', date '9999-12-31', 'agency', province_code
from read_csv('{project}/data/raw/plans/agencies.csv', all_varchar = true)
where province_code is not null
"""
RAW_NAME = re.compile(r"(?P<at>\d{4}-\d\d-\d\dT\d{6})\+0700__")

MONTHLY_COUNTS = {
    "dossiers": "true",
    "received_online": "channel = 'online'",
    "received_fully_online": "channel = 'online' and service_level = 'full'",
    "done": "state = 'done'",
    "refused": "state = 'refused'",
    "withdrawn": "state = 'withdrawn'",
    "completed_on_time": "due_at is not null and cast(completed_at as date) <= cast(due_at as date)",
    "input_digitised": "input_digitised",
    "result_digitised": "result_digitised",
    "electronic_results": "e_result",
    "with_fee": "fee_amount > 0",
    "paid_online": "fee_amount > 0 and paid_online",
    "data_reused": "data_reused",
    "synced_national": "synced_national",
    "rated": "rating is not null",
    "rated_satisfied": "rating >= 4",
}


def header_of(name: str) -> str:
    """The header of a column as sent."""
    if name in CHOICES:
        return CHOICES[name][0]
    return COUNTS[name][0] if name in COUNTS else (TEXTS | MOMENTS | BOOLEANS)[name]


def submission_of(path: Path) -> tuple[str, str, str]:
    """Period, unit and name of a received file."""
    period, org = path.parts[-3:-1]
    match = RAW_NAME.match(path.name)
    return period, org, f"{period}_{org}_{match['at'] if match else ''}"


def measures_of(project: Path, form: str) -> list[dict[str, str]]:
    """The registry's measures of a form, in its order."""
    with (project / "data/raw/plans/indicator_measures.csv").open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if row["form"] == form]


def looks_at_period_end(measure: dict[str, str]) -> bool:
    """Whether a measure asks what was open at the end of the period, and so does not add up over months."""
    rules = (measure["numerator_rule"], measure["denominator_rule"], measure["numerator_sum"])
    return any("period_end" in rule for rule in rules)
