"""The front desk from the command line: exit codes, JSON as one object, nothing stored by a check."""

import json

import pytest
from intake_references import COVERAGE, coverage_row, workbook

from tiendo import cli


def run(monkeypatch, capsys, *arguments):
    """Exit code and standard output of a command."""
    monkeypatch.setattr("sys.argv", ["tiendo", *map(str, arguments)])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code or 0, capsys.readouterr().out


@pytest.fixture
def good(tmp_path):
    return workbook(tmp_path / "good.xlsx", COVERAGE, coverage_row())


@pytest.fixture
def bad(tmp_path):
    return workbook(tmp_path / "bad.xlsx", COVERAGE, coverage_row(), coverage_row("24154", population="x y"))


def test_a_check_stores_nothing_and_fails_where_a_row_would_be_quarantined(
    monkeypatch, capsys, tmp_path, good, bad
):
    home = tmp_path / "home"
    assert run(monkeypatch, capsys, "check", good, "--home", home)[0] == 0
    code, shown = run(monkeypatch, capsys, "check", bad, "--home", home, "--json")
    found = json.loads(shown)
    assert (code, found["rows_read"], found["rows_quarantined"]) == (1, 2, 1)
    assert found["problems"][0]["cell"] == "E3"
    assert not home.exists()


def test_a_check_in_words_says_cell_and_remedy(monkeypatch, capsys, tmp_path, bad):
    _, shown = run(monkeypatch, capsys, "check", bad, "--home", tmp_path / "home")
    assert "Biểu 04, E3" in shown
    assert "TD-202" in shown


def test_a_check_gives_the_marked_copy(monkeypatch, capsys, tmp_path, bad):
    target = tmp_path / "marked.xlsx"
    code, _ = run(monkeypatch, capsys, "check", bad, "--annotate", target, "--home", tmp_path / "home")
    assert (code, target.is_file()) == (1, True)


def test_inspect_needs_no_home_and_refuses_what_it_cannot_read(monkeypatch, capsys, tmp_path, bad):
    code, shown = run(monkeypatch, capsys, "inspect", bad, "--json")
    assert (code, json.loads(shown)["format"]) == (0, "xlsx")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(b"PK\x03\x04 no workbook")
    assert run(monkeypatch, capsys, "inspect", broken)[0] == 1
    assert run(monkeypatch, capsys, "inspect", tmp_path / "none.xlsx")[0] == 2


def test_submit_prints_a_receipt_for_paper_too(monkeypatch, capsys, tmp_path, bad):
    page = tmp_path / "receipt.html"
    code, shown = run(
        monkeypatch, capsys, "submit", bad, "--home", tmp_path / "home", "--receipt", page, "--json"
    )
    receipt = json.loads(shown)["receipts"][0]
    assert (code, receipt["rows_quarantined"]) == (1, 1)
    assert receipt["sha256"] in page.read_text(encoding="utf-8")
    code, _ = run(
        monkeypatch, capsys, "submit", bad, "--home", tmp_path / "home", "--receipt", tmp_path / "a.pdf"
    )
    assert code == 2


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["F04", "--org", "24133", "--period", "2026-03", "-o", "a.xlsx"], 0),
        (["F99", "-o", "a.xlsx"], 2),
        (["F04", "--org", "99999", "-o", "a.xlsx"], 2),
        (["F04", "--period", "giữa năm", "-o", "a.xlsx"], 2),
        (["F04", "-o", "a.csv"], 2),
    ],
)
def test_template_by_number_with_known_units_only(monkeypatch, capsys, tmp_path, arguments, code):
    monkeypatch.chdir(tmp_path)
    found, _ = run(monkeypatch, capsys, "template", *arguments, "--home", tmp_path / "home")
    assert found == code
    assert (tmp_path / "a.xlsx").is_file() == (code == 0)
