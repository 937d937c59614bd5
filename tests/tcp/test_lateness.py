"""How late timers are: the rule of the wheel by itself (against recorded times: tests/truth)."""

from __future__ import annotations

import pytest

from tutor.tcp.lateness import fires_at, whole_ticks

TICK = 4_000
"""HZ=250."""


@pytest.mark.parametrize(
    ("ticks", "granule"), [(1, 1), (62, 1), (63, 8), (503, 8), (504, 64), (4031, 64), (4032, 512), (32256, 4096)]
)
def test_a_longer_wait_is_told_by_a_coarser_hand(ticks: int, granule: int) -> None:
    """63 places of a level, each eight times as long as those below: never early, late by one of them at most."""
    for now in range(0, 4096 * TICK, 97 * TICK):
        fired = fires_at(now, now + ticks * TICK, TICK)
        assert fired % (granule * TICK) == 0
        assert 0 < fired - (now + ticks * TICK) <= granule * TICK


def test_nothing_is_later_than_an_eighth_and_a_tick() -> None:
    """Whatever is waited for, from wherever it begins."""
    for ticks in range(1, 40_000, 37):
        late = fires_at(0, ticks * TICK, TICK) - ticks * TICK
        assert 0 < late <= ticks * TICK / 7.875 + TICK


def test_a_span_is_rounded_up_to_ticks() -> None:
    """Never early; what is due at once comes with the next tick."""
    assert [whole_ticks(span, TICK) for span in (0, 1, 4_000, 4_001)] == [0, 4_000, 4_000, 8_000]
    assert fires_at(0, 0, TICK) == TICK
