"""The home as a place: its folders, who may read and write them, the lock, the key, the mark of a demo."""

import os
import pwd
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path

from tiendo.doctor.diagnosis import Diagnosis, Words, existing, fine, listed, told
from tiendo.folders import exposures
from tiendo.lock import lock_owner
from tiendo.settings import Home, now

LONGEST_RUN = timedelta(hours=3)
REMEDY = ("Chạy: {remedy}", "Run: {remedy}")
WORDS: dict[str, Words] = {
    "home_missing": (
        "error",
        "Không có thư mục {path}",
        "There is no folder {path}",
        "Ổ đĩa đã gắn chưa: findmnt -T {path}; TIENDO_HOME có đúng không: echo $TIENDO_HOME",
        "Is its disk mounted: findmnt -T {path}; is TIENDO_HOME right: echo $TIENDO_HOME",
    ),
    "folder_misshapen": (
        "error",
        "{path} phải là thư mục nhưng là tệp",
        "{path} should be a folder and is a file",
        "Chạy: mv {path} {path}.old, rồi: tiendo refresh{at}",
        "Run: mv {path} {path}.old, then: tiendo refresh{at}",
    ),
    "folder_unwritable": (
        "error",
        "Không đọc và ghi được {path}",
        "{path} cannot be read and written",
        "Xem: ls -ld {nearest}; với quyền quản trị: chown {user} {nearest} && chmod u+rwx {nearest}",
        "Look: ls -ld {nearest}; as administrator: chown {user} {nearest} && chmod u+rwx {nearest}",
    ),
    "files_unreadable": (
        "error",
        "Không đọc được {listed} (thuộc về {owner})",
        "Cannot read {listed} (owned by {owner})",
        "Với quyền quản trị: chown -hR {user} {root}/data",
        "As administrator: chown -hR {user} {root}/data",
    ),
    "wrong_user": (
        "warning",
        "Đang chạy bằng root, còn thư mục thuộc về {owner}: {owner} sẽ không dùng được tệp mới",
        "Run by root, while the home is {owner}'s: {owner} could not use what root makes",
        "Chạy lệnh bằng người dùng đó: sudo -u {owner} tiendo refresh{at}",
        "Run commands as that user: sudo -u {owner} tiendo refresh{at}",
    ),
    "rights_seen": ("warning", "Người khác đọc được {path}", "Others can look into {path}", *REMEDY),
    "rights_writable": (
        "warning",
        "Người khác hoặc chương trình khác sửa được {path}",
        "{path} can be altered",
        *REMEDY,
    ),
    "rights_closed": (
        "warning",
        "Chuyên viên phân tích không đọc được {path}",
        "Analysts cannot read {path}",
        *REMEDY,
    ),
    "run_under_way": (
        "note",
        "Đang có lượt chạy: {command}, tiến trình {pid}, từ {since}",
        "A run is under way: {command}, process {pid}, since {since}",
        "Chờ lượt đó xong; xem: ps -fp {pid}",
        "Wait until it ends; look: ps -fp {pid}",
    ),
    "run_stuck": (
        "warning",
        "Lượt chạy {command} (tiến trình {pid}) kéo dài từ {since}",
        "The run {command} (process {pid}) has lasted since {since}",
        "Còn làm gì không: ps -fp {pid}; nếu treo: kill {pid}, rồi: tiendo refresh{at}",
        "Is it doing anything: ps -fp {pid}; if it hangs: kill {pid}, then: tiendo refresh{at}",
    ),
    "lock_unusable": (
        "error",
        "Không mở được khóa {path}",
        "The lock {path} cannot be opened",
        "Khi chắc chắn không có lượt chạy nào (pgrep -af tiendo): mv {path} {path}.old",
        "Once it is sure that nothing runs (pgrep -af tiendo): mv {path} {path}.old",
    ),
    "key_lost": (
        "warning",
        "Khóa mã hóa {path} không còn hoặc bị hỏng",
        "The pseudonym key {path} is gone or damaged",
        "Khôi phục từ bản sao lưu (chmod 600 {path}); không có thì tạo khóa mới: tiendo refresh{at}",
        "Restore it from the backup (chmod 600 {path}); if there is none, make one: tiendo refresh{at}",
    ),
}
tell = partial(told, WORDS)


