"""Who has not reported: late is not zero, so a share of units behind a figure has names."""

from collections.abc import Sequence
from pathlib import Path

from tiendo.publish.query import literal
from tiendo.report.explain_sources import Record, records

# A month of dossiers is reported by its extract, nil ones too, or by rows in the extract of another unit.
EXTRACTS_SQL = """
select org_code, period from submissions where form = 'dossier' and status = 'landed'
union
select parts.org_code, parts.period
from indicator_parts as parts
inner join indicator_measures as measures using (indicator_code, variant)
where parts.form = 'dossier' and measures.month_basis = 'received' and measures.org_basis = 'receiving'
    and parts.basis = 'in_period'
"""
EXPECTED_SQL = """
select units.org_code, units.org_name_vi, units.valid_to as org_valid_to, dim_period.period
from dim_org_unit as units
inner join dim_period
    on dim_period.period_end between units.valid_from and coalesce(units.valid_to, date '9999-12-31')
where
    dim_period.period_kind = {kind}
    and dim_period.period_end between {first_day} and {last_day}
    and (
        ({level} = 'province' and units.province_code = {place} and units.org_level = 'commune')
        or ({level} <> 'province' and units.org_code = {place})
    )
order by units.org_code, dim_period.period_end
"""


def missing_units(release: Path, figure: Record, formula: Record, parts: Sequence[Record]) -> list[Record]:
    """Units that should have reported and did not, each with the periods that are missing."""
    share = figure["coverage_share"]
    if share is None or share >= 1 or figure["source_kind"] is None:
        return []
    kind, last_day = figure["period_kind"], figure["period_end"]
    if parts:
        kind, last_day = parts[-1]["period_kind"], parts[-1]["period_end"]
    is_running = figure["basis"] == "year_to_date"
    start = f"{last_day[:4]}-01-01" if is_running else last_day
    named = {
        "kind": literal(kind),
        "level": literal(figure["org_level"]),
        "place": literal(figure["org_code"]),
        "valid_from": f"date {literal(figure['org_valid_from'])}",
        "period": literal(figure["period"]),
        "first_day": f"date {literal(start)}",
        "last_day": f"date {literal(max(last_day, figure['judged_on']) if is_running else last_day)}",
    }
    expected = records(release, EXPECTED_SQL, named)
    told = records(release, EXTRACTS_SQL, {}) if formula["form"] == "dossier" else parts
    reported = {(row["org_code"], row["period"]) for row in told}
    missing: dict[str, Record] = {}
    for row in expected:
        if (row["org_code"], row["period"]) not in reported:
            late = {name: row[name] for name in ("org_code", "org_name_vi", "org_valid_to")}
            missing.setdefault(row["org_code"], late | {"periods": []})["periods"].append(row["period"])
    return list(missing.values())
