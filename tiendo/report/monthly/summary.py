"""The page for leaders: what changed since last month, what to decide, who is answerable.

Nothing is judged here: each line counts or names what the tables of the report hold.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from tiendo.report.monthly.reading import Row
from tiendo.report.monthly.rows import NOT_NAMED
from tiendo.report.monthly.texts import amount, brief, number, status

MOST_CHANGES, MOST_AGENCIES = 3, 5
MOST_NAMED = 2
# A move of the schedule ratio worth telling where the colour stayed the same; our choice, decision 0037.
WORTH_TELLING = 0.05
RED = ("missed", "deteriorating", "off_track")
# Whose pace still matters: what is on track may run far ahead, what is missed has its verdict.
PACED = ("deteriorating", "off_track", "at_risk")


def moved(rows: Sequence[Row]) -> list[Row]:
    """What got better or worse: first by colour, then by schedule among what stays behind.

    Returns:
        Rows with `better`, whether it got better, and `by_colour`.
    """
    found: list[tuple[bool, float, Row]] = []
    for row in rows:
        if row["change"] in ("improved", "worsened"):
            found.append((True, 0.0, {**row, "better": row["change"] == "improved", "by_colour": True}))
        elif row["change"] == "same" and (shift := _shift(row)) and abs(shift) >= WORTH_TELLING:
            found.append((False, abs(shift), {**row, "better": shift > 0, "by_colour": False}))
    found.sort(key=lambda item: (not item[0], -item[1], item[2]["indicator_code"]))
    return [row for _, _, row in found]


def movement_rows(rows: Sequence[Row], better: bool) -> list[Row]:
    """The lines of a table of changes."""
    return [
        {
            "name": row["indicator_name_vi"],
            "brief": brief(row["indicator_name_vi"], 60),
            "before": _told(row["previous"]),
            "now": _told(row),
        }
        for row in rows
        if row["better"] is better
    ]


def agency_rows(
    cards: Sequence[Row], behind: Sequence[Row], tasks: Sequence[Row], reporters: Sequence[Row]
) -> list[Row]:
    """What each agency answers for: red and yellow indicators, overdue tasks, reports late and missing.

    Args:
        cards: The agencies the plans name, with their scores.
        behind: Indicators that are red or yellow.
        tasks: All tasks.
        reporters: The month's reports by who owed them.

    Returns:
        One row per agency, who has most to answer for first.
    """
    red = _by_agency(row["agencies_vi"] for row in behind if row["status"] in RED)
    yellow = _by_agency(row["agencies_vi"] for row in behind if row["status"] not in RED)
    overdue = _by_agency(row["leads_vi"] for row in tasks if row["state"] == "overdue")
    alerts = _by_agency(row["leads_vi"] for row in tasks if row["alert"])
    owed = {row["reporter_code"]: row for row in reporters}
    found: list[Row] = [
        {
            "agency": card["agency"],
            "short": brief(card["short_name"] or card["agency"], 45),
            "red": red[card["short_name"]],
            "yellow": yellow[card["short_name"]],
            "overdue": overdue[card["short_name"]],
            "alerts": alerts[card["short_name"]],
            "late": owed.get(card["agency_code"], {}).get("late", 0),
            "missing": owed.get(card["agency_code"], {}).get("missing", 0),
            "score": card["score"],
            "rank": f"{card['rank']}/{card['rank_of']}" if card["rank"] else "",
            "why": card["score_reason"] or card["not_scored_reason"] or "",
            "explain": f"tiendo explain agency {card['agency_code']}",
        }
        for card in cards
    ]
    for entry in found:
        entry["weight"] = entry["red"] + entry["overdue"] + entry["missing"]
    return sorted(found, key=lambda entry: (-entry["weight"], entry["agency"]))


def decisions(facts: Mapping[str, Any]) -> list[Row]:
    """What waits for a leader, each with its number and who has to act; nothing where nothing waits.

    Args:
        facts: `behind`, `tasks`, `evidence`, `reporters`, `findings` as the report reads them.
    """
    found: list[tuple[str, str]] = []
    red = [row for row in facts["behind"] if row["status"] in RED]
    if red:
        out = sum(bool(row["is_out_of_reach"]) or row["status"] == "missed" for row in red)
        beyond = f", trong đó {out} không còn đạt được đúng mốc" if out else ""
        what = f"{len(red)} chỉ tiêu đỏ{beyond}: giao giải pháp bù, hoặc trình điều chỉnh mục tiêu."
        found.append((what, _who(row["agencies_vi"] for row in red)))
    unnamed = sum(not row["agencies_vi"] for row in facts["behind"])
    if unnamed:
        what = (
            f"{unnamed} chỉ tiêu đỏ, vàng mà kế hoạch không nêu cơ quan chịu trách nhiệm: giao một đầu mối."
        )
        found.append((what, "Cơ quan ban hành kế hoạch"))
    overdue = [row for row in facts["tasks"] if row["state"] == "overdue"]
    if overdue:
        longest = max(row["days_overdue"] or 0 for row in overdue)
        what = f"{len(overdue)} nhiệm vụ quá hạn, lâu nhất {longest} ngày: chốt ngày xong, hoặc cho gia hạn."
        found.append((what, _who(row["leads_vi"] for row in overdue)))
    if facts["evidence"]:
        longest = max(row["days_waiting"] for row in facts["evidence"])
        what = f"{len(facts['evidence'])} minh chứng chờ thẩm định, lâu nhất {longest} ngày: thẩm định."
        found.append((what, _who(row["waits_for"] for row in facts["evidence"])))
    missing = [row for row in facts["reporters"] if row["missing"]]
    if missing:
        total = sum(row["missing"] for row in missing)
        what = f"{total} báo cáo đến hạn trong tháng chưa gửi, của {len(missing)} đơn vị: đôn đốc."
        found.append((what, _who(row["reporter"] for row in missing)))
    grave = [row for row in facts["findings"] if row["area"] == "Kế hoạch" and row["severity"] == "high"]
    if grave:
        what = f"{len(grave)} mâu thuẫn nghiêm trọng trong kế hoạch: chọn nội dung áp dụng."
        found.append((what, "Cơ quan ban hành kế hoạch"))
    return [{"number": at, "what": what, "who": who} for at, (what, who) in enumerate(found, 1)]


def _who(names: Any) -> str:
    """The agencies named most, with how often."""
    counts = _by_agency(names)
    counts.pop(NOT_NAMED, None)
    ranked = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    told = "; ".join(f"{brief(name, 36)} ({count})" for name, count in ranked[:MOST_NAMED])
    more = f"; {len(ranked) - MOST_NAMED} nơi khác" if len(ranked) > MOST_NAMED else ""
    return (told or NOT_NAMED) + more


def _by_agency(lists: Any) -> Counter[str]:
    found: Counter[str] = Counter()
    for names in lists:
        found.update((names or NOT_NAMED).split("; "))
    return found


def _told(row: Row) -> str:
    ratio = row["schedule_ratio"]
    path = f", {number(100 * ratio, 0)}% tiến độ" if ratio is not None else ""
    return f"{status(row['colour'], row['label_vi'])}, {amount(row['actual'], row['unit'])}{path}"


def _shift(row: Row) -> float | None:
    """How far the schedule ratio moved between two figures against one target; None for no answer."""
    before = row["previous"]
    same = all(row[name] == before[name] for name in ("plan_id", "row_ref", "milestone_on"))
    if not same or row["period"] == before["period"] or row["status"] not in PACED:
        return None
    now, then = row["schedule_ratio"], before["schedule_ratio"]
    return None if now is None or then is None else now - then
