"""What becomes of a file that is not the first of its kind: again, late, of another unit, erased."""

import shutil
from datetime import datetime, timedelta

import polars as pl
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from intake_references import (
    COVERAGE,
    DOSSIER,
    INDICATOR,
    REFERENCES,
    coverage_row,
    delimited,
    dossier_row,
    workbook,
)

from tiendo.intake.landing import Door, intake, read_ledger, submit, submit_files
from tiendo.messages import TiendoError
from tiendo.settings import Home

WITHDRAWAL = ["Mã lần nộp được rút", "Lý do", "Số văn bản", "Ngày ký"]


@pytest.fixture
def home(tmp_path):
    return Home(tmp_path / "home")


def send(home, file, day=5, **options):
    options.setdefault("received_at", datetime(2026, 4, day, 8, 15))
    receipt = submit(home, file, REFERENCES, **options)
    assert is_conserved(receipt)
    return receipt


def is_conserved(receipt):
    taken = receipt.rows_loaded + receipt.rows_unchanged + receipt.rows_superseded
    return receipt.rows_read == taken + receipt.rows_quarantined


def counts(receipt):
    return receipt.rows_loaded, receipt.rows_unchanged, receipt.rows_superseded, receipt.rows_replaced


def notices(receipt):
    return [notice.code for notice in receipt.notices]


def coverage(folder, name, *rows):
    return delimited(folder / f"{name}.csv", COVERAGE, *rows)


def withdraw(home, folder, submission_id, day):
    file = delimited(folder / "rut.csv", WITHDRAWAL, [submission_id, "Nộp nhầm", "46/UBND", "12/04/2026"])
    return send(home, file, day)


def files_below(folder):
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_a_to_b_to_a_is_three_versions(home, tmp_path):
    a = coverage(tmp_path, "a", coverage_row(), coverage_row("24154"))
    b = coverage(tmp_path, "b", coverage_row(), coverage_row("24154", population=2000))
    receipts = [send(home, file, day) for day, file in enumerate((a, b, a, a), 5)]
    assert [receipt.status for receipt in receipts] == ["landed", "landed", "landed", "unchanged"]
    assert [counts(receipt) for receipt in receipts] == [
        (2, 0, 0, 0),
        (1, 1, 0, 1),
        (1, 1, 0, 1),
        (0, 2, 0, 0),
    ]


def test_the_same_content_at_the_same_moment_is_one_submission_under_any_name(home, tmp_path):
    first = send(home, coverage(tmp_path, "a", coverage_row()))
    later = send(home, coverage(tmp_path, "b", coverage_row(population=2000)))
    again = send(home, coverage(tmp_path, "c", coverage_row()))
    assert (again.status, again.submission_id) == ("unchanged", first.submission_id)
    assert again.rows_superseded == (later.submission_id > first.submission_id)
    assert read_ledger(home).height == 2


def test_an_older_file_that_arrives_late_overwrites_nothing(home, tmp_path):
    send(home, coverage(tmp_path, "new", coverage_row(population=2000)), day=9)
    old = coverage(tmp_path, "old", coverage_row(), coverage_row("24154"))
    assert counts(send(home, old, day=5)) == (1, 0, 1, 0)
    # What is in force is still the newer one.
    assert send(home, tmp_path / "new.csv", day=10).status == "unchanged"


def test_only_what_the_contract_names_is_replaced(home, tmp_path):
    rows = [
        coverage_row(),
        coverage_row(sender="Viettel"),
        coverage_row("24154"),
        coverage_row(period="02/2026"),
    ]
    send(home, coverage(tmp_path, "a", *rows))
    receipt = send(home, coverage(tmp_path, "b", coverage_row(population=2000)), day=6)
    assert counts(receipt) == (1, 0, 0, 1)


def test_the_later_of_two_units_wins_and_the_conflict_is_listed(home, tmp_path):
    province = coverage(tmp_path, "tinh", coverage_row(), coverage_row("24154"))
    commune = coverage(tmp_path, "xa", coverage_row(population=1139))
    of_province = send(home, province, day=5)
    of_commune = send(home, commune, day=6)
    assert (of_province.org_code, of_commune.org_code) == ("66", "24133")
    assert counts(of_commune) == (1, 0, 0, 1)
    assert of_commune.conflicts == ((of_province.submission_id, "66", 1, True),)
    (notice,) = of_commune.notices
    assert notice.code == "TD-121"
    assert of_province.submission_id in notice.vi
    assert of_commune.submission_id in notice.way_out_vi
    # Sending the same again hides nothing.
    again = send(home, coverage(tmp_path, "xa2", coverage_row(population=1140)), day=7)
    assert [found.submission_id for found in again.conflicts] == [of_province.submission_id]


