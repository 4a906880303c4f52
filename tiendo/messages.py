"""Messages for users: a stable code, a Vietnamese and an English sentence, the place, the way out.

Errors are values here, so that a clerk never meets a traceback and a code can be looked up in the docs.
"""

from dataclasses import dataclass, field
from typing import Literal

Language = Literal["vi", "en"]


@dataclass(frozen=True)
class Place:
    """Where in a file something was found; any part may be unknown.

    Attributes:
        file: File name as sent.
        sheet: Sheet name, None for text files.
        row: Row number as the sender's program counts it, from 1.
        column: Header of the column as the sender wrote it.
    """

    file: str | None = None
    sheet: str | None = None
    row: int | None = None
    column: str | None = None

    def describe(self, language: Language) -> str:
        """One phrase such as 'tệp a.xlsx, trang tính Biểu 04, dòng 7, cột Dân số'."""
        words = {
            "vi": ("tệp", "trang tính", "dòng", "cột"),
            "en": ("file", "sheet", "row", "column"),
        }[language]
        parts = zip(words, (self.file, self.sheet, self.row, self.column), strict=True)
        return ", ".join(f"{word} {value}" for word, value in parts if value is not None)


@dataclass
class TiendoError(Exception):
    """A failure told to the user; the command line prints it and exits with `exit_code`.

    Attributes:
        code: Stable code such as `TD-104`.
        vi: What happened, in Vietnamese.
        en: The same in English.
        way_out_vi: What to do about it, in Vietnamese.
        way_out_en: The same in English.
        place: Where it happened.
        exit_code: 1 checks failed or input rejected, 2 wrong usage, 3 lock held, 4 internal fault.
    """

    code: str
    vi: str
    en: str
    way_out_vi: str = ""
    way_out_en: str = ""
    place: Place = field(default_factory=Place)
    exit_code: int = 1

    def text(self, language: Language = "vi") -> str:
        """The whole message in one language."""
        sentence, way_out = (self.vi, self.way_out_vi) if language == "vi" else (self.en, self.way_out_en)
        where = self.place.describe(language)
        return (
            f"{self.code} {sentence}" + (f" ({where})" if where else "") + (f" {way_out}" if way_out else "")
        )

    def __str__(self) -> str:
        """Vietnamese first, as everywhere."""
        return self.text("vi")
