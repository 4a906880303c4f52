"""The verdict on each target row in force at a place, and of all but the primary one why they are not it."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from tiendo.report.explain import expected_of, stated_row, thresholds_used
from tiendo.report.reminders import plan_number
from tiendo.report.site.indicator_facts import Facts, Record
from tiendo.report.site.indicator_figures import both, figure, words_of
from tiendo.report.site.words import html, t

Pair = tuple[str, str]


def as_text(row: Record) -> Record:
    """The row with its days as text, as explanations take them."""
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in row.items()}


def targets_of(rows: Sequence[Record], facts: Facts) -> list[Record]:
    """The targets among the rows of one place and indicator, for the template.

    Args:
        rows: Rows of `indicator_latest`, the one the page speaks of first.
        facts: The small tables.

    Returns:
        `row`, `plan_row` (as the plan writes it), `milestones` of that row, `why` (None of the primary),
        `agencies`, `value` of the target and number of the `plan`.
    """
    found: list[Record] = []
    primary = rows[0] if rows[0]["is_primary"] else None
    for row in rows:
        if row["plan_id"] is None:
            continue
        milestones = facts.plan_rows.get((row["plan_id"], row["row_ref"]), [])
        found.append(
            {
                "row": row,
                "plan_row": _stated(milestones, row),
                "milestones": milestones,
                "why": None if row["is_primary"] else t(*_why_not(row, primary, facts)),
                "agencies": facts.agencies.get((row["plan_id"], row["row_ref"]), []),
                "value": target_value(row),
                "plan": plan_number(_stated(milestones, row).get("plan_number") or row["plan_id"]),
            }
        )
    return found


def target_value(row: Record) -> Markup:
    """The target in numbers; in the plan's words where it has none or is no number."""
    is_number = row["target"] is not None and row["pace"] != "by_date"
    if is_number and row["comparator"] != "range" and not row["is_strict"]:
        return figure(row["target"], row["unit"])
    vi, en = words_of(row["unit"])
    return both(vi.target_value(row), en.target_value(row))


def _stated(milestones: Sequence[Record], row: Record) -> Record:
    """The milestone a figure is judged by, found as explanations find it."""
    return stated_row(milestones, row["milestone_on"]) if milestones else {}


def _why_not(row: Record, primary: Record | None, facts: Facts) -> Pair:
    """The first rule of `int_progress_judged` by which a target is not the primary one."""
    own = _stated(facts.plan_rows.get((row["plan_id"], row["row_ref"]), []), row)
    if own.get("duplicate_of"):
        return f"lặp lại dòng {own['duplicate_of']}", f"repeats row {own['duplicate_of']}"
    if own.get("is_not_a_target"):
        return "dòng này không phải mục tiêu", "the row is no target"
    if row["milestone_on"] is not None and row["milestone_on"] < row["judged_on"]:
        return "mốc đã qua", "its milestone has passed"
    if row["status"] == "no_target" or primary is None:
        return "kế hoạch chưa đặt mục tiêu cho năm này", "the plan sets no target for this year"
    if primary["primary_by"]:
        return f"đã chọn mục tiêu khác theo {primary['primary_by']}", f"chosen by {primary['primary_by']}"
    first = _stated(facts.plan_rows.get((primary["plan_id"], primary["row_ref"]), []), primary)
    rules = (
        (own, first, "valid_from", ("đã có kế hoạch mới hơn", "there is a newer plan")),
        (row, primary, "period", ("xét ở kỳ khác", "judged on another period")),
        (row, primary, "milestone_on", ("mốc xa hơn", "its milestone is later")),
        (
            own,
            first,
            "is_embedded",
            ("ghi trong lời văn, phụ lục đứng trước", "the annex comes first"),
        ),
        (row, primary, "target", ("yêu cầu thấp hơn", "asks less")),
    )
    for other, chosen, name, words in rules:
        if name == "milestone_on" and row["target"] is None and primary["target"] is not None:
            return "mục tiêu bằng chữ", "a target in words"
        if other.get(name) != chosen.get(name):
            return words
    return "đứng sau trong kế hoạch", "stands later in the plan"


