"""The receive window: how much room we offer, and when we say that there is more.

Rules
-----
* RCV.NXT + RCV.WND, the right edge, never moves left (RFC 9293 section 3.8.6, SHLD-14).
* It moves right only by a worthwhile step: at least one segment or half the buffer
  (receiver's silly window avoidance, RFC 9293 section 3.8.6.2.2).
* With window scaling the field counts units of 2^shift; we round up as far as the buffer goes, so that the
  right edge does not creep, and honour what that offers (RFC 7323 section 2.4).
* Linux opens its window by another rule (``window_growth``): see ``room``. It rounds up what is left of the window, so
  that small segments do move its edge.
"""

from __future__ import annotations

from tutor.tcp import room
from tutor.tcp.options import TIMESTAMP_OCTETS, effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb

KNOWS_NO_PEER = frozenset({State.CLOSED, State.LISTEN, State.SYN_SENT})
"""States in which the peer has not named its MSS yet."""

FIELD_MAX = 65535
"""The window field has sixteen bits (RFC 9293 section 3.1)."""


def buffer_size(tcb: Tcb, profile: Profile) -> int:
    """Octets of text the receiver has room for."""
    size = tcb.conf.receive_buffer if tcb.conf.receive_buffer is not None else profile.receive_buffer
    if profile.buffer_in_segments and tcb.state not in KNOWS_NO_PEER:
        segment = effective_mss(tcb, profile)
        size = -(-size // segment) * segment
    return size


def first(tcb: Tcb, profile: Profile, unit: int | None = None) -> int:
    """The window that our SYN or SYN,ACK offers, in octets: whole segments, of ``unit`` octets if given."""
    space = buffer_size(tcb, profile)
    if profile.window_in_segments:
        segment = unit or (tcb.conf.mss or profile.mss) - (TIMESTAMP_OCTETS if tcb.agreed.timestamps else 0)
        space = space // segment * segment or space
        if profile.first_window_segments:
            space = min(space, profile.first_window_segments * segment)
    return space if profile.window_growth == "segments" else min(space, FIELD_MAX)


def memory(tcb: Tcb, profile: Profile) -> int:
    """The receive buffer in octets of memory, where that is more than its text."""
    return buffer_size(tcb, profile) * profile.buffer_counting


def largest(tcb: Tcb, profile: Profile) -> int:
    """Text of the largest segment we asked for (``advmss``)."""
    return (tcb.conf.mss or profile.mss) - (TIMESTAMP_OCTETS if tcb.agreed.timestamps else 0)


def is_crowded(tcb: Tcb, profile: Profile) -> bool:
    """Is more than half of the receive buffer in use (``window_growth`` segments)?"""
    return bool(tcb.room.memory) and room.is_crowded(tcb.room, memory(tcb, profile))


def candidate(tcb: Tcb, profile: Profile) -> int:
    """The window that could be offered now, may it be smaller than what is offered (``window_growth`` segments)."""
    return room.offered(tcb.room, memory(tcb, profile), tcb.ack.segment, tcb.ack.window, tcb.agreed.rcv_scale)


def _room(tcb: Tcb, profile: Profile) -> int:
    """Octets of the buffer that hold nothing to be read."""
    return buffer_size(tcb, profile) - tcb.inc.unread


def _step(tcb: Tcb, profile: Profile) -> int:
    """The least worthwhile move of the right edge: min(Fr * RCV.BUFF, Eff.snd.MSS), Fr = 1/2 (3.8.6.2.2)."""
    return min(buffer_size(tcb, profile) // 2, effective_mss(tcb, profile))


def offer(tcb: Tcb, profile: Profile) -> int:
    """RCV.WND in octets when a segment is sent now (RFC 9293 section 3.8.6.2.2).

    What is announced is RCV.WND shifted right: with scaling at most one unit less than what is accepted.
    """
    if tcb.is_small:
        return tcb.rcv.wnd
    if tcb.room.limit:
        wanted, scale = candidate(tcb, profile), tcb.agreed.rcv_scale
        return wanted if wanted >= tcb.rcv.wnd else -(-tcb.rcv.wnd >> scale) << scale
    space = _room(tcb, profile)
    window = space if space - tcb.rcv.wnd >= _step(tcb, profile) else tcb.rcv.wnd
    scale = tcb.agreed.rcv_scale
    if not scale:
        return min(window, FIELD_MAX)
    slack = (1 << scale) - 1
    units = min((window + slack) >> scale, (max(space, 0) + slack) >> scale, FIELD_MAX)
    return max(min(window, FIELD_MAX << scale), units << scale)


def is_worth_telling(tcb: Tcb, profile: Profile) -> bool:
    """Should the peer hear at once that reading has opened the window (a window update)?

    The step must be worthwhile, and the window at least double: with a smaller one the peer is not waiting,
    and the next ACK will tell it (3.8.6.2.2 leaves this open; Linux asks the same).
    """
    if tcb.room.limit:
        wanted = candidate(tcb, profile) if 2 * tcb.rcv.wnd <= tcb.room.clamp else 0
        return wanted > 0 and wanted >= 2 * tcb.rcv.wnd
    space, offered = _room(tcb, profile), tcb.rcv.wnd
    return space > offered and space - offered >= _step(tcb, profile) and space >= 2 * offered
