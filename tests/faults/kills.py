"""Chains of kills: each next run starts from what the killed one left, and the last one runs to its end."""

import hashlib
import random
import shutil
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from faults import invariants
from faults.inputs import CHANGES, FIRST, coverage, later
from faults.lab import DAY, Ended, Lab
from faults.steps import PHASES, Kill, Memory, before

# The first chain of these ends with a refresh that does everything again, whatever a memory could answer.
ENDED_WHOLE = ("load", "run_models", "publish_release")
# Steps that decide what a reader sees are tried first, others spread evenly.
TELLING = ("rename", "symlink", "mkdir", "rmdir", "link", "truncate")


@dataclass(frozen=True)
class State:
    """A home with one release and a change that waits for the next.

    Attributes:
        name: Under which it is saved: `<name>-pending` before and `<name>-new` after the refresh.
        old: The release in force.
        new: The release the refresh makes.
        seen: Steps of that refresh by phase.
        seconds: How long it took.
        sent: SHA-256 of every file submitted.
        raw: Raw files by path, with their SHA-256.
    """

    name: str
    old: str
    new: str
    seen: dict[str, list[str]]
    seconds: float
    sent: tuple[str, ...]
    raw: dict[str, str]

    @property
    def pending(self) -> str:
        return f"{self.name}-pending"

    def memory(self, lab: Lab) -> Memory:
        return lab.memory(self.name)

    def control(self, lab: Lab) -> Path:
        """The release an undisturbed refresh made."""
        return lab.saved(f"{self.name}-new") / "data/curated/releases" / self.new


def well(ended: Ended) -> Ended:
    """A command that did what it should; 1 says that a row of a file is wrong."""
    ended.assert_told()
    assert ended.code in (0, 1), ended.err[-1500:]
    return ended


def prepare_states(lab: Lab, number: int) -> list[State]:
    """The first release, then one state for each of the first changes; nothing is disturbed here."""
    lab.home.mkdir(parents=True)
    well(lab.submit(FIRST))
    well(lab.refresh())
    lab.save("first")
    states: list[State] = []
    for position, change in enumerate(CHANGES[:number], 1):
        old = lab.ask(invariants.published)
        well(lab.submit(change))
        lab.save(f"{position}-pending")
        started = time.monotonic()
        ended = well(lab.refresh(is_kept=True, memory=lab.memory(str(position))))
        seconds = time.monotonic() - started
        lab.save(f"{position}-new")
        new, raw = lab.ask(invariants.published), invariants.hashes(lab.home / "data/raw")
        assert new != old, f"{change.name} changed nothing"
        state = State(str(position), old, new, ended.seen or {}, seconds, tuple(raw.values()), raw)
        lab.ask(invariants.finished, state.control(lab), state.sent)
        states.append(state)
    return states


@dataclass(frozen=True)
class Chain:
    """Kills one after the other on what each left, then a refresh to the end.

    Attributes:
        name: For the record.
        kills: Where; a number of 0 means a random moment within the phase.
        is_cold: Without the working state before each kill, as after a loss of it.
        is_short: The last refresh may take the answers of load, transform and check from memory.
    """

    name: str
    kills: tuple[Kill, ...]
    is_cold: bool = False
    is_short: bool = True


