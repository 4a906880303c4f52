"""Reads .xlsx and .xlsm: values by calamine, what it leaves out from `sheet_xml`; macros are never run."""

import io
from collections.abc import Mapping
from datetime import timedelta
from typing import NamedTuple, cast

from python_calamine import CalamineSheet, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from tiendo.intake.guards import check_area, checked_parts, is_sheet
from tiendo.intake.marks import Look
from tiendo.intake.problems import Cell
from tiendo.intake.received import Received, part_name
from tiendo.intake.sheet_xml import Found, look_into, looks_in_styles, sheet_parts, show
from tiendo.intake.tables import Merge, Source
from tiendo.intake.workbooks import Workbook

WORKBOOK_PART = "xl/workbook.xml"
_NOTHING = Found(has_marks=False, unsaved=(), claimed=(0, 0))
_MACROS = (SheetTypeEnum.MacroSheet, SheetTypeEnum.Vba)


class _Parts(NamedTuple):
    """What the parts of an archive say: looks by format number, findings by sheet part."""

    looks: Mapping[int, Look]
    found: dict[str, Found]
    workbook: bytes
    relations: bytes
    has_macros: bool


def read_excel(file: Received) -> Source:
    """The sheets of an .xlsx or .xlsm file, with percentages, leading zeros and errors as they show."""
    parts = _look_through(file)
    names = {part_name(name): name for name in file.archive.namelist()}
    # From bytes, since a path would be believed by its extension.
    data = CalamineWorkbook.from_filelike(io.BytesIO(file.raw))
    has_macros = parts.has_macros or any(item.typ in _MACROS for item in data.sheets_metadata)
    workbook = Workbook("xlsm" if has_macros else "xlsx", file.path, has_macros)
    sheets = sheet_parts(parts.workbook, parts.relations)
    for item in data.sheets_metadata:
        part = part_name(sheets.get(item.name, ""))
        found = parts.found.get(part, _NOTHING)
        is_hidden = item.visible != SheetVisibleEnum.Visible
        if item.typ != SheetTypeEnum.WorkSheet:
            workbook.add(item.name, [], is_hidden=is_hidden)
            continue
        sheet = data.get_sheet_by_name(item.name)
        rows = _rows(file, sheet)
        if found.has_marks:
            show(rows, file.archive.read(names[part]), parts.looks, workbook.modern)
        if found.unsaved:
            workbook.unsaved[item.name] = found.unsaved
        workbook.add(item.name, rows, _merges(sheet), is_hidden=is_hidden, claimed=found.claimed)
    return workbook.source()


def _look_through(file: Received) -> _Parts:
    looks: Mapping[int, Look] = {}
    found: dict[str, Found] = {}
    contents: dict[str, bytes] = {}
    has_macros = False
    for given, content in checked_parts(file.path, file.archive):
        name = part_name(given)
        if name == "xl/styles.xml":
            looks = looks_in_styles(content)
        elif name in {WORKBOOK_PART, "xl/_rels/workbook.xml.rels"}:
            contents[name] = content
        elif is_sheet(content):
            found[name] = look_into(content, looks)
        has_macros = has_macros or name.endswith("vbaproject.bin")
    return _Parts(looks, found, contents[WORKBOOK_PART], contents["xl/_rels/workbook.xml.rels"], has_macros)


def _rows(file: Received, sheet: CalamineSheet) -> list[list[Cell | timedelta]]:
    last = sheet.end or (-1, -1)
    check_area(file.path, last[0] + 1, last[1] + 1, sheet.name)
    return cast("list[list[Cell | timedelta]]", sheet.to_python(skip_empty_area=False))


def _merges(sheet: CalamineSheet) -> list[Merge]:
    ranges = sheet.merged_cell_ranges or []
    return [Merge(*first, *last) for first, last in ranges]
