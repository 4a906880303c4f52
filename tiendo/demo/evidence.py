"""Form 07: the register of evidence, one workbook per plan and month: documents filed, verdicts given.

Documents fare differently: accepted, accepted late, refused and filed anew, never appraised, judged too low.
Some prove two tasks, some offer the same file twice, and some are older than their plan.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import partial

import polars as pl

from tiendo.demo.files import workbook
from tiendo.demo.group_tasks import PLAN as GROUP_PLAN
from tiendo.demo.group_tasks import assignee_paths
from tiendo.demo.tasks import TaskPath, manner_of, plans_reported, task_paths
from tiendo.demo.window import Month
from tiendo.demo.world import WARD, Parcel, World

FORM = "evidence"
STORIES = ("accepted", "accepted_late", "refused", "filed_anew", "waiting", "judged_below")
STORY_WEIGHTS = (0.46, 0.14, 0.12, 0.08, 0.12, 0.08)
REASON = "Chưa đủ sản phẩm theo kế hoạch (mô phỏng)"
OTHER_REASON = "Đủ sản phẩm theo kế hoạch (mô phỏng)"
APPRAISERS = {
    "commune": "Ủy ban nhân dân xã (mô phỏng)",
    "province": "Văn phòng UBND tỉnh (mô phỏng)",
}
# Of nine documents of a plan: one whose file another task offered before, one older than the plan.
SAME_FILE, BEFORE_PLAN = 3, 2
BEFORE_PLAN_DAYS = 45


@dataclass(frozen=True)
class Document:
    """One row of the register, as it stands in the end.

    Attributes:
        task: The task it is to prove.
        evidence_ref: Its reference.
        sha256: Hash of its file.
        signed_on: Day of the document.
        filed_on: Day it was handed in.
        verdict: 'valid' or 'invalid'; None where nobody judges it.
        verdict_on: Day of the verdict.
        verdict_level: 'commune' or 'province'.
    """

    task: TaskPath
    evidence_ref: str
    sha256: str
    signed_on: date
    filed_on: date
    verdict: str | None
    verdict_on: date | None
    verdict_level: str


def evidence_parcels(world: World) -> Iterator[Parcel]:
    """All registers; the first month's also holds what was filed before the window."""
    for plan_id, org_code, issued_on in plans_reported(world):
        documents = plan_documents(world, plan_id, org_code, issued_on)
        for month in world.months:
            since = month.first if month != world.months[0] else date.min
            rows = [_row(d, month) for d in documents if _is_news(d, since, month.last)]
            if rows:
                yield Parcel(
                    form=FORM,
                    name=f"mo-phong_bieu-07_{plan_id}_{month.code}.xlsx",
                    received_at=month.plus(1).at(5, 9, 45),
                    render=partial(workbook, _frame(rows), FORM, manner_of(org_code)),
                    org=org_code,
                )


def _is_news(document: Document, since: date, until: date) -> bool:
    """Whether a document was filed or judged in these days."""
    days = (document.filed_on, document.verdict_on)
    return any(day is not None and since <= day <= until for day in days)


def plan_documents(world: World, plan_id: str, org_code: str, issued_on: date) -> list[Document]:
    """The documents of a plan's tasks, in the plan's order; targets in a task's row are left alone."""
    targets = world.registry("plan_targets").filter(pl.col("plan_id") == plan_id)["row_ref"].to_list()
    own_level = "commune" if org_code == WARD else "province"
    singles = _offered(task_paths(world, plan_id, issued_on), targets)
    documents: list[Document] = []
    signed: dict[str, date] = {}
    for number, task in enumerate(singles):
        first, *anew = _documents(world, task, own_level)
        if first.evidence_ref in signed:
            first = _dated(first, signed[first.evidence_ref])
        elif number % 9 == SAME_FILE:
            first = replace(first, sha256=documents[-1].sha256)
        elif number % 9 == BEFORE_PLAN:
            first = replace(first, signed_on=issued_on - timedelta(days=BEFORE_PLAN_DAYS))
        signed[first.evidence_ref] = first.signed_on
        documents += [first, *anew]
    if plan_id == GROUP_PLAN:
        for task in _offered(assignee_paths(world), targets):
            documents += _documents(world, task, own_level, "accepted")
    return documents


