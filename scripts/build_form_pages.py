"""Write docs/forms/, one Vietnamese page per form for the clerks who fill it in, from the contracts alone.

A page that could say something else than the check does would send clerks in circles; a test compares them.
"""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tiendo.intake.contracts import Column, Contract, load_contracts

PROJECT = Path(__file__).resolve().parents[1]
FOLDER = PROJECT / "docs" / "forms"

INTRODUCTION = """\
Mỗi trang dưới đây hướng dẫn điền một biểu mẫu: các cột, cách ghi, ví dụ. Các trang này được lập từ đúng mô tả
biểu mẫu (`expectations/contracts/`) mà chương trình dùng để kiểm tra.

*One page per form for those who fill it in, in Vietnamese, generated from the contracts by
`scripts/build_form_pages.py`.*"""
FORMATS = """\
Tệp nhận được: .xlsx, .xlsm, .xls, .ods, .csv, .tsv, .jsonl, .parquet. Dòng tên biểu, đơn vị, chữ ký ở trên và
dưới bảng cứ để nguyên; cột thừa được bỏ qua và ghi trong biên nhận."""
TYPES = {
    "text": "chữ",
    "code": "mã",
    "org_code": "mã đơn vị hành chính",
    "organisation": "mã đơn vị hành chính hoặc mã cơ quan",
    "indicator_code": "mã chỉ tiêu trong danh mục",
    "plan_id": "mã kế hoạch",
    "row_ref": "mã dòng của kế hoạch",
    "sha256": "mã băm SHA-256, 64 ký tự",
    "integer": "số nguyên, ví dụ `1139` hoặc `1.139`",
    "decimal": "số, ví dụ `98,7` hoặc `1.234,5`",
    "boolean": "`Có` hoặc `Không` (nhận cả `x`, `1`, `0`)",
    "date": "ngày, ví dụ `31/12/2025`",
    "deadline": "thời hạn, ví dụ `30/09/2026`, `Quý III/2026`",
    "rhythm": "nhịp lặp: `Thường xuyên`, `Hằng tháng`, `Hằng quý`, `Hằng năm`",
    "timestamp": "ngày giờ, ví dụ `05/03/2026 08:15`",
    "period": "kỳ, ví dụ `03/2026`, `Quý I/2026`, `Năm 2026`",
}
UNITS = {
    "dong": "đồng",
    "thousand_dong": "nghìn đồng",
    "million_dong": "triệu đồng",
    "billion_dong": "tỷ đồng",
    "person": "người",
    "thousand_person": "nghìn người",
    "km2": "km²",
    "ha": "ha",
}
RULES = {
    "part_above_whole": "Phần không được lớn hơn tổng: {pairs}.",
    "basis_missing_on_accumulating_indicator": (
        "Chỉ tiêu cộng dồn trong năm phải ghi cách tính: Trong kỳ, Lũy kế từ đầu năm hoặc Ước cả năm."
    ),
    "no_value_and_no_parts": "Mỗi dòng phải có giá trị, hoặc có cả tử số và mẫu số.",
    "row_outside_extract": "Mọi dòng phải thuộc đơn vị và tháng tiếp nhận của tệp.",
    "completed_before_received": "Ngày kết thúc không được trước ngày tiếp nhận.",
    "valid_to_before_valid_from": "Ngày hết hiệu lực không được trước ngày hiệu lực.",
    "evidence_of_nothing": "Minh chứng phải ghi nhiệm vụ, chỉ tiêu mà nó chứng minh.",
    "line_stands_twice": "Dòng chi cho khoa học và công nghệ, dòng tổng chi: mỗi mục chỉ có một dòng.",
    "old_value_differs": "Giá trị cũ phải đúng với giá trị trong kế hoạch.",
    "verdict_without_level": "Đã ghi kết quả thẩm định thì phải ghi cấp và ngày thẩm định.",
}


_PERIODS = {"month": "2026-03", "quarter": "2026-Q1", "year": "2025"}


def pages() -> dict[str, str]:
    """Every page by file name."""
    contracts = sorted(load_contracts().values(), key=_order)
    return {"README.md": _index(contracts)} | {f"{c.form}.md": page(c) for c in contracts}


def page(contract: Contract) -> str:
    """The page of one form."""
    blocks = [
        f"# {contract.title_vi}",
        f"*{contract.title_en}.* Ký hiệu: `{contract.number}`. Tên trong chương trình: `{contract.form}`.",
        "## Lấy biểu, kiểm tra, nộp",
        _commands(contract),
        FORMATS,
        "## Các cột",
        _columns(contract.columns),
        *_choices(contract.columns),
        *_rules(contract),
        "## Nộp lại",
        _resubmission(contract),
        "## Ví dụ",
        _example(contract.columns),
    ]
    return "\n\n".join(blocks) + "\n"


def _order(contract: Contract) -> tuple[bool, str]:
    return not contract.number.startswith("F"), contract.number


def _index(contracts: Iterable[Contract]) -> str:
    rows = [f"| [{c.number}]({c.form}.md) | {c.title_vi} | {c.title_en} | `{c.form}` |" for c in contracts]
    head = ["| ký hiệu | biểu mẫu | form | tên trong chương trình |", "| --- | --- | --- | --- |"]
    return (
        "\n\n".join(
            [
                "# Biểu mẫu",
                INTRODUCTION,
                "\n".join(head + rows),
                "Cách nộp, sửa số liệu đã nộp, rút tệp đã nộp: [hướng dẫn nộp số liệu](../submitting.md).",
            ]
        )
        + "\n"
    )


