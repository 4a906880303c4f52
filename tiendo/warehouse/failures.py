"""What to tell where dbt fails: which tables would have been wrong or missing, and rows to look at."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tiendo import limits
from tiendo.messages import TiendoError
from tiendo.warehouse.lineage import Lineage

SHOWN = 5
SHOWN_ROWS = 3
# Where a landed row comes from; of tables that are not published nothing else of a row is told.
PLACE = ("submission_id", "sheet", "row_number")


def failure(failed: Sequence[Any], dbt_manifest: Path, database: Path) -> TiendoError:
    """The message for models or data tests that failed.

    Args:
        failed: dbt's results, each with its node.
        dbt_manifest: dbt's `target/manifest.json`.
        database: The warehouse file as far as it was built; nobody may hold it open.

    Returns:
        TD-502 where data fail their tests, TD-405 (exit 4) where a model could not be built; both name the
        published tables that depend on what failed.
    """
    lineage = Lineage(dbt_manifest)
    tests = [result for result in failed if result.node.resource_type == "test"]
    models = [result for result in failed if result.node.resource_type != "test"]
    if models:
        named = "; ".join(f"{result.node.name}: {_short(result.message)}" for result in models[:SHOWN])
        tables = _listed(lineage.published_below(result.node.unique_id for result in models))
        return TiendoError(
            "TD-405",
            f"Không dựng được bảng số liệu: {named}. Bảng công bố bị ảnh hưởng: {tables}.",
            f"The models could not be built: {named}. Published tables that depend on them: {tables}.",
            "Bản phát hành trước vẫn giữ nguyên. Chạy “tiendo rebuild”; nếu lặp lại, báo người phát triển.",
            "The previous release stands. Run “tiendo rebuild”; if it repeats, tell the developers.",
            exit_code=4,
        )
    told = "; ".join(_told(result, lineage, database) for result in tests[:SHOWN])
    tested = [unique_id for result in tests for unique_id in _tested(result.node)]
    tables = _listed(lineage.published_below(tested))
    return TiendoError(
        "TD-502",
        f"Không phát hành: có {len(tests)} kiểm tra không đạt. Số liệu sẽ sai: {told}."
        f" Bảng công bố bị ảnh hưởng: {tables}.",
        f"Nothing is published: {len(tests)} tests failed. These numbers would be wrong: {told}."
        f" Published tables that depend on them: {tables}.",
        "Bản phát hành trước vẫn giữ nguyên. Xem các bài kiểm tra nêu tên và tệp nguồn liên quan.",
        "The previous release stands. Look at the tests named and the files behind them.",
    )


def unreadable(reason: object) -> TiendoError:
    """TD-405, exit 4: dbt could not read the project, so no table at all is computed."""
    told = _short(str(reason))
    return TiendoError(
        "TD-405",
        f"dbt không đọc được các mô hình nên không bảng công bố nào được tính: {told}.",
        f"dbt cannot read the models, so no published table is computed: {told}.",
        "Bản phát hành trước vẫn giữ nguyên. Sửa tệp nêu tên trong dbt_project.",
        "The previous release stands. Repair the file named in dbt_project.",
        exit_code=4,
    )


def _told(result: Any, lineage: Lineage, database: Path) -> str:
    tested = [str(unique_id).rpartition(".")[2] for unique_id in _tested(result.node)]
    said = f"{', '.join(tested)} ({result.node.name}: {_short(result.message)})"
    if rows := _rows(result, lineage, database):
        said += f", {rows}"
    return said


def _tested(node: Any) -> list[str]:
    """The models a test is about: the one it stands under, else all it reads."""
    attached = getattr(node, "attached_node", None)
    return [attached] if attached else list(node.depends_on.nodes)


def _rows(result: Any, lineage: Lineage, database: Path) -> str:
    """The first rows that fail, by grain or by source; empty where they cannot be shown."""
    import duckdb

    query = getattr(result.node, "compiled_code", None)
    if not query:
        return ""
    tested = [lineage.nodes.get(unique_id, {}) for unique_id in _tested(result.node)]
    is_published = all("marts" in node.get("fqn", ()) for node in tested)
    grain = [name for node in tested for name in node.get("config", {}).get("meta", {}).get("grain", ())]
    try:
        with limits.connect(database, read_only=True) as connection:
            offered = [str(row[0]) for row in connection.execute(f"describe {query}").fetchall()]
            shown = [name for name in (grain if is_published else PLACE) if name in offered]
            if is_published and not shown:
                shown = offered
            if not shown:
                return ""
            listed = ", ".join(f'"{name}"' for name in shown)
            rows = connection.execute(
                f"from ({query}) select {listed} order by all limit {SHOWN_ROWS}"
            ).fetchall()
    except duckdb.Error:
        return ""
    return " | ".join(
        ", ".join(
            f"{name} = {'∅' if value is None else value}" for name, value in zip(shown, row, strict=True)
        )
        for row in rows
    )


def _listed(tables: Sequence[str]) -> str:
    return ", ".join(tables) or "0"


def _short(message: str | None) -> str:
    lines = [line.strip() for line in (message or "").splitlines() if line.strip()]
    return " ".join(lines[:3])[:300].rstrip(".")
