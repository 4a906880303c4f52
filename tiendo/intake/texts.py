"""Long columns of text in which few texts differ: each text once, and for each row which of them it is.

An extract of a million rows holds three channels and a hundred units; what is asked of its cells is asked of
these, and a cell takes one byte or two. Such a column is an `Enum` of polars: its elements are texts still.
"""

from collections.abc import Callable, Sequence

import polars as pl


def is_text(column: pl.Series) -> bool:
    """Whether a column holds text, each row its own or each text once."""
    return column.dtype == pl.String or isinstance(column.dtype, pl.Enum)


def coded(codes: pl.Series, texts: pl.Series) -> pl.Series:
    """A column from the texts and, for each row, the position of its text; each text stands there once."""
    return codes.cast(_width(len(texts))).cat.to(pl.Enum(texts))


def texts_of(column: pl.Series) -> pl.Series:
    """All texts of a text column, of those kept once each but once; some may stand in no row any more."""
    return column.dtype.categories if isinstance(column.dtype, pl.Enum) else column


def joined(pieces: Sequence[pl.Series]) -> pl.Series:
    """The pieces of a text column one below the other."""
    if len(pieces) < 2 or pieces[0].dtype == pl.String:
        return pl.concat(pieces, rechunk=True) if pieces else pl.Series("", [], dtype=pl.String)
    texts = pl.concat([texts_of(piece) for piece in pieces]).unique(maintain_order=True)
    width = _width(len(texts))
    places = texts.to_frame("text").with_row_index("place")
    codes: list[pl.Series] = []
    for piece in pieces:
        own = texts_of(piece).to_frame("text").join(places, on="text", how="left", maintain_order="left")
        codes.append(own["place"].cast(width).gather(piece.to_physical()))
    return coded(pl.concat(codes, rechunk=True), texts)


def used_texts(column: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The texts of an `Enum` column that stand in some row, and for each row the position of its own."""
    texts, codes = texts_of(column), column.to_physical()
    used = codes.unique().sort()
    if len(used) == len(texts):
        return texts, codes
    return texts.gather(used), used.search_sorted(codes)


def where(column: pl.Series, test: Callable[[pl.Series], pl.Series]) -> pl.Series:
    """For each row of a text column whether a test of its texts holds."""
    if not isinstance(column.dtype, pl.Enum):
        return test(column)
    return test(texts_of(column)).gather(column.to_physical())


def blank_texts(texts: pl.Series) -> pl.Series:
    """For each text whether it holds nothing but blanks."""
    return texts.str.strip_chars() == ""


def with_above(above: Sequence[str], column: pl.Series) -> pl.Series:
    """A text column with further cells before its first."""
    first = pl.Series(above, dtype=pl.String)
    if not isinstance(column.dtype, pl.Enum):
        return pl.concat([first, column.alias("")])
    texts = texts_of(column).alias("")
    texts = pl.concat([texts, (new := first.unique(maintain_order=True)).filter(~new.is_in(texts.implode()))])
    return pl.concat([first.cast(pl.Enum(texts)), coded(column.to_physical(), texts).alias("")])


def _width(texts: int) -> type[pl.DataType]:
    """The type in which polars keeps the positions among so many texts."""
    return pl.UInt8 if texts < 2**8 else pl.UInt16 if texts < 2**16 else pl.UInt32
