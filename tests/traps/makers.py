"""Small makers of files, equal bytes each time: workbooks, text, zip surgery, legacy encodings."""

import csv
import io
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import xlsxwriter
import xlwt

Grid = Sequence[Sequence[Any]]

COVERAGE = ["Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số", "Dân số được phủ sóng 5G"]
EAST = ["24133", "Phường Buôn Ma Thuột", "03/2026", "UBND phường", 41250, 33000]
WEST = ["24154", "Phường Thành Nhất", "03/2026", "UBND phường", 28600, 14300]
PLAIN = [COVERAGE, EAST, WEST]
FIGURES = {"org_code": ["24133", "24154"], "population": [41250, 28600], "population_5g": [33000, 14300]}
TAKEN = {"form": "coverage", "org": "66", "period": "2026-03", "read": 2, "values": FIGURES}

INDICATOR = ["Mã chỉ tiêu", "Mã đơn vị", "Kỳ báo cáo", "Cách tính", "Tử số", "Mẫu số", "Giá trị"]
ECONOMY = [
    "Mã tỉnh",
    "Kỳ báo cáo",
    "Cách tính",
    "GRDP",
    "GTTT kinh tế số lõi",
    "GTTT số hóa ngành khác",
    "Cơ quan công bố",
    "Tính chất số liệu",
]
DOSSIER = [
    "Mã hồ sơ",
    "Mã TTHC",
    "Mã đơn vị tiếp nhận",
    "Ngày tiếp nhận",
    "Ngày kết thúc",
    "Kênh tiếp nhận",
    "Trạng thái",
]
TASK = [
    "Kế hoạch",
    "Mã nhiệm vụ",
    "Đơn vị báo cáo",
    "Kỳ báo cáo",
    "Trạng thái",
    "Tỷ lệ hoàn thành",
    "Ngày hoàn thành",
]
PLAN = "dak-lak-2025-kh-ubnd"


def five_g(value: Any, org: str = "66", period: Any = "03/2026", basis: str = "Trong kỳ") -> list[Any]:
    """A row of Biểu 01 that gives a value alone."""
    return ["infra_5g_coverage", org, period, basis, None, None, value]


def economy(grdp: Any, core: Any, spillover: Any) -> list[Any]:
    return ["66", "Năm 2025", "Trong kỳ", grdp, core, spillover, "Cục Thống kê", "Chính thức"]


def dossier(number: int, received: Any = "05/03/2026 08:15", org: str = "24133") -> list[Any]:
    return [f"H66.{number}", "1.000656", org, received, "", "Trực tuyến", "Đang xử lý"]


def task(row: str, percent: Any, completed: Any = None, state: str = "Đang thực hiện") -> list[Any]:
    return [PLAN, row, "dl_so_khcn", "03/2026", state, percent, completed]


def book(
    path: Path,
    *sheets: Mapping[str, Any] | Grid,
    options: Mapping[str, Any] | None = None,
) -> Path:
    """An xlsx workbook by xlsxwriter.

    A sheet is a grid, or a mapping of `grid`, `name`, `hidden`, `merges` ('A1:B2' each, of cells already in
    the grid), `formats` (cell -> xlsxwriter format) and `after` (a function of sheet and book).
    """
    file = xlsxwriter.Workbook(str(path), {"strings_to_numbers": False, **(options or {})})
    file.set_properties({"created": datetime(2026, 4, 1)})
    for number, given in enumerate(sheets, 1):
        sheet = given if isinstance(given, Mapping) else {"grid": given}
        page = file.add_worksheet(sheet.get("name", f"Biểu {number}"))
        formats = {cell: file.add_format(form) for cell, form in sheet.get("formats", {}).items()}
        for at, row in enumerate(sheet["grid"]):
            for column, value in enumerate(row):
                form = formats.get(xlsxwriter.utility.xl_rowcol_to_cell(at, column))
                _write(page, at, column, value, form)
        for area in sheet.get("merges", ()):
            first = xlsxwriter.utility.xl_cell_to_rowcol(area.split(":")[0])
            page.merge_range(area, sheet["grid"][first[0]][first[1]])
        if sheet.get("hidden"):
            page.hide() if sheet["hidden"] is True else page.very_hidden()
        if sheet.get("after"):
            sheet["after"](page, file)
    file.close()
    return path


def _write(page: Any, row: int, column: int, value: Any, form: Any) -> None:
    if isinstance(value, str) and value.startswith("="):
        formula, _, cached = value.partition("→")
        page.write_formula(row, column, formula, form, float(cached) if cached[:1].isdigit() else cached)
    elif isinstance(value, str):
        page.write_string(row, column, value, form)
    elif isinstance(value, datetime):
        page.write_datetime(row, column, value, form)
    elif value is not None:
        page.write(row, column, value, form)
    elif form is not None:
        page.write_blank(row, column, None, form)


