"""The demo's headline figures worked out again from the files as sent, sharing no code with tiendo.

Plain Python on raw cells, with the definitions of the measures written out a second time. Slow and literal
on purpose.
"""

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from raw_forms import (
    Row,
    amount,
    count,
    ends_on,
    fold,
    moment,
    months_between,
    period_of,
    starts_on,
    submissions,
    yes,
)
from recomputed_dossiers import Test, dossier_figures, dossiers_in_force, fully_offered, offered
from recomputed_places import Figure, Figures, Key, Places, load_places, share_of_units

OPERATORS = {"viettel", "vnpt", "vinaphone", "mobifone", "vietnamobile"}

# F04: 5G coverage.


def coverage_row(row: Row, communes: set[str]) -> Row:
    """The row's parts; ValueError where one cell is wrong, as then the whole row counts for nothing."""
    counts = {name: count(row[name]) for name in ("population", "population_5g", "villages")}
    areas = {name: amount(row[name]) for name in ("area", "area_5g")}
    dead = count(row["villages_no_signal"])
    pairs = [
        (counts["population_5g"], counts["population"]),
        (areas["area_5g"], areas["area"]),
        (dead, counts["villages"]),
    ]
    if str(row["org_code"]) not in communes or counts["population"] is None:
        raise ValueError(row)
    if any(part is not None and whole is not None and part > whole for part, whole in pairs):
        raise ValueError(row)
    return counts


def coverage_in_force(home: Path, places: Places, known_at: datetime) -> dict[tuple[str, str], Row]:
    """Commune and month -> the newest good row of the union of operators."""
    known = set().union(*places.communes.values())
    in_force: dict[tuple[str, str], Row] = {}
    for submission in submissions(home, "coverage", known_at):
        said: dict[tuple[str, str], list[Row]] = {}
        for row in submission.rows:
            if set(fold(row["sender"]).split()) & OPERATORS:
                continue
            try:
                parts = coverage_row(row, known)
            except ValueError:
                continue
            key = (str(row["org_code"]), period_of(row["period"]))
            said.setdefault(key, []).append({**parts, "as sent": row})
        # Of rows that contradict each other under one key none can be believed; a plain repeat counts once.
        for key, rows in said.items():
            if all(row == rows[0] for row in rows):
                in_force[key] = rows[0]
    return in_force


def populations(rows: dict[tuple[str, str], Row], upto: str) -> dict[str, int]:
    """Each commune's last population known from a report for that month or an earlier one."""
    ordered = sorted(rows.items(), key=lambda item: item[0][1])
    return {org: row["population"] for (org, period), row in ordered if period <= upto}


def coverage_figures(
    rows: dict[tuple[str, str], Row], places: Places, orgs: list[str], as_of: date
) -> Figures:
    """Each month, and each quarter by its last month."""
    figures: Figures = {}
    for period in sorted({period for _, period in rows}):
        if ends_on(period) > as_of:
            continue
        for org in orgs:
            found = {u: rows[u, period] for u in places.units(org) if (u, period) in rows}
            used = {u: r for u, r in found.items() if r["population"] > 0 and r["population_5g"] is not None}
            if not used:
                continue
            figure = Figure(
                Decimal(sum(r["population_5g"] for r in used.values())),
                Decimal(sum(r["population"] for r in used.values())),
                share_of_units(set(used), places.units(org), populations(rows, period)),
            )
            figures[Key("infra_5g_coverage", org, period)] = figure
            month = int(period[5:])
            if month % 3 == 0:
                figures[Key("infra_5g_coverage", org, f"{period[:4]}-Q{month // 3}")] = figure
    return figures


# F03: what is offered online.


def at_province(row: Row) -> bool:
    return row["authority_level"] in {"tinh", "cap tinh"}


