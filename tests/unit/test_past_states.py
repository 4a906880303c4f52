"""What submissions held before: each correction and withdrawal ends one state and begins the next."""

from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import polars as pl
import pytest
from intake_references import COVERAGE, REFERENCES, coverage_row, delimited

from tiendo.intake.landing import read_ledger, submit
from tiendo.intake.receipts import Receipt
from tiendo.settings import Home
from tiendo.warehouse.database import known_submissions
from tiendo.warehouse.past import Past, past_states

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
CORRECTION = ["Mã lần nộp", "Trang tính", "Ô", "Giá trị cũ", "Giá trị mới", "Lý do", "Số văn bản", "Ngày ký"]
WITHDRAWAL = ["Mã lần nộp được rút", "Lý do", "Số văn bản", "Ngày ký"]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def send(home: Home, day: int, header: list[str], *rows: list[object]) -> Receipt:
    file = delimited(home.root.parent / f"{day}.csv", header, *rows)
    return submit(home, file, REFERENCES, received_at=datetime(2026, 4, day, 8, tzinfo=ZONE))


def correct(home: Home, day: int, submission_id: str, new: str) -> str:
    row = [submission_id, "", "F2", "400", new, "Ghi nhầm", f"{day}/UBND", "01/04/2026"]
    return send(home, day, CORRECTION, row).submission_id


def withdraw(home: Home, day: int, submission_id: str) -> str:
    return send(home, day, WITHDRAWAL, [submission_id, "Nộp nhầm", f"{day}/UBND", "01/04/2026"]).submission_id


def past(home: Home) -> Past:
    known = known_submissions(home, read_ledger(home), datetime(2026, 5, 1, tzinfo=ZONE))
    return past_states(home, known, REFERENCES)


def told(found: Past) -> list[tuple[int, int, int | None, str, str | None]]:
    """Number, first and last day, and what began and ended each state."""
    return [
        (
            row["state_number"],
            row["known_from"].day,
            row["known_to"] and row["known_to"].day,
            row["changed_by"],
            row["ended_by"],
        )
        for row in found.states.sort("state_number").iter_rows(named=True)
    ]


def covered(found: Past) -> list[int]:
    return [pl.read_parquet(path)["population_5g"].item() for path in found.files.get("coverage", [])]


def test_what_nobody_touched_has_no_past(home: Home) -> None:
    send(home, 5, COVERAGE, coverage_row())
    assert past(home).states.is_empty()


def test_each_correction_ends_a_state(home: Home) -> None:
    sent = send(home, 5, COVERAGE, coverage_row()).submission_id
    first, second = correct(home, 7, sent, "410"), correct(home, 9, sent, "420")
    found = past(home)
    assert told(found) == [
        (0, 5, 7, sent, first),
        (1, 7, 9, first, second),
        (2, 9, None, second, None),
    ]
    assert covered(found) == [400, 410]


def test_a_withdrawal_ends_a_state_and_its_own_withdrawal_begins_another(home: Home) -> None:
    sent = send(home, 5, COVERAGE, coverage_row()).submission_id
    out = withdraw(home, 7, sent)
    assert told(past(home)) == [(0, 5, 7, sent, out)]
    again = withdraw(home, 9, out)
    found = past(home)
    assert told(found) == [(0, 5, 7, sent, out), (1, 9, None, again, None)]
    assert covered(found) == [400]


def test_a_withdrawn_correction_gives_the_landed_value_back(home: Home) -> None:
    sent = send(home, 5, COVERAGE, coverage_row()).submission_id
    first = correct(home, 7, sent, "410")
    out = withdraw(home, 9, first)
    found = past(home)
    assert told(found) == [(0, 5, 7, sent, first), (1, 7, 9, first, out), (2, 9, None, out, None)]
    assert covered(found) == [400, 410]


def test_what_comes_later_than_the_moment_asked_for_has_changed_nothing(home: Home) -> None:
    sent = send(home, 5, COVERAGE, coverage_row()).submission_id
    correct(home, 7, sent, "410")
    known = known_submissions(home, read_ledger(home), datetime(2026, 4, 6, tzinfo=ZONE))
    assert past_states(home, known, REFERENCES).states.is_empty()
