"""Who may look into a home, whatever the umask; what `doctor` says where it is otherwise."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from tiendo.cli_options import refuse_inside_data
from tiendo.doctor import examine
from tiendo.folders import exposures, make_folders
from tiendo.intake.pseudonyms import key_of
from tiendo.lock import run_lock
from tiendo.messages import TiendoError
from tiendo.publish.files import seal_folder, write_atomically
from tiendo.settings import Home


@pytest.fixture(params=[0o000, 0o022, 0o077], ids=oct)
def umask(request: pytest.FixtureRequest) -> Iterator[None]:
    before = os.umask(request.param)
    yield
    os.umask(before)


def modes(home: Home) -> dict[str, str]:
    return {
        path.relative_to(home.root).as_posix(): f"{path.stat().st_mode & 0o777:o}"
        for path in (home.root / "data").rglob("*")
        if not path.is_symlink() and "run.lock" not in path.name
    }


def published(home: Home) -> Path:
    """A home with a key and a release of one file."""
    with run_lock(home, "test"):
        key_of(home)
        release = home.releases / "2026-06-30-0123456789"
        (release / "quality").mkdir(parents=True)
        (release / "quality/index.html").write_text("<p>", encoding="utf-8")
        seal_folder(release)
        home.current.symlink_to(f"releases/{release.name}")
        write_atomically(home.current_json, "{}")
    return release


@pytest.mark.usefixtures("umask")
def test_received_files_are_private_and_releases_readable(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    published(home)
    assert {path.stat().st_mode & 0o777 for path in (home.root, home.root / "data")} == {0o755}
    assert modes(home) == {
        "data/raw": "700",
        "data/warehouse": "700",
        "data/warehouse/pseudonym.key": "600",
        "data/curated": "755",
        "data/curated/current.json": "644",
        "data/curated/releases": "755",
        "data/curated/releases/2026-06-30-0123456789": "755",
        "data/curated/releases/2026-06-30-0123456789/quality": "755",
        "data/curated/releases/2026-06-30-0123456789/quality/index.html": "444",
    }
    assert list(exposures(home)) == []


def test_rights_given_by_hand_are_kept(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    make_folders(home)
    home.raw.chmod(0o750)
    make_folders(home)
    assert home.raw.stat().st_mode & 0o777 == 0o750
    assert list(exposures(home)) == []


@pytest.mark.parametrize(
    ("path", "mode", "kind"),
    [
        ("raw", 0o755, "seen"),
        ("warehouse", 0o701, "seen"),
        ("warehouse/pseudonym.key", 0o640, "seen"),
        ("curated", 0o775, "writable"),
        ("curated/releases", 0o777, "writable"),
        ("curated/releases", 0o700, "closed"),
        ("curated/current", 0o775, "writable"),
        ("curated/current/quality/index.html", 0o644, "writable"),
    ],
)
def test_doctor_tells_wrong_rights_and_the_command_repairs_them(
    tmp_path: Path, path: str, mode: int, kind: str
) -> None:
    home = Home(tmp_path / "home")
    published(home)
    (home.root / "data" / path).chmod(mode)
    (exposure,) = exposures(home)
    assert exposure.kind == kind
    told = [diagnosis for diagnosis in examine(home) if diagnosis.advice_vi == f"Chạy: {exposure.remedy}"]
    assert [diagnosis.level for diagnosis in told] == ["warning"]
    assert str(exposure.path) in told[0].vi
    assert os.system(exposure.remedy) == 0
    assert list(exposures(home)) == []


def test_nothing_is_written_among_the_files_of_the_home(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")
    release = published(home)
    (tmp_path / "link").symlink_to(home.raw)
    (tmp_path / "file.csv").symlink_to(release / "quality/index.html")
    (home.curated / "out.csv").symlink_to(tmp_path / "out.csv")
    for target in (
        home.raw / "plans.csv",
        home.current / "tiendo.duckdb",
        home.curated / "out.csv",
        home.root / "other/../data/curated/x.csv",
        tmp_path / "link/x.csv",
        tmp_path / "file.csv",
    ):
        with pytest.raises(TiendoError, match="TD-631") as caught:
            refuse_inside_data(home, target)
        assert caught.value.exit_code == 2
    for target in (None, tmp_path / "x.csv", home.root / "x.csv", Path("/dev/stdout")):
        refuse_inside_data(home, target)
