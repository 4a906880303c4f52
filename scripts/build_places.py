"""Writes the place seeds `org_units.csv` and `org_crosswalk.csv` from the data of `vietnamadminunits`.

Development only: the seeds are committed, the package is no run-time dependency. Run it as
`uv run --with vietnamadminunits==1.0.4 scripts/build_places.py`; it always gives byte-identical files.

Source: vietnamadminunits 1.0.4 (MIT, Copyright (c) 2025 Tran Ngoc Minh Hieu): the GSO units before and after
1 July 2025 and the conversion between them. What this script decides:

* Keys: `org_code` + `valid_from`, because the reform gave old codes to other areas and names. True earlier
  dates are unknown: all that is older starts on 2004-07-08, when Decision 124/2004/QĐ-TTg introduced the
  codes, and `valid_from_is_assumed` says so. It is no claim that a unit stood unaltered since then.
* Unchanged: one old unit goes wholly into one new unit that has no other source, with the same code and name,
  letter case (Ia RVê, Ia Rvê) and the spellings in `RESPELT` aside. Areas before the reform are not known, so
  they cannot be compared. Such a unit keeps ONE row, valid since 2004, with its present name and parent. If
  its province changed code or name it gets two rows, and the crosswalk still says `unchanged`: its series
  carry over. Counts agree with Resolutions 1660 (Đắk Lắk, 6), 1662 (Đồng Nai, 7) and 1670 (Lai Châu, 2).
* Other relations: `renamed` (same territory; other name, type or code), `merged` (wholly into a unit with
  more sources), `split` (one row per new unit; `is_default` is the package's choice for an address without a
  street, not a share: split units are never converted). Every old unit has a successor.
* The legacy table has 10,040 rows for 10,035 communes: the island districts Bạch Long Vĩ, Cồn Cỏ, Hoàng Sa,
  Lý Sơn and Côn Đảo had no communes. They stay, as level `district` with their 3-digit codes, since special
  zones (đặc khu) of today descend from them. Other districts are not listed, only named as parents.
* Namesakes: where two old communes of one new province share a name, the package may link both to the
  successors of each (Thạnh Quới of Vĩnh Thạnh and of Mỹ Xuyên, 99 km apart). A link of a split unit is
  dropped if a namesake has the stronger claim: whole communes of the namesake's district (else of its old
  province) went into that new unit and none of its own. 31 links go; 29 units that looked split are whole.
* The type comes from the name; the package's type column contradicts it in 12 rows. 'Thị Trấn' → 'Thị trấn'.
* Points are geocoded, and some lie at a namesake elsewhere: a point over 60 km from where the other side of
  the crosswalk lies is left empty. So are areas of 0; provinces have no area in the source.
"""

import csv
import json
import math
import sqlite3
import sys
import unicodedata
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

PACKAGE, VERSION = "vietnamadminunits", "1.0.4"
SEEDS = Path(__file__).resolve().parents[1] / "dbt_project" / "seeds" / "reference"

CODES_INTRODUCED_ON = "2004-07-08"
LAST_DAY_BEFORE_REFORM = "2025-06-30"
REFORM_ON = "2025-07-01"
MISPLACED_KM = 60.0
# written otherwise in the old table: Đak Lua and Đăk Ơ (left alone by Resolution 1662), Tà Xi Láng
RESPELT = {"26119", "25225", "04603"}

UNIT_TYPES = ("Thành phố", "Thị trấn", "Tỉnh", "Huyện", "Phường", "Đặc khu", "Xã")
COLUMN_PREFIXES = {"province": "province", "district": "district", "commune": "ward"}
LEVELS = tuple(COLUMN_PREFIXES)
UNIT_COLUMNS = (
    *("org_code", "valid_from", "valid_to", "org_name_vi", "org_level", "unit_type", "province_code"),
    *("parent_name_vi", "latitude", "longitude", "area_km2", "valid_from_is_assumed"),
)
CROSSWALK_COLUMNS = (
    *("old_org_code", "old_valid_from", "new_org_code", "new_valid_from"),
    *("org_level", "relation", "is_default"),
)

Point = tuple[float, float]
Row = dict[str, Any]


@dataclass(frozen=True)
class Unit:
    """A unit on one side of the reform; `key` is the package's: province, old district, commune."""

    key: str
    code: str
    name: str
    level: str
    province_code: str
    province_name: str
    parent_name: str
    point: Point
    district_point: Point | None
    area_km2: float | None

    @property
    def unit_type(self) -> str:
        """The kind of unit, as its name begins."""
        return next(kind for kind in UNIT_TYPES if self.name.startswith(f"{kind} "))


@dataclass(frozen=True)
class Link:
    """An old unit with territory in a new unit; `is_whole` if all of it went there."""

    old: Unit
    new: Unit
    is_default: bool
    is_whole: bool


def clean_name(text: str) -> str:
    """NFC, single spaces, one spelling of the type 'Thị trấn'."""
    return unicodedata.normalize("NFC", " ".join(text.split())).replace("Thị Trấn ", "Thị trấn ")


