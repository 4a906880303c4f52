"""Kept models in which the day stands come after the table that tells which extracts hold later days."""

import re
from functools import cache

import pytest

from tiendo.kept.models import DAYS
from tiendo.settings import DBT_PROJECT

SQL = {path.stem: path.read_text(encoding="utf-8") for path in (DBT_PROJECT / "models").rglob("*.sql")}
KEPT = sorted(name for name, sql in SQL.items() if "kept_by('submission_id')" in sql)
DAYS_MODEL = DAYS.partition(".")[2]


@cache
def ancestors(name: str) -> frozenset[str]:
    found = set(re.findall(r"ref\('(\w+)'\)", SQL.get(name, "")))
    return frozenset(found).union(*(ancestors(each) for each in found))


def names_the_day(name: str) -> bool:
    return any("as_of()" in SQL.get(each, "") for each in {name, *ancestors(name)})


@pytest.mark.parametrize("name", [name for name in KEPT if names_the_day(name)])
def test_the_days_are_known_before(name: str) -> None:
    assert DAYS_MODEL in ancestors(name)


def test_the_days_do_not_depend_on_the_day() -> None:
    assert DAYS_MODEL in KEPT
    assert not names_the_day(DAYS_MODEL)
