"""Drafts a letter of reminder (văn bản đôn đốc) to one agency: a Word file that a person finishes.

The layout is that of Decree 30/2020/NĐ-CP; number, day and signature stay open: a program signs nothing.
"""

from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from tiendo.messages import TiendoError
from tiendo.report.reminders import FOR_INFORMATION, HEADINGS, Reminder, lateness

TEMPLATE = Path(__file__).parent / "templates" / "van-ban-don-doc.docx"


def write_letter(reminder: Reminder, target: Path, template: Path = TEMPLATE) -> None:
    """Fills the template for one agency.

    Args:
        reminder: What the agency owes.
        target: The .docx to write.
        template: A Word file with the fields of the shipped one.

    Raises:
        TiendoError: TD-714, exit code 2, where the template cannot be read or filled.
    """
    from docx.opc.exceptions import OpcError
    from docxtpl import DocxTemplate  # pyright: ignore[reportMissingTypeStubs] it has none
    from jinja2 import TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    try:
        document: Any = DocxTemplate(template)
        # Titles come from submitted files: what looks like markup stays text.
        document.render(_fields(reminder), SandboxedEnvironment(autoescape=True), autoescape=True)
        document.save(target)
    except (OSError, BadZipFile, OpcError, KeyError, ValueError, TemplateError) as cause:
        raise TiendoError(
            "TD-714",
            f"Không dùng được mẫu văn bản {template.name}.",
            f"The letter template {template.name} cannot be used.",
            "Chọn tệp .docx chép từ mẫu kèm chương trình, giữ nguyên các trường {{ … }}.",
            "Choose a .docx copied from the shipped one, its {{ … }} fields kept.",
            exit_code=2,
        ) from cause


def _fields(reminder: Reminder) -> dict[str, Any]:
    """What the template names: texts, and one section for each kind of item the agency has to act on."""
    as_of = reminder.as_of
    return {
        "issuer": reminder.issuer.upper(),
        "agency": reminder.agency_name,
        "as_of": as_of.strftime("%d/%m/%Y"),
        "year": as_of.year,
        "is_synthetic": reminder.is_synthetic,
        "sections": [
            {
                "heading": HEADINGS[kind],
                "rows": [
                    {
                        "number": number,
                        "place": ", ".join(part for part in (item.plan, item.row_ref) if part),
                        "title": item.title,
                        "due": f"{item.due_on:%d/%m/%Y}{lateness(item.due_on, as_of)}" if item.due_on else "",
                        "note": item.note,
                    }
                    for number, item in enumerate(items, 1)
                ],
            }
            for kind, items in reminder.items.items()
            if kind not in FOR_INFORMATION
        ],
    }
