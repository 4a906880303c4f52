"""What is wrong with an installation or a home, and the command that repairs it; changes nothing.

Each module looks at one thing and holds the words for what may be wrong with it. A probe that fails is a
finding itself: the more is broken, the more the rest is needed.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from types import MappingProxyType

from tiendo.doctor import machine, nights, place, program, published, received, surroundings, working_state
from tiendo.doctor.diagnosis import Diagnosis, Probe, Words, told
from tiendo.settings import Home

__all__ = ["CONDITIONS", "PROBES", "Diagnosis", "examine"]

PROBES: tuple[Probe, ...] = (
    program.python,
    program.packages,
    program.files,
    program.contracts,
    program.suites,
    surroundings.settings,
    surroundings.prefect,
    machine.disk,
    machine.temporary,
    machine.limits,
    machine.memory,
    machine.open_files,
    machine.clock,
    machine.filesystem,
    place.folders,
    place.files,
    place.rights,
    place.lock,
    place.key,
    program.plans,
    received.raw,
    received.synthetic,
    working_state.state,
    working_state.warehouse,
    working_state.leftovers,
    published.release,
    published.shelf,
    nights.last_run,
    nights.schedule,
)
UNEXAMINED: dict[str, Words] = {
    "unexamined": (
        "error",
        "Không kiểm tra được mục “{probe}”: {reason}",
        "The probe “{probe}” failed: {reason}",
        "Xử lý các lỗi khác ở đây trước, rồi: tiendo doctor{at}",
        "Repair what else is told here first, then: tiendo doctor{at}",
    )
}
CONDITIONS: Mapping[str, Words] = MappingProxyType(
    UNEXAMINED
    | program.WORDS
    | surroundings.WORDS
    | machine.WORDS
    | place.WORDS
    | received.WORDS
    | working_state.WORDS
    | published.WORDS
    | nights.WORDS
)
tell = partial(told, UNEXAMINED)


def examine(home: Home) -> list[Diagnosis]:
    """Looks at everything a refresh and its readers rely on."""
    return [diagnosis for probe in PROBES for diagnosis in guarded(home, probe)]


def guarded(home: Home, probe: Probe) -> Iterator[Diagnosis]:
    """What a probe finds; what stopped it is found as well."""
    try:
        yield from probe(home)
    except Exception as error:  # whatever the damage: the other probes go on
        name = f"{probe.__module__.rpartition('.')[2]}.{probe.__name__}"
        reason = " ".join(str(error).split())[:200] or type(error).__name__
        yield tell(home, "unexamined", probe=name, reason=reason)
