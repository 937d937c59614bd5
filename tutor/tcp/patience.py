"""Patience: how long something is tried, R2 and USER TIMEOUT (RFC 9293 sections 3.8.3 and 3.9.1.1).

Rules
-----
* The RFC counts R2 from the first sending, and USER TIMEOUT has a timer of its own (``patience`` "on-time").
* Linux has neither: it asks when another timer expires (``patience`` "at-expiries"). R2 is a number of retransmissions
  (tcp_retries2), but it is the time that these would take from TCP_RTO_MIN on, counted from the first retransmission.
  TCP_USER_TIMEOUT takes R2's place, is counted from the same moment, and ends the last wait, never before its time.
* A kernel's timers are late. Ours need not be, yet R2 is judged as if they were (``timer_lateness`` "judged"): where a
  time meets the round trip closely, this decides whether one more retransmission goes out.
* A SYN is counted from its first sending, and by its retransmissions as well, whichever bound strikes first.
* An orphan has a smaller R2 (tcp_orphan_retries; none set: eight, and none at all once the RTO is at its largest).
* Probes of a shut window are counted, not timed: they give up after that number in a row that nobody answered.
  TCP_USER_TIMEOUT is counted from the first probe, answered or not.

Source: Linux ``tcp_write_timeout``, ``retransmits_timed_out``, ``tcp_probe_timer``, ``tcp_orphan_retries``.
"""

from __future__ import annotations

from tutor.tcp.profile import Profile
from tutor.tcp.rto import doublings, timeout
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb

_S = State

ORPHAN_RETRIES = 8
"""What a tcp_orphan_retries of 0 stands for: more than 100 s from an RTO of 200 ms."""


def user_timeout(tcb: Tcb, profile: Profile) -> int:
    """USER TIMEOUT in microseconds; 0 if nobody set one (3.9.1.1)."""
    return tcb.conf.user_timeout_us if tcb.conf.user_timeout_us is not None else profile.user_timeout_us


def asks_at_expiries(profile: Profile) -> bool:
    """Do R2 and USER TIMEOUT strike only when another timer expires?"""
    return profile.patience == "at-expiries"


# --- what is in flight ---


def span(tcb: Tcb, profile: Profile) -> int:
    """R2 in microseconds for what is at the head of the queue; 0 if only a count bounds it (3.8.3)."""
    if tcb.state is _S.SYN_SENT or tcb.state is _S.SYN_RECEIVED:
        return profile.syn_give_up_us
    if not asks_at_expiries(profile):
        return profile.data_give_up_us
    retries = orphan_retries(tcb, profile) if tcb.is_orphan else profile.data_retries
    return doublings(retries, profile)


def orphan_retries(tcb: Tcb, profile: Profile) -> int:
    """R2 of an orphan, as a number of retransmissions."""
    waits_longest = tcb.rtx.rto << (min(tcb.rtx.count, 16) if tcb.timers.persist else 0) >= profile.rto_max_us
    if tcb.soft_error and waits_longest:
        return 0
    return profile.orphan_retries or (0 if waits_longest else ORPHAN_RETRIES)


def is_over(tcb: Tcb, profile: Profile, now: int) -> bool:
    """Has the segment at the head of the queue been tried often or long enough? Asked when its timer expires."""
    waited = now - tcb.rtx.started_at
    if tcb.state is _S.SYN_SENT or (tcb.state is _S.SYN_RECEIVED and tcb.is_active):
        return _syn_is_over(tcb, profile, waited)
    if tcb.state is _S.SYN_RECEIVED:
        return 0 < profile.syn_give_up_us <= waited
    if not asks_at_expiries(profile):
        return waited >= profile.data_give_up_us
    waited += lateness(tcb, profile, tcb.rtx.count)
    return tcb.rtx.count > 0 and waited >= (user_timeout(tcb, profile) or span(tcb, profile))


def _syn_is_over(tcb: Tcb, profile: Profile, waited: int) -> bool:
    """Tried often enough, or long enough (MUST-23)."""
    if 0 < profile.syn_give_up_us <= waited:
        return True
    answers = tcb.state is _S.SYN_RECEIVED
    usual = profile.synack_retries if answers and not asks_at_expiries(profile) else profile.syn_retries
    tries = tcb.conf.syn_retries or usual
    if not tries and profile.syn_give_up_us:
        return False
    if tcb.rtx.count >= tries + (0 if answers else profile.syn_linear_timeouts):
        return True
    longest = ((2 << tries) - 1) * profile.initial_rto_us
    if asks_at_expiries(profile):
        longest = user_timeout(tcb, profile) or longest
        waited += lateness(tcb, profile, tcb.rtx.count + 1)
    return tcb.rtx.count > 0 and waited >= longest


