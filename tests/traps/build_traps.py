"""Writes the trap files, each named after the trap it holds: `python tests/traps/build_traps.py FOLDER`."""

import sys
from pathlib import Path

import form_traps
import hostile_traps
import row_traps
import table_traps
import text_traps
import value_traps
import workbook_traps
from catalogue import TRAPS

MODULES = (workbook_traps, text_traps, table_traps, value_traps, row_traps, form_traps, hostile_traps)


def build(folder: Path, *names: str) -> list[Path]:
    """Writes the named traps, or all, into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    made = []
    for name in names or TRAPS:
        TRAPS[name].make(folder / name)
        made.append(folder / name)
    return made


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    sys.stdout.write(f"{len(build(Path(sys.argv[1])))} files in {sys.argv[1]}\n")
