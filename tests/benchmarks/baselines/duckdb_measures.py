"""The second half of bare_duckdb.py: the latest extract of each unit and month, and the measures."""

import sys
from pathlib import Path

import duckdb
import form04
from forms import MONTHLY_COUNTS, UNITS, looks_at_period_end, measures_of

IN_FORCE = """
create table in_force as
with latest as (
    select
        receiving_org_code, received_month,
        max_by(submission_id, split_part(submission_id, '_', 3)) as submission_id
    from read_parquet('{out}/dossier/*.parquet')
    group by receiving_org_code, received_month
)
select
    dossiers.* exclude (row_hash, row_number, procedure_code),
    receiving.province_code, receiving.org_level,
    coalesce(competent_org_code, dossiers.receiving_org_code) as settling_org_code,
    settling.province_code as settling_province_code, settling.org_level as settling_level,
    case
        when cast(completed_at as date) <= date '{as_of}' then strftime(completed_at, '%Y-%m')
    end as completed_month
from read_parquet('{out}/dossier/*.parquet') as dossiers
inner join latest using (submission_id, receiving_org_code, received_month)
inner join units as receiving
    on dossiers.receiving_org_code = receiving.unit_code
        and cast(received_at as date) between receiving.valid_from and receiving.valid_to
inner join units as settling
    on coalesce(competent_org_code, dossiers.receiving_org_code) = settling.unit_code
        and cast(received_at as date) between settling.valid_from and settling.valid_to
where cast(received_at as date) <= date '{as_of}'
"""
MONTHLY = """
copy (
    with counted as (
        select
            province_code, receiving_org_code, settling_org_code as competent_org_code, received_month,
            completed_month, {counts}
        from in_force
        group by all
    )
    select
        {shown}, province_code, receiving_org_code, competent_org_code, received_month, completed_month,
        dossiers < 5 as is_suppressed
    from counted
    order by receiving_org_code, competent_org_code, received_month, completed_month nulls first
) to '{out}/dossier_monthly.parquet' (compression zstd)
"""


def part(measure: dict[str, str], side: str) -> str:
    """The sum of a measure's numerator or denominator over rows."""
    excluded = [state for state in (measure["excluded_states"] or "").split("|") if state]
    rule = f"({measure[side + '_rule']})" + "".join(f" and state <> '{state}'" for state in excluded)
    return f"sum(case when {rule} then {measure[side + '_sum'] or 1} else 0 end)"


def publish(project: Path, out: Path, as_of: str) -> None:
    """The tables of measures from what is landed."""
    work = out / "work.duckdb"
    work.unlink(missing_ok=True)
    connection = duckdb.connect(str(work))
    connection.execute(UNITS.format(project=project))
    connection.execute(IN_FORCE.format(out=out, as_of=as_of))
    twice = connection.execute("select count(*) - count(distinct dossier_id) from in_force").fetchone()
    if twice and twice[0]:
        sys.exit(f"{twice[0]} dossiers stand in two extracts")
    connection.execute(
        MONTHLY.format(
            out=out,
            counts=", ".join(f"count(*) filter ({rule}) as {name}" for name, rule in MONTHLY_COUNTS.items()),
            shown=", ".join(
                f"case when {name} >= 5 or {name} = 0 and dossiers >= 5 then {name} end as {name}"
                for name in MONTHLY_COUNTS
            ),
        )
    )
    measures = measures_of(project, "F02")
    connection.execute(
        "create table parts (indicator_code varchar, variant varchar, unit_code varchar, org_level varchar,"
        " province_code varchar, period varchar, basis varchar, numerator decimal(38, 6),"
        " denominator decimal(38, 6))"
    )
    count_months(connection, [each for each in measures if not looks_at_period_end(each)])
    count_windows(connection, [each for each in measures if looks_at_period_end(each)], as_of)
    connection.execute(MEASURES.format(out=out))
    form04.publish(connection, project, out)
    connection.close()
    work.unlink()


