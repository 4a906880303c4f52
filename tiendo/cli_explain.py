"""The command `explain`, which `cli.py` registers; what it needs is imported when it runs."""

from typing import Annotated

import typer

from tiendo.cli_options import HomeOption, JsonOption, Lang, LangOption, begin, language, release_path


def explain(
    indicator: Annotated[str, typer.Argument(help="Indicator code.")],
    place: Annotated[str, typer.Option("--place", help="Code of a province or commune.")],
    period: Annotated[str, typer.Option("--period", help="Period, such as 2026-Q2 or “Quý II/2026”.")],
    plan: Annotated[
        str | None, typer.Option("--plan", help="Plan whose target is meant.", show_default="the primary one")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Only the part of this unit.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """How a number came about: status, target, path, formula, and its parts down to the cells of files.

    Example: `tiendo explain infra_5g_coverage --place 66 --period 2026-Q2`
    """
    from tiendo.cli_console import console, print_json
    from tiendo.cli_explain_tree import explanation_tree
    from tiendo.publish.release import load_manifest
    from tiendo.report.explain import read_explanation

    where = begin(home, lang)
    found = read_explanation(release_path(where), indicator, place, period, plan, unit)
    manifest = load_manifest(where)
    release = {name: manifest[name] for name in ("release_id", "as_of", "known_at", "is_synthetic")}
    if as_json:
        print_json({"release": release, **found})
    else:
        console().print(explanation_tree(release, found, language()))
