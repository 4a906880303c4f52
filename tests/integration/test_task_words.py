"""Tasks of which anything was said: drawn reports and evidence, judged by the tables and by the reference.

Senders of the demo are orderly. Here periods overlap, owners speak for tasks and strangers for others, papers
lack their days, verdicts come from every level, and what is claimed is rarely what is proven.
"""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from pathlib import Path

import pytest
from reference.comparison import Disagreement, by_kind, shown
from reference.task_inputs import LEVELS, Evidence, Inputs, Report, Task, local_day, period_end
from reference.task_terms import assignees_of, parents_of
from reference.tasks import judge
from task_days import TaskWarehouse, inputs_of, small_warehouse, with_small_groups

SEED = 57
DAYS = 40
FIRST, SPAN = date(2025, 10, 1), 430
SPEAKERS = 6
SHOWN = 20
PERCENTS = (None, 0, 1, 5, 10, 12, 25, 50, 75, 100)
Row = dict[str, object]


@dataclass
class Words:
    """Reports and evidence as the tables hold them and as the reference reads them."""

    reports: dict[Task, tuple[Report, ...]] = field(default_factory=dict[Task, tuple[Report, ...]])
    evidence: dict[Task, tuple[Evidence, ...]] = field(default_factory=dict[Task, tuple[Evidence, ...]])
    report_rows: list[Row] = field(default_factory=list[Row])
    evidence_rows: list[Row] = field(default_factory=list[Row])


@pytest.fixture(scope="module")
def inputs(demo_home: Path) -> Inputs:
    return with_small_groups(inputs_of(demo_home))


@pytest.fixture(scope="module")
def warehouse(
    demo_home: Path, inputs: Inputs, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TaskWarehouse]:
    with small_warehouse(demo_home, tmp_path_factory.mktemp("words"), inputs) as copy:
        yield copy


def submissions(warehouse: TaskWarehouse, name: str) -> list[tuple[str, datetime]]:
    """Real submissions of a form, under which the drawn rows are entered."""
    query = (
        f"select distinct submission_id, submission_received_at from {warehouse.relation(name)} order by 1"
    )
    return warehouse.database.sql(query).fetchall()


def entry(submission: tuple[str, datetime], number: int) -> Row:
    """The columns that every landed row in force has."""
    submission_id, received_at = submission
    return {
        "submission_id": submission_id,
        "submission_received_at": received_at,
        "sheet": "Biểu",
        "row_number": number,
        "row_hash": str(number),
        "scope_key": str(number),
        "version_number": 1,
        "latest_version_number": 1,
        "is_run_start": True,
        "run_number": 1,
        "is_in_force": True,
        "disposition": "loaded",
        "origin_submission_id": submission_id,
        "origin_sheet": "Biểu",
        "origin_row_number": number,
    }


def draw_words(
    rng: random.Random,
    inputs: Inputs,
    senders: Sequence[tuple[str, datetime]],
    registers: Sequence[tuple[str, datetime]],
) -> Words:
    words = Words()
    for task in sorted(inputs.tasks):
        refs = [f"E{number}" for number in range(rng.randrange(5))]
        _draw_reports(rng, inputs, task, refs, senders, words)
        _draw_evidence(rng, inputs, task, refs, registers, words)
    return words


def _draw_reports(
    rng: random.Random,
    inputs: Inputs,
    task: Task,
    refs: Sequence[str],
    senders: Sequence[tuple[str, datetime]],
    words: Words,
) -> None:
    assignees = assignees_of(inputs, task, inputs.as_of)[:SPEAKERS]
    speakers = [*assignees, *parents_of(inputs, task, inputs.as_of), "dl_so_khcn"]
    told: dict[tuple[str, str], Report] = {}
    done_share = rng.random()
    for _ in range(rng.randrange(4) * len(assignees)):
        year, reporter, sender = rng.choice((2025, 2026, 2026)), rng.choice(speakers), rng.choice(senders)
        of_year = rng.choice(
            (f"-{rng.randint(1, 12):02d}",) * 7 + (f"-Q{rng.randint(1, 4)}",) * 2 + ("-H1", "")
        )
        period = f"{year}{of_year}"
        ends = {(report.reporter, report.period_end, report.received_at) for report in told.values()}
        # Which of two words on one day of receipt and one end counts, nobody says.
        if (reporter, period) in told or (reporter, period_end(period), sender[1]) in ends:
            continue
        state = "done" if rng.random() < done_share else rng.choice(("not_started", "in_progress"))
        percent, named = rng.choice(PERCENTS), rng.sample(refs, rng.randint(0, len(refs)))
        told[reporter, period] = Report(
            task,
            reporter,
            period,
            period_end(period),
            sender[1],
            state,
            None if percent is None else Fraction(percent),
            tuple(named),
        )
        words.report_rows.append(
            {
                "plan_id": task[0],
                "row_ref": task[1],
                "org_code": reporter,
                "period": period,
                "state": state,
                "percent_complete": percent,
                "evidence_ref": ";".join(named) or None,
                **entry(sender, len(words.report_rows)),
            }
        )
    words.reports[task] = tuple(told.values())


