"""What is decided at load time: withdrawn submissions leave, corrections apply, annexes replace or fail."""

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tiendo.intake.contracts import canonical_schema, load_contract, load_contracts
from tiendo.intake.digests import with_hash
from tiendo.intake.ledger import LEDGER_SCHEMA
from tiendo.intake.store import Submission, landing_file
from tiendo.references import load_references
from tiendo.registry.annexes import Annex, load_registry_with
from tiendo.registry.plans import load_registry, read_registry
from tiendo.registry.tables import view_name
from tiendo.settings import SHIPPED_PLANS, TIMEZONE, Home
from tiendo.warehouse.annexes import submitted_annexes, unused_annexes
from tiendo.warehouse.corrections import correct
from tiendo.warehouse.database import build_database, known_submissions
from tiendo.warehouse.findings import Finding

PLAN = "dak-lak-2026-kh-bcd"
REFERENCES = load_references(SHIPPED_PLANS)
TARGET = {
    "plan_id": PLAN,
    "row_ref": "PL.1",
    "name_vi": "Tỷ lệ phủ sóng 5G",
    "milestone_year": "2027",
    "target_raw": "≥ 97,5%",
    "indicator_code": "infra_5g_coverage",
}


@pytest.fixture(scope="module")
def registry() -> dict[str, pl.DataFrame]:
    return load_registry(SHIPPED_PLANS)


def annex(
    *rows: Mapping[str, str | None],
    table: str = "plan_targets",
    submission_id: str = "first",
    rows_missing: int = 0,
) -> Annex:
    """An annex as it leaves the landing zone: all columns of the form, blanks null, rows from 5 on."""
    columns = [name for name in read_registry(SHIPPED_PLANS)[table].columns if name != "line_number"]
    frame = pl.DataFrame(
        [{name: row.get(name) for name in columns} for row in rows], schema=dict.fromkeys(columns, pl.String)
    )
    numbered = frame.with_columns(row_number=pl.int_range(5, pl.len() + 5, dtype=pl.Int64))
    return Annex(table, str(rows[0]["plan_id"]), submission_id, numbered, rows_missing)


def of_plan(frame: pl.DataFrame, plan_id: str = PLAN) -> pl.DataFrame:
    return frame.filter(plan_id=plan_id)


def test_a_form_called_like_a_registry_table_yields_the_name():
    assert [view_name(form) for form in ("plan_targets", "plan_tasks", "coverage")] == [
        "submitted_plan_targets",
        "submitted_plan_tasks",
        "coverage",
    ]


def test_an_annex_replaces_the_whole_plan_and_no_other(registry: dict[str, pl.DataFrame]):
    merged, refused = load_registry_with(SHIPPED_PLANS, [annex(TARGET)])
    assert refused == []
    row = of_plan(merged["plan_targets"]).row(0, named=True)
    assert of_plan(merged["plan_targets"]).height == 1
    assert (row["target_kind"], row["comparator"], row["unit"]) == ("at_least", "at_least", "percent")
    assert (row["target_low"], row["target_high"]) == (Decimal("97.5"), None)
    assert (row["pace"], row["milestone_on"], row["strict"]) == ("level", date(2027, 12, 31), False)
    others = pl.col("plan_id") != PLAN
    assert merged["plan_targets"].filter(others).equals(registry["plan_targets"].filter(others))
    assert merged["plan_targets"]["line_number"].is_unique().all()


def test_the_plans_sent_as_they_stand_change_nothing(registry: dict[str, pl.DataFrame]):
    texts = read_registry(SHIPPED_PLANS)
    annexes = [
        Annex(table, str(plan_id), "first", part.drop("line_number").with_row_index("row_number"))
        for table in ("plan_targets", "plan_tasks")
        for (plan_id,), part in texts[table].group_by("plan_id", maintain_order=True)
    ]
    merged, refused = load_registry_with(SHIPPED_PLANS, annexes)
    assert refused == []
    for name, frame in registry.items():
        same = merged[name].drop("line_number").sort(pl.all())
        assert same.equals(frame.drop("line_number").sort(pl.all())), name


