"""More traces of the Linux 6.18 kernel: what the prose about it names and no other recording shows.

Rules
-----
* One trace shows one thing, and its description says which.
* A trace named in NOT_YET may differ, and the test tells its first difference; any other must agree to the segment.
  Whoever makes one agree takes its name off the list.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.replay import load, verdict

ASKED = sorted(Path(__file__).with_name("asked").glob("*.json"))
NOT_YET = Path(__file__).with_name("asked") / "not_yet.txt"


def expected_to_differ() -> set[str]:
    """Names of the traces that the simulated kernel does not follow yet."""
    lines = NOT_YET.read_text(encoding="utf-8").splitlines()
    return {line.split()[0] for line in lines if line.strip() and not line.startswith("#")}


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
def test_the_simulated_kernel_does_what_the_real_one_answered(path: Path) -> None:
    """Flags, numbers, windows, options, results, errors, states and times, in order; the first difference is named."""
    if path.stem not in expected_to_differ():
        assert verdict(load(path)) is None
        return
    try:
        difference = verdict(load(path))
    except (LookupError, ValueError, AssertionError, TypeError) as unknown:  # a setting or call not simulated yet
        difference = f"{type(unknown).__name__}: {unknown}"
    if difference is not None:
        pytest.xfail(difference)


@pytest.mark.parametrize("path", ASKED, ids=lambda path: path.stem)
def test_every_trace_says_what_it_shows_and_its_own_checks_hold(path: Path) -> None:
    """A recording whose scenario went another way than meant would teach something wrong."""
    trace = load(path)
    assert trace["name"] == path.stem
    assert len(trace["description"]) > 20
    assert trace["ok"] and all(check["ok"] for check in trace["checks"])


def test_the_list_names_only_traces_that_exist() -> None:
    """A name misspelt there would hide nothing and help nobody."""
    assert expected_to_differ() <= {path.stem for path in ASKED}
