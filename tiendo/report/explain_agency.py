"""The scorecard of an agency, from its score down to each thing that was counted.

It reads the published release only; shares, weights and points are shown as published.
"""

from pathlib import Path
from typing import Any

from tiendo.publish.query import literal
from tiendo.report.explain_sources import Record, records
from tiendo.report.status import unknown_code

CARD_SQL = "select * from agency_scorecard where agency_code = {agency}"
PARTS_SQL = (
    "select * from agency_scorecard_parts where agency_code = {agency} and is_current order by part_order"
)
ITEMS_SQL = """
select *
from agency_scorecard_items
where agency_code = {agency} and is_current
order by part, points nulls last, counted_as, item_key
"""


def read_agency(release: Path, agency: str) -> dict[str, Any]:
    """The scorecard of one agency.

    Args:
        release: Folder of a release.
        agency: Code of an agency.

    Returns:
        `agency` (score 0 to 100, rank, trend, reason) and `parts`, each with share, weight, points and its
        `items` (points from 0 to 1; None where an item does not count).

    Raises:
        TiendoError: TD-707, exit code 2, for an agency the release does not know.
    """
    named = {"agency": literal(agency)}
    cards = records(release, CARD_SQL, named)
    if not cards:
        raise unknown_code(agency)
    items = records(release, ITEMS_SQL, named)
    parts: list[Record] = [
        part | {"items_listed": [item for item in items if item["part"] == part["part"]]}
        for part in records(release, PARTS_SQL, named)
    ]
    return {"agency": cards[0], "parts": parts}
