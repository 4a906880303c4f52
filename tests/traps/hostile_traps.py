"""Hostile and forbidden files: bombs, entities, tricks in names and cells, secrets, persons, papers."""

import unicodedata

import polars as pl
import xlwt
from catalogue import refused, rejected, trap
from makers import (
    COVERAGE,
    EAST,
    FIGURES,
    PLAIN,
    TAKEN,
    WEST,
    archive,
    bomb,
    book,
    document_row,
    edited,
    members,
    old_book,
    open_document,
    shown,
    tcvn3,
    text,
)

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"

# ---- archives and XML


@refused("zip_bomb.xlsx", "TD-111")
def zip_bomb(path):
    return bomb(book(path, PLAIN), SHEET, 1100)


@rejected("zip_bomb_that_claims_a_kilobyte.xlsx", "TD-101")
def lying_bomb(path):
    return bomb(book(path, PLAIN), SHEET, 1100, claimed=1000)


@refused("over_2000_parts.xlsx", "TD-111")
def many_parts(path):
    held = members(book(path, PLAIN))
    return archive(path, held | {f"xl/media/{n}.png": b"" for n in range(2100)})


@trap("member_with_a_path_trick.xlsx", why="Nothing is ever unpacked to disk.", **TAKEN)
def zip_slip(path):
    return archive(path, members(book(path, PLAIN)) | {"../../../../tmp/tiendo_evil.txt": b"evil"})


ENTITY = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = '<!DOCTYPE x [<!ENTITY a "haha"><!ENTITY b "{}">]>'.format("&a;" * 1000)


@rejected("doctype_entity.xlsx", "TD-101", "TD-109")
def external_entity(path):
    file = edited(book(path, PLAIN), STRINGS, r"(<sst )", ENTITY.replace("\\", r"\\") + r"\1")
    return edited(file, STRINGS, "UBND", "&e;")


@rejected("billion_laughs.xlsx", "TD-101", "TD-109")
def billion_laughs(path):
    return edited(edited(book(path, PLAIN), STRINGS, r"(<sst )", LAUGHS + r"\1"), STRINGS, "UBND", "&b;")


@rejected("doctype_entity.ods", "TD-101", "TD-109")
def document_entity(path):
    return open_document(path, "".join(document_row(*row) for row in PLAIN), prologue=ENTITY)


@refused("far_cell.xlsx", "TD-111")
def far_cell(path):
    cell = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    return edited(book(path, PLAIN), SHEET, "</sheetData>", cell)


@rejected("string_count_that_lies.xlsx", "TD-101")
def string_count(path):
    """Readers that make room beforehand for so many texts die of it."""
    return edited(book(path, PLAIN), STRINGS, r'uniqueCount="\d+"', 'uniqueCount="99999999999"')


@refused("one_long_text_in_200000_cells.xlsx", "TD-111", why="22 kB on disk would be 6 GB of text.")
def repeated_text(path):
    long = f"<si><t>{'x' * 32_767}</t></si>"
    edited(book(path, PLAIN), STRINGS, "</sst>", f"{long}</sst>")
    last = members(path)[STRINGS].count(b"<si>") - 1
    row = "<row>" + f'<c t="s"><v>{last}</v></c>' * 200 + "</row>"
    return edited(path, SHEET, "</sheetData>", row * 1000 + "</sheetData>")


@trap("20000_merges_over_the_whole_sheet.xlsx", **TAKEN)
def many_merges(path):
    merges = "".join(f'<mergeCell ref="A{row}:XFD1048576"/>' for row in range(4, 20_000))
    return edited(book(path, PLAIN), SHEET, "</sheetData>", f"</sheetData><mergeCells>{merges}</mergeCells>")


@refused("seventeen_billion_cells.ods", "TD-111")
def repeated_cells(path):
    cell = (
        '<table:table-cell table:number-columns-repeated="16384" office:value-type="float" office:value="1"/>'
    )
    row = f'<table:table-row table:number-rows-repeated="1048576">{cell}</table:table-row>'
    return open_document(path, "".join(document_row(*row) for row in PLAIN) + row)


@refused("billion_row_footer.parquet", "TD-111")
def billion_rows(path):
    rows = 86_419
    pl.DataFrame(
        {"org_code": ["24133"] * rows, "period": ["2026-03"] * rows, "population": [1] * rows}
    ).write_parquet(path)
    raw = path.read_bytes()
    size = int.from_bytes(raw[-8:-4], "little")
    footer = raw[-8 - size : -8]
    changed = footer.replace(b"\x16" + _varint(rows), b"\x16" + _varint(10**9))
    assert changed != footer
    path.write_bytes(raw[: -8 - size] + changed + len(changed).to_bytes(4, "little") + b"PAR1")


def _varint(number):
    """As Parquet's footer writes a whole number."""
    rest, out = number * 2, bytearray()
    while rest > 127:
        out.append(rest & 127 | 128)
        rest >>= 7
    return bytes([*out, rest])


