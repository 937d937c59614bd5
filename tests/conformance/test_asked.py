"""More traces of the Linux 6.18 kernel: what the prose about it names and no other recording shows.

Rules
-----
* One trace shows one thing, and its description says which.
* A trace named in ``not_yet.txt`` differs, and the test tells its first difference; any other must agree to the
  segment. Whoever makes one agree takes its name off the list.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.conformance.recordings import hold, not_yet, recordings

ASKED = recordings("asked")


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
@pytest.mark.sampled(3, longer=1)
def test_the_simulated_kernel_does_what_the_real_one_answered(path: Path) -> None:
    """Flags, numbers, windows, options, results, errors, states and times, in order; the first difference is named."""
    hold(path)


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
def test_every_trace_says_what_it_shows_and_its_own_checks_hold(path: Path) -> None:
    """A recording whose scenario went another way than meant would teach something wrong."""
    trace = json.loads(path.read_text(encoding="utf-8"))
    assert trace["name"] == path.stem
    assert len(trace["description"]) > 20
    assert trace["ok"] and all(check["ok"] for check in trace["checks"])


def test_the_list_names_only_traces_that_exist() -> None:
    """A name misspelt there would hide nothing and help nobody."""
    assert set(not_yet("asked")) <= {path.stem for path in ASKED}
