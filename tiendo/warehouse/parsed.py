"""What dbt read of its project, kept beside the project for every home and day.

Reading takes dbt five seconds and depends on nothing but the project's files: no reference or setting of a
model asks for the day or the home. dbt's own memory of it is for one home, and is void with every new day.
"""

import shutil
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path
from typing import Any

from tiendo.intake.store import write_atomically
from tiendo.settings import DBT_PROJECT, fingerprint_files

# Their own macros are part of what was read.
PACKAGES = ("dbt-core", "dbt-adapters", "dbt-common", "dbt-duckdb")
SUFFIXES = {".sql", ".yml", ".md", ".csv"}


class ParsedProject:
    """The kept files of the project as it stands now.

    Attributes:
        manifest: dbt's description of the project, JSON.
    """

    def __init__(self, project: Path = DBT_PROJECT) -> None:
        """Names the files after what they were read from, so that an edited project is read anew."""
        files = (path for path in project.rglob("*") if path.suffix in SUFFIXES)
        ours = [path for path in files if not {"target", "logs"} & set(path.relative_to(project).parts)]
        versions = ".".join(version(package) for package in PACKAGES)
        self._name = f"{fingerprint_files(ours, project)[:32]}-{versions}"
        self._folder = project / "target" / "parsed"
        self.manifest = self._folder / f"{self._name}.json"
        self._packed = self._folder / f"{self._name}.msgpack"

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
        """Keeps what dbt wrote into its target folder, unless the project may not be written to."""
        with suppress(OSError):
            for kept, name in ((self.manifest, "manifest.json"), (self._packed, "partial_parse.msgpack")):
                write_atomically(kept, lambda path, name=name: shutil.copyfile(target / name, path))
            for old in self._folder.iterdir():
                if not old.name.startswith((self._name, ".")):
                    old.unlink(missing_ok=True)
