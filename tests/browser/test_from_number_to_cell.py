"""What an analyst does before the committee: from the overview to one number and on to its source cell."""

import re
from hashlib import sha256
from pathlib import Path

import openpyxl
from browser.watching import watched
from playwright.sync_api import Browser


def digits(value: object) -> str:
    return re.sub(r"\D", "", str(value))


def test_a_number_is_followed_from_the_start_page_to_its_source_cell(
    demo_home: Path, browser: Browser
) -> None:
    site = (demo_home / "data/curated/current").resolve() / "site"
    with watched(browser) as tab:
        page = tab.open(site / "index.html")
        page.get_by_role("link", name="Tỉnh Đắk Lắk").first.click()
        page.get_by_role("link", name="Tất cả chỉ tiêu").first.click()
        page.get_by_role("link", name="Tỷ lệ phủ sóng 5G", exact=True).first.click()
        shown = page.locator("#tree").inner_text()
        assert re.search(r"Thực tế: [\d,]+% = [\d.]+ / [\d.]+", shown), shown[:500]

        page.locator("#tree summary", has_text="đơn vị, kỳ").click()
        leaves = page.locator("#tree li[data-unit]:visible")
        assert leaves.count() > 90
        files = page.locator("ol.files > li")
        for number in range(leaves.count()):
            leaf = leaves.nth(number)
            anchor = leaf.locator("a").get_attribute("href") or ""
            file = files.and_(page.locator(anchor))
            if ".xlsx" in (file.text_content() or ""):
                break
        else:
            raise AssertionError("no commune sent a workbook")
        population = [digits(part.get_attribute("value")) for part in leaf.locator("data").all()[:2]]
        sheet, cells = leaf.locator(".cells").inner_text().split("!")
        hashed = file.locator("code").text_content()
        file.locator("a").first.click()
        assert str(hashed)[:12] in (page.locator("tr:target").text_content() or ""), "the ledger names it too"
        assert tab.faults == []

    source = next(
        path for path in (demo_home / "data/raw/coverage").rglob("*.xlsx") if str(hashed)[:12] in path.name
    )
    assert sha256(source.read_bytes()).hexdigest() == hashed
    workbook = openpyxl.load_workbook(source, data_only=True)
    assert [digits(workbook[sheet][cell].value) for cell in cells.split(" / ")] == population
