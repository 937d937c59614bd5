"""Request entries: what a listener keeps of a handshake that is not over.

Rules
-----
* An entry repeats its SYN,ACK until its tries are used up; the host may leave it fewer when the queue is crowded
  (``Expiry.tries``).
* With TCP_DEFER_ACCEPT a bare ACK is put off: the entry waits in silence for text. Before the last wait the SYN,ACK
  goes once more, and whatever ACK comes then opens the connection (``syn_ack_recalc``, ``tcp_check_req``).
* What echoes a time at which no SYN,ACK left is not from this handshake, or not from its caller.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.challenge import answer_unacceptable
from tutor.tcp.events import Expiry
from tutor.tcp.options import clock
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn

MOST_DEFERRALS = 255
"""The count is kept in one octet."""

# --- the timer of an entry ---


def is_used_up(turn: Turn, event: Expiry) -> bool:
    """Has this entry had its tries? One whose ACK was put off lives as long as it defers, if that is longer."""
    tcb = turn.tcb
    tries = tries_of(tcb, turn.profile) if event.tries is None else event.tries
    is_bounded_by_time = not tries and turn.profile.syn_give_up_us > 0
    if is_bounded_by_time or tcb.rtx.count < tries:
        return False
    return not tcb.is_deferred or tcb.rtx.count >= deferrals(tcb, turn.profile)


def tries_of(tcb: Tcb, profile: Profile) -> int:
    """How often a SYN,ACK is repeated when nobody hurries; 0: not at all, unless time bounds it."""
    return tcb.conf.syn_retries if tcb.conf.syn_retries is not None else profile.synack_retries


def stays_silent(turn: Turn) -> bool:
    """Does the entry wait for text, so that its SYN,ACK need not go again?"""
    return turn.tcb.is_deferred and turn.tcb.rtx.count < deferrals(turn.tcb, turn.profile) - 1


# --- the echo of a timestamp ---


def refuses_echo(turn: Turn, segment: Segment) -> bool:
    """An echo older than the first SYN,ACK, or newer than the last: answered and dropped, a RST only dropped.

    A SYN that repeats the first, and an ACK of something else, have answers of their own.
    """
    tcb, stamp = turn.tcb, segment.options.timestamp
    is_request = tcb.state is State.SYN_RECEIVED and not tcb.is_active
    if not turn.profile.request_checks_echo or not is_request or not tcb.agreed.timestamps:
        return False
    is_own_syn = segment.syn and segment.seq == tcb.rcv.irs and not segment.has_ack and not segment.rst
    acks_another = segment.has_ack and segment.ack != tcb.snd.nxt
    if stamp is None or not stamp[1] or is_own_syn or acks_another:
        return False
    first, last = clock(tcb.rtx.started_at), clock(tcb.rtx.syn_left_at)
    if seq.before_or_at(first, stamp[1]) and seq.before_or_at(stamp[1], last):
        return False
    turn.because("echo-of-no-syn-ack", tsecr=stamp[1])
    if not segment.rst:
        answer_unacceptable(turn, segment)
    return True


# --- TCP_DEFER_ACCEPT ---


def deferrals(tcb: Tcb, profile: Profile) -> int:
    """How many SYN,ACK timeouts the time of TCP_DEFER_ACCEPT comes to, rounded up (``secs_to_retrans``)."""
    return _deferred(tcb, profile)[0]


def deferral_span(tcb: Tcb, profile: Profile) -> int:
    """The time that these timeouts take, in microseconds (``retrans_to_secs``)."""
    return _deferred(tcb, profile)[1]


def _deferred(tcb: Tcb, profile: Profile) -> tuple[int, int]:
    span = tcb.conf.defer_accept_us or 0
    count, wait, period = 0, profile.initial_rto_us, 0
    while period < span and count < MOST_DEFERRALS:
        count += 1
        period += wait
        wait = min(2 * wait, profile.request_rto_max_us or profile.rto_max_us)
    return count, period


def puts_off(turn: Turn, segment: Segment) -> bool:
    """Is this ACK, which would open the connection, put off because it brings no text?"""
    tcb = turn.tcb
    if tcb.is_active or tcb.rtx.count >= deferrals(tcb, turn.profile) or segment.end != tcb.rcv.nxt:
        return False
    turn.because("ack-put-off")
    turn.set(is_deferred=True)
    return True
