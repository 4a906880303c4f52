"""The demo's site in a real browser: what a leader, an analyst and a person without a mouse do with it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from browser.watching import PHONE, Watched, watched
from playwright.sync_api import Browser, expect

# One of each kind of page, by its path below the site.
KINDS = (
    "index.html", "66/index.html", "26041/index.html", "66/themes/*.html", "66/indicators/index.html",
    "66/indicators/*5g*.html", "66/tasks/index.html", "66/tasks/alerts.html", "66/tasks/calendar.html",
    "66/agencies/index.html", "66/agencies/*khcn*.html", "66/reporting.html", "quality/index.html",
    "quality/quarantine.html", "quality/findings.html", "submissions.html", "changes.html", "method.html",
    "dictionary.html", "model.html",
)  # fmt: skip
# WCAG 2.1 AA, and what axe knows of landmarks besides.
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
# Rows of a table and sections of a page are alike; a thousand of them would take axe minutes.
ASK_AXE = """
async ([source, rules]) => {
  for (const body of document.querySelectorAll("tbody"))
    for (const row of [...body.rows].slice(20)) row.remove();
  for (const section of [...document.querySelectorAll("main section")].slice(20)) section.remove();
  if (!window.axe) (0, eval)(source);
  return await axe.run(document, {runOnly: rules, resultTypes: ["violations"]});
}
"""


@pytest.fixture(scope="module")
def site(demo_home: Path) -> Path:
    return (demo_home / "data/curated/current").resolve() / "site"


@pytest.fixture(scope="module")
def axe() -> str:
    """The script that finds faults of accessibility."""
    return (Path(__file__).parent / "vendor" / "axe.min.js").read_text(encoding="utf-8")


@pytest.fixture
def tab(browser: Browser) -> Iterator[Watched]:
    with watched(browser) as tab:
        yield tab
        assert tab.faults == []


def kinds(site: Path) -> list[Path]:
    """One page of each kind."""
    return [found for kind in KINDS if (found := next(iter(sorted(site.glob(kind))), None))]


def test_every_kind_of_page_is_there(site: Path) -> None:
    assert [kind for kind in KINDS if not list(site.glob(kind))] == []


def test_every_page_opens_without_an_error_or_a_request_elsewhere(site: Path, browser: Browser) -> None:
    pages = sorted(site.rglob("*.html"))
    assert len(pages) > 100
    # On a phone, where there is less to paint at once: it is five hundred pages.
    with watched(browser, viewport=PHONE) as tab:
        for path in pages:
            page = tab.open(path)
            assert page.title().strip(), path
    assert tab.faults == []


def test_charts_are_drawn(site: Path, tab: Watched) -> None:
    drawn = 0
    for path in kinds(site):
        tab.open(path)
        drawn += tab.draw_charts()
    assert drawn >= 2


def test_charts_speak_the_language_of_the_page(site: Path, tab: Watched) -> None:
    page = tab.open(site / "66/indicators/infra_5g_coverage.html")
    tab.draw_charts()
    chart = page.locator("figure.chart svg").first
    expect(chart).to_contain_text("thực tế")
    page.get_by_role("button", name="English").click()
    expect(chart).to_contain_text("actual")
    assert page.locator("figure.chart svg").count() == page.locator("figure.chart").count()


def test_language_is_switched_and_kept(site: Path, tab: Watched) -> None:
    page = tab.open(site / "66/index.html")
    expect(page.locator("html")).to_have_attribute("lang", "vi")
    heading = page.locator("h1").inner_text()
    number = page.locator('data[value*="."]:visible').first
    shown = number.inner_text()
    assert "," in shown
    page.get_by_role("button", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    assert page.locator("h1").inner_text() != heading
    assert number.inner_text() == shown.replace(".", "").replace(",", ".")
    tab.open(site / "66/indicators/index.html")
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("button", name="Tiếng Việt").click()
    tab.open(site / "66/index.html")
    assert page.locator("h1").inner_text() == heading


def test_theme_follows_the_system_until_it_is_chosen(site: Path, browser: Browser) -> None:
    with watched(browser, color_scheme="dark") as tab:
        page = tab.open(site / "66/index.html")
        expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        dark = page.evaluate("getComputedStyle(document.body).backgroundColor")
        page.get_by_role("button", name="Sáng/tối").click()
        assert page.evaluate("getComputedStyle(document.body).backgroundColor") != dark
        tab.open(site / "index.html")
        expect(page.locator("html")).to_have_attribute("data-theme", "light")
        assert tab.faults == []


def test_tables_are_filtered_as_people_type(site: Path, tab: Watched) -> None:
    page = tab.open(site / "66/indicators/index.html")
    rows = page.locator("table.sortable").first.locator("tbody tr")
    everything = rows.count()
    page.get_by_label("Lọc").first.focus()
    page.keyboard.type("phu song 5g")
    shown = rows.locator("visible=true").all_inner_texts()
    assert 0 < len(shown) < everything
    assert all("5G" in text for text in shown)


def test_tables_are_sorted_without_a_mouse(site: Path, tab: Watched) -> None:
    page = tab.open(site / "66/indicators/index.html")
    table = page.locator("table.sortable").first
    head = table.locator("thead th.n").first
    column = head.evaluate("node => node.cellIndex")
    for _ in range(2):
        head.focus()
        page.keyboard.press("Enter")
        values = table.evaluate(
            "(table, column) => Array.from(table.tBodies[0].rows, row => row.cells[column].dataset.sort)",
            column,
        )
        numbers = [float(value) for value in values if value not in (None, "")]
        assert len(numbers) > 5
        assert numbers == sorted(numbers, reverse=head.get_attribute("aria-sort") == "descending")


# The other theme and width change colours, sizes and what scrolls, nothing else that axe looks at.
LOOKS: tuple[dict[str, Any], ...] = ({"color_scheme": "light"}, {"color_scheme": "dark", "viewport": PHONE})
SEEN = ["color-contrast", "link-in-text-block", "scrollable-region-focusable"]


@pytest.mark.parametrize(("look", "rules"), [(LOOKS[0], RULES), (LOOKS[1], SEEN)])
def test_pages_meet_wcag_aa(
    site: Path, browser: Browser, axe: str, look: dict[str, Any], rules: list[str]
) -> None:
    found: list[str] = []
    # axe is put into the page, which the page itself forbids.
    with watched(browser, bypass_csp=True, **look) as tab:
        for path in kinds(site):
            page = tab.open(path)
            tab.draw_charts()
            told: dict[str, Any] = page.evaluate(ASK_AXE, [axe, rules])
            found += [
                f"{path.relative_to(site)} {each['id']}: {node['html'][:150]} {node['failureSummary'][:200]}"
                for each in told["violations"]
                for node in each["nodes"][:1]
            ]
    assert found == []


def test_nothing_is_wider_than_a_phone(site: Path, browser: Browser) -> None:
    wide: list[str] = []
    with watched(browser, viewport=PHONE) as tab:
        for path in kinds(site):
            page = tab.open(path)
            if page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth"):
                wide.append(path.relative_to(site).as_posix())
    assert wide == []
