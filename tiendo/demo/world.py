"""What the synthetic senders have in common: places, departments, the window, and repeatable chance.

Chance is drawn from streams named after what they decide, so that a change to one form leaves others alone.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache
from pathlib import Path

import numpy as np
import polars as pl

from tiendo.demo.window import LAST_MONTH, Month, window
from tiendo.settings import DBT_PROJECT

ORG_UNITS = DBT_PROJECT / "seeds" / "reference" / "org_units.csv"
WARD = "26041"
WARD_PROVINCE = "75"
OWN_SENDERS = 10
OWN_EXTRACTS = 5
PROVINCE_NAMES = {"66": "Đắk Lắk", "68": "Lâm Đồng", "75": "Đồng Nai"}


@dataclass(frozen=True)
class Parcel:
    """One file on its way to the warehouse.

    Attributes:
        form: The form it claims to be ('unknown' where it is none); for the summary only.
        name: File name.
        received_at: When it arrives, with time zone.
        render: Writes the file's bytes; called once, when the file is handed in.
        org: Sender named on the command line, where the file itself does not say.
        period: Period named on the command line, likewise.
        flaw: The rule code this file must meet, empty for a sound one.
    """

    form: str
    name: str
    received_at: datetime
    render: Callable[[], bytes]
    org: str | None = None
    period: str | None = None
    flaw: str = ""


@lru_cache(maxsize=32)
def _read_table(path: Path) -> pl.DataFrame:
    return pl.read_csv(path, infer_schema=False)


@dataclass(frozen=True)
class World:
    """The arguments of a demo and the real places and plans it stands on.

    Attributes:
        seed: Decides every figure.
        provinces: Province codes, in the order given.
        month_count: Length of the window in months.
        dossier_count: Dossiers over all provinces and months.
        plans: Folder of the registry's CSV files.
        last_month: Where the window ends; of a demo always October 2026.
    """

    seed: int
    provinces: tuple[str, ...]
    month_count: int
    dossier_count: int
    plans: Path
    last_month: Month = LAST_MONTH

    @cached_property
    def months(self) -> tuple[Month, ...]:
        """The window, oldest first."""
        return window(self.month_count, self.last_month)

    @cached_property
    def communes(self) -> dict[str, pl.DataFrame]:
        """By province: one row per current commune with `org_code, org_name_vi, area_km2`, by code."""
        units = _read_table(ORG_UNITS).filter(pl.col("org_level") == "commune", pl.col("valid_to").is_null())
        return {
            province: units.filter(pl.col("province_code") == province)
            .select("org_code", "org_name_vi", pl.col("area_km2").cast(pl.Float64).fill_null(85.0))
            .sort("org_code")
            for province in self.provinces
        }

    def departments(self, province: str) -> list[str]:
        """Codes of the provincial departments that receive dossiers; may be empty."""
        return (
            self.registry("agencies")
            .filter(
                pl.col("province_code") == province,
                pl.col("kind") == "department",
                pl.col("name_vi").str.starts_with("Sở"),
            )["agency_code"]
            .to_list()
        )

    def own_senders(self, province: str) -> list[str]:
        """Communes that send their own coverage workbook; the first few their own dossier extract too."""
        codes = self.communes[province]["org_code"].to_list()
        others = [code for code in codes if code != WARD]
        picked = self.stream("own senders", province).choice(len(others), OWN_SENDERS, replace=False)
        chosen = [others[index] for index in sorted(picked.tolist())]
        return [WARD, *chosen[:-1]] if WARD in codes else chosen

    def own_extracts(self, province: str) -> list[str]:
        """Communes that send their own dossier extract."""
        return self.own_senders(province)[:OWN_EXTRACTS]

    def registry(self, name: str) -> pl.DataFrame:
        """One registry file, all columns as text, blanks null."""
        return _read_table(self.plans / f"{name}.csv")

    def stream(self, *names: str) -> np.random.Generator:
        """A source of chance of its own for what is named, the same on every run."""
        digest = hashlib.sha256("/".join(names).encode()).digest()
        return np.random.default_rng([self.seed, int.from_bytes(digest[:8], "big")])
