import re
import shutil
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_references import (
    CATALOGUE,
    COVERAGE,
    DOSSIER,
    INDICATOR,
    REFERENCES,
    coverage_row,
    delimited,
    dossier_row,
    workbook,
)

from tiendo.intake import ledger as ledger_module
from tiendo.intake.contracts import canonical_schema, load_contract
from tiendo.intake.landing import QUARANTINE_SCHEMA, intake, read_ledger, submit
from tiendo.intake.readers import read_source
from tiendo.messages import TiendoError
from tiendo.references import load_references
from tiendo.settings import PROJECT, SHIPPED_PLANS, Home, now


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def send(home, file, day=5, **options):
    options.setdefault("received_at", datetime(2026, 4, day, 8, 15))
    receipt = submit(home, file, REFERENCES, **options)
    assert receipt.rows_read == (
        receipt.rows_loaded + receipt.rows_unchanged + receipt.rows_superseded + receipt.rows_quarantined
    )
    return receipt


def landed(home, receipt):
    return pl.read_parquet(
        home.landing / receipt.form / receipt.period / receipt.org_code / f"{receipt.submission_id}.parquet"
    )


def codes(receipt):
    return [problem["rule_code"] for problem in receipt.problems]


def files_below(folder):
    return sorted(p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file())


def test_a_workbook_lands_with_true_rows_and_exact_types(home, tmp_path):
    file = workbook(
        tmp_path / "Biểu 04 xã.xlsx",
        COVERAGE,
        coverage_row(population="1.139"),
        [],
        coverage_row("24154"),
        above=2,
    )
    receipt = send(home, file)
    assert (receipt.status, receipt.number, receipt.org_code, receipt.period) == (
        "landed",
        "F04",
        "66",
        "2026-03",
    )
    assert (
        receipt.raw_path
        == f"coverage/2026-03/66/2026-04-05T081500+0700__{receipt.sha256[:12]}__Biểu 04 xã.xlsx"
    )
    assert receipt.submission_id == f"coverage_2026-03_66_20260405T081500_{receipt.sha256[:12]}"
    assert (home.raw / receipt.raw_path).read_bytes() == file.read_bytes()
    frame = landed(home, receipt)
    assert dict(frame.schema) == canonical_schema(load_contract("coverage"))
    assert frame["row_number"].to_list() == [4, 6]
    assert frame["population"].to_list() == [1139, 1000]
    assert frame["operator"].to_list() == ["all_operators"] * 2
    assert frame["received_at"].to_list() == [datetime(2026, 4, 5, 1, 15)] * 2
    assert frame["sheet"].to_list() == ["Biểu 04"] * 2
    row = read_ledger(home).row(0, named=True)
    assert (row["rows_read"], row["rows_landed"], row["rows_quarantined"], row["status"]) == (
        2,
        2,
        0,
        "landed",
    )
    assert row["received_at"] == datetime(2026, 4, 5, 1, 15)


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_text_files_count_records_as_excel_does(home, tmp_path, separator, encoding):
    file = delimited(
        tmp_path / "a.csv",
        COVERAGE,
        coverage_row(sender="UBND\nxã"),
        [""] * 6,
        coverage_row("24154", sender="Viettel; VNPT, khác"),
        separator=separator,
        encoding=encoding,
    )
    frame = landed(home, send(home, file))
    assert frame["row_number"].to_list() == [2, 4]
    assert frame["sender"].to_list() == ["UBND\nxã", "Viettel; VNPT, khác"]
    assert frame["sheet"].to_list() == [None, None]


def test_parquet_keeps_its_types(home, tmp_path):
    file = tmp_path / "a.parquet"
    pl.DataFrame(
        {
            "org_code": ["24133", "24154"],
            "period": ["2026-03", "2026-03"],
            "population": [1000, 2000],
            "area_km2": [Decimal("1.139"), None],
            "sender": ["VNPT", "tập đoàn bưu chính viễn thông việt nam"],
        }
    ).write_parquet(file)
    frame = landed(home, send(home, file))
    assert frame["area_km2"].to_list() == [Decimal("1.139000"), None]
    assert frame["operator"].to_list() == ["vnpt", "vnpt"]
    assert frame["row_number"].to_list() == [1, 2]


def test_the_same_rows_hash_the_same_in_any_format(home, tmp_path):
    rows = [COVERAGE, coverage_row(), coverage_row("24154", population=2000)]
    one = landed(home, send(home, workbook(tmp_path / "a.xlsx", *rows)))
    other = landed(home, send(home, delimited(tmp_path / "b.csv", *rows), day=6))
    assert one["row_hash"].to_list() == other["row_hash"].to_list()