def test_a_late_file_learns_that_another_unit_has_sent_a_newer_one(home, tmp_path):
    commune = send(home, coverage(tmp_path, "xa", coverage_row(population=1139)), day=9)
    late = send(home, coverage(tmp_path, "tinh", coverage_row(), coverage_row("24154")), day=5)
    assert late.conflicts == ((commune.submission_id, "24133", 1, False),)
    assert commune.submission_id in late.notices[0].way_out_vi


def test_units_that_say_the_same_do_not_contradict_each_other(home, tmp_path):
    send(home, coverage(tmp_path, "tinh", coverage_row(), coverage_row("24154")), day=5)
    receipt = send(home, coverage(tmp_path, "xa", coverage_row()), day=6)
    assert (counts(receipt), receipt.conflicts) == ((0, 1, 0, 0), ())


def test_an_extract_of_a_province_contradicts_that_of_a_commune(home, tmp_path):
    own = send(home, delimited(tmp_path / "xa.csv", DOSSIER, dossier_row(1), dossier_row(2)), day=5)
    bundle = delimited(tmp_path / "tinh.csv", DOSSIER, dossier_row(1), dossier_row(3, "24154"))
    receipt = send(home, bundle, day=6, org="66")
    assert receipt.conflicts == ((own.submission_id, "24133", 2, True),)
    assert counts(receipt) == (1, 1, 0, 1)


@pytest.mark.parametrize(("make", "suffix"), [(delimited, "csv"), (workbook, "xlsx")])
def test_last_months_figures_under_a_new_period_are_taken_and_flagged(home, tmp_path, make, suffix):
    march = [coverage_row(), coverage_row(sender="VNPT")]
    april = [coverage_row(sender="VNPT", period="04/2026"), coverage_row(period="04/2026")]
    first = send(home, make(tmp_path / f"3.{suffix}", COVERAGE, *march))
    receipt = send(home, make(tmp_path / f"4.{suffix}", COVERAGE, *april), day=6)
    assert (receipt.status, counts(receipt), notices(receipt)) == ("landed", (2, 0, 0, 0), ["TD-120"])
    assert first.submission_id in receipt.notices[0].vi
    # The ledger says only what each file says by itself, so that it comes out the same from raw.
    assert read_ledger(home)["content_hash"].n_unique() == 1
    assert read_ledger(home)["notices"].to_list() == ["[]", "[]"]


def test_figures_that_differ_in_one_cell_are_not_flagged(home, tmp_path):
    send(home, coverage(tmp_path, "3", coverage_row()))
    assert (
        notices(send(home, coverage(tmp_path, "4", coverage_row(period="04/2026", covered=401)), day=6)) == []
    )


def test_empty_extracts_of_two_months_are_no_surprise(home, tmp_path):
    file = delimited(tmp_path / "a.csv", DOSSIER)
    send(home, file, org="24133", period="02/2026")
    assert notices(send(home, file, day=6, org="24133", period="03/2026")) == []


def test_the_day_of_the_figures_is_part_of_the_period(home, tmp_path):
    for day, month in ((5, "02"), (6, "03")):
        row = ["infra_5g_coverage", "66", f"{month}/2026", "", "", "", 55, f"15/{month}/2026"]
        file = delimited(tmp_path / f"{month}.csv", [*INDICATOR, "Số liệu đến ngày"], row)
        receipt = send(home, file, day)
    assert notices(receipt) == ["TD-120"]


