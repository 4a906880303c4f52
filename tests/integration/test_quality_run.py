"""The real checking process on a small DuckDB file of the shapes that contracts and dbt declare.

One worker for the whole module: importing Great Expectations takes 6 to 11 s.
"""

import re
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import duckdb
import pytest
import yaml
from dbt_marts import mart_models, write_manifest

from tiendo.messages import TiendoError
from tiendo.quality.results import CheckResult, failures_frame, fatal_failures
from tiendo.quality.runner import CheckWorker
from tiendo.quality.verdict import refusal
from tiendo.registry.tables import view_name
from tiendo.settings import CONTRACTS, SHIPPED_PLANS, SUITES

COLUMN_TYPES = {
    "integer": "bigint",
    "decimal": "decimal(18, 6)",
    "boolean": "boolean",
    "date": "date",
    "timestamp": "timestamp",
}
EXTRA_SUITE = """
name: curated.oddities
expectations:
  - type: expect_column_values_to_not_be_null
    kwargs: {column: present}
    severity: critical
    meta: {id: Q-9001, dimension: complete, description_vi: Có., description_en: There.}
  - type: expect_column_values_to_not_be_null
    kwargs: {column: misspelt}
    severity: critical
    meta: {id: Q-9002, dimension: complete, description_vi: Cột không có., description_en: No such column.}
  - type: unexpected_rows_expectation
    kwargs: {unexpected_rows_query: "selekt * from {batch}"}
    severity: warning
    meta: {id: Q-9003, dimension: valid, description_vi: SQL hỏng., description_en: Broken SQL.}
  - type: expect_something_nobody_wrote
    kwargs: {column: present}
    severity: critical
    meta: {id: Q-9004, dimension: valid, description_vi: Không có loại này., description_en: No such type.}
  - type: expect_column_quantile_values_to_be_between
    kwargs: {column: present, quantile_ranges: {quantiles: [0.5], value_ranges: [[a, b]]}}
    severity: critical
    meta: {id: Q-9005, dimension: accurate, description_vi: So số với chữ., description_en: Text, number.}
  - type: expect_column_values_to_be_in_set
    kwargs: {column: present, value_set: [1, 2]}
    severity: warning
    meta: {id: Q-9006, dimension: valid, description_vi: Chỉ 1 và 2., description_en: Only 1 and 2.}
"""
ABSENT_SUITE = """
name: curated.absent
expectations:
  - type: expect_table_row_count_to_be_between
    kwargs: {min_value: 0}
    severity: critical
    meta: {id: Q-9101, dimension: complete, description_vi: Có bảng., description_en: The table is there.}
  - type: unexpected_rows_expectation
    kwargs: {unexpected_rows_query: "select 1 from {batch} where false"}
    severity: warning
    meta: {id: Q-9102, dimension: valid, description_vi: Hợp lệ., description_en: Valid.}
"""


class Run(NamedTuple):
    results: dict[str, CheckResult]
    docs: Path


def declared_tables() -> Iterator[tuple[str, dict[str, str]]]:
    """Schema-qualified name and column types of each form (contracts) and curated table (dbt)."""
    landed = {"submission_id": "varchar", "received_at": "timestamp", "sheet": "varchar"}
    for path in CONTRACTS.glob("*.yml"):
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
        columns = landed | {"row_number": "bigint", "row_hash": "varchar"}
        for column in contract["columns"]:
            columns[column["name"]] = COLUMN_TYPES.get(column["type"], "varchar")
        columns |= {column["name"]: "varchar" for column in contract.get("derived", [])}
        yield f"raw.{view_name(contract['form'])}", columns
    for name, model in mart_models().items():
        yield f"marts.{name}", {column["name"]: column["data_type"] for column in model["columns"]}