def test_a_bad_row_is_quarantined_once_with_all_its_errors(home, tmp_path):
    file = workbook(
        tmp_path / "a.xlsx",
        COVERAGE,
        coverage_row(),
        coverage_row("99999", period="13/2026", population="nhiều", covered=3.5),
        coverage_row("24154", population=100, covered=200),
        coverage_row("24154", population=None),
    )
    receipt = send(home, file)
    assert (receipt.rows_read, receipt.rows_loaded, receipt.rows_quarantined) == (4, 1, 3)
    assert sorted(codes(receipt)) == ["TD-201", "TD-202", "TD-203", "TD-205", "TD-208", "TD-213"]
    quarantined = pl.read_parquet(home.landing / "quarantined_rows" / "**" / "*.parquet")
    assert dict(quarantined.schema) == dict(QUARANTINE_SCHEMA)
    assert quarantined["row_number"].n_unique() == 3
    text = quarantined.filter(pl.col("rule_code") == "TD-202").row(0, named=True)
    assert (text["row_number"], text["column_name"], text["column_label"], text["value"]) == (
        3,
        "population",
        "Dân số",
        "nhiều",
    )


@pytest.mark.parametrize(
    ("org", "period", "said"),
    [
        ("24133", "05/2025", "từ 01/07/2025"),
        ("24121", "03/2026", "đến 30/06/2025"),
        ("24121", "05/2025", None),
    ],
)
def test_a_unit_code_counts_in_its_own_time(home, tmp_path, org, period, said):
    receipt = send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(org, period)))
    assert codes(receipt) == (["TD-208"] if said else [])
    assert said is None or said in receipt.problems[0]["message_vi"]


def test_second_rows_of_a_key_are_quarantined(home, tmp_path):
    rows = [coverage_row(), coverage_row(), coverage_row("24154"), coverage_row()]
    receipt = send(home, workbook(tmp_path / "a.xlsx", COVERAGE, *rows))
    assert (receipt.rows_loaded, codes(receipt)) == (2, ["TD-210", "TD-210"])
    assert [problem["row_number"] for problem in receipt.problems] == [3, 5]
    assert all("dòng 2 và nội dung giống hệt" in problem["message_vi"] for problem in receipt.problems)


def test_of_rows_of_a_key_that_differ_none_lands(home, tmp_path):
    rows = [coverage_row(), coverage_row("24154"), coverage_row(), coverage_row(population=5, covered=1)]
    receipt = send(home, workbook(tmp_path / "a.xlsx", COVERAGE, *rows))
    assert landed(home, receipt)["org_code"].to_list() == ["24154"]
    assert codes(receipt) == ["TD-210"] * 3
    others = [re.findall(r"dòng (\d+) nhưng nội dung khác", p["message_vi"]) for p in receipt.problems]
    assert others == [["4"], ["2"], ["2"]]


def test_indicator_rules(home, tmp_path):
    file = workbook(
        tmp_path / "a.xlsx",
        INDICATOR,
        ["infra_5g_coverage", "66", "03/2026", None, None, None, 55],
        ["startup_new", "66", "03/2026", None, None, None, 12],
        ["startup_new", "66", "03/2026", "Trong kỳ", None, None, None],
        ["nothing", "66", "03/2026", "Trong kỳ", 1, 2, None],
        ["infra_5g_coverage", "66", "Q1/2026", None, None, None, "1.139"],
        sheet="F01",
    )
    receipt = send(home, file)
    assert codes(receipt) == ["TD-212", "TD-214", "TD-209", "TD-218"]
    assert (receipt.rows_loaded, receipt.period) == (1, "2026-03")


def test_an_unread_cell_is_not_reported_as_missing_too(home, tmp_path):
    file = workbook(
        tmp_path / "a.xlsx",
        INDICATOR,
        ["startup_new", "66", "03/2026", "thế nào", None, None, 12],
        ["infra_5g_coverage", "66", "03/2026", None, "?", 2, None],
    )
    assert codes(send(home, file)) == ["TD-206", "TD-202"]


@pytest.mark.parametrize(
    ("period", "cutoff", "found"),
    [
        ("03/2026", "31/03/2026", []),
        ("03/2026", "01/03/2026", []),
        ("03/2026", "31/12/2099", ["TD-220"]),
        ("03/2026", "28/02/2026", ["TD-220"]),
        ("Quý I/2026", "01/01/2026", []),
        ("6 tháng cuối năm 2026", "30/06/2026", ["TD-220"]),
        ("6 tháng cuối năm 2026", "01/07/2026", []),
        ("2026", "31/12/2026", []),
        ("2026", "01/01/2027", ["TD-220"]),
        ("2026", "", []),
        ("03/2026", "31/02/2026", ["TD-204"]),
    ],
)
def test_figures_count_up_to_a_day_of_their_period(home, tmp_path, period, cutoff, found):
    row = ["infra_5g_coverage", "66", period, "", "", "", 55, cutoff]
    receipt = send(home, delimited(tmp_path / "a.csv", [*INDICATOR, "Số liệu đến ngày"], row))
    assert codes(receipt) == found
    assert "TD-220" not in found or cutoff in receipt.problems[0]["message_vi"]


