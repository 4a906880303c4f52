"""Who reported when: for each duty to report a map of units by periods, with shape, colour and words."""

from collections.abc import Iterator
from typing import Any

from markupsafe import Markup

from tiendo.report.execution_words import CADENCES, REPORT_STATES
from tiendo.report.site.execution_tables import Execution, Record, grouped
from tiendo.report.site.pages import Page
from tiendo.report.site.words import SHAPES, html, number, t

COMPLIANCE_SQL = """
select
    plans.org_code, compliance.plan_id, obligation_code, receiver_vi, receiver_code, channel_vi, channel_en,
    form, cadence, period, period_end, compliance.reporter_code, reporter_name_vi, reporter_kind, due_on,
    state, days_late, strftime(received_at + interval 7 hour, '%d/%m/%Y') as received,
    strftime(due_on, '%d/%m/%Y') as due, message_vi, message_en
from reporting_compliance as compliance
inner join dim_plan as plans using (plan_id)
order by plans.valid_from desc, obligation_code, reporter_kind, reporter_name_vi, reporter_code, period_end
"""
COUNTED = ("on_time", "late", "missing")
# What stands in a cell for people who hear the page; the others see shape and colour.
HEARD = {
    state: Markup('<span class="heard">{}</span><span aria-hidden="true">{}</span>').format(
        t(vi, en), SHAPES[colour]
    )
    for state, (colour, vi, en) in REPORT_STATES.items()
}


def pages(execution: Execution) -> Iterator[Page]:
    """One page for each place whose plans oblige somebody to report."""
    places = grouped(execution.site.rows(COMPLIANCE_SQL), "org_code")
    for subject in execution.subjects:
        if subject.org_code in places:
            duties = [_duty(rows) for rows in grouped(places[subject.org_code], "obligation_code").values()]
            yield Page(
                f"{subject.org_code}/reporting.html",
                "reporting.html.jinja",
                "Chế độ báo cáo",
                "Reporting",
                {"duties": duties, "STATES": REPORT_STATES, "CADENCES": CADENCES},
                subject,
            )


def _duty(rows: list[Record]) -> dict[str, Any]:
    """One duty: `periods` with totals, `units` with cells and totals, `silent` that owe nothing yet."""
    owed = [row for row in rows if row["state"] != "no_obligation"]
    silent = [row for row in rows if row["state"] == "no_obligation"]
    periods = {row["period"]: row["due_on"] for row in sorted(owed, key=lambda row: row["period_end"])}
    units = [
        {"code": code, "name": of[0]["reporter_name_vi"], "totals": _totals(of), "cells": _cells(of, periods)}
        for code, of in grouped(owed, "reporter_code").items()
    ]
    by_period = grouped(owed, "period")
    return {
        "of": rows[0],
        "totals": _totals(owed),
        "periods": [
            {"period": period, "due_on": due_on, "totals": _totals(by_period[period])}
            for period, due_on in periods.items()
        ],
        "units": units,
        "silent": grouped(silent, "message_vi"),
    }


def _totals(rows: list[Record]) -> dict[str, int]:
    return {state: sum(row["state"] == state for row in rows) for state in COUNTED}


def _cells(rows: list[Record], periods: dict[str, Any]) -> list[Markup]:
    """A cell for each period; empty where the unit owed nothing in it."""
    known = {row["period"]: _cell(row) for row in rows}
    return [known.get(period, Markup("<td></td>")) for period in periods]


def _cell(row: Record) -> Markup:
    """Shape and colour, days late in digits, the dates as a title; sorted from on time to long missing."""
    state, days = row["state"], row["days_late"]
    order = {"on_time": 0, "late": 1 + (days or 0), "missing": 10_000 + (days or 0)}.get(state, -1)
    dates = f"≤ {row['due']}" + (f", {row['received']}" if row["received"] else "")
    shown = HEARD[state] + (Markup(" ") + number(days, 0) if days else Markup(""))
    colour = REPORT_STATES[state][0]
    return html(f'<td class="cell {colour}" data-sort="{order}" title="{dates}">{shown}</td>')
