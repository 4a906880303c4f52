"""How sure a place's figures are: how many of them carry which mark, and how fresh they are."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from tiendo.report.site.data import SiteData
from tiendo.report.site.standing import Record, Standing

RECEIVED_SQL = """
select latest.org_code, max(submissions.received_at) as received_at
from indicator_latest as latest
inner join submissions using (submission_id)
group by all
"""
# Whether of all counted rows (else of those with a figure); words; what to make of it; whether a row is one.
DOUBTS: tuple[tuple[bool, str, str, str, str, Callable[[Record], bool]], ...] = (
    (
        True,
        "Chưa có số liệu nào",
        "No figure yet",
        "Chưa báo cáo không phải là không đạt.",
        "Not reported is not failed.",
        lambda row: row["actual"] is None,
    ),
    (
        True,
        "Chưa kết luận vì quá ít đơn vị báo cáo",
        "Verdict withheld, too few units reported",
        "Có kết luận khi đủ đơn vị báo cáo.",
        "A verdict follows when enough units have reported.",
        lambda row: row["status"] == "withheld",
    ),
    (
        False,
        "Chưa đủ đơn vị báo cáo (độ phủ dưới 100%)",
        "Not all units reported (coverage below 100%)",
        "Số có thể đổi khi các đơn vị còn lại báo cáo.",
        "The figure may move when the others report.",
        lambda row: row["coverage_share"] is not None and row["coverage_share"] < 1,
    ),
    (
        False,
        "Số ước tính",
        "Provisional",
        "Sẽ được thay bằng số chính thức.",
        "The final figure will replace it.",
        lambda row: row["maturity"] == "provisional",
    ),
    (
        False,
        "Chưa xác minh bằng minh chứng",
        "Not verified by evidence",
        "Minh chứng cần có chưa được chấp nhận.",
        "The evidence it needs is not accepted yet.",
        lambda row: row["is_verified"] is False,
    ),
    (
        False,
        "Số giả lập",
        "Synthetic",
        "Không phải số thật của địa phương.",
        "Not a real figure of the place.",
        lambda row: bool(row["is_synthetic"]),
    ),
)


@dataclass(frozen=True)
class Doubt:
    """How many rows of a place carry one mark.

    Attributes:
        vi: What is uncertain.
        en: The same in English.
        means_vi: What to make of it.
        means_en: The same in English.
        count: Rows that carry it.
        of: Rows that could carry it.
    """

    vi: str
    en: str
    means_vi: str
    means_en: str
    count: int
    of: int


@dataclass(frozen=True)
class Freshness:
    """How fresh the figures of a place are.

    Attributes:
        period: The newest period with a figure, None where there is none.
        received_at: When the newest submission behind its figures was received, UTC.
    """

    period: str | None
    received_at: datetime | None


def doubts(standing: Standing) -> list[Doubt]:
    """The marks that at least one row carries."""
    told: list[Doubt] = []
    for of_all, vi, en, means_vi, means_en, carries in DOUBTS:
        rows = standing.rows if of_all else standing.figures
        if count := sum(carries(row) for row in rows):
            told.append(Doubt(vi, en, means_vi, means_en, count, len(rows)))
    return told


def read_freshness(site: SiteData, standings: Sequence[Standing]) -> dict[str, Freshness]:
    """How fresh the figures are, by place."""
    received = {row["org_code"]: row["received_at"] for row in site.rows(RECEIVED_SQL)}
    return {
        place: Freshness(_newest_period(standing), received.get(place))
        for standing in standings
        for place in [standing.subject.org_code]
    }


def _newest_period(standing: Standing) -> str | None:
    rows = [row for row in (*standing.rows, *standing.others) if row["actual"] is not None]
    newest: tuple[date, str] | None = max(((row["period_end"], row["period"]) for row in rows), default=None)
    return newest[1] if newest else None
