"""The registry loader: the five real plans load whole, each kind of broken table is told with its place."""

import csv
import io
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tiendo.messages import TiendoError
from tiendo.registry.measure_rules import find_forbidden
from tiendo.registry.plans import load_registry
from tiendo.registry.tables import INDICATOR_MEASURES, TABLES
from tiendo.settings import SHIPPED_PLANS


@pytest.fixture(scope="module")
def registry() -> dict[str, pl.DataFrame]:
    return load_registry(SHIPPED_PLANS)


@pytest.fixture
def plans(tmp_path: Path) -> Path:
    """A copy of the shipped registry that a test may break."""
    return Path(shutil.copytree(SHIPPED_PLANS, tmp_path / "plans"))


def edit(plans: Path, table: str, old: str, new: str) -> None:
    """Replaces the first occurrence of `old`."""
    path = plans / f"{table}.csv"
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def failure(plans: Path) -> TiendoError:
    with pytest.raises(TiendoError) as caught:
        load_registry(plans)
    assert caught.value.vi
    assert caught.value.way_out_vi
    return caught.value


def place(error: TiendoError) -> tuple[str | None, int | None, str | None]:
    return error.place.file, error.place.row, error.place.column


def test_every_row_of_the_real_plans_loads(registry: dict[str, pl.DataFrame]):
    assert {name: frame.height for name, frame in registry.items()} == {
        "plans": 5,
        "indicators": 187,
        "agencies": 93,
        "plan_targets": 609,
        "plan_tasks": 496,
        "indicator_measures": 46,
        "task_agencies": 1546,
    }


def test_types_and_empty_cells(registry: dict[str, pl.DataFrame]):
    for table in TABLES:
        schema = registry[table.name].schema
        typed = dict.fromkeys(table.dates, pl.Date()) | dict.fromkeys(table.flags, pl.Boolean())
        typed |= dict.fromkeys(table.numbers, pl.Decimal(18, 6)) | {"line_number": pl.Int64()}
        assert dict(schema) == {name: typed.get(name, pl.String()) for name in schema}
        for column in registry[table.name].select(pl.col(pl.String)):
            assert (column != "").all()
    undated = registry["plans"].row(0, named=True)
    assert (undated["issue_date"], undated["valid_from"]) == (None, date(2025, 6, 1))
    assert undated["date_is_assumed"] is True


def test_line_number_finds_the_row_in_the_file(registry: dict[str, pl.DataFrame]):
    lines = (SHIPPED_PLANS / "plan_targets.csv").read_text(encoding="utf-8").splitlines()
    row = (
        registry["plan_targets"]
        .filter(row_ref="PL1.V.24", milestone_on=date(2030, 12, 31))
        .row(0, named=True)
    )
    assert lines[row["line_number"] - 1].startswith("lam-dong-2026-kh3450,PL1.V.24,")
    assert (row["target_raw"], row["target_low"]) == ("10", Decimal(10))
    assert registry["plan_targets"]["line_number"].to_list() == list(range(2, 611))


def test_line_number_counts_line_breaks_inside_cells(plans: Path):
    edit(plans, "agencies", "Tỉnh ủy Đắk Lắk,", '"Tỉnh ủy\nĐắk Lắk",')
    assert load_registry(plans)["agencies"]["line_number"].to_list()[:3] == [2, 4, 5]


def test_comparator_is_the_kind_save_for_rows_never_scored(registry: dict[str, pl.DataFrame]):
    counts = registry["plan_targets"].group_by("comparator").len().rows()
    assert dict(counts) == {
        "at_least": 295,
        "equal": 249,
        "text": 34,
        "boolean": 14,
        "at_most": 10,
        "range": 7,
    }


def test_a_byte_order_mark_and_extra_columns_are_taken_as_they_are(plans: Path):
    path = plans / "agencies.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text(
        "\ufeff" + "\r\n".join([lines[0] + ",phone", *(f"{line},0262" for line in lines[1:])]),
        encoding="utf-8",
    )
    agencies = load_registry(plans)["agencies"]
    assert agencies.height == 93
    assert agencies["phone"].unique().to_list() == ["0262"]


