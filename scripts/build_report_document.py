"""Writes the Word template of the monthly report; run once, then an office may edit the file in Word.

The Excel template is made by `build_report_workbook.py`.
"""

from pathlib import Path
from typing import Any

from docx.enum.section import WD_SECTION
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm
from report_draft import CENTRE, LEFT, Draft, fill, mark_row, shade, widths

TARGET = Path(__file__).parents[1] / "tiendo" / "report" / "templates" / "bao-cao-thang.docx"


def page_number(section: Any) -> None:
    """Page numbers at the top in the middle, as Decree 30 has them, none on the first page."""
    section.different_first_page_header_footer = True
    paragraph = section.header.paragraphs[0]
    paragraph.alignment = CENTRE
    for kind, text in (("begin", None), (None, "PAGE"), ("end", None)):
        run = paragraph.add_run()
        if kind:
            mark = OxmlElement("w:fldChar")
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark = OxmlElement("w:instrText")
            mark.text = text
        run._r.append(mark)


def summary(draft: Draft) -> None:
    """The one page for leaders."""
    draft.say("TÓM TẮT DÀNH CHO LÃNH ĐẠO", bold=True, size=15, align=CENTRE, after=0)
    draft.say(
        "Thực hiện các kế hoạch triển khai Nghị quyết số 57-NQ/TW, {{ place }}, tháng {{ period }}",
        italic=True,
        size=12,
        align=CENTRE,
    )
    draft.synthetic(16)
    table = draft.document.add_table(rows=2, cols=7)
    table.style = "Table Grid"
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    cells = (
        ("● Chỉ tiêu xanh", "{{ green }} ({{ green_change }})"),
        ("▲ Chỉ tiêu vàng", "{{ yellow }} ({{ yellow_change }})"),
        ("■ Chỉ tiêu đỏ", "{{ red }} ({{ red_change }})"),
        ("○ Chưa kết luận", "{{ grey }} ({{ grey_change }})"),
        ("Nhiệm vụ quá hạn", "{{ tasks_overdue }}/{{ tasks_total }}"),
        ("Minh chứng chờ thẩm định", "{{ evidence_total }}"),
        ("Báo cáo trễ; thiếu", "{{ reports_late }}; {{ reports_missing }}"),
    )
    for at, (title, value) in enumerate(cells):
        fill(table.cell(0, at), title, size=10, align=CENTRE)
        fill(table.cell(1, at), value, size=14, bold=True, align=CENTRE)
        shade(table.cell(0, at), "E7EEF5")
    widths(table, [2.35] * 7)
    draft.say(
        "Trong ngoặc: tăng, giảm so với tháng {{ period_before }}. Tổng số {{ indicators_total }} chỉ tiêu.",
        italic=True,
        size=10,
        after=2,
    )

    draft.say("1. Thay đổi so với tháng {{ period_before }}", bold=True, size=12, after=1)
    with draft.only_if("worse_first or better_first", "Không chỉ tiêu nào đổi màu hay đổi nhịp đáng kể."):
        for rows, word in (("worse", "▼ Xấu đi"), ("better", "▲ Tốt lên")):
            draft.tag(f"{{%p for row in {rows}_first %}}")
            draft.say(
                f"{word}: {{{{ row.brief }}}}: {{{{ row.before }}}} → {{{{ row.now }}}}.", size=11, after=0
            )
            draft.tag("{%p endfor %}")
        draft.tag("{%p if worse_left or better_left %}")
        draft.say(
            "Còn {{ worse_left }} xấu đi, {{ better_left }} tốt lên: mục II.1.", size=10, italic=True, after=0
        )
        draft.tag("{%p endif %}")

    draft.say("2. Việc cần quyết định, chỉ đạo", bold=True, size=12, after=1)
    with draft.only_if("decisions"):
        draft.table(
            "decisions",
            [("TT", "number", 1), ("Nội dung", "what", 9.5), ("Ai phải làm (số việc)", "who", 6)],
            size=11,
            numeric=("number",),
        )

    draft.say("3. Cơ quan phải trả lời nhiều nhất", bold=True, size=12, after=1)
    with draft.only_if("answerable"):
        draft.table(
            "answerable",
            [
                ("Cơ quan", "short", 6.5),
                ("Chỉ tiêu đỏ", "red", 2),
                ("Chỉ tiêu vàng", "yellow", 2),
                ("Nhiệm vụ quá hạn", "overdue", 2.2),
                ("Báo cáo thiếu", "missing", 2),
                ("Xếp hạng", "rank", 1.8),
            ],
            size=11,
            numeric=("red", "yellow", "overdue", "missing", "rank"),
        )
    draft.say("4. Số liệu tin được đến đâu", bold=True, size=12, after=1)
    draft.say(
        "Trong {{ indicators_total }} chỉ tiêu: {{ of_this_month }} có số của chính tháng này, "
        "{{ of_older_period }} dùng số "
        "của kỳ gần nhất đã kết thúc{% if oldest_period %} (cũ nhất: {{ oldest_period }}){% endif %}, "
        "{{ without_figure }} chưa có số. {{ provisional }} là số ước tính, {{ unverified }} chưa xác minh, "
        "{{ partial }} "
        "chưa đủ đơn vị báo cáo, {{ withheld }} chưa đủ để kết luận. {{ later }}",
        size=11,
        after=2,
    )
    draft.say(
        "Bản phát hành {{ release_id }}, số liệu đến {{ as_of }}, nhận trước {{ known_at }}.",
        italic=True,
        size=10,
        align=LEFT,
        after=0,
    )


