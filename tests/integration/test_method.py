"""The worked examples of docs/method.md and the tables of docs/tasks.md are what the program gives."""

import build_method_examples as script
import polars as pl
import pytest


@pytest.fixture(scope="module")
def progress(tmp_path_factory: pytest.TempPathFactory) -> pl.DataFrame:
    return script.publish_examples(tmp_path_factory.mktemp("method") / "home")


@pytest.fixture
def page() -> str:
    return script.PAGE.read_text(encoding="utf-8")


def test_examples_are_those_of_a_real_run(page: str, progress: pl.DataFrame) -> None:
    assert page == script.filled(page, progress), "run python scripts/build_method_examples.py"


def test_every_example_is_shown(page: str) -> None:
    assert set(script.EXAMPLES) == {name for _, name, _ in script.EXAMPLE.findall(page)}


def test_tables_of_seeds_about_tasks_are_those_of_the_seeds() -> None:
    page = script.TASKS_PAGE.read_text(encoding="utf-8")
    assert page == script.with_seeds(page), "run python scripts/build_method_examples.py"
    assert {name for _, name, _ in script.SEED_TABLE.findall(page)} == {"agency_groups", "task_states"}


def test_a_number_that_the_formula_does_not_give_is_found(page: str, progress: pl.DataFrame) -> None:
    with pytest.raises(ValueError, match="schedule_ratio is"):
        script.filled(page, progress.with_columns(pl.col("schedule_ratio") + 0.001))
