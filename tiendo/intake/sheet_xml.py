"""What the XML parts of an .xlsx archive say that calamine does not give: looks, errors, unsaved formulas.

Looked for in the bytes, so that a file with nothing of the kind costs next to nothing: openpyxl would build
every cell, which takes twenty times as long as reading the file.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any, NamedTuple

from defusedxml import ElementTree

from tiendo.intake.addresses import column_number
from tiendo.intake.guards import may_lack_addresses
from tiendo.intake.marks import Look, Modern, look_of, shown
from tiendo.intake.problems import Cell

_BUILT_IN = {9: "0%", 10: "0.00%"}
_TELLING = re.compile(
    rb"""numFmtId=["'](?:9|10)["']|formatCode=["'][^"'<>]*(?:%|00)|val=["']\.?vn""", re.IGNORECASE
)
_CELL = re.compile(rb"<(?:\w+:)?(row|c)(\s[^<>]*?)?(/)?>")
_ATTRIBUTE = re.compile(rb"""\s(r|s|t)=["']([^"'<>]*)["']""")
_ADDRESS = re.compile(rb"([A-Z]{1,3})(\d{1,7})")
_VALUE = re.compile(rb"<(?:\w+:)?v(?:\s[^<>]*)?>([^<]*)<|</(?:\w+:)?c\s*>")
_ERROR = re.compile(rb"""t=["']e["']""")
_FORMULA = re.compile(
    rb"""<(?:\w+:)?c(\s[^<>]*)>\s*<(?:\w+:)?f(?:\s[^<>]*?)?(?:/>|>[^<]*</(?:\w+:)?f>)\s*"""
    rb"""(?:<(?:\w+:)?v\s*/>|<(?:\w+:)?v>\s*</(?:\w+:)?v>)?\s*</(?:\w+:)?c>"""
)
_DIMENSION = re.compile(rb"""<(?:\w+:)?dimension\s+ref=["'][A-Z]{1,3}\d{1,7}:([A-Z]{1,3})(\d{1,7})["']""")


class Found(NamedTuple):
    """What is worth knowing of one sheet part.

    Attributes:
        has_marks: Whether some cell shows other than it holds, so that `show` is needed.
        unsaved: Addresses of formula cells without a saved value.
        claimed: Rows and columns as the file claims them.
    """

    has_marks: bool
    unsaved: tuple[str, ...]
    claimed: tuple[int, int]


def looks_in_styles(xml: bytes) -> Mapping[int, Look]:
    """The looks of the cell formats by their number; formats that show the bare value are left out."""
    if not _TELLING.search(xml):
        return {}
    formats = dict(_BUILT_IN)
    fonts: list[str | None] = []
    looks: dict[int, Look] = {}
    for group in ElementTree.fromstring(xml, forbid_dtd=True):
        kind = _local(group.tag)
        if kind == "numFmts":
            formats |= {int(item.get("numFmtId", "-1")): item.get("formatCode", "") for item in group}
        elif kind == "fonts":
            fonts = [_font_name(font) for font in group]
        elif kind == "cellXfs":
            for number, item in enumerate(group):
                font = int(item.get("fontId", "0"))
                name = fonts[font] if 0 <= font < len(fonts) else None
                if look := look_of(formats.get(int(item.get("numFmtId", "0")), ""), name):
                    looks[number] = look
    return looks


def _local(tag: str) -> str:
    return tag.rpartition("}")[2]


def _font_name(font: Any) -> str | None:
    return next((item.get("val") for item in font if _local(item.tag) == "name"), None)


def look_into(xml: bytes, looks: Mapping[int, Look]) -> Found:
    """Looks through a sheet part for what calamine will not give."""
    has_marks = bool(_ERROR.search(xml))
    if looks and not has_marks:
        # A cell without a number has format 0.
        has_marks = 0 in looks or bool(re.search(_numbered(looks), xml))
    unsaved: list[str] = []
    if b"f>" in xml or b"<f" in xml:
        for match in _FORMULA.finditer(xml):
            attributes = dict(_ATTRIBUTE.findall(match[1]))
            # A formula whose result is an empty text is saved as such.
            if attributes.get(b"t") != b"str":
                unsaved.append(attributes.get(b"r", b"?").decode())
    claimed = _DIMENSION.search(xml, 0, 4096)
    size = (int(claimed[2]), column_number(claimed[1])) if claimed else (0, 0)
    return Found(has_marks, tuple(unsaved), size)


def _numbered(looks: Mapping[int, Look]) -> bytes:
    """A pattern of the attribute by which a cell names one of these formats."""
    return rb"""s=["'](?:%s)["']""" % b"|".join(b"%d" % number for number in looks)


def show(
    rows: Sequence[list[Cell | timedelta]], xml: bytes, looks: Mapping[int, Look], modern: Modern
) -> None:
    """Puts what the sender sees into a grid whose cells show other than they hold."""
    pattern = _CELL
    if looks and 0 not in looks and not may_lack_addresses(xml):
        # Each cell says where it stands, so that those of no interest can be passed over.
        pattern = re.compile(rb"""<(c)(\s[^<>]*?\s(?:%s|t=["']e["'])[^<>]*?)(/)?>""" % _numbered(looks))
    for row, column, attributes, end in _filled_cells(xml, pattern):
        if row >= len(rows) or column >= len(rows[row]):
            continue
        if attributes.get(b"t") == b"e":
            value = _VALUE.search(xml, end)
            rows[row][column] = ((value and value[1]) or b"#ERROR!").decode()
        elif look := looks.get(int(attributes.get(b"s", b"0"))):
            rows[row][column] = shown(rows[row][column], look, modern)


def _filled_cells(
    xml: bytes, pattern: re.Pattern[bytes]
) -> Iterator[tuple[int, int, dict[bytes, bytes], int]]:
    """Row and column from 0, attributes and end of the opening tag of each cell that holds something.

    Cells may go without an address; they follow the one before.
    """
    row, column = -1, -1
    for match in pattern.finditer(xml):
        attributes: dict[bytes, bytes] = dict(_ATTRIBUTE.findall(match[2] or b""))
        address = attributes.get(b"r", b"")
        if match[1] == b"row":
            row, column = (int(address) - 1 if address else row + 1), -1
            continue
        column += 1
        if found := _ADDRESS.fullmatch(address):
            row, column = int(found[2]) - 1, column_number(found[1]) - 1
        if not match[3]:
            yield row, column, attributes, match.end()


def sheet_parts(workbook: bytes, relations: bytes) -> Mapping[str, str]:
    """The part that holds each sheet, by the sheet's name, from `workbook.xml` and its relations."""
    targets = {
        item.get("Id"): posixpath.normpath(posixpath.join("/xl", item.get("Target", ""))).lstrip("/")
        for item in ElementTree.fromstring(relations, forbid_dtd=True)
    }
    parts: dict[str, str] = {}
    for element in ElementTree.fromstring(workbook, forbid_dtd=True).iter():
        if _local(element.tag) == "sheet":
            relation = next((v for k, v in element.attrib.items() if _local(k) == "id" and "}" in k), None)
            parts[element.get("name", "")] = targets.get(relation, "")
    return parts
