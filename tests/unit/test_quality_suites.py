"""Every form and curated table has a suite made from its contract or model; written ones keep the form."""

import re
from pathlib import Path
from typing import Any

import polars as pl
import pytest
import yaml
from dbt_marts import mart_models, write_manifest

from tiendo.quality.checks import declared_suites
from tiendo.quality.generated import suites_from_contracts, suites_from_models
from tiendo.quality.results import (
    CheckResult,
    FailedRows,
    failures_frame,
    fatal_failures,
    read_json,
    summarise,
    to_frame,
    write_json,
)
from tiendo.quality.suites import DIMENSIONS, Check, Suite, SuiteError, merge_suites, written_suites
from tiendo.registry.tables import view_name
from tiendo.settings import CONTRACTS, DBT_PROJECT

FORMS = sorted(path.stem for path in CONTRACTS.glob("*.yml"))
MARTS = mart_models()


@pytest.fixture(scope="module")
def suites(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Suite]:
    manifest = write_manifest(tmp_path_factory.mktemp("dbt") / "manifest.json")
    return {suite.name: suite for suite in declared_suites().with_models(manifest)}


def contract(form: str) -> dict[str, Any]:
    return yaml.safe_load((CONTRACTS / f"{form}.yml").read_text(encoding="utf-8"))


def generated(suite: Suite, what: str) -> Check:
    (check,) = [check for check in suite.checks if check.check_id.endswith(f"-{what}")]
    return check


def unique_columns(check: Check) -> list[str]:
    return check.kwargs.get("column_list") or [check.kwargs["column"]]


def breaches(suite: Suite, what: str) -> dict[tuple[str, ...], str]:
    return {breach.columns: breach.condition for breach in generated(suite, what).breaches}


def test_every_form_and_every_curated_table_has_a_suite(suites: dict[str, Suite]) -> None:
    wanted = {f"raw.{view_name(form)}" for form in FORMS} | {f"curated.{mart}" for mart in MARTS}
    assert set(suites) == wanted
    for name, suite in suites.items():
        kinds = {"columns", "required", "key"} if name.startswith("raw.") else {"columns", "grain"}
        assert kinds <= {check.check_id.rpartition("-")[2] for check in suite.checks}, name
        assert suite.title_vi, name


def test_a_new_mart_has_its_suite_at_once(tmp_path: Path) -> None:
    mart = {
        "name": "new_mart",
        "config": {"meta": {"label_vi": "Bảng mới", "label_en": "New", "grain": ["org_code", "period"]}},
        "columns": [
            {"name": "org_code", "constraints": [{"type": "not_null"}], "meta": {"label_vi": "Mã đơn vị"}},
            {"name": "period", "data_tests": ["not_null"]},
            {
                "name": "state",
                "data_tests": [
                    {"accepted_values": {"arguments": {"values": ["it's", "b"]}}},
                    # Holds for some rows only.
                    {"not_null": {"config": {"where": "period > '2026'"}}},
                ],
            },
        ],
    }
    found = suites_from_models(write_manifest(tmp_path / "manifest.json", mart))
    (suite,) = [each for each in found if each.table == "new_mart"]
    assert [check.check_id for check in suite.checks] == [
        f"Q-new_mart-{what}" for what in ("columns", "grain", "required", "lists")
    ]
    assert generated(suite, "columns").kwargs["column_set"] == ["org_code", "period", "state"]
    assert unique_columns(generated(suite, "grain")) == ["org_code", "period"]
    assert list(breaches(suite, "required")) == [("org_code",), ("period",)]
    assert breaches(suite, "lists")["state",].endswith("in ('it''s', 'b')")
    assert generated(suite, "required").description_vi == "Mọi dòng có Mã đơn vị, period."


@pytest.mark.parametrize("table", sorted(MARTS))
def test_the_grain_dbt_declares_is_checked_and_fatal(suites: dict[str, Suite], table: str) -> None:
    check = generated(suites[f"curated.{table}"], "grain")
    assert unique_columns(check) == MARTS[table]["config"]["meta"]["grain"]
    assert check.severity == "fatal"


