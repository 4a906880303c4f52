"""The data dictionary of a release as one page that needs nothing else: no script, no font, no network.

For the person who opens a table and asks what a column means; searched with the browser's own find.
"""

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from tiendo.publish.catalogue import CuratedColumn, CuratedTable, ForeignKey
from tiendo.publish.inputs import ReleaseInputs
from tiendo.publish.units import unit_label

# DuckDB type → Vietnamese and English words.
TYPE_WORDS = {
    "BIGINT": ("số nguyên", "integer"),
    "DECIMAL(18,6)": ("số thập phân", "decimal"),
    "DOUBLE": ("số thực", "number"),
    "DATE": ("ngày", "date"),
    "TIMESTAMP": ("thời điểm UTC", "moment, UTC"),
    "BOOLEAN": ("đúng/sai", "true/false"),
    "VARCHAR": ("văn bản", "text"),
}
STYLE = """
body{font:16px/1.5 system-ui,"Segoe UI",Roboto,sans-serif;color:#1b1f24;margin:0 auto;max-width:76rem;
padding:1rem 1.25rem 4rem}
h1{font-size:1.6rem;line-height:1.25}h2{font-size:1.25rem;margin:2.5rem 0 .25rem}
a{color:#0b57a4}code{font:.9em/1.4 ui-monospace,Consolas,monospace}td:first-child code{white-space:nowrap}
.en,small{color:#57606a}.note{background:#fff3cd;padding:.5rem .75rem;border-left:4px solid #b58105}
table{border-collapse:collapse;width:100%;font-size:.9rem;margin:.75rem 0}
th,td{border-bottom:1px solid #d0d7de;padding:.4rem .5rem;text-align:left;vertical-align:top}
thead th{background:#f3f5f7;position:sticky;top:0}td.number{text-align:right}
tr:target,section:target>h2{background:#e7f1fb}ul{margin:.25rem 0;padding-left:1.25rem}
.wide td:nth-child(4),.wide td:nth-child(5){max-width:13rem}.wide td:nth-child(6){min-width:20rem}
.wide{overflow-x:auto}@media(min-width:60rem){.wide{overflow:visible}}
@media print{thead th{position:static}a{color:inherit}}
"""
PAGE = """\
<!doctype html>
<html lang="vi">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Từ điển dữ liệu {release_id}</title>
<style>{style}</style>
</head>
<body>
<main>
<h1>Từ điển dữ liệu <span class="en" lang="en">/ Data dictionary</span></h1>
<p>Bản phát hành <code>{release_id}</code>, số liệu đến ngày {as_of_vi}.
<span class="en" lang="en">Release as of {as_of}.</span></p>
{note}<p>Mỗi bảng là một tệp <code>&lt;bảng&gt;.parquet</code>. Tìm cột bằng Ctrl+F.
<span class="en" lang="en">Each table is a Parquet file. Find a column with Ctrl+F.</span></p>
<table>
<thead><tr><th>Bảng <span class="en" lang="en">/ table</span></th><th>Nội dung</th>
<th>Mỗi dòng là một <span class="en" lang="en">/ one row per</span></th><th>Số dòng</th></tr></thead>
<tbody>
{contents}
</tbody>
</table>
{sections}
</main>
</body>
</html>
"""


def build_dictionary_page(
    tables: Sequence[CuratedTable], rows: Mapping[str, int], inputs: ReleaseInputs
) -> str:
    """The HTML page.

    Args:
        tables: Published tables.
        rows: Rows per table.
        inputs: What went into the release.
    """
    ordered = sorted(tables, key=lambda table: table.name)
    published = {table.name for table in ordered}
    note = "<p class=note>Dữ liệu giả lập, không phải số liệu thật. / Synthetic data.</p>\n"
    return PAGE.format(
        style=STYLE,
        release_id=escape(inputs.release_id),
        as_of_vi=f"{inputs.as_of:%d/%m/%Y}",
        as_of=inputs.as_of,
        note=note if inputs.is_synthetic else "",
        contents="\n".join(_line(table, rows[table.name]) for table in ordered),
        sections="\n".join(_section(table, published) for table in ordered),
    )


def row_words(table: CuratedTable) -> str:
    """What one row is, as the Vietnamese labels of the grain: `Mã đơn vị · Mã chỉ tiêu · Kỳ`."""
    labels = {column.name: column.label_vi for column in table.columns}
    return " · ".join(labels[name] for name in table.grain)


def key_words(key: ForeignKey) -> str:
    """`org_code, org_valid_from → dim_org_unit (org_code, valid_from)`."""
    return f"{', '.join(key.columns)} → {key.table} ({', '.join(key.reference_columns)})"


def _line(table: CuratedTable, rows: int) -> str:
    label = f"{escape(table.label_vi or '')} {_english(table.label_en)}"
    count = f"{rows:,}".replace(",", ".")
    return (
        f'<tr><td><a href="#{table.name}"><code>{table.name}</code></a></td><td>{label}</td>'
        f'<td>{escape(row_words(table))}</td><td class="number">{count}</td></tr>'
    )


def _section(table: CuratedTable, published: set[str]) -> str:
    columns = "\n".join(_row(table, column) for column in table.columns)
    keys = [key for key in table.foreign_keys if key.table in published]
    listed = "".join(f'<li><a href="#{key.table}">{escape(key_words(key))}</a></li>' for key in keys)
    looked_up = f'<p>Tra cứu <span class="en" lang="en">/ look-ups</span>:</p><ul>{listed}</ul>'
    return f"""\
<section id="{table.name}">
<h2>{escape(table.label_vi or table.name)} <code>{table.name}</code></h2>
<p>{_english(table.label_en, slash=False)}</p>
<p><span class="en" lang="en">{escape(table.description)}</span></p>
<p>Mỗi dòng là một <b>{escape(row_words(table))}</b>
(<code>{escape(", ".join(table.grain))}</code>).</p>
{looked_up if keys else ""}
<div class="wide"><table>
<thead><tr><th>Cột</th><th>Tên <span class="en" lang="en">/ label</span></th><th>Kiểu</th><th>Đơn vị</th>
<th>Giá trị cho phép</th><th lang="en">Description</th></tr></thead>
<tbody>
{columns}
</tbody>
</table></div>
</section>"""


def _row(table: CuratedTable, column: CuratedColumn) -> str:
    type_vi, type_en = TYPE_WORDS[column.data_type]
    marks = (["khóa / key"] if column.name in table.grain else []) + (
        ["bắt buộc / required"] if column.is_required else []
    )
    allowed = ", ".join(f"<code>{escape(value)}</code>" for value in column.allowed_values)
    cells = (
        f"<code>{column.name}</code>{_small(marks)}",
        f"{escape(column.label_vi)}<br>{_english(column.label_en, slash=False)}",
        f"{type_vi}<br>{_english(type_en, slash=False)}",
        escape(unit_label(column.unit)),
        allowed,
        f'<span lang="en">{escape(column.description)}</span>',
    )
    inner = "".join(f"<td>{cell}</td>" for cell in cells)
    return f'<tr id="{table.name}.{column.name}">{inner}</tr>'


def _small(marks: Iterable[str]) -> str:
    return "".join(f"<br><small>{mark}</small>" for mark in marks)


def _english(text: str | None, slash: bool = True) -> str:
    if not text:
        return ""
    return f'<span class="en" lang="en">{"/ " if slash else ""}{escape(text)}</span>'
