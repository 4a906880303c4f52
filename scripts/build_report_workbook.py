"""Writes the Excel template of the monthly report; run once, then an office may edit the file in Excel."""

from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.pagebreak import Break

TARGET = Path(__file__).parents[1] / "tiendo" / "report" / "templates" / "bao-cao-thang.xlsx"
FONT = "Times New Roman"
THIN = Side(style="thin", color="BFBFBF")
BORDER = Border(left=THIN, right=THIN, top=THIN, bottom=THIN)
NUMBER, WHOLE, DAY, TEXT = "#,##0.00", "#,##0", "dd/mm/yyyy", "@"
SHAPES = (("●", "1B7F3B"), ("▲", "8A6100"), ("■", "B00020"))
Column = tuple[str, str, float, str]


def put(sheet: Any, row: int, column: int, text: str, **font: Any) -> Any:
    """Writes a cell in the font of the report."""
    cell = sheet.cell(row, column, text)
    cell.font = Font(name=FONT, **{"size": 12, **font})
    return cell


def titles(sheet: Any, title: str) -> int:
    """Who reports on what, and that the figures are made up where they are; gives the next row."""
    put(sheet, 1, 1, "{{ issuer }}", bold=True, size=11)
    put(sheet, 2, 1, title, bold=True, size=15)
    put(sheet, 3, 1, "{{ synthetic }}", bold=True, size=16, color="B00020")
    for row, height in ((2, 21), (3, 22)):
        sheet.row_dimensions[row].height = height
    put(
        sheet,
        4,
        1,
        "{{ place }}, tháng {{ period }}. Bản phát hành {{ release_id }}, số liệu đến {{ as_of }}, nhận "
        "trước {{ known_at }}.",
        italic=True,
        size=10,
    )
    put(sheet, 5, 1, "{{ later }}", italic=True, bold=True, size=10)
    return 7


def table(sheet: Any, row: int, name: str, columns: list[Column], size: int = 11) -> int:
    """A header and the row that is repeated; gives the next row."""
    for at, (title, field, _, number_format) in enumerate(columns, 1):
        head = put(sheet, row, at, title, bold=True, size=size)
        head.fill = PatternFill("solid", fgColor="DDEBF7")
        head.alignment = Alignment(wrap_text=True, horizontal="center", vertical="center")
        head.border = BORDER
        cell = put(sheet, row + 1, at, f"{{{{ {name}.{field} }}}}", size=size)
        cell.number_format = number_format
        cell.border = BORDER
        cell.alignment = Alignment(
            wrap_text=True,
            vertical="top",
            horizontal={TEXT: "left", DAY: "center"}.get(number_format, "right"),
        )
    return row + 3


def set_up(sheet: Any, widths: list[float], header: int | None = None, freeze: str | None = None) -> None:
    """A4 across, one page wide, header repeated; shapes in their colour."""
    for at, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(at)].width = width
    sheet.page_setup.orientation, sheet.page_setup.paperSize = "landscape", 9
    sheet.page_setup.fitToWidth, sheet.page_setup.fitToHeight = 1, 0
    sheet.sheet_properties.pageSetUpPr.fitToPage = True
    sheet.page_margins.left = sheet.page_margins.right = 0.4
    sheet.page_margins.top, sheet.page_margins.bottom = 0.5, 0.75
    sheet.page_margins.footer = 0.35
    sheet.oddFooter.center.text = "&A, trang &P/&N"
    sheet.sheet_view.showGridLines = False
    if header:
        sheet.print_title_rows = f"{header}:{header}"
        sheet.auto_filter.ref = f"A{header}:{get_column_letter(len(widths))}{header + 1}"
    if freeze:
        sheet.freeze_panes = freeze
    for shape, colour in SHAPES:
        rule = FormulaRule(formula=[f'LEFT(A1,1)="{shape}"'], font=Font(color=colour, bold=True))
        sheet.conditional_formatting.add("A1:Z20000", rule)


