"""Lives through a month of nights in which anything may happen; run by `make test-nights`.

After each night the release in force is whole, nothing half made lies beside it, and the run records tell
what was done to the home. The main job is the real one; `--light` replaces dbt and the checks.
"""

import argparse
import random
import sys
import tempfile
from datetime import date, timedelta
from pathlib import Path

import pytest
from light_steps import lighten
from living_province import MILITARY, PARTY, POLICE, Province, full_disk, report, settle

from tiendo import pipeline as main_job
from tiendo.publish.release import current_release, verify
from tiendo.runs import read_runs

BEGIN = date(2026, 3, 10)
REPORTERS = {POLICE: "KPI.II.10", MILITARY: "KPI.V.2", PARTY: "KPI.V.1.4"}
OUTCOMES = {
    "quiet": "published",
    "files": "published",
    "broken file": "published",
    "broken plan": "TD-303",
    "full disk": "TD-410",
    "run by hand": "published",
    "off": None,
}


def live(province: Province, nights: int, chance: random.Random) -> list[tuple[date, str]]:
    """What happens on each day, and the night after it."""
    lived: list[tuple[date, str]] = []
    for number in range(nights):
        day = BEGIN + timedelta(days=number)
        what = chance.choice(list(OUTCOMES))
        for hour in range(8, 8 + chance.randint(1, 3) * (what == "files")):
            agency = chance.choice(list(REPORTERS))
            percent = chance.randint(0, 99)
            province.send("bao-cao", f"{day}T{hour:02}:00", report(agency, REPORTERS[agency], percent))
        if what == "broken file":
            province.send("hong", f"{day}T11:00", "Cột một\n1\n")
        with pytest.MonkeyPatch.context() as patch:
            if what == "broken plan":
                province.break_plans()
            if what == "full disk":
                patch.setattr(main_job, "load", full_disk)
            if what != "off":
                due = f"{day + timedelta(days=1)}T01:00"
                if what == "run by hand":
                    province.refresh_by_hand(due)
                province.night(due.replace("01:00", "01:30") if what == "run by hand" else due, due=due)
        if what == "broken plan":
            province.mend_plans()
        lived.append((day, what))
        sys.stdout.write(f"{day}: {what}\n")
        sys.stdout.flush()
        judge(province, lived)
    return lived


def judge(province: Province, lived: list[tuple[date, str]]) -> None:
    """Ends the program where the home or its records are not as they should be."""
    told = [(run["error"] or {}).get("code") or run["outcome"] for run in reversed(read_runs(province.home))]
    expected = [outcome for _, what in lived if (outcome := OUTCOMES[what])]
    assert told == expected, f"{told} instead of {expected}"
    published = [day for day, what in lived if OUTCOMES[what] == "published"]
    in_force = current_release(province.home)
    if not published:
        assert in_force is None
        return
    assert in_force is not None
    assert in_force.name.startswith((published[-1] + timedelta(days=1)).isoformat()), in_force.name
    assert verify(province.home) == []
    assert len(list(province.home.releases.iterdir())) == len(published)


def main() -> None:
    """Reads how long and by which chance, and lives."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--nights", type=int, default=30)
    parser.add_argument("--seed", type=int, default=57)
    parser.add_argument("--light", action="store_true")
    said = parser.parse_args()
    with (
        tempfile.TemporaryDirectory(prefix="tiendo-nights-") as folder,
        pytest.MonkeyPatch.context() as patch,
    ):
        if said.light:
            lighten(patch)
        live(settle(Path(folder), patch), said.nights, random.Random(said.seed))


if __name__ == "__main__":
    main()
