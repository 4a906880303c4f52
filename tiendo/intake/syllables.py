"""Says whether a word can be Vietnamese, so that of several readings of a text the plausible one is taken.

Vietnamese syllables are a closed set: an initial, a rhyme and one of six tones. Text read in a wrong encoding
falls out of it at once ('Điều' shows as '§iÒu').
"""

import re
import unicodedata
from enum import IntEnum
from functools import cache, lru_cache

_FRONT = """
e em en eng eo ep et ec ê êm ên ênh êp êt êch êu
i im in inh ip it ich iu ia iêm iên iêng iêp iêt iêc iêu
"""
_BACK = """
a ai ao au ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc âm ân âng âp ât âc âu ây
o oi om on ong op ot oc oong ooc ô ôi ôm ôn ông ôp ôt ôc ơ ơi ơm ơn ơp ơt
u ui um un ung up ut uc ua uôi uôm uôn uông uôt uôc
ư ưi ưng ưt ưc ưu ưa ưm ưn ươi ươm ươn ương ươp ươt ươc ươu
"""
_ROUNDED = """
oa oai oao oay oam oan oang oanh oap oat oac oach oăm oăn oăng oăt oăc oe oen oeo oem oet
uâ uân uâng uât uây uê uên uênh uêt uêch uơ uy uya uych uyn uynh uyp uyt uyu uyên uyêt
"""
_AFTER_QU = """
a ai ao ay am an ang anh ap at ac ach ăm ăn ăng ăp ăt ăc âm ân âng âp ât âu ây e em en eng eo et
ê ên ênh êt êch êu i in inh it ich y yn ynh yt ych yên yêt ơ ơi ơn ôc
"""
_ALONE = "y yêm yên yêng yêt yêu"
_INITIALS = "b ch d đ h kh l m n nh ph p r s t th tr v x"

# Everyday words that another encoding can turn into a rarer syllable ('số' shows as 'sè', 'công' as 'cụng').
_COMMON = """
xã công tân hòa hóa lâm thái phòng thông dân nhân có sáng chí trên trì giám ngãi cán phù không khê vân
nông tâm sông án ngân cái giá mã môn gò hùng nâng ân mô môi tháng võ trí lê tín sóng lên phân vì tú bù tô
phí ái tái tùng tôn phê thôn bông ngô hòn tên móng chân ôn chùa bán lãi cá góp cùng vùng ít
krông kông prông plông súp búk jút
phố số phú vụ lộc thống bộ dụng từ phúc nhóm phụ một mộc lộ dự sự nộp lớn thúc rộng nhỏ tự vừa thừa trụ
xúc mộ giờ tờ trừ hộ gói thụ lớp từng tộc hút chống bốn chúc trống rút cũng cụm hố vốn giống giúp khó lúc
"""

_TONES = frozenset("\u0300\u0301\u0303\u0309\u0323")
_STOPPED = re.compile(r"(?:[ckpt]|ch)$")
_SHARP_OR_HEAVY = frozenset("\u0301\u0323")
# Where the tone may stand, a star after its vowel. Of 'hóa' and 'hoá' both are right, of 'xã' and 'xaõ' one.
_TONE_IN_PLACE = re.compile(
    r"(?:qu|gi(?=[aăâeêoôơuư])|[^aăâeêioôơuưy]*)"
    r"(?:[iouyư]{0,2}[ăâêôơ]\*.*|ư\*[^ơ]*|[aeiouy]?[aeiouy]\*[^aeiouy]+|[aeiouy]\*[aeiouy]?|(?:o[ae]|uy)\*[aiouy]?)"
)

# Names of the Central Highlands ('Krông Búk', 'Chư Prông', 'Mđrắk') go beyond the syllables of Vietnamese.
_NAME = re.compile(
    r"(?:[bcdđghkmnpst]?[rljhw]|[bcdđghjklmnprstvwyz]{0,2}|ng|nh|kh|ph|th|tr|ch|m[đn]r)"
    r"(?:a[iouy]?|ăi?|â[uy]?|eo?|êu?|i[aêơ]?u?|o[aăe]?[iy]?|[ôơ]i?|u[aâêôơ]?[iy]?|ư[aơ]?[iu]?|yê?u?)"
    r"(?:[bcdghjklmnprstvw]|ng|nh|ch|k|h)?"
)
# 'NSĐP', 'QĐ', 'HĐND': capitals only, of which Đ is the one that legacy encodings change.
_ABBREVIATION = re.compile(r"[A-Z]*Đ[A-ZĐ]*")


class Plausibility(IntEnum):
    """How well a word fits Vietnamese; the numbers add up over the words of a text."""

    NONE = 0
    NAME = 1
    SYLLABLE = 2
    COMMON = 3


@lru_cache(maxsize=65536)
def plausibility(word: str) -> Plausibility:
    """How well a word fits Vietnamese: an everyday word, a syllable, perhaps a highland name, or not at all.

    The word must be in small letters, in capitals or begin with its only capital.
    """
    if _ABBREVIATION.fullmatch(word) and len(word) > 1:
        return Plausibility.SYLLABLE
    if not (word.islower() or word.isupper() or word.istitle()):
        return Plausibility.NONE
    if word.lower() in _common_words():
        return Plausibility.COMMON
    toneless, starred, tones = _parted(word.lower())
    if len(tones) > 1 or (_STOPPED.search(toneless) and tones not in _SHARP_OR_HEAVY | {""}):
        return Plausibility.NONE
    if toneless not in _syllables():
        return Plausibility.NAME if _NAME.fullmatch(toneless) else Plausibility.NONE
    is_in_place = _TONE_IN_PLACE.fullmatch(starred) if tones else not _STOPPED.search(toneless)
    return Plausibility.SYLLABLE if is_in_place else Plausibility.NONE


def _parted(word: str) -> tuple[str, str, str]:
    """The word without its tones, the same with a star after each letter that had one, and the tones."""
    toneless, starred, tones = "", "", ""
    for letter in word:
        marks = unicodedata.normalize("NFD", letter)
        bare = unicodedata.normalize("NFC", "".join(mark for mark in marks if mark not in _TONES))
        toneless += bare
        starred += bare + "*" * (bare != letter)
        tones += "".join(mark for mark in marks if mark in _TONES)
    return toneless, starred, tones


@cache
def _common_words() -> frozenset[str]:
    return frozenset(_COMMON.split())


@cache
def _syllables() -> frozenset[str]:
    """Every syllable without its tone."""
    front, back, rounded = _FRONT.split(), _BACK.split(), _ROUNDED.split()
    initials = ("", *_INITIALS.split())
    spelt = {initial + rhyme for initial in initials for rhyme in (*front, *back, *rounded)}
    spelt |= {initial + rhyme for initial in ("c", "g", "ng") for rhyme in back}
    spelt |= {"ng" + rhyme for rhyme in rounded}
    spelt |= {initial + rhyme for initial in ("k", "gh", "ngh") for rhyme in front}
    spelt |= {"gi" + rhyme for rhyme in (*back, *front) if not rhyme.startswith("i")}
    spelt |= {"gi", "gim", "gin", "gip", "giêng", *_ALONE.split()} | {initial + "y" for initial in "hklmstv"}
    return frozenset(spelt | {"qu" + rhyme for rhyme in _AFTER_QU.split()})
