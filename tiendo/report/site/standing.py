"""Where each place stands: the rows that `tiendo status` counts, by colour, theme and severity.

One row per place and indicator, its own primary target; the pages and the command line cannot differ, because
both read the same statement.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from tiendo.report.site.data import SiteData, Subject
from tiendo.report.site.words import SHAPES
from tiendo.report.status import STATUS_SQL, WORST_FIRST

Record = dict[str, Any]
Target = tuple[Any, ...]

COLOURS = tuple(SHAPES)
LATEST = STATUS_SQL.format(province="null", place="null", indicator="null")
WORDED = """
    status.label_vi, status.label_en, indicators.theme_vi, indicators.theme_en, indicators.direction
from latest
inner join dim_status as status using (status)
inner join dim_indicator as indicators using (indicator_code)
"""
COUNTED_SQL = """
{latest}
select latest.*, {worded}
order by latest.org_code, latest.indicator_code
"""
# Indicators of a place that has no target of its own for them: figures only, or a target of the level above.
OTHERS_SQL = """
with latest as (

    select *
    from indicator_latest
    where list_contains($places, org_code)
    qualify row_number() over (
        partition by org_code, indicator_code
        order by
            plan_id is not null and not is_inherited_target desc, is_primary desc, period_end desc,
            plan_id, row_ref
    ) = 1

)

select latest.*, {worded}
where plan_id is null or is_inherited_target
order by latest.org_code, latest.indicator_code
"""
# The period before of the same kind, where the two may be compared: a count starts anew each year.
PREVIOUS_SQL = """
{latest}
select {keys}, progress.period, progress.actual
from indicator_progress as progress
inner join latest
    on
        progress.org_code = latest.org_code and progress.org_valid_from = latest.org_valid_from
        and progress.indicator_code = latest.indicator_code and progress.plan_id = latest.plan_id
        and progress.row_ref = latest.row_ref and progress.period_kind = latest.period_kind
        and progress.basis is not distinct from latest.basis
where progress.actual is not null and latest.actual is not null
    and progress.period_end < latest.period_end
    and (
        latest.basis is distinct from 'year_to_date'
        or year(progress.period_end) = year(latest.period_end)
    )
qualify row_number() over (partition by {keys} order by progress.period_end desc) = 1
"""
KEYS = ("org_code", "org_valid_from", "indicator_code", "plan_id", "row_ref")


@dataclass(frozen=True)
class Theme:
    """The counted rows of one theme at one place, worst first."""

    code: str
    vi: str
    en: str
    rows: Sequence[Record]
    counts: dict[str, int]


@dataclass(frozen=True)
class Standing:
    """Where one place stands.

    Attributes:
        subject: The place.
        rows: One row of `indicator_latest` per indicator with a target of its own, with words of status and
            theme and `previous` (period and actual of the period before, or None); worst first.
        others: The same for indicators without one; they are not counted.
        counts: Rows by colour, all four colours.
        statuses: By colour: words of a status, how many.
        themes: By theme, in the order of their names.
    """

    subject: Subject
    rows: Sequence[Record]
    others: Sequence[Record]
    counts: dict[str, int]
    statuses: dict[str, list[tuple[str, str, int]]]
    themes: Sequence[Theme]

    @property
    def figures(self) -> Sequence[Record]:
        """The counted rows that have a figure."""
        return [row for row in self.rows if row["actual"] is not None]


def read_standings(site: SiteData) -> list[Standing]:
    """One per place with pages, in the order of the places."""
    previous = {target_of(row): row for row in site.rows(statement(PREVIOUS_SQL))}
    counted = _by_place(
        {**row, "previous": previous.get(target_of(row))} for row in site.rows(statement(COUNTED_SQL))
    )
    places = [subject.org_code for subject in site.subjects]
    others = _by_place({**row, "previous": None} for row in site.rows(statement(OTHERS_SQL), places=places))
    return [
        _standing(subject, counted[subject.org_code], others[subject.org_code]) for subject in site.subjects
    ]


def statement(sql: str) -> str:
    """A statement with `{latest}` (the counted rows), `{worded}` and `{keys}` (of a target row) put in."""
    keys = ", ".join(f"progress.{key}" for key in KEYS)
    return sql.format(latest=LATEST, worded=WORDED, keys=keys)


def target_of(row: Record) -> Target:
    """What names a target row, the same in each period."""
    return tuple(row[key] for key in KEYS)


def severity(row: Record) -> int:
    """How bad a verdict is: 0 where all is well, more the worse, -1 without a verdict."""
    if row["colour"] == "grey":
        return -1
    return len(WORST_FIRST) - WORST_FIRST.index(row["status"]) if row["status"] in WORST_FIRST else 0


def count_colours(rows: Iterable[Record]) -> dict[str, int]:
    """How many rows have each of the four colours."""
    found = Counter(row["colour"] for row in rows)
    return {colour: found[colour] for colour in COLOURS}


def _worst_first(row: Record) -> tuple[Any, ...]:
    # What is unknown needs more attention than what is well.
    level = severity(row) or -2
    ratio = row["schedule_ratio"]
    return (-level, ratio is None, ratio or 0, row["indicator_code"])


def _standing(subject: Subject, rows: list[Record], others: list[Record]) -> Standing:
    rows = sorted(rows, key=_worst_first)
    statuses: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
    words = Counter((row["colour"], row["label_vi"], row["label_en"]) for row in rows)
    for (colour, vi, en), number in words.most_common():
        statuses[colour].append((vi, en, number))
    names = sorted({(row["theme_vi"], row["theme_en"], row["theme"]) for row in rows})
    themes = [
        Theme(code, vi, en, of_theme, count_colours(of_theme))
        for vi, en, code in names
        for of_theme in [[row for row in rows if row["theme"] == code]]
    ]
    return Standing(subject, rows, others, count_colours(rows), statuses, themes)


def _by_place(rows: Iterable[Record]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = defaultdict(list)
    for row in rows:
        found[row["org_code"]].append(row)
    return found
