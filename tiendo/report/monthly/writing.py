"""Writes the monthly reports to a folder: a Word document and an Excel workbook for each place.

Both are told from the same content, read once, so that they cannot contradict each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tiendo.intake.store import write_atomically
from tiendo.messages import TiendoError
from tiendo.report.monthly.scope import Scope, Subject
from tiendo.settings import Home

SHIPPED = Path(__file__).parents[1] / "templates"
DOCUMENT, WORKBOOK = "bao-cao-thang.docx", "bao-cao-thang.xlsx"


@dataclass(frozen=True)
class Written:
    """The report of one place.

    Attributes:
        subject: The place.
        document: The .docx.
        workbook: The .xlsx.
    """

    subject: Subject
    document: Path
    workbook: Path


def write_reports(scope: Scope, folder: Path, templates: Path | None = None) -> list[Written]:
    """Writes the report of each place of a scope; files of the same name are replaced.

    Args:
        scope: What is reported, as `settle` gives it.
        folder: Where to write; made where it is missing.
        templates: A folder with copies of the shipped templates under their names; what is missing in it is
            the shipped one.

    Raises:
        TiendoError: TD-645 where a template cannot be used, TD-649 where nothing can be written.
    """
    own = {name: _template(templates, name) for name in (DOCUMENT, WORKBOOK)}
    try:
        return [_written(scope, subject, folder, own) for subject in scope.subjects]
    except OSError as cause:
        raise not_written(folder, str(cause)) from cause


def closing_folder(home: Home, period: str) -> Path:
    """Where the report of a closed month lies: in the home, outside the release, which holds tables only."""
    return home.root / "data" / "reports" / period


def not_written(folder: Path, why: str) -> TiendoError:
    """TD-649: the report could not be written."""
    return TiendoError(
        "TD-649",
        f"Không ghi được báo cáo tháng vào {folder}: {why}.",
        f"The monthly report cannot be written to {folder}: {why}.",
        "Đóng tệp nếu đang mở, kiểm tra quyền ghi và dung lượng đĩa, rồi chạy lại tiendo report.",
        "Close the file if it is open, check permissions and disk space, then run tiendo report again.",
    )


def _written(scope: Scope, subject: Subject, folder: Path, templates: Mapping[str, Path]) -> Written:
    from tiendo.report.monthly.content import content_of
    from tiendo.report.monthly.document import write_document
    from tiendo.report.monthly.excel_charts import CHARTS
    from tiendo.report.monthly.pictures import pictures_of
    from tiendo.report.monthly.workbook import write_workbook

    content = content_of(scope, subject)
    pictures = pictures_of(content)
    name = f"bao-cao-{subject.org_code}-{scope.period}"
    written = Written(subject, folder / f"{name}.docx", folder / f"{name}.xlsx")
    write_atomically(
        written.document, lambda path: write_document(content, pictures, templates[DOCUMENT], path)
    )
    write_atomically(
        written.workbook, lambda path: write_workbook(content, CHARTS, templates[WORKBOOK], path)
    )
    return written


def _template(folder: Path | None, name: str) -> Path:
    """One's own template, else the shipped one."""
    if folder is None:
        return SHIPPED / name
    if not folder.is_dir():
        raise TiendoError(
            "TD-645",
            f"Không có thư mục mẫu {folder}.",
            f"There is no folder of templates {folder}.",
            f"Tạo thư mục, chép mẫu từ {SHIPPED} vào rồi sửa.",
            f"Make the folder, copy the templates from {SHIPPED} into it and edit them.",
            exit_code=2,
        )
    return folder / name if (folder / name).is_file() else SHIPPED / name
