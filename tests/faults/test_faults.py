"""Five kills and one of each other fault; `make test-faults` does hundreds."""

import os
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_nothing_is_lost_and_the_next_refresh_goes_on() -> None:
    # A process of its own: it forks, and this one has threads of which a forked process has none.
    done = subprocess.run(
        [sys.executable, "-m", "faults", "--gate"],
        cwd=PROJECT,
        env=os.environ | {"PYTHONPATH": os.pathsep.join((str(PROJECT), str(PROJECT / "tests")))},
        capture_output=True,
        text=True,
        timeout=580,
    )
    sys.stdout.write(done.stdout)
    assert done.returncode == 0, done.stdout + done.stderr[-2000:]
    assert "     5  kills in all" in done.stdout
