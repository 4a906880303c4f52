"""The monthly report, read back from its files: its figures are the release's, what senders wrote is text.

The figures are counted again here from the Parquet files, by other statements than the report's.
"""

import json
import os
import re
import shutil
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from docx import Document
from openpyxl import load_workbook

from tiendo.catching_up import report_month
from tiendo.messages import TiendoError
from tiendo.publish.keeping import lock_release
from tiendo.report.monthly.content import content_of
from tiendo.report.monthly.scope import Scope, settle
from tiendo.report.monthly.writing import SHIPPED, Written, write_reports
from tiendo.settings import Home

MONTH, ENDS, BEFORE = "2026-10", "2026-10-31", "2026-09-30"
HOSTILE = "<script>alert(1)</script> & {{ 7*7 }} {% raw %} \u202eđảo\u202c\x07"
MINUS = "\N{MINUS SIGN}"
FORMULA = "=cmd|'/c calc'!A1"
LONG = "Chỉ tiêu có tên rất dài " * 12 + "HẾTTÊN"
ENDLESS = "x" * 10_000
SOFFICE = shutil.which("soffice")
Rows = list[dict[str, Any]]


@pytest.fixture(scope="module")
def home(demo_home: Path) -> Home:
    return Home(demo_home)


@pytest.fixture(scope="module")
def scope(home: Home) -> Scope:
    return settle(home, "Tháng 10/2026", "66")


@pytest.fixture(scope="module")
def release(scope: Scope) -> duckdb.DuckDBPyConnection:
    """The release's Parquet files as views."""
    connection = duckdb.connect()
    for path in scope.release.glob("*.parquet"):
        connection.execute(f"create view {path.stem} as from '{path}'")
    return connection


@pytest.fixture(scope="module")
def written(scope: Scope, tmp_path_factory: pytest.TempPathFactory) -> Written:
    """The report of Đắk Lắk."""
    (written,) = write_reports(scope, tmp_path_factory.mktemp("report"))
    return written


@pytest.fixture(scope="module")
def report(written: Written) -> tuple[Any, Any]:
    """Its document and its workbook."""
    return Document(str(written.document)), load_workbook(written.workbook)


@pytest.fixture(scope="module")
def standing(release: duckdb.DuckDBPyConnection) -> dict[str, Rows]:
    """What stands of each indicator at the end of both months, by status's own words in Python."""
    frequency = dict(release.execute("select indicator_code, frequency from dim_indicator").fetchall())
    rows = records(
        release,
        "select * from indicator_progress where org_code = '66' and plan_id is not null"
        " and not is_inherited_target",
    )
    found: dict[str, Rows] = {}
    for day in (ENDS, BEFORE):
        newest: dict[Any, dict[str, Any]] = {}
        for row in rows:
            if row["period_end"] > date.fromisoformat(day):
                continue
            key = (row["indicator_code"], row["plan_id"], row["row_ref"])
            other = newest.get(key)
            if other is None or rank(row, frequency) > rank(other, frequency):
                newest[key] = row
        primary: dict[str, dict[str, Any]] = {}
        for row in newest.values():
            other = primary.get(row["indicator_code"])
            if other is None or choice(row) > choice(other):
                primary[row["indicator_code"]] = row
        found[day] = list(primary.values())
    return found


def rank(row: dict[str, Any], frequency: dict[str, str]) -> tuple[Any, ...]:
    is_usual = row["period_kind"] == frequency[row["indicator_code"]]
    return (row["actual"] is not None, row["period_end"], is_usual)


def choice(row: dict[str, Any]) -> tuple[Any, ...]:
    return (row["is_primary"], row["period_end"], row["milestone_on"] or date.min, row["plan_id"])


def records(connection: duckdb.DuckDBPyConnection, sql: str) -> Rows:
    result = connection.execute(sql)
    names = [column[0] for column in result.description or ()]
    return [dict(zip(names, row, strict=True)) for row in result.fetchall()]


def sheet_rows(book: Any, name: str, first_header: str) -> Rows:
    """The table of a sheet whose header begins with a word."""
    rows = list(book[name].iter_rows(values_only=True))
    at = next(n for n, row in enumerate(rows) if row[0] == first_header)
    names = [title for title in rows[at] if title]
    taken: Rows = []
    for row in rows[at + 1 :]:
        if row[0] is None:
            break
        taken.append(dict(zip(names, row, strict=False)))
    return taken


