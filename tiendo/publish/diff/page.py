"""A comparison of two releases as one HTML page: no script, no other file, readable on paper.

Made for whoever has to tell the People's Committee why a number is another one. Every text is escaped, since
names, targets and file names are the senders'.
"""

from collections.abc import Iterable, Sequence
from html import escape

from tiendo.messages import Language
from tiendo.publish.diff.comparison import Comparison
from tiendo.publish.diff.figures import KINDS as KIND_ORDER
from tiendo.publish.diff.labels import FATES, KINDS, MEANINGS
from tiendo.publish.diff.tables import Record
from tiendo.publish.diff.words import Words

FIGURES_LISTED = 100
TASKS_LISTED = 200
ROWS_LISTED = 5
CAUSES_LISTED = 3
STYLE = """
:root { color-scheme: light; }
body { font: 15px/1.45 "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", sans-serif; color: #1c2126;
  margin: 0 auto; max-width: 76rem; padding: 1.2rem; background: #fff; }
h1 { font-size: 1.5rem; margin: 0 0 .3rem; } h2 { font-size: 1.15rem; margin: 2rem 0 .5rem;
  border-bottom: 2px solid #1d4e89; padding-bottom: .2rem; } h3 { font-size: 1rem; margin: 1.4rem 0 .4rem; }
p, ul { margin: .4rem 0; } .muted, small { color: #56606b; } small { font-size: .86em; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1rem; }
th, td { border: 1px solid #cfd6dd; padding: .35rem .5rem; text-align: left; vertical-align: top;
  overflow-wrap: anywhere; }
th { background: #eef2f6; } thead { display: table-header-group; } tr { break-inside: avoid; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; overflow-wrap: normal; }
.kind { white-space: nowrap; font-weight: 600; overflow-wrap: normal; }
.revised { color: #8a4b00; } .removed { color: #9b1c1c; } .added { color: #17643a; }
.synthetic { background: #fde8e8; border: 1px solid #9b1c1c; padding: .4rem .7rem; font-weight: 700; }
ul { padding-left: 1rem; } td ul { margin: 0; }
.releases th:first-child { width: 9rem; } .figures th:nth-child(1) { width: 21%; }
.figures th:nth-child(5) { width: 13%; } .figures th:nth-child(6) { width: 11%; }
.figures th:nth-child(7) { width: 29%; } code { font-size: .86em; overflow-wrap: anywhere; }
.wide { overflow-x: auto; } @media print { body { font-size: 10pt; max-width: none; padding: 0; } }
"""


def diff_page(found: Comparison, language: Language = "vi") -> str:
    """The page.

    Args:
        found: A comparison; the page shows the largest changes and says how many it leaves out.
        language: Of its texts.
    """
    words = Words(found, language)
    title = words.say("Thay đổi giữa hai bản phát hành", "Changes between two releases")
    body = [
        f"<h1>{escape(title)}</h1>",
        _releases(words),
        _summary(words),
        _submissions(words),
        _figures(words),
        _tasks(words),
        _tables(words),
    ]
    ids = f"{found.before['release_id']} → {found.after['release_id']}"
    return (
        f'<!DOCTYPE html>\n<html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}: {escape(ids)}</title>"
        f"<style>{STYLE}</style></head>\n<body>\n" + "\n".join(body) + "\n</body></html>\n"
    )


def _releases(words: Words) -> str:
    before, after = words.found.before, words.found.after
    heads = ("", words.say("Bản trước", "Before"), words.say("Bản sau", "After"))
    rows = [
        (words.say("Mã bản", "Release"), before["release_id"], after["release_id"]),
        (words.say("Số liệu đến", "As of"), words.day(before["as_of"]), words.day(after["as_of"])),
        (
            words.say("Biết đến", "Known at"),
            words.moment(before["known_at"]),
            words.moment(after["known_at"]),
        ),
    ]
    synthetic = words.say("SỐ LIỆU GIẢ LẬP, không phải số thật", "SYNTHETIC FIGURES, not real ones")
    is_synthetic = before["is_synthetic"] or after["is_synthetic"]
    return (f'<p class="synthetic">{escape(synthetic)}</p>' if is_synthetic else "") + _table(
        "releases", heads, rows, (), head_column=True
    )


