"""Which tests share a worker, and in which order.

Tests of one module share what it builds, and those on the demo home share that home, which takes a minute to
make. Whole releases come first, the longest at the head, so that both workers end at about the same time.
"""

import pytest

RELEASES = ("integration", "faults", "test_documentation", "conventions")


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Groups for `--dist loadgroup`, in an order that is the same for every worker."""
    for item in items:
        group = "demo_home" if "demo_home" in item.fixturenames else item.path.stem
        item.add_marker(pytest.mark.xdist_group(group))
    items.sort(key=_place)


def _place(item: pytest.Item) -> tuple[bool, int]:
    told = next((place for place, name in enumerate(RELEASES) if name in item.location[0]), len(RELEASES))
    return "demo_home" not in item.fixturenames, told
