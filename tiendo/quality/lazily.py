"""Packages that are loaded when something of them is first used, and not when they are imported.

Great Expectations imports statistics and charts that no check of ours asks for: a third of its import time.
"""

import importlib.util
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType


class _Lazily:
    """A finder in front of the others, which has some modules loaded by `LazyLoader`."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name not in self._names:
            return None
        others = (finder for finder in sys.meta_path if finder is not self)
        specs = (finder.find_spec(name, path, target) for finder in others)
        spec = next((spec for spec in specs if spec), None)
        if spec and spec.loader:
            spec.loader = importlib.util.LazyLoader(spec.loader)
        return spec


def load_lazily(*names: str) -> None:
    """Modules of these names are loaded from now on when an attribute of theirs is first asked for."""
    sys.meta_path.insert(0, _Lazily(frozenset(names)))
