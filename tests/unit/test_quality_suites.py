"""Every suite keeps the form, every form and curated table has one, and both agree with what dbt declares."""

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml

from tiendo.quality.results import CheckResult, fatal_failures, read_json, summarise, to_frame, write_json
from tiendo.quality.suites import DIMENSIONS, Suite, SuiteError, load_suites
from tiendo.settings import CONTRACTS, DBT_PROJECT
from tiendo.registry.tables import view_name

SUITES_BY_NAME = {suite.name: suite for suite in load_suites()}
# Filled with the results of the checks, so it cannot be checked before them; dbt tests its shape.
UNCHECKED = {"quality_checks"}
UNIQUENESS = {"expect_compound_columns_to_be_unique", "expect_column_values_to_be_unique"}


def marts() -> dict[str, dict[str, Any]]:
    models: dict[str, dict[str, Any]] = {}
    for path in sorted((DBT_PROJECT / "models" / "marts").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            models[model["name"]] = model
    return models


def unique_columns(suite: Suite) -> list[list[str]]:
    return [
        check.kwargs.get("column_list") or [check.kwargs["column"]]
        for check in suite.checks
        if check.check_type in UNIQUENESS
    ]


def test_every_form_has_a_suite() -> None:
    views = {view_name(path.stem) for path in CONTRACTS.glob("*.yml")}
    assert {suite.table for suite in SUITES_BY_NAME.values() if suite.layer == "raw"} == views


def test_every_curated_table_has_a_suite() -> None:
    tables = {suite.table for suite in SUITES_BY_NAME.values() if suite.layer == "curated"}
    assert tables == set(marts()) - UNCHECKED


@pytest.mark.parametrize("table", sorted(set(marts()) - UNCHECKED))
def test_the_grain_dbt_declares_is_checked_and_fatal(table: str) -> None:
    grain = marts()[table]["config"]["meta"]["grain"]
    suite = SUITES_BY_NAME[f"curated.{table}"]
    assert grain in unique_columns(suite)
    check = next(check for check in suite.checks if check.check_type in UNIQUENESS)
    assert check.severity == "fatal"


@pytest.mark.parametrize("form", sorted(path.stem for path in CONTRACTS.glob("*.yml")))
def test_a_form_is_unique_by_its_contract_key_within_a_submission(form: str) -> None:
    contract = yaml.safe_load((CONTRACTS / f"{form}.yml").read_text(encoding="utf-8"))
    # Published lines have no key of their own; each row of a file lands once.
    key = contract["key"] or ["sheet", "row_number"]
    assert ["submission_id", *key] in unique_columns(SUITES_BY_NAME[f"raw.{view_name(form)}"])


def test_closed_lists_are_those_of_the_contracts() -> None:
    for path in CONTRACTS.glob("*.yml"):
        contract = yaml.safe_load(path.read_text(encoding="utf-8"))
        choices = {
            column["name"]: set(column["choices"]) for column in contract["columns"] if "choices" in column
        }
        for check in SUITES_BY_NAME[f"raw.{view_name(contract['form'])}"].checks:
            if check.check_type == "expect_column_values_to_be_in_set" and check.kwargs["column"] in choices:
                assert set(check.kwargs["value_set"]) == choices[check.kwargs["column"]], check.check_id


def test_the_dossier_view_may_hold_nothing_beyond_its_form() -> None:
    contract = yaml.safe_load((CONTRACTS / "dossier.yml").read_text(encoding="utf-8"))
    allowed = {column["name"] for column in (*contract["columns"], *contract["derived"])}
    allowed |= {"submission_id", "sheet", "row_number", "row_hash"}
    check = next(
        check
        for check in SUITES_BY_NAME["raw.dossier"].checks
        if check.check_type == "expect_table_columns_to_match_set"
    )
    assert set(check.kwargs["column_set"]) == allowed
    assert check.kwargs["exact_match"] is True


def test_all_six_quality_words_are_used() -> None:
    used = {check.dimension for suite in SUITES_BY_NAME.values() for check in suite.checks}
    assert used == set(DIMENSIONS)


def test_ids_descriptions_and_queries_are_in_order() -> None:
    for suite in SUITES_BY_NAME.values():
        for check in suite.checks:
            assert re.fullmatch(r"Q-\d{3,4}", check.check_id)
            assert check.description_vi.endswith("."), check.check_id
            assert check.description_en.endswith("."), check.check_id
            assert check.description_vi != check.description_en
            # Not asking the batch would tie the check to more than its own table.
            query = check.kwargs.get("unexpected_rows_query", "{batch}")
            assert "{batch}" in query or "int_dossier_in_force" in query, check.check_id


GOOD = """
name: raw.form
expectations:
  - type: expect_column_values_to_not_be_null
    kwargs: {column: a}
    severity: critical
    meta: {id: Q-1, dimension: complete, description_vi: Có a., description_en: There is a.}
"""


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("severity: critical", "severity: info", "severity"),
        ("    severity: critical\n", "", "severity"),
        ("dimension: complete", "dimension: pretty", "dimension"),
        ("description_vi: Có a., ", "", "description_vi"),
        ("name: raw.form", "name: raw.other", "name must be raw.form"),
        ("kwargs:", "arguments:", "nothing else"),
    ],
)
def test_a_malformed_suite_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    path = tmp_path / "raw" / "form.yml"
    path.parent.mkdir()
    path.write_text(GOOD, encoding="utf-8")
    assert [suite.name for suite in load_suites(tmp_path)] == ["raw.form"]
    path.write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(SuiteError, match=message):
        load_suites(tmp_path)


