"""What was published: whether readers find a release, and whether it is as it was published."""

import os
from collections.abc import Iterator
from functools import partial

from tiendo.doctor.diagnosis import Diagnosis, Words, fine, listed, told
from tiendo.messages import TiendoError
from tiendo.settings import Home

REFRESH = ("Chạy: tiendo refresh{at}", "Run: tiendo refresh{at}")
WORDS: dict[str, Words] = {
    "nothing_published": (
        "note",
        "Chưa có bản phát hành nào",
        "Nothing has been published yet",
        *REFRESH,
    ),
    "current_is_folder": (
        "error",
        "TD-604 {path} phải là liên kết nhưng đang là thư mục",
        "TD-604 {path} should be a link and is a folder",
        "Chạy: mv {path} {path}.old, rồi: tiendo refresh{at}",
        "Run: mv {path} {path}.old, then: tiendo refresh{at}",
    ),
    "release_lost": ("error", "{vi}", "{en}", *REFRESH),
    "pointers_disagree": (
        "warning",
        "current và current.json không chỉ cùng một bản ({link}; {json})",
        "current and current.json do not lead to the same release ({link}; {json})",
        *REFRESH,
    ),
    "release_damaged": (
        "error",
        "Bản hiện hành {release} không còn nguyên vẹn: {listed}",
        "The release in force, {release}, is not intact: {listed}",
        "Xem: tiendo releases verify{at}; dựng lại: tiendo refresh{at}",
        "Look: tiendo releases verify{at}; make it again: tiendo refresh{at}",
    ),
    "old_release_unreadable": (
        "warning",
        "Bản phát hành cũ không đọc được: {listed}",
        "Old releases cannot be read: {listed}",
        "Xem: tiendo releases verify --all{at}; khôi phục từ bản sao lưu, hoặc xóa thư mục đó",
        "Look: tiendo releases verify --all{at}; restore it from the backup, or remove its folder",
    ),
    "log_lost": (
        "warning",
        "Nhật ký phát hành {path} mất hoặc thiếu dòng",
        "The release log {path} is gone or lacks lines",
        "Khôi phục: cp -p BẢN_SAO/data/curated/log.jsonl {path}; hoặc khóa lại: tiendo releases lock ID{at}",
        "Restore it: cp -p BACKUP/data/curated/log.jsonl {path}; or lock again: tiendo releases lock ID{at}",
    ),
    "release_held_back": (
        "note",
        "Bản {release} đã bị thu hồi; dữ liệu vào như cũ sẽ không phát hành lại",
        "Release {release} was rolled back; the same inputs are not published again",
        "Có dữ liệu mới thì phát hành như thường; muốn ngay: tiendo refresh --full{at}",
        "New inputs publish as usual; at once: tiendo refresh --full{at}",
    ),
}
tell = partial(told, WORDS)


def release(home: Home) -> Iterator[Diagnosis]:
    """The release in force."""
    from tiendo.publish.release import current_release, verify

    if home.current.is_dir() and not home.current.is_symlink():
        yield tell(home, "current_is_folder", path=home.current)
        return
    try:
        path = current_release(home)
    except TiendoError as error:
        yield tell(home, "release_lost", vi=error.text("vi"), en=error.text("en"))
        return
    if path is None:
        yield tell(home, "nothing_published")
        return
    link, json = home.current.resolve().name if home.current.is_symlink() else "-", _told_by_json(home)
    if link != path.name or json != path.name:
        yield tell(home, "pointers_disagree", link=f"current: {link}", json=f"current.json: {json}")
    differences = verify(home, path.name)
    if differences:
        names = listed([f"{each.path} ({each.kind})" for each in differences])
        yield tell(home, "release_damaged", release=path.name, listed=names)
    else:
        yield fine("release", f"Bản phát hành {path.name} nguyên vẹn", f"Release {path.name} is intact")


def shelf(home: Home) -> Iterator[Diagnosis]:
    """Older releases, and the log of what was done to them."""
    from tiendo.publish.log import read_log
    from tiendo.publish.shelf import list_releases
    from tiendo.publish.standing import standing_of

    releases = list_releases(home)
    unreadable = [info.release_id for info in releases if info.known_at is None and not info.is_current]
    if unreadable:
        yield tell(home, "old_release_unreadable", listed=listed(unreadable))
    log = read_log(home)
    entered = {entry.facts.get("release_id") for entry in log}
    if any(info.release_id not in entered for info in releases):
        yield tell(home, "log_lost", path=home.release_log)
    acts = [entry for entry in log if entry.event in ("published", "rolled_back")]
    if acts and acts[-1].event == "rolled_back" and standing_of(log).held_back:
        yield tell(home, "release_held_back", release=acts[-1].facts.get("instead_of"))


def _told_by_json(home: Home) -> str:
    from tiendo.publish.shelf import release_in_json

    folder = release_in_json(home) if os.access(home.current_json, os.R_OK) else None
    return folder.name if folder else "-"
