"""A run keeps to its threads and memory: what does not fit is spilled, and what cannot be kept is refused."""

import os
from pathlib import Path
from types import SimpleNamespace

import duckdb
import pytest
from intake_references import REFERENCES

from tiendo import limits, room
from tiendo.intake.door import Door
from tiendo.messages import TiendoError
from tiendo.publish.tables import connect
from tiendo.quality.duckdb_dialect import PlainReadDialect
from tiendo.settings import Home

MIB, GIB = limits.MIB, limits.GIB
# Some 150 MiB of rows that look like nothing before.
LARGE = "create temp table large as select range as n, md5(range::varchar) as text from range(3_000_000)"
ASKED = "select sum(n), max(text), min(text) from large"


@pytest.mark.parametrize(
    ("named", "size"),
    [("4GB", 4 * 10**9), ("4GiB", 4 * GIB), ("1.5 gb", 1_500_000_000), ("2048MiB", 2 * GIB), ("1TB", 10**12)],
)
def test_a_size_is_read_as_it_is_written(monkeypatch: pytest.MonkeyPatch, named: str, size: int) -> None:
    monkeypatch.setenv("TIENDO_MEMORY", named)
    assert limits.memory() == size


@pytest.mark.parametrize("named", ["", " "])
def test_without_a_setting_a_run_takes_a_share_of_what_there_is(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("TIENDO_MEMORY", named)
    monkeypatch.setattr(limits, "_memory_there", lambda: 12 * GIB)
    assert limits.memory() == 8 * GIB
    monkeypatch.setattr(limits, "_memory_there", lambda: GIB)
    assert limits.memory() == limits.LEAST_MEMORY


@pytest.mark.parametrize(
    ("setting", "value", "code"),
    [
        ("TIENDO_MEMORY", "4", "TD-702"),
        ("TIENDO_MEMORY", "80%", "TD-702"),
        ("TIENDO_MEMORY", "-4GB", "TD-702"),
        ("TIENDO_MEMORY", "500MB", "TD-725"),
        ("TIENDO_THREADS", "0", "TD-702"),
        ("TIENDO_THREADS", "two", "TD-702"),
    ],
)
def test_a_setting_that_cannot_be_kept_is_refused(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, setting: str, value: str, code: str
) -> None:
    monkeypatch.setenv(setting, value)
    with pytest.raises(TiendoError) as refused:
        limits.settings("models", tmp_path)
    assert (refused.value.code, refused.value.exit_code) == (code, 2)
    assert setting in refused.value.vi


@pytest.mark.parametrize("named", ["1.4GB", "2GiB", "4GB", "64GB"])
def test_what_runs_at_the_same_time_stays_within_the_memory(
    monkeypatch: pytest.MonkeyPatch, named: str
) -> None:
    monkeypatch.setenv("TIENDO_MEMORY", named)
    held = {part: int(limits.memory_of(part).removesuffix("MiB")) * MIB for part in limits.SHARES}
    assert limits.PROGRAMS + held["models"] + held["apart"] <= limits.memory()
    assert limits.PROGRAMS + held["checks"] + held["apart"] + held["publish"] <= limits.memory()
    assert held["query"] <= limits.MOST_OF_A_QUERY


def test_what_runs_at_the_same_time_stays_within_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TIENDO_THREADS", "4")
    assert limits.threads_of("models") == 4
    assert limits.threads_of("checks") + limits.threads_of("publish") == 4
    monkeypatch.setenv("TIENDO_THREADS", "1")
    assert limits.threads_of("checks") == 1


def test_a_control_group_says_how_much_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = {"memory.max": ["max", str(GIB)], "cpu.max": ["max 100000", "100000 100000"]}
    monkeypatch.setattr(limits, "_group_texts", lambda _controller, name: texts.get(name, []))
    monkeypatch.delenv("TIENDO_THREADS", raising=False)
    assert limits._memory_there() == GIB
    assert limits.threads() == 1


def small(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leaves 50 MiB for the models of a run and 25 for its other parts."""
    monkeypatch.setenv("TIENDO_MEMORY", "1300MiB")
    monkeypatch.setenv("TIENDO_THREADS", "1")
    monkeypatch.setattr(limits, "PROGRAMS", 1200 * MIB)


def test_what_does_not_fit_is_spilled_and_the_answer_is_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with duckdb.connect() as connection:
        connection.execute(LARGE)
        expected = connection.execute(ASKED).fetchall()
    small(monkeypatch)
    folder = limits.spill_folder(tmp_path, "models")
    with limits.connect(tmp_path / "warehouse.duckdb") as connection:
        assert connection.execute("select current_setting('memory_limit')").fetchall() == [("50.0 MiB",)]
        connection.execute(LARGE)
        assert {path.parent for path in tmp_path.rglob("duckdb_temp*")} == {folder}
        assert connection.execute(ASKED).fetchall() == expected
    assert not folder.exists()


def test_tables_to_publish_and_checks_are_held_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small(monkeypatch)
    asked = "select current_setting('memory_limit'), current_setting('temp_directory')"
    with connect(tmp_path) as connection:
        assert connection.execute(asked).fetchall() == [
            ("25.0 MiB", str(limits.spill_folder(tmp_path, "publish")))
        ]
    database = str(tmp_path / "checks.duckdb").encode().hex()
    cursor = PlainReadDialect().connect(database=database).cursor()
    cursor.execute(asked)
    assert cursor.fetchall() == [("25.0 MiB", str(limits.spill_folder(tmp_path, "checks")))]


def test_what_a_killed_run_has_spilled_goes(tmp_path: Path) -> None:
    left = tmp_path / ".spill-models-4711" / "duckdb_temp_0.tmp"
    left.parent.mkdir()
    left.write_bytes(b"x")
    (tmp_path / "landing").mkdir()
    limits.remove_spilled(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["landing"]


def test_polars_keeps_to_the_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("POLARS_MAX_THREADS", raising=False)
    for named, held in (("", None), ("two", None), ("3", "3")):
        monkeypatch.setenv("TIENDO_THREADS", named)
        limits.limit_polars()
        assert os.environ.get("POLARS_MAX_THREADS") == held


def free(monkeypatch: pytest.MonkeyPatch, count: float) -> None:
    monkeypatch.setattr(room.shutil, "disk_usage", lambda _path: SimpleNamespace(free=int(count)))


@pytest.mark.parametrize(
    ("rows", "coming", "needed"),
    [(0, 0, 80e6), (1_000_000, 0, 155e6), (1_000_000, 180_000_000, 275e6)],
)
def test_a_run_begins_only_where_the_disk_suffices(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, rows: int, coming: int, needed: float
) -> None:
    home = Home(tmp_path / "not made yet")
    free(monkeypatch, needed)
    room.refuse_no_room_to_publish(home, rows, coming)
    free(monkeypatch, needed - 1e6)
    with pytest.raises(TiendoError) as refused:
        room.refuse_no_room_to_publish(home, rows, coming)
    error = refused.value
    assert (error.code, error.exit_code) == ("TD-413", 4)
    assert f"{needed / 1e6:.0f} MB" in error.vi
    assert f"{needed / 1e6 - 1:.0f} MB" in error.en
    assert "tiendo releases prune" in error.way_out_vi


def test_a_warehouse_that_is_written_anew_makes_room_and_a_release_is_as_large_as_the_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Home(tmp_path)
    for path, size in ((home.database, 60_000_000), (home.current / "tiendo.duckdb", 50_000_000)):
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            file.truncate(size)
    free(monkeypatch, 110e6)
    room.refuse_no_room_to_publish(home, 1000)
    free(monkeypatch, 109e6)
    with pytest.raises(TiendoError):
        room.refuse_no_room_to_publish(home, 1000)


def test_a_file_that_cannot_be_kept_is_refused_before_it_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent = tmp_path / "ho-so.csv"
    sent.write_bytes(b"x" * 100_000)
    free(monkeypatch, 120_000)
    with Door(Home(tmp_path / "home"), REFERENCES) as door, pytest.raises(TiendoError) as refused:
        door.take(sent)
    assert refused.value.code == "TD-413"
    assert not (tmp_path / "home").exists()
