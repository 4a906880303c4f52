"""Hashes the documents a register of evidence names, so that a file exchanged later can be told.

Documents may hold personal data: of each only name, size and hash are kept, as an ordinary submission (F12).
"""

import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import polars as pl

from tiendo.intake.contracts import load_contract
from tiendo.intake.folding import clean_text
from tiendo.intake.landing import Door, Receipt, References
from tiendo.intake.scope import UNKNOWN
from tiendo.intake.store import parse_raw_path
from tiendo.messages import Place, TiendoError
from tiendo.settings import Home

REGISTER = "evidence"
FORM = "evidence_document"
# A scanned decision has a few megabytes; beyond this a wrong file was named.
MAX_DOCUMENT_BYTES = 1024 * 1024 * 1024
DIFFERS = "TD-232"
# For each outcome but `hashed`: code, sentence and way out, Vietnamese and English.
_FAULTS = {
    "missing": (
        "TD-231",
        "không có trong thư mục minh chứng",
        "is not in the folder of documents",
        "Hãy chép tệp vào thư mục hoặc sửa tên tệp rồi nộp lại sổ.",
        "Put the file there or correct its name, and submit the register again.",
    ),
    "bad_name": (
        "TD-233",
        "không phải tên tệp: chỉ ghi tên, không ghi thư mục",
        "is no file name: give the name alone, without folders",
        "Hãy sửa tên tệp rồi nộp lại sổ.",
        "Correct the name and submit the register again.",
    ),
    "not_a_file": (
        "TD-234",
        "là thư mục hoặc đường dẫn tắt, không phải tệp",
        "is a folder or a link and no file",
        "Hãy chép chính tệp đó vào thư mục rồi nộp lại sổ.",
        "Put the file itself into the folder and submit the register again.",
    ),
    "empty": (
        "TD-235",
        "là tệp rỗng",
        "is empty",
        "Hãy quét lại văn bản rồi nộp lại sổ.",
        "Scan the document again and submit the register again.",
    ),
    "too_large": (
        "TD-236",
        "lớn hơn 1.024 MB",
        "is larger than 1,024 MB",
        "Hãy giảm dung lượng tệp rồi nộp lại sổ.",
        "Make the file smaller and submit the register again.",
    ),
    "unreadable": (
        "TD-237",
        "không mở được",
        "cannot be opened",
        "Hãy xem quyền đọc của tệp rồi nộp lại sổ.",
        "Check the rights of the file and submit the register again.",
    ),
}
FAULT_CODES = frozenset({DIFFERS, *(fault[0] for fault in _FAULTS.values())})


@dataclass(frozen=True)
class Document:
    """What became of one document.

    Attributes:
        outcome: `hashed`, or why not: a choice of the column `outcome` of F12.
        sha256: Of its content, where it was hashed.
        size_bytes: Its size, where it is a file.
    """

    outcome: str
    sha256: str | None = None
    size_bytes: int | None = None


def refuse_no_folder(folder: Path) -> None:
    """Raises TD-713 (exit 2) where there is no such folder of documents."""
    if not folder.is_dir():
        raise TiendoError(
            "TD-713",
            f"Không có thư mục minh chứng '{folder}'.",
            f"There is no folder of documents '{folder}'.",
            "Hãy ghi sau --documents thư mục chứa các tệp minh chứng.",
            "Name the folder that holds the documents after --documents.",
            exit_code=2,
        )


def hash_documents(folder: Path, names: Iterable[str]) -> dict[str, Document]:
    """By name as the register writes it, what became of each document in the folder.

    A name is looked up among those of the folder and never made into a path, so that none leads elsewhere;
    links are not followed. Composed and decomposed accents are the same name.
    """
    with os.scandir(folder) as entries:
        found = {clean_text(entry.name): Path(entry.path) for entry in sorted(entries, key=lambda e: e.name)}
    return {name: _document(found.get(clean_text(name)), name) for name in names}


