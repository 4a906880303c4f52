"""What is refused at the door and, as important, what is not."""

import csv
from pathlib import Path

import polars as pl
import pytest

from tiendo.intake.contracts import load_contract, load_contracts
from tiendo.intake.discretion import is_personal, refuse_forbidden, refuse_marked_name
from tiendo.intake.tables import LeftOut, Source, Table
from tiendo.messages import TiendoError

PLANS = Path(__file__).parents[2] / "data" / "raw" / "plans"
PERSONAL = """Chủ hồ sơ|SĐT|Người nộp hồ sơ|Người nộp|Người yêu cầu|Công dân|Số ĐT|ĐT di động|E-mail|Năm sinh
Ngày, tháng, năm sinh|CMTND|Hộ chiếu|Mã định danh|Số giấy tờ|Nơi cư trú|Nơi thường trú|Họ đệm và tên
Mã số BHXH|Số thẻ BHYT|Số tài khoản|hoTen|applicant_name|full_name|phone|id_number|citizen_id|date_of_birth
soDienThoai|hoten|Thông tin chung Người nộp hồ sơ|Số định danh|Họ, tên|HỌ VÀ TÊN"""
HARMLESS = """Mã định danh hồ sơ|Mã định danh cơ quan|Mã định danh đơn vị|Điện thoại cơ quan|Địa chỉ trụ sở
ĐT di động đơn vị|Người lập biểu|Số người nộp hồ sơ|Số thẻ BHYT đã cấp|Tỷ lệ công dân số|Dân số ĐT
Số thuê bao điện thoại|Vốn ĐT|Sở DT&TG|Số tài khoản định danh điện tử
(Ký, ghi rõ họ tên)|Người đứng đầu chịu trách nhiệm|Người liên hệ"""


def table(cells=("x",), *, header="Ghi chú", above=(), notes=()):
    columns = (list(cells) if isinstance(cells, tuple) else cells,)
    left_out = tuple(LeftOut(at + 9, "note", text) for at, text in enumerate(notes))
    numbers = pl.Series(range(1, len(columns[0]) + 1), dtype=pl.Int64)
    return Table(None, columns, numbers, ((header,),), (1,), above=tuple(above), left_out=left_out)


def refusal(found, name="a.xlsx"):
    try:
        refuse_forbidden(Source("xlsx", (found,)), name)
    except TiendoError as error:
        return error.code
    return None


def listed(text):
    return text.replace("\n", "|").split("|")


@pytest.mark.parametrize("header", listed(PERSONAL))
def test_headers_of_persons(header):
    assert refusal(table(header=header)) == "TD-106"


@pytest.mark.parametrize("header", listed(HARMLESS))
def test_headers_of_offices_and_figures(header):
    assert refusal(table(header=header)) is None


@pytest.mark.parametrize("form", load_contracts())
def test_no_contract_is_refused(form):
    for column in load_contract(form).columns:
        assert not [text for text in column.spellings if is_personal(text) or refusal(table(header=text))]


@pytest.mark.parametrize(
    "lines",
    [
        ["CCCD: 012345678901"],
        ["Số CCCD:", "012345678901"],
        ["UBND XÃ", "Họ và tên: Nguyễn Văn A"],
        ["Họ và tên:", "Nguyễn Văn A"],
        ["Số điện thoại: 0905 123 456"],
        ["Chủ hồ sơ: Nguyễn Văn A; SĐT 0905123456"],
        ["Ngày sinh: 01/01/1990"],
    ],
)
def test_persons_outside_the_table(lines):
    assert refusal(table(above=lines)) == "TD-106"
    assert refusal(table(notes=lines)) == "TD-106"


@pytest.mark.parametrize(
    "lines",
    [
        ["(Ký, ghi rõ họ tên)", "Nguyễn Văn A"],
        ["Người lập biểu", "Nguyễn Văn A"],
        ["Người liên hệ: Nguyễn Văn A, SĐT: 0905123456"],
        ["Người liên hệ: Nguyễn Văn A", "Số điện thoại: 0905123456"],
        ["Sở KH&CN. Điện thoại: 0262 3852 123"],
        ["Họ và tên: ………"],
        ["CCCD: đã cấp 123 thẻ"],
    ],
)
def test_people_who_answer_for_a_report(lines):
    assert refusal(table(above=lines)) is None
    assert refusal(table(notes=lines)) is None


