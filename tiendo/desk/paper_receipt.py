"""A receipt on paper: one HTML page per file, A4, with a place to sign; nothing in it is ever executed.

Every text is escaped, since names, headers and values are the sender's.
"""

from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import Any

from tiendo.desk.repairs import part_sentence
from tiendo.desk.wording import COUNTS, left_out_lines, outcome, period_label, said, where
from tiendo.intake.contracts import load_contracts
from tiendo.intake.receipts import Receipt
from tiendo.intake.store import write_atomically
from tiendo.messages import Place, TiendoError
from tiendo.settings import TIMEZONE

_LISTED = 200
_STYLE = """
@page { size: A4; margin: 18mm 16mm; }
body { font: 12pt/1.35 "Times New Roman", "Liberation Serif", serif; color: #000;
  max-width: 180mm; margin: auto; }
section { break-after: page; } section:last-child { break-after: auto; }
.head { display: flex; justify-content: space-between; text-align: center; }
.head p { margin: 0; } .rule { border-bottom: 1px solid; display: inline-block; padding-bottom: 2px; }
h1 { text-align: center; font-size: 15pt; margin: 8mm 0 1mm; } .under { text-align: center; margin: 0 0 5mm; }
h2 { font-size: 12pt; margin: 5mm 0 2mm; }
table { border-collapse: collapse; width: 100%; } th, td { border: 1px solid #777; padding: 1.5mm 2mm;
  text-align: left; vertical-align: top; overflow-wrap: anywhere; } thead { display: table-header-group; }
tr { break-inside: avoid; } th { background: #eee; } .facts th { width: 42mm; font-weight: normal; }
.counts td, .counts th { text-align: center; } .problems { font-size: 10pt; }
.problems td:last-child, .problems td:first-child { overflow-wrap: normal; min-width: 14mm; }
.problems td:last-child { white-space: nowrap; }
.refused { border: 2px solid; padding: 3mm; font-weight: bold; }
.signatures { display: flex; justify-content: space-around; text-align: center; margin-top: 10mm;
  break-inside: avoid; } .signatures p { margin: 0 0 22mm; }
"""


def write_paper_receipts(receipts: Sequence[Receipt], refused: Sequence[TiendoError], target: Path) -> None:
    """Writes the receipts of one submission of files, each on a page of its own.

    Args:
        receipts: Of the files entered.
        refused: Of the files not stored.
        target: The .html file.
    """
    pages = "".join(_page(receipt) for receipt in receipts) + (_refused_page(refused) if refused else "")
    content = (
        '<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"><title>Biên nhận số liệu</title>\n'
        f"<style>{_STYLE}</style></head><body>{pages}</body></html>\n"
    )
    write_atomically(target, lambda path: path.write_text(content, encoding="utf-8"))


def refuse_target(target: Path) -> None:
    """Raises TD-709 (exit 2) where a receipt is asked for as something else than .html."""
    if target.suffix.lower() not in {".html", ".htm"}:
        raise TiendoError(
            "TD-709",
            "Biên nhận in được ghi ra tệp .html.",
            "The printable receipt is an .html file.",
            "Hãy đặt tên như bien-nhan.html; in từ trình duyệt hoặc lưu thành PDF.",
            "Call it receipt.html, say; print it from a browser, or save it as PDF there.",
            Place(file=target.name),
            exit_code=2,
        )


