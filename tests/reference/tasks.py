"""Tasks in plain Python, written from the rules alone: states, alerts, evidence, assignees, on any day.

Exact fractions and dates; only the comparison with the published tables rounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reference.task_inputs import LEVELS, Evidence, Inputs, Report, Task

STATES = (
    "not_yet_issued",
    "done_on_time",
    "done_late",
    "to_complete",
    "pending_evidence",
    "overdue",
    "due_soon",
    "recurring",
    "no_deadline",
    "not_reported",
    "in_term",
)
CYCLE_MONTHS = {"monthly": 1, "quarterly": 3, "yearly": 12, "continuous": 12}


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


@dataclass(frozen=True)
class Standing:
    """What is said on a day of one assignee of a task, or of the task as a whole."""

    state: str
    report: Report | None
    percent: Fraction | None
    is_claimed: bool
    is_done: bool
    completed_on: date | None
    evidence: tuple[Evidence, ...]
    verdict: str | None
    elapsed: Fraction | None
    alert_rule: str


@dataclass(frozen=True)
class Judged:
    """A task on a day."""

    terms: Terms
    whole: Standing
    assignees: Mapping[str, Standing]

    @property
    def assignees_done(self) -> int:
        """How many of the assignees are done."""
        return sum(standing.is_done for standing in self.assignees.values())


def judge(inputs: Inputs, task: Task, day: date) -> Judged:
    """The task and each of its assignees on a day."""
    terms = terms_on(inputs, task, day)
    codes = assignees_of(inputs, task, day)
    known = [report for report in inputs.reports.get(task, ()) if report.counts_on(day)]
    filed = [row for row in inputs.evidence.get(task, ()) if row.filed_on <= day]
    if len(codes) <= 1:
        speakers = [*codes, *parents_of(inputs, task, day)]
        alone = _alone(inputs, task, day, terms, _speaking(known, speakers), filed)
        return Judged(terms, alone, dict.fromkeys(codes, alone))
    standings: dict[str, Standing] = {}
    for code in codes:
        report = _speaking(known, [code])
        named = [row for row in filed if report is not None and row.ref in report.evidence_refs]
        standings[code] = _alone(inputs, task, day, terms, report, named)
    return Judged(terms, _together(inputs, task, day, terms, standings, known, filed), standings)


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
        found |= dict.fromkeys(_members(inputs, task, lead, day) or (lead,))
    return tuple(found)


def _members(inputs: Inputs, task: Task, lead: str, day: date) -> tuple[str, ...]:
    issued_on = date.fromisoformat(inputs.plans[task[0]]["valid_from"])
    return inputs.members(lead, max(day, issued_on))


def parents_of(inputs: Inputs, task: Task, day: date) -> list[str]:
    """Codes that speak for the task as a whole: its groups, and the plan's owner."""
    groups = [lead for lead in inputs.leads.get(task, ()) if _members(inputs, task, lead, day)]
    return [*groups, inputs.plans[task[0]]["org_code"]]


def _speaking(reports: Sequence[Report], speakers: Sequence[str]) -> Report | None:
    """'Of those the newest period, then newest received, speaks.'"""
    own = [report for report in reports if report.reporter in speakers]
    return max(own, key=lambda report: (report.period_end, report.received_at), default=None)


def _alone(
    inputs: Inputs,
    task: Task,
    day: date,
    terms: Terms,
    report: Report | None,
    filed: Sequence[Evidence],
) -> Standing:
    required = LEVELS[inputs.plans[task[0]]["level"]]
    is_claimed = report is not None and report.state == "done" and _is_of_cycle(report.period_end, terms, day)
    evidence = [row for row in filed if _is_of_cycle(row.document_on, terms, day)]
    verdicts = [row.verdict_by(day, required) for row in evidence]
    accepted = [row for row, said in zip(evidence, verdicts, strict=True) if said == "valid"]
    is_done = is_claimed and bool(accepted) and day >= terms.issued_on
    completed_on = min(row.document_on for row in accepted) if is_done else None
    newest = max(evidence, key=lambda row: (row.filed_on, row.received_at, row.ref), default=None)
    verdict = "valid" if accepted else newest.verdict_by(day, required) if newest else None
    is_refused = is_claimed and verdict == "invalid"
    in_time = newest is not None and (terms.deadline is None or newest.filed_on <= terms.deadline)
    is_pending = is_claimed and verdict == "not_appraised" and in_time
    state = _state(
        inputs,
        day,
        terms,
        completed_on=completed_on,
        is_refused=is_refused,
        is_pending=is_pending,
        is_reported=report is not None,
    )
    percent = report.percent if report else None
    elapsed = elapsed_share(terms, day)
    rules = alert_rules(inputs, day, terms, state, percent)
    return Standing(
        state,
        report,
        percent,
        is_claimed,
        is_done,
        completed_on,
        tuple(filed),
        verdict,
        elapsed,
        ";".join(rules),
    )