def path_lines(row: Record, history: Sequence[Record], facts: Facts) -> list[Markup]:
    """What was due: the arithmetic of the path, the baseline, the plan and its row."""
    figure_row = as_text(row)
    rows = [as_text(each) for each in facts.plan_rows.get((row["plan_id"], row["row_ref"]), [])]
    started = (
        each["period"]
        for each in history
        if each["judged_on"] == row["baseline_on"] and each["actual"] == row["baseline"]
    )
    expected = expected_of(figure_row, rows, next(started, None) if row["baseline_on"] else None)
    lines: list[list[str]] = []
    for words in words_of(row["unit"]):
        path = words.path(expected)
        told = [words.expected(expected, figure_row["judged_on"]), *([path] if path else [])]
        lines.append([*told, *words.target_lines(expected), *words.plan_lines(expected)])
    return [both(vi, en) for vi, en in zip(*lines, strict=True)]


def threshold_lines(row: Record, facts: Facts) -> list[Markup]:
    """The thresholds that decided the status, the deciding one first."""
    lines: list[Markup] = []
    vi, en = words_of(row["unit"])
    for code in thresholds_used(row):
        for each in facts.thresholds:
            begun, over = each["valid_from"], each["valid_to"] or date.max
            if each["threshold_code"] == code and begun <= row["judged_on"] <= over:
                known = as_text(each)
                lines.append(both(vi.threshold(known), en.threshold(known)))
    return lines


def threshold_value(facts: Facts, code: str, day: date) -> float | None:
    """A threshold in force on a day."""
    for each in facts.thresholds:
        if each["threshold_code"] == code and each["valid_from"] <= day <= (each["valid_to"] or date.max):
            return each["value"]
    return None


def facts_of_target(target: Record) -> list[tuple[Markup, Any]]:
    """Label and value of what is known of a target, what is not known left out."""
    row, unit = target["row"], target["row"]["unit"]
    gap = figure(row["gap"], None if unit.startswith("percent") else unit)
    if unit.startswith("percent"):
        gap += " " + t("điểm phần trăm", "percentage points")
    forecast = None
    if row["forecast"] is not None:
        forecast = figure(row["forecast"], unit)
        if row["forecast_low"] is not None:
            forecast += Markup(" <small>({} … {})</small>").format(
                figure(row["forecast_low"], unit), figure(row["forecast_high"], unit)
            )
    rest = figure(row["required_rest"], unit)
    if row["is_out_of_reach"]:
        rest += html(f' <span class="mark">{t("không thể đạt", "out of reach")}</span>')
    told = (
        ("Thực tế", "Actual", row["actual"], figure(row["actual"], unit)),
        ("Cần đạt đến nay", "Expected by now", row["expected_now"], figure(row["expected_now"], unit)),
        ("Chênh lệch", "Gap", row["gap"], gap),
        (
            "Tỷ lệ tiến độ",
            "Schedule ratio",
            row["schedule_ratio"],
            figure(100 * (row["schedule_ratio"] or 0), "percent"),
        ),
        ("So với mục tiêu", "Attainment", row["attainment_pct"], figure(row["attainment_pct"], "percent")),
        ("Phần còn lại phải đạt", "Required of the rest", row["required_rest"], rest),
        ("Xuất phát", "Baseline", row["baseline"], figure(row["baseline"], unit)),
        ("Dự báo ở mốc", "Forecast for the milestone", row["forecast"], forecast),
        (
            "Đạt ở mốc",
            "Reached at the milestone",
            row["milestone_actual"],
            figure(row["milestone_actual"], unit),
        ),
    )
    return [(t(vi, en), shown) for vi, en, known, shown in told if known is not None]