def listing(
    book: Any,
    sheet_name: str,
    title: str,
    name: str,
    columns: list[Column],
    note: str = "",
    keep: int = 2,
    printed: int = 0,
) -> None:
    """A sheet with one long table."""
    sheet = book.create_sheet(sheet_name)
    row = titles(sheet, title)
    if note:
        put(sheet, row - 1, 1, note, italic=True, size=10)
    table(sheet, row, name, columns, size=10)
    sheet.row_dimensions[row].height = 44
    set_up(sheet, [width for _, _, width, _ in columns], row, f"{get_column_letter(keep + 1)}{row + 1}")
    if printed:
        sheet.print_area = f"A1:{get_column_letter(printed)}{row + 1}"


def overview(book: Any) -> None:
    """Counts, themes, tasks, what to decide, with charts beside them."""
    sheet = book.active
    sheet.title = "Tổng quan"
    row = titles(sheet, "TỔNG QUAN THÁNG {{ period }}")
    lines = (
        ("Chỉ tiêu theo dõi", "{{ indicators_total }}"),
        ("Chuyển màu tốt lên so với tháng {{ period_before }}", "{{ better_total }}"),
        ("Chuyển màu xấu đi", "{{ worse_total }}"),
        ("Có số của chính tháng này", "{{ of_this_month }}"),
        ("Dùng số của kỳ gần nhất", "{{ of_older_period }}"),
        ("Chưa có số", "{{ without_figure }}"),
        ("Số ước tính", "{{ provisional }}"),
        ("Chưa xác minh", "{{ unverified }}"),
        ("Chưa đủ đơn vị báo cáo", "{{ partial }}"),
        ("Chưa đủ số liệu để kết luận", "{{ withheld }}"),
        ("Nhiệm vụ theo dõi", "{{ tasks_total }}"),
        ("Nhiệm vụ quá hạn", "{{ tasks_overdue }}"),
        ("Cảnh báo đỏ", "{{ alerts_total }}"),
        ("Minh chứng chờ thẩm định", "{{ evidence_total }}"),
        ("Báo cáo đến hạn trong tháng", "{{ reports_due }}"),
        ("Báo cáo trễ", "{{ reports_late }}"),
        ("Báo cáo chưa gửi", "{{ reports_missing }}"),
        ("Dòng bị cách ly", "{{ quarantined_rows }}"),
        ("Điểm đáng ngờ, mâu thuẫn", "{{ findings_total }}"),
    )
    put(sheet, row, 8, "{{ chart.statuses }}")
    for at, (label, field) in enumerate(lines):
        put(sheet, row + at, 1, label, size=11).border = BORDER
        cell = put(sheet, row + at, 2, field, size=11, bold=True)
        cell.border, cell.number_format = BORDER, WHOLE
    row += len(lines) + 1
    put(sheet, row, 1, "Chỉ tiêu theo trạng thái", bold=True)
    row = table(
        sheet,
        row + 1,
        "statuses",
        [
            ("Trạng thái", "label", 0, TEXT),
            ("Tháng {{ period }}", "now", 0, WHOLE),
            ("Tháng {{ period_before }}", "before", 0, WHOLE),
            ("Tăng, giảm", "difference", 0, "+#,##0;-#,##0;0"),
        ],
    )
    put(sheet, row, 1, "Chỉ tiêu theo lĩnh vực", bold=True)
    put(sheet, row, 8, "{{ chart.themes }}")
    row = table(
        sheet,
        row + 1,
        "themes",
        [
            ("Lĩnh vực", "theme", 0, TEXT),
            ("● Xanh", "green", 0, WHOLE),
            ("▲ Vàng", "yellow", 0, WHOLE),
            ("■ Đỏ", "red", 0, WHOLE),
            ("○ Xám", "grey", 0, WHOLE),
            ("Tổng", "total", 0, WHOLE),
        ],
    )
    sheet.row_breaks.append(Break(id=row + 6))
    put(sheet, row + 7, 1, "Nhiệm vụ theo trạng thái (đến {{ as_of }})", bold=True)
    put(sheet, row + 7, 8, "{{ chart.states }}")
    row = table(
        sheet,
        row + 8,
        "states",
        [
            ("Trạng thái", "label", 0, TEXT),
            ("Nhiệm vụ", "tasks", 0, WHOLE),
            ("Cảnh báo đỏ", "alerts", 0, WHOLE),
        ],
    )
    put(sheet, row + 7, 1, "Việc cần quyết định, chỉ đạo", bold=True)
    for at in range(row + 8, row + 9):
        for column, field in ((1, "what"), (2, "who")):
            cell = put(sheet, at, column, f"{{{{ decisions.{field} }}}}", size=11)
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    set_up(sheet, [46, 24, 13, 13, 10, 10, 3, 13, 13, 13, 13, 13, 13])


