"""The data docs: what was checked and what failed, in plain words, with a page of rows per failed check.

They take the place of Great Expectations' own site, which loads scripts from a dozen public servers, stamps
every page with the time and speaks to engineers. These pages need no network, are equal between equal runs,
and keep the technical expectation folded away. Whatever senders or tables say is escaped.
"""

import json
from collections.abc import Iterable, Sequence
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import quote

from tiendo.quality.results import CheckResult, FailedRows
from tiendo.quality.suites import DIMENSIONS, Check, Suite

if TYPE_CHECKING:
    from tiendo.quality.checks import SuiteRun

# Name and meaning: the six words of the national data programme.
MEANINGS = {
    "accurate": (
        "Đúng",
        "con số khớp với nguồn và với phép tính",
        "figures fit their source and their formula",
    ),
    "complete": ("Đủ", "không thiếu dòng, thiếu ô, thiếu đơn vị", "no row, cell or unit is missing"),
    "valid": (
        "Sạch",
        "mã, kỳ, đơn vị tính viết đúng quy cách",
        "codes, periods and units are spelt as agreed",
    ),
    "timely": ("Sống", "số liệu đúng thời điểm, còn cập nhật", "figures belong to their time"),
    "consistent": (
        "Thống nhất",
        "không trùng, không trái nhau giữa các bảng",
        "nothing repeats or contradicts",
    ),
    "shareable": (
        "Dùng chung",
        "ghi rõ nguồn, có mô tả, không lộ dữ liệu riêng",
        "described, sourced, nothing private",
    ),
}
SEVERITIES = {"fatal": "Bắt buộc", "warning": "Cảnh báo"}
LAYERS = {"raw": "Biểu gửi đến <small>forms</small>", "curated": "Bảng công bố <small>curated tables</small>"}
HEADINGS = {
    "submission_id": "Lần nộp",
    "file_name": "Tệp",
    "sheet": "Trang tính",
    "row_number": "Dòng",
    "columns": "Cột",
}
STYLE = """
body { font-family: system-ui, sans-serif; line-height: 1.45; margin: 2rem auto; max-width: 70rem;
  padding: 0 1rem; color: #222; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 2rem; }
th, td { border-bottom: 1px solid #ddd; padding: .4rem .6rem; text-align: left; vertical-align: top; }
th { background: #f4f5f7; } td.n, th.n { text-align: right; } small { color: #666; font-weight: normal; }
.card { border-left: .35rem solid #b8860b; background: #fdf6e3; padding: .6rem 1rem; margin: .6rem 0; }
h1 { font-size: 1.6rem; }
.card.fatal { border-color: #a3211a; background: #fbe9e7; } .card p { margin: .2rem 0; }
.good { color: #1c6b34; } .bad { color: #a3211a; font-weight: 600; }
details { color: #666; font-size: .85rem; } pre { white-space: pre-wrap; margin: .3rem 0; }
"""


def write_docs(runs: "Sequence[SuiteRun]", folder: Path) -> None:
    """Writes `index.html`, `<layer>/<table>.html` per suite and `rows/<check>.html` per failed check."""
    folder.mkdir(parents=True, exist_ok=True)
    for run in runs:
        _write(folder / run.suite.layer / f"{run.suite.table}.html", _suite_page(run))
        for result in run.results:
            if result.failed and result.failed.rows:
                _write(
                    folder / "rows" / f"{result.check_id}.html", _rows_page(run.suite, result, result.failed)
                )
    _write(folder / "index.html", _index_page(runs))


def _index_page(runs: "Sequence[SuiteRun]") -> str:
    asked = [(run.suite, result) for run in runs for result in run.results]
    failed = [(suite, result) for suite, result in asked if not result.is_passed]
    failed.sort(key=lambda each: (each[1].has_run, each[1].severity != "fatal"))
    stopping = sum(result.severity == "fatal" or not result.has_run for _, result in failed)
    cards = "\n".join(_card(suite, result) for suite, result in failed)
    return _page(
        "Kiểm tra chất lượng dữ liệu",
        f"""<h1>Kiểm tra chất lượng dữ liệu <small>Data quality checks</small></h1>
<p>{len(asked)} kiểm tra trên {len(runs)} bảng: <span class="good">{len(asked) - len(failed)} đạt</span>,
<span class="bad">{stopping} không đạt và chặn phát hành</span>, {len(failed) - stopping} cảnh báo.
<small>{len(asked)} checks of {len(runs)} tables: {len(asked) - len(failed)} passed, {stopping} failed and
stop a release, {len(failed) - stopping} warnings.</small></p>
<h2>Không đạt <small>Failed</small></h2>
{cards or '<p class="good">Không có. <small>None.</small></p>'}
<h2>Theo tiêu chí <small>By dimension</small></h2>
{_dimensions([result for _, result in asked])}
<h2>Theo bảng <small>By table</small></h2>
{_tables(runs)}""",
    )


def _card(suite: Suite, result: CheckResult) -> str:
    is_fatal = result.severity == "fatal" or not result.has_run
    return f"""<div class="card{" fatal" if is_fatal else ""}">
<p><b>{escape(result.description_vi)}</b> <small>{escape(result.description_en)}</small></p>
<p>{_link(suite, "")}:
{_found(result, "")}</p>
<p><small>{MEANINGS[result.dimension][0]} · {SEVERITIES[result.severity]} ·
{escape(result.check_id)}</small></p>
</div>"""


