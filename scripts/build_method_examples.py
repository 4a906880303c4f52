"""Write the worked examples of docs/method.md from a real run over a few made-up submissions.

Each formula is worked out here a second time, in plain arithmetic, and compared with the curated table before
it is written down; a test runs the same comparison, so the page cannot say something else than the program.
"""

import re
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

PROJECT = Path(__file__).resolve().parents[1]
PAGE = PROJECT / "docs" / "method.md"
TASKS_PAGE = PROJECT / "docs" / "tasks.md"
TIENDO = Path(sys.executable).with_name("tiendo")
MOMENT = ("--as-of", "2026-06-30", "--known-at", "2026-07-31T00:00+07:00")
EXAMPLE = re.compile(r"(<!-- example: (\w+) -->\n).*?(<!-- /example -->)", re.DOTALL)
SEED_TABLE = re.compile(r"(<!-- seed: (\w+) -->\n).*?(<!-- /seed -->)", re.DOTALL)
SEEDS = PROJECT / "dbt_project" / "seeds" / "rules"
SEED_COLUMNS = {
    "statuses": ("status", "colour", "label_vi", "meaning_en"),
    "thresholds_seed": ("threshold_code", "value", "unit", "valid_from", "source_en"),
    "task_states": ("state", "colour", "label_vi", "label_en", "meaning_en"),
    "agency_groups": ("group_code", "member_kind", "member", "valid_from"),
}
Row = dict[str, Any]
# Formulas are shown with numbers of six decimals.
TOLERANCE = 1e-5

REPORT = "Mã chỉ tiêu,Mã đơn vị,Kỳ báo cáo,Cách tính,Tử số,Mẫu số,Giá trị,Tính chất số liệu\n"
COVERAGE = "Mã đơn vị,Đơn vị,Kỳ báo cáo,Đơn vị cung cấp,Dân số,Dân số được phủ sóng 5G\n"
ECONOMY = (
    "Mã tỉnh,Kỳ báo cáo,Cách tính,GRDP,GTTT kinh tế số lõi,GTTT số hóa ngành khác,Cơ quan công bố,"
    "Tính chất số liệu\n"
)
ONLINE = "gov_dossier_online_received_share,68,{:02d}/2026,Trong kỳ,{},{},,Chính thức\n"
TASKS = "science_provincial_tasks_count,66,Quý {}/2026,Trong kỳ,,,{},Chính thức\n"
RANK = "gov_citizen_service_index_rank,66,{}/2026,,,,{},Chính thức\n"
ACCOUNTS = "society_vneid_share,26041,{}/2026,,,,{},Chính thức\n"
# What the agencies of the examples sent: file name, text, moment of receipt. All of it is made up.
SUBMISSIONS = (
    ("bieu-04-12-2025.csv", COVERAGE + "66,Tỉnh Đắk Lắk,12/2025,Sở KH&CN,1000000,300000\n", "2026-01-05"),
    ("bieu-04-06-2026.csv", COVERAGE + "66,Tỉnh Đắk Lắk,06/2026,Sở KH&CN,1000000,550000\n", "2026-07-05"),
    (
        "bieu-04-68-06-2026.csv",
        COVERAGE
        + "24787,Phường Xuân Trường - Đà Lạt,06/2026,Sở KH&CN,40000,30000\n"
        + "24778,Phường Lâm Viên - Đà Lạt,06/2026,Sở KH&CN,60000,30000\n",
        "2026-07-05",
    ),
    ("bieu-01-66.csv", REPORT + TASKS.format("I", 3) + TASKS.format("II", 4), "2026-07-06"),
    (
        "bieu-01-68.csv",
        REPORT
        + "".join(
            ONLINE.format(month, online, received)
            for month, online, received in (
                (1, 700, 1000), (2, 650, 900), (3, 900, 1200), (4, 910, 1150), (5, 930, 1180), (6, 960, 1170),
            )
        ),
        "2026-07-06",
    ),
    (
        "bieu-01-26041.csv",
        REPORT + "".join(ACCOUNTS.format(*pair) for pair in (("03", 60), ("04", 64), ("05", 66), ("06", 71))),
        "2026-07-06",
    ),
    ("bieu-01-hang.csv", REPORT + RANK.format("05", 12), "2026-07-06"),
    (
        "bieu-05-2025.csv",
        ECONOMY + "66,Năm 2025,Trong kỳ,170000,9800,4400,Thống kê tỉnh,Chính thức\n",
        "2026-03-20",
    ),
)  # fmt: skip


