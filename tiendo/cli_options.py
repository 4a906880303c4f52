"""What the commands share: their common options, the language of messages, days and moments as typed."""

from collections.abc import Callable
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from tiendo.messages import Language, TiendoError
from tiendo.settings import TIMEZONE, Home, resolve_home

Day = TypeVar("Day", date, datetime)


class Lang(StrEnum):
    """Languages of messages."""

    vi = "vi"
    en = "en"


class EngineName(StrEnum):
    """What can compute the models."""

    duckdb = "duckdb"
    spark = "spark"


HomeOption = Annotated[
    Path | None,
    typer.Option(
        "--home", help="Folder under which data/ lives.", envvar="TIENDO_HOME", show_default="the checkout"
    ),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]
LangOption = Annotated[Lang, typer.Option("--lang", help="Language of messages.", envvar="TIENDO_LANG")]

# Years the calendar of the warehouse holds, with room at both ends.
FIRST_YEAR, LAST_YEAR = 2011, 2049

_language: Language = "vi"


def language() -> Language:
    """The language the user chose; Vietnamese until a command has read its options."""
    return _language


def speak(lang: Lang) -> None:
    """Takes the language of all messages from now on."""
    global _language
    _language = lang.value


def begin(home: Path | None, lang: Lang) -> Home:
    """The home a command works in; errors from here on speak the chosen language."""
    speak(lang)
    found = resolve_home(home)
    if set(str(found.root)) & set("*?["):
        raise TiendoError(
            "TD-706",
            f"Đường dẫn {found.root} có ký tự * ? hoặc [.",
            f"The path {found.root} holds one of * ? [.",
            "Chọn thư mục khác: các ký tự này làm hỏng việc đọc tệp.",
            "Choose another folder: these characters break the reading of files.",
            exit_code=2,
        )
    return found


def refuse_inside_data(home: Home, target: Path | None) -> None:
    """Raises TD-631 where something is to be written among the home's own files, through links as well."""
    data = (home.root / "data").resolve()
    if target is None or not any(
        path.is_relative_to(data) for path in (target.resolve(), target.parent.resolve() / target.name)
    ):
        return
    raise TiendoError(
        "TD-631",
        f"Không ghi {target} vào giữa các tệp của hệ thống ({data}).",
        f"{target} is not written among the system's own files ({data}).",
        "Chọn một thư mục khác, ví dụ: -o ket-qua.csv",
        "Choose another folder, such as -o result.csv",
        exit_code=2,
    )


def moment_of(text: str) -> datetime:
    """A moment as typed, of the country where no zone is given."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=TIMEZONE)


def parse_day(parser: Callable[[str], Day], text: str | None, example: str) -> Day | None:
    """A day or moment of the years the warehouse knows; None where none was given."""
    if text is None:
        return None
    try:
        found = parser(text)
        if not FIRST_YEAR <= found.year <= LAST_YEAR:
            raise ValueError(text)
        return found
    except ValueError:
        raise TiendoError(
            "TD-702",
            f"Không hiểu “{text}”.",
            f"Cannot read “{text}”.",
            f"Viết như: {example}.",
            f"Write it like: {example}.",
            exit_code=2,
        ) from None


def release_path(home: Home) -> Path:
    """Folder of the current release; raises TD-609 where nothing has been published."""
    from tiendo.publish.release import current_release

    path = current_release(home)
    if path is None:
        raise TiendoError(
            "TD-609",
            "Chưa có bản phát hành nào.",
            "Nothing has been published yet.",
            "Chạy “tiendo refresh” trước.",
            "Run “tiendo refresh” first.",
        )
    return path
