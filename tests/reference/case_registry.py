"""A synthetic registry: indicators of every shape, plans that follow, replace and precede each other.

Codes say what an indicator is, so that a disagreement can be read without looking it up.
"""

import csv
import itertools
import random
from collections.abc import Iterator
from datetime import date
from pathlib import Path

Row = dict[str, str]

SHIPPED_PLANS = Path(__file__).parents[2] / "data" / "raw" / "plans"
PROVINCES = ("01", "04", "11", "66", "75")
FREQUENCIES = ("month", "quarter", "half_year", "year")
# plan_id, number, level, province, place, issue date ('' where undated), assumed or issued on, supersedes.
PLANS = (
    ("hn-2023", "10/KH", "province", "01", "01", "2023-09-20", "2023-09-20", ""),
    ("hn-2024", "11/KH", "province", "01", "01", "2024-03-15", "2024-03-15", ""),
    ("hn-2025", "12/KH", "party_committee", "01", "01", "2025-02-10", "2025-02-10", "10/KH"),
    ("hn-later", "13/KH", "province", "01", "01", "2026-11-15", "2026-11-15", "11/KH"),
    ("cb-assumed", "/KH", "province", "04", "04", "", "2025-06-01", ""),
    ("cb-2026", "21/KH", "province", "04", "04", "2026-01-10", "2026-01-10", ""),
    ("db-2024", "51/KH", "province", "11", "11", "2024-07-01", "2024-07-01", ""),
    ("db-2025", "52/KH", "province", "11", "11", "2025-04-30", "2025-04-30", ""),
    ("db-2025-party", "53/KH", "party_committee", "11", "11", "2025-04-30", "2025-04-30", ""),
    ("db-2026", "54/KH", "province", "11", "11", "2026-09-30", "2026-09-30", "51/KH"),
    ("dl-assumed", "/KH", "province", "66", "66", "", "2025-06-01", ""),
    ("dl-2025", "31/KH", "party_committee", "66", "66", "2025-11-06", "2025-11-06", "52/KH"),
    ("dl-2026", "32/KH", "province", "66", "66", "2026-03-17", "2026-03-17", "31/KH"),
    ("xa-cb-2026", "41/KH", "commune", "04", "01273", "2026-03-02", "2026-03-02", ""),
    ("xa-hn-2025", "42/KH", "commune", "01", "00070", "2025-09-01", "2025-09-01", ""),
    ("xa-bien-2024", "44/KH", "commune", "66", "24184", "2024-06-20", "2024-06-20", ""),
    ("xa-dl-2025", "43/KH", "commune", "66", "24133", "2025-08-15", "2025-08-15", ""),
)
UNUSED = ("section_vi", "unit_raw", "lead_raw", "responsible_raw", "monitor_raw", "source_doc_raw")
COMMUNES = {"01": ("00070", "00082"), "04": ("01273", "01279"), "66": ("24133", "24184")}


def plans() -> list[Row]:
    return [
        {
            "plan_id": plan_id,
            "number": number,
            "issuer_vi": "Ủy ban nhân dân",
            "level": level,
            "province_code": province,
            "commune_name": "Xã thử" if level == "commune" else "",
            "issue_date": issued,
            "scope_vi": "Kế hoạch thử nghiệm",
            "supersedes": supersedes,
            "source_file": "",
            "org_code": place,
            "valid_from": valid_from,
            "date_is_assumed": "no" if issued else "yes",
            "accountable_role": "lead",
        }
        for plan_id, number, level, province, place, issued, valid_from, supersedes in PLANS
    ]


def indicators() -> list[Row]:
    """Every direction and frequency of each shape, and the shipped indicators that forms measure."""
    return [*computed(), *_shapes()]


def computed() -> list[Row]:
    measured = {row["indicator_code"] for row in measures()}
    return [row for row in _shipped("indicators") if row["indicator_code"] in measured]


