"""Which month is told, from which release, for which places: settled before a line is written.

A closed month is told from the release that closed it, so that its report comes out again as it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tiendo.intake.dates import period_end, period_kind, period_start
from tiendo.intake.options import canonical_period
from tiendo.messages import TiendoError
from tiendo.publish.query import literal, query
from tiendo.publish.shelf import list_releases, load_manifest, release_folder
from tiendo.report.status import PROVINCES_SQL, unknown_code
from tiendo.settings import Home

# Who has a plan of its own has a report of its own; a commune's is found under its province.
SUBJECTS_SQL = """
select
    places.org_code, places.org_name_vi as name_vi, places.org_level, places.province_code,
    max_by(plans.issuer_vi, concat_ws(' ', plans.valid_from, plans.plan_id)) as issuer_vi
from dim_plan as plans
inner join dim_org_unit as places on plans.org_code = places.org_code and places.is_current
group by all
order by places.province_code, places.org_level desc, places.org_code
"""


@dataclass(frozen=True)
class Subject:
    """A place with a plan of its own.

    Attributes:
        org_code: Its code.
        name_vi: Its name.
        org_level: `province` or `commune`.
        province_code: The province it is or lies in.
        issuer_vi: Who issued its newest plan.
    """

    org_code: str
    name_vi: str
    org_level: str
    province_code: str
    issuer_vi: str


@dataclass(frozen=True)
class Scope:
    """A month, the release it is told from, and the places.

    Attributes:
        period: The month, such as `2026-10`.
        release: Folder of the release.
        manifest: Its manifest.
        subjects: The places to report on.
    """

    period: str
    release: Path
    manifest: Mapping[str, Any]
    subjects: Sequence[Subject]

    @property
    def begins_on(self) -> date:
        """First day of the month."""
        return period_start(self.period)

    @property
    def ends_on(self) -> date:
        """Last day of the month."""
        return period_end(self.period)

    @property
    def before_ends_on(self) -> date:
        """Last day of the month before."""
        return self.begins_on - timedelta(days=1)

    @property
    def as_of(self) -> date:
        """The day the release speaks of; tasks stand as they stood then."""
        return date.fromisoformat(self.manifest["as_of"])


def settle(home: Home, asked: str, province: str | None = None, release_id: str | None = None) -> Scope:
    """Settles what is reported.

    Args:
        home: The home.
        asked: A month in any spelling the intake reads.
        province: Code of a province; its communes with a plan of their own belong to it. None for all.
        release_id: Identifier of a release, or `current`. By default the locked release of the month's last
            day, else the one in force.

    Raises:
        TiendoError: TD-205 where that is no period, TD-646 where it is no month, TD-647 where it ends after
            the day of the release, TD-648 where no such place has a plan; TD-607, TD-707 for an unknown
            release or province. All exit 2.
    """
    period = canonical_period(asked) or asked
    if period_kind(period) != "month":
        raise _no_month(asked)
    chosen = release_id or _closed(home, period_end(period)) or "current"
    manifest = load_manifest(home, chosen)
    release = release_folder(home, chosen)
    if date.fromisoformat(manifest["as_of"]) < period_end(period):
        raise _not_over(period, str(manifest["release_id"]), date.fromisoformat(manifest["as_of"]))
    known = [Subject(**row) for row in query(release, SUBJECTS_SQL).iter_rows(named=True)]
    if province is not None and not query(release, PROVINCES_SQL.format(code=literal(province))).height:
        raise unknown_code(province)
    subjects = [subject for subject in known if province in (None, subject.province_code)]
    if not subjects:
        raise _no_plan(province, known)
    return Scope(period, release, manifest, subjects)


def _closed(home: Home, ends_on: date) -> str | None:
    """The release that closed a month, the newest known where there are several."""
    found = (info for info in list_releases(home) if info.is_locked and info.as_of == ends_on)
    return next((info.release_id for info in found if not info.is_rolled_back), None)


def _no_month(asked: str) -> TiendoError:
    return TiendoError(
        "TD-646",
        f"“{asked}” không phải là một tháng.",
        f"“{asked}” is no month.",
        "Viết như: --period 2026-10. Số của quý, năm nằm trong báo cáo của tháng cuối.",
        "Write it like: --period 2026-10. Figures of a quarter or year are in the report of its last month.",
        exit_code=2,
    )


def _not_over(period: str, release_id: str, as_of: date) -> TiendoError:
    ends_on, last = period_end(period), (as_of + timedelta(days=1)).replace(day=1) - timedelta(days=1)
    return TiendoError(
        "TD-647",
        f"Bản {release_id} nói về ngày {as_of:%d/%m/%Y}; khi đó tháng {period} chưa kết thúc.",
        f"Release {release_id} speaks of {as_of}, when {period} was not over.",
        f"Chọn tháng đã kết thúc: --period {last:%Y-%m}; hoặc cập nhật rồi làm lại: "
        f"tiendo refresh --as-of {ends_on}",
        f"Choose a month that was: --period {last:%Y-%m}; or bring it up to date and try again: "
        f"tiendo refresh --as-of {ends_on}",
        exit_code=2,
    )


def _no_plan(province: str | None, known: Sequence[Subject]) -> TiendoError:
    codes = ", ".join(sorted({subject.province_code for subject in known})) or "-"
    return TiendoError(
        "TD-648",
        f"Không có kế hoạch nào của tỉnh {province} để báo cáo."
        if province
        else "Bản phát hành không có kế hoạch nào để báo cáo.",
        f"There is no plan of province {province} to report on."
        if province
        else "The release holds no plan to report on.",
        f"Tỉnh có kế hoạch: {codes}.",
        f"Provinces with a plan: {codes}.",
        exit_code=2,
    )