def main() -> None:
    """All sheets."""
    book: Any = Workbook()
    overview(book)
    listing(
        book,
        "Chỉ tiêu",
        "CHỈ TIÊU",
        "indicators",
        [
            ("TT", "number", 5, WHOLE),
            ("Chỉ tiêu", "name", 34, TEXT),
            ("Mục tiêu", "target_text", 13, TEXT),
            ("Mốc", "milestone", 11, DAY),
            ("Kỳ số liệu", "period", 10, TEXT),
            ("Thực hiện", "actual", 10, NUMBER),
            ("Đơn vị", "unit", 9, TEXT),
            ("Chênh so với mức cần có", "gap", 10, NUMBER),
            ("Trạng thái", "status", 14, TEXT),
            ("So với tháng trước", "change", 10, TEXT),
            ("Lý do", "reason", 36, TEXT),
            ("Cơ quan chịu trách nhiệm", "agencies", 18, TEXT),
            ("Cần lưu ý", "marks", 15, TEXT),
            ("Lĩnh vực", "theme", 16, TEXT),
            ("Kế hoạch", "plan", 14, TEXT),
            ("Mục", "row_ref", 10, TEXT),
            ("Mục tiêu bằng số", "target", 10, NUMBER),
            ("Mức cần có đến nay", "expected", 10, NUMBER),
            ("Đạt so với mục tiêu (%)", "attainment", 10, NUMBER),
            ("Dự báo đến mốc", "forecast", 10, NUMBER),
            ("Trạng thái tháng trước", "before_status", 16, TEXT),
            ("Thực hiện tháng trước", "before_actual", 10, NUMBER),
            ("Kỳ số liệu tháng trước", "before_period", 11, TEXT),
            ("Mã chỉ tiêu", "code", 30, TEXT),
            ("Giải trình", "explain", 60, TEXT),
        ],
        "Cột sau “Cần lưu ý” không in.",
        printed=13,
    )
    listing(
        book,
        "Xã phường",
        "SỐ LIỆU CẤP XÃ",
        "communes",
        [
            ("Mã", "commune_code", 8, TEXT),
            ("Xã, phường", "commune", 20, TEXT),
            ("Chỉ tiêu", "name", 38, TEXT),
            ("Kỳ số liệu", "period", 11, TEXT),
            ("Thực hiện", "actual", 11, NUMBER),
            ("Đơn vị", "unit", 10, TEXT),
            ("Mục tiêu của tỉnh", "target", 11, NUMBER),
            ("Mốc", "milestone", 11, DAY),
            ("Chênh so với mức cần có", "gap", 11, NUMBER),
            ("Trạng thái", "status", 18, TEXT),
            ("Cần lưu ý", "marks", 22, TEXT),
            ("Giải trình", "explain", 44, TEXT),
        ],
        "Mục tiêu của tỉnh áp xuống chỉ để đối chiếu, không tính điểm. Cột “Giải trình” không in.",
        printed=11,
    )
    listing(
        book,
        "Nhiệm vụ",
        "NHIỆM VỤ (đến ngày {{ as_of }})",
        "tasks",
        [
            ("TT", "number", 5, WHOLE),
            ("Nhiệm vụ", "title", 40, TEXT),
            ("Kế hoạch", "plan", 13, TEXT),
            ("Mục", "row_ref", 10, TEXT),
            ("Cơ quan chủ trì", "leads", 20, TEXT),
            ("Hạn", "due_on", 11, DAY),
            ("Quá hạn (ngày)", "days_overdue", 8, WHOLE),
            ("Trạng thái", "state", 14, TEXT),
            ("Báo cáo (%)", "percent", 8, NUMBER),
            ("Quy tắc cảnh báo đỏ", "rule", 15, TEXT),
            ("Khó khăn, vướng mắc", "difficulty", 18, TEXT),
            ("Lý do", "reason", 34, TEXT),
            ("Cảnh báo", "alert", 12, TEXT),
            ("Thời hạn theo kế hoạch", "deadline", 24, TEXT),
            ("Kỳ báo cáo", "reported_period", 10, TEXT),
            ("Đơn vị đã xong", "done_of", 9, TEXT),
            ("Minh chứng", "evidence", 9, WHOLE),
            ("Giải trình", "explain", 50, TEXT),
        ],
        "Nhiệm vụ đã chuyển tiếp sang kế hoạch mới hơn được kể ở kế hoạch mới. Cột sau “Lý do” không in.",
        printed=12,
    )
    listing(
        book,
        "Cơ quan",
        "CƠ QUAN CHỊU TRÁCH NHIỆM",
        "agencies",
        [
            ("Cơ quan", "agency", 46, TEXT),
            ("Chỉ tiêu đỏ", "red", 9, WHOLE),
            ("Chỉ tiêu vàng", "yellow", 9, WHOLE),
            ("Nhiệm vụ quá hạn", "overdue", 9, WHOLE),
            ("Cảnh báo đỏ", "alerts", 9, WHOLE),
            ("Báo cáo trễ", "late", 9, WHOLE),
            ("Báo cáo thiếu", "missing", 9, WHOLE),
            ("Điểm", "score", 9, NUMBER),
            ("Xếp hạng", "rank", 9, TEXT),
            ("Vì sao", "why", 60, TEXT),
            ("Giải trình", "explain", 40, TEXT),
        ],
        "Chỉ tiêu tính cho cơ quan chịu trách nhiệm theo kế hoạch, nhiệm vụ cho cơ quan chủ trì. Điểm: đến "
        "ngày {{ as_of }}.",
        keep=1,
        printed=10,
    )
    listing(
        book,
        "Kỷ luật báo cáo",
        "BÁO CÁO ĐẾN HẠN TRONG THÁNG {{ period }}",
        "reporters",
        [
            ("Mã", "reporter_code", 24, TEXT),
            ("Đơn vị", "reporter", 60, TEXT),
            ("Đến hạn", "due", 11, WHOLE),
            ("Đúng hạn", "on_time", 11, WHOLE),
            ("Trễ", "late", 11, WHOLE),
            ("Chưa gửi", "missing", 11, WHOLE),
            ("Chưa tới giờ chốt", "not_yet_due", 11, WHOLE),
        ],
    )
    listing(
        book,
        "Minh chứng",
        "MINH CHỨNG CHỜ THẨM ĐỊNH (đến ngày {{ as_of }})",
        "evidence",
        [
            ("TT", "number", 5, WHOLE),
            ("Văn bản", "document", 44, TEXT),
            ("Kế hoạch", "plan", 14, TEXT),
            ("Mục", "row_ref", 11, TEXT),
            ("Chứng minh cho", "proves", 44, TEXT),
            ("Ngày nộp", "filed_on", 12, DAY),
            ("Đã chờ (ngày)", "days", 9, WHOLE),
            ("Nơi thẩm định", "waits_for", 40, TEXT),
        ],
    )
    listing(
        book,
        "Phát hiện",
        "ĐIỂM ĐÁNG NGỜ, MÂU THUẪN",
        "findings",
        [
            ("TT", "number", 5, WHOLE),
            ("Nhóm", "area", 16, TEXT),
            ("Nội dung", "kind", 30, TEXT),
            ("Mức", "severity", 7, TEXT),
            ("Mã đơn vị", "org_code", 9, TEXT),
            ("Mã chỉ tiêu", "indicator", 24, TEXT),
            ("Mục kế hoạch", "row_ref", 22, TEXT),
            ("Kỳ", "period", 11, TEXT),
            ("Diễn giải", "message", 80, TEXT),
        ],
    )
    notes(book)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    book.save(TARGET)


