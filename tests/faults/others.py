"""Faults other than kills: what each leads to, and that the next refresh mends it or says what to do."""

import functools
import itertools
import os
import shutil
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from faults import invariants
from faults.damage import DAMAGES, Damage
from faults.forks import Fork
from faults.inputs import coverage
from faults.kills import State, well
from faults.lab import DAY, Lab, set_clock
from faults.mounts import fill, inside, read_only, small_disk
from faults.steps import before

FREE = {
    "load": (0, 20_000),
    "run_models": (0, 1 << 20),
    "stage_release": (0, 1 << 20),
    "check": (0, 2 << 20),
    "publish_release": (0, 200_000, 4 << 20),
}
READERS = 20


def stands(lab: Lab, state: State) -> None:
    lab.ask(invariants.stands, {state.old}, state.raw)


def mended(lab: Lab, state: State, skipped: tuple[str, ...] = before("publish_release")) -> None:
    """The next refresh comes to what an undisturbed one came to."""
    well(lab.refresh(memory=state.memory(lab), skipped=skipped))
    lab.ask(invariants.finished, state.control(lab), state.sent)


def refused(lab: Lab, state: State, *codes: str, **named: object) -> None:
    """A refresh that cannot go on says so, and the release stands."""
    ended = lab.refresh(memory=state.memory(lab), **named)
    ended.assert_told()
    assert ended.code != 0, "ended as if nothing had happened"
    assert not codes or ended.said(*codes), f"none of {codes}: {ended.err[-800:]}"
    stands(lab, state)


def disk_full(lab: Lab, state: State, is_gate: bool) -> Iterator[str]:
    """The disk fills up as a step begins, or has no room when a file is submitted."""
    yield from inside(lab, _disk_full, state, is_gate)


def _disk_full(lab: Lab, can_mount: bool, state: State, is_gate: bool) -> list[str]:
    survived: list[str] = []
    for phase, sizes in FREE.items():
        for free in sizes if not is_gate else sizes[1:2] if phase == "publish_release" else ():
            with small_disk(lab, state.pending, can_mount):
                refused(lab, state, "TD-410", skipped=before(phase), prepare=filled_at(lab, phase, free))
                (lab.home / "filler").unlink(missing_ok=True)
                mended(lab, state)
                survived.append(f"disk full as {phase} begins")
    for free in (0, 3000):
        with small_disk(lab, state.pending, can_mount):
            sent = coverage(1, 9_500 + free, "2026-07-02T08:00+07:00")
            ended = lab.submit(sent, prepare=functools.partial(fill, lab.home, free))
            ended.assert_told()
            stands(lab, state)
            (lab.home / "filler").unlink(missing_ok=True)
            well(lab.submit(sent))
            survived.append("disk full on submission")
    return survived


def filled_at(lab: Lab, phase: str, free: int) -> Callable[[], None]:
    """Makes the disk full as a step begins."""

    def prepare() -> None:
        import tiendo.pipeline

        original = getattr(tiendo.pipeline, phase)

        @functools.wraps(original)
        def filled(*arguments: object) -> object:
            fill(lab.home, free)
            return original(*arguments)

        setattr(tiendo.pipeline, phase, filled)

    return prepare


def read_only_folders(lab: Lab, state: State, _: bool) -> Iterator[str]:
    """Folders that cannot be written to."""
    yield from inside(lab, _read_only_folders, state)


def _read_only_folders(lab: Lab, can_mount: bool, state: State) -> list[str]:
    lab.restore(state.pending)
    for name in ("warehouse", "curated"):
        with read_only(lab.home / "data" / name, can_mount) as prepare:
            skipped = before("publish_release") if name == "curated" else ()
            refused(lab, state, "TD-406", "TD-606", prepare=prepare, skipped=skipped)
    with read_only(lab.home / "data/raw", can_mount) as prepare:
        sent = coverage(1, 9_700, "2026-07-02T08:00+07:00")
        ended = lab.submit(sent, prepare=prepare)
        ended.assert_told()
        assert ended.code == 4, ended.code
        stands(lab, state)
    mended(lab, state)
    return [f"read-only {name}" for name in ("warehouse", "curated", "raw")]


def damaged(spoilt: Sequence[Damage], lab: Lab, state: State, _: bool) -> Iterator[str]:
    """Files or links of the home spoilt, all of one kind."""
    kind = spoilt[0]
    lab.restore(f"{state.name}-new" if kind.is_after_release else state.pending)
    for damage in spoilt:
        damage.act(lab.home)
    ended = lab.refresh(memory=state.memory(lab), skipped=kind.skipped)
    ended.assert_told()
    if kind.code:
        assert ended.said(kind.code), f"not {kind.code}: {ended.code} {(ended.err + ended.out)[-800:]}"
        kind.repair(lab.home, lab.saved(state.pending))
        mended(lab, state, kind.skipped)
    else:
        well(ended)
        lab.ask(invariants.finished, state.control(lab), state.sent)
    yield from (f"damaged: {damage.name}" for damage in spoilt)