def _shapes() -> Iterator[Row]:
    applies = itertools.cycle(("both", "both", "province"))
    for direction, frequency in itertools.product(("higher", "lower"), FREQUENCIES):
        name = f"{direction}_{frequency}"
        level = next(applies)
        yield _indicator(f"level_ratio_{name}", "percent", direction, "ratio", "ratio_of_sums", "last",
                         frequency, level)  # fmt: skip
        yield _indicator(f"level_count_{name}", "count", direction, "count", "sum", "last", frequency, level)
        yield _indicator(f"flow_ratio_{name}", "percent", direction, "ratio", "ratio_of_sums",
                         "ratio_of_sums", frequency, level)  # fmt: skip
        yield _indicator(f"year_count_{name}", "project", direction, "count", "sum", "sum_in_year", frequency,
                         "province")  # fmt: skip
    for frequency in FREQUENCIES:
        yield _indicator(f"level_alone_{frequency}", "percent", "higher", "ratio", "none", "last", frequency,
                         "both")  # fmt: skip
        yield _indicator(f"flow_alone_{frequency}", "percent_budget", "higher", "ratio", "none",
                         "ratio_of_sums", frequency, "province")  # fmt: skip
        yield _indicator(f"switch_{frequency}", "boolean", "reach", "boolean", "none", "last", frequency,
                         "province")  # fmt: skip
        yield _indicator(f"rank_{frequency}", "rank", "lower", "rank", "none", "last", frequency, "province",
                         "published")  # fmt: skip
        yield _indicator(f"score_{frequency}", "score", "higher", "index", "none", "last", frequency, "both",
                         "published")  # fmt: skip
    yield _indicator(
        "per_10k_year", "per_10k_people", "higher", "ratio", "ratio_of_sums", "last", "year", "both"
    )
    yield _indicator("hours_month", "hour", "lower", "count", "none", "none", "month", "province")
    yield _indicator("words_year", "text", "reach", "text", "none", "none", "year", "province")
    yield _indicator("edge_level", "percent", "higher", "ratio", "ratio_of_sums", "last", "month", "both")
    yield _indicator("edge_fall", "percent", "higher", "ratio", "ratio_of_sums", "last", "month", "both")
    yield _indicator("edge_count", "count", "higher", "count", "sum", "last", "month", "both")
    yield _indicator("edge_year", "count", "higher", "count", "sum", "sum_in_year", "month", "both")
    yield _indicator(
        "edge_flow", "percent", "higher", "ratio", "ratio_of_sums", "ratio_of_sums", "month", "both"
    )


def _indicator(
    code: str,
    unit: str,
    direction: str,
    kind: str,
    over_places: str,
    over_time: str,
    frequency: str,
    applies: str,
    source: str = "reported",
) -> Row:
    return {
        "indicator_code": code,
        "name_vi": f"Chỉ tiêu {code}",
        "name_en": f"Indicator {code}",
        "theme": "science",
        "unit": unit,
        "direction": direction,
        "kind": kind,
        "numerator_vi": "",
        "denominator_vi": "",
        "over_places": over_places,
        "over_time": over_time,
        "frequency": frequency,
        "source_system_vi": "",
        "derivable": "yes",
        "note": "",
        "applies_to_level": applies,
        "evidence_required": "no",
        "publisher_vi": "Bộ thử" if source == "published" else "",
        "primary_source": source,
    }


def measures() -> list[Row]:
    """The shipped measures, since every form needs its own."""
    return _shipped("indicator_measures")


