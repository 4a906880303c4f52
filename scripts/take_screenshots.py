"""Takes the pictures of docs/site.md from a published demo, one of each kind of page, wide and narrow.

Run as `python scripts/take_screenshots.py demo docs/images/site`. Needs Debian's chromium.
"""

import shutil
import sys
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

# Name of the picture: page below the site, theme.
PICTURES = {
    "start": ("index.html", "light"),
    "overview": ("66/index.html", "light"),
    "overview-dark": ("66/index.html", "dark"),
    "overview-ward": ("26041/index.html", "light"),
    "theme": ("66/themes/infrastructure.html", "light"),
    "indicators": ("66/indicators/index.html", "light"),
    "indicator": ("66/indicators/{indicator}.html", "light"),
    "indicator-dark": ("66/indicators/{indicator}.html", "dark"),
    "tasks": ("66/tasks/index.html", "light"),
    "alerts": ("66/tasks/alerts.html", "light"),
    "calendar": ("66/tasks/calendar.html", "light"),
    "agencies": ("66/agencies/index.html", "light"),
    "agency": ("66/agencies/dl_so_khcn.html", "light"),
    "reporting": ("66/reporting.html", "light"),
    "quality": ("quality/index.html", "light"),
    "quarantine": ("quality/quarantine.html", "light"),
    "findings": ("quality/findings.html", "light"),
    "submissions": ("submissions.html", "light"),
    "changes": ("changes.html", "light"),
    "method": ("method.html", "light"),
    "dictionary": ("dictionary.html", "light"),
    "model": ("model.html", "light"),
    "dbt": ("dbt/index.html", "light"),
}
WIDTHS = {"wide": 1280, "phone": 390}
# A picture shows the first screens; the rest is more of the same.
HIGHEST = {"wide": 1500, "phone": 1300}
INDICATOR = "infra_5g_coverage"
QUALITY = 55


def main(home: Path, target: Path) -> None:
    """Writes `<picture>-<width>.jpg` for each picture and width."""
    site = (home / "data/curated/current").resolve() / "site"
    chromium = shutil.which("chromium") or sys.exit("no chromium on this machine")
    target.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, (path, theme) in PICTURES.items():
            for width in WIDTHS:
                page = site / path.format(indicator=INDICATOR)
                take(browser, page, theme, width, target / f"{name}-{width}.jpg")
        browser.close()


def take(browser: Browser, path: Path, theme: str, width: str, target: Path) -> None:
    """One picture; charts are drawn when they come into view, so the page is walked through first."""
    page = browser.new_page(
        viewport={"width": WIDTHS[width], "height": 900},
        color_scheme="dark" if theme == "dark" else "light",
        locale="vi-VN",
    )
    page.goto(path.as_uri(), wait_until="load")
    for figure in page.locator("figure.chart").all():
        figure.scroll_into_view_if_needed()
        figure.locator("svg").first.wait_for(state="attached")
    page.evaluate("scrollTo(0, 0)")
    height = page.evaluate("document.documentElement.scrollHeight")
    clip = {"x": 0, "y": 0, "width": WIDTHS[width], "height": min(height, HIGHEST[width])}
    page.screenshot(path=target, type="jpeg", quality=QUALITY, full_page=True, clip=clip)
    page.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