def _draw_evidence(
    rng: random.Random,
    inputs: Inputs,
    task: Task,
    refs: Sequence[str],
    registers: Sequence[tuple[str, datetime]],
    words: Words,
) -> None:
    due_on = date.fromisoformat(inputs.tasks[task]["due_on"] or "2026-06-30")
    told: list[Evidence] = []
    for ref in refs:
        if rng.random() < 0.15:
            continue
        register = rng.choice(registers)
        received = local_day(register[1])
        near = due_on + timedelta(days=rng.randint(-40, 40))
        day = rng.choice((near, FIRST + timedelta(days=rng.randrange(SPAN))))
        signed_on = rng.choice((day, day, day, day, None))
        filed_on = rng.choice((day + timedelta(days=rng.randrange(40)),) * 5 + (None,))
        verdict = rng.choice((None, "not_appraised", "valid", "valid", "valid", "invalid", "invalid"))
        is_judged = verdict in ("valid", "invalid")
        verdict_on = (
            (filed_on or signed_on or received) + timedelta(days=rng.randrange(60)) if is_judged else None
        )
        levels = ("commune", "province", "province", "government", "central")
        level = rng.choice(levels) if is_judged else None
        known_on = filed_on or signed_on or received
        told.append(
            Evidence(
                task,
                ref,
                signed_on or known_on,
                known_on,
                register[1],
                verdict,
                LEVELS.get(level or "", 0),
                verdict_on,
            )
        )
        words.evidence_rows.append(
            {
                "evidence_ref": ref,
                "plan_id": task[0],
                "row_ref": task[1],
                "signed_on": signed_on,
                "filed_on": filed_on,
                "verdict": verdict,
                "verdict_level": level,
                "verdict_on": verdict_on,
                **entry(register, len(words.evidence_rows)),
            }
        )
    words.evidence[task] = tuple(told)


def test_tables_and_reference_agree_whatever_is_said(inputs: Inputs, warehouse: TaskWarehouse) -> None:
    rng = random.Random(SEED)
    forms = ("int_task_report_versioned", "int_evidence_versioned")
    words = draw_words(rng, inputs, *(submissions(warehouse, name) for name in forms))
    for name, rows in zip(forms, (words.report_rows, words.evidence_rows), strict=True):
        warehouse.keep(name, "false")
        warehouse.insert(name, rows)
    told = replace(inputs, reports=words.reports, evidence=words.evidence)
    days = sorted({FIRST + timedelta(days=rng.randrange(-120, SPAN + 30)) for _ in range(DAYS)})
    table = warehouse.judge_on(days)
    found: list[Disagreement] = []
    for row in table.iter_rows(named=True):
        task, day = (row["plan_id"], row["row_ref"]), row["judged_on"]
        one = judge(told, task, day)
        ours = {
            "state": one.whole.state,
            "completed_on": one.whole.completed_on,
            "alert_rule": one.whole.alert_rule,
            "assignees": (one.assignees_done, len(one.assignees)),
        }
        theirs = {**row, "assignees": (row["assignees_done"], row["assignees_total"])}
        theirs["alert_rule"] = row["alert_rule"] or ""
        found += [
            Disagreement(f"{name} {said} / {theirs[name]}", (*task, day), said, theirs[name])
            for name, said in ours.items()
            # Before its issue a task has no rule but that it is not issued.
            if said != theirs[name] and (name == "state" or day >= one.terms.issued_on)
        ]
    assert len(table) == len(days) * len(inputs.tasks)
    assert table["state"].n_unique() == 11
    assert not found, shown(by_kind(found), SHOWN)