def test_a_table_without_rows_loads(plans: Path):
    for name in ("task_agencies", "plan_tasks"):
        header = (plans / f"{name}.csv").read_text(encoding="utf-8").splitlines()[0]
        (plans / f"{name}.csv").write_text(header + "\n", encoding="utf-8")
    assert load_registry(plans)["plan_tasks"].height == 0


def test_td_301_missing_file(plans: Path):
    (plans / "plan_tasks.csv").unlink()
    error = failure(plans)
    assert (error.code, place(error)) == ("TD-301", ("plan_tasks.csv", None, None))


@pytest.mark.parametrize("content", [b"agency_code,\xff\xfe", b'agency_code,"name', b""])
def test_td_301_unreadable_file(plans: Path, content: bytes):
    (plans / "agencies.csv").write_bytes(content)
    assert failure(plans).code == "TD-301"


def test_td_301_missing_column(plans: Path):
    edit(plans, "plan_targets", ",pace,", ",tempo,")
    error = failure(plans)
    assert (error.code, place(error)) == ("TD-301", ("plan_targets.csv", 1, "pace"))


@pytest.mark.parametrize("table", [table.name for table in TABLES])
def test_td_302_repeated_row(plans: Path, table: str):
    path = plans / f"{table}.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join([*lines, lines[1]]), encoding="utf-8")
    error = failure(plans)
    assert (error.code, error.place.file, error.place.row) == ("TD-302", f"{table}.csv", len(lines) + 1)


def test_td_302_two_default_measures(plans: Path):
    edit(plans, "indicator_measures", "place,766,no,", "place,766,yes,")
    error = failure(plans)
    assert (error.code, place(error)) == ("TD-302", ("indicator_measures.csv", 3, "is_default"))


def test_td_302_column_named_twice(plans: Path):
    edit(plans, "task_agencies", "role,agency_code", "role,agency_code,role")
    assert failure(plans).code == "TD-302"


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        ("plan_targets", "dak-lak-2025-kh-ubnd,", "dak-lak-2024,", "plan_id"),
        ("plan_targets", ",infra_5g_coverage,", ",infra_7g_coverage,", "indicator_code"),
        ("plan_targets", ",no,PL1.III.19,", ",no,PL9.IX.99,", "duplicate_of"),
        ("plan_tasks", "dak-lak-2025-kh-ubnd,", "dak-lak-2024,", "plan_id"),
        ("indicator_measures", "infra_5g_coverage,", "infra_7g_coverage,", "indicator_code"),
        ("task_agencies", "PL2.I.1,lead", "PL9.I.1,lead", "row_ref"),
        ("task_agencies", ",dl_so_vhttdl", ",dl_so_khac", "agency_code"),
    ],
)
def test_td_303_dangling_reference(plans: Path, table: str, old: str, new: str, column: str):
    edit(plans, table, old, new)
    error = failure(plans)
    assert (error.code, error.place.file, error.place.column) == ("TD-303", f"{table}.csv", column)


def test_td_303_names_the_line(plans: Path):
    edit(plans, "plan_targets", ",infra_5g_coverage,", ",infra_7g_coverage,")
    error = failure(plans)
    assert error.place.row == 2
    assert "infra_7g_coverage" in error.vi


