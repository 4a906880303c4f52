"""Tasks and agencies of the demo explained: for people in two languages, for programs, and asked wrongly."""

import json
from pathlib import Path

import pytest
from installed import tiendo

TASK = ("explain", "task", "dak-lak-2026-kh-bcd", "row-85")


def test_a_task_of_a_group_lists_first_who_is_not_done(demo_home: Path) -> None:
    found = json.loads(tiendo(demo_home, *TASK, "--json").stdout)
    done = [assignee["is_done"] for assignee in found["assignees"]]
    assert (sum(done), len(done)) == (87, 102)
    assert done == sorted(done)
    assert found["task"]["assignees_done"] == 87


def test_every_report_and_document_of_a_task_has_its_cells(demo_home: Path) -> None:
    found = json.loads(tiendo(demo_home, "explain", "task", "dak-lak-2026-kh-bcd", "row-34", "--json").stdout)
    sources = [row["source"] for row in (*found["assignees"], *found["evidence"])]
    assert [source["form"] for source in sources] == ["task_report", "evidence"]
    for source in sources:
        assert (demo_home / "data/raw" / source["raw_path"]).is_file()
        assert source["row"] > 1
        assert all(cell["cell"] for cell in source["cells"])
    assert [verdict["verdict"] for verdict in found["verdicts"]] == ["valid"]


def test_the_points_of_an_agency_add_up_to_its_score(demo_home: Path) -> None:
    found = json.loads(tiendo(demo_home, "explain", "agency", "dl_so_khcn", "--json").stdout)
    parts = [part for part in found["parts"] if part["share"] is not None]
    assert sum(part["score_points"] for part in parts) == pytest.approx(found["agency"]["score"], abs=0.01)
    for part in found["parts"]:
        counted = [item["points"] for item in part["items_listed"] if item["points"] is not None]
        assert len(counted) == part["items_counted"]
        assert sum(counted) == pytest.approx(part["points"] or 0)


def test_a_commune_sees_its_tasks_and_reports_and_no_score(demo_home: Path) -> None:
    said = tiendo(demo_home, "status", "--agency", "22015").stdout
    assert "Phường Tuy Hòa (22015)" in said
    assert "bảng điểm chỉ chấm cơ quan" in said
    found = json.loads(tiendo(demo_home, "status", "--agency", "22015", "--json").stdout)
    assert sum(state["tasks"] for state in found["tasks"]) > 0
    assert found["reports"]


def test_english_is_spoken_throughout(demo_home: Path) -> None:
    said = tiendo(demo_home, *TASK, "--lang", "en").stdout
    assert "State: In term" in said
    assert "Trạng thái:" not in said
    said = tiendo(demo_home, "status", "--agency", "dl_so_khcn", "--lang", "en").stdout
    assert "Score: " in said
    assert "Nhiệm vụ (" not in said


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        (("explain", "task", "dak-lak-2026-kh-bcd", "row-9999"), "TD-716"),
        (("explain", "task", "no-plan", "row-1"), "TD-716"),
        (("explain", "task", "dak-lak-2026-kh-bcd"), "TD-717"),
        (("explain", "infra_5g_coverage"), "TD-717"),
        (("explain", "task", "dak-lak-2026-kh-bcd", "row-85", "--place", "66"), "TD-717"),
        (("explain", "agency", "no_agency"), "TD-707"),
        (("status", "--agency", "x' or true --"), "TD-707"),
        (("remind", "--agency", "no_agency"), "TD-707"),
    ],
)
def test_what_is_asked_wrongly_is_told(asked: tuple[str, ...], code: str, demo_home: Path) -> None:
    refused = tiendo(demo_home, *asked, expect=2)
    assert refused.stderr.startswith(code)
