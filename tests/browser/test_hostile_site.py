"""A hostile submission goes the whole way, from the door to the pages, and stays text."""

import csv
import subprocess
import sys
from pathlib import Path

import pytest
from browser.watching import watched
from playwright.sync_api import Browser

TIENDO = Path(sys.executable).with_name("tiendo")
SCRIPT = "<script>alert(1)</script>"
HOSTILE = f"{SCRIPT}<img src=x onerror=alert(2)>" + "{{ 7*7 }} =1+1 \N{RIGHT-TO-LEFT OVERRIDE}gnp.exe"
LONG = HOSTILE + "Ă" * 10_000
PLAN, TASK = "dak-lak-2026-kh-bcd", "row-1"
# Name of a file, its header and its rows; most hold one that is loaded and one that is quarantined.
FORMS = {
    "nhiệm vụ <img src=x onerror=alert(3)>.csv": (
        (
            "Kế hoạch", "Mã nhiệm vụ", "Đơn vị báo cáo", "Kỳ báo cáo", "Trạng thái", "Tỷ lệ hoàn thành",
            "Sản phẩm", "Minh chứng", "Khó khăn, vướng mắc",
        ),
        (PLAN, TASK, "dl_so_khcn", "09/2026", "Đang thực hiện", "30", LONG, HOSTILE, LONG),
        (PLAN, TASK, "dl_so_khcn", "09/2026", HOSTILE, "30", LONG, HOSTILE, LONG),
    ),
    "phủ sóng.csv": (
        (
            "Mã đơn vị", "Tên đơn vị", "Kỳ báo cáo", "Đơn vị cung cấp", "Dân số", "Dân số được phủ sóng 5G",
            "Số thôn, buôn",
        ),
        ("24133", LONG, "09/2026", HOSTILE, "1000", "900", "10"),
        ("24163", HOSTILE, "09/2026", HOSTILE, LONG, "900", "10"),
    ),
    "minh chứng.csv": (
        (
            "Mã minh chứng", "Kế hoạch", "Mã nhiệm vụ", "Loại", "Số ký hiệu", "Ngày ký", "Ngày nộp",
            "Tên tệp", "Kết quả thẩm định", "Cấp thẩm định", "Cơ quan thẩm định", "Ngày thẩm định", "Lý do",
        ),
        (
            HOSTILE, PLAN, TASK, HOSTILE, LONG, "01/09/2026", "02/09/2026", HOSTILE, "Không hợp lệ", "tỉnh",
            HOSTILE, "05/09/2026", LONG,
        ),
    ),
}  # fmt: skip


def tiendo(home: Path, *arguments: str) -> None:
    done = subprocess.run(
        [TIENDO, *arguments, "--home", str(home)], capture_output=True, text=True, timeout=300, check=False
    )
    assert done.returncode in (0, 1), done.stdout + done.stderr


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("hostile")
    for name, rows in FORMS.items():
        with (folder / name).open("w", encoding="utf-8-sig", newline="") as file:
            csv.writer(file).writerows(rows)
    tiendo(folder / "home", "submit", *(str(folder / name) for name in FORMS))
    tiendo(folder / "home", "refresh", "--as-of", "2026-10-31")
    return (folder / "home/data/curated/current").resolve() / "site"


def test_what_senders_wrote_is_shown_as_text_on_every_page(site: Path, browser: Browser) -> None:
    """Nothing runs, nothing is asked for, and the script stands there for people to read."""
    read: list[str] = []
    with watched(browser) as tab:
        for path in sorted(site.rglob("*.html")):
            if "onerror=alert" in path.read_text(encoding="utf-8"):
                page = tab.open(path)
                assert page.locator("img").count() == 0, path
                read.append(page.locator("body").text_content() or "")
        assert tab.faults == []
    shown = [text for text in read if SCRIPT in text]
    assert len(shown) >= 3
    assert not any("{{ 7*7 }}" not in text for text in shown)
    assert not any("\N{RIGHT-TO-LEFT OVERRIDE}" in text for text in read)
    assert any("10.0" in text and "ký tự" in text for text in shown), "the length of a cut text is told"


def test_long_texts_do_not_burst_a_page(site: Path, browser: Browser) -> None:
    with watched(browser, viewport={"width": 390, "height": 844}) as tab:
        for path in sorted(site.rglob("*.html")):
            if SCRIPT.replace("<", "&lt;").replace(">", "&gt;") in path.read_text(encoding="utf-8"):
                page = tab.open(path)
                wide = "document.documentElement.scrollWidth > document.documentElement.clientWidth"
                assert not page.evaluate(wide), path
