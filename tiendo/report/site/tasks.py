"""The tasks of a place: how many stand how, all in a table, and how the state of each came about."""

from collections.abc import Iterator

from tiendo.report.execution_words import ALERTS, CLARITIES, LEVELS, REPORTED, VERDICTS
from tiendo.report.site.data import Subject
from tiendo.report.site.execution_tables import Execution, Record, counted, grouped
from tiendo.report.site.pages import Page

STATE = ("label_vi", "label_en", "state_colour", "state_order")
WORDS = {
    "ALERTS": ALERTS, "CLARITIES": CLARITIES, "LEVELS": LEVELS, "REPORTED": REPORTED, "VERDICTS": VERDICTS,
}  # fmt: skip


def trail(subject: Subject) -> tuple[tuple[str, str, str], ...]:
    """The way to a page below that of the tasks."""
    return ((f"{subject.org_code}/tasks/index.html", "Nhiệm vụ", "Tasks"),)


def pages(execution: Execution) -> Iterator[Page]:
    """For each place the table of its tasks, for each plan a page with a section for each task."""
    for subject in execution.subjects:
        tasks = execution.tasks[subject.org_code]
        context = WORDS | {
            "execution": execution,
            "tasks": tasks,
            "states": counted(tasks, "state", *STATE),
            "leads": by_lead(execution, tasks),
            "plans": grouped(tasks, "plan_id"),
        }
        folder = f"{subject.org_code}/tasks/"
        yield Page(folder + "index.html", "tasks.html.jinja", "Nhiệm vụ", "Tasks", context, subject)
        for plan_id, of_plan in grouped(tasks, "plan_id").items():
            yield Page(
                f"{folder}{plan_id}.html",
                "plan_tasks.html.jinja",
                f"Từng nhiệm vụ của {plan_id}",
                f"Each task of {plan_id}",
                WORDS | {"execution": execution, "tasks": of_plan, "plan": of_plan[0]},
                subject,
                trail(subject),
            )


def by_lead(execution: Execution, tasks: list[Record]) -> list[Record]:
    """One row for each agency that leads tasks: `code`, `items`, `alerts`, `by_state`; most alerts first.

    A task that two lead stands in the row of each.
    """
    found: dict[str, Record] = {}
    for task in tasks:
        for code in execution.leads(task):
            row = found.setdefault(code, {"code": code, "items": 0, "alerts": 0, "by_state": {}})
            row["items"] += 1
            row["alerts"] += task["alert"]
            row["by_state"][task["state"]] = row["by_state"].get(task["state"], 0) + 1
    return sorted(found.values(), key=lambda row: (-row["alerts"], -row["items"], row["code"]))
