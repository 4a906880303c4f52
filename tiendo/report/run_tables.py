"""Tables about a run: statuses by place, what was set aside, times of the steps.

No cell of a sender's file and no file name is in them: rows set aside are counted by what is wrong with them
(docs/discretion.md). Tables are bounded and say how much there is in all.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tiendo.intake.contracts import load_contracts
from tiendo.publish.query import literal, query
from tiendo.publish.results import to_records
from tiendo.report.status import read_status

ROWS = 50
STEPS = {
    "intake": "Tiếp nhận", "load": "Nạp", "transform": "Tính toán",
    "stage": "Ghi bảng chờ phát hành", "check": "Kiểm tra", "drift": "So với bản trước",
    "publish": "Phát hành",
}  # fmt: skip
QUARANTINE_SQL = """
with problems as (

    select submission_id, rule_code, column_name, count(distinct (sheet, row_number)) as rows_affected
    from quarantined_rows
    group by all
    union all
    select submission_id, rejection_code, '', null
    from submissions
    where status = 'rejected'

)

select
    form, submissions.org_code, coalesce(org_name_vi, agency_name_vi) as name_vi, period, rule_code,
    column_name,
    sum(rows_affected) as rows_affected, count(distinct submission_id) as files,
    max(received_at) as received_at, count(*) over () as total
from problems
inner join submissions using (submission_id)
left join dim_org_unit on submissions.org_code = dim_org_unit.org_code and dim_org_unit.is_current
left join dim_agency on submissions.org_code = dim_agency.agency_code
group by all
order by received_at desc, form, org_code, period, rule_code, column_name
limit {rows}
"""
PROVINCES_SQL = """
with touched as (

    select province_code from dim_plan
    union
    select coalesce(dim_org_unit.province_code, dim_agency.province_code)
    from submissions
    left join dim_org_unit on submissions.org_code = dim_org_unit.org_code and dim_org_unit.is_current
    left join dim_agency on submissions.org_code = dim_agency.agency_code
    where submission_id in ({ids})

)

select distinct org_code || ' ' || org_name_vi as province
from touched
inner join dim_org_unit on touched.province_code = dim_org_unit.org_code and dim_org_unit.is_current
order by province
"""


@dataclass(frozen=True)
class Listing:
    """Rows of a table, cut to what a person reads.

    Attributes:
        rows: One mapping per row, by heading.
        told: What the table shows, and of how many rows where it was cut.
    """

    rows: Sequence[Mapping[str, Any]]
    told: str


def status_table(release: Path) -> Listing:
    """Indicators by place and status; provinces first.

    Raises:
        TiendoError: TD-604 where the release cannot be read.
    """
    status = read_status(release, "vi")
    counts: Counter[tuple[str, str]] = Counter()
    for row in status.counts:
        counts[row["org_code"], row["status"]] += row["indicators"]
    names = {row["org_code"]: row["org_name_vi"] for row in status.counts}
    used = [label for label in status.labels if any((code, label) in counts for code in names)]
    codes = sorted(names, key=lambda code: (len(code), code))
    rows = [
        {"Mã": code, "Đơn vị": names[code], **{status.labels[label]: counts[code, label] for label in used}}
        for code in codes[:ROWS]
    ]
    return Listing(rows, f"Số chỉ tiêu theo trạng thái. {_shown(len(rows), len(codes), 'đơn vị')}")


def quarantine_table(release: Path) -> Listing:
    """What was set aside, counted by form, sender, period and rule; newest first, without any cell's content.

    Raises:
        TiendoError: TD-604 where the release cannot be read.
    """
    contracts = load_contracts()
    found = to_records(query(release, QUARANTINE_SQL.format(rows=ROWS)))
    rows: list[dict[str, Any]] = []
    for row in found:
        contract = contracts.get(str(row["form"]))
        labels = {column.name: column.label_vi for column in contract.columns} if contract else {}
        rows.append(
            {
                "Biểu": contract.title_vi if contract else "Chưa rõ biểu",
                "Đơn vị": " ".join(str(part) for part in (row["org_code"], row["name_vi"]) if part),
                "Kỳ": row["period"],
                "Mã lỗi": row["rule_code"],
                "Cột": labels.get(str(row["column_name"]), ""),
                "Số dòng": "cả tệp" if row["rows_affected"] is None else row["rows_affected"],
                "Số tệp": row["files"],
            }
        )
    total = int(str(found[0]["total"])) if found else 0
    return Listing(
        rows, f"Dòng cách ly và tệp bị từ chối, mã lỗi xem docs/codes.md. {_shown(len(rows), total, 'nhóm')}"
    )


def timing_table(run: Mapping[str, Any]) -> Listing:
    """What each step of a run took."""
    rows = [
        {
            "Bước": STEPS.get(step["name"], step["name"]),
            "Giây": step["seconds"],
            "Giây CPU": step["cpu_seconds"],
            "Bộ nhớ cao nhất (MB)": step["memory_mb"],
            "Dòng": step["rows"],
        }
        for step in run["steps"]
    ]
    total = sum(step["seconds"] or 0 for step in run["steps"])
    return Listing(rows, f"Lượt chạy {run['run_id']}: các bước mất {total:.1f} giây.")


def provinces_touched(release: Path, submission_ids: Iterable[str] = ()) -> list[str]:
    """Code and name of the provinces with plans in a release, or that one of these submissions came from.

    Raises:
        TiendoError: TD-604 where the release cannot be read.
    """
    ids = ", ".join(literal(each) for each in submission_ids) or "null"
    return [str(row["province"]) for row in to_records(query(release, PROVINCES_SQL.format(ids=ids)))]


def _shown(shown: int, total: int, what: str) -> str:
    return f"Hiện {shown} trong {total} {what}." if shown < total else f"Tất cả {total} {what}."
