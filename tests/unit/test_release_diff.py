"""What changed between two releases: every kind of change, and the submission behind it."""

import json
import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from small_releases import Row, Tables, figure, part, sent, task, write_release
from typer.testing import CliRunner

from tiendo.cli import app
from tiendo.messages import TiendoError
from tiendo.publish.diff.comparison import Comparison, compare_releases, find_pair
from tiendo.publish.diff.page import diff_page
from tiendo.publish.diff.words import Words
from tiendo.publish.log import append
from tiendo.settings import Home

OLD, NEW = "2026-09-30-aaaaaaaaaa", "2026-09-30-bbbbbbbbbb"
Compare = Callable[..., Comparison]


@pytest.fixture
def compare(tmp_path: Path) -> Compare:
    """Compares two releases made of these tables; keyword arguments are the later one's manifest."""

    def compared(before: Tables, after: Tables, table: str | None = None, **manifest: Any) -> Comparison:
        folders = (
            write_release(tmp_path / OLD, before),
            write_release(tmp_path / NEW, after, **manifest),
        )
        return compare_releases(*folders, table)

    return compared


def told(found: Comparison) -> list[tuple[str, str, list[tuple[str, str]], list[str]]]:
    """Of each number: place, kind, roles of submissions, other reasons."""
    return [
        (
            each["org_code"],
            each["kind"],
            [(cause["role"], cause["submission_id"]) for cause in each["causes"]],
            each["because"],
        )
        for each in found.figures
    ]


def progress(*rows: Row, **tables: Any) -> Tables:
    return {"indicator_progress": rows, **tables}


def story() -> tuple[Tables, Tables]:
    """One unit for each way in which a number changes, by files alone; a2 is of a province."""
    of_sum = {"indicator_code": "sum"}
    before = [
        figure("66", 50.0, **of_sum), figure("a2", 40.0, submission_id="a2-old", **of_sum),
        figure("b", 40.0, submission_id="b"), figure("c", 40.0, submission_id="c-new"),
        figure("d", 40.0, submission_id="d"), figure("e", 40.0, "2026-10", basis="year_to_date"),
        figure("f", 40.0, "2026-10"), figure("g", 40.0), figure("h", 40.0, maturity="estimate"),
        figure("i", 40.0), figure("j", 40.0), figure("l", None, numerator=0),
    ]  # fmt: skip
    lower = {"target": 30, "target_text": "30%", "adjusted_by": "9/QĐ", "status": "off_track"}
    after = [
        figure("66", 55.0, **of_sum),
        figure("a2", 60.0, submission_id="a2-new", status="off_track", **of_sum),
        figure("b", None), figure("c", 30.0, submission_id="c-old"),
        figure("d", 41.0, submission_id="d"), figure("e", 41.0, "2026-10", basis="year_to_date"),
        figure("f", 41.0, "2026-10"), figure("g", 40.0, **lower), figure("h", 40.0),
        figure("i", 40.0), figure("i", 40.0, plan_id="kh-2", is_primary=False),
        figure("j", 40.0, coverage_share=0.9), figure("k", 40.0, submission_id="k"),
        figure("l", None, numerator=1),
    ]  # fmt: skip
    old_files = [sent(name) for name in ("a2-old", "c-old", "d", "e-old")]
    of_g = sent("g-adjusted", "plan_adjustment", "66", day=4)
    return progress(
        *before,
        submissions=[*old_files, sent("b", org="b"), sent("c-new", org="c", day=2)],
        indicator_parts=[
            part("a2", 40.0, "a2-old") | of_sum, part("c", 40.0, "c-new"), part("d", 40.0, "d"),
            part("e", 1.0, "e-old", "2026-08"), part("f", 1.0, "e-old", "2026-08"),
        ],
    ), progress(
        *after,
        submissions=[
            *old_files, sent("b", org="b", status="withdrawn"), sent("b-back", "withdrawal", "b", day=3),
            sent("c-new", org="c", day=2, status="withdrawn"), sent("c-back", "withdrawal", "c", day=3),
            sent("c-back-2", "withdrawal", "c", day=4),
            sent("a2-new", day=2), sent("d-right", "correction", day=2), sent("e-new", day=2), of_g,
            sent("k"),
        ],
        indicator_parts=[
            part("a2", 60.0, "a2-new") | of_sum, part("c", 30.0, "c-old"), part("d", 41.0, "d"),
            part("e", 2.0, "e-new", "2026-08"), part("f", 2.0, "e-new", "2026-08"),
        ],
        corrected_cells=[{"submission_id": "d-right", "corrected_submission_id": "d", "is_applied": True}],
    )  # fmt: skip


