"""Finds whose figures a file holds and of which period: as the sender says, else the rows, else the titles.

What none of them says is asked for, never guessed.
"""

import re
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import cast

import polars as pl

from tiendo.intake.contracts import Contract
from tiendo.intake.dates import period_end, period_kind, period_months
from tiendo.intake.identify import Identified
from tiendo.intake.references import WHOLE_COUNTRY, References
from tiendo.intake.titles import organisation_in, period_in
from tiendo.messages import TiendoError

UNKNOWN = "unknown"
_KINDS = {
    "month": ("tháng", "month"),
    "quarter": ("quý", "quarter"),
    "half_year": ("nửa năm", "half-year"),
    "year": ("năm", "year"),
}

# As `store.Submission.submission_id` writes it; unit and form may hold underscores themselves.
_SUBMISSION_ID = re.compile(
    rf"[a-z_]+?_(?P<period>{UNKNOWN}|\d{{4}}(?:-(?:0[1-9]|1[0-2]|Q[1-4]|H[12]))?)_(?P<org>\w+)"
    r"_\d{8}T\d{6}(?:\d{6})?_[0-9a-f]{12}"
)


def scope_of(
    frame: pl.DataFrame, identified: Identified, references: References, org: str | None, period: str | None
) -> tuple[str, str]:
    """Unit and period of a file.

    Raises:
        TiendoError: TD-108 where one of them is nowhere said, TD-208 where a file whose rows name no unit is
            of one that did not exist in the period.
    """
    contract = identified.contract
    said = _earlier_scopes(frame, contract)
    if period is None:
        periods = _periods(frame, contract) if said is None else [period for _, period in said]
        period = _latest(periods, contract) or _titled_period(identified) or _missing_period(frame, contract)
    if contract.period_column is None and period != UNKNOWN:
        refuse_other_kind(period, contract)
    if org is None:
        orgs = _orgs(frame, contract, references) if said is None else {org for org, _ in said}
        org = (
            _common_unit(orgs, contract, references)
            or _titled_org(identified, references, period)
            or _missing_org(frame, contract)
        )
    if contract.organisation_column is None and said is None:
        _refuse_unit_of_other_times(org, period, references)
    return org, period


def kind_words(contract: Contract) -> tuple[str, str]:
    """The lengths of period a form is for, in Vietnamese and English."""
    vi, en = zip(*(_KINDS[kind] for kind in contract.period_kinds), strict=True)
    return " hoặc ".join(vi), " or ".join(en)


def refuse_other_kind(period: str, contract: Contract) -> None:
    """Raises TD-230 (exit 2) where the form is for periods of another length."""
    if not contract.period_kinds or period_kind(period) in contract.period_kinds:
        return
    words_vi, words_en = kind_words(contract)
    raise TiendoError(
        "TD-230",
        f"Kỳ {period} không hợp với '{contract.title_vi}': biểu này báo cáo theo {words_vi}.",
        f"The period {period} does not fit '{contract.title_en}', which is for a {words_en}.",
        "Hãy ghi lại kỳ trong tiêu đề của tệp hoặc sau --period, ví dụ 2025.",
        "Give the period in the file's title or with --period, for example 2025.",
        exit_code=2,
    )


def _earlier_scopes(frame: pl.DataFrame, contract: Contract) -> list[tuple[str, str]] | None:
    """Unit and period of each submission named, for the forms that speak of earlier ones."""
    if contract.submission_column is None:
        return None
    matches = (_SUBMISSION_ID.fullmatch(text or "") for text in frame[contract.submission_column])
    return [(match["org"], match["period"]) for match in matches if match]


def _periods(frame: pl.DataFrame, contract: Contract) -> list[str]:
    if contract.period_column is None:
        return []
    values = frame[contract.period_column]
    texts = values if values.dtype == pl.String else values.dt.strftime("%Y-%m")
    return [text for text in cast("list[str | None]", texts.to_list()) if text is not None]


