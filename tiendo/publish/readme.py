"""The short README.md inside a release, for a person who was handed the folder. Vietnamese first."""

from collections.abc import Mapping, Sequence

from tiendo.publish.catalogue import CuratedTable
from tiendo.publish.inputs import ReleaseInputs

TEMPLATE = """\
# Tiến độ Nghị quyết 57-NQ/TW: bản phát hành {release_id}

{note}Mục tiêu và kết quả tính đến ngày {as_of_vi}, ấn bản `{edition}`.
Thư mục này không thay đổi sau khi công bố.

- `site/index.html`: trang xem số liệu, mở bằng trình duyệt, không cần mạng.
- `<bảng>.parquet`: mỗi bảng một tệp; `tiendo.duckdb`: cùng các bảng đó, mở được bằng DuckDB từ 1.0.
- `site/dictionary.html`, `dictionary.xlsx`: từ điển dữ liệu cho người đọc; `datapackage.json`: nghĩa, kiểu,
  đơn vị, nhãn, khóa và danh mục giá trị của từng cột cho máy (Data Package 2.0).
- `quality/index.html`: từng kiểm tra, và từng dòng không đạt.
- `sdmx/`: bảng `indicator_progress` theo chuẩn SDMX-CSV 2.0 và cấu trúc của nó (SDMX-JSON 2.0).
- `manifest.json`: dữ liệu đầu vào, kết quả kiểm tra, mã SHA-256 của từng tệp; mã của chính nó ở
  `manifest.json.sha256`; `tiendo.duckdb` và `site/changes.html` có mã ở tệp `.sha256` bên cạnh, vì có
  thể khác byte giữa hai lần phát hành cùng số liệu. Kiểm tra: `sha256sum -c manifest.json.sha256`.
- Thời điểm lưu theo giờ UTC. Tiền tính bằng tỷ đồng. Mã là văn bản, giữ số 0 ở đầu.

Target versus actual as of {as_of}, edition `{edition}`. This folder does not change once published.
Pages for the browser in `site/index.html`, which need no network. One Parquet file per table, the same
tables in `tiendo.duckdb` (DuckDB 1.0 or later); `site/dictionary.html` and `dictionary.xlsx` tell people
what each column means, `datapackage.json` programs; `quality/index.html` shows every check and the rows that
fail it; `sdmx/` holds `indicator_progress` as SDMX-CSV with its structure; `manifest.json` says what went
in, with the SHA-256 of each file; `tiendo.duckdb` and `site/changes.html` have theirs in a file `.sha256`
beside them, since their bytes may differ between releases of equal tables. Timestamps are UTC, money is in
billion đồng, codes are text with their leading zeros.

| bảng / table | số dòng / rows | một dòng là / one row per |
| --- | ---: | --- |
{tables}
"""
SYNTHETIC_NOTE = "**Dữ liệu giả lập, không phải số liệu thật.** / **Synthetic data, not real figures.**\n\n"


def build_readme(
    tables: Sequence[CuratedTable],
    rows: Mapping[str, int],
    inputs: ReleaseInputs,
) -> str:
    """The text of a release's README.md.

    Args:
        tables: Published tables.
        rows: Rows per table.
        inputs: What went into the release.
    """
    listed = [
        f"| `{table.name}` | {rows[table.name]} | {', '.join(table.grain)} |"
        for table in sorted(tables, key=lambda table: table.name)
    ]
    return TEMPLATE.format(
        release_id=inputs.release_id,
        note=SYNTHETIC_NOTE if inputs.is_synthetic else "",
        as_of_vi=f"{inputs.as_of:%d/%m/%Y}",
        as_of=inputs.as_of,
        edition=inputs.edition,
        tables="\n".join(listed),
    )
