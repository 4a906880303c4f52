"""Month ends of the past: what was known then, one after the other, beside the release in force."""

import json
from datetime import date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from light_steps import lighten
from typer.testing import CliRunner

from tiendo import pipeline as main_job
from tiendo.backfill import backfill, closing_moment, month_end, months, publish_month_end
from tiendo.cli import app, main
from tiendo.intake.landing import submit
from tiendo.messages import TiendoError
from tiendo.pipeline import Moment, pipeline
from tiendo.publish.diff.comparison import previous_release
from tiendo.publish.keeping import judge
from tiendo.publish.release import list_releases, load_manifest
from tiendo.publish.shelf import current_or_none
from tiendo.runs import RunRecord
from tiendo.settings import TIMEZONE, Home
from tiendo.warehouse.annexes import known_references

HEADER = "Mã đơn vị,Tên đơn vị,Kỳ báo cáo,Đơn vị cung cấp,Dân số,Dân số được phủ sóng 5G\n"
SENT = (
    ("2026-02-03T08:00", "01/2026", 100),
    ("2026-03-19T23:59:59", "02/2026", 200),  # the last second in time
    ("2026-03-20T00:00", "02/2026", 250),  # too late for the month end of February
    ("2026-04-02T08:00", "03/2026", 300),
)
LATER = datetime(2026, 6, 1, tzinfo=TIMEZONE)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Home:
    """A home of one commune, three months of coverage, nothing published yet; the slow steps are light."""
    lighten(monkeypatch)
    monkeypatch.delenv("PREFECT_API_URL", raising=False)
    home = Home(tmp_path / "home")
    references = known_references(home)
    for number, (received, period, covered) in enumerate(SENT):
        file = tmp_path / f"{number}.csv"
        file.write_text(f"{HEADER}24133,Phường Tân An,{period},UBND,1000,{covered}\n", encoding="utf-8")
        submit(home, file, references, received_at=at(received))
    return home


def share(home: Home, release_id: str) -> tuple[str, float]:
    table = pl.read_parquet(home.releases / release_id / "coverage_latest.parquet")
    return table["period"].item(), float(table["share"].item())


def run(home: Home, *words: str) -> Any:
    return CliRunner().invoke(app, ["refresh", *words, "--home", str(home.root)])


def fill_the_disk(patch: pytest.MonkeyPatch) -> None:
    """The month of which two submissions are known finds no room."""
    real = main_job.load

    def load(home: Home, submissions: pl.DataFrame, *more: Any) -> Path:
        if submissions.height == 2:
            raise OSError(28, "No space left on device", str(home.database))
        return real(home, submissions, *more)

    patch.setattr(main_job, "load", load)


def in_force(home: Home) -> str | None:
    folder = current_or_none(home)
    return folder.name if folder else None


@pytest.mark.parametrize(
    ("period", "day", "moment"),
    [("2026-02", (2026, 2, 28), (2026, 3, 19)), ("2028-02", (2028, 2, 29), (2028, 3, 19)),
     ("2025-12", (2025, 12, 31), (2026, 1, 19))],
)  # fmt: skip
def test_a_month_speaks_of_its_last_day_and_closes_with_the_19th(
    period: str, day: tuple[int, int, int], moment: tuple[int, int, int]
) -> None:
    assert month_end(period) == date(*day)
    assert closing_moment(period) == datetime(*moment, 23, 59, 59, tzinfo=TIMEZONE)


def test_months_over_a_turn_of_the_year(tmp_path: Path) -> None:
    assert months(Home(tmp_path), "2025-11", "2026-02", LATER) == ["2025-11", "2025-12", "2026-01", "2026-02"]


def test_each_month_holds_what_was_known_when_it_closed(home: Home) -> None:
    latest = pipeline(home, Moment(date(2026, 5, 31), LATER)).release_id
    done = backfill(home, ["2026-01", "2026-02", "2026-03"])
    assert [(month.period, month.outcome) for month in done] == [
        ("2026-01", "published"),
        ("2026-02", "published"),
        ("2026-03", "published"),
    ]
    names = [month.done.release_id for month in done if month.done]
    assert [share(home, name) for name in names] == [("2026-01", 10), ("2026-02", 20), ("2026-03", 30)]
    manifest = load_manifest(home, names[1])
    assert (manifest["as_of"], manifest["known_at"]) == ("2026-02-28", "2026-03-19T23:59:59+07:00")
    assert len(manifest["inputs"]) == 2
    # The release in force stays, and none of these was ever in force.
    assert in_force(home) == latest
    with pytest.raises(TiendoError, match="TD-620"):
        previous_release(home)
    assert {verdict.release_id: verdict.reason for verdict in judge(home, 1, 24)} == {
        latest: "current",
        **dict.fromkeys(names, "monthly"),
    }


