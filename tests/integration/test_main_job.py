"""The main job end to end on small homes: real files, a real warehouse, the real command line."""

import json
import os
import shutil
import subprocess
import sys
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from installed import tiendo

from tiendo import pipeline as main_job
from tiendo.messages import TiendoError
from tiendo.publish.release import verify
from tiendo.quality.runner import CheckWorker
from tiendo.settings import PROJECT, SUITES, Home
from tiendo.warehouse import transform
from tiendo.warehouse.parsed import ParsedProject
from tiendo.warehouse.statements import Statements

DAY = ("--as-of", "2026-06-30", "--known-at", "2026-07-15T00:00+07:00")
COVERAGE_HEADER = "Mã đơn vị,Đơn vị,Kỳ báo cáo,Đơn vị cung cấp,Dân số,Dân số được phủ sóng 5G\n"


def submit_text(home: Path, name: str, text: str, received_at: str, *options: str, expect: int = 0) -> dict:
    file = home.parent / name
    file.write_text(text, encoding="utf-8")
    options = (*options, "--received-at", received_at, "--json")
    return json.loads(tiendo(home, "submit", str(file), *options, expect=expect).stdout)


def table(home: Path, name: str) -> pl.DataFrame:
    return pl.read_parquet(home / "data" / "curated" / "current" / f"{name}.parquet")


def parquet_bytes(home: Path) -> dict[str, bytes]:
    current = home / "data" / "curated" / "current"
    return {path.name: path.read_bytes() for path in sorted(current.glob("*.parquet"))}


@pytest.fixture(scope="module")
def worked_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Đắk Lắk's 5G coverage at 30% on 31/12/2025 and 55% on 30/06/2026, told by the province itself."""
    home = tmp_path_factory.mktemp("worked") / "home"
    home.mkdir()
    for period, covered, received in (
        ("12/2025", 300_000, "2026-01-05T09:00+07:00"),
        ("06/2026", 550_000, "2026-07-05T09:00+07:00"),
    ):
        row = f"66,Tỉnh Đắk Lắk,{period},Sở Khoa học và Công nghệ,1.000.000,{covered}\n"
        submit_text(home, f"bieu-04-{period.replace('/', '-')}.csv", COVERAGE_HEADER + row, received)
    tiendo(home, "refresh", *DAY, TIENDO_THREADS="2")
    return home


def test_worked_example(worked_home: Path) -> None:
    rows = table(worked_home, "indicator_progress").filter(
        (pl.col("org_code") == "66")
        & (pl.col("indicator_code") == "infra_5g_coverage")
        & (pl.col("period") == "2026-Q2")
    )
    near = rows.filter(pl.col("target") == 95).row(0, named=True)
    far = rows.filter(pl.col("milestone_on").dt.year() == 2030).row(0, named=True)
    assert near["actual"] == far["actual"] == 55
    assert round(near["expected_now"], 2) == 62.23
    assert round(near["schedule_ratio"], 3) == 0.776
    assert near["status"] == "at_risk"
    assert near["is_primary"]
    assert round(far["expected_now"], 2) == 36.94
    assert round(far["schedule_ratio"], 2) == 3.60
    assert far["status"] == "on_track"
    assert not far["is_primary"]
    assert near["status_reason"].startswith(
        "Đến 30/06/2026 đạt 55%, mức cần có là 62,23% để kịp mục tiêu 95%"
    )
    assert "95% dân số" in near["target_text"]


def test_refreshing_twice_changes_nothing_and_says_so(worked_home: Path) -> None:
    before = parquet_bytes(worked_home)
    shown = tiendo(worked_home, "refresh", *DAY)
    assert "Không có gì mới" in shown.stdout
    assert parquet_bytes(worked_home) == before
    assert len(list((worked_home / "data/curated/releases").glob("2*"))) == 1