def notes(book: Any) -> None:
    """How it was counted, how sure it is, how to follow a number."""
    sheet = book.create_sheet("Ghi chú")
    row = titles(sheet, "GHI CHÚ, CHẤT LƯỢNG SỐ LIỆU")
    texts = (
        (
            "Mỗi chỉ tiêu tính một lần, theo mục tiêu chính của kế hoạch mới nhất còn hiệu lực, tại kỳ "
            "gần nhất "
            "kết thúc không muộn hơn ngày {{ ends_on }}; tháng {{ period_before }} đánh giá theo cùng "
            "bản phát "
            "hành."
        ),
        (
            "Trạng thái so với mức cần có theo lộ trình đến mốc, không so thẳng với mục tiêu cuối kỳ. "
            "● xanh, ▲ "
            "vàng, ■ đỏ, ○ xám (chưa kết luận được)."
        ),
        (
            "“Cần lưu ý” nói điều làm con số chưa chắc: ước tính, chưa xác minh, độ phủ, mục tiêu nội "
            "suy, ngày "
            "kế hoạch giả định, chuỗi số bị ngắt. {{ provisional }} chỉ tiêu ước tính, {{ unverified }} chưa "
            "xác minh, {{ withheld }} chưa đủ để kết luận, {{ without_figure }} chưa có số."
        ),
        (
            "Cột “Giải trình”: chạy lệnh này để xem con số từ đâu ra, đến tệp và ô nguồn. Lệnh đọc bản phát "
            "hành hiện hành; nếu đã có bản mới hơn {{ release_id }}, số có thể đã đổi: tiendo releases diff."
        ),
        (
            "Chữ do đơn vị gửi được giữ là chữ; ký tự ẩn hoặc đổi chiều hiện bằng mã ⟦U+…⟧; đoạn quá "
            "dài bị rút "
            "ngắn và ghi rõ độ dài."
        ),
        "Chương trình {{ code_version }}.",
    )
    for at, text in enumerate(texts):
        cell = put(sheet, row + at, 1, text, size=11)
        sheet.merge_cells(start_row=row + at, end_row=row + at, start_column=1, end_column=6)
        cell.alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[row + at].height = 34
    row += len(texts) + 1
    put(sheet, row, 1, "Chất lượng tệp gửi của tháng", bold=True)
    row = table(
        sheet,
        row + 1,
        "quality",
        [
            ("Tiêu chí", "label", 0, TEXT),
            ("Đã kiểm tra", "checked", 0, WHOLE),
            ("Không đạt", "failed", 0, WHOLE),
            ("Điểm (0-100)", "score", 0, NUMBER),
        ],
    )
    put(sheet, row, 1, "Kiểm tra của bản phát hành tìm thấy điều cần xem", bold=True)
    table(
        sheet,
        row + 1,
        "checks",
        [
            ("Nội dung", "description_vi", 0, TEXT),
            ("Mã", "check_id", 0, TEXT),
            ("Bảng", "table_name", 0, TEXT),
            ("Đã kiểm tra", "rows_checked", 0, WHOLE),
            ("Không đạt", "rows_failed", 0, WHOLE),
        ],
    )
    set_up(sheet, [60, 14, 24, 14, 14, 14])


if __name__ == "__main__":
    main()
