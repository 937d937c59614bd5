"""How late a kernel's timers fire: the wheel of timers as a rule, without any chance in it.

Rules
-----
* Time is counted in ticks. A span is rounded up to whole ticks, from the tick that is running: never early.
* The wheel has levels of 63 places; each level's places are eight times as long as those of the level below. A timer
  waits at the lowest level that reaches far enough, and fires when its place comes round: always at the *end* of the
  place in which its time lies.

Theory
------
Most timers are stopped before they fire, so a kernel wants them cheap to start and to stop, and does not mind if those
that do fire come a little late. A place at level n is 8^n ticks long and is used for spans of 63 * 8^(n-1) ticks or
more: nothing is later than one place, about one eighth of what it waited. With ticks of 4 ms a second is up to 32 ms
late, a minute up to two seconds.

On a host with ``timer_lateness=wheel`` every timer of every socket waits on this wheel (``Turn.timers`` puts it there),
and its RTO is a number of whole ticks, as ``icsk_rto`` is.

Source: Linux ``kernel/time/timer.c``, ``calc_wheel_index``, since 4.8.
"""

from __future__ import annotations

STEP_BITS = 3
"""The places of a level are 2^3 times as long as those below (``LVL_CLK_SHIFT``)."""
REACH = 63
"""Places that a level reaches ahead (``LVL_SIZE`` - 1)."""
LEVELS = 9
"""``LVL_DEPTH``."""


def whole_ticks(span: int, tick_us: int) -> int:
    """``span`` rounded up to whole ticks."""
    return -(-span // tick_us) * tick_us


def fires_at(now: int, due: int, tick_us: int) -> int:
    """When a timer fires that is set at ``now`` for ``due`` (microseconds)."""
    current = now // tick_us
    span = whole_ticks(max(due - now, 0), tick_us) // tick_us
    level = 0
    while span >= REACH << STEP_BITS * level and level < LEVELS - 1:
        level += 1
    place = STEP_BITS * level
    return ((current + span >> place) + 1 << place) * tick_us