def submit_documents(
    home: Home,
    receipts: Sequence[Receipt],
    folder: Path,
    references: References,
    received_at: datetime | None = None,
) -> list[Receipt]:
    """Lands the hashes of the documents that registers name. The caller holds the home's lock.

    Args:
        home: Where the registers were landed.
        receipts: Of the files submitted; those of other forms, and rejected ones, stay as they are.
        folder: Where the documents lie; see `refuse_no_folder`.
        references: Known codes.
        received_at: Moment of receipt, as of the registers.

    Returns:
        The receipts, each register's with what is wrong with its documents, followed by that of its hashes.
    """
    told: list[Receipt] = []
    with TemporaryDirectory() as scratch, Door(home, references) as door:
        for receipt in receipts:
            rows = _named_documents(home, receipt)
            documents = hash_documents(folder, rows["file_name"].unique(maintain_order=True))
            told.append(replace(receipt, notices=(*receipt.notices, *_faults(receipt, rows, documents))))
            if not rows.height:
                continue
            register = Path(receipt.raw_path.rpartition("__")[2])
            file = Path(scratch) / f"{register.stem}_tep-minh-chung.jsonl"
            file.write_text("".join(_lines(rows, documents)), "utf-8")
            told.append(
                door.take(
                    file,
                    org=None if receipt.org_code == UNKNOWN else receipt.org_code,
                    period=None if receipt.period == UNKNOWN else receipt.period,
                    form=FORM,
                    received_at=received_at,
                )
            )
    return told


def _document(path: Path | None, name: str) -> Document:
    if path is None:
        return Document("bad_name" if {"/", "\\"} & set(name) or name in {".", ".."} else "missing")
    size = None
    try:
        if path.is_symlink() or not path.is_file():
            return Document("not_a_file")
        # Should a link have taken its place meanwhile, it is not followed.
        with open(path, "rb", opener=_without_following) as file:
            size = os.fstat(file.fileno()).st_size
            if not 0 < size <= MAX_DOCUMENT_BYTES:
                return Document("too_large" if size else "empty", None, size)
            return Document("hashed", hashlib.file_digest(file, "sha256").hexdigest(), size)
    except OSError:
        return Document("unreadable", None, size)


def _without_following(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW)


def _named_documents(home: Home, receipt: Receipt) -> pl.DataFrame:
    """The good rows of a register that name a file."""
    columns = ["evidence_ref", "plan_id", "row_ref", "indicator_code", "filed_on", "file_name"]
    submission = parse_raw_path(receipt.raw_path)
    if receipt.form != REGISTER or receipt.status == "rejected" or submission is None:
        return pl.DataFrame(schema=dict.fromkeys([*columns, "sha256", "sheet", "row_number"], pl.String))
    landed = pl.read_parquet(submission.landing_path(home))
    named = landed.filter(pl.col("file_name").is_not_null())
    return named.select(*columns, "sha256", "sheet", "row_number")


def _lines(rows: pl.DataFrame, documents: Mapping[str, Document]) -> Iterator[str]:
    """The file of form F12, one JSON object a line."""
    contract = load_contract(FORM)
    labels = {column.name: column.label_vi for column in contract.columns}
    outcomes = contract.column("outcome").choices
    for row in rows.drop("sha256", "sheet", "row_number").iter_rows(named=True):
        document = documents[row["file_name"]]
        cells: dict[str, Any] = {
            **row,
            "filed_on": row["filed_on"].isoformat() if row["filed_on"] else None,
            "outcome": outcomes[document.outcome][0],
            "sha256": document.sha256,
            "size_bytes": document.size_bytes,
        }
        yield json.dumps({labels[name]: cell for name, cell in cells.items()}, ensure_ascii=False) + "\n"


def _faults(receipt: Receipt, rows: pl.DataFrame, documents: Mapping[str, Document]) -> Iterator[TiendoError]:
    """What is wrong with documents, each told at the first row that names it."""
    file = receipt.raw_path.rpartition("__")[2]
    label = load_contract(REGISTER).column("file_name").label_vi
    for row in rows.unique(["file_name", "sha256"], keep="first", maintain_order=True).iter_rows(named=True):
        name, document = row["file_name"], documents[row["file_name"]]
        place = Place(file, row["sheet"], row["row_number"], label)
        if document.outcome in _FAULTS:
            code, vi, en, way_out_vi, way_out_en = _FAULTS[document.outcome]
            yield TiendoError(
                code, f"Tệp '{name}' {vi}.", f"The file '{name}' {en}.", way_out_vi, way_out_en, place
            )
        elif row["sha256"] not in (None, document.sha256):
            yield TiendoError(
                DIFFERS,
                f"Mã băm của tệp '{name}' khác mã ghi trong sổ.",
                f"The hash of '{name}' differs from the one in the register.",
                "Có thể tệp đã bị thay: hãy kiểm tra lại tệp rồi sửa sổ.",
                "The file may have been exchanged: check it and correct the register.",
                place,
            )
