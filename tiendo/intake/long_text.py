"""Reads the rows of a long text table by pyarrow, in blocks and without a copy of the text in memory."""

from collections.abc import Collection, Iterable, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

import polars as pl

from tiendo.intake.texts import coded, joined

# More would leave the processor's cache.
_PIECE = 2**20
_BLOCK = 2**21
# Their texts are numbered together, and their numbers kept as short as these allow.
_BLOCKS_TOGETHER = 32
# From this share of different texts on, a column is kept as it is.
_VARIED = 0.9


def quotes_in_utf8(path: Path) -> int | None:
    """The number of quotation marks in a file, None where it is not UTF-8."""
    import pyarrow  # pyright: ignore[reportMissingTypeStubs]

    arrow: Any = pyarrow
    quotes, rest = 0, b""
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            quotes += piece.count(b'"')
            piece = rest + piece
            # A letter is not cut where a line ends.
            end = piece.rfind(b"\n") + 1
            rest = piece[end:]
            if not _is_utf8(arrow, piece, end):
                return None
            if len(rest) > _PIECE:
                return None
    return quotes if _is_utf8(arrow, rest, len(rest)) else None


def _is_utf8(arrow: Any, content: bytes, length: int) -> bool:
    bounds = (0).to_bytes(8, "little") + length.to_bytes(8, "little")
    buffers = [None, arrow.py_buffer(bounds), arrow.py_buffer(content)]
    try:
        arrow.Array.from_buffers(arrow.large_string(), 1, buffers).validate(full=True)
    except arrow.ArrowInvalid:
        return False
    return True


def read_rows(
    source: bytes | Path, start: int, delimiter: str, fields: int, varied: Collection[int]
) -> list[pl.Series] | None:
    """The fields of all records from a byte on, column by column; None where pyarrow cannot tell them apart.

    Args:
        source: The text in UTF-8, or the file that holds it.
        start: The byte at which the first of the records begins.
        delimiter: What separates the fields.
        fields: How many fields each record has.
        varied: Columns in which nearly every row has a text of its own; the others hold each text once.
    """
    import pyarrow  # pyright: ignore[reportMissingTypeStubs]
    import pyarrow.csv  # pyright: ignore[reportMissingTypeStubs, reportUnusedImport]

    arrow: Any = pyarrow
    names = [str(column) for column in range(fields)]
    once = arrow.dictionary(arrow.int32(), arrow.string())
    types = {name: arrow.string() if at in varied else once for at, name in enumerate(names)}
    pieces: list[list[pl.Series]] = [[] for _ in names]
    stream = arrow.BufferReader(source) if isinstance(source, bytes) else arrow.OSFile(str(source), "rb")
    with stream:
        stream.seek(start)
        try:
            blocks: Iterable[Any] = arrow.csv.open_csv(
                stream,
                # One thread: other files may be read at the same time.
                read_options=arrow.csv.ReadOptions(column_names=names, block_size=_BLOCK, use_threads=False),
                parse_options=arrow.csv.ParseOptions(
                    delimiter=delimiter, newlines_in_values=True, ignore_empty_lines=False
                ),
                convert_options=arrow.csv.ConvertOptions(column_types=types, strings_can_be_null=False),
            )
            following = iter(blocks)
            while several := list(islice(following, _BLOCKS_TOGETHER)):
                table = arrow.Table.from_batches(several)
                for at, column in enumerate(table.itercolumns()):
                    pieces[at].append(_series(arrow, column))
        except arrow.ArrowInvalid:
            return None
    columns = [joined(pieces.pop(0)).alias(name) for name in names]
    # Else what the blocks took would stay taken until the end of the program.
    arrow.default_memory_pool().release_unused()
    return columns


def _series(arrow: Any, column: Any) -> pl.Series:
    if not arrow.types.is_dictionary(column.type):
        return pl.Series("", column.combine_chunks())
    whole = column.unify_dictionaries().combine_chunks()
    return coded(pl.Series(whole.indices), pl.Series(whole.dictionary))


def varied_columns(sample: Sequence[Sequence[str]]) -> frozenset[int]:
    """The columns of some records in which nearly every one has a text of its own."""
    return frozenset(
        at for at, cells in enumerate(zip(*sample, strict=False)) if len(set(cells)) > len(cells) * _VARIED
    )