def _count(number: int) -> str:
    """As Vietnamese writes it: 4.048."""
    return f"{number:,}".replace(",", ".")


def _link(suite: Suite, up: str) -> str:
    return (
        f'<a href="{up}{suite.layer}/{quote(suite.table)}.html">{escape(suite.title_vi or suite.table)}</a>'
    )


def _found(result: CheckResult, up: str) -> str:
    """What was found, in words, with the way to the rows."""
    if not result.has_run:
        return f'<span class="bad">không chạy được</span> ({escape(result.observed)})'
    if result.is_passed:
        return '<span class="good">đạt</span>'
    if result.failed is None:
        return f'<span class="bad">không đạt</span> ({escape(result.observed)})'
    of_all = f" trên {_count(result.rows_checked)} dòng" if result.rows_checked else ""
    counted = f'<span class="bad">{_count(result.failed.total)} dòng không đạt</span>{of_all}'
    if not result.failed.rows:
        return counted
    return f'{counted}, <a href="{up}rows/{quote(result.check_id)}.html">xem từng dòng</a>'


def _dimensions(results: Sequence[CheckResult]) -> str:
    rows: list[str] = []
    for dimension in DIMENSIONS:
        asked = [result for result in results if result.dimension == dimension]
        failed = [result for result in asked if not result.is_passed]
        name, meaning_vi, meaning_en = MEANINGS[dimension]
        rows.append(
            f"<tr><td><b>{name}</b>: {meaning_vi}<br><small>{dimension}: {meaning_en}</small></td>"
            f"{_numbers(len(asked), len(asked) - len(failed), len(failed))}</tr>"
        )
    return _table(("Tiêu chí", "Kiểm tra", "Đạt", "Không đạt"), rows, numbers=3)


def _tables(runs: "Sequence[SuiteRun]") -> str:
    parts: list[str] = []
    for layer, title in LAYERS.items():
        rows: list[str] = []
        for run in (each for each in runs if each.suite.layer == layer):
            failed = sum(not result.is_passed for result in run.results)
            name = f"{_link(run.suite, '')} <small>{escape(run.suite.table)}</small>"
            counts = _numbers(len(run.results), len(run.results) - failed, failed)
            rows.append(f"<tr><td>{name}</td>{counts}</tr>")
        parts.append(f"<h3>{title}</h3>" + _table(("Bảng", "Kiểm tra", "Đạt", "Không đạt"), rows, numbers=3))
    return "\n".join(parts)


def _suite_page(run: "SuiteRun") -> str:
    suite = run.suite
    rows = [
        f"<tr><td>{escape(result.description_vi)}<br><small>{escape(result.description_en)}</small>"
        f"{_technical(check)}</td><td>{MEANINGS[result.dimension][0]}</td><td>{SEVERITIES[result.severity]}</td>"
        f"<td>{_found(result, '../')}</td></tr>"
        for check, result in zip(suite.checks, run.results, strict=True)
    ]
    title = suite.title_vi or suite.table
    return _page(
        title,
        f"""<p><a href="../index.html">← Tất cả các kiểm tra <small>All checks</small></a></p>
<h1>{escape(title)} <small>{escape(suite.title_en)} · {escape(suite.name)}</small></h1>
{_table(("Yêu cầu", "Tiêu chí", "Mức độ", "Kết quả"), rows)}""",
    )


def _technical(check: Check) -> str:
    query = check.kwargs.get("unexpected_rows_query")
    asked = str(query) if query else json.dumps(check.kwargs, ensure_ascii=False)
    return (
        f"<details><summary>{escape(check.check_id)} · {escape(check.check_type)}</summary>"
        f"<pre>{escape(asked)}</pre></details>"
    )


def _rows_page(suite: Suite, result: CheckResult, failed: FailedRows) -> str:
    listed = len(failed.rows)
    limit = (
        f"<p>Chỉ liệt kê {_count(listed)} dòng đầu trong {_count(failed.total)}. "
        f"<small>Only the first {listed:,} of {failed.total:,} rows are listed.</small></p>"
        if listed < failed.total
        else ""
    )
    rows = [
        "<tr>" + "".join(f"<td>{'∅' if value is None else escape(value)}</td>" for value in row) + "</tr>"
        for row in failed.rows
    ]
    return _page(
        result.description_vi,
        f"""<p><a href="../index.html">← Tất cả các kiểm tra <small>All checks</small></a> ·
{_link(suite, "../")}</p>
<h1>{escape(result.description_vi)}</h1>
<p><small>{escape(result.description_en)}</small></p>
<p>{escape(result.check_id)}: {_count(failed.total)} dòng không đạt <small>rows fail</small></p>
{limit}
{_table([HEADINGS.get(name, name) for name in failed.columns], rows)}""",
    )


def _table(headings: Iterable[str], rows: Iterable[str], numbers: int = 0) -> str:
    cells = [escape(name) for name in headings]
    first = len(cells) - numbers
    head = "".join(f"<th>{cell}</th>" for cell in cells[:first])
    head += "".join(f"<th class=n>{cell}</th>" for cell in cells[first:])
    return f"<table><tr>{head}</tr>\n" + "\n".join(rows) + "\n</table>"


def _numbers(*counts: int) -> str:
    *others, failed = counts
    cells = "".join(f"<td class=n>{count}</td>" for count in others)
    return cells + f'<td class="n{" bad" if failed else ""}">{failed}</td>'


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"><title>{escape(title)}</title>'
        f"<style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )
