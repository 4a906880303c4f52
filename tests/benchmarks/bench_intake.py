"""Takes in the commune workbooks of one month and compares the time with what merely reading them costs.

Run as `python tests/benchmarks/bench_intake.py [--files 102] [--rows 60] [--profile]`. The ratio is the time
openpyxl needs to read the files over the time from the door to the loaded warehouse; above 1 it is met.
"""

import argparse
import cProfile
import gc
import pstats
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from functools import partial
from pathlib import Path

import openpyxl
import xlsxwriter
from python_calamine import CalamineWorkbook

from tiendo.intake.landing import read_ledger, submit_files
from tiendo.intake.references import References
from tiendo.pipeline import load
from tiendo.references import load_references
from tiendo.settings import SHIPPED_PLANS, TIMEZONE, Home
from tiendo.warehouse.database import known_submissions

HEADERS = (
    "Mã đơn vị",
    "Tên đơn vị",
    "Kỳ báo cáo",
    "Đơn vị cung cấp",
    "Dân số",
    "Nguồn dân số",
    "Dân số được phủ sóng 5G",
    "Diện tích (km2)",
    "Diện tích phủ sóng 5G (km2)",
    "Số thôn, buôn",
    "Số thôn lõm sóng",
    "Số thôn lõm sóng đầu năm",
    "Số trạm 5G",
)
SENDERS = ("UBND xã", "Viettel", "VNPT", "MobiFone", "Vietnamobile")
RECEIVED_AT = datetime(2026, 7, 5, 8, 15, tzinfo=TIMEZONE)


def write_workbook(path: Path, org_code: str, rows: int) -> None:
    """A commune's form 04 as filled in by hand: a title, a header, one row for each supplier and month."""
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Biểu 04")
    bold = book.add_format({"bold": True, "border": 1, "text_wrap": True})
    number = book.add_format({"num_format": "#,##0", "border": 1})
    area = book.add_format({"num_format": "0.00", "border": 1})
    sheet.merge_range(0, 0, 0, len(HEADERS) - 1, "BIỂU 04. PHỦ SÓNG 5G VÀ THÔN, BUÔN LÕM SÓNG", bold)
    sheet.write_row(2, 0, HEADERS, bold)
    for row in range(rows):
        month, sender = row // len(SENDERS) % 12 + 1, SENDERS[row % len(SENDERS)]
        year = 2025 + (row // (12 * len(SENDERS)))
        period = f"{(month + 5) % 12 + 1:02d}/{year + (month > 6)}"
        texts = (org_code, f"Xã số {org_code}", period, sender)
        sheet.write_row(3 + row, 0, texts)
        counts = (9_000 + row * 7, None, 7_000 + row * 5, 61.25 + row, 40.5 + row / 2, 14, 2, 3, 5 + row % 4)
        for column, value in enumerate(counts, len(texts)):
            if value is not None:
                sheet.write_number(3 + row, column, value, area if isinstance(value, float) else number)
        sheet.write_string(3 + row, 5, "Công an xã")
    book.close()


def read_with_openpyxl(files: list[Path]) -> None:
    for file in files:
        book = openpyxl.load_workbook(file, data_only=True)
        for sheet in book.worksheets:
            for _ in sheet.iter_rows(values_only=True):
                pass


def read_with_calamine(files: list[Path]) -> None:
    for file in files:
        book = CalamineWorkbook.from_path(str(file))
        for name in book.sheet_names:
            book.get_sheet_by_name(name).to_python()


def take_in(home: Home, files: list[Path], references: References, rows: int) -> None:
    receipts = submit_files(home, files, references, received_at=RECEIVED_AT)
    faulty = [item for item in receipts if getattr(item, "rows_loaded", 0) != rows]
    assert not faulty, faulty[:2]


def load_all(home: Home) -> None:
    load(home, known_submissions(home, read_ledger(home), RECEIVED_AT))


def seconds(work: Callable[[], object]) -> float:
    gc.collect()
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


STEPS = ("tiendo takes in", "tiendo loads", "calamine reads", "openpyxl reads")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=102)
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--turns", type=int, default=5, help="how often each is measured; the median counts")
    parser.add_argument("--profile", action="store_true")
    options = parser.parse_args()
    references = load_references(SHIPPED_PLANS)
    communes = references.org_units.filter(
        (references.org_units["org_level"] == "commune")
        & (references.org_units["province_code"] == "66")
        & references.org_units["valid_to"].is_null()
    )
    codes = sorted(communes["org_code"].unique())
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        files = [root / f"Biểu 04 {code}.xlsx" for code in codes[: options.files]]
        for file, code in zip(files, codes, strict=False):
            write_workbook(file, code, options.rows)
        profile = cProfile.Profile()
        spent: dict[str, list[float]] = {name: [] for name in STEPS}
        for turn in range(options.turns):
            home = Home(root / f"home{turn}")
            if options.profile:
                profile.enable()
            spent["tiendo takes in"].append(seconds(partial(take_in, home, files, references, options.rows)))
            spent["tiendo loads"].append(seconds(partial(load_all, home)))
            profile.disable()
            spent["calamine reads"].append(seconds(partial(read_with_calamine, files)))
            spent["openpyxl reads"].append(seconds(partial(read_with_openpyxl, files)))
    times = {name: statistics.median(found) for name, found in spent.items()}
    for name, found in times.items():
        sys.stdout.write(f"{name:16} {found:6.3f} s\n")
    ours = times["tiendo takes in"] + times["tiendo loads"]
    ratio = times["openpyxl reads"] / ours
    sys.stdout.write(f"{'ratio':16} {ratio:6.2f}   ({len(files)} files of {options.rows} rows)\n")
    if options.profile:
        pstats.Stats(profile, stream=sys.stdout).sort_stats("cumulative").print_stats(60)
        pstats.Stats(profile, stream=sys.stdout).sort_stats("tottime").print_stats(30)


if __name__ == "__main__":
    main()
