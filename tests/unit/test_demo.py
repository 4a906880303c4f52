"""The synthetic demo: repeatable, complete, apart from real data, and wrong exactly where it means to be."""

import hashlib
import io
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tiendo.demo import DemoSummary, fill_demo
from tiendo.demo.adjustments import ADJUSTMENTS
from tiendo.demo.catalogue import catalogue
from tiendo.demo.coverage import THIN_MONTH, coverage_figures, reporting
from tiendo.demo.dossiers import known_by
from tiendo.demo.economy import economy_figures
from tiendo.demo.evidence import Document, plan_documents
from tiendo.demo.extracts import nil_report, province_dossiers, unsent_extract
from tiendo.demo.files import csv
from tiendo.demo.fill import parcels
from tiendo.demo.group_tasks import assignee_paths
from tiendo.demo.paths import indicator_paths
from tiendo.demo.spelling import PLAIN, vietnamese_number
from tiendo.demo.tasks import plans_reported
from tiendo.demo.window import LAST_MONTH, Month, Period, ended, spell_period
from tiendo.demo.world import WARD, World
from tiendo.intake.landing import read_ledger
from tiendo.messages import TiendoError
from tiendo.references import load_references
from tiendo.settings import PROJECT, SHIPPED_PLANS, Home

REFERENCES = load_references(SHIPPED_PLANS)
SMALL = {"months": 3, "dossiers": 2_000, "provinces": ("66",)}
FORMS = {
    "coverage", "procedure_catalogue", "dossier", "digital_economy", "indicator_report", "task_report",
    "evidence", "plan_adjustment",
}  # fmt: skip

MISTAKES = {f"TD-{number}" for number in (101, 102, 103, 106, 202, 204, 208, 210, 212, 213, 218)}


def world(provinces: tuple[str, ...] = ("66", "68", "75"), months: int = 12, dossiers: int = 20_000) -> World:
    return World(57, provinces, months, dossiers, SHIPPED_PLANS)


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory) -> tuple[Home, DemoSummary]:
    home = Home(tmp_path_factory.mktemp("demo"))
    return home, fill_demo(home, references=REFERENCES, **SMALL)


# --- the filled home ------------------------------------------------------------------------------


def test_every_form_arrives_and_every_row_has_one_disposition(filled: tuple[Home, DemoSummary]) -> None:
    home, summary = filled
    assert set(summary.forms) == FORMS | {"unknown"}
    for form in FORMS:
        tally = summary.forms[form]
        assert tally.landed > 0 and tally.rows_loaded > 0
        assert tally.files == tally.landed + tally.unchanged + tally.rejected + tally.refused
        assert tally.rows_read == sum(
            (tally.rows_loaded, tally.rows_unchanged, tally.rows_superseded, tally.rows_quarantined)
        )
    ledger = read_ledger(home)
    assert ledger["is_synthetic"].all()
    assert (ledger["rows_read"] == ledger["rows_landed"] + ledger["rows_quarantined"]).all()
    assert (summary.first_month, summary.last_month) == ("2026-08", "2026-10")


def test_each_wrong_file_meets_its_rule_and_nothing_else_is_wrong(filled: tuple[Home, DemoSummary]) -> None:
    home, summary = filled
    ledger = read_ledger(home)
    quarantined = pl.concat(
        pl.read_parquet(path) for path in home.landing.glob("quarantined_rows/**/*.parquet")
    ).join(ledger.select("submission_id", "file_name"), on="submission_id")
    rules = dict(quarantined.select("file_name", "rule_code").unique().iter_rows())
    rejected = ledger.filter(pl.col("status") == "rejected")
    rules |= dict(rejected.select("file_name", "rejection_code").iter_rows())
    meant = {parcel.name: parcel.flaw for parcel in parcels(world(("66",), 3, 2_000)) if parcel.flaw}
    refused = {name for name, rule in meant.items() if rule == "TD-106"}
    assert rules == {name: rule for name, rule in meant.items() if name not in refused}
    assert set(meant.values()) == MISTAKES
    # Of two rows with one key that differ, neither is taken.
    assert summary.rules == dict.fromkeys(MISTAKES, 1) | {"TD-210": 2}


def test_the_sound_row_beside_a_mistake_is_landed(filled: tuple[Home, DemoSummary]) -> None:
    home, _ = filled
    wrong = read_ledger(home).filter(pl.col("file_name").str.contains("bo-sung"))
    assert len(wrong) == 7
    assert (wrong["rows_landed"] >= 1).all()
    assert sorted(wrong["rows_quarantined"]) == [1] * 6 + [2]


