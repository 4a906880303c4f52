"""What `tiendo refresh --profile` prints: where the time of a run went."""

import os
from typing import Any

from rich.table import Table

from tiendo.cli_console import console
from tiendo.cli_runs import STEPS
from tiendo.messages import Language
from tiendo.runs import RunRecord
from tiendo.settings import Home
from tiendo.warehouse.transform import read_timings

SLOWEST = 10


def profile_of(home: Home, record: RunRecord) -> dict[str, Any]:
    """The steps as the run's record tells them, what lies outside of them, and the slowest statements.

    Seconds are of wall time; CPU seconds are those of this process and its children, start and imports of the
    program being what no step counts.
    """
    steps = [
        {part: step[part] for part in ("name", "seconds", "cpu_seconds", "memory_mb", "rows")}
        for step in record.content["steps"]
    ]
    counted = sum(step["cpu_seconds"] for step in steps)
    timings = read_timings(home) if "transform" in record.seconds else {}
    slowest = sorted(timings.items(), key=lambda each: -each[1])[:SLOWEST]
    return {
        "outside_steps_cpu_seconds": round(sum(os.times()[:4]) - counted, 3),
        "steps": steps,
        "statements": len(timings),
        "slowest_statements": [{"name": name, "seconds": seconds} for name, seconds in slowest],
    }


def print_profile(profile: dict[str, Any], language: Language) -> None:
    """The profile as two tables."""
    vi = language == "vi"
    headings = (
        ("Bước", "Giây", "Giây CPU", "MB", "Dòng") if vi else ("Step", "Seconds", "CPU s", "MB", "Rows")
    )
    table = Table(headings[0])
    for heading in headings[1:]:
        table.add_column(heading, justify="right")
    table.add_row("khởi động" if vi else "start", "", f"{profile['outside_steps_cpu_seconds']:.2f}", "", "")
    for step in profile["steps"]:
        name = STEPS[step["name"]][0 if vi else 1]
        rows = "" if step["rows"] is None else f"{step['rows']:,}"
        figures = (f"{step['seconds']:.2f}", f"{step['cpu_seconds']:.2f}", f"{step['memory_mb']:,}", rows)
        table.add_row(name, *figures)
    out = console()
    out.print(table)
    if not profile["statements"]:
        return
    out.print(
        f"{profile['statements']} {'câu lệnh đã chạy, chậm nhất' if vi else 'statements run, slowest'}:"
    )
    for each in profile["slowest_statements"]:
        out.print(f"  {each['seconds']:7.3f}  {each['name']}")
