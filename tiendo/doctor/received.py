"""What lies under `data/raw` against what the ledger says was received."""

import os
from collections.abc import Iterator
from functools import partial
from typing import Any

from tiendo.doctor.diagnosis import Diagnosis, Words, fine, listed, told
from tiendo.messages import TiendoError
from tiendo.settings import Home

RESTORE = (
    "Khôi phục (trước đó không rebuild): cp -p BẢN_SAO/data/raw/{path} {raw}/{path}, rồi: tiendo refresh{at}",
    "Restore it (no rebuild before): cp -p BACKUP/data/raw/{path} {raw}/{path}, then: tiendo refresh{at}",
)
WORDS: dict[str, Words] = {
    "raw_gone": (
        "error",
        "TD-403 Tệp đã nhận không còn trong data/raw: {listed}",
        "TD-403 Received files are gone from data/raw: {listed}",
        *RESTORE,
    ),
    "raw_changed": (
        "error",
        "TD-404 Tệp đã nhận bị thay đổi sau khi nộp: {listed}",
        "TD-404 Received files were changed afterwards: {listed}",
        *RESTORE,
    ),
    "raw_misplaced": (
        "warning",
        "TD-112 Tệp đặt sai chỗ trong data/raw nên bị bỏ qua: {listed}",
        "TD-112 Files in the wrong place below data/raw are left out: {listed}",
        "Nộp bằng: tiendo submit {raw}/{path}{at}, rồi: rm {raw}/{path}",
        "Submit it: tiendo submit {raw}/{path}{at}, then: rm {raw}/{path}",
    ),
    "raw_waiting": (
        "note",
        "{count} tệp trong data/raw chưa được đọc: {listed}",
        "{count} files below data/raw have not been read yet: {listed}",
        "Lượt sau sẽ đọc; muốn ngay: tiendo refresh{at}",
        "The next run reads them; at once: tiendo refresh{at}",
    ),
    "synthetic_and_real": (
        "error",
        "Có SYNTHETIC.md nhưng {count} lần nộp đã được nhận như số liệu thật: {listed}",
        "SYNTHETIC.md is here, yet {count} submissions were received as real: {listed}",
        "Nếu là số liệu thật: rm {raw}/SYNTHETIC.md; nếu không: tiendo submit TỆP --home THƯ_MỤC_RIÊNG",
        "If figures are real: rm {raw}/SYNTHETIC.md; else: tiendo submit FILE --home ANOTHER_FOLDER",
    ),
    "synthetic_unmarked": (
        "error",
        "Mất {raw}/SYNTHETIC.md: {count} lần nộp giả lập sẽ bị coi là thật",
        "{raw}/SYNTHETIC.md is gone: {count} synthetic submissions would pass as real",
        "Khôi phục tệp đó trước khi chạy: cp -p BẢN_SAO/data/raw/SYNTHETIC.md {raw}/",
        "Restore it before anything runs: cp -p BACKUP/data/raw/SYNTHETIC.md {raw}/",
    ),
}
tell = partial(told, WORDS)
Rows = dict[str, dict[str, Any]]


def raw(home: Home) -> Iterator[Diagnosis]:
    """Files gone, changed, in the wrong place, or not yet read."""
    from tiendo.intake.scan import scan

    if not home.raw.is_dir():
        return
    rows, found = _rows(home), scan(home)
    buried = {submission.submission_id for submission in found.erased}
    gone = [
        path
        for path, row in rows.items()
        if path not in found.submissions and row["status"] != "erased" and row["submission_id"] not in buried
    ]
    changed = [path for path in found.submissions if path in rows and _is_changed(home, rows[path])]
    waiting = [path for path in found.submissions if path not in rows]
    for name, paths in (
        ("raw_gone", gone),
        ("raw_changed", changed),
        ("raw_misplaced", found.misplaced),
        ("raw_waiting", waiting),
    ):
        if paths:
            yield tell(home, name, listed=listed(paths, 3), path=paths[0], count=len(paths), raw=home.raw)
    if not (gone or changed or found.misplaced or waiting):
        count = len(found.submissions)
        yield fine("raw", f"{count} tệp đã nhận còn nguyên", f"{count} received files are as received")


def synthetic(home: Home) -> Iterator[Diagnosis]:
    """The mark of a demo against what was received as synthetic."""
    rows = _rows(home)
    other = [path for path, row in rows.items() if bool(row["is_synthetic"]) != home.is_synthetic]
    if other:
        name = "synthetic_and_real" if home.is_synthetic else "synthetic_unmarked"
        yield tell(home, name, listed=listed(other, 3), count=len(other), raw=home.raw)


def _rows(home: Home) -> Rows:
    """The ledger by path; empty where it is damaged, which is told elsewhere."""
    from tiendo.intake.ledger import read_ledger

    try:
        return {row["raw_path"]: row for row in read_ledger(home).iter_rows(named=True)}
    except TiendoError:
        return {}


def _is_changed(home: Home, row: dict[str, Any]) -> bool:
    """Whether a file is not what was received; only one touched since the ledger was written is read."""
    from tiendo.intake.store import sha256_of

    path = home.raw / row["raw_path"]
    if not os.access(path, os.R_OK):
        return False
    facts, written = path.stat(), home.ledger.stat().st_mtime_ns
    if row["size_bytes"] and facts.st_size != row["size_bytes"]:
        return True
    is_touched = max(facts.st_mtime_ns, facts.st_ctime_ns) > written or row["intake_fingerprint"] == "altered"
    return is_touched and sha256_of(path) != row["sha256"]
