"""Pages about the data itself: ledger, quality, rows set aside, findings, changes, method."""

import re
from datetime import UTC, date, datetime
from html import unescape
from pathlib import Path
from types import ModuleType
from typing import Any

import duckdb
import pytest
from small_releases import figure, sent, task, write_release
from unit.test_release_diff import story

from tiendo.publish.diff.comparison import compare_releases
from tiendo.report.rule_words import PACES
from tiendo.report.site import changes, data, findings, method, quality, submissions
from tiendo.report.site.build import render
from tiendo.report.site.data import ReleaseFacts, SiteData
from tiendo.report.site.words import MARKS

HOSTILE = '<script>alert(1)</script>"><img src=x>{{ 7*7 }}\N{RIGHT-TO-LEFT OVERRIDE}gnp'
TABLES = f"""
create table dim_org_unit as from (values
    ('66', date '2025-07-01', 'Tỉnh Đắk Lắk', 'province', '66', true),
    ('24133', date '2025-07-01', 'Phường Tân An', 'commune', '66', true)
) as t (org_code, valid_from, org_name_vi, org_level, province_code, is_current);
create table dim_plan as select 'kh-1' as plan_id, '66' as org_code;
create table dim_indicator as select code as indicator_code, 'Phủ sóng 5G' as indicator_name_vi,
    '5G coverage' as indicator_name_en, 'percent' as unit, 'ratio' as kind, 'infra' as theme,
    'Dân số có sóng' as numerator_vi, 'Dân số' as denominator_vi, 'sum' as over_places, 'last' as over_time
from (values ('infra_5g'), ('sum')) as t (code);
create table indicator_latest as select '66' as province_code, 'on_track' as status;
create table indicator_parts as select 'coverage' as form, 'infra_5g' as indicator_code;
create table submissions as
select id as submission_id, form, org as org_code, '2026-09' as period, received as received_at,
    name as file_name,
    repeat('a', 64) as sha256, status, code as rejection_code, vi as rejection_vi, vi as rejection_en,
    n1 + n2 + n3 + n4 + n5 as rows_read, n1 as rows_loaded, n2 as rows_unchanged, n3 as rows_superseded,
    n4 as rows_quarantined, n5 as rows_left_out
from (values
    ('f1', 'coverage', '24133', timestamp '2026-09-30 18:00', '{HOSTILE}.xlsx', 'landed', null, null, 5, 0,
    1, 2, 1),
    ('f2', 'coverage', '66', timestamp '2026-10-05 03:00', 'b.xlsx', 'landed', null, null, 7, 2, 0, 0, 0),
    ('f3', 'unidentified', 'unknown', timestamp '2026-10-06 03:00', 'c.xlsx', 'rejected', 'TD-102',
        'TD-102 {HOSTILE}', 0, 0, 0, 0, 0)
) as t (id, form, org, received, name, status, code, vi, n1, n2, n3, n4, n5);
create table quarantined_rows as
select 'f1' as submission_id, 'Biểu' as sheet, row as row_number, 'A' || row as cell,
    'population' as column_name,
    'Dân số' as column_label, value, 'TD-202' as rule_code, 'Hãy ghi số' as message_vi,
    'Write a number' as message_en
from (values (3, '{HOSTILE}'), (4, repeat('Ă', 10000))) as t (row, value);
create table quality_scores as
select kind as subject_kind, code as subject_code, 'coverage' as form, code as org_code, name as org_name_vi,
    '66' as province_code, period, dimension, 'rows' as counted, checked as rows_checked,
    failed as rows_failed,
    100 * (1 - failed / checked) as score_pct, if(checked is null, 'nothing_sent', null) as not_scored_reason,
    if(checked is null, 'Chưa nộp gì.', null) as reason_vi, if(checked is null, 'Nothing sent.',
    null) as reason_en
from (values
    ('agency', '66', 'Tỉnh Đắk Lắk', '2026-09', 'valid', 10, 1), ('agency', '24133', 'Phường Tân An',
    '2026-09', 'valid', 2190, 1),
    ('agency', '66', 'Tỉnh Đắk Lắk', '2026-08', 'valid', 4, 4), ('agency', '66', 'Tỉnh Đắk Lắk', '2026-Q3',
    'valid', 1, 1),
    ('agency', '24133', 'Phường Tân An', '2026-09', 'complete', null, null),
    ('submission', 'f1', 'Phường Tân An', '2026-09', 'valid', 9, 2)
) as t (kind, code, name, period, dimension, checked, failed);
create table quality_checks as
select id as check_id, layer, on_table as table_name, severity, dimension, vi as description_vi,
    vi as description_en,
    passed as is_passed, 10 as rows_checked, failed as rows_failed
from (values
    ('Q-1', 'raw', 'coverage', 'warning', 'complete', 'Có dân số', false, 3),
    ('Q-2', 'raw', 'coverage', 'fatal', 'valid', 'Đúng mã', true, 0),
    ('Q-3', 'curated', 'reported_vs_computed', 'warning', 'accurate', 'Không lệch', false, 8)
) as t (id, layer, on_table, severity, dimension, vi, passed, failed);
create table plan_conflicts as
select vi as finding_label_vi, vi as finding_label_en, severity, '66' as province_code, '66' as org_code,
    'infra_5g' as indicator_code, '{HOSTILE}' as message_vi, 'odd' as message_en, false as is_settled
from (values ('Nhẹ', 'low'), ('Nặng', 'high'), ('Nhẹ', 'low')) as t (vi, severity);
create table suspicious_values as
select finding_label_vi, finding_label_en, severity, province_code, org_code, indicator_code, message_vi,
    message_en,
    '2026-09' as period, 'f1' as submission_id from plan_conflicts limit 1;
create table denominator_watch as from suspicious_values limit 0;
create table reported_vs_computed as
select 'warning' as severity, '66' as province_code, '66' as org_code, 'infra_5g' as indicator_code,
    '2026-09' as period, 'f2' as submission_id, true as is_above_threshold, 'Lệch 5 điểm' as message_vi,
    '5 points off' as message_en;
create table thresholds as
select code as threshold_code, value, 'ratio' as unit, since as valid_from, until as valid_to,
    'Căn cứ ' || code as source_vi, 'Source' as source_en
from (values
    ('coverage_share', 0.8, date '2000-01-01', date '2025-12-31'),
    ('coverage_share', 0.9, date '2026-01-01', null), ('later', 0.1, date '2027-01-01', null)
) as t (code, value, since, until);
create table dim_status as select 'on_track' as status, 1 as status_order, 'green' as colour,
    'Đúng tiến độ' as label_vi,
    'On track' as label_en, 'Còn lại' as meaning_vi, 'everything else' as meaning_en;
create table dim_task_state as select 'open' as state, 1 as state_order, 'grey' as colour,
    'Đang làm' as label_vi,
    'Open' as label_en, 'Đang làm' as meaning_vi, 'open' as meaning_en;
create table agency_scorecard_parts as select true as is_current, 'Chỉ tiêu' as part_vi,
    'Indicators' as part_en,
    1 as part_order, 37.5 as weight;
create table indicator_measures as select 'infra_5g' as indicator_code, 'F04' as form,
    'population' as variant,
    true as is_default, null as numerator_rule, null as denominator_rule, 'population_5g' as numerator_sum,
    'population' as denominator_sum, null as month_basis, null as excluded_states, null as org_basis,
    null as note;
"""