def build(path: Path) -> None:
    with duckdb.connect(str(path)) as connection:
        for schema in ("raw", "intermediate", "marts"):
            connection.execute(f"create schema {schema}")
        for name, columns in declared_tables():
            listed = ", ".join(f'"{column}" {type_}' for column, type_ in columns.items())
            connection.execute(f"create table {name} ({listed})")
        for plan_file in SHIPPED_PLANS.glob("*.csv"):
            query = f"select * from read_csv('{plan_file}', all_varchar = true)"
            connection.execute(f"create table raw.{plan_file.stem} as {query}")
        connection.execute("""
            create table raw.submissions (submission_id varchar, received_at timestamp, file_name varchar);
            create table intermediate.int_units (unit_code varchar, valid_from date, valid_to date);
            create table intermediate.int_dossier_in_force (
                dossiers bigint, settling_province_code varchar, received_month varchar
            );
            create table intermediate.int_dossier_scopes (rows_landed bigint, state_number bigint);
            create table intermediate.int_dossier_repeated (
                submission_id varchar, sheet varchar, row_number bigint
            );
            create table raw.load_findings (
                finding_kind varchar, submission_id varchar, other_submission_id varchar, subject varchar
            );
            create table marts.oddities as
            select unnest([1, 2, 3]) as present, '<b>&' as words
            union all select unnest(range(5000, 6500)), 'many';

            insert into raw.submissions (submission_id, file_name) values ('s1', '<img src=x>.csv');
            insert into intermediate.int_dossier_repeated (submission_id, row_number)
            values ('s2', 2), ('s3', 2);
            insert into raw.coverage (
                submission_id, row_number, row_hash, org_code, period, population, population_5g, operator
            ) values
                ('s1', 2, 'a', '24133', '2026-03', 9000, 8000, 'all_operators'),
                ('s1', 3, 'b', '24163', '2026-03', 5000, 5001, 'all_operators'),
                ('s1', 4, 'c', '24175', '2026-13', 7000, null, 'vinaphone'),
                ('s4', 2, 'd', '24133', '2026-03', -1, null, 'all_operators');
            insert into marts.dim_period (period) values ('<script>' || chr(27)), ('<script>' || chr(27));
            insert into marts.submissions (
                submission_id, rows_read, rows_loaded, rows_unchanged, rows_superseded, rows_quarantined
            ) values ('kept', 10, 7, 1, 1, 1), ('lost one', 10, 7, 1, 1, 0);
            insert into marts.dim_plan (plan_id)
            select plan_id from raw.plans;
        """)
        lost = path.with_name("lost.parquet")
        connection.execute(f"copy marts.oddities to '{lost}'")
        connection.execute(f"create view marts.unreadable as select * from '{lost}'")
        lost.unlink()


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Run:
    # A path with spaces, diacritics and signs that addresses trip over.
    folder = tmp_path_factory.mktemp("kho dữ liệu 100% $HOME")
    build(folder / "warehouse.duckdb")
    shutil.copytree(SUITES, folder / "suites")
    (folder / "suites" / "curated" / "oddities.yml").write_text(EXTRA_SUITE, encoding="utf-8")
    (folder / "suites" / "curated" / "absent.yml").write_text(ABSENT_SUITE, encoding="utf-8")
    unreadable = ABSENT_SUITE.replace("absent", "unreadable").replace("Q-91", "Q-92")
    (folder / "suites" / "curated" / "unreadable.yml").write_text(unreadable, encoding="utf-8")
    with CheckWorker(folder / "suites") as worker:
        worker.start()
        manifest = write_manifest(folder / "manifest.json")
        worker.ask(folder / "warehouse.duckdb", manifest, folder / "docs")
        results = worker.answer()
    return Run({result.check_id: result for result in results}, folder / "docs")


def test_no_suite_of_the_project_fails_to_run(run: Run) -> None:
    errors = {key: each.observed for key, each in run.results.items() if each.observed.startswith("error")}
    assert {key: text for key, text in errors.items() if not key.startswith("Q-9")} == {}