def test_a_refused_file_leaves_no_trace(filled: tuple[Home, DemoSummary]) -> None:
    home, summary = filled
    assert summary.forms["dossier"].refused == 1
    assert not [path for path in home.raw.rglob("*") if "co-ten" in path.name]


def test_filling_again_adds_nothing(filled: tuple[Home, DemoSummary]) -> None:
    home, first = filled
    before = {path: path.read_bytes() for path in home.raw.rglob("*") if path.is_file()}
    ledger = read_ledger(home)
    second = fill_demo(home, references=REFERENCES, **SMALL)
    assert not second.is_changed
    assert first.is_changed
    assert {path: path.read_bytes() for path in home.raw.rglob("*") if path.is_file()} == before
    assert read_ledger(home).equals(ledger)


def test_an_interrupted_filling_is_taken_up_where_it_stopped(
    filled: tuple[Home, DemoSummary], tmp_path: Path
) -> None:
    class PowerCutError(Exception):
        pass

    def cut(done: int, _: int) -> None:
        if done == 60:
            raise PowerCutError

    home = Home(tmp_path)
    with pytest.raises(PowerCutError):
        fill_demo(home, references=REFERENCES, progress=cut, **SMALL)
    fill_demo(home, references=REFERENCES, **SMALL)
    # Each home has a key of its own for the pseudonyms of its dossiers, which tells in what was landed.
    ledgers = [read_ledger(place).drop("intake_fingerprint", "landed_hash") for place in (home, filled[0])]
    assert ledgers[0].equals(ledgers[1])


def test_an_own_extract_is_the_last_word_on_its_commune(filled: tuple[Home, DemoSummary]) -> None:
    home, _ = filled
    small = world(("66",), 3, 2_000)
    extracts = read_ledger(home).filter(pl.col("form") == "dossier")
    for month in small.months:
        newest = dict(
            extracts.filter(pl.col("period") == month.code)
            .group_by("org_code")
            .agg(pl.col("received_at").max())
            .iter_rows()
        )
        for code in small.own_extracts("66"):
            if (code, month) != unsent_extract(small, "66") and newest.get(code):
                is_nil = (code, month) == nil_report(small, "66")
                assert is_nil or newest[code] > newest["66"]


def test_a_file_taken_back_is_a_new_version(filled: tuple[Home, DemoSummary]) -> None:
    home, summary = filled
    small = world(("66",), 3, 2_000)
    ledger = read_ledger(home).filter(
        pl.col("form") == "coverage",
        pl.col("org_code") == small.own_senders("66")[-1],
        pl.col("period") == small.months[2].code,
    )
    first, second, third = ledger["sha256"]
    assert first == third != second
    assert summary.forms["coverage"].unchanged == 1


# --- which homes ----------------------------------------------------------------------------------


def test_the_marker_says_in_both_languages_that_all_is_synthetic(filled: tuple[Home, DemoSummary]) -> None:
    text = filled[0].synthetic_marker.read_text(encoding="utf-8")
    assert "MÔ PHỎNG" in text and "SYNTHETIC" in text and "--seed 57" in text


def test_a_home_with_real_submissions_is_refused_and_left_alone(tmp_path: Path) -> None:
    real = tmp_path / "data" / "raw" / "coverage" / "2026-03" / "66" / "x.xlsx"
    real.parent.mkdir(parents=True)
    real.write_bytes(b"real")
    with pytest.raises(TiendoError) as refusal:
        fill_demo(Home(tmp_path), references=REFERENCES, **SMALL)
    assert (refusal.value.code, refusal.value.exit_code) == ("TD-701", 2)
    assert not Home(tmp_path).is_synthetic


def test_the_checkout_is_refused() -> None:
    with pytest.raises(TiendoError) as refusal:
        fill_demo(Home(PROJECT), references=REFERENCES, **SMALL)
    assert refusal.value.code == "TD-701"


def test_another_demo_does_not_mix_in(filled: tuple[Home, DemoSummary]) -> None:
    with pytest.raises(TiendoError) as refusal:
        fill_demo(filled[0], references=REFERENCES, **{**SMALL, "dossiers": 3_000})
    assert (refusal.value.code, refusal.value.exit_code) == ("TD-702", 2)


