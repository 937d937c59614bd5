"""What goes out: the form of every segment, and the one question "what may I send now?".

Rules
-----
* ``what_may_i_send`` is the only place that decides whether text or a FIN leaves. It takes the
  congestion window as an argument; None means unlimited.
* Every segment that leaves is built here, and every one of ours carries the newest ACK and window.
* A RST answers in the form of RFC 9293 section 3.5.2, so that the peer will accept it.

Theory
------
Three windows bound a sender: what the peer takes (SND.WND), what the network takes (the congestion
window), and what is worth a segment (Nagle, RFC 9293 section 3.7.4, and silly window avoidance,
section 3.8.6.2.1). The answer is the least of them, or a reason why it is nothing.
"""

from __future__ import annotations

from dataclasses import replace
from typing import NamedTuple

from tutor.tcp import seq, window
from tutor.tcp.options import effective_mss, on_segment, on_syn
from tutor.tcp.profile import Profile
from tutor.tcp.segment import ACK, FIN, PSH, RST, SYN, URG, Options, Payload, Segment
from tutor.tcp.states import MAY_SEND_TEXT, State
from tutor.tcp.tcb import Sent, Tcb
from tutor.tcp.turn import Turn


class Permit(NamedTuple):
    """The answer of ``what_may_i_send``: octets of text, whether the FIN goes too, or why nothing may go."""

    length: int
    fin: bool
    reason: str = ""


def what_may_i_send(tcb: Tcb, profile: Profile, *, congestion_window: int | None = None, override: bool = False) -> Permit:
    """The next segment that may leave now (RFC 9293 sections 3.7.4 and 3.8.6.2.1).

    ``congestion_window`` in octets, None for unlimited. ``override``: the timer of rule (4) has expired,
    so that text goes out even if that is silly.
    """
    out = tcb.out
    wants_fin = out.is_closed and out.fin_seq is None
    if out.unsent == 0 and not wants_fin:
        return Permit(0, False)
    in_flight = tcb.flight_size
    usable = tcb.snd.wnd - in_flight
    if congestion_window is not None:
        usable = min(usable, congestion_window - in_flight)
    if usable <= 0:
        return Permit(0, False, "window-closed")
    full = effective_mss(tcb, profile)
    length = min(out.unsent, usable, full)
    is_last = length == out.unsent
    fin = wants_fin and is_last and usable > length
    if length == full or fin or override:
        return Permit(length, fin)
    if length == 0:
        return Permit(0, False, "window-closed")
    if in_flight and not tcb.conf.nodelay:
        return Permit(0, False, "nagle-waits")
    if is_last or 2 * length >= tcb.snd.max_wnd:
        return Permit(length, fin)
    return Permit(0, False, "silly-window")


# --- building segments ---


def _segment(
    turn: Turn, number: int, flags: int, payload: Payload | None = None, options: Options | None = None
) -> Segment:
    """A segment of this connection: newest ACK, window, timestamps and urgent pointer filled in."""
    tcb = turn.tcb
    if flags & SYN:
        field = min(tcb.rcv.wnd, window.FIELD_MAX)
        options = on_syn(tcb, turn.profile, turn.now)
    else:
        offered = window.offer(tcb, turn.profile)
        if offered != tcb.rcv.wnd:
            turn.rcv(wnd=offered)
        field = offered >> tcb.agreed.rcv_scale
        options = on_segment(tcb, turn.now)
    urgent = 0
    if tcb.snd.up is not None and payload is not None and seq.before(number, tcb.snd.up):
        flags |= URG
        urgent = min(seq.distance(number, tcb.snd.up), 0xFFFF)
    acknowledgment = tcb.rcv.nxt if flags & ACK else 0
    return Segment(number, acknowledgment, flags, field, options, payload, urgent)


def _note_ack_sent(turn: Turn) -> None:
    """An ACK is on its way: nothing is owed any more (RFC 9293 section 3.8.6.3)."""
    tcb = turn.tcb
    if tcb.inc.unacked_segments:
        turn.inc(unacked_segments=0)
    if tcb.timers.delayed_ack is not None:
        turn.timers(delayed_ack=None)
    if tcb.agreed.timestamps and tcb.agreed.last_ack_sent != tcb.rcv.nxt:
        turn.agreed(last_ack_sent=tcb.rcv.nxt)


def send_ack(turn: Turn, purpose: str = "ack") -> None:
    """``<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>``."""
    segment = _segment(turn, turn.tcb.snd.nxt, ACK)
    _note_ack_sent(turn)
    turn.emit(segment, purpose)


def send_probe(turn: Turn, purpose: str) -> None:
    """A segment of no text with an old number, which the peer must answer (RFC 9293 section 3.8.4)."""
    segment = _segment(turn, seq.add(turn.tcb.snd.nxt, -1), ACK)
    _note_ack_sent(turn)
    turn.emit(segment, purpose)


def send_syn(turn: Turn) -> None:
    """``<SEQ=ISS><CTL=SYN>``, or SYN,ACK in SYN-RECEIVED; queued for retransmission (3.10.1, 3.10.7.2)."""
    tcb = turn.tcb
    answering = tcb.state is State.SYN_RECEIVED
    flags = SYN | ACK if answering else SYN
    entry = Sent(tcb.snd.iss, flags, None, turn.now)
    turn.out(queue=(entry,))
    turn.rtx(rto=turn.profile.initial_rto_us, count=0, started_at=turn.now)
    turn.emit(_segment(turn, tcb.snd.iss, flags), "syn-ack" if answering else "syn")
    if answering:
        _note_ack_sent(turn)
    arm_retransmission(turn)
    restart_user_timer(turn)


