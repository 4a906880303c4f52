"""A full disk or memory is told as such, whichever library met it: each raises an error of its own."""

import errno
from collections.abc import Iterator

from tiendo.messages import TiendoError

FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
# DuckDB, polars and dbt hand on the sentence of the system and not its number.
SENTENCES = ("No space left on device", "Disk quota exceeded", "File too large")
OUT_OF_MEMORY = ("Out of Memory Error", "Cannot allocate memory")


def disk_full(error: BaseException) -> TiendoError | None:
    """TD-410 where a full disk is behind a fault of the program or system; None for anything else."""
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


def memory_used_up(error: BaseException) -> TiendoError | None:
    """TD-412 where want of memory is behind a fault of the program or system; None for anything else."""
    if not any(_tells_memory(each) for each in _chain(error)):
        return None
    return TiendoError(
        "TD-412",
        "Không đủ bộ nhớ trong giới hạn đã đặt (TIENDO_MEMORY). Bản phát hành hiện hành không bị ảnh hưởng.",
        "The memory allowed (TIENDO_MEMORY) does not suffice. The current release is untouched.",
        "Đặt TIENDO_MEMORY lớn hơn, hoặc TIENDO_THREADS=1, rồi chạy lại; xem “tiendo doctor”.",
        "Allow more with TIENDO_MEMORY, or set TIENDO_THREADS=1, then run again; see “tiendo doctor”.",
        exit_code=4,
    )


def _tells_full(error: BaseException) -> bool:
    is_told = isinstance(error, OSError) and error.errno in FULL
    return is_told or any(sentence in _text(error) for sentence in SENTENCES)


def _tells_memory(error: BaseException) -> bool:
    is_told = isinstance(error, MemoryError)
    return is_told or any(sentence in _text(error) for sentence in OUT_OF_MEMORY)


def _text(error: BaseException) -> str:
    return f"{error.en} {error.vi}" if isinstance(error, TiendoError) else str(error)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """The error and what it came from; nothing of a fault of the user's."""
    if isinstance(error, TiendoError) and error.exit_code != 4:
        return
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__