@pytest.mark.parametrize("form", FORMS)
def test_a_forms_checks_are_those_of_its_contract(suites: dict[str, Suite], form: str) -> None:
    suite, said = suites[f"raw.{view_name(form)}"], contract(form)
    columns = {column["name"]: column for column in said["columns"]}
    # Published lines have no key of their own; each row of a file lands once.
    assert unique_columns(generated(suite, "key")) == [
        "submission_id",
        *(said["key"] or ["sheet", "row_number"]),
    ]
    required = {name for (name,) in breaches(suite, "required")}
    assert {name for name, column in columns.items() if column.get("required")} <= required
    assert {"submission_id", "row_number"} <= required
    allowed = set(columns) | {column["name"] for column in said.get("derived", [])}
    landed = {"submission_id", "received_at", "sheet", "row_number", "row_hash"}
    assert set(generated(suite, "columns").kwargs["column_set"]) == allowed | landed
    for name, column in columns.items():
        if "choices" in column:
            listed = re.findall(r"'([^']*)'", breaches(suite, "lists")[name,])
            assert listed == list(column["choices"]), name


def test_contracts_give_lists_of_derived_columns_ranges_pairs_and_spellings() -> None:
    suites = {suite.table: suite for suite in suites_from_contracts()}
    coverage, dossier = suites["coverage"], suites["dossier"]
    assert "'gmobile', 'fpt', 'all_operators'" in breaches(coverage, "lists")["operator",]
    assert breaches(coverage, "parts")["population_5g", "population"] == '"population_5g" > "population"'
    assert set(breaches(coverage, "spelling")) == {("org_code",), ("period",)}
    rating = [each.condition for each in generated(dossier, "ranges").breaches if each.columns == ("rating",)]
    assert rating == ['"rating" < 1', '"rating" > 5']
    # Great Expectations formats the query, so braces are doubled in it and nowhere else.
    query = generated(coverage, "spelling").kwargs["unexpected_rows_query"]
    assert "[0-9]{{4}}" in query
    assert breaches(coverage, "spelling")["period",] in query.format(batch="raw.coverage")


def test_all_six_quality_words_are_used(suites: dict[str, Suite]) -> None:
    used = {check.dimension for suite in suites.values() for check in suite.checks}
    assert used == set(DIMENSIONS)


def test_ids_descriptions_and_queries_are_in_order(suites: dict[str, Suite]) -> None:
    written = {check.check_id for suite in written_suites() for check in suite.checks}
    for suite in suites.values():
        for check in suite.checks:
            is_written = check.check_id in written
            assert re.fullmatch(r"Q-\d{3,4}" if is_written else r"Q-\w+-[a-z]+", check.check_id)
            assert check.description_vi.endswith("."), check.check_id
            assert check.description_en.endswith("."), check.check_id
            assert check.description_vi != check.description_en
            # Not asking the batch would tie the check to more than its own table.
            query = check.kwargs.get("unexpected_rows_query", "{batch}")
            assert "{batch}" in query or "int_dossier_repeated" in query, check.check_id


def test_no_written_check_repeats_what_follows_from_contract_or_model(suites: dict[str, Suite]) -> None:
    for suite in written_suites():
        made = [check for check in suites[suite.name].checks if check not in suite.checks]
        listed = {
            breach.columns for check in made if check.check_id.endswith("-lists") for breach in check.breaches
        }
        for check in suite.checks:
            assert not check.check_type.endswith("_to_be_unique"), check.check_id
            if check.check_type == "expect_column_values_to_be_in_set":
                assert (check.kwargs["column"],) not in listed, check.check_id


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
        ("  - type:", "  type:", "raw/form.yml: (while|mapping)"),
        ("{column: a}", "{column: a", "raw/form.yml: while parsing"),
        ("expectations:", "checks:", "no expectations"),
    ],
)
def test_a_malformed_suite_is_refused(tmp_path: Path, before: str, after: str, message: str) -> None:
    path = tmp_path / "raw" / "form.yml"
    path.parent.mkdir()
    path.write_text(GOOD, encoding="utf-8")
    assert [suite.name for suite in written_suites(tmp_path)] == ["raw.form"]
    path.write_text(GOOD.replace(before, after), encoding="utf-8")
    with pytest.raises(SuiteError, match=message) as caught:
        written_suites(tmp_path)
    assert caught.value.suite == "raw.form"


