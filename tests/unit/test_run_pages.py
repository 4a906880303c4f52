"""Pages and tables about a run: bounded, without a sender's words; the batches they count."""

import json
from datetime import datetime

import duckdb
import pytest

from tiendo.intake.batches import batches_of
from tiendo.intake.store import Submission
from tiendo.report.run_pages import LISTED, run_page
from tiendo.report.run_tables import ROWS, provinces_touched, quarantine_table, timing_table
from tiendo.settings import Home

RELEASE, BEFORE = "2026-10-31-0123456789", "2026-09-30-0123456789"
PRIVATE = "Nguyễn Văn A"
TABLES = {
    "submissions": """select 's' || n as submission_id, 'coverage' as form, '24133' as org_code,
        '2026-' || n as period, timestamp '2026-10-01' + interval (n) minute as received_at,
        if(n = 0, 'rejected', 'landed') as status, if(n = 0, 'TD-101', null) as rejection_code
        from range(0, 61) as t (n)""",
    "quarantined_rows": f"""select 's' || n as submission_id, '' as sheet, row_number,
        'population' as column_name,
        '{PRIVATE}' as column_label, '{PRIVATE}' as "value", 'TD-202' as rule_code, '{PRIVATE}' as message_vi
        from range(1, 61) as t (n), range(1, 4) as r (row_number)""",
    "dim_org_unit": """select * from (values ('24133', 'Phường Tân An', '66', true),
        ('24133', 'Xã Tân An', '66', false), ('66', 'Tỉnh Đắk Lắk', '66', true),
        ('68', 'Tỉnh Lâm Đồng', '68', true)) as t (org_code, org_name_vi, province_code, is_current)""",
    "dim_agency": "select 'so_a' as agency_code, 'Sở A' as agency_name_vi, '68' as province_code",
    "dim_plan": "select '68' as province_code",
    "quality_checks": "select 'Q-1' as check_id, 'Có | số' as description_vi",
}  # fmt: skip
RUN = {
    "run_id": "r1", "outcome": "published", "started_at": "2026-11-01T01:00:00+07:00", "release_id": RELEASE,
    "alarms": [{"vi": "TD-446 Chậm"}], "error": None,
    "intake": {"new": 3, "rejected": 1, "unchanged": 57, "rows_read": 1200, "rows_quarantined": 4},
    "steps": [{"name": "load", "seconds": 1.5, "cpu_seconds": 1.0, "memory_mb": 300, "rows": None}],
}  # fmt: skip


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = Home(tmp_path_factory.mktemp("pages"))
    for release_id, rows in ((BEFORE, 5), (RELEASE, 7)):
        folder = home.releases / release_id
        folder.mkdir(parents=True)
        manifest = {
            "release_id": release_id, "as_of": release_id[:10], "known_at": "2026-11-01T00:00:00+07:00",
            "row_counts": {"a": rows, "b": 2}, "counts": {"submissions": 61, "rows_quarantined": 180},
            "checks": {"failed": [{"check_id": "Q-1", "rows_failed": 2}], "summary": [{"passed": 9}]},
        }  # fmt: skip
        (folder / "manifest.json").write_text(json.dumps(manifest))
    with duckdb.connect(str(folder / "tiendo.duckdb")) as connection:
        for name, content in TABLES.items():
            connection.execute(f"create table {name} as {content}")
    home.current.symlink_to(f"releases/{RELEASE}")
    return home


def test_the_summary_says_what_was_published_and_what_changed(home):
    page = run_page(home, RUN, [f"Khác {n}" for n in range(LISTED + 2)], BEFORE)
    for line in (
        f"# Đã phát hành {RELEASE}", "- ⚠ TD-446 Chậm",
        "- Tiếp nhận: 3 tệp mới, 1 bị từ chối, 57 tệp đã có; 1.200 dòng đọc, 4 dòng cách ly.",
        "- Kiểm tra: 9 đạt, 1 cảnh báo.", "  - Q-1 Có \\| số (2 dòng)",
        "| a | 5 | 7 |", "- Khác 0", "- … và 2 khác biệt nữa",
    ):  # fmt: skip
        assert line in page.splitlines()
    assert "| b |" not in page


def test_the_summary_of_a_failure_says_so_and_what_stands(home):
    failed = RUN | {"outcome": "failed", "release_id": None, "error": {"vi": "TD-502 Sai <3 dòng>"}}
    page = run_page(home, failed)
    assert page.startswith("# Lượt chạy thất bại, không phát hành bản mới\n\n> TD-502 Sai &lt;3 dòng>\n")
    assert f"## Bản phát hành {RELEASE}" in page


def test_the_summary_needs_no_release(tmp_path):
    assert "Chưa có bản phát hành nào dùng được. TD-607" in run_page(Home(tmp_path), RUN)


def test_rows_set_aside_are_counted_and_never_quoted(home):
    listing = quarantine_table(home.current.resolve())
    assert len(listing.rows) == ROWS
    assert "Hiện 50 trong 61 nhóm" in listing.told
    newest = {"Biểu": "Biểu 04. Phủ sóng 5G và thôn, buôn lõm sóng", "Đơn vị": "24133 Phường Tân An",
              "Kỳ": "2026-60", "Mã lỗi": "TD-202", "Cột": "Dân số", "Số dòng": 3, "Số tệp": 1}  # fmt: skip
    assert listing.rows[0] == newest
    assert PRIVATE not in str(listing)


def test_provinces_are_those_of_plans_and_of_senders(home):
    release = home.current.resolve()
    assert provinces_touched(release) == ["68 Tỉnh Lâm Đồng"]
    assert provinces_touched(release, ["s1", "it's"]) == ["66 Tỉnh Đắk Lắk", "68 Tỉnh Lâm Đồng"]


def test_times_have_the_names_people_know():
    (row,) = timing_table(RUN).rows
    assert (row["Bước"], row["Giây"]) == ("Nạp", 1.5)


def test_batches_are_forms_and_what_speaks_of_others_comes_last():
    forms = ("withdrawal", "dossier", "correction", "coverage", "unidentified", "coverage")
    sent = [
        Submission(form, f"2026-0{n}" if n else "unknown", "66", datetime(2026, 7, 1 + n), "a", "x.csv")
        for n, form in enumerate(forms)
    ]
    assert [batch.label for batch in batches_of(sent)] == [
        "Biểu 04. Phủ sóng 5G và thôn, buôn lõm sóng: 2 tệp, kỳ 2026-03 đến 2026-05",
        "Biểu 02. Trích xuất hồ sơ thủ tục hành chính: 1 tệp, kỳ 2026-01",
        "Tệp chưa rõ biểu: 1 tệp, kỳ 2026-04",
        "Đính chính và rút lần nộp: 2 tệp, kỳ 2026-02",
    ]
    assert [batch.form for batch in batches_of(sent, {"dossier"})] == ["dossier"]