def test_again_nothing_is_new_and_a_damaged_one_is_made_again(home: Home) -> None:
    first = backfill(home, ["2026-01", "2026-02"])
    again = backfill(home, ["2026-01", "2026-02", "2026-03"])
    assert [month.outcome for month in again] == ["nothing_new", "nothing_new", "published"]
    assert [month.done.release_id for month in again[:2] if month.done] == [
        month.done.release_id for month in first if month.done
    ]
    assert first[0].done
    table = home.releases / first[0].done.release_id / "coverage_latest.parquet"
    table.chmod(0o644)
    table.write_bytes(b"half")
    assert [month.outcome for month in backfill(home, ["2026-01", "2026-02"])] == ["published", "nothing_new"]


def test_with_todays_knowledge(home: Home) -> None:
    then = publish_month_end(home, "2026-02").release_id
    shown = run(home, "--from", "2026-02", "--to", "2026-02", "--known-at", LATER.isoformat())
    today = list_releases(home)[0].release_id
    assert f"tiendo releases diff {then} {today}" in shown.stdout
    assert (share(home, then), share(home, today)) == (("2026-02", 20), ("2026-02", 25))
    # Both stand; a prune keeps the one known last.
    reasons = {verdict.release_id: verdict.reason for verdict in judge(home)}
    assert reasons == {today: "current", then: "pruned"}
    assert in_force(home) == today


def test_a_month_not_closed_yet_is_as_it_is_known_now(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    now = at("2026-03-10T08:00")
    monkeypatch.setattr("tiendo.clock.now", lambda: now)
    assert publish_month_end(home, "2026-02").record is not None
    assert load_manifest(home, list_releases(home)[0].release_id)["known_at"] == now.isoformat()


class TestCommand:
    def test_a_month_that_fails_leaves_the_earlier_ones_and_says_how_to_go_on(
        self, home: Home, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
    ) -> None:
        """In a home where none is in force, that of the last month is in the end, and none before that."""
        words = ["refresh", "--from", "2026-01", "--to", "2026-03", "--home", str(home.root)]

        with monkeypatch.context() as patch:
            fill_the_disk(patch)
            patch.setattr("sys.argv", ["tiendo", *words])
            with pytest.raises(SystemExit) as ended:
                main()
        shown = capsys.readouterr()
        assert ended.value.code == 4
        assert "TD-724 Dừng ở tháng 2026-02; đã có: 2026-01. TD-410" in shown.err
        assert "tiendo refresh --from 2026-02 --to 2026-03" in shown.err
        assert "không được" in shown.out
        assert in_force(home) is None
        outcomes = [json.loads(path.read_text())["outcome"] for path in sorted(home.runs.glob("*.json"))]
        assert outcomes == ["published", "failed"]

        done = run(home, *words[1:5], "--json")
        assert done.exit_code == 0, done.output
        told = json.loads(done.stdout)
        assert [(month["period"], month["outcome"]) for month in told] == [
            ("2026-01", "nothing_new"),
            ("2026-02", "published"),
            ("2026-03", "published"),
        ]
        assert told[1]["as_of"] == "2026-02-28"
        assert told[1]["known_at"] == "2026-03-19T23:59:59+07:00"
        assert in_force(home) == told[2]["release_id"]

    @pytest.mark.parametrize(
        ("words", "code"),
        [
            (("--from", "2026-01"), "TD-720"),
            (("--to", "2026-01"), "TD-720"),
            (("--from", "2026-02", "--to", "2026-01"), "TD-721"),
            (("--from", "2026-01", "--to", "2026-03", "--known-at", "2026-03-31T20:00+07:00"), "TD-722"),
            (("--from", "2026-01", "--to", "9999-12"), "TD-702"),
            (("--from", "2026-01", "--to", "2048-12"), "TD-722"),
            (("--from", "2026-1", "--to", "2026-03"), "TD-702"),
            (("--from", "2026-01-31", "--to", "2026-03"), "TD-702"),
            (("--from", "2026-01", "--to", "2026-03", "--as-of", "2026-03-31"), "TD-723"),
            (("--from", "2026-01", "--to", "2026-03", "--profile"), "TD-723"),
        ],
    )
    def test_wrong_usage(self, tmp_path: Path, words: tuple[str, ...], code: str) -> None:
        done = run(Home(tmp_path), *words)
        assert isinstance(done.exception, TiendoError)
        assert (done.exception.code, done.exception.exit_code) == (code, 2)

    def test_one_lock_over_all_months(self, home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
        held: list[str] = []
        begin = RunRecord.begin.__func__  # type: ignore[attr-defined]

        def watched(*given: Any, **named: Any) -> RunRecord:
            held.append(
                json.loads(home.lock.with_name(f"{home.lock.name}.owner.json").read_text())["command"]
            )
            return begin(RunRecord, *given, **named)

        monkeypatch.setattr(RunRecord, "begin", watched)
        assert run(home, "--from", "2026-01", "--to", "2026-02").exit_code == 0
        assert held == ["tiendo refresh --from 2026-01 --to 2026-02"] * 2
