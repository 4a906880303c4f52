import codecs
import csv
import random
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tiendo.intake.legacy import decode_bytes, legacy_encoding_of, modern_text
from tiendo.intake.syllables import Plausibility, plausibility

ROOT = Path(__file__).resolve().parents[2]
FIXTURES = ROOT / "tests" / "fixtures"
FONTS = {"tcvn3": ".VnTime", "vni": "VNI-Times"}
TONES = "\u0300\u0301\u0303\u0309\u0323"


def table(name):
    lines = (FIXTURES / name).read_text(encoding="utf-8").splitlines()
    return list(csv.DictReader(line for line in lines if not line.startswith("#")))


MAPPINGS = {"tcvn3": table("tcvn3_mapping.csv"), "vni": table("vni_mapping.csv")}
SHOWN = {encoding: {row["letter"]: row["shown"] for row in rows} for encoding, rows in MAPPINGS.items()}


def unit_names():
    with (ROOT / "dbt_project/seeds/reference/org_units.csv").open(encoding="utf-8") as file:
        names = {row["org_name_vi"] for row in csv.DictReader(file)}
    return sorted(unicodedata.normalize("NFC", name) for name in names)


NAMES = unit_names()


def in_old_font(text, encoding):
    """The text as it shows without its font; TCVN3 has small letters only for most."""
    shown = SHOWN[encoding]
    return "".join(shown.get(letter) or shown.get(letter.lower(), letter) for letter in text)


def in_bytes(text, encoding):
    if encoding != "cp1258":
        return in_old_font(text, encoding).encode("cp1252")
    raw = b""
    for letter in text:
        marks = unicodedata.normalize("NFD", letter)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in TONES))
        raw += (bare + "".join(mark for mark in marks if mark in TONES)).encode("cp1258")
    return raw


@pytest.mark.parametrize("encoding", sorted(MAPPINGS))
def test_every_letter_of_the_public_tables(encoding):
    letters = [row["letter"] for row in MAPPINGS[encoding]]
    bytes_key = "byte" if encoding == "tcvn3" else "bytes"
    codes = [bytes.fromhex(row[bytes_key]) for row in MAPPINGS[encoding]]
    sentence = "quyết toán ngân sách đã được phê chuẩn"
    raw = b"\n".join([in_bytes(sentence, encoding)] * 100 + codes)
    text, found = decode_bytes(raw)
    assert found == encoding
    assert text.splitlines()[:100] == [sentence] * 100
    assert text.splitlines()[100:] == letters


@pytest.mark.parametrize("encoding", sorted(MAPPINGS))
def test_every_unit_s_name_comes_back_from_an_old_font(encoding):
    for name in NAMES:
        shown = in_old_font(name, encoding)
        assert modern_text(shown).casefold() == name.casefold(), shown
        assert modern_text(shown, FONTS[encoding]).casefold() == name.casefold(), shown


def test_no_unit_s_name_in_unicode_is_touched():
    assert [name for name in NAMES if modern_text(name) != name] == []
    # A cell may keep an old font although somebody has typed Unicode into it: four names stay ambiguous.
    assert len([name for name in NAMES if modern_text(name, ".VnTime") != name]) <= 4
    assert [name for name in NAMES if modern_text(name, "VNI-Times") != name] == []


@pytest.mark.parametrize(
    ("shown", "meant"),
    [
        ("QuyÕt to\xb8n", "Quyết toán"),
        ("trung \xad¬ng", "trung ương"),
        ("tr\xad\xebng", "trưởng"),
        ("MÉu sè 20/CKTC-NS§P", "Mẫu số 20/CKTC-NSĐP"),
        ("§¾k L¾k", "Đắk Lắk"),
        ("Kr«ng B«ng", "Krông Bông"),
        ("C\xad M'gar", "Cư M'gar"),
        ("R'lÊp", "R'lấp"),
        ("CÊP TØNH THEO TõNG LÜNH VùC", "CẤP TỈNH THEO TỪNG LĨNH VỰC"),
        ("THÞ X\xb7 THUéC TØNH", "THỊ Xã THUỘC TỈNH"),
        ("Toång soá", "Tổng số"),
        ("TOÅNG SOÁ", "TỔNG SỐ"),
        ("Ñôn vò tính: Trieäu ñoàng", "Đơn vị tính: Triệu đồng"),
        ("Xaõ Ea Kao", "Xã Ea Kao"),
        ("Huye\u0323\u0302n", "Huyện"),
    ],
)
def test_old_text_is_recognised_without_its_font(shown, meant):
    assert modern_text(shown) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Công an xã",
        "Em bé",
        "Nguyễn Thị Bé",
        "Cô Hoà",
        "Krông Búk",
        "Ea Súp",
        "Cư M'gar",
        "Đắk R'lấp",
        "M'Đrắk",
        "Mê Kông",
        "HÒA BÌNH",
        "· Hỗ trợ",
        "§ 8",
        "10 m²",
        "5 µm",
        "1½m",
        "«Công»",
        "São Paulo, Zürich, café",
        "Ðông Hòa",
        "thông\xadtin",
        "QĐ-UBND",
        "địện",
        "Tổng",
        "#REF!",
        "",
        "x" * 40_000 + "é",
    ],
)
def test_unicode_and_what_reads_both_ways_stays(text):
    assert modern_text(text) == text
    assert legacy_encoding_of(text) is None


