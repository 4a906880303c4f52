"""How the command line tells what a run did: intake, release, checks, and what a demo put in."""

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import console, print_json, progress_bar, say
from tiendo.cli_runs import print_alarms
from tiendo.cli_tables import print_colours
from tiendo.messages import Language
from tiendo.settings import Home

if TYPE_CHECKING:
    from tiendo.demo import DemoSummary
    from tiendo.intake.receipts import IntakeSummary
    from tiendo.pipeline import Outcome

SHOWN_PROBLEMS = 20
# Steps that tell how far they are.
LONG = ("take_in", "run_models", "run_models_on_spark", "stage_release", "check", "publish_release")


def announced(language: Language) -> Callable[..., Any]:
    """Calls a step of the main job after saying on standard error which one it is."""
    words = {
        "take_in": ("Tiếp nhận tệp nộp", "Taking in files"),
        "load": ("Nạp vào kho số liệu", "Loading the warehouse"),
        "run_models": ("Tính toán", "Computing"),
        "run_models_on_spark": ("Tính toán bằng Spark", "Computing on Spark"),
        "stage_release": ("Ghi bảng chờ phát hành", "Writing tables aside"),
        "check": ("Kiểm tra chất lượng", "Checking quality"),
        "publish_release": ("Phát hành", "Publishing"),
    }

    def call(step: Callable[..., Any], *arguments: Any) -> Any:
        if step.__name__ in words:  # Batches of files are parts of a step.
            vi, en = words[step.__name__]
            say(language, f"{vi}…", f"{en}…")
        if step.__name__ in LONG and sys.stderr.isatty():
            with progress_bar() as progress:
                return step(*arguments, progress=progress)
        return step(*arguments)

    return call


def has_rejections(summary: "IntakeSummary") -> bool:
    """Whether this run met input that could not be taken in whole."""
    return bool(summary.rejected or summary.rows_quarantined or summary.problems)


def print_outcome(
    home: Home, outcome: "Outcome", language: Language, as_json: bool, with_profile: bool = False
) -> None:
    """What a refresh or rebuild came to, and where asked for, where its time went."""
    profile = None
    if with_profile and outcome.record:
        from tiendo.cli_profile import profile_of

        profile = profile_of(home, outcome.record)
    if as_json:
        _print_outcome_json(outcome, language, profile)
        return
    _print_outcome(home, outcome, language)
    if profile:
        from tiendo.cli_profile import print_profile

        print_profile(profile, language)


def _print_outcome_json(outcome: "Outcome", language: Language, profile: dict[str, Any] | None) -> None:
    summary, release = outcome.intake, outcome.release
    content = {
        "release_id": outcome.release_id,
        "is_new": release is not None and not release.was_identical,
        "nothing_new": release is None,
        "held_back": outcome.held_back,
        "row_counts": release.row_counts if release else None,
        "landed": summary.landed,
        "rejected": summary.rejected,
        "rows_quarantined": summary.rows_quarantined,
        "problems": [problem.text(language) for problem in summary.problems],
        "checks_failed": [result.check_id for result in outcome.checks if not result.is_passed],
        "drift": outcome.comparison.content(),
        "seconds": outcome.record.seconds if outcome.record else {},
        "run_id": outcome.record.content["run_id"] if outcome.record else None,
        "alarms": outcome.record.content["alarms"] if outcome.record else [],
    }
    print_json(content | ({"profile": profile} if profile else {}))


def _print_outcome(home: Home, outcome: "Outcome", language: Language) -> None:
    summary, release = outcome.intake, outcome.release
    out, vi = console(), language == "vi"
    for note in outcome.notes(language):
        out.print(note)
    _print_intake(out, summary, language)
    if outcome.record:
        print_alarms(out, outcome.record.content["alarms"], language)
    if release is None:
        out.print(
            f"Không có gì mới; bản phát hành hiện hành vẫn là {outcome.release_id}."
            if vi
            else f"Nothing new; the current release is still {outcome.release_id}."
        )
        return
    if release.was_identical:
        out.print(
            f"Dựng lại cho kết quả giống hệt từng byte với bản phát hành {outcome.release_id}."
            if vi
            else f"Built again, byte for byte the same as release {outcome.release_id}."
        )
    else:
        out.print(
            f"Đã phát hành [bold]{outcome.release_id}[/bold]: {release.path}"
            if vi
            else f"Published [bold]{outcome.release_id}[/bold]: {release.path}"
        )
    rows = ", ".join(f"{name} {count:,}" for name, count in sorted(release.row_counts.items()))
    out.print(f"{'Bảng' if vi else 'Tables'}: {rows}", style="dim")
    _print_checks(out, outcome, language)
    _print_drift(out, outcome, language)
    if outcome.record:
        steps = ", ".join(f"{name} {seconds:.1f} s" for name, seconds in outcome.record.seconds.items())
        out.print(f"{'Thời gian' if vi else 'Times'}: {steps}", style="dim")
    _print_status_summary(out, home, language)