def test_a_withdrawal_brings_back_what_was_before(home, tmp_path):
    first = coverage(tmp_path, "a", coverage_row())
    wrong = coverage(tmp_path, "b", coverage_row(population=9999))
    send(home, first, day=5)
    mistake = send(home, wrong, day=6)
    withdrawal = withdraw(home, tmp_path, mistake.submission_id, day=7)
    assert (withdrawal.rows_loaded, withdrawal.org_code, withdrawal.period) == (1, "24133", "2026-03")
    # The one before is in force again.
    assert send(home, first, day=8).status == "unchanged"
    # Withdrawing the withdrawal brings the mistake back.
    withdraw(home, tmp_path, withdrawal.submission_id, day=9)
    assert counts(send(home, first, day=10)) == (1, 0, 0, 1)


def test_what_was_withdrawn_is_new_when_it_comes_again(home, tmp_path):
    file = coverage(tmp_path, "a", coverage_row())
    withdraw(home, tmp_path, send(home, file, day=5).submission_id, day=6)
    assert counts(send(home, file, day=7)) == (1, 0, 0, 0)


def test_a_withdrawal_must_name_what_was_taken(home, tmp_path):
    rejected = send(home, delimited(tmp_path / "x.csv", ["a"], ["1"]))
    for named in ("coverage_2026-03_24133_20260405T081500_0a1b2c3d4e5f", rejected.submission_id):
        file = delimited(tmp_path / "rut.csv", WITHDRAWAL, [named, "Nhầm", "46/UBND", "12/04/2026"])
        receipt = send(home, file, day=7, org="24133", period="2026-03")
        assert [problem["rule_code"] for problem in receipt.problems] == ["TD-225"]
        assert (receipt.problems[0]["cell"], receipt.rows_quarantined) == ("A2", 1)


def erase(home, receipt, name=None):
    raw = home.raw / receipt.raw_path
    target = raw.with_name(f"{name or raw.name}.erased")
    target.write_text("Xóa theo quyết định 12/QĐ-UBND ngày 10/04/2026", encoding="utf-8")
    raw.unlink()
    return target


def test_an_erased_file_leaves_a_tombstone_and_nothing_else(home, tmp_path):
    file = coverage(tmp_path, "a", coverage_row(), coverage_row("24154", population="?"))
    erased = send(home, file, day=5)
    kept = send(home, coverage(tmp_path, "b", coverage_row(period="02/2026")), day=6)
    erase(home, erased)
    summary = intake(home, REFERENCES)
    assert (summary.is_changed, summary.problems) == (True, [])
    row = read_ledger(home).row(0, named=True)
    assert (row["submission_id"], row["status"], row["rows_read"]) == (erased.submission_id, "erased", 0)
    assert (row["sha256"], row["columns"], row["content_hash"]) == (erased.sha256[:12], None, None)
    assert [path for path in files_below(home.landing) if erased.submission_id in path] == []
    assert read_ledger(home)["status"].to_list() == ["erased", "landed"]
    assert not intake(home, REFERENCES).is_changed
    # A rebuild respects it.
    before = read_ledger(home)
    shutil.rmtree(home.warehouse)
    assert intake(home, REFERENCES).submission_ids == [kept.submission_id]
    assert read_ledger(home).equals(before)


def test_erased_content_is_not_taken_again(home, tmp_path):
    file = coverage(tmp_path, "a", coverage_row())
    erase(home, send(home, file, day=5))
    before = files_below(home.raw)
    for options in ({}, {"org": "66"}):
        with pytest.raises(TiendoError) as caught:
            send(home, file, day=6, **options)
        assert caught.value.code == "TD-123"
    assert files_below(home.raw) == before


def test_a_copy_of_an_erased_file_is_not_landed(home, tmp_path):
    a = coverage(tmp_path, "a", coverage_row())
    first = send(home, a, day=5)
    send(home, coverage(tmp_path, "b", coverage_row(population=2000)), day=6)
    send(home, a, day=7)
    erase(home, first)
    summary = intake(home, REFERENCES)
    assert [problem.code for problem in summary.problems] == ["TD-123"]
    assert read_ledger(home)["status"].to_list() == ["erased", "landed"]


def test_a_tombstone_may_leave_out_a_name_that_says_too_much(home, tmp_path):
    receipt = send(home, coverage(tmp_path, "Nguyễn Văn A", coverage_row()))
    moment_and_hash = receipt.raw_path.rsplit("/", 1)[1].rsplit("__", 1)[0]
    erase(home, receipt, f"{moment_and_hash}__tep")
    assert intake(home, REFERENCES).problems == []
    ledger = read_ledger(home)
    assert ledger.select("submission_id", "file_name", "status").rows() == [
        (receipt.submission_id, "tep", "erased")
    ]