@pytest.mark.parametrize(
    "wrong",
    [{"provinces": ("99",)}, {"provinces": ()}, {"provinces": ("66", "66")}, {"months": 17}, {"dossiers": 0}],
)
def test_arguments_that_no_demo_can_have(tmp_path: Path, wrong: dict[str, object]) -> None:
    with pytest.raises(TiendoError) as refusal:
        fill_demo(Home(tmp_path), references=REFERENCES, **{**SMALL, **wrong})
    assert (refusal.value.code, refusal.value.exit_code) == ("TD-703", 2)
    assert not Home(tmp_path).is_synthetic


# --- what the files say ---------------------------------------------------------------------------


def digests(of: World) -> dict[str, str]:
    return {parcel.name: hashlib.sha256(parcel.render()).hexdigest() for parcel in parcels(of)}


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    province_dossiers.cache_clear()
    first = digests(world(("75",), 2, 500))
    province_dossiers.cache_clear()
    assert digests(world(("75",), 2, 500)) == first
    other = digests(World(58, ("75",), 2, 500, SHIPPED_PLANS))
    same = {name for name in first if other.get(name) == first[name]}
    assert same <= {"mo-phong_lich-hop.xlsx", "mo-phong_bieu-04_trong.xlsx", "mo-phong_bieu-04_hong.xlsx"} | {
        name for name in first if "ho-so" in name
    }


def test_no_two_files_arrive_at_the_same_moment_or_share_a_name() -> None:
    queue = parcels(world())
    assert len({parcel.received_at for parcel in queue}) == len(queue) == len({p.name for p in queue})
    assert [parcel.received_at for parcel in queue] == sorted(parcel.received_at for parcel in queue)
    assert queue[-1].received_at < Month(2026, 11).at(21)
    assert all(str(parcel.received_at.tzinfo) == "Asia/Ho_Chi_Minh" for parcel in queue)


def share_5g(of: World, province: str, month: Month) -> float:
    figures = coverage_figures(of, province, month)
    return figures["population_5g"].sum() / figures["population"].sum()


@pytest.mark.parametrize(("province", "communes"), [("66", 102), ("68", 124), ("75", 95)])
def test_5g_coverage_rises_over_the_year_with_spread(province: str, communes: int) -> None:
    year = world()
    shares = [share_5g(year, province, month) for month in year.months]
    assert shares == sorted(shares)
    assert 0.24 <= shares[0] <= 0.37
    assert 0.64 <= shares[-1] <= 0.78
    newest = coverage_figures(year, province, LAST_MONTH)
    assert len(newest) == communes
    spread = newest.select((pl.col("population_5g") / pl.col("population")).alias("share"))["share"]
    assert spread.max() - spread.min() > 0.3
    assert newest["population"].is_between(6_000, 60_000).all()
    for part, whole in (("population_5g", "population"), ("villages_no_signal", "villages")):
        assert (newest[part] <= newest[whole]).all()


def test_one_month_of_lam_dong_is_too_thin() -> None:
    year = world()
    province, thin = THIN_MONTH
    for month in year.months:
        sent = len(reporting(year, province, month)) + len(year.own_senders(province))
        assert (sent / 124 < 0.80) == (month == thin)


def test_a_shorter_demo_shows_the_same_coverage_for_the_same_month() -> None:
    assert coverage_figures(world(), "66", LAST_MONTH).equals(
        coverage_figures(world(("66",), 1, 10), "66", LAST_MONTH)
    )


def test_the_catalogue_only_gains_online_procedures() -> None:
    year = world()
    first, last = (catalogue(year, "66", month) for month in (year.months[0], Month(2026, 7)))
    assert len(first) == 1_800
    online = [set(c.filter(pl.col("service_level") != "none")["procedure_code"]) for c in (first, last)]
    assert online[0] < online[1]
    assert first["procedure_code"].is_unique().all()
    eligible = pl.col("service_level") != "full"
    assert first.select((eligible | pl.col("fully_online_eligible")).all()).item()
    assert first["valid_to"].is_not_null().any()