def letterhead(draft: Draft) -> None:
    """Issuer, national motto, number, place and date, title."""
    head = draft.document.add_table(rows=2, cols=2)
    head.alignment = WD_TABLE_ALIGNMENT.CENTER
    fill(head.cell(0, 0), "{{ issuer }}", bold=True, size=12, align=CENTRE)
    fill(head.cell(0, 0), "_______", size=9, align=CENTRE)
    fill(head.cell(0, 1), "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", bold=True, size=12, align=CENTRE)
    fill(head.cell(0, 1), "Độc lập - Tự do - Hạnh phúc", bold=True, size=13, align=CENTRE)
    fill(head.cell(0, 1), "_______________", size=9, align=CENTRE)
    fill(head.cell(1, 0), "Số:          /BC-…………", size=13, align=CENTRE)
    fill(head.cell(1, 1), "…………, ngày      tháng      năm 20…", italic=True, size=13, align=CENTRE)
    widths(head, [6.5, 10])
    draft.say("", size=6, after=0)
    draft.say("BÁO CÁO", bold=True, size=14, align=CENTRE, after=0)
    draft.say(
        "Tình hình thực hiện các kế hoạch triển khai Nghị quyết số 57-NQ/TW\n"
        "của {{ place }}, tháng {{ month }} năm {{ year }}",
        bold=True,
        size=14,
        align=CENTRE,
    )
    draft.synthetic(18)
    draft.say("Kính gửi: ………………………………………………", align=CENTRE)


def general(draft: Draft) -> None:
    """I: counts by status and theme."""
    draft.heading("I. TÌNH HÌNH CHUNG", 1)
    draft.say(
        "Đến ngày {{ ends_on }}, {{ place }} theo dõi {{ indicators_total }} chỉ tiêu và {{ tasks_total }} "
        "nhiệm vụ "
        "của các kế hoạch đang có hiệu lực. {{ green }} chỉ tiêu xanh, {{ yellow }} vàng, {{ red }} đỏ, "
        "{{ grey }} "
        "chưa kết luận được; {{ tasks_done }} nhiệm vụ đã hoàn thành, {{ tasks_overdue }} quá hạn. "
        "{{ later }}"
    )
    draft.heading("1. Chỉ tiêu theo trạng thái", 2)
    draft.table(
        "statuses",
        [
            ("Trạng thái", "label", 7.5),
            ("Tháng {{ period }}", "now", 3),
            ("Tháng {{ period_before }}", "before", 3),
            ("Tăng, giảm", "change", 3),
        ],
        numeric=("now", "before", "change"),
    )
    draft.heading("2. Chỉ tiêu theo lĩnh vực", 2)
    draft.table(
        "themes",
        [
            ("Lĩnh vực", "theme", 6.5),
            ("● Xanh", "green", 2),
            ("▲ Vàng", "yellow", 2),
            ("■ Đỏ", "red", 2),
            ("○ Xám", "grey", 2),
            ("Tổng", "total", 2),
        ],
        numeric=("green", "yellow", "red", "grey", "total"),
    )
    with draft.only_if("chart_themes", ""):
        draft.say("{{ chart_themes }}", align=CENTRE)
        draft.say("Hình 1. Chỉ tiêu theo lĩnh vực và màu", italic=True, size=11, align=CENTRE)


