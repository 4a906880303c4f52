"""Every query and every program of the analyst's guide runs on a whole synthetic year."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tiendo.publish.query import query

GUIDE = Path(__file__).parents[2] / "docs" / "analyst-guide.md"
TEXT = GUIDE.read_text(encoding="utf-8")
# Number, heading and text of each question; the first piece is what stands before them.
SECTIONS = re.split(r"^### (\d+)\. (.+)$", TEXT, flags=re.MULTILINE)[1:]
HEADINGS = SECTIONS[1::3]
QUERIES = [re.findall(r"^```sql\n([^`]+)```$", text, re.MULTILINE) for text in SECTIONS[2::3]]
QUESTIONS = {int(number): sql for number, (sql,) in zip(SECTIONS[::3], QUERIES, strict=True)}
PROGRAMS = re.findall(r"^```python\n([^`]+)```$", TEXT, re.MULTILINE)
# Columns that the guide says are empty in the demo.
EMPTY_IN_DEMO = {13: {"actual_last_year", "change"}}


def test_twenty_questions_each_in_vietnamese() -> None:
    assert list(QUESTIONS) == list(range(1, 21))
    assert all(heading.endswith("?") and not heading.isascii() for heading in HEADINGS)


@pytest.mark.parametrize("number", QUESTIONS)
def test_the_query_answers(number: int, demo_home: Path) -> None:
    answer = query(demo_home / "data/curated/current", QUESTIONS[number])
    assert answer.height > 0
    empty = {column.name for column in answer if column.null_count() == answer.height}
    assert empty == EMPTY_IN_DEMO.get(number, set())


@pytest.mark.parametrize("program", PROGRAMS)
def test_the_program_runs(program: str, demo_home: Path, tmp_path: Path) -> None:
    (tmp_path / "demo").symlink_to(demo_home)
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
