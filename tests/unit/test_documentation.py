"""The documentation is true: its commands run, its links lead somewhere, its codes are the program's."""

import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
READMES = (PROJECT / "README.md", PROJECT / "README.vi.md")
PAGES = sorted(
    [
        *PROJECT.glob("*.md"),
        *(PROJECT / "docs").rglob("*.md"),
        PROJECT / "data/raw/README.md",
        PROJECT / "data/curated/README.md",
    ]
)
CODE = [
    path
    for folder in ("tiendo", "flows", "expectations")
    for path in sorted((PROJECT / folder).rglob("*"))
    if path.suffix in {".py", ".yml"}
]

FENCE = re.compile(r"^```([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
MESSAGE_CODE = re.compile(r"\bTD-\d{3}\b")
SMALL_DEMO = "--months 2 --dossiers 500 --provinces 66"
DEMO_MOMENT = "--as-of 2026-10-31 --known-at 2026-12-31T00:00+07:00"
LONGEST_DECISION = 60


@dataclass(frozen=True)
class Block:
    """A fenced block of shell commands."""

    page: str
    commands: str
    reason: str | None


def blocks(page: Path) -> Iterator[Block]:
    """The shell blocks of a page in order; `reason` says why a block is not run."""
    for info, commands in FENCE.findall(page.read_text(encoding="utf-8")):
        language, _, rest = info.strip().partition(" ")
        if language not in {"sh", "bash", "shell", "console"}:
            continue
        assert language == "sh", f"{page.name}: write shell commands as ```sh, not as ```{language}"
        assert not rest or re.fullmatch(r"no-run: .{10,}", rest), f"{page.name}: “{rest}” is no reason"
        yield Block(page.name, commands, rest.removeprefix("no-run: ") or None)


def runnable() -> list[str]:
    """Blocks to run, each once though both READMEs have it."""
    found = [block.commands for page in PAGES for block in blocks(page) if block.reason is None]
    return list(dict.fromkeys(found))


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A working folder with a small published demo in `demo`, where the commands find it.

    Published twice, before the last files had come and since: `rebuild --verify` among the commands
    proves that the second release, whose tables were brought up to date without dbt, is what dbt would build.
    """
    folder = tmp_path_factory.mktemp("documentation")
    before = DEMO_MOMENT.replace("2026-12-31", "2026-10-20")
    refreshes = [f"tiendo refresh --home demo {moment}" for moment in (before, DEMO_MOMENT)]
    for command in (f"tiendo demo --home demo {SMALL_DEMO}", *refreshes):
        done = run(command, folder, TIENDO_THREADS="2")
        assert done.returncode == 0, done.stdout + done.stderr
    return folder


def run(commands: str, folder: Path, **settings: str) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "TIENDO_HOME": str(folder / "demo"),
        "TIENDO_LANG": "vi",
        "HOME": str(folder),
        **settings,
    }
    return subprocess.run(
        ["bash", "-euo", "pipefail", "-c", commands],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=500,
        check=False,
    )


def test_the_second_release_was_made_without_dbt(folder: Path) -> None:
    warehouse = folder / "demo" / "data" / "warehouse"
    first, second = sorted((warehouse / "runs").glob("*.json"))[:2]
    dbt_log = warehouse / "dbt" / "logs" / "dbt.log"
    # The first neither, where another home was built before.
    assert not dbt_log.exists() or dbt_log.stat().st_mtime < first.stat().st_mtime
    assert json.loads(first.read_text())["as_of"] == json.loads(second.read_text())["as_of"]


@pytest.mark.parametrize("commands", runnable(), ids=lambda text: " ".join(text.split())[:60])
def test_commands_run(commands: str, folder: Path) -> None:
    # `rebuild --verify` among them proves with one thread what was published with two.
    done = run(commands, folder, TIENDO_THREADS="1")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_of_the_program_has_an_example() -> None:
    from tiendo.cli import app, releases_app

    shown = "\n".join(commands for commands in runnable())
    names = [
        command.name or command.callback.__name__ for command in app.registered_commands if command.callback
    ]
    names += [f"releases {command.name}" for command in releases_app.registered_commands]
    missing = [name for name in names if not re.search(rf"^tiendo {name}\b", shown, re.MULTILINE)]
    assert missing == []


def test_both_readmes_have_the_same_commands_in_the_same_order() -> None:
    english, vietnamese = ([block.commands for block in blocks(page)] for page in READMES)
    assert english == vietnamese
    english, vietnamese = ([block.reason is None for block in blocks(page)] for page in READMES)
    assert english == vietnamese


def test_both_readmes_show_the_same_output() -> None:
    english, vietnamese = (
        [text for info, text in FENCE.findall(page.read_text(encoding="utf-8")) if info.strip() == "text"]
        for page in READMES
    )
    assert english == vietnamese


@pytest.mark.parametrize("page", READMES, ids=lambda page: page.name)
def test_make_targets_exist(page: Path) -> None:
    makefile = (PROJECT / "Makefile").read_text(encoding="utf-8")
    targets = [
        word
        for block in blocks(page)
        for line in block.commands.splitlines()
        if line.startswith("make ")
        for word in shlex.split(line)[1:]
    ]
    assert targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_links_lead_somewhere(page: Path) -> None:
    prose = FENCE.sub("", page.read_text(encoding="utf-8"))
    targets = [target.partition("#")[0] for target in LINK.findall(prose)]
    local = [target for target in targets if target and "://" not in target]
    assert [target for target in local if not (page.parent / target).exists()] == []


@cache
def codes_in(*paths: Path) -> frozenset[str]:
    return frozenset(
        code for path in paths for code in MESSAGE_CODE.findall(path.read_text(encoding="utf-8"))
    )


def test_codes_are_those_of_the_program() -> None:
    listed = re.findall(r"^\| (TD-\d{3}) \|", (PROJECT / "docs/codes.md").read_text("utf-8"), re.MULTILINE)
    assert listed == sorted(set(listed)), "codes stand in order, each once"
    assert set(listed) == codes_in(*CODE)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(PROJECT)))
def test_codes_named_elsewhere_exist(page: Path) -> None:
    assert codes_in(page) <= codes_in(*CODE)


def test_each_promise_of_security_is_shown_by_tests_that_exist() -> None:
    page = (PROJECT / "docs/security.md").read_text(encoding="utf-8")
    tests = {
        name
        for path in (PROJECT / "tests").rglob("test_*.py")
        for name in re.findall(r"^ *def (test_\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
    }
    tables = re.findall(r"^\| promise \| shown by \|\n\| --- \| --- \|\n((?:\|.*\n)+)", page, re.MULTILINE)
    assert len(tables) == 5
    for promise in "".join(tables).splitlines():
        named = re.findall(r"`(test_\w+)`", promise)
        assert named, promise
        assert set(named) <= tests, promise


def test_decisions_have_one_form() -> None:
    pages = sorted((PROJECT / "docs/decisions").glob("*.md"))
    assert [page.name[:4] for page in pages] == [f"{number:04d}" for number in range(1, len(pages) + 1)]
    for page in pages:
        text = page.read_text(encoding="utf-8")
        assert text.startswith(f"# {page.name[:4]} "), page.name
        assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences"], (
            page.name
        )
        assert re.search(r"^Status: ", text, re.MULTILINE), page.name
        assert len(text.splitlines()) <= LONGEST_DECISION, page.name
