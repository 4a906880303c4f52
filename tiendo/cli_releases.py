"""`tiendo releases`: what was published, and what may be done with it."""

from typing import Annotated

import typer

from tiendo.cli_options import HomeOption, JsonOption, Lang, LangOption, begin, language

releases_app = typer.Typer(help="Published releases.", no_args_is_help=True)


@releases_app.command("list")
def releases_list(home: HomeOption = None, as_json: JsonOption = False, lang: LangOption = Lang.vi) -> None:
    """Published releases, newest first.

    Example: `tiendo releases list`
    """
    from tiendo.cli_tables import print_releases
    from tiendo.publish.release import list_releases

    print_releases(list_releases(begin(home, lang)), language(), as_json)


@releases_app.command("show")
def releases_show(
    release_id: Annotated[str, typer.Argument(help="Identifier, or “current”.")] = "current",
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """One release: what it speaks of, its tables, inputs and checks.

    Example: `tiendo releases show current`
    """
    from tiendo.cli_tables import print_release
    from tiendo.publish.release import load_manifest

    print_release(load_manifest(begin(home, lang), release_id), language(), as_json)