@pytest.fixture(scope="module")
def found(tmp_path_factory: pytest.TempPathFactory) -> Comparison:
    folder = tmp_path_factory.mktemp("story")
    before, after = story()
    return compare_releases(write_release(folder / OLD, before), write_release(folder / NEW, after))


@pytest.mark.parametrize(
    ("org", "kind", "causes", "because"),
    [
        pytest.param("66", "revised", [("sent", "a2-new")], [], id="province by its part"),
        pytest.param("a2", "revised", [("sent", "a2-new")], [], id="later file"),
        pytest.param("b", "removed", [("withdrawal", "b-back"), ("withdrawn", "b")], [], id="withdrawn"),
        pytest.param(
            "c",
            "revised",
            [
                *(("withdrawal_likely", name) for name in ("c-back-2", "c-back")),
                ("withdrawn", "c-new"),
                ("reinstated", "c-old"),
            ],
            [],
            id="the file before a withdrawn one counts again",
        ),
        pytest.param("d", "revised", [("correction", "d-right")], [], id="corrected cell"),
        pytest.param("e", "revised", [("sent", "e-new")], [], id="earlier month in a year to date"),
        pytest.param("f", "revised", [], ["submissions"], id="earlier month is no part of a month"),
        pytest.param(
            "g", "retargeted", [("adjustment", "g-adjusted")], ["submissions"], id="likely, not named"
        ),
        pytest.param("h", "reflagged", [], ["submissions"], id="other maturity"),
        pytest.param("i", "opened", [], ["submissions"], id="new plan over an old number"),
        pytest.param("k", "added", [("sent", "k")], [], id="new number"),
    ],
)
def test_each_number_has_its_change_and_its_cause(
    found: Comparison, org: str, kind: str, causes: list[tuple[str, str]], because: list[str]
) -> None:
    of_org = [(each, *more) for each, *more in told(found) if each == org]
    assert of_org == [(org, kind, causes, because)]


def test_totals_and_submissions_count_numbers_once(found: Comparison) -> None:
    counts = {
        "revised": 6, "added": 1, "removed": 1, "retargeted": 1, "reflagged": 1, "opened": 1, "derived": 2,
    }  # fmt: skip
    assert found.totals["figures"] == counts
    assert found.by_province() == [{"province_code": "66", **counts}]
    effects = {each["submission_id"]: (each["fate"], each["figures"]) for each in found.submissions}
    assert effects["a2-new"] == ("arrived", {"revised": 2})
    assert effects["b"] == ("withdrawn", {"removed": 1})
    assert effects["g-adjusted"] == ("arrived", {})
    page = diff_page(found)
    assert "95% đến 31/12/2026 → 30% đến 31/12/2026 (9/QĐ)" in page
    assert "không đổi số nào" in page
    assert page == diff_page(found)


def test_equal_releases_have_no_difference(compare: Compare) -> None:
    tables, _ = story()
    found = compare(tables, tables)
    assert (found.totals, found.tables, found.submissions) == ({"figures": {}, "tasks": {}}, (), ())
    assert found.other_inputs == {}


def test_read_backwards_the_later_files_are_not_known(compare: Compare) -> None:
    earlier, later = story()
    causes = {org: roles for org, _, roles, _ in told(compare(later, earlier))}
    assert causes["a2"] == [("departed", "a2-new"), ("reinstated", "a2-old")]
    assert causes["k"] == [("departed", "k")]
    assert causes["b"] == [("reinstated", "b")]


def test_a_new_period_and_changed_rules_are_no_work_of_submissions(compare: Compare) -> None:
    old, files = figure("24133", 40.0, submission_id="s1"), [sent("s1"), sent("s0")]
    after = progress(
        old | {"status": "off_track"}, figure("24133", 45.0, "2026-10", submission_id="s0"), submissions=files
    )
    changed = {"as_of": "2026-10-31", "seeds": {"thresholds_seed": "u"}}
    found = compare(progress(old, submissions=files), after, **changed)
    assert told(found) == [
        ("24133", "added", [("source", "s0")], ["new_period"]),
        ("24133", "reflagged", [], ["as_of", "seeds"]),
    ]
    page = diff_page(found)
    assert "1 số mới là của kỳ kết thúc giữa hai ngày ấy: có vì thời gian trôi qua" in page
    assert "bảng quy tắc thay đổi (thresholds_seed)" in page