def _summary(words: Words) -> str:
    totals = words.found.totals
    heads = (
        words.say("Thay đổi", "Change"),
        words.say("Chỉ tiêu (số)", "Indicators (numbers)"),
        words.say("Nhiệm vụ", "Tasks"),
        words.say("Nghĩa là", "Meaning"),
    )
    rows = [
        (
            words.pick(KINDS, kind),
            words.count(totals["figures"].get(kind, 0)),
            words.count(totals["tasks"].get(kind, 0)),
            words.pick(MEANINGS, kind),
        )
        for kind in KIND_ORDER
        if kind in totals["figures"] or kind in totals["tasks"]
    ]
    fates = [submission["fate"] for submission in words.found.submissions]
    told = [f"{fates.count(fate)} {words.say('lần nộp', 'submissions')} {words.pick(FATES, fate)}"
            for fate in FATES if fate in fates]  # fmt: skip
    listed = "".join(f"<li>{escape(text)}</li>" for text in [*told, *words.inputs()])
    nothing = words.say("Không có đầu vào nào khác.", "No input differs.")
    unchanged = words.say("Không số nào, nhiệm vụ nào thay đổi.", "No number and no task changed.")
    return (
        f"<h2>{words.say('Hai bản khác nhau vì', 'Why the releases differ')}</h2>"
        f"<ul>{listed or f'<li>{nothing}</li>'}</ul>"
        f"<h2>{words.say('Tổng hợp', 'Totals')}</h2>"
        + (_table("", heads, rows, (1, 2)) if rows else f"<p>{unchanged}</p>")
    )


def _submissions(words: Words) -> str:
    if not words.found.submissions:
        return ""
    heads = (
        words.say("Lần nộp", "Submission"), words.say("Đơn vị", "Unit"), words.say("Kỳ", "Period"),
        words.say("Nhận lúc", "Received"), words.say("Tình trạng", "Standing"),
        words.say("Đã đổi", "Changed"),
    )  # fmt: skip
    rows = [
        (
            f"{submission['file_name']}\n{submission['submission_id']}",
            words.place(submission["org_code"]),
            submission["period"] or "-",
            words.moment(submission["received_at"]),
            words.pick(FATES, submission["fate"]),
            words.effects(submission),
        )
        for submission in words.found.submissions
    ]
    return f"<h2>{words.say('Theo lần nộp', 'By submission')}</h2>" + _limited(
        words, heads, rows, TASKS_LISTED
    )


def _figures(words: Words) -> str:
    shown = words.found.figures
    if not shown:
        return ""
    parts = [f"<h2>{words.say('Chỉ tiêu', 'Indicators')}</h2>"]
    for code in dict.fromkeys(figure["province_code"] for figure in shown):
        of_province = [figure for figure in shown if figure["province_code"] == code]
        counts = [
            f"{sum(figure['kind'] == kind for figure in of_province)} {words.pick(KINDS, kind).lower()}"
            for kind in KIND_ORDER
            if any(figure["kind"] == kind for figure in of_province)
        ]
        rows = "".join(_figure_row(words, figure) for figure in of_province[:FIGURES_LISTED])
        heads = (
            words.say("Đơn vị, chỉ tiêu", "Place, indicator"), words.say("Thay đổi", "Change"),
            words.say("Số cũ", "Old"), words.say("Số mới", "New"), words.say("Mục tiêu", "Target"),
            words.say("Đánh giá", "Verdict"), words.say("Vì sao", "Why"),
        )  # fmt: skip
        parts.append(
            f"<h3>{escape(words.place(code))} <small>{escape(', '.join(counts))}</small></h3>"
            f'<div class="wide"><table class="figures"><thead>{_heads(heads)}</thead>{rows}</table></div>'
            + _more(words, len(of_province) - FIGURES_LISTED)
        )
    return "".join(parts)


def _figure_row(words: Words, figure: Record) -> str:
    main, others = figure["rows"][0], len(figure["rows"]) - 1
    old, new = words.values(figure)
    old_parts, new_parts = words.parts(figure)
    more = words.say(f"và {others} mục tiêu khác", f"and {others} more targets") if others else ""
    name = figure["indicator_name_vi"] if words.vi else figure["indicator_name_en"]
    kind = figure["kind"]
    under = f"{words.say('kỳ', 'period')} {figure['period']} · {figure['indicator_code']}"
    return (
        f"<tr><td><b>{escape(str(figure['org_name_vi']))}</b> {escape(str(name))}<br>"
        f"<small>{escape(under)}"
        f"</small></td><td class='kind {kind}'>{escape(words.pick(KINDS, kind))}</td>"
        f"<td class='number'>{_value(old, old_parts)}</td><td class='number'>{_value(new, new_parts)}</td>"
        f"<td>{escape(words.target(main))}{_small(more)}</td><td>{escape(words.verdict(main))}</td>"
        f"<td>{_why(words, figure)}</td></tr>"
    )


