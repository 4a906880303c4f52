"""The files of what is kept of one model: Parquet, each row with the key it was computed under.

A reader never sees half of anything: files are written aside and never changed, a list of them is replaced in
one step, and a file that is not as the list says counts as missing.
"""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import cast

import duckdb

from tiendo import limits
from tiendo.intake.store import sha256_of, write_atomically
from tiendo.quoting import sql_text

KEY = "kept_key"
# So many files at most; beyond, small ones are written together.
FILES = 16
SMALL_BYTES = 32 * 1024 * 1024


class Shelf:
    """The files of one model.

    Attributes:
        folder: Where they lie, with `list.json`.
    """

    def __init__(self, folder: Path) -> None:
        """The files below a folder, which need not exist."""
        self.folder = folder
        self._list = folder / "list.json"
        self._parts = self._read()

    def parts(self) -> dict[Path, frozenset[str]]:
        """The keys in each sound file."""
        return dict(self._parts)

    @contextmanager
    def renewal(self, wanted: set[str]) -> Generator["Renewal"]:
        """Lets rows be added; afterwards nothing is kept under any key that is not wanted."""
        renewal = Renewal(self.folder, self._parts, wanted)
        yield renewal
        renewal.tidy()
        if renewal.parts != self._parts or not self._list.exists():
            told = {path.name: sorted(keys) for path, keys in renewal.parts.items()}
            write_atomically(self._list, lambda path: path.write_text(json.dumps(told), encoding="utf-8"))
            self._parts = renewal.parts
        for path in self.folder.glob("*.parquet"):
            if path not in self._parts:
                path.unlink()

    def _read(self) -> dict[Path, frozenset[str]]:
        try:
            told = cast("dict[str, list[str]]", json.loads(self._list.read_text(encoding="utf-8")))
            return {
                self.folder / name: frozenset(keys)
                for name, keys in told.items()
                if sha256_of(self.folder / name) == Path(name).stem
            }
        except (OSError, ValueError, TypeError, AttributeError):
            # Of a spoilt list, or one file gone, nothing is believed.
            return {}


class Renewal:
    """Files on their way to the next list.

    Attributes:
        parts: The keys in each file.
        wanted: The keys to be kept.
    """

    def __init__(self, folder: Path, parts: Mapping[Path, frozenset[str]], wanted: set[str]) -> None:
        """Begins with the files there are; those without any wanted key are left out."""
        self.parts = {path: keys for path, keys in parts.items() if keys & wanted}
        self.wanted = wanted
        self._folder = folder

    def add(self, computed: duckdb.DuckDBPyConnection, keys: set[str]) -> None:
        """Writes a file of the table `memory.main.computed`."""
        self._write(computed, "memory.main.computed", frozenset(keys))

    def tidy(self) -> None:
        """Writes files with rows no longer wanted anew, together, and small ones where they are many."""
        anew = {path for path, keys in self.parts.items() if keys - self.wanted}
        if len(self.parts) - len(anew) > FILES:
            anew |= {path for path in self.parts if path.stat().st_size < SMALL_BYTES}
        if not anew:
            return
        keys = frozenset(key for path in anew for key in self.parts[path] & self.wanted)
        # Before: without the rows of a key that had none, a file is the one it was.
        self.parts = {path: keys for path, keys in self.parts.items() if path not in anew}
        listed = ", ".join(sql_text(path) for path in sorted(anew))
        with duckdb.connect(config=limits.settings("apart", self._folder)) as connection:
            connection.execute(
                "create table wanted as select unnest(cast(? as varchar[])) as key", [sorted(keys)]
            )
            rows = f"(from read_parquet([{listed}]) where {KEY} in (from wanted))"
            self._write(connection, rows, keys)

    def _write(self, connection: duckdb.DuckDBPyConnection, rows: str, keys: frozenset[str]) -> None:
        """One file, named after what it holds."""
        self._folder.mkdir(parents=True, exist_ok=True)
        aside = self._folder / "new.parquet"
        write_atomically(
            aside,
            lambda path: connection.execute(
                f"copy (from {rows}) to {sql_text(path)} (format parquet, compression zstd)"
            ),
        )
        path = aside.with_name(f"{sha256_of(aside)}.parquet")
        aside.replace(path)
        # Two can hold the same: nothing.
        self.parts[path] = self.parts.get(path, frozenset()) | keys
