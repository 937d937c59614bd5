"""The receive window: how much room we offer, and when we say that there is more.

Rules
-----
* RCV.NXT + RCV.WND, the right edge, never moves left (RFC 9293 section 3.8.6, SHLD-14).
* It moves right only by a worthwhile step: at least one segment or half the buffer
  (receiver's silly window avoidance, RFC 9293 section 3.8.6.2.2).
* Linux keeps one segment of the buffer back until a full-sized one has arrived, and an unscaled window moves by
  whole segments of the size that the peer sends, or stays what was told last (``window_kept_back``).
* With window scaling the field counts units of 2^shift; we round up as far as the buffer goes, so that the
  right edge does not creep, and honour what that offers (RFC 7323 section 2.4). Linux rounds up what is left of
  the window, so small segments do move its edge while half the buffer is free.
"""

from __future__ import annotations

from tutor.tcp.options import TIMESTAMP_OCTETS, effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.tcb import Tcb

FIELD_MAX = 65535
"""The window field has sixteen bits (RFC 9293 section 3.1)."""
LEAST_GUESS = 536
"""What the receiver takes the peer's segments for until it has seen longer ones, in octets (TCP_MSS_DEFAULT)."""


def buffer_size(tcb: Tcb, profile: Profile) -> int:
    """Octets of text the receiver has room for."""
    return tcb.conf.receive_buffer if tcb.conf.receive_buffer is not None else profile.receive_buffer


def own_mss(tcb: Tcb, profile: Profile) -> int:
    """Octets of text in the largest segment that the peer may send us."""
    return (tcb.conf.mss or profile.mss) - (TIMESTAMP_OCTETS if tcb.agreed.timestamps else 0)


def first(tcb: Tcb, profile: Profile, unit: int | None = None) -> int:
    """The window that our SYN or SYN,ACK offers, in octets: whole segments, of ``unit`` octets if given."""
    room = buffer_size(tcb, profile)
    if profile.window_in_segments:
        segment = unit or own_mss(tcb, profile)
        room = room // segment * segment or room
    return min(room, FIELD_MAX)


def _room(tcb: Tcb, profile: Profile) -> int:
    """Octets of the buffer that hold nothing to be read."""
    return buffer_size(tcb, profile) - tcb.inc.unread


def _step(tcb: Tcb, profile: Profile) -> int:
    """The least worthwhile move of the right edge: min(Fr * RCV.BUFF, Eff.snd.MSS), Fr = 1/2 (3.8.6.2.2)."""
    return min(buffer_size(tcb, profile) // 2, effective_mss(tcb, profile))


def _unreserved(tcb: Tcb, profile: Profile) -> int:
    """Octets of room without the segment that is kept back while no full-sized one has come."""
    size, room, full = buffer_size(tcb, profile), _room(tcb, profile), own_mss(tcb, profile)
    return min(room, size - full) if tcb.inc.longest < full and size > 2 * full else room


def _kept(tcb: Tcb, profile: Profile) -> int:
    """The unscaled window of Linux: the one told last while it lies within one received segment of the room there is.

    Source: tcp_init_buffer_space(), tcp_initialize_rcv_mss() and __tcp_select_window() of Linux 6.18.
    """
    room, full = _unreserved(tcb, profile), own_mss(tcb, profile)
    unit = max(min(LEAST_GUESS, tcb.agreed.mss, full), tcb.inc.longest)
    told = tcb.inc.told if tcb.inc.told is not None else tcb.rcv.wnd
    window = told if room - unit < told <= room else max(room, 0) // unit * unit
    return min(max(window, tcb.rcv.wnd), FIELD_MAX)


def offer(tcb: Tcb, profile: Profile) -> int:
    """RCV.WND in octets when a segment is sent now (RFC 9293 section 3.8.6.2.2).

    What is announced is RCV.WND shifted right: with scaling at most one unit less than what is accepted.
    """
    if tcb.is_small:
        return tcb.rcv.wnd
    if profile.window_kept_back and not tcb.agreed.rcv_scale:
        return _kept(tcb, profile)
    room = _room(tcb, profile)
    window = room if room - tcb.rcv.wnd >= _step(tcb, profile) else tcb.rcv.wnd
    scale = tcb.agreed.rcv_scale
    if not scale:
        return min(window, FIELD_MAX)
    slack = (1 << scale) - 1
    if profile.window_kept_back and 2 * room >= buffer_size(tcb, profile):
        return min(max(tcb.rcv.wnd, _unreserved(tcb, profile)) + slack >> scale, FIELD_MAX) << scale
    units = min((window + slack) >> scale, (max(room, 0) + slack) >> scale, FIELD_MAX)
    return max(min(window, FIELD_MAX << scale), units << scale)


def is_worth_telling(tcb: Tcb, profile: Profile) -> bool:
    """Should the peer hear at once that reading has opened the window (a window update)?

    The step must be worthwhile, and the window at least double: with a smaller one the peer is not waiting,
    and the next ACK will tell it (3.8.6.2.2 leaves this open; Linux asks the same).
    """
    room, offered = _room(tcb, profile), tcb.rcv.wnd
    return room > offered and room - offered >= _step(tcb, profile) and room >= 2 * offered
