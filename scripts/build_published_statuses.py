"""Write into docs/published-figures.md what became of the kept figures: status and reason, as released.

Run it on a home that holds the published figures alone, refreshed as of AS_OF. A test compares the page with
such a home, so that the table cannot outlive a rule.
"""

import csv
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import polars as pl

PROJECT = Path(__file__).resolve().parents[1]
LIST = PROJECT / "docs" / "published-figures.csv"
PAGE = PROJECT / "docs" / "published-figures.md"
AS_OF = "2026-11-22"
KNOWN_AT = "2026-11-22T12:00+07:00"
BEGIN, END = "<!-- statuses: begin -->\n", "<!-- statuses: end -->\n"

Row = Mapping[str, Any]


def kept_figures() -> list[dict[str, str]]:
    """The figures of the list that were kept, in its order."""
    with LIST.open(encoding="utf-8", newline="") as stream:
        return [figure for figure in csv.DictReader(stream) if figure["decision"] == "kept"]


def verdicts(progress: pl.DataFrame, figure: Mapping[str, str]) -> list[dict[str, Any]]:
    """Rows of `indicator_progress` that judge a figure; that of the primary target first.

    Args:
        progress: The table of the release.
        figure: A row of the list.
    """
    rows = progress.filter(
        (pl.col("org_code") == figure["org_code"])
        & (pl.col("indicator_code") == figure["indicator_code"])
        & (pl.col("period") == figure["period"])
        & (pl.col("actual") == float(figure["value"]))
    )
    order = [~pl.col("is_primary").fill_null(value=False), pl.col("plan_id"), pl.col("row_ref")]
    return rows.sort(order, nulls_last=True).to_dicts()


def build_table(progress: pl.DataFrame) -> str:
    """The table of the page: one line per kept figure, with the verdict by its primary target."""
    lines = [
        "| Địa bàn | Chỉ tiêu | Kỳ | Giá trị | Trạng thái | Lý do |",
        "| --- | --- | --- | ---: | --- | --- |",
    ]
    lines += [_line(figure, verdicts(progress, figure)) for figure in kept_figures()]
    return "\n".join(lines) + "\n"


def with_table(page: str, table: str) -> str:
    """The page with the table between its two marks."""
    before, _, rest = page.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n{table}\n{END}{after}"


def _line(figure: Mapping[str, str], rows: Sequence[Row]) -> str:
    status, reason = (rows[0]["status"], rows[0]["status_reason"]) if rows else ("", "")
    value = figure["value"].replace(".", ",")
    cells = (
        figure["org_name"],
        f"{figure['indicator_name']} (`{figure['indicator_code']}`)",
        figure["period"],
        value,
        f"`{status}`",
        reason,
    )
    return f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |"


if __name__ == "__main__":
    release = Path(sys.argv[1]) / "data" / "curated" / "current"
    found = build_table(pl.read_parquet(release / "indicator_progress.parquet"))
    PAGE.write_text(with_table(PAGE.read_text(encoding="utf-8"), found), encoding="utf-8")
