"""Makes spellings comparable: what differs only in case, accents, spaces or `i`/`y` is the same word.

Clerks type headers and choices by hand or paste them from Word, so every comparison goes through `fold`.
"""

import re
import unicodedata
from functools import lru_cache

# Both spellings are correct Vietnamese ('tỉ lệ' and 'tỷ lệ', 'kì' and 'kỳ', 'qui' and 'quy').
_I_OR_Y = re.compile(r"\b([hklmst]|qu)i\b")
_NOT_A_WORD = re.compile(r"[\W_]+")
_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\ufeff]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")
_ODD_SPACE = re.compile(r"[\u00a0\u2000-\u200a\u202f\u205f\u3000]")


def strip_accents(text: str) -> str:
    """Lower case without accents; digits, punctuation and spaces stay: 'Quý I/2026' gives 'quy i/2026'."""
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The words of a text in lower case, without accents or punctuation, one space between them.

    Composed and decomposed accents, old and new tone marks ('hoá', 'hóa') and 'tỉ'/'tỷ' fold to the same.
    """
    return _I_OR_Y.sub(r"\1y", _NOT_A_WORD.sub(" ", strip_accents(text)).strip())


def clean_text(text: str) -> str:
    """The text as a reader sees it: NFC, no invisible or control characters, no spaces around it.

    Line breaks and tabs inside stay. A text that looks like a formula stays the plain text it is.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    visible = _CONTROL.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text)))
    return _ODD_SPACE.sub(" ", visible).strip()
