"""Reads the plan registry of a home: seven CSV files become typed, checked frames.

A plan row that cannot be trusted stops the load with its file and line, since a target that is silently
wrong or lost would judge agencies by a promise nobody made.
"""

import csv
import re
from collections.abc import Mapping
from pathlib import Path

import polars as pl

from tiendo.messages import Place, TiendoError
from tiendo.registry.measure_rules import find_forbidden
from tiendo.registry.tables import TABLES, RegistryTable

NUMBER = pl.Decimal(18, 6)
_NUMBER_PATTERN = r"^-?[0-9]{1,12}(?:\.[0-9]{1,6})?$"
_DATE_PATTERN = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"
_UNSCORED_KINDS = ("qualitative", "rank_text")

# What may stand in a name that SQL is made of.
SPLICED_NAME = re.compile(r"[a-z0-9_]+(\|[a-z0-9_]+)*")


def load_registry(plans_dir: Path) -> dict[str, pl.DataFrame]:
    """Reads and checks the registry, as `read_registry` and `checked_registry` say."""
    return checked_registry(read_registry(plans_dir))


def read_registry(plans_dir: Path) -> dict[str, pl.DataFrame]:
    """The tables as they are written: text columns, empty cells null, and `line_number`.

    Args:
        plans_dir: Folder of plans.csv, plan_targets.csv, plan_tasks.csv, indicators.csv,
            indicator_measures.csv, agencies.csv and task_agencies.csv (UTF-8, comma, header).

    Raises:
        TiendoError: TD-301 file or column missing, TD-302 column twice, TD-304 a row of another length.
    """
    return {table.name: _read_text(plans_dir / f"{table.name}.csv", table) for table in TABLES}


def checked_registry(texts: Mapping[str, pl.DataFrame]) -> dict[str, pl.DataFrame]:
    """Checks the tables and gives them their types.

    Args:
        texts: Tables in the shape of `read_registry`.

    Returns:
        One frame per file, by name without `.csv`, rows in file order. Dates are Date, yes/no columns are
        Boolean, target bounds Decimal(18, 6), all else String as written; empty cells are null. `line_number`
        (Int64) is the row's line in the file, the header being 1. `plan_targets` also has `comparator`:
        `target_kind`, with the kinds that are never scored as 'text'.

    Raises:
        TiendoError: TD-302 duplicate key, TD-303 dangling reference, TD-304 value not allowed or unreadable,
            TD-305 measure rule not allowed.
    """
    for table in TABLES:
        _check_values(table, texts[table.name])
        _check_key(table, texts[table.name])
        _check_rules(table, texts[table.name])
    for table in TABLES:
        _check_references(table, texts)
    registry = {table.name: _typed(table, texts[table.name]) for table in TABLES}
    _check_bounds(registry["plan_targets"])
    _check_defaults(registry["indicator_measures"])
    kind = pl.col("target_kind")
    comparator = pl.when(kind.is_in(_UNSCORED_KINDS)).then(pl.lit("text")).otherwise(kind)
    registry["plan_targets"] = registry["plan_targets"].with_columns(comparator.alias("comparator"))
    return registry


def _read_text(path: Path, table: RegistryTable) -> pl.DataFrame:
    """The file as text columns, empty cells null, with `line_number`."""
    lines, records = _read_records(path)
    header = [name.strip() for name in records[0]] if records else []
    for column in table.columns:
        if column not in header:
            raise _missing(path.name, column)
    for column in header:
        if header.count(column) > 1:
            raise _duplicate(Place(file=path.name, row=1, column=column), column)
    for line, record in zip(lines, records, strict=True):
        if len(record) != len(header):
            expected = (f"{len(header)} ô như dòng tiêu đề", f"{len(header)} cells as in the header")
            raise not_allowed(Place(file=path.name, row=line), f"{len(record)}", expected)
    rows = [[cell if cell.strip() else None for cell in record] for record in records[1:]]
    frame = pl.DataFrame(rows, schema=dict.fromkeys(header, pl.String), orient="row")
    return frame.with_columns(pl.Series("line_number", lines[1:], dtype=pl.Int64))