def test_broken_rows_are_found_and_good_ones_pass(run: Run) -> None:
    found = {each.check_id: each.rows_failed for each in fatal_failures(run.results.values())}
    # One dossier id in two extracts; a part above its whole, a period and an operator out of their lists.
    wanted = {"Q-202": 2, "Q-F04-parts": 1, "Q-F04-spelling": 1, "Q-F04-lists": 1, "Q-F04-ranges": 1}
    wanted |= {"Q-2402": 1, "Q-dim_period-grain": 2}
    assert {check_id: found.get(check_id) for check_id in wanted} == wanted
    assert not {check_id for check_id in found if check_id.startswith(("Q-F04", "Q-F02"))} - set(wanted)
    plans = next(each for each in run.results.values() if "plan of the register" in each.description_en)
    assert plans.is_passed


def test_a_failed_check_of_a_form_tells_the_place_and_never_the_cell(run: Run) -> None:
    lists = run.results["Q-F04-lists"].failed
    assert lists is not None
    assert lists.columns == ("submission_id", "file_name", "sheet", "row_number", "columns")
    assert lists.rows == (("s1", "<img src=x>.csv", None, "4", "Đơn vị cung cấp (operator)"),)
    parts = run.results["Q-F04-parts"].failed
    assert parts is not None
    assert parts.rows[0][-2:] == ("3", "Dân số được phủ sóng 5G (population_5g), Dân số (population)")
    counted = failures_frame(run.results.values()).rows()
    assert [row for row in counted if row[0] in ("Q-202", "Q-411")] == [
        ("Q-202", "s2", 1),
        ("Q-202", "s3", 1),
        ("Q-411", "s1", 1),
        ("Q-411", "s4", 1),
    ]


def test_a_failed_check_of_a_table_tells_grain_and_values_up_to_a_limit(run: Run) -> None:
    law = run.results["Q-2402"].failed
    assert law is not None
    told = dict(zip(law.columns, law.rows[0], strict=True))
    assert told["Lần nộp (submission_id)"] == "lost one"
    assert told["Số dòng đọc (rows_read)"] == "10"
    many = run.results["Q-9006"].failed
    assert many is not None
    assert (len(many.rows), many.total) == (1000, 1501)
    text = (run.docs / "rows" / "Q-9006.html").read_text(encoding="utf-8")
    assert "Chỉ liệt kê 1.000 dòng đầu trong 1.501." in text


def test_the_message_says_which_numbers_would_be_wrong(run: Run) -> None:
    results = [run.results[name] for name in ("Q-F04-parts", "Q-2402", "Q-9001")]
    error = refusal(results, run.docs, {"coverage": ["indicator_progress", "indicator_latest"]}.__getitem__)
    assert error is not None
    assert (error.code, error.exit_code) == ("TD-502", 1)
    assert "1 dòng, như tệp <img src=x>.csv, dòng 3, cột Dân số được phủ sóng 5G (population_5g)" in error.vi
    assert "→ ảnh hưởng bảng indicator_progress, indicator_latest" in error.vi
    assert "Lần nộp (submission_id) = lost one" in error.vi
    assert "tables affected: indicator_progress, indicator_latest" in error.en
    assert "rows/" not in error.vi
    many = refusal([run.results["Q-2402"]] * 9, run.docs, lambda _: [])
    assert many is not None
    assert "có 9 kiểm tra" in many.vi
    assert many.vi.count("•") == 6
    assert "… (+4)" in many.vi
    assert str(run.docs) in error.way_out_vi


@pytest.mark.parametrize("check_id", ["Q-9002", "Q-9003", "Q-9004", "Q-9101"])
def test_a_check_that_cannot_run_stops_a_release_and_names_what_is_unchecked(run: Run, check_id: str) -> None:
    """A misspelt column, broken SQL (of a mere warning), an unknown expectation, a missing table."""
    result = run.results[check_id]
    error = refusal([result], run.docs, lambda _: [])
    assert error is not None
    assert (error.code, error.exit_code) == ("TD-503", 4)
    assert f"Số liệu chưa được kiểm tra:\n  • {result.table_name}, {check_id}: error: " in error.vi


