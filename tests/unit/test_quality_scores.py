"""The seeds by which submissions are scored fit the rules of the door and the contracts of the forms."""

import csv

from tiendo.intake.contracts import load_contracts
from tiendo.intake.sentences import SENTENCES
from tiendo.quality.suites import DIMENSIONS
from tiendo.settings import DBT_PROJECT

RULES = DBT_PROJECT / "seeds/rules"


def seed(name: str) -> list[dict[str, str]]:
    with (RULES / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_six_words_are_those_of_the_checks() -> None:
    assert tuple(row["dimension"] for row in seed("quality_dimensions")) == DIMENSIONS


def test_every_rule_that_sets_rows_aside_has_its_dimension() -> None:
    told = {row["code"] for row in seed("rule_dimensions") if row["found_by"] == "door"}
    assert set(SENTENCES) - told == set()


def test_every_finding_with_a_dimension_is_one_that_exists() -> None:
    kinds = {row["finding_kind"] for row in seed("finding_kinds") if row["table_name"] == "suspicious_values"}
    told = {row["code"] for row in seed("rule_dimensions") if row["found_by"] == "finding"}
    assert told - kinds == {"reported_differs_from_computed"}


def test_what_is_judged_at_the_door_is_judged_in_every_form() -> None:
    judged = {row["dimension"] for row in seed("quality_dimensions") if row["is_judged_at_door"] == "true"}
    assert judged == {"complete", "valid"}
    for contract in load_contracts().values():
        assert any(column.required for column in contract.columns), f"{contract.form}: complete"
        assert contract.columns, f"{contract.form}: valid"
