"""Timers that run out (RFC 9293 section 3.10.8, RFC 6298, RFC 1122 section 4.2.3).

Rules
-----
* Retransmission: the front of the queue goes again and the RTO doubles, until R2 (3.8.3, ``patience``).
* Persist: a zero window is probed for as long as the peer answers (3.8.6.1); unanswered, until R2.
* Keep-alive: off unless asked for; only unanswered probes end a connection (3.8.4).
* User timeout and R2 end the connection without a word on the wire.
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.tcp import delaying, gathering, loss, orphans, output, patience, persist, requests, transitions
from tutor.tcp.arriving import keepalive_idle
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
    tcb, profile = turn.tcb, turn.profile
    if tcb.snd.wnd == 0 and not tcb.is_orphan and not tcb.has_syn_in_flight:
        _retransmission_into_shut_window(turn)
        return
    if patience.is_over(tcb, profile, turn.now):
        _give_up(turn, "gave-up-retransmitting")
        return
    is_syn = tcb.state in (_S.SYN_SENT, _S.SYN_RECEIVED)
    if patience.asks_at_expiries(profile) and not is_syn and not tcb.rtx.count:
        turn.rtx(started_at=turn.now)
        tcb = turn.tcb
    linear = tcb.state is _S.SYN_SENT and tcb.rtx.count < profile.syn_linear_timeouts
    rtx = backed_off(tcb.rtx, patience.longest_wait(tcb, profile), is_linear=linear)
    turn.set(rtx=replace(rtx, syn_timed_out=rtx.syn_timed_out or is_syn))
    if is_silent:
        turn.because("still-put-off")
    else:
        turn.because("retransmission-timeout", count=rtx.count, rto_us=rtx.rto)
        loss.on_timeout(turn)
    persist.arm_retransmission(turn)


def _retransmission_into_shut_window(turn: Turn) -> None:
    """What is in flight serves as the probe of a window that was shut over it (``tcp_retransmit_timer``)."""
    tcb, profile = turn.tcb, turn.profile
    if patience.shut_over_flight_is_over(tcb, profile, turn.now):
        _give_up(turn, "gave-up-retransmitting")
        return
    started = turn.now if tcb.out.queue[0].transmissions == 1 else tcb.rtx.started_at
    turn.set(rtx=replace(backed_off(tcb.rtx, profile.rto_max_us), count=tcb.rtx.count, started_at=started))
    turn.because("window-probe")
    loss.on_timeout(turn, purpose="probe")
    persist.arm_retransmission(turn)


def _give_up(turn: Turn, reason: str) -> None:
    """The connection is over; the user hears "aborted due to user timeout", the peer hears nothing."""
    turn.because(reason)
    turn.move(transitions.TIMEOUT[turn.tcb.state])
    soft_error = turn.tcb.soft_error if turn.profile.timeout_tells_soft_error else ""
    turn.signal(soft_error or "timed-out")


def _persist(turn: Turn) -> None:
    """The window is shut and something waits: send what is silly to wait for, else probe (3.8.6.1)."""
    tcb = turn.tcb
    if tcb.snd.wnd > tcb.flight_size and output.transmit(turn, override=True):
        return
    if patience.probing_is_over(tcb, turn.profile, turn.now):
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
    """Probe a silent peer, or give it up (3.8.4). What is in flight is the retransmission timer's business.

    A peer that was heard since the timer was set is given the rest of its idle time (``tcp_keepalive_timer``).
    """
    tcb, profile = turn.tcb, turn.profile
    interval = tcb.conf.keepalive_interval_us
    wait = interval if interval is not None else profile.keepalive_interval_us
    if tcb.out.queue or tcb.out.unsent:
        turn.timers(keepalive=turn.now + keepalive_idle(turn))
    elif turn.now - tcb.heard_at < keepalive_idle(turn):
        turn.timers(keepalive=tcb.heard_at + keepalive_idle(turn))
    elif patience.silence_is_over(tcb, profile, turn.now):
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


def _loss_probe(turn: Turn) -> None:
    """The tail of what is in flight may be lost (RFC 8985 section 7.3)."""
    loss.on_timer(turn, "loss-probe")


def _reordering(turn: Turn) -> None:
    """What could only be late is lost now (RFC 8985 section 6.3)."""
    loss.on_timer(turn, "reordering")


_EXPIRIES: dict[str, Callable[[Turn], None]] = {
    "retransmission": _retransmission,
    "loss-probe": _loss_probe,
    "reordering": _reordering,
    "persist": _persist,
    "delayed-ack": _delayed_ack,
    "sack-compression": gathering.over,
    "keepalive": _keepalive,
    "user": _user,
    "fin-wait-2": orphans.fin_wait_2_over,
    "time-wait": _time_wait,
}
