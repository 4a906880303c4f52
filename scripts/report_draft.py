"""Writes paragraphs and tables of a Word template, with the tags of docxtpl."""

from typing import Any

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

CENTRE, LEFT, JUSTIFY = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.JUSTIFY
RED = RGBColor(0xB0, 0x00, 0x20)


class Draft:
    """The document while it is written."""

    def __init__(self) -> None:
        """Begins an A4 document in Times New Roman."""
        self.document: Any = Document()
        normal = self.document.styles["Normal"]
        normal.font.name, normal.font.size = "Times New Roman", Pt(13)
        normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
        normal.paragraph_format.space_after = Pt(4)
        for level, size in ((1, 13), (2, 13), (3, 13)):
            style = self.document.styles[f"Heading {level}"]
            style.font.name, style.font.size = "Times New Roman", Pt(size)
            style.font.bold, style.font.italic = level < 3, level == 3
            style.font.color.rgb = RGBColor(0, 0, 0)
            fonts = style.element.rPr.rFonts
            for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
                fonts.set(qn(name), "Times New Roman")
            for name in ("w:asciiTheme", "w:hAnsiTheme", "w:eastAsiaTheme", "w:cstheme"):
                fonts.attrib.pop(qn(name), None)
            style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(8), Pt(3)
            style.paragraph_format.keep_with_next = True
        self.page(self.document.sections[0])

    def page(self, section: Any) -> None:
        """Page and margins as Decree 30 has them."""
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.top_margin = section.bottom_margin = Cm(2)
        section.left_margin, section.right_margin = Cm(3), Cm(1.5)
        section.header_distance = section.footer_distance = Cm(1)

    def say(
        self,
        text: str,
        bold: bool = False,
        italic: bool = False,
        size: float | None = None,
        align: Any = JUSTIFY,
        colour: Any = None,
        after: float = 4,
    ) -> Paragraph:
        """A paragraph of the template."""
        paragraph = self.document.add_paragraph()
        paragraph.alignment = align
        paragraph.paragraph_format.space_after = Pt(after)
        paragraph.paragraph_format.line_spacing = 1.0
        run = paragraph.add_run(text)
        run.bold, run.italic = bold, italic
        if size:
            run.font.size = Pt(size)
        if colour is not None:
            run.font.color.rgb = colour
        return paragraph

    def tag(self, text: str) -> None:
        """A line of the template that leaves nothing behind."""
        self.document.add_paragraph(text)

    def heading(self, text: str, level: int) -> None:
        """A numbered heading."""
        self.document.add_heading(text, level)

    def synthetic(self, size: float) -> None:
        """The warning, where the figures are made up."""
        self.tag("{%p if is_synthetic %}")
        self.say("{{ synthetic }}", bold=True, size=size, align=CENTRE, colour=RED)
        self.tag("{%p endif %}")

    def table(
        self,
        rows: str,
        columns: list[tuple[str, str, float]],
        size: float = 11,
        numeric: tuple[str, ...] = (),
    ) -> None:
        """A table with a header that repeats, and one row for each of `rows`."""
        table = self.document.add_table(rows=4, cols=len(columns))
        table.style = "Table Grid"
        table.alignment = WD_TABLE_ALIGNMENT.CENTER
        for cell, (title, _, _) in zip(table.rows[0].cells, columns, strict=True):
            fill(cell, title, bold=True, size=size, align=CENTRE)
            shade(cell, "E7EEF5")
        fill(table.cell(1, 0), f"{{%tr for row in {rows} %}}", size=size)
        for cell, (_, field, _) in zip(table.rows[2].cells, columns, strict=True):
            align = CENTRE if field in numeric else LEFT
            for at, line in enumerate(field.split("\n")):
                text = line if "{" in line else f"{{{{ row.{line} }}}}"
                fill(cell, text, size=size if at == 0 else size - 1, align=align, italic=at > 0)
        fill(table.cell(3, 0), "{%tr endfor %}", size=size)
        widths(table, [width for _, _, width in columns])
        mark_row(table.rows[0], "w:tblHeader")
        for row in table.rows:
            mark_row(row, "w:cantSplit")
        gap = self.say("", after=0)
        gap.paragraph_format.line_spacing = Pt(6)

    def only_if(self, condition: str, otherwise: str = "Không có.") -> "OnlyIf":
        """A part that stands only where there is something."""
        return OnlyIf(self, condition, otherwise)


class OnlyIf:
    """What stands only where there is something to show, and the sentence where there is not."""

    def __init__(self, draft: Draft, condition: str, otherwise: str) -> None:
        """Takes the condition and the sentence."""
        self.draft, self.condition, self.otherwise = draft, condition, otherwise

    def __enter__(self) -> None:
        """Opens the condition."""
        self.draft.tag(f"{{%p if {self.condition} %}}")

    def __exit__(self, *_: object) -> None:
        """Says the sentence and closes the condition."""
        if self.otherwise:
            self.draft.tag("{%p else %}")
            self.draft.say(self.otherwise)
        self.draft.tag("{%p endif %}")


def fill(
    cell: _Cell, text: str, bold: bool = False, italic: bool = False, size: float = 11, align: Any = LEFT
) -> None:
    """A line of a cell."""
    first = not cell.paragraphs[-1].text
    paragraph = cell.paragraphs[-1] if first else cell.add_paragraph()
    paragraph.alignment = align
    paragraph.paragraph_format.space_after = Pt(0)
    run = paragraph.add_run(text)
    run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def shade(cell: _Cell, colour: str) -> None:
    """The colour behind a cell."""
    shading = OxmlElement("w:shd")
    shading.set(qn("w:val"), "clear")
    shading.set(qn("w:fill"), colour)
    cell._tc.get_or_add_tcPr().append(shading)


def mark_row(row: Any, name: str) -> None:
    """A property of a row, such as that it repeats on each page."""
    row._tr.get_or_add_trPr().append(OxmlElement(name))


def widths(table: Table, sizes: list[float]) -> None:
    """The widths of a table in centimetres."""
    table.autofit = False
    # Word goes by the cells, LibreOffice by the columns.
    for column, width in zip(table.columns, sizes, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)
