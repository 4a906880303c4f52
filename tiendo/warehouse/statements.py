"""What dbt ran to build the models, kept beside the project for every home and day.

Between two of its runs statements and their order stay the same while the project and the measures of the
registry do. The day stands in them as one constant, and the names of a home nowhere.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any, Self, cast


@dataclass(frozen=True)
class Statement:
    """What dbt ran for one of its nodes.

    Attributes:
        node: dbt's name of it.
        kind: `table`, `kept`, `view` or `test`.
        relation: The table or view as `schema.name`; empty for a test.
        parents: Nodes and sources it reads.
        is_read: Whether another model reads it.
        sql: The statement.
        kept_by: Of a kept model, what its rows belong to; else empty.
        is_of_the_day: Whether the day stands in it.
    """

    node: str
    kind: str
    relation: str
    parents: Sequence[str]
    is_read: bool
    sql: str
    kept_by: str = ""
    is_of_the_day: bool = False


@dataclass(frozen=True)
class Statements:
    """A build.

    Attributes:
        day: The day that stands in the statements.
        sources: Relations of the sources, by dbt's name.
        seeds: Relations of the seeds.
        listed: Models and tests, each after its parents.
    """

    day: date
    sources: Mapping[str, str]
    seeds: Sequence[str]
    listed: Sequence[Statement]

    @classmethod
    def of_build(cls, target: Path, day: date) -> Self | None:
        """What dbt has left of a build in its target folder.

        Returns:
            None where the day stands in the project itself, so that it cannot be told from the day asked for.
        """
        manifest = json.loads((target / "manifest.json").read_text(encoding="utf-8"))
        nodes = cast("dict[str, dict[str, Any]]", manifest["nodes"])
        written = json.dumps([nodes, manifest["macros"]])
        if any(f"{quote}{day.isoformat()}{quote}" in written for quote in ("'", '"', '\\"')):
            return None
        models = (node for node in nodes.values() if node["resource_type"] == "model")
        read = {parent for model in models for parent in model["depends_on"]["nodes"]}
        project = str(manifest["metadata"]["project_name"])
        return cls(
            day,
            {
                name: f"{source['schema']}.{source['identifier']}"
                for name, source in manifest["sources"].items()
            },
            [_relation(node) for node in nodes.values() if node["resource_type"] == "seed"],
            [_statement(name, nodes[name], target, project, name in read) for name in _in_order(nodes)],
        )

    @classmethod
    def read(cls, text: str, day: date) -> Self:
        """What `text` gave, made for another day."""
        content = json.loads(text)
        found = cls(
            day, content["sources"], content["seeds"], [Statement(**each) for each in content["listed"]]
        )
        before, now = f"'{content['day']}'", f"'{day.isoformat()}'"
        return replace(
            found,
            listed=[
                replace(each, sql=each.sql.replace(before, now), is_of_the_day=True)
                if before in each.sql
                else each
                for each in found.listed
            ],
        )

    def text(self) -> str:
        """All of it as JSON."""
        return json.dumps(asdict(self) | {"day": self.day.isoformat()})


def _relation(node: Mapping[str, Any]) -> str:
    return f"{node['schema']}.{node['alias']}"


def _statement(name: str, node: Mapping[str, Any], target: Path, project: str, is_read: bool) -> Statement:
    is_test = node["resource_type"] == "test"
    kept_by = "" if is_test else str(node["config"].get("meta", {}).get("kept_by", ""))
    # dbt notes of a kept model what it was asked to do, not what it ran.
    path = target / ("compiled" if kept_by else "run") / project / node["original_file_path"]
    sql = (path if path.suffix == ".sql" else path / node["path"]).read_text(encoding="utf-8")
    return Statement(
        name,
        "test" if is_test else node["config"]["materialized"],
        "" if is_test else _relation(node),
        node["depends_on"]["nodes"],
        is_read,
        sql,
        kept_by,
    )


def _in_order(nodes: Mapping[str, Mapping[str, Any]]) -> Iterator[str]:
    """Names of models and tests, each after its parents."""
    done: set[str] = set()

    def visit(name: str) -> Iterator[str]:
        if name in done or name not in nodes or nodes[name]["resource_type"] == "seed":
            return
        done.add(name)
        for parent in nodes[name]["depends_on"]["nodes"]:
            yield from visit(parent)
        yield name

    for name in nodes:
        yield from visit(name)
