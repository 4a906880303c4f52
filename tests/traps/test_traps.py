"""Every trap through the real door: what is read, taken, left out, found and refused; the rows add up."""

import unicodedata
from datetime import datetime
from decimal import Decimal

import polars as pl
import pytest
from build_traps import TRAPS, build

from tiendo.intake.landing import read_ledger, submit
from tiendo.messages import TiendoError
from tiendo.references import load_references
from tiendo.settings import SHIPPED_PLANS, Home


@pytest.fixture(scope="module")
def references():
    return load_references(SHIPPED_PLANS)


def stored(folder):
    return sorted(path for path in folder.rglob("*") if path.is_file()) if folder.exists() else []


@pytest.mark.parametrize("name", TRAPS)
def test_trap(name, tmp_path, references):
    outcome = TRAPS[name].outcome
    home = Home(tmp_path / "home")
    (file,) = build(tmp_path / "sent", name)
    if outcome.after:
        (before,) = build(tmp_path / "sent", outcome.after)
        submit(home, before, references, received_at=datetime(2026, 4, 4, 8))
    moment = datetime(2026, 4, outcome.received, 8, 15)
    if outcome.status == "refused":
        with pytest.raises(TiendoError) as caught:
            submit(home, file, references, received_at=moment, **outcome.options)
        assert caught.value.code in outcome.code
        assert stored(home.raw) == []
        assert stored(home.landing) == []
        return
    receipt = submit(home, file, references, received_at=moment, **outcome.options)
    assert_told(receipt, outcome)
    assert_rows_add_up(home, receipt, outcome)
    if receipt.status == "landed":
        assert_landed(home, receipt, outcome)
        kept = home.raw / receipt.raw_path
        assert kept.resolve().is_relative_to(home.raw.resolve())
        assert kept.read_bytes() == file.read_bytes()
        assert kept.name.isprintable()


def assert_told(receipt, outcome):
    rejection = receipt.rejection.text() if receipt.rejection else ""
    assert receipt.status == outcome.status, rejection
    if outcome.status == "rejected":
        assert receipt.rejection.code in outcome.code, rejection
        assert outcome.says in rejection
        assert receipt.rejection.en
    for name in ("form", "period"):
        expected = getattr(outcome, name)
        assert expected in (None, getattr(receipt, name))
    assert outcome.org in (None, receipt.org_code)
    assert set(outcome.ignored) <= set(receipt.ignored_headers)
    assert {notice.code for notice in receipt.notices} == set(outcome.notices)
    found = {(place_of(problem, outcome), problem["rule_code"]) for problem in receipt.problems}
    assert found == set(outcome.problems)


def place_of(problem, outcome):
    """The cell where one is asserted for this row, else the row alone."""
    row = str(problem["row_number"])
    return row if any(place == row for place, _ in outcome.problems) else problem["cell"]


def assert_rows_add_up(home, receipt, outcome):
    loaded = receipt.rows_loaded + receipt.rows_unchanged + receipt.rows_superseded
    assert receipt.rows_read == loaded + receipt.rows_quarantined
    assert (receipt.rows_read, receipt.rows_quarantined) == (outcome.read, outcome.quarantined)
    assert (receipt.rows_unchanged, receipt.rows_superseded) == (outcome.unchanged, outcome.superseded)
    row = read_ledger(home).filter(pl.col("submission_id") == receipt.submission_id).row(0, named=True)
    assert row["rows_read"] == row["rows_landed"] + row["rows_quarantined"] == outcome.read
    if outcome.left_out:
        left_out = {left.row_number: left.kind for left in receipt.left_out}
        assert left_out == outcome.left_out
        assert row["rows_left_out"] == len(outcome.left_out)


def assert_landed(home, receipt, outcome):
    folder = home.landing / receipt.form / receipt.period / receipt.org_code
    frame = pl.read_parquet(folder / f"{receipt.submission_id}.parquet")
    assert frame.height == outcome.read - outcome.quarantined
    for name, dtype in frame.schema.items():
        for value in frame[name].drop_nulls() if dtype == pl.String else ():
            assert unicodedata.is_normalized("NFC", value)
            assert not any(unicodedata.category(c) in {"Cc", "Cs"} and c not in "\n\t" for c in value)
    for name, expected in outcome.values.items():
        assert [plain(value) for value in frame[name]] == [plain(value) for value in expected], name
    if outcome.lines:
        settled = dict(
            frame.filter(pl.col("line_key").is_in(list(outcome.lines))).select("line_key", "settled").rows()
        )
        assert settled == {key: Decimal(value) for key, value in outcome.lines.items()}


def plain(value):
    return " ".join(value.split()) if isinstance(value, str) else value


def test_every_trap_is_a_file_of_its_own(tmp_path):
    assert len(TRAPS) >= 75
    first = [path.read_bytes() for path in build(tmp_path / "a", *sorted(TRAPS)[:40])]
    again = [path.read_bytes() for path in build(tmp_path / "b", *sorted(TRAPS)[:40])]
    assert first == again
