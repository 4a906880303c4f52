"""dbt's exposures say what reads the curated tables, as the SQL of these readers does."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from dbt_marts import mart_models

from tiendo.settings import DBT_PROJECT

PROJECT = Path(__file__).parents[2]
EXPOSURES: dict[str, dict[str, Any]] = {
    exposure["name"]: exposure
    for exposure in yaml.safe_load((DBT_PROJECT / "models/exposures.yml").read_text("utf-8"))["exposures"]
}
MARTS = "|".join(sorted(mart_models(), key=len, reverse=True))
# After FROM or JOIN, as a Parquet file, or as the one argument of a function that opens a table.
READ = re.compile(rf"""\b(?:from|join)\s+({MARTS})\b|\b({MARTS})\.parquet\b|\(["']({MARTS})["']\)""")
FENCE = re.compile(r"^```[^\n]*\n(.*?)^```$", re.MULTILINE | re.DOTALL)


def texts(path: Path) -> Iterator[str]:
    """The blocks of a page; the strings of a module, save its docstrings."""
    written = path.read_text(encoding="utf-8")
    if path.suffix == ".md":
        yield from FENCE.findall(written)
        return
    tree = ast.parse(written)
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield node.value


def tables_read(path: Path) -> set[str]:
    return {next(filter(None, names)) for text in texts(path) for names in READ.findall(text)}


def readers(exposure: dict[str, Any]) -> list[Path]:
    return [path for pattern in exposure["config"]["meta"]["reads"] for path in PROJECT.glob(pattern)]


@pytest.mark.parametrize("name", EXPOSURES)
def test_depends_on_what_is_read(name: str) -> None:
    declared = {re.fullmatch(r"ref\('(\w+)'\)", ref)[1] for ref in EXPOSURES[name]["depends_on"]}  # type: ignore[index]
    files = readers(EXPOSURES[name])
    idle = [
        pattern for pattern in EXPOSURES[name]["config"]["meta"]["reads"] if not any(PROJECT.glob(pattern))
    ]
    assert not idle, f"no such file: {idle}"
    missing = {table for path in files for table in tables_read(path)} - declared
    assert not missing, f"add to depends_on of {name} in dbt_project/models/exposures.yml: {sorted(missing)}"
    # Where SQL is put together from names, a table stands as a word of its own.
    named = {word for path in files for text in texts(path) for word in re.findall(r"\w+", text)}
    assert declared <= named, (
        f"take out of depends_on of {name}, which does not read it: {sorted(declared - named)}"
    )


def test_whatever_reads_tables_for_people_is_an_exposure() -> None:
    known = {path for exposure in EXPOSURES.values() for path in readers(exposure)}
    reading = {path for path in (PROJECT / "tiendo" / "report").rglob("*.py") if tables_read(path)}
    stray = sorted(str(path.relative_to(PROJECT)) for path in reading - known)
    assert not stray, f"name them in `reads` of an exposure in dbt_project/models/exposures.yml: {stray}"
