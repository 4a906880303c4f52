"""Digests of landed rows and of identifiers: SHA-256 cut to 16 bytes, by DuckDB where there are many.

Few are made by Python: the same digests, without the cost of a query, which sixty rows would feel.
"""

import hashlib
from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from typing import Any, TypeVar

import polars as pl

from tiendo.intake.cells import FEW_ROWS
from tiendo.intake.contracts import Contract

# So many rows are joined to text at a time: the text of all would take more memory than the rows.
_AT_ONCE = 50_000
_Digest = Callable[[Iterable[pl.Series], bytes], pl.Series]
_Rows = TypeVar("_Rows", pl.Series, pl.DataFrame)
_NONE, _BETWEEN = "\x00", "\x1f"
_PLAIN = "select left(sha256(text), 32) as digest from frame"
_KEYED = "select left(sha256($key || encode(text)), 32) as digest from frame"


def with_hash(frame: pl.DataFrame, contract: Contract) -> pl.DataFrame:
    """Adds or renews `row_hash`, a digest over the form's columns as text, so that equal rows are found."""
    with _digester(frame.height) as digest:
        return _with_hash(frame, contract, digest)


def with_pseudonyms_and_hash(frame: pl.DataFrame, contract: Contract, key: bytes) -> pl.DataFrame:
    """The same with the identifiers in the form's pseudonym columns replaced by digests under a key first.

    Without the key nobody can make or look up such a digest: SHA-256 over the key, of one length always, and
    the identifier. Half of it is left out, so that none can be continued to that of a longer identifier.
    """
    with _digester(frame.height) as digest:
        made = [digest(_pieces(frame[name]), key).alias(name) for name in contract.pseudonyms]
        return _with_hash(frame.with_columns(made), contract, digest)


def _with_hash(frame: pl.DataFrame, contract: Contract, digest: "_Digest") -> pl.DataFrame:
    if frame.height <= FEW_ROWS:
        joined = iter([_joined([frame.get_column(column.name) for column in contract.columns])])
    else:
        texts = [_text(column.name, frame.schema[column.name]) for column in contract.columns]
        whole = pl.concat_str(texts, separator=_BETWEEN)
        joined = (piece.select(whole).to_series() for piece in _pieces(frame))
    hashed = digest(joined, b"").alias("row_hash")
    return frame.with_columns(hashed) if "row_hash" in frame.columns else frame.hstack([hashed])


def _text(name: str, dtype: pl.DataType) -> pl.Expr:
    # Short ones are quicker to write and to digest: moments as the number polars keeps of them, yes as 1.
    value = pl.col(name)
    if dtype.is_temporal():
        value = value.to_physical()
    elif dtype == pl.Boolean:
        value = pl.when(value).then(pl.lit("1")).when(~value).then(pl.lit("0"))
    return value.cast(pl.String).fill_null(_NONE).alias(name)


def _joined(columns: Sequence[pl.Series]) -> pl.Series:
    """What the rows are as text, as `_text` has it, without the cost of a query."""
    texts: list[list[str]] = []
    for column in columns:
        value = column.to_physical() if column.dtype.is_temporal() else column
        value = value.cast(pl.Int8) if column.dtype == pl.Boolean else value
        cells = (value if value.dtype == pl.String else value.cast(pl.String)).to_list()
        texts.append([_NONE if cell is None else cell for cell in cells])
    return pl.Series([_BETWEEN.join(row) for row in zip(*texts, strict=True)], dtype=pl.String)


def _pieces(whole: _Rows) -> Iterator[_Rows]:
    return (whole.slice(at, _AT_ONCE) for at in range(0, max(len(whole), 1), _AT_ONCE))


@contextmanager
def _digester(rows: int) -> Generator[_Digest]:
    """Makes digests of texts, null of null, each text behind a key."""
    if rows <= FEW_ROWS:
        yield _by_python
        return
    import duckdb

    # One thread: other files may be landed at the same time.
    with duckdb.connect(config={"threads": 1}) as connection:
        yield partial(_by_duckdb, connection)


def _by_python(pieces: Iterable[pl.Series], key: bytes) -> pl.Series:
    texts = (text for piece in pieces for text in piece.to_list())
    made = [None if text is None else hashlib.sha256(key + text.encode()).hexdigest()[:32] for text in texts]
    return pl.Series(made, dtype=pl.String)


def _by_duckdb(connection: Any, pieces: Iterable[pl.Series], key: bytes) -> pl.Series:
    digests: list[pl.Series] = []
    for piece in pieces:
        connection.register("frame", piece.alias("text").to_frame())
        # The key is bound to the query and never stands in its text.
        query = connection.sql(_KEYED, params={"key": key}) if key else connection.sql(_PLAIN)
        digests.append(pl.Series(query.to_arrow_table()["digest"]))
    return pl.concat(digests)
