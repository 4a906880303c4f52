"""The recipes for BI tools run on a whole synthetic year, or name only what the schema promises."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from record_schema import read_schema

from tiendo.publish.query import query

TEXT = (Path(__file__).parents[2] / "docs" / "bi.md").read_text(encoding="utf-8")
SCHEMA = {tuple(name.split(".")): column for name, column in read_schema().items()}
TABLES = {table for table, _ in SCHEMA}
# Types of Power Query, and the published types that may become them.
NUMBERS = {"DOUBLE", "DECIMAL(18,6)", "BIGINT"}
TYPES = {"text": {"VARCHAR"}, "date": {"DATE"}, "logical": {"BOOLEAN"}, "number": NUMBERS}
# Empty in the demo: no figure of this indicator is withheld.
EMPTY_IN_DEMO = {"withheld"}


def blocks(language: str) -> list[str]:
    found = re.findall(rf"^```{language}\n([^`]+)```$", TEXT, re.MULTILINE)
    assert found, f"no {language} in docs/bi.md"
    return found


@pytest.mark.parametrize("sql", blocks("sql"), ids=lambda sql: re.findall(r"from (\w+)", sql)[-1])
def test_query_answers(sql: str, demo_home: Path) -> None:
    answer = query(demo_home / "data/curated/current", sql)
    assert answer.height > 0
    empty = {column.name for column in answer if column.null_count() == answer.height}
    assert empty <= EMPTY_IN_DEMO


@pytest.mark.parametrize("program", blocks("python"), ids=lambda text: text.split()[1])
def test_program_runs(program: str, demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "demo").symlink_to(demo_home)
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr


def test_current_json_names_the_files_of_every_table(demo_home: Path) -> None:
    """What the function of Power Query relies on."""
    curated = demo_home / "data/curated"
    current = json.loads((curated / "current.json").read_text(encoding="utf-8"))
    assert set(current["tables"]) == TABLES
    assert all((curated / path).is_file() for path in current["tables"].values())


def test_released_tables_are_those_of_the_schema(demo_home: Path) -> None:
    columns = "select table_name, column_name, data_type from duckdb_columns() where not internal"
    told = query(demo_home / "data/curated/current", columns)
    assert {(table, name): kind for table, name, kind in told.iter_rows()} == {
        key: column.type for key, column in SCHEMA.items()
    }


@pytest.mark.parametrize("recipe", [text for text in blocks("powerquery") if not text.startswith("(")])
def test_power_query_names_columns_that_exist(recipe: str) -> None:
    (table,) = re.findall(r'curated\("(\w+)"\)|// Columns of (\w+)', recipe)
    name = "".join(table)
    listed = [
        column for text in re.findall(r"\{\s*\"[^}]+\}", recipe) for column in re.findall(r'"(\w+)"', text)
    ]
    used = {*listed, *re.findall(r"\[(\w+)\]", recipe)}
    assert {(name, column) for column in used} <= SCHEMA.keys()
    for column, kind in re.findall(r'\{"(\w+)", type (\w+)\}', recipe):
        assert SCHEMA[name, column].type in TYPES[kind], column


def test_csv_of_excel_has_the_columns_that_are_typed() -> None:
    (written,) = re.findall(r"chi-tieu\.csv \"\s+select ([\w,\s]+?)\s+from", TEXT)
    (typed,) = [text for text in blocks("powerquery") if "Csv.Document" in text]
    assert re.findall(r'\{"(\w+)", type', typed) == re.findall(r"\w+", written)


def test_measures_and_models_name_columns_that_exist() -> None:
    told = re.findall(r"\b(\w+)\[(\w+)\]", "".join(blocks("dax")))
    (loaded,) = [text for text in blocks("powerquery") if 'curated("indicator_latest")' in text]
    assert all(f'"{column}"' in loaded for _, column in told)
    told += re.findall(r"`(\w+)\[(\w+)\]`", TEXT)
    assert set(told) <= SCHEMA.keys()
    assert set(re.findall(r'curated\("(\w+)"\)', TEXT)) <= TABLES


def test_r_names_columns_that_exist() -> None:
    (program,) = blocks("r")
    ((columns, table),) = re.findall(r'"select ([\w, ]+) from (\w+)', program)
    ((file, chosen),) = re.findall(r'"(\w+)\.parquet".*?select = c\(([\w, ]+)\)', program, re.DOTALL)
    named = {(table, name) for name in columns.split(", ")} | {(file, name) for name in chosen.split(", ")}
    named |= {("indicator_latest", name) for name in re.findall(r"latest\$(\w+)", program)}
    assert named <= SCHEMA.keys()


def test_star_and_marks_name_columns_that_exist() -> None:
    columns = {name for _, name in SCHEMA}
    star, counted, doubt = (
        TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
        for heading in ("The star", "What to count", "How to show doubt")
    )
    rows = [line for text in (star, counted, doubt) for line in text.splitlines() if line.startswith("| ")]
    # Values stand in quotes, and as names of colours.
    codes = [re.sub(r"'[^']*'|#\w+", "", code) for code in re.findall(r"`([^`]+)`", "".join(rows))]
    words = {word for code in codes for word in re.findall(r"\b[a-z_]{6,}\b", code)}
    assert words - {"yellow"} <= columns | TABLES
