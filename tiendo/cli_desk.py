"""The commands of the front desk, which `cli.py` registers: `submit`, `check`, `inspect` and `template`."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo.cli_options import (
    HomeOption,
    JsonOption,
    Lang,
    LangOption,
    begin,
    language,
    moment_of,
    parse_day,
    refuse_inside_data,
    speak,
)
from tiendo.messages import TiendoError
from tiendo.settings import SHIPPED_PLANS

if TYPE_CHECKING:
    from tiendo.intake.receipts import Receipt

OrgOption = Annotated[str | None, typer.Option("--org", help="Code of the sending unit.")]
PeriodOption = Annotated[str | None, typer.Option("--period", help="Period, such as 2026-03 or 2026-Q1.")]
FormOption = Annotated[str | None, typer.Option("--form", help="Form, such as coverage or F04.")]


def submit(
    files: Annotated[list[Path], typer.Argument(help="Files as received.")],
    org: OrgOption = None,
    period: PeriodOption = None,
    form: FormOption = None,
    received_at: Annotated[
        str | None, typer.Option("--received-at", help="Moment of receipt, ISO 8601.", show_default="now")
    ] = None,
    receipt: Annotated[
        Path | None, typer.Option("--receipt", help="Also write the receipts as an HTML page to print.")
    ] = None,
    documents: Annotated[
        Path | None,
        typer.Option("--documents", help="Folder of the files that a register of evidence (F07) names."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Identify, check and land files; print a receipt for each.

    Example: `tiendo submit bieu04.xlsx --org 24133 --period 2026-03 --receipt bien-nhan.html`

    With the documents' hashes: `tiendo submit so-minh-chung.xlsx --documents minh-chung/`
    """
    from tiendo.cli_console import progress_bar, say
    from tiendo.cli_receipts import print_receipts
    from tiendo.clock import moment_by_clock
    from tiendo.desk.documents import FAULT_CODES, refuse_no_folder, submit_documents
    from tiendo.desk.paper_receipt import refuse_target, write_paper_receipts
    from tiendo.intake.landing import submit_files
    from tiendo.lock import run_lock
    from tiendo.warehouse.annexes import annexes_not_used, known_references

    place = begin(home, lang)
    if receipt is not None:
        refuse_target(receipt)
        refuse_inside_data(place, receipt)
    if documents is not None:
        refuse_no_folder(documents)
    moment = parse_day(moment_of, received_at, "--received-at 2026-04-05T08:15+07:00")
    references = known_references(place)
    if moment is None:
        # With a moment before that of what it replaces, the old figures would win.
        moment_by_clock(place)
    with run_lock(place, "tiendo submit"), progress_bar() as progress:
        results = submit_files(
            place,
            files,
            references,
            org=org,
            period=period,
            form=form,
            received_at=moment,
            is_backlog=moment is not None,
            progress=lambda done: progress(done, len(files)),
        )
        receipts = [result for result in results if not isinstance(result, TiendoError)]
        if documents is not None:
            receipts = submit_documents(place, receipts, documents, references, moment)
    refused = [result for result in results if isinstance(result, TiendoError)]
    if receipt is not None:
        write_paper_receipts(receipts, refused, receipt)
    print_receipts(receipts, refused, language(), as_json)
    not_used = annexes_not_used(place, [receipt.submission_id for receipt in receipts])
    for finding in not_used:
        say(language(), finding.message_vi, finding.message_en)
    if refused:
        raise typer.Exit(max(error.exit_code for error in refused))
    told = {notice.code for each in receipts for notice in each.notices}
    if not_used or told & FAULT_CODES or any(_is_faulty(each) for each in receipts):
        raise typer.Exit(1)


def _is_faulty(receipt: "Receipt") -> bool:
    return receipt.status == "rejected" or receipt.rows_quarantined > 0


def check(
    file: Annotated[Path, typer.Argument(help="File as it would be sent.")],
    annotate: Annotated[
        Path | None,
        typer.Option("--annotate", help="Write the file back as .xlsx with each bad cell marked."),
    ] = None,
    org: OrgOption = None,
    period: PeriodOption = None,
    form: FormOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """The check of `submit` without storing anything: what is wrong, where, and how to repair it.

    Example: `tiendo check bieu04.xlsx --annotate bieu04-loi.xlsx`
    """
    from tiendo.cli_receipts import print_check
    from tiendo.desk.annotation import annotate as write_annotated
    from tiendo.desk.annotation import refuse_target
    from tiendo.intake.archive import Archive
    from tiendo.intake.examine import checked_against, examine
    from tiendo.intake.options import checked_options
    from tiendo.warehouse.annexes import known_references

    place = begin(home, lang)
    references = known_references(place)
    said = checked_options(file, references, org=org, period=period, form=form, received_at=None)
    if annotate is not None:
        refuse_target(file, annotate)
        refuse_inside_data(place, annotate)
    examined = examine(file, file.name, references, form=said.form, org=said.org, period=said.period)
    examined = checked_against(Archive.so_far(place), examined, references)
    annotated = write_annotated(file, examined, annotate) if annotate is not None else None
    print_check(file, examined, annotated, language(), as_json)
    if examined.converted is None or examined.converted.rows_quarantined:
        raise typer.Exit(1)


def inspect(
    file: Annotated[Path, typer.Argument(help="Any file.")],
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """What the reader sees: format, encoding, sheets, tables, headers, units; no figures.

    Example: `tiendo inspect bieu04.xlsx`
    """
    from tiendo.cli_inspection import print_inspection
    from tiendo.desk.inspection import inspect_file
    from tiendo.intake.options import refuse_missing
    from tiendo.references import load_references

    speak(lang)
    refuse_missing(file)
    print_inspection(inspect_file(file, load_references(SHIPPED_PLANS)), language(), as_json)


def template(
    form: Annotated[str, typer.Argument(help="Form, such as coverage or F04.")],
    output: Annotated[Path, typer.Option("-o", "--output", help="The .xlsx file to write.")],
    org: OrgOption = None,
    period: PeriodOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """An Excel form to fill in: lists to choose from, the unit's own rows, last period's figures.

    Example: `tiendo template F04 --org 24133 --period 2026-03 -o bieu04.xlsx`
    """
    from tiendo.cli_console import print_json, say
    from tiendo.desk.prefill import prefill
    from tiendo.desk.template import refuse_target, write_template
    from tiendo.intake.contracts import form_named, load_contract
    from tiendo.intake.options import canonical_period, refuse_unknown_unit
    from tiendo.intake.scope import refuse_other_kind
    from tiendo.references import load_references
    from tiendo.registry.plans import load_registry

    place = begin(home, lang)
    contract = load_contract(form_named(form))
    refuse_target(output)
    refuse_inside_data(place, output)
    references = load_references(place.plans)
    refuse_unknown_unit(org, references)
    canonical = canonical_period(period)
    if canonical is not None:
        refuse_other_kind(canonical, contract)
    prefilled = prefill(place, contract, references, load_registry(place.plans), org, canonical)
    write_template(contract, prefilled, output)
    if as_json:
        print_json(
            {
                "path": str(output),
                "form": contract.form,
                "number": contract.number,
                "org_code": org,
                "period": canonical,
                "rows": len(prefilled.rows),
                "previous_period": prefilled.previous_period,
            }
        )
        return
    rows = len(prefilled.rows)
    say(
        language(),
        f"Đã ghi {output}: {contract.title_vi}; {rows} dòng ghi sẵn.",
        f"Wrote {output}: {contract.title_en}; {rows} rows filled in beforehand.",
    )
