"""Long extracts are read, digested and landed by libraries and several at once: with the same results."""

import hashlib
import shutil
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from time import sleep

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from intake_references import DOSSIER, REFERENCES, delimited, dossier_row

from tiendo.intake import digests
from tiendo.intake.batches import files_at_once, in_order
from tiendo.intake.contract_model import Column, Contract
from tiendo.intake.landing import intake, submit
from tiendo.intake.long_text import read_rows
from tiendo.intake.quick_values import read_quickly
from tiendo.intake.texts import coded, joined, texts_of, used_texts, where, with_above
from tiendo.intake.values import parse_cell
from tiendo.settings import Home

MOMENTS = st.datetimes(datetime(1880, 1, 1), datetime(2120, 1, 1))
SPELLINGS = (
    "%d/%m/%Y %H:%M",
    "%d/%m/%Y %H:%M:%S",
    "%d/%m/%Y",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S.%f",
    "%Y-%m-%d",
)
# Nearly a moment: other marks, impossible days, a minute too many, a line break at the end.
NEARLY = st.from_regex(r"[0-3]?[0-9][/. -][01]?[0-9][/.]\d{4}( [0-2]?[0-9][:h][0-6][0-9](:[0-6][0-9])?)?\n?")
CODES = st.text(st.sampled_from("abE19.-/ '#ế\u00a0\u200b\n\t\u0410\u0415"), max_size=8) | st.sampled_from(
    ["#REF!", "Err:508", "err:508", "#N/A", "'0113", "H15.01-2603 05-0001", " x", "x ", "a  b"]
)


def column(type_):
    return Column("c", type_, "Cột", "Column")


@given(
    st.lists(NEARLY | CODES | st.builds(datetime.strftime, MOMENTS, st.sampled_from(SPELLINGS)), min_size=1)
)
@example(["31/12/2025 23:59:60", "31/11/2025", "29/02/2025 08:00", "01/01/2026 24:00", "0001-01-01"])
@settings(max_examples=80, deadline=None)
def test_what_is_read_quickly_is_what_is_read_cell_by_cell(texts):
    for type_ in ("timestamp", "date", "code", "text"):
        quick = read_quickly(pl.Series(texts, dtype=pl.String), column(type_))
        assert quick.dtype == column(type_).dtype
        for text, value in zip(texts, quick, strict=True):
            assert value is None or value == parse_cell(text, column(type_)), (type_, text)


@given(st.datetimes(datetime(1900, 1, 1), datetime(2099, 12, 31)), st.sampled_from(SPELLINGS))
@settings(max_examples=60, deadline=None)
def test_the_common_spellings_are_all_read_quickly(moment, spelling):
    text = moment.strftime(spelling)
    assert read_quickly(pl.Series([text]), column("timestamp")).to_list() == [
        parse_cell(text, column("timestamp"))
    ]
    assert read_quickly(pl.Series(["H15.01-260305-0001", "24133"]), column("code")).null_count() == 0


def test_other_columns_are_left_to_the_slow_parser():
    assert read_quickly(pl.Series(["1", "2"]), column("integer")) is None


TEXTS = st.lists(st.sampled_from(["", " ", "Có", "x", "24133", "ế", "a,b"]), max_size=12)


@given(st.lists(TEXTS, min_size=1, max_size=3), TEXTS)
@settings(max_examples=60, deadline=None)
def test_a_column_of_texts_kept_once_is_the_column(pieces, above):
    def once(texts):
        kept = list(dict.fromkeys([*texts, "stands in no row"]))
        return coded(pl.Series([kept.index(text) for text in texts], dtype=pl.UInt32), pl.Series(kept))

    rows = [text for piece in pieces for text in piece]
    whole = joined([once(piece) for piece in pieces])
    assert whole.to_list() == rows
    assert with_above(above, whole).to_list() == [*above, *rows]
    used, codes = used_texts(whole)
    assert sorted(used) == sorted(set(rows))
    assert used.gather(codes).to_list() == rows
    assert where(whole, lambda texts: texts == "x").to_list() == [text == "x" for text in rows]
    assert set(texts_of(whole)) >= set(rows)


def contract(*columns):
    return Contract("f", "F99", "Biểu", "Form", columns, ("c",), ("id",))


def row_of(**values):
    kinds = {"id": "code", "n": "integer", "d": "decimal", "b": "boolean", "day": "date", "at": "timestamp"}
    columns = [Column(name, kind, name, name, pseudonym=name == "id") for name, kind in kinds.items()]
    frame = pl.DataFrame([pl.Series(c.name, [values.get(c.name), None], dtype=c.dtype) for c in columns])
    return frame, contract(*columns)


@given(
    st.text(max_size=9).filter(lambda text: text.encode("utf-8", "ignore").decode() == text),
    st.integers(-9, 9),
    st.booleans(),
    st.dates(date(1900, 1, 1), date(2100, 1, 1)),
    MOMENTS,
)
@settings(max_examples=8, deadline=None)
def test_many_rows_have_the_digests_of_few(text, number, answer, day, moment):
    key = b"k" * 32
    values = {"id": text, "n": number, "d": Decimal(number) / 8, "b": answer, "day": day, "at": moment}
    frame, form = row_of(**values)
    few = digests.with_pseudonyms_and_hash(frame, form, key)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(digests, "FEW_ROWS", 0)
        patch.setattr(digests, "_AT_ONCE", 1)
        many = digests.with_pseudonyms_and_hash(frame, form, key)
        assert digests.with_hash(few, form).equals(few)
    assert many.equals(few)
    assert few["id"].to_list() == [hashlib.sha256(key + text.encode()).hexdigest()[:32], None]
    assert few["row_hash"].str.contains("^[0-9a-f]{32}$").all()


