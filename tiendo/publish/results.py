"""Query results as files that other programs read: CSV, JSON (a list of objects) and Parquet."""

import json
import math
import os
import sys
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from tiendo.messages import TiendoError

if TYPE_CHECKING:
    import polars as pl

Format = Literal["csv", "json", "parquet"]


def write_result(frame: "pl.DataFrame", file_format: Format, target: Path | None) -> None:
    """Writes a query result.

    CSV and JSON are UTF-8. In JSON dates are ISO text and decimals are numbers; what JSON cannot hold (NaN,
    infinity) is null.

    Args:
        frame: A result of `tiendo.publish.query.query`.
        file_format: `csv`, `json` or `parquet`.
        target: File to write, replaced in one step; None writes to standard output.

    Raises:
        TiendoError: TD-608 where the format is unknown, the file cannot be written or Parquet is asked for
            on a terminal.
    """
    if file_format not in get_args(Format):
        raise _refused(f"{file_format}?")
    if file_format == "parquet" and target is None and sys.stdout.isatty():
        raise _refused("parquet -o …")
    content = _encode(frame, file_format)
    try:
        if target is None:
            sys.stdout.flush()
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            _replace(target, content)
    except OSError as error:
        raise _refused(f"{target or 'stdout'}: {error.strerror or type(error).__name__}") from error


def to_records(frame: "pl.DataFrame") -> list[dict[str, object]]:
    """Rows as objects that JSON can hold, in order."""
    return [{name: _plain(value) for name, value in row.items()} for row in frame.iter_rows(named=True)]


def _encode(frame: "pl.DataFrame", file_format: Format) -> bytes:
    if file_format == "json":
        return (json.dumps(to_records(frame), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()
    buffer = BytesIO()
    if file_format == "csv":
        frame.write_csv(buffer)
    else:
        frame.write_parquet(buffer, compression="zstd")
    return buffer.getvalue()


def _plain(value: object) -> object:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, float) and not math.isfinite(value):
        return None
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value


def _replace(target: Path, content: bytes) -> None:
    """Devices and pipes such as /dev/stdout are written to; only files are replaced."""
    if target.exists() and not target.is_file():
        target.write_bytes(content)
        return
    temporary = target.with_name(f".{target.name}.{os.getpid()}.tmp")
    try:
        temporary.write_bytes(content)
        temporary.replace(target)
    finally:
        temporary.unlink(missing_ok=True)


def _refused(what: str) -> TiendoError:
    return TiendoError(
        "TD-608",
        f"Không ghi được kết quả ({what}).",
        f"The result cannot be written ({what}).",
        "Chọn định dạng csv, json hoặc parquet và một tệp ghi được: -o TỆP",
        "Choose the format csv, json or parquet and a file that can be written: -o FILE",
        exit_code=2,
    )
