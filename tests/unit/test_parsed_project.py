"""What dbt read of its project is used again for as long as no file of the project changes."""

from pathlib import Path

import pytest

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


def test_a_project_that_may_not_be_written_to_keeps_none(project: Path) -> None:
    (project / "target").write_text("a file where the folder would be", encoding="utf-8")
    ParsedProject(project).keep(project.parent / "read")
    assert ParsedProject(project).load() is None