def test_a_check_id_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "form.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "raw" / "other.yml").write_text(GOOD.replace("raw.form", "raw.other"), encoding="utf-8")
    with pytest.raises(SuiteError, match=r"Q-1 is used by raw\.form and raw\.other"):
        load_suites(tmp_path)


def test_an_unknown_suite_name_is_refused() -> None:
    with pytest.raises(SuiteError, match=r"no suite named raw\.nothing"):
        load_suites(only=["raw.nothing"])


def a_result(check_id: str, **changes: Any) -> CheckResult:
    values: dict[str, Any] = {
        "check_id": check_id,
        "table_name": "coverage",
        "layer": "raw",
        "check_type": "unexpected_rows_expectation",
        "severity": "fatal",
        "dimension": "accurate",
        "description_vi": "Đúng.",
        "description_en": "Right.",
        "is_passed": True,
        "rows_checked": 3,
        "rows_failed": 0,
        "observed": "0",
    }
    return CheckResult(**(values | changes))


def test_only_fatal_failures_stop_a_release() -> None:
    fatal = a_result("Q-1", is_passed=False)
    warning = a_result("Q-2", is_passed=False, severity="warning")
    assert fatal_failures([fatal, warning, a_result("Q-3")]) == [fatal]


def test_the_table_has_plain_types_and_is_ordered() -> None:
    frame = to_frame([a_result("Q-2", rows_failed=None), a_result("Q-1")])
    assert frame["check_id"].to_list() == ["Q-1", "Q-2"]
    assert frame.schema["is_passed"] == pl.Boolean
    assert frame.schema["rows_failed"] == pl.Int64
    assert to_frame([]).schema == frame.schema
    if declared := marts().get("quality_checks"):
        assert frame.columns == [column["name"] for column in declared["columns"]]


def test_the_summary_counts_by_dimension_and_severity() -> None:
    results = [a_result("Q-1"), a_result("Q-2", is_passed=False), a_result("Q-3", dimension="timely")]
    assert summarise(results).rows() == [("accurate", "fatal", 2, 1, 1), ("timely", "fatal", 1, 1, 0)]


def test_results_survive_the_trip_between_processes(tmp_path: Path) -> None:
    results = [a_result("Q-1"), a_result("Q-2", rows_checked=None, observed="error: không có bảng")]
    write_json(results, tmp_path / "results.json")
    assert read_json(tmp_path / "results.json") == results
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]


def test_a_moved_milestone_stops_no_release() -> None:
    """Findings speak of the day F11 moved a milestone to, plan_targets of the day issued."""
    (check,) = [
        check for check in SUITES_BY_NAME["curated.plan_conflicts"].checks if check.check_id == "Q-7103"
    ]
    assert "milestone_on" not in check.kwargs["unexpected_rows_query"]


def test_a_form_without_measures_has_a_default_one_that_yields_nothing() -> None:
    """Models loop over the default measures only, and SQL without any branch does not parse."""
    text = (DBT_PROJECT / "macros/measures.sql").read_text(encoding="utf-8")
    stand_in = text.split("set none_of_form = {")[1].split("}")[0]
    assert "'is_default': true" in stand_in


@pytest.mark.parametrize(
    ("table", "check_id"), [("indicator_progress", "Q-1024"), ("reported_vs_computed", "Q-4203")]
)
def test_differences_of_huge_numbers_are_compared_as_exactly_as_doubles_are(
    table: str, check_id: str
) -> None:
    """At 10¹² a double is exact to 0.0001: no error, and no reason to stop a release."""
    checks = {check.check_id: check for check in SUITES_BY_NAME[f"curated.{table}"].checks}
    assert "0.000000000001 * (abs(" in checks[check_id].kwargs["unexpected_rows_query"]
