"""What goes out: the form of every segment, and the loop that sends what may be sent.

Rules
-----
* ``permit.what_may_i_send`` is the only place that decides whether text or a FIN leaves.
* Every segment that leaves is built here, and every one of ours carries the newest ACK and window.
* A RST answers in the form of RFC 9293 section 3.5.2, so that the peer will accept it.
"""

from __future__ import annotations

from bisect import bisect_right

from tutor.tcp import acking, control, ecn, flight, persist, sack, seq, window
from tutor.tcp.options import effective_mss, on_segment, on_syn
from tutor.tcp.permit import Permit, burst_octets, what_may_i_send
from tutor.tcp.persist import arm_both, restart_user_timer
from tutor.tcp.segment import ACK, CWR, ECE, FIN, PSH, RST, SYN, URG, Payload, Segment
from tutor.tcp.states import MAY_SEND_TEXT, State
from tutor.tcp.tcb import Sent, Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace
from tutor.tcp.writequeue import cuts_left, filled_up

# --- building segments ---


def _segment(turn: Turn, number: int, flags: int, payload: Payload | None = None, mark: int = 0) -> Segment:
    """A segment of this connection: newest ACK, window, timestamps and urgent pointer filled in."""
    tcb = turn.tcb
    if flags & SYN:
        field = min(tcb.rcv.wnd, window.FIELD_MAX)
        options = on_syn(tcb, turn.profile, turn.now)
    else:
        offered = window.offer(tcb, turn.profile)
        if window.is_crowded(tcb, turn.profile):
            turn.set(ack=replace(tcb.ack, quick=0))
        if offered != tcb.rcv.wnd:
            turn.rcv(wnd=offered)
        field = min(offered >> tcb.agreed.rcv_scale, window.FIELD_MAX)
        options = on_segment(tcb, turn.now)
        if tcb.inc.blocks or tcb.inc.twice is not None:
            options = sack.add_blocks(tcb, options)
            turn.set(inc=sack.told(tcb.inc))
        if tcb.cc.echoes:
            flags |= ecn.echo(tcb)
    urgent = 0
    if tcb.snd.up is not None and payload is not None and seq.before(number, tcb.snd.up):
        flags |= URG
        urgent = min(seq.distance(number, tcb.snd.up), 0xFFFF)
    acknowledgment = tcb.rcv.nxt if flags & ACK else 0
    return Segment(number, acknowledgment, flags, field, options, payload, urgent, mark)


def _note_ack_sent(turn: Turn) -> None:
    """An ACK is on its way: nothing is owed any more (RFC 9293 section 3.8.6.3)."""
    tcb = turn.tcb
    turn.owes_ack = False
    if turn.profile.ack_delay == "adaptive":
        turn.set(ack=acking.sent(tcb.ack, tcb.rcv.nxt, tcb.rcv.wnd, turn.profile.delayed_ack_us))
    if tcb.inc.unacked_segments:
        turn.inc(unacked_segments=0)
    if tcb.timers.delayed_ack is not None:
        turn.timers(delayed_ack=None)
    if tcb.timers.sack_compression is not None:
        turn.timers(sack_compression=None)
        ack = turn.tcb.ack
        turn.set(ack=replace(ack, gathered=replace(ack.gathered, segments=0)))
    if tcb.agreed.timestamps and tcb.agreed.last_ack_sent != tcb.rcv.nxt:
        turn.agreed(last_ack_sent=tcb.rcv.nxt)


def _number_of_ack(tcb: Tcb) -> int:
    """SND.NXT, or the right edge of the peer's window if SND.NXT lies beyond it.

    NOTE(ack-behind-probe): a probe's octet, or a peer that shrank its window, puts SND.NXT where the peer
    takes nothing; it would drop the ACK, and two probing ends would answer each other for ever (appendix A.2).
    """
    snd = tcb.snd
    if tcb.flight_size <= snd.wnd or tcb.has_syn_in_flight:
        return snd.nxt
    return seq.add(snd.una, snd.wnd)


def send_ack(turn: Turn, purpose: str = "ack") -> None:
    """``<SEQ=SND.NXT><ACK=RCV.NXT><CTL=ACK>``."""
    segment = _segment(turn, _number_of_ack(turn.tcb), ACK)
    _note_ack_sent(turn)
    turn.emit(segment, purpose)


