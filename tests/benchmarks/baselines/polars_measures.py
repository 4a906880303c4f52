"""The second half of with_polars.py: the latest extract of each unit and month, and the measures."""

import sys
from datetime import date
from pathlib import Path

import duckdb
import form04
import polars as pl
from forms import MONTHLY_COUNTS, UNITS, looks_at_period_end, measures_of
from polars_landing import units_of


def in_force(out: Path, units: pl.DataFrame, as_of: date) -> pl.DataFrame:
    """The dossiers of the latest extract of each unit and month, with their units."""
    landed = pl.scan_parquet(out / "dossier" / "*.parquet", glob=True)
    scope = ["receiving_org_code", "received_month"]
    sent_at = pl.col("submission_id").str.split("_").list.get(2)
    latest = landed.group_by(scope).agg(pl.col("submission_id").sort_by(sent_at).last())
    rows = (
        landed.drop("row_hash", "row_number", "procedure_code")
        .join(latest, on=[*scope, "submission_id"], how="semi")
        .filter(pl.col("received_at").dt.date() <= as_of)
        .with_columns(pl.coalesce("competent_org_code", "receiving_org_code").alias("settling_org_code"))
    )
    for role in ("receiving", "settling"):
        named = {"org_level": f"{role}_level", "province_code": f"{role}_province_code"}
        rows = (
            rows.join(units.rename(named).lazy(), left_on=f"{role}_org_code", right_on="unit_code")
            .filter(pl.col("received_at").dt.date().is_between("valid_from", "valid_to"))
            .drop("valid_from", "valid_to")
        )
    done_on = pl.col("completed_at").dt.date()
    month = pl.when(done_on <= as_of).then(pl.col("completed_at").dt.strftime("%Y-%m"))
    return rows.with_columns(month.alias("completed_month")).collect()


def part(measure: dict[str, str], side: str) -> pl.Expr:
    """The sum of a measure's numerator or denominator over rows."""
    excluded = [state for state in measure["excluded_states"].split("|") if state]
    # A constant would be summed as one row.
    rule = measure[side + "_rule"].replace("true", "received_at is not null")
    rule = f"({rule})" + "".join(f" and state <> '{state}'" for state in excluded)
    summed = pl.sql_expr(measure[side + "_sum"] or "1")
    return pl.when(pl.sql_expr(rule)).then(summed).otherwise(0).sum().cast(pl.Int64)


def publish(project: Path, out: Path, as_of: date) -> None:
    """The tables of measures from what is landed."""
    rows = in_force(out, units_of(project), as_of)
    if rows["dossier_id"].n_unique() < rows.height:
        sys.exit("dossiers stand in two extracts")
    write_monthly(rows, out)
    rows = rows.drop("dossier_id", "submission_id")
    measures = measures_of(project, "F02")
    parts = [
        *count_months(rows, [each for each in measures if not looks_at_period_end(each)]),
        *count_windows(rows, [each for each in measures if looks_at_period_end(each)], as_of),
    ]
    write_measures(pl.concat(parts), rows, out)
    connection = duckdb.connect()
    connection.execute(UNITS.format(project=project))
    form04.publish(connection, project, out)


def write_monthly(rows: pl.DataFrame, out: Path) -> None:
    """Dossiers by unit, month of receipt and month of completion; small cells are not shown."""
    keys = {
        "province_code": "receiving_province_code",
        "receiving_org_code": "receiving_org_code",
        "competent_org_code": "settling_org_code",
        "received_month": "received_month",
        "completed_month": "completed_month",
    }
    counts = [
        pl.sql_expr(rule).sum().cast(pl.Int64).alias(f"n_{name}") for name, rule in MONTHLY_COUNTS.items()
    ]
    counts[0] = pl.len().cast(pl.Int64).alias("n_dossiers")
    counted = rows.group_by([pl.col(column).alias(f"k_{name}") for name, column in keys.items()]).agg(counts)
    is_shown = pl.col("n_dossiers") >= 5
    shown = [
        pl.when((pl.col(f"n_{name}") >= 5) | (pl.col(f"n_{name}") == 0) & is_shown)
        .then(pl.col(f"n_{name}"))
        .alias(name)
        for name in MONTHLY_COUNTS
    ]
    places = [pl.col(f"k_{name}").alias(name) for name in keys]
    table = counted.select(*shown, *places, (~is_shown).alias("is_suppressed"))
    table.sort(list(keys)[1:]).write_parquet(out / "dossier_monthly.parquet", compression="zstd")


def _placed(measure: dict[str, str]) -> list[pl.Expr]:
    role = "receiving" if measure["org_basis"] == "receiving" else "settling"
    return [
        pl.lit(measure["indicator_code"]).alias("indicator_code"),
        pl.lit(measure["variant"]).alias("variant"),
        pl.col(f"{role}_org_code").alias("unit_code"),
        pl.col(f"{role}_level").alias("org_level"),
        pl.col(f"{role}_province_code").alias("province_code"),
    ]


