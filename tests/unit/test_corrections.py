"""Corrections at the door: each must name a cell that is there and the value it holds."""

from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest
from intake_references import (
    COVERAGE,
    DOSSIER,
    REFERENCES,
    coverage_row,
    delimited,
    dossier_row,
    workbook,
)

from tiendo.intake.addresses import split_cell
from tiendo.intake.archive import Archive
from tiendo.intake.contracts import load_contract
from tiendo.intake.corrected import corrected_rows
from tiendo.intake.corrections import as_sent
from tiendo.intake.examine import checked_against, examine
from tiendo.intake.landing import intake, read_ledger, submit
from tiendo.settings import Home

CORRECTION = ["Mã lần nộp", "Trang tính", "Ô", "Giá trị cũ", "Giá trị mới", "Lý do", "Số văn bản", "Ngày ký"]
WITHDRAWAL = ["Mã lần nộp được rút", "Lý do", "Số văn bản", "Ngày ký"]
SHEET = "Biểu 04"
NEVER_RECEIVED = "coverage_2026-03_24133_20260405T081500_0a1b2c3d4e5f"


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def send(home, file, day=5, **options):
    receipt = submit(home, file, REFERENCES, received_at=datetime(2026, 4, day, 8, 15), **options)
    assert receipt.rows_read == receipt.rows_loaded + receipt.rows_unchanged + receipt.rows_quarantined
    return receipt


@pytest.fixture
def corrected(home, tmp_path):
    """A workbook whose second row was quarantined: E3 holds 1000 people, F3 400 of them covered."""
    rows = [coverage_row(), coverage_row("24154", population="nhiều"), coverage_row("24154", "02/2026")]
    return send(
        home, workbook(tmp_path / "a.xlsx", ["BIỂU 04"], COVERAGE, *rows, ["Người lập biểu"], sheet=SHEET)
    )


def row(submission_id, cell="E3", old="1000", new="1139", sheet=SHEET):
    return [submission_id, sheet, cell, old, new, "Ghi nhầm", "45/UBND", "12/04/2026"]


def correct(home, folder, *rows, day=8, name="dc"):
    return send(home, delimited(folder / f"{name}.csv", CORRECTION, *rows), day)


def landed(home, receipt):
    folder = home.landing / receipt.form / receipt.period / receipt.org_code
    return pl.read_parquet(folder / f"{receipt.submission_id}.parquet")


def found(receipt):
    return [(problem["rule_code"], problem["cell"]) for problem in receipt.problems]


def test_a_correction_that_fits_lands_with_unit_and_period_of_what_it_corrects(home, tmp_path, corrected):
    receipt = correct(
        home, tmp_path, row(corrected.submission_id), row(corrected.submission_id, "F3", "400", "450")
    )
    assert (receipt.status, receipt.number, receipt.rows_loaded) == ("landed", "COR", 2)
    assert (receipt.org_code, receipt.period) == (corrected.org_code, corrected.period)


@pytest.mark.parametrize(
    ("cells", "code", "cell", "says"),
    [
        (
            {"submission_id": "coverage_2026-03_24133_20260405T081500_0a1b2c3d4e5f"},
            "TD-223",
            "A2",
            "không có lần nộp",
        ),
        ({"sheet": "Biểu 05"}, "TD-223", "B2", "'Biểu 04'"),
        ({"cell": "E1"}, "TD-223", "C2", "không phải dòng số liệu"),
        ({"cell": "E4", "old": "nhiều"}, "TD-223", "C2", "có lỗi"),
        ({"cell": "E6"}, "TD-223", "C2", "không phải dòng số liệu"),
        ({"cell": "Z3"}, "TD-223", "C2", "E12"),
        ({"cell": "dòng 3"}, "TD-223", "C2", "E12"),
        ({"old": "1001"}, "TD-223", "D2", "'1000'"),
        ({"old": "rất đông"}, "TD-223", "D2", "'1000'"),
        ({"old": ""}, "TD-223", "D2", "'1000'"),
        ({"new": "nhiều"}, "TD-224", "E2", "không phải là số"),
        ({"new": "-5"}, "TD-224", "E2", "giới hạn"),
        ({"new": ""}, "TD-224", "E2", "bắt buộc"),
        ({"new": "399"}, "TD-224", "E2", "400"),
        ({"cell": "A3", "old": "24133", "new": "24154"}, "TD-224", "C2", "nộp lại"),
        ({"cell": "C3", "old": "03/2026", "new": "02/2026"}, "TD-224", "C2", "nộp lại"),
        ({"cell": "D3", "old": "UBND xã", "new": "Viettel"}, "TD-224", "C2", "nộp lại"),
    ],
)
def test_a_correction_that_does_not_fit_is_quarantined_with_the_reason(
    home, tmp_path, corrected, cells, code, cell, says
):
    receipt = correct(home, tmp_path, row(**({"submission_id": corrected.submission_id} | cells)))
    assert found(receipt) == [(code, cell)]
    assert says in receipt.problems[0]["message_vi"]
    assert receipt.rows_quarantined == 1