def longest_wait(tcb: Tcb, profile: Profile) -> int:
    """The upper bound of a wait; a request entry may have its own (``reqsk_timer_handler``)."""
    is_request = tcb.state is _S.SYN_RECEIVED and not tcb.is_active
    return (profile.request_rto_max_us if is_request else 0) or profile.rto_max_us


def deadline(tcb: Tcb, profile: Profile, now: int) -> int:
    """When the retransmission timer expires: after RTO, or at the moment of R2 or USER TIMEOUT if that is first.

    An RTO that is given, not computed, may be above its bound: the first text's after a SYN was repeated.
    """
    rtx = tcb.rtx
    end = now + min(rtx.rto, longest_wait(tcb, profile))
    if not asks_at_expiries(profile):
        longest = span(tcb, profile)
        return max(now, min(end, rtx.started_at + longest)) if longest else end
    if not user_timeout(tcb, profile) or not rtx.count:
        return end
    waits = rtx.count + 1 if tcb.has_syn_in_flight else rtx.count
    return cut_to_user_timeout(tcb, profile, end, waits, now + profile.tick_us)


def user_deadline(tcb: Tcb, profile: Profile) -> int:
    """When USER TIMEOUT is over for what is being repeated."""
    return tcb.rtx.started_at + user_timeout(tcb, profile)


def cut_to_user_timeout(tcb: Tcb, profile: Profile, end: int, waits: int, soonest: int) -> int:
    """When the wait that ends at ``end``, so many since patience began, ends because of USER TIMEOUT.

    It is the last one if a kernel's late timer would find USER TIMEOUT over; it is never cut shorter than that.
    """
    last = user_deadline(tcb, profile)
    return max(soonest, last) if end + lateness(tcb, profile, waits) >= last else end


# --- probes of a shut window ---


def probing_is_over(tcb: Tcb, profile: Profile, now: int) -> bool:
    """Has the shut window been probed often or long enough? Asked before each probe but the first."""
    waited = now - tcb.rtx.started_at
    if not asks_at_expiries(profile):
        return tcb.probes > 0 and waited >= profile.data_give_up_us
    user = user_timeout(tcb, profile)
    if user and tcb.rtx.count and waited + lateness(tcb, profile, tcb.rtx.count) >= user:
        return True
    if not tcb.is_orphan:
        return tcb.probes >= profile.data_retries
    tries = orphan_retries(tcb, profile)
    waits_longest = tcb.rtx.rto << min(tcb.rtx.count, 16) >= profile.rto_max_us
    return tcb.probes >= tries or (waits_longest and tcb.rtx.count >= tries)


def shut_over_flight_is_over(tcb: Tcb, profile: Profile, now: int) -> bool:
    """The peer has shut its window over what is in flight: is it silent, or the user's patience at an end
    (``tcp_rtx_probe0_timed_out``)?
    """
    front = tcb.out.queue[0]
    waited = now - (tcb.rtx.started_at if front.transmissions > 1 else front.sent_at)
    user = user_timeout(tcb, profile)
    if user and waited > user:
        return True
    longest = min(2 * profile.rto_max_us, user or 2 * profile.rto_max_us)
    return now - tcb.heard_at > longest < waited


# --- timers that are late ---


def lateness(tcb: Tcb, profile: Profile, waits: int) -> int:
    """How late so many waits since patience began would have ended on a kernel's wheel of timers (see ``lateness``).

    The RTO is a number of ticks, rounded up. Waits of 64 ticks and more end with the next 8, those of 512 with the
    next 64, and so on (kernel/time/timer.c).
    """
    if profile.timer_lateness != "judged":
        return 0
    rtx, tick, late = tcb.rtx, profile.tick_us, 0
    is_syn = tcb.has_syn_in_flight
    linear = profile.syn_linear_timeouts if tcb.state is _S.SYN_SENT else 0
    first = timeout(rtx, profile)
    for place in range(waits):
        doubled = max(0, place - linear) if is_syn else place + 1
        exact = min(first << min(doubled, 16), profile.rto_max_us)
        wait = exact // tick if is_syn else min((first // tick + 1) << doubled, profile.rto_max_us // tick)
        granule = 1
        while wait >= 64 * granule:
            granule *= 8
        late += (wait // granule + 1) * granule * tick - exact
    return late


# --- keep-alive ---


def silence_is_over(tcb: Tcb, profile: Profile, now: int) -> bool:
    """Have keep-alive's probes gone unanswered often enough, or for USER TIMEOUT (``tcp_keepalive_timer``)?"""
    user = user_timeout(tcb, profile) if asks_at_expiries(profile) else 0
    if user:
        return tcb.probes > 0 and now - tcb.heard_at >= user
    limit = tcb.conf.keepalive_probes if tcb.conf.keepalive_probes is not None else profile.keepalive_probes
    return tcb.probes >= limit