def test_dossiers_add_up_and_their_states_fit_what_is_known_when_sent() -> None:
    year = world(dossiers=6_000)
    months = [
        province_dossiers(year, province, month) for province in year.provinces for month in year.months
    ]
    everything = pl.concat(months)
    assert len(everything) == 6_000
    assert everything["dossier_id"].is_unique().all()
    sent_at = Month(2026, 4).at(4, 0).replace(tzinfo=None)
    early = known_by(province_dossiers(year, "66", Month(2026, 3)), sent_at)
    later = known_by(
        province_dossiers(year, "66", Month(2026, 3)), Month(2026, 5).at(5, 0).replace(tzinfo=None)
    )
    assert (early["completed_at"].drop_nulls() <= sent_at).all()
    assert ((early["state"] == "processing") == early["completed_at"].is_null()).all()
    assert early["rating"].filter(early["state"] == "processing").is_null().all()
    assert later["completed_at"].null_count() < early["completed_at"].null_count()
    finished = everything.filter(pl.col("completed_at").is_not_null())
    assert (finished["completed_at"] >= finished["received_at"]).all()
    on_time = (finished["completed_at"].dt.date() <= finished["due_at"].dt.date()).mean()
    assert on_time is not None and 0.95 < on_time < 0.99
    assert (everything.filter(pl.col("channel") == "online")["service_level"] != "none").all()


def test_dossiers_move_online_over_the_year() -> None:
    year = world(dossiers=12_000)
    first, last = (province_dossiers(year, "68", month) for month in (year.months[0], LAST_MONTH))
    for column in ("input_digitised", "e_result", "data_reused"):
        assert last[column].mean() > first[column].mean()
    assert (last["channel"] == "online").mean() > (first["channel"] == "online").mean() + 0.2


def test_own_extracts_are_not_in_the_province_extract_and_one_is_empty_and_one_missing() -> None:
    year = world(("66",), 6, 3_000)
    queue = {parcel.name: parcel for parcel in parcels(year)}
    code, month = nil_report(year, "66")
    nil = pl.read_csv(io.BytesIO(queue[f"mo-phong_ho-so_{code}_{month.code}_lan-1.csv"].render()))
    assert nil.is_empty() and nil.width == 20
    missing, unsent = unsent_extract(year, "66")
    assert f"mo-phong_ho-so_{missing}_{unsent.code}_lan-1.csv" not in queue
    extract = pl.read_csv(io.BytesIO(queue[f"mo-phong_bieu-02_66_{month.code}_lan-1.csv"].render()))
    assert not set(extract["Mã đơn vị tiếp nhận"].cast(pl.String)) & set(year.own_extracts("66"))


def test_large_extracts_are_parquet_and_the_newest_month_is_sent_once() -> None:
    names = {parcel.name for parcel in parcels(world(dossiers=100_000))}
    assert "mo-phong_bieu-02_66_2026-03_lan-2.parquet" in names
    assert "mo-phong_bieu-02_75_2026-03_lan-2.csv" in names
    assert "mo-phong_bieu-02_66_2026-10_lan-2.parquet" not in names


@pytest.mark.parametrize("province", ["66", "68", "75"])
def test_digital_economy_shares_are_plausible_and_2025_has_two_vintages(province: str) -> None:
    year = world()
    for period in [*ended(year.months, "quarter"), *ended(year.months, "year")]:
        figures = economy_figures(year, province, period, "provisional").row(0, named=True)
        share = (figures["digital_core"] + figures["digital_spillover"]) / figures["grdp"]
        assert 0.08 < share < 0.155
    early, late = (
        economy_figures(year, province, Period("year", Month(2025, 12)), maturity)["grdp"][0]
        for maturity in ("provisional", "final")
    )
    assert early != late


def test_indicator_figures_fit_their_parts_and_follow_several_stories() -> None:
    paths = indicator_paths(world(), "66")
    assert {path.story for path in paths} == {"on_track", "achieved", "late", "falling", "flat"}
    for path in paths:
        for period in ended(world().months, path.indicator["frequency"]):
            numerator, denominator, value = path.figures(period, path.basis)
            assert (path.indicator["kind"] == "ratio") == (numerator is not None)
            if numerator is not None and denominator is not None:
                scale = 10_000 if path.indicator["unit"] == "per_10k_people" else 100
                assert numerator <= denominator
                assert value == pytest.approx(numerator / denominator * scale, abs=0.005)
        assert path.basis is not None or not path.is_accumulating


def test_year_to_date_counts_are_the_sum_of_the_months() -> None:
    path = next(p for p in indicator_paths(world(), "66") if p.indicator["over_time"] == "sum_in_year")
    quarters = [Period("quarter", Month(2026, number)) for number in (3, 6, 9)]
    in_period = [path.figures(quarter, "in_period")[2] for quarter in quarters]
    assert path.figures(quarters[-1], "year_to_date")[2] == sum(in_period)


