"""Starts the checking process early and talks to it, so that its slow import costs no waiting time."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from time import sleep
from types import TracebackType

from tiendo.messages import TiendoError
from tiendo.quality.results import CheckResult, read_json
from tiendo.quality.suites import SuiteError, written_suites
from tiendo.quality.verdict import malformed
from tiendo.settings import SUITES

LONGEST_REASON = 300
LOOK_EVERY_SECONDS = 0.1


class CheckWorker(AbstractContextManager["CheckWorker"]):
    """The checking process within a context: leaving ends it, wherever it is.

    Example:
        with CheckWorker() as worker:
            worker.start()
            build_models()  # the worker imports Great Expectations meanwhile
            worker.ask(home.database, dbt_manifest, release / "quality")
            results = worker.answer()
    """

    def __init__(self, suites_folder: Path = SUITES) -> None:
        """Takes the folder of suites; starts nothing yet."""
        self._suites_folder = suites_folder
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Starts the process, once. Its output goes to files: DuckDB's farewell must not reach the user.

        Raises:
            TiendoError: TD-503 where a suite file is malformed: told before minutes of work, not after.
        """
        if self._process is not None:
            return
        try:
            written_suites(self._suites_folder)
        except SuiteError as error:
            raise malformed(error) from error
        self._folder = tempfile.TemporaryDirectory(prefix="tiendo-checks-")
        self._stderr = Path(self._folder.name) / "stderr"
        with self._stderr.open("w", encoding="utf-8") as stderr:
            self._process = subprocess.Popen(  # noqa: S603 own program
                [sys.executable, "-m", "tiendo.quality.worker", str(self._suites_folder.resolve())],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
                text=True,
                encoding="utf-8",
            )

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Ends the process, also one that is still importing or checking."""
        if self._process is None:
            return
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        if self._process.stdin is not None:
            with suppress(BrokenPipeError):
                self._process.stdin.close()
        self._folder.cleanup()

    def ask(
        self,
        database: Path,
        dbt_manifest: Path,
        docs_folder: Path | None = None,
        remembered: Path | None = None,
        full: bool = False,
    ) -> None:
        """Asks for all suites on a DuckDB file that nobody writes to; one question per worker.

        Args:
            database: The DuckDB file.
            dbt_manifest: dbt's `target/manifest.json`, which describes the marts.
            docs_folder: Receives the data docs; None writes none.
            remembered: File with the answers of the last run, brought up to date; None asks everything.
            full: Ask everything, whatever is remembered.
        """
        if self._process is None or self._process.stdin is None:
            raise RuntimeError("CheckWorker.ask before start")
        request = {
            "database": str(database.resolve()),
            "manifest": str(dbt_manifest.resolve()),
            "results": str(self._results),
            "progress": str(self._progress),
            "docs": str(docs_folder.resolve()) if docs_folder else None,
            "remembered": str(remembered.resolve()) if remembered else None,
            "full": full,
        }
        # The pipe stays open: the worker ends where it closes, so none outlives a killed run.
        with suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()

    def answer(self, progress: Callable[[int, int], None] | None = None) -> list[CheckResult]:
        """Waits for one result per check.

        Args:
            progress: Called with tables looked at and tables in all.

        Raises:
            TiendoError: TD-501, exit code 4: the process ended without results.
        """
        if self._process is None:
            raise RuntimeError("CheckWorker.answer before start")
        while progress and self._process.poll() is None:
            sleep(LOOK_EVERY_SECONDS)
            with suppress(OSError, ValueError):
                done, total = self._progress.read_text(encoding="ascii").split()
                progress(int(done), int(total))
        self._process.wait()
        if self._process.returncode != 0 or not self._results.exists():
            raise self._crash(self._process.returncode)
        return read_json(self._results)

    @property
    def _results(self) -> Path:
        return Path(self._folder.name) / "results.json"

    @property
    def _progress(self) -> Path:
        return Path(self._folder.name) / "progress"

    def _crash(self, returncode: int) -> TiendoError:
        tail = self._stderr.read_text(encoding="utf-8", errors="replace").split("nanobind: leaked")[0]
        # The last line names the error; those above are for developers and lie in no message.
        tail = tail.strip().rpartition("\n")[2][:LONGEST_REASON]
        return TiendoError(
            code="TD-501",
            vi=f"Tiến trình kiểm tra chất lượng dừng đột ngột (mã {returncode}): {tail}",
            en=f"The quality check process ended unexpectedly (code {returncode}): {tail}",
            way_out_vi="Chạy lại; nếu lặp lại, gửi thông báo này cho người quản trị.",
            way_out_en="Run again; if it repeats, send this message to the administrator.",
            exit_code=4,
        )
