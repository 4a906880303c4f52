"""A clock that tests set: the whole program believes it, since it reads the time in one place."""

import sys
import time
from datetime import datetime, timedelta

import pytest

from tiendo import settings
from tiendo.settings import TIMEZONE


def moment(text: str) -> datetime:
    """Such as `2026-03-20T01:00`, in Vietnam."""
    return datetime.fromisoformat(text).replace(tzinfo=TIMEZONE)


class Clock:
    """Shows the moment it was set to and goes on from there."""

    def __init__(self) -> None:
        """Not set: shows the real time."""
        self._moment: datetime | None = None
        self._real = settings.now

    def set(self, text: str) -> datetime:
        """Sets it to a moment as of `moment`, and gives that."""
        self._moment, self._since = moment(text), time.monotonic()
        return self._moment

    def now(self) -> datetime:
        """Stands in for `tiendo.settings.now`."""
        if self._moment is None:
            return self._real()
        return self._moment + timedelta(seconds=time.monotonic() - self._since)

    def rule(self, patch: pytest.MonkeyPatch) -> None:
        """From here on every module that has been imported believes it, and those imported later."""
        modules = [module for name, module in sys.modules.items() if name.startswith(("tiendo", "flows"))]
        for module in modules:
            if getattr(module, "now", None) is self._real:
                patch.setattr(module, "now", self.now)

    def stop(self) -> None:
        """Shows the real time again, also to modules that were imported meanwhile."""
        self._moment = None