def document_rows(document: Any, *headers: str) -> list[list[str]]:
    """The cells of the first table with these headers."""
    for table in document.tables:
        if [cell.text for cell in table.rows[0].cells][: len(headers)] == list(headers):
            return [[cell.text for cell in row.cells] for row in table.rows[1:]]
    raise AssertionError(headers)


def told(text: str) -> float:
    """The number a Vietnamese text begins with."""
    match = re.match(rf"[+{MINUS}]?[\d.]+(?:,\d+)?", text)
    assert match, text
    return float(match[0].replace(".", "").replace(",", ".").replace(MINUS, "-").replace("+", ""))


def text_of(document: Any) -> str:
    parts = [paragraph.text for paragraph in document.paragraphs]
    parts += [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join(parts)


def labels(release: duckdb.DuckDBPyConnection, table: str, column: str) -> dict[str, str]:
    return dict(release.execute(f"select {column}, label_vi from {table}").fetchall())


def test_statuses_and_themes_add_up_to_the_release(
    report: tuple[Any, Any], standing: dict[str, Rows], release: duckdb.DuckDBPyConnection
) -> None:
    document, book = report
    words = labels(release, "dim_status", "status")
    now = Counter(words[row["status"]] for row in standing[ENDS])
    before = Counter(words[row["status"]] for row in standing[BEFORE])
    expected = {label: (now[label], before[label]) for label in {*now, *before}}
    rows = sheet_rows(book, "Tổng quan", "Trạng thái")
    assert {r["Trạng thái"][2:]: (r["Tháng 10/2026"], r["Tháng 09/2026"]) for r in rows} == expected
    told_rows = document_rows(document, "Trạng thái", "Tháng 10/2026")
    assert {r[0][2:]: (told(r[1]), told(r[2])) for r in told_rows} == expected
    assert all(told(r[1]) - told(r[2]) == told(r[3]) for r in told_rows)
    themes = dict(release.execute("select indicator_code, theme_vi from dim_indicator").fetchall())
    colours = Counter((themes[row["indicator_code"]], row["colour"]) for row in standing[ENDS])
    names = {"● Xanh": "green", "▲ Vàng": "yellow", "■ Đỏ": "red", "○ Xám": "grey"}
    in_book = sheet_rows(book, "Tổng quan", "Lĩnh vực")
    in_text = [
        dict(zip(("Lĩnh vực", *names), row, strict=False)) for row in document_rows(document, "Lĩnh vực")
    ]
    for row in (*in_book, *in_text):
        for title, colour in names.items():
            assert float(row[title]) == colours[row["Lĩnh vực"], colour]
    summary = document.tables[0].rows[1].cells
    by_colour = Counter(row["colour"] for row in standing[ENDS])
    by_colour_before = Counter(row["colour"] for row in standing[BEFORE])
    for cell, colour in zip(summary, names.values(), strict=False):
        change = told(re.search(r"\((.+)\)", cell.text)[1])  # type: ignore[index]
        assert (told(cell.text), change) == (
            by_colour[colour],
            by_colour[colour] - by_colour_before[colour],
        )


def test_every_indicator_shows_the_figures_of_the_release(
    report: tuple[Any, Any], standing: dict[str, Rows], release: duckdb.DuckDBPyConnection
) -> None:
    document, book = report
    before = {row["indicator_code"]: row for row in standing[BEFORE]}
    words = labels(release, "dim_status", "status")
    rows = {row["Mã chỉ tiêu"]: row for row in sheet_rows(book, "Chỉ tiêu", "TT")}
    assert len(rows) == len(standing[ENDS]) > 100
    columns = {
        "Thực hiện": "actual",
        "Mục tiêu bằng số": "target",
        "Chênh so với mức cần có": "gap",
        "Mức cần có đến nay": "expected_now",
        "Đạt so với mục tiêu (%)": "attainment_pct",
        "Dự báo đến mốc": "forecast",
    }
    for row in standing[ENDS]:
        shown = rows[row["indicator_code"]]
        for title, column in columns.items():
            assert shown[title] == (None if row[column] is None else pytest.approx(float(row[column])))
        previous = (before.get(row["indicator_code"]) or {}).get("actual")
        assert shown["Thực hiện tháng trước"] == (None if previous is None else pytest.approx(previous))
        assert shown["Trạng thái"][2:] == words[row["status"]]
        assert shown["Lý do"] == row["status_reason"]
        assert ("Ước tính" in (shown["Cần lưu ý"] or "")) == (row["maturity"] == "provisional")
        assert ("Chưa xác minh" in (shown["Cần lưu ý"] or "")) == (row["is_verified"] is False)
        command = f"tiendo explain {row['indicator_code']} --place 66 --period {row['period']}"
        assert shown["Giải trình"] == f"{command} --plan {row['plan_id']}"
    behind = {r["indicator_name_vi"]: r for r in standing[ENDS] if r["status"] in BEHIND}
    in_text = document_rows(document, "TT", "Chỉ tiêu và lý do")
    assert len(in_text) == sum(row["status"] in BEHIND for row in standing[ENDS])
    for row in in_text:
        of_release = behind[row[1].split("\n")[0]]
        if of_release["unit"] != "boolean":
            assert told(row[3]) == pytest.approx(of_release["actual"], abs=0.0051)
        if of_release["gap"] is not None:
            assert told(row[4]) == pytest.approx(of_release["gap"], abs=0.0051)


BEHIND = ("missed", "deteriorating", "off_track", "at_risk")


def test_tasks_reports_evidence_and_communes_are_those_of_the_release(
    report: tuple[Any, Any], release: duckdb.DuckDBPyConnection
) -> None:
    document, book = report
    own = "org_code = '66' and continued_by_plan_id is null"
    words = labels(release, "dim_task_state", "state")
    states = release.execute(
        f"select state, count(*), count(*) filter (alert) from task_progress where {own} group by state"
    ).fetchall()
    expected = {words[state]: (tasks, alerts) for state, tasks, alerts in states}
    in_text = document_rows(document, "Trạng thái", "Nhiệm vụ")
    assert {row[0][2:]: (told(row[1]), told(row[2])) for row in in_text} == expected
    rows = sheet_rows(book, "Nhiệm vụ", "TT")
    assert Counter(row["Trạng thái"][2:] for row in rows) == {k: v[0] for k, v in expected.items()}
    percents = release.execute(f"select sum(percent_complete) from task_progress where {own}").fetchone()
    assert sum(row["Báo cáo (%)"] or 0 for row in rows) == pytest.approx(float(percents[0]))  # type: ignore[index]
    overdue = release.execute(
        f"""select count(*), max(date '{ENDS}' - due_on) from task_progress
        where {own} and state = 'overdue'"""
    ).fetchone()
    assert overdue is not None
    assert max(row["Quá hạn (ngày)"] or 0 for row in rows) == overdue[1]
    assert document.tables[0].rows[1].cells[4].text == f"{overdue[0]}/{len(rows)}"
    by_lead = release.execute(
        f"""select count(*) from task_progress inner join task_agencies using (plan_id, row_ref)
        where {own} and state = 'overdue' and role = 'lead' and agency_code = 'dl_so_khcn'"""
    ).fetchone()
    cards = {row["Giải trình"].split()[-1]: row for row in sheet_rows(book, "Cơ quan", "Cơ quan")}
    assert (cards["dl_so_khcn"]["Nhiệm vụ quá hạn"],) == by_lead
    scores = dict(release.execute("select agency_code, score from agency_scorecard").fetchall())
    assert all(row["Điểm"] == scores[code] for code, row in cards.items())
    in_text = document_rows(document, "TT", "Cơ quan chủ trì")
    assert (told({row[1]: row[2] for row in in_text}["Sở KH&CN"]),) == by_lead
    due = release.execute(
        """select count(*) filter (state <> 'not_yet_due'), count(*) filter (state = 'late'),
            count(*) filter (state = 'missing')
        from reporting_compliance
        where plan_id like 'dak-lak%' and due_on between '2026-10-01' and '2026-10-31'
            and state <> 'no_obligation'"""
    ).fetchone()
    rows = sheet_rows(book, "Kỷ luật báo cáo", "Mã")
    assert tuple(sum(row[title] for row in rows) for title in ("Đến hạn", "Trễ", "Chưa gửi")) == due
    waiting = release.execute(
        "select count(*), sum(days_waiting) from evidence_register where plan_id like 'dak-lak%'"
        " and days_waiting is not null"
    ).fetchone()
    rows = sheet_rows(book, "Minh chứng", "TT")
    assert (len(rows), sum(row["Đã chờ (ngày)"] for row in rows)) == waiting
    figures = {
        (org, code, round(actual, 9))
        for org, code, actual in release.execute(
            "select org_code, indicator_code, actual from indicator_latest where province_code = '66'"
            " and org_level = 'commune' and actual is not null"
        ).fetchall()
    }
    rows = sheet_rows(book, "Xã phường", "Mã")
    codes = [(row["Mã"], row["Giải trình"].split()[2], row["Thực hiện"]) for row in rows]
    assert len({row[:2] for row in codes}) == len(codes) > 500
    assert {(*row[:2], round(row[2], 9)) for row in codes if row[2] is not None} <= figures
    findings = release.execute(
        """select (select count(*) from plan_conflicts where province_code = '66' and not is_settled)
            + (select count(*) from suspicious_values where province_code = '66')
            + (select count(*) from denominator_watch where province_code = '66')
            + (select count(*) from reported_vs_computed where province_code = '66' and is_above_threshold)"""
    ).fetchone()
    assert (len(sheet_rows(book, "Phát hiện", "TT")),) == findings


def test_the_counts_of_the_overview_are_those_of_the_release(
    report: tuple[Any, Any], standing: dict[str, Rows], release: duckdb.DuckDBPyConnection
) -> None:
    def count(sql: str) -> int:
        return int((release.execute(sql).fetchone() or (0,))[0])

    book = report[1]
    told_counts = {row[0]: row[1] for row in book["Tổng quan"].iter_rows(max_col=2, values_only=True)}
    now = standing[ENDS]
    figures = [row for row in now if row["actual"] is not None]
    own = "org_code = '66' and continued_by_plan_id is null"
    expected = {
        "Chỉ tiêu theo dõi": len(now),
        "Có số của chính tháng này": sum(row["period"] == MONTH for row in figures),
        "Dùng số của kỳ gần nhất": sum(row["period"] != MONTH for row in figures),
        "Chưa có số": len(now) - len(figures),
        "Số ước tính": sum(row["maturity"] == "provisional" for row in figures),
        "Chưa xác minh": sum(row["is_verified"] is False for row in figures),
        "Chưa đủ đơn vị báo cáo": sum((row["coverage_share"] or 1) < 1 for row in figures),
        "Chưa đủ số liệu để kết luận": sum(row["status"] == "withheld" for row in now),
        "Nhiệm vụ theo dõi": count(f"select count(*) from task_progress where {own}"),
        "Nhiệm vụ quá hạn": count(f"select count(*) from task_progress where {own} and state = 'overdue'"),
        "Cảnh báo đỏ": count(f"select count(*) from task_progress where {own} and alert"),
        "Dòng bị cách ly": count(
            f"""select count(distinct (submission_id, sheet, row_number)) from quarantined_rows
            where submission_id in (
                select submission_id from submissions
                where period = '{MONTH}' and (
                    org_code in (select org_code from dim_org_unit where province_code = '66' and is_current)
                    or org_code in (select agency_code from dim_agency where province_code = '66')
                )
            )"""
        ),
    }
    assert {name: told_counts[name] for name in expected} == expected
    by_dimension = release.execute(
        f"""select dimension_vi, sum(rows_checked), sum(rows_failed) from quality_scores
        where subject_kind = 'agency' and province_code = '66' and period = '{MONTH}'
            and score_pct is not null
        group by dimension_vi"""
    ).fetchall()
    rows = sheet_rows(book, "Ghi chú", "Tiêu chí")
    assert {(r["Tiêu chí"], r["Đã kiểm tra"], r["Không đạt"]) for r in rows} == set(by_dimension)
    for row in rows:
        share = 100 * (row["Đã kiểm tra"] - row["Không đạt"]) / row["Đã kiểm tra"]
        assert row["Điểm (0-100)"] == pytest.approx(share)


def test_synthetic_figures_are_told_on_every_sheet_and_in_front(report: tuple[Any, Any]) -> None:
    document, book = report
    words = "SỐ LIỆU GIẢ LẬP"
    assert sum(words in paragraph.text for paragraph in document.paragraphs) == 2
    assert all(words in sheet["A3"].value for sheet in book.worksheets)
    assert len(book["Tổng quan"]._charts) == 3
    for sheet in book.worksheets:
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
    assert book["Chỉ tiêu"].print_title_rows == "$7:$7"


@pytest.fixture(scope="module")
def hostile(home: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Written]:
    """The report of a ward in a release in which titles are an attack and names are long."""
    ward = settle(home, MONTH, "75")
    folder = tmp_path_factory.mktemp("hostile")
    shutil.copy(ward.release / "tiendo.duckdb", folder)
    (folder / "tiendo.duckdb").chmod(0o644)
    with duckdb.connect(str(folder / "tiendo.duckdb")) as connection:
        connection.execute(
            "update indicator_progress set indicator_name_vi = $1 where org_code = '26041'", [LONG]
        )
        for table in ("dim_agency", "agency_scorecard"):
            connection.execute(f"update {table} set short_name = $1 || agency_code", [LONG])
        for text, state in ((HOSTILE, "overdue"), (FORMULA, "recurring"), (ENDLESS, "not_reported")):
            connection.execute("update task_progress set title_vi = $1 where state = $2", [text, state])
    (attacked,) = write_reports(replace(ward, release=folder), folder / "out")
    yield attacked
    shutil.rmtree(folder)


def test_what_senders_wrote_is_text_and_nothing_else(hostile: Written) -> None:
    book = load_workbook(hostile.workbook)
    cells = [cell for sheet in book.worksheets for row in sheet.iter_rows() for cell in row]
    assert not [cell.coordinate for cell in cells if cell.data_type == "f"]
    values = {str(cell.value) for cell in cells}
    shown = HOSTILE.replace("\u202e", "⟦U+202E⟧").replace("\u202c", "⟦U+202C⟧").replace("\x07", "⟦U+0007⟧")
    assert {shown, FORMULA, f"{'x' * 400}… (10.000 ký tự)", LONG} <= values
    words = text_of(Document(str(hostile.document)))
    assert shown in words
    assert LONG in words


@pytest.mark.skipif(SOFFICE is None and "CI" not in os.environ, reason="LibreOffice is not installed")
def test_on_paper_the_summary_is_one_page_and_long_names_wrap(hostile: Written, written: Written) -> None:
    assert SOFFICE, "the gate needs LibreOffice (soffice)"
    ordinary, document, workbook = paper(written.document, hostile.document, hostile.workbook)
    for first, second, *_ in (ordinary, document):
        assert "TÓM TẮT DÀNH CHO LÃNH ĐẠO" in first
        assert "Bản phát hành 2026-10-31" in first
        assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in second
    for pages in (document, workbook):
        words = re.sub(r"\s", "", "".join(pages))
        # The end of a name is there, so nothing was cut on the way to it.
        assert "HẾTTÊN" in words
        assert "alert(1)" in words
    assert sum("Mục tiêu" in page and "Cần lưu ý" in page for page in workbook) > 1


def paper(*files: Path) -> list[list[str]]:
    """The text of each page of the files as LibreOffice prints them."""
    folder = files[-1].parent / "paper"
    folder.mkdir()
    # Files of one name would become the same .pdf.
    copies = [shutil.copy(path, folder / f"{at}{path.suffix}") for at, path in enumerate(files)]
    profile = f"-env:UserInstallation=file://{folder}/profile"
    command = [SOFFICE or "", profile, "--headless", "--convert-to", "pdf", "--outdir", folder, *copies]
    subprocess.run(command, capture_output=True, timeout=200, check=True)
    return [pages_of(folder / f"{at}.pdf") for at in range(len(files))]


def pages_of(pdf: Path) -> list[str]:
    shown = subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True)
    return shown.stdout.decode().split("\f")


