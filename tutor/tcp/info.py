"""What a program can ask about its connection: the numbers of TCP_INFO that the sender keeps.

Rules
-----
* Names are those of ``struct tcp_info`` without ``tcpi_``; times in microseconds, windows in segments.
* A window counted in octets (RFC 5681) is told in whole segments, as Linux would count it.
* Before the connection is open the window is the one it will begin with.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.tcp import congestion
from tutor.tcp.options import effective_mss
from tutor.tcp.permit import moment_of
from tutor.tcp.profile import Profile
from tutor.tcp.tcb import Tcb

NOT_PACED = (1 << 64) - 1
"""``pacing_rate`` before a round trip is known."""


class SenderInfo(NamedTuple):
    """The sender's part of TCP_INFO."""

    snd_cwnd: int
    snd_ssthresh: int
    snd_mss: int
    advmss: int
    unacked: int
    """Segments sent and not acknowledged."""
    notsent_bytes: int
    rto: int
    rtt: int
    rttvar: int
    min_rtt: int
    delivered: int
    delivery_rate_app_limited: bool
    pacing_rate: int
    """Octets a second; nothing is paced here, but bursts are sized by it."""


def sender_info(tcb: Tcb, profile: Profile, now: int) -> SenderInfo:
    """The numbers at ``now``."""
    cc, out, rtx = tcb.cc, tcb.out, tcb.rtx
    mss = effective_mss(tcb, profile)
    unit = mss if congestion.counts_octets(profile) else 1
    window = cc.window or congestion.initial_window(profile, mss)
    threshold = cc.threshold if cc.threshold == congestion.INFINITE else cc.threshold // unit
    rate = congestion.pacing_rate(cc, profile, moment_of(tcb, profile, now)) if cc.window else None
    return SenderInfo(
        snd_cwnd=window // unit,
        snd_ssthresh=threshold,
        snd_mss=mss,
        advmss=tcb.conf.mss or profile.mss,
        unacked=len(out.queue),
        notsent_bytes=out.unsent,
        rto=rtx.rto,
        rtt=rtx.srtt or 0,
        rttvar=rtx.rttvar,
        min_rtt=cc.min_rtt_us or 0,
        delivered=cc.delivered,
        delivery_rate_app_limited=bool(cc.limited_until),
        pacing_rate=NOT_PACED if rate is None else rate,
    )
