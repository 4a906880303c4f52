"""The place seeds against published facts of the reform of 1 July 2025.

That a rebuild gives the same bytes is not tested here: the source package is no dependency of the project.
"""

import csv
import unicodedata
from collections import Counter, defaultdict
from itertools import pairwise

import pytest

from tiendo.settings import DBT_PROJECT

Row = dict[str, str]
SEEDS = DBT_PROJECT / "seeds" / "reference"


def read_seed(name: str) -> list[Row]:
    with (SEEDS / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


@pytest.fixture(scope="module")
def units() -> list[Row]:
    return read_seed("org_units.csv")


@pytest.fixture(scope="module")
def crosswalk() -> list[Row]:
    return read_seed("org_crosswalk.csv")


def in_force(units: list[Row], on: str) -> list[Row]:
    return [
        row for row in units if row["valid_from"] <= on and (not row["valid_to"] or on <= row["valid_to"])
    ]


def one(units: list[Row], code: str, on: str) -> Row:
    (row,) = [row for row in in_force(units, on) if row["org_code"] == code]
    return row


def successors(crosswalk: list[Row], code: str) -> set[str]:
    return {row["new_org_code"] for row in crosswalk if row["old_org_code"] == code}


def test_units_in_force_since_the_reform(units: list[Row]) -> None:
    current = in_force(units, "2025-07-01")
    assert current == [row for row in units if not row["valid_to"]]
    assert Counter(row["org_level"] for row in current) == {"province": 34, "commune": 3321}
    types = Counter(row["unit_type"] for row in current)
    assert types == {"Tỉnh": 28, "Thành phố": 6, "Xã": 2621, "Phường": 687, "Đặc khu": 13}
    communes = Counter(row["province_code"] for row in current if row["org_level"] == "commune")
    assert (communes["68"], communes["66"], communes["75"]) == (124, 102, 95)


def test_units_in_force_before_the_reform(units: list[Row]) -> None:
    before = in_force(units, "2025-06-30")
    # districts: only the five islands that had no communes
    assert Counter(row["org_level"] for row in before) == {"province": 63, "commune": 10035, "district": 5}
    islands = {row["org_code"] for row in before if row["org_level"] == "district"}
    assert islands == {"318", "471", "498", "536", "755"}


def test_key_is_unique_and_validity_never_overlaps(units: list[Row]) -> None:
    by_code: defaultdict[str, list[Row]] = defaultdict(list)
    for row in units:
        by_code[row["org_code"]].append(row)
    assert len({(row["org_code"], row["valid_from"]) for row in units}) == len(units)
    for rows in by_code.values():
        for earlier, later in pairwise(sorted(rows, key=lambda row: row["valid_from"])):
            assert earlier["valid_from"] <= earlier["valid_to"] < later["valid_from"]


def test_codes_keep_their_zeros_and_names_are_nfc(units: list[Row]) -> None:
    digits = {"province": 2, "district": 3, "commune": 5}
    for row in units:
        assert row["org_code"].isdigit() and len(row["org_code"]) == digits[row["org_level"]]
        assert row["org_name_vi"] == unicodedata.normalize("NFC", row["org_name_vi"])
        assert row["org_name_vi"].startswith(row["unit_type"] + " ")
        assert bool(row["parent_name_vi"]) == (row["org_level"] != "province")
        assert row["valid_from_is_assumed"] == ("no" if row["valid_from"] == "2025-07-01" else "yes")


def test_every_unit_lies_in_a_province_of_its_time(units: list[Row]) -> None:
    for day in ("2025-06-30", "2025-07-01"):
        in_force_then = in_force(units, day)
        provinces = {row["org_code"] for row in in_force_then if row["org_level"] == "province"}
        assert {row["province_code"] for row in in_force_then} == provinces


def test_names_are_unique_within_a_current_province(units: list[Row]) -> None:
    names = Counter((row["province_code"], row["org_name_vi"]) for row in in_force(units, "2025-07-01"))
    assert max(names.values()) == 1


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        ("66", "Tỉnh Đắk Lắk", "Tỉnh Đắk Lắk"),  # the same name for a larger area
        ("52", "Tỉnh Bình Định", "Tỉnh Gia Lai"),
        ("44", "Tỉnh Quảng Bình", "Tỉnh Quảng Trị"),
        ("26041", "Phường Trung Dũng", "Phường Trấn Biên"),
    ],
)
def test_codes_are_reused_for_other_areas(units: list[Row], code: str, before: str, after: str) -> None:
    old, new = one(units, code, "2025-06-30"), one(units, code, "2025-07-01")
    assert (old["org_name_vi"], old["valid_to"]) == (before, "2025-06-30")
    assert (new["org_name_vi"], new["valid_from"], new["valid_to"]) == (after, "2025-07-01", "")


def test_tran_bien_ward_is_in_dong_nai(units: list[Row]) -> None:
    ward = one(units, "26041", "2026-01-01")
    assert (ward["province_code"], ward["parent_name_vi"]) == ("75", "Tỉnh Đồng Nai")