def _is_of_cycle(told: date, terms: Terms, day: date) -> bool:
    """'With a recurrence the claim holds only for its own cycle'; afterwards the task is judged anew.

    So is its evidence: the document of last year proves nothing of this one. Work whose deadline is used
    is done once, whatever its rhythm: 'standing tasks with a date … once a person confirms'.
    """
    months = CYCLE_MONTHS.get(terms.recurrence) if terms.deadline is None else None
    if months is None:
        return True
    return (told.year, (told.month - 1) // months) == (day.year, (day.month - 1) // months)


def _state(
    inputs: Inputs,
    day: date,
    terms: Terms,
    *,
    completed_on: date | None,
    is_refused: bool,
    is_pending: bool,
    is_reported: bool,
) -> str:
    """'States, first that applies.'"""
    due_on = terms.deadline
    if day < terms.issued_on:
        return "not_yet_issued"
    if completed_on is not None:
        return "done_on_time" if due_on is None or completed_on <= due_on else "done_late"
    if is_refused:
        return "to_complete"
    if is_pending:
        return "pending_evidence"
    if due_on is not None and day > due_on:
        return "overdue"
    if due_on is not None and (due_on - day).days <= inputs.thresholds["due_soon_days"]:
        return "due_soon"
    if terms.kind == "recurring" or terms.is_standing:
        return "recurring"
    if due_on is None:
        return "no_deadline"
    return "in_term" if is_reported else "not_reported"


def elapsed_share(terms: Terms, day: date) -> Fraction | None:
    """Days gone of the days given, within 0 and 1; none without a deadline."""
    if terms.deadline is None:
        return None
    given = (terms.deadline - terms.start_on).days
    if given <= 0:
        return Fraction(int(day >= terms.deadline))
    return min(max(Fraction((day - terms.start_on).days, given), Fraction(0)), Fraction(1))


def alert_rules(inputs: Inputs, day: date, terms: Terms, state: str, percent: Fraction | None) -> list[str]:
    """'Red alerts, with the rule that fired.'"""
    limits, elapsed = inputs.thresholds, elapsed_share(terms, day)
    rules = ["overdue"] if state == "overdue" else []
    is_open = state not in ("not_yet_issued", "done_on_time", "done_late")
    if (
        is_open
        and elapsed is not None
        and percent is not None
        and percent < limits["behind_share"] * elapsed * 100
        and (day - terms.start_on).days > limits["behind_after_days"]
        and elapsed > limits["behind_after_share"]
    ):
        rules.append("behind")
    if state == "to_complete":
        rules.append("evidence_insufficient")
    return rules


def _together(
    inputs: Inputs,
    task: Task,
    day: date,
    terms: Terms,
    standings: Mapping[str, Standing],
    known: Sequence[Report],
    filed: Sequence[Evidence],
) -> Standing:
    """A task of several: 'the parent is done by a stated rule (default: all)', by their claims else."""
    every = list(standings.values())
    done = [standing for standing in every if standing.is_done]
    is_done = Fraction(len(done), len(every)) >= _done_share(inputs, task, day)
    completed_on = max(s.completed_on for s in done if s.completed_on) if is_done else None
    is_claimed = all(standing.is_claimed for standing in every)
    report = _speaking(known, parents_of(inputs, task, day))
    state = _state(
        inputs,
        day,
        terms,
        completed_on=completed_on,
        is_refused=any(standing.state == "to_complete" for standing in every),
        is_pending=is_claimed and any(standing.state == "pending_evidence" for standing in every),
        is_reported=report is not None or any(standing.report for standing in every),
    )
    percents = [standing.percent for standing in every if standing.percent is not None]
    # 'Not reported is not 0%': the mean speaks only where everybody does.
    mean = sum(percents, Fraction(0)) / len(every) if len(percents) == len(every) else None
    percent = report.percent if report else mean
    return Standing(
        state,
        report,
        percent,
        is_claimed,
        is_done,
        completed_on,
        tuple(filed),
        None,
        elapsed_share(terms, day),
        ";".join(alert_rules(inputs, day, terms, state, percent)),
    )


def _done_share(inputs: Inputs, task: Task, day: date) -> Fraction:
    """The strictest rule of the groups that lead; several leads without a group must all be done."""
    groups = [lead for lead in inputs.leads[task] if _members(inputs, task, lead, day)]
    kinds = {inputs.agencies[lead]["kind"] for lead in groups}
    shares = [Fraction(rule["done_share"]) for rule in inputs.group_rules if rule["group_kind"] in kinds]
    is_mixed = len(groups) < len(inputs.leads[task])
    return Fraction(1) if is_mixed else max(shares, default=Fraction(1))
