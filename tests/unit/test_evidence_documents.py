"""Documents that a register of evidence names: hashed in their folder alone, told where they fail."""

import hashlib
import json
import os
import unicodedata
from datetime import datetime

import polars as pl
import pytest
from intake_references import COVERAGE, REFERENCES, coverage_row, delimited

from tiendo import cli
from tiendo.desk import documents
from tiendo.desk.documents import Document, hash_documents, submit_documents
from tiendo.intake.landing import intake, read_ledger, submit
from tiendo.intake.store import parse_raw_path
from tiendo.messages import TiendoError
from tiendo.settings import Home

REGISTER = ["Mã minh chứng", "Kế hoạch", "Mã nhiệm vụ", "Ngày ký", "Ngày nộp", "Tên tệp", "Mã băm SHA-256"]
CONTENT = b"%PDF-1.7 b\xc3\xa1o c\xc3\xa1o"
HASH = hashlib.sha256(CONTENT).hexdigest()
OTHER = hashlib.sha256(b"other").hexdigest()
MOMENT = datetime(2026, 4, 5, 8, 15)


@pytest.fixture
def folder(tmp_path):
    path = tmp_path / "minh-chung"
    path.mkdir()
    (path / "a.pdf").write_bytes(CONTENT)
    return path


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def line(name, ref="MC1", sha256="", row="row-1"):
    return [ref, "dak-lak-2026", row, "25/03/2026", "27/03/2026", name, sha256]


def send(home, folder, *lines, moment=MOMENT):
    """The receipts of a register with these lines, and of the hashes of its documents."""
    register = delimited(folder.parent / "so.csv", REGISTER, *lines)
    receipt = submit(home, register, REFERENCES, received_at=moment)
    return submit_documents(home, [receipt], folder, REFERENCES, moment)


def landed(home, receipt):
    """The landed rows of a receipt."""
    return pl.read_parquet(parse_raw_path(receipt.raw_path).landing_path(home))


def told(receipt):
    return [(notice.code, notice.place.row) for notice in receipt.notices]


def test_a_document_is_hashed_and_its_content_stays_outside(home, folder):
    register, hashes = send(home, folder, line("a.pdf"))
    assert (register.notices, hashes.form, hashes.rows_loaded) == ((), "evidence_document", 1)
    assert (hashes.org_code, hashes.period, hashes.received_at) == ("66", "2026-03", register.received_at)
    row = landed(home, hashes).row(0, named=True)
    assert (row["evidence_ref"], row["plan_id"], row["row_ref"]) == ("MC1", "dak-lak-2026", "row-1")
    assert (row["file_name"], row["outcome"], row["sha256"], row["size_bytes"]) == (
        "a.pdf", "hashed", HASH, len(CONTENT),
    )  # fmt: skip
    assert not [path for path in home.root.rglob("*") if path.is_file() and CONTENT in path.read_bytes()]


def test_the_same_register_with_the_same_documents_is_unchanged(home, folder):
    send(home, folder, line("a.pdf"))
    again = send(home, folder, line("a.pdf"), moment=datetime(2026, 4, 6, 8, 15))
    assert [receipt.status for receipt in again] == ["unchanged", "unchanged"]
    (folder / "a.pdf").write_bytes(b"other")
    register, hashes = send(home, folder, line("a.pdf"), moment=datetime(2026, 4, 7, 8, 15))
    assert (register.status, hashes.status, hashes.rows_replaced) == ("unchanged", "landed", 1)
    assert landed(home, hashes)["sha256"].to_list() == [OTHER]


def test_what_lies_under_raw_rebuilds_the_same_hashes(home, folder):
    _, hashes = send(home, folder, line("a.pdf"))
    before = landed(home, hashes)
    home.ledger.unlink()
    parse_raw_path(hashes.raw_path).landing_path(home).unlink()
    intake(home, REFERENCES)
    assert read_ledger(home)["form"].sort().to_list() == ["evidence", "evidence_document"]
    assert landed(home, hashes).equals(before)


def test_a_missing_document_is_told_once_with_its_row_and_the_others_are_hashed(home, folder):
    register, hashes = send(
        home, folder, line("a.pdf"), line("b.pdf", "MC2"), line("b.pdf", "MC2", row="row-2")
    )
    assert told(register) == [("TD-231", 3)]
    message = register.notices[0].text("vi")
    assert "'b.pdf' không có trong thư mục" in message
    assert "tệp so.csv, dòng 3, cột Tên tệp" in message
    assert landed(home, hashes)["outcome"].to_list() == ["hashed", "missing", "missing"]


def test_a_hash_that_differs_from_the_register_is_told(home, folder):
    register, hashes = send(home, folder, line("a.pdf", sha256=OTHER), line("a.pdf", "MC2", HASH.upper()))
    assert told(register) == [("TD-232", 2)]
    assert landed(home, hashes)["sha256"].to_list() == [HASH, HASH]


def test_a_register_without_file_names_or_another_form_has_nothing_to_hash(home, folder):
    assert len(send(home, folder, line(""))) == 1
    other = submit(home, delimited(folder.parent / "bieu04.csv", COVERAGE, coverage_row()), REFERENCES)
    assert submit_documents(home, [other], folder, REFERENCES) == [other]


