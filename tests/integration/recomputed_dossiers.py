"""The measures on dossiers worked out again: whose they are, to which month they belong, who scores."""

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from raw_forms import (
    Row,
    count,
    ends_on,
    fold,
    moment,
    month_of,
    months_between,
    starts_on,
    submissions,
    yes,
)
from recomputed_places import REFORM, Figure, Figures, Key, Places, share_of_units

ONLINE = {"toan trinh", "mot phan"}
Test = Callable[[Row], bool]


def offered(row: Row) -> bool:
    return row["service_level"] in ONLINE


def fully_offered(row: Row) -> bool:
    return row["service_level"] == "toan trinh"


def online(row: Row) -> bool:
    return row["channel"] == "truc tuyen"


def done(row: Row) -> bool:
    return row["state"] == "da tra ket qua"


def rated(row: Row) -> bool:
    return row["rating"] is not None


def paid_for(row: Row) -> bool:
    return done(row) and row["fee"] is not None and row["fee"] > 0


# Indicator -> (month it belongs to, whose it is, who is counted, who of them scores).
DOSSIERS: dict[str, tuple[str, str, Test, Test]] = {
    "gov_dossier_online_received_share": ("received", "receiving", lambda _: True, online),
    "gov_dossier_fully_online_share": (
        "received",
        "receiving",
        lambda _: True,
        lambda r: online(r) and fully_offered(r),
    ),
    "gov_online_service_usage_share": ("received", "receiving", offered, online),
    "gov_data_reuse_share": ("received", "receiving", lambda _: True, lambda r: r["data_reused"]),
    "gov_dossier_synced_national_portal_share": (
        "received",
        "competent",
        lambda _: True,
        lambda r: r["synced"],
    ),
    "gov_dossier_online_processed_share": (
        "completed",
        "competent",
        done,
        lambda r: online(r) and offered(r),
    ),
    "gov_dossier_fully_online_processed_share": (
        "completed",
        "competent",
        done,
        lambda r: online(r) and fully_offered(r) and r["e_result"],
    ),
    "gov_dossier_digitised_share": (
        "completed",
        "competent",
        done,
        lambda r: r["input_digitised"] and r["result_digitised"],
    ),
    "gov_eresult_share": ("completed", "competent", done, lambda r: r["e_result"]),
    "gov_online_payment_share": ("completed", "competent", paid_for, lambda r: r["paid_online"]),
    "gov_satisfaction_tthc_share": ("completed", "competent", rated, lambda r: r["rating"] >= 4),
    "gov_satisfaction_online_service_share": (
        "completed",
        "competent",
        lambda r: online(r) and rated(r),
        lambda r: r["rating"] >= 4,
    ),
}


def dossier(row: Row) -> Row:
    flags = ("input_digitised", "result_digitised", "e_result", "paid_online", "data_reused", "synced")
    return {
        "receiving": str(row["receiving"]),
        "competent": str(row["competent"] or row["receiving"]),
        **{name: moment(row[name]) for name in ("received", "due", "completed")},
        **{name: fold(row[name]) for name in ("channel", "service_level", "state")},
        **{flag: yes(row[flag]) for flag in flags},
        "fee": count(row["fee"]),
        "rating": count(row["rating"]),
    }


def dossiers_in_force(home: Path, known_at: datetime) -> dict[tuple[str, str], list[Row]]:
    """Unit and month of receipt -> its dossiers by the newest extract naming it; a nil report has none."""
    in_force: dict[tuple[str, str], list[Row]] = {}
    for submission in submissions(home, "dossier", known_at):
        named: dict[tuple[str, str], list[Row]] = {}
        if not submission.rows:
            named[submission.org_code, submission.period] = []
        for row in map(dossier, submission.rows):
            named.setdefault((row["receiving"], month_of(row["received"])), []).append(row)
        in_force.update(named)
    return in_force


def in_time(row: Row, day: date) -> bool:
    return row["completed"].date() <= day and row["completed"].date() <= row["due"].date()


def on_time_parts(rows: list[Row], first: date, last: date) -> tuple[int, int]:
    """In time, and all that were completed in the window or stood open past their date at its end."""
    counted = [row for row in rows if row["due"] and row["state"] not in {"rut", "rut ho so"}]
    closed = [row for row in counted if row["completed"] and first <= row["completed"].date() <= last]
    overdue = [
        row
        for row in counted
        if row["received"].date() <= last
        and row["due"].date() < last
        and (row["completed"] is None or row["completed"].date() > last)
    ]
    return sum(in_time(row, last) for row in closed), len(closed) + len(overdue)


def ratio_parts(code: str, rows: list[Row], first: date, last: date) -> tuple[int, int]:
    if code == "gov_dossier_ontime_share":
        return on_time_parts(rows, first, last)
    basis, _, whole, part = DOSSIERS[code]
    window = [row for row in rows if row[basis] and first <= row[basis].date() <= last]
    counted = [row for row in window if whole(row)]
    return sum(bool(part(row)) for row in counted), len(counted)


def belongs(org: str, unit: str, places: Places) -> bool:
    return unit == org or places.province_of.get(unit) == org


def dossier_figures(
    in_force: dict[tuple[str, str], list[Row]],
    places: Places,
    orgs: list[str],
    as_of: date,
    population_by: Callable[[str], dict[str, int]],
) -> Figures:
    """Year to date for every month; no measure is the sum of monthly ratios."""
    everything = [row for rows in in_force.values() for row in rows]
    months = months_between(starts_on(min(month for _, month in in_force)), as_of)
    figures: Figures = {}
    for org in orgs:
        sides = {
            side: [r for r in everything if belongs(org, r[side], places)]
            for side in ("receiving", "competent")
        }
        for code in [*DOSSIERS, "gov_dossier_ontime_share"]:
            rows = sides[DOSSIERS[code][1] if code in DOSSIERS else "competent"]
            for month in months:
                last, first = ends_on(month), starts_on(month)
                numerator, denominator = ratio_parts(code, rows, date(last.year, 1, 1), last)
                own = ratio_parts(code, rows, first, last)
                if denominator and last <= as_of:
                    figures[Key(code, org, month)] = Figure(
                        Decimal(numerator),
                        Decimal(denominator),
                        reported_share(in_force, places.units(org), month, population_by(month)),
                        100 * own[0] / own[1] if own[1] else None,
                    )
    return figures


def reported_share(
    in_force: dict[tuple[str, str], list[Row]], units: set[str], month: str, population: dict[str, int]
) -> float:
    """The share of units that sent an extract or a nil one: the mean of the months of the year so far."""
    months = months_between(max(date(int(month[:4]), 1, 1), REFORM), starts_on(month))
    shares = [
        share_of_units({unit for unit in units if (unit, each) in in_force}, units, population)
        for each in months
    ]
    return sum(shares) / len(shares)
