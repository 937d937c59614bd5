"""The table of variables beside the diagram."""

from __future__ import annotations

from tests.view.scenes import look, trace
from tutor.tcp.tcb import TIMERS
from tutor.view.panels import TIMER_NAMES, variables
from tutor.words import TIMERS as LONG_NAMES


def test_every_timer_of_the_engine_has_a_short_and_a_long_name() -> None:
    """A timer without a name would stop the window as soon as it runs."""
    assert set(TIMER_NAMES) == set(LONG_NAMES) == set(TIMERS)


def test_the_nearest_timer_is_shown_with_what_is_left_of_it() -> None:
    """Before anything is sent no timer runs; 5 ms after the SYN its timer has 995 ms left."""
    run = trace()
    first = next(step.at for step in run.steps)
    rows = dict(variables(run, first + 5_000, look()))
    assert rows["Timer"][0].startswith("RTO 0.9")
