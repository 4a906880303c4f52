"""Runs the installed command line as a user would."""

import os
import subprocess
import sys
from pathlib import Path

TIENDO = Path(sys.executable).with_name("tiendo")


def tiendo(
    home: Path, *arguments: str | Path, expect: int = 0, **environment: str
) -> subprocess.CompletedProcess[str]:
    """What the program answers on a home; it must never be a traceback."""
    shown = subprocess.run(
        [TIENDO, *arguments, "--home", home],
        capture_output=True,
        text=True,
        env={**os.environ, "TIENDO_LANG": "vi", **environment},
        timeout=300,
    )
    assert shown.returncode == expect, f"{arguments}: {shown.returncode}\n{shown.stdout}\n{shown.stderr}"
    assert "Traceback" not in shown.stdout + shown.stderr
    assert "nanobind" not in shown.stderr
    return shown
