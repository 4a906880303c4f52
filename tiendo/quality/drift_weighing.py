"""Weighs differences from the last release against the limits of the seed `drift_limits`.

What a submission or the registry explains warns at most; what nobody meant may block.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from tiendo.messages import Language
from tiendo.quality.drift_facts import Facts, Row

NAMED = 5


@dataclass(frozen=True)
class Drift:
    """One difference beyond a limit.

    Attributes:
        measure: As in the seed `drift_limits`.
        action: `block` where nothing may be published without a reason.
        found: What was found, in the unit of the limit.
        limit: The limit it exceeds.
        vi: What differs, in Vietnamese, without a full stop.
        en: The same in English.
    """

    measure: str
    action: Literal["warn", "block"]
    found: float
    limit: float
    vi: str
    en: str


@dataclass(frozen=True)
class Limits:
    """The limits of a day.

    Attributes:
        by_action: Limits by measure and action (`warn`, `block`); a measure may lack either.
    """

    by_action: Mapping[tuple[str, str], float]

    def weigh(self, measure: str, found: float, vi: str, en: str, can_block: bool = True) -> list[Drift]:
        """The difference by the graver limit it exceeds, or nothing."""
        block = self.by_action.get((measure, "block"))
        if block is not None and found > block:
            return [Drift(measure, "block" if can_block else "warn", round(found, 6), block, vi, en)]
        warn = self.by_action.get((measure, "warn"))
        return (
            [Drift(measure, "warn", round(found, 6), warn, vi, en)]
            if warn is not None and found > warn
            else []
        )


def weigh(facts: Facts, limits: Limits) -> list[Drift]:
    """What exceeds the limits, blocking differences first."""
    found = [
        *_submissions(facts, limits),
        *_unexplained(facts, limits),
        *_statuses(facts, limits),
        *(drift for row in facts.units for drift in _units(row, limits)),
        *_tables(facts, limits),
        *(drift for row in facts.changed for drift in _value(row, limits)),
    ]
    return sorted(found, key=lambda drift: drift.action != "block")


def _submissions(facts: Facts, limits: Limits) -> list[Drift]:
    lost = facts.lost_submissions
    named = ", ".join(lost[:NAMED]) + (", …" if len(lost) > NAMED else "")
    return limits.weigh(
        "submissions_lost",
        len(lost),
        f"{len(lost)} bản nộp không còn trong sổ dù không được rút hay xóa ({named})",
        f"{len(lost)} submissions are gone from the ledger, though not withdrawn or erased ({named})",
    )


def _unexplained(facts: Facts, limits: Limits) -> list[Drift]:
    rows = [row for row in facts.changed if not row["is_explained"]]
    if not rows:
        return []
    counted = f"{len(rows)}/{facts.values}"
    return limits.weigh(
        "values_changed_share",
        len(rows) / facts.values,
        f"{counted} số đã công bố nay khác đi, như {_told(rows[0], 'vi')}",
        f"{counted} published figures differ, such as {_told(rows[0], 'en')}",
    )


def _statuses(facts: Facts, limits: Limits) -> list[Drift]:
    if not facts.flipped:
        return []
    first = facts.flipped[0]
    counted = f"{len(facts.flipped)}/{facts.verdicts}"
    place = f"{first['org_name_vi']}, {first['period']}"
    change_vi = f"“{first['indicator_name_vi']}”, {place}: {first['old_vi']} → {first['new_vi']}"
    change_en = f"“{first['indicator_name_en']}”, {place}: {first['old_en']} → {first['new_en']}"
    return limits.weigh(
        "statuses_flipped_share",
        len(facts.flipped) / facts.verdicts,
        f"{counted} đánh giá đổi dù số liệu và mục tiêu không đổi, như {change_vi}",
        f"{counted} verdicts differ though figures and targets do not, such as {change_en}",
        can_block=not facts.has_new_thresholds,
    )


def _units(row: Row, limits: Limits) -> list[Drift]:
    is_explained = row["unexplained"] == 0
    lost = row["lost"] if is_explained else row["unexplained"]
    named = ", ".join(row["first_lost"]) + (", …" if row["lost"] > len(row["first_lost"]) else "")
    place = f"{row['form']} {row['period']}: {lost}/{row['units']}"
    return limits.weigh(
        "units_lost_share",
        lost / row["units"],
        f"biểu {place} đơn vị không còn số liệu ({named})",
        f"form {place} units have no figures any more ({named})",
        can_block=not is_explained,
    )


def _tables(facts: Facts, limits: Limits) -> list[Drift]:
    """A table may shrink as far as what was sent did."""
    return [
        drift
        for row in facts.tables
        for drift in limits.weigh(
            "rows_lost_share",
            1 - row["new"] / row["old"] - facts.replaced_share,
            f"bảng {row['table']}: {row['old']} → {row['new']} dòng",
            f"table {row['table']}: {row['old']} → {row['new']} rows",
            can_block=not facts.has_new_registry,
        )
    ]


def _value(row: Row, limits: Limits) -> list[Drift]:
    measure, change = _change(row)
    return limits.weigh(measure, change, _told(row, "vi"), _told(row, "en"), not row["is_explained"])


def _change(row: Row) -> tuple[str, float]:
    """The measure and the change in its unit; a figure that is no more has lost all of it."""
    old, new = float(row["old_value"]), row["new_value"]
    if str(row["unit"]).startswith("percent"):
        return "value_change_points", 100.0 if new is None else abs(new - old)
    return "value_change_share", 1.0 if new is None else abs(new - old) / max(abs(old), 1e-9)


def _told(row: Row, language: Language) -> str:
    vi = language == "vi"
    unit = "%" if str(row["unit"]).startswith("percent") else ""
    name = row["indicator_name_vi"] if vi else row["indicator_name_en"]
    gone = "không còn" if vi else "none"
    new = gone if row["new_value"] is None else _number(row["new_value"], language) + unit
    change = f"{_number(row['old_value'], language)}{unit} → {new}"
    by = f" ({'bản nộp' if vi else 'submission'} {row['submission_id']})" if row["submission_id"] else ""
    return f"“{name or row['indicator_code']}”, {row['org_name_vi']}, {row['period']}: {change}{by}"


def _number(value: float, language: Language) -> str:
    text = f"{value:,.2f}".rstrip("0").rstrip(".")
    return text.translate(str.maketrans(",.", ".,")) if language == "vi" else text