def indicators(draft: Draft) -> None:
    """II: changes, what is behind, communes."""
    draft.heading("II. KẾT QUẢ THỰC HIỆN CHỈ TIÊU", 1)
    draft.heading("1. Thay đổi so với tháng {{ period_before }}", 2)
    draft.say(
        "{{ better_total }} chỉ tiêu chuyển màu tốt lên, {{ worse_total }} xấu đi, {{ judged_total }} có "
        "đánh giá trở "
        "lại, {{ unjudged_total }} không còn đánh giá được. Bảng dưới kể cả chỉ tiêu vàng, đỏ giữ nguyên "
        "màu nhưng "
        "nhịp thực hiện đổi từ 5 điểm phần trăm tiến độ trở lên. Cả hai tháng cùng đánh giá theo một bản "
        "phát hành."
    )
    for letter, rows, word in (("a", "better", "Tốt lên"), ("b", "worse", "Xấu đi")):
        draft.heading(f"{letter}) {word}", 3)
        with draft.only_if(rows):
            draft.table(
                rows,
                [
                    ("Chỉ tiêu", "name", 6.5),
                    ("Tháng {{ period_before }}", "before", 5),
                    ("Tháng {{ period }}", "now", 5),
                ],
            )
    draft.heading("2. Chỉ tiêu chậm hoặc có nguy cơ chậm ({{ behind_total }})", 2)
    with draft.only_if("behind"):
        with draft.only_if("chart_behind", ""):
            draft.say("{{ chart_behind }}", align=CENTRE)
            draft.say(
                "Hình 2. Chỉ tiêu chậm nhất: đã đạt bao nhiêu phần trăm mục tiêu",
                italic=True,
                size=11,
                align=CENTRE,
            )
        draft.table(
            "behind",
            [
                ("TT", "number", 0.9),
                ("Chỉ tiêu và lý do", "name\nreason\nmarks", 5.3),
                ("Mục tiêu", "target_text\nmilestone_text", 2.1),
                ("Thực hiện", "actual_text\nperiod", 2),
                ("So với mức cần có", "gap_text", 1.9),
                ("Trạng thái", "status", 1.9),
                ("Cơ quan chịu trách nhiệm", "agencies", 2.4),
            ],
            size=10,
            numeric=("number", "gap_text"),
        )
    draft.tag("{%p if communes_total %}")
    draft.heading("3. Cấp xã", 2)
    draft.say(
        "{{ communes_total }} xã, phường có số liệu hoặc mục tiêu của tỉnh áp xuống. Mục tiêu của tỉnh chỉ "
        "để xã, "
        "phường biết mình ở đâu, không tính điểm. Nhiều chỉ tiêu đỏ nhất:"
    )
    with draft.only_if("communes_behind"):
        draft.table(
            "communes_behind",
            [
                ("Xã, phường", "commune", 8.5),
                ("● Xanh", "green", 2),
                ("▲ Vàng", "yellow", 2),
                ("■ Đỏ", "red", 2),
                ("○ Xám", "grey", 2),
            ],
            numeric=("green", "yellow", "red", "grey"),
        )
    draft.tag("{%p endif %}")


