"""The command line: `tiendo`.

Commands parse, call the library and print; frameworks are imported inside them, since an official who asks
for `status` should not wait for dbt.
"""

import sys
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from tiendo import __version__
from tiendo.cli_desk import check, inspect, submit, template
from tiendo.cli_explain import explain
from tiendo.cli_options import (
    EngineName,
    HomeOption,
    JsonOption,
    Lang,
    LangOption,
    begin,
    language,
    moment_of,
    parse_day,
    refuse_inside_data,
    release_path,
)
from tiendo.cli_releases import prove_release, releases_app
from tiendo.cli_remind import remind
from tiendo.cli_report import report
from tiendo.cli_serve import serve
from tiendo.faults import told
from tiendo.limits import limit_polars
from tiendo.messages import TiendoError
from tiendo.settings import Engine, Home

if TYPE_CHECKING:
    from tiendo.pipeline import Moment

app = typer.Typer(
    name="tiendo",
    help="Tiến độ thực hiện kế hoạch Nghị quyết 57: target versus actual for Resolution 57 plans.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.add_typer(releases_app, name="releases")


class Format(StrEnum):
    """Formats of query results."""

    table = "table"
    csv = "csv"
    json = "json"
    parquet = "parquet"


AsOfOption = Annotated[
    str | None, typer.Option("--as-of", help="Day the release speaks of, YYYY-MM-DD.", show_default="today")
]
KnownAtOption = Annotated[
    str | None,
    typer.Option(
        "--known-at",
        help="Hide what was received later, ISO 8601; with --as-of an old report comes out again.",
        show_default="now",
    ),
]


def main() -> None:
    """Entry point: errors become one message and an exit code, never a traceback."""
    limit_polars()
    try:
        app()
    except KeyboardInterrupt:
        raise SystemExit(130) from None
    except Exception as error:
        raise SystemExit(_tell(told(error))) from None


def _tell(error: TiendoError) -> int:
    sys.stderr.write(error.text(language()) + "\n")
    return error.exit_code


@app.callback(invoke_without_command=True)
def _version(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    if version:
        typer.echo(f"tiendo {__version__}")
        raise typer.Exit


@app.command()
def refresh(
    home: HomeOption = None,
    as_of: AsOfOption = None,
    known_at: KnownAtOption = None,
    first: Annotated[
        str | None,
        typer.Option("--from", metavar="YYYY-MM", help="First of several months; each gets its month end."),
    ] = None,
    last: Annotated[str | None, typer.Option("--to", metavar="YYYY-MM", help="Last of these months.")] = None,
    full: Annotated[
        bool, typer.Option("--full", help="Publish anew even where nothing has changed.")
    ] = False,
    accept_drift: Annotated[
        str | None,
        typer.Option(metavar="REASON", help="Publish though figures differ beyond limits (TD-510); logged."),
    ] = None,
    engine: Annotated[
        EngineName, typer.Option("--engine", help="What computes; Spark is for what one machine cannot hold.")
    ] = EngineName.duckdb,
    profile: Annotated[
        bool, typer.Option("--profile", help="Show where the time went: steps, memory, slowest statements.")
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Intake, load, transform, check, publish: the main job.

    With the day and the moment of knowledge of an old report, the same code gives the same report again, and
    makes it current; a further refresh without them makes the newest one current.

    With a first and a last month: a release as of the end of each month, with what was received before the
    20th of the month after, or with `--known-at` for all. The release in force stays so.

    Examples: `tiendo refresh --as-of 2026-06-30`, `tiendo refresh --from 2026-01 --to 2026-06`
    """
    place = begin(home, lang)
    if accept_drift is not None and len(accept_drift.split()) < 2:
        raise TiendoError(
            "TD-511",
            "Lý do chấp nhận khác biệt phải nói được vì sao, ít nhất hai chữ.",
            "The reason for accepting a difference must say why, in at least two words.",
            'Ví dụ: tiendo refresh --accept-drift "sửa cách tính 5G theo QĐ 12/QĐ-UBND"',
            'Such as: tiendo refresh --accept-drift "5G counted anew by decision 12/QĐ-UBND"',
            exit_code=2,
        )
    if first or last:
        from tiendo.cli_backfill import publish_months

        alone = [name for name, given in (("--as-of", as_of), ("--profile", profile)) if given]
        options = {"full": full, "accept_drift": accept_drift, "engine": engine.value}
        publish_months(place, first, last, known_at, as_json, alone, **options)
        return
    moment = _moment(place, as_of, known_at)
    _run(place, moment, full, as_json, accept_drift=accept_drift, profile=profile, engine=engine.value)


@app.command()
def rebuild(
    verify: Annotated[
        bool, typer.Option("--verify", help="Only build beside the current release and compare.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Everything again from data/raw and the plans, as of the current release: same curated tables.

    Example: `tiendo rebuild --verify`
    """
    place = begin(home, lang)
    if verify:
        prove_release(place, as_json)
        return
    from tiendo.pipeline import rebuild_moment

    moment = rebuild_moment(place, _moment(place, None, None))
    _run(place, moment, full=True, as_json=as_json, forget=True)


def _run(
    home: Home,
    moment: "Moment",
    full: bool,
    as_json: bool,
    forget: bool = False,
    accept_drift: str | None = None,
    profile: bool = False,
    engine: Engine = "duckdb",
) -> None:
    from tiendo.cli_console import say
    from tiendo.cli_output import announced, has_rejections, print_outcome
    from tiendo.lock import run_lock
    from tiendo.pipeline import pipeline
    from tiendo.runs import Trigger
    from tiendo.tracking import tracked_pipeline
    from tiendo.warehouse.soundness import forget_warehouse

    trigger = Trigger("tiendo rebuild" if forget else "tiendo refresh")
    with run_lock(home, trigger.command, run_id=trigger.run_id):
        if forget:
            forget_warehouse(home)
        tracked = tracked_pipeline()
        if tracked is None:
            outcome = pipeline(
                home, moment, announced(language()), full, accept_drift, trigger, engine=engine
            )
        else:
            say(language(), "Đang ghi vết lượt chạy bằng Prefect.", "Tracking this run with Prefect.")
            outcome = tracked(home, moment, full, accept_drift, trigger, engine=engine)
    print_outcome(home, outcome, language(), as_json, profile)
    if has_rejections(outcome.intake) and not forget:
        raise typer.Exit(1)


def _moment(home: Home, as_of: str | None, known_at: str | None) -> "Moment":
    from tiendo.clock import moment_by_clock
    from tiendo.pipeline import Moment

    day = parse_day(date.fromisoformat, as_of, "--as-of 2026-06-30")
    moment = parse_day(moment_of, known_at, "--known-at 2026-07-05T00:00+07:00")
    if day and moment:
        return Moment(day, moment)
    present = moment_by_clock(home)
    return Moment(day or present.date(), moment or present)


for command in (submit, check, inspect, template, explain, report, remind, serve):
    app.command()(command)


@app.command()
def demo(
    home: Annotated[Path, typer.Option("--home", help="Folder of its own to fill.")] = Path("demo"),
    seed: Annotated[int, typer.Option("--seed", help="Same seed, same figures.")] = 57,
    provinces: Annotated[
        str, typer.Option("--provinces", help="Province codes, separated by commas.")
    ] = "66,68,75",
    months: Annotated[int, typer.Option("--months", help="How many months, the last being 2026-10.")] = 12,
    dossiers: Annotated[int, typer.Option("--dossiers", help="How many dossiers in all.")] = 200_000,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Fill a home of its own with clearly synthetic submissions, on top of the real plans.

    Example: `tiendo demo --home demo --months 3 --dossiers 5000`
    """
    from tiendo.cli_console import progress_bar, say
    from tiendo.cli_output import print_demo
    from tiendo.demo import fill_demo
    from tiendo.lock import run_lock
    from tiendo.references import load_references

    place = begin(home, lang)
    codes = tuple(code.strip() for code in provinces.split(",") if code.strip())
    say(language(), "Đang tạo số liệu giả lập…", "Making synthetic figures…")
    with run_lock(place, "tiendo demo"), progress_bar() as progress:
        summary = fill_demo(
            place,
            seed=seed,
            provinces=codes,
            months=months,
            dossiers=dossiers,
            references=load_references(place.plans),
            progress=progress,
        )
    print_demo(place, summary, language(), as_json)


@app.command()
def sql(
    statement: Annotated[str, typer.Argument(help="One SELECT statement.")],
    file_format: Annotated[Format, typer.Option("--format", help="Format of the result.")] = Format.table,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Read-only SQL on the current release; no access to other files; at most a minute.

    Example: `tiendo sql "select status, count(*) n from indicator_latest group by all"`
    """
    from tiendo.cli_tables import print_frame
    from tiendo.publish.query import query
    from tiendo.publish.results import write_result

    place = begin(home, lang)
    refuse_inside_data(place, output)
    frame = query(release_path(place), statement)
    chosen = Format.json if as_json else file_format
    if chosen is Format.table and output is None:
        print_frame(frame)
    else:
        write_result(frame, "csv" if chosen is Format.table else chosen.value, output)


@app.command()
def status(
    province: Annotated[str | None, typer.Option("--province", help="Province code.")] = None,
    place: Annotated[str | None, typer.Option("--place", help="Code of a province or commune.")] = None,
    indicator: Annotated[str | None, typer.Option("--indicator", help="Indicator code.")] = None,
    agency: Annotated[
        str | None,
        typer.Option("--agency", help="Code of an agency or commune: tasks, reports, score."),
    ] = None,
    runs: Annotated[
        bool, typer.Option("--runs", help="The last runs instead: outcome, time, memory, alarms.")
    ] = False,
    last: Annotated[int, typer.Option("--last", min=1, help="How many runs.")] = 14,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """What stands where: statuses by place and theme, the worst ten, freshness; or all of one agency.

    Examples: `tiendo status --province 66`, `tiendo status --agency dl_so_khcn`, `tiendo status --runs`
    """
    where = begin(home, lang)
    if (runs or agency) and any((province, place, indicator, runs and agency)):
        raise TiendoError(
            "TD-718",
            "Dùng riêng --agency hoặc --runs, không cùng nhau hay với --province, --place, --indicator.",
            "--agency and --runs go alone, not with each other or with --province, --place, --indicator.",
            "Bỏ bớt: --agency cho biết mọi việc của một cơ quan, --runs các lượt chạy.",
            "Leave one out: --agency tells everything of one agency, --runs of the runs.",
            exit_code=2,
        )
    if runs:
        _show_runs(where, last, as_json)
        return
    from tiendo.cli_tables import print_status
    from tiendo.publish.release import load_manifest
    from tiendo.report.status import read_status

    if agency is not None:
        from tiendo.cli_agency import print_agency_status
        from tiendo.report.agency import read_agency_status

        manifest = load_manifest(where)
        card = read_agency_status(release_path(where), manifest, agency)
        print_agency_status(manifest, card, language(), as_json)
        return
    found = read_status(release_path(where), language(), province, place, indicator)
    print_status(load_manifest(where), found, language(), as_json)


def _show_runs(home: Home, last: int, as_json: bool) -> None:
    from tiendo.alarms import overdue
    from tiendo.cli_runs import print_runs
    from tiendo.run_history import read_runs
    from tiendo.settings import now

    found = read_runs(home)
    print_runs(found[:last], overdue(found, now()), language(), as_json)


@app.command()
def doctor(home: HomeOption = None, as_json: JsonOption = False, lang: LangOption = Lang.vi) -> None:
    """Check the installation, disk, locks, permissions and versions, and say what to do.

    Example: `tiendo doctor`
    """
    from tiendo.cli_tables import print_diagnoses
    from tiendo.doctor import examine

    place = begin(home, lang)
    diagnoses = examine(place)
    print_diagnoses(diagnoses, language(), as_json)
    if any(diagnosis.level == "error" for diagnosis in diagnoses):
        raise typer.Exit(1)
