"""Compares a release with the last one before it is published, and says what would have been wrong.

A release that differs beyond the limits, and nobody sent anything that explains it, is published only for a
reason that somebody gives.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tiendo import limits
from tiendo.messages import Language, TiendoError
from tiendo.quality.drift_facts import gather
from tiendo.quality.drift_weighing import Drift, Limits, weigh

NAMED = 5


@dataclass(frozen=True)
class Comparison:
    """A release about to be published beside the last one.

    Attributes:
        previous: Identifier of the last release; empty where there is none.
        drifts: What exceeds a limit, blocking ones first.
        skipped_vi: Why nothing was compared; empty where it was.
        skipped_en: The same in English.
        accepted: Reason with which blocking differences were let pass.
    """

    previous: str = ""
    drifts: tuple[Drift, ...] = ()
    skipped_vi: str = ""
    skipped_en: str = ""
    accepted: str = ""

    @property
    def blocking(self) -> list[Drift]:
        """What forbids publishing."""
        return [drift for drift in self.drifts if drift.action == "block"]

    def lines(self, language: Language) -> list[str]:
        """What to tell the user, a sentence each."""
        if self.skipped_vi:
            return [self.skipped_vi if language == "vi" else self.skipped_en]
        return [f"{drift.vi if language == 'vi' else drift.en}." for drift in self.drifts]

    def content(self) -> dict[str, Any]:
        """As JSON."""
        return {
            "previous": self.previous or None,
            "not_compared": self.skipped_vi or None,
            "accepted": self.accepted or None,
            "drifts": [asdict(drift) for drift in self.drifts],
        }


def compare(
    database: Path,
    as_of: date,
    known_at: datetime,
    submissions: Sequence[Mapping[str, Any]],
    previous: Path,
    manifest: Mapping[str, Any],
) -> Comparison:
    """Compares the staged tables with the last release, where time has not gone back.

    Args:
        database: The warehouse's DuckDB file, built and checked.
        as_of: The day the new release speaks of.
        known_at: What was received until then counts; has a time zone.
        submissions: Dicts with `submission_id` and `status`.
        previous: Folder of the last release.
        manifest: Its manifest.
    """
    import duckdb

    name = str(manifest["release_id"])
    if as_of < date.fromisoformat(manifest["as_of"]) or known_at < datetime.fromisoformat(
        manifest["known_at"]
    ):
        return Comparison(
            name,
            skipped_vi=f"Không so với bản {name}: bản đó nói về thời điểm muộn hơn.",
            skipped_en=f"Not compared with release {name}, which speaks of a later moment.",
        )
    try:
        facts = gather(database, previous, manifest, submissions)
        limits = read_limits(database, as_of)
    except (duckdb.BinderException, duckdb.CatalogException, duckdb.IOException) as error:
        reason = str(error).splitlines()[0]
        return Comparison(
            name,
            skipped_vi=f"Không so được với bản {name}, có cấu trúc khác hoặc bị hỏng: {reason}",
            skipped_en=f"Cannot be compared with release {name}, of another shape or damaged: {reason}",
        )
    return Comparison(name, tuple(weigh(facts, limits)))


def read_limits(database: Path, as_of: date) -> Limits:
    """The limits of the day, by measure and action."""
    with limits.connect(database, "publish", read_only=True) as connection:
        rows = connection.execute(
            "select measure, action, limit_value from seeds.drift_limits"
            " where cast(valid_from as date) <= $1 and $1 <= coalesce(cast(valid_to as date), $1)",
            [as_of],
        ).fetchall()
    return Limits({(str(measure), str(action)): float(limit) for measure, action, limit in rows})


def blocked(comparison: Comparison, report: Path) -> TiendoError:
    """TD-510, with the figures that would have been wrong.

    Args:
        comparison: One with blocking differences.
        report: Where all differences are listed.
    """
    listed = comparison.blocking
    more_vi = f"; … và {len(listed) - NAMED} điểm khác" if len(listed) > NAMED else ""
    more_en = f"; … and {len(listed) - NAMED} more" if len(listed) > NAMED else ""
    return TiendoError(
        "TD-510",
        f"So với bản {comparison.previous}, số liệu khác quá giới hạn mà không bản nộp nào giải thích: "
        + "; ".join(drift.vi for drift in listed[:NAMED]) + more_vi + ".",
        f"Compared with release {comparison.previous}, figures differ beyond limits and no submission"
        " explains it: " + "; ".join(drift.en for drift in listed[:NAMED]) + more_en + ".",
        f"Bản trước vẫn giữ nguyên. Toàn bộ khác biệt: {report}. Thiếu tệp thì khôi phục data/raw; sai do bản"
        " cập nhật chương trình thì báo người phát triển; đúng là như vậy thì chạy: tiendo refresh"
        ' --accept-drift "lý do"',
        f"The previous release stands. All differences: {report}. Restore data/raw where files are missing;"
        " tell the developers where an update of the program did it; if it is right, run: tiendo refresh"
        ' --accept-drift "reason"',
    )  # fmt: skip