def test_readings_left_open_are_those_that_people_wrote(registry: dict[str, pl.DataFrame]):
    """Kind, bounds and pace out of the target cell alone, save for eight rows that people read otherwise."""
    texts = read_registry(SHIPPED_PLANS)["plan_targets"]
    open_columns = ("target_kind", "target_low", "target_high", "unit", "per", "strict", "pace")
    blank = texts.with_columns(pl.lit(None, pl.String).alias(name) for name in open_columns)
    merged, refused = load_registry_with(
        SHIPPED_PLANS,
        [
            Annex(
                "plan_targets", str(plan_id), "first", part.drop("line_number").with_row_index("row_number")
            )
            for (plan_id,), part in blank.group_by("plan_id", maintain_order=True)
        ],
    )
    assert refused == []
    key = ["plan_id", "row_ref", "milestone_on"]
    both = merged["plan_targets"].join(registry["plan_targets"], on=key, suffix="_written")
    differing = both.filter(
        pl.any_horizontal(
            pl.col(name).ne_missing(pl.col(f"{name}_written"))
            for name in ("target_kind", "target_low", "target_high", "pace")
        )
    )
    assert both.height == registry["plan_targets"].height
    assert differing.height == 8


@pytest.mark.parametrize(
    ("changes", "code", "column"),
    [
        ({"indicator_code": "no_such"}, "TD-303", "indicator_code"),
        ({"duplicate_of": "PL.9"}, "TD-303", "duplicate_of"),
        ({"milestone_year": "hai"}, "TD-304", "milestone_on"),
        ({"target_kind": "at_least", "target_low": "79.5"}, "TD-304", "target_low"),
        ({"target_kind": "at_most"}, "TD-304", "target_kind"),
        ({"target_raw": None}, "TD-304", "target_raw"),
    ],
)
def test_what_the_registry_would_refuse_is_not_used_and_told(
    registry: dict[str, pl.DataFrame], changes: dict[str, str | None], code: str, column: str
):
    good = {**TARGET, "row_ref": "PL.0"}
    merged, refused = load_registry_with(SHIPPED_PLANS, [annex(good, {**TARGET, **changes})])
    assert merged["plan_targets"].equals(registry["plan_targets"])
    assert [(item.error.code, item.error.place.row, item.error.place.column) for item in refused] == [
        (code, 6, column)
    ]
    finding = unused_annexes(refused)[0]
    assert (finding.finding_kind, finding.submission_id) == ("plan_annex_not_used", "first")
    assert finding.subject == f"plan_targets {PLAN}"
    assert "dòng 6" in finding.message_vi
    assert "row 6" in finding.message_en


def test_a_milestone_that_stands_twice_is_not_used():
    _, refused = load_registry_with(SHIPPED_PLANS, [annex(TARGET, TARGET)])
    assert [item.error.code for item in refused] == ["TD-302"]


def test_an_annex_with_quarantined_rows_would_lose_targets_and_is_not_used():
    merged, refused = load_registry_with(SHIPPED_PLANS, [annex(TARGET, rows_missing=2)])
    assert [item.error.code for item in refused] == ["TD-306"]
    assert of_plan(merged["plan_targets"]).height > 1


def test_of_several_annexes_the_last_good_one_stands():
    bad = {**TARGET, "indicator_code": "no_such"}
    better = {**TARGET, "target_raw": "99%"}
    merged, refused = load_registry_with(
        SHIPPED_PLANS,
        [
            annex(bad, submission_id="first"),
            annex(TARGET, submission_id="second"),
            annex(better, submission_id="third"),
            annex(bad, submission_id="fourth"),
        ],
    )
    assert of_plan(merged["plan_targets"])["target_raw"].to_list() == ["99%"]
    assert [item.annex.submission_id for item in refused] == ["fourth"]


def test_a_task_that_an_annex_drops_takes_its_roles_along(registry: dict[str, pl.DataFrame]):
    roles = of_plan(registry["task_agencies"])
    kept = roles["row_ref"][0]
    task = {"plan_id": PLAN, "row_ref": kept, "title_vi": "Nhiệm vụ", "due_on": "2026-06-30"}
    merged, refused = load_registry_with(SHIPPED_PLANS, [annex(task, table="plan_tasks")])
    assert refused == []
    tasks = of_plan(merged["plan_tasks"])
    assert tasks.select("row_ref", "deadline_kind").rows() == [(kept, "date")]
    assert of_plan(merged["task_agencies"]).equals(roles.filter(row_ref=kept))
    assert merged["plan_targets"].equals(registry["plan_targets"])


UNIT = "24133"
PLACES = {"population": 3, "population_5g": 4}


