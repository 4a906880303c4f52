"""Reminders say what the release says, once each, and a hostile title stays text."""

import json
from datetime import date
from pathlib import Path

import pytest
from docx import Document
from owing_home import HOSTILE, owing_home
from typer.testing import CliRunner

from tiendo.cli import app
from tiendo.messages import TiendoError
from tiendo.report.mailing import prepare
from tiendo.report.reminders import Item, lateness, message_of, plan_number, said
from tiendo.settings import Home


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home of its own for each test."""
    return owing_home(tmp_path)


def test_an_agency_is_told_what_it_owes_and_nothing_that_is_done_or_carried_over(home: Home) -> None:
    found = {item.reminder.agency_code: item for item in prepare(home)}
    assert {code: item.reminder.counts for code, item in found.items()} == {
        "so_a": {"overdue": 1, "due_soon": 1, "missing_report": 1},
        "so_b": {"pending_evidence": 1},
        "so_c": {"appraisal": 1},
    }
    told = found["so_a"].message.read_text(encoding="utf-8")
    assert (
        f"Kế hoạch 02-KH/BCĐ, r1 | {HOSTILE} | hạn 30/10/2026 (quá 1 ngày); đã báo cáo 60% (kỳ 2026-09)"
        in told
    )
    assert "Đề án | hạn 10/11/2026 (còn 10 ngày); chưa có báo cáo" in told
    assert "Báo cáo gửi Văn phòng | hạn 19/09/2026 (quá 42 ngày); 2 kỳ, từ 2026-08 đến 2026-09" in told
    assert "9/QĐ MC-1 | nộp ngày 20/10/2026, đã chờ 11 ngày" in found["so_c"].body


def test_a_document_nobody_known_appraises_waits_for_the_issuer_of_the_plan(tmp_path: Path) -> None:
    home = owing_home(
        tmp_path,
        """insert into evidence_register values
            ('MC-3', 'p', 'r1', '7/QĐ', 'Ban Chỉ đạo tỉnh', '2026-10-21', 10, '66', '66'),
            ('MC-4', 'p', 'r1', '6/QĐ', 'Hội đồng thẩm định', '2026-10-22', 9, '66', '66')""",
    )
    (item,) = prepare(home, agency="66")
    assert "Kính gửi Ban Chỉ đạo tỉnh," in item.body
    assert "7/QĐ MC-3 | nộp ngày 21/10/2026, đã chờ 10 ngày\n" in item.body
    assert (
        "6/QĐ MC-4 | nộp ngày 22/10/2026, đã chờ 9 ngày, sổ ghi nơi thẩm định: Hội đồng thẩm định"
        in item.body
    )


def test_done_without_evidence_is_told_what_is_missing(tmp_path: Path) -> None:
    home = owing_home(
        tmp_path,
        """insert into task_assignee_progress values
            ('p', 'r1', 'so_e', 'Sở E', 'overdue', null, null, 100, '2026-10', 'done', 'agency'),
            ('p', 'r2', 'so_e', 'Sở E', 'due_soon', null, null, 12.5, '2026-10', 'in_progress', 'agency')""",
    )
    (item,) = prepare(home, agency="so_e")
    assert "đã báo cáo hoàn thành (kỳ 2026-10), chưa nộp minh chứng" in item.body
    assert "đã báo cáo 12,5% (kỳ 2026-10)" in item.body


@pytest.mark.parametrize(
    ("number", "shown"),
    [("-KH/BCĐ", "…-KH/BCĐ"), ("/KH-UBND", "…/KH-UBND"), ("02-KH/BCĐ", "02-KH/BCĐ"), (None, "")],
)
def test_a_number_left_blank_in_the_plan_shows_the_blank(number: str | None, shown: str) -> None:
    assert plan_number(number) == shown


def test_who_only_waits_for_others_gets_a_message_and_no_letter(home: Home) -> None:
    letters = {item.reminder.agency_code: item.letter for item in prepare(home)}
    assert letters["so_b"] is None
    assert letters["so_a"] is not None


def test_the_letter_holds_each_item_once_and_markup_stays_text(home: Home) -> None:
    (item,) = prepare(home, agency="so_a")
    letter = Document(str(item.letter))
    rows = [[cell.text for cell in row.cells] for table in letter.tables for row in table.rows]
    said_of = [row for row in rows if row[0] == "1"]
    assert [row[2] for row in said_of] == [HOSTILE, "Đề án", "Báo cáo gửi Văn phòng"]
    whole = "\n".join(paragraph.text for paragraph in letter.paragraphs)
    assert "Kính gửi: Sở A" in whole
    assert "{" not in whole
    assert "MÔ PHỎNG" not in whole
    assert rows[0][0] == "BAN CHỈ ĐẠO TỈNH"


def test_a_letter_goes_out_in_the_name_of_who_issued_the_newest_plan(tmp_path: Path) -> None:
    home = owing_home(
        tmp_path,
        "insert into dim_plan values ('old', '49/KH-UBND', 'UBND tỉnh', '2025-06-01')",
        "insert into task_progress values ('old', 'r9', 'Việc cũ', '2025-09-30', null)",
        """insert into task_assignee_progress values
            ('old', 'r9', 'so_a', 'Sở A', 'overdue', null, null, null, null, null, 'agency')""",
    )
    (item,) = prepare(home, agency="so_a")
    assert item.reminder.items["overdue"][0].plan == "49/KH-UBND"
    assert item.reminder.issuer == "Ban Chỉ đạo tỉnh"


def test_an_agency_that_owes_nothing_gets_nothing_and_an_unknown_one_is_named(home: Home) -> None:
    assert prepare(home, agency="so_d") == []
    with pytest.raises(TiendoError, match="TD-707"):
        prepare(home, agency="so_x' or true --")


def test_a_letter_template_that_is_no_word_file_is_refused(home: Home, tmp_path: Path) -> None:
    template = tmp_path / "mau.docx"
    template.write_text("không phải Word")
    with pytest.raises(TiendoError, match="TD-714"):
        prepare(home, template=template)


def test_what_was_sent_is_not_sent_again_and_synthetic_figures_never(home: Home) -> None:
    first, waiting, _ = prepare(home)
    assert first.is_to_be_sent
    assert not waiting.is_to_be_sent
    first.note_delivery(None)
    again, *_ = prepare(home)
    assert again.is_sent
    assert not again.is_to_be_sent
    again.receipt.unlink()
    again.note_delivery("không kết nối được")
    assert not again.is_sent
    again.reminder.is_synthetic = True
    assert not again.is_to_be_sent
    assert message_of(again.reminder)[0].startswith("[SỐ LIỆU MÔ PHỎNG] ")


@pytest.mark.parametrize(
    ("due_on", "words"),
    [
        (date(2026, 10, 30), " (quá 1 ngày)"),
        (date(2026, 10, 31), " (hôm nay)"),
        (date(2026, 11, 1), " (còn 1 ngày)"),
    ],
)
def test_lateness_is_counted_from_the_day_after_the_deadline(due_on: date, words: str) -> None:
    assert lateness(due_on, date(2026, 10, 31)) == words


def test_an_item_without_plan_or_day_reads_well() -> None:
    assert said(Item("", "", "Báo cáo", None, ""), date(2026, 10, 31)) == "Báo cáo"


def test_the_command_writes_and_sends_nothing_by_itself(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TIENDO_REMINDER_BLOCK", raising=False)
    shown = CliRunner().invoke(app, ["remind", "--home", str(home.root)])
    assert shown.exit_code == 0
    assert "Chưa gửi cho ai" in shown.output
    told = CliRunner().invoke(app, ["remind", "--home", str(home.root), "--json", "--agency", "so_a"])
    (record,) = json.loads(told.stdout)
    assert record["overdue"] == 1
    assert Path(record["letter"]).exists()
    refused = CliRunner().invoke(app, ["remind", "--home", str(home.root), "--send"])
    assert isinstance(refused.exception, TiendoError)
    assert refused.exception.code == "TD-715"
