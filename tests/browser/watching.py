"""A browser tab that notes all that goes wrong in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Dialog, Page

DESKTOP = {"width": 1280, "height": 900}
PHONE = {"width": 390, "height": 844}
# What a page in a folder may ask for.
OWN = ("file:", "data:")


@dataclass
class Watched:
    """A tab and what went wrong in it: errors of scripts and console, dialogs, requests beyond the files."""

    page: Page
    faults: list[str] = field(default_factory=list[str])

    def open(self, path: Path, anchor: str = "") -> Page:
        """Goes to a page of the site."""
        self.page.goto(path.as_uri() + anchor, wait_until="load")
        return self.page

    def draw_charts(self) -> int:
        """Scrolls through the page until its charts are drawn; how many there are."""
        figures = self.page.locator("figure.chart")
        for number in range(figures.count()):
            figure = figures.nth(number)
            figure.scroll_into_view_if_needed()
            figure.locator("svg").first.wait_for(state="attached", timeout=10_000)
        return figures.count()


@contextmanager
def watched(browser: Browser, **settings: Any) -> Iterator[Watched]:
    """A new tab with nothing kept from others; settings as of Playwright's `new_context`."""
    usual = {"viewport": DESKTOP, "locale": "vi-VN", "color_scheme": "light"}
    context = browser.new_context(**usual | settings)
    context.set_default_timeout(10_000)
    page = context.new_page()
    tab = Watched(page)

    def note(told: str) -> None:
        tab.faults.append(f"{page.url}: {told}")

    def dismiss(dialog: Dialog) -> None:
        note(f"dialog {dialog.message}")
        dialog.dismiss()

    page.on("pageerror", lambda error: note(str(error)))
    page.on("console", lambda told: note(told.text) if told.type in ("error", "warning") else None)
    page.on("dialog", dismiss)
    page.on("request", lambda asked: None if asked.url.startswith(OWN) else note(f"asks {asked.url}"))
    page.on("requestfailed", lambda asked: note(f"{asked.url} failed: {asked.failure}"))
    try:
        yield tab
    finally:
        context.close()