@dataclass(frozen=True)
class Step:
    """A column and its formula with the numbers of the example; what is printed is what is evaluated."""

    column: str
    formula: str

    @property
    def value(self) -> float:
        """What the formula gives."""
        return float(pl.select(pl.sql_expr(self.formula)).item())


@dataclass(frozen=True)
class Example:
    """Which row of indicator_progress is explained, and how its numbers come about."""

    org_code: str
    indicator_code: str
    plan_id: str
    row_ref: str
    period: str
    steps: Callable[[Row], Iterable[Step]]


def _days(first: date, last: date) -> int:
    return (last - first).days


def _year_share(row: Row) -> str:
    """Days of the year gone by on the day of judgement, over the days of the year."""
    new_year = date(row["judged_on"].year - 1, 12, 31)
    return f"{_days(new_year, row['judged_on'])}/{_days(new_year, date(row['judged_on'].year, 12, 31))}"


def _level(row: Row) -> Iterable[Step]:
    start, target, actual = f"{row['baseline']:g}", f"{row['target']:g}", f"{row['actual']:g}"
    gone, way = _days(row["baseline_on"], row["judged_on"]), _days(row["baseline_on"], row["milestone_on"])
    if row["numerator"] is not None:
        yield Step("actual", f"100 * {row['numerator']:.0f} / {row['denominator']:.0f}")
    yield Step("expected_now", f"{start} + ({target} - {start}) * {gone}/{way}")
    yield Step("gap", f"{actual} - {row['expected_now']:.6f}")
    yield Step("schedule_ratio", f"({actual} - {start}) / ({row['expected_now']:.6f} - {start})")
    yield Step("attainment_pct", f"100 * {actual} / {target}")


def _forecast(_: Row) -> Iterable[Step]:
    middle = "(90 + 120 + 151 + 181) / 4"
    products = "(90 - 135.5) * 60 + (120 - 135.5) * 64 + (151 - 135.5) * 66 + (181 - 135.5) * 71"
    squares = "(90 - 135.5) * (90 - 135.5) + (120 - 135.5) * (120 - 135.5) + (151 - 135.5) * (151 - 135.5)"
    squares += " + (181 - 135.5) * (181 - 135.5)"
    slope = f"({products}) / ({squares})"
    yield Step("forecast", f"(60 + 64 + 66 + 71) / 4 + {slope} * (365 - {middle})")


def _cumulative(row: Row) -> Iterable[Step]:
    yield Step("actual", "3 + 4")
    yield Step("target", "15 + (30 - 15) * (2026 - 2025) / (2030 - 2025)")
    yield Step("expected_now", f"18 * {_year_share(row)}")
    yield Step("gap", f"7 - {row['expected_now']:.6f}")
    yield Step("schedule_ratio", f"7 / {row['expected_now']:.6f}")


def _flow(row: Row) -> Iterable[Step]:
    yield Step("numerator", "700 + 650 + 900 + 910 + 930 + 960")
    yield Step("denominator", "1000 + 900 + 1200 + 1150 + 1180 + 1170")
    yield Step("actual", "100 * 5050 / 6600")
    yield Step("actual_in_period", "100 * 960 / 1170")
    share = _year_share(row)
    yield Step("required_rest", f"(80 - {row['actual']:.6f} * {share}) / (1 - {share})")
    yield Step("schedule_ratio", f"{row['actual']:.6f} / 80")


def _economy(row: Row) -> Iterable[Step]:
    yield Step("actual", "100 * (9800 + 4400) / 170000")
    yield Step("attainment_pct", f"100 * {row['actual']:.6f} / {row['target']:g}")


def _withheld(_: Row) -> Iterable[Step]:
    yield Step("actual", "100 * (30000 + 30000) / (40000 + 60000)")
    yield Step("coverage_share", "2 / 124")


def _rank(_: Row) -> Iterable[Step]:
    yield Step("actual", "12")