def _shipped(name: str) -> list[Row]:
    with (SHIPPED_PLANS / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def plan_targets(rng: random.Random) -> list[Row]:
    """One to three rows for most pairs of plan and indicator."""
    rows: list[Row] = []
    for plan in plans():
        for indicator in indicators():
            code = indicator["indicator_code"]
            if indicator["primary_source"] == "computed" and code != "infra_5g_coverage":
                continue
            if not _suits(plan, indicator) or rng.random() < (0.25 if code[:4] != "edge" else 0.2):
                continue
            before = 0
            for number in range(rng.choice((1, 1, 2, 2, 3))):
                added = _target_row(rng, plan, indicator, number)
                rows += added
                if number and rng.random() < 0.15:
                    for row in added:
                        row["duplicate_of"] = rows[before]["row_ref"]
                before = len(rows) - len(added)
    return rows


def _suits(plan: Row, indicator: Row) -> bool:
    return plan["level"] != "commune" or indicator["applies_to_level"] == "both"


def pace_of(indicator: Row) -> str:
    if indicator["kind"] == "text":
        return "none"
    if indicator["kind"] in ("boolean", "rank"):
        return "by_date"
    paces = {"sum_in_year": "cumulative", "ratio_of_sums": "flow", "last": "level", "none": "flow"}
    return paces[indicator["over_time"]]


def _target_row(rng: random.Random, plan: Row, indicator: Row, number: int) -> list[Row]:
    code, pace = indicator["indicator_code"], pace_of(indicator)
    embedded = "yes" if number and rng.random() < 0.4 else "no"
    strict = "yes" if rng.random() < 0.2 and pace not in ("none", "by_date") else "no"
    text_at = rng.randrange(3) if rng.random() < 0.12 else None
    if code.startswith("edge"):
        text_at, strict = None, "no"
    rows: list[Row] = []
    for order, on in enumerate(_milestones(rng, plan, indicator, pace)):
        kind, low, high = _bounds(rng, indicator, order, on)
        if order == text_at or pace == "none":
            kind, low, high = rng.choice(("qualitative", "rank_text")), "", ""
        rows.append(
            {
                **dict.fromkeys(UNUSED, ""),
                "plan_id": plan["plan_id"],
                "row_ref": f"{code}.{number + 1}",
                "name_vi": indicator["name_vi"],
                "milestone_year": on[:4],
                "target_raw": f"{low or high or '....%'}",
                "target_kind": kind,
                "target_low": low,
                "target_high": high,
                "unit": indicator["unit"] if low or high else "text",
                "per": "year" if pace == "cumulative" else "",
                "indicator_code": code,
                "note": "",
                "pace": pace if low or high else "none",
                "milestone_on": on,
                "embedded": embedded,
                "duplicate_of": "",
                "strict": strict,
                "assigned_level": "own",
                "not_a_target": "yes" if order == text_at and order else "no",
            }
        )
    return rows


def _edge_bounds(rng: random.Random, code: str, year: int) -> tuple[str, str, str]:
    """What a straight line from 0 on 31 December reaches in round numbers, day by day."""
    days = (date(year, 12, 31) - date(year - 1, 12, 31)).days
    value = {"edge_level": days / 5, "edge_count": days, "edge_year": days, "edge_flow": 80,
             "edge_fall": 80}[code]  # fmt: skip
    if rng.random() < 0.3:
        value = {"edge_level": days / 100, "edge_count": days * 10, "edge_year": days * 2,
                 "edge_flow": 100, "edge_fall": 79.5}[code]  # fmt: skip
    return "at_least", str(value), ""


def _milestones(rng: random.Random, plan: Row, indicator: Row, pace: str) -> list[str]:
    year = int(plan["valid_from"][:4])
    if indicator["indicator_code"].startswith("edge"):
        return [f"{year}-12-31"]
    choice = rng.random()
    if choice < 0.3:
        return [f"{year}-12-31"]
    if choice < 0.5:
        return [f"{year}-12-31", "2030-12-31"]
    if choice < 0.65:
        return sorted({f"{year}-12-31", f"{year + 1}-12-31", f"{year + 3}-12-31"})
    if choice < 0.75:
        return [f"{year + 1}-12-31"]
    if pace == "cumulative" and choice < 0.9:
        return [f"{year}-09-30"] if choice < 0.82 else [f"{year}-12-31", f"{year + 1}-06-30"]
    if choice < 0.85:
        return [f"{year}-09-30", f"{year + 1}-06-30"]
    if choice < 0.92:
        return [f"{year}-10-01", f"{year}-12-15", f"{year + 1}-04-30"]
    return [f"{year + 1}-12-31", "2030-12-31"]


def _bounds(rng: random.Random, indicator: Row, order: int, on: str) -> tuple[str, str, str]:
    """Kind and bounds, further milestones asking for more; now and then against the direction."""
    code, higher = indicator["indicator_code"], indicator["direction"] != "lower"
    if code.startswith("edge"):
        return _edge_bounds(rng, code, int(on[:4]))
    if indicator["kind"] == "boolean":
        return "boolean", "1", "1"
    if indicator["kind"] == "rank":
        return "at_most", "", str(rng.choice((5, 10, 20)) - order)
    if indicator["kind"] == "index":
        return "at_least", str(rng.choice((60, 75, 80.5)) + 5 * order), ""
    if indicator["kind"] == "count":
        value = rng.choice((10, 12, 24, 36.5, 100)) if higher else rng.choice((0, 3, 8, 20))
    else:
        value = rng.choice((50, 60, 70, 80, 90, 95)) if higher else rng.choice((0, 5, 10, 20))
    value = max(value + (5 if higher else -1) * order, 0)
    draw = rng.random()
    if draw < 0.3:
        return "equal", str(value), str(value)
    if draw < 0.42:
        return "range", str(value), str(value + 5)
    against = draw > 0.95
    return ("at_least", str(value), "") if higher != against else ("at_most", "", str(value))
