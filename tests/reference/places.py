"""Places: the key is `org_code` and `valid_from`; a figure is of the unit that bore its code that day."""

import csv
from dataclasses import dataclass
from datetime import date
from pathlib import Path


@dataclass(frozen=True)
class Place:
    org_code: str
    valid_from: date
    valid_to: date
    level: str
    province_code: str

    def exists_on(self, day: date) -> bool:
        return self.valid_from <= day <= self.valid_to


class Places:
    def __init__(self, org_units: Path) -> None:
        self.by_code: dict[str, list[Place]] = {}
        with org_units.open(encoding="utf-8", newline="") as file:
            for row in csv.DictReader(file):
                place = Place(
                    row["org_code"],
                    date.fromisoformat(row["valid_from"]),
                    date.fromisoformat(row["valid_to"]) if row["valid_to"] else date.max,
                    row["org_level"],
                    row["province_code"],
                )
                self.by_code.setdefault(place.org_code, []).append(place)

    def on(self, org_code: str, day: date) -> Place | None:
        return next((place for place in self.by_code.get(org_code, []) if place.exists_on(day)), None)

    def communes(self, province_code: str, day: date) -> list[Place]:
        """Communes of a province on a day."""
        return [
            place
            for places in self.by_code.values()
            for place in places
            if place.level == "commune" and place.province_code == province_code and place.exists_on(day)
        ]
