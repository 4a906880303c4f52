"""The pages of how plans are carried out: tasks, what is due, agencies, reporting; read once for all."""

from collections.abc import Iterator

from tiendo.report.site import agencies, discipline, due, tasks
from tiendo.report.site.data import SiteData
from tiendo.report.site.execution_tables import Execution
from tiendo.report.site.pages import Page


def pages(site: SiteData) -> Iterator[Page]:
    """The pages of each place whose plans have tasks."""
    execution = Execution(site)
    yield from tasks.pages(execution)
    yield from due.pages(execution)
    yield from agencies.pages(execution)
    yield from discipline.pages(execution)
