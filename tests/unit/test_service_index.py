"""The service index's rules: the page shows what the seed holds, and the seed what its sources state."""

import csv
from pathlib import Path
from typing import Any

import pytest
import yaml

from tiendo.settings import DBT_PROJECT

Row = dict[str, str]
SEEDS = DBT_PROJECT / "seeds" / "rules"
PROJECT = Path(__file__).parents[2]
PAGE = PROJECT / "docs" / "service-index.md"
UNIT_TESTS = DBT_PROJECT / "models/intermediate/_unit_tests_service_index.yml"


def seed(name: str) -> list[Row]:
    with (SEEDS / f"service_index_{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def line(rule: Row) -> str:
    """A rule as the page's table shows it."""
    cells = [
        f"{rule['component_code']} {rule['name_en']}",
        rule["group_code"],
        rule["max_points"],
        f"{rule['threshold_pct']}%" if rule["threshold_pct"] else "",
        rule["form"] if rule["is_computable"] == "true" else "not computable",
    ]
    return f"| {' | '.join(cells)} |"


def test_the_page_has_every_component_as_the_seed_has_it() -> None:
    section = PAGE.read_text(encoding="utf-8").split("## Components", 1)[1].split("Groups:", 1)[0]
    shown = [row for row in section.splitlines() if row[2:3].isdigit()]
    assert shown == [line(rule) for rule in seed("rules")]


def test_groups_have_a_hundred_points_and_group_three_two_parts() -> None:
    points = {row["group_code"]: int(row["max_points"]) for row in seed("groups")}
    assert points == {"1": 18, "2": 20, "3a": 12, "3b": 10, "4": 22, "5": 18}
    assert sum(points.values()) == 100


def test_only_what_a_source_states_has_points() -> None:
    points = {row["component_code"]: row["max_points"] for row in seed("rules") if row["max_points"]}
    assert points == {"1.2": "4", "2.1": "20", "5.4": "6"}
    assert all(row["source_url"] for row in seed("rules") if row["max_points"])


def test_what_is_not_computed_says_why() -> None:
    for row in seed("rules"):
        assert row["is_computable"] == "true" or (row["note_vi"] and row["note_en"]), row["component_code"]


def test_no_split_of_points_is_shipped() -> None:
    assert seed("points") == []


def measures_under_test() -> list[dict[str, Any]]:
    """The definitions that unit tests put in the place of the whole registry."""
    tests = yaml.safe_load(UNIT_TESTS.read_text(encoding="utf-8"))["unit_tests"]
    replaced = [test.get("overrides", {}).get("macros", {}).get("measures_of", []) for test in tests]
    return [
        measure for measures in replaced for measure in measures if measure["indicator_code"] != "offered"
    ]


@pytest.mark.parametrize("measure", measures_under_test(), ids=lambda measure: measure["indicator_code"])
def test_unit_tests_prove_the_definitions_of_the_registry(measure: dict[str, Any]) -> None:
    with (PROJECT / "data/raw/plans/indicator_measures.csv").open(encoding="utf-8", newline="") as file:
        registry = {(row["indicator_code"], row["variant"]): row for row in csv.DictReader(file)}
    defined = registry[measure["indicator_code"], measure["variant"]]
    assert {name: measure[name] or "" for name in defined.keys() & measure.keys()} == {
        name: defined[name] for name in defined.keys() & measure.keys()
    }