def test_a_changed_threshold_is_replayed_and_named(worked_home: Path, tmp_path: Path) -> None:
    """The same month by another rule, beside the release in force, and what the rule changed."""
    for name in ("tiendo", "expectations", "dbt_project", "data/raw/plans"):
        unwanted = shutil.ignore_patterns("target", "logs")
        shutil.copytree(PROJECT / name, tmp_path / name, ignore=unwanted)
    for name in ("uv.lock", "pyproject.toml"):
        shutil.copy(PROJECT / name, tmp_path / name)
    seed = tmp_path / "dbt_project/seeds/rules/thresholds_seed.csv"
    old, new = "level_off_track,0.50,", "level_off_track,0.80,"
    assert old in seed.read_text(encoding="utf-8")
    seed.write_text(seed.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
    before = (worked_home / "data/curated/current").readlink().name

    program = [sys.executable, "-c", "from tiendo.cli import main; main()", "refresh", "--home", worked_home]
    months = ["--from", "2026-06", "--to", "2026-06", *DAY[2:], "--json"]
    settings = {**os.environ, "PYTHONPATH": str(tmp_path), "TIENDO_THREADS": "2"}
    shown = subprocess.run(
        [*program, *months], capture_output=True, text=True, env=settings, cwd=tmp_path, timeout=300
    )
    assert shown.returncode == 0, shown.stderr
    (month,) = json.loads(shown.stdout)
    assert (month["outcome"], month["other_release"]) == ("published", before)
    assert (worked_home / "data/curated/current").readlink().name == before

    asked = ("releases", "diff", before, month["release_id"])
    changed = json.loads(tiendo(worked_home, *asked, "--json", "--table", "thresholds").stdout)
    assert changed["other_inputs"] == {"seeds": ["rules/thresholds_seed.csv"]}
    row = next(item for item in changed["tables"] if item["table"] == "thresholds")
    assert "level_off_track" in json.dumps(row)
    figure = next(item for item in changed["figures"] if item["period"] == "2026-Q2")
    assert (figure["kind"], figure["because"]) == ("reflagged", ["seeds"])
    told = " ".join(tiendo(worked_home, *asked).stdout.split())
    assert "bảng quy tắc thay đổi (rules/thresholds_seed.csv)" in told


def test_a_missing_warehouse_is_rebuilt_saying_so(worked_home: Path) -> None:
    shutil.rmtree(worked_home / "data" / "warehouse")
    shown = tiendo(worked_home, "refresh", *DAY)
    assert "dựng lại từ data/raw" in shown.stdout


def test_pointers_left_half_switched_are_put_right(worked_home: Path) -> None:
    curated = worked_home / "data" / "curated"
    pointer, link = curated / "current.json", curated / "current"
    whole, target = pointer.read_text(encoding="utf-8"), link.readlink()
    pointer.write_text(
        whole.replace(json.loads(whole)["release_id"], "2020-01-01-0123456789"), encoding="utf-8"
    )
    assert "Không có gì mới" in tiendo(worked_home, "refresh", *DAY).stdout
    assert pointer.read_text(encoding="utf-8") == whole
    link.unlink()
    link.symlink_to("releases/gone")
    assert "Không có gì mới" in tiendo(worked_home, "refresh", *DAY).stdout
    assert link.readlink() == target


@pytest.mark.parametrize(
    ("arguments", "exit_code", "message"),
    [
        (("status", "--province", "99"), 2, "TD-707"),
        (("status", "--indicator", "typo"), 2, "TD-707"),
        (("refresh", "--as-of", "31/12/2026"), 2, "TD-702"),
        (("refresh", "--known-at", "0001-01-01"), 2, "TD-702"),
        (("releases", "show", "nope"), 2, "TD-607"),
        (("sql", "select * from read_csv('/etc/passwd')"), 2, "TD-605"),
        (("submit", "no-such-file.xlsx"), 2, "TD-101"),
    ],
)
def test_wrong_usage_is_answered_in_words(
    worked_home: Path, arguments: tuple[str, ...], exit_code: int, message: str
) -> None:
    assert message in tiendo(worked_home, *arguments, expect=exit_code).stderr


def test_a_home_that_cannot_be_one_is_answered_in_words(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_text("x", encoding="utf-8")
    assert "TD-406" in tiendo(file, "refresh", *DAY, expect=4).stderr
    assert "TD-706" in tiendo(tmp_path / "a[1]", "refresh", *DAY, expect=2).stderr


def test_the_registry_is_published_whole(worked_home: Path) -> None:
    asked = "select (select count(*) from plan_targets) targets, (select count(*) from plan_tasks) tasks, "
    asked += "(select count(*) from dim_indicator) indicators"
    shown = tiendo(worked_home, "sql", asked, "--format", "json")
    assert json.loads(shown.stdout) == [{"targets": 609, "tasks": 496, "indicators": 187}]
    units = table(worked_home, "dim_org_unit").filter(pl.col("is_current"))
    communes = units.filter(pl.col("org_level") == "commune")
    assert units.filter(pl.col("org_level") == "province").height == 34
    assert communes.height == 3321
    counts = dict(communes.group_by("province_code").len().iter_rows())
    assert (counts["68"], counts["66"], counts["75"]) == (124, 102, 95)
    former = table(worked_home, "dim_org_unit").filter(pl.col("valid_to") == pl.date(2025, 6, 30))
    assert former.height > 9_000


def test_bad_input_is_set_aside_and_the_rest_goes_on(worked_home: Path) -> None:
    home = worked_home
    rows = COVERAGE_HEADER + (
        "24133,Phường Buôn Ma Thuột,06/2026,UBND,40.000,39.000\n"
        "99999,Xã không có,06/2026,UBND,10.000,1.000\n"
        "24154,Phường Tân An,06/2026,UBND,hai vạn,1.000\n"
        "24163,Phường Tân Lập,06/2026,UBND,10.000,11.000\n"
    )
    receipt = submit_text(home, "bon-dong.csv", rows, "2026-07-06T09:00+07:00", expect=1)["receipts"][0]
    assert receipt["rows_read"] == 4
    assert receipt["rows_quarantined"] == 3
    assert {problem["rule_code"] for problem in receipt["problems"]} == {"TD-208", "TD-202", "TD-213"}
    empty = submit_text(home, "trong.csv", "", "2026-07-06T09:01+07:00", expect=1)["receipts"][0]
    unknown = submit_text(home, "la.csv", "a,b\n1,2\n", "2026-07-06T09:02+07:00", expect=1)["receipts"][0]
    assert (empty["status"], unknown["status"]) == ("rejected", "rejected")
    refused = submit_text(
        home, "ho-ten.csv", "Họ và tên," + COVERAGE_HEADER + "A,1,,,,,\n", "2026-07-06T09:03+07:00", expect=1
    )
    assert refused["refused"][0]["code"] == "TD-106"
    tiendo(home, "refresh", *DAY)
    ledger = table(home, "submissions")
    sums = ("rows_loaded", "rows_unchanged", "rows_superseded", "rows_quarantined")
    assert (ledger["rows_read"] == ledger.select(pl.sum_horizontal(sums)).to_series()).all()
    assert ledger["rows_quarantined"].sum() == 3
    assert ledger.filter(pl.col("status") == "rejected").height == 2
    quarantined = table(home, "quarantined_rows")
    assert quarantined["row_number"].to_list() == [3, 4, 5]
    assert quarantined["message_vi"].str.len_chars().min() > 20


def test_a_second_run_at_once_exits_with_3(worked_home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from tiendo.lock import run_lock;"
        "from tiendo.settings import Home\n"
        "with run_lock(Home(Path(sys.argv[1])), 'tiendo refresh'):\n"
        "    print('held', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, worked_home], stdout=subprocess.PIPE, text=True)
    try:
        assert holder.stdout is not None
        assert holder.stdout.readline().strip() == "held"
        shown = tiendo(worked_home, "refresh", *DAY, expect=3)
        assert "TD-401" in shown.stderr
        assert "tiendo refresh, tiến trình" in shown.stderr
    finally:
        holder.kill()
        holder.wait()
    # The system frees the lock of a killed run.
    tiendo(worked_home, "refresh", *DAY)


@pytest.fixture(scope="module")
def spoiled_home(worked_home: Path) -> Path:
    """A release, and since then two extracts that both hold one dossier: each passes the door by itself."""
    home = worked_home.parent / "spoiled"
    shutil.copytree(worked_home, home, symlinks=True)
    header = "Mã hồ sơ,Mã TTHC,Mã đơn vị tiếp nhận,Ngày tiếp nhận,Kênh tiếp nhận,Trạng thái\n"
    for month in ("05", "06"):
        row = f"H-1,1.001,24133,0{int(month)}/{month}/2026,Trực tuyến,Đang xử lý\n"
        submit_text(home, f"ho-so-{month}.csv", header + row, f"2026-07-0{int(month)}T10:00+07:00")
    return home


def refused(root: Path) -> TiendoError:
    """Why a refresh publishes nothing; the release before it must be untouched."""
    home = Home(root)
    before, ids = home.current.readlink(), sorted(path.name for path in home.releases.iterdir())
    moment = main_job.Moment(date.fromisoformat(DAY[1]), datetime.fromisoformat(DAY[3]))
    with pytest.raises(TiendoError) as caught:
        main_job.pipeline(home, moment)
    assert home.current.readlink() == before
    assert sorted(path.name for path in home.releases.iterdir()) == ids
    assert verify(home) == []
    assert "Bản phát hành trước vẫn giữ nguyên" in caught.value.way_out_vi
    return caught.value


@pytest.fixture
def suites_copy(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = shutil.copytree(SUITES, tmp_path / "suites")
    monkeypatch.setattr(main_job, "CheckWorker", partial(CheckWorker, folder))
    return folder


def test_a_broken_submission_and_a_misspelt_check_tell_what_would_be_wrong(
    spoiled_home: Path, suites_copy: Path
) -> None:
    path = suites_copy / "curated" / "dim_period.yml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("last_day(period_end)", "last_day(period_en)"), "utf-8"
    )
    error = refused(spoiled_home)
    assert (error.code, error.exit_code) == ("TD-502", 1)
    assert "dossier, Q-202 “Một mã hồ sơ không nằm trong hai bản trích xuất" in error.vi
    assert "2 dòng, như tệp ho-so-05.csv, dòng 2" in error.vi
    assert "tệp ho-so-06.csv, dòng 2" in error.vi
    assert "dossier_monthly" in error.vi
    assert "Số liệu chưa được kiểm tra:\n  • dim_period, Q-1804: error: " in error.vi
    page = spoiled_home / "data" / "warehouse" / "quality" / "rows" / "Q-202.html"
    assert "ho-so-06.csv" in page.read_text(encoding="utf-8")


def test_a_malformed_suite_stops_a_refresh_and_names_its_table(spoiled_home: Path, suites_copy: Path) -> None:
    (suites_copy / "raw" / "dossier.yml").write_text("name: raw.dossier\nexpectations: [", encoding="utf-8")
    error = refused(spoiled_home)
    assert (error.code, error.exit_code) == ("TD-503", 4)
    assert "bộ kiểm tra của bảng dossier hỏng" in error.vi


def test_a_broken_model_stops_a_refresh_and_names_the_tables_below(
    spoiled_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class BrokenProject(ParsedProject):
        """As an earlier refresh has read it, with one model spoiled, so that dbt need not read it again."""

        def load(self) -> Any:
            project = super().load()
            project.nodes["model.tiendo.stg_submissions"].raw_code = "select no_such_column"
            return project

        def statements(self, day: date) -> Statements | None:
            found = super().statements(day)
            return found and replace(found, listed=[replace(each, sql="select") for each in found.listed])

    invoke = transform.invoke
    monkeypatch.setattr(transform, "ParsedProject", BrokenProject)
    monkeypatch.setattr(transform, "invoke", lambda given, *more: invoke([*given, "--fail-fast"], *more))
    error = refused(spoiled_home)
    assert (error.code, error.exit_code) == ("TD-405", 4)
    assert "stg_submissions: " in error.vi
    assert "no_such_column" in error.vi
    affected = error.vi.partition("Bảng công bố bị ảnh hưởng: ")[2].rstrip(".").split(", ")
    assert {"indicator_progress", "submissions", "agency_scorecard"} <= set(affected)
    assert "dim_period" not in affected


def test_status_and_releases_are_readable(worked_home: Path) -> None:
    shown = tiendo(worked_home, "status")
    assert "Tỉnh Đắk Lắk" in shown.stdout
    listed = json.loads(tiendo(worked_home, "releases", "list", "--json").stdout)
    assert sum(release["is_current"] for release in listed) == 1
    manifest = json.loads(tiendo(worked_home, "releases", "show", "--json").stdout)
    assert manifest["as_of"] == "2026-06-30"
    tiendo(worked_home, "doctor")


def test_a_release_rolled_back_is_not_published_again_by_itself(worked_home: Path) -> None:
    home = worked_home.parent / "rolled_back"
    shutil.copytree(worked_home, home, symlinks=True)
    bad = (home / "data/curated/current").readlink().name
    good = next(path.name for path in (home / "data/curated/releases").glob("2*") if path.name != bad)
    shown = tiendo(home, "releases", "rollback", good, "--reason", "thiếu báo cáo")
    assert f"Bản hiện hành nay là {good}, thay cho {bad}" in shown.stdout
    shown = tiendo(home, "refresh", "--as-of", "2026-07-01", *DAY[2:])
    assert f"Bản {bad} đã bị thu hồi" in shown.stdout.replace("\n", " ")
    assert (home / "data/curated/current").readlink().name == good
    damaged = home / "data/curated/current/README.md"
    damaged.chmod(0o644)
    damaged.write_text("khác", encoding="utf-8")
    shown = tiendo(home, "releases", "verify", expect=1)
    assert "README.md" in shown.stdout
    listed = json.loads(tiendo(home, "releases", "list", "--json").stdout)
    told = {item["release_id"]: (item["is_current"], item["is_rolled_back"]) for item in listed}
    assert (told[good], told[bad]) == ((True, False), (False, True))
