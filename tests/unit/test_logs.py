"""The log says which run did what, in JSON, and nothing of persons or secrets; it stays small."""

import json
import logging.handlers
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pytest

from tiendo import logs
from tiendo.logs import close_log, masked, tell, tell_problem
from tiendo.messages import Place, TiendoError
from tiendo.runs import RunRecord, Trigger
from tiendo.settings import Home
from tiendo.warehouse.soundness import forget_warehouse

PERSON = "Nguyễn Thị Hồng"
RAW = f"coverage/2026-03/24133/2026-04-05T081500+0700__0a1b2c3d4e5f__{PERSON} 0912.345.678.xlsx"


def begun(root: Path, trigger: Trigger | None = None) -> RunRecord:
    return RunRecord.begin(Home(root), date(2026, 10, 31), datetime(2026, 10, 31, tzinfo=UTC), trigger)


def lines(root: Path) -> list[dict[str, Any]]:
    text = (Home(root).logs / "tiendo.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def directly(step: Any, *arguments: Any) -> Any:
    return step(*arguments)


def test_each_line_bears_the_run_and_the_step_it_belongs_to(tmp_path: Path) -> None:
    first, second = Trigger("tiendo refresh"), Trigger("tiendo rebuild")
    for trigger in (first, second):
        with begun(tmp_path, trigger) as record:
            record.step("load", directly, tell, "loaded", "three tables")
            record.finish("published", "2026-10-31-0123456789")
    found = lines(tmp_path)
    assert [line["run_id"] for line in found] == [first.run_id] * 5 + [second.run_id] * 5
    assert [(line["event"], line["step"]) for line in found[:5]] == [
        ("run_started", None), ("step_started", "load"), ("loaded", "load"), ("step_finished", "load"),
        ("run_finished", None),
    ]  # fmt: skip
    assert found[3]["fields"]["seconds"] >= 0
    assert found[4]["fields"]["release_id"] == "2026-10-31-0123456789"
    assert {name for line in found for name in line} == {
        "at", "level", "run_id", "step", "event", "message", "fields",
    }  # fmt: skip


def test_a_failed_run_is_found_by_its_code(tmp_path: Path) -> None:
    with pytest.raises(TiendoError), begun(tmp_path) as record:
        record.step("check", directly, _refuse)
    failed = [line for line in lines(tmp_path) if line["event"] == "run_failed"]
    assert [(line["level"], line["fields"]["code"]) for line in failed] == [("warning", "TD-502")]


def _refuse() -> None:
    raise TiendoError("TD-502", "Chưa đạt.", "Checks failed.")


def test_nothing_of_persons_or_secrets_is_in_the_log(tmp_path: Path) -> None:
    secrets = (PERSON, "Hồng", "0912", "matkhau", "hook-secret", "001099012345", "an.nguyen", "Bí mật")
    with pytest.raises(TiendoError), begun(tmp_path):
        damaged = f"Tệp {PERSON}.xlsx hỏng."
        for problem in (
            TiendoError("TD-101", damaged, damaged, place=Place(RAW, row=7)),
            TiendoError("TD-112", "…", "…", place=Place(f"{PERSON}/ghi chu")),
        ):
            tell_problem(problem)
        tell(
            "delivered",
            "to https://an.nguyen:matkhau/1@mail.tinh.gov.vn/x and https://chat.vn/hook-secret?token=matkhau",
            to="an.nguyen@tinh.gov.vn",
            header="Authorization: Bearer matkhau",
            card="CCCD 001099012345",
            phone="+84 912 345 678",
            path=Path(f"/srv/{PERSON}.xlsx"),
        )
        raise PermissionError(13, "Permission denied", f"data/raw/{RAW}")
    text = (Home(tmp_path).logs / "tiendo.jsonl").read_text(encoding="utf-8")
    assert [secret for secret in secrets if secret in text] == []
    assert "__0a1b2c3d4e5f__…" in text
    assert "TD-406" in text
    (told,) = [line for line in lines(tmp_path) if line["fields"].get("row") == 7]
    assert told["fields"]["code"] == "TD-101"


@pytest.mark.parametrize(
    "text",
    [
        "2026-10-31-0123456789", "20261031-010002-5f3a", "2026-10-31T01:00:02.123456+07:00",
        "indicator_progress", "coverage_2026-03_24133_20260405T081500_0a1b2c3d4e5f", "TD-502", "12.5",
    ],
)  # fmt: skip
def test_identifiers_and_moments_are_left_as_they_are(text: str) -> None:
    assert masked(text) == text


def test_nothing_is_written_outside_a_run(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    close_log()
    tell("lost", "said to nobody", is_warning=True)
    begun(tmp_path).finish("nothing_new", "x")
    tell("lost", "said to nobody", is_warning=True)
    assert "lost" not in {line["event"] for line in lines(tmp_path)}
    assert capfd.readouterr() == ("", "")


def test_the_log_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logs, "MOST_BYTES", 2_000)
    for _ in range(30):
        begun(tmp_path).finish("nothing_new", "x")
    files = list(Home(tmp_path).logs.iterdir())
    assert len(files) == logs.OLDER_FILES + 1
    assert max(file.stat().st_size for file in files) <= 2_000


def test_a_run_goes_on_without_a_log(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    home = Home(tmp_path)
    home.warehouse.mkdir(parents=True)
    home.logs.write_text("a file where the folder should be")
    with begun(tmp_path) as record:
        record.finish("nothing_new", "x")
    assert capfd.readouterr() == ("", "")


def test_the_log_outlives_the_working_state(tmp_path: Path) -> None:
    begun(tmp_path).finish("published", "x")
    forget_warehouse(Home(tmp_path))
    assert lines(tmp_path)


def test_the_log_of_another_program_does_not_get_these_lines(tmp_path: Path) -> None:
    handler = logging.handlers.BufferingHandler(10)
    logging.getLogger().addHandler(handler)
    try:
        begun(tmp_path).finish("published", "x")
    finally:
        logging.getLogger().removeHandler(handler)
    assert handler.buffer == []
