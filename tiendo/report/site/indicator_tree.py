"""The tree of a number on its page, down to the file and the cell, as `tiendo explain` tells it."""

from dataclasses import dataclass

from markupsafe import Markup, escape

from tiendo.report.explain_choice import adds_up
from tiendo.report.site.indicator_facts import Facts, Record
from tiendo.report.site.indicator_figures import DOSSIERS, Files, both, plain, ratio, where, words_of
from tiendo.report.site.indicator_parts import Explained, Parts
from tiendo.report.site.indicator_sql import from_parts
from tiendo.report.site.indicator_targets import as_text, path_lines, threshold_lines
from tiendo.report.site.words import html, t

# More communes than any province has.
SHOWN_MISSING = 200
# Dossiers that more than one extract tells of.
SEVERAL = t("nhiều tệp", "several files")


@dataclass(frozen=True)
class Tree:
    """The branches below the number, each a list of lines that are safe to show.

    Attributes:
        head: The figure with its parts.
        thresholds: What decided the status.
        path: What was due, and where that is written.
        formula: How the figure is computed.
        heading: How many units gave it.
        units_told: The same as a number.
        units: Name, figures and source of each unit's part, as items of a list.
        months: Of dossiers: file, months and figures of each.
        sharing: Of dossiers: the files that tell of the same dossiers as others.
        missing: Who has not reported, None where nobody is missing.
        adds_up: Whether the parts give the figure.
        statement: SQL that gives it again from the parts.
    """

    head: Markup
    thresholds: list[Markup]
    path: list[Markup]
    formula: list[Markup]
    heading: Markup | None
    units_told: int
    units: Markup
    months: list[tuple[Markup, str, Markup]]
    sharing: Markup
    missing: Markup | None
    adds_up: bool | None
    statement: str | None


def tree_of(row: Record, history: list[Record], facts: Facts, parts: Parts, files: Files) -> Tree:
    """The tree of a row of `indicator_latest`."""
    figure_row = as_text(row)
    explained = parts.of(figure_row)
    unit = row["unit"]
    vi, en = words_of(unit)
    told = figure_row | {"formula": explained.formula, "units": explained.units, "periods": explained.periods}
    told["missing"] = parts.missing(figure_row, explained)
    lines = [both(*pair) for pair in zip(vi.formula_lines(told), en.formula_lines(told), strict=True)]
    first: list[Record] = (
        explained.units[0]["rows"] if explained.units and "rows" in explained.units[0] else []
    )
    if first and (columns := vi.columns(first[0])):
        lines.append(both(columns, en.columns(first[0]) or ""))
    return Tree(
        head=both(vi.actual(told), en.actual(told)),
        thresholds=threshold_lines(row, facts),
        path=path_lines(row, history, facts) if row["plan_id"] else [],
        formula=lines,
        heading=_heading(told, explained, unit) if explained.units else None,
        units=html("\n".join(_unit(each, unit, files, len(explained.units)) for each in explained.units)),
        units_told=len(explained.units),
        months=[_month(file, unit, files) for file in explained.files if file["denominator"] is not None],
        sharing=html(
            " ".join(files.mark(name["submission_id"]) for name in explained.files if _only_named(name))
        ),
        missing=_missing(told["missing"], unit),
        adds_up=adds_up(figure_row, explained.units),
        statement=from_parts(figure_row, explained, parts.found(figure_row, explained.formula)),
    )


def _only_named(file: Record) -> bool:
    return file["submission_id"] is not None and file["denominator"] is None


def _heading(told: Record, explained: Explained, unit: str) -> Markup:
    shown = len(explained.units)
    vi, en = words_of(unit)
    return both(vi.units_heading(told, shown), en.units_heading(told, shown))


def _unit(each: Record, unit: str, files: Files, of: int) -> Markup:
    """A unit with its figures and source; the many files of dossiers stand in the table of communes."""
    if "files" in each and of > 1 and each["org_level"] == "commune":
        rows, count = each["row_count"], len(each["files"] or ())
        counted = t(f"{rows} hồ sơ, {count} tệp", f"{rows} dossiers, {count} files")
        source = html(f'<a href="#{each["org_code"]}">{counted}</a>')
    else:
        source = where(each, unit, files, of == 1)
    comes_from = "<br>" if len(each.get("rows", ())) > 1 else " ← "
    name, code = escape(each["org_name_vi"] or ""), escape(each["org_code"])
    return html(
        f'<li data-unit="{code}">{name} <small>{code}</small>: {ratio(each, unit)}{comes_from}{source}</li>'
    )


def _month(file: Record, unit: str, files: Files) -> tuple[Markup, str, Markup]:
    first, last = file["first_period"], file["last_period"]
    counted = html(f" ({plain(file['row_count'] or 0)}&nbsp;{DOSSIERS})")
    months = first if first == last else f"{first} … {last}"
    mark = files.mark(file["submission_id"]) if file["submission_id"] else SEVERAL
    return mark, months, ratio(file | {"value": None}, unit) + counted


def _missing(missing: list[Record], unit: str) -> Markup | None:
    if not missing:
        return None
    # Only the head differs between the languages.
    head_vi, _, names = words_of(unit)[0].missing(missing, SHOWN_MISSING).partition(": ")
    head_en = words_of(unit)[1].missing(missing[:1], 1).partition(": ")[0]
    head = html(f"{t(head_vi, head_en)}: {len(missing)}")
    return html(f"<details><summary>{head}</summary>{escape(names)}</details>")
