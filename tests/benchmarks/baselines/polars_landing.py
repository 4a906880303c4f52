"""The first half of with_polars.py: raw extracts as typed rows, checked, one Parquet file for each."""

import secrets
from datetime import date
from pathlib import Path

import duckdb
import form04
import polars as pl
from forms import (
    CHOICES,
    COLUMNS,
    COUNTS,
    MOMENT,
    MOMENTS,
    REQUIRED,
    TEXTS,
    UNITS,
    header_of,
    submission_of,
)

OPEN = date(9999, 12, 31)


def units_of(project: Path) -> pl.DataFrame:
    """Units and agencies with the days they are valid."""
    places = pl.read_csv(project / "dbt_project/seeds/reference/org_units.csv", infer_schema=False).select(
        pl.col("org_code").alias("unit_code"),
        pl.col("valid_from").str.to_date(),
        pl.col("valid_to").str.to_date().fill_null(OPEN),
        "org_level",
        "province_code",
    )
    agencies = pl.read_csv(project / "data/raw/plans/agencies.csv", infer_schema=False).select(
        pl.col("agency_code").alias("unit_code"),
        pl.lit(date(2000, 1, 1)).alias("valid_from"),
        pl.lit(OPEN).alias("valid_to"),
        pl.lit("agency").alias("org_level"),
        "province_code",
    )
    return pl.concat([places, agencies.drop_nulls("province_code")])


def typed(name: str) -> pl.Expr:
    """A column from the cells as sent."""
    cell = pl.col(header_of(name))
    if name in TEXTS:
        return cell.str.strip_chars()
    if name in MOMENTS:
        return cell.str.to_datetime(MOMENT, strict=False)
    if name in CHOICES:
        return cell.replace_strict(CHOICES[name][1], default=None, return_dtype=pl.String)
    if name in COUNTS:
        return cell.cast(pl.Int64, strict=False)
    return cell.replace_strict({"Có": True, "Không": False}, default=None, return_dtype=pl.Boolean)


def cell_fault(name: str) -> pl.Expr:
    """Whether a cell is missing, unreadable or out of its range."""
    value, cell = pl.col(name), pl.col(header_of(name))
    fault = value.is_null() & cell.is_not_null()
    if name in REQUIRED:
        fault = value.is_null()
    if name in COUNTS:
        fault |= ~value.is_between(*COUNTS[name][1:])
    return fault.fill_null(False)


def land(project: Path, raw: Path, out: Path) -> None:
    """Every extract under `raw` as typed rows, good and bad ones apart."""
    units = units_of(project)
    seeds = [secrets.randbits(63) for _ in range(4)]
    for folder in ("dossier", "quarantine"):
        (out / folder).mkdir(parents=True, exist_ok=True)
    for path in sorted(raw.glob("dossier/*/*/*.csv")):
        _land_one(path, out, units, seeds)
    connection = duckdb.connect()
    connection.execute(UNITS.format(project=project))
    form04.land(connection, raw, out)


def _land_one(path: Path, out: Path, units: pl.DataFrame, seeds: list[int]) -> None:
    period, org, submission = submission_of(path)
    end = pl.Series([f"{period}-01"]).str.to_date().dt.month_end()[0]
    known = units.filter(pl.lit(end).is_between("valid_from", "valid_to"))["unit_code"].unique()
    provinces = units.sort("valid_from").group_by("unit_code").agg(pl.col("province_code").last())
    strangers = provinces.filter(pl.col("province_code") != org, pl.col("unit_code") != org)["unit_code"]
    sent = pl.read_csv(path, infer_schema=False).with_row_index("row_number", 2)
    frame = sent.with_columns(typed(name).alias(name) for name in COLUMNS)
    completed = pl.col("completed_at")
    latest = (
        pl.when(completed.dt.time() == pl.time(0))
        .then(completed + pl.duration(hours=24))
        .otherwise(completed)
    )
    faults = [
        *(cell_fault(name) for name in COLUMNS),
        *(~pl.col(name).is_in(known.implode()) for name in ("receiving_org_code", "competent_org_code")),
        pl.col("received_at").dt.strftime("%Y-%m") != period,
        pl.col("receiving_org_code").is_in(strangers.implode()),
        latest < pl.col("received_at"),
    ]
    frame = frame.select(
        *COLUMNS,
        "row_number",
        pl.any_horizontal(fault.fill_null(False) for fault in faults).alias("is_faulty"),
    )
    good = frame.filter(~pl.col("is_faulty")).drop("is_faulty")
    rows = pl.struct(COLUMNS)
    repeated = good.filter(pl.col("dossier_id").is_duplicated()).with_columns(rows.hash().alias("content"))
    wrong = repeated.filter(
        (pl.col("content").n_unique().over("dossier_id") > 1)
        | (pl.col("row_number") > pl.col("row_number").min().over("dossier_id"))
    )["row_number"]
    is_taken = ~pl.col("row_number").is_in(wrong.implode())
    hashed = pl.concat_str(_hex(pl.col("dossier_id"), seeds[0]), _hex(pl.col("dossier_id"), seeds[1])).alias(
        "dossier_id"
    )
    good = good.filter(is_taken).with_columns(hashed)
    good.with_columns(
        pl.col("received_at").dt.strftime("%Y-%m").alias("received_month"),
        pl.concat_str(_hex(rows, seeds[2]), _hex(rows, seeds[3])).alias("row_hash"),
        pl.lit(submission).alias("submission_id"),
    ).write_parquet(out / "dossier" / f"{submission}.parquet", compression="zstd")
    frame.filter(pl.col("is_faulty") | ~is_taken).select("row_number").write_parquet(
        out / "quarantine" / f"{submission}.parquet", compression="zstd"
    )


def _hex(value: pl.Expr, seed: int) -> pl.Expr:
    return value.hash(seed).cast(pl.String)
