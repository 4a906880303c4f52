"""Writes the Word template of the letter of reminder; run once, then a province may edit the file in Word."""

from pathlib import Path

from docx import Document
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.shared import Cm, Pt
from docx.table import Table, _Cell

TARGET = Path(__file__).parents[1] / "tiendo" / "report" / "templates" / "van-ban-don-doc.docx"
CENTRE = WD_ALIGN_PARAGRAPH.CENTER


def _write(
    cell: _Cell, *lines: str, bold: bool = False, italic: bool = False, size: int = 13, centred: bool = True
) -> None:
    for line in lines:
        first = not cell.paragraphs[-1].text
        paragraph = cell.paragraphs[-1] if first else cell.add_paragraph()
        paragraph.alignment = CENTRE if centred else None
        paragraph.paragraph_format.space_after = Pt(0)
        run = paragraph.add_run(line)
        run.bold, run.italic, run.font.size = bold, italic, Pt(size)


def _columns(table: Table, *widths: float) -> None:
    table.autofit = False
    # Word goes by the cells, LibreOffice by the columns.
    for column, width in zip(table.columns, widths, strict=True):
        column.width = Cm(width)
        for cell in column.cells:
            cell.width = Cm(width)


def main() -> None:
    """Head, addressee, one table per section, closing, signature, as in Decree 30/2020/NĐ-CP."""
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.top_margin = page.bottom_margin = Cm(2)
    page.left_margin, page.right_margin = Cm(3), Cm(1.5)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = "Times New Roman", Pt(13)
    normal.element.rPr.rFonts.set(qn("w:eastAsia"), "Times New Roman")
    normal.paragraph_format.space_after = Pt(6)

    head = document.add_table(rows=2, cols=2)
    head.alignment = WD_TABLE_ALIGNMENT.CENTER
    _write(head.cell(0, 0), "{{ issuer }}", bold=True, size=12)
    _write(head.cell(0, 1), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12)
    _write(head.cell(0, 1), "Độc lập - Tự do - Hạnh phúc", bold=True)
    _write(head.cell(1, 0), "Số:          /")
    _write(head.cell(1, 0), "V/v đôn đốc thực hiện nhiệm vụ theo kế hoạch Nghị quyết 57-NQ/TW", size=12)
    _write(head.cell(1, 1), "…………, ngày      tháng      năm {{ year }}", italic=True)
    _columns(head, 7, 9.5)

    document.add_paragraph("{%p if is_synthetic %}")
    marked = document.add_paragraph("DỰ THẢO TỪ SỐ LIỆU MÔ PHỎNG, KHÔNG GỬI")
    marked.alignment = CENTRE
    marked.runs[0].bold = True
    document.add_paragraph("{%p endif %}")
    addressee = document.add_paragraph("\nKính gửi: {{ agency }}")
    addressee.alignment = CENTRE
    document.add_paragraph(
        "Qua theo dõi tình hình thực hiện các kế hoạch triển khai Nghị quyết 57-NQ/TW, tính đến ngày "
        "{{ as_of }}, Quý cơ quan còn những nội dung sau:"
    )
    document.add_paragraph("{%p for section in sections %}")
    heading = document.add_paragraph("{{ loop.index }}. {{ section.heading }} ({{ section.rows|length }})")
    heading.runs[0].bold = True
    heading.paragraph_format.keep_with_next = True
    table = document.add_table(rows=4, cols=5)
    table.style = "Table Grid"
    for cell, title in zip(
        table.rows[0].cells, ("STT", "Kế hoạch, dòng", "Nội dung", "Thời hạn", "Ghi chú"), strict=True
    ):
        _write(cell, title, bold=True, size=11)
    _write(table.cell(1, 0), "{%tr for item in section.rows %}", size=11, centred=False)
    for cell, name in zip(table.rows[2].cells, ("number", "place", "title", "due", "note"), strict=True):
        _write(cell, f"{{{{ item.{name} }}}}", size=11, centred=False)
    _write(table.cell(3, 0), "{%tr endfor %}", size=11, centred=False)
    _columns(table, 1.2, 3, 6.3, 2.7, 3.3)
    document.add_paragraph("{%p endfor %}")
    document.add_paragraph(
        "Đề nghị Quý cơ quan khẩn trương thực hiện, cập nhật kết quả qua Biểu 06 kèm minh chứng "
        "và gửi báo cáo đúng thời hạn. Trường hợp có vướng mắc, đề nghị nêu rõ nguyên nhân và kiến nghị để "
        "tổng hợp, báo cáo cấp có thẩm quyền./."
    )
    foot = document.add_table(rows=1, cols=2)
    _write(foot.cell(0, 0), "Nơi nhận:", bold=True, italic=True, size=12, centred=False)
    _write(foot.cell(0, 0), "- Như trên;", "- Lưu: VT.", size=11, centred=False)
    _write(foot.cell(0, 1), "NGƯỜI KÝ", bold=True)
    _write(foot.cell(0, 1), "(Chức vụ, chữ ký, dấu, họ và tên)", italic=True)
    _columns(foot, 7.5, 9)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    document.save(str(TARGET))


if __name__ == "__main__":
    main()
