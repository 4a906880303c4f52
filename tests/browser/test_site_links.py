"""Every link of the demo's site leads somewhere inside it; no browser is needed to see that."""

from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urldefrag

import pytest


class Links(HTMLParser):
    """Anchors and links of one page."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self.links: set[str] = set()
        self.anchors: list[str] = []
        self.feed(path.read_text(encoding="utf-8"))
        self.known = set(self.anchors)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del tag
        told = dict(attrs)
        self.links |= {link for name in ("href", "src") if (link := told.get(name))}
        if anchor := told.get("id"):
            self.anchors.append(anchor)


@pytest.fixture(scope="module")
def site(demo_home: Path) -> Path:
    return (demo_home / "data/curated/current").resolve() / "site"


@pytest.fixture(scope="module")
def pages(site: Path) -> dict[Path, Links]:
    """All pages but dbt's own application, which makes its links while it runs."""
    return {path: Links(path) for path in site.rglob("*.html") if "dbt" not in path.parts}


def leads(link: str, path: Path, pages: dict[Path, Links], site: Path) -> bool:
    """Whether a link of a page leads to a file of the site, and to a place that is there."""
    target, anchor = urldefrag(link)
    if target.startswith("data:"):
        return True
    there = (path.parent / unquote(target)).resolve() if target else path
    if not there.is_file() or not there.is_relative_to(site):
        return False
    return not anchor or there not in pages or unquote(anchor) in pages[there].known


def test_every_link_leads_to_a_page_and_a_place_on_it(site: Path, pages: dict[Path, Links]) -> None:
    broken = [
        f"{path.relative_to(site)}: {link}"
        for path, page in sorted(pages.items())
        for link in sorted(page.links)
        if not leads(link, path, pages, site)
    ]
    assert broken[:20] == []


def test_no_place_on_a_page_is_named_twice(pages: dict[Path, Links]) -> None:
    doubled = [str(path) for path, page in pages.items() if len(page.anchors) > len(page.known)]
    assert doubled == []
