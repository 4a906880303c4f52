"""The process that runs the checks: `python -m tiendo.quality.worker SUITES`.

Started while dbt runs, it imports Great Expectations and reads the suites at once, and then waits for one
line of JSON on standard input, as `CheckWorker.run` writes it. It exits 0 once the results are written,
whatever the checks say, and at once where standard input closes before: whoever asked is gone, and what it
would still write could get into the way of the next run.
"""

import gc
import json
import os
import sys
import threading
from importlib import import_module
from pathlib import Path

from tiendo.quality.checks import declared_suites, import_great_expectations, run_checks
from tiendo.quality.lazily import load_lazily
from tiendo.quality.remembered import Remembered, code_digest
from tiendo.quality.results import write_json


def main() -> None:
    """Imports, waits for the request, runs, writes."""
    # A process of seconds: looking for rubbish among the modules' objects takes a fifth of the import.
    gc.disable()
    load_lazily("altair", "scipy.stats")
    import_great_expectations()
    import_module("tiendo.quality.expect_no_row_of_any")
    declared = declared_suites(Path(sys.argv[1]))
    code_digest()
    line = sys.stdin.readline()
    if not line.strip():
        return
    threading.Thread(target=_end_with_asker, daemon=True).start()
    request = json.loads(line)
    docs = Path(request["docs"]) if request["docs"] else None
    database, manifest = Path(request["database"]), Path(request["manifest"])
    remembered = Remembered(
        Path(request["remembered"]) if request["remembered"] else None, is_trusted=not request["full"]
    )
    told = Path(request["progress"])

    def progress(done: int, total: int) -> None:
        told.write_text(f"{done} {total}", encoding="ascii")

    results = run_checks(database, manifest, docs, declared, remembered, progress)
    write_json(results, Path(request["results"]))
    # Taking a thousand modules apart would be waited for.
    os._exit(0)


def _end_with_asker() -> None:
    # The number and not the file: whoever waits on `sys.stdin` would keep Python from ending in peace.
    os.read(sys.stdin.fileno(), 1)
    os._exit(1)


if __name__ == "__main__":
    main()
