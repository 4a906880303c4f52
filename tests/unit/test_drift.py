"""A release that differs from the last one beyond limits: what blocks, what warns, what is not compared."""

import json
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from tiendo.cli import app
from tiendo.last_release import compare_with_last
from tiendo.messages import TiendoError
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.log import read_log
from tiendo.quality.drift import Comparison, compare
from tiendo.settings import DBT_PROJECT, Home

AS_OF, KNOWN_AT = date(2026, 6, 30), datetime(2026, 7, 1, tzinfo=UTC)
COMMUNES = [f"24{number:03}" for number in range(100, 140)]
BORN = date(2025, 7, 1)
MAY, JUNE = date(2026, 5, 31), date(2026, 6, 30)
Tables = dict[str, pl.DataFrame]
Change = Callable[[Tables], None]


def release() -> Tables:
    return dict(_release())


@cache
def _release() -> Tables:
    """Forty communes with a value, a part and a verdict each for May and June, one submission a commune."""
    keys = pl.DataFrame({"org_code": COMMUNES}).join(
        pl.DataFrame({"period": ["2026-05", "2026-06"], "period_end": [MAY, JUNE]}), how="cross"
    )
    keys = keys.with_columns(
        pl.lit("66").alias("province_code"),
        pl.lit(BORN).alias("org_valid_from"),
        pl.concat_str(pl.lit("Xã "), "org_code").alias("org_name_vi"),
        pl.lit("5g").alias("indicator_code"),
        pl.lit("population").alias("variant"),
        pl.lit(None, pl.String).alias("basis"),
        pl.lit(50.0).alias("actual"),
        pl.concat_str(pl.lit("s"), "org_code").alias("submission_id"),
    )
    judged = keys.with_columns(
        pl.lit("Phủ sóng 5G").alias("indicator_name_vi"),
        pl.lit("5G coverage").alias("indicator_name_en"),
        pl.lit("plan").alias("plan_id"),
        pl.lit("1").alias("row_ref"),
        pl.lit(None, pl.Date).alias("milestone_on"),
        pl.col("period_end").alias("judged_on"),
        pl.lit("on_track").alias("status"),
        pl.lit(60.0).alias("target"),
        *(pl.lit(None, pl.Float64).alias(name) for name in ("coverage_share", "target_low", "target_high")),
        *(pl.lit(None, pl.String).alias(name) for name in ("maturity", "pace", "comparator")),
        pl.lit(True).alias("is_verified"),
    )
    statuses = {"on_track": ("Đúng tiến độ", "On track"), "off_track": ("Chậm tiến độ", "Off track")}
    return {
        "indicator_series": keys.with_columns(
            pl.lit("as_was").alias("boundaries"), pl.lit("percent").alias("unit")
        ),
        "indicator_progress": judged,
        "indicator_parts": keys.with_columns(pl.lit("coverage").alias("form")),
        "submissions": pl.DataFrame(
            {"submission_id": [f"s{code}" for code in COMMUNES], "form": "coverage", "rows_loaded": 2}
        ),
        "task_progress": pl.DataFrame({"row_ref": [str(number) for number in range(10)]}),
        "dim_indicator": pl.DataFrame(
            {"indicator_code": "5g", "indicator_name_vi": "Phủ sóng 5G", "indicator_name_en": "5G coverage"}
        ),
        "dim_org_unit": pl.DataFrame({"org_code": COMMUNES, "valid_from": BORN}),
        "dim_plan": pl.DataFrame({"plan_id": ["plan"]}),
        "dim_status": pl.DataFrame(
            [(status, *labels) for status, labels in statuses.items()],
            schema=["status", "label_vi", "label_en"],
            orient="row",
        ),
        "indicator_measures": pl.DataFrame({"indicator_code": ["5g"], "variant": ["population"]}),
        "plan_targets": pl.DataFrame({"plan_id": ["plan"], "row_ref": ["1"]}),
        "plan_tasks": pl.DataFrame({"plan_id": ["plan"], "row_ref": ["2"]}),
        "thresholds": pl.DataFrame({"threshold_code": ["on"], "value": [0.9]}),
        "corrected_cells": pl.DataFrame(
            schema={
                "submission_id": pl.String,
                "corrected_submission_id": pl.String,
                "cell": pl.String,
                "is_applied": pl.Boolean,
            }
        ),
    }


def submissions() -> list[dict[str, str]]:
    return [{"submission_id": f"s{code}", "status": "landed"} for code in COMMUNES]


