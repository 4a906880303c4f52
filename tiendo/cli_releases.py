"""`tiendo releases`: what was published, whether it is intact, and what may be done with it."""

from typing import Annotated

import typer

from tiendo.cli_console import console, print_json
from tiendo.cli_diff import releases_diff
from tiendo.cli_options import HomeOption, JsonOption, Lang, LangOption, begin, language

releases_app = typer.Typer(help="Published releases.", no_args_is_help=True)
releases_app.command("diff")(releases_diff)

ReleaseArgument = Annotated[str, typer.Argument(help="Identifier, or “current”.")]
ReasonOption = Annotated[str | None, typer.Option("--reason", help="Why, for the log.")]


@releases_app.command("list")
def releases_list(home: HomeOption = None, as_json: JsonOption = False, lang: LangOption = Lang.vi) -> None:
    """Published releases, newest first: which is in force, locked, rolled back.

    Example: `tiendo releases list`
    """
    from tiendo.cli_shelf import print_releases
    from tiendo.publish.release import list_releases

    print_releases(list_releases(begin(home, lang)), language(), as_json)


@releases_app.command("show")
def releases_show(
    release_id: ReleaseArgument = "current",
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """One release: what it speaks of, its inputs, versions, row counts and failed checks.

    Example: `tiendo releases show current`
    """
    from tiendo.cli_shelf import print_release
    from tiendo.publish.release import load_manifest

    print_release(load_manifest(begin(home, lang), release_id), language(), as_json)


@releases_app.command("verify")
def releases_verify(
    release_id: ReleaseArgument = "current",
    every: Annotated[bool, typer.Option("--all", help="All releases.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Whether every file is as it was published; exit code 1 where one byte is not.

    Example: `tiendo releases verify --all`
    """
    from tiendo.cli_shelf import print_verified
    from tiendo.publish.release import list_releases, release_folder, verify

    place = begin(home, lang)
    chosen = [info.release_id for info in list_releases(place)] if every else []
    if not every:
        chosen = [release_folder(place, release_id).name]
    found = {name: verify(place, name) for name in chosen}
    print_verified(found, language(), as_json)
    if any(found.values()):
        raise typer.Exit(1)


@releases_app.command("rollback")
def releases_rollback(
    release_id: Annotated[str, typer.Argument(help="Identifier of the release to go back to.")],
    reason: ReasonOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Make an earlier release the one in force; the one left is not published again by itself.

    Example: `tiendo releases rollback 2026-06-30-0f3a5c7e91 --reason "sai số liệu phủ sóng 5G"`
    """
    from tiendo.lock import run_lock
    from tiendo.publish.keeping import roll_back

    place = begin(home, lang)
    with run_lock(place, "tiendo releases rollback"):
        done = roll_back(place, release_id, reason)
    if not done.is_changed:
        vi = f"Bản {done.release_id} đang là bản hiện hành; không có gì thay đổi."
        en = f"Release {done.release_id} is in force already; nothing changed."
    else:
        vi = (
            f"Bản hiện hành nay là {done.release_id}, thay cho {done.instead_of}.\n"
            "Lượt chạy sau không phát hành lại bản đã thu hồi khi dữ liệu vào chưa có gì mới; có dữ liệu mới "
            f"thì phát hành như thường lệ. Muốn dùng lại: tiendo releases rollback {done.instead_of}"
        )
        en = (
            f"The release in force is now {done.release_id}, in place of {done.instead_of}.\n"
            "The next run does not publish that one again from the same inputs; new inputs publish as usual. "
            f"To bring it back: tiendo releases rollback {done.instead_of}"
        )
    _tell(vars(done), vi, en, as_json)


@releases_app.command("lock")
def releases_lock(
    release_id: ReleaseArgument,
    reason: ReasonOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Keep a release for good: prune leaves it alone.

    Example: `tiendo releases lock current --reason "báo cáo quý II"`
    """
    from tiendo.lock import run_lock
    from tiendo.publish.keeping import lock_release

    place = begin(home, lang)
    with run_lock(place, "tiendo releases lock"):
        identifier = lock_release(place, release_id, reason)
    vi, en = f"Đã khóa bản {identifier}: không bị xóa khi dọn.", f"Release {identifier} is locked."
    _tell({"release_id": identifier, "is_locked": True}, vi, en, as_json)


@releases_app.command("unlock")
def releases_unlock(
    release_id: ReleaseArgument,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Undo a lock; the next prune treats the release like any other.

    Example: `tiendo releases unlock current`
    """
    from tiendo.lock import run_lock
    from tiendo.publish.keeping import unlock_release

    place = begin(home, lang)
    with run_lock(place, "tiendo releases unlock"):
        identifier, was_locked = unlock_release(place, release_id)
    if was_locked:
        vi, en = f"Đã mở khóa bản {identifier}.", f"Release {identifier} is unlocked."
    else:
        vi, en = f"Bản {identifier} vốn không khóa.", f"Release {identifier} was not locked."
    _tell({"release_id": identifier, "is_locked": False}, vi, en, as_json)


@releases_app.command("prune")
def releases_prune(
    daily: Annotated[
        int, typer.Option("--keep-daily", min=0, envvar="TIENDO_KEEP_DAILY", help="How many days to keep.")
    ] = 14,
    monthly: Annotated[
        int,
        typer.Option("--keep-monthly", min=0, envvar="TIENDO_KEEP_MONTHLY", help="How many months to keep."),
    ] = 24,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Remove old releases: the last of each of 14 days and 24 months stay, and what is locked or in force.

    Example: `tiendo releases prune --dry-run`
    """
    from tiendo.cli_shelf import print_pruned
    from tiendo.lock import run_lock
    from tiendo.publish.keeping import judge, prune

    place = begin(home, lang)
    with run_lock(place, "tiendo releases prune"):
        verdicts = judge(place, daily, monthly)
        if not dry_run:
            prune(place, verdicts)
    print_pruned(verdicts, dry_run, language(), as_json)


def _tell(facts: dict[str, object], vi: str, en: str, as_json: bool) -> None:
    if as_json:
        print_json(facts)
    else:
        console().print(vi if language() == "vi" else en, markup=False)
