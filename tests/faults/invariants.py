"""What must hold after every kill and fault, and after every finished refresh.

These functions read with polars and DuckDB and so run in forked processes of their own (`Lab.ask`).
"""

import hashlib
import json
import sys
from collections.abc import Collection, Mapping
from pathlib import Path

from tiendo.settings import Home


def hashes(folder: Path, pattern: str = "*") -> dict[str, str]:
    """SHA-256 of the files of a folder and those below, hidden ones left out."""
    found = {}
    for path in sorted(folder.rglob(pattern)):
        name = path.relative_to(folder)
        if path.is_file() and not any(part.startswith(".") for part in name.parts):
            found[name.as_posix()] = hashlib.sha256(path.read_bytes()).hexdigest()
    return found


def published(root: Path) -> str:
    """The release in force, None where there is none."""
    return Home(root).current.resolve().name


def stands(root: Path, allowed: Collection[str], raw: Mapping[str, str]) -> None:
    """The release in force is one of those allowed, whole and readable; files received are as they were.

    Args:
        root: The home.
        allowed: Identifiers: the old release's, and the new one's where the run may have got that far.
        raw: Hashes of the raw files that must be there; others may have come.
    """
    from tiendo.publish.release import verify

    home = Home(root)
    told = json.loads(home.current_json.read_text(encoding="utf-8"))["release_id"]
    linked = home.current.resolve().name
    # Between the two pointers there is a moment; each must lead to a whole release even then.
    assert {told, linked} <= set(allowed), f"{linked} and {told} in force, not one of {allowed}"
    for release in {told, linked}:
        assert verify(home, release) == [], f"{release}: {verify(home, release)}"
    read_release(home.current)
    kept = hashes(home.raw)
    assert raw.items() <= kept.items(), f"raw files lost or altered: {set(raw.items()) - set(kept.items())}"


def read_release(folder: Path) -> str:
    """Reads a release as people do, table by table, from both formats; gives its identifier.

    Every way of reading must give what the manifest says, so that a mix of two releases is noticed.
    """
    import duckdb
    import polars as pl

    resolved = folder.resolve()
    manifest = json.loads((resolved / "manifest.json").read_text(encoding="utf-8"))
    for table, rows in manifest["row_counts"].items():
        assert pl.read_parquet(resolved / f"{table}.parquet").height == rows, table
    with duckdb.connect(str(resolved / "tiendo.duckdb"), read_only=True) as connection:
        for table, rows in manifest["row_counts"].items():
            counted = connection.execute(f'select count(*) from "{table}"').fetchone()
            assert counted and counted[0] == rows, table
    return str(manifest["release_id"])


def finished(root: Path, control: Path, sent: Collection[str]) -> None:
    """After a refresh that ended well: all is there once, as in a home that nothing befell.

    Args:
        root: The home.
        control: A release over the same inputs.
        sent: SHA-256 of every file that was submitted and taken.
    """
    home = Home(root)
    assert published(root) == control.name, f"{published(root)} in place of {control.name}"
    ours, theirs = hashes(home.current), hashes(control)
    differing = {name for name in ours.keys() | theirs.keys() if ours.get(name) != theirs.get(name)}
    from tiendo.publish.comparing import NOT_COMPARED

    differing -= NOT_COMPARED
    assert not differing, f"other than undisturbed: {sorted(differing)}"
    complete(root, sent)


def complete(root: Path, sent: Collection[str]) -> None:
    """Every file submitted is in ledger and release once, every row counts once, nothing is left over."""
    import polars as pl

    from tiendo.intake.landing import read_ledger
    from tiendo.publish.release import list_releases

    home = Home(root)
    assert published(root) == json.loads(home.current_json.read_text(encoding="utf-8"))["release_id"]
    stands(root, {published(root)}, {})
    ledger = read_ledger(home)
    assert sorted(ledger["sha256"]) == sorted(sent), "submissions lost or doubled in the ledger"
    submissions = pl.read_parquet(home.current / "submissions.parquet")
    assert sorted(submissions["submission_id"]) == sorted(ledger["submission_id"])
    conserved(submissions)
    left = [path for path in (root / "data").rglob(".*") if not path.name.startswith(".damaged")]
    assert not left, f"left behind: {left}"
    assert sum(release.is_current for release in list_releases(home)) == 1


def in_or_out(root: Path, sha256: str) -> None:
    """A file whose submission was cut short is among the raw files whole or not at all."""
    for name, found in hashes(Home(root).raw / "coverage").items():
        assert found.startswith(name.split("__")[1]), f"half a file: {name}"
    assert list(hashes(Home(root).raw).values()).count(sha256) <= 1


def taken_once(root: Path, sha256: str) -> None:
    """A file is among the raw files and in the ledger, once."""
    from tiendo.intake.landing import read_ledger

    assert list(hashes(Home(root).raw).values()).count(sha256) == 1, "kept twice or not at all"
    assert read_ledger(Home(root))["sha256"].to_list().count(sha256) == 1, "entered twice or not at all"


def conserved(submissions: object) -> None:
    """Rows read = loaded + unchanged + superseded + quarantined, for each submission."""
    import polars as pl

    assert isinstance(submissions, pl.DataFrame)
    parts = ("rows_loaded", "rows_unchanged", "rows_superseded", "rows_quarantined")
    kept = submissions.filter(pl.col("status") != "rejected")
    wrong = kept.filter(pl.col("rows_read") != pl.sum_horizontal(*parts))
    assert wrong.is_empty(), f"rows lost or doubled: {wrong['submission_id'].to_list()}"


def keep_reading(root: Path, stop: Path, number: int) -> int:
    """Reads the release in force until told to stop; prints the identifiers met.

    Some open the DuckDB file through the link, some follow the link once and read tables, as `tiendo` does.
    """
    import random
    import time

    import duckdb
    import polars as pl

    home, rng = Home(root), random.Random(number)
    met: set[str] = set()
    while not stop.exists():
        if number % 2:
            folder = home.current.resolve()
            manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
            for table in rng.sample(sorted(manifest["row_counts"]), 5):
                assert pl.read_parquet(folder / f"{table}.parquet").height == manifest["row_counts"][table]
            met.add(manifest["release_id"])
        else:
            with duckdb.connect(str(home.current / "tiendo.duckdb"), read_only=True) as connection:
                connection.execute("select submission_id, count(*) from submissions group by all").fetchall()
                connection.execute("select status, count(*) from indicator_latest group by all").fetchall()
            # Opened more than once by polars, so that the link must not be followed anew each time.
            rows = pl.read_parquet((home.current / "submissions.parquet").resolve()).height
            assert rows > 0
        time.sleep(rng.random() * 0.4)
    sys.stdout.write(" ".join(met))
    return 0
