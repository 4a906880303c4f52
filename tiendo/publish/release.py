"""Publishing: a release is staged, sealed, renamed into place, and only then made current.

Whatever kills the run, readers see the previous release or the new one, never half of one. The identifier
comes from the inputs, so equal inputs must give equal tables, and that is checked.
"""

import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from tiendo.messages import TiendoError
from tiendo.publish.files import hash_file, seal_folder, sync_file
from tiendo.publish.inputs import ReleaseInputs, release_id
from tiendo.publish.log import append
from tiendo.publish.manifest import own_sums, write_manifest
from tiendo.publish.open_formats import DATAPACKAGE, write_open_formats
from tiendo.publish.readme import build_readme
from tiendo.publish.shelf import (
    ReleaseInfo,
    current_release,
    list_releases,
    load_manifest,
    release_folder,
    switch_current,
    verify,
)
from tiendo.publish.staging import Staging, disk_refusals
from tiendo.publish.tables import export_tables
from tiendo.publish.verify import Difference, Sums, recorded_sums, verify_folder
from tiendo.settings import Home

__all__ = [
    "Difference",
    "Release",
    "ReleaseInfo",
    "ReleaseInputs",
    "current_release",
    "list_releases",
    "load_manifest",
    "publish",
    "release_folder",
    "release_id",
    "switch_current",
    "verify",
]


@dataclass(frozen=True)
class Release:
    """What publishing led to.

    Attributes:
        release_id: Identifier of the release, now current unless that was not wanted.
        path: Its folder.
        row_counts: Rows per table.
        was_identical: A release with these tables was already there and was kept.
        replaced_damaged: Where a damaged release of the same identifier was moved, None normally.
    """

    release_id: str
    path: Path
    row_counts: dict[str, int]
    was_identical: bool = False
    replaced_damaged: Path | None = None


def publish(
    home: Home,
    database: Path,
    dbt_manifest: Path,
    inputs: ReleaseInputs,
    extra_folders: Mapping[str, Path] | None = None,
    staging: Staging | None = None,
    make_current: bool = True,
    add_pages: Callable[[Path], object] | None = None,
) -> Release:
    """Writes a release and makes it current. The caller holds the run lock.

    Args:
        home: The home to publish in.
        database: The warehouse's DuckDB file, read-only here.
        dbt_manifest: dbt's `target/manifest.json`.
        inputs: What went in.
        extra_folders: Folders to copy into the release, by their name in it, such as `quality`.
        staging: Where some of its tables lie already.
        make_current: Whether it comes into force; a month end of the past only goes on the shelf.
        add_pages: Writes what is made from the tables into the folder it is given, where they lie.

    Raises:
        TiendoError: TD-601 and TD-602 where tables are not fit to publish; TD-603 where equal inputs gave
            other tables than before; TD-604 where `current` cannot be switched; TD-606 where the warehouse
            cannot be read or the disk refuses.
    """
    if staging is None:
        with Staging(home, inputs.release_id) as staging:
            return publish(
                home, database, dbt_manifest, inputs, extra_folders, staging, make_current, add_pages
            )
    identifier = inputs.release_id
    with disk_refusals():
        row_counts = _write(staging, database, dbt_manifest, inputs, extra_folders or {}, add_pages)
        seal_folder(staging.folder)
        recorded = recorded_sums(home, identifier)
        release = _settle(staging.folder, home.releases / identifier, row_counts, recorded)
        _record(home, release, inputs, make_current)
        if make_current:
            switch_current(home, identifier)
    return release


def _write(
    staging: Staging,
    database: Path,
    dbt_manifest: Path,
    inputs: ReleaseInputs,
    extra_folders: Mapping[str, Path],
    add_pages: Callable[[Path], object] | None,
) -> dict[str, int]:
    """Fills the staging folder; the manifest comes last because it hashes all the rest."""
    folder, tables = staging.folder, staging.catalogue(dbt_manifest)
    rows = export_tables(database, tables, folder)
    write_open_formats(folder, tables, rows, inputs)
    (folder / "README.md").write_text(build_readme(tables, rows, inputs), encoding="utf-8")
    for name, source in sorted(extra_folders.items()):
        shutil.copytree(source, folder / name)
    if add_pages:
        add_pages(folder)
    write_manifest(folder, inputs, rows)
    return rows


def _record(home: Home, release: Release, inputs: ReleaseInputs, make_current: bool) -> None:
    """Enters the release into the log before readers see it, with the hashes by which it is known."""
    append(
        home,
        "published",
        release_id=release.release_id,
        as_of=inputs.as_of,
        known_at=inputs.known_at,
        inputs_fingerprint=inputs.inputs_fingerprint,
        was_identical=release.was_identical,
        made_current=make_current,
        sha256=own_sums(release.path),
    )


def _settle(staging: Path, final: Path, row_counts: dict[str, int], recorded: Sums) -> Release:
    """Renames the staged folder, unless a release of that identifier is already there."""
    damaged = None
    if final.exists():
        if not verify_folder(final, recorded):
            if different := _different_tables(staging, final):
                raise _not_reproduced(final.name, different)
            return Release(final.name, final, row_counts, was_identical=True)
        damaged = _free_name(final)
        final.rename(damaged)
    staging.rename(final)
    sync_file(final.parent)
    return Release(final.name, final, row_counts, replaced_damaged=damaged)


def _different_tables(staging: Path, final: Path) -> list[str]:
    """Tables (or the data package) that are not byte for byte those of the release already there."""
    staged, kept = (
        {path.name: hash_file(path).sha256 for path in (*folder.glob("*.parquet"), folder / DATAPACKAGE)}
        for folder in (staging, final)
    )
    return sorted(name for name in staged.keys() | kept.keys() if staged.get(name) != kept.get(name))


def _free_name(final: Path) -> Path:
    number = 1
    while (damaged := final.with_name(f".damaged-{final.name}-{number}")).exists():
        number += 1
    return damaged


def _not_reproduced(identifier: str, different: list[str]) -> TiendoError:
    listed = ", ".join(name.removesuffix(".parquet") for name in different)
    return TiendoError(
        "TD-603",
        f"Cùng dữ liệu vào và cùng mã nguồn nhưng kết quả khác bản {identifier} đã công bố: {listed}.",
        f"Equal inputs and code gave other tables than release {identifier} holds: {listed}.",
        "Bản đã công bố được giữ nguyên. Đây là lỗi phần mềm: đề nghị báo người bảo trì.",
        "The published release is kept. This is a fault of the program: please tell the maintainers.",
        exit_code=4,
    )
