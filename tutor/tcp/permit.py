"""The one question "what may I send now?", and its answer.

Rules
-----
* Three windows bound a sender: what the peer takes (SND.WND), what the network takes (the congestion window), and
  what is worth a segment (Nagle, RFC 9293 section 3.7.4, and silly window avoidance, section 3.8.6.2.1).
  The answer is the least of them, or a reason why it is nothing.
* Nagle asks whether anything is unacknowledged. Minshall's variant, Linux's, asks only for small segments: after a
  train of full ones the small rest leaves at once.
* A corked connection (TCP_CORK, MSG_MORE) sends full segments only.
* Where the profile knows bursts (segmentation offload), several segments are permitted as one: half the window at
  most, and on a slow path two segments. On the wire a burst shows by the PSH of its last segment.

Theory
------
Everything that holds text back is here, so that "why does nothing leave?" has one place to look at.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.tcp import congestion, seq
from tutor.tcp.congestion import Moment
from tutor.tcp.options import effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.tcb import RECOVERING, Tcb
from tutor.tcp.writequeue import first_end


class Permit(NamedTuple):
    """The answer of ``what_may_i_send``: octets of text, whether the FIN goes too, or why nothing may go."""

    length: int = 0
    fin: bool = False
    reason: str = ""
    is_limited: bool = False
    """Nothing goes because the congestion window leaves too little for a burst: it is the bound."""


NOTHING_WAITS = Permit()
WINDOW_CLOSED = Permit(reason="window-closed")
CONGESTION_WINDOW_FULL = Permit(reason="congestion-window-full", is_limited=True)
NAGLE_WAITS = Permit(reason="nagle-waits")
CORKED = Permit(reason="corked")
SILLY_WINDOW = Permit(reason="silly-window")
BURST_WAITS = Permit(reason="burst-waits")


def moment_of(tcb: Tcb, profile: Profile, now: int) -> Moment:
    """What congestion control may look at."""
    rtx, snd = tcb.rtx, tcb.snd
    return Moment(now, snd.una, snd.nxt, effective_mss(tcb, profile), len(tcb.out.queue), rtx.srtt or 0, rtx.rto)


def what_may_i_send(
    tcb: Tcb,
    profile: Profile,
    *,
    now: int = 0,
    congestion_window: int | None = None,
    override: bool = False,
    mode: str = "",
) -> Permit:
    """What may leave now: a segment, or a burst of them (RFC 9293 sections 3.7.4 and 3.8.6.2.1).

    ``congestion_window`` in octets, None for unlimited. ``override``: the timer of rule (4) has expired,
    so that text goes out even if that is silly. ``mode``: "more" if the writer has said that more will follow at once,
    "flush" if neither Nagle nor a cork holds anything, "one" if besides no burst waits for a better one.
    """
    out = tcb.out
    unsent = out.unsent
    wants_fin = out.is_closed and out.fin_seq is None
    if unsent == 0 and not wants_fin:
        return NOTHING_WAITS
    in_flight = tcb.flight_size
    usable = tcb.snd.wnd - in_flight
    room = usable if congestion_window is None else congestion_window - in_flight
    if usable <= 0:
        return WINDOW_CLOSED
    if room <= 0:
        return CONGESTION_WINDOW_FULL
    full = effective_mss(tcb, profile)
    chunk = first_end(out) - out.sent if out.ends or out.cuts else unsent
    is_last = chunk == unsent
    if profile.min_burst_segments and chunk > full and not override:
        return _burst(tcb, profile, now, chunk, full, usable, room, mode)
    length = min(chunk, usable, full)
    if length > room:
        return CONGESTION_WINDOW_FULL
    fin = wants_fin and length == unsent and usable > length
    if length == full or fin or override:
        return Permit(length, fin)
    if length < chunk or (wants_fin and is_last):
        silly = profile.silly_window == "whole-segment" or 2 * length < tcb.snd.max_wnd
        return _unless_held(tcb, profile, SILLY_WINDOW if silly else Permit(length), mode=mode)
    return _unless_held(tcb, profile, Permit(length), mode=mode) if is_last else Permit(length)


def _unless_held(tcb: Tcb, profile: Profile, permit: Permit, *, mode: str) -> Permit:
    """``permit`` for a segment that is not full, unless it has to wait (3.7.4; ``tcp_nagle_check``)."""
    out = tcb.out
    if mode in ("flush", "one") or out.is_flushed:
        return permit
    if tcb.conf.cork or mode == "more":
        return CORKED
    if tcb.conf.nodelay or not out.queue or tcb.snd.up is not None:
        return permit
    return permit if profile.nagle == "small" and not has_small_in_flight(tcb) else NAGLE_WAITS


def has_small_in_flight(tcb: Tcb) -> bool:
    """Is a segment smaller than the MSS unacknowledged (``tcp_minshall_check``)?"""
    small, snd = tcb.out.small_end, tcb.snd
    return small is not None and seq.before(snd.una, small) and seq.before_or_at(small, snd.nxt)


# --- bursts ---


def burst_octets(tcb: Tcb, profile: Profile, now: int, congestion_window: int | None) -> int:
    """Octets that the congestion window and the pace let leave as one, whatever the peer's window is."""
    full = effective_mss(tcb, profile)
    most = congestion.burst_segments(tcb.cc, profile, moment_of(tcb, profile, now))
    if congestion_window is None:
        return most * full
    return _quota(tcb, congestion_window - tcb.flight_size, full, most) * full


