"""The runbook is true: each state it tells of is made, its commands are run as they stand there, and help.

The commands are the real ones with light steps in the place of dbt and the checks (`light_home`).
"""

import os
import re
import shlex
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import light_home
import pytest
from light_server import light_tiendo
from typer.testing import CliRunner

from tiendo.cli import app
from tiendo.doctor import CONDITIONS, examine, machine, program
from tiendo.lock import lock_owner
from tiendo.settings import PROJECT, Home, now

PAGE = PROJECT / "docs" / "runbook.md"
OURS = "no-run: state made by test_runbook.py"
SECTION = re.compile(r"^## ([^\n]+)\n(.*?)(?=^## |\Z)", re.MULTILINE | re.DOTALL)
BLOCK = re.compile(r"^```sh ?([^\n]*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
WRONG = 12_000


def sections() -> dict[str, list[str]]:
    """The blocks of each section that need its state."""
    found = {title: BLOCK.findall(text) for title, text in SECTION.findall(PAGE.read_text(encoding="utf-8"))}
    return {
        title: ours
        for title, all_of in found.items()
        if (ours := [text for why, text in all_of if why == OURS])
    }


@dataclass
class Trouble:
    """A home in some state, and a shell in it.

    Attributes:
        home: The home.
        backup: A copy of it when it was sound.
        program: The command `tiendo`.
        variables: What the page writes with `$`, and settings.
        processes: Those left running.
        figures: What has to be published in the end, where that matters.
    """

    home: Home
    backup: Path
    program: Path
    variables: dict[str, str] = field(default_factory=dict[str, str])
    processes: list[subprocess.Popen[str]] = field(default_factory=list[subprocess.Popen[str]])

    figures: str = ""

    @property
    def environment(self) -> dict[str, str]:
        known = {
            name: value for name, value in os.environ.items() if not name.startswith(light_home.SETTINGS)
        }
        return known | {
            "PATH": f"{self.program.parent}{os.pathsep}{os.environ['PATH']}",
            "PYTHONPATH": str(PROJECT),
            "TIENDO_HOME": str(self.home.root),
            "BACKUP": str(self.backup),
            **self.variables,
        }

    def run(self, commands: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            ["bash", "-euo", "pipefail", "-c", commands],
            cwd=self.home.root.parent,
            env=self.environment | more,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    def fails(self, code: str, commands: str = "tiendo refresh", **more: str) -> None:
        done = self.run(commands, **more)
        assert done.returncode != 0
        assert code in done.stderr + done.stdout, done.stderr + done.stdout

    def start_endless_run(self) -> int:
        """Starts a refresh that does not come to an end; gives its process."""
        shutil.rmtree(self.home.runs)
        environment = self.environment | {"LIGHT_SLEEP": "100"}
        command = [self.program, "refresh"]
        process = subprocess.Popen(command, env=environment, text=True, stderr=subprocess.DEVNULL)
        self.processes.append(process)
        until = time.monotonic() + 60
        while "load" not in "".join(path.read_text() for path in self.home.runs.glob("*.json")):
            assert time.monotonic() < until, "the run has not come to its load"
            time.sleep(0.02)
        return int(lock_owner(self.home)["pid"])

    def send(self, month: int, covered: int) -> str:
        """Submits a file; gives the identifier of its submission."""
        file = str(light_home.coverage(self.home.root.parent, month, covered))
        done = CliRunner().invoke(app, ["submit", file, "--json", "--home", str(self.home.root)])
        assert done.exit_code == 0, done.output
        return re.findall(r"coverage_2026-\d\d_24133_\w+", done.stdout)[0]

    def published(self) -> str:
        return (self.home.current / "covered.parquet").read_bytes().hex()

    def names(self) -> set[str]:
        """The conditions the doctor tells, but for what the machine of the tests may lack."""
        others = {*program.WORDS, *machine.WORDS} - {"clock_back"}
        return {each.name for each in examine(self.home) if each.level != "ok"} - others


def spoil(path: Path) -> None:
    path.chmod(0o644)
    path.write_bytes(b"\x00\xffnonsense")


def failed_checks(it: Trouble) -> set[str]:
    it.variables["SUBMISSION"] = it.send(4, light_home.ABSURD)
    it.fails("TD-502")
    return {"run_failed"}


def drift(it: Trouble) -> set[str]:
    it.variables["LIGHT_FACTOR"] = "2"
    it.fails("TD-510", "tiendo refresh --full --as-of 2026-06-29")
    (it.home.warehouse / "changed").touch()
    return {"run_failed"}


def held_lock(it: Trouble) -> set[str]:
    it.send(4, WRONG)
    it.variables["PID"] = str(it.start_endless_run())
    it.fails("TD-401")
    return {"run_under_way"}


def killed(it: Trouble) -> set[str]:
    it.send(4, WRONG)
    os.kill(it.start_endless_run(), signal.SIGKILL)
    it.processes[0].wait()
    (it.home.releases / f".staging-{it.home.current.resolve().name}-99999999").mkdir()
    return {"run_interrupted", "leftovers"}


def damaged_state(it: Trouble) -> set[str]:
    spoil(it.home.ledger)
    spoil(it.home.database)
    return {"ledger_damaged", "warehouse_damaged"}


def lost_file(it: Trouble) -> set[str]:
    path = next(it.home.raw.rglob("*phu-song-3*"))
    it.variables["FILE"] = path.relative_to(it.home.raw).as_posix()
    path.unlink()
    it.fails("TD-403")
    return {"raw_gone"}


def damaged_release(it: Trouble) -> set[str]:
    spoil(it.home.current / "covered.parquet")
    return {"release_damaged"}


def wrong_figures(it: Trouble) -> set[str]:
    it.figures = it.published()
    it.variables["RELEASE"] = it.home.current.resolve().name
    it.variables["SUBMISSION"] = it.send(4, WRONG)
    assert it.run("tiendo refresh").returncode == 0
    assert it.published() != it.figures
    return set()


def rolled_back(it: Trouble) -> set[str]:
    other = next(path for path in it.home.releases.iterdir() if path != it.home.current.resolve())
    assert it.run(f"tiendo releases rollback {other.name}").returncode == 0
    return {"release_held_back"}


def wrong_rights(it: Trouble) -> set[str]:
    it.home.raw.chmod(0o755)
    it.home.curated.chmod(0o777)
    return {"rights_seen", "rights_writable"}


def wrong_clock(it: Trouble) -> set[str]:
    name = f"{now() + timedelta(days=30):%Y-%m-%dT%H%M%S.%f}.json"
    (it.home.runs / name).write_text("{}")
    it.variables["RECORD"] = name
    it.fails("TD-411")
    return {"clock_back"}


def no_service(it: Trouble) -> set[str]:
    it.home.prefect.mkdir()
    it.variables["PREFECT_API_URL"] = "http://127.0.0.1:9/api"
    it.send(4, WRONG)
    return {"service_stopped"}


def lost_machine(it: Trouble) -> set[str]:
    shutil.rmtree(it.home.root)
    return {"home_missing"}


# The state, and what the doctor may still tell when it is over.
STATES: dict[str, tuple[Callable[[Trouble], set[str]], set[str]]] = {
    "Checks failed": (failed_checks, set()),
    "Figures differ without a reason": (drift, set()),
    "Another run holds the lock": (held_lock, set()),
    "A run was killed": (killed, set()),
    "The working state is damaged": (damaged_state, set()),
    "A received file is gone or changed": (lost_file, set()),
    "The release is damaged": (damaged_release, {"damaged_kept"}),
    "Wrong figures are out": (wrong_figures, set()),
    "A release stays rolled back": (rolled_back, set()),
    "Rights are wrong": (wrong_rights, set()),
    "The clock was wrong": (wrong_clock, set()),
    "The service is down": (no_service, {"service_stopped", "nobody_told"}),
    "Everything on a new machine": (lost_machine, set()),
}


@pytest.fixture(scope="module")
def tiendo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    with light_tiendo(tmp_path_factory.mktemp("program")) as path:
        yield path


@pytest.fixture(scope="module")
def sound(tiendo: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return light_home.make(tmp_path_factory.mktemp("runbook"), tiendo)


@pytest.fixture
def trouble(tiendo: Path, sound: Path, tmp_path: Path) -> Iterator[Trouble]:
    shutil.copytree(sound, tmp_path / "home", symlinks=True)
    it = Trouble(Home(tmp_path / "home"), sound, tiendo)
    yield it
    if number := lock_owner(it.home).get("pid"):
        os.kill(number, signal.SIGKILL)
    for process in it.processes:
        process.wait()


@pytest.mark.parametrize("title", STATES)
def test_commands_end_the_trouble(title: str, trouble: Trouble) -> None:
    make, left = STATES[title]
    expected = make(trouble)
    assert expected <= trouble.names()
    for commands in sections()[title]:
        done = trouble.run(commands)
        assert done.returncode == 0, done.stdout + done.stderr
    assert trouble.names() <= left
    assert trouble.figures in ("", trouble.published())


def test_every_section_is_tried() -> None:
    assert set(re.findall(r"`((?:[a-z]+_)+[a-z]+)`", PAGE.read_text(encoding="utf-8"))) <= set(CONDITIONS)
    assert set(sections()) == {*STATES, "The disk is full"}


def test_a_full_disk(trouble: Trouble) -> None:
    """On a small disk of its own, filled by a release that nobody pruned."""
    if not shutil.which("unshare"):
        pytest.skip("the system gives no mounts of one's own")
    trouble.program = light_home.command(trouble.home.root.parent)  # Starts in the mounts of its shell.
    trouble.send(4, WRONG)
    old = trouble.home.releases / "2026-06-29-0123456789"
    shutil.copytree(next(trouble.home.releases.glob("2026-06-30-*")), old)
    disk = trouble.home.root.with_name("disk")
    trouble.home.root.rename(disk)
    trouble.home.root.mkdir()
    (commands,) = sections()["The disk is full"]
    script = f"""
        mount -t tmpfs -o size=160m tmpfs "$TIENDO_HOME" || exit 77
        cp -a {shlex.quote(str(disk))}/. "$TIENDO_HOME"
        dd if=/dev/zero of="$TIENDO_HOME/data/curated/releases/{old.name}/filler" bs=64k status=none || true
        tiendo refresh && exit 1
        {commands}
        echo "all done: $?"
    """
    done = subprocess.run(
        ["unshare", "-rm", "bash", "-uo", "pipefail", "-c", script],
        env=trouble.environment, cwd=disk.parent, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    if done.returncode == 77 or "unshare" in done.stderr:
        pytest.skip("the system gives no mounts of one's own")
    assert "TD-410" in done.stderr, done.stderr
    assert "all done: 0" in done.stdout, done.stderr
