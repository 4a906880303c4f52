"""Submitted plan annexes: rows they add can be reported on, and senders hear when one is not used."""

import csv
from pathlib import Path

import pytest

from tiendo.intake.landing import read_ledger, submit
from tiendo.pipeline import take_in
from tiendo.settings import SHIPPED_PLANS, Home
from tiendo.warehouse.annexes import annexes_not_used, known_references, submitted_annexes

PLAN = "tran-bien-2026-kh01"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return Home(tmp_path / "home")


def annex(folder: Path, table: str, **changes: str) -> Path:
    """The plan's annex as shipped, with one more row: the last one under another reference."""
    with (SHIPPED_PLANS / f"{table}.csv").open(encoding="utf-8", newline="") as stream:
        rows = [row for row in csv.DictReader(stream) if row["plan_id"] == PLAN]
    rows.append({**rows[-1], "row_ref": "them-1", **changes})
    file = folder / f"{table}.csv"
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return file


def evidence(folder: Path) -> Path:
    file = folder / "minh-chung.csv"
    file.write_text(
        "Mã minh chứng,Kế hoạch,Mã nhiệm vụ,Loại,Số ký hiệu,Ngày ký\n"
        f"MC-1,{PLAN},them-1,Báo cáo,12/BC,05/03/2026\n",
        encoding="utf-8",
    )
    return file


def send(home: Home, file: Path, **said: str):
    return submit(home, file, known_references(home), period="2026-03", **said)


def test_evidence_for_a_task_that_only_an_annex_names_waits_for_the_annex(home: Home, tmp_path: Path) -> None:
    early = send(home, evidence(tmp_path), org="26041")
    assert [problem["rule_code"] for problem in early.problems] == ["TD-222"]
    sent = send(home, annex(tmp_path, "plan_tasks"))
    assert sent.rows_quarantined == 0, sent.problems
    assert annexes_not_used(home, [sent.submission_id]) == []
    assert "them-1" in known_references(home).task_rows[PLAN]
    summary = take_in(home)
    assert (summary.landed, summary.rows_quarantined) == (1, 0)
    assert take_in(home).is_changed is False


def test_both_arriving_in_the_raw_folder_on_one_night_are_landed_once(home: Home, tmp_path: Path) -> None:
    send(home, evidence(tmp_path), org="26041")
    send(home, annex(tmp_path, "plan_tasks"))
    home.ledger.unlink()
    summary = take_in(home)
    assert (summary.landed, summary.rejected, summary.rows_quarantined) == (2, 0, 0)
    assert summary.problems == []


def test_the_sender_of_an_annex_the_registry_refuses_hears_it_at_once(home: Home, tmp_path: Path) -> None:
    sent = send(home, annex(tmp_path, "plan_targets", target_raw="≥ 96%", target_kind="equal"))
    (finding,) = annexes_not_used(home, [sent.submission_id])
    assert "TD-304" in finding.message_vi
    assert annexes_not_used(home, ["coverage_2026-03_24133_x"]) == []


OPEN = {"deadline_kind": "", "due_on": "", "start_on": "", "recurrence": ""}


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ({**OPEN, "deadline_raw": "Quý II/2026"}, ("quarter", "2026-06-30", None, None)),
        ({**OPEN, "deadline_raw": "Hằng quý"}, ("recurring", None, None, "quarterly")),
        ({**OPEN, "deadline_raw": "Giai đoạn 2026-2030"}, ("period", "2030-12-31", "2026-01-01", None)),
        ({**OPEN, "deadline_raw": "31/11/2026"}, (None, None, None, None)),
        ({**OPEN, "deadline_raw": "…", "due_on": "31/12/2026"}, (None, "2026-12-31", None, None)),
        (
            {
                **OPEN,
                "deadline_raw": "31/12/2026",
                "deadline_kind": "Thường xuyên",
                "recurrence": "Hằng tháng",
            },
            ("recurring", None, None, "monthly"),
        ),
    ],
)
def test_deadline_columns_left_open_are_read_from_the_text(
    home: Home, tmp_path: Path, given: dict[str, str], read: tuple[str | None, ...]
) -> None:
    sent = send(home, annex(tmp_path, "plan_tasks", **given))
    assert sent.rows_quarantined == 0, sent.problems
    (submitted,) = submitted_annexes(home, read_ledger(home))
    row = submitted.rows.filter(row_ref="them-1")
    assert row.select("deadline_kind", "due_on", "start_on", "recurrence").row(0) == read
    assert annexes_not_used(home, [sent.submission_id]) == []