def _commands(contract: Contract) -> str:
    # A published table and a correction say themselves what they speak of.
    is_said = contract.submission_column is not None or any(d.kind == "title" for d in contract.derived)
    said = "" if is_said or contract.organisation_column else " --org 66"
    said += "" if is_said or contract.period_column else " --period 2026-03"
    period = _PERIODS.get(contract.period_kinds[0] if contract.period_kinds else "month")
    said = said.replace("2026-03", str(period))
    lines = [
        f"tiendo template {contract.number} --org 66 --period {period} -o {contract.form}.xlsx",
        f"tiendo check {contract.form}.xlsx{said} --annotate {contract.form}-loi.xlsx",
        f"tiendo submit {contract.form}.xlsx{said}",
    ]
    return "```sh no-run: cần tệp đã điền\n" + "\n".join(lines) + "\n```"


def _columns(columns: Iterable[Column]) -> str:
    head = [
        "| cột | bắt buộc | ghi gì | giải thích | tên khác được nhận |",
        "| --- | --- | --- | --- | --- |",
    ]
    rows = [
        f"| **{_cell(c.label_vi)}** (`{c.name}`) | {_need(c)} | {_what(c)} | "
        f"{_cell(c.help_vi or '')} | {_cell('; '.join(c.aliases))} |"
        for c in columns
    ]
    return "\n".join(head + rows)


def _need(column: Column) -> str:
    if column.required:
        return "có"
    return "phải có cột" if column.header_required else ""


def _what(column: Column) -> str:
    if column.choices:
        return "chọn một: " + ", ".join(_cell(spellings[0]) for spellings in column.choices.values())
    words = TYPES[column.type]
    if column.unit:
        words += f"; đơn vị: {UNITS[column.unit]}"
    if column.minimum is not None or column.maximum is not None:
        low = f"từ {column.minimum}" if column.minimum is not None else ""
        high = f"đến {column.maximum}" if column.maximum is not None else ""
        words += "; " + " ".join(part for part in (low, high) if part)
    return words


def _choices(columns: Iterable[Column]) -> Iterator[str]:
    chosen = [c for c in columns if any(len(spellings) > 1 for spellings in c.choices.values())]
    if not chosen:
        return
    lines = [
        f"- **{c.label_vi}**: " + "; ".join(" = ".join(spellings) for spellings in c.choices.values())
        for c in chosen
    ]
    yield "Cách viết khác cũng được nhận:"
    yield "\n".join(lines)


def _rules(contract: Contract) -> Iterator[str]:
    lines = [
        f"- {RULES[rule.when].format(pairs=_pairs(contract, rule.pairs))} (`{rule.code}`)"
        for rule in contract.rules
    ]
    if contract.period_kinds:
        kinds = " hoặc ".join({"quarter": "quý", "year": "năm"}[kind] for kind in contract.period_kinds)
        lines.append(f"- Kỳ báo cáo là {kinds}. (`TD-230`)")
    if contract.key:
        labels = ", ".join(_labels(contract, contract.key))
        lines.append(f"- Không có hai dòng trùng: {labels}. (`TD-210`)")
    if contract.needs_unit_line:
        lines.append("- Phía trên bảng phải có đơn vị tính, ví dụ: *Đơn vị tính: Triệu đồng*. (`TD-114`)")
    if lines:
        yield "## Quy tắc"
        yield "\n".join(lines)
        yield "Dòng vi phạm được cách ly, các dòng khác vẫn được nhận; biên nhận nêu từng ô và cách sửa."


def _pairs(contract: Contract, pairs: Iterable[tuple[str, str]]) -> str:
    return "; ".join(f"{_label(contract, part)} ≤ {_label(contract, whole)}" for part, whole in pairs)


def _labels(contract: Contract, names: Iterable[str]) -> list[str]:
    """Headers of columns; of a derived one that of the column it comes from."""
    sources = {item.name: item.source for item in contract.derived}
    return list(dict.fromkeys(_label(contract, sources.get(name, name)) for name in names))


def _label(contract: Contract, name: str) -> str:
    known = {column.name: column.label_vi for column in contract.columns}
    other = {"org_code": "đơn vị", "period": "kỳ báo cáo", "titles": "số của biểu"}
    return known[name] if name in known else other[name]


def _resubmission(contract: Contract) -> str:
    if contract.complete_extract:
        return (
            "Tệp chứa trọn hồ sơ của một đơn vị trong một tháng tiếp nhận và thay toàn bộ những gì đã biết "
            "về tháng đó. Không có hồ sơ nào thì nộp tệp chỉ có dòng tiêu đề: đó là báo cáo không phát sinh."
        )
    scope = ", ".join(_labels(contract, contract.replaces))
    return (
        f"Tệp nộp sau thay số liệu nộp trước có cùng: {scope}. Dòng giống hệt dòng đang có hiệu lực được "
        "ghi là “không đổi”; tệp cũ đến muộn không đè lên số liệu mới hơn."
    )


def _example(columns: Iterable[Column]) -> str:
    shown = [column for column in columns if column.example is not None]
    return "\n".join(
        [
            "| " + " | ".join(_cell(column.label_vi) for column in shown) + " |",
            "| " + " | ".join("---" for _ in shown) + " |",
            "| " + " | ".join(_cell(str(column.example)) for column in shown) + " |",
        ]
    )


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").split())


def main() -> None:
    """Write the pages; remove those of forms that are no more."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    wanted = pages()
    for path in FOLDER.glob("*.md"):
        if path.name not in wanted:
            path.unlink()
    for name, text in wanted.items():
        (FOLDER / name).write_text(text, encoding="utf-8")
    sys.stdout.write(f"{len(wanted)} pages written to {FOLDER.relative_to(PROJECT)}\n")


if __name__ == "__main__":
    main()
