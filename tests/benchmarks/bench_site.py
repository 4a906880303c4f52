"""How long the site of a release takes to make, how large it is, and how soon its overview stands.

Run as `python tests/benchmarks/bench_site.py [HOME]`, on the release in force of a home, by default `demo`.
The tables are first grown until Đắk Lắk has all indicators of the registry and 24 months. The making is
compared with writing the same tables as Parquet, the loading in headless chromium with an empty page.
"""

import json
import shutil
import statistics
import sys
import tempfile
import time
from datetime import date, datetime
from pathlib import Path

import duckdb
from playwright.sync_api import Browser, sync_playwright

from tiendo.report.site.build import build_site
from tiendo.report.site.data import ReleaseFacts

TRIES = 9
PLACE = "66"
# Indicators that the place lacks take the rows of one it has; months it lacks take those a year later.
MORE_INDICATORS = """
insert into {table}
select lent.* replace (
    missing.indicator_code as indicator_code, missing.indicator_name_vi as indicator_name_vi,
    missing.theme as theme
)
from dim_indicator as missing, {table} as lent
where lent.org_code = '{place}'
    and missing.indicator_code not in (select indicator_code from {table} where org_code = '{place}')
    and lent.indicator_code = (
        select indicator_code from {table} where org_code = '{place}' and period_kind = 'month'
        group by indicator_code order by count(*) desc, indicator_code limit 1
    )
"""
MORE_MONTHS = """
insert into {table}
select * replace (
    strftime(period_end - interval 12 month, '%Y-%m') as period,
    last_day(period_end - interval 12 month) as period_end,
    last_day(judged_on - interval 12 month) as judged_on
)
from {table}
where province_code = '{place}' and period_kind = 'month'
    and strftime(period_end - interval 12 month, '%Y-%m') not in (
        select period from {table} where org_code = '{place}'
    )
"""


def main(home: Path) -> None:
    """Writes the numbers for the release in force of a home."""
    if not (home / "data/curated/current/manifest.json").is_file():
        sys.exit(f"no release under {home}: make demo")
    told = json.loads((home / "data/curated/current/manifest.json").read_text(encoding="utf-8"))
    facts = ReleaseFacts(
        told["release_id"],
        date.fromisoformat(told["as_of"]),
        datetime.fromisoformat(told["known_at"]),
        told["is_synthetic"],
        told["code_version"],
        home / "data/warehouse/dbt/manifest.json",
    )
    with tempfile.TemporaryDirectory() as folder:
        release = Path(folder) / "release"
        release.mkdir()
        tables = grow((home / "data/curated/current").resolve(), release)
        began = time.perf_counter()
        pages = build_site(release, facts, Path(folder) / "templates")
        seconds = time.perf_counter() - began
        size = sum(path.stat().st_size for path in release.glob("site/**/*") if path.is_file())
        tell(
            f"site: {pages} pages, {size / 1e6:.1f} MB,"
            f" {seconds:.2f} s, {seconds / tables:.2f} times writing its tables"
        )
        blank = Path(folder) / "blank.html"
        blank.write_text("<!doctype html><title>blank</title>", encoding="utf-8")
        with sync_playwright() as playwright:
            chromium = shutil.which("chromium") or sys.exit("no chromium on this machine")
            browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
            empty = loading(browser, blank)
            for path in sorted(release.glob("site/[0-9]*/index.html")):
                took = loading(browser, path)
                tell(
                    f"{path.parent.name}/index.html: loaded in {took:.0f} ms,"
                    f" {took / empty:.1f} times an empty page"
                )
            browser.close()


def tell(text: str) -> None:
    """One line of the result."""
    sys.stdout.write(text + "\n")


def grow(release: Path, target: Path) -> float:
    """Copies the tables of a release, larger; the seconds that writing them takes."""
    with duckdb.connect() as connection:
        for path in release.glob("*.parquet"):
            connection.execute(f"create table {path.stem} as from '{path}'")
        for table in ("indicator_progress", "indicator_latest"):
            connection.execute(MORE_INDICATORS.format(table=table, place=PLACE))
        connection.execute(MORE_MONTHS.format(table="indicator_progress", place=PLACE))
        grown = connection.execute(
            "select count(distinct indicator_code), count(distinct period) filter (period_kind = 'month')"
            f" from indicator_progress where org_code = '{PLACE}'"
        ).fetchone()
        tell(f"{PLACE}: {grown[0]} indicators, {grown[1]} months" if grown else "nothing")
        began = time.perf_counter()
        for path in release.glob("*.parquet"):
            connection.execute(f"copy {path.stem} to '{target / path.name}' (compression zstd)")
        return time.perf_counter() - began


def loading(browser: Browser, path: Path) -> float:
    """Milliseconds from the start of the navigation to the end of the load event, the median of several."""
    times: list[float] = []
    for _ in range(TRIES):
        page = browser.new_page()
        page.goto(path.as_uri(), wait_until="load")
        page.wait_for_function("performance.getEntriesByType('navigation')[0].loadEventEnd > 0")
        times.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        page.close()
    return statistics.median(times)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "demo"))
