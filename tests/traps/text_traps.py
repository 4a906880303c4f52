"""Text files: encodings, separators, line ends, torn rows, JSON lines, Parquet."""

import json
import unicodedata
from datetime import datetime
from decimal import Decimal

import polars as pl
from catalogue import refused, rejected, trap
from makers import (
    COVERAGE,
    EAST,
    FIGURES,
    PLAIN,
    TAKEN,
    WEST,
    tcvn3,
    text,
    vni,
    windows_1258,
)

NAMES = {"org_name": ["Phường Buôn Ma Thuột", "Phường Thành Nhất"]}
NAMED = TAKEN | {"values": FIGURES | NAMES}


def written(name, notices=(), **how):
    """A text file of the plain rows, stored in some way."""
    trap(name, notices=notices, **NAMED)(lambda path: text(path, PLAIN, **how))


trap("plain.csv", **NAMED)(lambda path: text(path, PLAIN))
written("utf8_with_mark.csv", encoding="utf-8-sig")
written("utf16_with_mark.csv", encoding="utf-16")
written("utf16_no_bom.csv", encoding="utf-16-le")
written("utf16_big_endian.csv", encoding=lambda words: b"\xfe\xff" + words.encode("utf-16-be"))
written("unicode_text_of_excel.txt", encoding="utf-16", separator="\t")
written("windows_1258.csv", notices=["TD-118"], encoding=windows_1258)
written("tcvn3_text.csv", notices=["TD-118"], encoding=tcvn3)
written("vni_text.csv", notices=["TD-118"], encoding=vni)
written("nfd_accents.csv", encoding=lambda words: unicodedata.normalize("NFD", words).encode())
written("tab.tsv", separator="\t")
written("pipe.csv", separator="|")
written("mac_line_ends.csv", end="\r")
written("unix_line_ends.csv", end="\n")


@trap("semicolon_decimal_comma.csv", form="coverage", read=1, values={"area_km2": [Decimal("71.99")]})
def semicolon(path):
    return text(path, [[*COVERAGE, "Diện tích"], [*EAST, "71,99"]], separator=";")


@trap("mixed_line_ends.csv", **NAMED)
def mixed_line_ends(path):
    path.write_bytes(text(path, PLAIN, end="\n").read_bytes().replace(b"\n", b"\r\n", 1))


@trap("separator_line_of_excel.csv", **NAMED)
def separator_line(path):
    path.write_bytes(b"sep=;\r\n" + text(path, PLAIN, separator=";").read_bytes())


@trap("wide_title_block.csv", **NAMED)
def wide_titles(path):
    """Saved as text from a sheet: the title block comes along, padded to the width of the table."""
    titles = ["ỦY BAN NHÂN DÂN TỈNH ĐẮK LẮK", "", "BIỂU 04. PHỦ SÓNG 5G", "Tháng 3 năm 2026", ""]
    return text(path, [*([title, *[""] * 5] for title in titles), *PLAIN])


@trap("narrow_title_lines.csv", **NAMED)
def narrow_titles(path):
    return text(path, [["UBND TỈNH ĐẮK LẮK"], [], ["BIỂU 04. PHỦ SÓNG 5G"], *PLAIN])


@trap("bom_in_middle.csv", left_out={3: "repeated_header"}, **NAMED)
def mark_in_middle(path):
    """Two files put together with `copy a+b`: a second header with its own byte order mark."""
    both = [text(path, [COVERAGE, row], encoding="utf-8-sig").read_bytes() for row in (EAST, WEST)]
    path.write_bytes(b"".join(both))


@trap("trailing_delimiters.csv", **NAMED)
def trailing_delimiters(path):
    path.write_bytes(text(path, PLAIN, separator=";").read_bytes().replace(b"\r\n", b";;;\r\n"))


@trap("trailing_delimiters_below_the_header_alone.csv", **NAMED)
def trailing_below(path):
    head, rest = text(path, PLAIN).read_bytes().split(b"\r\n", 1)
    path.write_bytes(head + b"\r\n" + rest.replace(b"\r\n", b",,\r\n"))


@trap(
    "short_rows.csv",
    form="coverage",
    read=2,
    values={"population_5g": [33000, None]},
    why="Excel leaves out trailing separators; what is not written is empty.",
)
def short_rows(path):
    return text(path, [COVERAGE, EAST, WEST[:5]])


@rejected("shifted_columns.csv", "TD-101", why="Which cell is one too many cannot be known.")
def shifted(path):
    path.write_text(",".join(COVERAGE) + "\n" + "24133,Phường A, B,03/2026,UBND phường,41250,33000\n")


@trap("quoted_line_breaks.csv", form="coverage", read=2, values={"sender": ['UBND\n"phường"', "a, b; c"]})
def quoted_breaks(path):
    head = [*COVERAGE[:5], "Dân số được\nphủ sóng 5G"]
    return text(path, [head, [*EAST[:3], 'UBND\n"phường"', *EAST[4:]], [*WEST[:3], "a, b; c", *WEST[4:]]])


