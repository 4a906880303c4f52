"""What stands around Spark: what it needs, and how its tables get into the warehouse file.

What Spark computes is compared with DuckDB by `make test-spark`.
"""

import json
from pathlib import Path

import duckdb
import pytest
from spark.compare_engines import differing
from spark.compare_models import cast_alike, chosen, copy, read_by

from tiendo.messages import TiendoError
from tiendo.settings import Home
from tiendo.warehouse import on_spark, spark_session
from tiendo.warehouse.on_spark import spark_columns, take_over
from tiendo.warehouse.spark_session import require_spark


@pytest.mark.parametrize(("has_packages", "code"), [(False, "TD-650"), (True, "TD-651")])
def test_what_is_missing_is_told_with_the_way_out(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, has_packages: bool, code: str
) -> None:
    monkeypatch.setattr(spark_session, "_is_there", lambda name: has_packages or name == "pyspark")
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.delenv("SPARK_REMOTE", raising=False)
    with pytest.raises(TiendoError) as refused:
        require_spark()
    assert refused.value.code == code
    assert "tiendo refresh --engine duckdb" in refused.value.text("vi")


def test_a_server_of_spark_connect_brings_its_own_java(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(spark_session, "_is_there", lambda _: True)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    monkeypatch.setenv("SPARK_REMOTE", "sc://spark.example:15002")
    require_spark()


def test_the_engine_is_refused_before_anything_is_computed(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    from datetime import UTC, date, datetime

    from tiendo.pipeline import Moment, pipeline

    monkeypatch.setattr(spark_session, "_is_there", lambda _: False)
    moment = Moment(date(2026, 10, 31), datetime(2026, 12, 31, tzinfo=UTC))
    with pytest.raises(TiendoError) as refused:
        pipeline(Home(tmp_path), moment, engine="spark")
    assert refused.value.code == "TD-650"
    assert not Home(tmp_path).database.exists()


def test_types_have_their_names_in_spark() -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table landed (name varchar, fee decimal(18, 6), sent_on date, received_at timestamp)"
        )
        found = ["`name` string", "`fee` DECIMAL(18,6)", "`sent_on` date", "`received_at` timestamp"]
        assert list(spark_columns(connection, "landed")) == found
        connection.execute("create table odd (parts integer[])")
        with pytest.raises(TiendoError, match=r"odd\.parts") as refused:
            list(spark_columns(connection, "odd"))
    assert refused.value.code == "TD-653"


def test_tables_of_spark_enter_the_warehouse_file_with_the_types_agreed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    for schema, model in (("marts", "published"), ("intermediate", "between")):
        written = home.warehouse / "spark" / schema / model
        written.mkdir(parents=True)
        duckdb.execute(
            "copy (select 3 as n, 1.5::decimal(28, 6) as share, timestamptz '2026-10-31 23:00+00' as sent_at)"
            f" to '{written / 'part-0.parquet'}' (format parquet)"
        )

    def node(schema: str, model: str, types: dict[str, str]) -> dict[str, object]:
        columns = {name: {"data_type": kind} for name, kind in types.items()}
        config = {"materialized": "table", "contract": {"enforced": bool(types)}}
        facts = {"resource_type": "model", "schema": schema, "alias": model}
        return {**facts, "config": config, "columns": columns}

    manifest = tmp_path / "manifest.json"
    # In another order than Spark wrote them.
    types = {"sent_at": "TIMESTAMP", "n": "BIGINT", "share": "DECIMAL(18,6)"}
    nodes = {"a": node("marts", "published", types), "b": node("intermediate", "between", {})}
    manifest.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    take_over(home, manifest)
    with duckdb.connect(str(home.database)) as connection:
        connection.execute("set TimeZone = 'Asia/Ho_Chi_Minh'")
        [published] = connection.execute("from marts.published").fetchall()
        [between] = connection.execute("from intermediate.between").fetchall()
        described = connection.execute("describe marts.published").fetchall()
        assert [(name, kind) for name, kind, *_ in described] == list(types.items())
        assert sorted(map(str, published)) == sorted(map(str, between))
        assert str(published[0]) == "2026-10-31 23:00:00", "the moment was moved into another zone"


def test_a_path_is_quoted_for_spark(tmp_path: Path) -> None:
    assert on_spark.spark_text(tmp_path / "Đăk's \\ home").endswith("Đăk\\'s \\\\ home'")


def test_the_comparison_finds_what_differs(tmp_path: Path) -> None:
    def written(name: str, query: str) -> Path:
        duckdb.execute(f"copy ({query}) to '{tmp_path / name}' (format parquet)")
        return tmp_path / name

    one = written("one", "select 1 as n, 0.1::double + 0.2::double as share")
    assert not list(differing(one, written("near", "select 1 as n, 0.3::double as share")))
    for query in (
        "select 2 as n, 0.3::double as share",
        "select 1 as n, 0.3001::double as share",
        "select 1 as n, null::double as share",
        "select 1::bigint as n, 0.3::double as share",
        "select 1 as n, 0.3::double as share where false",
    ):
        assert list(differing(one, written("other", query))), query


def test_models_are_chosen_so_that_every_portable_macro_is_used() -> None:
    def model(name: str, *macros: str, materialized: str = "table") -> dict[str, object]:
        return {
            "name": name,
            "resource_type": "model",
            "schema": "intermediate",
            "alias": name,
            "config": {"materialized": materialized},
            "depends_on": {"macros": list(macros), "nodes": ["source.form", "model.int_dossier_cells"]},
        }

    def macro(name: str, path: str, *others: str) -> dict[str, object]:
        return {"name": name, "original_file_path": f"macros/{path}.sql", "depends_on": {"macros": others}}

    models = [
        model("int_dossier_cells", "hash"),
        model("empty", "days"),
        model("filled", "through"),
        model("idle"),
        model("seen", "days", materialized="view"),
    ]
    manifest = {
        "nodes": {f"model.{each['name']}": each for each in models},
        "sources": {"source.form": {"schema": "raw", "identifier": "form"}},
        "macros": {
            "hash": macro("hash", "portable/hashes"),
            "spark__hash": macro("spark__hash", "portable/hashes"),
            "days": macro("days", "portable/dates"),
            "through": macro("through", "words", "days"),
        },
    }
    found = chosen(manifest, filled={"intermediate.filled"})
    assert found == {each: f"intermediate.{each}" for each in ("int_dossier_cells", "filled")}
    assert read_by(manifest, found) == ["raw.form"]
    manifest["macros"]["lists"] = macro("lists", "portable/lists")
    with pytest.raises(SystemExit, match="lists"):
        chosen(manifest, filled=set())


def test_tables_of_both_engines_are_brought_into_one_order_and_type(tmp_path: Path) -> None:
    expected, written, found = (tmp_path / f"{name}.parquet" for name in ("expected", "written", "found"))
    with duckdb.connect() as connection:
        connection.execute("create schema marts")
        rows = "values (2, 0.5, timestamp '2026-10-31 23:00'), (1, 0.25, null)"
        connection.execute(
            f"create table marts.sums as select sum(n) as n, a, b from ({rows}) v(n, a, b) group by all"
        )
        copy(connection, "marts.sums", expected)
        for share, is_alike in ((0.5, True), (0.75, False)):
            connection.execute(
                f"copy (from (values (timestamptz '2026-10-31 23:00+00', 2, {share}), (null, 1, 0.25))"
                f" given(b, n, a)) to '{written}' (format parquet)"
            )
            cast_alike(expected, written, found)
            assert (not list(differing(expected, found))) == is_alike
