"""Every model is SQL that Spark understands too: what differs between engines stays in macros/portable.

The project is compiled as Spark would have it: the `spark__` forms of macros/portable stand in the place of
the default ones. Each model then has to parse by the Spark grammar, call only functions that mean the same in
DuckDB and Spark, and avoid spellings that parse in both and mean different things. What no reading of a text
can tell (types, empty values in an order) only a run on Spark shows.
"""

import os
import re
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

import duckdb
import pytest
import yaml

from tiendo.intake.landing import read_ledger
from tiendo.pipeline import load
from tiendo.settings import DBT_PROJECT, Home

MODELS = sorted(path.stem for path in (DBT_PROJECT / "models").rglob("*.sql"))

# Before a function joins this list, look it up in both manuals: order of arguments, nulls, type of result.
FUNCTIONS = {
    # aggregates leave nulls out; a sum of decimals stays a decimal
    "bool_and", "bool_or", "count", "max", "min", "sum",
    # where the value is null DuckDB takes the next best row and Spark the null: filter nulls before
    "max_by", "min_by",
    # over an order without ties and nulls: DuckDB puts nulls last, Spark first where it ascends
    "dense_rank", "first_value", "lag", "last_value", "lead", "rank", "row_number",
    "abs", "ceil", "floor", "mod", "power", "round", "sign", "sqrt",
    # nulls are skipped by both
    "coalesce", "greatest", "least", "nullif",
    # date_trunc gives a timestamp in Spark: cast it
    "date_trunc", "day", "last_day", "make_date", "month", "quarter", "weekofyear", "year",
    # positions count from 1; not concat, where DuckDB skips nulls and Spark gives null: use || or concat_ws
    "concat_ws", "contains", "instr", "length", "lower", "lpad", "ltrim", "replace", "rpad", "rtrim",
    "split_part", "substr", "trim", "upper",
    # DuckDB replaces the first match, Spark all: only with a pattern bound to one end
    "regexp_replace",
}  # fmt: skip
# Words before a parenthesis that are no functions.
KEYWORDS = {
    "all", "and", "any", "as", "between", "by", "case", "cast", "char", "decimal", "distinct", "else",
    "except", "exists", "filter", "from", "having", "in", "intersect", "is", "join", "like", "not", "on",
    "or", "order", "over", "select", "then", "union", "using", "varchar", "when", "where", "with",
}  # fmt: skip
CALLED = re.compile(r"\b([a-z_]\w*)\s*\(")
SPARK_FORM = re.compile(r"macro spark__\w+\(.*?\) -?%\}(.*?)endmacro", re.DOTALL)
DAY_NAMES = r"\w+_(?:on|at|day|until|cutoff)|valid_(?:from|to)|(?:period|window)_(?:start|end)|period_end_\w+"
# Spellings that the grammar lets pass.
SPELLINGS = {
    r'"': "a name in double quotes is text in Spark",
    r"\\": "Spark reads a backslash in text as an escape",
    r"::": "cast(… as …)",
    r"[\[\]{}]": "lists and structs are written differently",
    r"->": "lambdas and JSON paths are written differently",
    r"\binterval\b|\bcurrent_(?:date|timestamp)\b": "days_between, day_before, as_of",
    rf"(?:\b(?:{DAY_NAMES})|\bas date\)) [-+] ": "a day plus or minus something: days_between, day_before",
    r"\bcount\(\s*distinct\b[^()]*\)\s*(?:filter\s*\([^()]*\)\s*)?over\b": "Spark has no distinct in windows",
    r"\bdistinct on\b|\b(?:asof|positional)\s+join\b|\bvarchar\b(?!\()": "DuckDB only",
    r"\bvalues\s*\(": "DuckDB names the columns otherwise",
}  # fmt: skip
TEXTS = re.compile(r"'(?:[^']|'')*'")


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The SQL of each model as Spark would get it; relations in backticks."""
    folder = tmp_path_factory.mktemp("portable")
    home = Home(folder / "home")
    database = load(home, read_ledger(home))
    stand_in_for_marts(database)
    project = folder / "dbt_project"
    shutil.copytree(DBT_PROJECT, project, ignore=shutil.ignore_patterns("target", "logs"))
    speak_spark(project)
    target = folder / "target"
    where = {"PROJECT_DIR": project, "PROFILES_DIR": project, "TARGET_PATH": target, "LOG_PATH": target}
    done = subprocess.run(
        [Path(sys.executable).with_name("dbt"), "compile", "--select", "resource_type:model", "--quiet"],
        env={
            **os.environ,
            **{f"DBT_{name}": str(path) for name, path in where.items()},
            "DBT_SEND_ANONYMOUS_USAGE_STATS": "false",
            "TIENDO_DATABASE": str(database),
        },
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    relation = re.compile(rf'"{database.stem}"\."(\w+)"\."(\w+)"')
    files = (target / "compiled/tiendo/models").rglob("*.sql")
    return {path.stem: relation.sub(r"`\1`.`\2`", path.read_text("utf-8")) for path in files}


def stand_in_for_marts(database: Path) -> None:
    """Empty tables by their contracts, since some models read the columns of another while they compile."""
    with duckdb.connect(str(database)) as connection:
        connection.execute("create schema marts")
        for path in (DBT_PROJECT / "models/marts").rglob("*.yml"):
            for model in yaml.safe_load(path.read_text("utf-8")).get("models", []):
                columns = ", ".join(
                    f'"{column["name"]}" {column["data_type"]}' for column in model["columns"]
                )
                connection.execute(f"create table marts.{model['name']} ({columns})")


def speak_spark(project: Path) -> None:
    """Puts the Spark form of each dispatched macro in the place of the default one."""
    for path in (project / "macros/portable").glob("*.sql"):
        text = path.read_text("utf-8").replace(" default__", " elsewhere__").replace(" spark__", " default__")
        path.write_text(text, "utf-8")
    (project / "macros/types.sql").write_text("{% macro duckdb__type_string() -%}string{%- endmacro %}")


@pytest.mark.parametrize("model", MODELS)
def test_the_spark_grammar_reads_it(model: str, compiled: dict[str, str]) -> None:
    from sqlfluff.core import FluffConfig, Linter

    linter = Linter(config=FluffConfig(overrides={"dialect": "sparksql", "templater": "raw"}))
    assert [str(fault) for fault in linter.parse_string(compiled[model]).violations] == []


@pytest.mark.parametrize("model", MODELS)
def test_it_means_the_same_on_both_engines(model: str, compiled: dict[str, str]) -> None:
    assert faults_of(compiled[model]) == set()


def faults_of(sql: str) -> set[str]:
    """Unknown functions and spellings that only one engine understands so."""
    bare = re.sub(r"--[^\n]*|/\*.*?\*/", " ", TEXTS.sub("''", sql.lower()), flags=re.DOTALL)
    faults = set(CALLED.findall(bare)) - KEYWORDS - FUNCTIONS - spark_functions() - common_table_names(bare)
    faults |= {reason for pattern, reason in SPELLINGS.items() if re.search(pattern, bare)}
    if any("\\" in text for text in TEXTS.findall(sql)):
        faults.add("a backslash in a text")
    patterns = re.findall(r"regexp_replace\(.*?'((?:[^']|'')*)'", sql.lower(), re.DOTALL)
    faults |= {f"regexp_replace of '{p}'" for p in patterns if not (p.startswith("^") or p.endswith("$"))}
    return faults


@cache
def spark_functions() -> set[str]:
    """What the Spark forms of macros/portable call; a model that did so itself would fail on DuckDB."""
    texts = [path.read_text("utf-8") for path in (DBT_PROJECT / "macros/portable").glob("*.sql")]
    return {name for text in texts for form in SPARK_FORM.findall(text) for name in CALLED.findall(form)}


def common_table_names(bare: str) -> set[str]:
    return set(re.findall(r"\b([a-z_]\w*)\s*\([^()]*\)\s+as\s*\(", bare))


@pytest.mark.parametrize(
    "sql",
    [
        "select concat(a, b) from t",
        "select list_aggregate(a, 'sum') from t",
        'select a as "b" from t',
        "select a::int from t",
        "select [a, b] from t",
        "select period_end - valid_from from t",
        "select cast(period_end as date) + 1 from t",
        "select cast(day - interval 1 day as date) from t",
        "select count(distinct a) over (partition by b) from t",
        "select cast(a as varchar) from t",
        "select a from t asof join u on t.a >= u.a",
        r"select regexp_replace(a, '\d+$', '') from t",
        "select regexp_replace(a, '[0-9]', '') from t",
    ],
)
def test_the_check_finds(sql: str) -> None:
    assert faults_of(sql)


@pytest.mark.parametrize(
    "sql",
    [
        "select a from t where b in ('x(', 'interval', '[')  -- date_diff(a)",
        "select sum(a) over (partition by b order by c rows between 1 preceding and current row) from t",
        "select regexp_replace(cast(a as string), '[.]?0+$', '') from t",
        "select numerator - denominator from t",
    ],
)
def test_the_check_lets_pass(sql: str) -> None:
    assert faults_of(sql) == set()
