"""The structure that SDMX programs need to read `sdmx/indicator_progress.csv`: SDMX-JSON 2.0.

Concepts, code lists, one data structure, one dataflow. Code lists taken from tables hold what this release
uses or knows and say so (`isPartial`).
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple

SCHEMA = (
    "https://raw.githubusercontent.com/sdmx-twg/sdmx-json/master/structure-message/tools/schemas/2.0.0/"
    "sdmx-json-structure-schema.json"
)
AGENCY = "TIENDO"
VERSION = "1.0"
DATAFLOW = f"{AGENCY}:INDICATOR_PROGRESS({VERSION})"
MODEL = "urn:sdmx:org.sdmx.infomodel"


class Code(NamedTuple):
    """A code with its words; the English ones may be missing where a name is only Vietnamese."""

    id: str
    vi: str
    en: str | None = None


class Part(NamedTuple):
    """A column of the CSV: its concept in both languages, and the code list or data type of its values."""

    id: str
    vi: str
    en: str
    values: str
    is_required: bool = False


DIMENSIONS = (
    Part("FREQ", "Tần suất", "Frequency of the period", "CL_FREQ"),
    Part("REF_AREA", "Địa bàn", "Place", "CL_AREA"),
    Part("INDICATOR", "Chỉ tiêu", "Indicator", "CL_INDICATOR"),
    Part("PLAN", "Kế hoạch", "Plan the target stands in", "CL_PLAN"),
    Part("PLAN_ROW", "Dòng kế hoạch", "Row of the plan, _Z without a target", "String"),
)
TIME = Part("TIME_PERIOD", "Kỳ", "Period", "ObservationalTimePeriod")
MEASURE = Part("OBS_VALUE", "Thực hiện", "Actual value, in UNIT_MEASURE; percent from 0 to 100", "Double")
ATTRIBUTES = (
    Part("OBS_STATUS", "Tính chất số liệu", "Observation status", "CL_OBS_STATUS", True),
    Part("UNIT_MEASURE", "Đơn vị tính", "Unit of measure", "CL_UNIT_MEASURE", True),
    Part("VERDICT", "Trạng thái", "Status of target versus actual", "CL_VERDICT", True),
    Part("COMPARATOR", "Phép so sánh", "How the value is compared with the target", "String"),
    Part("TARGET", "Mục tiêu", "Target, in UNIT_MEASURE", "Double"),
    Part("TARGET_LOW", "Mục tiêu, cận dưới", "Target, lower bound", "Double"),
    Part("TARGET_HIGH", "Mục tiêu, cận trên", "Target, upper bound", "Double"),
    Part("EXPECTED_NOW", "Mức phải đạt đến nay", "Value due by the day of judgement", "Double"),
    Part("IS_PRIMARY", "Mục tiêu chính", "Whether it is the primary target", "Boolean", True),
    Part("VARIANT", "Cách tính", "Definition of the measure", "String", True),
    Part("BASIS", "Lũy kế hay trong kỳ", "In the period, year to date or estimate of the year", "String"),
    Part("SOURCE_KIND", "Nguồn số liệu", "Computed, reported, published, rolled up or restated", "String"),
    Part("DATA_CUTOFF", "Số liệu đến ngày", "Last day the figure speaks of", "GregorianDay"),
    Part("COVERAGE", "Tỷ lệ đơn vị đã báo cáo", "Share of units behind the figure, 0 to 1", "Double"),
)
FIXED_LISTS = {
    # The codes of SDMX's cross-domain lists CL_FREQ and CL_OBS_STATUS that occur here.
    "CL_FREQ": (
        Code("A", "Năm", "Annual"),
        Code("S", "Sáu tháng", "Half-yearly"),
        Code("Q", "Quý", "Quarterly"),
        Code("M", "Tháng", "Monthly"),
    ),
    "CL_OBS_STATUS": (
        Code("A", "Số liệu bình thường", "Normal value"),
        Code("E", "Ước tính", "Estimated value"),
        Code("M", "Không có trường hợp nào để tính", "Missing value; data cannot exist"),
        Code("O", "Chưa có số liệu", "Missing value"),
        Code("P", "Tạm thời, chưa đủ báo cáo", "Provisional value"),
        Code("U", "Độ tin cậy thấp, quá ít báo cáo", "Low reliability"),
        Code("V", "Chưa kiểm chứng", "Unvalidated value"),
    ),
    "CL_UNIT_MEASURE": (
        Code("PERCENT", "%", "Percent"),
        Code("PERCENT_GRDP", "% GRDP", "Percent of GRDP"),
        Code("PERCENT_BUDGET", "% chi ngân sách", "Percent of budget spending"),
        Code("PER_10K_PEOPLE", "trên 1 vạn dân", "Per 10,000 people"),
        Code("COUNT", "số đếm", "Count"),
        Code("PROJECT", "dự án", "Projects"),
        Code("RANK", "thứ hạng", "Rank"),
        Code("INDEX_0_1", "chỉ số từ 0 đến 1", "Index from 0 to 1"),
        Code("SCORE", "điểm", "Score"),
        Code("HOUR", "giờ", "Hours"),
        Code("BOOLEAN", "có (1), không (0)", "Yes (1) or no (0)"),
        Code("TEXT", "bằng chữ", "In words"),
    ),
}


def build_structure(lists: Mapping[str, Sequence[Code]], as_of: date) -> dict[str, Any]:
    """The SDMX-JSON structure message.

    Args:
        lists: Code lists taken from tables, by identifier.
        as_of: Day of the release, given as the moment the message was prepared.
    """
    prepared = f"{as_of.isoformat()}T00:00:00Z"
    meta = {"schema": SCHEMA, "id": "TIENDO", "prepared": prepared, "sender": {"id": AGENCY}}
    every = {**FIXED_LISTS, **lists}
    return {
        "meta": {**meta, "test": False, "contentLanguages": ["vi", "en"]},
        "data": {
            "conceptSchemes": [_concepts()],
            "codelists": [_code_list(name, every[name], name in lists) for name in sorted(every)],
            "dataStructures": [_data_structure()],
            "dataflows": [
                _artefact("INDICATOR_PROGRESS", "Tiến độ chỉ tiêu", "Indicator progress")
                | {"structure": f"{MODEL}.datastructure.DataStructure={DATAFLOW}"}
            ],
        },
    }


def _words(vi: str, en: str | None) -> dict[str, Any]:
    return {"name": vi, "names": {"vi": vi} | ({"en": en} if en else {})}


def _artefact(name: str, vi: str, en: str) -> dict[str, Any]:
    maintained = {"version": VERSION, "agencyID": AGENCY, "isExternalReference": False}
    return {"id": name, **_words(vi, en), **maintained}


def _concepts() -> dict[str, Any]:
    parts = (*DIMENSIONS, TIME, MEASURE, *ATTRIBUTES)
    concepts = [{"id": part.id, **_words(part.vi, part.en)} for part in parts]
    return _artefact("CONCEPTS", "Khái niệm", "Concepts") | {"isPartial": False, "concepts": concepts}


def _code_list(name: str, codes: Sequence[Code], is_partial: bool) -> dict[str, Any]:
    part = next(part for part in (*DIMENSIONS, *ATTRIBUTES) if part.values == name)
    listed = [{"id": code.id, **_words(code.vi, code.en)} for code in codes]
    return _artefact(name, part.vi, part.en) | {"isPartial": is_partial, "codes": listed}


def _data_structure() -> dict[str, Any]:
    dimensions = [_component(part) | {"position": number} for number, part in enumerate(DIMENSIONS)]
    observed: dict[str, Any] = {"attributeRelationship": {"observation": {}}}
    attributes = [
        _component(part) | {"usage": "mandatory" if part.is_required else "optional"} | observed
        for part in ATTRIBUTES
    ]
    return _artefact("INDICATOR_PROGRESS", "Tiến độ chỉ tiêu", "Indicator progress") | {
        "dataStructureComponents": {
            "dimensionList": {
                "id": "DimensionDescriptor",
                "dimensions": dimensions,
                "timeDimension": _component(TIME),
            },
            "measureList": {
                "id": "MeasureDescriptor",
                "measures": [_component(MEASURE) | {"usage": "optional"}],
            },
            "attributeList": {"id": "AttributeDescriptor", "attributes": attributes},
        }
    }


def _component(part: Part) -> dict[str, Any]:
    if part.values.startswith("CL_"):
        values = {"enumeration": f"{MODEL}.codelist.Codelist={AGENCY}:{part.values}({VERSION})"}
    else:
        values = {"format": {"dataType": part.values}}
    concept = f"{MODEL}.conceptscheme.Concept={AGENCY}:CONCEPTS({VERSION}).{part.id}"
    return {"id": part.id, "conceptIdentity": concept, "localRepresentation": values}
