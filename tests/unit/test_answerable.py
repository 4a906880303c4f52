"""Who is named in a target row: the five real plans, and the spellings that are easily misread."""

import polars as pl
import pytest

from tiendo.registry.plans import load_registry
from tiendo.settings import SHIPPED_PLANS
from tiendo.warehouse.answerable import Named, read_agencies, spellings_of, target_agencies

# Target rows (plan row and milestone) whose plan names nobody in any role; each was looked up in the plan:
# totals and lists of the body text, which have no column of agencies.
NOBODY_NAMED = {
    "dak-lak-2025-kh-ubnd": 4,
    "dak-lak-2025-kh02-bcd": 1,
    "dak-lak-2026-kh-bcd": 39,
    "lam-dong-2026-kh3450": 1,
    "tran-bien-2026-kh01": 47,
}


@pytest.fixture(scope="module")
def registry() -> dict[str, pl.DataFrame]:
    return load_registry(SHIPPED_PLANS)


@pytest.fixture(scope="module")
def read(registry: dict[str, pl.DataFrame]) -> pl.DataFrame:
    return target_agencies(registry)


def codes(read: pl.DataFrame, plan_id: str, row_ref: str, role: str) -> list[str | None]:
    of_row = (pl.col("plan_id") == plan_id) & (pl.col("row_ref") == row_ref) & (pl.col("role") == role)
    return read.filter(of_row).sort("name_order")["agency_code"].to_list()


def test_all_609_rows_of_the_real_plans_have_an_answerable_agency_or_name_nobody(
    registry: dict[str, pl.DataFrame], read: pl.DataFrame
):
    targets = registry["plan_targets"]
    answerable = read.filter("is_answerable").unique(["plan_id", "row_ref"])
    joined = targets.join(answerable, on=["plan_id", "row_ref"])
    assert joined.height == targets.height == 609
    counted = joined.group_by("plan_id", "reading").len()
    nobody = counted.filter(pl.col("reading") == "not_named")
    assert dict(nobody.select("plan_id", "len").iter_rows()) == NOBODY_NAMED
    recognised = counted.filter(pl.col("reading") == "recognised")
    assert dict(recognised.select("plan_id", "len").iter_rows()) == {
        "dak-lak-2025-kh-ubnd": 317,
        "dak-lak-2025-kh02-bcd": 32,
        "dak-lak-2026-kh-bcd": 28,
        "lam-dong-2026-kh3450": 125,
        "tran-bien-2026-kh01": 15,
    }


def test_rows_that_name_nobody_are_blank_in_every_role(registry: dict[str, pl.DataFrame], read: pl.DataFrame):
    nobody = read.filter(pl.col("reading") == "not_named")
    texts = registry["plan_targets"].join(nobody, on=["plan_id", "row_ref"])
    assert texts.select("lead_raw", "responsible_raw", "monitor_raw").null_count().row(0) == (92, 92, 92)


def test_every_agency_named_in_the_real_plans_is_recognised(read: pl.DataFrame):
    assert read.filter(pl.col("reading") == "not_recognised").is_empty()


def test_the_plan_says_which_role_is_answerable(read: pl.DataFrame):
    plan, row = "dak-lak-2025-kh-ubnd", "PL1.I.1"
    assert codes(read, plan, row, "lead") == ["dl_ubnd_tinh"]
    assert codes(read, plan, row, "monitor") == ["dl_so_khcn"]
    answerable = read.filter(
        (pl.col("plan_id") == plan) & (pl.col("row_ref") == row) & pl.col("is_answerable")
    )
    assert answerable.select("role", "agency_code").rows() == [("responsible", "dl_dn_buu_chinh_cntt")]


def test_where_the_answerable_role_is_blank_the_lead_answers(read: pl.DataFrame):
    row = (pl.col("plan_id") == "lam-dong-2026-kh3450") & (pl.col("row_ref") == "PL2.VIII.6")
    answerable = read.filter(row & pl.col("is_answerable"))
    assert answerable.select("role", "agency_code").rows() == [("lead", "ld_cong_an_tinh")]


def test_heads_stand_for_their_agencies(read: pl.DataFrame):
    plan, row = "lam-dong-2026-kh3450", "PL2.V.17a"
    assert codes(read, plan, row, "responsible") == ["ld_so_khcn", "ld_so_noi_vu"]


AGENCIES = pl.DataFrame(
    {
        "agency_code": ["party", "party_office", "finance", "boards", "communes", "health"],
        "name_vi": [
            "Tỉnh ủy",
            "Văn phòng Tỉnh ủy",
            "Sở Tài chính",
            "Các sở, ban, ngành",
            "Các xã",
            "Sở Y tế",
        ],
        "short_name": [None, "VP Tỉnh ủy", "STC", None, None, None],
        "aliases": [None, None, None, "sở, ngành, địa phương", "sở, ngành, địa phương", "Y tế"],
    }
)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("Văn phòng Tỉnh ủy", [(["party_office"], "Văn phòng Tỉnh ủy")]),
        ("Tỉnh uỷ; VP tỉnh ủy", [(["party"], "Tỉnh uỷ"), (["party_office"], "VP tỉnh ủy")]),
        ("Sở, ngành, địa phương", [(["boards", "communes"], "Sở, ngành, địa phương")]),
        ("Giám đốc Sở Tài chính và Sở Y tế", [(["finance"], "Sở Tài chính"), (["health"], "Sở Y tế")]),
        ("STC, Sở Du lịch, Sở Y tế", [(["finance"], "STC"), ([], "Sở Du lịch"), (["health"], "Sở Y tế")]),
        ("Kho bạc", [([], "Kho bạc")]),
        ("", []),
        (" ; ", []),
    ],
)
def test_names_are_read_longest_first_and_the_rest_is_kept(text: str, named: list[tuple[list[str], str]]):
    assert read_agencies(text, spellings_of(AGENCIES)) == [Named(tuple(codes), part) for codes, part in named]


def test_an_agency_of_another_province_is_not_recognised(registry: dict[str, pl.DataFrame]):
    targets = registry["plan_targets"].filter(pl.col("plan_id") == "lam-dong-2026-kh3450").head(1)
    targets = targets.with_columns(pl.lit("Sở Y tế").alias("monitor_raw"))
    read = target_agencies({**registry, "plan_targets": targets}).filter(pl.col("role") == "monitor")
    assert read.select("agency_code", "name_raw", "reading").rows() == [(None, "Sở Y tế", "not_recognised")]


def test_a_row_that_names_a_responsible_agency_only_leaves_a_plan_of_leads_without_an_answer(
    registry: dict[str, pl.DataFrame],
):
    targets = registry["plan_targets"].filter(pl.col("plan_id") == "tran-bien-2026-kh01").head(1)
    targets = targets.with_columns(pl.lit("Phòng VH-XH").alias("responsible_raw"))
    read = target_agencies({**registry, "plan_targets": targets})
    assert read.select("role", "agency_code", "reading", "is_answerable").rows() == [
        ("lead", None, "not_named", True),
        ("responsible", "tb_phong_vhxh", "recognised", False),
    ]
