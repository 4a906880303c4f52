"""What dbt read of its project is used again for as long as no file of the project changes."""

from datetime import date
from pathlib import Path

import duckdb
import polars as pl
import pytest

from tiendo.settings import Home
from tiendo.warehouse.parsed import ParsedProject


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A project of one model, which dbt has read into `read`."""
    from dbt.contracts.graph.manifest import Manifest

    model = tmp_path / "project" / "models" / "one.sql"
    model.parent.mkdir(parents=True)
    model.write_text("select 1 as n", encoding="utf-8")
    (tmp_path / "read").mkdir()
    (tmp_path / "read" / "manifest.json").write_text("{}", encoding="utf-8")
    (tmp_path / "read" / "partial_parse.msgpack").write_bytes(Manifest().to_msgpack())
    return tmp_path / "project"


def test_what_was_read_is_kept(project: Path) -> None:
    assert ParsedProject(project).load() is None
    ParsedProject(project).keep(project.parent / "read")
    again = ParsedProject(project)
    assert again.load() is not None
    assert again.manifest.read_text(encoding="utf-8") == "{}"


@pytest.mark.parametrize("name", ["models/one.sql", "models/two.sql", "seeds/new.csv", "dbt_project.yml"])
def test_a_changed_or_new_file_makes_it_void(project: Path, name: str) -> None:
    ParsedProject(project).keep(project.parent / "read")
    (project / name).parent.mkdir(exist_ok=True)
    (project / name).write_text("select 2 as n", encoding="utf-8")
    changed = ParsedProject(project)
    assert changed.load() is None
    changed.keep(project.parent / "read")
    assert len(list((project / "target/parsed").iterdir())) == 2, "what was read of the old files stayed"


def test_a_damaged_or_incomplete_memory_is_none(project: Path) -> None:
    parsed = ParsedProject(project)
    parsed.keep(project.parent / "read")
    parsed.manifest.unlink()
    assert parsed.load() is None
    parsed.keep(project.parent / "read")
    next((project / "target/parsed").glob("*.msgpack")).write_bytes(b"\x00 cut short")
    assert parsed.load() is None


def test_of_a_project_that_may_not_be_written_to_each_home_keeps_its_own(project: Path) -> None:
    (project / "target").write_text("a file where the folder would be", encoding="utf-8")
    ParsedProject(project).keep(project.parent / "read")
    assert ParsedProject(project).load() is None
    own = project.parent / "home"
    ParsedProject(project, own).keep(project.parent / "read")
    assert ParsedProject(project, own).load() is not None


def test_what_was_run_for_other_measures_is_not_run_again(project: Path) -> None:
    day, home = date(2026, 10, 31), Home(project.parent / "home")
    measures = {name: project.parent / f"{name}.parquet" for name in ("ours", "theirs")}
    for name, path in measures.items():
        pl.DataFrame({"rule": [f"{name} since '2026-10-30'"]}).write_parquet(path)
    read = project.parent / "read"
    (read / "manifest.json").write_text(
        '{"nodes": {}, "sources": {}, "macros": {}, "metadata": {"project_name": "tiendo"}}', encoding="utf-8"
    )
    home.warehouse.mkdir(parents=True)
    duckdb.connect(str(home.database)).close()
    ours = ParsedProject(project, measures=measures["ours"])
    ours.keep(read)
    ours.keep_build(home, read, day)
    assert ParsedProject(project, measures=measures["ours"]).statements(day) is not None
    theirs = ParsedProject(project, measures=measures["theirs"])
    assert theirs.statements(day) is None
    theirs.keep_build(home, read, date(2026, 10, 30))
    assert theirs.statements(day) is None, "the day of a rule is not the day asked for"
    theirs.keep_build(home, read, day)
    assert theirs.statements(day) is not None
