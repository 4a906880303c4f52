"""Erased files: in the place of a raw file stands a tombstone, which every later landing respects.

The tombstone is the raw file's name with `.erased` at its end and says who decided, when and why; moment and
hash in the name tell which submission it was (docs/discretion.md).
"""

from typing import Any

from tiendo.intake.ledger import empty_row
from tiendo.intake.store import ERASED, Submission, parse_raw_path
from tiendo.messages import Place, TiendoError
from tiendo.settings import Home


def erased_submission(path: str) -> Submission | None:
    """The submission whose tombstone a path below `data/raw` is, None for other files."""
    return parse_raw_path(path.removesuffix(ERASED)) if path.endswith(ERASED) else None


def erased_row(submission: Submission, home: Home) -> dict[str, Any]:
    """The ledger's row of an erased submission: that it was there, and the beginning of its hash."""
    return empty_row(submission, home) | {"sha256": submission.sha12, "status": "erased"}


def erased_again(file_name: str) -> TiendoError:
    """TD-123: a file with the content of an erased one."""
    return TiendoError(
        "TD-123",
        "Nội dung tệp này đã bị xóa theo quyết định nên không được tiếp nhận lại.",
        "The content of this file was erased by decision and is not taken again.",
        "Hãy hỏi người phụ trách dữ liệu; xem docs/discretion.md.",
        "Ask whoever is responsible for the data; see docs/discretion.md.",
        Place(file_name),
    )