def two_refreshes(lab: Lab, state: State, _: bool) -> Iterator[str]:
    """Two refreshes at once, and twenty readers that look all the time while `current` is switched."""
    lab.restore(state.pending)
    stop = lab.folder / "stop"
    stop.unlink(missing_ok=True)
    readers = [
        Fork(functools.partial(invariants.keep_reading, lab.home, stop, number), lab.next_log())
        for number in range(READERS)
    ]
    lab.forks += readers
    first = lab.start("refresh", *DAY, memory=state.memory(lab), skipped=before("publish_release"))
    lab.wait_for(first, "publish_release")
    second = lab.refresh()
    assert second.code == 3, f"not kept out: {second.code} {second.err[-500:]}"
    assert second.said("TD-401")
    well(lab.end(first))
    time.sleep(1)
    stop.touch()
    seen: set[str] = set()
    for reader in readers:
        ended = lab.end(reader)
        assert ended.code == 0, ended.err[-1500:]
        seen |= set(ended.out.split())
    assert seen == {state.old, state.new}, f"read {seen}"
    lab.ask(invariants.finished, state.control(lab), state.sent)
    yield "two refreshes at once"
    yield f"{READERS} readers during a switch"


def clock_set_back(lab: Lab, state: State, _: bool) -> Iterator[str]:
    """The clock shows a time before the last run: nothing may be hidden or overtaken by that."""
    lab.restore(state.pending)
    for command in (("refresh",), ("submit", str(lab.folder / "sent" / "phu-song-3-10000.csv"))):
        ended = lab.run(*command, prepare=functools.partial(set_clock, -400))
        ended.assert_told()
        assert ended.said("TD-411"), f"{command[0]} went on: {ended.code} {ended.err[-500:]}"
        stands(lab, state)
    mended(lab, state)
    yield "clock set back"


def plan_removed(lab: Lab, state: State, _: bool) -> Iterator[str]:
    """A file of the plans is gone, then a whole plan, then both are back."""
    from tiendo.settings import SHIPPED_PLANS

    lab.restore(state.pending)
    plans = lab.home / "data/raw/plans"
    shutil.copytree(SHIPPED_PLANS, plans)
    (plans / "plan_targets.csv").unlink()
    refused(lab, state, "TD-301")
    yield "file of the plans removed"
    shutil.copy(SHIPPED_PLANS / "plan_targets.csv", plans)
    plan = without_last_plan(plans)
    refused(lab, state, "TD-303")
    shutil.rmtree(plans)
    mended(lab, state)
    yield f"plan {plan} removed from the list of plans"


def without_last_plan(plans: Path) -> str:
    """Takes the last plan out of the list of plans; its targets and tasks stay behind."""
    path = plans / "plans.csv"
    lines = path.read_text(encoding="utf-8").splitlines()
    path.write_text("\n".join(lines[:-1]) + "\n", encoding="utf-8")
    return lines[-1].split(",")[0]


def checks_killed(lab: Lab, state: State, _: bool) -> Iterator[str]:
    """The checking process dies; or the refresh dies, and the checking process may not go on by itself."""
    lab.restore(state.pending)
    refused(lab, state, "TD-501", skipped=before("check"), prepare=_without_checks)
    fork = lab.start("refresh", *DAY, memory=state.memory(lab), skipped=before("check"))
    lab.wait_for(fork, "stage_release")  # When it has asked.
    time.sleep(0.3)
    os.kill(fork.pid, 9)
    fork.wait()
    until = time.monotonic() + 5
    while _is_group(fork.pid) and time.monotonic() < until:
        time.sleep(0.05)
    assert not _is_group(fork.pid), "checks go on without the refresh that asked for them"
    lab.end(fork)
    stands(lab, state)
    mended(lab, state)
    yield "checking process killed"
    yield "refresh killed beside its checking process"


def _without_checks() -> None:
    from faults.forks import ForkedChecks

    ForkedChecks.is_doomed = True


def _is_group(number: int) -> bool:
    try:
        os.killpg(number, 0)
    except ProcessLookupError:
        return False
    return True


Fault = Callable[[Lab, State, bool], Iterator[str]]
FAULTS: dict[str, Fault] = {
    "disk full": disk_full,
    "read-only folders": read_only_folders,
    "two refreshes": two_refreshes,
    "clock set back": clock_set_back,
    "plan removed": plan_removed,
    "checks killed": checks_killed,
}


def faults(is_gate: bool) -> dict[str, Fault]:
    """All faults by name; in the gate one of each kind, and all that one refresh has to mend at once."""
    parts = [[damage] for damage in DAMAGES]
    if is_gate:
        chosen = sorted((damage for damage in DAMAGES if damage.is_in_gate), key=_kind)
        parts = [list(group) for _, group in itertools.groupby(chosen, _kind)]
    return FAULTS | {
        "damaged: " + ", ".join(damage.name for damage in part): functools.partial(damaged, part)
        for part in parts
    }


def _kind(damage: Damage) -> tuple[bool, str]:
    return damage.is_after_release, damage.code
