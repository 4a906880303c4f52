"""Forked processes with a time limit each: whatever is tried in them, this process goes on.

The process that forks has imported everything and computed nothing: a pool of threads that polars or DuckDB
had started would be missing in the forked process, which would wait for it for ever.
"""

import ctypes
import os
import pickle
import signal
import sys
import time
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, TypeVar

Answer = TypeVar("Answer")
PR_SET_PDEATHSIG = 1
LONGEST_SECONDS = 180.0


class HungError(AssertionError):
    """A process did not end in its time."""


class Fork:
    """A forked process in a group of its own.

    Attributes:
        pid: Of the process and of its group.
        code: Exit code, negative where a signal ended it; None while it runs.
    """

    def __init__(self, function: Callable[[], int | None], log: Path) -> None:
        """Starts; what the process writes goes to `log` with `.out` and `.err`."""
        self.log, self.code = log, None
        self.started = time.monotonic()
        parent = os.getpid()
        self.pid = os.fork()
        if self.pid == 0:
            _live(function, log, parent)

    def poll(self) -> int | None:
        if self.code is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.code = os.waitstatus_to_exitcode(status)
        return self.code

    def wait(self, limit: float = LONGEST_SECONDS) -> int:
        """The exit code.

        Raises:
            HungError: It took longer than `limit` seconds and was killed.
        """
        until = time.monotonic() + limit
        while self.poll() is None:
            if time.monotonic() > until:
                self.kill()
                raise HungError(f"no end after {limit} s: {self.err[-500:]}")
            time.sleep(0.005)
        return self.code if self.code is not None else 0

    def kill(self) -> None:
        """Ends the whole group."""
        try:
            os.killpg(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            return
        while self.poll() is None:
            time.sleep(0.005)

    @property
    def out(self) -> str:
        return self.log.with_suffix(".out").read_text(errors="replace")

    @property
    def err(self) -> str:
        return self.log.with_suffix(".err").read_text(errors="replace")


def ask(function: Callable[..., Answer], *arguments: Any, log: Path, limit: float = 60) -> Answer:
    """What a function answers in a forked process; its exception is raised here.

    Raises:
        HungError: It took longer than `limit` seconds.
    """
    answer = log.with_suffix(".answer")
    answer.unlink(missing_ok=True)

    def answering() -> int:
        try:
            found: Any = (True, function(*arguments))
        except Exception as error:
            found = (False, error if isinstance(error, AssertionError) else AssertionError(repr(error)))
        answer.write_bytes(pickle.dumps(found))
        return 0

    fork = Fork(answering, log)
    code = fork.wait(limit)
    if code != 0 or not answer.exists():
        raise AssertionError(
            f"{getattr(function, '__name__', function)} ended with {code}: {fork.err[-500:]}"
        )
    is_good, found = pickle.loads(answer.read_bytes())
    if not is_good:
        raise found
    return found


def _live(function: Callable[[], int | None], log: Path, parent: int) -> NoReturn:
    """All that the forked process does."""
    code = 70
    try:
        os.setpgid(0, 0)
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(71)
        _redirect(os.devnull, 0, os.O_RDONLY)
        _redirect(str(log.with_suffix(".out")), 1)
        _redirect(str(log.with_suffix(".err")), 2)
        code = function() or 0
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(code)


def _redirect(path: str, number: int, flags: int = os.O_WRONLY | os.O_CREAT | os.O_TRUNC) -> None:
    opened = os.open(path, flags, 0o600)
    os.dup2(opened, number)
    os.close(opened)


class ForkedChecks:
    """The checking process, forked where the program would start one; it has nothing left to import.

    It is forked before the run computes anything and takes the place of `subprocess.Popen` in
    `tiendo.quality.runner`, so that the program's own code talks to the program's own worker.
    """

    is_doomed = False

    def __init__(self, log: Path) -> None:
        self._log = log
        self.returncode: int | None = None
        reads, writes = os.pipe()
        self.pid = os.fork()
        if self.pid == 0:
            os.close(writes)
            os.dup2(reads, 0)
            _redirect(str(log), 2)
            self._work()
        os.close(reads)
        self.stdin = os.fdopen(writes, "w", encoding="utf-8")

    @classmethod
    def install(cls, log: Path) -> None:
        """Forks it now; the program meets it later."""
        import tiendo.quality.runner

        checks = cls(log)

        class Processes:
            PIPE = DEVNULL = -1

            @staticmethod
            def Popen(*_: object, stderr: Any = None, **__: object) -> "ForkedChecks":  # noqa: N802
                checks._told_to = Path(stderr.name) if stderr is not None else None
                if cls.is_doomed:
                    checks.kill()
                return checks

        tiendo.quality.runner.subprocess = Processes  # type: ignore[assignment]

    _told_to: Path | None = None

    def _work(self) -> NoReturn:
        from tiendo.quality.worker import main

        code = 1
        try:
            sys.stdin = os.fdopen(0, encoding="utf-8")
            main()
            code = 0
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stderr.flush()
            os._exit(code)

    def poll(self) -> int | None:
        if self.returncode is None:
            pid, status = os.waitpid(self.pid, os.WNOHANG)
            if pid:
                self.returncode = os.waitstatus_to_exitcode(status)
        return self.returncode

    def wait(self, timeout: float = LONGEST_SECONDS) -> int | None:
        until = time.monotonic() + timeout
        while self.poll() is None and time.monotonic() < until:
            time.sleep(0.005)
        if self._told_to is not None and self._told_to.parent.is_dir():
            self._told_to.write_text(self._log.read_text(errors="replace"))
        return self.returncode

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
