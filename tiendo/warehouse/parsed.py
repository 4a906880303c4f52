"""What dbt made of its project, kept beside the project for every home and day.

Reading it takes dbt five seconds, and deciding what to run eleven. Both depend on nothing but the project's
files and, what is to be run, on the registry of measures: nothing else of a home or day is asked for. dbt's
own memory of it is for one home, and is void with every new day.
"""

import os
import shutil
from contextlib import suppress
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Any

import polars as pl

from tiendo import limits
from tiendo.intake.store import sha256_of, write_atomically
from tiendo.quoting import sql_text
from tiendo.settings import DBT_PROJECT, Home, fingerprint_files
from tiendo.warehouse.statements import Statements

# Their own macros are part of what was read.
PACKAGES = ("dbt-core", "dbt-adapters", "dbt-common", "dbt-duckdb", "duckdb")
SUFFIXES = {".sql", ".yml", ".md", ".csv"}


class ParsedProject:
    """The kept files of the project as it stands now.

    Attributes:
        manifest: dbt's description of the project, JSON.
        seeds: The seeds as dbt loads them, a DuckDB file.
    """

    def __init__(
        self, project: Path = DBT_PROJECT, otherwise: Path | None = None, measures: Path | None = None
    ) -> None:
        """Names the files after what they were read from, so that an edited project is read anew.

        Args:
            project: Folder of the dbt project.
            otherwise: Where the files are kept if the project may not be written to.
            measures: The home's registry of measures, the one thing of a home that stands in statements.
        """
        files = (path for path in project.rglob("*") if path.suffix in SUFFIXES)
        ours = [path for path in files if not {"target", "logs"} & set(path.relative_to(project).parts)]
        versions = ".".join(version(package) for package in PACKAGES)
        self._name = f"{fingerprint_files(ours, project)[:32]}-{versions}"
        self._folder = project / "target" / "parsed"
        nearest = next(folder for folder in self._folder.parents if folder.exists())
        if otherwise and not (nearest.is_dir() and os.access(nearest, os.W_OK)):
            self._folder = otherwise
        self.manifest = self._folder / f"{self._name}.json"
        self.seeds = self._folder / f"{self._name}.duckdb"
        self._packed = self._folder / f"{self._name}.msgpack"
        self._measures = measures
        of_measures = sha256_of(measures)[:16] if measures and measures.is_file() else "statements"
        self._statements = self._folder / f"{self._name}.{of_measures}.json"

    def load(self) -> Any:
        """The project as `dbtRunner` takes it, None where nothing fit for use is kept."""
        from dbt.contracts.graph.manifest import Manifest

        try:
            found = Manifest.from_msgpack(self._packed.read_bytes())
        except Exception:  # dbt raises all sorts of errors, and reading anew mends each
            return None
        if not self.manifest.is_file():
            return None
        found.build_flat_graph()
        return found

    def keep(self, target: Path) -> None:
        """Keeps what dbt wrote into its target folder; nothing is lost where that cannot be."""
        with suppress(OSError):
            for kept, name in ((self.manifest, "manifest.json"), (self._packed, "partial_parse.msgpack")):
                write_atomically(kept, lambda path, name=name: shutil.copyfile(target / name, path))
            for old in self._folder.iterdir():
                if not old.name.startswith((self._name, ".")):
                    old.unlink(missing_ok=True)

    def statements(self, day: date) -> Statements | None:
        """What dbt ran when it last built this very project, for a day; None where that is not known."""
        try:
            found = Statements.read(self._statements.read_text(encoding="utf-8"), day)
        except (OSError, ValueError, KeyError, TypeError):
            return None
        return found if self.manifest.is_file() and self.seeds.is_file() else None

    def keep_build(self, home: Home, target: Path, day: date) -> None:
        """Keeps what dbt has just run for a home; nothing is lost where that cannot be."""
        import duckdb

        with suppress(OSError, KeyError, ValueError, duckdb.Error, pl.exceptions.PolarsError):
            # In a measure's rule the day would be taken for the day asked for.
            if self._measures and day.isoformat() in str(pl.read_parquet(self._measures).rows()):
                return
            if found := Statements.of_build(target, day):
                write_atomically(self.seeds, lambda path: _copy_seeds(home, found, path))
                text = found.text()
                write_atomically(self._statements, lambda path: path.write_text(text, encoding="utf-8"))


def _copy_seeds(home: Home, built: Statements, path: Path) -> None:
    import duckdb

    with duckdb.connect(config=limits.settings("publish", home.warehouse)) as connection:
        connection.execute(f"attach {sql_text(home.database)} as built (read_only)")
        connection.execute(f"attach {sql_text(path)} as kept")
        for schema in sorted({relation.partition(".")[0] for relation in built.seeds}):
            connection.execute(f"create schema kept.{schema}")
        for relation in built.seeds:
            connection.execute(f"create table kept.{relation} as from built.{relation}")
        connection.execute("detach kept")
