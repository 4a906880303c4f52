"""Imports point one way, and heavy frameworks are imported only where they are needed."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
# cli → flows → {desk, report, publish, quality, warehouse, demo} → {intake, registry} → settings
LAYERS = {
    "tiendo.cli": 0, "tiendo.cli_output": 0,
    "tiendo.cli_tables": 0, "tiendo.cli_options": 0, "tiendo.cli_desk": 0,
    "tiendo.cli_console": 0, "tiendo.cli_receipts": 0, "tiendo.cli_inspection": 0,
    "tiendo.cli_explain": 0, "tiendo.cli_explain_tree": 0,
    "tiendo.cli_remind": 0, "tiendo.cli_explain_task": 0,
    "tiendo.cli_explain_agency": 0, "tiendo.cli_agency": 0, "tiendo.cli_releases": 0, "tiendo.cli_diff": 0,
    "tiendo.cli_shelf": 0, "tiendo.cli_backfill": 0, "tiendo.cli_runs": 0, "tiendo.cli_serve": 0,
    "tiendo.cli_profile": 0, "tiendo.cli_report": 0,
    "tiendo.service": 1, "tiendo.supervisor": 4, "tiendo.schedule": 3,
    "tiendo.tracking": 1, "flows": 1,
    "tiendo.pipeline": 2, "tiendo.provenance": 2, "tiendo.rebuilding": 2, "tiendo.doctor": 1,
    "tiendo.backfill": 2, "tiendo.catching_up": 2, "tiendo.demo": 2, "tiendo.last_release": 3,
    "tiendo.desk": 3, "tiendo.report": 3, "tiendo.publish": 4, "tiendo.quality": 4, "tiendo.warehouse": 4,
    "tiendo.clock": 4, "tiendo.faults": 4, "tiendo.disk": 4, "tiendo.lock": 4, "tiendo.references": 4,
    "tiendo.runs": 4, "tiendo.run_history": 4, "tiendo.arrivals": 4, "tiendo.alarms": 4, "tiendo.logs": 4,
    "tiendo.kept": 5, "tiendo.intake": 5, "tiendo.registry": 5,
    "tiendo.folders": 6, "tiendo.limits": 6, "tiendo.room": 6, "tiendo.fingerprints": 6, "tiendo.quoting": 6,
    "tiendo.messages": 6, "tiendo.settings": 6, "tiendo": 6,
}  # fmt: skip
# Sisters of one layer that may not know each other.
STRANGERS = ({"tiendo.intake", "tiendo.registry"}, {"tiendo.publish", "tiendo.quality", "tiendo.warehouse"})
HEAVY = ("prefect", "dbt", "great_expectations", "pandas", "sqlalchemy")


def modules() -> list[Path]:
    return sorted([*(PROJECT / "tiendo").rglob("*.py"), *(PROJECT / "flows").rglob("*.py")])


def name_of(path: Path) -> str:
    return ".".join(path.relative_to(PROJECT).with_suffix("").parts).removesuffix(".__init__")


def unit_of(module: str) -> str | None:
    parts = module.split(".")
    return next(
        (".".join(parts[:n]) for n in range(len(parts), 0, -1) if ".".join(parts[:n]) in LAYERS), None
    )


def imports_of(path: Path) -> list[tuple[str, bool]]:
    """Imported modules, and whether at the top of the module (and not only for type checkers)."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: list[tuple[str, bool]] = []
    for node in ast.walk(tree):
        top = node in tree.body
        if isinstance(node, ast.Import):
            found += [(alias.name, top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.append((node.module, top))
    return found


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_imports_point_one_way(path: Path) -> None:
    own = unit_of(name_of(path))
    assert own is not None, f"{name_of(path)} has no place in the layers"
    for module, _ in imports_of(path):
        other = unit_of(module) if module.split(".")[0] in ("tiendo", "flows") else None
        if other is None or other == own:
            continue
        assert LAYERS[other] >= LAYERS[own], f"{name_of(path)} imports {module}, which lies above it"
        assert not any({own, other} <= pair for pair in STRANGERS), f"{own} and {other} are strangers"


@pytest.mark.parametrize("path", modules(), ids=name_of)
def test_only_flows_import_prefect(path: Path) -> None:
    if name_of(path).startswith("flows"):
        return
    assert not any(module.split(".")[0] == "prefect" for module, _ in imports_of(path))


def test_the_command_line_starts_without_heavy_frameworks() -> None:
    program = f"import sys, tiendo.cli; print([name for name in {HEAVY!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_a_refresh_with_nothing_new_needs_no_heavy_framework() -> None:
    program = f"import sys, tiendo.pipeline; print([name for name in {HEAVY!r} if name in sys.modules])"
    shown = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert shown.stdout.strip() == "[]"


def test_no_committed_file_leans_on_a_machine_or_on_another_folder() -> None:
    # Split so that this file does not find itself.
    forbidden = ("/wo" + "rk/", "../sha" + "red", "/ro" + "ot/", "/ho" + "me/")
    listed = subprocess.run(["git", "ls-files"], cwd=PROJECT, capture_output=True, text=True, check=True)
    for name in listed.stdout.splitlines():
        path = PROJECT / name
        if not path.is_file() or path.suffix in {".parquet", ".xlsx", ".png", ".lock"}:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        assert not [word for word in forbidden if word in text], name
