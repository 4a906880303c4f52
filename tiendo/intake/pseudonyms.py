"""Lands identifiers of single cases as keyed pseudonyms, so that no working file names a case.

The key stays in `data/warehouse`; where it is lost everything it made is landed anew under another one.
"""

import hashlib
import secrets
from pathlib import Path

import polars as pl

from tiendo.intake.contracts import Contract, load_contracts
from tiendo.intake.digests import with_pseudonyms_and_hash
from tiendo.intake.ledger import intake_fingerprint
from tiendo.intake.references import References
from tiendo.intake.store import write_atomically
from tiendo.settings import Home

KEY_BYTES = 32


def key_path(home: Home) -> Path:
    """Where the key lies."""
    return home.warehouse / "pseudonym.key"


def key_of(home: Home) -> bytes:
    """The home's key; made where there is none, or none of the right length."""
    path = key_path(home)
    try:
        key = path.read_bytes()
    except FileNotFoundError:
        key = b""
    if len(key) == KEY_BYTES:
        return key
    key = secrets.token_bytes(KEY_BYTES)

    def write(target: Path) -> None:
        # Nobody else may read it, not even between making the file and filling it.
        target.touch(mode=0o600)
        target.write_bytes(key)

    write_atomically(path, write)
    return key


def fingerprint_of(home: Home, form: str, references: References) -> str:
    """The form's `intake_fingerprint`, which for forms with pseudonyms changes with the key.

    It tells nothing of the key.
    """
    contract = load_contracts().get(form)
    if contract is None or not contract.pseudonyms:
        return intake_fingerprint(form, references)
    key = hashlib.blake2b(key=key_of(home), digest_size=8, person=b"fingerprint").hexdigest()
    return intake_fingerprint(form, references, key)


def with_pseudonyms(good: pl.DataFrame, contract: Contract, home: Home) -> pl.DataFrame:
    """The rows with identifiers of cases replaced; equal ones stay equal, in every file of this home.

    Only then they get their `row_hash`: one made with the identifier would let anyone who guesses it know it
    is there.
    """
    if not contract.pseudonyms:
        return good
    return with_pseudonyms_and_hash(good, contract, key_of(home))
