"""What an explanation says of thresholds and targets, in Vietnamese and English.

Numbers and days are written as readers of the language write them.
"""

from typing import Any

from tiendo.messages import Language
from tiendo.report.reminders import plan_number
from tiendo.report.rule_words import PACES, SUFFIXES, THRESHOLDS

Record = dict[str, Any]


class Words:
    """Sentences in one language about figures of one unit."""

    def __init__(self, language: Language, unit: str) -> None:
        """Takes the language and the indicator's unit."""
        self.vi = language == "vi"
        self.suffix = self.pick(SUFFIXES.get(unit, ("", "")))

    def pick(self, pair: tuple[str, str]) -> str:
        """The one of a Vietnamese and an English text."""
        return pair[0] if self.vi else pair[1]

    def say(self, vi: str, en: str) -> str:
        """The same for two arguments."""
        return vi if self.vi else en

    def number(self, number: float) -> str:
        """At most two decimals, four below one; thousands apart: 1.234,5 or 1,234.5."""
        text = f"{round(number, 4 if abs(number) < 1 else 2):,}"
        text = text[:-2] if text.endswith(".0") else text
        return text.translate(str.maketrans(",.", ".,")) if self.vi else text

    def value(self, value: float | None) -> str:
        """A value with the suffix of its unit."""
        return "-" if value is None else f"{self.number(value)}{self.suffix}"

    def day(self, day: str | None) -> str:
        """A day: 31/12/2026 or 2026-12-31."""
        return "-" if day is None else f"{day[8:10]}/{day[5:7]}/{day[:4]}" if self.vi else day[:10]

    def threshold(self, threshold: Record) -> str:
        """One threshold with its source and since when it holds."""
        code = str(threshold["threshold_code"])
        words = next((pair for name, pair in THRESHOLDS.items() if code.endswith(name)), ("{}", "{}"))
        value = threshold["value"]
        shown = self.number(100 * value) + "%" if threshold["unit"] == "ratio" else self.number(value)
        until = f"…{self.day(threshold['valid_to'])}" if threshold["valid_to"] else ""
        source = threshold["source_vi" if self.vi else "source_en"]
        since = self.say("từ", "since")
        head = self.say("Ngưỡng", "Threshold")
        rule = self.pick(words).format(shown)
        return f"{head}: {rule} ({code}, {since} {self.day(threshold['valid_from'])}{until}: {source})"

    def expected(self, expected: Record, judged_on: str) -> str:
        """What should have been reached by now."""
        if expected["expected_now"] is None:
            return self.say("Mục tiêu", "Target") + f": {self.target_value(expected)}"
        by = self.say("Cần đạt đến", "Due by")
        return f"{by} {self.day(judged_on)}: {self.value(expected['expected_now'])}"

    def path(self, expected: Record) -> str | None:
        """The arithmetic behind what was due, where it is a straight line."""
        path = expected["path"]
        if path is None:
            return None
        days = f"{path['days_elapsed']}/{path['days']}"
        unit = self.say("ngày", "days")
        due = self.value(expected["expected_now"])
        target = self.value(path["target"])
        if expected["pace"] == "level":
            start = self.value(path["start"])
            return f"{start} + ({target} - {start}) x {days} {unit} = {due}"
        return f"{target} x {days} {unit} = {due}"

    def target_lines(self, expected: Record) -> list[str]:
        """Pace, baseline, milestone, and what an adjustment or interpolation changed."""
        pace = self.pick(PACES[expected["pace"]])
        lines = [
            self.say("Mốc", "Milestone")
            + f" {self.day(expected['milestone_on'])}: {self.target_value(expected)} ({pace})"
        ]
        if expected["is_interpolated_target"]:
            lines.append(
                self.say(
                    "Mục tiêu năm này nằm trên đường thẳng giữa hai mốc của kế hoạch.",
                    "This year's target lies on the line between two milestones of the plan.",
                )
            )
        if expected["baseline_on"]:
            period = expected["baseline_period"]
            lines.append(
                self.say("Xuất phát", "Baseline")
                + f" {self.day(expected['baseline_on'])}: {self.value(expected['baseline'])}"
                + (self.say(f" (số liệu kỳ {period})", f" (figure of {period})") if period else "")
            )
        if expected["required_rest"] is not None:
            lines.append(
                self.say("Phần còn lại của năm phải đạt bình quân", "The rest of the year must average")
                + f" {self.value(expected['required_rest'])}"
            )
        if adjustment := expected["adjustment"]:
            changed = [f"{self.value(adjustment.get('target_as_issued'))} → {self.target_value(expected)}"]
            if (day := adjustment.get("milestone_as_issued_on")) and day != expected["milestone_on"]:
                moved = f"{self.day(day)} → {self.day(expected['milestone_on'])}"
                changed.append(self.say("mốc ", "milestone ") + moved)
                if adjustment.get("target_as_issued") == expected["target"]:
                    changed = changed[1:]
            lines.append(
                self.say("Đã điều chỉnh", "Adjusted")
                + f": {'; '.join(changed)}, "
                + f"{adjustment.get('adjusted_by', '')} {self.day(adjustment.get('adjusted_on'))}"
            )
        return lines

    def target_value(self, target: Record) -> str:
        """The target in numbers; in the plan's words where it has none or is no number."""
        if target["target"] is None or target["pace"] == "by_date":
            return f"“{target['target_text'] or ''}”"
        more = self.say("trên ", "above ") if target["is_strict"] else ""
        if target["comparator"] == "range":
            return f"{self.value(target['target_low'])} … {self.value(target['target_high'])}"
        return more + self.value(target["target"])

    def plan_of(self, plan: Record) -> str:
        """A plan by number, day and issuer."""
        issued = self.day(plan["issued_on"] or plan["valid_from"])
        assumed = self.say(" (ngày giả định)", " (assumed date)") if plan["is_date_assumed"] else ""
        number = plan_number(plan["plan_number"])
        return (
            self.say("Kế hoạch", "Plan")
            + f" {number} {self.say('ngày', 'of')} {issued}{assumed}, {plan['issuer_vi']} "
            + f"({plan['plan_id']})"
        )

    def plan_lines(self, expected: Record) -> list[str]:
        """The plan, its row, and the verbatim text of the target."""
        row = expected["row"]
        inherited = (
            self.say("; mục tiêu của tỉnh, chỉ để tham khảo", "; the province's target, for information")
            if expected["is_inherited_target"]
            else ""
        )
        lines = [
            f"{self.plan_of(expected['plan'])}{inherited}",
            self.say("Dòng", "Row")
            + f" {expected['row_ref']} “{row['name_vi']}”: “{row['target_raw'] or ''}”",
        ]
        if len(row["milestones"]) > 1:
            listed = "; ".join(
                f"{self.day(each['milestone_on'])} “{each['target_raw'] or ''}”" for each in row["milestones"]
            )
            lines.append(self.say("Các mốc của dòng", "Milestones of the row") + f": {listed}")
        return lines
