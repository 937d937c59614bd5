"""The timers that sending needs: retransmission and R2, persist, user timeout.

Rules
-----
* The retransmission timer runs while something is in flight; not past R2 (RFC 6298 section 5; 3.8.3).
* While the peer's window is shut and something waits, persist runs in its place (3.8.6.1): also when the
  peer shut the window over what is in flight (MUST-35).
* As long as the peer answers, neither R2 nor USER TIMEOUT ends a connection whose window is shut (MUST-37).
  They are counted from the first probe that was not answered.
"""

from __future__ import annotations

from tutor.tcp.profile import Profile
from tutor.tcp.rto import doublings
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn


def give_up_span(tcb: Tcb, profile: Profile) -> int:
    """R2 in microseconds for what is at the head of the queue; 0 if only a count bounds it (3.8.3)."""
    if tcb.state is State.SYN_SENT or tcb.state is State.SYN_RECEIVED:
        return profile.syn_give_up_us
    if tcb.is_orphan and profile.orphan_retries:
        return doublings(profile.orphan_retries, profile)
    return doublings(profile.data_retries, profile) if profile.data_retries else profile.data_give_up_us


def _retransmission_deadline(turn: Turn) -> int:
    """RTO from now, or the moment of R2 if that comes first; where R2 is a count of doublings, only expiries count."""
    rtx = turn.tcb.rtx
    deadline = turn.now + rtx.rto
    if turn.profile.data_retries and not turn.tcb.has_syn_in_flight:
        return deadline
    span = give_up_span(turn.tcb, turn.profile)
    return max(turn.now, min(deadline, rtx.started_at + span)) if span else deadline


def arm_retransmission(turn: Turn) -> None:
    """Run the retransmission timer from now (RFC 6298 section 5)."""
    turn.timers(retransmission=_retransmission_deadline(turn))


def arm_both(turn: Turn) -> None:
    """Run the retransmission timer and the user timer from now."""
    turn.timers(retransmission=_retransmission_deadline(turn), user=user_deadline(turn))


def user_deadline(turn: Turn) -> int | None:
    """When USER TIMEOUT strikes if nothing moves from now on; None if the user set none (3.9.1.1)."""
    conf, profile = turn.tcb.conf, turn.profile
    span = conf.user_timeout_us if conf.user_timeout_us is not None else profile.user_timeout_us
    return turn.now + span if span else None


def restart_user_timer(turn: Turn) -> None:
    """Run the user timer from now if one is set (3.9.1.1)."""
    turn.timers(user=user_deadline(turn))


def change_user_timeout(turn: Turn) -> None:
    """The new timeout holds for what is undelivered, or for a probe that is unanswered, from now on (3.9.1.2)."""
    tcb = turn.tcb
    waits = tcb.out.queue if tcb.timers.persist is None else tcb.probes
    if waits:
        restart_user_timer(turn)


def watch_window(turn: Turn, *, waits: bool) -> None:
    """Keep persist running exactly while something waits and no other timer will send it (3.8.6.1).

    ``waits``: text or a FIN may not leave for the peer's window.
    """
    tcb = turn.tcb
    timers = tcb.timers
    queue = tcb.out.queue
    if queue and tcb.snd.wnd == 0 and not tcb.has_syn_in_flight:
        waits = True
    elif timers.retransmission is not None or timers.loss_probe is not None or timers.reordering is not None:
        waits = False
    if waits and timers.persist is None:
        turn.rtx(count=0)
        turn.set(probes=0)
        turn.timers(
            persist=turn.now + _interval(turn), retransmission=None, loss_probe=None, reordering=None, user=None
        )
    elif waits and timers.retransmission is not None:
        turn.timers(retransmission=None)
    elif not waits and timers.persist is not None:
        turn.timers(persist=None)


def peer_answers(turn: Turn) -> None:
    """An ACK came while persist runs: nobody's patience is tried any more (MUST-37)."""
    tcb = turn.tcb
    if tcb.timers.persist is not None:
        turn.set(probes=0)
        turn.timers(user=None)


def next_probe(turn: Turn) -> None:
    """A probe is out: wait twice as long for the next (SHLD-30); the first unanswered one starts R2."""
    tcb = turn.tcb
    if tcb.probes == 0:
        turn.rtx(started_at=turn.now)
        restart_user_timer(turn)
    turn.set(probes=tcb.probes + 1)
    turn.rtx(count=turn.tcb.rtx.count + 1)
    turn.timers(persist=turn.now + _interval(turn), retransmission=None)


def _interval(turn: Turn) -> int:
    """RTO, doubled for every probe sent so far (SHLD-29, SHLD-30)."""
    rtx, profile = turn.tcb.rtx, turn.profile
    return min((rtx.rto or profile.initial_rto_us) << min(rtx.count, 16), profile.rto_max_us)
