"""Templates: what is locked, listed and known beforehand; a filled one passes the check in silence."""

from datetime import datetime

import openpyxl
import pytest
from intake_references import workbook

from tiendo.desk.prefill import prefill
from tiendo.desk.template import PREVIOUS, REFERENCE, write_template
from tiendo.desk.wording import left_out_lines
from tiendo.intake.contracts import load_contract, load_contracts
from tiendo.intake.examine import examine
from tiendo.intake.landing import submit
from tiendo.references import load_references
from tiendo.registry.plans import load_registry
from tiendo.settings import SHIPPED_PLANS, Home

REFERENCES = load_references(SHIPPED_PLANS)
REGISTRY = load_registry(SHIPPED_PLANS)
WARD, PROVINCE, AGENCY = "24133", "66", "dl_so_khcn"


def template(tmp_path, form, org=None, period=None):
    """The template, its workbook, its sheet and the row of its headers."""
    file = tmp_path / f"{form}.xlsx"
    contract = load_contract(form)
    write_template(contract, prefill(Home(tmp_path), contract, REFERENCES, REGISTRY, org, period), file)
    book = openpyxl.load_workbook(file)
    page = book.worksheets[0]
    labels = {column.label_vi for column in contract.columns}
    header = next(r for r in range(1, 12) if labels <= {cell.value for cell in page[r]})
    return file, book, page, header


def at(page, form, name):
    """Number of the column with the label of a canonical one."""
    label = load_contract(form).column(name).label_vi
    return next(c.column for row in page.iter_rows(max_row=12) for c in row if c.value == label)


def fill(page, form, row, **values):
    for name, value in values.items():
        page.cell(row, at(page, form, name), value)


def assert_passes_in_silence(file, form, rows):
    examined = examine(file, file.name, REFERENCES)
    assert examined.rejection is None
    assert examined.identified.contract.form == form
    assert examined.converted.problems.to_dicts() == []
    assert examined.converted.good.height == rows
    assert [notice.text() for notice in examined.notices] == []
    assert examined.left_out == ()
    assert examined.identified.ignored_headers == ()


def test_a_wards_coverage_form_has_its_one_row_and_passes_when_filled(tmp_path):
    file, book, page, header = template(tmp_path, "coverage", WARD, "2026-03")
    row = [cell.value for cell in page[header + 1]]
    assert row[:3] == [WARD, "Phường Buôn Ma Thuột", "Tháng 3/2026"]
    assert page.cell(header + 2, 1).value is None
    assert page["A1"].value == "UBND PHƯỜNG BUÔN MA THUỘT"
    fill(page, "coverage", header + 1, population=169_596, population_5g=150_000, area_km2=71.99)
    book.save(file)
    assert_passes_in_silence(file, "coverage", 1)


def test_a_provinces_coverage_form_has_all_communes_in_force_at_the_end_of_the_period(tmp_path):
    file, book, page, header = template(tmp_path, "coverage", PROVINCE, "2026-03")
    codes = [page.cell(row, 1).value for row in range(header + 1, header + 200) if page.cell(row, 1).value]
    assert len(codes) == len(set(codes)) == 102
    for row in range(header + 1, header + 103):
        fill(page, "coverage", row, population=1000)
    book.save(file)
    assert_passes_in_silence(file, "coverage", 102)


def test_an_indicator_form_lists_what_the_place_has_targets_for(tmp_path):
    file, book, page, header = template(tmp_path, "indicator_report", "26041", "2026-03")
    codes = [page.cell(row, 1).value for row in range(header + 1, header + 80) if page.cell(row, 1).value]
    targets = REGISTRY["plan_targets"].filter(plan_id="tran-bien-2026-kh01", not_a_target=False)
    assert sorted(codes) == sorted(targets["indicator_code"].unique())
    for row in range(header + 1, header + 1 + len(codes)):
        fill(page, "indicator_report", row, value=1, basis="Lũy kế từ đầu năm")
    book.save(file)
    assert_passes_in_silence(file, "indicator_report", len(codes))