class Landing:
    """A landing zone and its ledger, written by hand; `coverage` is the submission of 5 April."""

    def __init__(self, root: Path) -> None:
        self.home = Home(root)
        self.rows: list[dict[str, Any]] = []
        self.coverage = self.land("coverage", [coverage_row(), coverage_row("24121", 2000, 1500)], day=5)

    def land(
        self, form: str, rows: list[dict[str, Any]], day: int = 6, org_code: str = UNIT, **ledger: Any
    ) -> str:
        """The identifier of a submission of a day of April 2026, with these rows from row 5 on."""
        contract = load_contract(form)
        at = datetime(2026, 4, day, 8, 15, tzinfo=TIMEZONE)
        submission = Submission(form, "2026-03", org_code, at, "0a1b2c3d4e5f", "a.csv")
        provenance = {
            "submission_id": submission.submission_id,
            "received_at": submission.received_at_utc,
            "sheet": "Biểu",
        }
        schema = canonical_schema(contract)
        full = [
            {**dict.fromkeys(schema), **provenance, "row_number": number, **row}
            for number, row in enumerate(rows, 5)
        ]
        path = submission.landing_path(self.home)
        path.parent.mkdir(parents=True, exist_ok=True)
        with_hash(pl.DataFrame(full, schema=schema), contract).select(list(schema)).write_parquet(path)
        known = {
            "submission_id": submission.submission_id,
            "form": form,
            "org_code": org_code,
            "period": "2026-03",
            "received_at": submission.received_at_utc,
            "raw_path": submission.raw_path,
            "rows_read": len(rows),
            "rows_landed": len(rows),
            "rows_quarantined": 0,
            "status": "landed",
            "columns": json.dumps({"Biểu": PLACES}),
        }
        self.rows.append({**known, **ledger})
        return submission.submission_id

    def known(self, day: int = 30) -> pl.DataFrame:
        ledger = pl.DataFrame(self.rows, schema=dict(LEDGER_SCHEMA), orient="row")
        return known_submissions(self.home, ledger, datetime(2026, 4, day, 23, tzinfo=UTC))

    def corrected(self, day: int = 30) -> pl.DataFrame:
        files, findings = correct(self.home, self.known(day), REFERENCES)
        assert findings == []
        return pl.read_parquet(files[self.coverage])


@pytest.fixture
def landing(tmp_path: Path) -> Landing:
    return Landing(tmp_path)


def coverage_row(org_code: str = UNIT, population: int = 1139, population_5g: int = 900) -> dict[str, Any]:
    return {
        "org_code": org_code,
        "period": "2026-03",
        "population": population,
        "population_5g": population_5g,
    }


def correction(named: str, cell: str, old: str, new: str, sheet: str | None = "Biểu") -> dict[str, Any]:
    return {
        "corrected_submission_id": named,
        "corrected_sheet": sheet,
        "cell": cell,
        "old_value": old,
        "new_value": new,
        "reason": "Ghi nhầm",
        "document_number": "45/UBND",
        "signed_on": date(2026, 4, 6),
    }


def withdrawal(named: str) -> dict[str, Any]:
    return {
        "withdrawn_submission_id": named,
        "reason": "Nhầm",
        "document_number": "46/UBND",
        "signed_on": date(2026, 4, 7),
    }


def statuses(submissions: pl.DataFrame) -> list[str]:
    return submissions.sort("received_at")["status"].to_list()


def test_a_withdrawal_works_from_its_receipt_on_and_not_before(landing: Landing):
    landing.land("withdrawal", [withdrawal(landing.coverage)], day=7)
    assert statuses(landing.known(day=6)) == ["landed"]
    assert statuses(landing.known(day=8)) == ["withdrawn", "landed"]


def test_a_withdrawal_that_was_itself_withdrawn_takes_nothing_out(landing: Landing):
    first = landing.land("withdrawal", [withdrawal(landing.coverage)], day=7)
    landing.land("withdrawal", [withdrawal(first)], day=8)
    assert statuses(landing.known()) == ["landed", "withdrawn", "landed"]


def test_a_correction_replaces_the_value_and_the_hash_of_its_row_alone(landing: Landing):
    landing.land("correction", [correction(landing.coverage, "C5", "1.139", "1.193")])
    after = landing.corrected()
    before = pl.read_parquet(landing_file(landing.home, "coverage", "2026-03", UNIT, landing.coverage))
    assert after["population"].to_list() == [1193, 2000]
    assert after.schema == before.schema
    assert after.row(1) == before.row(1)
    assert after["row_hash"][0] != before["row_hash"][0]
    assert before["population"].to_list() == [1139, 2000]


def test_corrected_copies_are_equal_bytes_and_vanish_with_their_correction(landing: Landing):
    landing.land("correction", [correction(landing.coverage, "C5", "1139", "1193")])
    path = correct(landing.home, landing.known(), REFERENCES)[0][landing.coverage]
    first = path.read_bytes()
    assert correct(landing.home, landing.known(), REFERENCES)[0][landing.coverage].read_bytes() == first
    assert correct(landing.home, landing.known(day=5), REFERENCES) == ({}, [])
    assert not path.exists()


