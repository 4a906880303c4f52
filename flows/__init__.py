"""Prefect flows: thin, each step one call into tiendo."""

import atexit
import os
import sys

# Government networks are closed: nothing may be sent out, and a temporary server needs time to start.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "60")


def _hush() -> None:
    """Keeps from the user what DuckDB says about itself when the interpreter ends beside Prefect."""
    sys.stderr.flush()
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)


# Registered before Prefect's own, so that it comes after them.
atexit.register(_hush)
