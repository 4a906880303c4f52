"""What is told of a run, and that it is told once."""

from pathlib import Path

import pytest

from tiendo.report.notices import notice_of
from tiendo.settings import Home

HOME = Home(Path("nha"))
ERROR = {"code": "TD-502", "step": "check", "vi": "TD-502 Không phát hành: 3 kiểm tra không đạt."}
RUN = {
    "run_id": "r", "outcome": "published", "started_at": "2026-11-02T01:00:00+07:00", "as_of": "2026-11-02",
    "release_id": "2026-11-02-abc", "alarms": [], "error": None,
}  # fmt: skip
FAILED = RUN | {"outcome": "failed", "release_id": None, "error": ERROR}


def alarm(words, code="TD-441"):
    return {"code": code, "vi": words, "en": "", "since": ""}


def alarmed(*words):
    return RUN | {"alarms": [alarm(each) for each in words]}


def told(*runs):
    """The subjects a reader gets of runs one after the other; None where there is no message."""
    known, subjects = {}, []
    for run in runs:
        notice, known = notice_of(HOME, run, known)
        subjects.append(notice.subject.split("] ")[1].split(",")[0] if notice else None)
    return subjects


FAILURE, WELL, ALARM = "lượt chạy thất bại TD-502", "đã bình thường trở lại", "cảnh báo"


@pytest.mark.parametrize(
    ("runs", "subjects"),
    [
        ([RUN, RUN], [None, None]),
        ([FAILED, FAILED | {"error": ERROR | {"vi": ERROR["vi"].replace("3", "12")}}], [FAILURE, None]),
        ([FAILED, FAILED | {"error": ERROR | {"vi": "TD-502 Khác hẳn."}}], [FAILURE, FAILURE]),
        ([FAILED, FAILED | {"error": ERROR | {"step": "load"}}, RUN], [FAILURE, FAILURE, WELL]),
        ([FAILED, RUN | {"outcome": "nothing_new"}, RUN], [FAILURE, WELL, None]),
        ([FAILED, RUN | {"outcome": "skipped"}, FAILED, RUN], [FAILURE, None, None, WELL]),
        ([RUN | {"outcome": "interrupted"}, RUN], ["lượt chạy bị ngắt", WELL]),
        (
            [alarmed("Hạn 20/10/2026 mới nhận 3/40"), alarmed("Hạn 20/10/2026 mới nhận 14/40"), RUN],
            [ALARM, None, WELL],
        ),
        ([alarmed("Hạn 20/10/2026 chưa có"), alarmed("Hạn 20/11/2026 chưa có")], [ALARM, ALARM]),
        ([alarmed("chế độ a"), alarmed("chế độ a", "chế độ b"), alarmed("chế độ b")], [ALARM, ALARM, WELL]),
        # A failed run knows nothing about the alarm of the night before.
        ([alarmed("chế độ a"), FAILED, alarmed("chế độ a"), RUN], [ALARM, FAILURE, WELL, WELL]),
    ],
)
def test_each_trouble_is_told_once_and_so_is_its_end(runs, subjects):
    assert told(*runs) == subjects


def test_a_message_says_what_happened_and_what_to_type_next(tmp_path):
    (tmp_path / "data/raw").mkdir(parents=True)
    home = Home(tmp_path)
    home.synthetic_marker.touch()
    notice, known = notice_of(home, FAILED, {})
    assert notice.subject == "[tiendo] [giả lập] lượt chạy thất bại TD-502, 2026-11-02"
    assert f"- {ERROR['vi']}\n" in notice.body
    assert f"tiendo doctor --home {tmp_path}" in notice.body
    after, _ = notice_of(home, alarmed("chế độ a"), known)
    assert "- TD-441 chế độ a\n" in after.body
    assert f"Đã hết:\n- {ERROR['vi']}\n" in after.body
