"""SQL that gives the number of a page: as it was published, and once more from the parts it is made of.

The statements are shown, never run here; a test runs them.
"""

from collections.abc import Sequence

from tiendo.report.explain_choice import adds_up
from tiendo.report.site.indicator_facts import Record
from tiendo.report.site.indicator_parts import Explained

# Two numbers closer than this are the same figure.
SAME = 1e-6


def published(figure: Record) -> str:
    """The published number of a row of `indicator_latest`."""
    where = [f"{name} = '{figure[name]}'" for name in ("org_code", "indicator_code", "period")]
    where += [
        f"{name} is null" if figure[name] is None else f"{name} = '{figure[name]}'"
        for name in ("plan_id", "row_ref")
    ]
    columns = "actual, numerator, denominator, status"
    return f"select {columns} from indicator_latest where {' and '.join(where)}"  # noqa: S608


def from_parts(figure: Record, explained: Explained, found: Sequence[Record]) -> str | None:
    """The number again from `indicator_parts`; None where no simple condition finds its parts.

    Args:
        figure: The row, with its days as text.
        explained: Its parts.
        found: All parts of the indicator at the place, among which the condition must find just those.
    """
    if figure["actual"] is None or not adds_up(figure, explained.units):
        return None
    return _of_dossiers(figure, explained) if explained.files else _of_rows(figure, explained, found)


def _of_rows(figure: Record, explained: Explained, found: Sequence[Record]) -> str | None:
    chosen = explained.chosen
    periods, bases = {part["period"] for part in chosen}, {part["basis"] for part in chosen}
    is_own = {part["org_code"] for part in chosen} == {figure["org_code"]}
    alike = [
        part
        for part in found
        if part["period"] in periods
        and part["basis"] in bases
        and explained.formula["variant"] in (None, part["variant"])
        and (not is_own or part["org_code"] == figure["org_code"])
    ]
    factor = 100 if figure["unit"].startswith("percent") else 1
    parts = [(part["numerator"], part["denominator"]) for part in chosen]
    values = [part["value"] for part in chosen]
    offered: list[tuple[str, float]] = []
    if None not in values and (len(values) == 1 or not figure["unit"].startswith("percent")):
        offered.append(("sum(value)", sum(values)))
    if not any(None in pair for pair in parts) and (whole := sum(pair[1] for pair in parts)):
        what = f"{factor} * sum(numerator) / sum(denominator)".removeprefix("1 * ")
        offered.append((what, factor * sum(pair[0] for pair in parts) / whole))
    fitting = [what for what, value in offered if abs(value - figure["actual"]) < SAME]
    if len(alike) != len(chosen) or len(bases) > 1 or not fitting:
        return None
    (basis,) = bases
    listed = ", ".join(f"'{period}'" for period in sorted(periods))
    told = ["basis is null" if basis is None else f"basis = '{basis}'", f"period in ({listed})"]
    return _select(fitting[-1], figure, explained, is_own, told)


def _of_dossiers(figure: Record, explained: Explained) -> str | None:
    spans = {(file["basis"], file["bases"]) for file in explained.files}
    first, last = explained.periods[:1], explained.periods[-1:]
    match list(spans):
        case [("in_period", 1)]:
            told = ["basis = 'in_period'", f"period between '{first[0]}' and '{last[0]}'"]
        case [("year_to_date", 1)] if first == last:
            told = ["basis = 'year_to_date'", f"period = '{last[0]}'"]
        case _:
            return None
    what = "100 * sum(numerator) / sum(denominator)"
    return _select(what, figure, explained, figure["org_level"] != "province", told)


def _select(what: str, figure: Record, explained: Explained, is_own: bool, told: Sequence[str]) -> str:
    place = f"org_code = '{figure['org_code']}'"
    if not is_own:
        place = f"province_code = '{figure['org_code']}' and org_level <> 'province'"
    conditions = [
        place,
        f"indicator_code = '{figure['indicator_code']}'",
        f"form = '{explained.formula['form']}'",
    ]
    if explained.formula["variant"] is not None:
        conditions.append(f"variant = '{explained.formula['variant']}'")
    where = " and ".join([*conditions, *told])
    return f"select {what} as actual from indicator_parts where {where}"  # noqa: S608
