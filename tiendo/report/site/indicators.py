"""The page of each indicator of a place: verdicts, path, communes, and the way down to the cells."""

from collections.abc import Iterator, Sequence
from typing import Any

from markupsafe import Markup

from tiendo.report.chart_data import series_data, threshold_path
from tiendo.report.site.data import SiteData, Subject
from tiendo.report.site.indicator_facts import Facts, Record, read_facts
from tiendo.report.site.indicator_figures import Files, figure, ratio, words_of
from tiendo.report.site.indicator_parts import Parts, read_parts
from tiendo.report.site.indicator_ranking import maps_of, ranking_of
from tiendo.report.site.indicator_sql import published
from tiendo.report.site.indicator_targets import facts_of_target, targets_of, threshold_value
from tiendo.report.site.indicator_tree import tree_of
from tiendo.report.site.pages import Page
from tiendo.report.site.tiles import TileMap
from tiendo.report.site.words import t

SHOWN_PERIODS = 24
DIRECTIONS = {
    "higher": ("càng cao càng tốt", "higher is better"),
    "lower": ("càng thấp càng tốt", "lower is better"),
    "reach": ("đạt là được", "to be reached"),
}
FREQUENCIES = {
    "month": ("hằng tháng", "monthly"),
    "quarter": ("hằng quý", "quarterly"),
    "half_year": ("sáu tháng", "every half-year"),
    "year": ("hằng năm", "yearly"),
}
OVER_PLACES = {
    "sum": ("cộng các đơn vị", "units are added"),
    "ratio_of_sums": (
        "tổng tử số chia tổng mẫu số của các đơn vị",
        "sum of numerators over sum of denominators",
    ),
    "none": ("không tổng hợp từ đơn vị", "not rolled up from units"),
}
OVER_TIME = {
    "last": ("lấy số cuối kỳ", "the last of the period"),
    "sum_in_year": ("cộng từ đầu năm", "added up since January"),
    "ratio_of_sums": ("tổng tử số chia tổng mẫu số từ đầu năm", "sums since January, then divided"),
    "none": ("từng kỳ riêng", "each period by itself"),
}
UNITS = {
    "percent": ("%", "%"),
    "percent_grdp": ("% GRDP", "% of GRDP"),
    "percent_budget": ("% chi ngân sách", "% of budget spending"),
    "count": ("số đếm", "count"),
    "boolean": ("có hoặc chưa", "yes or no"),
    "rank": ("thứ hạng", "rank"),
    "text": ("bằng chữ", "in words"),
    "project": ("dự án", "projects"),
    "index_0_1": ("điểm từ 0 đến 1", "points from 0 to 1"),
    "score": ("điểm", "points"),
    "hour": ("giờ", "hours"),
    "per_10k_people": ("người trên 1 vạn dân", "per 10000 people"),
}


def pages(site: SiteData) -> Iterator[Page]:
    """A page for every indicator with a target or a figure at a place or among its communes."""
    facts = read_facts(site)
    parts = read_parts(site, facts)
    maps = maps_of(facts)
    for subject in site.subjects:
        codes = {code for place, code in facts.targets if place == subject.org_code}
        if subject.level == "province":
            codes |= {code for place, code in facts.communes if place == subject.org_code}
        for code in sorted(codes):
            indicator = facts.indicators[code]
            context = _context(site, subject, indicator, facts, parts, maps)
            yield Page(
                f"{subject.org_code}/indicators/{code}.html",
                "indicator.html.jinja",
                indicator["indicator_name_vi"],
                indicator["indicator_name_en"],
                context,
                subject,
                ((f"{subject.org_code}/indicators/index.html", "Chỉ tiêu", "Indicators"),),
                has_charts=context["chart"] is not None,
            )


def _context(
    site: SiteData, subject: Subject, indicator: Record, facts: Facts, parts: Parts, maps: dict[str, TileMap]
) -> dict[str, Any]:
    code = indicator["indicator_code"]
    rows = facts.targets.get((subject.org_code, code), [])
    history = facts.history.get((subject.org_code, code), [])
    communes = facts.communes.get((subject.org_code, code), []) if subject.level == "province" else []
    first, files = (rows[0] if rows else None), Files(parts.submissions)
    tree = tree_of(first, history, facts, parts, files) if first else None
    enough = threshold_value(facts, "coverage_share", site.facts.as_of) or 0
    return {
        "indicator": indicator,
        "definition": _definition(indicator),
        "first": first,
        "targets": [target | {"facts": facts_of_target(target)} for target in targets_of(rows, facts)]
        if rows
        else [],
        "conflicts": facts.conflicts.get((subject.org_code, code), []),
        "variants": facts.variants.get((subject.org_code, code), []),
        "history": history[: -SHOWN_PERIODS - 1 : -1],
        "chart": _chart(first, history, facts) if first and any(_known(row) for row in history) else None,
        "tree": tree,
        "ranking": ranking_of(communes, facts, parts, files, maps[subject.province_code], enough)
        if communes
        else None,
        "files": files.listed(),
        "statements": _statements(first, tree.statement if tree else None) if first else [],
        "explain": _explain(first) if first else None,
        "figure": figure,
        "ratio": ratio,
        "words": words_of(indicator["unit"]),
    }


