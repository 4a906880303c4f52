"""The first half of bare_duckdb.py: raw extracts as typed rows, checked, one Parquet file for each."""

import os
import secrets
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import form04
from forms import (
    BOOLEANS,
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


def typed(name: str) -> str:
    """The expression that reads a column from the cells as sent."""
    if name in TEXTS:
        return f"nullif(trim(\"{TEXTS[name]}\"), '')"
    if name in MOMENTS:
        return f"try_strptime(\"{MOMENTS[name]}\", '{MOMENT}')"
    if name in CHOICES:
        header, words = CHOICES[name]
        return (
            f'case "{header}" '
            + " ".join(f"when '{word}' then '{code}'" for word, code in words.items())
            + " end"
        )
    if name in COUNTS:
        return f'try_cast("{COUNTS[name][0]}" as bigint)'
    return f"case \"{BOOLEANS[name]}\" when 'Có' then true when 'Không' then false end"


def faults(name: str) -> list[str]:
    """What can be wrong with a cell, as `case` branches that give a code."""
    header = header_of(name)
    found = []
    if name in REQUIRED:
        found.append(f"when {name} is null and \"{header}\" is null then '201'")
    if name not in TEXTS:
        found.append(f"when {name} is null and \"{header}\" is not null then '{name}'")
    if name in COUNTS:
        low, high = COUNTS[name][1:]
        found.append(f"when {name} not between {low} and {high} then '{name}'")
    return found


LAND = """
create or replace temp table sent as
with cells as (
    select *, row_number() over () + 1 as row_number
    from read_csv('{path}', all_varchar = true, header = true, delim = ',', quote = '"')
),
typed as (select {columns}, cells.* from cells),
known as (
    select unit_code from units where last_day(date '{period}-01') between valid_from and valid_to
),
strangers as (
    select unit_code from units
    group by unit_code
    having '{org}' not in (unit_code, max_by(province_code, valid_from))
)
select
    {names}, row_number,
    concat_ws(';',
        {cell_faults},
        case when receiving_org_code not in (from known) then '208' end,
        case when competent_org_code not in (from known) then '208' end,
        case when strftime(received_at, '%Y-%m') <> '{period}' then '215' end,
        case when receiving_org_code in (from strangers) then '215' end,
        case
            when completed_at < received_at and not (
                cast(completed_at as time) = time '00:00'
                and cast(completed_at as date) = cast(received_at as date)
            )
                then '216'
        end
    ) as faults
from typed
"""
# Of equal rows the first stays, of different ones none.
REPEATED = """
create or replace temp table repeated as
select dossier_id, count(distinct row_hash) as contents, min(row_number) as first_row
from (select dossier_id, row_number, md5(concat_ws(chr(31), {texts})) as row_hash from sent where faults = '')
where dossier_id in (select dossier_id from sent where faults = '' group by dossier_id having count(*) > 1)
group by dossier_id
"""
KEEP = """
copy (
    with named as (
        select sent.* replace (left(sha256('{key}' || dossier_id), 32) as dossier_id)
        from sent
        left join repeated using (dossier_id)
        where faults = '' and (first_row is null or contents = 1 and first_row = row_number)
    )
    select
        {names}, strftime(received_at, '%Y-%m') as received_month, row_number,
        md5(concat_ws(chr(31), {texts})) as row_hash, '{submission}' as submission_id
    from named
) to '{target}' (compression zstd)
"""
SET_ASIDE = """
copy (
    select
        row_number, '{submission}' as submission_id,
        case when faults = '' then '210' else faults end as faults
    from sent
    left join repeated using (dossier_id)
    where faults <> '' or not (first_row is null or contents = 1 and first_row = row_number)
) to '{target}' (compression zstd)
"""


def land(project: Path, raw: Path, out: Path) -> None:
    """Every extract under `raw` as typed rows, good and bad ones apart."""
    key = secrets.token_hex(32)
    connection = duckdb.connect()
    connection.execute(UNITS.format(project=project))
    for folder in ("dossier", "quarantine"):
        (out / folder).mkdir(parents=True, exist_ok=True)

    def one(path: Path) -> None:
        period, org, submission = submission_of(path)
        words = {
            "path": path, "period": period, "org": org, "key": key, "submission": submission,
            "columns": ", ".join(f"{typed(name)} as {name}" for name in COLUMNS),
            "names": ", ".join(COLUMNS),
            "cell_faults": ", ".join(f"case {fault} end" for name in COLUMNS for fault in faults(name)),
            "texts": ", ".join(f"coalesce(cast({name} as varchar), chr(0))" for name in COLUMNS),
        }  # fmt: skip
        cursor = connection.cursor()
        for statement, folder in ((LAND, ""), (REPEATED, ""), (KEEP, "dossier"), (SET_ASIDE, "quarantine")):
            cursor.execute(statement.format(target=out / folder / f"{submission}.parquet", **words))

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        list(pool.map(one, sorted(raw.glob("dossier/*/*/*.csv"))))
    form04.land(connection, raw, out)
