"""Tasks in plain Python, written from the rules alone: states, alerts, evidence, assignees, on any day.

Exact fractions and dates; only the comparison with the published tables rounds.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from reference.task_inputs import LEVELS, Evidence, Inputs, Report, Task
from reference.task_terms import Terms, assignees_of, elapsed_share, members_of, parents_of, terms_on

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


def alert_rules(inputs: Inputs, day: date, terms: Terms, state: str, percent: Fraction | None) -> list[str]:
    """'Red alerts, with the rule that fired.' Of a deadline before the start all time is gone."""
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
    groups = [lead for lead in inputs.leads[task] if members_of(inputs, task, lead, day)]
    kinds = {inputs.agencies[lead]["kind"] for lead in groups}
    shares = [Fraction(rule["done_share"]) for rule in inputs.group_rules if rule["group_kind"] in kinds]
    is_mixed = len(groups) < len(inputs.leads[task])
    return Fraction(1) if is_mixed else max(shares, default=Fraction(1))
