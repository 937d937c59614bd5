"""Options: which ones a segment carries, and what two SYNs agree on.

Rules
-----
* A SYN offers what the profile allows; a SYN,ACK repeats only what the SYN offered
  (RFC 7323 sections 2.2 and 3.2, RFC 2018 section 2).
* Without an MSS option, or with one that says 0, the peer takes 536 octets (RFC 9293 section 3.7.1, MUST-15).
* The window of a SYN is never scaled (RFC 7323 section 2.2).
* Once agreed, every segment carries timestamps (RFC 7323 section 3.2; on the RST of an ABORT too).
"""

from __future__ import annotations

from tutor.tcp import ecn, sack
from tutor.tcp.profile import Profile
from tutor.tcp.segment import NO_OPTIONS, Options, Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Agreed, Tcb
from tutor.tcp.values import replace

TIMESTAMP_OCTETS = 12
"""Header octets of the timestamps option with its padding (RFC 7323 appendix A)."""

MAX_SHIFT = 14
"""Largest shift count (RFC 7323 section 2.3)."""


def clock(now: int) -> int:
    """TSval at ``now``: one tick a millisecond (RFC 7323 section 5.4 allows 1 ms to 1 s)."""
    return (now // 1000) & 0xFFFFFFFF


def on_syn(tcb: Tcb, profile: Profile, now: int) -> Options:
    """What our SYN offers; on a SYN,ACK only what the peer offered as well (``tcb.agreed``)."""
    answering = tcb.state is State.SYN_RECEIVED and not (tcb.is_active and profile.crossed_options == "own")
    agreed = tcb.agreed
    scaling = agreed.window_scaling if answering else profile.window_scaling
    timestamps = agreed.timestamps if answering else profile.timestamps
    return Options(
        mss=tcb.conf.mss or profile.mss,
        window_scale=own_scale(tcb, profile) if scaling else None,
        sack_permitted=agreed.sack if answering else profile.sack,
        timestamp=(clock(now), agreed.ts_recent) if timestamps else None,
    )


def own_scale(tcb: Tcb, profile: Profile) -> int:
    """The shift count we offer: the profile's, or that of a buffer the user has fixed (RFC 7323 section 2.3)."""
    fixed = tcb.conf.receive_buffer
    return profile.window_scale if fixed is None else min(max(fixed.bit_length() - 16, 0), profile.window_scale)


def on_segment(tcb: Tcb, now: int) -> Options:
    """What a segment after the handshake carries."""
    if not tcb.agreed.timestamps:
        return NO_OPTIONS
    return Options(timestamp=(clock(now), tcb.agreed.ts_recent))


def agree(tcb: Tcb, syn: Segment, profile: Profile, now: int) -> Agreed:
    """What both ends use from here on, given the peer's ``syn`` (or SYN,ACK).

    A host that repeats its own options to a SYN that crosses its own scales its window whatever the peer has offered.
    """
    theirs = syn.options
    scales = profile.window_scaling and theirs.window_scale is not None
    keeps_own = profile.window_scaling and tcb.is_active and not syn.has_ack and profile.crossed_options == "own"
    stamps = profile.timestamps and theirs.timestamp is not None
    return replace(
        tcb.agreed,
        mss=theirs.mss or profile.default_mss,
        window_scaling=scales,
        snd_scale=min(theirs.window_scale or 0, MAX_SHIFT) if scales else 0,
        rcv_scale=own_scale(tcb, profile) if scales or keeps_own else 0,
        timestamps=stamps,
        sack=profile.sack and theirs.sack_permitted,
        ecn=ecn.is_granted(profile, syn) if syn.has_ack else ecn.grants(profile, syn),
        ts_recent=theirs.timestamp[0] if stamps and theirs.timestamp else 0,
        ts_recent_at=now,
    )


def effective_mss(tcb: Tcb, profile: Profile) -> int:
    """Eff.snd.MSS: octets of text in a full segment, at least one (RFC 9293 section 3.7.1).

    A profile may believe no smaller MSS than ``min_send_mss``; options still come off that.

    Where the profile says so, no more than half of the largest window the peer ever offered
    (``tcp_bound_to_half_wnd``): one segment of two can then be acknowledged while the other is on its way.
    """
    agreed = tcb.agreed
    size = max(min(agreed.mss, tcb.conf.mss or profile.mss), profile.min_send_mss)
    if agreed.timestamps:
        size -= TIMESTAMP_OCTETS
    most = tcb.snd.max_wnd
    if most and profile.half_window_segments and size > most >> 1:
        half = most >> 1 if most > SMALLEST_HALVED else most
        smallest = SMALLEST_SEGMENT - (TIMESTAMP_OCTETS if agreed.timestamps else 0)
        size = min(size, max(half, smallest))
    if tcb.inc.blocks or tcb.inc.twice is not None:
        size -= sack.octets(tcb)
    return max(1, size)


SMALLEST_HALVED = 536
"""Windows up to this are not halved (``TCP_MSS_DEFAULT``)."""
SMALLEST_SEGMENT = 48
"""Text of a segment of 68 octets, which every network carries."""
