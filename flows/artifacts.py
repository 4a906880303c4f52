"""What a run leaves in the Prefect UI: pages and tables about it, and tags to find it by.

Prefect shows what `tiendo.report` writes. A page that cannot be made or left is logged and fails no run.
"""

import os
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from uuid import UUID

from prefect import get_client
from prefect.artifacts import create_link_artifact, create_markdown_artifact, create_table_artifact
from prefect.logging import get_run_logger
from prefect.runtime import flow_run

from tiendo.pipeline import Outcome
from tiendo.publish.shelf import current_or_none
from tiendo.report.run_pages import release_page, run_page
from tiendo.report.run_tables import (
    Listing,
    provinces_touched,
    quarantine_table,
    status_table,
    timing_table,
)
from tiendo.settings import Home

# Address under which `data/curated/current` is served, such as https://tiendo.example.gov.vn.
SITE = "TIENDO_SITE_URL"


def show_run(home: Home, run: Mapping[str, Any], outcome: Outcome | None = None) -> None:
    """Leaves all artifacts of a run that ended, and tags it with the provinces it touched.

    Args:
        home: Whose run.
        run: Its record.
        outcome: What it came to; None where it failed.
    """
    release = current_or_none(home)
    compared = outcome.comparison if outcome else None
    differences, previous = (compared.lines("vi"), compared.previous) if compared else ((), "")
    _leave("tom-tat", lambda: _markdown("tiendo-tom-tat", run_page(home, run, differences, previous)))
    _leave("thoi-gian", lambda: _table("tiendo-thoi-gian", timing_table(run)))
    if release is None:
        return
    _leave("trang-thai", lambda: _table("tiendo-trang-thai", status_table(release)))
    _leave("cach-ly", lambda: _table("tiendo-cach-ly", quarantine_table(release)))
    _leave("trang-web", lambda: _link_to_site(home))
    submission_ids = outcome.intake.submission_ids if outcome else ()
    _leave("tags", lambda: _tag(home, provinces_touched(release, submission_ids)))


def show_release(home: Home, release_id: str, key: str) -> None:
    """Leaves the Markdown page of one release, in force or not.

    Args:
        home: Whose release.
        release_id: Its identifier.
        key: Of the artifact: small letters, digits and dashes, such as `tiendo-thang`.
    """
    _leave(key, lambda: _markdown(key, release_page(home, release_id)))


def tag_run(home: Home, tags: Iterable[str] = ()) -> None:
    """Tags this flow run, and the one it is part of, with real or synthetic figures and further words."""
    _leave("tags", lambda: _tag(home, tags))


def _tag(home: Home, tags: Iterable[str]) -> None:
    kind = "giả lập" if home.is_synthetic else "số liệu thật"
    with get_client(sync_client=True) as client:
        for run_id in (flow_run.id, flow_run.parent_flow_run_id):
            if run_id is not None:
                known = client.read_flow_run(UUID(run_id)).tags
                client.update_flow_run(UUID(run_id), tags=sorted({*known, kind, *tags}))


def _markdown(key: str, page: str) -> None:
    create_markdown_artifact(page, key=key)


def _table(key: str, listing: Listing) -> None:
    create_table_artifact([dict(row) for row in listing.rows], key=key, description=listing.told)


def _link_to_site(home: Home) -> None:
    site = os.environ.get(SITE)
    page = (
        f"{site.rstrip('/')}/quality/index.html" if site else (home.current / "quality/index.html").as_uri()
    )
    create_link_artifact(page, link_text="Trang chất lượng của bản hiện hành", key="tiendo-trang-web")


def _leave(what: str, make: Callable[[], object]) -> None:
    """Makes one artifact; the run goes on without it."""
    try:
        make()
    except Exception as error:
        get_run_logger().warning("Không để lại được %s: %s", what, type(error).__name__)