def chosen(names: Sequence[str], most: int) -> list[int]:
    """Numbers of steps to try, from 1: those that tell most, and the others spread evenly."""
    if not most:
        return []
    telling = [at for at, name in enumerate(names, 1) if name in TELLING]
    if len(telling) > most // 2:
        telling = telling[:: -(-len(telling) // max(most // 2, 1))]
    others = [at for at in range(1, len(names) + 1) if at not in telling]
    room = min(max(most - len(telling), 0), len(others))
    return sorted({*telling, *(others[at * len(others) // room] for at in range(room))})


def plan(seen: dict[str, list[str]], most: dict[str, int], length: int, seed: int) -> Iterator[Chain]:
    """The chains of one state.

    Args:
        seen: Steps of an undisturbed refresh by phase.
        most: Kills by phase, and under `random` those at random moments of each phase.
        length: Kills in a chain.
        seed: Decides in which kills the checking process is left alive.
    """
    rng = random.Random(seed)
    for phase in ("start", *PHASES):
        numbers = chosen(seen.get(phase, []), most.get(phase, 0)) + [0] * most.get("random", 0)
        for at in range(0, len(numbers), length):
            part = numbers[at : at + length]
            kills = tuple(Kill(phase, number, rng.random() < 0.5) for number in part)
            yield Chain(f"{phase}-{at // length}", kills, is_short=at > 0 or phase not in ENDED_WHOLE)


def short_chain(seen: dict[str, list[str]]) -> Chain:
    """Four kills: half way through three steps, and with the link switched and `current.json` not."""
    half = [Kill(phase, len(seen[phase]) // 2) for phase in ("load", "run_models", "publish_release")]
    switched = seen["publish_release"].index("symlink") + 3
    return Chain("short", (*half, Kill("publish_release", switched, is_alone=True)), is_short=False)


def run_chain(lab: Lab, state: State, chain: Chain, seed: int) -> Iterator[str]:
    """Does it; gives the kind of each kill survived, then `finished`."""
    lab.restore(state.pending)
    memory = state.memory(lab)
    allowed = {state.old}
    rng = random.Random(f"{seed}:{state.name}:{chain.name}")
    for kill in chain.kills:
        if chain.is_cold:
            shutil.rmtree(lab.home / "data/warehouse", ignore_errors=True)
        # A random moment may lie beyond its phase.
        if kill.phase == "publish_release" or kill.number == 0:
            allowed.add(state.new)
        kind = "random moment" if kill.number == 0 else "at a step"
        was_killed = kill_once(lab, memory, kill, rng, state.seconds)
        lab.ask(invariants.stands, allowed, state.raw)
        if was_killed:
            yield f"{kind} of {kill.phase}"
    skipped = before("publish_release") if chain.is_short else ()
    well(lab.refresh(memory=memory, skipped=skipped))
    lab.ask(invariants.finished, state.control(lab), state.sent)
    yield "finished"


def kill_once(lab: Lab, memory: Memory, kill: Kill, rng: random.Random, seconds: float) -> bool:
    """One refresh that is killed; whether it was, since one killed at a random moment may have ended."""
    at = kill if kill.number else None
    fork = lab.start("refresh", *DAY, memory=memory, skipped=before(kill.phase), kill=at)
    if kill.number == 0:
        if kill.phase != "start":
            lab.wait_for(fork, kill.phase)
        time.sleep(rng.random() ** 2 * seconds / 4)
        fork.kill()
    ended = lab.end(fork)
    if kill.number == 0 and ended.code != -9:
        well(ended)
        return False
    assert ended.code == -9, f"{kill} was not reached: {ended.code} {ended.err[-500:]}"
    return True


def count_cold(lab: Lab, state: State) -> dict[str, list[str]]:
    """Steps of the intake of a home whose working state is lost."""
    lab.restore(state.pending)
    shutil.rmtree(lab.home / "data/warehouse")
    fork = lab.start("refresh", *DAY, kill=Kill("load", 1))
    seen = lab.wait_for(fork, "load")
    lab.end(fork)
    return {phase: names for phase, names in seen.items() if phase in ("start", "take_in")}


def kill_submits(lab: Lab, most: int) -> Iterator[str]:
    """Kills `submit` at its steps, a new file each time, and submits that file again."""
    lab.restore("first")
    release = lab.ask(invariants.published)
    for covered in (9_000, 9_001):  # the second finds the folders that the first made
        counted = well(lab.submit(coverage(1, covered, later("2026-07-01T08:00+07:00", covered - 9_000))))
    raw = invariants.hashes(lab.home / "data/raw")
    sent = set(raw.values())
    for position, step in enumerate(chosen((counted.seen or {})["start"], most), 1):
        moment = later("2026-07-02T08:00+07:00", position * 10)
        file = coverage(1, 9_100 + position, moment)
        killed = lab.submit(file, kill=Kill("start", step, is_alone=bool(position % 2)))
        assert killed.code == -9, f"step {step} of submit was not reached: {killed.code} {killed.err[-500:]}"
        lab.ask(invariants.stands, {release}, raw)
        sha256 = hashlib.sha256(file.text.encode()).hexdigest()
        lab.ask(invariants.in_or_out, sha256)
        # Sent again, as whoever got no receipt would; of the same moment, since another one says that it is
        # entered from a backlog, where every arrival is kept.
        well(lab.submit(file))
        lab.ask(invariants.taken_once, sha256)
        raw = invariants.hashes(lab.home / "data/raw")
        sent.add(sha256)
        yield "submit, at a step"
    well(lab.refresh())
    lab.ask(invariants.complete, tuple(sent))
    yield "finished"


def kill_first_submits(lab: Lab, most: int) -> Iterator[str]:
    """The same where the file is the first of its form and place, without a look at the release after."""
    lab.restore("first")
    counted = well(lab.submit(coverage(1, 9_000, "2026-07-02T08:00+07:00")))
    for step in chosen((counted.seen or {})["start"], most):
        lab.restore("first")
        release, raw = lab.ask(invariants.published), invariants.hashes(lab.home / "data/raw")
        file = coverage(1, 9_000, "2026-07-02T08:00+07:00")
        killed = lab.submit(file, kill=Kill("start", step))
        assert killed.code == -9, f"step {step} of submit was not reached: {killed.code} {killed.err[-500:]}"
        lab.ask(invariants.stands, {release}, raw)
        sha256 = hashlib.sha256(file.text.encode()).hexdigest()
        lab.ask(invariants.in_or_out, sha256)
        well(lab.submit(file))
        lab.ask(invariants.taken_once, sha256)
        yield "submit, at a step"
