"""The gates on a real release: suites from the manifest that dbt wrote, rows behind every failed check."""

import re
from pathlib import Path

import duckdb
import polars as pl
from dbt_marts import write_manifest

from tiendo.pipeline import TOLD_BY_CHECKS
from tiendo.quality.generated import suites_from_models
from tiendo.settings import Home
from tiendo.warehouse.lineage import Lineage
from tiendo.warehouse.replay import FILLED_BY_CHECKS


def test_dbts_own_manifest_gives_the_suites_that_the_model_files_promise(
    demo_home: Path, tmp_path: Path
) -> None:
    real = suites_from_models(Home(demo_home).warehouse / "dbt" / "manifest.json")
    promised = suites_from_models(write_manifest(tmp_path / "manifest.json"))
    by_table = {suite.table: suite for suite in promised}
    assert {suite.table: suite for suite in real} == by_table
    assert all(suite.labels == by_table[suite.table].labels for suite in real)


def test_every_failed_check_of_a_release_leads_to_its_rows(demo_home: Path) -> None:
    home = Home(demo_home)
    failed = pl.read_parquet(home.current / "quality_checks.parquet").filter(~pl.col("is_passed"))
    index = (home.current / "quality" / "index.html").read_text(encoding="utf-8")
    assert failed.height
    for check_id in failed["check_id"]:
        assert f'href="rows/{check_id}.html"' in index
        page = (home.current / "quality" / "rows" / f"{check_id}.html").read_text(encoding="utf-8")
        assert "<td>" in page
    links = set(re.findall(r'href="([^"]+)"', index))
    assert all((home.current / "quality" / link).is_file() for link in links)
    with duckdb.connect(str(home.database), read_only=True) as connection:
        counted = connection.execute(
            "select check_id, sum(rows_failed) from raw.check_failures group by 1"
        ).fetchall()
    of_forms = failed.filter(pl.col("layer") == "raw")
    assert dict(counted) == dict(of_forms.select("check_id", "rows_failed").iter_rows())


def test_whatever_tells_of_the_checks_is_written_after_them(demo_home: Path) -> None:
    lineage = Lineage(Home(demo_home).warehouse / "dbt" / "manifest.json")
    told = {table for name in FILLED_BY_CHECKS for table in lineage.published_from(name.removeprefix("raw."))}
    assert told == set(TOLD_BY_CHECKS)
