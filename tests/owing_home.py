"""A home whose one release holds a handful of tasks, reports and documents that agencies owe."""

import json
from pathlib import Path

import duckdb

from tiendo.settings import Home

RELEASE = "2026-10-31-0123456789"
HOSTILE = "Ban hành <b>quy chế</b> & {{ 7 * 7 }} {% raw %}"
TABLES = {
    "task_progress": """select * from (values
        ('p', 'r1', $title, date '2026-10-30', null),
        ('p', 'r2', 'Đề án', date '2026-11-10', null),
        ('p', 'r3', 'Đã tiếp nối', date '2026-01-31', 'q'),
        ('p', 'r4', 'Đã xong', date '2026-01-31', null)
    ) as t (plan_id, row_ref, title_vi, due_on, continued_by_plan_id)""",
    "task_assignee_progress": """select * from (values
        ('p', 'r1', 'so_a', 'Sở A', 'overdue', null, null, 60.000000::decimal(18, 6), '2026-09'),
        ('p', 'r2', 'so_a', 'Sở A', 'due_soon', null, null, null, null),
        ('p', 'r3', 'so_a', 'Sở A', 'overdue', null, null, null, null),
        ('p', 'r4', 'so_a', 'Sở A', 'done_on_time', null, null, 100::decimal(18, 6), '2026-01'),
        ('p', 'r2', 'so_b', 'Sở B', 'pending_evidence', 'MC-1', null, 100::decimal(18, 6), '2026-10'),
        ('p', 'r1', 'nguoi_dan', 'Người dân', 'overdue', null, null, null, null)
    ) as t (plan_id, row_ref, assignee_code, assignee_name_vi, state, evidence_refs, difficulty,
        percent_complete, reported_period), lateral (select
        case when percent_complete = 100 then 'done' end as reported_state,
        case when assignee_code = 'nguoi_dan' then 'group' else 'agency' end as assignee_kind)""",
    "reporting_compliance": """select * from (values
        ('so_a', 'Sở A', 'o', 'p', 'Văn phòng', '2026-08', date '2026-08-31', date '2026-08-19', 'missing'),
        ('so_a', 'Sở A', 'o', 'p', 'Văn phòng', '2026-09', date '2026-09-30', date '2026-09-19', 'missing'),
        ('so_a', 'Sở A', 'o', 'p', 'Văn phòng', '2026-10', date '2026-10-31', date '2026-10-19', 'on_time'),
        ('so_a', 'Sở A', 'o', 'p', 'Văn phòng', '2026-11', date '2026-11-30', date '2026-11-19',
            'not_yet_due')
    ) as t (reporter_code, reporter_name_vi, obligation_code, plan_id, receiver_vi, period, period_end,
        due_on, state)""",
    "evidence_register": """select * from (values
        ('MC-1', 'p', 'r2', '9/QĐ', 'sở kh c', date '2026-10-20', 11),
        ('MC-2', 'p', 'r4', '8/QĐ', null, date '2026-01-20', null)
    ) as t (evidence_ref, plan_id, row_ref, document_number, waiting_for_vi, filed_on,
        days_waiting), (select '66' as province_code, '66' as org_code)""",
    "dim_agency": """select * from
        (values ('so_a', 'Sở A', null), ('so_b', 'Sở B', ''), ('so_c', 'Sở C', 'Sở thứ ba;Sở KH C'),
            ('so_d', 'Sở D', null), ('so_e', 'Sở E', null))
        as t (agency_code, agency_name_vi, aliases), (select '66' as province_code, 'x' as short_name)""",
    "dim_org_unit": "select unnest(['24133', '66']) as org_code",
    "dim_plan": """select 'p' as plan_id, '02-KH/BCĐ' as plan_number, 'Ban Chỉ đạo tỉnh' as issuer_vi,
        date '2025-11-06' as valid_from""",
}


def owing_home(root: Path, *inserts: str) -> Home:
    """Writes the home under `root`; `inserts` add rows to its tables."""
    folder = root / "data/curated/releases" / RELEASE
    folder.mkdir(parents=True)
    with duckdb.connect(str(folder / "tiendo.duckdb")) as connection:
        for name, content in TABLES.items():
            connection.execute(f"create table {name} as {content.replace('$title', repr(HOSTILE))}")
        for insert in inserts:
            connection.execute(insert)
    manifest = {"release_id": RELEASE, "as_of": "2026-10-31", "is_synthetic": False}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (root / "data/curated/current").symlink_to(f"releases/{RELEASE}")
    return Home(root)