def send_probe(turn: Turn, purpose: str) -> None:
    """A segment of no text with an old number, which the peer must answer (RFC 9293 section 3.8.4)."""
    segment = _segment(turn, seq.add(turn.tcb.snd.nxt, -1), ACK)
    _note_ack_sent(turn)
    turn.emit(segment, purpose)


def send_syn(turn: Turn) -> None:
    """``<SEQ=ISS><CTL=SYN>``, or SYN,ACK in SYN-RECEIVED; queued for retransmission (3.10.1, 3.10.7.2).

    The SYN,ACK of a simultaneous open repeats the ISS: by Karn's rule it cannot be measured, and the timer of the SYN
    goes on as it runs (RFC 6298, 5.1).
    """
    tcb = turn.tcb
    answering = tcb.state is State.SYN_RECEIVED
    flags = SYN | ACK | (ECE if tcb.agreed.ecn else 0) if answering else SYN | ecn.asks(turn.profile)
    if _answers_apart(turn):
        flags = _without_ack(turn, flags)
    text = _text_for_syn(turn) if turn.profile.variant.text_on_syn and not answering else None
    transmissions = 1 + sum(entry.transmissions for entry in tcb.out.queue)
    turn.out(queue=(Sent(tcb.snd.iss, flags, text, turn.now, transmissions),))
    crosses = answering and tcb.timers.retransmission is not None
    if not crosses:
        turn.rtx(rto=turn.profile.initial_rto_us, count=0, backoff=0, started_at=turn.now)
    turn.rtx(syn_left_at=turn.now)
    turn.emit(_segment(turn, tcb.snd.iss, flags, text), "syn-ack" if flags & ACK else "syn")
    if answering:
        _note_ack_sent(turn)
    if not crosses:
        arm_both(turn)


def _answers_apart(turn: Turn) -> bool:
    """Does a listener's child send its ACK and its SYN as two segments (a variant)?"""
    tcb = turn.tcb
    return turn.profile.variant.answers_apart and tcb.state is State.SYN_RECEIVED and not tcb.is_active


def _without_ack(turn: Turn, flags: int) -> int:
    """The ACK of a SYN,ACK goes ahead alone; the flags of what follows it (a variant).

    The first time it has the number 0: our own number is only told by the SYN behind it.
    """
    turn.emit(_segment(turn, turn.tcb.snd.iss if turn.tcb.out.queue else 0, ACK), "ack")
    return flags & ~ACK


def _text_for_syn(turn: Turn) -> Payload | None:
    """What was written with the call, as much as one segment carries, leaves with the SYN (a variant)."""
    out, snd = turn.tcb.out, turn.tcb.snd
    length = min(out.unsent, turn.profile.default_mss)
    if not length:
        return None
    stop = out.sent + length
    turn.snd(nxt=seq.add(snd.nxt, length))
    turn.out(sent=stop, pushes=out.pushes[bisect_right(out.pushes, stop) :])
    return Payload(out.stream, out.sent, stop)


def send_fin_once(turn: Turn) -> None:
    """FIN,ACK at SND.NXT that waits in no queue (a variant's; see ``deviating``)."""
    segment = _segment(turn, turn.tcb.snd.nxt, FIN | ACK)
    _note_ack_sent(turn)
    turn.emit(segment, "fin")


def send_syn_ack_once(turn: Turn) -> None:
    """SYN,ACK that waits in no queue and that no timer repeats (a variant's; see ``deviating``)."""
    segment = _segment(turn, turn.tcb.snd.iss, SYN | ACK)
    _note_ack_sent(turn)
    turn.emit(segment, "syn-ack")


def reset_for(segment: Segment) -> Segment:
    """The RST that its sender will accept, in answer to ``segment`` (RFC 9293 section 3.5.2)."""
    if segment.has_ack:
        return Segment(segment.ack, flags=RST)
    return Segment(0, seq.add(segment.seq, segment.seq_length), RST | ACK)


def send_abort(turn: Turn) -> None:
    """``<SEQ=SND.NXT><CTL=RST>`` (3.10.5); with an ACK where the profile says so."""
    flags = RST | ACK if turn.profile.abort_carries_ack else RST
    turn.emit(_segment(turn, _number_of_ack(turn.tcb), flags), "reset")


