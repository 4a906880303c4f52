"""The closed list of units of published columns, in words for officials and for machines.

A number without a unit is quoted wrongly sooner or later, so every numeric column names one of these.
"""

# Unit in the model files → Vietnamese and English words.
UNITS: dict[str, tuple[str, str]] = {
    "percent": ("%", "percent"),
    "share": ("tỷ lệ từ 0 đến 1", "share from 0 to 1"),
    "ratio": ("tỷ số", "ratio"),
    "points": ("điểm", "points"),
    "rank": ("thứ hạng", "rank"),
    "ordinal": ("số thứ tự", "ordinal number"),
    "year": ("năm", "year"),
    "day": ("ngày", "days"),
    "degree": ("độ", "degrees"),
    "km2": ("km²", "square kilometres"),
    "count": ("lần", "times"),
    "row": ("dòng", "rows"),
    "task": ("nhiệm vụ", "tasks"),
    "item": ("mục", "items"),
    "agency": ("cơ quan", "agencies"),
    "province": ("tỉnh, thành phố", "provinces"),
    "component": ("thành phần", "components"),
    "dossier": ("hồ sơ", "dossiers"),
    "document": ("tài liệu", "documents"),
    "submission": ("lần nộp", "submissions"),
    "unit of the indicator": ("đơn vị tính của chỉ tiêu", "unit of the indicator (dim_indicator.unit)"),
    "unit of the part": (
        "đơn vị của tử số, mẫu số; tiền: tỷ đồng",
        "unit of the numerator or denominator (dim_indicator says what they count); money in billion đồng",
    ),
    "unit of the row": ("đơn vị ghi ở cột unit của dòng", "unit given in column unit of the row"),
}


def unit_label(unit: str | None) -> str:
    """Both languages in one line, such as `% / percent`; empty where there is no unit.

    Args:
        unit: Unit as in a model file; one that is not in the list is shown as it is.
    """
    if not unit:
        return ""
    return " / ".join(UNITS.get(unit, (unit,)))