@pytest.mark.parametrize(
    "line",
    [
        "MẬT Số: 12/BC",
        "MẬT\nSố: 12/BC",
        "Tuyệt mật, không sao chụp",
        "VĂN BẢN MẬT SỐ 12-KH/TU",
        "Tài liệu thuộc loại Mật",
        "Mức độ: MẬT",
        "T U Y Ệ T  M Ậ T",
        "T Ố I M Ậ T",
        "UBND TỈNH MẬT",
        "MẬT UBND TỈNH",
    ],
)
def test_markings_above_the_table(line):
    assert refusal(table(above=[line])) == "TD-107"


CELLS = [
    "Báo cáo TUYỆT MẬT số 5",
    "Theo văn bản số 12-KH/TU (MẬT)",
    "x " * 90 + "TỐI MẬT",
    "Mật",
    "T Ố I  M Ậ T",
]
JSON = ['["TỐI MẬT"]', '{"loai": "Mật", "so": 1}', '{"muc": {"a": "tuyệt mật"}}']


@pytest.mark.parametrize("cell", [*CELLS, *JSON])
def test_markings_in_cells(cell):
    assert refusal(table((cell,))) == "TD-107"
    assert refusal(table(pl.Series(["x", cell]))) == "TD-107"
    assert refusal(table(notes=[cell])) == "TD-107"


def test_keys_inside_json_cells():
    assert refusal(table(('{"applicant": {"hoTen": "A"}}',))) == "TD-106"


ORDINARY = """bảo mật|BẢO MẬT THÔNG TIN|mật độ|MẬT ĐỘ DÂN SỐ|Mật độ|mật khẩu|Mật khẩu|bí mật kinh doanh
BÍ MẬT NHÀ NƯỚC|mật ong|Mật ong|AN TOÀN, BẢO MẬT|Tỷ lệ văn bản không mật|TỶ LỆ VĂN BẢN KHÔNG MẬT
Gửi nhận văn bản mật qua mạng|Mức độ: mật độ cao|GỬI NHẬN VĂN BẢN MẬT|MẶT TRẬN TỔ QUỐC
S T T|Mức độ mật|FORMAT"""


@pytest.mark.parametrize("text", listed(ORDINARY))
def test_ordinary_words(text):
    assert [refusal(table(above=[text])), refusal(table((text,))), refusal(table(notes=[text]))] == [None] * 3
    assert refusal(table(pl.Series([text]))) is None


@pytest.mark.parametrize("file", sorted(PLANS.glob("*.csv")), ids=lambda path: path.stem)
def test_published_plans_pass(file):
    with file.open(encoding="utf-8", newline="") as lines:
        texts = sorted({cell for row in csv.reader(lines) for cell in row if cell})
    assert refusal(table(tuple(texts))) is None
    assert refusal(table(pl.Series(texts))) is None
    assert [text for text in texts if refusal(table(above=[text], notes=[text], header=text))] == []


@pytest.mark.parametrize(
    "name", ["BIEU04_MAT.xlsx", "MAT-BIEU04.csv", "Bieu 04 (MAT).xlsx", "BIEU04_MẬT_2026.xlsx"]
)
def test_marked_names(name):
    with pytest.raises(TiendoError, match="TD-107"):
        refuse_marked_name(name)


@pytest.mark.parametrize(
    "name",
    [
        "bieu04_mat.xlsx",
        "FORMAT.csv",
        "MAT TRAN TO QUOC.xlsx",
        "KHONG DUNG TIEN MAT.xlsx",
        "mật ong.xlsx",
        "GIAI PHONG MAT BANG.xlsx",
        "BAO_MAT.xlsx",
        "văn bản không mật.xlsx",
    ],
)
def test_ordinary_names(name):
    refuse_marked_name(name)
