"""What people read about a run that ended and the release then in force, as Markdown; lists are bounded."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from tiendo.messages import TiendoError
from tiendo.publish.query import literal, query
from tiendo.publish.release import load_manifest, release_folder
from tiendo.settings import Home

LISTED = 20


def run_page(home: Home, run: Mapping[str, Any], differences: Iterable[str] = (), previous: str = "") -> str:
    """A run that ended, and the release now in force, as Markdown.

    Args:
        home: Whose run.
        run: Its record.
        differences: What differs from the release before beyond limits, a sentence each.
        previous: Identifier of the release before; empty where there is none.
    """
    lines = [f"# {headline(run)}", ""]
    if home.is_synthetic:
        lines += ["**SỐ LIỆU GIẢ LẬP**", ""]
    if run["error"]:
        lines += [f"> {_plain(run['error']['vi'])}", ""]
    lines += [f"- ⚠ {_plain(alarm['vi'])}" for alarm in run["alarms"]]
    if counts := run["intake"]:
        lines.append(
            f"- Tiếp nhận: {counts['new']} tệp mới, {counts['rejected']} bị từ chối, "
            f"{counts['unchanged']} tệp đã có; {_number(counts['rows_read'])} dòng đọc, "
            f"{_number(counts['rows_quarantined'])} dòng cách ly."
        )
    lines += [f"- Lượt chạy: `{run['run_id']}`, bắt đầu {_moment(run['started_at'])}.", ""]
    try:
        page = release_page(home, "current", differences, previous)
    except TiendoError as error:
        page = f"Chưa có bản phát hành nào dùng được. {_plain(error.text())}"
    return "\n".join(lines) + "\n" + page


def headline(run: Mapping[str, Any]) -> str:
    """What a run came to, in one line."""
    release = run["release_id"]
    return {
        "published": f"Đã phát hành {release}",
        "nothing_new": f"Không có gì mới, bản hiện hành vẫn là {release}",
        "held_back": f"Không phát hành lại bản đã thu hồi, bản hiện hành vẫn là {release}",
        "failed": "Lượt chạy thất bại, không phát hành bản mới",
        "interrupted": "Lượt chạy bị ngắt giữa chừng, không phát hành bản mới",
        "skipped": "Bỏ qua, đã có lượt chạy sau",
        "running": "Đang chạy",
    }[run["outcome"]]


def release_page(
    home: Home, release_id: str = "current", differences: Iterable[str] = (), previous: str = ""
) -> str:
    """A release as Markdown: what is in it, checks failed, what changed against the one before.

    Args:
        home: Whose release.
        release_id: An identifier, or `current`.
        differences: As in `run_page`.
        previous: As in `run_page`.

    Raises:
        TiendoError: TD-604, TD-607 where there is no such release.
    """
    manifest = load_manifest(home, release_id)
    counts, checks = manifest["counts"], manifest["checks"]
    failed = checks.get("failed", [])
    rows: Mapping[str, int] = manifest["row_counts"]
    as_of = date.fromisoformat(manifest["as_of"])
    passed = sum(row["passed"] for row in checks.get("summary", []))
    lines = [
        f"## Bản phát hành {manifest['release_id']}",
        "",
        f"- Số liệu tính đến {as_of:%d/%m/%Y}, theo những gì nhận được đến {_moment(manifest['known_at'])}.",
        f"- {len(rows)} bảng, {_number(sum(rows.values()))} dòng.",
        f"- {_number(counts['submissions'])} lần nộp, {_number(counts['rows_quarantined'])} dòng cách ly.",
        f"- Kiểm tra: {passed} đạt, {len(failed)} cảnh báo.",
        *_checks_failed(home, manifest, failed),
        *_changes(home, manifest, previous),
    ]
    told = list(differences)
    if told:
        lines += ["", f"Khác với bản {previous}, nên xem lại:", ""] if previous else [""]
        lines += [f"- {_plain(line)}" for line in told[:LISTED]]
    if len(told) > LISTED:
        lines.append(f"- … và {len(told) - LISTED} khác biệt nữa")
    return "\n".join(lines) + "\n"


def _checks_failed(home: Home, manifest: Mapping[str, Any], failed: Sequence[Mapping[str, Any]]) -> list[str]:
    """The failed checks in words, from the release's own table."""
    if not failed:
        return []
    ids = ", ".join(literal(check["check_id"]) for check in failed)
    sql = f"select check_id, description_vi from quality_checks where check_id in ({ids})"  # noqa: S608
    words = dict(query(release_folder(home, manifest["release_id"]), sql).iter_rows())
    lines = [
        f"  - {check['check_id']} {_plain(words.get(check['check_id'], ''))} "
        f"({_number(check['rows_failed'] or 0)} dòng)"
        for check in failed[:LISTED]
    ]
    return lines + ([f"  - … và {len(failed) - LISTED} cảnh báo nữa"] if len(failed) > LISTED else [])


def _changes(home: Home, manifest: Mapping[str, Any], previous: str) -> list[str]:
    """Tables with more or fewer rows than in the release before."""
    if not previous or previous == manifest["release_id"]:
        return []
    try:
        before: Mapping[str, int] = load_manifest(home, previous)["row_counts"]
    except TiendoError:
        return []
    after: Mapping[str, int] = manifest["row_counts"]
    changed = [name for name in sorted({*before, *after}) if before.get(name, 0) != after.get(name, 0)]
    if not changed:
        return [f"- Số dòng từng bảng như bản {previous}."]
    return [
        "",
        f"| Bảng | Số dòng ở bản {previous} | Số dòng nay |",
        "| --- | ---: | ---: |",
        *(f"| {name} | {_number(before.get(name, 0))} | {_number(after.get(name, 0))} |" for name in changed),
    ]


def _plain(text: str) -> str:
    """Text that Markdown leaves as it is, on one line."""
    return " ".join(text.replace("<", "&lt;").replace("|", "\\|").replace("`", "'").split())


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _moment(text: str) -> str:
    return f"{datetime.fromisoformat(text):%d/%m/%Y %H:%M}"
