"""The parts of all figures at once, as `tiendo explain` finds them for one.

Dossiers are added up by unit and by file before they are read, since nobody can follow them one by one.
"""

from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from tiendo.report.explain_choice import chosen_parts, first_day_of, formula_of, units_of
from tiendo.report.explain_missing import EXTRACTS_SQL
from tiendo.report.explain_sources import corrections_of, source_rows
from tiendo.report.site.data import SiteData
from tiendo.report.site.indicator_facts import Facts, Record

ROWS_SQL = """
with units as (

    select org_code, valid_from, org_name_vi from dim_org_unit
    union all
    select agency_code, date '2000-01-01', agency_name_vi from dim_agency

),

spans as (

    select province_code, indicator_code, date_trunc('year', min(period_end)) as first_day
    from ordered_latest
    where source_kind is not null and turn = 1
    group by all

)

select
    parts.province_code, parts.org_code, parts.org_level, parts.org_valid_from::varchar as org_valid_from,
    parts.indicator_code, parts.variant, parts.form, parts.period, parts.period_end::varchar as period_end,
    parts.basis, parts.numerator::double as numerator, parts.denominator::double as denominator, parts.value,
    parts.maturity, parts.evidence_ref, parts.sender, parts.note, parts.submission_id, parts.sheet,
    parts.row_number, parts.row_count, dim_period.period_kind,
    dim_period.period_start::varchar as period_start, units.org_name_vi
from indicator_parts as parts
inner join spans using (province_code, indicator_code)
inner join dim_period using (period)
left join units on parts.org_code = units.org_code and parts.org_valid_from = units.valid_from
where parts.form <> 'dossier' and parts.period_end between spans.first_day and $as_of
order by parts.period_end, parts.period, parts.org_code, parts.submission_id, parts.sheet, parts.row_number
"""
# As `chosen_parts` takes the months of a year, from what a unit stated last of the year so far on, up to the
# period of the figure of each place.
DOSSIERS_SQL = """
create or replace temp table dossier_parts as
with figures as (

    select org_code as place, indicator_code, variant, period_end as last_day
    from ordered_latest
    where source_kind = 'computed' and turn = 1

),

months as (

    select
        unnest([province_code, org_code]) as place, indicator_code, variant, org_code, org_valid_from,
        org_level, period, period_end, basis, numerator, denominator, value, submission_id, row_count
    from indicator_parts
    where form = 'dossier'

),

stated as (

    select
        months.*,
        max(period_end) filter (where basis = 'year_to_date')
            over (partition by place, indicator_code, org_code, org_valid_from) as stated_on
    from months
    inner join figures using (place, indicator_code, variant)
    where period_end between date_trunc('year', last_day) and last_day

)

select * from stated
where stated_on is null or period_end > stated_on or (basis = 'year_to_date' and period_end = stated_on)
"""
BY_UNIT_SQL = """
select
    place, indicator_code, org_code, org_level,
    sum(numerator)::double as numerator, sum(denominator)::double as denominator, null as value,
    coalesce(sum(row_count) filter (coalesce(numerator, denominator, value) is not null), 0)::int
        as row_count,
    list(distinct submission_id order by submission_id) filter (where submission_id is not null) as files
from dossier_parts
group by place, indicator_code, org_code, org_level
order by denominator desc nulls last, org_code
"""
BY_FILE_SQL = """
select
    place, indicator_code, submission_id, min(basis) as basis, count(distinct basis) as bases,
    sum(numerator)::double as numerator, sum(denominator)::double as denominator,
    sum(row_count)::int as row_count, min(period) as first_period, max(period) as last_period
from dossier_parts
where list_contains($places, place)
group by place, indicator_code, submission_id
order by first_period, submission_id
"""
NAMES_SQL = """
select org_code, org_name_vi from dim_org_unit where is_current
union all
select agency_code, agency_name_vi from dim_agency
"""
PERIODS_SQL = """
select period, period_kind, period_start::varchar as period_start, period_end::varchar as period_end
from dim_period
order by period_end
"""
SUBMISSIONS_SQL = (
    "select * replace (received_at::varchar as received_at), received_at as received_on from submissions"
)
# Indicator, form and place.
Place = tuple[str, str, str]

CORRECTIONS_SQL = "select * replace (signed_on::varchar as signed_on) from corrected_cells where is_applied"


@dataclass(frozen=True)
class Explained:
    """What a figure is made of.

    Attributes:
        formula: What `formula_of` gives.
        periods: The periods its parts are of.
        units: What `units_of` gives; of dossiers `rows` is empty and `files` lists their submissions.
        files: Of dossiers: what each file adds to the figure of a province.
        chosen: The parts themselves, but for dossiers.
    """

    formula: Record
    periods: list[str]
    units: list[Record]
    files: list[Record]
    chosen: list[Record]


