"""Write the real published figures as F01 submissions, from docs/published-figures.csv alone.

That list holds the judgement on every collected figure; keeping it apart from the files lets a reader
dispute one row and rebuild. Same list, same bytes: names carry the contents' SHA-256.
"""

import csv
import hashlib
import io
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]
LIST = PROJECT / "docs" / "published-figures.csv"
RAW = PROJECT / "data" / "raw"
FORM = "indicator_report"
# One fixed moment of receipt: the figures were entered together, whatever day they speak of.
RECEIVED_AT = "2026-11-22T000000+0700"
NAME = "so-lieu-cong-bo.csv"

HEADERS = (
    "Mã chỉ tiêu",
    "Tên chỉ tiêu",
    "Mã đơn vị",
    "Đơn vị báo cáo",
    "Kỳ báo cáo",
    "Cách tính",
    "Số liệu đến ngày",
    "Tử số",
    "Mẫu số",
    "Giá trị",
    "Đơn vị tính",
    "Tính chất số liệu",
    "Minh chứng",
    "Ghi chú",
)
BASIS = {
    "": "",
    "in_period": "Trong kỳ",
    "year_to_date": "Lũy kế từ đầu năm",
    "full_year_estimate": "Ước cả năm",
}
MATURITY = {"provisional": "Ước tính", "final": "Chính thức"}
QUARTERS = {"Q1": "I", "Q2": "II", "Q3": "III", "Q4": "IV"}
HALVES = {"H1": "đầu năm", "H2": "cuối năm"}


def spell_number(number: str) -> str:
    """Spell a plain number (`97.4`) the Vietnamese way (`97,4`); empty stays empty.

    Three decimals get a fourth, since `42,041` also reads as forty-two thousand and forty-one.
    """
    whole, point, decimals = number.partition(".")
    if not point:
        return whole
    return f"{whole},{decimals}0" if len(decimals) == 3 else f"{whole},{decimals}"


def spell_period(period: str) -> str:
    """Spell a canonical period (`2025-11`, `2025-Q3`, `2025-H1`, `2024`) as reports write it."""
    year, dash, part = period.partition("-")
    if not dash:
        return f"Năm {year}"
    if part in QUARTERS:
        return f"Quý {QUARTERS[part]}/{year}"
    if part in HALVES:
        return f"6 tháng {HALVES[part]} {year}"
    return f"{part}/{year}"


def spell_date(day: str) -> str:
    """Spell an ISO date as dd/mm/yyyy; empty stays empty."""
    return "/".join(reversed(day.split("-"))) if day else ""


def report_line(figure: Mapping[str, str]) -> tuple[str, ...]:
    """One kept figure as a line of form F01, in the order of `HEADERS`."""
    return (
        figure["indicator_code"],
        figure["indicator_name"],
        figure["org_code"],
        figure["org_name"],
        spell_period(figure["period"]),
        BASIS[figure["basis"]],
        spell_date(figure["data_cutoff"]),
        spell_number(figure["numerator"]),
        spell_number(figure["denominator"]),
        spell_number(figure["value"]),
        figure["report_unit"],
        MATURITY[figure["maturity"]],
        "",
        f"Nguồn: {figure['source_url']} | {figure['note']}",
    )


def read_list(path: Path = LIST) -> list[dict[str, str]]:
    """Every judged figure, one mapping of column to text per row of the list."""
    with path.open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def build_files(figures: Iterable[Mapping[str, str]]) -> dict[Path, bytes]:
    """The F01 files of the kept figures: path under `data/raw` to contents, one per unit and period."""
    groups: dict[tuple[str, str], list[Mapping[str, str]]] = {}
    for figure in figures:
        if figure["decision"] == "kept":
            groups.setdefault((figure["period"], figure["org_code"]), []).append(figure)
    files: dict[Path, bytes] = {}
    for (period, org_code), members in sorted(groups.items()):
        text = io.StringIO()
        writer = csv.writer(text, lineterminator="\n")
        writer.writerow(HEADERS)
        ordered = sorted(members, key=lambda figure: (figure["indicator_code"], figure["basis"]))
        writer.writerows(report_line(figure) for figure in ordered)
        contents = text.getvalue().encode("utf-8")
        digest = hashlib.sha256(contents).hexdigest()[:12]
        files[Path(FORM) / period / org_code / f"{RECEIVED_AT}__{digest}__{NAME}"] = contents
    return files


def write_files(files: Mapping[Path, bytes], raw: Path = RAW) -> None:
    """Write the files under `raw` and remove those of an earlier state of the list.

    Only this script's own files (its moment of receipt and its name) are ever removed.
    """
    for stale in sorted((raw / FORM).glob(f"*/*/{RECEIVED_AT}__*__{NAME}")):
        if stale.relative_to(raw) not in files:
            stale.unlink()
    for path, contents in files.items():
        target = raw / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(contents)


def main() -> None:
    """Load the list, build the files, save them."""
    figures = read_list()
    files = build_files(figures)
    write_files(files)
    kept = sum(figure["decision"] == "kept" for figure in figures)
    sys.stdout.write(f"{kept} of {len(figures)} published figures kept, in {len(files)} F01 files.\n")


if __name__ == "__main__":
    main()
