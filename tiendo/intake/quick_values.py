"""Reads the commonest spellings of a long column all at once; what it leaves is read cell by cell.

Whatever this reads, `values.parse_cell` reads the same. It may leave anything, and must leave what it is not
sure of: an impossible day, a spelling with words, a text that would be cleaned.
"""

from typing import NamedTuple

import polars as pl

from tiendo.intake.contracts import Column

_DAY = r"(?:0[1-9]|[12][0-9]|3[01])"
_MONTH = r"(?:0[1-9]|1[0-2])"
_YEAR = r"(?:19[0-9]{2}|20[0-9]{2})"
_HOUR = r"(?:[01][0-9]|2[0-3])"
_SIXTY = r"[0-5][0-9]"


class _Spelling(NamedTuple):
    """How a moment is written: by which pattern it is known, how much of it counts, and how that is read."""

    pattern: str
    length: int
    form: str


_SPELLINGS = (
    _Spelling(rf"^{_DAY}/{_MONTH}/{_YEAR} {_HOUR}:{_SIXTY}$", 16, "%d/%m/%Y %H:%M"),
    _Spelling(rf"^{_DAY}/{_MONTH}/{_YEAR} {_HOUR}:{_SIXTY}:{_SIXTY}$", 19, "%d/%m/%Y %H:%M:%S"),
    _Spelling(rf"^{_DAY}/{_MONTH}/{_YEAR}$", 10, "%d/%m/%Y"),
    _Spelling(rf"^{_YEAR}-{_MONTH}-{_DAY} {_HOUR}:{_SIXTY}:{_SIXTY}(?:\.[0-9]+)?$", 19, "%Y-%m-%d %H:%M:%S"),
    _Spelling(rf"^{_YEAR}-{_MONTH}-{_DAY}T{_HOUR}:{_SIXTY}:{_SIXTY}(?:\.[0-9]+)?$", 19, "%Y-%m-%dT%H:%M:%S"),
    _Spelling(rf"^{_YEAR}-{_MONTH}-{_DAY}$", 10, "%Y-%m-%d"),
)
# Words of ASCII with one space between them; what begins with E could be the error of a formula.
_PLAIN = r"^[A-DF-Za-df-z0-9][!-~]*(?: [!-~]+)*$"


def read_quickly(texts: pl.Series, column: Column) -> pl.Series | None:
    """The values of the texts that are spelt as most are, null for the others; None for other types."""
    if column.type in {"code", "text"}:
        is_plain = texts.str.contains(_PLAIN)
        return texts if is_plain.all() else texts.set(~is_plain, None)
    if column.type in {"timestamp", "date"}:
        moments = _moments(texts)
        return moments.dt.date() if column.type == "date" else moments
    return None


def _moments(texts: pl.Series) -> pl.Series:
    found = pl.Series(texts.name, [None], dtype=pl.Datetime("us")).new_from_index(0, len(texts))
    for spelling in _SPELLINGS:
        at = texts.str.contains(spelling.pattern).fill_null(value=False).arg_true()
        if not len(at):
            continue
        short = pl.col("text").str.head(spelling.length) if _may_be_longer(spelling) else pl.col("text")
        read = (
            texts.gather(at)
            .to_frame("text")
            .select(short.str.to_datetime(spelling.form, time_unit="us", strict=False))
            .to_series()
        )
        if len(at) == len(texts):
            return read
        found = found.scatter(at, read)
    return found


def _may_be_longer(spelling: _Spelling) -> bool:
    return "\\." in spelling.pattern
