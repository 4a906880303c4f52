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

# Eth and the African D look like 'Đ'; full-width forms come from Chinese and Japanese keyboards.
_LOOK_ALIKES = str.maketrans("ÐðƉɖ", "ĐđĐđ") | {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)}
# Cyrillic and Greek letters that nobody can tell from Latin ones, by code point to keep them apart here.
_FOREIGN = str.maketrans(
    "\u0410\u0412\u0415\u0406\u0408\u041a\u041c\u041d\u041e\u0420\u0421\u0405\u0422\u0423\u0425"
    "\u0430\u0435\u0456\u0458\u043e\u0440\u0441\u0455\u0443\u0445"
    "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7\u03bf",
    "ABEIJKMHOPCSTYXaeijopcsyxABEZHIKMNOPTYXo",
)
_FOREIGN_LETTER = re.compile(f"[{''.join(map(chr, _FOREIGN))}]")
_WORD = re.compile(r"[\w\u0300-\u036f]+")
_LATIN = re.compile("[A-Za-z\u00c0-\u024f\u1e00-\u1eff]")
_ORDINARY = re.compile("[ -~\u00c0-\u00cf\u00d1-\u00ef\u00f1-\u0188\u018a-\u0233\u1ea0-\u1ef9\u2013-\u2026]*")


def strip_accents(text: str) -> str:
    """Lower case without accents; digits, punctuation and spaces stay: 'Quý I/2026' gives 'quy i/2026'."""
    decomposed = unicodedata.normalize("NFKD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in decomposed if not unicodedata.combining(c)).casefold()


@lru_cache(maxsize=65536)
def fold(text: str) -> str:
    """The words of a text in lower case, without accents or punctuation, one space between them.

    Composed and decomposed accents, old and new tone marks ('hoá', 'hóa'), 'tỉ'/'tỷ' and letters that only
    look alike fold to the same.
    """
    return _I_OR_Y.sub(r"\1y", _NOT_A_WORD.sub(" ", strip_accents(clean_text(text))).strip())


def clean_text(text: str) -> str:
    """The text as a reader sees it: NFC, no invisible or control characters, no spaces around it.

    A letter that only looks Latin is taken for the one it looks like, Cyrillic and Greek ones only in a word
    with Latin letters. Line breaks and tabs inside stay. What looks like a formula stays the text it is.
    """
    if text.isascii() and text.isprintable():
        return text.strip()
    composed = unicodedata.normalize("NFC", text)
    if _ORDINARY.fullmatch(composed):
        return composed.strip()
    visible = unicodedata.normalize("NFC", _INVISIBLE.sub("", composed).translate(_LOOK_ALIKES))
    if _FOREIGN_LETTER.search(visible):
        visible = unicodedata.normalize("NFC", _WORD.sub(_in_latin, visible))
    return _ODD_SPACE.sub(" ", _CONTROL.sub(" ", visible)).strip()


def _in_latin(found: re.Match[str]) -> str:
    return found[0].translate(_FOREIGN) if _LATIN.search(found[0]) else found[0]