def _offered(tasks: list[TaskPath], targets: list[str]) -> list[TaskPath]:
    return [task for task in tasks if task.evidence_ref is not None and task.row_ref not in targets]


def _dated(document: Document, signed_on: date) -> Document:
    """A document that proves a second task has one date; it is filed and judged after it."""
    delay = max(signed_on - document.filed_on, timedelta())
    verdict_on = document.verdict_on + delay if document.verdict_on else None
    return replace(document, signed_on=signed_on, filed_on=document.filed_on + delay, verdict_on=verdict_on)


def _documents(world: World, task: TaskPath, own_level: str, story: str = "") -> list[Document]:
    """A task's document, and the second one of a task whose first was refused; chance tells its story."""
    ref = str(task.evidence_ref)
    chance = world.stream("document", task.plan_id, task.row_ref, task.agency_code)
    story = story or str(chance.choice(STORIES, p=STORY_WEIGHTS))
    filed_on = task.done_on + timedelta(days=int(chance.integers(1, 10)))
    wait = int(chance.integers(55, 110)) if story == "accepted_late" else int(chance.integers(6, 25))
    judged_on = filed_on + timedelta(days=wait)
    verdict = {"waiting": None, "refused": "invalid", "filed_anew": "invalid"}.get(story, "valid")
    # Below a ward there is nobody; there the province judges instead, which counts as well.
    other_level = {"province": "commune", "commune": "province"}[own_level]
    first = Document(
        task=task,
        evidence_ref=ref,
        sha256=_hash(world, ref),
        signed_on=task.done_on,
        filed_on=filed_on,
        verdict=verdict,
        verdict_on=judged_on if verdict else None,
        verdict_level=other_level if story == "judged_below" else own_level,
    )
    if story != "filed_anew":
        return [first]
    again_on = judged_on + timedelta(days=int(chance.integers(5, 20)))
    again = replace(
        first,
        evidence_ref=f"{ref}-L2",
        sha256=_hash(world, f"{ref}-L2"),
        signed_on=again_on,
        filed_on=again_on,
        verdict="valid",
        verdict_on=again_on + timedelta(days=14),
    )
    return [first, again]


def _hash(world: World, ref: str) -> str:
    return hashlib.sha256(f"{world.seed}/{ref}".encode()).hexdigest()


def _row(document: Document, month: Month) -> dict[str, object]:
    """A document as the register has it at the end of a month: a later verdict is not yet in it."""
    task = document.task
    is_judged = document.verdict_on is not None and document.verdict_on <= month.last
    return {
        "evidence_ref": document.evidence_ref,
        "plan_id": task.plan_id,
        "row_ref": task.row_ref,
        "kind": "Báo cáo (mô phỏng)",
        "document_number": f"{int(document.sha256[:4], 16) % 900 + 1}/BC-MP",
        "signed_on": document.signed_on,
        "filed_on": document.filed_on,
        "file_name": f"{document.evidence_ref}.pdf",
        "sha256": document.sha256,
        "verdict": document.verdict if is_judged else "not_appraised",
        "verdict_level": document.verdict_level if is_judged else None,
        "appraiser": APPRAISERS[document.verdict_level] if is_judged else None,
        "verdict_on": document.verdict_on if is_judged else None,
        "verdict_reason": (REASON if document.verdict == "invalid" else OTHER_REASON) if is_judged else None,
    }


def _frame(rows: list[dict[str, object]]) -> pl.DataFrame:
    texts = dict.fromkeys(("verdict_level", "appraiser", "verdict_reason"), pl.String)
    days = dict.fromkeys(("signed_on", "filed_on", "verdict_on"), pl.Date)
    return pl.DataFrame(rows, schema_overrides={**texts, **days}, infer_schema_length=None)
