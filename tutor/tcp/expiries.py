"""Timers that run out (RFC 9293 section 3.10.8, RFC 6298, RFC 1122 section 4.2.3).

Rules
-----
* Retransmission: the front of the queue goes again and the RTO doubles, until R2 (3.8.3).
* Persist: a zero window is probed for as long as the peer answers (3.8.6.1); unanswered, until R2.
* Keep-alive: off unless asked for; only unanswered probes end a connection (3.8.4).
* User timeout and R2 end the connection without a word on the wire.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.tcp import delaying, loss, orphans, output, persist, requests, transitions
from tutor.tcp.events import Expiry
from tutor.tcp.rto import backed_off
from tutor.tcp.states import State
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

_S = State


def timer_expires(turn: Turn, event: Expiry) -> None:
    """Stop the timer, then do what it stands for."""
    field = event.timer.replace("-", "_")
    assert getattr(turn.tcb.timers, field) is not None, f"the timer {event.timer!r} does not run"
    turn.timers(**{field: None})
    if event.timer == "retransmission" and turn.tcb.state is _S.SYN_RECEIVED and not turn.tcb.is_active:
        _request_timeout(turn, event)
    else:
        _EXPIRIES[event.timer](turn)


def _request_timeout(turn: Turn, event: Expiry) -> None:
    """A request entry's own rules on top: fewer tries in a crowded queue, silence while text is awaited."""
    if requests.is_used_up(turn, event):
        _give_up(turn, "gave-up-retransmitting")
    else:
        _retransmission(turn, is_silent=requests.stays_silent(turn))


def _retransmission(turn: Turn, *, is_silent: bool = False) -> None:
    """RETRANSMISSION TIMEOUT: again, or give up at R2. ``is_silent``: nothing is sent, only the time is counted."""
    tcb = turn.tcb
    if _has_given_up(turn):
        _give_up(turn, "gave-up-retransmitting")
        return
    is_syn = tcb.state in (_S.SYN_SENT, _S.SYN_RECEIVED)
    if turn.profile.data_retries and not is_syn and not tcb.rtx.count:
        # Linux counts R2 from the first retransmission (retransmits_timed_out), the RFC from the first sending.
        turn.rtx(started_at=turn.now)
        tcb = turn.tcb
    linear = tcb.state is _S.SYN_SENT and tcb.rtx.count < turn.profile.syn_linear_timeouts
    rtx = backed_off(tcb.rtx, turn.profile, is_linear=linear)
    turn.set(rtx=replace(rtx, syn_timed_out=rtx.syn_timed_out or is_syn))
    if is_silent:
        turn.because("still-put-off")
    else:
        turn.because("retransmission-timeout", count=rtx.count, rto_us=rtx.rto)
        loss.on_timeout(turn)
        output.retransmit(turn)
    persist.arm_retransmission(turn)


def _has_given_up(turn: Turn) -> bool:
    """Has this segment been tried often or long enough (R2 of RFC 9293 section 3.8.3; for a SYN, MUST-23)?"""
    tcb, profile = turn.tcb, turn.profile
    waited = turn.now - tcb.rtx.started_at
    span = persist.give_up_span(tcb, profile)
    if span and waited >= span and (tcb.rtx.count or not profile.data_retries):
        return True
    if tcb.state is _S.SYN_SENT:
        tries = tcb.conf.syn_retries if tcb.conf.syn_retries is not None else profile.syn_retries
        if not tries:
            return False
        bound = ((2 << tries) - 1) * profile.initial_rto_us
        return tcb.rtx.count >= tries + profile.syn_linear_timeouts or waited >= bound
    if tcb.state is _S.SYN_RECEIVED:
        return 0 < requests.tries_of(tcb, profile) <= tcb.rtx.count if tcb.is_active else False
    return False


def _has_given_up_probing(turn: Turn) -> bool:
    """Have the probes of a shut window gone unanswered often (Linux) or long enough (3.8.3, 3.8.6.1)?"""
    tcb, profile = turn.tcb, turn.profile
    tries = profile.orphan_retries if tcb.is_orphan and profile.orphan_retries else profile.data_retries
    return tcb.probes >= tries if tries else _has_given_up(turn)


def _give_up(turn: Turn, reason: str) -> None:
    """The connection is over; the user hears "aborted due to user timeout", the peer hears nothing."""
    turn.because(reason)
    turn.move(transitions.TIMEOUT[turn.tcb.state])
    turn.signal("timed-out")


def _persist(turn: Turn) -> None:
    """The window is shut and something waits: send what is silly to wait for, else probe (3.8.6.1)."""
    tcb = turn.tcb
    if tcb.snd.wnd > tcb.flight_size and output.transmit(turn, override=True):
        return
    if tcb.probes and _has_given_up_probing(turn):
        _give_up(turn, "gave-up-retransmitting")
        return
    turn.because("window-probe")
    output.send_window_probe(turn)
    persist.next_probe(turn)


def _delayed_ack(turn: Turn) -> None:
    """The ACK has waited long enough (3.8.6.3)."""
    if turn.profile.ack_delay == "adaptive":
        delaying.waited(turn)
    turn.because("ack-delay-over")
    output.send_ack(turn)


def _keepalive(turn: Turn) -> None:
    """Probe a silent peer, or give it up (3.8.4). What is in flight is the retransmission timer's business."""
    tcb, profile = turn.tcb, turn.profile
    limit = tcb.conf.keepalive_probes if tcb.conf.keepalive_probes is not None else profile.keepalive_probes
    interval = tcb.conf.keepalive_interval_us
    wait = interval if interval is not None else profile.keepalive_interval_us
    if tcb.out.queue or tcb.timers.persist is not None:
        turn.timers(keepalive=turn.now + wait)
    elif tcb.probes >= limit:
        if profile.keepalive_death_resets:
            output.send_abort(turn)
        _give_up(turn, "keepalive-unanswered")
    else:
        turn.because("keepalive-probe", count=tcb.probes + 1)
        output.send_probe(turn, "keepalive")
        turn.set(probes=tcb.probes + 1)
        turn.timers(keepalive=turn.now + wait)


def _user(turn: Turn) -> None:
    """USER TIMEOUT: no progress for as long as the user would wait."""
    _give_up(turn, "user-timeout")


def _time_wait(turn: Turn) -> None:
    """TIME-WAIT TIMEOUT: old segments are gone, the name is free."""
    turn.move(transitions.TIME_WAIT_TIMEOUT)


_EXPIRIES: dict[str, Callable[[Turn], None]] = {
    "retransmission": _retransmission,
    "loss-probe": lambda turn: loss.on_timer(turn, "loss-probe"),
    "reordering": lambda turn: loss.on_timer(turn, "reordering"),
    "persist": _persist,
    "delayed-ack": _delayed_ack,
    "keepalive": _keepalive,
    "user": _user,
    "fin-wait-2": orphans.fin_wait_2_over,
    "time-wait": _time_wait,
}
