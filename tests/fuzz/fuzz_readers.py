"""Feeds spoiled files to the readers: `python tests/fuzz/fuzz_readers.py --minutes 20 --seed 1`.

The corpus are the trap files. A worker process examines each file as the door does. A finding is anything but
a message to the user (TiendoError): another exception, a death of the process, more than 60 seconds or 2 GiB
for one file. It is kept with what happened. Case N of seed S is always the same file.
"""

import argparse
import json
import random
import resource
import select
import subprocess
import sys
import tempfile
import time
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1] / "traps")]

import build_traps  # noqa: E402
from mutations import spoiled  # noqa: E402

LONGEST_SECONDS = 60
MOST_BYTES = 2 << 30
LARGEST_FILE = 400_000


@dataclass(frozen=True)
class Finding:
    case: str
    what: str
    file: Path | None = None


def corpus(folder: Path) -> list[tuple[str, bytes]]:
    """The trap files by suffix and content, without those that are large."""
    build_traps.build(folder)
    files = ((path.suffix.lower() or ".xlsx", path.read_bytes()) for path in sorted(folder.iterdir()))
    return [(suffix, content) for suffix, content in files if len(content) < LARGEST_FILE]


def cases(files: list[tuple[str, bytes]], seed: int, first: int = 0) -> Iterator[tuple[str, str, bytes]]:
    """Endlessly: name of the case, suffix, content."""
    suffixes = sorted({suffix for suffix, _ in files})
    while True:
        rng = random.Random(f"{seed}:{first}")
        suffix, content = rng.choice(files)
        others = [rng.choice(files)[1] for _ in range(3)]
        if rng.random() < 0.03:
            suffix = rng.choice(suffixes)
        yield f"{seed}-{first}", suffix, spoiled(content, others, rng)
        first += 1


class Worker:
    """A process that examines files; made anew after a crash or a hang."""

    def __init__(self) -> None:
        self.process: subprocess.Popen[str] | None = None

    def examine(self, path: Path) -> str:
        """What happened, '' where the file was taken or refused with a message."""
        if self.process is None or self.process.poll() is not None:
            self.process = subprocess.Popen(
                [sys.executable, __file__, "--worker"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
            )
            self._answer(120)
        self.process.stdin.write(f"{path}\n")
        self.process.stdin.flush()
        answer = self._answer(LONGEST_SECONDS)
        if answer is None:
            self.stop()
            return f"no answer within {LONGEST_SECONDS} s"
        if answer == "":
            return f"the process died: {self.process.wait()}"
        return json.loads(answer)

    def _answer(self, seconds: int) -> str | None:
        ready, _, _ = select.select([self.process.stdout], [], [], seconds)
        return self.process.stdout.readline() if ready else None

    def stop(self) -> None:
        if self.process is not None:
            self.process.kill()
            self.process.wait()


def run(seconds: float, seed: int, kept: Path, first: int = 0) -> tuple[int, list[Finding]]:
    """Examines cases until the time is over: how many, and one finding of each kind."""
    worker, findings, count = Worker(), {}, 0
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        ends, told = time.monotonic() + seconds, time.monotonic()
        for name, suffix, content in cases(corpus(folder / "corpus"), seed, first):
            if time.monotonic() > ends:
                break
            path = folder / f"case{suffix}"
            path.write_bytes(content)
            what = worker.examine(path)
            count += 1
            kind = "\n".join(what.splitlines()[-4:])
            if what and kind not in findings:
                findings[kind] = _keep(kept, name, suffix, content, what)
            if time.monotonic() - told > 60:
                told = time.monotonic()
                sys.stderr.write(f"{count} files, {len(findings)} kinds of findings\n")
    worker.stop()
    return count, list(findings.values())


def _keep(kept: Path, name: str, suffix: str, content: bytes, what: str) -> Finding:
    kept.mkdir(parents=True, exist_ok=True)
    file = kept / f"{name}{suffix}"
    file.write_bytes(content)
    file.with_suffix(f"{suffix}.txt").write_text(what)
    sys.stderr.write(f"finding {file}: {what.splitlines()[-1]}\n")
    return Finding(name, what, file)


def work() -> None:
    """The worker: reads paths, writes what went wrong as one line of JSON."""
    from tiendo.intake.examine import examine
    from tiendo.intake.readers import read_source
    from tiendo.messages import TiendoError
    from tiendo.references import load_references
    from tiendo.settings import SHIPPED_PLANS

    references = load_references(SHIPPED_PLANS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MOST_BYTES, used + MOST_BYTES))
    sys.stdout.write('""\n')
    sys.stdout.flush()
    for line in sys.stdin:
        path, what = Path(line.rstrip("\n")), ""
        try:
            for step in (
                lambda path=path: read_source(path),
                lambda path=path: examine(path, path.name, references, form=None, org="66", period="2026-03"),
            ):
                try:
                    step()
                except TiendoError as error:
                    what = "" if error.code != "TD-900" else error.text("en")
        except BaseException:
            what = traceback.format_exc()
        sys.stdout.write(json.dumps(what) + "\n")
        sys.stdout.flush()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=20)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first case")
    parser.add_argument("--keep", type=Path, default=Path("fuzz_findings"))
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.worker:
        work()
        return 0
    count, findings = run(given.minutes * 60, given.seed, given.keep, given.first)
    sys.stdout.write(f"{count} files, {len(findings)} kinds of findings\n")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main())
