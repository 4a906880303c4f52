"""Which published tables hang on a model or on what arrives, from dbt's manifest."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast


class Lineage:
    """The graph of dbt's models.

    Attributes:
        nodes: dbt's nodes by unique id.
    """

    def __init__(self, dbt_manifest: Path) -> None:
        """Reads dbt's `target/manifest.json`.

        Raises:
            OSError: There is none.
            ValueError: It is damaged.
        """
        manifest = cast("dict[str, Any]", json.loads(dbt_manifest.read_text(encoding="utf-8")))
        self.nodes = cast("dict[str, dict[str, Any]]", manifest["nodes"])
        self._children = cast("dict[str, list[str]]", manifest["child_map"])
        self._sources = cast("dict[str, dict[str, Any]]", manifest["sources"])

    def published_below(self, unique_ids: Iterable[str]) -> list[str]:
        """Names of the marts that are these nodes or depend on them, sorted."""
        seen: set[str] = set()
        waiting = list(unique_ids)
        while waiting:
            unique_id = waiting.pop()
            if unique_id not in seen:
                seen.add(unique_id)
                waiting += self._children.get(unique_id, [])
        found = (self.nodes[unique_id] for unique_id in seen if unique_id in self.nodes)
        return sorted(
            node["name"] for node in found if node["resource_type"] == "model" and "marts" in node["fqn"]
        )

    def published_from(self, table: str) -> list[str]:
        """Names of the marts that depend on a table of `raw`, sorted."""
        return self.published_below(
            unique_id for unique_id, source in self._sources.items() if source["name"] == table
        )