@pytest.mark.parametrize(
    ("indicator", "unit", "found"),
    [
        ("infra_5g_coverage", "%", []),
        ("infra_5g_coverage", "% GRDP", []),
        ("infra_5g_coverage", "Phần trăm", []),
        ("infra_5g_coverage", "", []),
        ("infra_5g_coverage", "hộ", ["TD-219"]),
        ("startup_new", "doanh nghiệp", []),
        ("startup_new", "", []),
        ("startup_new", "%", ["TD-219"]),
    ],
)
def test_a_unit_may_not_contradict_the_indicator(home, tmp_path, indicator, unit, found):
    row = [indicator, "66", "03/2026", "Trong kỳ", "", "", 55, unit]
    receipt = send(home, delimited(tmp_path / "a.csv", [*INDICATOR, "Đơn vị tính"], row))
    assert codes(receipt) == found


def test_the_committed_figures_land_whole(home):
    references = load_references(SHIPPED_PLANS)
    shutil.copytree(PROJECT / "data/raw/indicator_report", home.raw / "indicator_report")
    summary = intake(home, references)
    assert (summary.rows_read, summary.rows_landed, summary.problems) == (23, 23, [])


def test_dossier_rules(home, tmp_path):
    file = delimited(
        tmp_path / "a.csv",
        DOSSIER,
        dossier_row(1),
        dossier_row(2, completed="05/03/2026", state="Đã trả kết quả"),
        dossier_row(3, completed="04/03/2026", state="Đã trả kết quả"),
        dossier_row(4, received="05/04/2026 08:15"),
        dossier_row(5, org="24769"),
        dossier_row(6, org="dl_so_khcn"),
        dossier_row(1),
    )
    receipt = send(home, file, org="66")
    assert (receipt.period, receipt.org_code) == ("2026-03", "66")
    assert codes(receipt) == ["TD-216", "TD-215", "TD-215", "TD-210"]
    frame = landed(home, receipt)
    assert frame["received_at"].to_list() == [datetime(2026, 3, 5, 8, 15)] * 3
    assert frame["received_month"].to_list() == ["2026-03"] * 3


def test_the_quarantine_of_dossiers_names_no_case_and_no_person(home, tmp_path):
    person = "Nguyễn Văn Thật, 12 phố Hàng Bông"
    file = delimited(
        tmp_path / "a.csv",
        DOSSIER,
        dossier_row(1),
        dossier_row(1, state="Từ chối"),
        dossier_row(2, org=person),
        dossier_row(3, received=person),
        dossier_row(4, state=person),
        dossier_row(5, received="31/02/2026", completed="04/03/2026"),
        dossier_row(6),
    )
    receipt = send(home, file, org="66", period="2026-03")
    found = [(problem["rule_code"], problem["value"]) for problem in receipt.problems]
    assert found == [
        ("TD-210", None),
        ("TD-210", None),
        ("TD-208", None),
        ("TD-204", None),
        ("TD-206", person[:20]),
        ("TD-204", "31/02/2026"),
    ]
    stored = pl.read_parquet(home.landing / "quarantined_rows" / "**" / "*.parquet")
    text = str(stored.rows())
    assert "H66." not in text
    assert person[:21] not in text
    assert "'31/02/2026'" in stored["message_vi"][-1]
    assert "'…'" in stored["message_vi"][2]


def test_an_extract_of_two_provinces_must_say_whose_it_is(home, tmp_path):
    file = delimited(tmp_path / "a.csv", DOSSIER, dossier_row(1), dossier_row(2, org="24769"))
    with pytest.raises(TiendoError) as caught:
        send(home, file)
    assert (caught.value.code, caught.value.exit_code) == ("TD-108", 2)
    assert not home.raw.exists() or files_below(home.raw) == []


def test_ticked_columns_mean_no_where_they_are_empty(home, tmp_path):
    def row(ticks):
        return ["1.0", "Tên", "Xã", *ticks, "Toàn trình", "01/07/2025", None]

    ticked = send(
        home,
        workbook(tmp_path / "a.xlsx", CATALOGUE, row(["x", "Có"]), ["2.0", *row([None, "Không"])[1:]]),
        org="66",
        period="Q1/2026",
    )
    assert ticked.period == "2026-Q1"
    assert landed(home, ticked)["online_eligible"].to_list() == [True, False]


def test_a_catalogue_must_be_told_its_unit(home, tmp_path):
    row = ["1.0", "Tên", "Xã", "x", "x", "Toàn trình", "01/07/2025", "01/06/2025"]
    file = workbook(tmp_path / "a.xlsx", CATALOGUE, row)
    with pytest.raises(TiendoError) as caught:
        send(home, file)
    assert caught.value.code == "TD-108"
    assert codes(send(home, file, org="66", period="2026-03")) == ["TD-217"]


def test_an_extract_without_rows_is_a_nil_report(home, tmp_path):
    receipt = send(home, delimited(tmp_path / "a.csv", DOSSIER), org="24133", period="03/2026")
    assert (receipt.status, receipt.rows_read) == ("landed", 0)
    assert landed(home, receipt).height == 0
    assert dict(landed(home, receipt).schema) == canonical_schema(load_contract("dossier"))