def _read_records(path: Path) -> tuple[list[int], list[list[str]]]:
    """First line and cells of every record that is not a blank line, the header first."""
    lines: list[int] = []
    records: list[list[str]] = []
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reader = csv.reader(file, strict=True)
            for record in reader:
                if record:
                    lines.append(line)
                    records.append(record)
                line = reader.line_num + 1
    except (OSError, UnicodeDecodeError, csv.Error) as cause:
        raise _unreadable(path.name) from cause
    return lines, records


def _check_values(table: RegistryTable, text: pl.DataFrame) -> None:
    """No empty cell where one is needed, closed lists kept, flags, dates and numbers readable."""
    for column in (*table.key, *table.required):
        _refuse(table, text, column, pl.col(column).is_null(), ("ô có nội dung", "a filled cell"))
    flags = dict.fromkeys(table.flags, frozenset({"yes", "no"}))
    for column, allowed in {**table.closed, **flags}.items():
        listed = ", ".join(value or "''" for value in sorted(allowed))
        _refuse(table, text, column, ~pl.col(column).fill_null("").is_in(sorted(allowed)), (listed, listed))
    for column in table.dates:
        # The pattern comes first: strptime also takes '2026-1-5'.
        written = pl.col(column).str.extract(_DATE_PATTERN, 0)
        lost = pl.col(column).is_not_null() & written.str.to_date("%Y-%m-%d", strict=False).is_null()
        _refuse(
            table, text, column, lost, ("ngày có thật, dạng 2026-12-31", "a real date such as 2026-12-31")
        )
    for column in table.numbers:
        wrong = ~pl.col(column).str.contains(_NUMBER_PATTERN)
        _refuse(table, text, column, wrong, ("số dạng 14.5", "a number such as 14.5"))


def _refuse(
    table: RegistryTable, text: pl.DataFrame, column: str, wrong: pl.Expr, expected: tuple[str, str]
) -> None:
    """TD-304 for the first row where `wrong` holds; `expected` in Vietnamese and English."""
    bad = text.filter(wrong)
    if bad.height:
        line, value = bad.select("line_number", column).row(0)
        raise not_allowed(Place(file=f"{table.name}.csv", row=line, column=column), value or "", expected)


def _check_key(table: RegistryTable, text: pl.DataFrame) -> None:
    repeated = text.filter(~pl.struct(table.key).is_first_distinct())
    if repeated.height:
        line, *values = repeated.select("line_number", *table.key).row(0)
        place = Place(file=f"{table.name}.csv", row=line, column=" + ".join(table.key))
        raise _duplicate(place, " | ".join(values))


def _check_rules(table: RegistryTable, text: pl.DataFrame) -> None:
    for column in table.rules:
        for line, rule in text.select("line_number", column).drop_nulls().iter_rows():
            forbidden = find_forbidden(rule)
            if forbidden is not None:
                raise _rule_not_allowed(Place(file=f"{table.name}.csv", row=line, column=column), forbidden)
    # Names are written into the same statements as the rules.
    for column in table.spliced:
        for line, name in text.select("line_number", column).drop_nulls().iter_rows():
            if not SPLICED_NAME.fullmatch(name):
                raise _rule_not_allowed(Place(file=f"{table.name}.csv", row=line, column=column), name[:20])


def _check_references(table: RegistryTable, texts: Mapping[str, pl.DataFrame]) -> None:
    for reference in table.references:
        lost = (
            texts[table.name]
            .drop_nulls(reference.columns)
            .join(
                texts[reference.table],
                left_on=list(reference.columns),
                right_on=list(reference.target),
                how="anti",
                maintain_order="left",
            )
        )
        if lost.height:
            line, *values = lost.select("line_number", *reference.columns).row(0)
            place = Place(file=f"{table.name}.csv", row=line, column=reference.columns[-1])
            raise _dangling(place, " | ".join(values), f"{reference.table}.csv")


def _typed(table: RegistryTable, text: pl.DataFrame) -> pl.DataFrame:
    return text.with_columns(
        *(pl.col(column).str.to_date("%Y-%m-%d") for column in table.dates),
        *((pl.col(column) == "yes").alias(column) for column in table.flags),
        *(pl.col(column).cast(NUMBER) for column in table.numbers),
    )