def test_no_sender_can_pass_a_file_off_as_a_tombstone(home, tmp_path):
    file = coverage(tmp_path, "a", coverage_row()).rename(tmp_path / "a.csv.erased")
    receipt = send(home, file)
    assert not receipt.raw_path.endswith(".erased")
    assert intake(home, REFERENCES).known == 1


def test_many_files_are_taken_in_one_go(home, tmp_path):
    files = [
        coverage(tmp_path, "a", coverage_row()),
        delimited(tmp_path / "b.csv", [*COVERAGE, "CCCD"], [*coverage_row(), "1"]),
        coverage(tmp_path, "c (MẬT)", coverage_row()),
        coverage(tmp_path, "d", coverage_row()),
        coverage(tmp_path, "e", coverage_row(population=2000)),
        tmp_path / "nothing.csv",
        coverage(tmp_path, "g", coverage_row(period="02/2026", population="?")),
    ]
    moment = datetime(2026, 4, 5, 8, 15)
    results = submit_files(home, files, REFERENCES, received_at=moment)
    assert [getattr(item, "status", None) or item.code for item in results] == [
        "landed",
        "TD-106",
        "TD-107",
        "unchanged",
        "landed",
        "TD-101",
        "landed",
    ]
    assert "MẬT" not in results[2].text("vi")
    assert "#3" in results[2].text("vi")
    assert read_ledger(home).height == 3
    one_by_one = Home(tmp_path / "other")
    for file in (files[0], files[3], files[4], files[6]):
        submit(one_by_one, file, REFERENCES, received_at=moment)
    assert files_below(one_by_one.root) == files_below(home.root)


def test_what_a_batch_took_before_it_was_killed_is_completed(home, tmp_path, monkeypatch):
    files = [coverage(tmp_path, str(n), coverage_row(population=1000 + n)) for n in range(3)]

    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr("tiendo.intake.door.write_ledger", killed)
    with pytest.raises(KeyboardInterrupt):
        submit_files(home, files, REFERENCES, received_at=datetime(2026, 4, 5, 8, 15))
    monkeypatch.undo()
    again = submit_files(home, files[:1], REFERENCES, received_at=datetime(2026, 4, 6, 8, 15))
    assert read_ledger(home)["rows_landed"].to_list()[:3] == [1, 1, 1]
    assert is_conserved(again[0])


def test_raw_copies_are_on_disk_before_landing_files_and_these_before_the_ledger(home, tmp_path, monkeypatch):
    from tiendo.intake import door as module

    order = []
    real = module.bring_to_disk, module.write_ledger
    monkeypatch.setattr(
        module, "bring_to_disk", lambda paths, *args: (order.extend(map(str, paths)), real[0](paths, *args))
    )
    monkeypatch.setattr(module, "write_ledger", lambda *args: (order.append("ledger"), real[1](*args)))
    with Door(home, REFERENCES) as door:
        receipt = door.take(coverage(tmp_path, "a", coverage_row()), received_at=datetime(2026, 4, 5, 8, 15))
        assert order == []
    landed = home.landing / "coverage" / "2026-03" / "24133" / f"{receipt.submission_id}.parquet"
    assert order == [str(home.raw / receipt.raw_path), str(landed), "ledger"]


def test_a_ledger_of_the_old_shape_is_written_anew(home, tmp_path):
    file = coverage(tmp_path, "a", coverage_row())
    send(home, file)
    whole = read_ledger(home)
    whole.drop("content_hash", "columns", "notices").write_parquet(home.ledger)
    summary = intake(home, REFERENCES)
    assert ([problem.code for problem in summary.problems], summary.landed) == (["TD-402"], 1)
    assert read_ledger(home).equals(whole)
    whole.drop("content_hash").write_parquet(home.ledger)
    assert send(home, file, day=6).status == "unchanged"