def test_values_are_read_as_the_corrected_column_reads_them(home, tmp_path, corrected):
    receipt = correct(home, tmp_path, row(corrected.submission_id, old="1.000", new="1 139"))
    assert receipt.rows_loaded == 1


def test_place_and_cell_land_in_one_spelling(home, tmp_path, corrected):
    receipt = correct(home, tmp_path, row(corrected.submission_id, "$e$3", sheet="biểu  04"))
    other = correct(
        home, tmp_path, row(corrected.submission_id, "F3", "400", "500", sheet=""), name="b", day=9
    )
    for sent, cell in ((receipt, "E3"), (other, "F3")):
        assert landed(home, sent).select("corrected_sheet", "cell").rows() == [(SHEET, cell)]


def test_cells_of_a_row_are_corrected_together(home, tmp_path, corrected):
    # Alone neither keeps the part below the whole.
    both = [
        row(corrected.submission_id, new="300"),
        row(corrected.submission_id, "F3", "400", "200"),
    ]
    assert correct(home, tmp_path, *both).rows_loaded == 2
    assert found(correct(home, tmp_path, both[0], name="one", day=4)) == [("TD-223", "A2")]


def test_earlier_corrections_of_a_row_count(home, tmp_path, corrected):
    correct(home, tmp_path, row(corrected.submission_id, new="5000"))
    receipt = correct(home, tmp_path, row(corrected.submission_id, "F3", "400", "4500"), name="b", day=9)
    assert receipt.rows_loaded == 1


def test_the_newest_correction_of_a_cell_takes_the_place_of_the_one_before(home, tmp_path, corrected):
    correct(home, tmp_path, row(corrected.submission_id, new="5000"))
    receipt = correct(home, tmp_path, row(corrected.submission_id, new="6000"), name="b", day=9)
    assert (receipt.rows_loaded, receipt.rows_replaced) == (1, 1)
    # It speaks of the file, not of the correction before.
    wrong = correct(home, tmp_path, row(corrected.submission_id, old="6000", new="7000"), name="c", day=10)
    assert found(wrong) == [("TD-223", "D2")]


def test_a_correction_cannot_precede_what_it_corrects(home, tmp_path, corrected):
    assert found(correct(home, tmp_path, row(corrected.submission_id), day=4)) == [("TD-223", "A2")]


def test_a_correction_of_a_correction_is_a_new_correction(home, tmp_path, corrected):
    first = correct(home, tmp_path, row(corrected.submission_id))
    receipt = correct(
        home, tmp_path, row(first.submission_id, "E2", "1139", "1193", sheet=""), name="b", day=9
    )
    assert found(receipt) == [("TD-223", "A2")]


def test_dossiers_keep_their_secrets_when_corrected(home, tmp_path):
    file = delimited(tmp_path / "a.csv", DOSSIER, dossier_row(1))
    extract = send(home, file, org="66")
    receipt = correct(
        home,
        tmp_path,
        row(extract.submission_id, "A2", "H66.1", "H66.2", sheet=""),
        row(extract.submission_id, "B2", "1.000657", "1.000658", sheet=""),
        row(extract.submission_id, "G2", "Đang xử lý", "Từ chối", sheet=""),
    )
    assert found(receipt) == [("TD-224", "C2"), ("TD-223", "D3")]
    assert "1.000656" not in receipt.problems[1]["message_vi"]


def test_amounts_are_corrected_in_the_unit_of_their_file(home, tmp_path):
    rows = [["Diện tích (ha)"], coverage_row()]
    file = delimited(tmp_path / "a.csv", [*COVERAGE, *rows[0]], [*rows[1], "6125"])
    sent = send(home, file)
    receipt = correct(home, tmp_path, row(sent.submission_id, "G2", "6125", "6250", sheet=""))
    assert found(receipt) == []
    path = (
        home.landing / "correction" / receipt.period / receipt.org_code / f"{receipt.submission_id}.parquet"
    )
    assert pl.read_parquet(path).select("old_value", "new_value").rows() == [("61.250000", "62.500000")]


def test_what_is_not_in_force_cannot_be_corrected(home, tmp_path):
    first = send(
        home, delimited(tmp_path / "a.csv", COVERAGE, coverage_row(), coverage_row("24154")), org="66"
    )
    # Holds the first row as it was and says nothing of the other.
    later = send(home, delimited(tmp_path / "b.csv", COVERAGE, coverage_row()), 6)
    receipt = correct(
        home,
        tmp_path,
        row(first.submission_id, "E2", sheet=""),
        row(first.submission_id, "E3", sheet=""),
        row(later.submission_id, "E2", sheet=""),
    )
    assert found(receipt) == [("TD-223", "A2")]
    assert later.submission_id in receipt.problems[0]["message_vi"]
    # Once the later one is withdrawn the first stands again.
    withdrawn = send(
        home,
        delimited(tmp_path / "rut.csv", WITHDRAWAL, [later.submission_id, "Nhầm", "46/UBND", "12/04/2026"]),
        9,
    )
    assert withdrawn.rows_loaded == 1
    again = [row(first.submission_id, "E2", sheet=""), row(later.submission_id, "E2", sheet="")]
    receipt = correct(home, tmp_path, *again, name="b", day=10)
    assert found(receipt) == [("TD-223", "A3")]
    assert "đã được rút" in receipt.problems[0]["message_vi"]


