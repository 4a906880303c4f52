"""Pages made from dbt's manifest: dictionary, star schema, dbt's own documentation."""

import copy
import json
import re
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tiendo.publish.catalogue import described
from tiendo.report.site import dbt_docs, tables
from tiendo.report.site.build import render
from tiendo.report.site.data import ReleaseFacts, SiteData
from tiendo.report.site.model import fact

HOSTILE = "</script><script>alert(1)</script>\u2028"
TABLES = """
create table dim_org_unit as select '66' as org_code, date '2025-07-01' as valid_from,
    'Tỉnh Đắk Lắk' as org_name_vi,
    'province' as org_level, '66' as province_code, true as is_current;
create table dim_plan as select 'kh-1' as plan_id, '66' as org_code;
create table indicator_latest as select '66' as province_code, '66' as org_code,
    date '2025-07-01' as org_valid_from,
    'kh-1' as plan_id, 'on_track' as status, 0.5::double as coverage_share from range(1234);
"""
GRAINS = {
    "dim_org_unit": ["org_code", "valid_from"],
    "dim_plan": ["plan_id"],
    "indicator_latest": ["org_code", "org_valid_from", "plan_id"],
}
TYPES = {"DATE": "date", "BOOLEAN": "boolean", "DOUBLE": "double"}


def column(name: str, data_type: str) -> dict[str, Any]:
    meta = {"label_vi": f"Nhãn <{name}>", "label_en": f"Label {name}"}
    if name == "coverage_share":
        meta["unit"] = "share"
    return {
        "name": name,
        "description": f"What {name} holds. {HOSTILE}",
        "data_type": TYPES.get(data_type, "string"),
        "meta": meta,
        "config": {"meta": meta},
        "constraints": [{"type": "not_null"}] if name == "org_code" else [],
    }


def manifest_of(connection: duckdb.DuckDBPyConnection) -> dict[str, Any]:
    """A manifest as dbt writes it, with what differs between runs and what is of no use on the page."""
    nodes: dict[str, Any] = {}
    for name, grain in GRAINS.items():
        rows = connection.execute(f"describe {name}").fetchall()
        meta: dict[str, Any] = {"grain": grain, "label_vi": f"Bảng {name}", "label_en": name}
        if name == "indicator_latest":
            to = {"columns": ["org_code", "org_valid_from"], "to": "dim_org_unit"}
            meta["foreign_keys"] = [{**to, "fields": ["org_code", "valid_from"]}]
        nodes[f"model.tiendo.{name}"] = {
            "name": name, "alias": name, "resource_type": "model", "package_name": "tiendo",
            "unique_id": f"model.tiendo.{name}", "fqn": ["tiendo", "marts", name], "database": "warehouse",
            "schema": "marts", "description": f"Table {name}.", "meta": meta, "config": {"meta": meta},
            "columns": {row[0]: column(row[0], row[1]) for row in rows}, "created_at": 1795368266.3,
            "root_path": "/somewhere/of/this/machine", "raw_code": "select 1",
            "depends_on": {"macros": ["macro.dbt.run", "macro.tiendo.own"], "nodes": []},
        }  # fmt: skip
    nodes["test.tiendo.plan"] = {
        "resource_type": "test", "name": "plan", "package_name": "tiendo", "unique_id": "test.tiendo.plan",
        "attached_node": "model.tiendo.indicator_latest", "column_name": "plan_id", "config": {},
        "test_metadata": {
            "name": "relationships",
            "kwargs": {"column_name": "plan_id", "to": "ref('dim_plan')", "field": "plan_id"},
        },
        "depends_on": {"macros": [], "nodes": ["model.tiendo.indicator_latest", "model.tiendo.dim_plan"]},
        "created_at": 1.0,
    }  # fmt: skip
    return {
        "metadata": {
            "project_name": "tiendo", "adapter_type": "duckdb", "dbt_version": "1.11",
            "dbt_schema_version": "v12",
            "generated_at": "2026-11-22T17:24:21Z", "invocation_id": "80424581", "user_id": "me",
            "send_anonymous_usage_stats": True,
        },
        "nodes": nodes, "sources": {}, "exposures": {}, "metrics": {},
        "macros": {
            f"macro.{package}.{name}": {
                "name": name, "package_name": package, "unique_id": f"macro.{package}.{name}",
                "macro_sql": f"-- {package} code", "depends_on": {"macros": []}, "created_at": 2.0,
            }
            for package, name in (("dbt", "run"), ("tiendo", "own"))
        },
        "parent_map": {"test.tiendo.plan": ["model.tiendo.indicator_latest", "model.tiendo.dim_plan"]},
        "child_map": {"model.tiendo.dim_plan": ["test.tiendo.plan", "unit_test.tiendo.x"]},
    }  # fmt: skip