def test_what_is_not_known_is_said(compare: Compare, tmp_path: Path) -> None:
    found = compare(progress(figure("24133", 40.0)), progress(figure("24133", 41.0)))
    assert told(found) == [("24133", "revised", [], ["unexplained"])]
    manifest = json.loads((tmp_path / OLD / "manifest.json").read_text("utf-8"))
    del manifest["seeds"]
    (tmp_path / OLD / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    assert told(compare_releases(tmp_path / OLD, tmp_path / NEW))[0][3] == ["undeclared"]


def test_tasks_change_by_reports_evidence_and_decisions(compare: Compare) -> None:
    def proof(submission_id: str) -> Row:
        return {"evidence_ref": "E", "plan_id": "kh-1", "row_ref": "2", "submission_id": submission_id}

    before: Tables = {
        "task_progress": [task("1", 10, "t1"), task("2", 10, "t1"), task("3", 10, "t1"), task("4", 1, "t1")],
        "evidence_register": [proof("e1")],
        "submissions": [sent("t1", "task_report", "66"), sent("e1", "evidence", "66")],
    }
    after: Tables = {
        "task_progress": [
            task("1", 60, "t2"), task("2", 10, "t1", evidence_verdict="accepted"),
            task("3", 10, "t1", due_on=date(2027, 1, 31), adjusted_by="9/QĐ"),
        ],
        "evidence_register": [proof("e2")],
        "submissions": [
            *before["submissions"],
            *(sent(name, form, "66", day=2) for name, form in (
                ("t2", "task_report"), ("e2", "evidence"), ("a1", "plan_adjustment"),
            )),
        ],
    }  # fmt: skip
    found = compare(before, after)
    assert [
        (each["row_ref"], each["kind"], [cause["submission_id"] for cause in each["causes"]])
        for each in found.tasks
    ] == [
        ("1", "revised", ["t2"]),
        ("2", "reflagged", ["e2"]),
        ("3", "retargeted", ["a1"]),
        ("4", "removed", ["a1"]),
    ]
    assert "hạn: 31/12/2026 → 31/01/2027" in diff_page(found)


def test_every_table_is_counted_and_one_is_listed_in_full(compare: Compare) -> None:
    def agencies(name: str, codes: range) -> list[Row]:
        return [{"agency_code": f"{code:03}", "agency_name_vi": name} for code in codes]

    before, after = agencies("cũ", range(50)), agencies("mới", range(10, 55))
    found = compare({"dim_agency": before}, {"dim_agency": after}, "dim_agency")
    change = next(each for each in found.tables if each.table == "dim_agency")
    assert (change.added, change.removed, change.changed, change.columns) == (
        5,
        10,
        40,
        {"agency_name_vi": 40},
    )
    assert len(change.rows) == 55
    assert change.rows[0] == {
        "change": "changed", "key": {"agency_code": "010"}, "values": {"agency_name_vi": ["cũ", "mới"]},
    }  # fmt: skip
    assert "dim_status" in found.equal_tables


def test_another_grain_and_other_columns_are_said(compare: Compare, tmp_path: Path) -> None:
    tables = progress(figure("24133", 40.0))
    compare(tables, tables)
    path = tmp_path / NEW / "datapackage.json"
    package = json.loads(path.read_text("utf-8"))
    for resource in package["resources"]:
        if resource["name"] == "dim_agency":
            resource["schema"]["grain"] = ["agency_name_vi"]
        if resource["name"] == "dim_status":
            resource["schema"]["fields"] = resource["schema"]["fields"][:2]
    path.write_text(json.dumps(package), "utf-8")
    agency, status = compare_releases(tmp_path / OLD, tmp_path / NEW).tables
    assert (agency.table, agency.is_compared) == ("dim_agency", False)
    assert (status.table, status.columns_removed) == ("dim_status", ("label_en",))


def test_what_senders_wrote_stays_text_on_the_page(compare: Compare) -> None:
    bad = "<script>alert('x')</script>"
    before = progress(figure("24133", 40.0), task_progress=[task("1", 10, "t1", title_vi=bad)])
    after = progress(
        figure("24133", 41.0, org_name_vi=bad, target_text=bad),
        figure(bad, 41.0, indicator_name_vi=bad),
        task_progress=[task("1", 11, "t1", title_vi=bad, reported_state=bad)],
        submissions=[sent(bad, bad, bad, file_name=bad, period=bad)],
        dim_agency=[{"agency_code": bad}],
    )
    found = compare(before, after, versions={bad: "2"})
    for language in ("vi", "en"):
        page = diff_page(found, language)
        assert "<script" not in page
        assert page.count("&lt;script&gt;") > 8
    assert diff_page(found) == diff_page(found)


def test_a_long_page_leaves_out_the_smallest_and_says_how_many(compare: Compare) -> None:
    codes = [f"{code:05}" for code in range(130)]
    new = [figure(code, 40.001 + int(code) / 100) for code in codes]
    found = compare(progress(*(figure(code, 40.0) for code in codes)), progress(*new))
    page = diff_page(found)
    assert "và 30 dòng nữa" in page
    assert "Đơn vị 00030" in page
    assert "Đơn vị 00029" not in page
    assert [each["org_code"] for each in json.loads(found.to_json())["figures"]] == codes[::-1]
    assert Words(found, "vi").values(found.figures[-1]) == ("40%", "40,001%")


def test_damaged_and_unknown_releases_are_named(compare: Compare, tmp_path: Path) -> None:
    tables = progress(figure("24133", 40.0))
    compare(tables, tables)
    with pytest.raises(TiendoError, match="TD-624"):
        compare_releases(tmp_path / OLD, tmp_path / NEW, "no_such_table")
    (tmp_path / NEW / "dim_status.parquet").write_bytes(b"half")
    with pytest.raises(TiendoError, match="TD-622"):
        compare_releases(tmp_path / OLD, tmp_path / NEW)


@pytest.fixture
def home(tmp_path: Path) -> Home:
    """A home with two releases, the second in force."""
    home = Home(tmp_path / "home")
    ledger = [sent("s1"), sent("s2", day=2)]
    for name, value, count in ((OLD, 40.0, 1), (NEW, 60.0, 2)):
        rows = progress(figure("24133", value, submission_id=f"s{count}"), submissions=ledger[:count])
        write_release(home.releases / name, rows, known_at=f"2026-10-0{count}T00:00:00+07:00")
        append(home, "published", release_id=name)
    home.current.symlink_to(Path("releases") / NEW)
    return home


def test_previous_is_the_release_in_force_before(home: Home) -> None:
    assert [folder.name for folder in find_pair(home, "previous", "current")] == [OLD, NEW]
    home.release_log.unlink()
    assert [folder.name for folder in find_pair(home, "previous", "current")] == [OLD, NEW]
    shutil.rmtree(home.releases / OLD)
    with pytest.raises(TiendoError, match="TD-620"):
        find_pair(home, "previous", "current")


def test_the_command_writes_table_json_and_page(home: Home, tmp_path: Path) -> None:
    def run(*words: str) -> str:
        done = CliRunner().invoke(app, ["releases", "diff", *words, "--home", str(home.root)])
        assert done.exit_code == 0, done.output
        return done.output

    shown = run()
    assert "40% → 60%" in shown
    assert "lần nộp s2" in " ".join(shown.split())
    assert json.loads(run("--json"))["totals"]["figures"] == {"revised": 1}
    run(OLD, NEW, "-o", str(tmp_path / "a.html"))
    assert "40%" in (tmp_path / "a.html").read_text("utf-8")
    assert "No number and no task changed." in run("current", "current", "--lang", "en")


@pytest.mark.parametrize(
    ("words", "code"),
    [(("-o", "x.pdf"), "TD-621"), (("-o", "no/such/x.html"), "TD-623"), (("current", "../x"), "TD-607")],
)
def test_wrong_options_are_explained(home: Home, words: tuple[str, ...], code: str) -> None:
    refused = CliRunner().invoke(app, ["releases", "diff", *words, "--home", str(home.root)])
    assert isinstance(refused.exception, TiendoError)
    assert (refused.exception.code, refused.exception.exit_code) == (code, 2)
