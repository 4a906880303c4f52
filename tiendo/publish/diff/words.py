"""What a comparison of releases says, in Vietnamese or English: one wording for the terminal and the page."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tiendo.intake.contracts import load_contracts
from tiendo.messages import Language
from tiendo.publish.diff.comparison import Comparison
from tiendo.publish.diff.labels import BECAUSE, KINDS, REPORTED, ROLES, TASK_COLUMNS
from tiendo.publish.diff.tables import Record, TableChange
from tiendo.settings import TIMEZONE

MOST_DECIMALS = 6
COLUMNS_LISTED = 8
VALUES_LISTED = 2


class Words:
    """Sentences about one comparison in one language."""

    def __init__(self, found: Comparison, language: Language) -> None:
        """Takes what was found."""
        self.found = found
        self.vi = language == "vi"
        self._forms = {
            form: contract.title_vi if self.vi else contract.title_en
            for form, contract in load_contracts().items()
        }

    def say(self, vi: str, en: str) -> str:
        """The one of two texts."""
        return vi if self.vi else en

    def pick(self, words: Mapping[str, tuple[str, str]], code: str) -> str:
        """A label by its code; a code without words stands for itself."""
        return words.get(code, (code, code))[0 if self.vi else 1]

    def day(self, day: date | str) -> str:
        """31/12/2026 or 2026-12-31."""
        day = date.fromisoformat(day) if isinstance(day, str) else day
        return f"{day:%d/%m/%Y}" if self.vi else day.isoformat()

    def moment(self, moment: datetime | str) -> str:
        """A moment of the country; tables hold UTC."""
        moment = datetime.fromisoformat(moment) if isinstance(moment, str) else moment
        local = (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(TIMEZONE)
        return f"{self.day(local.date())} {local:%H:%M}"

    def count(self, number: int) -> str:
        """1.234 or 1,234."""
        return self.number(number, 0)

    def number(self, number: float | Decimal, decimals: int = 2) -> str:
        """A number with at most so many decimals."""
        text = f"{number:,.{decimals}f}"
        text = text.rstrip("0").rstrip(".") if decimals else text
        text = "0" if text == "-0" else text
        return text.translate(str.maketrans(",.", ".,")) if self.vi else text

    def place(self, code: str | None) -> str:
        """Name and code of a place or an agency."""
        name = next(
            (self.pick(self.found.labels[kind], code) for kind in ("places", "agencies")
             if code and code in self.found.labels[kind]),
            None,
        )  # fmt: skip
        return f"{name} ({code})" if name else code or self.say("không rõ", "unknown")

    def values(self, figure: Record) -> tuple[str, str]:
        """Old and new value, with so many decimals that they differ where they do."""
        old, new = figure["before"]["actual"], figure["after"]["actual"]
        suffix = "%" if str(figure["unit"]).startswith("percent") else ""
        texts = self._both(old, new, suffix, 2)
        for decimals in range(3, MOST_DECIMALS + 1):
            if texts[0] != texts[1] or old == new:
                break
            texts = self._both(old, new, suffix, decimals)
        return texts

    def parts(self, figure: Record) -> tuple[str, str]:
        """Numerator / denominator, old and new; empty where there are none or they did not change."""
        if all(figure["before"][name] == figure["after"][name] for name in ("numerator", "denominator")):
            return "", ""
        return self._ratio(figure["before"]), self._ratio(figure["after"])

    def target(self, row: Record) -> str:
        """The target a number is judged by in the plan's words, old → new where it changed."""
        sides = [side for side in (row["before"], row["after"]) if side]
        texts = list(dict.fromkeys(self._target(side) for side in sides))
        if len(texts) == 1 and sides[0]["target"] != sides[-1]["target"]:
            texts = [f"{self.plain(side['target'])}" for side in sides]
        decided = sides[-1]["adjusted_by"] if len(texts) > 1 else None
        return " → ".join(texts) + (f" ({decided})" if decided else "")

    def verdict(self, row: Record) -> str:
        """The status, old → new where it changed; else what else was re-flagged."""
        statuses = self.found.labels["statuses"]
        sides = [side for side in (row["before"], row["after"]) if side]
        told = " → ".join(dict.fromkeys(self.pick(statuses, str(side["status"])) for side in sides))
        if row["kind"] != "reflagged" or " → " in told:
            return told
        before, after = sides[0], sides[-1]
        more = [
            f"{name}: {self.plain(before[name])} → {self.plain(after[name])}"
            for name in ("colour", "maturity", "milestone_met", "source_kind", "is_verified")
            if before[name] != after[name]
        ]
        return f"{told}; {'; '.join(more)}"

    def task_changes(self, task: Record) -> list[str]:
        """What changed of a task, one phrase each: state, report, share, deadline."""
        before, after = task["before"], task["after"]
        if before is None or after is None:
            return []
        told: list[str] = []
        for name in TASK_COLUMNS:
            if before[name] != after[name]:
                old, new = (self._task_value(name, side[name]) for side in (before, after))
                told.append(f"{self.pick(TASK_COLUMNS, name)}: {old} → {new}")
        return told

    def cause(self, cause: Record) -> str:
        """A submission's part in a change, without its identifier."""
        form = self._forms.get(cause["form"], cause["form"])
        place, received = self.place(cause["org_code"]), self.moment(cause["received_at"])
        period = cause["period"] or "-"
        more = self.say(f"kỳ {period}, nhận {received}", f"period {period}, received {received}")
        return f"{self.pick(ROLES, cause['role'])} “{form}”, {place}, {more}"

    def reason(self, code: str) -> str:
        """What else differs between the releases."""
        names = ", ".join(self.found.other_inputs.get(code, ()))
        before, after = (self.day(each["as_of"]) for each in (self.found.before, self.found.after))
        return self.pick(BECAUSE, code).format(before=before, after=after, names=names)

    def inputs(self) -> list[str]:
        """What differs between the releases besides submissions, and how many numbers only time brought."""
        told = [self.reason(code) for code in self.found.other_inputs]
        if timely := sum(
            figure["kind"] == "added" and "new_period" in figure["because"] for figure in self.found.figures
        ):
            count = self.count(timely)
            told.append(
                self.say(
                    f"{count} số mới là của kỳ kết thúc giữa hai ngày ấy: có vì thời gian trôi qua",
                    f"{count} added numbers are of periods that ended between these days: time passed",
                )
            )
        return told

    def reasons(self, change: Record, most: int | None = None) -> list[tuple[str, str]]:
        """Why a number or task changed: its submissions with their identifiers, then what else.

        Where there are more than `most` submissions, the rest is counted.
        """
        causes = change["causes"] if most is None else change["causes"][:most]
        told = [(self.cause(cause), str(cause["submission_id"])) for cause in causes]
        if hidden := len(change["causes"]) - len(causes):
            told.append((self.say(f"và {hidden} lần nộp nữa", f"and {hidden} more submissions"), ""))
        return told + [(self.reason(code), "") for code in change["because"]]

    def effects(self, submission: Record) -> str:
        """How many numbers and tasks a submission changed, by kind."""
        told = [
            f"{self.count(number)} {self.pick(KINDS, kind).lower()}"
            + (self.say(" (nhiệm vụ)", " (tasks)") if of == "tasks" else "")
            for of in ("figures", "tasks")
            for kind, number in submission[of].items()
        ]
        return ", ".join(told) or self.say("không đổi số nào", "changed no number")

    def table_title(self, change: TableChange) -> str:
        """Title and name of a table."""
        return f"{change.title_vi if self.vi else change.title_en} ({change.table})"

    def counts(self, change: TableChange) -> tuple[str, str, str]:
        """Rows added, removed and changed; not known where the rows could not be paired."""
        if not change.is_compared:
            return "?", "?", "?"
        return self.count(change.added), self.count(change.removed), self.count(change.changed)

    def more(self, hidden: int) -> str:
        """How many rows are left out, and where they are."""
        return self.say(
            f"và {self.count(hidden)} dòng nữa (xem đủ: --json)", f"and {self.count(hidden)} more (--json)"
        )

    def columns(self, change: TableChange) -> str:
        """Which columns differ, most rows first; what came and went; why rows could not be compared."""
        if change.rows_before is None or change.rows_after is None:
            return self.say("chỉ một bản có bảng này", "only one of the releases has it")
        told = [f"{column} ({self.count(rows)})" for column, rows in (change.columns or {}).items()]
        shown = told[:COLUMNS_LISTED]
        if len(told) > COLUMNS_LISTED:
            shown.append(
                self.say(f"và {len(told) - COLUMNS_LISTED} cột nữa", f"{len(told) - COLUMNS_LISTED} more")
            )
        if not change.is_compared:
            shown.append(
                self.say("khóa của bảng đã đổi, không so được từng dòng", "another grain: rows not compared")
            )
        for names, vi, en in (
            (change.columns_added, "cột mới", "new"),
            (change.columns_removed, "cột bỏ", "gone"),
        ):
            if names:
                shown.append(f"{self.say(vi, en)}: {', '.join(names)}")
        return ", ".join(shown)

    def row(self, row: Record) -> str:
        """A row of any table: its key, and what of it changed."""
        key = " / ".join(self.plain(value) for value in row["key"].values() if value is not None)
        mark = {"added": "+", "removed": "-", "changed": "*"}[row["change"]]
        values = [
            f"{name} {self.plain(old)} → {self.plain(new)}"
            for name, (old, new) in row.get("values", {}).items()
        ]
        return f"{mark} {key}" + (f" ({'; '.join(values[:VALUES_LISTED])})" if values else "")

    def plain(self, value: Any) -> str:
        """Any value of a cell."""
        match value:
            case None:
                return "-"
            case bool():
                return self.say("có", "yes") if value else self.say("không", "no")
            case int() | float() | Decimal():
                return self.number(value, MOST_DECIMALS)
            case datetime():
                return self.moment(value)
            case date():
                return self.day(value)
            case _:
                return str(value)

    def _both(self, old: float | None, new: float | None, suffix: str, decimals: int) -> tuple[str, str]:
        first, second = (
            "-" if value is None else self.number(value, decimals) + suffix for value in (old, new)
        )
        return first, second

    def _ratio(self, side: Record) -> str:
        parts = [side[name] for name in ("numerator", "denominator")]
        return "" if None in parts else " / ".join(self.number(part) for part in parts)

    def _target(self, side: Record) -> str:
        text, on = side["target_text"], side["milestone_on"]
        if not text and side["target"] is None:
            return self.say("không có", "none")
        value = str(text or self.plain(side["target"]))
        return value + (self.say(f" đến {self.day(on)}", f" by {self.day(on)}") if on else "")

    def _task_value(self, name: str, value: Any) -> str:
        if name == "state":
            return self.pick(self.found.labels["states"], str(value))
        return self.pick(REPORTED, value) if name == "reported_state" and value else self.plain(value)