def test_the_documentation_names_every_field_and_column(scope: Scope) -> None:
    page = (Path(__file__).parents[2] / "docs" / "monthly-report.md").read_text(encoding="utf-8")
    fields, lists = page.partition("### Fields")[2].split("| list |")
    content = content_of(scope, scope.subjects[0])
    documented = {
        name
        for line in lists.splitlines()
        if line.startswith("| `")
        for name in re.findall(r"`(\w+)`", line.split("|")[1])
    }
    assert documented == {name for name, value in content.items() if isinstance(value, list)}
    named = {*re.findall(r"`(\w+)`", fields), "chart_themes", "chart_behind"}
    suffixed = {
        f"{colour}_{end}" for colour in ("green", "yellow", "red", "grey") for end in ("before", "change")
    }
    assert named - {"_before", "_change", "alerts", "evidence_first", "reporters_lacking"} | suffixed == {
        *(name for name, value in content.items() if not isinstance(value, list)),
        "chart_themes",
        "chart_behind",
    }
    for line in lists.splitlines():
        if line.startswith("| `"):
            _, names, columns, _ = line.split("|")
            for name in re.findall(r"`(\w+)`", names):
                if content[name]:
                    assert set(content[name][0]) == set(re.findall(r"`(\w+)`", columns)), name