@pytest.mark.parametrize(
    ("shown", "font", "meant"),
    [
        ("Sè TT", ".VnArial Narrow", "Số TT"),
        ("Néi dung", ".VnTimeH", "NỘI DUNG"),
        ("Biªn H\xdfa", ".VnTimeh", "BIÊN HÒA"),
        ("500 ®", ".VnTime", "500 đ"),
        ("Soá TT", "VNI-Times", "Số TT"),
        ("Công an xã", ".VnTime", "Công an xã"),
        ("LAI CHÂU", ".VnArial Narrow", "LAI CHÂU"),
        ("Thu các khoản quản lý qua ngân sách", ".VnTime", "Thu các khoản quản lý qua ngân sách"),
        ("Sè TT", "Times New Roman", "Sè TT"),
        ("ABC", ".VnTimeH", "ABC"),
    ],
)
def test_the_font_decides_where_the_words_do_not(shown, font, meant):
    assert modern_text(shown, font) == meant


def test_one_cell_may_mix_unicode_and_an_old_font():
    shown = "Thu tiÒn huy ®éng ®Çu t\xad theo K3Đ8 LuËt NSNN"
    assert modern_text(shown) == "Thu tiền huy động đầu tư theo K3Đ8 Luật NSNN"
    assert legacy_encoding_of(shown) == "tcvn3"
    assert modern_text("CHI NG¢N S\xb8CH CỦA C\xb8C HUYÖN") == "CHI NGÂN SÁCH CỦA CÁC HUYỆN"


@pytest.mark.parametrize("encoding", ["cp1258", "tcvn3", "vni"])
def test_a_short_file_in_an_old_encoding(encoding):
    for name in random.Random(57).sample(NAMES, 300):
        text = f"Mã đơn vị;Tên đơn vị;Số hộ\r\n24133;{name};1.139\r\n"
        got, found = decode_bytes(in_bytes(text, encoding))
        assert (got.casefold(), found) == (text.casefold(), encoding)


@pytest.mark.parametrize(
    ("python_name", "mark", "name"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("utf-16-le", b"", "utf-16"),
        ("utf-16-be", b"", "utf-16"),
    ],
)
def test_unicode_files(python_name, mark, name):
    text = "Mã đơn vị;Tên đơn vị;Số hộ\n24133;Xã Ea Kao;1.139\n"
    assert decode_bytes(mark + text.encode(python_name)) == (text, name)


def test_a_stray_zero_byte_does_not_make_a_file_utf_16():
    assert decode_bytes(b"a;b\n1;\x002\n" * 20) == ("a;b\n1;\x002\n" * 20, "utf-8")


def test_western_signs_alone_are_read_as_windows_shows_them():
    assert decode_bytes(b"unit;price\nA;5 \x80\n") == ("unit;price\nA;5 \u20ac\n", "cp1258")


@pytest.mark.parametrize(
    "raw", [random.Random(1).randbytes(5_000), "数据质量报告".encode("gbk") * 20, b"\xff\xfe\x00"]
)
def test_what_is_no_text_is_said_so(raw):
    with pytest.raises(ValueError, match=r"."):
        decode_bytes(raw)


@settings(max_examples=100, deadline=None)
@given(st.binary(), st.text(), st.sampled_from([None, "", ".VnTime", ".VnTimeH", "VNI-Times", "Arial"]))
def test_nothing_trips_the_reader(raw, text, font):
    assert isinstance(modern_text(text, font), str)
    assert isinstance(modern_text(raw.decode("latin-1"), font), str)
    try:
        decode_bytes(raw)
    except ValueError:
        return


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("quyết", Plausibility.SYLLABLE),
        ("nghiêng", Plausibility.SYLLABLE),
        ("giếng", Plausibility.SYLLABLE),
        ("HOÀ", Plausibility.SYLLABLE),
        ("hoá", Plausibility.SYLLABLE),
        ("công", Plausibility.COMMON),
        ("NSĐP", Plausibility.SYLLABLE),
        ("Đắk", Plausibility.NAME),
        ("Mđrắk", Plausibility.NAME),
        ("các", Plausibility.SYLLABLE),
        ("càc", Plausibility.NONE),
        ("xaõ", Plausibility.NONE),
        ("chÝnh", Plausibility.NONE),
        ("héi", Plausibility.NONE),
        ("néi", Plausibility.NONE),
        ("kông", Plausibility.COMMON),
    ],
)
def test_vietnamese_words(word, expected):
    assert plausibility(word) == expected
