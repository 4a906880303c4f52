"""When a task starts and falls due on a day, and who has to do it, as the rules say."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reference.task_inputs import Inputs, Task


@dataclass(frozen=True)
class Terms:
    """When a task starts and falls due, as known on a day."""

    issued_on: date
    start_on: date
    due_as_issued_on: date | None
    due_on: date | None
    kind: str
    recurrence: str
    is_standing: bool

    @property
    def deadline(self) -> date | None:
        """A standing task that a person confirmed is judged by its reports: its date is not used."""
        return None if self.is_standing else self.due_on

    @property
    def days_given(self) -> int | None:
        """From start to deadline; not above 0 where the plan's deadline is before its issue."""
        return None if self.deadline is None else (self.deadline - self.start_on).days


def terms_on(inputs: Inputs, task: Task, day: date) -> Terms:
    """Deadline as issued, and as decided up to the day; 'start = stated, else the plan's issue date'."""
    row, plan = inputs.tasks[task], inputs.plans[task[0]]
    issued_on = date.fromisoformat(plan["valid_from"])
    issued = _day(row["due_on"])
    decided = [a for a in inputs.adjustments.get(task, ()) if a["decided_on"] <= day]
    moved = [a for a in decided if a["field"] == "due_on"]
    rhythms = [a["new_reading"] for a in decided if a["field"] == "recurrence"]
    is_standing = bool(rhythms) and rhythms[-1] != "none"
    return Terms(
        issued_on,
        _day(row["start_on"]) or issued_on,
        issued,
        date.fromisoformat(moved[-1]["new_reading"]) if moved else issued,
        row["deadline_kind"],
        rhythms[-1] if is_standing else row["recurrence"],
        is_standing,
    )


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def assignees_of(inputs: Inputs, task: Task, day: date) -> tuple[str, ...]:
    """'Each lead; a group is expanded to its members; a group with no known members is one itself.'

    Where the plan names no lead, its owner answers. Before the plan's issue they are those of that day.
    """
    found: dict[str, None] = {}
    for lead in inputs.leads.get(task, (inputs.plans[task[0]]["org_code"],)):
        found |= dict.fromkeys(members_of(inputs, task, lead, day) or (lead,))
    return tuple(found)


def members_of(inputs: Inputs, task: Task, lead: str, day: date) -> tuple[str, ...]:
    issued_on = date.fromisoformat(inputs.plans[task[0]]["valid_from"])
    return inputs.members(lead, max(day, issued_on))


def parents_of(inputs: Inputs, task: Task, day: date) -> list[str]:
    """Codes that speak for the task as a whole: its groups, and the plan's owner."""
    groups = [lead for lead in inputs.leads.get(task, ()) if members_of(inputs, task, lead, day)]
    return [*groups, inputs.plans[task[0]]["org_code"]]


def elapsed_share(terms: Terms, day: date) -> Fraction | None:
    """Days gone of the days given, within 0 and 1; none without a deadline."""
    given = terms.days_given
    if terms.deadline is None or given is None:
        return None
    if given <= 0:
        return Fraction(int(day >= terms.deadline))
    return min(max(Fraction((day - terms.start_on).days, given), Fraction(0)), Fraction(1))