UNIT = {"receiving": ("receiving_org_code", "org_level", "province_code")}
SETTLING = ("settling_org_code", "settling_level", "settling_province_code")


def count_months(connection: duckdb.DuckDBPyConnection, measures: list[dict[str, str]]) -> None:
    """Measures that look at each dossier alone: once over the rows, then by measure over the few cells."""
    sums = ", ".join(
        f"{part(each, side)} as {side}_{number}"
        for number, each in enumerate(measures)
        for side in ("numerator", "denominator")
    )
    connection.execute(
        "create table cells as select receiving_org_code, org_level, province_code, settling_org_code,"
        f" settling_level, settling_province_code, received_month, completed_month, {sums} from in_force"
        " group by all"
    )
    for number, each in enumerate(measures):
        unit, level, province = UNIT.get(each["org_basis"], SETTLING)
        month = f"{each['month_basis']}_month"
        connection.execute(
            f"insert into parts select '{each['indicator_code']}', '{each['variant']}', {unit}, {level},"
            f" {province}, {month}, 'month', sum(numerator_{number}), sum(denominator_{number})"
            f" from cells where {month} is not null group by all"
        )


def count_windows(connection: duckdb.DuckDBPyConnection, measures: list[dict[str, str]], as_of: str) -> None:
    """Measures that ask what was open at `period_end`: over the rows anew for each month and year so far."""
    months = connection.execute(
        "select distinct received_month, date_trunc('month', received_at)::date as start from in_force"
        f" where last_day(received_at::date) <= date '{as_of}' order by 1"
    ).fetchall()
    for period, start in months:
        for basis, window_start in (("in_period", start), ("year_to_date", start.replace(month=1))):
            for each in measures:
                unit, level, province = UNIT.get(each["org_basis"], SETTLING)
                seen = (
                    f"cast(received_at as date) >= date '{window_start}'"
                    if each["month_basis"] == "received"
                    else f"(completed_at is null or completed_at >= date '{window_start}')"
                )
                named = f"'{each['indicator_code']}', '{each['variant']}'"
                columns = f"{named}, {unit}, {level}, {province}, '{period}'"
                sums = f"{part(each, 'numerator')}, {part(each, 'denominator')}"
                connection.execute(
                    f"insert into parts select {columns}, '{basis}', {sums} from ("
                    f"select *, last_day(date '{start}') as period_end from in_force"
                    f" where received_at < last_day(date '{start}') + 1 and {seen}) group by all"
                )


# A commune for each month it reported, a province for each month that any unit of it did.
MEASURES = """
copy (
    with reported as (
        select distinct receiving_org_code as org_code, received_month as period from in_force
        where org_level = 'commune'
        union
        select distinct province_code, received_month from in_force
    ),
    places as (
        select unit_code as org_code, * from parts where org_level = 'commune'
        union all
        select province_code as org_code, * from parts
    ),
    by_place as (
        select org_code, indicator_code, variant, period, basis,
            sum(numerator) as numerator, sum(denominator) as denominator
        from places
        group by all
    ),
    asked as (
        select * from reported
        cross join (select distinct indicator_code, variant from parts)
        cross join (values ('in_period'), ('year_to_date')) as bases (basis)
    ),
    summed as (
        select
            asked.org_code, asked.indicator_code, asked.variant, asked.period, asked.basis,
            coalesce(sum(by_place.numerator), 0) as numerator,
            coalesce(sum(by_place.denominator), 0) as denominator
        from asked
        left join by_place
            on asked.org_code = by_place.org_code and asked.indicator_code = by_place.indicator_code
                and asked.variant = by_place.variant and left(asked.period, 4) = left(by_place.period, 4)
                and (
                    by_place.basis = asked.basis and by_place.period = asked.period
                    or by_place.basis = 'month'
                        and (by_place.period = asked.period or asked.basis = 'year_to_date'
                            and by_place.period <= asked.period)
                )
        group by all
    )
    select *, 100 * numerator::double / nullif(denominator::double, 0) as actual
    from summed
    order by all
) to '{out}/dossier_measures.parquet' (compression zstd)
"""
