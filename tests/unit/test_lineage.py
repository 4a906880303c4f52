"""What is told where dbt fails: the published tables that hang on it, and rows to look at."""

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import duckdb
import pytest

from tiendo.warehouse.failures import failure, unreadable
from tiendo.warehouse.lineage import Lineage


def model(name: str, layer: str, **meta: Any) -> dict[str, Any]:
    return {"resource_type": "model", "name": name, "fqn": ["tiendo", layer, name], "config": {"meta": meta}}


@pytest.fixture
def manifest(tmp_path: Path) -> Path:
    """raw.coverage → stg_coverage → int_parts → {progress → latest}; dim_plan stands apart."""
    nodes = {
        "model.t.stg_coverage": model("stg_coverage", "staging"),
        "model.t.int_parts": model("int_parts", "intermediate"),
        "model.t.progress": model("progress", "marts", grain=["org_code", "period"]),
        "model.t.latest": model("latest", "marts", grain=["org_code"]),
        "model.t.dim_plan": model("dim_plan", "marts", grain=["plan_id"]),
    }
    children = {
        "source.t.raw.coverage": ["model.t.stg_coverage"],
        "model.t.stg_coverage": ["model.t.int_parts", "test.t.some_test"],
        "model.t.int_parts": ["model.t.progress"],
        "model.t.progress": ["model.t.latest"],
    }
    path = tmp_path / "manifest.json"
    sources = {"source.t.raw.coverage": {"name": "coverage"}}
    path.write_text(json.dumps({"nodes": nodes, "child_map": children, "sources": sources}), encoding="utf-8")
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "warehouse.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute("create table progress as select '24133' as org_code, null as period, 7 as actual")
        connection.execute(
            "create table landed as select 's1' as submission_id, 4 as row_number, 'x' as secret"
        )
    return path


def result(kind: str, name: str, tested: str, code: str | None = None) -> Any:
    node = SimpleNamespace(
        resource_type=kind,
        name=name,
        unique_id=tested if kind == "model" else f"test.t.{name}",
        attached_node=tested,
        depends_on=SimpleNamespace(nodes=[tested]),
        compiled_code=code,
    )
    return SimpleNamespace(node=node, message="Got 1 result, configured to fail if != 0")


def test_the_marts_below_a_model_or_a_form_are_named(manifest: Path) -> None:
    lineage = Lineage(manifest)
    assert lineage.published_below(["model.t.int_parts"]) == ["latest", "progress"]
    assert lineage.published_below(["model.t.latest"]) == ["latest"]
    assert lineage.published_from("coverage") == ["latest", "progress"]
    assert lineage.published_from("no_such_form") == []


def test_a_broken_model_names_the_published_tables_that_need_it(manifest: Path, database: Path) -> None:
    error = failure([result("model", "int_parts", "model.t.int_parts")], manifest, database)
    assert (error.code, error.exit_code) == ("TD-405", 4)
    assert "int_parts: Got 1 result" in error.vi
    assert "Bảng công bố bị ảnh hưởng: latest, progress." in error.vi
    assert "dim_plan" not in error.vi


def test_a_failed_data_test_tells_the_grain_of_the_rows(manifest: Path, database: Path) -> None:
    failed = result("test", "not_null_progress_period", "model.t.progress", "select * from progress")
    error = failure([failed], manifest, database)
    assert (error.code, error.exit_code) == ("TD-502", 1)
    assert "progress (not_null_progress_period: Got 1 result" in error.vi
    assert "org_code = 24133, period = ∅." in error.vi
    assert "Bảng công bố bị ảnh hưởng: latest, progress." in error.vi


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("select * from landed", "submission_id = s1, row_number = 4"),
        ("select secret from landed", "(t: Got 1 result, configured to fail if != 0)."),
        ("select nonsense", "(t: Got 1 result, configured to fail if != 0)."),
        (None, "(t: Got 1 result, configured to fail if != 0)."),
    ],
)
def test_of_unpublished_rows_only_the_place_is_told(
    manifest: Path, database: Path, code: str | None, told: str
) -> None:
    error = failure([result("test", "t", "model.t.stg_coverage", code)], manifest, database)
    assert told in error.vi
    assert "secret" not in error.vi


def test_a_project_that_dbt_cannot_read_computes_nothing() -> None:
    error = unreadable("Compilation Error\n  in model int_parts\n    unexpected '}'\n  more")
    assert (error.code, error.exit_code) == ("TD-405", 4)
    assert "không bảng công bố nào được tính: Compilation Error in model int_parts" in error.vi