@pytest.fixture(scope="module")
def last(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one release."""
    home = Home(tmp_path_factory.mktemp("drift"))
    folder = home.releases / "2026-06-30-0123456789"
    folder.mkdir(parents=True)
    tables = release()
    for name, frame in tables.items():
        frame.write_parquet(folder / f"{name}.parquet")
    manifest = {
        "release_id": folder.name,
        "as_of": AS_OF.isoformat(),
        "known_at": KNOWN_AT.isoformat(),
        "inputs": submissions(),
        "row_counts": {name: frame.height for name, frame in tables.items()},
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), "utf-8")
    home.current.symlink_to(Path("releases") / folder.name)
    return home.root


def stage(path: Path, *changes: Change, limits: str = "") -> Path:
    """A warehouse whose tables are those of the release, but for the changes."""
    tables = release()
    for change in changes:
        change(tables)
    with duckdb.connect(str(path)) as connection:
        connection.execute("create schema marts; create schema seeds")
        seed = DBT_PROJECT / "seeds/rules/drift_limits.csv"
        connection.execute(f"create table seeds.drift_limits as from read_csv('{seed}', all_varchar = true)")
        connection.execute(limits)
        for name, frame in tables.items():
            connection.register(f"{name}_frame", frame)
            connection.execute(f"create table marts.{name} as from {name}_frame")
    return path


def compared(
    last: Path,
    database: Path,
    inputs: list[dict[str, str]] | None = None,
    as_of: date = AS_OF,
    known_at: datetime = KNOWN_AT,
) -> Comparison:
    folder = Home(last).current.resolve()
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    return compare(database, as_of, known_at, inputs or submissions(), folder, manifest)


def told(comparison: Comparison) -> set[tuple[str, str]]:
    return {(drift.measure, drift.action) for drift in comparison.drifts}


def values(actual: float | None, count: int = 1, submission_id: str | None = None) -> Change:
    """Other values in May for the first communes, told by another submission or by nobody."""

    def change(tables: Tables) -> None:
        hit = pl.col("org_code").is_in(COMMUNES[:count]) & (pl.col("period") == "2026-05")
        for name in ("indicator_series", "indicator_progress"):
            tables[name] = tables[name].with_columns(
                pl.when(hit).then(pl.lit(actual, pl.Float64)).otherwise("actual").alias("actual")
            )
        if submission_id:
            for name in ("indicator_series", "indicator_parts"):
                tables[name] = tables[name].with_columns(
                    pl.when(hit).then(pl.lit(submission_id)).otherwise("submission_id").alias("submission_id")
                )

    return change


def without_units(count: int) -> Change:
    def change(tables: Tables) -> None:
        kept = ~pl.col("org_code").is_in(COMMUNES[:count]) | (pl.col("period") == "2026-06")
        tables["indicator_parts"] = tables["indicator_parts"].filter(kept)

    return change


def replaced(name: str, frame: pl.DataFrame) -> Change:
    return lambda tables: tables.update({name: frame})


def flipped(target: float = 60.0) -> Change:
    def change(tables: Tables) -> None:
        tables["indicator_progress"] = tables["indicator_progress"].with_columns(
            pl.lit("off_track").alias("status"), pl.lit(target).alias("target")
        )

    return change


NEW_PLAN = replaced("dim_plan", pl.DataFrame({"plan_id": ["plan", "plan_2"]}))
NEW_THRESHOLD = replaced("thresholds", pl.DataFrame({"threshold_code": ["on"], "value": [0.8]}))
FEW_TASKS = replaced("task_progress", pl.DataFrame({"row_ref": ["0", "1"]}))
CORRECTED = replaced(
    "corrected_cells",
    pl.DataFrame(
        {
            "submission_id": ["c1"],
            "corrected_submission_id": [f"s{COMMUNES[0]}"],
            "cell": ["D7"],
            "is_applied": [True],
        }
    ),
)


def sent_again(count: int, rows_left: int = 0) -> Change:
    """A new file in the place of those of the first communes."""

    def change(tables: Tables) -> None:
        hit = pl.col("submission_id").is_in([f"s{code}" for code in COMMUNES[:count]])
        left = pl.when(hit).then(pl.lit(rows_left)).otherwise("rows_loaded").alias("rows_loaded")
        new = pl.DataFrame({"submission_id": ["new"], "form": ["coverage"], "rows_loaded": [1]})
        tables["submissions"] = pl.concat(
            [tables["submissions"].with_columns(left), new], how="vertical_relaxed"
        )

    return change


SENT = [*submissions(), {"submission_id": "new", "status": "landed"}]
WITHDRAWN = [{**submissions()[0], "status": "withdrawn"}, *submissions()[1:]]


def test_the_same_tables_are_no_drift(last: Path, tmp_path: Path) -> None:
    comparison = compared(last, stage(tmp_path / "w.duckdb"))
    assert (comparison.previous, comparison.drifts) == ("2026-06-30-0123456789", ())


def test_a_jump_that_nobody_sent_blocks_and_names_the_figure(last: Path, tmp_path: Path) -> None:
    comparison = compared(last, stage(tmp_path / "w.duckdb", values(95.5)))
    jump = next(drift for drift in comparison.blocking if drift.measure == "value_change_points")
    assert jump.vi == "“Phủ sóng 5G”, Xã 24100, 2026-05: 50% → 95,5% (bản nộp s24100)"
    assert jump.en == "“5G coverage”, Xã 24100, 2026-05: 50% → 95.5% (submission s24100)"
    assert (jump.found, jump.limit) == (45.5, 10)


def test_many_small_changes_that_nobody_sent_block(last: Path, tmp_path: Path) -> None:
    assert told(compared(last, stage(tmp_path / "w.duckdb", values(50.1)))) == {
        ("values_changed_share", "block")  # 1 of 80
    }


@pytest.mark.parametrize(
    ("changes", "inputs"),
    [
        ([values(95.5, submission_id="new")], SENT),
        ([values(None)], WITHDRAWN),
        ([values(95.5), CORRECTED], SENT),
        ([values(None), without_units(1)], WITHDRAWN),
    ],
    ids=["sent again", "withdrawn", "corrected", "withdrawn with its part"],
)
def test_what_a_submission_explains_warns_at_most(
    last: Path, tmp_path: Path, changes: list[Change], inputs: list[dict[str, str]]
) -> None:
    comparison = compared(last, stage(tmp_path / "w.duckdb", *changes), inputs)
    assert ("value_change_points", "warn") in told(comparison)
    assert comparison.blocking == []


def test_a_submission_explains_no_figure_of_an_earlier_period(last: Path, tmp_path: Path) -> None:
    def sent_for_june(tables: Tables) -> None:
        tables["indicator_parts"] = tables["indicator_parts"].with_columns(
            pl.when(pl.col("period") == "2026-06").then(pl.lit("new")).otherwise("submission_id")
            .alias("submission_id")
        )  # fmt: skip

    assert compared(last, stage(tmp_path / "w.duckdb", values(95.5), sent_for_june), SENT).blocking


def test_a_definition_that_changed_in_the_registry_warns(last: Path, tmp_path: Path) -> None:
    old_rule = pl.DataFrame({"indicator_code": ["5g"], "variant": ["other"]})
    database = stage(tmp_path / "w.duckdb", values(95.5), replaced("indicator_measures", old_rule))
    comparison = compared(last, database)
    assert ("value_change_points", "warn") in told(comparison)
    assert comparison.blocking == []


def test_a_submission_missing_from_the_ledger_blocks(last: Path, tmp_path: Path) -> None:
    comparison = compared(last, stage(tmp_path / "w.duckdb"), submissions()[1:])
    assert [drift.vi for drift in comparison.blocking] == [
        "1 bản nộp không còn trong sổ dù không được rút hay xóa (s24100)"
    ]


def test_units_without_figures_block_by_their_share(last: Path, tmp_path: Path) -> None:
    one, many = stage(tmp_path / "1.duckdb", without_units(1)), stage(tmp_path / "3.duckdb", without_units(3))
    assert told(compared(last, one)) == {("units_lost_share", "warn")}
    (drift,) = compared(last, many).drifts
    assert drift.action == "block"
    assert drift.vi == "biểu coverage 2026-05: 3/40 đơn vị không còn số liệu (24100, 24101, 24102)"


def test_a_province_that_gives_way_to_its_communes_warns(last: Path, tmp_path: Path) -> None:
    def province_before(tables: Tables) -> None:
        one = pl.col("org_code").is_in(COMMUNES[:1]) & (pl.col("period") == "2026-05")
        tables["indicator_parts"] = tables["indicator_parts"].with_columns(
            province_code=pl.when(one).then(pl.lit(COMMUNES[1])).otherwise("province_code"),
            submission_id=pl.when(one).then(pl.lit("new")).otherwise("submission_id"),
        )

    def gone(tables: Tables) -> None:
        kept = (pl.col("org_code") != COMMUNES[1]) | (pl.col("period") == "2026-06")
        tables["indicator_parts"] = tables["indicator_parts"].filter(kept)

    database = stage(tmp_path / "w.duckdb", province_before, gone)
    assert told(compared(last, database, SENT)) == {("units_lost_share", "warn")}


def test_units_that_a_new_file_leaves_out_warn(last: Path, tmp_path: Path) -> None:
    database = stage(tmp_path / "w.duckdb", without_units(3), sent_again(3))
    assert told(compared(last, database, SENT)) == {("units_lost_share", "warn")}


def test_a_table_that_lost_more_than_was_replaced_blocks_unless_a_plan_is_new(
    last: Path, tmp_path: Path
) -> None:
    staged = {
        "lost": stage(tmp_path / "1.duckdb", FEW_TASKS),
        "few replaced": stage(tmp_path / "2.duckdb", FEW_TASKS, sent_again(4)),
        "most replaced": stage(tmp_path / "3.duckdb", FEW_TASKS, sent_again(24)),
        "plan": stage(tmp_path / "4.duckdb", FEW_TASKS, NEW_PLAN),
    }
    found = {name: told(compared(last, database, SENT)) for name, database in staged.items()}
    block, warn = {("rows_lost_share", "block")}, {("rows_lost_share", "warn")}
    assert found == {"lost": block, "few replaced": block, "most replaced": warn, "plan": warn}


def test_verdicts_that_flip_by_themselves_block(last: Path, tmp_path: Path) -> None:
    (drift,) = compared(last, stage(tmp_path / "1.duckdb", flipped())).blocking
    assert drift.vi.endswith("như “Phủ sóng 5G”, Xã 24100, 2026-06: Đúng tiến độ → Chậm tiến độ")
    assert told(compared(last, stage(tmp_path / "2.duckdb", flipped(), NEW_THRESHOLD))) == {
        ("statuses_flipped_share", "warn")
    }
    assert compared(last, stage(tmp_path / "3.duckdb", flipped(target=80))).drifts == ()


def test_an_earlier_moment_is_not_compared(last: Path, tmp_path: Path) -> None:
    database = stage(tmp_path / "w.duckdb", values(95.5))
    for early in (
        compared(last, database, as_of=date(2026, 5, 31)),
        compared(last, database, known_at=datetime(2026, 6, 1, tzinfo=UTC)),
    ):
        assert early.drifts == ()
        assert early.lines("vi") == [
            "Không so với bản 2026-06-30-0123456789: bản đó nói về thời điểm muộn hơn."
        ]


def test_a_new_column_does_not_stop_the_comparison(last: Path, tmp_path: Path) -> None:
    more = replaced("dim_plan", pl.DataFrame({"plan_id": ["plan"], "note": ["x"]}))
    assert compared(last, stage(tmp_path / "1.duckdb", values(95.5), more)).blocking
    less = replaced("indicator_series", pl.DataFrame({"org_code": COMMUNES}))
    assert "Không so được" in compared(last, stage(tmp_path / "2.duckdb", less)).skipped_vi


def test_a_province_changes_a_limit_from_a_day_on(last: Path, tmp_path: Path) -> None:
    looser = """
        update seeds.drift_limits set valid_to = '2026-06-29' where action = 'block';
        insert into seeds.drift_limits by name
            select 'value_change_points' as measure, 'block' as action, '60' as limit_value,
                '2026-06-30' as valid_from"""
    database = stage(tmp_path / "w.duckdb", values(95.5), limits=looser)
    assert told(compared(last, database)) == {("values_changed_share", "warn")}


def inputs_of(new: str = "b") -> ReleaseInputs:
    return ReleaseInputs(AS_OF, KNOWN_AT, new * 64, "0.1.0", submissions=submissions())


def test_a_block_says_what_to_do_and_a_reason_is_logged(last: Path) -> None:
    home = Home(last)
    stage_at = home.database
    stage_at.parent.mkdir(parents=True)
    stage(stage_at, values(95.5))
    with pytest.raises(TiendoError) as raised:
        compare_with_last(home, inputs_of())
    assert raised.value.code == "TD-510"
    assert raised.value.exit_code == 1
    assert "50% → 95,5%" in raised.value.vi
    assert "--accept-drift" in raised.value.way_out_vi
    assert read_log(home) == []
    accepted = compare_with_last(home, inputs_of(), "tính lại theo QĐ 12")
    assert accepted.accepted == "tính lại theo QĐ 12"
    (entry,) = read_log(home)
    assert entry.event == "drift_accepted"
    assert entry.facts["reason"] == "tính lại theo QĐ 12"
    assert entry.facts["instead_of"] == "2026-06-30-0123456789"
    assert len(entry.facts["drifts"]) == 2


def test_the_first_release_has_nothing_to_differ_from(tmp_path: Path) -> None:
    assert compare_with_last(Home(tmp_path), inputs_of()) == Comparison()


def test_a_reason_must_say_why(tmp_path: Path) -> None:
    done = CliRunner().invoke(app, ["refresh", "--home", str(tmp_path), "--accept-drift", "ok"])
    assert isinstance(done.exception, TiendoError)
    assert (done.exception.code, done.exception.exit_code) == ("TD-511", 2)
