"""Files that are landed together: those of one form, so that a thousand of them read as a dozen lines.

Large ones are landed several at once, by threads: the libraries that read, digest and write them let Python
go on meanwhile.
"""

from collections import deque
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from tiendo.intake.archive import AMENDMENTS
from tiendo.intake.contracts import load_contracts
from tiendo.intake.scope import UNKNOWN
from tiendo.intake.store import Submission
from tiendo.limits import memory, threads


@dataclass(frozen=True)
class Batch:
    """Some files of one form, or all corrections and withdrawals.

    Attributes:
        form: The form; `amendments` for corrections and withdrawals, which speak of each other.
        submissions: In the order in which they are landed.
    """

    form: str
    submissions: tuple[Submission, ...]

    @property
    def label(self) -> str:
        """Such as 'Biểu 04. Phủ sóng 5G: 34 tệp, kỳ 2026-05 đến 2026-06'."""
        contract = load_contracts().get(self.form)
        title = contract.title_vi if contract else _TITLES[self.form]
        return f"{title}: {len(self.submissions)} tệp{_periods(item.period for item in self.submissions)}"


# A workbook of a commune keeps Python itself busy: threads would only wait for each other.
_LARGE_FILE = 2**20
# Bytes of memory that landing takes for each of a file: measured for text; workbooks and Parquet are packed.
_MEMORY_OF_TEXT, _MEMORY_OF_PACKED = 4, 40
_TEXTS = frozenset({".csv", ".tsv", ".txt", ".jsonl"})
Item = TypeVar("Item")
Result = TypeVar("Result")
_AMENDMENTS = "amendments"
_TITLES = {_AMENDMENTS: "Đính chính và rút lần nộp", "unidentified": "Tệp chưa rõ biểu"}


def batches_of(submissions: Iterable[Submission], forms: Collection[str] | None = None) -> list[Batch]:
    """Submissions by form, each batch in the order given; what speaks of others comes last.

    Args:
        submissions: Oldest first.
        forms: Only these forms; all where None.
    """
    found: dict[str, list[Submission]] = {}
    for item in submissions:
        if forms is None or item.form in forms:
            found.setdefault(_AMENDMENTS if item.form in AMENDMENTS else item.form, []).append(item)
    ordered = sorted(found, key=lambda form: (form == _AMENDMENTS, form))
    return [Batch(form, tuple(found[form])) for form in ordered]


def files_at_once(paths: Sequence[Path]) -> int:
    """How many of the files to land at once: as the run's threads and half its memory allow."""
    sizes = ((path, path.stat().st_size) for path in paths if path.exists())
    large = [(path, size) for path, size in sizes if size >= _LARGE_FILE]
    if len(large) < 2:
        return 1
    needed = max(size * (_MEMORY_OF_TEXT if _is_text(path) else _MEMORY_OF_PACKED) for path, size in large)
    return max(1, min(threads(), len(large), memory() // 2 // needed))


def in_order(work: Callable[[Item], Result], items: Iterable[Item], at_once: int) -> Iterator[Result]:
    """What the work gives for each item, in the order of the items, several being worked on at once."""
    if at_once == 1:
        yield from map(work, items)
        return
    waiting: deque[Future[Result]] = deque()
    pool = ThreadPoolExecutor(at_once)
    try:
        for item in items:
            # What is done and not yet entered takes little memory: it lies on disk.
            if len(waiting) > at_once:
                yield waiting.popleft().result()
            waiting.append(pool.submit(work, item))
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(cancel_futures=True)


def _is_text(path: Path) -> bool:
    return path.suffix.lower() in _TEXTS


def _periods(periods: Iterable[str]) -> str:
    known = sorted({period for period in periods if period != UNKNOWN})
    if not known:
        return ""
    return f", kỳ {known[0]}" + (f" đến {known[-1]}" if len(known) > 1 else "")