def _check_bounds(targets: pl.DataFrame) -> None:
    """A scored target has the bound its kind needs, and a range runs upwards."""
    kind, low, high = pl.col("target_kind"), pl.col("target_low"), pl.col("target_high")
    wrong = (
        (kind.is_in(["at_least", "equal", "range", "boolean"]) & low.is_null())
        | (kind.is_in(["at_most", "equal", "range"]) & high.is_null())
        | (low > high)
    )
    bad = targets.filter(wrong.fill_null(value=False))
    if bad.height:
        line, *values = bad.select("line_number", "target_kind", "target_low", "target_high").row(0)
        value = " | ".join("" if value is None else str(value) for value in values)
        expected = ("cận dưới, cận trên theo loại mục tiêu", "the bounds that the kind of target needs")
        raise not_allowed(Place(file="plan_targets.csv", row=line, column="target_low"), value, expected)


def _check_defaults(measures: pl.DataFrame) -> None:
    """Every measured indicator has one default variant: the one its status uses."""
    defaults = measures.filter("is_default")
    repeated = defaults.filter(~pl.col("indicator_code").is_first_distinct())
    if repeated.height:
        line, code = repeated.select("line_number", "indicator_code").row(0)
        raise _duplicate(Place(file="indicator_measures.csv", row=line, column="is_default"), code)
    without = measures.join(defaults, on="indicator_code", how="anti", maintain_order="left")
    if without.height:
        line, code = without.select("line_number", "indicator_code").row(0)
        expected = ("một cách tính mặc định (yes) cho mỗi chỉ tiêu", "one default (yes) for each indicator")
        raise not_allowed(Place(file="indicator_measures.csv", row=line, column="is_default"), code, expected)


def _unreadable(file: str) -> TiendoError:
    return TiendoError(
        "TD-301",
        f"Không tìm thấy hoặc không đọc được bảng {file} của sổ kế hoạch.",
        f"Table {file} of the plan registry is missing or cannot be read.",
        "Đặt tệp CSV (UTF-8, dấu phẩy, có dòng tiêu đề) vào thư mục data/raw/plans.",
        "Put the CSV file (UTF-8, comma, with a header) into data/raw/plans.",
        Place(file=file),
    )


def _missing(file: str, column: str) -> TiendoError:
    return TiendoError(
        "TD-301",
        f"Bảng {file} thiếu cột {column}.",
        f"Table {file} lacks the column {column}.",
        "Thêm cột này vào dòng tiêu đề, đúng tên.",
        "Add the column to the header under this name.",
        Place(file=file, row=1, column=column),
    )


def _duplicate(place: Place, value: str) -> TiendoError:
    return TiendoError(
        "TD-302",
        f"Khóa '{value}' bị lặp lại.",
        f"The key '{value}' appears twice.",
        "Xóa dòng thừa hoặc sửa mã cho khác nhau.",
        "Remove one of the two or give it a code of its own.",
        place,
    )


def _dangling(place: Place, value: str, table: str) -> TiendoError:
    return TiendoError(
        "TD-303",
        f"'{value}' không có trong {table}.",
        f"'{value}' is not in {table}.",
        f"Sửa mã, hoặc thêm dòng tương ứng vào {table}.",
        f"Correct the code, or add its row to {table}.",
        place,
    )


def not_allowed(place: Place, value: str, expected: tuple[str, str]) -> TiendoError:
    """TD-304; `expected` in Vietnamese and English."""
    return TiendoError(
        "TD-304",
        f"Giá trị '{value}' không hợp lệ; cần: {expected[0]}.",
        f"The value '{value}' is not allowed; expected: {expected[1]}.",
        "Sửa ô này rồi chạy lại.",
        "Correct the cell and run again.",
        place,
    )


def _rule_not_allowed(place: Place, forbidden: str) -> TiendoError:
    return TiendoError(
        "TD-305",
        f"Quy tắc tính chứa '{forbidden}', không được phép.",
        f"The measure rule contains '{forbidden}', which is not allowed.",
        "Chỉ dùng tên cột, số, chuỗi trong dấu nháy đơn, phép so sánh, and/or/not, case, cast, coalesce, "
        "least, greatest.",
        "Use only column names, numbers, quoted words, comparisons, and/or/not, case, cast, coalesce, "
        "least, greatest.",
        place,
    )