def test_crosswalk_joins_all_units_of_both_sides(units: list[Row], crosswalk: list[Row]) -> None:
    def keys(rows: list[Row], prefix: str = "") -> set[tuple[str, str]]:
        return {(row[f"{prefix}org_code"], row[f"{prefix}valid_from"]) for row in rows}

    assert keys(crosswalk, "old_") == keys(in_force(units, "2025-06-30"))
    assert keys(crosswalk, "new_") == keys(in_force(units, "2025-07-01"))
    assert len({(row["old_org_code"], row["new_org_code"]) for row in crosswalk}) == len(crosswalk)


def test_relations_follow_from_the_pairs(crosswalk: list[Row]) -> None:
    parts = Counter(row["old_org_code"] for row in crosswalk)
    sources = Counter(row["new_org_code"] for row in crosswalk)
    defaults = Counter(row["old_org_code"] for row in crosswalk if row["is_default"] == "yes")
    assert set(defaults) == set(parts) and max(defaults.values()) == 1
    for row in crosswalk:
        is_split, has_others = parts[row["old_org_code"]] > 1, sources[row["new_org_code"]] > 1
        expected = {"split"} if is_split else {"merged"} if has_others else {"unchanged", "renamed"}
        assert row["relation"] in expected


def test_numbers_of_each_relation(crosswalk: list[Row]) -> None:
    old_units = {(row["org_level"], row["relation"], row["old_org_code"]) for row in crosswalk}
    assert Counter((level, relation) for level, relation, _ in old_units) == {
        ("province", "unchanged"): 11,
        ("province", "merged"): 52,
        ("commune", "unchanged"): 127,
        ("commune", "renamed"): 10,
        ("commune", "merged"): 9461,
        ("commune", "split"): 442,
    }


@pytest.mark.parametrize(("province_code", "count"), [("66", 6), ("75", 7), ("12", 2)])
def test_communes_the_resolutions_left_alone(
    units: list[Row], crosswalk: list[Row], province_code: str, count: int
) -> None:
    # Resolutions 1660 (Đắk Lắk), 1662 (Đồng Nai) and 1670/NQ-UBTVQH15 (Lai Châu) of 16 June 2025
    here = {row["org_code"] for row in in_force(units, "2025-07-01") if row["province_code"] == province_code}
    left_alone = [row for row in crosswalk if row["relation"] == "unchanged" and row["new_org_code"] in here]
    assert len([row for row in left_alone if row["org_level"] == "commune"]) == count


def test_an_unchanged_commune_has_two_rows_only_if_its_province_changed(
    units: list[Row], crosswalk: list[Row]
) -> None:
    rows = Counter(row["org_code"] for row in units)
    unchanged = {row["old_org_code"] for row in crosswalk if row["relation"] == "unchanged"}
    assert Counter(rows[code] for code in unchanged) == {1: 79, 2: 59}
    # Tam Phước stays in Đồng Nai 75; Quảng Sơn went from Đắk Nông 67 to Lâm Đồng 68
    assert (rows["26374"], rows["24616"]) == (1, 2)
    assert one(units, "24616", "2025-06-30")["province_code"] == "67"
    assert one(units, "24616", "2025-07-01")["province_code"] == "68"


def test_namesakes_keep_only_their_own_successor(crosswalk: list[Row]) -> None:
    assert successors(crosswalk, "31714") == {"31726"}  # Thạnh Quới of Mỹ Xuyên → Gia Hòa
    assert successors(crosswalk, "31246") == {"31246"}  # Thạnh Quới of Vĩnh Thạnh → Thạnh Quới
    assert successors(crosswalk, "28252") == {"28249"}  # Phường 4 of Mỹ Tho → Đạo Thạnh
    assert successors(crosswalk, "26041") == {"26041"}


def test_island_district_becomes_special_zone(units: list[Row], crosswalk: list[Row]) -> None:
    assert successors(crosswalk, "755") == {"26732"}
    assert one(units, "26732", "2025-07-01")["org_name_vi"] == "Đặc khu Côn Đảo"
    assert one(units, "755", "2025-06-30")["parent_name_vi"] == "Tỉnh Bà Rịa - Vũng Tàu"


def test_points_lie_in_the_country_and_areas_are_positive(units: list[Row]) -> None:
    for row in units:
        assert bool(row["latitude"]) == bool(row["longitude"])
        if row["latitude"]:
            assert 6 < float(row["latitude"]) < 23.5 and 102 < float(row["longitude"]) < 118
        assert not row["area_km2"] or float(row["area_km2"]) > 0
    assert sum(not row["latitude"] for row in units) == 13


@pytest.mark.parametrize("name", ["org_units.csv", "org_crosswalk.csv"])
def test_seed_is_small_enough_to_review_in_git(name: str) -> None:
    assert (SEEDS / name).stat().st_size < 2 * 1024 * 1024
