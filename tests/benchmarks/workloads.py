"""What is measured: how many provinces, months and dossiers, and the months they lie in.

Today's communes exist since July 2025, so three years of history end with June 2028.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from tiendo.demo.window import LAST_MONTH, Month
from tiendo.demo.world import World
from tiendo.settings import SHIPPED_PLANS, TIMEZONE

SEED = 57
THREE_YEARS_END = Month(2028, 6)
THREE = ("66", "68", "75")
COUNTRY = (
    "01", "04", "08", "11", "12", "14", "15", "19", "20", "22", "24", "25", "31", "33", "37", "38", "40",
    "42", "44", "46", "48", "51", "52", "56", "66", "68", "75", "79", "80", "82", "86", "91", "92", "96",
)  # fmt: skip


@dataclass(frozen=True)
class Workload:
    """What the agencies have sent.

    Attributes:
        name: W1, W2 or W3.
        provinces: Their codes.
        months: Length of the history.
        dossiers: Over all provinces and months.
        last_month: The newest month.
        has_own_workbooks: Each commune sends its coverage itself; else the province sends all in one.
    """

    name: str
    provinces: tuple[str, ...]
    months: int
    dossiers: int
    last_month: Month
    has_own_workbooks: bool = False

    @property
    def as_of(self) -> date:
        """The day the release speaks of: the last of the newest month."""
        return self.last_month.last

    @property
    def known_at(self) -> datetime:
        """By then all files are there, and what is sent later too."""
        return datetime.combine(self.as_of + timedelta(days=62), datetime.min.time(), TIMEZONE)

    @property
    def moment(self) -> tuple[str, ...]:
        """The words for it on the command line of a refresh."""
        return ("--as-of", self.as_of.isoformat(), "--known-at", self.known_at.isoformat(timespec="minutes"))

    @property
    def world(self) -> World:
        """The places and the chance behind the figures."""
        return _world(self)

    def sized(self, scale: float = 1.0, months: int | None = None) -> "Workload":
        """The same with that share of the dossiers; another length has as many of them a month."""
        history = months or self.months
        return replace(self, months=history, dossiers=round(self.dossiers * scale * history / self.months))


@lru_cache(maxsize=8)
def _world(work: Workload) -> World:
    """One for all files that a process writes of a workload: it looks its communes up once."""
    return World(SEED, work.provinces, work.months, work.dossiers, SHIPPED_PLANS, work.last_month)


WORKLOADS = {
    work.name: work
    for work in (
        Workload("W1", ("66",), 1, 200_000, LAST_MONTH, has_own_workbooks=True),
        Workload("W2", THREE, 36, 10_000_000, THREE_YEARS_END),
        Workload("W3", COUNTRY, 12, 100_000_000, LAST_MONTH),
    )
}