def tasks(draft: Draft) -> None:
    """III: tasks, alerts, evidence."""
    draft.heading("III. THỰC HIỆN NHIỆM VỤ", 1)
    draft.heading("1. Nhiệm vụ theo trạng thái (đến ngày {{ as_of }})", 2)
    draft.say(
        "{{ tasks_total }} nhiệm vụ, không kể {{ tasks_carried }} nhiệm vụ đã chuyển tiếp sang kế hoạch mới. "
        "“Hoàn thành” chỉ tính khi minh chứng được thẩm định hợp lệ; chưa báo cáo không phải là 0%. "
        "{{ later }}"
    )
    draft.table(
        "states",
        [("Trạng thái", "label", 8.5), ("Nhiệm vụ", "tasks", 4), ("Trong đó cảnh báo đỏ", "alerts", 4)],
        numeric=("tasks", "alerts"),
    )
    draft.heading("2. Cảnh báo đỏ ({{ alerts_total }})", 2)
    with draft.only_if("alert_rules", ""):
        draft.table("alert_rules", [("Quy tắc", "rule", 12.5), ("Nhiệm vụ", "tasks", 4)], numeric=("tasks",))
    with draft.only_if("alerts"):
        draft.table(
            "alerts",
            [
                ("TT", "number", 0.9),
                ("Nhiệm vụ", "title\nreason", 6.2),
                ("Kế hoạch, mục", "{{ row.plan }}, {{ row.row_ref }}", 2.5),
                ("Hạn", "due_text", 2.2),
                ("Quy tắc", "rule", 2.2),
                ("Chủ trì", "leads", 2.5),
            ],
            size=10,
            numeric=("number", "due_text"),
        )
    draft.tag("{%p if alerts_left %}")
    draft.say("Còn {{ alerts_left }} cảnh báo đỏ khác trong tệp Excel, trang “Nhiệm vụ”.", italic=True)
    draft.tag("{%p endif %}")
    draft.heading("3. Quá hạn theo cơ quan chủ trì", 2)
    with draft.only_if("overdue_agencies"):
        draft.table(
            "overdue_agencies",
            [
                ("TT", "number", 1),
                ("Cơ quan chủ trì", "agency", 9.5),
                ("Nhiệm vụ quá hạn", "tasks", 3),
                ("Lâu nhất (ngày)", "longest_days", 3),
            ],
            numeric=("number", "tasks", "longest_days"),
        )
        draft.say("Nhiệm vụ do nhiều cơ quan cùng chủ trì được tính cho từng cơ quan.", italic=True, size=11)
    draft.heading("4. Minh chứng chờ thẩm định ({{ evidence_total }})", 2)
    with draft.only_if("evidence_first"):
        draft.table(
            "evidence_first",
            [
                ("Văn bản", "document", 4.3),
                ("Chứng minh cho", "proves", 4.4),
                ("Ngày nộp", "filed_on", 2.2),
                ("Đã chờ (ngày)", "days", 1.4),
                ("Nơi thẩm định", "waits_for", 4.3),
            ],
            size=10,
            numeric=("filed_on", "days"),
        )
    draft.tag("{%p if evidence_left %}")
    draft.say("Còn {{ evidence_left }} văn bản khác trong tệp Excel, trang “Minh chứng”.", italic=True)
    draft.tag("{%p endif %}")