def _print_intake(out: Console, summary: "IntakeSummary", language: Language) -> None:
    if language == "vi":
        out.print(
            f"Tiếp nhận: {summary.landed} tệp mới, {summary.rejected} tệp bị từ chối, "
            f"{summary.known} tệp đã có; {summary.rows_read:,} dòng đọc, "
            f"{summary.rows_quarantined:,} dòng cách ly."
        )
    else:
        out.print(
            f"Intake: {summary.landed} new files, {summary.rejected} rejected, {summary.known} known; "
            f"{summary.rows_read:,} rows read, {summary.rows_quarantined:,} quarantined."
        )
    for problem in summary.problems[:SHOWN_PROBLEMS]:
        out.print(f"  • {escape(problem.text(language))}", style="yellow")
    hidden = len(summary.problems) - SHOWN_PROBLEMS
    if hidden > 0:
        out.print(f"  … {hidden}", style="yellow")


def _print_checks(out: Console, outcome: "Outcome", language: Language) -> None:
    failed = [result for result in outcome.checks if not result.is_passed]
    passed = len(outcome.checks) - len(failed)
    vi = language == "vi"
    out.print(
        f"Kiểm tra: {passed} đạt, {len(failed)} cảnh báo."
        if vi
        else f"Checks: {passed} passed, {len(failed)} warnings."
    )
    for result in failed[:SHOWN_PROBLEMS]:
        text = result.description_vi if vi else result.description_en
        out.print(f"  • {result.check_id} {escape(text)} ({escape(result.observed)})", style="yellow")
    if failed and outcome.release:
        page = outcome.release.path / "quality" / "index.html"
        out.print(f"  {'Từng dòng' if vi else 'Every row'}: {escape(str(page))}", style="yellow")


def _print_drift(out: Console, outcome: "Outcome", language: Language) -> None:
    """What differs from the release before beyond limits; silent where nothing does."""
    comparison, vi = outcome.comparison, language == "vi"
    lines = comparison.lines(language)
    if comparison.accepted:
        reason = escape(comparison.accepted)
        out.print(f"Đã chấp nhận khác biệt: {reason}" if vi else f"Differences accepted: {reason}")
    elif lines and comparison.drifts:
        out.print(
            f"Khác với bản {comparison.previous}, nên xem lại:"
            if vi
            else f"Other than in release {comparison.previous}, worth a look:"
        )
    for line in lines[:SHOWN_PROBLEMS]:
        out.print(f"  • {escape(line)}", style="yellow")
    if len(lines) > SHOWN_PROBLEMS:
        out.print(f"  … {len(lines) - SHOWN_PROBLEMS}", style="yellow")


def _print_status_summary(out: Console, home: Home, language: Language) -> None:
    from tiendo.publish.release import current_release
    from tiendo.report.status import read_counts

    path = current_release(home)
    if path is not None:
        print_colours(out, read_counts(path), language)


def print_demo(home: Home, summary: "DemoSummary", language: Language, as_json: bool) -> None:
    """What the demo put into its home."""
    if as_json:
        forms = {form: vars(tally) for form, tally in summary.forms.items()}
        print_json({"home": str(home.root), "forms": forms, "rules": dict(summary.rules)})
        return
    out, vi = console(), language == "vi"
    out.print(
        f"Đã tạo số liệu GIẢ LẬP trong {home.root}." if vi else f"SYNTHETIC figures are in {home.root}.",
        style="bold",
    )
    table = Table(
        "Biểu mẫu" if vi else "Form",
        *(
            ("Tệp nhận", "Không đổi", "Từ chối", "Dòng", "Cách ly")
            if vi
            else ("Landed", "Unchanged", "Rejected", "Rows", "Quarantined")
        ),
    )
    for form, tally in summary.forms.items():
        cells = (tally.landed, tally.unchanged, tally.rejected, tally.rows_read, tally.rows_quarantined)
        table.add_row(form, *(f"{cell:,}" for cell in cells))
    out.print(table)
    moment = f"--as-of {summary.last_month}-31 --known-at 2026-12-31"
    out.print(f"{'Tiếp theo' if vi else 'Next'}: tiendo refresh --home {home.root} {moment}")