def test_the_last_correction_of_a_cell_speaks_and_a_withdrawn_one_does_not(landing: Landing):
    landing.land("correction", [correction(landing.coverage, "C5", "1139", "1193")], day=6)
    second = landing.land("correction", [correction(landing.coverage, "C5", "1139", "1200")], day=7)
    assert landing.corrected()["population"].to_list() == [1200, 2000]
    landing.land("withdrawal", [withdrawal(second)], day=8)
    assert landing.corrected()["population"].to_list() == [1193, 2000]


def test_part_and_whole_are_corrected_together(landing: Landing):
    both = [
        correction(landing.coverage, "C5", "1139", "800"),
        correction(landing.coverage, "D5", "900", "700"),
    ]
    landing.land("correction", both)
    assert landing.corrected().select("population", "population_5g").row(0) == (800, 700)


@pytest.mark.parametrize(
    "misfit",
    [
        {"old_value": "1140"},
        {"cell": "C9"},
        {"cell": "Z5"},
        {"new_value": "nghìn"},
        {"new_value": "800"},  # less than its part
        {"corrected_sheet": "Khác"},
        {"corrected_submission_id": "coverage_2026-02_24133_20260305T081500_0a1b2c3d4e5f"},
    ],
    ids=["old value", "no row", "no column", "no number", "rule", "sheet", "submission"],
)
def test_a_correction_that_does_not_fit_changes_nothing_and_is_told(landing: Landing, misfit: dict[str, Any]):
    row = correction(landing.coverage, "C5", "1139", "1193") | misfit
    by = landing.land("correction", [row])
    files, findings = correct(landing.home, landing.known(), REFERENCES)
    assert files == {}
    assert [(item.finding_kind, item.submission_id) for item in findings] == [("correction_not_applied", by)]
    assert findings[0].other_submission_id == row["corrected_submission_id"]
    assert findings[0].subject == f"{row['corrected_sheet']}!{row['cell']}"


def test_the_warehouse_shows_corrected_rows_and_nothing_of_withdrawn_ones(landing: Landing):
    landing.land("correction", [correction(landing.coverage, "C5", "1139", "1193")])
    other = landing.land("coverage", [coverage_row("24121", 5, 5)], org_code="24121")
    landing.land("withdrawal", [withdrawal(other)], day=7)
    schemas = {form: canonical_schema(contract) for form, contract in load_contracts().items()}
    known = landing.known()
    files, _ = correct(landing.home, known, REFERENCES)
    told = [Finding("plan_annex_not_used", "a1", "", "plan_tasks p1", "vi", "en")]
    path = build_database(landing.home, known, load_registry(SHIPPED_PLANS), schemas, files, told)
    with duckdb.connect(str(path), read_only=True) as connection:
        shown = connection.execute("select population from raw.coverage order by 1").fetchall()
        assert shown == [(1193,), (2000,)]
        assert connection.execute("select count(*) from raw.plan_targets").fetchone() == (609,)
        assert connection.execute("select count(*) from raw.submitted_plan_targets").fetchone() == (0,)
        assert connection.execute("select subject from raw.load_findings").fetchall() == [("plan_tasks p1",)]


def test_a_landed_annex_is_read_in_the_spelling_of_the_registry(landing: Landing):
    typed = {
        **TARGET,
        "milestone_year": 2027,
        "target_kind": "at_least",
        "target_low": Decimal("97.5"),
        "milestone_on": date(2027, 12, 31),
        "strict": False,
    }
    landing.land("plan_targets", [typed])
    bad = landing.land("plan_targets", [{**typed, "strict": True}], day=7, rows_quarantined=1)
    first, second = submitted_annexes(landing.home, landing.known())
    row = first.rows.row(0, named=True)
    assert (first.table, first.plan_id, first.rows_missing) == ("plan_targets", PLAN, 0)
    assert (row["milestone_year"], row["target_low"], row["target_high"]) == ("2027", "97.5", None)
    assert (row["milestone_on"], row["strict"], row["embedded"]) == ("2027-12-31", "no", None)
    assert (second.submission_id, second.rows_missing) == (bad, 1)
    merged, refused = load_registry_with(SHIPPED_PLANS, [first, second])
    assert of_plan(merged["plan_targets"])["target_low"].to_list() == [Decimal("97.5")]
    assert [item.annex.submission_id for item in refused] == [bad]