def read_table(database: Path, table: str) -> list[Row]:
    """All rows of one table of the package's database."""
    connection = sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        return [dict(row) for row in connection.execute(f'select * from "{table}"')]  # noqa: S608
    finally:
        connection.close()


def unit(row: Row, level: str, key: str, parent_name: str) -> Unit:
    """The unit of one level that a row of the package describes."""
    prefix = COLUMN_PREFIXES[level]
    return Unit(
        key=key,
        code=row[f"{prefix}Code"],
        name=clean_name(row[prefix]),
        level=level,
        province_code=row["provinceCode"],
        province_name=clean_name(row["province"]),
        parent_name=clean_name(parent_name),
        point=(row[f"{prefix}Lat"], row[f"{prefix}Lon"]),
        district_point=(row["districtLat"], row["districtLon"]) if "districtLat" in row else None,
        area_km2=(row.get("wardAreaKm2") or None) if level == "commune" else None,
    )


def old_unit(row: Row) -> Unit:
    """The commune of a legacy row, or the island district where the row has none."""
    key = f"{row['provinceKey']}_{row['districtKey']}_{row['wardKey'] or ''}"
    if row["wardCode"] is None:
        return unit(row, "district", key, row["province"])
    return unit(row, "commune", key, row["district"])


def by_key(units: Iterable[Unit]) -> dict[str, Unit]:
    """Units by key; the repeats of one province over its rows are equal and collapse."""
    found: dict[str, Unit] = {}
    for each in units:
        if found.setdefault(each.key, each).code != each.code:
            raise ValueError(f"the package uses the key {each.key} twice")
    return found


def read_links(data: Path) -> list[Link]:
    """All old-to-new pairs as the package has them, provinces and communes; raises if a unit has none."""
    old_rows = read_table(data / "dataset.db", "admin_units_legacy")
    new_rows = read_table(data / "dataset.db", "admin_units")
    old = by_key(
        [unit(row, "province", row["provinceKey"], "") for row in old_rows]
        + [old_unit(row) for row in old_rows]
    )
    new = by_key(
        [unit(row, "province", row["provinceKey"], "") for row in new_rows]
        + [
            unit(row, "commune", f"{row['provinceKey']}_{row['wardKey']}", row["province"])
            for row in new_rows
        ]
    )
    converter: dict[str, dict[str, Any]] = json.loads((data / "converter_2025.json").read_text("utf-8"))
    links: list[Link] = []
    for target, sources in converter["DICT_PROVINCE"].items():
        links += [Link(old[source], new[target], True, True) for source in sources]
    for province, communes in converter["DICT_PROVINCE_WARD_NO_DIVIDED"].items():
        for target, sources in communes.items():
            links += [Link(old[source], new[f"{province}_{target}"], True, True) for source in sources]
    for province, communes in converter["DICT_PROVINCE_WARD_DIVIDED"].items():
        for source, parts in communes.items():
            for part in parts:
                target = new[f"{province}_{part['newWardKey']}"]
                links.append(Link(old[source], target, part["isDefaultNewWard"], False))
    lost = (old.keys() - {link.old.key for link in links}) | (new.keys() - {link.new.key for link in links})
    if lost:
        raise ValueError(f"units without a link: {sorted(lost)[:5]}")
    return links


def claim(old: Unit, whole_sources: list[Unit]) -> int:
    """Nearest commune that went wholly into a new unit: 2 same district, 1 same old province, 0 neither."""
    district, province = old.key.rsplit("_", 1)[0], old.key.split("_")[0]
    if any(source.key.rsplit("_", 1)[0] == district for source in whole_sources):
        return 2
    return int(any(source.key.split("_")[0] == province for source in whole_sources))


def is_mixup(link: Link, siblings: list[Link]) -> bool:
    """Whether a part of a split unit really belongs to a namesake among the new unit's other sources."""
    if link.is_whole:
        return False
    whole_sources = [sibling.old for sibling in siblings if sibling.is_whole]
    own_claim = claim(link.old, whole_sources)
    name_key = link.old.key.rsplit("_", 1)[1]
    namesakes = [sibling.old for sibling in siblings if sibling.old.key.rsplit("_", 1)[-1] == name_key]
    return any(claim(namesake, whole_sources) > own_claim for namesake in namesakes)


def without_mixups(links: list[Link]) -> list[Link]:
    """Drops the mix-ups of namesakes; a unit left with one link becomes whole."""
    into: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        into[link.new.key].append(link)
    kept: dict[str, list[Link]] = {link.old.key: [] for link in links}
    for link in links:
        if not is_mixup(link, into[link.new.key]):
            kept[link.old.key].append(link)
    lost = [key for key, group in kept.items() if not group]
    if lost:
        raise ValueError(f"units that lost all their links: {lost}")
    return [
        replace(link, is_whole=True, is_default=True) if len(group) == 1 else link
        for group in kept.values()
        for link in group
    ]


