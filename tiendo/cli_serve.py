"""The command `serve`, which `cli.py` registers; what it needs is imported when it runs."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from tiendo.cli_options import HomeOption, JsonOption, Lang, LangOption, begin, language
from tiendo.schedule import JOBS, Job, jobs

if TYPE_CHECKING:
    from tiendo.settings import Home

USUAL = {job.name: job.cron for job in JOBS}


def _time(job: str, variable: str, what: str) -> Any:
    """The option that changes the time of a job."""
    return typer.Option(metavar="CRON", help=what, envvar=variable, show_default=USUAL[job])


def serve(
    nightly: Annotated[str | None, _time("nightly", "TIENDO_NIGHTLY", "Time of the nightly refresh.")] = None,
    monthly: Annotated[str | None, _time("monthly", "TIENDO_MONTHLY", "Time of the month's closing.")] = None,
    reminders: Annotated[str | None, _time("reminders", "TIENDO_REMINDERS", "Time of the reminders.")] = None,
    pruning: Annotated[str | None, _time("pruning", "TIENDO_PRUNING", "Time of the pruning.")] = None,
    port: Annotated[
        int,
        typer.Option(
            min=1024, max=65535, help="Port of the Prefect UI on 127.0.0.1.", envvar="TIENDO_PREFECT_PORT"
        ),
    ] = 4200,
    show: Annotated[bool, typer.Option("--list", help="Print what is due when, and start nothing.")] = False,
    background: Annotated[
        bool, typer.Option("--background", help="Start it, wait until it answers, and return.")
    ] = False,
    stop: Annotated[bool, typer.Option("--stop", help="Stop the service of this home.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Run every night by itself, with a Prefect server and UI on this machine; times as in cron, or `off`.

    Example: `tiendo serve --list`
    """
    place = begin(home, lang)
    given = {"nightly": nightly, "monthly": monthly, "reminders": reminders, "pruning": pruning}
    times = {name: cron for name, cron in given.items() if cron is not None}
    planned = jobs(times)
    if show:
        _print(planned, as_json)
    elif stop:
        _stop(place)
    elif background:
        _start(place, port, times)
    else:
        _serve(place, port, times)


def _print(planned: tuple[Job, ...], as_json: bool) -> None:
    from rich.table import Table

    from tiendo.cli_console import console, print_json
    from tiendo.settings import now

    vi, present = language() == "vi", now()
    if as_json:
        print_json(
            [
                {"name": job.name, "cron": job.cron, "next_at": due.isoformat() if due else None}
                for job in planned
                for due in [job.next_after(present)]
            ]
        )
        return
    table = Table(title="Lịch chạy (giờ Việt Nam)" if vi else "Schedule (time of Vietnam)")
    for header in ("Việc", "Lịch", "Lần tới", "Tùy chọn") if vi else ("Job", "Time", "Next", "Option"):
        table.add_column(header)
    for job in planned:
        due = job.next_after(present)
        told = f"{due:%d/%m/%Y %H:%M}" if due else ("không chạy" if vi else "never")
        table.add_row(job.title_vi if vi else job.title_en, job.cron, told, job.option)
    console().print(table)


def _serve(home: "Home", port: int, times: Mapping[str, str]) -> None:
    from tiendo.cli_console import say
    from tiendo.service import run_service, server_address

    def started() -> None:
        address = server_address(port)
        say(language(), f"Đang chạy theo lịch; giao diện: {address}", f"Serving the schedule; UI: {address}")

    def ended(name: str, code: int, pause: float) -> None:
        say(
            language(),
            f"Tiến trình {name} dừng (mã {code}), chạy lại sau {pause:.0f} giây.",
            f"Process {name} ended (code {code}), starting again in {pause:.0f} seconds.",
        )

    run_service(home, port, times, started, ended)
    say(language(), "Đã dừng.", "Stopped.")


def _start(home: "Home", port: int, times: Mapping[str, str]) -> None:
    from tiendo.cli_console import say
    from tiendo.service import start_in_background

    address, log = start_in_background(home, port, times)
    say(
        language(),
        f"Đang chạy theo lịch; giao diện: {address}; nhật ký: {log}; dừng: tiendo serve --stop",
        f"Serving the schedule; UI: {address}; log: {log}; to stop: tiendo serve --stop",
    )


def _stop(home: "Home") -> None:
    from tiendo.cli_console import say
    from tiendo.service import stop_service

    if stop_service(home):
        say(language(), "Đã dừng.", "Stopped.")
    else:
        say(language(), "Dịch vụ không chạy.", "The service is not running.")
