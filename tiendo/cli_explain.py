"""The command `explain`, which `cli.py` registers; what it needs is imported when it runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tiendo.cli_options import HomeOption, JsonOption, Lang, LangOption, begin, language, release_path
from tiendo.messages import Language, TiendoError

if TYPE_CHECKING:
    from rich.tree import Tree


def explain(
    subject: Annotated[
        list[str], typer.Argument(help="Indicator code; or: task PLAN ROW_REF; or: agency CODE.")
    ],
    place: Annotated[str | None, typer.Option("--place", help="Code of a province or commune.")] = None,
    period: Annotated[
        str | None, typer.Option("--period", help="Period, such as 2026-Q2 or “Quý II/2026”.")
    ] = None,
    plan: Annotated[
        str | None, typer.Option("--plan", help="Plan whose target is meant.", show_default="the primary one")
    ] = None,
    unit: Annotated[str | None, typer.Option("--unit", help="Only the part of this unit.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """How a number, the state of a task or the score of an agency came about, down to the cells of files.

    Examples: `tiendo explain infra_5g_coverage --place 66 --period 2026-Q2`,
    `tiendo explain task dak-lak-2025-kh02-bcd row-50`, `tiendo explain agency dl_so_khcn`
    """
    from tiendo.cli_console import console, print_json
    from tiendo.publish.release import load_manifest

    where = begin(home, lang)
    manifest = load_manifest(where)
    release = {name: manifest[name] for name in ("release_id", "as_of", "known_at", "is_synthetic")}
    found, tree = _read(release_path(where), subject, (place, period, plan, unit), release, language())
    if as_json:
        print_json({"release": release, **found})
    else:
        console().print(tree)


def _read(
    path: Path,
    subject: list[str],
    options: tuple[str | None, str | None, str | None, str | None],
    release: dict[str, Any],
    language: Language,
) -> "tuple[dict[str, Any], Tree]":
    """What is known of the subject, and its tree."""
    place, period, plan, unit = options
    match subject:
        case ["task", plan_id, row_ref] if not any(options):
            from tiendo.cli_explain_task import task_tree
            from tiendo.report.explain_task import read_task

            task = read_task(path, release["as_of"], plan_id, row_ref)
            return task, task_tree(release, task, language)
        case ["agency", agency] if not any(options):
            from tiendo.cli_explain_agency import agency_tree
            from tiendo.report.explain_agency import read_agency

            card = read_agency(path, agency)
            return card, agency_tree(release, card, language)
        case [indicator] if place and period:
            from tiendo.cli_explain_tree import explanation_tree
            from tiendo.report.explain import read_explanation

            figure = read_explanation(path, indicator, place, period, plan, unit)
            return figure, explanation_tree(release, figure, language)
        case _:
            raise TiendoError(
                "TD-717",
                "Không rõ cần giải thích gì.",
                "It is not clear what is to be explained.",
                "Viết: tiendo explain MÃ_CHỈ_TIÊU --place 66 --period 2026-Q2; "
                "tiendo explain task KẾ_HOẠCH MÃ_NHIỆM_VỤ; tiendo explain agency MÃ_CƠ_QUAN.",
                "Write: tiendo explain INDICATOR --place 66 --period 2026-Q2; "
                "tiendo explain task PLAN ROW_REF; tiendo explain agency CODE.",
                exit_code=2,
            )