def old_book(path: Path, grid: Grid, font: str | None = None, **formats: str) -> Path:
    """A workbook of Excel 97 to 2003 by xlwt, all cells in one font; `formats` are number formats by cell."""
    file = xlwt.Workbook(encoding="utf-8")
    page = file.add_sheet("Bieu")
    plain = xlwt.easyxf(f"font: name {font}") if font else xlwt.Style.default_style
    for at, row in enumerate(grid):
        for column, value in enumerate(row):
            form = formats.get(xlsxwriter.utility.xl_rowcol_to_cell(at, column))
            style = xlwt.easyxf(num_format_str=form) if form else plain
            if value is not None and value != "":
                page.write(at, column, value, style)
    path.write_bytes(b"")
    file.save(str(path))
    return path


def open_document(path: Path, rows: str, styles: str = "", prologue: str = "") -> Path:
    """An ods file around the given `table:table-row` elements."""
    spaces = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{urn}:1.0"'
        for name, urn in (
            ("office", "office"),
            ("table", "table"),
            ("text", "text"),
            ("style", "style"),
            ("number", "datastyle"),
        )
    )
    content = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prologue}<office:document-content {spaces} '
        f'office:version="1.2"><office:automatic-styles>{styles}</office:automatic-styles><office:body>'
        f'<office:spreadsheet><table:table table:name="Biểu 04">{rows}</table:table></office:spreadsheet>'
        "</office:body></office:document-content>"
    )
    mime = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest '
        'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{mime}"/>'
        '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml"/>'
        "</manifest:manifest>"
    )
    members = {"mimetype": mime, "content.xml": content, "META-INF/manifest.xml": manifest}
    return archive(path, {name: text.encode() for name, text in members.items()})


def document_row(*values: Any, style: str = "", repeated: int = 1) -> str:
    """A row of an ods table; a tuple (value, columns, rows) spans."""
    cells = []
    for given in values:
        value, columns, rows = given if isinstance(given, tuple) else (given, 1, 1)
        span = f' table:number-columns-spanned="{columns}" table:number-rows-spanned="{rows}"'
        spanned = span if columns * rows > 1 else ""
        if value is None:
            cells.append("<table:table-cell/>")
        elif isinstance(value, str):
            cells.append(
                f'<table:table-cell{spanned} office:value-type="string"><text:p>{escape(value)}</text:p>'
                "</table:table-cell>"
            )
        else:
            kind = "percentage" if style else "float"
            named = f' table:style-name="{style}"' if style else ""
            cells.append(
                f'<table:table-cell{named} office:value-type="{kind}" office:value="{value}">'
                f"<text:p>{value}</text:p></table:table-cell>"
            )
        cells.extend(["<table:covered-table-cell/>"] * (columns - 1))
    many = f' table:number-rows-repeated="{repeated}"' if repeated > 1 else ""
    return f"<table:table-row{many}>{''.join(cells)}</table:table-row>"


def text(
    path: Path,
    grid: Grid,
    separator: str = ",",
    encoding: str | Callable[[str], bytes] = "utf-8",
    end: str = "\r\n",
) -> Path:
    """A delimited file; cells are quoted where they must be."""
    held = io.StringIO()
    csv.writer(held, delimiter=separator, lineterminator=end).writerows(grid)
    whole = held.getvalue()
    path.write_bytes(encoding(whole) if callable(encoding) else whole.encode(encoding))
    return path


