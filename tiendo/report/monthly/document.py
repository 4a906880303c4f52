"""Fills the Word template of the monthly report; layout and words are the template's (Decree 30/2020/NĐ-CP).

Senders' texts are values, never part of the template: what looks like a field or markup stays text.
"""

from collections.abc import Mapping
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from tiendo.messages import TiendoError
from tiendo.report.monthly.content import Content
from tiendo.report.monthly.texts import day, number, shown

PICTURE_WIDTH_MM = 160


class Told(float):
    """A number that a template can compare and that is written as Vietnamese writes it."""

    def __str__(self) -> str:
        """The number as 1.234,5."""
        return number(float(self))


def write_document(content: Content, pictures: Mapping[str, bytes], template: Path, target: Path) -> None:
    """Fills the template.

    Args:
        content: What `content_of` gives.
        pictures: PNG images by the name of their field.
        template: A Word file with the fields of the shipped one.
        target: The .docx to write.

    Raises:
        TiendoError: TD-645, exit code 2, where the template cannot be read or filled.
    """
    from docx.opc.exceptions import OpcError
    from docx.shared import Mm
    from docxtpl import DocxTemplate, InlineImage  # pyright: ignore[reportMissingTypeStubs] it has none
    from jinja2 import StrictUndefined, TemplateError
    from jinja2.sandbox import SandboxedEnvironment

    try:
        document: Any = DocxTemplate(template)
        images = {
            name: InlineImage(document, BytesIO(image), width=Mm(PICTURE_WIDTH_MM)) if image else ""
            for name, image in pictures.items()
        }
        environment = SandboxedEnvironment(autoescape=True, undefined=StrictUndefined)
        document.render({**_told(content), **images}, environment, autoescape=True)
    except (OSError, BadZipFile, OpcError, KeyError, ValueError, TypeError, TemplateError) as cause:
        raise unusable(template, str(cause)) from cause
    document.save(target)


def unusable(template: Path, why: str) -> TiendoError:
    """TD-645: a template of the report cannot be read or filled."""
    reason = shown(" ".join(why.split()), 200)
    return TiendoError(
        "TD-645",
        f"Không dùng được mẫu báo cáo {template.name}: {reason}.",
        f"The report template {template.name} cannot be used: {reason}.",
        "Sửa trường bị nêu tên, hoặc chép lại mẫu gốc; các trường: docs/monthly-report.md.",
        "Correct the field that is named, or copy the shipped template; fields: docs/monthly-report.md.",
        exit_code=2,
    )


def _told(value: Any) -> Any:
    """Values as the template writes them; yes and no stay, for its conditions."""
    match value:
        case bool() | None:
            return "" if value is None else value
        case str():
            return shown(value)
        case int() | float():
            return Told(value)
        case date():
            return day(value)
        case list():
            return [_told(entry) for entry in value]  # pyright: ignore[reportUnknownVariableType]
        case dict():
            return {name: _told(entry) for name, entry in value.items()}  # pyright: ignore[reportUnknownVariableType]
        case _:
            return value
