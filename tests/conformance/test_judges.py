"""The judges are judged: whatever is changed in what a script expects, the judge fails at exactly that."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.conformance.judging import Trial, complaints
from tests.conformance.mutations import Mutation, mutations
from tests.conformance.test_scripts import LINUX, NOT_YET, SCRIPTS
from tutor.exchange.packetdrill.judge import FAIL, Manner, judge_script
from tutor.exchange.packetdrill.parser import parse

SURVIVORS: dict[tuple[str, int, str], str] = {
    (
        "a-shut-window-is-probed-with-nothing",
        16,
        "removed",
    ): "the peer's ACK comes just before the probe, which then waits",
    (
        "a-timestamp-from-before-marks-an-old-duplicate",
        11,
        "removed",
    ): "without the SYN,ACK's line the third ACK echoes a time of none: it is dropped, and accept() tells of it first",
}
"""(script, line, what) -> why nobody can tell the changed script from the true one, or tells it elsewhere."""


def _all(step: int) -> Iterator[tuple[str, Mutation]]:
    """Every ``step``-th mutation of the scripts that pass."""
    number = 0
    for path in SCRIPTS:
        if path.stem in NOT_YET:
            continue
        for mutation in mutations(parse(path.read_text(encoding="utf-8"))):
            number += 1
            if number % step == 0:
                yield path.stem, mutation


def _trials(step: int) -> Iterator[Trial]:
    for name, mutation in _all(step):
        verdict = judge_script(mutation.script, LINUX, Manner())
        is_caught = verdict.kind == FAIL and verdict.line == mutation.line and verdict.what.startswith(mutation.named)
        told = f"{name}, line {mutation.line}, {mutation.what}: {verdict}"
        yield Trial(told, is_caught, (name, mutation.line, mutation.what) in SURVIVORS)


@pytest.mark.ci
def test_one_change_is_found_where_it_was_made() -> None:
    """Every tenth: a flag, number, ACK, length, window, option, result, state, time; one segment more or less."""
    assert not complaints(_trials(10), 200)


@pytest.mark.ci
def test_every_change_is_found_where_it_was_made() -> None:
    """All of them; what nobody can tell apart is listed with its reason."""
    assert not complaints(_trials(1), 2000)


def test_the_list_of_survivors_names_scripts_that_exist() -> None:
    """And gives a reason for each."""
    names = {path.stem for path in SCRIPTS}
    assert all(name in names and why for (name, _, _), why in SURVIVORS.items())
