"""The retransmission timeout: RFC 6298, with Karn's rule and exponential backoff.

Rules
-----
* (2.1) Before any measurement the RTO is the profile's initial one (1 s).
* (2.2) First measurement R: SRTT = R, RTTVAR = R/2.
* (2.3) Later: RTTVAR = 3/4 RTTVAR + 1/4 |SRTT - R|, then SRTT = 7/8 SRTT + 1/8 R.
* RTO = SRTT + max(G, 4 RTTVAR), bounded below and above by the profile. Linux bounds the variance
  term from below where the RFC bounds the sum: a field says which. Its variance is the worst of a round trip, falls
  by a quarter a round trip at most, and hardly grows when the round trip shortens (``tcp_rtt_estimator``).
* (3) Karn: a segment that was sent twice is never measured, unless timestamps tell its copies apart.
* (5.5) Each expiry doubles the RTO. News that the network, not congestion, lost the segment takes one doubling back
  (RFC 6069).

Everything is in integer microseconds.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.lateness import whole_ticks
from tutor.tcp.profile import Profile
from tutor.tcp.tcb import Rtx, SendSpace
from tutor.tcp.values import replace


def measured(rtx: Rtx, round_trip_us: int, profile: Profile, snd: SendSpace) -> Rtx:
    """``rtx`` after a valid measurement (RFC 6298 sections 2.2 and 2.3). ``snd`` says when a round trip is over."""
    if profile.rto_min_applies_to == "variance":
        return _worst_of_round(rtx, round_trip_us, profile, snd)
    if rtx.srtt is None:
        srtt, rttvar = round_trip_us, round_trip_us // 2
    else:
        rttvar = (3 * rtx.rttvar + abs(rtx.srtt - round_trip_us)) // 4
        srtt = (7 * rtx.srtt + round_trip_us) // 8
    return _with_rto(replace(rtx, srtt=srtt, rttvar=rttvar), profile)


def timeout(rtx: Rtx, profile: Profile) -> int:
    """The RTO in microseconds before any doubling (RFC 6298 sections 2.1 to 2.5); in whole ticks where timers are."""
    if rtx.srtt is None:
        return profile.initial_rto_us
    if profile.rto_min_applies_to == "variance":
        rto = rtx.srtt + max(rtx.held, profile.rto_granularity_us)
        ticks = whole_ticks(rto, profile.tick_us) if profile.timer_lateness == "wheel" else rto
        return min(ticks, profile.rto_max_us)
    rto = rtx.srtt + max(profile.rto_granularity_us, 4 * rtx.rttvar)
    return min(max(rto, profile.rto_min_us), profile.rto_max_us)


def _with_rto(rtx: Rtx, profile: Profile) -> Rtx:
    return replace(rtx, rto=timeout(rtx, profile), backoff=0)


def _worst_of_round(rtx: Rtx, round_trip_us: int, profile: Profile, snd: SendSpace) -> Rtx:
    """Linux: SRTT as in the RFC; the bound is for the variance, fourfold, which is ``held`` (``tcp_rtt_estimator``)."""
    least = profile.rto_min_us
    if rtx.srtt is None:
        srtt, rttvar, round_end = round_trip_us, round_trip_us // 2, snd.nxt
        worst = held = max(4 * rttvar, least)
    else:
        error = round_trip_us - rtx.srtt
        srtt = (7 * rtx.srtt + round_trip_us) // 8
        step = abs(error) - rtx.rttvar
        rttvar = max(rtx.rttvar + step // (32 if error < 0 < step else 4), 0)
        worst, round_end = max(rtx.worst, 4 * rttvar), rtx.round_end
        held = max(rtx.held, worst)
        if seq.before(round_end, snd.una):
            held -= (held - worst) // 4
            worst, round_end = least, snd.nxt
    changed = replace(rtx, srtt=srtt, rttvar=rttvar, worst=worst, held=held, round_end=round_end)
    return _with_rto(changed, profile)


def backed_off(rtx: Rtx, most_us: int, *, is_linear: bool = False) -> Rtx:
    """``rtx`` after an expiry: one more retransmission, a doubled RTO (5.5) of ``most_us`` at most.

    It stays as it is where the phase is linear.
    """
    if is_linear:
        return replace(rtx, count=rtx.count + 1)
    rto = min(2 * rtx.rto, most_us)
    return replace(rtx, rto=rto, count=rtx.count + 1, backoff=rtx.backoff + 1)


def backed_on(rtx: Rtx, profile: Profile) -> Rtx:
    """``rtx`` with one doubling taken back (RFC 6069 section 3)."""
    backoff = rtx.backoff - 1
    return replace(rtx, rto=min(timeout(rtx, profile) << min(backoff, 16), profile.rto_max_us), backoff=backoff)


def doublings(retries: int, profile: Profile) -> int:
    """The time that so many retransmissions would take if the RTO began at RTO_MIN (``tcp_model_timeout``)."""
    base, most = _RTO_MIN, profile.rto_max_us
    steep = min(retries, max(most // base, 1).bit_length() - 1)
    return ((2 << steep) - 1) * base + (retries - steep) * most


_RTO_MIN = 200_000
"""TCP_RTO_MIN: the model's base whatever the connection's own minimum is."""
