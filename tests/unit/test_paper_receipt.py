"""Receipts on paper: everything the sender wrote is escaped, every row is accounted for."""

from datetime import datetime

import pytest
from intake_references import COVERAGE, REFERENCES, coverage_row, workbook

from tiendo.desk.paper_receipt import refuse_target, write_paper_receipts
from tiendo.desk.wording import period_label
from tiendo.intake.landing import submit
from tiendo.messages import TiendoError
from tiendo.settings import Home

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def page(tmp_path):
    headers = [*COVERAGE, "<b>Cột lạ</b>"]
    bad = coverage_row("24154", population=SCRIPT)
    file = workbook(
        tmp_path / "a&b.xlsx", headers, [*coverage_row(), 1], [*bad, 2], ["Tổng cộng", None, None, None, 1000]
    )
    receipt = submit(Home(tmp_path), file, REFERENCES, received_at=datetime(2026, 4, 5, 8, 15))
    target = tmp_path / "receipt.html"
    refused = [TiendoError("TD-101", f"Không đọc được {SCRIPT}.", "Cannot read.")]
    write_paper_receipts([receipt], refused, target)
    return receipt, target.read_text(encoding="utf-8")


def test_nothing_of_the_sender_is_markup(page):
    _, html = page
    assert "<script" not in html
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in html
    assert "<b>Cột lạ" not in html


def test_it_names_file_hash_counts_and_problems(page):
    receipt, html = page
    assert "BIÊN NHẬN SỐ LIỆU" in html
    for text in (receipt.submission_id, receipt.sha256, "Tháng 3/2026", "08:15:00 ngày 05/04/2026", "TD-202"):
        assert text in html
    assert "<td>2</td><td>1</td><td>0</td><td>0</td><td>1</td>" in html


def test_rows_passed_over_are_listed(page):
    _, html = page
    assert "Tổng cộng" in html


def test_only_html_is_written(tmp_path):
    with pytest.raises(TiendoError, match="TD-709"):
        refuse_target(tmp_path / "receipt.pdf")


@pytest.mark.parametrize(
    ("period", "label"),
    [
        ("2026-03", "Tháng 3/2026"),
        ("2026-Q4", "Quý IV/2026"),
        ("2026-H2", "6 tháng cuối năm 2026"),
        ("2026", "Năm 2026"),
        ("unknown", "unknown"),
    ],
)
def test_periods_are_written_as_forms_print_them(period, label):
    assert period_label(period) == label