def test_rows_in_quarantine_are_not_hashed(home, folder):
    register, hashes = send(home, folder, line("a.pdf"), line("b.pdf", "MC2", row="row-99"))
    assert (register.rows_quarantined, register.notices, hashes.rows_read) == (1, (), 1)


def test_a_register_that_names_a_marked_document_is_refused_and_nothing_of_it_stored(home, folder):
    register = delimited(folder.parent / "so.csv", REGISTER, line("a.pdf"), line("BC_MAT.pdf", row="row-99"))
    with pytest.raises(TiendoError, match="TD-107") as refused:
        submit(home, register, REFERENCES)
    assert "MAT" not in refused.value.text()
    assert not home.raw.exists()


def test_evidence_of_an_unknown_unit_is_hashed_as_well(home, folder):
    lines = [
        ["Mã minh chứng", "Mã chỉ tiêu", "Tên tệp", "Số ký hiệu"],
        ["MC1", "startup_new", "a.pdf", "1/BC"],
    ]
    register = submit(home, delimited(folder.parent / "so.csv", *lines), REFERENCES, form="evidence")
    _, hashes = submit_documents(home, [register], folder, REFERENCES)
    assert (hashes.org_code, hashes.period, hashes.rows_loaded) == (register.org_code, register.period, 1)


@pytest.mark.parametrize(
    "name",
    [
        "../secret.pdf", "/etc/passwd", "sub/in.pdf", "..\\secret.pdf", "C:\\secret.pdf", ".", "..",
    ],
)  # fmt: skip
def test_no_name_leads_out_of_the_folder(home, folder, name):
    (folder.parent / "secret.pdf").write_bytes(CONTENT)
    (folder / "sub").mkdir()
    (folder / "sub/in.pdf").write_bytes(CONTENT)
    register, hashes = send(home, folder, line(name))
    assert told(register) == [("TD-233", 2)]
    assert landed(home, hashes).select("outcome", "sha256").rows() == [("bad_name", None)]


def test_links_folders_and_pipes_are_no_documents(folder):
    (folder.parent / "secret.pdf").write_bytes(CONTENT)
    (folder / "link.pdf").symlink_to(folder.parent / "secret.pdf")
    (folder / "inner.pdf").symlink_to(folder / "a.pdf")
    (folder / "broken.pdf").symlink_to(folder / "none.pdf")
    (folder / "sub").mkdir()
    os.mkfifo(folder / "pipe.pdf")
    names = ["link.pdf", "inner.pdf", "broken.pdf", "sub", "pipe.pdf"]
    found = hash_documents(folder, names)
    assert {found[name].outcome for name in names} == {"not_a_file"}
    assert {found[name].sha256 for name in names} == {None}


def test_an_empty_and_a_huge_document_are_told_and_not_read(home, folder, monkeypatch):
    (folder / "empty.pdf").touch()
    huge = folder / "huge.pdf"
    with huge.open("wb") as file:
        file.truncate(documents.MAX_DOCUMENT_BYTES + 1)
    monkeypatch.setattr(hashlib, "file_digest", lambda *_: pytest.fail("was read"))
    register, hashes = send(home, folder, line("empty.pdf"), line("huge.pdf", "MC2"))
    assert told(register) == [("TD-235", 2), ("TD-236", 3)]
    sizes = [("empty", 0), ("too_large", documents.MAX_DOCUMENT_BYTES + 1)]
    assert landed(home, hashes).select("outcome", "size_bytes").rows() == sizes


def test_a_document_that_cannot_be_read_is_told(folder, monkeypatch):
    def fails(*_):
        raise OSError

    monkeypatch.setattr(hashlib, "file_digest", fails)
    assert hash_documents(folder, ["a.pdf"]) == {"a.pdf": Document("unreadable", None, len(CONTENT))}
    monkeypatch.setattr(os, "open", fails)
    assert hash_documents(folder, ["a.pdf"]) == {"a.pdf": Document("unreadable")}


def test_accents_may_be_composed_or_not(folder):
    (folder / unicodedata.normalize("NFD", "báo cáo.pdf")).write_bytes(CONTENT)
    assert hash_documents(folder, ["báo cáo.pdf"])["báo cáo.pdf"].sha256 == HASH


def run(monkeypatch, capsys, *arguments):
    monkeypatch.setattr("sys.argv", ["tiendo", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0, capsys.readouterr()


def test_submit_with_documents_from_the_command_line(monkeypatch, capsys, tmp_path, folder):
    rows = [
        ["MC1", "dak-lak-2026-kh-bcd", "row-5", "25/03/2026", "27/03/2026", name, ""] for name in ("a.pdf",)
    ]
    register = delimited(tmp_path / "so.csv", REGISTER, *rows)
    options = ("--home", tmp_path / "home", "--documents", folder)
    code, shown = run(monkeypatch, capsys, "submit", register, *options, "--json")
    assert (code, [receipt["form"] for receipt in json.loads(shown.out)["receipts"]]) == (
        0,
        ["evidence", "evidence_document"],
    )
    (folder / "a.pdf").unlink()
    code, shown = run(monkeypatch, capsys, "submit", register, *options)
    assert code == 1
    assert "TD-231" in shown.out
    code, shown = run(monkeypatch, capsys, "submit", register, *options[:2], "--documents", folder / "none")
    assert code == 2
    assert "TD-713" in shown.err
