"""Saved runs as files: what is written is read back, and what is malformed says where."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tutor.exchange.runfile import RunFileError, SavedBranch, SavedRun, dumps, loads, looks_like_run

RUN = SavedRun(
    engine="1",
    files={"lesson.yaml": "format: 1\n", "zh.yaml": "标题: 三次握手\n"},
    profiles={"client": "linux-6.18"},
    acts=((0, "drop client:SYN"),),
    until=None,
    seed=7,
    branches=(SavedBranch(None, 0, 0, (), "aa"), SavedBranch(0, 3, 120_000, ("client close",), "bb")),
    branch=1,
)


def test_a_run_survives_being_written_and_read() -> None:
    """Every field comes back as it was, Chinese included."""
    assert loads(dumps(RUN)) == RUN


def test_a_run_is_told_from_a_lesson_by_its_first_words() -> None:
    """`play FILE` takes both; a lesson is YAML and never begins like this."""
    assert looks_like_run(dumps(RUN))
    assert not looks_like_run("format: 1\nid: x\n")


def _with(**changes: Any) -> str:
    return json.dumps({**json.loads(dumps(RUN)), **changes}, indent=1)


@pytest.mark.parametrize(
    ("text", "problem", "says"),
    [
        ("{ not json", "json", "this is not JSON"),
        ('{"format": "something else"}', "format", "this is not a saved run"),
        (_with(version=2), "version", "version 2; this program reads version 1"),
        (_with(seed="seven"), "type", 'seed is "seven"; allowed: a whole number'),
        (_with(seed=True), "type", "seed is true"),
        (_with(branches=[]), "missing", "branches is missing"),
        (_with(branch=5), "type", "branch is 5; allowed: 0…1"),
        (_with(files={"../etc/passwd": "x"}), "name", "'../etc/passwd', which is no plain file name"),
        (_with(acts=[{"at": 0}]), "missing", "acts[0].act is missing"),
        (_with(acts=[{"at": -1, "act": "cut link"}]), "type", "acts[0].at is -1"),
        (_with(acts=[{"at": 0, "act": "cut link"}] * 10_001), "too-many", "acts has too many parts; at most 10000"),
    ],
)
def test_a_malformed_file_says_what_is_wrong(text: str, problem: str, says: str) -> None:
    """Never a traceback, never a silent repair."""
    with pytest.raises(RunFileError) as caught:
        loads(text)
    assert caught.value.problem == problem
    assert says in str(caught.value)


def test_a_branch_grows_only_from_an_earlier_one() -> None:
    """Otherwise two branches could wait for each other."""
    branch = {"parent": 1, "index": 0, "at": 0, "acts": [], "digest": ""}
    with pytest.raises(RunFileError, match=r"branches\[1\]\.parent is 1; a branch grows from an earlier one"):
        loads(_with(branches=[{**branch, "parent": None}, branch], branch=0))


def test_a_fault_has_a_line_and_a_column() -> None:
    """Editors jump there."""
    with pytest.raises(RunFileError) as caught:
        loads('{"format": "tcp-tutor run",\n  "version": }')
    assert (caught.value.line, caught.value.column) == (2, 14)
    with pytest.raises(RunFileError) as caught:
        loads(_with(seed="seven"))
    assert _with(seed="seven").splitlines()[caught.value.line - 1].strip().startswith('"seed"')


def test_a_file_that_is_too_large_is_not_even_parsed() -> None:
    """A run from a stranger cannot fill the memory."""
    with pytest.raises(RunFileError, match="too large"):
        loads(" " * 4_000_001)


def test_deep_nesting_is_refused() -> None:
    """A parser that recurses must not take the process with it."""
    with pytest.raises(RunFileError):
        loads("[" * 100_000)