def _quota(tcb: Tcb, room: int, full: int, most: int) -> int:
    """Segments of a burst: what is left of the congestion window, but no more than half of it (``tcp_cwnd_test``)."""
    window = tcb.cc.window
    quota = max(0, min(-(-room // full), most))
    return min(quota, max(window >> 1, 1)) if window else quota


def _burst(tcb: Tcb, profile: Profile, now: int, chunk: int, full: int, usable: int, room: int, mode: str) -> Permit:
    """More than one segment waits: how many leave as one (``tcp_write_xmit``, ``tcp_mss_split_point``)."""
    if usable < full:
        return SILLY_WINDOW
    if tcb.snd.up is not None:
        return Permit(full)
    most = congestion.burst_segments(tcb.cc, profile, moment_of(tcb, profile, now))
    if tcb.cc.window and mode != "one" and _defers(tcb, profile, now, chunk, full, usable, room, most):
        return BURST_WAITS._replace(is_limited=room < usable and room <= chunk)
    longest = _quota(tcb, room, full, most) * full
    is_last = chunk == tcb.out.unsent
    if longest <= usable and not is_last:
        return Permit(min(longest, chunk))
    needed = min(chunk, usable)
    if longest <= needed:
        return Permit(longest)
    wants_fin = is_last and tcb.out.is_closed and tcb.out.fin_seq is None
    part = needed % full
    if part and not (wants_fin and needed == chunk) and _unless_held(tcb, profile, NOTHING_WAITS, mode=mode).reason:
        needed -= part
    return Permit(needed, wants_fin and needed == chunk)


def _defers(tcb: Tcb, profile: Profile, now: int, chunk: int, full: int, usable: int, room: int, most: int) -> bool:
    """Is it better to wait for the next ACK, so that a larger burst can leave (``tcp_tso_should_defer``)?

    Only if nothing is being repaired, text left within the last millisecond, the window allows less than a full burst
    and less than a third of itself, and the next ACK is due within a millisecond, or half a round trip.
    """
    limit = min(usable, room)
    if tcb.rec.phase in RECOVERING or now - tcb.cc.last_sent_at > 1000 or limit >= most * full:
        return False
    is_last = chunk == tcb.out.unsent
    if not is_last and limit >= chunk:
        return False
    divisor = profile.burst_window_divisor
    if divisor and limit >= min(tcb.snd.wnd, tcb.cc.window * full) // divisor:
        return False
    queue, srtt = tcb.out.queue, tcb.rtx.srtt or 0
    if not queue or queue[0].sent_at + srtt - now > min(srtt // 2, 1000):
        return False
    if limit <= chunk:
        return True
    return not (tcb.out.is_closed or tcb.out.ends)