def _page(receipt: Receipt) -> str:
    contract = load_contracts().get(receipt.form)
    received = receipt.received_at.astimezone(TIMEZONE)
    title = contract.title_vi if contract else "Không nhận ra biểu mẫu"
    facts = (
        ("Mã lần nộp", receipt.submission_id),
        ("Biểu mẫu", title),
        ("Đơn vị", said(receipt.org_code, "vi")),
        ("Kỳ báo cáo", said(period_label(receipt.period), "vi")),
        ("Thời điểm tiếp nhận", f"{received:%H:%M:%S ngày %d/%m/%Y}"),
        ("Tệp lưu tại", receipt.raw_path),
        ("SHA-256 của tệp", receipt.sha256),
        ("Kết quả", outcome(receipt.status, "vi")),
    )
    rows = "".join(f"<tr><th>{escape(label)}</th><td>{escape(text)}</td></tr>" for label, text in facts)
    return (
        f"<section>{_head(receipt.number)}<h1>BIÊN NHẬN SỐ LIỆU</h1>"
        f'<p class="under">{escape(title)}</p>'
        f'<table class="facts">{rows}</table>'
        + _rejection(receipt.rejection)
        + _counts(receipt)
        + _problems(receipt.problems)
        + _listed("Lưu ý", (notice.text("vi") for notice in receipt.notices))
        + _listed("Dòng không phải số liệu, được bỏ qua", left_out_lines(receipt.left_out, "vi"))
        + _listed("Cột không thuộc biểu, được bỏ qua", receipt.ignored_headers)
        + _listed("Trang tính không thuộc biểu, được bỏ qua", receipt.ignored_sheets)
        + _SIGNATURES
        + "</section>"
    )


def _head(number: str) -> str:
    form = f"<p>Biểu số: {escape(number)}</p>" if number else ""
    return (
        f'<div class="head"><div><p>ĐƠN VỊ TIẾP NHẬN</p><p>……………………………</p>{form}</div>'
        "<div><p><b>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</b></p>"
        '<p class="rule"><b>Độc lập - Tự do - Hạnh phúc</b></p></div></div>'
    )


_SIGNATURES = (
    '<div class="signatures"><div><p><b>NGƯỜI NỘP</b><br><i>(Ký, ghi rõ họ tên)</i></p></div>'
    "<div><p><b>NGƯỜI NHẬN</b><br><i>(Ký, ghi rõ họ tên)</i></p></div></div>"
)


def _rejection(rejection: TiendoError | None) -> str:
    return f'<p class="refused">{escape(rejection.text("vi"))}</p>' if rejection is not None else ""


def _counts(receipt: Receipt) -> str:
    labels = "".join(f"<th>{escape(vi.capitalize())}</th>" for _, vi, _ in COUNTS)
    numbers = "".join(f"<td>{getattr(receipt, name):,}</td>".replace(",", ".") for name, _, _ in COUNTS)
    return (
        f'<h2>Số dòng</h2><table class="counts"><tr>{labels}</tr><tr>{numbers}</tr></table>'
        "<p>Số dòng đọc = nạp + không đổi + đã bị thay + cách ly.</p>"
    )


def _problems(problems: Sequence[dict[str, Any]]) -> str:
    if not problems:
        return ""
    rows = "".join(_problem_row(problem) for problem in problems[:_LISTED])
    more = len(problems) - _LISTED
    rest = f"<p>… còn {more} lỗi; xem đủ bằng “tiendo check TỆP --annotate”.</p>" if more > 0 else ""
    heads = ("Chỗ sai", "Cột", "Giá trị", "Lỗi", "Cách sửa", "Mã")
    head = "".join(f"<th>{text}</th>" for text in heads)
    return (
        f'<h2>Lỗi cần sửa ({len(problems)})</h2><table class="problems"><thead><tr>{head}</tr></thead>'
        f"{rows}</table>{rest}"
    )


def _problem_row(problem: dict[str, Any]) -> str:
    fault, needed, remedy = part_sentence(problem["message_vi"], problem["value"])
    cells = (
        where(problem, "vi"),
        problem["column_label"],
        problem["value"],
        f"{fault}. Cần: {needed}" if needed else fault,
        remedy,
        problem["rule_code"],
    )
    return "<tr>" + "".join(f"<td>{escape(str(cell or ''))}</td>" for cell in cells) + "</tr>"


def _listed(heading: str, texts: Iterable[str]) -> str:
    items = "".join(f"<li>{escape(text)}</li>" for text in texts)
    return f"<h2>{escape(heading)}</h2><ul>{items}</ul>" if items else ""


def _refused_page(refused: Sequence[TiendoError]) -> str:
    told = "".join(f'<p class="refused">{escape(error.text("vi"))}</p>' for error in refused)
    return f"<section>{_head('')}<h1>TỆP KHÔNG ĐƯỢC TIẾP NHẬN</h1>{told}{_SIGNATURES}</section>"