# --- sending what may be sent ---


def transmit(turn: Turn, *, override: bool = False, mode: str = "") -> bool:
    """Send all that may go now; returns whether anything went. Starts the timers that sending needs.

    ``mode`` is that of ``what_may_i_send``; "one" sends a single burst. What persist sends with ``override`` says
    nothing of the network: it neither shows what bounds us nor has a probe follow it (``tcp_write_wakeup``).
    """
    if turn.tcb.state not in MAY_SEND_TEXT:
        if turn.tcb.timers.persist is not None:
            persist.watch_window(turn, waits=False)
        return False
    profile, now = turn.profile, turn.now
    sent = _resume_after_probe(turn)
    segments, by_persist = 0, override
    while True:
        tcb = turn.tcb
        room = flight.allowance(tcb, profile)
        if mode == "probe" and room is not None:
            room = max(room, tcb.flight_size + effective_mss(tcb, profile))
        if tcb.out.cuts and profile.fills_buffers and (most := burst_octets(tcb, profile, now, room)):
            turn.set(out=filled_up(tcb.out, most))
            tcb = turn.tcb
        permit = what_may_i_send(
            tcb, profile, now=now, congestion_window=room, override=override, mode="one" if mode == "probe" else mode
        )
        if (permit.length == 0 and not permit.fin) or (segments and mode in ("one", "probe")):
            break
        segments += _send_permitted(turn, permit, push=override and profile.push_marks == "buffer-end")
        sent, override = True, False
    if permit.reason:
        turn.because(permit.reason)
    if turn.tcb.cc.window and not by_persist:
        control.after_sending(turn, permit, flight.allowance(turn.tcb, profile), sent=segments)
        if segments and mode != "probe":
            flight.after_burst(turn)
    persist.watch_window(turn, waits=permit.reason in WAITS_FOR_TIMER)
    return sent


WAITS_FOR_TIMER = frozenset({"window-closed", "silly-window", "corked"})
"""What an ACK may never end: with nothing in flight, the persist timer does (``tcp_check_probe_timer``)."""


def _send_permitted(turn: Turn, permit: Permit, *, push: bool) -> int:
    """The segments of one permit, and how many they were; a burst's last one carries PSH."""
    full = effective_mss(turn.tcb, turn.profile)
    left, segments = permit.length, 1
    lends_push = left > full and not push and turn.profile.burst_pushes
    if left > full:
        while left > full:
            _send_text(turn, full, push=False, continues=True)
            left, segments = left - full, segments + 1
    _send_text(turn, left, fin=permit.fin, push=push or lends_push or None, lends_push=lends_push)
    return segments


def _send_text(
    turn: Turn,
    length: int,
    *,
    fin: bool = False,
    push: bool | None = None,
    purpose: str = "data",
    continues: bool = False,
    lends_push: bool = False,
) -> None:
    """One new segment of text, or FIN, or both. PSH if ``push``; left open, if a pushed SEND ends in it (3.9.1.2).

    ``lends_push``: PSH is the burst's and not the text's: when the segment goes again it does not have it. Where PSH
    stands at the end of a buffer, a FIN that the window has cut off from the last one bears it as well.
    """
    out, number = turn.tcb.out, turn.tcb.snd.nxt
    stop = out.sent + length
    payload = Payload(out.stream, out.sent, stop) if length else None
    pushed = bisect_right(out.pushes, stop)
    flags = ACK | (PSH if (pushed if push is None else push) else 0) | (FIN if fin else 0)
    more_flags, mark = ecn.marks_new_text(turn) if length and turn.tcb.agreed.ecn else (0, 0)
    segment = _segment(turn, number, flags | more_flags, payload, mark)
    _note_ack_sent(turn)
    if not out.queue:
        turn.rtx(started_at=turn.now, count=0)
    if length and turn.profile.ack_delay == "adaptive":
        turn.set(ack=acking.answered(turn.tcb.ack, turn.now))
    entry = Sent(
        number,
        segment.flags & ~(ECE | CWR | (PSH if lends_push and not pushed else 0)),
        payload,
        turn.now,
        delivered=turn.tcb.cc.delivered,
        ends_record=bool(out.ends) and out.ends[0] == stop,
        continues=continues,
    )
    if turn.tcb.cc.window:
        flight.on_sent(turn, entry)
    waits_with_fin = out.is_closed and not fin and stop == out.written and turn.profile.push_marks == "buffer-end"
    _keep(turn, entry, segment.end, pushed - 1 if pushed and waits_with_fin else pushed)
    if fin:
        turn.out(fin_seq=seq.add(number, length))
    turn.emit(segment, "fin" if payload is None else purpose)
    flight.after_new(turn)
    if turn.tcb.timers.user is None:
        restart_user_timer(turn)


