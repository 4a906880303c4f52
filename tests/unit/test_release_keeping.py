"""Releases on the shelf: an altered byte is found, an earlier one comes back, old ones go by the policy."""

import hashlib
import json
import shutil
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from test_publish import INPUTS, build_warehouse, dbt_nodes, other_inputs, write_dbt_manifest

from tiendo.messages import TiendoError
from tiendo.publish import keeping
from tiendo.publish.files import to_json
from tiendo.publish.keeping import held_back, judge, lock_release, prune, roll_back, unlock_release
from tiendo.publish.log import append, read_log
from tiendo.publish.release import current_release, list_releases, load_manifest, publish, verify
from tiendo.publish.shelf import switch_current
from tiendo.settings import Home


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with two releases, the later one in force."""
    folder = tmp_path_factory.mktemp("shelf")
    database = build_warehouse(folder / "warehouse.duckdb")
    described = write_dbt_manifest(folder / "dbt_manifest.json", dbt_nodes())
    (folder / "docs" / "static").mkdir(parents=True)
    (folder / "docs" / "static" / "index.html").write_text("ok")
    extra = {"quality": folder / "docs"}
    first = replace(INPUTS, inputs_fingerprint="one")
    publish(Home(folder), database, described, first, extra)
    publish(Home(folder), database, described, other_inputs(inputs_fingerprint="two"), extra)
    return folder


@pytest.fixture
def home(shelf: Path, tmp_path: Path) -> Home:
    shutil.copytree(shelf / "data", tmp_path / "data", symlinks=True)
    return Home(tmp_path)


def first_and_second(home: Home) -> tuple[str, str]:
    first, second = [entry.facts["release_id"] for entry in read_log(home)]
    return first, second


def write(path: Path, content: bytes) -> None:
    path.chmod(0o644)
    path.write_bytes(content)


class TestVerify:
    def test_one_altered_byte_is_found_in_any_file(self, home: Home) -> None:
        release = current_release(home)
        assert release is not None
        assert verify(home) == []
        files = sorted(path for path in release.rglob("*") if path.is_file())
        assert {"manifest.json", "manifest.json.sha256", "tiendo.duckdb", "tiendo.duckdb.sha256"} <= {
            path.name for path in files
        }
        for path in files:
            content = path.read_bytes()
            for at in {0, len(content) // 2, len(content) - 1}:
                for mask in (1, 7, 0x20, 0x80):  # 7 makes a carriage return of a line's end.
                    write(path, content[:at] + bytes([content[at] ^ mask]) + content[at + 1 :])
                    found = verify(home)
                    assert found, f"{path.name} byte {at}"
                    # A manifest altered inside a hash also speaks ill of that hash's file.
                    about = {item.path.removesuffix(".sha256") for item in found}
                    assert path.relative_to(release).as_posix().removesuffix(".sha256") in about
            write(path, content)
        assert verify(home) == []

    @pytest.mark.parametrize("has_log", [True, False])
    def test_every_byte_of_the_hashes_counts(self, home: Home, has_log: bool) -> None:
        if not has_log:
            home.release_log.unlink()
        release = current_release(home)
        assert release is not None
        for name in ("manifest.json.sha256", "tiendo.duckdb.sha256"):
            content = (release / name).read_bytes()
            for at in range(len(content)):
                write(release / name, content[:at] + bytes([content[at] ^ 3]) + content[at + 1 :])
                assert verify(home), f"{name} byte {at}"
            write(release / name, content)

    def test_a_file_altered_with_all_its_hashes_is_found_by_the_log(self, home: Home) -> None:
        release = current_release(home)
        assert release is not None
        write(release / "README.md", b"other")
        manifest = json.loads((release / "manifest.json").read_text())
        manifest["files"]["README.md"]["sha256"] = hashlib.sha256(b"other").hexdigest()
        write(release / "manifest.json", to_json(manifest).encode())
        own = hashlib.sha256((release / "manifest.json").read_bytes()).hexdigest()
        write(release / "manifest.json.sha256", f"{own}  manifest.json\n".encode())
        assert [(item.path, item.kind) for item in verify(home)] == [
            ("manifest.json", "changed"),
            ("manifest.json.sha256", "changed"),
        ]

    def test_missing_and_strange_files(self, home: Home) -> None:
        release = current_release(home)
        assert release is not None
        (release / "manifest.json.sha256").unlink()
        (release / "tiendo.duckdb").unlink()
        (release / "quality" / "notes.txt").write_text("mine")
        assert [(item.path, item.kind) for item in verify(home)] == [
            ("manifest.json.sha256", "missing"),
            ("quality/notes.txt", "added"),
            ("tiendo.duckdb", "missing"),
        ]


class TestRollback:
    def test_the_earlier_release_comes_back_and_the_later_one_is_held(self, home: Home) -> None:
        first, second = first_and_second(home)
        assert held_back(home, "two") is None
        done = roll_back(home, first, "sai số liệu")
        assert (done.release_id, done.instead_of) == (first, second)
        assert load_manifest(home)["release_id"] == first
        assert (held_back(home, "two"), held_back(home, "one"), held_back(home, "three")) == (
            second,
            None,
            None,
        )
        assert {info.release_id: (info.is_current, info.is_rolled_back) for info in list_releases(home)} == {
            first: (True, False),
            second: (False, True),
        }
        last = read_log(home)[-1]
        assert (last.event, last.facts["reason"]) == ("rolled_back", "sai số liệu")

    def test_back_again_lifts_it(self, home: Home) -> None:
        first, second = first_and_second(home)
        roll_back(home, first)
        roll_back(home, second)
        assert (held_back(home, "two"), held_back(home, "one")) == (None, None)
        assert not any(info.is_rolled_back for info in list_releases(home))
        assert not roll_back(home, "current").is_changed
        assert len(read_log(home)) == 4

    def test_a_release_of_the_same_inputs_and_another_day_is_held_too(self, home: Home) -> None:
        first, second = first_and_second(home)
        lines = home.release_log.read_text().replace(
            '"inputs_fingerprint": "two"', '"inputs_fingerprint": "one"'
        )
        home.release_log.write_text(lines)
        manifest = home.releases / second / "manifest.json"
        write(
            manifest,
            manifest.read_bytes().replace(b'"inputs_fingerprint": "two"', b'"inputs_fingerprint": "one"'),
        )
        roll_back(home, first)
        assert held_back(home, "one") == second

    def test_a_damaged_release_is_not_brought_back(self, home: Home) -> None:
        first, second = first_and_second(home)
        write(home.releases / first / "README.md", b"other")
        with pytest.raises(TiendoError, match=r"TD-610.*README.md"):
            roll_back(home, first)
        assert load_manifest(home)["release_id"] == second
        assert len(read_log(home)) == 2

    def test_killed_between_log_and_switch(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        first, second = first_and_second(home)

        def stop(*_: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(keeping, "switch_current", stop)
            with pytest.raises(KeyboardInterrupt):
                roll_back(home, first)
        assert load_manifest(home)["release_id"] == second
        assert roll_back(home, first).is_changed


def stand_in(home: Home, release_ids: Iterable[str], known_at: str = "2026-11-01T00:00:00+07:00") -> None:
    """Releases of which only the manifest is there, which is all that the policy reads."""
    for release_id in release_ids:
        folder = home.releases / release_id
        folder.mkdir(parents=True)
        content = {"as_of": release_id[:10], "known_at": known_at, "row_counts": {}, "is_synthetic": True}
        (folder / "manifest.json").write_text(to_json({"edition": "internal", **content}))


def names(days: Iterable[date], ending: str = "0" * 10) -> list[str]:
    return [f"{day.isoformat()}-{ending}" for day in days]


class TestPrune:
    def test_days_months_locked_current_and_previous_stay(self, tmp_path: Path) -> None:
        home = Home(tmp_path)
        october = names(date(2026, 10, day) for day in range(1, 32))
        ends = names(date(year, month, 20) for year in (2023, 2024, 2025) for month in range(1, 13))
        stand_in(home, [*october, *ends])
        stand_in(home, ["2026-10-31-1111111111"], known_at="2026-11-02T00:00:00+07:00")
        current, before = "2026-10-05-0000000000", "2026-10-04-0000000000"
        for release_id in (before, current):
            append(home, "published", release_id=release_id)
        switch_current(home, current)
        lock_release(home, "2023-03-20-0000000000", "báo cáo quý I")
        verdicts = {verdict.release_id: verdict.reason for verdict in judge(home)}
        kept = {name for name, reason in verdicts.items() if reason != "pruned"}
        daily = {"2026-10-31-1111111111", *october[17:30]}
        assert {name for name, reason in verdicts.items() if reason == "daily"} == daily
        months = set(ends[-23:])
        assert {name for name, reason in verdicts.items() if reason == "monthly"} == months
        assert kept == daily | months | {current, before, "2023-03-20-0000000000"}
        assert [verdicts[name] for name in (current, before)] == ["current", "previous"]

        gone = prune(home, judge(home))
        assert set(gone) == set(verdicts) - kept
        assert {path.name for path in home.releases.iterdir()} == kept
        assert {entry.facts["release_id"] for entry in read_log(home) if entry.event == "pruned"} == set(gone)
        assert prune(home, judge(home)) == []

    def test_of_two_known_at_one_moment_the_one_published_last_stays(self, tmp_path: Path) -> None:
        """A month end replayed by another rule takes the place of the one before, unless that is locked."""
        home = Home(tmp_path)
        by_old_rule, by_new_rule = "2026-06-30-2222222222", "2026-06-30-1111111111"
        newest = "2026-09-30-0000000000"
        stand_in(home, [by_old_rule, by_new_rule, newest])
        for release_id in (newest, by_old_rule, by_new_rule):
            append(home, "published", release_id=release_id, made_current=release_id == newest)
        switch_current(home, newest)
        reasons = {verdict.release_id: verdict.reason for verdict in judge(home, daily=1)}
        assert reasons == {newest: "current", by_new_rule: "monthly", by_old_rule: "pruned"}
        lock_release(home, by_old_rule, "đã báo cáo")
        assert judge(home)[-1].reason == "locked"

    def test_one_that_cannot_be_read_is_left_to_a_person(self, home: Home) -> None:
        stand_in(home, ["2020-01-01-0000000000"])
        (home.releases / "2020-01-01-0000000000" / "manifest.json").write_text("{")
        reasons = {verdict.release_id[:10]: verdict.reason for verdict in judge(home, 0, 0)}
        assert reasons["2020-01-01"] == "unreadable"

    def test_a_lock_is_undone(self, home: Home) -> None:
        stand_in(home, ["2020-01-01-0000000000"])
        assert [info.is_locked for info in list_releases(home)] == [False, False, False]
        lock_release(home, "2020-01-01-0000000000")
        assert judge(home, 0, 0)[-1].reason == "locked"
        assert unlock_release(home, "2020-01-01-0000000000") == ("2020-01-01-0000000000", True)
        assert unlock_release(home, "2020-01-01-0000000000")[1] is False
        assert judge(home, 0, 0)[-1].reason == "pruned"

    def test_killed_while_it_deletes(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        """The release is gone at once; its files are removed and the act is logged by the next prune."""
        stand_in(home, ["2020-01-01-0000000000"])

        def stop(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(shutil, "rmtree", stop)
            with pytest.raises(KeyboardInterrupt):
                prune(home, judge(home, 0, 0))
        assert "2020-01-01-0000000000" not in [info.release_id for info in list_releases(home)]
        assert prune(home, judge(home, 0, 0)) == []
        assert len(list(home.releases.iterdir())) == 2
        assert read_log(home)[-1].facts == {"release_id": "2020-01-01-0000000000"}