@pytest.mark.parametrize(
    ("name", "content", "code"),
    [
        ("empty.xlsx", b"", "TD-103"),
        ("torn.xlsx", b"PK\x03\x04 torn", "TD-101"),
        ("text.xlsx", b"hello", "TD-101"),
        ("~$lock.xlsx", b"\x05admin" + b"\x00" * 159, "TD-101"),
        ("torn.parquet", b"PAR1 torn PAR1", "TD-101"),
        ("ragged.csv", "Mã đơn vị,Dân số\n66,1,2,3\n".encode(), "TD-101"),
        ("quote.csv", 'Mã đơn vị,Dân số\n"66,1\n'.encode(), "TD-101"),
        ("blank.csv", b"\n \n", "TD-103"),
        ("old.csv", "Mã đơn vị,Dân số\n".encode("cp1258", "replace") + b"\xd5\xff", "TD-102"),
        ("old.xls", b"\xd0\xcf\x11\xe0" + b"\x00" * 600, "TD-101"),
        ("paper.pdf", b"%PDF-1.7", "TD-109"),
        ("other.csv", b"a,b\n1,2\n", "TD-102"),
        ("close.csv", "Mã đơn vị,Dân số\n66,1\n".encode(), "TD-102"),
        ("header.csv", (",".join(COVERAGE) + "\n").encode(), "TD-103"),
        ("twice.csv", "Mã đơn vị,Dân số,Dân số,Kỳ\n66,1,1,2026\n".encode(), "TD-104"),
    ],
)
def test_a_file_that_cannot_be_taken_is_kept_and_said(home, tmp_path, name, content, code):
    file = tmp_path / name
    file.write_bytes(content)
    receipt = send(home, file)
    assert (receipt.status, receipt.rejection.code) == ("rejected", code)
    assert receipt.rejection.vi
    assert (home.raw / receipt.raw_path).read_bytes() == content
    form = "coverage" if code == "TD-103" and name == "header.csv" else "unidentified"
    assert receipt.raw_path.startswith(f"{form}/unknown/unknown/")
    row = read_ledger(home).row(0, named=True)
    assert (row["status"], row["rejection_code"]) == ("rejected", code)
    again = send(home, file, day=6)
    assert (again.status, again.submission_id) == ("rejected", receipt.submission_id)
    assert read_ledger(home).height == 1
    home.ledger.unlink()
    intake(home, REFERENCES)
    assert (
        read_ledger(home)
        .drop("rejection_vi", "rejection_en")
        .equals(pl.DataFrame([row], schema=read_ledger(home).schema).drop("rejection_vi", "rejection_en"))
    )


def test_the_closest_form_and_what_is_missing_are_named(home, tmp_path):
    file = delimited(tmp_path / "a.csv", ["Mã đơn vị", "Dân số", "Dân số phủ sóng 5G"], ["66", 1, 1])
    rejection = send(home, file).rejection
    assert "Biểu 04" in rejection.vi
    assert "'Kỳ báo cáo'" in rejection.vi


@pytest.mark.parametrize(
    ("headers", "row", "code"),
    [
        ([*COVERAGE, "Họ và tên"], [*coverage_row(), "A"], "TD-106"),
        (["x", "Số điện thoại"], ["1", "2"], "TD-106"),
        (COVERAGE, coverage_row(sender="TỐI MẬT"), "TD-107"),
        (["MẬT"], ["1"], "TD-107"),
    ],
)
@pytest.mark.parametrize("make", [workbook, delimited])
def test_forbidden_files_are_refused_and_not_stored(home, tmp_path, make, headers, row, code):
    file = make(tmp_path / ("a.xlsx" if make is workbook else "a.csv"), headers, row)
    with pytest.raises(TiendoError) as caught:
        send(home, file)
    assert caught.value.code == code
    assert files_below(tmp_path) == [file.name]


@pytest.mark.parametrize(
    "above",
    [
        ["UBND XÃ EA KAO", "", "MẬT"],
        ["Độ mật: Tối mật; bản số 2"],
        ["TÀI LIỆU MẬT"],
        ["BÁO CÁO (TUYỆT MẬT)"],
        ["UBND TỈNH\nĐỘ MẬT: MẬT"],
    ],
)
def test_a_marking_above_the_table_is_seen_and_the_document_not_named(home, tmp_path, above):
    file = workbook(tmp_path / "KH 05 quốc phòng.xlsx", above, [], COVERAGE, coverage_row())
    with pytest.raises(TiendoError) as caught:
        send(home, file)
    assert caught.value.code == "TD-107"
    assert "docs/discretion.md" in caught.value.way_out_vi
    assert "quốc phòng" not in caught.value.text("vi") + caught.value.text("en")
    assert files_below(tmp_path) == [file.name]