def test_a_nil_extract_takes_the_place_of_the_one_before(home, tmp_path):
    first = send(home, delimited(tmp_path / "a.csv", DOSSIER, dossier_row(1)))
    nil = send(home, delimited(tmp_path / "b.csv", DOSSIER), 6, org=first.org_code, period=first.period)
    cell = row(first.submission_id, "G2", "Đang xử lý", "Từ chối", sheet="")
    receipt = correct(home, tmp_path, cell)
    assert nil.submission_id in receipt.problems[0]["message_vi"]


def test_correcting_the_latest_copy_of_an_unchanged_row_takes_effect(home, tmp_path):
    send(home, delimited(tmp_path / "a.csv", COVERAGE, coverage_row()))
    later = send(home, delimited(tmp_path / "b.csv", COVERAGE, coverage_row(), coverage_row("24154")), 6)
    correct(home, tmp_path, row(later.submission_id, "E2", sheet=""))
    archive = Archive.of(home, read_ledger(home).iter_rows(named=True))
    frame = corrected_rows(archive, REFERENCES).frames[later.submission_id]
    # Another hash than the first file's row: a version of its own.
    assert frame["population"].to_list() == [1139, 1000]
    assert frame["row_hash"][0] != archive.frame(later.submission_id)["row_hash"][0]


def test_a_later_file_is_compared_with_corrected_rows_and_told_what_it_undoes(home, tmp_path):
    first = send(home, delimited(tmp_path / "a.csv", COVERAGE, coverage_row()))
    correct(home, tmp_path, row(first.submission_id, "E2", sheet=""))
    same = send(home, delimited(tmp_path / "b.csv", COVERAGE, coverage_row(population=1139)), 9)
    assert (same.rows_unchanged, same.notices) == (1, ())
    other = delimited(tmp_path / "c.csv", COVERAGE, coverage_row(), coverage_row("24154"))
    old = send(home, other, 10)
    assert (old.rows_loaded, old.rows_unchanged, old.rows_replaced) == (2, 0, 1)
    # A province sends what a commune sent before, which is told too.
    assert [notice.code for notice in old.notices] == ["TD-121", "TD-125"]
    notice = old.notices[1]
    assert f"{first.submission_id} E2 '1139' → '1000'" in notice.vi
    # What counts now is the file.
    last = send(home, delimited(tmp_path / "d.csv", COVERAGE, coverage_row(population=1001)), 11)
    assert "TD-125" not in [notice.code for notice in last.notices]


def test_the_landed_value_is_shown_as_the_sender_wrote_it(home, tmp_path):
    sent = send(
        home, delimited(tmp_path / "a.csv", [*COVERAGE, "Diện tích (ha)"], [*coverage_row(), "6125,5"])
    )
    shown = correct(home, tmp_path, row(sent.submission_id, "G2", "61", "62", sheet="")).problems[0]
    assert "('6125,5')" in shown["message_vi"]
    # A third decimal alone could mean thousands.
    assert as_sent(Decimal("98.765000"), load_contract("coverage").column("area_km2")) == "98,7650"


def test_landing_everything_anew_gives_the_same_corrections(home, tmp_path, corrected):
    correct(home, tmp_path, row(corrected.submission_id), row(corrected.submission_id, "Z9"))
    before = read_ledger(home)
    home.ledger.unlink()
    intake(home, REFERENCES)
    assert read_ledger(home).equals(before)


def test_a_correction_is_looked_at_again_when_its_source_is_erased(home, tmp_path, corrected):
    correct(home, tmp_path, row(corrected.submission_id))
    raw = home.raw / corrected.raw_path
    raw.rename(raw.with_name(f"{raw.name}.erased"))
    intake(home, REFERENCES)
    ledger = read_ledger(home).select("status", "rows_landed", "rows_quarantined").rows()
    assert ledger == [("erased", 0, 0), ("landed", 0, 1)]


def test_check_can_look_into_a_home_without_submitting(home, tmp_path, corrected):
    file = delimited(tmp_path / "dc.csv", CORRECTION, row(corrected.submission_id, "Z9"))
    examined = examine(file, file.name, REFERENCES)
    assert examined.converted.rows_quarantined == 0
    archive = Archive.of(home, read_ledger(home).iter_rows(named=True))
    assert checked_against(archive, examined, REFERENCES).converted.rows_quarantined == 1


@pytest.mark.parametrize(
    ("address", "place"),
    [("E12", (12, 5)), (" $aa$3 ", (3, 27)), ("A0", None), ("12", None), ("E", None), ("E1:F2", None)],
)
def test_addresses(address, place):
    assert split_cell(address) == place
