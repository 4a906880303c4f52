"""A quarter of a minute of spoiled files, the same ones each time; `fuzz_readers.py` runs longer."""

import itertools

from fuzz_readers import cases, corpus, run


def test_spoiled_files_meet_a_message(tmp_path):
    count, findings = run(15, seed=57, kept=tmp_path / "findings")
    assert count > 50
    assert [f"{finding.case}\n{finding.what}" for finding in findings] == []


def test_a_case_is_known_by_its_number(tmp_path):
    files = corpus(tmp_path / "corpus")
    later = list(itertools.islice(cases(files, 3, first=7), 3))
    assert list(itertools.islice(cases(files, 3), 10))[7:] == later
