"""What comes after the files of a workload: an extract sent again, a correction, one more workbook."""

from datetime import date, datetime, timedelta
from pathlib import Path

import polars as pl
from benchmarks.generate import EXPORT_MANNER, extract_rows, header_of, put, with_mistakes
from benchmarks.workloads import Workload

from tiendo.demo.coverage import coverage_figures
from tiendo.demo.files import BYTE_ORDER_MARK, raw_csv, workbook
from tiendo.demo.spelling import PLAIN, spell
from tiendo.demo.window import Month
from tiendo.intake.store import parse_raw_path
from tiendo.settings import TIMEZONE, Home

CHANGED_ROWS = 5
# So many days after the end of a month the last of its files has come.
LAST_FILES = 13
CORRECTION_HEADERS = (
    "Mã lần nộp",
    "Trang tính",
    "Ô",
    "Giá trị cũ",
    "Giá trị mới",
    "Lý do",
    "Số văn bản",
    "Ngày ký",
)


def middle(work: Workload) -> tuple[str, Month]:
    """The province and month that are late: neither the newest nor the oldest."""
    return work.provinces[0], work.world.months[len(work.world.months) // 2]


def send_again(home: Home, work: Workload) -> Path:
    """The middle month's extract anew, with other ratings in a few rows."""
    province, month = middle(work)
    rows = extract_rows(work, province, month)
    rated = rows["rating"].is_not_null().arg_true()[:CHANGED_ROWS]
    rows = rows.with_columns(rows["rating"].scatter(rated, 1))
    content = raw_csv(with_mistakes(spell(rows, "dossier", EXPORT_MANNER), work.world, province, month))
    name = f"bieu-02_{province}_{month.code}_lan-2.csv"
    return put(home, "dossier", month.code, province, _after(work, 1), name, content)


def correct(home: Home, work: Workload) -> Path:
    """One rating of the middle month corrected by an official letter."""
    province, month = middle(work)
    folder = home.raw / "dossier" / month.code / province
    sent = max(folder.iterdir())
    submission = parse_raw_path(sent.relative_to(home.raw).as_posix())
    assert submission is not None
    header = header_of("rating")
    cells = pl.read_csv(sent, infer_schema=False)
    column = chr(ord("A") + cells.columns.index(header))
    row = int(cells[header].is_in(["4", "5"]).arg_true()[-1])
    values = (
        submission.submission_id,
        None,
        f"{column}{row + 2}",
        cells[header][row],
        "2",
        "Ghi nhầm",
        "45/VP",
        "01/07/2028",
    )
    line = pl.DataFrame({name: [value] for name, value in zip(CORRECTION_HEADERS, values, strict=True)})
    content = BYTE_ORDER_MARK + line.write_csv().encode()
    return put(home, "correction", month.code, province, _after(work, 2), "dinh-chinh.csv", content)


def one_workbook(home: Home, work: Workload, number: int = 0) -> Path:
    """A commune of the first province says its coverage of the newest month again."""
    province, month = work.provinces[0], work.last_month
    row = coverage_figures(work.world, province, month)[number : number + 1]
    row = row.with_columns(pl.col("population_5g") - 1 - number)
    code, sent_at = row["org_code"][0], _after(work, 3 + number)
    return put(
        home,
        "coverage",
        month.code,
        code,
        sent_at,
        f"phu-song-5g_{code}.xlsx",
        workbook(row, "coverage", PLAIN),
    )


def nights(work: Workload, number: int) -> list[date]:
    """Days in a row, beginning with that on which the last of the workload's files came."""
    return [work.as_of + timedelta(days=LAST_FILES + each) for each in range(number)]


def _after(work: Workload, minutes: int) -> datetime:
    """After all files of the workload, and before the moment up to which things are known."""
    day = work.as_of + timedelta(days=40)
    return datetime(day.year, day.month, day.day, 8, minutes, tzinfo=TIMEZONE)