def test_a_malformed_suite_is_told_before_any_work(tmp_path: Path) -> None:
    suite = tmp_path / "raw" / "coverage.yml"
    suite.parent.mkdir()
    suite.write_text("name: raw.coverage\nexpectations: [", encoding="utf-8")
    with pytest.raises(TiendoError) as caught, CheckWorker(tmp_path) as worker:
        worker.start()
    assert (caught.value.code, caught.value.exit_code) == ("TD-503", 4)
    assert "bảng coverage hỏng" in caught.value.vi
    assert "raw/coverage.yml" in caught.value.vi


@pytest.mark.parametrize(("hundred", "told"), [("Q-91", "absent"), ("Q-92", "lost.parquet")])
def test_a_missing_or_unreadable_table_fails_every_check_of_its_suite(
    run: Run, hundred: str, told: str
) -> None:
    for check_id in (f"{hundred}01", f"{hundred}02"):
        result = run.results[check_id]
        assert not result.is_passed
        assert result.rows_checked is None
        assert told in result.observed


def test_nothing_is_left_beside_the_warehouse(run: Run) -> None:
    assert [path.name for path in run.docs.parent.glob("*.duckdb*")] == ["warehouse.duckdb"]


@pytest.mark.parametrize("check_id", ["Q-9002", "Q-9003", "Q-9004", "Q-9005"])
def test_a_check_that_raises_is_a_failed_check(run: Run, check_id: str) -> None:
    result = run.results[check_id]
    assert not result.is_passed
    assert result.observed.startswith("error: ")
    assert "Traceback" not in result.observed


def test_a_check_that_raises_does_not_take_its_neighbours_along(run: Run) -> None:
    assert run.results["Q-9001"].is_passed
    assert (run.results["Q-9006"].rows_failed, run.results["Q-9006"].observed) == (1501, "1501/1503")


def test_docs_open_offline_and_do_not_vary(run: Run) -> None:
    pages = {path.relative_to(run.docs).as_posix(): path for path in run.docs.rglob("*") if path.is_file()}
    wanted = {"index.html", "raw/coverage.html", "curated/oddities.html", "rows/Q-F04-parts.html"}
    assert wanted <= set(pages)
    for name, path in pages.items():
        text = path.read_text(encoding="utf-8")
        assert "\x1b" not in text
        assert not re.search(r"(src|href)=.?(https?:)?//|<script|<link|<img|<b>&", text), path
        assert not re.search(r"\d{8}T\d{6}|[0-9a-f]{8}-[0-9a-f]{4}-|Traceback|site-packages", text), path
        for link in re.findall(r'href="([^"]+)"', text):
            assert (path.parent / link).resolve().relative_to(run.docs.resolve()).as_posix() in pages, name
    # What senders wrote stays inside; our own tables show the rows.
    assert not any("vinaphone" in path.read_text(encoding="utf-8") for path in pages.values())
    assert "&lt;script&gt;" in pages["rows/Q-dim_period-grain.html"].read_text(encoding="utf-8")
    assert "&lt;img src=x&gt;.csv" in pages["rows/Q-F04-parts.html"].read_text(encoding="utf-8")
    index = pages["index.html"].read_text(encoding="utf-8")
    # What stops a release comes first, and leads to its rows.
    assert (
        index.index("không chạy được") < index.index("rows/Q-F04-parts.html") < index.index("rows/Q-411.html")
    )


def test_a_crash_of_the_process_is_told_as_a_fault(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", shutil.which("false"))
    with CheckWorker() as worker, pytest.raises(TiendoError) as caught:
        worker.start()
        worker.ask(tmp_path / "none.duckdb", tmp_path / "none.json")
        worker.answer()
    assert (caught.value.code, caught.value.exit_code) == ("TD-501", 4)


def test_leaving_ends_a_worker_that_is_still_importing() -> None:
    with CheckWorker() as worker:
        worker.start()
        process: subprocess.Popen[Any] = worker._process  # pyright: ignore
    # Killed, not waited for.
    assert process.poll() == -signal.SIGKILL
