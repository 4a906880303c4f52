"""Each condition `doctor` knows, made for real in a small home; it changes nothing and never fails itself."""

import hashlib
import json
import os
import re
import resource
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import light_home
import pytest
from light_server import light_tiendo
from typer.testing import CliRunner

from tiendo.cli import app
from tiendo.doctor import CONDITIONS, Diagnosis, examine, machine
from tiendo.doctor.surroundings import SETTINGS
from tiendo.folders import make_folders
from tiendo.intake.landing import intake
from tiendo.messages import TiendoError
from tiendo.publish.keeping import roll_back
from tiendo.references import load_references
from tiendo.runs import RunRecord, Trigger
from tiendo.settings import PROJECT, SHIPPED_PLANS, Home, now

NOBODY = 65534
# What an advice may tell to type; the rest of it says when and why.
COMMAND = re.compile(
    r"\b(tiendo|uv sync|make|git|unset|systemctl|prefect|du|df|mkdir|ps|ulimit|timedatectl|cp|mv|rm|"
    r"findmnt|ls|chown|chmod|find|sudo|pgrep)\b"
)
BY_CHECKOUT = (
    "python_unsupported", "packages_missing", "packages_differ", "program_incomplete", "contract_broken",
    "suite_broken", "plans_broken", "unexamined",
)  # fmt: skip
BY_SMALL_DISK = ("disk_full", "files_used_up", "temporary_short")
BY_NOBODY = ("folder_unwritable", "files_unreadable")
BY_LIMIT = ("disk_short", "memory_short", "filesystem_unfit")
# What the machine of the tests may lack.
LACKING = ("disk_short", "memory_short", "temporary_short", "wrong_user")
IS_ROOT = os.geteuid() == 0


