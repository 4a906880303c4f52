"""Records of runs: what differs between equal runs stays here, outside the releases."""

import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tiendo.settings import Home, now


@dataclass
class RunRecord:
    """Times of one run, written to `data/warehouse/runs` when it ends.

    Attributes:
        path: The record's file.
        content: What is written there.
        seconds: Wall time of each step, in seconds.
    """

    path: Path
    content: dict[str, Any]
    seconds: dict[str, float] = field(default_factory=dict[str, float])

    @classmethod
    def begin(cls, home: Home, as_of: date, known_at: datetime) -> "RunRecord":
        """Starts the record of a run."""
        started = now()
        content: dict[str, Any] = {
            "started_at": started.isoformat(),
            "as_of": as_of.isoformat(),
            "known_at": known_at.isoformat(),
        }
        return cls(home.runs / f"{started:%Y-%m-%dT%H%M%S.%f}.json", content)

    def step(self, name: str, run: Callable[..., Any], function: Callable[..., Any], *arguments: Any) -> Any:
        """Runs one step through `run` and notes its time; a step that fails ends the record."""
        started = time.perf_counter()
        try:
            return run(function, *arguments)
        except BaseException as error:
            self.finish("failed", None, f"{name}: {error}")
            raise
        finally:
            self.seconds[name] = round(time.perf_counter() - started, 3)

    def finish(self, outcome: str, release_id: str | None, error: str | None = None) -> None:
        """Writes the record."""
        self.content |= {
            "finished_at": now().isoformat(),
            "outcome": outcome,
            "release_id": release_id,
            "seconds": self.seconds,
        }
        if error:
            self.content["error"] = error
        # A run that did its work, or says why it could not, does not fail for want of a record.
        with suppress(OSError):
            self.path.parent.mkdir(parents=True, exist_ok=True)
            self.path.write_text(json.dumps(self.content, ensure_ascii=False, indent=2), encoding="utf-8")