def write_tables(folder: Path, sql: str) -> Path:
    """Writes each table that the statements make as a Parquet file, over what lies there."""
    folder.mkdir(parents=True, exist_ok=True)
    with duckdb.connect() as connection:
        connection.execute(sql)
        for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall():
            connection.execute(f"copy {name} to '{folder / name}.parquet' (format parquet)")
    return folder


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_tables(tmp_path_factory.mktemp("release"), TABLES)


def facts(**more: Any) -> ReleaseFacts:
    known = {
        "release_id": "2026-09-30-bbbbbbbbbb", "as_of": date(2026, 9, 30),
        "known_at": datetime(2026, 10, 7, tzinfo=UTC), "is_synthetic": False, "code_version": "1",
        "dbt_manifest": Path("none.json"),
    }  # fmt: skip
    return ReleaseFacts(**known | more)


def shown(release: Path, *parts: ModuleType, **more: Any) -> dict[str, str]:
    """The HTML of the pages these modules give, by path."""
    with duckdb.connect() as connection:
        site = SiteData(release, facts(**more), connection)
        pages = {page.path: page for part in parts for page in part.pages(site)}
        return {path: render(page, pages, site) for path, page in pages.items()}


def text_of(html: str) -> str:
    """What a Vietnamese reader reads, on one line."""
    plain = unescape(re.sub(r'<span lang="en".*?</span>|<[^>]+>', " ", html))
    return " ".join(plain.replace("\N{EN DASH}", "-").split())


@pytest.fixture(scope="module")
def pages(release: Path) -> dict[str, str]:
    return shown(release, submissions, quality, findings, method)


def test_what_senders_wrote_is_text(pages: dict[str, str]) -> None:
    shown_on = [path for path, html in pages.items() if "&lt;script&gt;alert(1)&lt;/script&gt;" in html]
    assert sorted(shown_on) == ["quality/findings.html", "quality/quarantine.html", "submissions.html"]
    for path, html in pages.items():
        assert "<script>alert" not in html and "<img" not in html, path
        assert "\N{RIGHT-TO-LEFT OVERRIDE}" not in html, path
        assert "Ă" * 301 not in html, path
    assert "… (10.000 ký tự)" in text_of(pages["quality/quarantine.html"])