def test_a_check_id_is_used_once(tmp_path: Path) -> None:
    (tmp_path / "raw").mkdir()
    (tmp_path / "raw" / "form.yml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "raw" / "other.yml").write_text(GOOD.replace("raw.form", "raw.other"), encoding="utf-8")
    with pytest.raises(SuiteError, match=r"Q-1 is used by raw\.form and raw\.other"):
        written_suites(tmp_path)


def test_suites_of_one_table_are_one_suite() -> None:
    first, second = (
        Suite("raw", "a", (Check(f"Q-{number}", "t", {}, "fatal", "valid", "A.", "B."),), title, grain=("k",))
        for number, title in ((1, "Biểu"), (2, ""))
    )
    (merged,) = merge_suites([first, second])
    assert [check.check_id for check in merged.checks] == ["Q-1", "Q-2"]
    assert (merged.title_vi, merged.grain) == ("Biểu", ("k",))


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
    # What could not be looked at may not go out, however little it would have mattered.
    broken = a_result("Q-4", is_passed=False, severity="warning", observed="error: no such column")
    assert fatal_failures([warning, broken]) == [broken]


def test_the_table_has_plain_types_and_is_ordered() -> None:
    frame = to_frame([a_result("Q-2", rows_failed=None), a_result("Q-1")])
    assert frame["check_id"].to_list() == ["Q-1", "Q-2"]
    assert frame.schema["is_passed"] == pl.Boolean
    assert frame.schema["rows_failed"] == pl.Int64
    assert to_frame([]).schema == frame.schema
    assert frame.columns == [column["name"] for column in MARTS["quality_checks"]["columns"]]


def test_the_summary_counts_by_dimension_and_severity() -> None:
    results = [a_result("Q-1"), a_result("Q-2", is_passed=False), a_result("Q-3", dimension="timely")]
    assert summarise(results).rows() == [("accurate", "fatal", 2, 1, 1), ("timely", "fatal", 1, 1, 0)]


def test_results_survive_the_trip_between_processes(tmp_path: Path) -> None:
    failed = FailedRows(("submission_id", "row_number"), (("s1", "3"), ("s1", None)), 2, (("s1", 2),))
    results = [
        a_result("Q-1", is_passed=False, failed=failed),
        a_result("Q-2", rows_checked=None, observed="error: không có bảng"),
    ]
    write_json(results, tmp_path / "results.json")
    assert read_json(tmp_path / "results.json") == results
    assert [path.name for path in tmp_path.iterdir()] == ["results.json"]
    assert failures_frame(results).rows() == [("Q-1", "s1", 2)]
    assert failures_frame([]).schema == failures_frame(results).schema


def written(check_id: str) -> Check:
    (check,) = [each for suite in written_suites() for each in suite.checks if each.check_id == check_id]
    return check


def test_a_moved_milestone_stops_no_release() -> None:
    """Findings speak of the day F11 moved a milestone to, plan_targets of the day issued."""
    assert "milestone_on" not in written("Q-7103").kwargs["unexpected_rows_query"]


def test_a_form_without_measures_has_a_default_one_that_yields_nothing() -> None:
    """Models loop over the default measures only, and SQL without any branch does not parse."""
    text = (DBT_PROJECT / "macros/measures.sql").read_text(encoding="utf-8")
    stand_in = text.split("set none_of_form = {")[1].split("}")[0]
    assert "'is_default': true" in stand_in


@pytest.mark.parametrize("check_id", ["Q-1024", "Q-4203"])
def test_differences_of_huge_numbers_are_compared_as_exactly_as_doubles_are(check_id: str) -> None:
    """At 10¹² a double is exact to 0.0001: no error, and no reason to stop a release."""
    assert "0.000000000001 * (abs(" in written(check_id).kwargs["unexpected_rows_query"]