def count_months(rows: pl.DataFrame, measures: list[dict[str, str]]) -> list[pl.DataFrame]:
    """Measures that look at each dossier alone: once over the rows, then by measure over the few cells."""
    roles = [
        f"{role}_{name}"
        for role in ("receiving", "settling")
        for name in ("org_code", "level", "province_code")
    ]
    sums = [
        part(each, side).alias(f"{side}_{number}")
        for number, each in enumerate(measures)
        for side in ("numerator", "denominator")
    ]
    cells = rows.group_by(*roles, "received_month", "completed_month").agg(sums)
    return [
        cells.filter(pl.col(f"{each['month_basis']}_month").is_not_null())
        .group_by(
            *_placed(each),
            pl.col(f"{each['month_basis']}_month").alias("period"),
            pl.lit("month").alias("basis"),
        )
        .agg(pl.col(f"{side}_{number}").sum().alias(side) for side in ("numerator", "denominator"))
        for number, each in enumerate(measures)
    ]


def count_windows(rows: pl.DataFrame, measures: list[dict[str, str]], as_of: date) -> list[pl.DataFrame]:
    """Measures that ask what was open at `period_end`: over the rows anew for each month and year so far."""
    months = rows["received_at"].dt.date().dt.month_start().unique().sort()
    ends = months.dt.month_end()
    received, completed = pl.col("received_at").dt.date(), pl.col("completed_at").dt.date()
    found = []
    for start, end in zip(months, ends, strict=True):
        if end > as_of:
            continue
        for basis, window_start in (("in_period", start), ("year_to_date", start.replace(month=1))):
            until = rows.lazy().filter(received <= end).with_columns(pl.lit(end).alias("period_end"))
            for each in measures:
                is_open = completed.is_null() | (completed >= window_start)
                seen = until.filter(
                    received >= window_start if each["month_basis"] == "received" else is_open
                )
                keys = [
                    *_placed(each),
                    pl.lit(f"{start:%Y-%m}").alias("period"),
                    pl.lit(basis).alias("basis"),
                ]
                sums = (part(each, side).alias(side) for side in ("numerator", "denominator"))
                found.append(seen.group_by(keys).agg(sums).collect())
    return found


def write_measures(parts: pl.DataFrame, rows: pl.DataFrame, out: Path) -> None:
    """Parts added up to places and windows: a row for each commune and province, month and measure."""
    reported = rows.select(
        "receiving_org_code", "receiving_level", "receiving_province_code", "received_month"
    ).unique()
    places = pl.concat(
        [
            reported.filter(pl.col("receiving_level") == "commune").select(
                pl.col("receiving_org_code").alias("org_code"), pl.col("received_month").alias("period")
            ),
            reported.select(
                pl.col("receiving_province_code").alias("org_code"), pl.col("received_month").alias("period")
            ),
        ]
    ).unique()
    measures = parts.select("indicator_code", "variant").unique()
    asked = places.join(measures, how="cross").join(
        pl.DataFrame({"basis": ["in_period", "year_to_date"]}), how="cross"
    )
    key = ["org_code", "indicator_code", "variant", "period", "basis"]
    sums = [pl.col("numerator").sum(), pl.col("denominator").sum()]
    by_place = (
        pl.concat(
            [
                parts.filter(pl.col("org_level") == "commune").with_columns(
                    pl.col("unit_code").alias("org_code")
                ),
                parts.with_columns(pl.col("province_code").alias("org_code")),
            ]
        )
        .group_by(key)
        .agg(sums)
    )
    monthly = by_place.filter(pl.col("basis") == "month").with_columns(pl.lit("in_period").alias("basis"))
    of_year = places.with_columns(pl.col("period").str.slice(0, 4).alias("year"))
    so_far = (
        monthly.with_columns(pl.col("period").str.slice(0, 4).alias("year"))
        .join(of_year, on=["org_code", "year"], suffix="_asked")
        .filter(pl.col("period") <= pl.col("period_asked"))
        .with_columns(pl.col("period_asked").alias("period"), pl.lit("year_to_date").alias("basis"))
        .group_by(key)
        .agg(sums)
    )
    known = pl.concat([by_place.filter(pl.col("basis") != "month"), monthly, so_far])
    actual = 100 * pl.col("numerator") / pl.when(pl.col("denominator") != 0).then(pl.col("denominator"))
    asked.join(known, on=key, how="left").with_columns(
        pl.col("numerator", "denominator").fill_null(0)
    ).with_columns(actual.alias("actual")).sort(key).write_parquet(
        out / "dossier_measures.parquet", compression="zstd"
    )
