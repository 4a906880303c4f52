"""The pages for clerks say what the contracts say."""

from pathlib import Path

import build_form_pages as script
import pytest

from tiendo.intake.contracts import load_contracts

PROJECT = Path(__file__).resolve().parents[2]
PAGES: dict[str, str] = script.pages()


@pytest.mark.parametrize("name", sorted(PAGES))
def test_committed_page_follows_the_contract(name: str) -> None:
    committed = (PROJECT / "docs" / "forms" / name).read_text(encoding="utf-8")
    assert committed == PAGES[name], "run python scripts/build_form_pages.py"


def test_every_form_has_a_page_and_no_page_is_left_over() -> None:
    committed = {path.name for path in (PROJECT / "docs" / "forms").glob("*.md")}
    assert committed == {"README.md", *(f"{form}.md" for form in load_contracts())}


@pytest.mark.parametrize("form", sorted(load_contracts()))
def test_page_has_a_filled_example_of_every_required_column(form: str) -> None:
    contract = load_contracts()[form]
    example = PAGES[f"{form}.md"].rsplit("## Ví dụ", 1)[1]
    for column in contract.columns:
        if column.required:
            assert column.example is not None
            assert column.label_vi in example
