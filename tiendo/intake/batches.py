"""Files that are landed together: those of one form, so that a thousand of them read as a dozen lines."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass

from tiendo.intake.archive import AMENDMENTS
from tiendo.intake.contracts import load_contracts
from tiendo.intake.scope import UNKNOWN
from tiendo.intake.store import Submission


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


def _periods(periods: Iterable[str]) -> str:
    known = sorted({period for period in periods if period != UNKNOWN})
    if not known:
        return ""
    return f", kỳ {known[0]}" + (f" đến {known[-1]}" if len(known) > 1 else "")
