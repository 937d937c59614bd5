"""The bench itself works: both ways of doing the measured work move the same octets."""

from __future__ import annotations

import pytest

from tests.bench import work
from tutor.world.trace import Trace


def test_a_conversation_moves_what_it_should() -> None:
    """Ten segments each way are read, at one per cent loss."""
    assert work.one_conversation(3) == 2 * work.SEGMENTS * work.OCTETS


@pytest.mark.ci
def test_the_long_run_is_long() -> None:
    """Three megabytes make thousands of events and end."""
    trace = Trace.of(work.bulk(3_000_000, "0.2%"))
    assert len(trace.steps) > 2_000
    assert not trace.is_cut_short


@pytest.mark.ci
def test_simpy_moves_as_many_octets() -> None:
    """The ratio compares equal work."""
    pytest.importorskip("simpy", reason="SimPy is not installed: pip install 'tcp-tutor[bench]'")
    assert work.one_simpy_conversation(3) == work.one_conversation(3)
