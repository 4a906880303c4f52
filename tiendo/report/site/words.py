"""How a value stands on a page: numbers and dates in both languages, statuses in words and shapes, sent text.

Everything returned is safe markup; what came from senders is escaped here or by the template.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from markupsafe import Markup, escape

from tiendo.report.rule_words import SUFFIXES

HANOI = timezone(timedelta(hours=7))
# A shape each, so that nobody depends on telling red from green.
SHAPES = {"green": "●", "yellow": "▲", "red": "■", "grey": "○"}
LONGEST_SENT = 300
NOTHING = Markup('<span class="none">&ndash;</span>')
# Controls, and marks that turn the direction of the text around them.
UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
QUARTERS = {"1": "I", "2": "II", "3": "III", "4": "IV"}


def html(text: str) -> Markup:
    """Markup put together from safe pieces, which takes a tenth of the time of `Markup.format`.

    Args:
        text: What stands between its tags came through `escape` or is a number.
    """
    return Markup(text)  # noqa: S704


# Most texts come up many times; text and markup of equal letters are told apart.
@lru_cache(maxsize=20_000, typed=True)
def t(vi: object, en: object) -> Markup:
    """A text in both languages; the page shows the one that is switched on."""
    return html(f'<span lang="vi">{escape(vi)}</span><span lang="en">{escape(en)}</span>')


def number(value: float | None, decimals: int = 2) -> Markup:
    """A number as Vietnamese writes it, 1.234,5; the page's script rewrites it for English.

    Args:
        value: The number; None gives a dash.
        decimals: Digits after the comma at most; trailing zeros are left out.
    """
    if value is None:
        return NOTHING
    plain = f"{value:.{decimals}f}".rstrip("0").rstrip(".") if decimals else f"{value:.0f}"
    plain = "0" if plain in ("-0", "") else plain
    return html(f'<data value="{plain}">{vietnamese(plain)}</data>')


def vietnamese(plain: str) -> str:
    """`-1234.5` as Vietnamese writes it: 1.234,5 behind a true minus sign."""
    whole, _, rest = plain.lstrip("-").partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return ("\N{MINUS SIGN}" if plain.startswith("-") else "") + grouped + (f",{rest}" if rest else "")


def amount(value: float | None, unit: str | None, decimals: int = 2) -> Markup:
    """A number with the suffix of its unit, such as % or % GRDP; counts, ranks and yes or no have none.

    Args:
        value: The number; None gives a dash.
        unit: A unit as in `dim_indicator.unit`.
        decimals: Digits after the comma at most.
    """
    if value is None:
        return NOTHING
    vi, en = SUFFIXES.get(unit or "", ("", ""))
    if not vi:
        return number(value, decimals)
    suffix = vi.strip() if vi == en else t(vi.strip(), en.strip())
    return html(f"{number(value, decimals)}&nbsp;{suffix}")


def day(value: date | None) -> Markup:
    """A day as 31/10/2026."""
    if value is None:
        return NOTHING
    return html(f'<time datetime="{value:%Y-%m-%d}">{value:%d/%m/%Y}</time>')


def moment(value: datetime | None) -> Markup:
    """A moment, UTC, as the time in Vietnam to the minute."""
    if value is None:
        return NOTHING
    local = value.replace(tzinfo=value.tzinfo or UTC).astimezone(HANOI)
    told = Markup('<time datetime="{:%Y-%m-%dT%H:%M+07:00}">{:%H:%M %d/%m/%Y}</time>')
    return told.format(local, local)


def period(value: str | None) -> Markup:
    """`2026-10` as 10/2026, `2026-Q3` as Quý III/2026, `2026-H1` as 6 tháng đầu năm 2026."""
    if not value:
        return NOTHING
    year, _, rest = value.partition("-")
    if rest.startswith("Q"):
        return t(f"Quý {QUARTERS[rest[1]]}/{year}", f"{rest} {year}")
    if rest.startswith("H"):
        half = ("đầu", "first") if rest == "H1" else ("cuối", "second")
        return t(f"6 tháng {half[0]} năm {year}", f"{half[1]} half of {year}")
    return Markup.escape(f"{rest}/{year}" if rest else year)


def sent(value: object, longest: int = LONGEST_SENT) -> Markup:
    """What somebody wrote, as text and nothing else.

    Marks that hide or turn text are shown by their code, and more than `longest` characters are cut with the
    length told.
    """
    if value is None or value == "":
        return NOTHING
    text = str(value)
    cut = text[:longest]
    seen = UNSEEN.sub(lambda found: f"⟦{_name(found[0])}⟧", cut)
    told = Markup("<bdi>{}</bdi>").format(seen)
    if len(text) > longest:
        length = vietnamese(str(len(text)))
        told += Markup(' <small class="cut">{}</small>').format(
            t(f"… ({length} ký tự)", f"… ({len(text):,} characters)")
        )
    return told


def _name(character: str) -> str:
    return unicodedata.name(character, f"U+{ord(character):04X}")


@lru_cache(maxsize=200, typed=True)
def chip(colour: str | None, label_vi: object, label_en: object) -> Markup:
    """A status in its words, with the colour and the shape that go with it."""
    known = colour if colour in SHAPES else "grey"
    shape = f'<span aria-hidden="true">{SHAPES[known]}</span>'
    return html(f'<span class="chip {known}">{shape} {t(label_vi, label_en)}</span>')


# What makes a figure uncertain: column, value it then has, class, words.
MARKS = (
    ("is_synthetic", True, "Giả lập", "Synthetic"),
    ("maturity", "provisional", "Ước tính", "Provisional"),
    ("is_verified", False, "Chưa xác minh", "Unverified"),
    ("is_plan_date_assumed", True, "Ngày kế hoạch giả định", "Plan date assumed"),
    ("is_inherited_target", True, "Mục tiêu của cấp trên", "Target of the level above"),
    ("is_interpolated_target", True, "Mục tiêu nội suy", "Interpolated target"),
    ("is_series_break", True, "Chuỗi số bị ngắt", "Break in series"),
)


def marks(row: Mapping[str, Any]) -> Markup:
    """The marks of uncertainty a figure carries, from the columns of its row that are there."""
    told = [
        html(f'<span class="mark">{t(vi, en)}</span>')
        for column, value, vi, en in MARKS
        if row.get(column) == value and row.get(column) is not None
    ]
    share = row.get("coverage_share")
    if share is not None and share < 1:
        covered = amount(100 * share, "percent", decimals=0)
        told.append(html(f'<span class="mark">{t("Phủ", "Coverage")} {covered}</span>'))
    return Markup(" ").join(told)


def scroll(name_vi: str, name_en: str) -> Markup:
    """The attributes of a box that scrolls sideways on small screens, reachable by keyboard."""
    return Markup('class="scroll" tabindex="0" role="region" aria-label="{}" data-label-en="{}"').format(
        name_vi, name_en
    )


FILTERS = {
    "number": number,
    "amount": amount,
    "day": day,
    "moment": moment,
    "period": period,
    "sent": sent,
    "marks": marks,
}
GLOBALS = {"t": t, "chip": chip, "scroll": scroll, "amount": amount, "escape": escape}
