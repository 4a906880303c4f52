"""What a page is, which pages there are of a place, and how all of them are linked."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from tiendo.report.site.data import Subject

# Of a place and of the whole: path below it, words. Shown where the page is there.
OF_PLACE = (
    ("index.html", "Tổng quan", "Overview"),
    ("indicators/index.html", "Chỉ tiêu", "Indicators"),
    ("tasks/index.html", "Nhiệm vụ", "Tasks"),
    ("agencies/index.html", "Cơ quan", "Agencies"),
    ("reporting.html", "Chế độ báo cáo", "Reporting"),
)
OF_ALL = (
    ("quality/index.html", "Chất lượng dữ liệu", "Data quality"),
    ("submissions.html", "Tệp đã nhận", "Submissions"),
    ("changes.html", "Thay đổi", "Changes"),
    ("method.html", "Cách tính", "Method"),
    ("dictionary.html", "Từ điển dữ liệu", "Dictionary"),
    ("model.html", "Mô hình dữ liệu", "Data model"),
)


@dataclass(frozen=True)
class Page:
    """One page of the site.

    Attributes:
        path: Where it lies below `site/`, such as `66/indicators/index.html`.
        template: Its template.
        title_vi: Heading and title in Vietnamese.
        title_en: The same in English.
        context: What the template names, besides what every page has.
        subject: The place it belongs to, None for pages about the whole release.
        trail: Pages above it besides the start page and the place: path, Vietnamese, English.
        has_charts: Whether charts are drawn on it.
    """

    path: str
    template: str
    title_vi: str
    title_en: str
    context: Mapping[str, Any] = field(default_factory=dict[str, Any])
    subject: Subject | None = None
    trail: tuple[tuple[str, str, str], ...] = ()
    has_charts: bool = False

    @property
    def root(self) -> str:
        """The way from this page up to the folder of the site: empty, or `../` as often as needed."""
        return "../" * self.path.count("/")


@dataclass(frozen=True)
class Link:
    """An entry of a menu: where to, in which words, and whether it is the part of the site shown now."""

    path: str
    vi: str
    en: str
    is_here: bool


def menu(
    page: Page, paths: Mapping[str, Page], below: str, entries: tuple[tuple[str, str, str], ...]
) -> list[Link]:
    """The entries of a menu whose pages exist.

    Args:
        page: The page that shows the menu.
        paths: All pages by path.
        below: Folder the entries lie in, with its slash; empty for pages about the whole release.
        entries: Path, Vietnamese, English.
    """
    found = [(below + path, vi, en) for path, vi, en in entries if below + path in paths]
    here = max((path for path, _, _ in found if _belongs(page.path, path)), key=len, default=None)
    return [Link(path, vi, en, path == here) for path, vi, en in found]


def _belongs(path: str, entry: str) -> bool:
    """Whether a page is the one of a menu entry or lies in the folder that entry opens."""
    folder = entry.removesuffix("index.html")
    return path == entry or (
        entry.endswith("/index.html") and folder.count("/") > 1 and path.startswith(folder)
    )
