"""`tiendo releases diff`: which numbers are not what they were, and by which submission."""

from collections.abc import Iterable, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import console
from tiendo.cli_options import HomeOption, JsonOption, Lang, LangOption, begin, language
from tiendo.messages import TiendoError

if TYPE_CHECKING:
    from tiendo.publish.diff.comparison import Comparison
    from tiendo.publish.diff.tables import Record
    from tiendo.publish.diff.words import Words

FIGURES_LISTED = 10
TASKS_LISTED = 20
SUBMISSIONS_LISTED = 20
CAUSES_LISTED = 2
STYLES = {"revised": "yellow", "added": "green", "removed": "red", "reflagged": "cyan", "retargeted": "cyan"}


class DiffFormat(StrEnum):
    """Formats of a comparison."""

    table = "table"
    json = "json"
    html = "html"


SUFFIXES = {".json": DiffFormat.json, ".html": DiffFormat.html, ".htm": DiffFormat.html}


def releases_diff(
    before: Annotated[
        str, typer.Argument(metavar="A", help="Identifier, “current” or “previous”.")
    ] = "previous",
    after: Annotated[str, typer.Argument(metavar="B", help="The release to compare it with.")] = "current",
    file_format: Annotated[
        DiffFormat | None,
        typer.Option("--format", help="Format of the result.", show_default="table; by -o where given"),
    ] = None,
    output: Annotated[Path | None, typer.Option("-o", "--output", help="File to write.")] = None,
    table: Annotated[
        str | None, typer.Option("--table", help="List all rows of this table that differ, in JSON.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
    lang: LangOption = Lang.vi,
) -> None:
    """Which numbers and tasks were added, removed, revised, re-flagged from A to B, and by which submission.

    Without arguments: what the current release changed of the one in force before it. JSON holds every
    number and task, and the first rows of the other tables.

    Examples: `tiendo releases diff`, `tiendo releases diff previous current -o thay-doi.html`
    """
    from tiendo.publish.diff.comparison import compare_releases, find_pair

    chosen = _format(file_format, output, as_json)
    folders = find_pair(begin(home, lang), before, after)
    found = compare_releases(*folders, table)
    if chosen is DiffFormat.table:
        print_diff(found)
        return
    if chosen is DiffFormat.html:
        from tiendo.publish.diff.page import diff_page

        content = diff_page(found, language())
    else:
        content = found.to_json()
    _write(content, output)


def _format(file_format: DiffFormat | None, output: Path | None, as_json: bool) -> DiffFormat:
    """The format asked for, else the one the file's name says."""
    named = SUFFIXES.get(output.suffix.lower()) if output else DiffFormat.table
    chosen = DiffFormat.json if as_json else file_format or named
    if chosen is None or (output is not None and chosen is DiffFormat.table):
        raise TiendoError(
            "TD-621",
            "Không rõ ghi kết quả so sánh theo định dạng nào.",
            "It is not clear in which format the comparison is to be written.",
            "Đặt tên tệp đuôi .html hoặc .json, hoặc thêm --format html.",
            "Name the file .html or .json, or add --format html.",
            exit_code=2,
        )
    return chosen


def _write(content: str, output: Path | None) -> None:
    from tiendo.publish.files import write_atomically

    if output is None:
        typer.echo(content, nl=False)
        return
    try:
        write_atomically(output, content)
    except OSError as error:
        raise TiendoError(
            "TD-623",
            f"Không ghi được {output}: {error.strerror or type(error).__name__}.",
            f"Cannot write {output}: {error.strerror or type(error).__name__}.",
            "Chọn thư mục đã có và ghi được.",
            "Choose a folder that exists and can be written.",
            exit_code=2,
        ) from error


def print_diff(found: "Comparison") -> None:
    """A comparison on the terminal: totals first, then provinces with the largest changes, tasks, tables."""
    from tiendo.publish.diff.words import Words

    out, words = console(), Words(found, language())
    before, after = found.before, found.after
    out.print(
        f"{words.say('Từ', 'From')} [bold]{before['release_id']}[/bold] ({words.day(before['as_of'])}; "
        f"{words.say('biết đến', 'known at')} {words.moment(before['known_at'])})\n"
        f"{words.say('đến', 'to')} [bold]{after['release_id']}[/bold] ({words.day(after['as_of'])}; "
        f"{words.say('biết đến', 'known at')} {words.moment(after['known_at'])})"
    )
    if before["is_synthetic"] or after["is_synthetic"]:
        out.print(words.say("SỐ LIỆU GIẢ LẬP", "SYNTHETIC FIGURES"), style="bold red")
    for text in words.inputs():
        out.print(f"• {text}", markup=False, style="dim")
    _print_totals(out, found, words)
    _print_submissions(out, found, words)
    _print_figures(out, found, words)
    _print_tasks(out, found, words)
    _print_tables(out, found, words)


def _print_totals(out: Console, found: "Comparison", words: "Words") -> None:
    from tiendo.publish.diff.figures import KINDS as ORDER
    from tiendo.publish.diff.labels import KINDS

    by_province, tasks = found.by_province(), found.totals["tasks"]
    kinds = [kind for kind in ORDER if kind in found.totals["figures"] or kind in tasks]
    if not kinds:
        out.print(words.say("Không số nào, nhiệm vụ nào thay đổi.", "No number and no task changed."))
        return
    table = Table(title=words.say("Thay đổi", "Changes"), title_justify="left")
    table.add_column("")
    for kind in kinds:
        table.add_column(words.pick(KINDS, kind), justify="right", style=STYLES.get(kind))
    for province in by_province:
        cells = (words.count(province.get(kind, 0)) for kind in kinds)
        table.add_row(escape(words.place(province["province_code"])), *cells)
    table.add_section()
    for label, counts in (
        (words.say("Chỉ tiêu (số)", "Numbers"), found.totals["figures"]),
        (words.say("Nhiệm vụ", "Tasks"), tasks),
    ):
        table.add_row(label, *(words.count(counts.get(kind, 0)) for kind in kinds))
    out.print(table)


def _print_submissions(out: Console, found: "Comparison", words: "Words") -> None:
    from tiendo.publish.diff.labels import FATES

    heads = (
        words.say("Lần nộp", "Submission"), words.say("Tình trạng", "Standing"),
        words.say("Đã đổi", "Changed"),
    )  # fmt: skip
    rows = [
        (submission["submission_id"], words.pick(FATES, submission["fate"]), words.effects(submission))
        for submission in found.submissions
    ]
    _print_rows(out, words, words.say("Theo lần nộp", "By submission"), heads, rows, SUBMISSIONS_LISTED)


def _print_figures(out: Console, found: "Comparison", words: "Words") -> None:
    heads = (
        words.say("Chỉ tiêu", "Indicator"), words.say("Cũ → mới", "Old → new"),
        words.say("Mục tiêu", "Target"), words.say("Đánh giá", "Verdict"), words.say("Vì sao", "Why"),
    )  # fmt: skip
    for code in dict.fromkeys(figure["province_code"] for figure in found.figures):
        of_province = [figure for figure in found.figures if figure["province_code"] == code]
        rows = [_figure(figure, words) for figure in of_province[:FIGURES_LISTED]]
        rows += [()] * (len(of_province) - len(rows))
        _print_rows(out, words, words.place(code), heads, rows, FIGURES_LISTED, has_lines=True)


def _figure(figure: "Record", words: "Words") -> tuple[str, ...]:
    from tiendo.publish.diff.labels import KINDS

    name = figure["indicator_name_vi"] if words.vi else figure["indicator_name_en"]
    kind, values = words.pick(KINDS, figure["kind"]), " → ".join(words.values(figure))
    parts = [part for part in words.parts(figure) if part]
    return (
        f"{figure['org_name_vi']}: {name} ({figure['indicator_code']}, {figure['period']})",
        f"{kind}: {values}" + (f"\n{' → '.join(parts)}" if parts else ""),
        words.target(figure["rows"][0]),
        words.verdict(figure["rows"][0]),
        _why(figure, words),
    )


def _print_tasks(out: Console, found: "Comparison", words: "Words") -> None:
    from tiendo.publish.diff.labels import KINDS

    heads = (
        words.say("Nhiệm vụ", "Task"), words.say("Cũ → mới", "Old → new"), words.say("Vì sao", "Why"),
    )  # fmt: skip
    rows = [
        (
            f"{task['plan_id']} {task['row_ref']}: {task['title_vi']}",
            "\n".join([words.pick(KINDS, task["kind"]), *words.task_changes(task)]),
            _why(task, words),
        )
        for task in found.tasks
        if task["kind"] != "derived"
    ]
    _print_rows(out, words, words.say("Nhiệm vụ", "Tasks"), heads, rows, TASKS_LISTED, has_lines=True)


def _why(change: "Record", words: "Words") -> str:
    """Submissions by their identifier alone, which holds form, period, unit and time."""
    from tiendo.publish.diff.labels import ROLES

    roles = [cause["role"] for cause in change["causes"]]
    told = words.reasons(change, CAUSES_LISTED)
    return "\n".join(
        f"{words.pick(ROLES, roles[index])} {name}" if name else text
        for index, (text, name) in enumerate(told)
    )


def _print_tables(out: Console, found: "Comparison", words: "Words") -> None:
    heads = (
        words.say("Bảng", "Table"), words.say("Thêm", "Added"), words.say("Bớt", "Removed"),
        words.say("Đổi", "Changed"), words.say("Cột đổi (số dòng)", "Columns changed (rows)"),
    )  # fmt: skip
    rows = [
        (
            words.table_title(change),
            *words.counts(change),
            words.columns(change),
        )
        for change in found.tables
    ]
    _print_rows(out, words, words.say("Các bảng khác nhau", "Tables that differ"), heads, rows, len(rows))
    equal = len(found.equal_tables)
    out.print(words.say(f"{equal} bảng giống hệt nhau.", f"{equal} tables are equal."), style="dim")


def _print_rows(
    out: Console,
    words: "Words",
    title: str,
    heads: Iterable[str],
    rows: Sequence[Sequence[str]],
    most: int,
    has_lines: bool = False,
) -> None:
    """A table of at most so many rows, and how many there are more; nothing where there is none."""
    if not rows:
        return
    table = Table(title=escape(title), title_justify="left", show_lines=has_lines)
    for head in heads:
        table.add_column(head, overflow="fold")
    for row in rows[:most]:
        table.add_row(*(escape(cell) for cell in row))
    out.print(table)
    if (hidden := len(rows) - most) > 0:
        out.print(words.more(hidden), style="dim", markup=False)
