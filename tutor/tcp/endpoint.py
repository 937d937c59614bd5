"""react: the front door of the protocol.

Rules
-----
* ``react(tcb, event, now=..., profile=...)`` is a pure function. It changes nothing, reads no clock and
  throws no dice; the same arguments give the same ``Reaction``, today and on another machine.
* It dispatches, nothing more. The rules are in ``calls``, ``arrivals``, ``checks``, ``expiries``, ``icmp``.
* A reaction whose block is CLOSED means: delete the block, all its queues and timers.

Theory
------
RFC 9293 section 3.10 describes TCP as a program that waits for events: user calls, segments, timeouts.
This package is that section, in its order.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from tutor.tcp import calls
from tutor.tcp.arrivals import segment_arrives
from tutor.tcp.arriving import forget_all
from tutor.tcp.events import (
    Abort,
    Arrival,
    Close,
    Event,
    Expiry,
    Icmp,
    Open,
    Reaction,
    Receive,
    Release,
    Send,
    SetOption,
    Shutdown,
    Status,
)
from tutor.tcp.expiries import timer_expires
from tutor.tcp.icmp import icmp_arrives
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

_HANDLERS: dict[type, Callable[[Turn, Any], None]] = {
    Open: calls.open_,
    Send: calls.send,
    Receive: calls.receive,
    Close: calls.close,
    Abort: calls.abort,
    Status: calls.status,
    Shutdown: calls.shutdown,
    Release: calls.release,
    SetOption: calls.set_option,
    Arrival: segment_arrives,
    Expiry: timer_expires,
    Icmp: icmp_arrives,
}


def react(tcb: Tcb, event: Event, *, now: int, profile: Profile) -> Reaction:
    """What one end of a connection does about ``event`` at ``now`` (microseconds) under ``profile``."""
    most = tcb.conf.rto_max_us
    turn = Turn(tcb, now, profile if most is None else _with_longest_rto(profile, most))
    _HANDLERS[type(event)](turn, event)
    if turn.tcb.state is State.CLOSED and turn.edges:
        forget_all(turn)
    return turn.reaction()


@lru_cache(maxsize=64)
def _with_longest_rto(profile: Profile, most_us: int) -> Profile:
    """The profile of a connection whose user has set the upper bound of the RTO (``tcp_rto_max``, since 6.15)."""
    return replace(profile, rto_max_us=most_us)