def test_a_task_form_lists_the_tasks_an_agency_leads_with_their_titles(tmp_path):
    file, book, page, header = template(tmp_path, "task_report", AGENCY, "2026-03")
    led = REGISTRY["task_agencies"].filter(agency_code=AGENCY, role="lead")
    rows = [r for r in range(header + 1, header + 400) if page.cell(r, 2).value]
    assert {(page.cell(r, 1).value, page.cell(r, 2).value) for r in rows} == set(
        led.select("plan_id", "row_ref").iter_rows()
    )
    assert page.cell(header, 3).value == f"{REFERENCE}: Tên nhiệm vụ"
    assert {page.cell(r, 3).value for r in rows} <= set(REGISTRY["plan_tasks"]["title_vi"])
    assert page.cell(rows[0], 3).protection.locked
    for row in rows:
        fill(page, "task_report", row, state="Đang thực hiện", percent_complete=50)
    book.save(file)
    assert_passes_in_silence(file, "task_report", len(rows))


def test_what_is_in_force_of_the_period_before_stands_beside_it_for_reference(tmp_path):
    headers = ["Mã đơn vị", "Kỳ báo cáo", "Dân số", "Đơn vị cung cấp"]
    sent = (
        [WARD, "01/2026", 1, None],
        [WARD, "02/2026", 170_123, None],
        [WARD, "02/2026", 5, "VNPT"],
        [WARD, "03/2026", 9, None],
    )
    old = workbook(tmp_path / "sent.xlsx", headers, *sent)
    submit(Home(tmp_path), old, REFERENCES, received_at=datetime(2026, 4, 5))
    file, book, page, header = template(tmp_path, "coverage", WARD, "2026-03")
    last = len(load_contract("coverage").columns) + 1
    assert page.cell(header, last).value == f"{PREVIOUS}: Dân số"
    assert page.cell(header, last + 1).value is None
    assert (page.cell(header + 1, last).value, page.cell(header + 1, last).protection.locked) == (
        170_123,
        True,
    )
    assert "Tháng 2/2026" in page.cell(header, last).comment.text
    fill(page, "coverage", header + 1, population=171_000)
    book.save(file)
    assert_passes_in_silence(file, "coverage", 1)


def test_a_row_cleared_by_the_clerk_is_no_row_though_its_reference_figures_stay(tmp_path):
    old = workbook(
        tmp_path / "sent.xlsx",
        ["Mã đơn vị", "Kỳ báo cáo", "Dân số"],
        [WARD, "02/2026", 7],
        ["24154", "02/2026", 8],
    )
    submit(Home(tmp_path), old, REFERENCES, received_at=datetime(2026, 4, 5))
    file, book, page, header = template(tmp_path, "coverage", PROVINCE, "2026-03")
    width = len(load_contract("coverage").columns)
    for row in range(header + 1, header + 103):
        if page.cell(row, 1).value == WARD:
            fill(page, "coverage", row, population=1000)
        else:
            for column in range(1, width + 1):
                page.cell(row, column).value = None
    book.save(file)
    assert_passes_in_silence(file, "coverage", 1)


def test_rows_the_clerk_left_as_prefilled_are_not_filled_in(tmp_path):
    file, book, page, header = template(tmp_path, "indicator_report", PROVINCE, "2026-03")
    prefilled = sum(1 for row in range(header + 1, page.max_row + 1) if page.cell(row, 1).value)
    assert prefilled > 100
    assert examine(file, file.name, REFERENCES).rejection.code == "TD-103"
    for row in range(header + 1, header + 41):
        fill(page, "indicator_report", row, value=1, basis="Lũy kế từ đầu năm")
    book.save(file)
    examined = examine(file, file.name, REFERENCES)
    assert examined.converted.problems.to_dicts() == []
    assert examined.converted.good.height == 40
    rest = f"{prefilled - 40} dòng chưa điền: dòng {header + 41}-{header + prefilled}"
    assert list(left_out_lines(examined.left_out, "vi")) == [rest]