def _keep(turn: Turn, entry: Sent, end: int, pushed: int) -> None:
    """Keep new text on the retransmission queue until it is acknowledged; ``pushed`` marks of PSH lie behind it."""
    tcb, out, payload = turn.tcb, turn.tcb.out, entry.payload
    length = len(payload) if payload else 0
    queue = (*out.queue, entry)
    if turn.profile.variant.forgets_fin and entry.flags & FIN:
        queue = (*out.queue, replace(entry, flags=entry.flags & ~FIN)) if payload else out.queue
    is_small = 0 < length < effective_mss(tcb, turn.profile)
    turn.set(
        snd=replace(tcb.snd, nxt=end),
        out=replace(
            out,
            queue=queue,
            sent=out.sent + length,
            pushes=out.pushes[pushed:],
            cuts=cuts_left(out, out.sent + length) if out.cuts else out.cuts,
            ends=out.ends[1:] if entry.ends_record else out.ends,
            small_end=end if is_small else out.small_end,
        ),
    )


def send_window_probe(turn: Turn) -> None:
    """What is in flight again, or one octet of new text, or none: persist paces it (3.8.6.1)."""
    tcb = turn.tcb
    if tcb.out.queue:
        retransmit(turn, purpose="probe")
    elif tcb.out.unsent and turn.profile.persist_probe_octets:
        octets = min(turn.profile.persist_probe_octets, tcb.out.unsent, effective_mss(tcb, turn.profile))
        _send_text(turn, octets, purpose="probe")
    else:
        send_probe(turn, "probe")


def _resume_after_probe(turn: Turn) -> bool:
    """The window has opened while a probe was in the queue: it goes again, now as ordinary text."""
    tcb = turn.tcb
    if tcb.timers.persist is None or not tcb.out.queue or tcb.snd.wnd == 0:
        return False
    turn.timers(persist=None)
    turn.rtx(count=0, started_at=turn.now)
    retransmit(turn)
    arm_both(turn)
    return True


def retransmit(turn: Turn, index: int = 0, purpose: str | None = None, *, push: bool = False) -> None:
    """Send the front of the retransmission queue again, or its ``index``-th segment (3.10.8).

    ``push``: it is the last of a burst.
    """
    tcb = turn.tcb
    queue = tcb.out.queue
    old = queue[index]
    flags = old.flags & ~URG
    if old.flags & SYN:
        flags = _flags_of_repeated_syn(turn, flags)
        if _answers_apart(turn):
            flags = _without_ack(turn, flags)
    segment = _segment(turn, old.seq, flags | (PSH if push else 0), old.payload)
    again = replace(old, flags=flags, transmissions=old.transmissions + 1)
    if flags & SYN:
        turn.rtx(syn_left_at=turn.now)
    else:
        again = replace(again, sent_at=turn.now, delivered=tcb.cc.delivered)
    turn.out(queue=(*queue[:index], again, *queue[index + 1 :]))
    if old.payload is not None and tcb.cc.window:
        turn.set(cc=replace(turn.tcb.cc, last_sent_at=turn.now))
    if flags & ACK:
        _note_ack_sent(turn)
    usual = "data" if old.payload else "fin" if not flags & SYN else "syn-ack" if flags & ACK else "syn"
    turn.emit(segment, purpose or usual, is_retransmission=True)


def _flags_of_repeated_syn(turn: Turn, flags: int) -> int:
    """A SYN of SYN-RECEIVED is a SYN,ACK; one of SYN-SENT no longer asks for ECN, if the profile says so."""
    tcb = turn.tcb
    if tcb.state is not State.SYN_SENT:
        return SYN | ACK | (ECE if tcb.agreed.ecn else 0)
    return flags & ~(ECE | CWR) if turn.profile.ecn_fallback else flags
