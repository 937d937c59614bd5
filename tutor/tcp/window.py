"""The receive window: how much room we offer, and when we say that there is more.

Rules
-----
* RCV.NXT + RCV.WND, the right edge, never moves left (RFC 9293 section 3.8.6, SHLD-14).
* It moves right only by a worthwhile step: at least one segment or half the buffer
  (receiver's silly window avoidance, RFC 9293 section 3.8.6.2.2).
* With window scaling the field counts units of 2^shift; we round up, and honour what that offers.
"""

from __future__ import annotations

from tutor.tcp.options import TIMESTAMP_OCTETS, effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.tcb import Tcb

FIELD_MAX = 65535
"""The window field has sixteen bits (RFC 9293 section 3.1)."""


def buffer_size(tcb: Tcb, profile: Profile) -> int:
    """Octets of text the receiver has room for."""
    return tcb.conf.receive_buffer if tcb.conf.receive_buffer is not None else profile.receive_buffer


def first(tcb: Tcb, profile: Profile) -> int:
    """The window that our SYN or SYN,ACK offers, in octets."""
    room = min(buffer_size(tcb, profile), FIELD_MAX)
    if not profile.window_in_segments:
        return room
    segment = (tcb.conf.mss or profile.mss) - (TIMESTAMP_OCTETS if tcb.agreed.timestamps else 0)
    return room // segment * segment or room


def offer(tcb: Tcb, profile: Profile) -> int:
    """RCV.WND in octets that a segment sent now announces (RFC 9293 section 3.8.6.2.2)."""
    room = buffer_size(tcb, profile) - tcb.inc.unread
    step = min(buffer_size(tcb, profile) // 2, effective_mss(tcb, profile))
    window = room if room - tcb.rcv.wnd >= step else tcb.rcv.wnd
    scale = tcb.agreed.rcv_scale
    units = min((window + (1 << scale) - 1) >> scale, FIELD_MAX)
    return units << scale


def is_worth_telling(tcb: Tcb, profile: Profile) -> bool:
    """Does reading open the window by a step that the peer should hear about (a window update)?"""
    return offer(tcb, profile) > tcb.rcv.wnd
