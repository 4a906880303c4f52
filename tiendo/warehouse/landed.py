"""Where the landed rows of a form lie, and which corrected copies stand in for some."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from types import MappingProxyType

import polars as pl

from tiendo.intake.store import landing_file, sha256_of
from tiendo.kept.apart import LARGE_FORM
from tiendo.settings import Home

Files = Mapping[str, Path]
ROW_FILES_SCHEMA = {
    "relation": pl.String(),
    "submission_id": pl.String(),
    "path": pl.String(),
    "identity": pl.String(),
    "rows": pl.Int64(),
}
AS_LANDED: Files = MappingProxyType({})


def landed_files(home: Home, submissions: pl.DataFrame, form: str, instead: Files = AS_LANDED) -> list[Path]:
    """Files of a form's landed rows in the order of the ledger's rows given.

    Args:
        home: Whose landing zone it is.
        submissions: Rows of the ledger.
        form: The form.
        instead: By submission, the file that stands in the place of the landing file.
    """
    rows = submissions.filter(
        (pl.col("form") == form) & (pl.col("status") == "landed") & (pl.col("rows_landed") > 0)
    )
    return [
        instead.get(submission_id) or landing_file(home, form, period, org_code, submission_id)
        for period, org_code, submission_id in rows.select("period", "org_code", "submission_id").iter_rows()
    ]


def row_files(home: Home, submissions: pl.DataFrame, instead: Files, past: Iterable[Path]) -> pl.DataFrame:
    """Which file holds which rows of the large form, and what tells one content from another.

    Args:
        home: Whose landing zone it is.
        submissions: Rows of the ledger.
        instead: By submission, the file that stands in the place of the landing file.
        past: Files of states that are over, named after their submissions.

    Returns:
        `relation` (the view the file stands behind), `submission_id`, `path`, `identity`, `rows`.
    """
    ledger = submissions.filter(pl.col("form") == LARGE_FORM)
    landed = {
        name: (identity, count)
        for name, identity, count in ledger.select("submission_id", "landed_hash", "rows_landed").iter_rows()
    }
    rows: list[tuple[str, str, str, str, int]] = []
    for path in landed_files(home, submissions, LARGE_FORM, instead):
        identity, count = landed[path.stem]
        if path.stem in instead:
            identity, count = sha256_of(path), _height(path)
        rows.append((f"raw.{LARGE_FORM}", path.stem, str(path), identity, count))
    for path in past:
        submission_id = path.stem.rpartition("__")[0]
        rows.append((f"past.{LARGE_FORM}", submission_id, str(path), sha256_of(path), _height(path)))
    return pl.DataFrame(rows, schema=ROW_FILES_SCHEMA, orient="row")


def _height(path: Path) -> int:
    return pl.scan_parquet(path, glob=False).select(pl.len()).collect().item()


def landed_rows(home: Home, submissions: pl.DataFrame, form: str, instead: Files = AS_LANDED) -> pl.DataFrame:
    """All landed rows of a form in the order of receipt; without columns where there are none."""
    ordered = submissions.sort("received_at", "submission_id")
    files = landed_files(home, ordered, form, instead)
    return pl.concat([pl.read_parquet(path, glob=False) for path in files]) if files else pl.DataFrame()
