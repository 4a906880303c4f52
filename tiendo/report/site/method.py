"""How the numbers come about: the rules in force, from the tables they are published in, with sources."""

from collections.abc import Iterator

from tiendo.report.rule_words import PACES
from tiendo.report.site.data import SiteData
from tiendo.report.site.pages import Page
from tiendo.report.site.submissions import form_titles
from tiendo.report.site.words import MARKS, SHAPES

THRESHOLDS_SQL = """
select threshold_code, value, unit, valid_from, valid_to, source_vi, source_en
from thresholds
where valid_from <= $as_of and coalesce(valid_to, date '9999-12-31') >= $as_of
order by threshold_code
"""
STATUSES_SQL = "select * from dim_status order by status_order"
STATES_SQL = "select * from dim_task_state order by state_order"
WEIGHTS_SQL = """
select part_vi, part_en, max(weight) as weight
from agency_scorecard_parts
where is_current
group by part_vi, part_en, part_order
order by part_order
"""
MEASURES_SQL = """
select
    names.indicator_name_vi, names.indicator_name_en, names.numerator_vi, names.denominator_vi,
    names.over_places, names.over_time, measures.*
from indicator_measures as measures
inner join dim_indicator as names using (indicator_code)
order by names.theme, indicator_code, is_default desc, variant
"""
UNITS = {
    "ratio": ("tỷ số", "ratio"),
    "days": ("ngày", "days"),
    "percent": ("%", "%"),
    "percentage_points": ("điểm phần trăm", "percentage points"),
    "units": ("đơn vị", "units"),
    "changes": ("lần thay đổi", "changes"),
    "periods": ("kỳ", "periods"),
    "items": ("mục", "items"),
    "score_points": ("điểm", "points"),
    "people": ("hồ sơ", "dossiers"),
}
COLOURS = {
    "green": ("Xanh", "Green", "đạt hoặc đúng tiến độ", "achieved, or on schedule"),
    "yellow": ("Vàng", "Yellow", "cần chú ý: có nguy cơ, sắp đến hạn", "attention: at risk, due soon"),
    "red": ("Đỏ", "Red", "phải xử lý: chậm, không đạt, quá hạn", "act: behind, missed, overdue"),
    "grey": ("Xám", "Grey", "không kết luận: thiếu số hoặc không chấm", "no verdict: no figure, or unscored"),
}  # fmt: skip
# What stands behind each mark of `words.MARKS`, and behind the share of units that reported.
MARK_MEANINGS = {
    "is_synthetic": (
        "Số do chương trình sinh ra để chạy thử, không phải số của địa phương nào.",
        "Made by the program for trying out, the figure of no place.",
    ),
    "maturity": (
        "Đơn vị gửi nói số còn ước tính; số chính thức thay thế khi có.",
        "The sender says it is provisional; the final figure takes its place.",
    ),
    "is_verified": (
        "Chỉ tiêu cần minh chứng mà chưa có minh chứng nào được thẩm định hợp lệ.",
        "Evidence is required and none is judged valid yet.",
    ),
    "is_plan_date_assumed": (
        "Bản kế hoạch không ghi ngày ban hành; ngày dùng để tính là ngày giả định.",
        "The plan bears no date; the one used is assumed.",
    ),
    "is_inherited_target": (
        "Đơn vị không có mục tiêu riêng; so với mục tiêu của cấp trên, không tính điểm cho ai.",
        "The place has no target of its own and is held against that of the level above; no score counts it.",
    ),
    "is_interpolated_target": (
        "Kế hoạch không đặt mục tiêu cho năm này; số ở giữa hai mốc theo đường thẳng.",
        "The plan sets none for this year; it lies on the straight line between two milestones.",
    ),
    "is_series_break": (
        "Cách tính hoặc địa giới thay đổi; không so với số trước đó.",
        "Definition or boundaries changed; not comparable with what came before.",
    ),
    "coverage_share": (
        "Phần đơn vị đã báo cáo, theo dân số nếu biết; dưới 100% thì số còn đổi, dưới ngưỡng không kết luận.",
        "Share of the units that reported, by population where known; no verdict below the threshold.",
    ),
}


def pages(site: SiteData) -> Iterator[Page]:
    """`method.html`."""
    context = {
        "thresholds": site.rows(THRESHOLDS_SQL, as_of=site.facts.as_of),
        "units": UNITS,
        "statuses": site.rows(STATUSES_SQL),
        "states": site.rows(STATES_SQL),
        "weights": site.rows(WEIGHTS_SQL),
        "measures": site.rows(MEASURES_SQL),
        "titles": form_titles(),
        "paces": PACES,
        "marks": [(vi, en, MARK_MEANINGS[column]) for column, _, vi, en in MARKS],
        "coverage": MARK_MEANINGS["coverage_share"],
        "colours": {colour: COLOURS[colour] for colour in SHAPES},
    }
    yield Page("method.html", "method.html.jinja", "Cách tính", "How the numbers come about", context)
