"""Publishing: equal bytes for equal inputs, an atomic switch, tampering seen, queries shut in."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import frictionless
import polars as pl
import pyarrow.parquet as pq
import pytest

from tiendo.messages import TiendoError
from tiendo.publish import release as release_module
from tiendo.publish.catalogue import CuratedTable, ForeignKey, read_catalogue
from tiendo.publish.query import query
from tiendo.publish.release import (
    Release,
    ReleaseInputs,
    current_release,
    list_releases,
    load_manifest,
    publish,
    release_folder,
    switch_current,
    verify,
)
from tiendo.publish.results import write_result
from tiendo.publish.tables import export_tables, stage_tables
from tiendo.settings import Home

PLACES = [("66", "Đắk Lắk"), ("68", "Lâm Đồng"), ("75", "Đồng Nai")]
PROGRESS = [
    (code, indicator, f"2026-{month:02d}", date(2026, month, 28), Decimal(month) / 3, month % 2 == 0)
    for code, _ in PLACES
    for indicator in ("infra_5g", "dvc_online", None)
    for month in range(1, 13)
]
INPUTS = ReleaseInputs(
    as_of=date(2026, 6, 30),
    known_at=datetime(2026, 7, 1, 1, 0, tzinfo=UTC),
    fingerprint=hashlib.sha256(b"one").hexdigest(),
    code_version="0.1.0",
    submissions=[
        {"submission_id": "b", "sha256": "2" * 64, "raw_path": "coverage/b.csv"},
        {"submission_id": "a", "sha256": "1" * 64, "raw_path": "coverage/a.csv"},
    ],
    checks={"passed": 12, "failed": 0},
)


def build_warehouse(path: Path, threads: int = 1, reverse: bool = False, figure: str = "1.5") -> Path:
    """Schema marts with two tables to publish and one that is not described."""
    step = -1 if reverse else 1
    with duckdb.connect(str(path), config={"threads": threads}) as connection:
        connection.execute("create schema marts")
        connection.execute("create table marts.dim_org_unit (org_code varchar, org_name_vi varchar)")
        connection.executemany("insert into marts.dim_org_unit values (?, ?)", PLACES[::step])
        connection.execute(
            "create table marts.indicator_latest (org_code varchar, indicator_code varchar, period varchar,"
            " period_end date, actual decimal(18,6), is_verified boolean, ratio double, rows bigint,"
            " judged_at timestamp)"
        )
        connection.executemany(
            "insert into marts.indicator_latest values (?, ?, ?, ?, ?, ?, ?::double, 7,"
            " timestamp '2026-06-30 17:00:00')",
            [(*row, figure) for row in PROGRESS[::step]],
        )
        connection.execute("create table marts.scratch as select 1::integer as x")
    return path


def column(name: str, data_type: str, unit: str | None = None, **more: Any) -> dict[str, Any]:
    meta = {"label_vi": f"Nhãn {name}'s", "label_en": f"Label {name}", "unit": unit}
    return {
        "name": name,
        "data_type": data_type,
        "description": f"What {name} holds.",
        "config": {"meta": meta},
        **more,
    }


def model(
    name: str, grain: list[str], columns: list[dict[str, Any]], folder: str = "marts"
) -> dict[str, Any]:
    return {
        "resource_type": "model",
        "name": name,
        "alias": name,
        "fqn": ["tiendo", folder, name],
        "description": f"One row of {name}.",
        "config": {"meta": {"grain": grain}},
        "columns": {item["name"]: item for item in columns},
    }


def dbt_nodes() -> dict[str, Any]:
    places = [
        column("org_code", "text", constraints=[{"type": "not_null"}]),
        column("org_name_vi", "varchar"),
    ]
    progress = [
        column("org_code", "varchar"),
        column("indicator_code", "varchar"),
        column("period", "varchar"),
        column("period_end", "date"),
        column("actual", "decimal(18, 6)", unit="%"),
        column("is_verified", "boolean"),
        column("ratio", "double"),
        column("rows", "bigint"),
        column("judged_at", "timestamp"),
    ]
    grain = ["org_code", "indicator_code", "period"]
    return {
        "model.tiendo.indicator_latest": model("indicator_latest", grain, progress),
        "model.tiendo.dim_org_unit": model("dim_org_unit", ["org_code"], places),
        "model.tiendo.stg_coverage": model("stg_coverage", [], [], folder="staging"),
        "test.tiendo.relationships": {
            "resource_type": "test",
            "attached_node": "model.tiendo.indicator_latest",
            "config": {"where": None},
            "test_metadata": {
                "name": "relationships",
                "kwargs": {"column_name": "org_code", "to": "ref('dim_org_unit')", "field": "org_code"},
            },
        },
    }


def write_dbt_manifest(path: Path, nodes: dict[str, Any]) -> Path:
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return path


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "it's home")


@pytest.fixture
def dbt_manifest(tmp_path: Path) -> Path:
    return write_dbt_manifest(tmp_path / "dbt_manifest.json", dbt_nodes())


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return build_warehouse(tmp_path / "warehouse.duckdb")


@pytest.fixture
def publish_once(home: Home, warehouse: Path, dbt_manifest: Path) -> Callable[..., Release]:
    def run(inputs: ReleaseInputs = INPUTS, database: Path = warehouse, **more: Any) -> Release:
        return publish(home, database, dbt_manifest, inputs, **more)

    return run


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("published")
    database = build_warehouse(folder / "warehouse.duckdb")
    nodes = write_dbt_manifest(folder / "dbt_manifest.json", dbt_nodes())
    return publish(Home(folder), database, nodes, INPUTS).path


def other_inputs(**changes: Any) -> ReleaseInputs:
    return replace(INPUTS, fingerprint=hashlib.sha256(b"two").hexdigest(), **changes)


def parquet_hashes(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.glob("*.parquet")}


class TestCatalogue:
    def test_marts_with_grain_labels_and_keys(self, dbt_manifest: Path) -> None:
        places, latest = read_catalogue(dbt_manifest)
        assert (places.name, places.grain, latest.grain) == (
            "dim_org_unit",
            ("org_code",),
            ("org_code", "indicator_code", "period"),
        )
        assert latest.foreign_keys == (ForeignKey(("org_code",), "dim_org_unit", ("org_code",)),)
        actual = next(item for item in latest.columns if item.name == "actual")
        assert (actual.data_type, actual.unit, actual.label_en) == ("DECIMAL(18,6)", "%", "Label actual")
        assert [item.is_required for item in places.columns] == [True, False]
        assert [item.data_type for item in places.columns] == ["VARCHAR", "VARCHAR"]

    def test_what_will_leave_says_until_when_it_stays(self, tmp_path: Path) -> None:
        nodes = dbt_nodes()
        # As dbt writes it: with the hour of the computer that read the project.
        nodes["model.tiendo.dim_org_unit"]["deprecation_date"] = "2028-01-31T00:00:00+07:00"
        actual = nodes["model.tiendo.indicator_latest"]["columns"]["actual"]
        actual["config"]["meta"]["deprecation_date"] = "2027-12-31"
        places, latest = read_catalogue(write_dbt_manifest(tmp_path / "m.json", nodes))
        assert places.description == "One row of dim_org_unit. Deprecated: stays until 2028-01-31."
        told = [item.description for item in latest.columns if "Deprecated" in item.description]
        assert told == ["What actual holds. Deprecated: stays until 2027-12-31."]

    def test_keys_of_several_columns_and_closed_lists(self, tmp_path: Path) -> None:
        nodes = dbt_nodes()
        key = {"columns": ["org_code", "period"], "to": "dim_org_unit", "fields": ["org_code", "org_name_vi"]}
        nodes["model.tiendo.indicator_latest"]["config"]["meta"]["foreign_keys"] = [key]
        nodes["test.tiendo.accepted"] = nodes["test.tiendo.relationships"] | {
            "test_metadata": {
                "name": "accepted_values",
                "kwargs": {"column_name": "period", "values": ["2026-01", "2026-02"]},
            }
        }
        _, latest = read_catalogue(write_dbt_manifest(tmp_path / "m.json", nodes))
        assert latest.foreign_keys[1] == ForeignKey(
            ("org_code", "period"), "dim_org_unit", ("org_code", "org_name_vi")
        )
        assert {item.name: item.allowed_values for item in latest.columns if item.allowed_values} == {
            "period": ("2026-01", "2026-02")
        }
        key["to"] = "dim_place"
        with pytest.raises(TiendoError, match=r"TD-601.*indicator_latest: foreign key to dim_place"):
            read_catalogue(write_dbt_manifest(tmp_path / "m.json", nodes))

    @pytest.mark.parametrize("lost", ["description", "grain", "label"])
    def test_undescribed_is_refused(self, tmp_path: Path, lost: str) -> None:
        nodes = dbt_nodes()
        node = nodes["model.tiendo.dim_org_unit"]
        if lost == "description":
            node["description"] = " "
        elif lost == "grain":
            node["config"]["meta"] = {}
        else:
            node["columns"]["org_code"]["config"]["meta"]["label_vi"] = ""
        with pytest.raises(TiendoError, match=f"TD-601.*dim_org_unit.*{lost}") as caught:
            read_catalogue(write_dbt_manifest(tmp_path / "m.json", nodes))
        assert caught.value.exit_code == 4

    @pytest.mark.parametrize("text", ["", "[]", "{}", '{"nodes": {}}'])
    def test_unusable_manifest(self, tmp_path: Path, text: str) -> None:
        (tmp_path / "m.json").write_text(text)
        with pytest.raises(TiendoError, match="TD-601"):
            read_catalogue(tmp_path / "m.json")


class TestTables:
    def test_bytes_do_not_depend_on_threads_or_insert_order(self, tmp_path: Path, dbt_manifest: Path) -> None:
        tables = read_catalogue(dbt_manifest)
        hashes: list[dict[str, str]] = []
        for threads, reverse in ((1, False), (2, False), (1, True), (2, True)):
            folder = tmp_path / f"{threads}{reverse}"
            folder.mkdir()
            database = build_warehouse(folder / "w.duckdb", threads, reverse)
            assert export_tables(database, tables, folder) == {"dim_org_unit": 3, "indicator_latest": 108}
            hashes.append(parquet_hashes(folder))
        assert len(hashes[0]) == 2
        assert all(item == hashes[0] for item in hashes)

    def test_order_compression_and_database(
        self, tmp_path: Path, warehouse: Path, dbt_manifest: Path
    ) -> None:
        export_tables(warehouse, read_catalogue(dbt_manifest), tmp_path)
        frame = pl.read_parquet(tmp_path / "indicator_latest.parquet")
        keys = frame.select("org_code", "indicator_code", "period").rows()
        assert keys == sorted(keys, key=lambda key: (key[0], key[1] or "", key[2]))
        assert keys[0][1] is None
        metadata = pq.ParquetFile(tmp_path / "indicator_latest.parquet").metadata
        assert metadata.row_group(0).column(0).compression == "ZSTD"
        with duckdb.connect(str(tmp_path / "tiendo.duckdb"), read_only=True) as connection:
            found = connection.execute(
                "from duckdb_tables() select table_name, comment order by 1"
            ).fetchall()
            comments = connection.execute(
                "from duckdb_columns() select comment where table_name = 'dim_org_unit' order by column_index"
            ).fetchall()
        assert found == [
            ("dim_org_unit", "One row of dim_org_unit."),
            ("indicator_latest", "One row of indicator_latest."),
        ]
        assert comments == [("Nhãn org_code's",), ("Nhãn org_name_vi's",)]
        # The storage version in the file's header: 64 is DuckDB 1.0, which later 1.x clients read too.
        header = (tmp_path / "tiendo.duckdb").read_bytes()[:20]
        assert header[8:12] == b"DUCK"
        assert int.from_bytes(header[12:20], "little") == 64

    @pytest.mark.parametrize("figure", ["nan", "infinity", "-infinity"])
    def test_nan_and_infinity_are_refused(self, tmp_path: Path, dbt_manifest: Path, figure: str) -> None:
        database = build_warehouse(tmp_path / "w.duckdb", figure=figure)
        with pytest.raises(TiendoError, match=r"TD-602.*indicator_latest\.ratio: NaN"):
            export_tables(database, read_catalogue(dbt_manifest), tmp_path)

    @pytest.mark.parametrize(
        ("change", "told"),
        [
            (
                "alter table marts.dim_org_unit alter org_name_vi type varchar[] using [org_name_vi]",
                r"org_name_vi: VARCHAR\[\]",
            ),
            ("alter table marts.indicator_latest alter rows type hugeint", r"rows: HUGEINT"),
            ("alter table marts.indicator_latest alter actual type double", r"actual: DOUBLE"),
            ("alter table marts.dim_org_unit add column extra varchar", r"extra: not described"),
            ("alter table marts.dim_org_unit drop column org_name_vi", r"org_name_vi: not in marts"),
            ("drop table marts.dim_org_unit", r"dim_org_unit: not in marts"),
            ("delete from marts.dim_org_unit where org_code = '68'", r"\(org_code\) not in dim_org"),
            ("insert into marts.dim_org_unit values ('66', 'x')", r"1 values of its grain \(org_code\)"),
            ("update marts.indicator_latest set period_end = 'infinity'", r"period_end: NaN or infinity"),
        ],
    )
    def test_unfit_tables_are_refused(
        self, tmp_path: Path, warehouse: Path, dbt_manifest: Path, change: str, told: str
    ) -> None:
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute(change)
        with pytest.raises(TiendoError, match=f"TD-602.*{told}"):
            export_tables(warehouse, read_catalogue(dbt_manifest), tmp_path)
        assert not list(tmp_path.glob("*.parquet"))

    def test_what_was_staged_is_taken_over_and_half_of_it_is_not(
        self, tmp_path: Path, warehouse: Path, dbt_manifest: Path
    ) -> None:
        tables = read_catalogue(dbt_manifest)
        stage_tables(warehouse, tables[:1], tmp_path)
        staged = (tmp_path / "dim_org_unit.parquet").stat()
        assert sorted(path.name for path in tmp_path.glob("*.parquet")) == ["dim_org_unit.parquet"]
        assert export_tables(warehouse, tables, tmp_path) == {"dim_org_unit": 3, "indicator_latest": 108}
        assert (tmp_path / "dim_org_unit.parquet").stat() == staged
        with duckdb.connect(str(tmp_path / "tiendo.duckdb"), read_only=True) as connection:
            assert connection.table("indicator_latest").fetchall() != []
        other = tmp_path / "other"
        other.mkdir()
        with duckdb.connect(str(warehouse)) as connection:
            connection.execute("drop table marts.indicator_latest")
        stage_tables(warehouse, tables, other)
        assert list(other.iterdir()) == []

    def test_missing_or_damaged_warehouse(self, tmp_path: Path, dbt_manifest: Path) -> None:
        tables: list[CuratedTable] = read_catalogue(dbt_manifest)
        (tmp_path / "junk.duckdb").write_bytes(b"junk" * 5000)
        for name in ("junk.duckdb", "none.duckdb"):
            with pytest.raises(TiendoError, match="TD-606"):
                export_tables(tmp_path / name, tables, tmp_path)


class TestRelease:
    def test_contents(self, home: Home, publish_once: Callable[..., Release], tmp_path: Path) -> None:
        (tmp_path / "docs" / "static").mkdir(parents=True)
        (tmp_path / "docs" / "static" / "index.html").write_text("ok")
        done = publish_once(extra_folders={"quality": tmp_path / "docs"})
        assert done.path.name == f"2026-06-30-{INPUTS.fingerprint[:10]}"
        assert current_release(home) == done.path.resolve()
        assert home.current.readlink().as_posix() == f"releases/{done.release_id}"
        manifest = load_manifest(home)
        assert manifest["known_at"] == "2026-07-01T08:00:00+07:00"
        assert manifest["row_counts"] == {"dim_org_unit": 3, "indicator_latest": 108} == done.row_counts
        assert [item["submission_id"] for item in manifest["inputs"]] == ["a", "b"]
        assert set(manifest["files"]) == {
            "README.md",
            "datapackage.json",
            "dictionary.xlsx",
            "dim_org_unit.parquet",
            "indicator_latest.parquet",
            "quality/static/index.html",
        }
        checksum = hashlib.sha256((done.path / "tiendo.duckdb").read_bytes()).hexdigest()
        assert (done.path / "tiendo.duckdb.sha256").read_text() == f"{checksum}  tiendo.duckdb\n"
        assert {path.stat().st_mode & 0o777 for path in done.path.rglob("*") if path.is_file()} == {0o444}
        assert json.loads(home.current_json.read_text()) == {
            "release_id": done.release_id,
            "path": f"releases/{done.release_id}",
            "as_of": "2026-06-30",
            "known_at": "2026-07-01T08:00:00+07:00",
            "edition": "internal",
            "is_synthetic": False,
            "tables": {
                name: f"releases/{done.release_id}/{name}.parquet"
                for name in ("dim_org_unit", "indicator_latest")
            },
        }
        assert verify(home) == []
        assert sorted(path.name for path in home.curated.iterdir()) == [
            "current",
            "current.json",
            "log.jsonl",
            "releases",
        ]

    def test_datapackage_is_valid_and_says_what_the_files_hold(
        self, publish_once: Callable[..., Release]
    ) -> None:
        done = publish_once(other_inputs(is_synthetic=True))
        package = json.loads((done.path / "datapackage.json").read_text(encoding="utf-8"))
        report = frictionless.Package.validate_descriptor(package)
        assert report.valid, report.flatten(["note"])
        assert "giả lập" in str(package["sources"])
        arrow = {"integer": "int64", "number": "double|decimal128(18, 6)", "string": "string"} | {
            "boolean": "bool",
            "date": "date32[day]",
            "datetime": "timestamp[us]",
        }
        for resource in package["resources"]:
            file = done.path / resource["path"]
            assert resource["bytes"] == file.stat().st_size
            fields = resource["schema"]["fields"]
            schema = pq.read_schema(file)
            assert [item["name"] for item in fields] == schema.names
            for item, stored in zip(fields, schema, strict=True):
                assert str(stored.type) in arrow[item["type"]].split("|"), item
                assert item["title"]
                assert item["label_en"]
        latest = package["resources"][1]["schema"]
        # Its grain may be empty in part, which a primary key may not.
        assert latest["uniqueKeys"] == [["org_code", "indicator_code", "period"]]
        assert package["resources"][0]["schema"]["primaryKey"] == ["org_code"]
        assert latest["foreignKeys"][0]["reference"] == {"fields": ["org_code"], "resource": "dim_org_unit"}
        assert next(item for item in latest["fields"] if item["name"] == "actual")["unit"] == "%"

    def test_identical_republish_keeps_the_first(
        self, home: Home, tmp_path: Path, publish_once: Callable[..., Release]
    ) -> None:
        first = publish_once()
        inode = (first.path / "manifest.json").stat().st_ino
        home.current.unlink()
        later = replace(INPUTS, known_at=datetime(2026, 7, 2, tzinfo=UTC))
        again = publish_once(later, build_warehouse(tmp_path / "again.duckdb", 2, reverse=True))
        assert (again.was_identical, again.path) == (True, first.path)
        assert (first.path / "manifest.json").stat().st_ino == inode
        assert load_manifest(home)["known_at"] == "2026-07-01T08:00:00+07:00"
        assert [path.name for path in home.releases.iterdir()] == [first.release_id]

    def test_equal_runs_differ_only_in_the_moment_and_the_database_file(
        self, tmp_path: Path, warehouse: Path, dbt_manifest: Path
    ) -> None:
        later = replace(INPUTS, known_at=datetime(2026, 7, 2, tzinfo=UTC))
        runs = [
            publish(Home(tmp_path / str(number)), warehouse, dbt_manifest, inputs).path
            for number, inputs in enumerate((INPUTS, later))
        ]
        manifests = [json.loads((path / "manifest.json").read_text()) for path in runs]
        assert manifests[0].pop("known_at") != manifests[1].pop("known_at")
        assert manifests[0] == manifests[1]

    def test_other_tables_from_equal_inputs_are_refused(
        self, home: Home, tmp_path: Path, publish_once: Callable[..., Release]
    ) -> None:
        first = publish_once()
        before = parquet_hashes(first.path)
        with pytest.raises(TiendoError, match=r"TD-603.*: datapackage.json, indicator_latest\.") as caught:
            publish_once(database=build_warehouse(tmp_path / "other.duckdb", figure="2.5"))
        assert caught.value.exit_code == 4
        assert parquet_hashes(first.path) == before
        assert [path.name for path in home.releases.iterdir()] == [first.release_id]

    def test_tampering_is_seen_and_repaired(self, home: Home, publish_once: Callable[..., Release]) -> None:
        first = publish_once()
        tampered = first.path / "dim_org_unit.parquet"
        tampered.chmod(0o644)
        tampered.write_bytes(tampered.read_bytes() + b" ")
        (first.path / "README.md").unlink()
        (first.path / "notes.txt").write_text("mine")
        assert [(item.path, item.kind) for item in verify(home, first.release_id)] == [
            ("README.md", "missing"),
            ("dim_org_unit.parquet", "changed"),
            ("notes.txt", "added"),
        ]
        again = publish_once()
        assert not again.was_identical
        assert again.replaced_damaged is not None
        assert again.replaced_damaged.name == f".damaged-{first.release_id}-1"
        assert (again.replaced_damaged / "notes.txt").read_text() == "mine"
        assert verify(home) == []

    def test_an_unreadable_manifest_is_damage(self, home: Home, publish_once: Callable[..., Release]) -> None:
        first = publish_once()
        (first.path / "manifest.json").unlink()
        (first.path / "manifest.json").write_text("{")
        assert [item.kind for item in verify(home, first.release_id)] == ["unreadable"]
        assert [(info.rows, info.known_at) for info in list_releases(home)] == [(None, None)]
        with pytest.raises(TiendoError, match="TD-604"):
            load_manifest(home, first.release_id)
        assert publish_once().replaced_damaged is not None
        assert verify(home) == []


class TestSwitch:
    @pytest.mark.parametrize("step", ["export_tables", "seal_folder", "_settle", "switch_current"])
    def test_stopped_before_the_switch_the_old_release_stays(
        self,
        home: Home,
        publish_once: Callable[..., Release],
        monkeypatch: pytest.MonkeyPatch,
        step: str,
    ) -> None:
        first = publish_once()

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(release_module, step, stop)
            with pytest.raises(KeyboardInterrupt):
                publish_once(other_inputs())
        assert current_release(home) == first.path.resolve()
        assert json.loads(home.current_json.read_text())["release_id"] == first.release_id
        assert not list(home.releases.glob(".staging-*"))
        second = publish_once(other_inputs())
        assert current_release(home) == second.path.resolve()
        assert second.was_identical == (step == "switch_current")

    def test_what_killed_runs_leave_is_cleared(
        self, home: Home, publish_once: Callable[..., Release]
    ) -> None:
        ended = subprocess.Popen([sys.executable, "-c", ""])
        ended.wait()
        home.releases.mkdir(parents=True)
        stale = [home.releases / f".staging-x-{number}" for number in (ended.pid, os.getpid())]
        alive = home.releases / f".staging-x-{os.getppid()}"
        for path in (*stale, alive):
            path.mkdir()
            (path / "half.parquet").write_bytes(b"PAR1")
        (home.curated / f".current-{ended.pid}").symlink_to("releases/none")
        publish_once()
        assert [path.exists() for path in (*stale, alive)] == [False, False, True]
        assert not list(home.curated.glob(".current*"))

    def test_current_json_stands_in_for_a_lost_link(
        self, home: Home, publish_once: Callable[..., Release]
    ) -> None:
        done = publish_once()
        home.current.unlink()
        assert current_release(home) == done.path.resolve()
        home.current.symlink_to("releases/nowhere")
        assert current_release(home) == done.path.resolve()
        shutil.rmtree(done.path)
        with pytest.raises(TiendoError, match=r"TD-604.*tiendo refresh"):
            current_release(home)
        publish_once()
        assert current_release(home) == done.path.resolve()

    def test_a_drive_without_links(
        self, home: Home, publish_once: Callable[..., Release], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def refuse(*_: object, **__: object) -> None:
            raise PermissionError(1, "Operation not permitted")

        monkeypatch.setattr(Path, "symlink_to", refuse)
        done = publish_once()
        assert not home.current.exists()
        assert current_release(home) == done.path.resolve()

    def test_a_folder_in_place_of_the_link(self, home: Home, publish_once: Callable[..., Release]) -> None:
        home.current.mkdir(parents=True)
        with pytest.raises(TiendoError, match="TD-604"):
            publish_once()
        assert home.current.is_dir()

    def test_nothing_published(self, home: Home) -> None:
        assert current_release(home) is None
        assert list_releases(home) == []
        with pytest.raises(TiendoError, match="TD-607"):
            load_manifest(home)

    def test_list_and_switch_back(self, home: Home, publish_once: Callable[..., Release]) -> None:
        first = publish_once()
        second = publish_once(other_inputs(as_of=date(2026, 7, 31)))
        listed = list_releases(home)
        assert [(info.release_id, info.is_current, info.rows) for info in listed] == [
            (second.release_id, True, 111),
            (first.release_id, False, 111),
        ]
        switch_current(home, first.release_id)
        assert [info.is_current for info in list_releases(home)] == [False, True]
        assert json.loads(home.current_json.read_text())["as_of"] == "2026-06-30"

    @pytest.mark.parametrize("name", ["../releases", "2026-06-30-0000000000", "", "/etc", ".."])
    def test_unknown_release(self, home: Home, publish_once: Callable[..., Release], name: str) -> None:
        publish_once()
        with pytest.raises(TiendoError, match="TD-607"):
            release_folder(home, name)

    def test_a_full_disk_is_told(
        self, home: Home, publish_once: Callable[..., Release], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(*_: object) -> None:
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(release_module, "seal_folder", full)
        with pytest.raises(TiendoError, match=r"TD-606.*No space left"):
            publish_once()
        assert current_release(home) is None


class TestQuery:
    def test_reading(self, published: Path) -> None:
        assert query(published, "select count(*) n from dim_org_unit;").rows() == [(3,)]
        assert query(published, "select sum(rows) n from indicator_latest").schema == {"n": pl.Int64}
        assert query(published, "describe dim_org_unit -- columns").height == 2
        assert query(published, "explain select 1").height == 1
        assert (
            query(published, "pivot indicator_latest on org_code using count(*) group by period").height == 12
        )
        odd = query(published, "select [1, 2] a, interval 1 day a, null b, 2::hugeint * 10::hugeint^30 c")
        assert odd.columns[:2] == ["a", "a_1"]
        assert odd.row(0)[:3] == ("[1, 2]", "1 day", None)
        assert sorted(path.name for path in published.iterdir()) == [
            "README.md",
            "datapackage.json",
            "dictionary.xlsx",
            "dim_org_unit.parquet",
            "indicator_latest.parquet",
            "manifest.json",
            "manifest.json.sha256",
            "tiendo.duckdb",
            "tiendo.duckdb.sha256",
        ]

    def test_a_release_without_its_database(self, tmp_path: Path) -> None:
        with pytest.raises(TiendoError, match="TD-604"):
            query(tmp_path, "select 1")

    def test_nothing_is_said_at_exit(self, published: Path) -> None:
        code = "import sys; from pathlib import Path; from tiendo.publish.query import query\n"
        code += "print(query(Path(sys.argv[1]), sys.argv[2]).rows())\n"
        sql = "select count(*), [1] from dim_org_unit"
        done = subprocess.run(
            [sys.executable, "-c", code, str(published), sql], capture_output=True, text=True, check=True
        )
        assert (done.stdout, done.stderr) == ("[(3, '[1]')]\n", "")


class TestResults:
    FRAME = pl.DataFrame(
        {
            "tên": ["Đắk Lắk", None],
            "actual": [Decimal("62.230000"), Decimal("55.000000")],
            "on": [date(2026, 6, 30), None],
            "at": [datetime(2026, 6, 30, 17), None],
            "ratio": [0.776, float("nan")],
            "ok": [True, None],
        }
    )

    def test_json(self, tmp_path: Path) -> None:
        write_result(self.FRAME, "json", tmp_path / "r.json")
        text = (tmp_path / "r.json").read_text(encoding="utf-8")
        assert "Đắk Lắk" in text
        assert json.loads(text) == [
            {
                "tên": "Đắk Lắk",
                "actual": 62.23,
                "on": "2026-06-30",
                "at": "2026-06-30T17:00:00",
                "ratio": 0.776,
                "ok": True,
            },
            {"tên": None, "actual": 55, "on": None, "at": None, "ratio": None, "ok": None},
        ]

    def test_csv_and_parquet(self, tmp_path: Path) -> None:
        write_result(self.FRAME, "csv", tmp_path / "r.csv")
        lines = (tmp_path / "r.csv").read_text(encoding="utf-8").splitlines()
        assert lines[:2] == [
            "tên,actual,on,at,ratio,ok",
            "Đắk Lắk,62.230000,2026-06-30,2026-06-30T17:00:00.000000,0.776,true",
        ]
        write_result(self.FRAME, "parquet", tmp_path / "r.parquet")
        assert pl.read_parquet(tmp_path / "r.parquet").equals(self.FRAME, null_equal=True)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["r.csv", "r.parquet"]

    def test_standard_output(self, capfdbinary: pytest.CaptureFixture[bytes]) -> None:
        write_result(self.FRAME.select("tên").head(1), "json", None)
        assert json.loads(capfdbinary.readouterr().out) == [{"tên": "Đắk Lắk"}]

    def test_refusals(self, tmp_path: Path) -> None:
        with pytest.raises(TiendoError, match="TD-608"):
            write_result(self.FRAME, "csv", tmp_path / "none" / "r.csv")
        with pytest.raises(TiendoError, match="TD-608"):
            write_result(self.FRAME, "xml", tmp_path / "r.xml")  # pyright: ignore[reportArgumentType]
