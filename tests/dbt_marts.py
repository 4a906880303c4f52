"""What dbt's manifest says of the marts, read from the model files: no test has to wait for dbt's parsing."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from tiendo.settings import DBT_PROJECT


def mart_models() -> dict[str, dict[str, Any]]:
    """The marts as their YAML describes them, by name."""
    models: dict[str, dict[str, Any]] = {}
    for path in sorted((DBT_PROJECT / "models" / "marts").rglob("*.yml")):
        for model in yaml.safe_load(path.read_text(encoding="utf-8")).get("models", []):
            models[model["name"]] = model
    return models


def write_manifest(path: Path, *more: dict[str, Any]) -> Path:
    """Writes the parts of dbt's manifest that the checks read; `more` are marts of a test."""
    nodes: dict[str, Any] = {}
    for model in (*mart_models().values(), *more):
        key = f"model.tiendo.{model['name']}"
        nodes[key] = {
            "resource_type": "model",
            "unique_id": key,
            "name": model["name"],
            "fqn": ["tiendo", "marts", model["name"]],
            "config": model.get("config", {}),
            "columns": {column["name"]: column for column in model["columns"]},
        }
        for column in model["columns"]:
            for test in _tests(column):
                nodes[f"test.tiendo.{len(nodes)}"] = test | {"attached_node": key}
    path.write_text(json.dumps({"nodes": nodes}), encoding="utf-8")
    return path


def _tests(column: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for test in column.get("data_tests", []):
        name, given = (test, {}) if isinstance(test, str) else next(iter(test.items()))
        kwargs = {"column_name": column["name"]} | given.get("arguments", {})
        yield {
            "resource_type": "test",
            "config": given.get("config", {}),
            "test_metadata": {"name": name, "kwargs": kwargs},
        }
