"""What an office would write with pandas and openpyxl: `python office_pandas.py PROJECT RAW OUT AS_OF`.

Leaves out: pseudonyms, hashes of rows, Parquet, files that later ones replace in part, dossiers in two
extracts, and all measures but the default ones. Writes one workbook.
"""

import sys
from pathlib import Path

import openpyxl
import pandas as pd
from forms import (
    BOOLEANS,
    CHOICES,
    COLUMNS,
    COUNTS,
    MOMENT,
    MOMENTS,
    MONTHLY_COUNTS,
    REQUIRED,
    header_of,
    submission_of,
)

UNIT_MONTH = ["receiving_org_code", "received_month"]


def read_extract(path: Path, units: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """The good rows of an extract, and how many were bad."""
    period, org, submission = submission_of(path)
    sent = pd.read_csv(path, dtype=str, encoding="utf-8-sig")
    rows, faulty = pd.DataFrame(index=sent.index), pd.Series(False, index=sent.index)
    for name in COLUMNS:
        cells = sent[header_of(name)]
        if name in MOMENTS:
            rows[name] = pd.to_datetime(cells, format=MOMENT, errors="coerce")
        elif name in CHOICES:
            rows[name] = cells.map(CHOICES[name][1]).astype("category")
        elif name in COUNTS:
            rows[name] = pd.to_numeric(cells, errors="coerce")
            faulty |= rows[name].notna() & ~rows[name].between(*COUNTS[name][1:])
        elif name in BOOLEANS:
            rows[name] = cells.map({"Có": True, "Không": False}).astype("boolean")
        else:
            rows[name] = cells.str.strip()
        faulty |= rows[name].isna() & (cells.notna() | (name in REQUIRED))
    end = pd.Period(period, "M").end_time
    known = set(units.loc[(units["valid_from"] <= end) & (end.normalize() <= units["valid_to"]), "unit_code"])
    inside = set(units.loc[(units["province_code"] == org) | (units["unit_code"] == org), "unit_code"])
    faulty |= ~rows["receiving_org_code"].isin(known & inside)
    faulty |= rows["competent_org_code"].notna() & ~rows["competent_org_code"].isin(known)
    faulty |= rows["completed_at"] < rows["received_at"]
    rows["received_month"] = rows["received_at"].dt.strftime("%Y-%m")
    faulty |= rows["received_month"] != period
    good = rows[~faulty].drop_duplicates()
    good = good[~good["dossier_id"].duplicated(keep=False)]
    return good.assign(submission_id=submission), len(rows) - len(good)


def units_of(project: Path) -> pd.DataFrame:
    """Units and agencies with the days they are valid."""
    places = pd.read_csv(project / "dbt_project/seeds/reference/org_units.csv", dtype=str)
    agencies = pd.read_csv(project / "data/raw/plans/agencies.csv", dtype=str)
    agencies = agencies.dropna(subset="province_code").assign(valid_from="2000-01-01", org_level="agency")
    units = pd.concat(
        [
            places.rename(columns={"org_code": "unit_code"}),
            agencies.rename(columns={"agency_code": "unit_code"}),
        ]
    )
    units["valid_from"] = pd.to_datetime(units["valid_from"])
    units["valid_to"] = pd.to_datetime(units["valid_to"].fillna("2200-12-31"))
    return units[["unit_code", "valid_from", "valid_to", "org_level", "province_code"]]


def flags_of(rows: pd.DataFrame) -> pd.DataFrame:
    """What the monthly counts count, and what the default measures divide, as yes or no for each row."""
    is_true = {name: rows[name].fillna(False).astype(bool) for name in BOOLEANS}
    state, level = rows["state"], rows["service_level"]
    online, done, has_fee = rows["channel"] == "online", rows["state"] == "done", rows["fee_amount"] > 0
    on_time = rows["completed_at"].dt.normalize() <= rows["due_at"].dt.normalize()
    served, full = level.isin(["full", "partial"]), level == "full"
    monthly = [
        pd.Series(True, index=rows.index), online, online & full, done, state == "refused",
        state == "withdrawn", on_time, is_true["input_digitised"], is_true["result_digitised"],
        is_true["e_result"], has_fee, has_fee & is_true["paid_online"], is_true["data_reused"],
        is_true["synced_national"], rows["rating"].notna(), rows["rating"] >= 4,
    ]  # fmt: skip
    flags = dict(zip(MONTHLY_COUNTS, monthly, strict=True)) | {
        "online_done": online & served & done,
        "end_to_end_done": online & full & is_true["e_result"] & done,
        "served_online": online & served,
        "served": served,
        "digitised_done": is_true["input_digitised"] & is_true["result_digitised"] & done,
        "e_result_done": is_true["e_result"] & done,
        "paid_online_done": has_fee & is_true["paid_online"] & done,
        "fee_done": has_fee & done,
        "rated_online": online & rows["rating"].notna(),
        "satisfied_online": online & (rows["rating"] >= 4),
    }
    return pd.DataFrame(flags).astype("int64")


def on_time_of(rows: pd.DataFrame, unit: pd.Series, as_of: pd.Timestamp) -> pd.DataFrame:
    """Dossiers settled on time and those to be counted, by unit, for each month and each year so far.

    Those still open when a month ended count once they are overdue.
    """
    received, due, done = (rows[name].dt.normalize() for name in ("received_at", "due_at", "completed_at"))
    is_counted, is_on_time = (rows["state"] != "withdrawn") & due.notna(), done <= due
    found = []
    for end in pd.date_range(received.min(), as_of, freq="ME"):
        is_done, is_overdue = done <= end, due < end
        known = is_counted & (received <= end) & (is_done | is_overdue)
        for basis, start in (("month", end.replace(day=1)), ("year so far", end.replace(month=1, day=1))):
            seen = known & ((done >= start) | done.isna())
            sums = pd.DataFrame({"counted": seen, "on_time": seen & is_done & is_on_time}).groupby(unit).sum()
            found.append(sums.reset_index().assign(period=f"{end:%Y-%m}", basis=basis))
    return pd.concat(found)


def write_sheet(book: openpyxl.Workbook, title: str, table: pd.DataFrame) -> None:
    """A table as a sheet."""
    sheet = book.create_sheet(title)
    sheet.append(list(table.columns))
    for row in table.itertuples(index=False):
        sheet.append([None if pd.isna(value) else value for value in row])


def coverage_of(raw: Path) -> pd.DataFrame:
    """The cells of all workbooks of coverage by header, as openpyxl reads them."""
    rows = []
    for path in sorted(raw.glob("coverage/*/*/*.xlsx")):
        header, *cells = (
            openpyxl.load_workbook(path, data_only=True).worksheets[0].iter_rows(values_only=True)
        )
        names = [str(name).lower() for name in header]
        rows += [dict(zip(names, row, strict=True)) for row in cells]
    return pd.DataFrame(rows)


def as_number(cells: pd.Series) -> pd.Series:
    """Numbers, some of them written `1.234,5`."""
    return pd.to_numeric(
        cells.map(lambda cell: cell.replace(".", "").replace(",", ".") if isinstance(cell, str) else cell)
    )


def main() -> None:
    """Reads the command line."""
    project, raw, out = (Path(argument) for argument in sys.argv[1:4])
    out.mkdir(parents=True, exist_ok=True)
    units = units_of(project)
    read = [read_extract(path, units) for path in sorted(raw.glob("dossier/*/*/*.csv"))]
    rows = pd.concat([good for good, _ in read], ignore_index=True)
    latest = rows.groupby(UNIT_MONTH)["submission_id"].transform("max")
    rows = rows[rows["submission_id"] == latest]
    as_of = pd.Timestamp(sys.argv[4])
    completed = rows["completed_at"].where(rows["completed_at"] < as_of + pd.Timedelta(days=1))
    keys = rows[UNIT_MONTH].assign(
        completed_month=completed.dt.strftime("%Y-%m"),
        competent_org_code=rows["competent_org_code"].fillna(rows["receiving_org_code"]),
    )
    flags = flags_of(rows)
    by = [*UNIT_MONTH, "competent_org_code", "completed_month"]
    counted = pd.concat([keys, flags], axis=1).groupby(by, dropna=False, as_index=False).sum()
    provinces = units.drop_duplicates("unit_code", keep="last").set_index("unit_code")["province_code"]
    counted["province_code"] = counted["receiving_org_code"].map(provinces)
    coverage = coverage_of(raw)
    coverage["kỳ báo cáo"] = coverage["kỳ báo cáo"].str.replace(r"(\d+)/(\d+)", r"\2-\1", regex=True)
    covered, people = (as_number(coverage[name]) for name in ("dân số được phủ sóng 5g", "dân số"))
    coverage = coverage.assign(province=coverage["mã đơn vị"].map(provinces), covered=covered, people=people)
    book = openpyxl.Workbook(write_only=True)
    monthly = counted[[*by, *MONTHLY_COUNTS]]
    write_sheet(book, "Hồ sơ theo tháng", monthly.where(monthly["dossiers"] >= 5).dropna(subset="dossiers"))
    for title, place in (("Xã", "receiving_org_code"), ("Tỉnh", "province_code")):
        for month in ("received_month", "completed_month"):
            table = counted.groupby([place, month], as_index=False)[list(flags)].sum()
            write_sheet(book, f"{title} {month}", table)
            table[list(flags)] = table.groupby([place, table[month].str[:4]])[list(flags)].cumsum()
            write_sheet(book, f"{title} {month} lũy kế", table)
    write_sheet(book, "Đúng hạn", on_time_of(rows, keys["competent_org_code"], as_of))
    places = coverage.groupby(["province", "kỳ báo cáo"], as_index=False)[["covered", "people"]].sum()
    write_sheet(book, "Phủ sóng 5G", places.assign(share=100 * places["covered"] / places["people"]))
    write_sheet(book, "Dòng sai", pd.DataFrame({"rows": [sum(bad for _, bad in read)]}))
    book.save(out / "bao-cao.xlsx")


if __name__ == "__main__":
    main()
