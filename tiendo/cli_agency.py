"""What `tiendo status --agency` prints: score, tasks, reports and indicators of one agency."""

from collections.abc import Mapping
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tiendo.cli_console import COLOURS, console, print_json
from tiendo.cli_explain_agency import headline
from tiendo.messages import Language
from tiendo.report.execution_words import CADENCES
from tiendo.report.explain_words import Words

SHOWN_URGENT = 15

Record = dict[str, Any]


def print_agency_status(
    manifest: Mapping[str, Any], found: Mapping[str, Any], language: Language, as_json: bool
) -> None:
    """What stands where for one agency, as tables."""
    if as_json:
        print_json({"release_id": manifest["release_id"], "as_of": manifest["as_of"], **found})
        return
    out, words = console(), Words(language, "score")
    card = found["agency"]
    name = card["agency_name_vi" if words.vi else "agency_name_en"]
    out.print(f"[bold]{escape(name)}[/bold] ({card['agency_code']})")
    head = words.say("Bản phát hành", "Release")
    out.print(
        f"{head} {manifest['release_id']}, {words.say('số liệu tính đến', 'as of')} {manifest['as_of']}"
    )
    if manifest["is_synthetic"]:
        out.print(words.say("SỐ LIỆU GIẢ LẬP", "SYNTHETIC FIGURES"), style="bold red")
    out.print(headline(card, words) if card["is_scored"] else _unscored(card, words))
    _print_counts(out, found, words)
    _print_urgent(out, found["urgent"], words)
    _print_reports(out, found["reports"], words)
    _print_hints(out, found, words)


def _unscored(card: Record, words: Words) -> str:
    reason = card["score_reason" if words.vi else "score_reason_en"]
    return f"{words.say('Không xếp hạng', 'Not ranked')}: {reason}"


def _print_counts(out: Console, found: Mapping[str, Any], words: Words) -> None:
    label = "label_vi" if words.vi else "label_en"
    for title, rows, count in (
        (words.say("Nhiệm vụ", "Tasks"), found["tasks"], "tasks"),
        (
            words.say("Chỉ tiêu chịu trách nhiệm", "Indicators it answers for"),
            found["indicators"],
            "indicators",
        ),
    ):
        if rows:
            told = ", ".join(f"[{COLOURS[row['colour']]}]{row[label]}[/] {row[count]}" for row in rows)
            out.print(f"{title} ({sum(row[count] for row in rows)}): {told}")


def _print_urgent(out: Console, urgent: list[Record], words: Words) -> None:
    if not urgent:
        out.print(
            words.say("Không có cảnh báo đỏ, không có việc sắp đến hạn.", "No red alert, nothing due soon.")
        )
        return
    table = Table(title=words.say("Cảnh báo đỏ và việc sắp đến hạn", "Red alerts and what falls due soon"))
    for column in (
        words.say("Kế hoạch, dòng", "Plan and row"),
        words.say("Nhiệm vụ", "Task"),
        words.say("Thời hạn", "Due"),
        words.say("Trạng thái", "State"),
    ):
        table.add_column(column)
    for row in urgent[:SHOWN_URGENT]:
        table.add_row(
            f"{row['plan_id']} {escape(row['row_ref'])}",
            escape(row["title_vi"]),
            f"{words.day(row['due_on'])}{_days(row['days_left'], words)}",
            f"[{COLOURS[row['colour']]}]{row['label_vi' if words.vi else 'label_en']}[/]",
        )
    out.print(table)
    if len(urgent) > SHOWN_URGENT:
        more = len(urgent) - SHOWN_URGENT
        out.print(words.say(f"và {more} việc nữa (xem bằng --json)", f"and {more} more (see --json)"))


def _days(days_left: int | None, words: Words) -> str:
    if days_left is None:
        return ""
    if days_left < 0:
        return words.say(f" (quá {-days_left} ngày)", f" ({-days_left} days ago)")
    return words.say(f" (còn {days_left} ngày)", f" (in {days_left} days)")


def _print_reports(out: Console, reports: list[Record], words: Words) -> None:
    if not reports:
        return
    table = Table(title=words.say("Báo cáo phải nộp", "Reports owed"))
    table.add_column(words.say("Kế hoạch, nơi nhận", "Plan and receiver"))
    for column in (
        words.say("Đúng hạn", "On time"),
        words.say("Muộn", "Late"),
        words.say("Thiếu", "Missing"),
        words.say("Thiếu gần nhất", "Newest missing"),
        words.say("Hạn tới", "Next due"),
    ):
        table.add_column(column, justify="right")
    for row in reports:
        table.add_row(
            f"{row['plan_id']}, {escape(row['receiver_vi'] or '')}, {words.pick(CADENCES[row['cadence']])}",
            *(str(row[state]) for state in ("on_time", "late", "missing")),
            row["newest_missing_period"] or "",
            words.day(row["next_due_on"]) if row["next_due_on"] else "",
        )
    out.print(table)


def _print_hints(out: Console, found: Mapping[str, Any], words: Words) -> None:
    waiting = found["to_appraise"]
    if waiting["documents"]:
        count, longest = waiting["documents"], waiting["longest_days"]
        out.print(
            words.say(
                f"{count} minh chứng chờ cơ quan này thẩm định, lâu nhất {longest} ngày.",
                f"{count} documents wait for its verdict, the oldest for {longest} days.",
            )
        )
    if "score" not in found["agency"]:
        return
    code = found["agency"]["agency_code"]
    out.print(
        words.say(f"Vì sao: tiendo explain agency {code}", f"Why: tiendo explain agency {code}"), style="dim"
    )
