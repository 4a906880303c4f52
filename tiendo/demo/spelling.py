"""How senders write: headers, numbers, dates, yes and no, each in their own way.

The figures are made once, in the contract's canonical columns; a manner turns them into what a clerk types.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import polars as pl

from tiendo.demo.window import spell_period
from tiendo.intake.contracts import Column, load_contract
from tiendo.intake.folding import strip_accents

YES_NO = ("Có", "Không")


@dataclass(frozen=True)
class Manner:
    """One sender's habits.

    Attributes:
        headers: 'label' as the form prints them, 'alias' where the contract knows one, 'upper' in capitals,
            'plain' without diacritics, 'spaced' with stray spaces and a line break.
        text_numbers: Numbers as Vietnamese text, `1.234,5`, instead of number cells.
        text_dates: Dates as `dd/mm/yyyy` text instead of date cells.
        yes_no: What stands for yes and for no; None keeps typed booleans (Parquet).
        periods: Which spelling of periods, see `spell_period`.
        choice_alias: Use a choice's second spelling where it has one.
    """

    headers: str = "label"
    text_numbers: bool = False
    text_dates: bool = False
    yes_no: tuple[str, str] | None = YES_NO
    periods: int = 0
    choice_alias: bool = False


PLAIN = Manner()
# One manner per sending system: each province keeps its own habits over the year.
MANNERS = {
    "66": Manner(headers="label", text_dates=True, periods=1),
    "68": Manner(headers="alias", text_numbers=True, text_dates=True, periods=2, choice_alias=True),
    "75": Manner(headers="spaced", periods=3),
}
COMMUNE_MANNER = Manner(headers="upper", text_numbers=True, text_dates=True, yes_no=("x", ""), periods=1)


def spell(frame: pl.DataFrame, form: str, manner: Manner) -> pl.DataFrame:
    """Canonical figures as one sender writes them: Vietnamese headers, values in that sender's manner."""
    contract = load_contract(form)
    series: list[pl.Series] = []
    for name in frame.columns:
        column = contract.column(name)
        series.append(_spell_values(frame[name], column, manner).alias(spell_header(column, manner)))
    return pl.DataFrame(series)


def spell_header(column: Column, manner: Manner) -> str:
    """A column's header in the manner of one sender."""
    label = column.label_vi
    if manner.headers == "alias":
        return column.aliases[0] if column.aliases else label
    if manner.headers == "upper":
        return label.upper()
    if manner.headers == "plain":
        return strip_accents(label)
    if manner.headers == "spaced":
        return f" {label.replace(' ', '  ', 1)} \n"
    return label


def _spell_values(values: pl.Series, column: Column, manner: Manner) -> pl.Series:
    kind = column.type
    if kind == "choice":
        index = 1 if manner.choice_alias else 0
        spellings = {code: words[min(index, len(words) - 1)] for code, words in column.choices.items()}
        return _by_value(values, spellings)
    if kind == "boolean" and manner.yes_no:
        # A tick list leaves 'no' empty, which a required cell may not be.
        yes, no = YES_NO if column.required else manner.yes_no
        return _by_value(values, {True: yes, False: no or None})
    if kind == "period":
        return _by_value(values, {code: spell_period(code, manner.periods) for code in _distinct(values)})
    if kind in ("integer", "decimal") and manner.text_numbers:
        return _by_value(values, {n: vietnamese_number(n, kind) for n in _distinct(values)})
    if isinstance(values.dtype, pl.Date | pl.Datetime) and manner.text_dates:
        return values.dt.strftime("%d/%m/%Y" if kind == "date" else "%d/%m/%Y %H:%M")
    return values


def _distinct(values: pl.Series) -> list[Any]:
    return values.drop_nulls().unique().to_list()


def _by_value(values: pl.Series, spellings: Mapping[Any, str | None]) -> pl.Series:
    if values.null_count() == len(values):
        return values.cast(pl.String)
    return values.replace_strict(spellings, return_dtype=pl.String)


def vietnamese_number(number: float, kind: str) -> str:
    """A number as text with Vietnamese signs: 1234.5 becomes `1.234,5`.

    Decimal columns always show a decimal: `1.234` there could also mean 1,234 thousandths.
    """
    text = f"{number:,.6f}".rstrip("0")
    text = f"{text}0" if text.endswith(".") else text
    return (f"{number:,.0f}" if kind == "integer" else text).translate(str.maketrans(",.", ".,"))
