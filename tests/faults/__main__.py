"""The fault harness: `PYTHONPATH=tests python -m faults --help`, or `make test-faults`."""

import argparse
import json
import pickle
import re
import shutil
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from faults import kills, others
from faults.kills import Chain, State
from faults.lab import Lab, import_everything

# Kills by phase for each state; `random` are those at random moments of each phase.
FULL = {
    "start": 5,
    "load": 30,
    "run_models": 8,
    "stage_release": 8,
    "check": 6,
    "publish_release": 36,
    "random": 3,
}
COLD = {"start": 4, "take_in": 36}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--gate", action="store_true", help="Five kills and one of each other fault.")
    parser.add_argument("--seed", type=int, default=57, help="Decides the random moments.")
    parser.add_argument("--states", type=int, default=len(kills.CHANGES), help="How many changes to try.")
    parser.add_argument("--skip", default="", help="Not what this pattern finds.")
    parser.add_argument("--only", default="", help="Only what this pattern finds.")
    parser.add_argument("--record", type=Path, help="JSON lines; what stands there is not done again.")
    parser.add_argument(
        "--lab", type=Path, help="Folder to work in; a later run of the same code uses it again."
    )
    asked = parser.parse_args()
    sys.stdout.write(f"seed {asked.seed}\n")
    folder = asked.lab or Path(tempfile.mkdtemp(prefix="tiendo-faults-"))
    folder.mkdir(parents=True, exist_ok=True)
    record = Record(asked.record or folder / "record.jsonl", asked.only, asked.skip)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    import_everything(folder)
    lab = Lab(folder)
    try:
        run(lab, record, asked.gate, asked.seed, 1 if asked.gate else asked.states)
    finally:
        lab.end_all()
        if asked.lab is None and not record.failures:
            shutil.rmtree(folder)
    sys.stdout.write(record.table())
    return 1 if record.failures else 0


class Record:
    """What was tried and what came of it, kept in a file so that a long run can be taken up again."""

    def __init__(self, path: Path, only: str, skip: str) -> None:
        self._path, self._only, self._skip = path, only, skip
        lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
        self.lines = [json.loads(line) for line in lines]

    @property
    def failures(self) -> list[str]:
        return [f"{line['name']}: {line['failure']}" for line in self.lines if line.get("failure")]

    def wants(self, name: str) -> bool:
        is_done = any(line["name"] == name for line in self.lines)
        is_asked = re.search(self._only, name) and not (self._skip and re.search(self._skip, name))
        return bool(is_asked) and not is_done

    def note(self, name: str, done: Iterator[str]) -> None:
        """Does something and writes down what it survived."""
        started = time.monotonic()
        line: dict[str, object] = {"name": name}
        survived: list[str] = []
        try:
            survived.extend(done)
        except AssertionError as error:
            line["failure"] = str(error)
        line |= {"survived": survived, "seconds": round(time.monotonic() - started, 1)}
        self.lines.append(line)
        with self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line, ensure_ascii=False) + "\n")
        sys.stdout.write(f"{line['seconds']:>7} s  {name}: {line.get('failure') or Counter(survived)}\n")
        sys.stdout.flush()

    def table(self) -> str:
        """Counts of all kills and faults."""
        counts = Counter(each for line in self.lines for each in line["survived"])
        kinds = [f"{count:>6}  {kind}" for kind, count in sorted(counts.items())]
        killed = sum(count for kind, count in counts.items() if kind.startswith(("at", "random", "submit")))
        return "\n".join(
            [
                "",
                *kinds,
                f"{killed:>6}  kills in all",
                f"{len(self.failures):>6}  failures",
                *self.failures,
                "",
            ]
        )


def run(lab: Lab, record: Record, is_gate: bool, seed: int, number: int) -> None:
    """Everything, in the order of what it costs."""
    kept = lab.folder / "states.pickle"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(kills.prepare_states(lab, number)))
    states: list[State] = pickle.loads(kept.read_bytes())
    if record.wants("submission"):
        record.note("submission", kills.kill_first_submits(lab, 1 if is_gate else 60))
    if not is_gate and record.wants("submissions"):
        record.note("submissions", kills.kill_submits(lab, 60))
    for name, chain, state in chains(lab, states, is_gate, seed):
        if record.wants(name):
            record.note(name, kills.run_chain(lab, state, chain, seed))
    for name, fault in others.faults(is_gate).items():
        if record.wants(name):
            record.note(name, fault(lab, states[0], is_gate))


def chains(lab: Lab, states: list[State], is_gate: bool, seed: int) -> Iterator[tuple[str, Chain, State]]:
    for state in states:
        if is_gate:
            yield "kills", kills.short_chain(state.seen), state
            continue
        for chain in kills.plan(state.seen, FULL, 10, seed):
            yield f"state-{state.name}-{chain.name}", chain, state
        for chain in kills.plan(kills.count_cold(lab, state), COLD, 12, seed):
            cold = replace(chain, name=f"cold-{chain.name}", is_cold=True, is_short=True)
            yield f"state-{state.name}-{cold.name}", cold, state


if __name__ == "__main__":
    sys.exit(main())