@pytest.mark.parametrize("where", ["name", "other sheet", "hidden sheet", "below"])
def test_a_marking_anywhere_in_a_workbook_is_seen(home, tmp_path, where):
    import openpyxl

    rows = [COVERAGE, coverage_row()] + ([["Mật"]] if where == "below" else [])
    file = workbook(tmp_path / "a.xlsx", *rows, sheet="MẬT" if where == "name" else "Biểu 04")
    book = openpyxl.load_workbook(file)
    if where.endswith("sheet"):
        page = book.create_sheet("Bìa")
        page["C5"] = "TỐI MẬT"
        page.sheet_state = "hidden" if where == "hidden sheet" else "visible"
        book.save(file)
    with pytest.raises(TiendoError) as caught:
        send(home, file)
    assert caught.value.code == "TD-107"


@pytest.mark.parametrize(
    "above",
    [
        ["Quy chế bảo vệ bí mật nhà nước"],
        ["Độ mật: Không"],
        ["Độ mật: ……"],
        ["Mật độ dân số: 120 người/km2"],
        ["BẢO MẬT THÔNG TIN"],
    ],
)
def test_lines_that_only_speak_of_secrets_are_no_marking(home, tmp_path, above):
    assert send(home, workbook(tmp_path / "a.xlsx", above, COVERAGE, coverage_row())).status == "landed"


def test_signature_lines_are_no_personal_data(home, tmp_path):
    below = [[], ["Người lập biểu"], ["(Ký, ghi rõ họ tên)"], ["Nguyễn Văn A"]]
    assert send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(), *below)).rows_loaded == 1


@pytest.mark.parametrize(
    ("note", "is_refused"),
    [
        ("anh A, CCCD số: 066099001234", True),
        ("căn cước công dân 066099001234", True),
        ("mã số 066099001234", False),
        ("CCCD: đã cấp 123 thẻ", False),
    ],
)
@pytest.mark.parametrize("make", [workbook, delimited])
def test_card_numbers_in_notes_are_seen(home, tmp_path, make, note, is_refused):
    row = ["infra_5g_coverage", "66", "03/2026", None, None, None, 55, note]
    file = make(tmp_path / ("a.xlsx" if make is workbook else "a.csv"), [*INDICATOR, "Ghi chú"], row)
    if not is_refused:
        assert send(home, file).rows_loaded == 1
        return
    with pytest.raises(TiendoError) as caught:
        send(home, file)
    assert (caught.value.code, caught.value.place.row, caught.value.place.column) == ("TD-106", 2, "Ghi chú")
    assert "066099001234" not in caught.value.text("vi")


def test_personal_headers_below_title_lines_are_seen(home, tmp_path):
    file = workbook(
        tmp_path / "a.xlsx", ["BÁO CÁO"], ["Năm 2026"], ["STT", "Họ và tên", "CCCD"], [1, "A", "2"]
    )
    with pytest.raises(TiendoError) as caught:
        send(home, file)
    assert caught.value.code == "TD-106"


@pytest.mark.parametrize(
    ("options", "code"),
    [
        ({"org": "99"}, "TD-208"),
        ({"org": "../66"}, "TD-208"),
        ({"period": "bao giờ"}, "TD-205"),
        ({"form": "biểu lạ"}, "TD-102"),
        ({"form": "F99"}, "TD-102"),
        ({"received_at": datetime(1999, 12, 31, 23, 59)}, "TD-705"),
        ({"received_at": now() + timedelta(days=2)}, "TD-705"),
        ({"received_at": datetime.max}, "TD-705"),
    ],
)
def test_wrong_options_are_wrong_usage(home, tmp_path, options, code):
    with pytest.raises(TiendoError) as caught:
        send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row()), **options)
    assert (caught.value.code, caught.value.exit_code) == (code, 2)
    assert not home.root.exists()


@pytest.mark.parametrize("form", ["F04", "f04", "coverage"])
def test_a_form_is_called_by_its_number_or_its_name(home, tmp_path, form):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row())
    assert send(home, file, form=form).raw_path.startswith("coverage/")


def test_a_rejected_file_of_a_numbered_form_is_kept_under_its_name(home, tmp_path):
    receipt = send(home, delimited(tmp_path / "a.csv", ["a"], ["1"]), form="F04")
    assert (receipt.status, receipt.form) == ("rejected", "coverage")


def test_a_synthetic_home_takes_files_of_the_demo_alone(home, tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row())
    home.raw.mkdir(parents=True)
    home.synthetic_marker.write_text("")
    with pytest.raises(TiendoError) as caught:
        send(home, file)
    assert (caught.value.code, caught.value.exit_code) == ("TD-704", 2)
    assert files_below(home.root) == ["data/raw/SYNTHETIC.md"]
    ahead = now() + timedelta(days=400)
    assert send(home, file, is_demo=True, received_at=ahead).status == "landed"