def test_an_older_month_is_told_with_the_day_tasks_stand_at(home: Home, tmp_path: Path) -> None:
    scope = settle(home, "2026-08", "75")
    assert [subject.org_code for subject in scope.subjects] == ["26041"]
    (written,) = write_reports(scope, tmp_path)
    words = text_of(Document(str(written.document)))
    assert "tình trạng đến ngày 31/10/2026, không phải cuối tháng 08/2026" in words
    assert "Cấp xã" not in words


def test_a_closed_month_is_told_from_the_release_that_closed_it(
    home: Home, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closing = settle(home, MONTH).manifest["release_id"]
    shelf = Home(tmp_path)
    shelf.releases.mkdir(parents=True)
    (shelf.releases / closing).symlink_to(home.releases / closing)
    newer = shelf.releases / "2026-11-30-0123456789"
    newer.mkdir()
    (newer / "tiendo.duckdb").symlink_to(home.releases / closing / "tiendo.duckdb")
    manifest = json.loads((home.releases / closing / "manifest.json").read_text(encoding="utf-8"))
    newer_manifest = manifest | {"release_id": newer.name, "as_of": "2026-11-30"}
    (newer / "manifest.json").write_text(json.dumps(newer_manifest), encoding="utf-8")
    shelf.current.symlink_to(newer)
    assert settle(shelf, MONTH).manifest["release_id"] == newer.name
    lock_release(shelf, closing, "Chốt tháng 10/2026")
    assert settle(shelf, MONTH).manifest["release_id"] == closing
    assert settle(shelf, MONTH, release_id="current").manifest["release_id"] == newer.name
    asked: list[tuple[str, Path]] = []
    monkeypatch.setattr(
        "tiendo.report.monthly.writing.write_reports",
        lambda scope, folder: asked.append((scope.release.name, folder)) or scope.subjects,
    )
    assert report_month(shelf, MONTH, newer.name) == 3
    assert asked == [(newer.name, tmp_path / "data/reports/2026-10")]


@pytest.mark.parametrize(
    ("asked", "province", "code"),
    [
        ("2026-Q3", None, "TD-646"),
        ("tháng sau", None, "TD-205"),
        ("2026-11", None, "TD-647"),
        (MONTH, "01", "TD-648"),
        (MONTH, "99", "TD-707"),
        (MONTH, "6' or 1", "TD-707"),
    ],
)
def test_what_cannot_be_reported_is_refused(home: Home, asked: str, province: str | None, code: str) -> None:
    with pytest.raises(TiendoError) as refused:
        settle(home, asked, province)
    assert (refused.value.code, refused.value.exit_code) == (code, 2)


def test_an_office_edits_its_own_templates(home: Home, tmp_path: Path) -> None:
    scope = settle(home, MONTH, "75")
    own = tmp_path / "mau"
    own.mkdir()
    book: Any = load_workbook(SHIPPED / "bao-cao-thang.xlsx")
    for name in book.sheetnames[1:]:
        del book[name]
    sheet = book["Tổng quan"]
    sheet["A1"] = "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    book.save(own / "bao-cao-thang.xlsx")
    (written,) = write_reports(scope, tmp_path / "out", own)
    assert load_workbook(written.workbook)["Tổng quan"]["A1"].value == "SỞ KHOA HỌC VÀ CÔNG NGHỆ"
    sheet["A2"] = "{{ khong_co }}"
    book.save(own / "bao-cao-thang.xlsx")
    with pytest.raises(TiendoError, match=r"TD-645 .*khong_co"):
        write_reports(scope, tmp_path / "out", own)
    (own / "bao-cao-thang.docx").write_text("not a document")
    with pytest.raises(TiendoError, match=r"TD-645 .*bao-cao-thang\.docx"):
        write_reports(scope, tmp_path / "out", own)