def _known(row: Record) -> bool:
    return row["actual"] is not None or row["provisional_actual"] is not None


def _definition(indicator: Record) -> list[tuple[Markup, Any]]:
    """What the indicator measures, how, and who says so; what the registry does not know is left out."""
    told = (
        ("Tử số", "Numerator", indicator["numerator_vi"]),
        ("Mẫu số", "Denominator", indicator["denominator_vi"]),
        ("Đơn vị tính", "Unit", _pair(UNITS, indicator["unit"])),
        ("Chiều", "Direction", _pair(DIRECTIONS, indicator["direction"])),
        ("Kỳ báo cáo", "Frequency", _pair(FREQUENCIES, indicator["frequency"])),
        ("Theo địa bàn", "Over places", _pair(OVER_PLACES, indicator["over_places"])),
        ("Theo thời gian", "Over time", _pair(OVER_TIME, indicator["over_time"])),
        ("Nguồn số liệu", "Source system", indicator["source_system_vi"]),
        ("Cơ quan công bố", "Publisher", indicator["publisher_vi"]),
        ("Ghi chú (tiếng Anh)", "Remark", indicator["note"]),
    )
    return [(t(vi, en), value) for vi, en, value in told if value]


def _pair(words: dict[str, tuple[str, str]], code: str | None) -> Markup | None:
    return t(*words.get(code, (code, code))) if code else None


def _chart(first: Record, history: Sequence[Record], facts: Facts) -> dict[str, Any]:
    """The rows of the chart: each period with path and thresholds, milestones, and the forecast."""
    at_risk, off_track = (
        threshold_value(facts, f"{first['pace']}_{name}", first["judged_on"])
        for name in ("at_risk", "off_track")
    )
    actuals = [
        {
            "period": row["period"],
            "period_end": row["judged_on"],
            "actual": row["actual"] if row["actual"] is not None else row["provisional_actual"],
            "is_provisional": row["actual"] is None or row["maturity"] == "provisional",
            "expected": row["expected_now"],
            "at_risk": threshold_path(row, at_risk) if at_risk is not None else None,
            "off_track": threshold_path(row, off_track) if off_track is not None else None,
            "status": row["status"],
            "colour": row["colour"],
        }
        for row in history
    ]
    return series_data(actuals, _milestones(first, facts), _forecast(first), first["unit"])


def _milestones(first: Record, facts: Facts) -> list[Record]:
    """The milestones of the plan row that are numbers, as far as the next one ahead."""
    if first["target"] is None or first["pace"] in ("none", None):
        return []
    found: list[Record] = []
    for each in facts.plan_rows.get((first["plan_id"], first["row_ref"]), []):
        on = each["adjusted_milestone_on"] or each["milestone_on"]
        low = each["adjusted_target_low"] if each["adjusted_target_low"] is not None else each["target_low"]
        value = low if low is not None else each["target_high"]
        if on is not None and on < first["milestone_on"] and value is not None:
            found.append({"milestone_on": on, "target": value, "is_met": None})
    return [
        *found,
        {"milestone_on": first["milestone_on"], "target": first["target"], "is_met": first["milestone_met"]},
    ]


def _forecast(first: Record) -> Record | None:
    if first["forecast"] is None:
        return None
    interval = {"low": first["forecast_low"], "high": first["forecast_high"]}
    return {"on": first["milestone_on"], "value": first["forecast"], **interval}


def _statements(first: Record, again: str | None) -> list[tuple[Markup, str]]:
    """Commands with the SQL that gives the number of the page."""
    found = [(t("Số đã công bố", "The published number"), f'tiendo sql "{published(first)}"')]
    if again:
        found.append((t("Tính lại từ các phần", "Again from its parts"), f'tiendo sql "{again}"'))
    return found


def _explain(first: Record) -> str:
    plan = f" --plan {first['plan_id']}" if first["plan_id"] else ""
    place = f"--place {first['org_code']} --period {first['period']}{plan}"
    return f"tiendo explain {first['indicator_code']} {place}"
