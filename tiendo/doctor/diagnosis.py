"""What `tiendo doctor` says of one condition: a stable name, how grave it is, words, the command that helps.

Probes find and tables of words speak; a name never changes, so that monitoring can rely on it.
"""

import shlex
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tiendo.settings import Home, resolve_home

Level = Literal["ok", "note", "warning", "error"]
# Level, Vietnamese, English, what to do in both. Braces are filled in; {at} is the --home a command needs.
Words = tuple[Level, str, str, str, str]


@dataclass(frozen=True)
class Diagnosis:
    """One finding.

    Attributes:
        name: Stable name of the condition, or of what is in order.
        level: `error` hinders a run or readers, `warning` may, `note` is worth knowing.
        vi: What was found, in Vietnamese.
        en: The same in English.
        advice_vi: What to do, with the command to type; empty where nothing is wrong.
        advice_en: The same in English.
    """

    name: str
    level: Level
    vi: str
    en: str
    advice_vi: str = ""
    advice_en: str = ""


Probe = Callable[[Home], Iterator[Diagnosis]]


def told(words: Mapping[str, Words], home: Home, name: str, **facts: object) -> Diagnosis:
    """A condition in words; `facts` fill the braces."""
    level, vi, en, advice_vi, advice_en = words[name]
    root = home.root
    known = {"at": "" if resolve_home(None).root == root else f" --home {shlex.quote(str(root))}", **facts}
    return Diagnosis(name, level, *(text.format_map(known) for text in (vi, en, advice_vi, advice_en)))


def fine(name: str, vi: str, en: str | None = None) -> Diagnosis:
    """What is in order; one text where both languages say the same."""
    return Diagnosis(name, "ok", vi, vi if en is None else en)


def existing(path: Path) -> Path:
    """The path, or the nearest folder above it that is there."""
    return next(each for each in (path, *path.parents) if each.exists())


def size(count: float) -> str:
    """Bytes as people read them."""
    return f"{count / 1024**3:.1f} GiB" if count >= 1024**3 else f"{count / 1024**2:.0f} MiB"


def listed(names: list[str], most: int = 5) -> str:
    """The first few, and that there are more."""
    return ", ".join(names[:most]) + (f", … ({len(names)})" if len(names) > most else "")