@dataclass
class Scene:
    """A sound home to spoil, and what has to be undone afterwards."""

    home: Home
    monkeypatch: pytest.MonkeyPatch
    stack: ExitStack = field(default_factory=ExitStack)

    def in_raw(self) -> Path:
        return next(self.home.raw.rglob("*phu-song-3*"))

    def landed(self) -> Path:
        return next(self.home.landing.rglob("*.parquet"))

    def release(self) -> Path:
        return self.home.current.resolve()

    def other_release(self) -> Path:
        return next(path for path in self.home.releases.iterdir() if path != self.release())

    def holds_lock(self) -> Path:
        """Another process holds the lock until the test ends; gives its owner file."""
        code = (
            "import sys; from pathlib import Path; from tiendo.lock import run_lock\n"
            "from tiendo.settings import Home\n"
            "with run_lock(Home(Path(sys.argv[1])), 'tiendo refresh'):\n"
            "    print('held', flush=True); sys.stdin.read()"
        )
        process = subprocess.Popen(
            [sys.executable, "-c", code, str(self.home.root)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )  # fmt: skip
        self.stack.enter_context(process)
        self.stack.callback(process.kill)
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        return next(self.home.warehouse.glob("run.lock.owner*"))


def spoil(path: Path, content: bytes = b"\x00\xffnonsense") -> None:
    path.chmod(0o644)
    path.write_bytes(content)


def cut(path: Path) -> None:
    spoil(path, path.read_bytes()[: path.stat().st_size // 2])


def fold(path: Path) -> None:
    remove(path)
    path.mkdir()


def remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink()


def record(scene: Scene, trigger: Trigger | None = None, hours_ago: float = 0) -> RunRecord:
    """A run that has begun some hours ago, and as the last one."""
    if hours_ago:
        shutil.rmtree(scene.home.runs)
    made = RunRecord.begin(scene.home, now().date(), now(), trigger)
    if hours_ago:
        then = now() - timedelta(hours=hours_ago)
        made.path.unlink()
        made.path = scene.home.runs / f"{then:%Y-%m-%dT%H%M%S.%f}.json"
        made.content["started_at"] = then.isoformat()
    return made


def failed_run(scene: Scene) -> None:
    def fails() -> None:
        raise TiendoError("TD-502", "Kiểm tra không đạt.", "Checks failed.")

    with pytest.raises(TiendoError), record(scene) as run:
        run.step("check", lambda function: function(), fails)


def killed_run(scene: Scene) -> None:
    code = (
        "import os, sys; from pathlib import Path; from tiendo.runs import RunRecord\n"
        "from tiendo.settings import *\n"
        "run = RunRecord.begin(Home(Path(sys.argv[1])), now().date(), now())\n"
        "run.step('load', lambda function: function(), lambda: os._exit(9))"
    )
    subprocess.run([sys.executable, "-c", code, str(scene.home.root)], check=False)


def alarmed_run(scene: Scene) -> None:
    run = record(scene)
    due = {"obligation": "o", "due_on": "2026-06-19", "owed": 9, "received": 0, "usual_share": 0.9}
    run.note(reports={"due": [due], "late": 0, "missing": 9})
    run.finish("published", scene.release().name)


def silent_schedule(scene: Scene) -> None:
    run = record(scene, Trigger(scheduled_for=now() - timedelta(hours=30)), hours_ago=30)
    run.finish("nothing_new", scene.release().name)


def future_run(scene: Scene) -> None:
    then = now() + timedelta(days=400)
    (scene.home.runs / f"{then:%Y-%m-%dT%H%M%S.%f}.json").write_text("{}")


def stuck_run(scene: Scene) -> None:
    path = scene.holds_lock()
    owner = json.loads(path.read_text()) | {"started_at": (now() - timedelta(hours=9)).isoformat()}
    path.write_text(json.dumps(owner))


def few_files(scene: Scene) -> None:
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    scene.stack.callback(resource.setrlimit, resource.RLIMIT_NOFILE, before)
    resource.setrlimit(resource.RLIMIT_NOFILE, (256, before[1]))


def unmarked(scene: Scene) -> None:
    scene.home.synthetic_marker.write_text("demo")
    intake(scene.home, load_references(scene.home.plans))
    scene.home.synthetic_marker.unlink()


def newer_warehouse(scene: Scene) -> None:
    content = bytearray(scene.home.database.read_bytes())
    content[52:60] = b"v9.1.0\x00\x00"
    scene.home.database.write_bytes(content)


def without_key(scene: Scene) -> None:
    remove(scene.home.warehouse / "pseudonym.key")
    (scene.home.landing / "dossier/2026-03").mkdir(parents=True)


def leftovers(scene: Scene) -> None:
    (scene.home.releases / f".staging-{scene.release().name}-99999999").mkdir()
    (scene.home.warehouse / f".{'0' * 16}.tmp").write_text("half")


CASES: dict[str, Callable[[Scene], object]] = {
    "setting_malformed": lambda it: it.monkeypatch.setenv("TIENDO_THREADS", "four"),
    "limit_too_low": lambda it: it.monkeypatch.setenv("TIENDO_MEMORY", "500MB"),
    "setting_unknown": lambda it: it.monkeypatch.setenv("TIENDO_THREAD", "4"),
    "prefect_silent": lambda it: it.monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:9/api"),
    "temporary_unusable": lambda it: it.monkeypatch.setenv("TMPDIR", str(it.home.root / "none")),
    "open_files_few": few_files,
    "clock_back": future_run,
    "home_missing": lambda it: remove(it.home.root),
    "folder_misshapen": lambda it: (remove(it.home.curated), it.home.curated.write_text("?")),
    "rights_seen": lambda it: it.home.raw.chmod(0o755),
    "rights_writable": lambda it: it.home.releases.chmod(0o777),
    "rights_closed": lambda it: it.home.releases.chmod(0o700),
    "run_under_way": Scene.holds_lock,
    "run_stuck": stuck_run,
    "lock_unusable": lambda it: fold(it.home.lock),
    "key_lost": without_key,
    "raw_gone": lambda it: remove(it.in_raw()),
    "raw_changed": lambda it: spoil(it.in_raw(), it.in_raw().read_bytes().replace(b"10000", b"10001")),
    "raw_misplaced": lambda it: (it.home.raw / "báo cáo.xlsx").write_text("?"),
    "raw_waiting": lambda it: (remove(it.home.ledger), remove(it.home.current_json), remove(it.home.current)),
    "synthetic_and_real": lambda it: it.home.synthetic_marker.write_text("demo"),
    "synthetic_unmarked": unmarked,
    "ledger_damaged": lambda it: cut(it.home.ledger),
    "working_state_missing": lambda it: remove(it.home.warehouse),
    "working_state_misshapen": lambda it: fold(it.home.ledger),
    "landed_damaged": lambda it: cut(it.landed()),
    "warehouse_damaged": lambda it: cut(it.home.database),
    "warehouse_newer": newer_warehouse,
    "leftovers": leftovers,
    "damaged_kept": lambda it: (it.home.releases / f".damaged-{it.release().name}-1").mkdir(),
    "nothing_published": lambda it: remove(it.home.curated),
    "current_is_folder": lambda it: fold(it.home.current),
    "release_lost": lambda it: remove(it.release()),
    "pointers_disagree": lambda it: remove(it.home.current),
    "release_damaged": lambda it: spoil(it.release() / "covered.parquet"),
    "old_release_unreadable": lambda it: spoil(it.other_release() / "manifest.json"),
    "log_lost": lambda it: remove(it.home.release_log),
    "release_held_back": lambda it: roll_back(it.home, it.other_release().name),
    "run_failed": failed_run,
    "run_interrupted": killed_run,
    "run_alarm": alarmed_run,
    "service_stopped": lambda it: it.home.prefect.mkdir(),
    "schedule_silent": silent_schedule,
    "nobody_told": silent_schedule,
}


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with a submission and two releases."""
    folder = tmp_path_factory.mktemp("doctor")
    with light_tiendo(folder) as program:
        return light_home.make(folder, program)


@pytest.fixture
def scene(sound: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Scene]:
    for name in SETTINGS:
        monkeypatch.delenv(name, raising=False)
    root = tmp_path / "it's home"  # Commands in advice have to be right for any name.
    shutil.copytree(sound, root, symlinks=True)
    scene = Scene(Home(root), monkeypatch)
    with scene.stack:
        yield scene


def tree(folder: Path) -> str:
    """Names, kinds, rights and contents of everything below a folder."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        content = b"" if path.is_dir() else str(path.readlink()) if path.is_symlink() else path.read_bytes()
        facts = path.lstat()
        digest.update(
            repr((str(path), facts.st_mode, facts.st_mtime_ns if path.is_file() else 0, content)).encode()
        )
    return digest.hexdigest()


def assert_told(found: list[Diagnosis], name: str) -> None:
    """The condition is told, in both languages, with a command to type."""
    told = [each for each in found if each.name == name]
    assert told, [(each.name, each.vi) for each in found if each.level != "ok"]
    for each in told:
        assert each.level == CONDITIONS[name][0]
        assert each.vi != each.en
        assert COMMAND.search(each.advice_vi), each.advice_vi
        assert COMMAND.search(each.advice_en), each.advice_en
        assert not re.search(r"\{\w+\}", " ".join((each.vi, each.en, each.advice_vi, each.advice_en)))
    assert "unexamined" not in {each.name for each in found}, [each.en for each in found]


def test_a_sound_home_has_nothing_to_tell(scene: Scene) -> None:
    assert [each for each in examine(scene.home) if each.level != "ok" and each.name not in LACKING] == []


def test_an_empty_home_has_only_to_be_refreshed(tmp_path: Path) -> None:
    home = Home(tmp_path)
    make_folders(home)
    home.root.chmod(0o755)
    told = [each.name for each in examine(home) if each.level != "ok" and each.name not in LACKING]
    assert told == ["nothing_published"]


@pytest.mark.parametrize("name", CASES)
def test_condition(name: str, scene: Scene) -> None:
    CASES[name](scene)
    before = tree(scene.home.root)
    assert_told(examine(scene.home), name)
    assert tree(scene.home.root) == before


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a home to somebody else")
def test_root_in_the_home_of_another(scene: Scene) -> None:
    os.chown(scene.home.root, NOBODY, NOBODY)
    assert_told(examine(scene.home), "wrong_user")


def diagnoses(done: subprocess.CompletedProcess[str]) -> list[Diagnosis]:
    """What a `doctor --json` said, with the words of one language twice."""
    assert "Traceback" not in done.stderr, done.stderr
    return [
        Diagnosis(each["name"], each["level"], each["message"], "", each["advice"], each["advice"])
        for each in json.loads(done.stdout)
    ]


@pytest.fixture(scope="module")
def seen_by_nobody(sound: Path) -> list[Diagnosis]:
    """The home in the eyes of a user who may not read all of it."""
    script = (
        "import json, os, sys; from pathlib import Path; from tiendo.doctor import examine\n"
        "from tiendo.settings import Home\n"
        "import tiendo.intake.scan, tiendo.publish.release, tiendo.quality.suites\n"
        "os.chmod(sys.argv[1] + '/data/curated', 0o555); os.chmod(sys.argv[1] + '/data/raw/coverage', 0)\n"
        "os.geteuid() or os.setuid(65534)\n"
        "print(json.dumps([vars(each) for each in examine(Home(Path(sys.argv[1])))]))"
    )
    # Not below pytest's folder, which nobody else may enter.
    import tempfile

    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder, "home")
        shutil.copytree(sound, home, symlinks=True)
        for path in (Path(folder), home, home / "data", home / "data/raw", home / "data/warehouse"):
            path.chmod(0o755)
        environment = {**os.environ, "PYTHONPATH": str(PROJECT), "TMPDIR": "/tmp"}
        done = subprocess.run(
            [sys.executable, "-c", script, str(home)], capture_output=True, text=True, env=environment
        )
        (home / "data/raw/coverage").chmod(0o700)
    assert done.returncode == 0, done.stderr
    return [Diagnosis(**each) for each in json.loads(done.stdout)]


@pytest.mark.parametrize("name", BY_NOBODY)
def test_rights_of_the_user_who_runs_it(name: str, seen_by_nobody: list[Diagnosis]) -> None:
    assert name in {each.name for each in seen_by_nobody}, seen_by_nobody


@pytest.fixture(scope="module")
def spoilt_checkout(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Diagnosis]:
    """A checkout raised by hand and not installed anew, with a hand in its files."""
    folder = tmp_path_factory.mktemp("checkout")
    for name in ("tiendo", "expectations", "flows"):
        shutil.copytree(PROJECT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(SHIPPED_PLANS, folder / "data/raw/plans")
    seeds = folder / "dbt_project/seeds/reference"
    seeds.mkdir(parents=True)
    shutil.copy(PROJECT / "dbt_project/seeds/reference/org_units.csv", seeds)
    project = (PROJECT / "pyproject.toml").read_text().replace('">=3.11,<3.14"', '">=3.14"', 1)
    project = project.replace("dependencies = [", 'dependencies = [\n    "tiendo-khong-co>=1",', 1)
    (folder / "pyproject.toml").write_text(project)
    lock = (PROJECT / "uv.lock").read_text()
    (folder / "uv.lock").write_text(re.sub(r'(name = "polars"\nversion = )"[^"]+"', r'\1"999.0.0"', lock))
    with (folder / "expectations/contracts/coverage.yml").open("a") as file:
        file.write("\n: [")
    next((folder / "expectations/suites/raw").glob("*.yml")).write_text("name: other")
    (folder / "data/raw/plans/plan_targets.csv").unlink()
    done = run_tiendo_of(folder, "doctor", "--json", "--home", str(sound))
    assert done.returncode == 1
    return diagnoses(done)


def run_tiendo_of(checkout: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    program = "from tiendo.cli import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(checkout)}
    return subprocess.run(
        [sys.executable, "-c", program, *arguments],
        capture_output=True, text=True, check=False, env=environment, cwd=checkout,
    )  # fmt: skip


@pytest.mark.parametrize("name", BY_CHECKOUT)
def test_the_program_itself(name: str, spoilt_checkout: list[Diagnosis]) -> None:
    (told, *_) = [each for each in spoilt_checkout if each.name == name]
    assert told.level == CONDITIONS[name][0]
    assert COMMAND.search(told.advice_vi)


@pytest.fixture(scope="module")
def small_disk(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Diagnosis]:
    """The home on a disk with little room, which is its temporary folder too."""
    folder = tmp_path_factory.mktemp("disk")
    (folder / "disk").mkdir()
    script = (
        'mount -t tmpfs -o size=60m,nr_inodes=900 tmpfs "$1" && cp -a "$2" "$1/home" && '
        'TMPDIR="$1" "$3" doctor --json --home "$1/home"'
    )
    program = light_home.command(folder)
    done = subprocess.run(
        ["unshare", "-rm", "bash", "-c", script, "-", str(folder / "disk"), str(sound), str(program)],
        capture_output=True, text=True, check=False, env={**os.environ, "PYTHONPATH": str(PROJECT)},
    ) if shutil.which("unshare") else None  # fmt: skip
    if done is None or not done.stdout:
        pytest.skip("the system gives no mounts of one's own")
    return diagnoses(done)


@pytest.mark.parametrize("name", BY_SMALL_DISK)
def test_little_room(name: str, small_disk: list[Diagnosis]) -> None:
    assert name in {each.name for each in small_disk}


@pytest.mark.parametrize("name", BY_LIMIT)
def test_limits(name: str, scene: Scene, tmp_path: Path) -> None:
    home, huge = scene.home, 1 << 60
    mounts = tmp_path / "mounts"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\n//server/share {tmp_path} cifs rw 0 0\n")
    probes: dict[str, Iterator[Diagnosis]] = {
        "disk_short": machine.disk(home, needed=huge),
        "memory_short": machine.memory(home, needed=huge),
        "filesystem_unfit": machine.filesystem(home, mounts=mounts),
    }
    if name == "memory_short" and not Path("/proc/meminfo").exists():
        pytest.skip("nothing tells how much memory is free")
    assert_told(list(probes[name]), name)


def test_each_condition_is_made_by_a_test() -> None:
    made = {*CASES, *BY_CHECKOUT, *BY_SMALL_DISK, *BY_NOBODY, *BY_LIMIT, "wrong_user"}
    assert made == set(CONDITIONS)


def test_whatever_is_broken_the_rest_is_examined(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in sorted(scene.home.root.rglob("*"), reverse=True):
        if path.is_file() and not path.is_symlink():
            spoil(path)
    fold(scene.home.release_log)
    monkeypatch.setenv("PREFECT_API_URL", "file:///etc/passwd")
    found = {each.name for each in examine(scene.home)}
    assert found >= {"ledger_damaged", "warehouse_damaged", "release_damaged", "setting_malformed", "python"}


def test_what_is_printed(scene: Scene, sound: Path) -> None:
    root, gone = str(scene.home.root), scene.in_raw()
    remove(gone)
    done = CliRunner().invoke(app, ["doctor", "--home", root, "--json", "--lang", "en"])
    assert done.exit_code == 1
    told = [each for each in json.loads(done.stdout) if each["level"] != "ok"]
    assert [list(each) for each in told] == [["name", "level", "message", "advice"]]
    assert told[0]["name"] == "raw_gone"
    restore, _, refresh = told[0]["advice"].rpartition(": ")
    assert shlex.split(refresh) == ["tiendo", "refresh", "--home", root]
    command = re.findall(r"(cp -p .*), then", restore)[0].replace("BACKUP", shlex.quote(str(sound)))
    assert os.system(command) == 0
    assert gone.is_file()
    remove(gone)
    # Where the home is the one set, commands need not name it; and no line breaks cut them.
    done = CliRunner().invoke(app, ["doctor"], env={"TIENDO_HOME": root, "COLUMNS": "40"})
    assert re.search(r"^  → .*rồi: tiendo refresh$", done.stdout, re.MULTILINE), done.stdout


def test_every_setting_is_known() -> None:
    named: set[Any] = set()
    for folder in ("tiendo", "flows", "dbt_project/profiles.yml", "docs", "README.md"):
        paths = [PROJECT / folder, *(PROJECT / folder).rglob("*")]
        for path in paths:
            if path.suffix in {".py", ".yml", ".md"} and path.is_file():
                named |= set(re.findall(r"\bTIENDO_[A-Z_]+[A-Z]\b", path.read_text(encoding="utf-8")))
    assert named <= set(SETTINGS)
