"""What the pages of one release are made from: its tables and the few facts every page tells.

Read from the Parquet files, as anybody else would; whole tables at a time, because a statement per page
would cost more than all pages together.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiendo.publish.inputs import ReleaseInputs
from tiendo.quoting import sql_text

if TYPE_CHECKING:
    import duckdb

Row = Mapping[str, Any]

# So many files stand on one page of the ledger; where there are more, each month of receipt has its own.
MOST_FILES_ON_ONE_PAGE = 2000
MONTHS_SQL = """
select submission_id, strftime(received_at + interval 7 hours, '%Y-%m') as received_month from submissions
"""

# A province appears with a plan or with figures; a commune only with a plan of its own.
SUBJECTS_SQL = """
select
    places.org_code, places.org_name_vi as name_vi, places.org_level as level, places.province_code,
    provinces.org_name_vi as province_name_vi,
    count(distinct plans.plan_id) as plans
from dim_org_unit as places
left join dim_plan as plans using (org_code)
inner join dim_org_unit as provinces
    on places.province_code = provinces.org_code and provinces.is_current and provinces.org_level = 'province'
where places.is_current
    and (
        plans.plan_id is not null
        or (
            places.org_level = 'province'
            and places.org_code in (select province_code from indicator_latest where status <> 'no_target')
        )
    )
group by all
order by province_code, level desc, org_code
"""


@dataclass(frozen=True)
class Subject:
    """A place with pages of its own.

    Attributes:
        org_code: Its code, also the name of its folder.
        name_vi: Its name.
        level: `province` or `commune`.
        province_code: The province it is or lies in.
        province_name_vi: That province's name.
        plans: Plans it has issued.
    """

    org_code: str
    name_vi: str
    level: str
    province_code: str
    province_name_vi: str
    plans: int


@dataclass(frozen=True)
class ReleaseFacts:
    """What every page tells of its release.

    Attributes:
        release_id: Identifier.
        as_of: The day it speaks of.
        known_at: Submissions received later are not in it.
        is_synthetic: Whether the submissions are made up.
        code_version: Version of the program.
        dbt_manifest: dbt's `target/manifest.json`, which describes tables and columns.
        previous: Folder of the release in force before, None for the first.
    """

    release_id: str
    as_of: date
    known_at: datetime
    is_synthetic: bool
    code_version: str
    dbt_manifest: Path
    previous: Path | None = None

    @classmethod
    def of(cls, inputs: ReleaseInputs, dbt_manifest: Path, previous: Path | None) -> "ReleaseFacts":
        """The facts of a release that is being made."""
        return cls(
            inputs.release_id,
            inputs.as_of,
            inputs.known_at,
            inputs.is_synthetic,
            inputs.code_version,
            dbt_manifest,
            previous,
        )


@dataclass
class SiteData:
    """A release as the page modules read it.

    Attributes:
        release: Its folder; the Parquet files are there, other files perhaps not yet.
        facts: What every page tells of it.
        subjects: Places with pages of their own, provinces before their communes.
    """

    release: Path
    facts: ReleaseFacts
    connection: "duckdb.DuckDBPyConnection"
    subjects: list[Subject] = field(init=False)

    def __post_init__(self) -> None:
        """Lays a view over each table."""
        for path in sorted(self.release.glob("*.parquet")):
            # A prepared statement cannot make a view.
            self.connection.execute(
                f"create or replace view {path.stem} as from read_parquet({sql_text(str(path))})"
            )
        self.subjects = [Subject(**row) for row in self.rows(SUBJECTS_SQL)]

    def rows(self, sql: str, **values: object) -> list[dict[str, Any]]:
        """The result of a statement as one dict per row.

        Args:
            sql: A statement over the curated tables, with `$name` for values.
            values: Those values.

        Returns:
            Decimals as floats, dates as dates, moments as datetimes in UTC without time zone.
        """
        result = self.connection.execute(sql, values) if values else self.connection.execute(sql)
        names = [column[0] for column in result.description or ()]
        decimals = [
            number
            for number, column in enumerate(result.description or ())
            if str(column[1]).startswith("DECIMAL")
        ]
        return [_plain(names, decimals, row) for row in result.fetchall()]

    def submission_path(self, submission_id: str) -> str:
        """Where in the site a submission is told of; an unknown one, where the ledger begins."""
        if not self.ledger_months:
            return f"submissions.html#{submission_id}"
        month = self.ledger_months.get(submission_id)
        return f"submissions/{month}.html#{submission_id}" if month else "submissions.html"

    @cached_property
    def ledger_months(self) -> dict[str, str]:
        """Month of receipt of each submission, in Vietnam; empty where the ledger is one page."""
        months = {row["submission_id"]: row["received_month"] for row in self.rows(MONTHS_SQL)}
        return months if len(months) > MOST_FILES_ON_ONE_PAGE else {}


def _plain(names: list[str], decimals: list[int], row: tuple[Any, ...]) -> dict[str, Any]:
    record = dict(zip(names, row, strict=True))
    for number in decimals:
        if (value := row[number]) is not None:
            record[names[number]] = float(value)
    return record