EXAMPLES = {
    "level": Example(
        "66", "infra_5g_coverage", "dak-lak-2026-kh-bcd", "I.1.2.3.1-1", "2026-Q2", _level,
    ),
    "first_figure": Example(
        "26041", "society_vneid_share", "tran-bien-2026-kh01", "I.1.3.(20)", "2026-06", _level,
    ),
    "forecast": Example(
        "26041", "society_vneid_share", "tran-bien-2026-kh01", "I.1.3.(20)", "2026-06", _forecast,
    ),
    "cumulative": Example(
        "66", "science_provincial_tasks_count", "dak-lak-2025-kh-ubnd", "PL1.III.23", "2026-Q2", _cumulative,
    ),
    "flow": Example(
        "68", "gov_dossier_online_received_share", "lam-dong-2026-kh3450", "PL1.V.6", "2026-06", _flow,
    ),
    "by_date": Example(
        "66", "gov_citizen_service_index_rank", "dak-lak-2026-kh-bcd", "PL.VIII.83", "2026-05", _rank,
    ),
    "digital_economy": Example(
        "66", "economy_digital_economy_grdp_share", "dak-lak-2025-kh-ubnd", "PL1.V.72", "2025", _economy,
    ),
    "withheld": Example(
        "68", "infra_5g_coverage", "lam-dong-2026-kh3450", "PL1.I.1", "2026-Q2", _withheld,
    ),
}  # fmt: skip


def publish_examples(home: Path) -> pl.DataFrame:
    """Sends the submissions to an empty home, publishes them and returns indicator_progress."""
    home.mkdir(parents=True, exist_ok=True)
    for name, text, day in SUBMISSIONS:
        file = home / name
        file.write_text(text, encoding="utf-8")
        _run("submit", str(file), "--received-at", f"{day}T09:00+07:00", "--home", str(home))
    _run("refresh", *MOMENT, "--home", str(home))
    return pl.read_parquet(home / "data" / "curated" / "current" / "indicator_progress.parquet")


def _run(*arguments: str) -> None:
    done = subprocess.run([TIENDO, *arguments], capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise RuntimeError(f"{arguments}: {done.stdout}{done.stderr}")


def filled(page: str, progress: pl.DataFrame) -> str:
    """The page with every example written anew.

    Raises:
        ValueError: Where a number worked out here is not that of the table, or an example is unknown.
    """
    page = with_seeds(page)
    return EXAMPLE.sub(lambda found: found[1] + _text(EXAMPLES[found[2]], progress) + found[3], page)


def with_seeds(page: str) -> str:
    """The page with every table of a seed written anew."""
    return SEED_TABLE.sub(lambda found: found[1] + _seed_table(found[2]) + found[3], page)


def _seed_table(name: str) -> str:
    seed = pl.read_csv(SEEDS / f"{name}.csv", infer_schema=False).select(SEED_COLUMNS[name]).fill_null("")
    lines = [seed.columns, ["---"] * seed.width, *seed.iter_rows()]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _text(example: Example, progress: pl.DataFrame) -> str:
    names = ("org_code", "indicator_code", "plan_id", "row_ref", "period")
    row = progress.filter(pl.col(name) == getattr(example, name) for name in names).row(0, named=True)
    place = f"{row['org_name_vi']}, {row['indicator_name_en']}, {row['period']}"
    plan = f"the plan says “{row['target_text']}” (`{row['plan_id']}`, row {row['row_ref']})"
    lines = [
        f"{place}; {plan}.",
        "",
        "| column | with the numbers of the example | result |",
        "| --- | --- | ---: |",
    ]
    for step in example.steps(row):
        found = float(row[step.column])
        if abs(found - step.value) > TOLERANCE:
            raise ValueError(f"{example.indicator_code}: {step.column} is {found}, not {step.formula}")
        lines.append(f"| `{step.column}` | `{step.formula}` | {found:.6f} |".replace(".000000 |", " |"))
    lines.append(f"| `status` | | **{row['status']}** |")
    return "\n".join([*lines, "", f"> {row['status_reason']}", ">", f"> *{row['status_reason_en']}*", ""])


def main() -> None:
    """Writes the examples and the tables of seeds into the pages."""
    with TemporaryDirectory() as folder:
        progress = publish_examples(Path(folder) / "home")
    TASKS_PAGE.write_text(with_seeds(TASKS_PAGE.read_text(encoding="utf-8")), encoding="utf-8")
    PAGE.write_text(filled(PAGE.read_text(encoding="utf-8"), progress), encoding="utf-8")


if __name__ == "__main__":
    main()
