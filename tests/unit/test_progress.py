"""Long steps show how far they are on a terminal, and nothing elsewhere."""

import io
import sys
from types import SimpleNamespace
from typing import Any

import pytest
from dbt.events import core_types_pb2 as dbt

from tiendo.cli_console import progress_bar
from tiendo.cli_output import announced
from tiendo.warehouse.transform import _counting


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def take_in(progress: Any = None) -> str:
    for done in range(1, 4):
        if progress is not None:
            progress(done, 3)
    return "done"


def load() -> str:
    return "loaded"


@pytest.mark.parametrize("is_terminal", [True, False])
def test_a_bar_is_shown_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch, is_terminal: bool) -> None:
    stream = Terminal() if is_terminal else io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    assert announced("vi")(take_in) == "done"
    assert announced("vi")(load) == "loaded"
    shown = stream.getvalue()
    assert ("3/3" in shown) is is_terminal
    if not is_terminal:
        assert shown == "Tiếp nhận tệp nộp…\nNạp vào kho số liệu…\n"


def test_no_bar_appears_where_there_is_nothing_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", stream := Terminal())
    with progress_bar():
        pass
    assert stream.getvalue() == ""


def test_nodes_of_dbt_are_counted_as_they_end() -> None:
    told: list[tuple[int, int]] = []
    listen = _counting(lambda done, total: told.append((done, total)))
    for name, data in (
        ("LogSeedResult", dbt.LogSeedResult(total=3)),
        ("LogModelResult", dbt.LogModelResult(total=3)),
        ("LogStartLine", dbt.LogStartLine(total=3)),
        ("LogTestResult", dbt.LogTestResult(num_models=3)),
        ("LogNodeNoOpResult", dbt.LogNodeNoOpResult()),
    ):
        listen(SimpleNamespace(info=SimpleNamespace(name=name), data=data))
    assert told == [(1, 3), (2, 3), (3, 3), (4, 4)]