def folders(home: Home) -> Iterator[Diagnosis]:
    """Whether the folders are there and can be written to."""
    if not home.root.is_dir():
        yield tell(home, "home_missing", path=home.root)
        return
    is_fine = True
    for folder in (home.root / "data", home.raw, home.warehouse, home.curated, home.releases):
        nearest = existing(folder)
        if not nearest.is_dir():
            is_fine = False
            yield tell(home, "folder_misshapen", path=nearest)
            return
        if not os.access(nearest, os.R_OK | os.W_OK | os.X_OK):
            is_fine = False
            yield tell(home, "folder_unwritable", path=folder, nearest=nearest, user=_user(os.geteuid()))
            return
    if is_fine:
        yield fine("folders", f"Ghi được vào {home.root}", f"{home.root} is writable")


def files(home: Home) -> Iterator[Diagnosis]:
    """Received files and working state that the present user cannot read, left by another one's run."""
    if not home.root.is_dir():
        return
    found = sorted(path for folder in (home.raw, home.warehouse) for path in _unreadable(folder))
    if found:
        owner = _user(found[0].lstat().st_uid)
        names = listed([path.relative_to(home.root).as_posix() for path in found], most=3)
        facts = {"owner": owner, "user": _user(os.geteuid()), "root": home.root}
        yield tell(home, "files_unreadable", listed=names, **facts)
    if os.geteuid() == 0 and (number := home.root.stat().st_uid):
        yield tell(home, "wrong_user", owner=_user(number))


def rights(home: Home) -> Iterator[Diagnosis]:
    """Who else may look in or alter something."""
    found = list(exposures(home))
    for exposure in found:
        yield tell(home, f"rights_{exposure.kind}", path=exposure.path, remedy=exposure.remedy)
    if not found:
        yield fine("rights", "Quyền truy cập thư mục đúng", "The rights on folders are right")


def lock(home: Home) -> Iterator[Diagnosis]:
    """Whether a run is under way or hangs; the lock itself is not touched."""
    if os.path.lexists(home.lock) and not (home.lock.is_file() and os.access(home.lock, os.R_OK | os.W_OK)):
        yield tell(home, "lock_unusable", path=home.lock)
        return
    owner = lock_owner(home)
    if not owner:
        yield fine("lock", "Không có lượt chạy nào", "No run is under way")
        return
    since = datetime.fromisoformat(owner["started_at"])
    name = "run_stuck" if now() - since > LONGEST_RUN else "run_under_way"
    facts = {"command": owner["command"], "pid": owner["pid"], "since": f"{since:%d/%m/%Y %H:%M}"}
    yield tell(home, name, **facts)


def key(home: Home) -> Iterator[Diagnosis]:
    """The key of the pseudonyms, where something was landed under one."""
    from tiendo.intake.contracts import load_contracts
    from tiendo.intake.pseudonyms import KEY_BYTES, key_path

    forms = [form for form, contract in load_contracts().items() if contract.pseudonyms]
    path = key_path(home)
    if any((home.landing / form).is_dir() for form in forms) and not (
        path.is_file() and path.stat().st_size == KEY_BYTES
    ):
        yield tell(home, "key_lost", path=path)


def _unreadable(folder: Path) -> Iterator[Path]:
    for parent, names, files_there in os.walk(folder):
        for name in (*names, *files_there):
            path = Path(parent, name)
            needed = os.R_OK | (os.W_OK | os.X_OK if name in names else 0)
            if not path.is_symlink() and not os.access(path, needed):
                yield path


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)
