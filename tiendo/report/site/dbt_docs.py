"""dbt's own documentation of the project as one file: its page with what the manifest says written into it.

The page is dbt's (AngularJS, English), as `dbt docs generate --static` writes it. What we put in is cut to
what it shows and to what is the same in equal runs; a policy in its head forbids it any request.
"""

import json
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any, cast

from markupsafe import Markup

from tiendo.report.site.data import SiteData
from tiendo.report.site.pages import Page

# Where dbt's page waits for the two files.
MANIFEST_PLACE, CATALOG_PLACE = '"MANIFEST.JSON INLINE DATA"', '"CATALOG.JSON INLINE DATA"'
HEAD = '<meta charset="utf-8">'
# AngularJS compiles expressions and styles itself; nothing may be loaded from anywhere.
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "connect-src 'none'; form-action 'none'; base-uri 'none'\">"
)
# What of dbt's page would ask for files that are not there, and what stands there instead.
MENDED = (
    ('<link rel="canonical" href="/overview/"/>', ""),
    ("""<link rel="shortcut icon" href="${require('./assets/favicons/favicon.ico')}"/>""", ""),
    # Before the template is filled in, a browser takes the braces for an address.
    ('<use xlink:href="{{', '<use ng-attr-href="{{'),
)
NODE = (
    "name", "resource_type", "package_name", "path", "original_file_path", "unique_id", "fqn", "alias",
    "database", "schema", "description", "tags", "meta", "docs", "raw_code", "language", "access", "version",
    "latest_version", "group", "refs", "sources", "metrics", "contract", "test_metadata", "column_name",
    "attached_node", "file_key_name", "source_name", "source_description", "loader", "identifier",
    "macro_sql", "arguments", "label", "type", "owner", "url", "maturity", "depends_on",
)  # fmt: skip
COLUMN = ("name", "description", "data_type", "meta", "tags", "constraints")
KINDS = ("nodes", "sources", "exposures", "metrics")
EMPTY = ("groups", "selectors", "disabled", "semantic_models", "saved_queries", "unit_tests", "functions")
NO_STATS = {"id": "has_stats", "label": "Has Stats?", "value": False, "include": False}
OVERVIEW = """
### Các bảng được tính ra thế nào / How the tables are made

Trang này do dbt tạo ra, bằng tiếng Anh: từng bảng, từng cột, câu SQL, và sơ đồ bảng nào lấy từ bảng nào
(nút tròn ở góc dưới bên phải). Chọn `tiendo` → `models` → `marts` ở cột bên trái để xem các bảng công bố.
Quay lại: [mô hình dữ liệu](../model.html), [trang đầu](../index.html).

This page is dbt's own: each table and column, its SQL, and the graph of what is made from what (round button
at the lower right). Choose `tiendo` → `models` → `marts` on the left for the published tables. Back to the
[data model](../model.html) or the [start page](../index.html).
"""
TYPES_SQL = """
select table_name, column_name, data_type, ordinal_position
from information_schema.columns where table_schema = 'main' order by table_name, ordinal_position
"""

Json = dict[str, Any]


def dbt_page(site: SiteData, manifest: Mapping[str, Any]) -> Page:
    """The page.

    Args:
        site: Gives the types of published columns.
        manifest: dbt's manifest.
    """
    shown = shortened(manifest)
    text = dbt_template().read_text(encoding="utf-8")
    for found, instead in MENDED:
        text = text.replace(found, instead)
    text = text.replace(HEAD, HEAD + POLICY + '<link rel="icon" href="data:,">', 1)
    text = text.replace(MANIFEST_PLACE, inlined(shown)).replace(
        CATALOG_PLACE, inlined(catalog(site, shown["nodes"]))
    )
    context = {"document": Markup(text)}  # noqa: S704 - dbt's page; `inlined` keeps texts in their script
    return Page("dbt/index.html", "as_is.html.jinja", "Tài liệu dbt", "dbt documentation", context)


def dbt_template() -> Path:
    """The page as dbt ships it, found without loading dbt."""
    spec = find_spec("dbt")
    folders = spec.submodule_search_locations if spec else None
    return next(path for each in folders or () if (path := Path(each, "task/docs/index.html")).is_file())


def shortened(manifest: Mapping[str, Any]) -> Json:
    """What dbt's page shows of a manifest, and nothing that differs between equal runs."""
    project = str(manifest["metadata"]["project_name"])
    told = {kind: {uid: _entry(each) for uid, each in dict(manifest[kind]).items()} for kind in KINDS}
    macros = {
        uid: _entry(each) for uid, each in manifest["macros"].items() if each["package_name"] == project
    }
    known = {uid for entries in (*told.values(), macros) for uid in entries}
    for entries in (*told.values(), macros):
        for each in entries.values():
            of = dict(each.get("depends_on") or {})
            each["depends_on"] = {name: sorted(known.intersection(of.get(name) or ())) for name in of}
    overview = {
        "unique_id": f"doc.{project}.__overview__", "resource_type": "doc", "name": "__overview__",
        "package_name": project, "path": "overview.md", "original_file_path": "overview.md",
        "block_contents": OVERVIEW,
    }  # fmt: skip
    return {
        **told,
        **{name: {} for name in EMPTY},
        "metadata": {
            "project_name": project,
            "adapter_type": manifest["metadata"]["adapter_type"],
            "dbt_schema_version": manifest["metadata"]["dbt_schema_version"],
            "dbt_version": manifest["metadata"]["dbt_version"],
            # Without this the page calls home.
            "send_anonymous_usage_stats": False,
        },
        "macros": macros,
        "docs": {overview["unique_id"]: overview},
        "parent_map": _links(manifest["parent_map"], known),
        "child_map": _links(manifest["child_map"], known),
    }


def catalog(site: SiteData, nodes: Mapping[str, Mapping[str, Any]]) -> Json:
    """The catalogue as dbt would write it, of the published tables, with the types their files have."""
    types: dict[str, Json] = {}
    for row in site.rows(TYPES_SQL):
        name = row["column_name"]
        types.setdefault(row["table_name"], {})[name] = {
            "name": name, "type": row["data_type"], "index": row["ordinal_position"], "comment": None,
        }  # fmt: skip
    found = {
        uid: {
            "unique_id": uid,
            "metadata": {
                "type": "BASE TABLE", "database": node["database"], "schema": node["schema"],
                "name": node["name"], "comment": None, "owner": None,
            },
            "columns": types[node["name"]],
            "stats": {"has_stats": NO_STATS},
        }
        for uid, node in nodes.items()
        if node["resource_type"] == "model" and node["name"] in types
    }  # fmt: skip
    return {"metadata": {}, "nodes": found, "sources": {}, "errors": None}


def inlined(content: Json) -> str:
    """JSON that may stand inside a script: no text in it can end the script or begin another."""
    text = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")


def _entry(node: Mapping[str, Any]) -> Json:
    entry = {name: node[name] for name in NODE if node.get(name) is not None}
    config = cast("Json", node.get("config") or {})
    entry["config"] = {"materialized": config.get("materialized"), "enabled": True}
    if columns := node.get("columns"):
        entry["columns"] = {
            name: {part: column[part] for part in COLUMN if column.get(part)}
            for name, column in columns.items()
        }
    elif "columns" in node:
        entry["columns"] = {}
    return entry


def _links(links: Mapping[str, list[str]], known: set[str]) -> dict[str, list[str]]:
    return {uid: sorted(known.intersection(others)) for uid, others in links.items() if uid in known}