@pytest.mark.parametrize(
    ("table", "old", "new", "column"),
    [
        ("plan_targets", ",level,2025-12-31", ",steady,2025-12-31", "pace"),
        ("plan_targets", "at_least,60,", "about,60,", "target_kind"),
        ("plan_targets", "at_least,60,,percent", "at_least,60,,pct", "unit"),
        ("plan_targets", "at_least,60,", 'at_least,"60,5",', "target_low"),
        ("plan_targets", "at_least,60,", "at_least,,", "target_low"),
        ("plan_targets", "range,80,90", "range,90,80", "target_low"),
        ("plan_targets", ",2025-12-31,", ",2025-11-31,", "milestone_on"),
        ("plan_targets", ",2025-12-31,no", ",2025-12-31,không", "embedded"),
        ("plan_tasks", ",2025-09-30,", ",30/9/2025,", "due_on"),
        ("plans", ",2025-06-01,yes", ",,yes", "valid_from"),
        ("indicators", "infra_5g_coverage,Tỷ lệ phủ sóng 5G,", "infra_5g_coverage,,", "name_vi"),
        ("indicators", ",percent,higher,", ",percent,up,", "direction"),
        ("indicator_measures", "registry,yes", "registry,no", "is_default"),
        ("task_agencies", ",lead,dl_so_vhttdl", ",lead,dl_so_vhttdl,x", None),
    ],
)
def test_td_304_value_not_allowed(plans: Path, table: str, old: str, new: str, column: str | None):
    edit(plans, table, old, new)
    error = failure(plans)
    assert (error.code, error.place.file, error.place.column) == ("TD-304", f"{table}.csv", column)
    assert error.place.row is not None


def test_td_305_measure_rule(plans: Path):
    edit(plans, "indicator_measures", "authority_level = 'province',,", "(select 1 from secrets),,")
    error = failure(plans)
    assert (error.code, place(error)) == ("TD-305", ("indicator_measures.csv", 2, "denominator_rule"))
    assert "select" in error.vi


@pytest.mark.parametrize(
    "rule",
    [
        "true; drop table x",
        "(select 1)",
        "(from dossier)",
        "true) union (values (1)",
        "true -- rest",
        "true /* rest",
        "read_text('passwd')",
        "getenv ('home')",
        "state = 'DONE'",
        "state = 'a''b'",
        '"state" = 1',
        "numerator, denominator",
        "true then 1 else 0 end",
        "case when true then 1",
        "(true",
        "rating other",
        "(rating) other",
        "rating as other",
        "cast(completed_at as date) <= current_date",
        "secrets.token",
        "rows[1]",
        "1e5",
        # Days that month ends are not asked for.
        "cast(due_at as date) + 30 < period_end",
        "period_end - cast(received_at as date) > 30",
        "1 - rating * 2 > 0 and cast(due_at as date) < period_end",
        "cast(period_end as text) = 'a'",
    ],
)
def test_a_rule_that_is_more_than_a_row_expression_is_refused(rule: str):
    assert find_forbidden(rule)


def test_days_may_be_reckoned_with_where_no_month_end_is_asked_for() -> None:
    assert find_forbidden("cast(completed_at as date) - cast(received_at as date) <= 30") is None
    assert find_forbidden("1 - case when period_end > cast(due_at as date) then 1 else 0 end") is None


def test_the_shipped_rules_are_sql_expressions(registry: dict[str, pl.DataFrame]):
    measures = registry["indicator_measures"]
    for rule in (rule for column in INDICATOR_MEASURES.rules for rule in measures[column].drop_nulls()):
        assert find_forbidden(rule) is None
        # extract_statements parses without binding, so no column has to exist.
        statements = duckdb.extract_statements(f"select case when true then ({rule}) end from form")
        assert [statement.type for statement in statements] == [duckdb.StatementType.SELECT]


@pytest.mark.parametrize("column", ["variant", "excluded_states"])
def test_td_305_names_that_become_sql(plans: Path, column: str):
    path = plans / "indicator_measures.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    cells = next(csv.reader([lines[1]]))
    cells[lines[0].split(",").index(column)] = "x' || (select 1) || '"
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="").writerow(cells)
    path.write_text("\n".join([lines[0], buffer.getvalue(), *lines[2:]]) + "\n", encoding="utf-8")
    error = failure(plans)
    assert (error.code, place(error)) == ("TD-305", ("indicator_measures.csv", 2, column))