@rejected("torn_in_the_middle.xlsx", "TD-101")
def torn_workbook(path):
    book(path, PLAIN)
    path.write_bytes(path.read_bytes()[:3000])


@rejected("torn_in_the_middle.xls", "TD-101")
def torn_old_workbook(path):
    old_book(path, PLAIN)
    path.write_bytes(path.read_bytes()[:2500])


@rejected("torn_footer.parquet", "TD-101")
def torn_parquet(path):
    pl.DataFrame({"org_code": ["24133"]}).write_parquet(path)
    path.write_bytes(path.read_bytes()[:40] + b"\xff\xff\x00\x00PAR1")


@rejected("sheet_member_missing.xlsx", "TD-101")
def missing_member(path):
    held = members(book(path, PLAIN))
    return archive(path, {name: content for name, content in held.items() if name != SHEET})


# ---- other documents


@rejected("~$lock_file.xlsx", "TD-101", "TD-109")
def lock_file(path):
    path.write_bytes(b"\x05admin" + b" " * 49 + "admin".encode("utf-16-le") + b" \0" * 49)


@rejected("password_protected.xlsx", "TD-101", says="mật khẩu")
def protected(path):
    """Excel stores a workbook with a password as an old container around an encrypted package."""
    return _container(path, "EncryptedPackage")


@rejected("password_protected_97.xls", "TD-101", says="mật khẩu")
def protected_old(path):
    file = xlwt.Workbook()
    file.add_sheet("Bieu").write(0, 0, "x")
    data = file.get_biff_data()
    first = 4 + int.from_bytes(data[2:4], "little")
    locked = data[:first] + b"\x2f\x00\x06\x00\x00\x00\x34\x12\x78\x56" + data[first:]
    path.write_bytes(b"")
    xlwt.CompoundDoc.XlsDoc().save(str(path), locked)


@rejected("word_97_document.doc", "TD-109", "TD-101")
def old_word(path):
    return _container(path, "WordDocument")


@rejected("word_document.docx", "TD-109")
def word(path):
    kinds = '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'
    return archive(path, {"[Content_Types].xml": kinds.encode(), "word/document.xml": b"<w:document/>"})


@rejected("paper.pdf", "TD-109")
@rejected("pdf_named_xlsx.xlsx", "TD-109", "TD-101")
def pdf(path):
    path.write_bytes(b"%PDF-1.7\n1 0 obj << /Type /Catalog >> endobj\n%%EOF\n")


@rejected("photo_named_xls.xls", "TD-109", "TD-101")
def photo(path):
    path.write_bytes(b"\xff\xd8\xff\xe0\x00\x10JFIF\x00" + bytes(range(256)) * 4)


@rejected("archive_of_workbooks.zip", "TD-109", "TD-101")
def zipped(path):
    return archive(path, {"a.xlsx": book(path, PLAIN).read_bytes()})


def _container(path, stream):
    old_book(path, PLAIN)
    name = "Workbook".encode("utf-16-le")
    raw = bytearray(path.read_bytes())
    at = raw.index(name + b"\0\0")
    new = stream.encode("utf-16-le")
    raw[at : at + 66] = new.ljust(64, b"\0") + (len(new) + 2).to_bytes(2, "little")
    path.write_bytes(bytes(raw))


# ---- tricks in cells and names


def senders(*texts):
    rows = [[*row[:3], said, *row[4:]] for row, said in zip((EAST, WEST), texts, strict=True)]
    return [COVERAGE, *rows]


def verbatim(*texts):
    return TAKEN | {"values": FIGURES | {"sender": list(texts)}}


HTML = ("<script>alert('x')</script>", '<img src=x onerror="x()">')


@trap("html_in_cells.xlsx", **verbatim(*HTML))
def html_cells(path):
    return book(path, senders(*HTML))


SQL = ("'); DROP TABLE submissions;--", "x' OR 1=1 UNION SELECT * FROM a")


@trap("sql_in_cells.csv", **verbatim(*SQL))
def sql_cells(path):
    return text(path, senders(*SQL))


FORMULAS = ('=HYPERLINK("http://x","y")', "@SUM(1+9)*cmd|' /C calc'!A0")


@trap("formula_leading_text.csv", **verbatim(*FORMULAS))
def formula_texts(path):
    return text(path, senders(*FORMULAS))


@trap("formula_leading_text_as_string.xlsx", **verbatim(*FORMULAS))
def formula_strings(path):
    file = book(path, senders("f0f0", "f1f1"))
    for number, formula in enumerate(FORMULAS):
        safe = formula.replace("&", "&amp;")
        file = edited(file, STRINGS, f"f{number}f{number}", safe)
    return file


@trap("formula_in_a_number_column.csv", form="coverage", read=2, problems=[("E3", "TD-202")])
def formula_number(path):
    return text(path, [COVERAGE, EAST, [*WEST[:4], "=1+1", ""]])