def test_the_ward_reports_what_it_must() -> None:
    names = {parcel.name for parcel in parcels(world(("75",), 12, 500))}
    for month in world().months:
        assert f"mo-phong_phu-song-5g_{WARD}_{month.code}.xlsx" in names
        assert f"mo-phong_ho-so_{WARD}_{month.code}_lan-1.csv" in names
    assert f"mo-phong_bieu-01_{WARD}_2026-04.csv" in names
    assert f"mo-phong_bieu-01_{WARD}_2026-05.csv" not in names


def test_periods_and_numbers_as_clerks_write_them() -> None:
    assert [spell_period("2026-03", manner) for manner in range(4)] == [
        "2026-03",
        "03/2026",
        "T3/2026",
        "Tháng 3/2026",
    ]
    assert spell_period("2026-Q3", 2) == "Quý III/2026"
    assert spell_period("2026-H1", 1) == "6 tháng đầu năm 2026"
    assert spell_period("2025", 1) == "Năm 2025"
    assert vietnamese_number(1234.5, "decimal") == "1.234,5"
    assert vietnamese_number(1234.0, "decimal") == "1.234,0"
    assert vietnamese_number(1234, "integer") == "1.234"


def test_a_csv_starts_with_the_mark_of_excel() -> None:
    assert (
        csv(province_dossiers(world(("66",), 1, 20), "66", LAST_MONTH), "dossier", PLAIN)[:3]
        == b"\xef\xbb\xbf"
    )


# --- tasks and their evidence ---------------------------------------------------------------------


def register(of: World, plan_id: str) -> list[Document]:
    org_code, issued_on = next((org, day) for plan, org, day in plans_reported(of) if plan == plan_id)
    return plan_documents(of, plan_id, org_code, issued_on)


def test_87_of_102_communes_are_done_with_evidence_accepted_by_october() -> None:
    paths = [path for path in assignee_paths(world()) if path.row_ref == "row-85"]
    done = {path.agency_code for path in paths if path.done_on <= date(2026, 9, 30)}
    accepted = {
        document.task.agency_code
        for document in register(world(), "dak-lak-2026-kh-bcd")
        if document.task.row_ref == "row-85"
        and document.verdict == "valid"
        and document.verdict_on is not None
        and document.verdict_on <= LAST_MONTH.last
    }
    assert len(paths) == 102
    assert done == accepted
    assert len(done) == 87


def test_documents_fare_in_every_way() -> None:
    documents = [d for plan, *_ in plans_reported(world()) for d in register(world(), plan)]
    told = [document for document in documents if document.filed_on <= LAST_MONTH.last]
    assert {document.verdict for document in told} == {"valid", "invalid", None}
    assert {document.verdict_level for document in told} == {"commune", "province"}
    waits = {(d.verdict_on - d.filed_on).days for d in told if d.verdict_on}
    assert min(waits) < 10 and max(waits) > 55
    assert any(document.evidence_ref.endswith("-L2") for document in told)
    refs = [document.evidence_ref for document in told]
    assert len(set(refs)) < len(refs), "one document proves two tasks"
    assert len({document.sha256 for document in told}) < len(set(refs)), "one file under two references"
    issued = {plan: issued_on for plan, _, issued_on in plans_reported(world())}
    assert any(document.signed_on < issued[document.task.plan_id] for document in told)
    assert all(document.signed_on <= document.filed_on for document in told)
    assert all(document.verdict_on is None or document.filed_on < document.verdict_on for document in told)


def test_a_document_proves_no_target_so_that_indicators_stay_as_they_are() -> None:
    year = world()
    targets = set(year.registry("plan_targets").select("plan_id", "row_ref").iter_rows())
    documents = [d for plan, *_ in plans_reported(year) for d in register(year, plan)]
    assert not {(d.task.plan_id, d.task.row_ref) for d in documents} & targets


def test_one_task_report_is_missing_one_late_and_one_sent_again() -> None:
    sent = {parcel.name: parcel.received_at for parcel in parcels(world()) if parcel.form == "task_report"}
    assert "mo-phong_bieu-06_lam-dong-2026-kh3450_2026-06.xlsx" not in sent
    assert sent["mo-phong_bieu-06_dak-lak-2026-kh-bcd_2026-05.xlsx"].month == 6
    first, again = (
        sent[f"mo-phong_bieu-06_dak-lak-2026-kh-bcd_2026-09{suffix}.xlsx"] for suffix in ("", "_nop-lai")
    )
    assert first < again


def test_a_deadline_is_moved_by_decision(filled: tuple[Home, DemoSummary]) -> None:
    assert filled[1].forms["plan_adjustment"].rows_loaded == len(ADJUSTMENTS)