@rejected("unclosed_quote.csv", "TD-101")
def unclosed_quote(path):
    path.write_bytes(text(path, PLAIN).read_bytes().replace(b"UBND", b'"UBND', 1))


@trap(
    "nul_bytes.csv",
    form="coverage",
    read=2,
    values={"org_code": ["24133", "24154"], "sender": ["UBND phường", "UBND phường"]},
    why="Old systems pad fields with NUL; the text around it is whole.",
)
def nul_bytes(path):
    path.write_bytes(text(path, PLAIN).read_bytes().replace(b"UBND", b"UBND\0\0"))


@rejected("bytes_of_no_encoding.csv", "TD-109", "TD-101")
def no_encoding(path):
    path.write_bytes(text(path, PLAIN).read_bytes() + b"\x80\x81\xfe\xff\xff\xfe\x00\xd8" * 9)


@rejected("empty.csv", "TD-103")
def empty(path):
    path.write_bytes(b"")


@rejected("blank_lines_only.csv", "TD-103")
def blank(path):
    path.write_bytes(b" \r\n;;\r\n\r\n")


@refused("over_256_columns.csv", "TD-111")
def many_columns(path):
    return text(path, [[*row, *[f"c{n}" for n in range(300)]] for row in PLAIN])


@refused("two_megabyte_cell.csv", "TD-111", why="No form has cells of this length.")
def long_cell(path):
    return text(path, [COVERAGE, [*EAST[:3], "x" * 2_000_000, *EAST[4:]]])


@trap(
    "32767_letters_in_a_cell.csv",
    form="coverage",
    read=1,
    values={"sender": ["x" * 32_767]},
    why="The most that a cell of Excel holds.",
)
def longest_cell(path):
    return text(path, [COVERAGE, [*EAST[:3], "x" * 32_767, *EAST[4:]]])


def lines(path, *rows):
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n")
    return path


KEYS = ("org_code", "org_name", "period", "sender", "population", "population_5g")
EAST_KEYS = dict(zip(KEYS, EAST, strict=True))
WEST_KEYS = dict(zip(KEYS, WEST, strict=True))


@trap("plain.jsonl", **NAMED)
def plain_lines(path):
    return lines(path, EAST_KEYS, WEST_KEYS)


@trap("jsonl_missing_and_late_keys.jsonl", **TAKEN | {"values": {"population_5g": [None, 14300]}})
def uneven_lines(path):
    return lines(path, {key: EAST_KEYS[key] for key in KEYS[:5]}, "", WEST_KEYS)


@rejected("jsonl_bad_line.jsonl", "TD-101", why="A torn line may hide any number of rows.")
def bad_line(path):
    return lines(path, EAST_KEYS, '{"org_code": "24154", "peri', WEST_KEYS)


@trap("jsonl_nested_value.jsonl", form="coverage", read=2, problems=[("2", "TD-202")])
def nested_line(path):
    return lines(path, EAST_KEYS, WEST_KEYS | {"population": {"total": 28600}})


@rejected("jsonl_not_an_object.jsonl", "TD-101")
def array_line(path):
    return lines(path, EAST_KEYS, "[1, 2, 3]")


@rejected("jsonl_lone_surrogate.jsonl", "TD-101", "TD-109", why="No text that can be stored or shown.")
def lone_surrogate(path):
    return lines(path, EAST_KEYS, json.dumps(WEST_KEYS).replace("UBND", "\\ud800"))


@trap(
    "parquet_of_floats.parquet",
    form="coverage",
    read=3,
    problems=[("2", "TD-203"), ("3", "TD-201")],
    why="Data frames write an empty number as NaN.",
)
def float_counts(path):
    pl.DataFrame(
        {
            "org_code": ["24133", "24154", "24121"],
            "period": ["2026-03"] * 3,
            "population": [41250.0, 28600.5, float("nan")],
        }
    ).write_parquet(path)


@trap("parquet_nested_extra_column.parquet", form="coverage", read=2, ignored=["extra"])
def nested_column(path):
    pl.DataFrame(
        {
            "org_code": ["24133", "24154"],
            "period": ["2026-03"] * 2,
            "population": [41250, 28600],
            "extra": [{"a": [1]}, {"a": [2, 3]}],
        }
    ).write_parquet(path)


@trap(
    "parquet_moments_with_zone.parquet",
    form="dossier",
    org="24133",
    period="2026-04",
    read=1,
    values={"received_at": [datetime(2026, 4, 1, 0, 30)]},
    why="17:30 on 31 March in UTC is 1 April at the counter.",
)
def zoned_moments(path):
    pl.DataFrame(
        {
            "dossier_id": ["H66.1"],
            "procedure_code": ["1.000656"],
            "receiving_org_code": ["24133"],
            "received_at": pl.Series([datetime(2026, 3, 31, 17, 30)]).dt.replace_time_zone("UTC"),
            "channel": ["Trực tuyến"],
            "state": ["Đang xử lý"],
        }
    ).write_parquet(path)
