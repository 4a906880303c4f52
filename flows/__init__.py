"""Prefect flows: thin, each step one call into tiendo."""

import os

# Government networks are closed: nothing may be sent out, and a temporary server needs time to start.
os.environ.setdefault("DO_NOT_TRACK", "1")
os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "60")