class TestLedger:
    def test_every_file_has_its_anchor_and_no_row_is_lost(self, pages: dict[str, str]) -> None:
        html = pages["submissions.html"]
        assert re.findall(r'<tr id="([^"]+)"', html) == ["f3", "f2", "f1"]
        assert "18 = 12 nạp + 2 không đổi + 1 đã bị thay + 2 cách ly + 1 không phải số liệu" in text_of(html)
        assert "Không mất dòng nào" in html
        assert "TD-102" in html
        assert 'href="quality/quarantine.html#f1"' in html
        assert 'href="quality/quarantine.html#f2"' not in html

    def test_a_lost_row_is_told(self, release: Path) -> None:
        with duckdb.connect() as connection:
            files = SiteData(release, facts(), connection).rows(submissions.LEDGER_SQL)
        files[0]["rows_read"] += 1
        assert not submissions.law(files)["holds"]

    def test_many_files_stand_by_month_of_receipt_in_hanoi(
        self, release: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(data, "MOST_FILES_ON_ONE_PAGE", 2)
        found = shown(release, submissions, quality)
        # Received at 01:00 of 1 October in Hanoi.
        assert [path for path in found if path.startswith("submissions/")] == ["submissions/2026-10.html"]
        assert re.findall(r'<tr id="([^"]+)"', found["submissions.html"]) == []
        assert len(re.findall(r'<tr id="', found["submissions/2026-10.html"])) == 3
        assert 'href="../quality/quarantine.html#f1"' in found["submissions/2026-10.html"]
        assert 'href="../submissions/2026-10.html#f1"' in found["quality/quarantine.html"]
        with duckdb.connect() as connection:
            path_of = SiteData(release, facts(), connection).submission_path
            assert (path_of("f2"), path_of("x")) == ("submissions/2026-10.html#f2", "submissions.html")


class TestQuality:
    def test_the_score_of_a_province_divides_sums_once(self, pages: dict[str, str]) -> None:
        text = text_of(pages["quality/index.html"])
        # 2 of 2200 rows fail, and no rounding to full marks; the quarter is no month.
        assert "09/2026 - - 99,91 2 / 2.200 dòng" in text
        assert "08/2026 - - 0 4 / 4 dòng" in text

    def test_senders_with_the_lowest_score_come_first(self, pages: dict[str, str]) -> None:
        text = text_of(pages["quality/index.html"])
        assert text.index("Tỉnh Đắk Lắk 66 ") < text.index("Phường Tân An 24133 ")
        assert "Phường Tân An 24133 - Chưa nộp gì. 99,95 1 / 2.190 dòng" in text
        assert "Biểu 04. Phủ sóng 5G và thôn, buôn lõm sóng - - 77,78 2 / 9 dòng" in text

    def test_each_failed_check_says_what_to_do_and_where_it_is_seen(self, pages: dict[str, str]) -> None:
        html = pages["quality/index.html"]
        assert re.findall(r'<section id="(Q-\d)"', html) == ["Q-3", "Q-1"]
        assert 'href="findings.html#reported_vs_computed"' in html
        text = text_of(html)
        assert "2 kiểm tra không đạt trên 3 kiểm tra" in text
        assert "quality/rows/Q-1.html" in text
        assert "Bạn thấy điều này ở 1 chỉ tiêu tính từ biểu này Phủ sóng 5G" in text
        assert "Đúng con số khớp với nguồn và với phép tính - 0 / 1" in text

    def test_errors_link_to_their_file_and_can_be_linked_to(self, pages: dict[str, str]) -> None:
        html = pages["quality/quarantine.html"]
        assert html.count('<tr id="f1">') == 1
        assert html.count('href="../submissions.html#f1"') == 2
        assert "2 dòng bị để riêng" in text_of(html)
        assert "Hãy ghi số" in html

    def test_links_stay_inside_the_site(self, pages: dict[str, str]) -> None:
        for path, html in pages.items():
            for link in re.findall(r'href="([^"#]+)', html):
                found = (Path("site") / path).parent.joinpath(link)
                assert ".." not in Path(*found.parts).parts or link.count("../") <= path.count("/"), (
                    path,
                    link,
                )


class TestFindings:
    def test_the_gravest_come_first_and_every_one_is_counted(self, pages: dict[str, str]) -> None:
        text = text_of(pages["quality/findings.html"])
        assert "Mâu thuẫn trong kế hoạch : 3" in text
        assert text.index("Cao Nặng : 1") < text.index("Thấp Nhẹ : 2")
        assert "Lệch 5 điểm" in text
        assert "Tỷ lệ tăng do mẫu số giảm : 0" in text

    def test_what_is_left_out_is_told(self, release: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(findings, "MOST_OF_EACH", 1)
        text = text_of(shown(release, findings)["quality/findings.html"])
        assert "Chỉ liệt kê 1 phát hiện nặng nhất" in text
        assert text.count("gnp") == 2


class TestMethod:
    def test_rules_are_those_of_the_release(self, pages: dict[str, str]) -> None:
        text = text_of(pages["method.html"])
        assert "coverage_share 0,9 tỷ số 01/01/2026 Căn cứ coverage_share" in text
        assert "0,8" not in text and "Căn cứ later" not in text
        assert "Chỉ tiêu : 37,5" in text
        assert "population_5g" in text

    def test_every_mark_and_pace_is_explained(self, pages: dict[str, str]) -> None:
        assert {column for column, *_ in MARKS} < method.MARK_MEANINGS.keys()
        assert all(f"<code>{pace}</code>" in pages["method.html"] for pace in PACES)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("two")
    before, after = story()
    of_tasks = [task("1", 10, "x"), task("2", 10, "x")], [task("1", 20, "x"), task("3", 10, "x")]
    named = [{**row, "file_name": HOSTILE} for row in after["submissions"]]
    old = write_release(folder / "2026-09-30-aaaaaaaaaa", {**before, "task_progress": of_tasks[0]})
    new = write_release(
        folder / "2026-09-30-bbbbbbbbbb", {**after, "task_progress": of_tasks[1], "submissions": named}
    )
    wanted = ("dim_org_unit", "dim_indicator", "indicator_latest", "dim_status", "dim_task_state")
    more = write_tables(folder / "more", TABLES)
    for name in wanted:
        (more / f"{name}.parquet").replace(new / f"{name}.parquet")
    return old, new


class TestChanges:
    def test_counts_are_those_of_the_full_comparison(self, folders: tuple[Path, Path]) -> None:
        """`derived` is what only the full comparison looks at."""
        with duckdb.connect() as connection:
            site = SiteData(folders[1], facts(), connection)
            (page,) = changes.pages(SiteData(folders[1], facts(previous=folders[0]), connection))
            words = {vi: kind for kind, (vi, _) in changes.KIND_WORDS.items()}
            totals = {words[vi[0]]: (figures, tasks) for vi, _, figures, tasks in page.context["totals"]}
            assert site.facts.previous is None
        full = compare_releases(*folders).totals
        assert {kind: n for kind, (n, _) in totals.items() if n} == {
            kind: n for kind, n in full["figures"].items() if kind != "derived"
        }
        assert {kind: n for kind, (_, n) in totals.items() if n} == full["tasks"]

    def test_the_page_names_numbers_and_their_files(self, folders: tuple[Path, Path]) -> None:
        html = shown(folders[1], changes, previous=folders[0])["changes.html"]
        text = text_of(html)
        assert "tiendo releases diff 2026-09-30-aaaaaaaaaa 2026-09-30-bbbbbbbbbb" in text
        assert "40 % 60 %" in text
        row = next(row for row in html.split("<tr>") if ">a2<" in row)
        assert re.findall(r'href="submissions\.html#([^"]+)"', row) == ["a2-new"]
        assert "&lt;script&gt;alert(1)" in html and "<script>alert" not in html
        assert "2 đã rút" in text

    def test_a_first_release_has_nothing_to_compare_with(self, release: Path) -> None:
        assert "bản phát hành đầu tiên" in shown(release, changes)["changes.html"]

    def test_a_release_of_an_older_program_is_named_and_not_compared(
        self, release: Path, tmp_path: Path
    ) -> None:
        html = shown(release, changes, previous=tmp_path)["changes.html"]
        assert "không so được ở đây" in html
        assert f"tiendo releases diff {tmp_path.name}" in html

    def test_equal_releases_say_so(self, folders: tuple[Path, Path]) -> None:
        text = text_of(shown(folders[1], changes, previous=folders[1])["changes.html"])
        assert "Không số nào, nhiệm vụ nào thay đổi" in text
        assert "Không tệp nào mới nhận" in text

    def test_small_changes_are_shown_with_enough_decimals(
        self, folders: tuple[Path, Path], tmp_path: Path
    ) -> None:
        old = write_release(tmp_path / "old", {"indicator_progress": [figure("66", 50.0)]})
        new = write_release(
            tmp_path / "new", {"indicator_progress": [figure("66", 50.0004)], "submissions": [sent("s")]}
        )
        for name in ("dim_org_unit", "dim_indicator", "indicator_latest", "dim_status", "dim_task_state"):
            (new / f"{name}.parquet").write_bytes((folders[1] / f"{name}.parquet").read_bytes())
        assert 'value="50.0004"' in shown(new, changes, previous=old)["changes.html"]