# Share of the procedures passing the first test that also pass the second.
OFFERED: dict[str, tuple[Test, Test]] = {
    "gov_tthc_online_offered_total_share": (at_province, offered),
    "gov_tthc_fully_online_offered_total_share": (at_province, fully_offered),
    "gov_tthc_online_offered_eligible_share": (lambda r: r["online_eligible"], offered),
    "gov_tthc_fully_online_offered_eligible_share": (lambda r: r["fully_online_eligible"], fully_offered),
    "gov_tthc_fully_online_offered_local_regulated_share": (lambda r: r["locally_regulated"], fully_offered),
    "gov_tthc_nonboundary_province_share": (lambda _: True, lambda r: r["boundary_free"]),
    "gov_tthc_business_online_share": (lambda r: r["business_related"], offered),
    "gov_tthc_business_eligible_offered_share": (
        lambda r: r["business_related"] and r["online_eligible"],
        offered,
    ),
}


def procedure(row: Row) -> Row:
    flags = (
        "locally_regulated",
        "online_eligible",
        "fully_online_eligible",
        "business_related",
        "boundary_free",
    )
    return {
        **{flag: yes(row[flag]) for flag in flags},
        **{name: fold(row[name]) for name in ("authority_level", "service_level")},
        **{name: moment(row[name]) for name in ("valid_from", "valid_to")},
    }


def catalogue_figures(home: Path, orgs: list[str], as_of: date, known_at: datetime) -> Figures:
    """Each month by the newest catalogue of that month or before, its procedures in force on the last day."""
    catalogues = {
        (s.org_code, s.period): [procedure(row) for row in s.rows]
        for s in submissions(home, "procedure_catalogue", known_at)
    }
    figures: Figures = {}
    for org in orgs:
        periods = sorted(period for place, period in catalogues if place == org)
        for period in months_between(starts_on(periods[0]), as_of) if periods else []:
            newest = max(p for p in periods if p <= period)
            day = ends_on(period)
            valid = [
                row
                for row in catalogues[org, newest]
                if row["valid_from"].date() <= day
                # 'Ngày hết hiệu lực' is the day the effect ends, the first without it.
                and (row["valid_to"] is None or row["valid_to"].date() > day)
            ]
            for code, (whole, part) in OFFERED.items():
                among = [row for row in valid if whole(row)]
                hits = sum(part(row) for row in among)
                if among and day <= as_of:
                    figures[Key(code, org, period)] = Figure(Decimal(hits), Decimal(len(among)), 1.0)
    return figures


# F05: digital economy in GRDP.


def economy_figures(home: Path, orgs: list[str], known_at: datetime) -> Figures:
    """A year by its published figure, its last quarter likewise; other quarters with those before them."""
    newest: dict[tuple[str, str], tuple[Decimal, Decimal]] = {}
    final: set[tuple[str, str]] = set()
    for submission in submissions(home, "digital_economy", known_at):
        for row in submission.rows:
            key = (str(row["province_code"]), period_of(row["period"]))
            is_final = fold(row["maturity"]) == "chinh thuc"
            core, spillover, grdp = (amount(row[name]) for name in ("core", "spillover", "grdp"))
            if core is None or spillover is None or not grdp or fold(row["basis"]) != "trong ky":
                continue
            if is_final or key not in final:
                newest[key] = (core + spillover, grdp)
                final |= {key} if is_final else set()
    figures: Figures = {}
    for (org, period), parts in newest.items():
        quarters = [p for o, p in newest if o == org and p[:5] == f"{period[:4]}-" and p <= period]
        summed = [parts] if len(period) == 4 else [newest[org, p] for p in quarters]
        if period.endswith("Q4") and (org, period[:4]) in newest:
            summed = [newest[org, period[:4]]]
        if org in orgs:
            figures[Key("economy_digital_economy_grdp_share", org, period)] = Figure(
                sum((p[0] for p in summed), Decimal(0)),
                sum((p[1] for p in summed), Decimal(0)),
                1.0,
                float(100 * parts[0] / parts[1]),
            )
    return figures


def recompute(home: Path, project: Path, orgs: list[str], as_of: date, known_at: datetime) -> Figures:
    """All figures of the places, by indicator, place and period."""
    places = load_places(project)
    coverage = coverage_in_force(home, places, known_at)
    dossiers = dossiers_in_force(home, known_at)
    return {
        **coverage_figures(coverage, places, orgs, as_of),
        **catalogue_figures(home, orgs, as_of, known_at),
        **dossier_figures(dossiers, places, orgs, as_of, lambda month: populations(coverage, month)),
        **economy_figures(home, orgs, known_at),
    }