def test_headers_are_locked_and_frozen_and_only_input_is_open(tmp_path):
    _, _, page, header = template(tmp_path, "coverage", WARD, "2026-03")
    assert page.protection.sheet and page.protection.password is None
    assert page.freeze_panes == f"C{header + 1}"
    assert all(cell.protection.locked for cell in page[header])
    assert not any(page.cell(header + 1, c).protection.locked for c in range(1, 14))
    required, optional = page.cell(header, 1).fill.fgColor.rgb, page.cell(header, 2).fill.fgColor.rgb
    assert required != optional


def test_cells_have_formats_lists_limits_and_help(tmp_path):
    _, book, page, header = template(tmp_path, "task_report", AGENCY, "2026-03")
    names = {
        at(page, "task_report", column.name): column.name for column in load_contract("task_report").columns
    }
    formats = {name: page.cell(header + 1, column).number_format for column, name in names.items()}
    assert (formats["row_ref"], formats["completed_on"]) == ("@", "dd/mm/yyyy")
    rules = {
        names[openpyxl.utils.range_boundaries(str(rule.sqref))[0]]: rule
        for rule in page.data_validations.dataValidation
    }
    assert set(rules) == set(names.values())
    assert (rules["percent_complete"].formula1, rules["percent_complete"].formula2) == ("0", "100")
    sheet, _, area = rules["state"].formula1.rpartition("!")
    assert sheet.strip("'") == "Danh mục" and book["Danh mục"].sheet_state == "hidden"
    cells = [cell.value for (cell,) in book["Danh mục"][area.replace("$", "")]]
    assert cells == ["Chưa thực hiện", "Đang thực hiện", "Hoàn thành"]
    assert all(rule.prompt and len(rule.prompt) <= 255 for rule in rules.values())


def test_units_to_choose_from_are_those_of_the_province(tmp_path):
    _, book, _, _ = template(tmp_path, "coverage", PROVINCE, "2026-03")
    codes = {row[0] for row in book["Danh mục"].iter_rows(min_row=2, values_only=True)}
    assert {WARD, PROVINCE} <= codes
    assert len(codes) == 103


@pytest.mark.parametrize("form", sorted(load_contracts()))
def test_every_form_has_a_template_that_is_recognised(tmp_path, form):
    period = {"budget_settlement": "2025", "digital_economy": "2026-Q1"}.get(form, "2026-03")
    file, book, page, header = template(tmp_path, form, PROVINCE, period)
    given = {column.name: column.example for column in load_contract(form).columns if column.example}
    if page.cell(header + 1, 1).value is None:
        fill(page, form, header + 1, **given)
    book.save(file)
    examined = examine(file, file.name, REFERENCES, org=PROVINCE, period=period)
    assert examined.identified is not None, examined.rejection
    assert examined.identified.contract.form == form
    assert examined.identified.ignored_headers == ()


@pytest.mark.parametrize("form", sorted(load_contracts()))
def test_the_guide_explains_every_column(tmp_path, form):
    _, book, _, _ = template(tmp_path, form)
    cells = {str(cell).partition(": ")[2] for cell in (c.value for c in book["Hướng dẫn"]["A"])}
    assert {column.label_vi for column in load_contract(form).columns} <= cells


def test_a_form_for_anyone_says_the_unit_of_amounts_and_passes_when_filled(tmp_path):
    file, book, page, header = template(tmp_path, "budget_settlement")
    texts = [cell.value for row in page.iter_rows(max_row=header - 1) for cell in row if cell.value]
    assert "Đơn vị tính: Triệu đồng" in texts
    fill(page, "budget_settlement", header + 1, line_text="Chi thường xuyên", settled=12.5)
    book.save(file)
    examined = examine(file, file.name, REFERENCES, org=PROVINCE, period="2025")
    assert examined.rejection is None
    assert examined.converted.problems.to_dicts() == []
