"""SEGMENT ARRIVES in CLOSED, LISTEN and SYN-SENT (RFC 9293 sections 3.10.7.1 to 3.10.7.3).

Rules
-----
* One function per numbered check, called in the RFC's order. A check that ends the processing returns True.
* The states that both ends share numbers in are in ``checks.py`` (section 3.10.7.4).
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.tcp import checks, control, cookie, deviating, options, output, seq, transitions
from tutor.tcp.acknowledge import acknowledge, take_window
from tutor.tcp.answering import hold_text_of_syn, start_answering
from tutor.tcp.arriving import connected, deliver_held, note_urgent
from tutor.tcp.events import Arrival
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def segment_arrives(turn: Turn, event: Arrival) -> None:
    """Section 3.10.7: by state."""
    state = turn.tcb.state
    if state is State.CLOSED:
        closed(turn, event.segment)
    elif state is State.LISTEN:
        listen(turn, event)
    elif state is State.SYN_SENT:
        syn_sent(turn, event.segment)
    else:
        checks.other_states(turn, event)


# --- 3.10.7.1 CLOSED ---


def closed(turn: Turn, segment: Segment) -> None:
    """There is no connection: everything but a RST draws a RST."""
    if segment.rst:
        turn.because("rst-to-nobody")
        return
    if turn.profile.variant.is_mute_when_closed:
        turn.because("stays-mute")
        return
    turn.because("no-connection")
    turn.emit(output.reset_for(segment), "reset")


# --- 3.10.7.2 LISTEN ---


def listen(turn: Turn, event: Arrival) -> None:
    """First RST, second ACK, third SYN, fourth anything else."""
    segment = event.segment
    if segment.rst:
        turn.because("rst-to-listener")
    elif segment.has_ack and event.cookie_mss is not None:
        cookie.open_from_cookie(turn, event, event.cookie_mss)
    elif segment.has_ack:
        turn.because("ack-to-listener", ack=segment.ack)
        turn.emit(output.reset_for(segment), "reset")
    elif not segment.syn:
        turn.because("neither-syn-nor-ack")
    elif segment.fin and turn.profile.syn_fin_to_listener == "drop":
        turn.because("syn-fin-dropped")
    else:
        _open_passively(turn, event)


def _open_passively(turn: Turn, event: Arrival) -> None:
    """3.10.7.2, third: IRS and ISS are set, SYN,ACK goes out, SYN-RECEIVED."""
    assert event.iss is not None, "a SYN for a listener comes with a fresh initial sequence number"
    if event.is_cookie:
        cookie.answer_with_cookie(turn, event.segment, event.iss)
        return
    start_answering(turn, event.segment, event.iss, event.stream, transitions.LISTEN_RCV_SYN)


# --- 3.10.7.3 SYN-SENT ---


def syn_sent(turn: Turn, segment: Segment) -> None:
    """First ACK, second RST, third security (not modelled), fourth SYN, fifth anything else."""
    if turn.profile.variant.answers_apart and deviating.takes_first_half(turn, segment):
        return
    steps: tuple[Callable[[Turn, Segment], bool], ...] = (_first_ack, _second_rst, _fourth_syn)
    if not any(step(turn, segment) for step in steps):
        turn.because("neither-syn-nor-rst")


def _first_ack(turn: Turn, segment: Segment) -> bool:
    """3.10.7.3, first: an ACK must acknowledge our SYN."""
    snd = turn.tcb.snd
    if not segment.has_ack:
        return False
    if seq.before(snd.una, segment.ack) and seq.before_or_at(segment.ack, snd.nxt):
        return turn.profile.connect_checks_echo and _echoes_nothing(turn, segment)
    turn.because("ack-not-of-our-syn", ack=segment.ack)
    if not segment.rst:
        turn.emit(output.reset_for(segment), "reset")
    if turn.profile.bad_ack_repeats_syn_us and not turn.tcb.rtx.count:
        turn.because("syn-again-at-once")
        turn.timers(retransmission=turn.now + turn.profile.bad_ack_repeats_syn_us)
    return True


def _echoes_nothing(turn: Turn, segment: Segment) -> bool:
    """A timestamp echo that is older than our first SYN, or newer than now, answers another call of ours."""
    stamp = segment.options.timestamp
    if stamp is None or not stamp[1] or not turn.profile.timestamps:
        return False
    first, now = options.clock(turn.tcb.rtx.started_at), options.clock(turn.now)
    if seq.before_or_at(first, stamp[1]) and seq.before_or_at(stamp[1], now):
        return False
    turn.because("echo-of-nothing", tsecr=stamp[1])
    if not segment.rst:
        turn.emit(output.reset_for(segment), "reset")
    return True


def _second_rst(turn: Turn, segment: Segment) -> bool:
    """3.10.7.3, second. NOTE(rst-in-syn-sent): RFC 5961's exact match needs RCV.NXT, and there is none yet."""
    if not segment.rst:
        return False
    if segment.has_ack:
        turn.move(transitions.SYN_SENT_RCV_RST)
        turn.signal(turn.profile.refused_in_syn_sent)
    else:
        turn.because("rst-without-ack")
    return True


def _fourth_syn(turn: Turn, segment: Segment) -> bool:
    """3.10.7.3, fourth: the peer's SYN, with or without the ACK of ours."""
    if not segment.syn:
        return False
    turn.set(
        rcv=replace(turn.tcb.rcv, nxt=seq.add(segment.seq, 1), irs=segment.seq),
        agreed=options.agree(turn.tcb, segment, turn.profile, turn.now),
    )
    if segment.has_ack:
        _open_actively(turn, segment)
    elif turn.profile.variant.answers_apart and turn.tcb.snd.una != turn.tcb.snd.iss:
        _open_actively(turn, deviating.put_together(turn, segment))
    else:
        _cross(turn, segment)
    return True


def _open_actively(turn: Turn, segment: Segment) -> None:
    """Our SYN is acknowledged: ESTABLISHED, and the ACK goes out, with text if some is waiting."""
    acknowledge(turn, segment)
    turn.move(transitions.SYN_SENT_RCV_SYN_ACK)
    take_window(turn, segment, is_first=True)
    control.opens(turn, segment)
    connected(turn)
    if segment.urg:
        note_urgent(turn, segment)
    if segment.payload or segment.fin:
        hold_text_of_syn(turn, segment)
        deliver_held(turn)
    if output.transmit(turn) or turn.profile.variant.opens_on_syn:
        return
    if turn.tcb.conf.defer_accept_us and turn.profile.client_defers_us and not segment.payload and not segment.fin:
        turn.because("ack-waits-for-request")
        turn.timers(delayed_ack=turn.now + turn.profile.client_defers_us)
    else:
        output.send_ack(turn)


def _cross(turn: Turn, segment: Segment) -> None:
    """Two SYNs cross (figure 7): SYN-RECEIVED, SYN,ACK with the same ISS.

    Linux repeats its own options here and goes on scaling its windows, whatever the peer offered.
    """
    turn.move(transitions.SYN_SENT_RCV_SYN)
    turn.snd(wnd=segment.window, wl1=segment.seq, wl2=segment.ack, max_wnd=segment.window)
    if turn.profile.crossed_options == "own" and turn.profile.window_scaling:
        turn.agreed(rcv_scale=options.own_scale(turn.tcb, turn.profile))
    hold_text_of_syn(turn, segment)
    output.send_syn(turn)