@dataclass
class Parts:
    """All parts of the release, by indicator, form and place."""

    facts: Facts
    submissions: dict[str, Record]
    corrections: dict[Any, Record]
    periods: list[Record]
    extracts: set[tuple[str, str]]
    rows: dict[Place, list[Record]] = field(default_factory=lambda: defaultdict(list))
    dossiers: dict[Place, list[Record]] = field(default_factory=lambda: defaultdict(list))
    dossier_files: dict[Place, list[Record]] = field(default_factory=lambda: defaultdict(list))

    def of(self, figure: Record) -> Explained:
        """The parts of a figure, a row of `indicator_latest` whose days are text."""
        code = figure["indicator_code"]
        measure = self.facts.measures.get((code, figure["variant"]))
        formula = formula_of(figure, self.facts.indicators[code], measure)
        if figure["source_kind"] is None:
            return Explained(formula, [], [], [], [])
        if formula["form"] == "dossier":
            place = code, "dossier", figure["org_code"]
            files = self.dossier_files[place]
            periods = sorted({file[name] for file in files for name in ("first_period", "last_period")})
            return Explained(formula, periods, self.dossiers[place], files, [])
        first_day = first_day_of(figure)
        within = [
            part
            for part in self.found(figure, formula)
            if first_day <= part["period_end"] <= figure["period_end"]
            and formula["variant"] in (None, part["variant"])
        ]
        chosen = chosen_parts(within, figure, formula)
        rows = source_rows(chosen, formula, self.submissions, self.corrections)
        units = units_of(chosen, rows, figure["unit"].startswith("percent"))
        return Explained(formula, list(dict.fromkeys(part["period"] for part in chosen)), units, [], chosen)

    def found(self, figure: Record, formula: Record) -> list[Record]:
        """All parts of the form at the place of a figure, whatever their period."""
        return self.rows[figure["indicator_code"], formula["form"], figure["org_code"]]

    def missing(self, figure: Record, explained: Explained) -> list[Record]:
        """Units that should have reported, with their periods, as `missing_units` tells them."""
        share = figure["coverage_share"]
        if share is None or share >= 1:
            return []
        kind, last_day = figure["period_kind"], figure["period_end"]
        if explained.chosen:
            kind, last_day = explained.chosen[-1]["period_kind"], explained.chosen[-1]["period_end"]
        first_day = f"{last_day[:4]}-01-01" if figure["basis"] == "year_to_date" else last_day
        due = [
            period["period"]
            for period in self.periods
            if period["period_kind"] == kind and first_day <= period["period_end"] <= last_day
        ]
        is_dossier = explained.formula["form"] == "dossier"
        came = (
            self.extracts if is_dossier else {(part["org_code"], part["period"]) for part in explained.chosen}
        )
        late: list[Record] = []
        for unit in self.facts.units[figure["province_code"]]:
            code = unit["org_code"]
            gaps = [period for period in due if (code, period) not in came]
            if gaps and figure["org_code"] in (code, figure["province_code"]):
                name = {"org_code": code, "org_name_vi": unit["name_vi"], "org_valid_to": None}
                late.append(name | {"periods": gaps})
        return late


def read_parts(site: SiteData, facts: Facts) -> Parts:
    """Reads them for all figures of the release."""
    as_of = site.facts.as_of
    parts = Parts(
        facts,
        {row["submission_id"]: row for row in site.rows(SUBMISSIONS_SQL)},
        corrections_of(site.rows(CORRECTIONS_SQL)),
        site.rows(PERIODS_SQL),
        {(row["org_code"], row["period"]) for row in site.rows(EXTRACTS_SQL)},
    )
    for row in site.rows(ROWS_SQL, as_of=as_of):
        parts.rows[row["indicator_code"], row["form"], row["org_code"]].append(row)
        if row["org_level"] != "province":
            parts.rows[row["indicator_code"], row["form"], row["province_code"]].append(row)
    site.connection.execute(DOSSIERS_SQL)
    names = {row["org_code"]: row["org_name_vi"] for row in site.rows(NAMES_SQL)}
    for row in site.rows(BY_UNIT_SQL):
        row["org_name_vi"] = names.get(row["org_code"])
        parts.dossiers[row["indicator_code"], "dossier", row["place"]].append(row)
    for row in site.rows(BY_FILE_SQL, places=[subject.org_code for subject in site.subjects]):
        parts.dossier_files[row["indicator_code"], "dossier", row["place"]].append(row)
    return parts
