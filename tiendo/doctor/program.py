"""The program itself: Python, packages as locked, and the files it reads its rules from."""

import re
import sys
import tomllib
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from tiendo.doctor.diagnosis import Diagnosis, Words, fine, listed, told
from tiendo.messages import TiendoError
from tiendo.settings import CONTRACTS, PROJECT, SUITES, Home

NEEDED_FILES = (
    "pyproject.toml", "uv.lock", "dbt_project/dbt_project.yml", "dbt_project/profiles.yml",
    "dbt_project/models/marts", "dbt_project/seeds/rules", "expectations/contracts",
    "expectations/suites/raw", "expectations/suites/curated", "flows/nightly.py",
)  # fmt: skip
SYNC = ("Trong {project} chạy: uv sync --locked", "In {project} run: uv sync --locked")
CHECKOUT = (
    "Chạy: git -C {project} diff -- {path}; trả lại như cũ: git -C {project} checkout -- {path}",
    "Run: git -C {project} diff -- {path}; put it back: git -C {project} checkout -- {path}",
)
WORDS: dict[str, Words] = {
    "python_unsupported": (
        "error",
        "Python {found} không dùng được (cần {needed})",
        "Python {found} is not supported (needed: {needed})",
        "Cài Python đúng phiên bản, rồi trong {project} chạy: make install PYTHON=python3.12",
        "Install such a Python, then in {project} run: make install PYTHON=python3.12",
    ),
    "packages_missing": ("error", "Thiếu gói: {listed}", "Missing packages: {listed}", *SYNC),
    "packages_differ": (
        "warning",
        "Gói không như uv.lock: {listed}",
        "Packages not as in uv.lock: {listed}",
        *SYNC,
    ),
    "program_incomplete": (
        "error",
        "Thư mục chương trình thiếu: {listed}",
        "The program's folder lacks: {listed}",
        *CHECKOUT,
    ),
    "contract_broken": (
        "error",
        "Hợp đồng biểu mẫu không đọc được: {reason}",
        "A contract cannot be read: {reason}",
        *CHECKOUT,
    ),
    "suite_broken": (
        "error",
        "Bộ kiểm tra không đọc được: {reason}",
        "A suite of checks cannot be read: {reason}",
        *CHECKOUT,
    ),
    "plans_broken": (
        "error",
        "{vi}",
        "{en}",
        "Sửa tệp nêu trên trong {path} hoặc khôi phục từ bản sao lưu, rồi: tiendo refresh{at}",
        "Repair the file named in {path} or restore it from the backup, then: tiendo refresh{at}",
    ),
}
tell = partial(told, WORDS, project=PROJECT)


def python(home: Home) -> Iterator[Diagnosis]:
    """The interpreter against `requires-python`."""
    found = ".".join(str(part) for part in sys.version_info[:3])
    needed = str(_project().get("requires-python", ""))
    limits = re.findall(r"(>=|<)(\d+)\.(\d+)", needed)
    if all((sys.version_info[:2] >= (int(a), int(b))) == (sign == ">=") for sign, a, b in limits):
        yield fine("python", f"Python {found}")
    else:
        yield tell(home, "python_unsupported", found=found, needed=needed)


def packages(home: Home) -> Iterator[Diagnosis]:
    """What is installed against `uv.lock`; of packages nothing needs directly only those that are there."""
    installed, locked = _installed(), _locked()
    direct = [_name(re.split(r"[<>=!~\[; ]", text)[0]) for text in _project().get("dependencies", [])]
    missing = [name for name in direct if name not in installed]
    differ = [
        f"{name} {version} (uv.lock: {', '.join(sorted(locked[name]))})"
        for name, version in sorted(installed.items())
        if name in locked and version not in locked[name]
    ]
    if missing:
        yield tell(home, "packages_missing", listed=listed(missing))
    if differ:
        yield tell(home, "packages_differ", listed=listed(differ))
    if not missing and not differ:
        yield fine(
            "packages", f"{len(installed)} gói như uv.lock", f"{len(installed)} packages as in uv.lock"
        )


def files(home: Home) -> Iterator[Diagnosis]:
    """Whether the checkout is whole."""
    missing = [name for name in NEEDED_FILES if not (PROJECT / name).exists()]
    if missing:
        yield tell(home, "program_incomplete", listed=listed(missing), path=" ".join(missing))


def contracts(home: Home) -> Iterator[Diagnosis]:
    """Each contract by itself, so that all that are broken are told."""
    from tiendo.intake.contracts import contract_paths, load_contract

    for path in contract_paths():
        try:
            load_contract(path.stem)
        except Exception as error:  # a hand that edits YAML can break it in any way
            reason = error.text("en") if isinstance(error, TiendoError) else f"{path.name}: {_line(error)}"
            yield tell(home, "contract_broken", reason=reason, path=CONTRACTS / path.name)


def suites(home: Home) -> Iterator[Diagnosis]:
    """The checks written by hand."""
    from tiendo.quality.suites import written_suites

    try:
        written_suites()
    except Exception as error:  # the same
        yield tell(home, "suite_broken", reason=_line(error), path=SUITES)


def plans(home: Home) -> Iterator[Diagnosis]:
    """The plan registry."""
    from tiendo.registry.plans import load_registry

    try:
        registry = load_registry(home.plans)
    except TiendoError as error:
        yield tell(home, "plans_broken", vi=error.text("vi"), en=error.text("en"), path=home.plans)
        return
    count, targets = registry["plans"].height, registry["plan_targets"].height
    yield fine("plans", f"{count} kế hoạch, {targets} dòng mục tiêu", f"{count} plans, {targets} target rows")


def _project() -> dict[str, Any]:
    return dict(tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"])


def _locked() -> dict[str, set[str]]:
    """Versions by package; more than one where they depend on the machine."""
    versions: dict[str, set[str]] = {}
    for package in tomllib.loads((PROJECT / "uv.lock").read_text(encoding="utf-8"))["package"]:
        versions.setdefault(package["name"], set()).add(str(package.get("version", "")))
    versions.pop("tiendo", None)
    return versions


def _installed() -> dict[str, str]:
    """Versions by package, from the names of folders: ten times as fast as reading each description."""
    found: dict[str, str] = {}
    for folder in (Path(entry) for entry in sys.path if entry):
        for path in sorted(folder.glob("*.dist-info")):
            name, _, version = path.stem.partition("-")
            found.setdefault(_name(name), version)
    return found


def _name(text: str) -> str:
    return re.sub(r"[-_.]+", "-", text.strip()).lower()


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:300] or type(error).__name__
