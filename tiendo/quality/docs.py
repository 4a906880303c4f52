"""Great Expectations' data docs as plain HTML, readable without a network and equal between equal runs.

The stock site loads scripts and styles from a dozen public servers, carries 4 MB of pictures and stamps every
page with the time: unfit for closed networks and for releases whose files are compared byte by byte. The
sections that Great Expectations renders are kept, in pages of our own.
"""

import html
import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tiendo.quality.results import CheckResult, summarise

if TYPE_CHECKING:
    from tiendo.quality.checks import SuiteRun

DIMENSION_LABELS = {
    "accurate": "Đúng",
    "complete": "Đủ",
    "valid": "Sạch",
    "timely": "Sống",
    "consistent": "Thống nhất",
    "shareable": "Dùng chung",
}
SEVERITY_LABELS = {"fatal": "Nghiêm trọng", "warning": "Cảnh báo"}
ICONS = {"fa-check-circle": "✔", "fa-times": "✘", "fa-exclamation-triangle": "⚠"}
STYLE = """
body { font-family: sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; color: #222; }
table { border-collapse: collapse; width: 100%; margin: .5rem 0 1.5rem; }
th, td { border: 1px solid #ccc; padding: .3rem .5rem; text-align: left; vertical-align: top; }
.alert { background: #eee; padding: .4rem .6rem; } h5 { margin: 0; font-size: 1rem; }
.badge { background: #e4e8ee; padding: 0 .3rem; border-radius: .2rem; } .failed { background: #fbe3e1; }
.text-danger { color: #a3211a; } .text-success { color: #1c6b34; } .text-warning { color: #8a5a00; }
small { color: #555; }
"""


