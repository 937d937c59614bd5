"""The timers that sending needs: retransmission, persist, user timeout.

Rules
-----
* The retransmission timer runs while something is in flight (RFC 6298 section 5); how long is ``patience``'s to say.
* While the peer's window is shut and something waits, persist runs in its place (3.8.6.1): also when the
  peer shut the window over what is in flight (MUST-35). Linux goes on retransmitting that instead.
* As long as the peer answers, neither R2 nor USER TIMEOUT ends a connection whose window is shut (MUST-37).
  They are counted from the first probe that was not answered.
"""

from __future__ import annotations

from tutor.tcp import patience
from tutor.tcp.turn import Turn


def arm_retransmission(turn: Turn) -> None:
    """Run the retransmission timer from now (RFC 6298 section 5)."""
    turn.timers(retransmission=patience.deadline(turn.tcb, turn.profile, turn.now))


def arm_both(turn: Turn) -> None:
    """Run the retransmission timer and the user timer from now."""
    turn.timers(retransmission=patience.deadline(turn.tcb, turn.profile, turn.now), user=user_deadline(turn))


def user_deadline(turn: Turn) -> int | None:
    """When USER TIMEOUT strikes if nothing moves from now on; None if it has no timer (3.9.1.1)."""
    span = patience.user_timeout(turn.tcb, turn.profile)
    return turn.now + span if span and not patience.asks_at_expiries(turn.profile) else None


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
    probes_flight = turn.profile.shut_over_flight == "probed"
    if queue and tcb.snd.wnd == 0 and probes_flight and not tcb.has_syn_in_flight:
        waits = True
    elif timers.guards_queue:
        waits = False
    if waits and timers.persist is None:
        turn.rtx(count=0)
        turn.set(probes=0)
        turn.timers(
            persist=turn.now + _interval(turn), retransmission=None, loss_probe=None, reordering=None, user=None
        )
    elif waits and timers.guards_queue:
        turn.timers(retransmission=None, loss_probe=None, reordering=None)
    elif not waits and timers.persist is not None:
        turn.timers(persist=None)


def peer_answers(turn: Turn) -> None:
    """An ACK came while persist runs: nobody's patience is tried any more (MUST-37)."""
    tcb = turn.tcb
    if tcb.timers.persist is None:
        return
    turn.set(probes=0)
    if turn.profile.answers_delay_probes:
        turn.timers(persist=_next_deadline(turn), user=None)
    else:
        turn.timers(user=None)


def next_probe(turn: Turn) -> None:
    """A probe is out: wait twice as long for the next (SHLD-30).

    What patience is counted from: the first probe that is not answered, or in Linux simply the first.
    """
    tcb, profile = turn.tcb, turn.profile
    at_expiries = patience.asks_at_expiries(profile)
    if (tcb.rtx.count if at_expiries else tcb.probes) == 0:
        turn.rtx(started_at=turn.now)
        restart_user_timer(turn)
    turn.set(probes=tcb.probes + 1)
    count = turn.tcb.rtx.count + 1
    turn.rtx(count=min(count, profile.data_retries) if at_expiries else count)
    turn.timers(persist=_next_deadline(turn), retransmission=None)


def _next_deadline(turn: Turn) -> int:
    """After the interval; in Linux not beyond USER TIMEOUT (``tcp_clamp_probe0_to_user_timeout``)."""
    tcb, profile = turn.tcb, turn.profile
    end = turn.now + _interval(turn)
    if tcb.rtx.count and patience.user_timeout(tcb, profile) and patience.asks_at_expiries(profile):
        end = patience.cut_to_user_timeout(tcb, profile, end, tcb.rtx.count, turn.now + 2 * profile.tick_us)
    return end


def _interval(turn: Turn) -> int:
    """RTO, doubled for every probe sent so far (SHLD-29, SHLD-30)."""
    rtx, profile = turn.tcb.rtx, turn.profile
    return min((rtx.rto or profile.initial_rto_us) << min(rtx.count, 16), profile.rto_max_us)