def test_a_home_may_have_any_name(tmp_path):
    home = Home(tmp_path / "nhà [a-c]*")
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row())
    send(home, file)
    assert read_ledger(home).height == 1
    receipt = send(home, workbook(tmp_path / "b.xlsx", COVERAGE, coverage_row(population=2000)), day=6)
    assert receipt.rows_replaced == 1
    source = tmp_path / "biểu [1].parquet"
    pl.DataFrame({"org_code": ["24133"], "period": ["2026-03"], "population": [3000]}).write_parquet(source)
    assert send(home, source, day=7).rows_loaded == 1


def test_a_missing_file_is_wrong_usage(home, tmp_path):
    with pytest.raises(TiendoError) as caught:
        send(home, tmp_path / "nothing.xlsx")
    assert caught.value.exit_code == 2


def test_the_same_file_again_is_unchanged(home, tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(), coverage_row("24154", population="?"))
    first = send(home, file)
    before = files_below(home.root)
    again = send(home, file, day=6)
    assert (again.status, again.submission_id) == ("unchanged", first.submission_id)
    assert (again.rows_read, again.rows_unchanged, again.rows_quarantined) == (2, 1, 1)
    assert files_below(home.root) == before


def test_an_extract_replaces_what_was_known_of_its_unit_and_month(home, tmp_path):
    first = delimited(tmp_path / "a.csv", DOSSIER, dossier_row(1), dossier_row(2), dossier_row(3, "24154"))
    second = delimited(tmp_path / "b.csv", DOSSIER, dossier_row(1), dossier_row(2, state="Từ chối"))
    send(home, first, day=5, org="66")
    receipt = send(home, second, day=6)
    assert (receipt.org_code, receipt.rows_loaded, receipt.rows_unchanged, receipt.rows_replaced) == (
        "24133",
        1,
        1,
        1,
    )
    # A nil report speaks for its own unit alone, not for the units below it.
    nil = send(home, delimited(tmp_path / "c.csv", DOSSIER), day=7, org="66", period="2026-03")
    assert nil.rows_replaced == 0
    nil = send(home, delimited(tmp_path / "c.csv", DOSSIER), day=7, org="24133", period="2026-03")
    assert nil.rows_replaced == 2
    late = send(home, delimited(tmp_path / "d.csv", DOSSIER, dossier_row(9)), day=6, org="24133")
    assert late.rows_superseded == 1


def test_a_version_that_another_file_replaced_is_new_when_sent_again(home, tmp_path):
    own = delimited(tmp_path / "own.csv", DOSSIER, dossier_row(1))
    bundle = delimited(
        tmp_path / "bundle.csv", DOSSIER, dossier_row(1, state="Từ chối"), dossier_row(3, "24154")
    )
    send(home, own, day=5)
    assert send(home, own, day=6).status == "unchanged"
    send(home, bundle, day=7, org="66")
    again = send(home, own, day=8)
    assert (again.status, again.rows_loaded, again.rows_replaced) == ("landed", 1, 1)


def test_a_catalogue_is_replaced_whole(home, tmp_path):
    def row(code, name="Tên"):
        return [code, name, "Xã", "x", "x", "Toàn trình", "01/07/2025", None]

    where = {"org": "66", "period": "2026-03"}
    send(home, workbook(tmp_path / "a.xlsx", CATALOGUE, row("1"), row("2"), row("3")), day=5, **where)
    receipt = send(home, workbook(tmp_path / "b.xlsx", CATALOGUE, row("1"), row("2", "Khác")), day=6, **where)
    assert (receipt.rows_unchanged, receipt.rows_loaded, receipt.rows_replaced) == (1, 1, 2)


def test_all_sheets_of_a_form_land_together(home, tmp_path):
    import openpyxl

    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(), sheet="Xã 1")
    book = openpyxl.load_workbook(file)
    for title, rows in (("Xã 2", [COVERAGE, coverage_row("24154")]), ("Ghi chú", [["Lưu ý"], ["a"]])):
        page = book.create_sheet(title)
        for row in rows:
            page.append(row)
    book.save(file)
    receipt = send(home, file)
    assert landed(home, receipt)["sheet"].to_list() == ["Xã 1", "Xã 2"]
    assert receipt.ignored_sheets == ("Ghi chú",)
    assert read_ledger(home)["sheet"].to_list() == ["Xã 1; Xã 2"]


def test_rebuilding_from_raw_gives_the_same_files_byte_for_byte(home, tmp_path):
    send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row(), coverage_row("24154", population="?")))
    send(
        home,
        delimited(tmp_path / "b.csv", DOSSIER, dossier_row(1)),
        received_at=datetime(2026, 4, 6, 1, 2, 3, 456),
    )
    send(home, delimited(tmp_path / "c.csv", ["a"], ["1"]), day=7)
    before = {name: (home.warehouse / name).read_bytes() for name in files_below(home.warehouse)}
    for name in before:
        if name != "pseudonym.key":  # Under another key the same rows have other pseudonyms.
            (home.warehouse / name).unlink()
    summary = intake(home, REFERENCES)
    assert (summary.landed, summary.rejected, summary.known) == (2, 1, 0)
    assert {name: (home.warehouse / name).read_bytes() for name in files_below(home.warehouse)} == before