@trap("braces_and_percent_signs.csv", **verbatim("{0} {value} %s %(a)d", "${HOME} `id` $(id)"))
def braces(path):
    return text(path, senders("{0} {value} %s %(a)d", "${HOME} `id` $(id)"))


@trap("braces_in_a_bad_cell.csv", form="coverage", read=2, problems=[("E3", "TD-202")])
def bad_braces(path):
    return text(path, [COVERAGE, EAST, [*WEST[:4], "{label_vi} {0} %s", ""]])


@trap("control_characters.xlsx", **verbatim("UBND phường", "UBND phường"))
def control_characters(path):
    return book(path, senders("UBND\x07 phường\x0b", "\x01UBND phường"))


@trap("very_long_cell.xlsx", form="coverage", read=1, values={"sender": ["dài " * 8000 + "x"]})
def very_long(path):
    return book(path, [COVERAGE, [*EAST[:3], "dài " * 8000 + "x", *EAST[4:]]])


def named(name, **outcome):
    trap(name, **(TAKEN | outcome))(lambda path: text(path, PLAIN))


named("path_trick_..%2f..\\..\\evil.csv")
named("..leading_dots.csv")
named("-rf leading dash; $(id).csv")
named("line\nbreak.csv")
named("right_to_left_\u202exslx.csv")
named("đ" * 120 + ".csv")
named(unicodedata.normalize("NFD", "tên có dấu tách rời.csv"))
named("=cmd|' formula name.csv")


# ---- what may not be stored

MARKED = [[None, None, None, "MẬT"], ["BÁO CÁO PHỦ SÓNG 5G"], *PLAIN]


@refused("secret_marking_in_title.xlsx", "TD-107")
def secret_title(path):
    return book(path, MARKED)


@refused("secret_marking_decomposed.csv", "TD-107")
def secret_decomposed(path):
    grid = [*PLAIN, [unicodedata.normalize("NFD", "Tuyệt mật"), *[""] * 5]]
    return text(path, grid)


@refused("secret_marking_in_legacy_letters.xls", "TD-107")
def secret_legacy(path):
    grid = [[shown("Tối mật", tcvn3)], *[[shown(str(c), tcvn3) for c in row] for row in PLAIN]]
    return old_book(path, grid, font=".VnTime")


@refused("secret_marking_on_a_hidden_sheet.xlsx", "TD-107")
def secret_hidden(path):
    return book(path, PLAIN, {"name": "Ẩn", "grid": [["ĐỘ MẬT: TỐI MẬT"]], "hidden": True})


@refused("secret_marking_as_sheet_name.xlsx", "TD-107")
def secret_sheet_name(path):
    return book(path, {"name": "TỐI MẬT", "grid": PLAIN})


@refused("secret_marking_below_row_200.csv", "TD-107")
def secret_below(path):
    blank = [[""] * 6] * 200
    return text(path, [*PLAIN, *blank, ["", "", "", "TỐI MẬT", "", ""]])


@refused("kế hoạch 5G (MẬT).csv", "TD-107")
@refused("TUYET MAT phu song.csv", "TD-107")
def secret_name(path):
    return text(path, PLAIN)


@trap("words_like_a_marking.csv", **verbatim("Bảo mật thông tin", "Mặt trận, mật độ 12 người/km2"))
def like_marking(path):
    return text(path, senders("Bảo mật thông tin", "Mặt trận, mật độ 12 người/km2"))


@refused("personal_data_column_below_titles.xlsx", "TD-106")
def personal_below(path):
    titles = [["UBND TỈNH ĐẮK LẮK"], ["DANH SÁCH"], []]
    return book(path, [*titles, [*COVERAGE, "Số CCCD"], [*EAST, "066"], [*WEST, "067"]])


@refused("personal_data_under_a_group_header.xlsx", "TD-106")
def personal_grouped(path):
    grid = [
        [*COVERAGE, "Người nộp hồ sơ", None],
        [*[None] * 6, "Họ và tên", "Điện thoại"],
        [*EAST, "Nguyễn Văn A", "0905"],
    ]
    return book(path, {"grid": grid, "merges": ["G1:H1", *(f"{c}1:{c}2" for c in "ABCDEF")]})


@refused("personal_data_on_a_hidden_sheet.xlsx", "TD-106")
def personal_hidden(path):
    people = [["Họ và tên", "Ngày sinh"], ["Nguyễn Văn A", "01/01/1990"]]
    return book(path, PLAIN, {"name": "Nguồn", "grid": people, "hidden": True})


@refused("personal_data_in_legacy_letters.xls", "TD-106")
def personal_legacy(path):
    grid = [[*COVERAGE, "Họ và tên"], [*EAST, "Nguyễn Văn A"]]
    return old_book(path, [[shown(str(c), tcvn3) for c in row] for row in grid], font=".VnTime")


@refused("personal_data_key.jsonl", "TD-106")
def personal_key(path):
    path.write_text('{"org_code": "24133", "period": "2026-03", "population": 1, "ho_ten": "A"}\n')