@pytest.fixture(scope="module")
def release(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("release")
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        for name in GRAINS:
            connection.execute(f"copy {name} to '{folder / name}.parquet' (format parquet)")
        (folder / "dbt.json").write_text(json.dumps(manifest_of(connection)), encoding="utf-8")
    return folder


def shown(release: Path, dbt_manifest: Path | None = None) -> dict[str, str]:
    facts = ReleaseFacts(
        "2026-09-30-b", date(2026, 9, 30), datetime(2026, 10, 7, tzinfo=UTC), False, "1",
        dbt_manifest or release / "dbt.json",
    )  # fmt: skip
    with duckdb.connect() as connection:
        site = SiteData(release, facts, connection)
        pages = {page.path: page for page in tables.pages(site)}
        return {path: render(page, pages, site) for path, page in pages.items()}


@pytest.fixture(scope="module")
def pages(release: Path) -> dict[str, str]:
    return shown(release)


def tags_of(html: str) -> list[tuple[str, dict[str, str | None]]]:
    tags: list[tuple[str, dict[str, str | None]]] = []

    class Reader(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append((tag, dict(attrs)))

    Reader().feed(html)
    return tags


@pytest.mark.parametrize("path", ["dictionary.html", "model.html"])
def test_links_lead_somewhere_and_texts_stay_texts(pages: dict[str, str], path: str) -> None:
    tags = tags_of(pages[path])
    anchors = {str(attributes["id"]) for _, attributes in tags if "id" in attributes}
    links = [str(attributes["href"]) for tag, attributes in tags if tag == "a"]
    assert {link[1:] for link in links if link.startswith("#")} <= anchors
    assert {link.split("#")[0] for link in links} - {""} <= {*pages, "index.html"}
    assert {"dim_org_unit", "indicator_latest"} <= anchors
    assert "<script>alert" not in pages[path]


def test_the_dictionary_tells_of_every_column(pages: dict[str, str]) -> None:
    html = pages["dictionary.html"]
    assert 'id="indicator_latest.coverage_share"' in html
    assert "org_code, org_valid_from → dim_org_unit (org_code, valid_from)" in html
    assert "Nhãn &lt;coverage_share&gt;" in html
    assert "tỷ lệ từ 0 đến 1" in html and "share from 0 to 1" in html
    assert '<data value="1234">1.234</data>' in html


def test_the_bus_matrix_has_a_dot_for_each_key(pages: dict[str, str]) -> None:
    matrix = pages["model.html"].split('<table class="bus">')[1].split("</table>")[0]
    rows = [row for row in matrix.split("<tr>") if "indicator_latest" in row]
    cells = re.findall(r"<td>(.*?)</td>", rows[0])
    assert [cell.count("●") for cell in cells] == [1, 1]
    assert "<code>org_code</code>, <code>org_valid_from</code>" in cells[0]


def test_joins_keep_the_number_of_rows(release: Path) -> None:
    """All columns of a key are joined on, so that no row is doubled."""
    manifest = json.loads((release / "dbt.json").read_text(encoding="utf-8"))
    catalogue = described(manifest)
    found = fact(next(t for t in catalogue if t.name == "indicator_latest"), set(GRAINS))
    assert sorted(found.keys) == ["dim_org_unit", "dim_plan"]
    with duckdb.connect() as connection:
        connection.execute(TABLES)
        connection.execute(
            "insert into dim_org_unit select '66', date '2004-07-08', 'Cũ', 'province', '66', false"
        )
        assert len(connection.execute(found.join).fetchall()) == 1234


class TestDbtDocs:
    def inlined(self, html: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The two files that the page has in it."""
        texts = re.search(
            r'var n=\{manifest:(\{.*?\}),catalog:(\{.*?"errors":null.*?\})\},r=', html, re.DOTALL
        )
        assert texts
        return json.loads(texts[1]), json.loads(texts[2])

    def test_the_page_holds_the_project_and_the_types_of_the_files(self, pages: dict[str, str]) -> None:
        manifest, catalog = self.inlined(pages["dbt/index.html"])
        node = manifest["nodes"]["model.tiendo.indicator_latest"]
        assert node["columns"]["coverage_share"]["description"].startswith("What coverage_share holds.")
        types = catalog["nodes"]["model.tiendo.indicator_latest"]["columns"]
        assert types["coverage_share"]["type"] == "DOUBLE"
        assert types["org_valid_from"]["type"] == "DATE"
        assert manifest["metadata"]["send_anonymous_usage_stats"] is False
        assert manifest["child_map"] == {"model.tiendo.dim_plan": ["test.tiendo.plan"]}
        assert node["depends_on"]["macros"] == ["macro.tiendo.own"]

    def test_no_text_leaves_its_script(self, pages: dict[str, str]) -> None:
        html = pages["dbt/index.html"]
        assert "<script>alert" not in html
        assert "\u2028" not in html.split("var n={manifest:")[1].split("},r=")[0]

    def test_a_policy_forbids_every_request(self, pages: dict[str, str]) -> None:
        tags = tags_of(pages["dbt/index.html"][:5000])
        policy = next(
            str(a["content"]) for tag, a in tags if a.get("http-equiv") == "Content-Security-Policy"
        )
        assert "default-src 'none'" in policy and "connect-src 'none'" in policy
        assert "http" not in policy and "*" not in policy
        assert [a["href"] for tag, a in tags if tag == "link"] == ["data:,"]

    def test_equal_runs_give_equal_bytes(self, release: Path, pages: dict[str, str], tmp_path: Path) -> None:
        """Moments, machines and orders of another run of dbt are not in it."""
        first = json.loads((release / "dbt.json").read_text(encoding="utf-8"))
        other = copy.deepcopy(first)
        other["metadata"] |= {"generated_at": "2027", "invocation_id": "another", "user_id": "you"}
        for node in other["nodes"].values():
            node |= {"created_at": 7.0, "root_path": "/elsewhere"}
        for name in ("parent_map", "child_map"):
            other[name] = {uid: uids[::-1] for uid, uids in reversed(other[name].items())}
        other["nodes"] = dict(reversed(other["nodes"].items()))
        (tmp_path / "other.json").write_text(json.dumps(other), encoding="utf-8")
        again = shown(release, tmp_path / "other.json")["dbt/index.html"]
        assert again == pages["dbt/index.html"]
        assert "somewhere" not in again and "1795368266" not in again

    def test_dbt_still_has_the_places_that_are_filled_and_mended(self) -> None:
        text = dbt_docs.dbt_template().read_text(encoding="utf-8")
        for place in (dbt_docs.MANIFEST_PLACE, dbt_docs.CATALOG_PLACE, dbt_docs.HEAD):
            assert text.count(place) == 1, place
        assert all(found in text for found, _ in dbt_docs.MENDED)


def test_without_a_manifest_there_are_no_such_pages(release: Path, tmp_path: Path) -> None:
    assert shown(release, tmp_path / "none.json") == {}
