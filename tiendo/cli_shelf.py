"""How the command line shows releases: which there are, what went into one, what is wrong with one."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import console, print_json
from tiendo.messages import Language
from tiendo.settings import TIMEZONE

if TYPE_CHECKING:
    from tiendo.publish.comparing import TableDifference
    from tiendo.publish.keeping import Verdict
    from tiendo.publish.release import Difference, ReleaseInfo
    from tiendo.rebuilding import Rebuilt

KINDS = {
    "missing": ("thiếu", "missing"),
    "changed": ("bị thay đổi", "changed"),
    "added": ("tệp lạ", "added"),
    "unreadable": ("không đọc được", "unreadable"),
}
REASONS = {
    "current": ("giữ: đang hiện hành", "kept: in force"),
    "previous": ("giữ: bản trước, để quay lại được", "kept: in force before, for a rollback"),
    "locked": ("giữ: đã khóa", "kept: locked"),
    "daily": ("giữ: bản cuối của ngày", "kept: last of its day"),
    "monthly": ("giữ: bản cuối của tháng", "kept: last of its month"),
    "unreadable": ("giữ: không đọc được, cần xem tay", "kept: unreadable, look at it"),
    "pruned": ("xóa", "goes"),
}
PARTS = {
    "code_version": ("phiên bản chương trình", "version of the program"),
    "code": ("mã nguồn hoặc gói khóa", "code or locked packages"),
    "versions": ("phiên bản các gói đã cài", "installed packages"),
    "plans": ("tệp kế hoạch", "plan files"),
    "seeds": ("bảng quy tắc (seed)", "seeds"),
    "inputs": ("các lần nộp", "submissions"),
}
SIDES = {
    "release": ("chỉ có trong bản phát hành", "only in the release"),
    "rebuild": ("chỉ có khi dựng lại", "only in the rebuild"),
}
COUNTS = {
    "rows_read": ("Dòng đọc được", "Rows read"),
    "rows_loaded": ("  được dùng", "  loaded"),
    "rows_unchanged": ("  không đổi", "  unchanged"),
    "rows_superseded": ("  bị thay thế", "  superseded"),
    "rows_quarantined": ("  cách ly", "  quarantined"),
}


def print_releases(releases: Sequence["ReleaseInfo"], language: Language, as_json: bool) -> None:
    """The releases of a home."""
    if as_json:
        print_json([vars(release) for release in releases])
        return
    vi = language == "vi"
    table = Table()
    for heading in ("Bản phát hành", "Tính đến", "Biết đến", "Số dòng", "Tình trạng") if vi else (
        "Release", "As of", "Known at", "Rows", "State"
    ):  # fmt: skip
        table.add_column(heading)
    for release in releases:
        known = f"{release.known_at.astimezone(TIMEZONE):%Y-%m-%d %H:%M}" if release.known_at else "?"
        rows = "?" if release.rows is None else f"{release.rows:,}"
        states = (
            (release.is_current, "✓ hiện hành", "✓ current"),
            (release.is_locked, "khóa", "locked"),
            (release.is_rolled_back, "đã thu hồi", "rolled back"),
        )
        said = ", ".join(in_vi if vi else in_en for holds, in_vi, in_en in states if holds)
        table.add_row(release.release_id, str(release.as_of), known, rows, said)
    console().print(table)


def print_release(manifest: Mapping[str, Any], language: Language, as_json: bool) -> None:
    """One release: what decided it, what went in and what came of it."""
    if as_json:
        print_json(manifest)
        return
    out, vi = console(), language == "vi"
    statuses = Counter(str(item.get("status", "")) for item in manifest["inputs"])
    submissions = ", ".join(f"{status} {count}" for status, count in sorted(statuses.items()) if status)
    facts = (
        ("Bản phát hành" if vi else "Release", manifest["release_id"]),
        ("Tính đến" if vi else "As of", manifest["as_of"]),
        ("Biết đến" if vi else "Known at", manifest["known_at"]),
        ("Phiên bản chương trình" if vi else "Code version", _code(manifest)),
        ("Môi trường" if vi else "Environment", _listed(manifest.get("versions", {}))),
        ("Ấn bản" if vi else "Edition", manifest["edition"]),
        ("Kế hoạch, bảng quy tắc" if vi else "Plan files, seeds", _sources(manifest)),
        ("Số lần nộp" if vi else "Submissions", f"{len(manifest['inputs'])} ({submissions})"),
    )
    for label, fact in facts:
        out.print(f"{label}: {escape(str(fact))}")
    for name, words in COUNTS.items():
        if name in manifest["counts"]:
            out.print(f"{words[0 if vi else 1]}: {manifest['counts'][name]:,}")
    failed = manifest["checks"].get("failed", [])
    out.print(f"{'Kiểm tra không đạt' if vi else 'Checks failed'}: {len(failed)}")
    for check in failed:
        out.print(f"  • {check['check_id']} {escape(check['table_name'])} ({check['rows_failed'] or 0:,})")
    table = Table("Bảng" if vi else "Table", "Số dòng" if vi else "Rows")
    for name, count in sorted(manifest["row_counts"].items()):
        table.add_row(name, f"{count:,}")
    out.print(table)


def print_verified(found: Mapping[str, Sequence["Difference"]], language: Language, as_json: bool) -> None:
    """What is wrong with releases, by their identifiers."""
    if as_json:
        print_json(
            {release_id: [vars(item) for item in differences] for release_id, differences in found.items()}
        )
        return
    out, vi = console(), language == "vi"
    for release_id, differences in found.items():
        if not differences:
            out.print(f"{release_id}: {'nguyên vẹn' if vi else 'intact'}")
            continue
        out.print(f"{release_id}: {'KHÔNG nguyên vẹn' if vi else 'NOT intact'}", style="bold red")
        table = Table("Tệp" if vi else "File", "Sai khác" if vi else "Difference")
        for item in differences:
            table.add_row(escape(item.path), KINDS[item.kind][0 if vi else 1])
        out.print(table)
    if any(found.values()):
        out.print(
            "Dựng lại bản hiện hành: tiendo refresh. Bản khác: tiendo refresh --as-of … --known-at … "
            "(xem tiendo releases list)."
            if vi
            else "Make the current one again: tiendo refresh. Another one: tiendo refresh --as-of … "
            "--known-at … (see tiendo releases list)."
        )


def print_pruned(verdicts: Sequence["Verdict"], is_dry: bool, language: Language, as_json: bool) -> None:
    """What the policy keeps, and what goes or went."""
    if as_json:
        print_json({"is_dry_run": is_dry, "releases": [vars(verdict) for verdict in verdicts]})
        return
    out, vi = console(), language == "vi"
    table = Table("Bản phát hành" if vi else "Release", "MB", "Xử lý" if vi else "Verdict")
    for verdict in verdicts:
        said = REASONS[verdict.reason][0 if vi else 1]
        table.add_row(verdict.release_id, f"{verdict.size_bytes / 1e6:,.1f}", said)
    out.print(table)
    gone = [verdict for verdict in verdicts if verdict.reason == "pruned"]
    freed = sum(verdict.size_bytes for verdict in gone) / 1e6
    if vi:
        verb = "Sẽ xóa" if is_dry else "Đã xóa"
        out.print(f"{verb} {len(gone)} bản, {freed:,.1f} MB; giữ {len(verdicts) - len(gone)} bản.")
    else:
        verb = "Would remove" if is_dry else "Removed"
        out.print(f"{verb} {len(gone)} releases, {freed:,.1f} MB; kept {len(verdicts) - len(gone)}.")


def print_rebuilt(rebuilt: "Rebuilt", language: Language, as_json: bool) -> None:
    """Whether a release was proved; else what differs."""
    if as_json:
        print_json({"is_identical": rebuilt.is_identical, **asdict(rebuilt)})
        return
    out, vi = console(), language == "vi"
    if rebuilt.made_otherwise:
        parts = ", ".join(PARTS[part][0 if vi else 1] for part in rebuilt.made_otherwise)
        out.print(
            f"Bản {rebuilt.release_id} được tạo với {parts} khác hiện nay; chỉ so sánh các bảng."
            if vi
            else f"Release {rebuilt.release_id} was made with other {parts}; only its tables are compared."
        )
    if rebuilt.is_identical:
        out.print(
            f"Bản {rebuilt.release_id}: đúng từng byte ({rebuilt.files_compared} tệp; các bảng trong "
            "tiendo.duckdb cũng đúng)."
            if vi
            else f"Release {rebuilt.release_id}: byte for byte the same ({rebuilt.files_compared} files; the "
            "tables in tiendo.duckdb too)."
        )
        return
    out.print(
        f"Bản {rebuilt.release_id}: dựng lại KHÔNG giống."
        if vi
        else f"Release {rebuilt.release_id}: NOT the same.",
        style="bold red",
    )
    for name in rebuilt.differing_files:
        out.print(f"  • {escape(name)}")
    for table in rebuilt.differing_tables:
        _print_table_difference(out, table, vi)


def _print_table_difference(out: Console, found: "TableDifference", vi: bool) -> None:
    if not found.rows:
        out.print(f"{found.table}: {'cùng số liệu, chỉ khác byte' if vi else 'same rows, other bytes'}")
        return
    out.print(f"{found.table} ({found.file}): {found.rows:,} {'dòng khác' if vi else 'rows differ'}")
    for row in found.first:
        out.print(f"  {escape(_row(row, vi))}", style="dim")


def _row(row: Mapping[str, Any], vi: bool) -> str:
    if "key" not in row:
        return str(row)
    key = ", ".join(f"{name}={value}" for name, value in row["key"].items())
    if "only_in" in row:
        return f"{key}: {SIDES[row['only_in']][0 if vi else 1]}"
    return f"{key}: " + ", ".join(f"{name} {was} → {now}" for name, (was, now) in row["changed"].items())


def _code(manifest: Mapping[str, Any]) -> str:
    code = manifest.get("code", {})
    return f"{manifest['code_version']} ({code['sha256'][:10]})" if code else str(manifest["code_version"])


def _sources(manifest: Mapping[str, Any]) -> str:
    return f"{len(manifest.get('plans', {}))}, {len(manifest.get('seeds', {}))}"


def _listed(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {number}" for name, number in versions.items())