def write_docs(runs: "Sequence[SuiteRun]", folder: Path) -> None:
    """Writes `index.html` and one page per suite, `<layer>/<table>.html`, into `folder`."""
    from great_expectations.render.view.view import DefaultJinjaSectionView

    view: Any = DefaultJinjaSectionView()
    for run in runs:
        page = folder / run.suite.layer / f"{run.suite.table}.html"
        page.parent.mkdir(parents=True, exist_ok=True)
        page.write_text(_suite_page(run, view), encoding="utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "index.html").write_text(_index_page(runs), encoding="utf-8")


def _suite_page(run: "SuiteRun", view: Any) -> str:
    body = [
        '<p><a href="../index.html">Tất cả các kiểm tra · All checks</a></p>',
        f"<h1>{html.escape(run.suite.name)}</h1>",
        _results_table(run.results),
    ]
    if run.validations:
        body += ["<h2>Great Expectations</h2>", *_sections_or_reason(run, view)]
    return _page(run.suite.name, "\n".join(body))


def _index_page(runs: "Sequence[SuiteRun]") -> str:
    results = [result for run in runs for result in run.results]
    rows = "\n".join(
        f"<tr><td>{DIMENSION_LABELS[row['dimension']]} <small>{row['dimension']}</small></td>"
        f"<td>{SEVERITY_LABELS[row['severity']]} <small>{row['severity']}</small></td>"
        f"<td>{row['checks']}</td><td>{row['passed']}</td><td>{row['failed']}</td></tr>"
        for row in summarise(results).iter_rows(named=True)
    )
    failed = [result for result in results if not result.is_passed]
    links = "\n".join(
        f'<tr{_mark(run.results)}><td><a href="{run.suite.layer}/{run.suite.table}.html">'
        f"{run.suite.name}</a></td>"
        f"<td>{len(run.results)}</td><td>{sum(not result.is_passed for result in run.results)}</td></tr>"
        for run in runs
    )
    return _page(
        "Kiểm tra chất lượng dữ liệu · Data quality checks",
        f"""<h1>Kiểm tra chất lượng dữ liệu <small>Data quality checks</small></h1>
<table><tr><th>Tiêu chí <small>dimension</small></th><th>Mức độ <small>severity</small></th>
<th>Số kiểm tra <small>checks</small></th><th>Đạt <small>passed</small></th>
<th>Không đạt <small>failed</small></th></tr>
{rows}</table>
<h2>Không đạt <small>Failed</small></h2>
{_results_table(failed) if failed else "<p>Không có. <small>None.</small></p>"}
<h2>Theo bảng <small>By table</small></h2>
<table><tr><th>Bảng <small>table</small></th><th>Số kiểm tra <small>checks</small></th>
<th>Không đạt <small>failed</small></th></tr>
{links}</table>""",
    )


def _results_table(results: Sequence[CheckResult]) -> str:
    rows = "\n".join(
        f"<tr{_mark([result])}><td>{result.check_id}</td><td>{result.layer}.{result.table_name}</td>"
        f"<td>{html.escape(result.description_vi)}<br><small>{html.escape(result.description_en)}</small></td>"
        f"<td>{DIMENSION_LABELS[result.dimension]}</td><td>{SEVERITY_LABELS[result.severity]}</td>"
        f"<td>{'✔' if result.is_passed else '✘'}</td><td>{html.escape(result.observed)}</td></tr>"
        for result in results
    )
    return (
        "<table><tr><th>Mã</th><th>Bảng</th><th>Yêu cầu</th><th>Tiêu chí</th><th>Mức độ</th><th>Đạt</th>"
        f"<th>Kết quả</th></tr>\n{rows}</table>"
    )


def _mark(results: Sequence[CheckResult]) -> str:
    return "" if all(result.is_passed for result in results) else ' class="failed"'


def _sections_or_reason(run: "SuiteRun", view: Any) -> list[str]:
    """A page that Great Expectations cannot draw may not stop a release: the table above it says it all."""
    try:
        return _rendered_sections(run, view)
    except Exception as error:
        return [f"<p>{html.escape(type(error).__name__)}: {html.escape(str(error))}</p>"]


def _rendered_sections(run: "SuiteRun", view: Any) -> list[str]:
    """The sections of Great Expectations' result page, without its overview, which carries run times."""
    from great_expectations.core.expectation_validation_result import ExpectationSuiteValidationResult
    from great_expectations.render.renderer.page_renderer import ValidationResultsPageRenderer

    whole = ExpectationSuiteValidationResult(
        success=all(validation.success for validation in run.validations),
        results=run.validations,
        suite_name=run.suite.name,
        statistics={
            "evaluated_expectations": len(run.validations),
            "successful_expectations": sum(bool(validation.success) for validation in run.validations),
            "unsuccessful_expectations": sum(not validation.success for validation in run.validations),
            "success_percent": 0.0,
        },
        meta={},
    )
    renderer: Any = ValidationResultsPageRenderer()
    sections: list[dict[str, Any]] = renderer.render(whole).to_json_dict()["sections"]
    return [
        _plain(view.render({"section": section, "section_loop": {"index": number}}))
        for number, section in enumerate(sections[1:], start=1)
    ]


def _plain(fragment: str) -> str:
    """Signs instead of an icon font, and nothing that needs scripts or carries a random id."""
    fragment = re.sub(
        r'<i class="fas ([\w-]+) ([\w-]+)"\s*></i>',
        lambda icon: f'<span class="{icon[2]}">{ICONS.get(icon[1], "•")}</span>',
        fragment,
    )
    fragment = re.sub(r"<script\b.*?</script>", "", fragment, flags=re.DOTALL)
    fragment = re.sub(r'<a data-toggle="collapse".*?</a>', "", fragment, flags=re.DOTALL)
    fragment = re.sub(r"-[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", "", fragment)
    return re.sub(r"\n\s*\n+", "\n", fragment)


def _page(title: str, body: str) -> str:
    return (
        f'<!DOCTYPE html>\n<html lang="vi"><head><meta charset="utf-8"><title>{html.escape(title)}</title>'
        f"<style>{STYLE}</style></head>\n<body>\n{body}\n</body></html>\n"
    )
