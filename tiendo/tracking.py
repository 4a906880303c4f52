"""Whether a run is tracked by Prefect: only where a server is configured and answers.

Starting a temporary server would cost twenty seconds, so without a server the steps run as plain functions.
"""

import os
import urllib.error
import urllib.request
from collections.abc import Callable
from typing import Any

PATIENCE_SECONDS = 2


def tracked_pipeline() -> Callable[..., Any] | None:
    """The Prefect flow of the main job, or None where no server is configured and answering."""
    address = os.environ.get("PREFECT_API_URL")
    if not address or not answers(f"{address.rstrip('/')}/health"):
        return None
    from flows.nightly import nightly

    return nightly


def answers(address: str) -> bool:
    """Whether a server answers at this address, within `PATIENCE_SECONDS`."""
    if not address.startswith(("http://", "https://")):
        return False
    try:
        with urllib.request.urlopen(address, timeout=PATIENCE_SECONDS) as answer:  # noqa: S310 scheme is checked
            return bool(answer.status == 200)
    except (urllib.error.URLError, TimeoutError, OSError, ValueError):
        return False
