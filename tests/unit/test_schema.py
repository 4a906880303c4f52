"""No published column leaves, or changes its type, without having been announced."""

from datetime import date
from pathlib import Path

import pytest
from record_schema import Column, Schema, declared_schema, read_schema, renew

PROJECT = Path(__file__).parents[2]
TODAY = date(2027, 7, 1)
STAYS = {"facts.code": Column("VARCHAR", grain="1"), "facts.share": Column("DOUBLE", "percent")}
LEAVING = Column("DOUBLE", "percent", leaves_on="2028-01-31")
ANNOUNCED = Column("DOUBLE", "percent", announced_on="2027-07-01", leaves_on="2028-01-31")


def test_the_dbt_project_keeps_what_was_promised() -> None:
    recorded = read_schema()
    renewed, broken = renew(recorded, declared_schema(), date.today())
    assert broken == [], "announce it first (docs/bi.md, What stays as it is)"
    assert renewed == recorded, "run python scripts/record_schema.py"


def test_what_will_leave_stands_in_the_changelog() -> None:
    told = (PROJECT / "CHANGELOG.md").read_text(encoding="utf-8")
    leaving = [name for name, column in read_schema().items() if column.leaves_on]
    missing = [name for name in leaving if name not in told and f"`{name.partition('.')[0]}`" not in told]
    assert missing == []


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ({"facts.code": STAYS["facts.code"]}, "facts.share: gone"),
        (STAYS | {"facts.share": Column("BIGINT", "percent")}, "facts.share: type"),
        (STAYS | {"facts.share": Column("DOUBLE", "share")}, "facts.share: type"),
        (STAYS | {"facts.code": Column("VARCHAR")}, "facts.code: type"),
        (STAYS | {"facts.period": Column("VARCHAR", grain="2")}, "facts.period: more"),
        (STAYS | {"facts.share": Column("DOUBLE", "percent", leaves_on="2027-08-01")}, "facts.share: less"),
        ({}, "facts.code: gone"),
    ],
)
def test_a_broken_promise_is_told(declared: Schema, said: str) -> None:
    _, broken = renew(STAYS, declared, TODAY)
    assert broken
    assert broken[0].startswith(said)


def test_additions_are_recorded_and_announcements_dated() -> None:
    more = {"facts.note": Column("VARCHAR"), "other.code": Column("VARCHAR", grain="1")}
    assert renew(STAYS, STAYS | more, TODAY) == (STAYS | more, [])
    announced = STAYS | {"facts.share": ANNOUNCED}
    assert renew(STAYS, STAYS | {"facts.share": LEAVING}, TODAY) == (announced, [])
    assert renew(announced, STAYS | {"facts.share": LEAVING}, date(2027, 9, 1)) == (announced, [])
    assert renew(announced, STAYS, TODAY) == (STAYS, []), "an announcement can be taken back"


def test_a_day_of_leaving_may_be_put_off_only() -> None:
    announced = STAYS | {"facts.share": ANNOUNCED}
    for day, is_kept in (("2028-01-30", False), ("2028-03-31", True)):
        moved = Column("DOUBLE", "percent", leaves_on=day)
        assert (renew(announced, STAYS | {"facts.share": moved}, TODAY)[1] == []) is is_kept


def test_a_column_leaves_after_its_last_day() -> None:
    announced = STAYS | {"facts.share": ANNOUNCED}
    without = {"facts.code": STAYS["facts.code"]}
    assert renew(announced, without, date(2028, 1, 31))[1] != []
    assert renew(announced, without, date(2028, 2, 1)) == (without, [])
