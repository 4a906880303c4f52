"""The command `report`, which `cli.py` registers; what it needs is imported when it runs."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo.cli_options import HomeOption, JsonOption, Lang, LangOption, begin, language, refuse_inside_data

if TYPE_CHECKING:
    from tiendo.report.monthly.scope import Scope
    from tiendo.report.monthly.writing import Written


def report(
    period: Annotated[str, typer.Option("--period", help="The month, such as 2026-10 or “Tháng 10/2026”.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="Folder to write to.")],
    province: Annotated[
        str | None, typer.Option("--province", help="Only this province and its communes with a plan.")
    ] = None,
    templates: Annotated[
        Path | None,
        typer.Option(
            "--templates",
            help="Folder with your own copies of the templates.",
            show_default="the shipped ones",
        ),
    ] = None,
    release: Annotated[
        str | None,
        typer.Option(
            "--release",
            help="Identifier of a release, or “current”.",
            show_default="the one that closed the month, else the current one",
        ),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Write the monthly report: a Word document with a page for leaders in front, and an Excel workbook.

    One pair for each province with a plan, and for each commune with a plan of its own.

    Example: `tiendo report --period 2026-10 --province 66 -o bao-cao`
    """
    from tiendo.cli_console import print_json
    from tiendo.report.monthly.scope import settle
    from tiendo.report.monthly.writing import write_reports

    where = begin(home, lang)
    refuse_inside_data(where, output)
    scope = settle(where, period, province, release)
    written = write_reports(scope, output, templates)
    if as_json:
        print_json([_record(scope, item) for item in written])
    else:
        _print(scope, written)


def _record(scope: "Scope", item: "Written") -> dict[str, object]:
    return {
        "org_code": item.subject.org_code,
        "name_vi": item.subject.name_vi,
        "period": scope.period,
        "release_id": scope.manifest["release_id"],
        "as_of": scope.manifest["as_of"],
        "is_synthetic": scope.manifest["is_synthetic"],
        "document": str(item.document),
        "workbook": str(item.workbook),
    }


def _print(scope: "Scope", written: "list[Written]") -> None:
    from tiendo.cli_console import console

    out, vi = console(), language() == "vi"
    month, release_id = f"{scope.ends_on:%m/%Y}", scope.manifest["release_id"]
    out.print(
        f"Báo cáo tháng {month}, từ bản {release_id}:" if vi else f"Report of {month}, from {release_id}:"
    )
    for item in written:
        out.print(f"  {item.subject.name_vi}: {item.document}, {item.workbook.name}", markup=False)
    if scope.as_of > scope.ends_on:
        out.print(
            f"Nhiệm vụ, minh chứng và điểm là tình trạng đến {scope.as_of:%d/%m/%Y}; muốn đúng cuối tháng: "
            f"tiendo refresh --from {scope.period} --to {scope.period}, rồi chọn bản đó bằng --release."
            if vi
            else f"Tasks, evidence and scores are as of {scope.as_of}; for the month's end: "
            f"tiendo refresh --from {scope.period} --to {scope.period}, then choose it with --release."
        )
    if scope.manifest["is_synthetic"]:
        out.print(
            "Số liệu giả lập, không dùng để báo cáo." if vi else "Synthetic figures, not for reporting."
        )
