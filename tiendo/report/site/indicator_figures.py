"""Figures, cells and files as they stand on the pages of indicators, made once and used in several places."""

from functools import cache
from typing import Any

from markupsafe import Markup, escape

from tiendo.report.explain_part_words import PartWords
from tiendo.report.site.words import NOTHING, amount, html, number, sent, t

Record = dict[str, Any]
DOSSIERS = t("hồ sơ", "dossiers")
YES_NO = {1.0: ("Có", "Yes"), 0.0: ("Chưa", "Not yet")}


@cache
def figure(value: float | None, unit: str | None) -> Markup:
    """A value in the unit of its indicator; of a yes or no in words."""
    if unit == "boolean" and value in YES_NO:
        return t(*YES_NO[value])
    return amount(value, unit)


@cache
def plain(value: float | None) -> Markup:
    """A number without unit; small whole ones are written alike in both languages."""
    if value is not None and value == int(value) and 0 <= value < 1000:
        return html(str(int(value)))
    return number(value)


@cache
def words_of(unit: str) -> tuple[PartWords, PartWords]:
    """The sentences of an explanation in Vietnamese and English."""
    return PartWords("vi", unit), PartWords("en", unit)


def both(vi: str, en: str) -> Markup:
    """Two sentences, or one where they are the same."""
    return escape(vi) if vi == en else t(vi, en)


class Files:
    """The files a page names, numbered in the order in which they come up."""

    def __init__(self, submissions: dict[str, Record]) -> None:
        """Takes the submissions of the release by identifier."""
        self._submissions = submissions
        self._marks: dict[str, Markup] = {}

    def mark(self, submission_id: str | None) -> Markup:
        """The number of a file, which leads to the list of files on the same page."""
        if submission_id is None:
            return Markup("")
        if submission_id not in self._marks:
            place = len(self._marks) + 1
            self._marks[submission_id] = html(f'<a href="#f{place}">[{place}]</a>')
        return self._marks[submission_id]

    def listed(self) -> list[Record]:
        """The submissions of the files, in order of their numbers."""
        return [self._submissions[submission_id] for submission_id in self._marks]


def ratio(part: Record, unit: str) -> Markup:
    """Numerator over denominator and what they give, as far as they are known."""
    numerator, denominator, value = part["numerator"], part["denominator"], part["value"]
    if numerator is None and denominator is None:
        return figure(value, unit)
    if numerator is None:
        return t("mẫu số", "denominator") + " " + plain(denominator)
    if denominator is None:
        return t("tử số", "numerator") + " " + plain(numerator)
    shown = html(f"{plain(numerator)} / {plain(denominator)}")
    if value is None and denominator and unit.startswith("percent"):
        value = 100 * numerator / denominator
    return shown if value is None else html(f"{shown} = {figure(value, unit)}")


def where(unit_row: Record, unit: str, files: Files, has_notes: bool = False) -> Markup:
    """The cells, rows and files that a unit's part was read from.

    Args:
        unit_row: A unit as `Explained.units` has it.
        unit: The unit of the indicator.
        files: The files of the page.
        has_notes: Whether what the file says of the figure is told too, besides corrections.
    """
    if "files" in unit_row:
        return _dossiers(unit_row, files)
    rows = unit_row["rows"]
    return Markup("<br>").join(_row(row, unit, files, len(rows) == 1, has_notes) for row in rows)


def _row(row: Record, unit: str, files: Files, is_alone: bool, has_notes: bool) -> Markup:
    vi, en = words_of(unit)
    source = row["source"]
    told = vi.cells(row, False), en.cells(row, False)
    # With the name of a sheet, which its sender chose.
    cells = sent(told[0]) if told[0] == told[1] else t(sent(told[0]), sent(told[1]))
    shown = html(f'<span class="cells">{cells}</span> {files.mark(source["submission_id"])}')
    if not is_alone:
        period = (
            row["periods"][0] if len(row["periods"]) == 1 else f"{row['periods'][0]} … {row['periods'][-1]}"
        )
        shown = html(f"{escape(period)}: {ratio(row, unit)} ← {shown}")
    for told_vi, told_en in zip(vi.remarks(row, has_notes), en.remarks(row, has_notes), strict=True):
        shown += html(f' <small class="remark">{t(sent(told_vi), sent(told_en))}</small>')
    return shown


def _dossiers(unit_row: Record, files: Files) -> Markup:
    named: list[str] = unit_row["files"] or []
    if not named and not unit_row["row_count"]:
        return NOTHING
    marks = " ".join(files.mark(submission_id) for submission_id in named)
    return html(f"{plain(unit_row['row_count'])}&nbsp;{DOSSIERS} {marks}")