def _latest(periods: Iterable[str], contract: Contract) -> str | None:
    """The latest period of the rows, of equals the shortest; for an extract the month of most rows."""
    counts = Counter(period for period in periods if period != UNKNOWN)
    if not counts:
        return None
    if contract.complete_extract:
        return max(counts, key=lambda period: (counts[period], period))
    return max(counts, key=lambda period: (period_end(period), -period_months(period)))


def _orgs(frame: pl.DataFrame, contract: Contract, references: References) -> set[str]:
    if contract.organisation_column is None:
        return set()
    named = {code for code in frame[contract.organisation_column].to_list() if code is not None}
    if contract.column(contract.organisation_column).type == "plan_id":
        return {references.plan_orgs[plan] for plan in named & set(references.plan_orgs)}
    return named


def _common_unit(named: set[str], contract: Contract, references: References) -> str | None:
    """The one unit of the rows, else the province they share, else the whole country."""
    codes = sorted(named & references.any_codes)
    if len(codes) <= 1:
        return codes[0] if codes else None
    provinces = {references.province_of(code) for code in codes}
    if len(provinces) == 1:
        return provinces.pop() or WHOLE_COUNTRY
    if contract.complete_extract:
        # One mistyped code must not make the file speak for the whole country.
        raise _not_said(contract, "--org", "đơn vị (các dòng thuộc nhiều tỉnh)", "unit (rows of provinces)")
    return WHOLE_COUNTRY


def _titled_period(identified: Identified) -> str | None:
    periods = {period_in(table.above) for table in identified.tables}
    if len(periods - {None}) > 1:
        raise _not_said(identified.contract, "--period", "một kỳ duy nhất", "one period")
    return next((period for period in periods if period), None)


def _titled_org(identified: Identified, references: References, period: str) -> str | None:
    on = _last_day(period)
    orgs = {organisation_in(table.above, references, on) for table in identified.tables}
    if len(orgs - {None}) > 1:
        raise _not_said(identified.contract, "--org", "một đơn vị duy nhất", "one unit")
    return next((org for org in orgs if org), None)


def _last_day(period: str) -> date | None:
    return None if period == UNKNOWN else period_end(period)


def _missing_period(frame: pl.DataFrame, contract: Contract) -> str:
    if frame.height and (contract.period_column or contract.submission_column):
        return UNKNOWN
    raise _not_said(contract, "--period", "kỳ báo cáo", "period")


def _missing_org(frame: pl.DataFrame, contract: Contract) -> str:
    """Rows that name units none of which is known are quarantined one by one; others say nothing."""
    if frame.height and (contract.organisation_column or contract.submission_column):
        return UNKNOWN
    raise _not_said(contract, "--org", "đơn vị", "unit")


def _refuse_unit_of_other_times(org: str, period: str, references: References) -> None:
    """A unit dissolved in a reform cannot report later, nor a new one on the years before."""
    on = _last_day(period)
    spans = references.validities(org)
    if on is None or not spans or references.is_valid_on(org, on):
        return
    raise TiendoError(
        "TD-208",
        f"Mã đơn vị '{org}' không có hiệu lực vào cuối kỳ {period}.",
        f"The unit code '{org}' is not in force at the end of {period}.",
        "Hãy xem lại --org và --period; mã đơn vị thay đổi từ ngày 01/07/2025.",
        "Check --org and --period; unit codes changed on 1 July 2025.",
        exit_code=2,
    )


def _not_said(contract: Contract, option: str, what_vi: str, what_en: str) -> TiendoError:
    return TiendoError(
        "TD-108",
        f"Tệp '{contract.title_vi}' không cho biết {what_vi}.",
        f"The file '{contract.title_en}' does not say its {what_en}.",
        f"Hãy nộp lại và thêm {option}, ví dụ: tiendo submit TỆP --org 66 --period 2026-03.",
        f"Submit it again with {option}, for example: tiendo submit FILE --org 66 --period 2026-03.",
        exit_code=2,
    )