def discipline(draft: Draft) -> None:
    """IV and V: reporting, data quality."""
    draft.heading("IV. KỶ LUẬT BÁO CÁO", 1)
    draft.say(
        "{{ reports_due }} báo cáo đến hạn trong tháng {{ period }}: {{ reports_on_time }} đúng hạn, "
        "{{ reports_late }} "
        "trễ, {{ reports_missing }} chưa gửi."
    )
    with draft.only_if("reporters_lacking", "Không đơn vị nào trễ hoặc thiếu."):
        draft.table(
            "reporters_lacking",
            [
                ("Đơn vị", "reporter", 8.5),
                ("Đến hạn", "due", 2),
                ("Đúng hạn", "on_time", 2),
                ("Trễ", "late", 2),
                ("Thiếu", "missing", 2),
            ],
            numeric=("due", "on_time", "late", "missing"),
        )
    draft.tag("{%p if reporters_left %}")
    draft.say("Còn {{ reporters_left }} đơn vị khác trong tệp Excel, trang “Kỷ luật báo cáo”.", italic=True)
    draft.tag("{%p endif %}")
    draft.heading("V. CHẤT LƯỢNG VÀ ĐỘ TIN CẬY CỦA SỐ LIỆU", 1)
    draft.heading("1. Chất lượng tệp gửi của tháng", 2)
    with draft.only_if("quality", "Không có tệp nào của tháng để chấm."):
        draft.table(
            "quality",
            [
                ("Tiêu chí", "label", 6.5),
                ("Đã kiểm tra", "checked", 3.5),
                ("Không đạt", "failed", 3),
                ("Điểm", "score_text", 3.5),
            ],
            numeric=("checked", "failed", "score_text"),
        )
    draft.say(
        "{{ quarantined_rows }} dòng của {{ quarantined_files }} tệp bị cách ly, không tính vào số liệu. "
        "{{ findings_total }} điểm đáng ngờ hoặc mâu thuẫn, {{ findings_high }} mức cao:"
    )
    with draft.only_if("finding_kinds", ""):
        draft.table(
            "finding_kinds",
            [("Nhóm", "area", 3), ("Nội dung", "kind", 9.5), ("Mức", "severity", 2), ("Số", "count", 2)],
            numeric=("severity", "count"),
        )
    draft.heading("2. Độ chắc chắn của các con số", 2)
    draft.say(
        "Trong {{ indicators_total }} chỉ tiêu: {{ of_this_month }} có số của chính tháng này, "
        "{{ of_older_period }} dùng số "
        "của kỳ gần nhất đã kết thúc{% if oldest_period %} (cũ nhất: {{ oldest_period }}){% endif %}, "
        "{{ without_figure }} chưa có số. {{ provisional }} là số ước tính, {{ unverified }} chưa xác minh, "
        "{{ partial }} "
        "chưa đủ đơn vị báo cáo, {{ withheld }} chưa đủ để kết luận."
    )


def closing(draft: Draft) -> None:
    """VI and VII: proposals, method, recipients, signature."""
    draft.heading("VI. KIẾN NGHỊ", 1)
    draft.tag("{%p for row in decisions %}")
    draft.say("{{ row.number }}. {{ row.what }} Thực hiện: {{ row.who }}.")
    draft.tag("{%p endfor %}")
    draft.say("………………………………………………………………………………………")
    draft.heading("VII. CÁCH TÍNH", 1)
    draft.say(
        "Mỗi chỉ tiêu tính một lần, theo mục tiêu chính của kế hoạch mới nhất còn hiệu lực, tại kỳ gần nhất "
        "kết thúc "
        "không muộn hơn ngày {{ ends_on }}. So với mức cần có theo lộ trình đến mốc, không so thẳng với mục "
        "tiêu cuối "
        "kỳ. Lấy từ bản phát hành {{ release_id }} (số liệu đến {{ as_of }}, nhận trước {{ known_at }}, "
        "chương trình "
        "{{ code_version }}). Mỗi con số trong tệp Excel kèm lệnh “tiendo explain” chỉ ra tệp và ô nguồn./."
    )
    foot = draft.document.add_table(rows=1, cols=2)
    fill(foot.cell(0, 0), "Nơi nhận:", bold=True, italic=True, size=12)
    fill(foot.cell(0, 0), "- Như trên;", size=11)
    fill(foot.cell(0, 0), "- ……………;", size=11)
    fill(foot.cell(0, 0), "- Lưu: VT.", size=11)
    fill(foot.cell(0, 1), "QUYỀN HẠN, CHỨC VỤ CỦA NGƯỜI KÝ", bold=True, size=13, align=CENTRE)
    fill(foot.cell(0, 1), "(Chữ ký, dấu, họ và tên)", italic=True, size=12, align=CENTRE)
    widths(foot, [7.5, 9])
    mark_row(foot.rows[0], "w:cantSplit")


def main() -> None:
    """The summary on its own page, then the report."""
    draft = Draft()
    summary(draft)
    first = draft.document.sections[0]
    first.top_margin = first.bottom_margin = Cm(1.5)
    section = draft.document.add_section(WD_SECTION.NEW_PAGE)
    draft.page(section)
    page_number(draft.document.sections[0])
    letterhead(draft)
    general(draft)
    indicators(draft)
    tasks(draft)
    discipline(draft)
    closing(draft)
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    draft.document.save(str(TARGET))


if __name__ == "__main__":
    main()