def test_intake_does_nothing_twice(home, tmp_path):
    send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row()))
    written = home.ledger.stat().st_mtime_ns
    summary = intake(home, REFERENCES)
    assert (summary.known, summary.is_changed, summary.problems) == (1, False, [])
    assert home.ledger.stat().st_mtime_ns == written


def test_other_code_lands_everything_anew(home, tmp_path, monkeypatch):
    receipt = send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row()))
    monkeypatch.setattr(ledger_module, "_code_fingerprint", lambda: "other")
    calls = []
    summary = intake(home, REFERENCES, lambda done, total: calls.append((done, total)))
    assert (summary.submission_ids, calls) == ([receipt.submission_id], [(1, 1)])


def test_a_changed_raw_file_is_reported_and_its_rows_stay(home, tmp_path):
    receipt = send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row()))
    before = read_ledger(home)
    raw = home.raw / receipt.raw_path
    content = raw.read_bytes()
    raw.write_bytes(content[:-1] + b"!")
    for _ in range(2):
        assert [problem.code for problem in intake(home, REFERENCES).problems] == ["TD-404"]
        assert read_ledger(home).drop("intake_fingerprint").equals(before.drop("intake_fingerprint"))
    raw.write_bytes(content)
    assert intake(home, REFERENCES).problems == []
    assert read_ledger(home).equals(before)


def test_a_changed_raw_file_that_has_to_be_landed_is_rejected(home, tmp_path):
    receipt = send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row()))
    raw = home.raw / receipt.raw_path
    content = raw.read_bytes()
    raw.write_bytes(content[:-1] + b"!")
    home.ledger.unlink()
    summary = intake(home, REFERENCES)
    assert [problem.code for problem in summary.problems] == ["TD-404"]
    assert read_ledger(home)["status"].to_list() == ["rejected"]
    assert list(files_below(home.landing)) == []
    raw.write_bytes(content)
    assert intake(home, REFERENCES).landed == 1


def test_a_removed_raw_file_is_reported_and_its_rows_stay(home, tmp_path):
    receipt = send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row()))
    (home.raw / receipt.raw_path).unlink()
    assert [problem.code for problem in intake(home, REFERENCES).problems] == ["TD-403"]
    assert read_ledger(home).height == 1


def test_misplaced_files_are_reported_and_left_out(home, tmp_path):
    send(home, workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row()))
    for name in ("coverage/a.xlsx", "coverage/2026-03/66/a.xlsx", "lạ/2026-03/66/b.xlsx"):
        (home.raw / name).parent.mkdir(parents=True, exist_ok=True)
        (home.raw / name).write_bytes(b"x")
    for name in (
        "SYNTHETIC.md",
        "README.md",
        "plans/plans.csv",
        "plans/README.md",
        "coverage/2026-03/66/.abc.tmp",
    ):
        (home.raw / name).parent.mkdir(parents=True, exist_ok=True)
        (home.raw / name).write_bytes(b"x")
    summary = intake(home, REFERENCES)
    assert [problem.code for problem in summary.problems] == ["TD-112"] * 3
    assert read_ledger(home).height == 1
    assert read_ledger(home)["is_synthetic"].to_list() == [True]


def test_forbidden_files_put_under_raw_are_not_even_entered(home, tmp_path):
    file = workbook(tmp_path / "a.xlsx", [*COVERAGE, "CCCD"], [*coverage_row(), "1"])
    import hashlib

    sha12 = hashlib.sha256(file.read_bytes()).hexdigest()[:12]
    target = home.raw / "coverage" / "2026-03" / "66" / f"2026-04-05T081500+0700__{sha12}__a.xlsx"
    target.parent.mkdir(parents=True)
    target.write_bytes(file.read_bytes())
    assert [problem.code for problem in intake(home, REFERENCES).problems] == ["TD-106"]
    assert read_ledger(home).height == 0


@pytest.mark.parametrize("is_first", [True, False])
def test_a_file_sent_again_after_a_kill_is_no_second_submission(home, tmp_path, monkeypatch, is_first):
    if not is_first:
        send(home, workbook(tmp_path / "other.xlsx", COVERAGE, coverage_row("24154")), day=4)
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row())

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("tiendo.intake.door.land", killed)
    with pytest.raises(KeyboardInterrupt):
        send(home, file, day=5)
    monkeypatch.undo()
    again = send(home, file, day=6)
    assert (again.status, again.received_at.day) == ("unchanged", 5)
    assert read_ledger(home).height == (1 if is_first else 2)
    assert intake(home, REFERENCES).problems == []


def test_what_a_killed_process_leaves_is_completed(home, tmp_path, monkeypatch):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row())

    class Killed(BaseException):
        pass

    real, calls = Path.replace, []

    def replace(path, target):
        calls.append(target)
        if (
            len(calls) == 5
        ):  # an empty ledger with its hash and the raw copy are there, the landing file is half written
            raise Killed
        return real(path, target)

    monkeypatch.setattr(Path, "replace", replace)
    monkeypatch.setattr("pathlib.Path.unlink", lambda *_, **__: None)  # a killed process cleans nothing up
    with pytest.raises(Killed):
        send(home, file)
    monkeypatch.undo()
    assert any(name.endswith(".tmp") for name in files_below(home.warehouse))
    summary = intake(home, REFERENCES)
    assert (summary.landed, summary.problems) == (1, [])
    assert read_ledger(home)["rows_landed"].to_list() == [1]


