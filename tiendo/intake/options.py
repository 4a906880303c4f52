"""Checks what a sender says about a file before it is read: unit, period, form, moment of receipt, home.

Whatever is wrong here is wrong usage (exit 2), and nothing is stored.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from tiendo.intake.contracts import form_named
from tiendo.intake.dates import period_of
from tiendo.intake.references import WHOLE_COUNTRY, References
from tiendo.messages import Place, TiendoError
from tiendo.settings import TIMEZONE, Home, now

# No form of the programme is older; a later moment would keep every true report from taking effect.
_EARLIEST = datetime(2000, 1, 1, tzinfo=TIMEZONE)
_AHEAD = timedelta(days=1)


@dataclass(frozen=True)
class Options:
    """What the sender says.

    Attributes:
        org: Code of the unit, None where the rows say it.
        period: Canonical period, None where the rows say it.
        form: Name of the form, None where the headers say it.
        received_at: Moment of receipt, with zone.
    """

    org: str | None
    period: str | None
    form: str | None
    received_at: datetime


def checked_options(
    file: Path,
    references: References,
    *,
    org: str | None,
    period: str | None,
    form: str | None,
    received_at: datetime | None,
) -> Options:
    """What the sender says, in canonical spelling.

    Raises:
        TiendoError: TD-101, TD-102, TD-205 or TD-208, exit code 2.
    """
    refuse_missing(file)
    form = form_named(form) if form is not None else None
    refuse_unknown_unit(org, references)
    moment = received_at or now()
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=TIMEZONE)
    return Options(org, canonical_period(period), form, zoned)


def refuse_missing(file: Path) -> None:
    """Raises TD-101 where there is no such file."""
    if not file.is_file():
        raise TiendoError(
            "TD-101",
            "Không tìm thấy tệp.",
            "The file does not exist.",
            "Hãy xem lại đường dẫn.",
            "Check the path.",
            Place(file=file.name),
            exit_code=2,
        )


def refuse_unknown_unit(org: str | None, references: References) -> None:
    """Raises TD-208 for a unit nobody knows."""
    if org is not None and org not in references.any_codes | {WHOLE_COUNTRY}:
        raise TiendoError(
            "TD-208",
            f"Không có đơn vị nào mang mã '{org}'.",
            f"No unit has the code '{org}'.",
            "Hãy ghi --org bằng mã tỉnh 2 chữ số, mã xã 5 chữ số hoặc mã cơ quan.",
            "Give --org a 2-digit province code, a 5-digit commune code or an agency code.",
            exit_code=2,
        )


def canonical_period(period: str | None) -> str | None:
    """The period in canonical spelling; raises TD-205 where it is none."""
    canonical = period_of(period) if period is not None else None
    if period is not None and canonical is None:
        raise TiendoError(
            "TD-205",
            f"'{period}' không phải kỳ báo cáo.",
            f"'{period}' is not a period.",
            "Hãy ghi --period như 2026-03, 2026-Q1, 2026-H1 hoặc 2026.",
            "Give --period as 2026-03, 2026-Q1, 2026-H1 or 2026.",
            exit_code=2,
        )
    return canonical


def refuse_unlikely_moment(moment: datetime) -> None:
    """Raises TD-705 for a moment of receipt before 2000 or more than a day ahead."""
    if not _EARLIEST <= moment <= now() + _AHEAD:
        raise TiendoError(
            "TD-705",
            f"Thời điểm tiếp nhận {moment.isoformat()} trước năm 2000 hoặc ở tương lai.",
            f"The moment of receipt {moment.isoformat()} is before 2000 or in the future.",
            "Hãy xem lại --received-at và đồng hồ của máy này.",
            "Check --received-at and this computer's clock.",
            exit_code=2,
        )


def refuse_synthetic_home(home: Home) -> None:
    """Raises TD-704 for a home of synthetic submissions: a real one would count as synthetic there."""
    if home.is_synthetic:
        raise TiendoError(
            "TD-704",
            "Thư mục này chỉ chứa số liệu mô phỏng nên không nhận tệp nộp.",
            "This home holds synthetic submissions only and takes no others.",
            "Hãy nộp vào một thư mục khác bằng --home.",
            "Submit into another folder with --home.",
            exit_code=2,
        )
