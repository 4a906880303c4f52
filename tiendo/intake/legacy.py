"""Reads text of the time before Unicode: TCVN3 (ABC), VNI-Windows and Windows-1258.

Old fonts drew Vietnamese letters in the places of Western ones: without the font, 'Điều' shows as '§iÒu'.
Such words are recognised because they cannot be Vietnamese as they stand, and are once they are read anew.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import islice
from typing import cast

from tiendo.intake.syllables import Plausibility, plausibility

# TCVN3 by the characters its bytes show as in Windows-1252. Places that TCVN 5712:1993 gives to more capitals
# are left out: the .Vn fonts do not draw them, so there stand the capitals of Unicode ('LAI CHÂU').
_TCVN3_PLACES = ("¡®", "µ\xb9", "»¾", "ÆÌ", "ÎØ", "Üß", "áï", "ñþ")
_TCVN3 = dict(
    zip(
        (code for first, last in _TCVN3_PLACES for code in range(ord(first), ord(last) + 1)),
        "ĂÂÊÔƠƯĐăâêôơưđàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ",
        strict=True,
    )
)

# VNI: a base letter, the signs that may follow it, and what the pairs read.
_VNI_SERIES = (
    ("a", "ùøûõïâáàåãäêéèúüë", "áàảãạâấầẩẫậăắằẳẵặ"),
    ("e", "ùøûõïâáàåãä", "éèẻẽẹêếềểễệ"),
    ("o", "ùøûõïâáàåãä", "óòỏõọôốồổỗộ"),
    ("ô", "ùøûõï", "ớờởỡợ"),
    ("u", "ùøûõï", "úùủũụ"),
    ("ö", "ùøûõï", "ứừửữự"),
    ("y", "ùøûõ", "ýỳỷỹ"),
    ("", "ñôöíìæóòî", "đơưíìỉĩịỵ"),
)


def _vni_letters() -> dict[str, str]:
    """What is shown and what it reads; a capital may be followed by a small sign."""
    small = {
        base + sign: letter
        for base, signs, letters in _VNI_SERIES
        for sign, letter in zip(signs, letters, strict=True)
    }
    mixed = {shown[0].upper() + shown[1:]: letter.upper() for shown, letter in small.items()}
    return small | mixed | {shown.upper(): letter.upper() for shown, letter in small.items()}


_VNI = _vni_letters()
_VNI_LETTER = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))
_SPELT = {
    "tcvn3": re.compile(f"[A-Za-z{''.join(map(chr, _TCVN3))}]+"),
    "vni": re.compile(f"(?:[A-Za-z]|{_VNI_LETTER.pattern})+"),
}

# What a text in UTF-16 begins with.
UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)

# A word with all that may stand for a letter of it, soft hyphens (the 'ư' of TCVN3) and guillemets included.
_WORD = re.compile("[A-Za-z\u00a1-\u00af\u00b5-\u024f\u1ea0-\u1ef9]+")
_LETTERS = re.compile(r"«?([^\W\d_]+)»?")
_WESTERN_LETTER = re.compile("[A-Za-zÀ-ÖØ-öø-ÿ]")
_SIGN_IN_NAME = re.compile("[§®¨©¬]")
# Letters of Unicode Vietnamese which no old encoding shows.
_MODERN = re.compile("[ĂăĐđĨĩŨũƠơƯư\u1ea0-\u1ef9]")
_LONGEST_WORD = 16

# Plain .Vn fonts have no accented capitals but seven: 'THUéC TØNH' is meant to read 'THUỘC TỈNH'.
_CAPITAL = "A-ZĂÂÊÔƠƯĐ"
_TONED = "".join(_TCVN3.values())[14:]
_IN_CAPITALS = re.compile(
    rf"(?<!\w)[{_TONED}]*[{_CAPITAL}][{_TONED}]*[{_CAPITAL}][{_CAPITAL}{_TONED}]*(?!\w)"
)

_HIGH_BYTE = re.compile(rb"[\x80-\xff]")
_SAMPLE_LINES, _SAMPLE_WIDTH = 2_000, 1_000


def modern_text(text: str, font: str | None = None) -> str:
    """A cell's text in Unicode, whatever it was written in.

    Args:
        text: As the workbook holds it.
        font: Name of the cell's font, which decides where the words alone do not: '.Vn…' means TCVN3 and
            'VNI-…' VNI; a .Vn font whose name ends in 'H' shows capitals only.
    """
    if text.isascii():
        return text
    text = unicodedata.normalize("NFC", text)
    encoding = legacy_encoding_of(text, font)
    if encoding is None:
        return text
    text = _in_part(text, encoding) if _MODERN.search(text) else _READERS[encoding](text)
    return text.upper() if (font or "").lower().startswith(".vn") and (font or "")[-1] in "Hh" else text


def legacy_encoding_of(text: str, font: str | None = None) -> str | None:
    """`tcvn3` or `vni` where that reading of the text is better Vietnamese than the text as it stands.

    Without an old font, or beside words that are Unicode for sure, that takes a word which only the old
    reading makes Vietnamese: 'Công' stays although TCVN3 would read it 'Cụng'.
    """
    if text.isascii() or not (words := _old_words(text)):
        return None
    has_modern = bool(_MODERN.search(text))
    of_font = _encoding_of_font(font)
    if of_font and not has_modern:
        return of_font if _weight(words, of_font) >= _weight(words, None) else None
    sure = {encoding: sum(_is_surely(word, encoding) for word in words) for encoding in _READERS}
    best = of_font or max(sure, key=lambda encoding: (sure[encoding], _weight(words, encoding)))
    if not sure[best]:
        return None
    return best if has_modern or _weight(words, best) > _weight(words, None) else None


def decode_bytes(raw: bytes) -> tuple[str, str]:
    """A text file's text and the name of its encoding: `utf-8`, `utf-16`, `cp1258`, `tcvn3` or `vni`.

    Raises:
        ValueError: It is text in none of them.
    """
    if raw.startswith(UTF_16):
        return raw.decode("utf-16"), "utf-16"
    if order := _order_without_mark(raw[:2048]):
        return raw.decode(order), "utf-16"
    try:
        return raw.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        encoding = _most_plausible(raw)
    return _decoded(raw, encoding), encoding


def is_utf_16_without_mark(raw: bytes) -> bool:
    """Whether a text is in UTF-16 and does not say so."""
    return _order_without_mark(raw[:2048]) is not None


def _order_without_mark(head: bytes) -> str | None:
    """The byte order of UTF-16, told by the zero bytes of its Latin letters: at odd or at even places."""
    even, odd = head[::2].count(0), head[1::2].count(0)
    if max(even, odd) * 8 < len(head) or min(even, odd) * 8 > max(even, odd) or not head:
        return None
    return "utf-16-le" if odd > even else "utf-16-be"


def _most_plausible(raw: bytes) -> str:
    """The encoding in which a sample of the lines that are not plain ASCII is the best Vietnamese."""
    sample = b"\n".join(islice(_lines_beyond_ascii(raw), _SAMPLE_LINES))
    means = {encoding: _mean_plausibility(_decoded(sample, encoding)) for encoding in _PAGES}
    best = max(means, key=lambda encoding: means[encoding])
    if means[best] < Plausibility.NAME:
        raise ValueError("neither Unicode nor an old Vietnamese encoding")
    return best


def _lines_beyond_ascii(raw: bytes) -> Iterator[bytes]:
    end = 0
    while found := _HIGH_BYTE.search(raw, end):
        start = max(raw.rfind(b"\n", end, found.start()) + 1, found.start() - _SAMPLE_WIDTH, end)
        end = raw.find(b"\n", found.end(), found.end() + _SAMPLE_WIDTH)
        end = found.end() + _SAMPLE_WIDTH if end < 0 else end
        yield raw[start:end]


def _mean_plausibility(text: str) -> float:
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    return sum(_plausible(word, None) for word in words) / len(words) if words else Plausibility.NAME


def _encoding_of_font(font: str | None) -> str | None:
    name = (font or "").lower()
    return "tcvn3" if name.startswith(".vn") else "vni" if name.startswith("vni-") else None


def _old_words(text: str) -> list[str]:
    """The words that a font may have drawn otherwise than they stand."""
    return [word for word in _WORD.findall(text) if not word.isascii() and not _MODERN.search(word)]


def _weight(words: Iterable[str], encoding: str | None) -> int:
    return sum(_plausible(word, encoding) for word in words)


def _is_surely(word: str, encoding: str) -> bool:
    """Whether a word is Vietnamese in that encoding only; a lone '§' or '·' or a '½m' proves nothing."""
    if _plausible(word, None) or not _WESTERN_LETTER.search(word) or word[0] in "µ¹¼½¾":
        return False
    enough = Plausibility.NAME if _SIGN_IN_NAME.search(word) else Plausibility.SYLLABLE
    return _plausible(word, encoding) >= enough


def _plausible(word: str, encoding: str | None) -> int:
    # No word is that long: what is would only fill the memory of past answers.
    return _plausibility_of(word, encoding) if len(word) <= _LONGEST_WORD else Plausibility.NONE


@lru_cache(maxsize=65536)
def _plausibility_of(word: str, encoding: str | None) -> int:
    if encoding and not _SPELT[encoding].fullmatch(word):
        return Plausibility.NONE
    # An Eth is often typed for the 'Đ' it looks like.
    letters = _LETTERS.fullmatch(_READERS[encoding](word) if encoding else word.replace("Ð", "Đ"))
    return plausibility(letters[1]) if letters else Plausibility.NONE


def _in_part(text: str, encoding: str) -> str:
    """The text with its old words read anew; a word that fits both readings goes with the words before it."""
    is_old = False

    def read(found: re.Match[str]) -> str:
        nonlocal is_old
        word = found[0]
        if word.isascii():
            return word
        if _is_surely(word, encoding):
            is_old = True
        elif _MODERN.search(word) or _plausible(word, None) > _plausible(word, encoding):
            is_old = False
        return _READERS[encoding](word) if is_old else word

    return _WORD.sub(read, text)


def _from_tcvn3(text: str) -> str:
    return _with_capitals(text.translate(_TCVN3))


def _with_capitals(text: str) -> str:
    return _IN_CAPITALS.sub(lambda found: found[0].upper(), text)


def _from_vni(text: str) -> str:
    return _VNI_LETTER.sub(lambda found: _VNI[found[0]], text)


_READERS: dict[str, Callable[[str], str]] = {"tcvn3": _from_tcvn3, "vni": _from_vni}


def _code_page(name: str) -> str:
    """The 256 letters of a code page; bytes it leaves free become control characters."""
    return "".join(bytes([byte]).decode(name, "ignore") or chr(byte) for byte in range(256))


_PAGES = {
    "cp1258": _code_page("cp1258"),
    "tcvn3": _code_page("cp1252").translate(_TCVN3),
    "vni": _code_page("cp1252"),
}
_AFTERWARDS: dict[str, Callable[[str], str]] = {
    "cp1258": lambda text: unicodedata.normalize("NFC", text),
    "tcvn3": _with_capitals,
    "vni": _from_vni,
}
# The only decoder in C that takes a page of one's own; its typing forgets that the page may be a string.
_charmap_decode = cast("Callable[[bytes, str, str], tuple[str, int]]", codecs.charmap_decode)


def _decoded(raw: bytes, encoding: str) -> str:
    return _AFTERWARDS[encoding](_charmap_decode(raw, "strict", _PAGES[encoding])[0])