def test_a_digest_tells_every_cell_and_its_place():
    frames = [row_of(**{name: value})[0] for name, value in (("id", "1"), ("n", 1), ("d", 1), ("b", True))]
    frames.append(row_of(id="1\x1f1")[0])
    found = [digests.with_hash(frame, row_of()[1])["row_hash"][0] for frame in frames]
    assert len(set(found)) == len(found)


def test_the_key_decides_the_digest():
    frame, form = row_of(id="H66.1")
    one, other = (digests.with_pseudonyms_and_hash(frame, form, key * 32)["id"][0] for key in (b"a", b"b"))
    assert one != other


# --- whole files


def extract(path: Path, rows: int, first: int = 0) -> Path:
    """An extract with what senders do wrong, a title above and a header that stands again."""
    lines = [
        dossier_row(first + n, completed=f"{n % 28 + 1:02d}/04/2026 {n % 24:02d}:{n % 60:02d}:{n % 59:02d}")
        for n in range(rows)
    ]
    wrong = {3: (2, "99999"), 5: (3, "31/11/2025"), 7: (6, "Chờ"), 9: (0, ""), 11: (4, "5/3/2026 7h30")}
    for at, (place, text) in wrong.items():
        lines[rows - at][place] = text
    lines[rows - 13] = list(lines[rows - 14])
    lines[rows - 15][0] = lines[rows - 16][0]
    lines[rows - 17] = DOSSIER
    lines[rows - 19] = [""] * len(DOSSIER)
    return delimited(path, ["Trích xuất hồ sơ"], [], DOSSIER, *lines)


def landed(home: Home) -> dict[str, bytes]:
    files = (path for path in home.warehouse.rglob("*") if path.is_file())
    return {path.relative_to(home.warehouse).as_posix(): path.read_bytes() for path in files}


def test_a_long_extract_lands_as_a_short_one_does(tmp_path, monkeypatch):
    file = extract(tmp_path / "a.csv", 700)
    home = Home(tmp_path / "home")
    receipt = submit(home, file, REFERENCES, received_at=datetime(2026, 4, 5))
    assert (receipt.rows_read, receipt.rows_quarantined, len(receipt.left_out)) == (698, 8, 1)
    before = landed(home)
    for path in before:
        if path != "pseudonym.key":
            (home.warehouse / path).unlink()
    for module in ("cells", "code_rules", "digests", "rules"):
        monkeypatch.setattr(f"tiendo.intake.{module}.FEW_ROWS", 0)
    monkeypatch.setattr("tiendo.intake.received.LONG_TEXT", 0)
    monkeypatch.setattr("tiendo.intake.received._HEAD_BYTES", 20_000)
    read: list[int] = []

    def watched(source, start, *given):
        read.append(start)
        return read_rows(source, start, *given)

    monkeypatch.setattr("tiendo.intake.delimited.read_rows", watched)
    intake(home, REFERENCES)
    assert len(read) == 1
    assert landed(home) == before


def test_files_landed_at_once_are_as_if_landed_one_by_one(tmp_path, monkeypatch):
    home = Home(tmp_path / "home")
    for day in range(5):
        file = extract(tmp_path / f"{day}.csv", 60 - day, 1_000 * day)
        submit(home, file, REFERENCES, received_at=datetime(2026, 4, 5 + day))
    spoilt = sorted(home.raw.rglob("*.csv"))[2]
    spoilt.write_bytes(spoilt.read_bytes() + b"x")
    found = []
    for at_once in (1, 3):
        monkeypatch.setattr("tiendo.intake.scan.files_at_once", lambda _paths, n=at_once: n)
        for path in (home.landing, home.ledger):
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        told: list[tuple[int, int]] = []
        summary = intake(home, REFERENCES, lambda done, total, told=told: told.append((done, total)))
        assert told == [(done, 5) for done in range(1, 6)]
        found.append((landed(home), summary.submission_ids, [str(item.text()) for item in summary.problems]))
        assert (summary.landed, summary.rejected) == (4, 1)
    assert found[0] == found[1]


def test_results_come_in_order_and_a_fault_stops_what_follows():
    begun: list[int] = []

    def work(number: int) -> int:
        begun.append(number)
        sleep(0.002 * (number % 3))
        if number == 7:
            raise ValueError(number)
        return number

    given: list[int] = []
    with pytest.raises(ValueError, match="7"):
        given.extend(in_order(work, range(50), 3))
    given = []
    with pytest.raises(ValueError, match="7"):
        for number in in_order(work, range(50), 3):
            given.append(number)
    assert given == list(range(7))
    assert max(begun) < 15


def test_as_many_files_at_once_as_threads_and_memory_allow(tmp_path, monkeypatch):
    paths = [tmp_path / f"{n}.csv" for n in range(4)]
    for path in paths:
        with path.open("wb") as file:
            file.truncate(100 * 2**20)
    monkeypatch.setenv("TIENDO_THREADS", "3")
    monkeypatch.setenv("TIENDO_MEMORY", "64GiB")
    assert files_at_once(paths) == 3
    monkeypatch.setenv("TIENDO_MEMORY", "1700MiB")
    assert files_at_once(paths) == 2
    assert files_at_once(paths[:1]) == 1
    small = tmp_path / "small.csv"
    small.write_bytes(b"x")
    assert files_at_once([small] * 300) == 1
