"""The tree of a task's explanation for a terminal."""

from collections.abc import Mapping
from typing import Any

from rich.markup import escape
from rich.tree import Tree

from tiendo.cli_console import COLOURS
from tiendo.cli_explain_tree import SourceFiles, of_release
from tiendo.messages import Language
from tiendo.report.execution_words import ALERTS, CLARITIES, LEVELS, REPORTED, VERDICTS
from tiendo.report.explain_part_words import PartWords

SHOWN_ASSIGNEES = 12

Record = dict[str, Any]


def task_tree(release: Mapping[str, Any], found: Mapping[str, Any], language: Language) -> Tree:
    """The tree of a task.

    Args:
        release: Identifier, `as_of` and whether the figures are synthetic.
        found: What `read_task` gives.
        language: Language of labels and sentences; what plans and senders wrote stays Vietnamese.
    """
    return _Renderer(found, language).tree(release)


class _Renderer:
    def __init__(self, found: Mapping[str, Any], language: Language) -> None:
        self.found, self.task = found, found["task"]
        self.words = PartWords(language, "percent")
        self.vi, self.say, self.pick, self.day = (
            language == "vi", self.words.say, self.words.pick, self.words.day,
        )  # fmt: skip
        self.files = SourceFiles(self.words)

    def tree(self, release: Mapping[str, Any]) -> Tree:
        task = self.task
        tree = Tree(
            f"[bold]{escape(task['title_vi'])}[/bold] ({task['plan_id']} {escape(task['row_ref'])})\n"
            f"{task['org_name_vi']} ({task['org_code']}) · {self.say('số liệu tính đến', 'as of')} "
            f"{self.day(release['as_of'])} · {of_release(release, self.words)}"
        )
        self.state(tree)
        self.deadline(tree)
        self.assignees(tree)
        self.evidence(tree)
        self.plan(tree)
        self.files.add_to(tree)
        return tree

    def state(self, tree: Tree) -> None:
        task = self.task
        label = task["label_vi" if self.vi else "label_en"]
        branch = tree.add(f"{self.say('Trạng thái', 'State')}: [{COLOURS[task['colour']]}]{label}[/]")
        branch.add(escape(task["state_reason" if self.vi else "state_reason_en"]))
        for rule in (task["alert_rule"] or "").split(";"):
            if rule:
                said = self.pick(ALERTS[rule])
                branch.add(f"[red]{self.say('Cảnh báo đỏ', 'Red alert')}[/]: {said} ({rule})")
        for threshold in self.found["thresholds"]:
            if self.decides(threshold["threshold_code"]):
                branch.add(escape(self.words.threshold(threshold)))
        if task["continued_by_plan_id"]:
            newer = f"{task['continued_by_plan_id']} {task['continued_by_row_ref']}"
            branch.add(escape(self.say(f"Được tiếp nối bởi {newer}", f"Continued by {newer}")))

    def decides(self, code: str) -> bool:
        """Whether a threshold had a part in the state or an alert of this task."""
        is_behind = "behind" in (self.task["alert_rule"] or "")
        return (is_behind and "behind" in code) or (self.task["state"] == "due_soon" and "due_soon" in code)

    def deadline(self, tree: Tree) -> None:
        task = self.task
        printed = (
            f"“{task['deadline_text']}”" if task["deadline_text"] else self.say("để trống", "left empty")
        )
        due = f" → {self.day(task['due_on'])}" if task["due_on"] else ""
        branch = tree.add(escape(f"{self.say('Thời hạn', 'Deadline')}: {printed}{due}"))
        if task["adjusted_on"]:
            adjusted = f"{self.say('Điều chỉnh theo', 'Adjusted by')} {task['adjusted_by']} "
            moved = f": {self.day(task['due_as_issued_on'])} → {self.day(task['due_on'])}"
            # An adjustment may also name another product and leave the deadline where it was.
            is_moved = task["due_on"] != task["due_as_issued_on"]
            branch.add(escape(adjusted + self.day(task["adjusted_on"]) + (moved if is_moved else "")))
        if task["elapsed_share"] is not None:
            branch.add(
                f"{self.say('Bắt đầu', 'Start')} {self.day(task['start_on'])}; "
                f"{self.say('đã qua ', '')}{self.words.number(100 * task['elapsed_share'])}% "
                f"{self.say('thời gian', 'of the time is gone')}"
            )

    def assignees(self, tree: Tree) -> None:
        found = self.found["assignees"]
        done = f" ({self.task['assignees_done']}/{len(found)})" if len(found) > 1 else ""
        branch = tree.add(f"{self.say('Thực hiện', 'Done by')}{done}")
        for assignee in found[:SHOWN_ASSIGNEES]:
            label = assignee["label_vi" if self.vi else "label_en"]
            name = escape(f"{assignee['assignee_name_vi']} ({assignee['assignee_code']})")
            leaf = branch.add(f"{name}: [{COLOURS[assignee['colour']]}]{label}[/]")
            leaf.add(self.reported(assignee))
            if assignee["difficulty"]:
                leaf.add(escape(f"{self.say('Khó khăn', 'Difficulties')}: “{assignee['difficulty']}”"))
        if len(found) > SHOWN_ASSIGNEES:
            rest = len(found) - SHOWN_ASSIGNEES
            branch.add(
                self.say(f"{rest} đơn vị nữa (xem bằng --json)", f"{rest} more (see them with --json)")
            )

    def reported(self, assignee: Record) -> str:
        if assignee["reported_state"] is None:
            return self.say("Chưa báo cáo", "Not reported")
        percent = assignee["percent_complete"]
        shown = f", {self.words.number(percent)}%" if percent is not None else ""
        refs = assignee["evidence_refs"]
        evidence = f", {self.say('minh chứng', 'evidence')} {refs}" if refs else ""
        state = self.pick(REPORTED[assignee["reported_state"]])
        period = f"{self.say('Báo cáo kỳ', 'Report of')} {assignee['reported_period']}"
        return escape(f"{period}: {state}{shown}{evidence}") + self.place(assignee)

    def evidence(self, tree: Tree) -> None:
        found = self.found["evidence"]
        if not found:
            tree.add(self.say("Minh chứng: chưa có", "Evidence: none"))
            return
        branch = tree.add(self.say("Minh chứng", "Evidence"))
        for document in found:
            signed = f"{self.say('ký', 'signed')} {self.day(document['signed_on'])}"
            filed = f"{self.say('nộp', 'filed')} {self.day(document['filed_on'])}"
            number = document["document_number"] or "-"
            verdict = self.pick(VERDICTS[document["verdict"]])
            line = f"{document['evidence_ref']}: {number}, {signed}, {filed}: {verdict}"
            leaf = branch.add(escape(line) + self.place(document))
            for each in self.found["verdicts"]:
                if each["evidence_ref"] == document["evidence_ref"]:
                    leaf.add(escape(self.verdict(each)))

    def verdict(self, verdict: Record) -> str:
        level = self.pick(LEVELS.get(verdict["verdict_level"] or "", ("", "")))
        who = ", ".join(part for part in (verdict["appraiser"], level) if part)
        reason = f": “{verdict['verdict_reason']}”" if verdict["verdict_reason"] else ""
        return f"{self.day(verdict['verdict_on'])} {self.pick(VERDICTS[verdict['verdict']])} ({who}){reason}"

    def plan(self, tree: Tree) -> None:
        task, clarity = self.task, self.found["clarity"]
        branch = tree.add(escape(self.words.plan_of(task)))
        for vi, en, name in (
            ("Chủ trì", "Lead", "lead_raw"),
            ("Người chịu trách nhiệm", "Responsible head", "head_responsible_raw"),
            ("Sản phẩm", "Deliverable", "deliverable_vi"),
            ("Kết quả cần đạt", "Result", "kpi_vi"),
            ("Giao tại", "Assigned by", "assigned_by_raw"),
        ):
            if task[name]:
                branch.add(escape(f"{self.say(vi, en)}: {task[name]}"))
        missing = [
            self.pick(CLARITIES[each]) for each in (clarity["clarity_missing"] or "").split(";") if each
        ]
        whole = self.say("đủ", "all six")
        branch.add(f"{self.say('6 rõ', 'Six clarities')}: " + (
            self.say("thiếu ", "missing: ") + ", ".join(missing) if missing else whole
        ))  # fmt: skip

    def place(self, row: Record) -> str:
        """Where a row stands, with the number of its file."""
        source = row["source"]
        if source is None:
            return ""
        where = self.words.cells({"source": source, "row_count": 1}, True)
        return f" ← {escape(where)} {self.files.mark(source)}"