def archive(path: Path, members: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        for name, content in members.items():
            method = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            file.writestr(zipfile.ZipInfo(name, (2026, 4, 1, 0, 0, 0)), content, method)
    return path


def members(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as file:
        return {name: file.read(name) for name in file.namelist()}


def edited(path: Path, member: str, pattern: str, replacement: str) -> Path:
    """The archive with a pattern replaced in one member; it must be there."""
    held = members(path)
    changed, count = re.subn(pattern, replacement, held[member].decode(), flags=re.DOTALL)
    assert count, (path.name, pattern)
    return archive(path, held | {member: changed.encode()})


def bomb(path: Path, member: str, mebibytes: int, claimed: int | None = None) -> Path:
    """Replaces a member by zeros that unpack to many mebibytes, or claim another size than they have."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    once = packer.compress(b"\0" * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = once * mebibytes + packer.flush()
    size = mebibytes * 2**20 if claimed is None else claimed
    held = members(path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as file:
        for name, content in held.items():
            stamp = zipfile.ZipInfo(name, (2026, 4, 1, 0, 0, 0))
            file.writestr(stamp, packed if name == member else content)
        at = file.getinfo(member).header_offset
        central = file.start_dir
    raw = bytearray(path.read_bytes())
    central = raw.index(member.encode(), central) - 46
    for start, method in ((at, 8), (central, 10)):
        struct.pack_into("<H", raw, start + method, zipfile.ZIP_DEFLATED)
        struct.pack_into("<III", raw, start + method + 6, 0, len(packed), size)
    path.write_bytes(bytes(raw))
    return path


_TONES = {"\u0300": 0, "\u0309": 1, "\u0303": 2, "\u0301": 3, "\u0323": 4}
# Letters with the tones huyền, hỏi, ngã, sắc, nặng, in that order.
_TCVN3 = {
    "a": (0xB5, 0xB6, 0xB7, 0xB8, 0xB9),
    "ă": (0xBB, 0xBC, 0xBD, 0xBE, 0xC6),
    "â": (0xC7, 0xC8, 0xC9, 0xCA, 0xCB),
    "e": (0xCC, 0xCE, 0xCF, 0xD0, 0xD1),
    "ê": (0xD2, 0xD3, 0xD4, 0xD5, 0xD6),
    "i": (0xD7, 0xD8, 0xDC, 0xDD, 0xDE),
    "o": (0xDF, 0xE1, 0xE2, 0xE3, 0xE4),
    "ô": (0xE5, 0xE6, 0xE7, 0xE8, 0xE9),
    "ơ": (0xEA, 0xEB, 0xEC, 0xED, 0xEE),
    "u": (0xEF, 0xF1, 0xF2, 0xF3, 0xF4),
    "ư": (0xF5, 0xF6, 0xF7, 0xF8, 0xF9),
    "y": (0xFA, 0xFB, 0xFC, 0xFD, 0xFE),
}
_TCVN3_PLAIN = {
    **dict(zip("ăâêôơưđ", (0xA8, 0xA9, 0xAA, 0xAB, 0xAC, 0xAD, 0xAE), strict=True)),
    **dict(zip("ĂÂÊÔƠƯĐ", (0xA1, 0xA2, 0xA3, 0xA4, 0xA5, 0xA6, 0xA7), strict=True)),
}
_VNI_TONES = "øûõùï"
_VNI_TONES_UPPER = "ØÛÕÙÏ"
_VNI = {
    "â": ("aâ", "àåãáä"),
    "ă": ("aê", "èúüéë"),
    "ê": ("eâ", "àåãáä"),
    "ô": ("oâ", "àåãáä"),
    "ơ": ("ô", _VNI_TONES),
    "ư": ("ö", _VNI_TONES),
}
_VNI_I = "ìæóíò"


def _parted(letter: str) -> tuple[str, int | None]:
    """A letter without its tone, and the tone."""
    parts = unicodedata.normalize("NFD", letter)
    tone = next((_TONES[mark] for mark in parts if mark in _TONES), None)
    return unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES)), tone


def tcvn3(words: str) -> bytes:
    """Text as typed with the ABC fonts; capitals with a tone are their small letters there."""
    out = bytearray()
    for letter in unicodedata.normalize("NFC", words):
        base, tone = _parted(letter)
        if tone is not None:
            out.append(_TCVN3[base.lower()][tone])
        else:
            out.append(_TCVN3_PLAIN.get(base) or ord(base))
    return bytes(out)


def vni(words: str) -> bytes:
    """Text as typed with the VNI fonts: a letter, then a sign that carries its accents."""
    return "".join(_vni_letter(letter) for letter in unicodedata.normalize("NFC", words)).encode("cp1252")


def _vni_letter(letter: str) -> str:
    base, tone = _parted(letter)
    small = base.lower()
    if small == "đ":
        written = "ñ"
    elif tone is not None and small == "i":
        written = _VNI_I[tone]
    elif tone == 4 and small == "y":
        written = "î"
    elif small in _VNI and small in "ơư":
        written = _VNI[small][0] + ("" if tone is None else _VNI[small][1][tone])
    elif small in _VNI:
        plain, toned = _VNI[small]
        written = plain if tone is None else plain[0] + toned[tone]
    else:
        written = small + ("" if tone is None else _VNI_TONES[tone])
    return written.upper() if base.isupper() else written


def windows_1258(words: str) -> bytes:
    """Text of old Windows: letters whole where the page has them, else letter and tone apart."""
    out = bytearray()
    for letter in unicodedata.normalize("NFC", words):
        try:
            out += letter.encode("cp1258")
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", letter)
            base = unicodedata.normalize("NFC", "".join(mark for mark in parts if mark not in _TONES))
            out += (base + "".join(mark for mark in parts if mark in _TONES)).encode("cp1258")
    return bytes(out)


def shown(words: str, encode: Callable[[str], bytes]) -> str:
    """What a workbook cell holds where legacy text was typed into it: the bytes taken for Western letters."""
    return encode(words).decode("cp1252" if encode is vni else "latin-1")


def shown_grid(grid: Grid, encode: Callable[[str], bytes]) -> list[list[Any]]:
    return [[shown(cell, encode) if isinstance(cell, str) else cell for cell in row] for row in grid]
