"""What goes wrong: one file for each mistake that senders make, so that the checks have something to find.

A file with rows also holds a sound one, since a mistake must not stop what is right; that row repeats the
figure already reported, so that the demo's results stay those of its true figures.
"""

from collections.abc import Iterator
from functools import partial

import polars as pl

from tiendo.demo.coverage import coverage_figures, reporting
from tiendo.demo.extracts import province_dossiers
from tiendo.demo.files import raw_csv, raw_workbook
from tiendo.demo.indicators import Report, report_figures
from tiendo.demo.paths import indicator_paths, places_with_plans
from tiendo.demo.spelling import PLAIN, spell, spell_header
from tiendo.demo.window import Period
from tiendo.demo.world import Parcel, World
from tiendo.intake.contracts import load_contract

# Mistakes in Form 04: rule code, column, what stands there.
COVERAGE_MISTAKES = (
    ("TD-202", "population", "hơn 12 nghìn"),
    ("TD-208", "org_code", "99999"),
    ("TD-213", "population_5g", "99.000"),
    ("TD-218", "area_km2", "1.250"),
)
REPORT_MISTAKES = (("TD-204", "data_cutoff", "31/11/2025"), ("TD-212", "basis", None))


def wrong_parcels(world: World) -> Iterator[Parcel]:
    """All files with a mistake; each names the rule it must meet."""
    yield from _wrong_coverage(world)
    yield from _wrong_reports(world)
    yield from _not_forms(world)
    yield _personal_data(world)


def _wrong_coverage(world: World) -> Iterator[Parcel]:
    province, month = world.provinces[0], world.months[0]
    codes = reporting(world, province, month)
    figures = coverage_figures(world, province, month)
    pair = pl.concat(figures.filter(pl.col("org_code") == code) for code in codes[:2])
    for number, (rule, column, mistake) in enumerate(COVERAGE_MISTAKES):
        frame = _with_mistake(spell(pair, "coverage", PLAIN), "coverage", column, mistake)
        yield _coverage_parcel(world, number, rule, frame)
    doubled = pl.concat([pair, pair.tail(1).with_columns(pl.col("population_5g") - 1)])
    yield _coverage_parcel(world, len(COVERAGE_MISTAKES), "TD-210", spell(doubled, "coverage", PLAIN))


def _coverage_parcel(world: World, number: int, rule: str, frame: pl.DataFrame) -> Parcel:
    province, month = world.provinces[0], world.months[0]
    return Parcel(
        form="coverage",
        name=f"mo-phong_bieu-04_{province}_{month.code}_bo-sung-{number + 1}.xlsx",
        received_at=month.plus(1).at(20, 13, number),
        render=partial(raw_workbook, frame),
        flaw=rule,
    )


def _wrong_reports(world: World) -> Iterator[Parcel]:
    month = world.months[0]
    period = Period("month", month)
    for org_code in places_with_plans(world)[:1]:
        monthly = [
            path
            for path in indicator_paths(world, org_code)
            if path.indicator["frequency"] == "month" and path.indicator["primary_source"] == "reported"
        ]
        accumulating = [path for path in monthly if path.is_accumulating]
        figures = report_figures(org_code, Report(tuple(accumulating[:4]), period))
        for number, (rule, column, mistake) in enumerate(REPORT_MISTAKES):
            frame = _with_mistake(
                spell(figures, "indicator_report", PLAIN), "indicator_report", column, mistake
            )
            yield Parcel(
                form="indicator_report",
                name=f"mo-phong_bieu-01_{org_code}_{month.code}_bo-sung-{number + 1}.xlsx",
                received_at=month.plus(1).at(20, 14, number),
                render=partial(raw_workbook, frame),
                flaw=rule,
            )


def _with_mistake(frame: pl.DataFrame, form: str, column: str, mistake: str | None) -> pl.DataFrame:
    """A sender's frame with another content in the last row of one column, which thereby becomes text."""
    header = spell_header(load_contract(form).column(column), PLAIN)
    values = frame[header]
    spelt = values.dt.strftime("%d/%m/%Y") if values.dtype == pl.Date else values.cast(pl.String)
    return frame.with_columns(pl.Series(header, [*spelt.to_list()[:-1], mistake], dtype=pl.String))


def _not_forms(world: World) -> Iterator[Parcel]:
    """A file of another kind, one without content, and one cut off on its way."""
    agenda = pl.DataFrame(
        {
            "Thời gian": ["08:00", "09:30"],
            "Nội dung": ["Khai mạc", "Thảo luận"],
            "Địa điểm": ["Hội trường A", ""],
        }
    )
    sent_at = world.months[-1].plus(1).at(6, 17)
    whole = partial(raw_workbook, agenda)
    for minute, (rule, name, render) in enumerate(
        (
            ("TD-102", "mo-phong_lich-hop.xlsx", whole),
            ("TD-103", "mo-phong_bieu-04_trong.xlsx", bytes),
            ("TD-101", "mo-phong_bieu-04_hong.xlsx", lambda: whole()[:700]),
        )
    ):
        yield Parcel("unknown", name, sent_at.replace(minute=minute), render, flaw=rule)


def _personal_data(world: World) -> Parcel:
    """An extract that names applicants, which must be refused whole."""
    province, month = world.provinces[-1], world.months[0]
    code = world.own_extracts(province)[-1]

    def render() -> bytes:
        frame = province_dossiers(world, province, month).head(3)
        named = spell(frame.with_columns(pl.lit(code).alias("receiving_org_code")), "dossier", PLAIN)
        return raw_csv(named.with_columns(pl.lit("Người dân mô phỏng").alias("Họ và tên")))

    return Parcel(
        form="dossier",
        name=f"mo-phong_ho-so_{code}_{month.code}_co-ten.csv",
        received_at=month.plus(1).at(20, 8),
        render=render,
        org=code,
        period=month.code,
        flaw="TD-106",
    )