def test_a_damaged_ledger_is_rebuilt_and_said(home, tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row())
    send(home, file)
    home.ledger.write_bytes(b"PAR1 torn")
    with pytest.raises(TiendoError) as caught:
        read_ledger(home)
    assert caught.value.code == "TD-402"
    summary = intake(home, REFERENCES)
    assert [problem.code for problem in summary.problems] == ["TD-402"]
    assert read_ledger(home).height == 1
    home.ledger.write_bytes(b"PAR1 torn")
    assert send(home, file, day=8).status == "unchanged"


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("../../etc/passwd", "passwd"),
        ("..\\..\\Biểu 04.xlsx", "Biểu 04.xlsx"),
        ("a\x00b\nc:d?.csv", "a b c_d_.csv"),
        ("", "tep"),
        ("...", "tep"),
        (".htaccess", "htaccess"),
    ],
)
def test_names_are_made_safe(name, safe):
    from tiendo.intake.store import safe_name

    assert safe_name(name) == safe


@given(st.text(max_size=400))
def test_any_name_gives_a_path_that_reads_back(name):
    from tiendo.intake.store import Submission, parse_raw_path, safe_name
    from tiendo.settings import TIMEZONE

    safe = safe_name(name)
    assert 0 < len(safe) <= 120
    assert len(safe.encode()) <= 200
    received_at = datetime(2026, 4, 5, 8, 15, 0, 120, tzinfo=TIMEZONE)
    submission = Submission("coverage", "2026-Q1", "66", received_at, "0" * 12, safe)
    assert parse_raw_path(submission.raw_path) == submission


def test_a_workbook_under_a_wrong_name_is_read_by_its_content(home, tmp_path):
    file = workbook(tmp_path / "a.xlsx", COVERAGE, coverage_row())
    assert send(home, file.rename(tmp_path / "a.xls")).rows_loaded == 1


def test_one_far_cell_does_not_exhaust_memory(home, tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active["A1"] = "Mã đơn vị"
    book.active["XFD1048576"] = 1
    book.save(tmp_path / "a.xlsx")
    with pytest.raises(TiendoError) as caught:
        send(home, tmp_path / "a.xlsx")
    assert caught.value.code == "TD-111"
    assert files_below(tmp_path) == ["a.xlsx"]


def test_an_archive_that_unfolds_too_far_is_refused(home, tmp_path):
    import zipfile

    with zipfile.ZipFile(tmp_path / "a.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        for number in range(2001):
            archive.writestr(f"xl/{number}", "")
    with pytest.raises(TiendoError) as caught:
        send(home, tmp_path / "a.xlsx")
    assert caught.value.code == "TD-111"


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["24133", "24154", "66", "99999", "", "x"]),
            st.sampled_from(["03/2026", "Q1/2026", "13/2026", ""]),
            st.sampled_from(["1000", "1.139", "mười", "", "-1", "3,5"]),
            st.sampled_from(["10", "", "5000", "?"]),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_every_row_is_landed_quarantined_or_left_out(tmp_path_factory, rows):
    folder = tmp_path_factory.mktemp("conservation")
    home = Home(folder / "home")
    lines = [[org, "Xã", period, "", population, covered] for org, period, population, covered in rows]
    receipt = send(home, delimited(folder / "a.csv", COVERAGE, *lines))
    row = read_ledger(home).row(0, named=True)
    left = {item.row_number for item in receipt.left_out}
    assert row["rows_left_out"] == len(left)
    if len(left) == len(rows):
        assert receipt.rejection.code == "TD-103"
        return
    assert row["rows_read"] == len(rows) - len(left) == row["rows_landed"] + row["rows_quarantined"]
    frame = landed(home, receipt)
    bad = {problem["row_number"] for problem in receipt.problems}
    assert bad | set(frame["row_number"]) | left == set(range(2, len(rows) + 2))
    assert not bad & set(frame["row_number"])
    assert len(bad) == receipt.rows_quarantined


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    content=st.binary(max_size=300),
    name=st.sampled_from(["a.csv", "a.xlsx", "a.parquet", "a.txt", "a"]),
    head=st.sampled_from([b"", b"PK\x03\x04", b"PAR1", b"\xff\xfe", b"Ma don vi;Dan so\n"]),
)
def test_no_bytes_trip_the_readers(tmp_path_factory, content, name, head):
    file = tmp_path_factory.mktemp("bytes") / name
    file.write_bytes(head + content)
    try:
        read_source(file)
    except TiendoError as error:
        assert error.code in {"TD-101", "TD-103", "TD-109", "TD-111"}
