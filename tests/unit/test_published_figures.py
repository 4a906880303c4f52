"""The real published figures: every collected row is judged, and the committed F01 files follow the list."""

import calendar
import csv
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import build_published_figures as script
import pytest

PROJECT = Path(__file__).resolve().parents[2]
RAW = PROJECT / "data" / "raw"
PAGE = PROJECT / "docs" / "published-figures.md"
REFORM_ON = "2025-07-01"


def read_csv(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


@pytest.fixture(scope="module")
def figures() -> list[dict[str, str]]:
    return script.read_list()


@pytest.fixture(scope="module")
def kept(figures: list[dict[str, str]]) -> list[dict[str, str]]:
    return [figure for figure in figures if figure["decision"] == "kept"]


def committed_files() -> list[Path]:
    return sorted((RAW / "indicator_report").glob("*/*/*so-lieu-cong-bo.csv"))


def committed_lines() -> Iterator[tuple[Path, dict[str, str]]]:
    for path in committed_files():
        for line in csv.DictReader(io.StringIO(path.read_text(encoding="utf-8"))):
            yield path, line


def period_end(period: str) -> str:
    year, _, part = period.partition("-")
    month = {"": 12, "H1": 6, "H2": 12}.get(part) or (int(part[1]) * 3 if part[0] == "Q" else int(part))
    return f"{year}-{month:02d}-{calendar.monthrange(int(year), month)[1]:02d}"


def test_every_collected_row_is_judged_once(figures: list[dict[str, str]]) -> None:
    assert [int(figure["source_row"]) for figure in figures] == list(range(1, 203))
    assert {figure["decision"] for figure in figures} == {"kept", "left_out"}


def test_every_row_says_why_in_both_languages(figures: list[dict[str, str]]) -> None:
    for figure in figures:
        assert figure["reason_vi"].strip(), figure["source_row"]
        assert figure["reason_en"].strip(), figure["source_row"]
        assert (figure["reason_code"] == "kept") == (figure["decision"] == "kept")


def test_left_out_rows_carry_no_key(figures: list[dict[str, str]]) -> None:
    for figure in figures:
        if figure["decision"] == "left_out":
            assert not any(figure[column] for column in ("indicator_code", "org_code", "period", "note"))


def test_kept_rows_use_registered_indicators_in_their_unit(kept: list[dict[str, str]]) -> None:
    registry = {row["indicator_code"]: row for row in read_csv(RAW / "plans" / "indicators.csv")}
    units = {"percent": "%", "rank": "hạng", "score": "điểm", "index_0_1": "điểm (0-1)"}
    highest = {"percent": 100, "rank": 63, "score": 100, "index_0_1": 1}
    for figure in kept:
        indicator = registry[figure["indicator_code"]]
        assert figure["indicator_name"] == indicator["name_vi"]
        assert figure["report_unit"] == units[indicator["unit"]]
        assert 0 < Decimal(figure["value"]) <= highest[indicator["unit"]]


def test_accumulating_indicators_state_their_basis(kept: list[dict[str, str]]) -> None:
    registry = {row["indicator_code"]: row for row in read_csv(RAW / "plans" / "indicators.csv")}
    for figure in kept:
        if registry[figure["indicator_code"]]["over_time"] in {"ratio_of_sums", "sum_in_year"}:
            assert figure["basis"] in {"in_period", "year_to_date"}, figure["source_row"]


def test_no_two_kept_rows_share_a_key(kept: list[dict[str, str]]) -> None:
    keys = Counter((f["indicator_code"], f["org_code"], f["period"], f["basis"]) for f in kept)
    assert [key for key, count in keys.items() if count > 1] == []


def test_place_is_the_unit_in_force_at_the_end_of_the_period(kept: list[dict[str, str]]) -> None:
    """Codes are reused: 52 is Bình Định until the reform and Gia Lai after it."""
    units = read_csv(PROJECT / "dbt_project" / "seeds" / "reference" / "org_units.csv")
    for figure in kept:
        end = period_end(figure["period"])
        names = [
            unit["org_name_vi"]
            for unit in units
            if unit["org_code"] == figure["org_code"]
            and unit["valid_from"] <= end
            and (not unit["valid_to"] or unit["valid_to"] >= end)
        ]
        place = figure["org_name"].removesuffix(" (cũ)").removeprefix("TP. ")
        assert len(names) == 1, figure["source_row"]
        assert names[0].endswith(place), figure["source_row"]
        assert not (figure["org_name"].endswith("(cũ)") and end >= REFORM_ON)


def test_cutoff_lies_in_the_period(kept: list[dict[str, str]]) -> None:
    for figure in kept:
        if figure["data_cutoff"]:
            assert figure["data_cutoff"].startswith(figure["period"])
            assert figure["data_cutoff"] <= period_end(figure["period"])


def test_ranks_name_their_base(kept: list[dict[str, str]]) -> None:
    """A rank of 2024 counts among 63 provinces, of 2025 among 34: the units in force at period_end."""
    for figure in kept:
        if figure["report_unit"] == "hạng":
            base = 34 if period_end(figure["period"]) >= REFORM_ON else 63
            assert f"Hạng trong {base} tỉnh" in figure["note"], figure["source_row"]


def test_every_kept_row_is_in_exactly_one_file_and_no_line_is_extra(kept: list[dict[str, str]]) -> None:
    found = Counter(tuple(line.values()) for _, line in committed_lines())
    wanted = Counter(script.report_line(figure) for figure in kept)
    assert found == wanted
    assert set(found.values()) == {1}


def test_files_lie_where_their_lines_say(kept: list[dict[str, str]]) -> None:
    places = {(f["period"], f["org_code"]) for f in kept}
    assert {(path.parent.parent.name, path.parent.name) for path in committed_files()} == places
    for path, line in committed_lines():
        assert tuple(line) == script.HEADERS
        assert line["Mã đơn vị"] == path.parent.name
        assert line["Kỳ báo cáo"] == script.spell_period(path.parent.parent.name)
        assert line["Ghi chú"].startswith("Nguồn: http")


def test_file_names_carry_the_digest_of_their_contents() -> None:
    for path in committed_files():
        received_at, digest, name = path.name.split("__")
        assert received_at == "2026-11-22T000000+0700"
        assert digest == hashlib.sha256(path.read_bytes()).hexdigest()[:12]
        assert name == "so-lieu-cong-bo.csv"


def test_rebuilding_gives_identical_bytes(figures: list[dict[str, str]], tmp_path: Path) -> None:
    stale = (
        tmp_path / "indicator_report/2024/01" / "2026-11-22T000000+0700__000000000000__so-lieu-cong-bo.csv"
    )
    foreign = tmp_path / "indicator_report/2024/01" / "2026-12-01T080000+0700__111111111111__bao-cao.csv"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"an earlier state of the list")
    foreign.write_bytes(b"somebody else's submission")
    script.write_files(script.build_files(figures), tmp_path)
    rebuilt = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*.csv")}
    assert rebuilt.pop(foreign.relative_to(tmp_path)) == b"somebody else's submission"
    assert rebuilt == {path.relative_to(RAW): path.read_bytes() for path in committed_files()}


@pytest.mark.parametrize(
    ("plain", "spelt"),
    [("97.4", "97,4"), ("3", "3"), ("0.8241", "0,8241"), ("42.041", "42,0410"), ("", "")],
)
def test_numbers_are_spelt_so_that_no_comma_groups_thousands(plain: str, spelt: str) -> None:
    assert script.spell_number(plain) == spelt


@pytest.mark.parametrize(
    ("period", "spelt"),
    [
        ("2025-11", "11/2025"),
        ("2025-Q3", "Quý III/2025"),
        ("2026-H1", "6 tháng đầu năm 2026"),
        ("2024", "Năm 2024"),
    ],
)
def test_periods_are_spelt_as_reports_do(period: str, spelt: str) -> None:
    assert script.spell_period(period) == spelt


def test_page_gives_the_counts_of_the_list(figures: list[dict[str, str]]) -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\d+) \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)
    reasons = Counter(f["reason_code"] for f in figures if f["decision"] == "left_out")
    indicators = Counter(f["indicator_code"] for f in figures if f["decision"] == "kept")
    assert {name: int(count) for name, count in rows} == dict(reasons) | dict(indicators)
