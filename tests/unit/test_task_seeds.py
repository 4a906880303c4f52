"""The seeds about tasks name what the shipped registry has: a misspelt code would empty a group."""

import polars as pl
import pytest

from tiendo.settings import DBT_PROJECT, SHIPPED_PLANS

RULES = DBT_PROJECT / "seeds" / "rules"


def seed(name: str) -> pl.DataFrame:
    return pl.read_csv(RULES / f"{name}.csv", infer_schema=False)


@pytest.fixture(scope="module")
def agencies() -> pl.DataFrame:
    return pl.read_csv(SHIPPED_PLANS / "agencies.csv", infer_schema=False)


def test_groups_and_their_members_are_agencies_of_one_province(agencies: pl.DataFrame) -> None:
    provinces = dict(agencies.select("agency_code", "province_code").iter_rows())
    groups = seed("agency_groups")
    assert set(groups["group_code"]) <= set(provinces)
    for group_code, member in groups.filter(member_kind="agency").select("group_code", "member").iter_rows():
        assert provinces[member] == provinces[group_code]


def test_kinds_of_members_exist_and_communes_name_none(agencies: pl.DataFrame) -> None:
    groups = seed("agency_groups")
    assert set(groups["member_kind"]) == {"agency_kind", "agency", "communes"}
    assert set(groups.filter(member_kind="agency_kind")["member"]) <= set(agencies["kind"])
    assert groups.filter(member_kind="communes")["member"].null_count() == len(
        groups.filter(member_kind="communes")
    )


def test_no_member_is_a_group_itself(agencies: pl.DataFrame) -> None:
    groups = seed("agency_groups")
    kinds = set(groups.filter(member_kind="agency_kind")["member"])
    expanded = set(groups.filter(member_kind="agency")["member"]) | set(
        agencies.filter(pl.col("kind").is_in(kinds))["agency_code"]
    )
    assert not expanded & set(groups["group_code"])


def test_districts_have_no_members() -> None:
    assert "dl_ubnd_huyen" not in set(seed("agency_groups")["group_code"])


def test_rules_of_groups_are_for_kinds_that_lead_tasks_as_groups(agencies: pl.DataFrame) -> None:
    rules = seed("task_group_rules")
    assert set(rules["group_kind"]) <= set(agencies["kind"])
    assert rules["done_share"].cast(pl.Float64).is_between(0, 1).all()


def test_states_are_numbered_in_the_order_they_are_tried() -> None:
    assert seed("task_states")["state_order"].cast(pl.Int64).to_list() == list(range(1, 12))