def _tasks(words: Words) -> str:
    shown = [task for task in words.found.tasks if task["kind"] != "derived"]
    if not shown:
        return ""
    heads = (
        words.say("Nhiệm vụ", "Task"), words.say("Thay đổi", "Change"), words.say("Cũ → mới", "Old → new"),
        words.say("Vì sao", "Why"),
    )  # fmt: skip
    rows = "".join(
        f"<tr><td>{escape(str(task['title_vi']))}{_small(_name(task))}</td>"
        f"<td class='kind {task['kind']}'>{escape(words.pick(KINDS, task['kind']))}</td>"
        f"<td>{'<br>'.join(escape(text) for text in words.task_changes(task)) or '-'}</td>"
        f"<td>{_why(words, task)}</td></tr>"
        for task in shown[:TASKS_LISTED]
    )
    return (
        f"<h2>{words.say('Nhiệm vụ', 'Tasks')}</h2>"
        f'<div class="wide"><table><thead>{_heads(heads)}</thead>{rows}</table></div>'
        + _more(words, len(shown) - TASKS_LISTED)
    )


def _name(task: Record) -> str:
    return f"{task['plan_id']} {task['row_ref']}"


def _why(words: Words, change: Record) -> str:
    told = (f"<li>{escape(text)}{_small(name)}</li>" for text, name in words.reasons(change, CAUSES_LISTED))
    return f"<ul>{''.join(told)}</ul>"


def _tables(words: Words) -> str:
    found = words.found
    heads = (
        words.say("Bảng", "Table"), words.say("Thêm", "Added"), words.say("Bớt", "Removed"),
        words.say("Đổi", "Changed"), words.say("Cột đổi (số dòng)", "Columns changed (rows)"),
        words.say("Những dòng đầu", "First rows"),
    )  # fmt: skip
    rows = [
        (
            words.table_title(change),
            *words.counts(change),
            words.columns(change),
            " · ".join(words.row(row) for row in change.rows[:ROWS_LISTED]),
        )
        for change in found.tables
    ]
    equal = words.say(
        f"{len(found.equal_tables)} bảng giống hệt nhau", f"{len(found.equal_tables)} tables are equal"
    )
    full = words.say("Xem đủ từng dòng: --json --table TÊN.", "All rows: --json --table NAME.")
    return (
        f"<h2>{words.say('Các bảng', 'Tables')}</h2>"
        + (_table("", heads, rows, (1, 2, 3)) if rows else "")
        + f'<p class="muted">{escape(equal)}. {escape(full)}</p>'
    )


def _limited(words: Words, heads: Sequence[str], rows: Sequence[Sequence[str]], most: int) -> str:
    return _table("", heads, rows[:most], ()) + _more(words, len(rows) - most)


def _more(words: Words, hidden: int) -> str:
    if hidden <= 0:
        return ""
    return f'<p class="muted">{escape(words.more(hidden))}</p>'


def _table(
    name: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[str]],
    numbers: Sequence[int],
    head_column: bool = False,
) -> str:
    lines = "".join(
        "<tr>"
        + "".join(
            f"<th>{escape(cell)}</th>"
            if head_column and not column
            else f"<td{' class=number' if column in numbers else ''}>{_lines(cell)}</td>"
            for column, cell in enumerate(row)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="wide"><table class="{name}"><thead>{_heads(heads)}</thead>{lines}</table></div>'


def _lines(text: str) -> str:
    """Text whose further lines are small print."""
    first, _, more = text.partition("\n")
    return escape(first) + _small(more)


def _heads(heads: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<th>{escape(head)}</th>" for head in heads) + "</tr>"


def _value(value: str, parts: str) -> str:
    return escape(value) + _small(parts)


def _small(text: str) -> str:
    return f"<br><small>{escape(text)}</small>" if text else ""