def relation(link: Link, sources_of_new: int) -> str:
    """The relation of one pair, as defined at the top."""
    if not link.is_whole:
        return "split"
    if sources_of_new > 1:
        return "merged"
    is_same_name = link.old.name.casefold() == link.new.name.casefold() or link.old.code in RESPELT
    return "unchanged" if is_same_name and link.old.code == link.new.code else "renamed"


def distance_km(one: Point, other: Point) -> float:
    """Plane approximation, good to a percent at these latitudes."""
    east = (one[1] - other[1]) * 111.3 * math.cos(math.radians(one[0]))
    return math.hypot((one[0] - other[0]) * 110.6, east)


def is_far(point: Point, others: list[Point]) -> bool:
    """Whether all the other points, if there are any, are further away than a commune can be."""
    return bool(others) and min(distance_km(point, other) for other in others) > MISPLACED_KM


def misplaced(links: list[Link]) -> set[Unit]:
    """Units below the province whose point cannot be right.

    A new commune is judged by the districts it came from, save the special zones, whose islands do lie far
    out; an old commune by the trusted points of the new communes it went into.
    """
    links = [link for link in links if link.new.level == "commune"]
    origins: defaultdict[Unit, list[Point]] = defaultdict(list)
    for link in links:
        if link.old.district_point and link.new.unit_type != "Đặc khu":
            origins[link.new].append(link.old.district_point)
    new = {unit for unit, points in origins.items() if is_far(unit.point, points)}
    successors: defaultdict[Unit, list[Point]] = defaultdict(list)
    for link in links:
        if link.new not in new:
            successors[link.old].append(link.new.point)
    return new | {unit for unit, points in successors.items() if is_far(unit.point, points)}


def unit_row(each: Unit, valid_from: str, valid_to: str, has_point: bool) -> Row:
    """One row of org_units.csv; points to 4 decimals (11 m), areas in km²."""
    latitude, longitude = (f"{degrees:.4f}" if has_point else "" for degrees in each.point)
    area = "" if each.area_km2 is None else f"{each.area_km2:.2f}"
    is_assumed = "yes" if valid_from == CODES_INTRODUCED_ON else "no"
    identity = (each.code, valid_from, valid_to, each.name, each.level, each.unit_type, each.province_code)
    values = (*identity, each.parent_name, latitude, longitude, area, is_assumed)
    return dict(zip(UNIT_COLUMNS, values, strict=True))


def build(links: list[Link]) -> tuple[list[Row], list[Row]]:
    """The rows of both seeds, sorted: units by level, code and date; crosswalk by level and both codes."""
    sources_of_new: defaultdict[str, int] = defaultdict(int)
    for link in links:
        sources_of_new[link.new.key] += 1
    without_point = misplaced(links)
    units: dict[tuple[str, str], Row] = {}
    crosswalk: list[Row] = []
    for link in links:
        old, new, kind = link.old, link.new, relation(link, sources_of_new[link.new.key])
        is_province_kept = (old.province_code, old.province_name) == (new.province_code, new.province_name)
        keeps_one_row = kind == "unchanged" and is_province_kept
        new_from = CODES_INTRODUCED_ON if keeps_one_row else REFORM_ON
        if not keeps_one_row:
            has_point = old not in without_point
            units["old", old.key] = unit_row(old, CODES_INTRODUCED_ON, LAST_DAY_BEFORE_REFORM, has_point)
        units["new", new.key] = unit_row(new, new_from, "", new not in without_point)
        is_default = "yes" if link.is_default else "no"
        values = (old.code, CODES_INTRODUCED_ON, new.code, new_from, new.level, kind, is_default)
        crosswalk.append(dict(zip(CROSSWALK_COLUMNS, values, strict=True)))
    return (
        sorted(units.values(), key=lambda r: (LEVELS.index(r["org_level"]), r["org_code"], r["valid_from"])),
        sorted(crosswalk, key=lambda r: (LEVELS.index(r["org_level"]), r["old_org_code"], r["new_org_code"])),
    )


def write_csv(path: Path, rows: list[Row]) -> None:
    """Writes rows as UTF-8 with plain line feeds, so that every machine gives the same bytes."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    sys.stdout.write(f"{path.name}: {len(rows):,} rows, {path.stat().st_size:,} bytes\n")


def main() -> None:
    """Finds the package's data and writes both seeds."""
    package = distribution(PACKAGE)
    if package.version != VERSION:
        raise SystemExit(f"{PACKAGE} {VERSION} is needed, {package.version} is installed")
    # located, not imported: importing the package loads shapely and its address parser
    data = Path(str(package.locate_file(f"{PACKAGE}/data"))).resolve()
    units, crosswalk = build(without_mixups(read_links(data)))
    SEEDS.mkdir(parents=True, exist_ok=True)
    write_csv(SEEDS / "org_units.csv", units)
    write_csv(SEEDS / "org_crosswalk.csv", crosswalk)


if __name__ == "__main__":
    main()