def reset_for(segment: Segment) -> Segment:
    """The RST that its sender will accept, in answer to ``segment`` (RFC 9293 section 3.5.2)."""
    if segment.has_ack:
        return Segment(segment.ack, flags=RST)
    return Segment(0, seq.add(segment.seq, segment.seq_length), RST | ACK)


def send_abort(turn: Turn) -> None:
    """``<SEQ=SND.NXT><CTL=RST>`` (3.10.5); with an ACK where the profile says so."""
    tcb = turn.tcb
    flags = RST | ACK if turn.profile.abort_carries_ack else RST
    turn.emit(_segment(turn, tcb.snd.nxt, flags), "reset")


# --- sending what may be sent ---


def transmit(turn: Turn, *, override: bool = False) -> bool:
    """Send all that may go now; returns whether anything went. Starts the timers that sending needs."""
    if turn.tcb.state not in MAY_SEND_TEXT:
        return False
    sent = _resume_after_probe(turn)
    while True:
        permit = what_may_i_send(turn.tcb, turn.profile, override=override)
        if permit.length == 0 and not permit.fin:
            break
        _send_text(turn, permit)
        sent, override = True, False
    if permit.reason:
        turn.because(permit.reason)
    _watch_window(turn, permit)
    return sent


def _send_text(turn: Turn, permit: Permit) -> None:
    """One new segment of text, or FIN, or both."""
    tcb = turn.tcb
    out = tcb.out
    payload = Payload(out.stream, out.sent, out.sent + permit.length) if permit.length else None
    flags = ACK
    if any(out.sent < push <= out.sent + permit.length for push in out.pushes):
        flags |= PSH
    if permit.fin:
        flags |= FIN
    number = tcb.snd.nxt
    segment = _segment(turn, number, flags, payload)
    entry = Sent(number, segment.flags, payload, turn.now)
    if not turn.tcb.out.queue:
        turn.rtx(started_at=turn.now, count=0)
    queue = (*turn.tcb.out.queue, entry)
    fin_seq = seq.add(number, permit.length) if permit.fin else out.fin_seq
    turn.out(queue=queue, sent=out.sent + permit.length, fin_seq=fin_seq)
    turn.snd(nxt=segment.end)
    _note_ack_sent(turn)
    turn.emit(segment, "fin" if permit.fin and not permit.length else "data")
    if turn.tcb.timers.retransmission is None:
        arm_retransmission(turn)
    if turn.tcb.timers.user is None:
        restart_user_timer(turn)


def send_window_probe(turn: Turn) -> None:
    """One octet of new text into a shut window, or the same octet again (3.8.6.1). Persist paces it."""
    tcb = turn.tcb
    if tcb.out.queue:
        retransmit_head(turn)
    else:
        _send_text(turn, Permit(1, False))
        turn.timers(retransmission=None)


def _resume_after_probe(turn: Turn) -> bool:
    """The window has opened while a probe's octet was in the queue: it goes again, now as ordinary text."""
    tcb = turn.tcb
    if tcb.timers.persist is None or not tcb.out.queue or tcb.snd.wnd == 0:
        return False
    turn.timers(persist=None)
    turn.rtx(count=0, started_at=turn.now)
    retransmit_head(turn)
    arm_retransmission(turn)
    return True


def _watch_window(turn: Turn, permit: Permit) -> None:
    """Keep the persist timer running exactly while something waits and no other timer will send it (3.8.6.1)."""
    tcb = turn.tcb
    waits = permit.reason in ("window-closed", "silly-window") and tcb.timers.retransmission is None
    if waits and tcb.timers.persist is None:
        turn.timers(persist=turn.now + (tcb.rtx.rto or turn.profile.initial_rto_us))
    elif not waits and tcb.timers.persist is not None:
        turn.timers(persist=None)
        turn.set(probes=0)


def retransmit_head(turn: Turn) -> None:
    """Send the front of the retransmission queue again (3.10.8)."""
    tcb = turn.tcb
    head = tcb.out.queue[0]
    flags = SYN | ACK if head.flags & SYN and tcb.state is not State.SYN_SENT else head.flags & ~URG
    segment = _segment(turn, head.seq, flags, head.payload)
    again = replace(head, flags=flags, transmissions=head.transmissions + 1)
    turn.out(queue=(again, *tcb.out.queue[1:]))
    if flags & ACK:
        _note_ack_sent(turn)
    purpose = "data" if head.payload else "syn-ack" if flags == SYN | ACK else "syn" if flags & SYN else "fin"
    turn.emit(segment, purpose, is_retransmission=True)


# --- timers that sending needs ---


def give_up_span(tcb: Tcb, profile: Profile) -> int:
    """R2 in microseconds for what is at the head of the queue; 0 if only a count bounds it (3.8.3)."""
    if tcb.state is State.SYN_SENT or tcb.state is State.SYN_RECEIVED:
        return profile.syn_give_up_us
    return profile.data_give_up_us


def arm_retransmission(turn: Turn) -> None:
    """Run the retransmission timer from now, but not past R2 (RFC 6298 section 5; RFC 9293 section 3.8.3)."""
    tcb = turn.tcb
    deadline = turn.now + tcb.rtx.rto
    span = give_up_span(tcb, turn.profile)
    if span:
        deadline = max(turn.now, min(deadline, tcb.rtx.started_at + span))
    turn.timers(retransmission=deadline)


def restart_user_timer(turn: Turn) -> None:
    """Run the user timer from now if one is set (RFC 9293 section 3.9.1.1)."""
    tcb = turn.tcb
    span = tcb.conf.user_timeout_us if tcb.conf.user_timeout_us is not None else turn.profile.user_timeout_us
    turn.timers(user=turn.now + span if span else None)
