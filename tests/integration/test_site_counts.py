"""The site counts what `tiendo status` counts, and what another statement finds in the published table."""

import re
from pathlib import Path

import duckdb
import pytest

from tiendo.report.status import read_counts

# Written apart from the program's: of each indicator its primary target, else the newest one.
COUNTS_SQL = """
with judged as (
    select
        indicator_code,
        max_by(colour, (is_primary::int, period_end, milestone_on, plan_id)) as colour
    from read_parquet($latest)
    where org_code = $place and plan_id is not null and not is_inherited_target
    group by indicator_code
)
select colour, count(*) from judged group by colour
"""


@pytest.mark.parametrize("place", ["66", "68", "26041"])
def test_the_overview_shows_the_counts_of_the_release(demo_home: Path, place: str) -> None:
    release = (demo_home / "data/curated/current").resolve()
    html = (release / f"site/{place}/index.html").read_text(encoding="utf-8")
    cards = re.findall(r'<li class="card (\w+)">.*?<data value="(\d+)">', html, re.DOTALL)
    shown = {colour: int(count) for colour, count in cards if count != "0"}
    with duckdb.connect() as connection:
        values = {"latest": str(release / "indicator_latest.parquet"), "place": place}
        assert shown == dict(connection.execute(COUNTS_SQL, values).fetchall())
    told: dict[str, int] = {}
    for row in read_counts(release, place=place):
        told[row["colour"]] = told.get(row["colour"], 0) + row["indicators"]
    assert shown == told
    listed = (release / f"site/{place}/indicators/index.html").read_text(encoding="utf-8")
    counted = listed.split('<div class="by-colour">')[1].split("</table>")[0]
    assert {colour: counted.count(f'<tr data-colour="{colour}"') for colour in shown} == shown