def test_dossier_numbers_land_as_pseudonyms(home, tmp_path):
    file = delimited(tmp_path / "a.csv", DOSSIER, dossier_row(1), dossier_row(2), dossier_row(1))
    receipt = send(home, file, org="66")
    assert [problem["rule_code"] for problem in receipt.problems] == ["TD-210"]
    path = home.landing / "dossier" / "2026-03" / "66" / f"{receipt.submission_id}.parquet"
    first = pl.read_parquet(path)
    assert first["dossier_id"].str.contains(r"^[0-9a-f]{32}$").all()
    assert first["dossier_id"].n_unique() == 2
    assert (home.warehouse / "pseudonym.key").stat().st_mode & 0o777 == 0o600
    assert b"H66.1" not in b"".join(files_below(home.warehouse).values())
    # The same number is the same in another extract, so what is unchanged is seen.
    other = send(
        home, delimited(tmp_path / "b.csv", DOSSIER, dossier_row(2), dossier_row(3)), day=6, org="66"
    )
    assert counts(other) == (1, 1, 0, 1)


def test_a_lost_key_lands_its_forms_anew(home, tmp_path):
    dossiers = send(home, delimited(tmp_path / "a.csv", DOSSIER, dossier_row(1)), org="66")
    send(home, coverage(tmp_path, "b", coverage_row()), day=6)
    path = home.landing / "dossier" / "2026-03" / "66" / f"{dossiers.submission_id}.parquet"
    before = pl.read_parquet(path)
    (home.warehouse / "pseudonym.key").unlink()
    assert intake(home, REFERENCES).submission_ids == [dossiers.submission_id]
    after = pl.read_parquet(path)
    assert after["dossier_id"][0] != before["dossier_id"][0]
    assert after["row_hash"][0] != before["row_hash"][0]
    assert not intake(home, REFERENCES).is_changed


def coverage_line(org, month, value):
    return [org, "Xã", f"{month:02d}/2026", "", value, 1]


def indicator_line(org, month, value):
    return ["infra_5g_coverage", org, f"{month:02d}/2026", "", "", "", value]


def dossier_line(org, month, value):
    return [f"H.{value}", "1.000656", org, f"05/{month:02d}/2026", "", "Trực tuyến", "Từ chối"]


FORMS = {"F01": (INDICATOR, indicator_line), "F02": (DOSSIER, dossier_line), "F04": (COVERAGE, coverage_line)}


class Senders(RuleBasedStateMachine):
    """Small files of three forms, in any order of receipt, some of them again, some of them wrong."""

    def __init__(self):
        super().__init__()
        import tempfile
        from pathlib import Path

        self.folder = tempfile.TemporaryDirectory()
        self.root = Path(self.folder.name)
        self.home = Home(self.root / "home")
        self.sent = 0

    def teardown(self):
        self.folder.cleanup()

    @rule(
        form=st.sampled_from(sorted(FORMS)),
        rows=st.lists(
            st.tuples(
                st.sampled_from(["24133", "24154", "66", "99999"]),
                st.sampled_from([2, 3]),
                st.sampled_from([7, 8, "?"]),
            ),
            min_size=1,
            max_size=3,
        ),
        sender=st.sampled_from(["24133", "66"]),
        minute=st.integers(0, 8),
    )
    def submit(self, form, rows, sender, minute):
        headers, make = FORMS[form]
        self.sent += 1
        file = delimited(self.root / f"{self.sent}.csv", headers, *(make(*row) for row in rows))
        receipt = submit(
            self.home,
            file,
            REFERENCES,
            org=sender,
            period="2026-03",
            received_at=datetime(2026, 4, 5, 8, 0) + timedelta(minutes=minute),
        )
        assert receipt.rows_read == len(rows)
        assert is_conserved(receipt)
        assert min(counts(receipt)) >= 0
        assert receipt.rows_loaded + receipt.rows_unchanged + receipt.rows_superseded == len(rows) - len(
            {problem["row_number"] for problem in receipt.problems}
        )

    @rule()
    def take_up_again(self):
        assert not intake(self.home, REFERENCES).is_changed or self.sent == 0

    @invariant()
    def the_ledger_comes_from_raw_alone(self):
        if not self.sent:
            return
        before = read_ledger(self.home)
        self.home.ledger.unlink()
        shutil.rmtree(self.home.landing)
        intake(self.home, REFERENCES)
        assert read_ledger(self.home).equals(before)


TestSenders = Senders.TestCase
TestSenders.settings = settings(
    max_examples=12, stateful_step_count=8, deadline=None, suppress_health_check=list(HealthCheck)
)
