"""Writes the site into a release that is being made, page by page from the tables beside it."""

import os
import shutil
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiendo import limits
from tiendo.report.site import (
    changes,
    execution,
    findings,
    indicators,
    method,
    overview,
    quality,
    submissions,
    tables,
)
from tiendo.report.site.data import ReleaseFacts, SiteData
from tiendo.report.site.pages import OF_ALL, OF_PLACE, Page, menu
from tiendo.report.site.words import FILTERS, GLOBALS

if TYPE_CHECKING:
    from jinja2 import Environment

OWN = Path(__file__).parent
TEMPLATES = OWN / "templates"
# Each gives its pages; one whose tables say nothing gives none.
PARTS: tuple[Callable[[SiteData], Iterator[Page]], ...] = (
    overview.pages,
    indicators.pages,
    execution.pages,
    quality.pages,
    findings.pages,
    submissions.pages,
    changes.pages,
    method.pages,
    tables.pages,
)


def build_site(
    release: Path,
    facts: ReleaseFacts,
    compiled: Path,
    progress: Callable[[int, int], None] | None = None,
) -> int:
    """Writes `site/` into the folder of a release.

    Args:
        release: The folder, which holds all curated tables as Parquet and no `site` yet.
        facts: What every page tells of the release.
        compiled: Where compiled templates are kept if that cannot be beside them, as with Python's own;
            compiling takes a quarter of the time of a small site.
        progress: Called with pages written and pages in all.

    Returns:
        The number of pages.
    """
    import duckdb

    folder = release / "site"
    if os.access(TEMPLATES, os.W_OK):
        compiled = TEMPLATES / "__pycache__"
    compiled.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config=limits.settings("publish", release)) as connection:
        site = SiteData(release, facts, connection)
        pages = {page.path: page for part in PARTS for page in part(site)}
        for done, page in enumerate(pages.values(), start=1):
            target = folder / page.path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(render(page, pages, site, compiled), encoding="utf-8")
            if progress:
                progress(done, len(pages))
    shutil.copytree(OWN / "assets", folder / "assets", copy_function=shutil.copyfile)
    return len(pages)


def render(page: Page, pages: dict[str, Page], site: SiteData, compiled: Path | None = None) -> str:
    """The HTML of one page; `compiled` is where compiled templates are kept, if anywhere."""
    of_place = f"{page.subject.org_code}/" if page.subject else ""
    return (
        environment(compiled)
        .get_template(page.template)
        .render(
            **page.context,
            page=page,
            root=page.root,
            paths=pages,
            facts=site.facts,
            subjects=site.subjects,
            submission_path=site.submission_path,
            of_place=menu(page, pages, of_place, OF_PLACE) if page.subject else [],
            of_all=menu(page, pages, "", OF_ALL),
        )
    )


@cache
def environment(compiled: Path | None) -> "Environment":
    """The templates with the words of the site; what they are given is escaped."""
    from jinja2 import Environment, FileSystemBytecodeCache, FileSystemLoader, StrictUndefined

    templates: Any = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
        bytecode_cache=FileSystemBytecodeCache(str(compiled)) if compiled else None,
    )
    templates.filters.update(FILTERS)
    templates.globals.update(GLOBALS)
    return templates
