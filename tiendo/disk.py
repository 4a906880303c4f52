"""A full disk is told as such, whichever library met it: each raises an error of its own about it."""

import errno
from collections.abc import Iterator

from tiendo.messages import TiendoError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# DuckDB, polars and dbt hand on the sentence of the system and not its number.
SENTENCES = ("No space left on device", "Disk quota exceeded", "File too large")


def disk_full(error: BaseException) -> TiendoError | None:
    """TD-410 where a full disk is behind a fault of the program or system; None for anything else."""
    if isinstance(error, TiendoError) and error.exit_code != 4:
        return None
    if not any(_tells_full(each) for each in _chain(error)):
        return None
    return TiendoError(
        "TD-410",
        "Ổ đĩa đầy (hoặc hết hạn mức) nên không chạy tiếp được. Bản phát hành hiện hành không bị ảnh hưởng.",
        "The disk is full (or a quota is used up). The current release is untouched.",
        "Giải phóng chỗ trên ổ đĩa chứa data/ và thư mục tạm rồi chạy lại; chỗ trống: “tiendo doctor”.",
        "Make room on the disk of data/ and of temporary files, then run again; free space: “tiendo doctor”.",
        exit_code=4,
    )


def _tells_full(error: BaseException) -> bool:
    if isinstance(error, OSError) and error.errno in FULL:
        return True
    text = f"{error.en} {error.vi}" if isinstance(error, TiendoError) else str(error)
    return any(sentence in text for sentence in SENTENCES)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
