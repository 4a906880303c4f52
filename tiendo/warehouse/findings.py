"""What a load could not follow of the documents it was given; told beside the figures, never a failure.

What can be found by SQL alone is found there (mart `suspicious_values`).
"""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

import polars as pl

FINDINGS_SCHEMA: Mapping[str, pl.DataType] = MappingProxyType(
    {
        "finding_kind": pl.String(),
        "submission_id": pl.String(),
        "other_submission_id": pl.String(),
        "subject": pl.String(),
        "message_vi": pl.String(),
        "message_en": pl.String(),
    }
)


class Finding(NamedTuple):
    """One document, or part of one, that had no effect.

    Attributes:
        finding_kind: `correction_not_applied`, `plan_annex_not_used` or `plan_adjustment_not_used`.
        submission_id: The submission that had no effect.
        other_submission_id: The submission it speaks of, '' where it speaks of none.
        subject: The cell, or the table and plan.
        message_vi: What and why, in Vietnamese.
        message_en: The same in English.
    """

    finding_kind: str
    submission_id: str
    other_submission_id: str
    subject: str
    message_vi: str
    message_en: str


def findings_frame(findings: Iterable[Finding]) -> pl.DataFrame:
    """Findings as the warehouse keeps them, ordered."""
    return pl.DataFrame(sorted(findings), schema=dict(FINDINGS_SCHEMA), orient="row")
