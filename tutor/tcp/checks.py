"""SEGMENT ARRIVES in the other states: the eight checks of RFC 9293 section 3.10.7.4, in order.

Rules
-----
* One function per numbered check. A check that ends the processing returns True.
* Before the first stand the two that later RFCs added: a SYN that may reopen TIME-WAIT
  (section 3.6.1, RFC 6191) and PAWS (RFC 7323 section 5).
* An ACK that is owed goes out once, at the end, on text if there is any (MUST-58).
"""

from __future__ import annotations

from collections.abc import Callable

from tutor.tcp import (
    acking,
    ackrange,
    control,
    delaying,
    deviating,
    ecn,
    gathering,
    loss,
    orphans,
    output,
    paws,
    persist,
    requests,
    resets,
    sack,
    seq,
    smallentry,
    transitions,
)
from tutor.tcp.acceptability import is_acceptable
from tutor.tcp.acknowledge import acknowledge, take_window
from tutor.tcp.arriving import (
    connected,
    deliver_held,
    deliver_text,
    enter_time_wait,
    listen_again,
    note_urgent,
    owe_ack,
    peer_is_alive,
)
from tutor.tcp.challenge import answer_unacceptable, challenge, may_challenge
from tutor.tcp.events import Arrival
from tutor.tcp.reassembly import hold
from tutor.tcp.segment import Segment
from tutor.tcp.states import TAKES_TEXT, State
from tutor.tcp.timewait import ack_in_time_wait, is_newer, reopens, time_wait_rst
from tutor.tcp.turn import Turn

_S = State


def other_states(turn: Turn, event: Arrival) -> None:
    """Section 3.10.7.4: PAWS, then the eight checks, then what is owed."""
    segment = event.segment
    if turn.tcb.state is _S.TIME_WAIT and segment.syn and reopens(turn, event):
        return
    if turn.tcb.is_small:
        smallentry.segment_arrives(turn, segment, is_newer=segment.syn and is_newer(turn, segment))
        return
    for check in _CHECKS:
        if check(turn, segment):
            return
    _finish(turn)


def _finish(turn: Turn) -> None:
    """Text first, since it carries the ACK; a bare ACK only if one is still owed. Then TIME-WAIT may become small."""
    if not output.transmit(turn) and turn.tcb.state is not _S.CLOSED:
        if turn.owes_ack:
            if turn.tcb.inc.held:
                gathering.goes_at_once(turn)
            output.send_ack(turn)
        elif turn.tcb.ack.is_pending:
            delaying.decide(turn)
    if turn.tcb.state is _S.TIME_WAIT and turn.profile.small_entries:
        turn.set(is_small=True)


def _nothing_acknowledged(turn: Turn, segment: Segment) -> bool:
    """Linux asks first what RFC 9293 asks fifth: neither ACK nor RST nor SYN, nothing to process or to answer.

    A request entry asks in the RFC's order (``tcp_check_req``).
    """
    is_bare = not segment.has_ack and not segment.rst and not segment.syn
    if not is_bare or turn.profile.segment_without_ack != "drop-first" or _is_request(turn):
        return False
    turn.because("no-ack-bit")
    return True


# --- first: the sequence number ---


def _first_sequence(turn: Turn, segment: Segment) -> bool:
    """First: an unacceptable segment draws an ACK and is dropped; three readings come before that."""
    tcb = turn.tcb
    if segment.syn and tcb.state is _S.SYN_RECEIVED and segment.seq == tcb.rcv.irs and not segment.rst:
        return _own_syn_again(turn, segment)
    if turn.profile.variant.opens_on_syn and deviating.answers_again(turn, segment):
        return True
    if is_acceptable(turn, segment):
        if not segment.syn:
            paws.remember(turn, segment)
        return False
    if tcb.rcv.wnd == 0 and segment.seq == tcb.rcv.nxt:
        turn.because("window-is-shut")
        turn.owes_ack = True
        return False
    if segment.rst and resets.hits_the_fin(turn, segment):
        return False
    if segment.rst:
        turn.because("rst-outside-window", seq=segment.seq)
        return True
    if tcb.state is _S.TIME_WAIT:
        return _old_segment_in_time_wait(turn, segment)
    turn.because("outside-window", seq=segment.seq, length=segment.seq_length)
    if segment.syn and turn.profile.syn_is_challenged and not _is_request(turn):
        turn.because("syn-in-connection")
        challenge(turn)
        return True
    _something_came_twice(turn, segment)
    answer_unacceptable(turn, segment)
    return True


def _is_request(turn: Turn) -> bool:
    """Is this a request entry, which a listener keeps for a caller?"""
    return turn.tcb.state is _S.SYN_RECEIVED and not turn.tcb.is_active


def _something_came_twice(turn: Turn, segment: Segment) -> None:
    """Text or a FIN that is old: a D-SACK tells it, and the ACKs that follow do not wait (``tcp_send_dupack``)."""
    sack.note_old(turn, segment)
    if segment.seq_length and turn.profile.ack_delay == "adaptive":
        turn.set(ack=acking.alarmed(turn.tcb.ack, turn.profile.quick_acks, turn.profile.delayed_ack_us))


def _own_syn_again(turn: Turn, segment: Segment) -> bool:
    """The SYN that brought us here arrives once more in SYN-RECEIVED.

    NOTE(figure-7): with an ACK of our SYN it is the crossed SYN,ACK of figure 7 and opens the connection,
    although its number is one before the window. Without, practice repeats the SYN,ACK, and the letter
    of the RFC answers with an ACK. An active opener is a full socket: where a SYN is challenged, so is this one
    (``tcp_validate_incoming``).
    """
    if turn.tcb.is_active and segment.has_ack and _acknowledges_something(turn, segment):
        if turn.profile.crossed_syn_ack == "challenge":
            turn.because("syn-in-connection")
            challenge(turn)
            return True
        turn.because("crossed-syn-ack")
        paws.remember(turn, segment)
        _open_from_syn_received(turn, segment)
        if turn.profile.crossed_syn_ack == "accept-and-ack":
            sack.note_twice(turn, segment.seq, seq.add(segment.seq, 1))
            turn.owes_ack = True
        _finish(turn)
        return True
    turn.because("syn-again")
    if turn.tcb.is_active and turn.profile.syn_is_challenged:
        challenge(turn)
    elif turn.profile.repeated_syn != "ack" and not segment.has_ack:
        if may_challenge(turn):
            output.retransmit(turn)
            if turn.profile.repeated_syn == "syn-ack":
                persist.arm_retransmission(turn)
    else:
        answer_unacceptable(turn, segment)
    return True


def _old_segment_in_time_wait(turn: Turn, segment: Segment) -> bool:
    """NOTE(fin-in-time-wait): a repeated FIN is one before the window, yet the eighth check wants it answered
    and 2 MSL started anew; so it is recognised here, before the first check drops it.
    """
    if segment.fin and not segment.syn and segment.end == turn.tcb.rcv.nxt:
        turn.move(transitions.TIME_WAIT_RCV_FIN)
        enter_time_wait(turn)
        output.send_ack(turn)
        return True
    turn.because("outside-window", seq=segment.seq, length=segment.seq_length)
    answer_unacceptable(turn, segment)
    return True


# --- second: RST ---


def _second_rst(turn: Turn, segment: Segment) -> bool:
    """Second: an exact RST resets; one elsewhere in the window draws a challenge ACK (RFC 5961 section 3.2)."""
    if not segment.rst:
        return False
    state = turn.tcb.state
    if resets.has_to_be_proved(turn, segment):
        challenge(turn)
    elif state is _S.TIME_WAIT:
        time_wait_rst(turn)
    elif state is not _S.SYN_RECEIVED:
        turn.move(transitions.RCV_RST[state])
        turn.signal("reset")
    elif turn.tcb.is_active:
        turn.move(transitions.SYN_RECEIVED_RCV_RST_ACTIVE)
        turn.signal(turn.profile.refused_in_syn_received)
    else:
        turn.move(transitions.SYN_RECEIVED_RCV_RST_PASSIVE)
        listen_again(turn)
    return True


# --- third: security is not modelled. Fourth: SYN ---


def _fourth_syn(turn: Turn, segment: Segment) -> bool:
    """Fourth: a SYN in a passive SYN-RECEIVED returns to LISTEN; elsewhere it draws a challenge ACK (793: a RST)."""
    if not segment.syn:
        return False
    if _is_request(turn):
        turn.move(transitions.SYN_RECEIVED_RCV_SYN_PASSIVE)
        listen_again(turn)
        if turn.profile.new_syn_resets:
            turn.emit(output.reset_for(segment), "reset")
    elif turn.profile.syn_is_challenged or turn.tcb.state is _S.TIME_WAIT:
        turn.because("syn-in-connection")
        challenge(turn)
    elif seq.before(segment.seq, turn.tcb.rcv.nxt):
        return False
    else:
        turn.move(transitions.RCV_SYN[turn.tcb.state])
        turn.emit(output.reset_for(segment), "reset")
        turn.signal("reset")
    return True


# --- fifth: ACK ---


def _fifth_ack(turn: Turn, segment: Segment) -> bool:
    """Fifth: no ACK, no processing; too old or too new an ACK is answered; else by state."""
    if not segment.has_ack:
        turn.because("no-ack-bit")
        return True
    if turn.tcb.state is _S.SYN_RECEIVED:
        return _ack_in_syn_received(turn, segment)
    snd = turn.tcb.snd
    if ackrange.is_unsent(turn, segment):
        return ackrange.answer_unsent(turn, segment)
    if ackrange.is_too_old(turn, segment):
        turn.because("ack-too-old", ack=segment.ack)
        challenge(turn)
        return True
    before = turn.tcb
    turn.set(heard_at=turn.now, soft_error="")
    if before.conf.keepalive:
        peer_is_alive(turn)
    if seq.before(snd.una, segment.ack):
        acknowledge(turn, segment)
    opens = not seq.before(segment.ack, snd.una) and take_window(turn, segment)
    if before.cc.window:
        loss.on_ack(turn, segment, before, opens_window=opens)
    persist.peer_answers(turn)
    return _ack_by_state(turn, segment)


def _acknowledges_something(turn: Turn, segment: Segment) -> bool:
    """SND.UNA < SEG.ACK =< SND.NXT (3.4)."""
    snd = turn.tcb.snd
    return seq.before(snd.una, segment.ack) and seq.before_or_at(segment.ack, snd.nxt)


def _ack_in_syn_received(turn: Turn, segment: Segment) -> bool:
    """SYN-RECEIVED: the ACK of our SYN opens the connection, any other draws a RST."""
    if turn.profile.variant.opens_on_any_ack:
        segment = deviating.taken_for_right(turn, segment)
    if _acknowledges_something(turn, segment):
        if turn.tcb.conf.defer_accept_us and requests.puts_off(turn, segment):
            return True
        _open_from_syn_received(turn, segment)
        return False
    turn.because("ack-not-of-our-syn", ack=segment.ack)
    turn.emit(output.reset_for(segment), "reset")
    return True


def _open_from_syn_received(turn: Turn, segment: Segment) -> None:
    """SYN-RECEIVED -> ESTABLISHED; text held since the SYN is delivered, a CLOSE that was queued is done."""
    acknowledge(turn, segment)
    turn.move(transitions.SYN_RECEIVED_RCV_ACK)
    take_window(turn, segment, is_first=True)
    control.opens(turn, segment)
    connected(turn)
    if turn.tcb.out.is_closed:
        turn.move(transitions.ESTABLISHED_CLOSE)
    deliver_held(turn)


def _ack_by_state(turn: Turn, segment: Segment) -> bool:
    """What the ACK of our FIN means in the closing states."""
    state = turn.tcb.state
    if state is _S.TIME_WAIT:
        return ack_in_time_wait(turn, segment)
    if not turn.tcb.has_fin_acked:
        return False
    if state is _S.LAST_ACK:
        turn.move(transitions.LAST_ACK_RCV_ACK)
        turn.signal("closed")
        return True
    if state is _S.CLOSING:
        turn.move(transitions.CLOSING_RCV_ACK)
        enter_time_wait(turn)
    elif state is _S.FIN_WAIT_1 and not _brings_fin(turn, segment):
        turn.move(transitions.FIN_WAIT_1_RCV_ACK)
        if turn.tcb.is_orphan:
            return _orphan_in_fin_wait_2(turn, segment)
    return False


def _orphan_in_fin_wait_2(turn: Turn, segment: Segment) -> bool:
    """Nobody holds the connection: it waits for the FIN on a timer, unless this segment brings something new."""
    is_new = segment.seq_length > 0 and seq.before(turn.tcb.rcv.nxt, seq.add(segment.end, -segment.fin))
    if is_new and not turn.profile.half_duplex_close:
        return False
    if is_new:
        turn.emit(output.reset_for(segment), "reset")
        turn.move(transitions.TEXT_TO_ORPHAN[_S.FIN_WAIT_2])
        return True
    orphans.wait_for_fin(turn, segment)
    return turn.tcb.state is _S.CLOSED


def _brings_fin(turn: Turn, segment: Segment) -> bool:
    """Will the eighth check find this segment's FIN in order? Then FIN-WAIT-2 is never entered (note 2)."""
    return seq.before_or_at(segment.seq, turn.tcb.rcv.nxt) and _has_fin_in_window(turn, segment)


def _has_fin_in_window(turn: Turn, segment: Segment) -> bool:
    """Does the segment's FIN itself lie in the window? What lies outside is trimmed, FIN included (first)."""
    rcv = turn.tcb.rcv
    return segment.fin and seq.within(rcv.nxt, seq.add(segment.seq, segment.length), rcv.wnd)


# --- sixth: URG ---


def _sixth_urg(turn: Turn, segment: Segment) -> bool:
    """Sixth: urgent data is told of until the peer's FIN has come."""
    if segment.urg and turn.tcb.state in TAKES_TEXT:
        note_urgent(turn, segment)
    return False


# --- seventh and eighth: text and FIN ---


def _old_text(turn: Turn, segment: Segment) -> bool:
    """Before the seventh: text and FIN that are wholly old got here with their ACK; they are answered once more."""
    if segment.seq_length and not seq.before(turn.tcb.rcv.nxt, segment.end):
        _something_came_twice(turn, segment)
        turn.owes_ack = True
    return False


def _seventh_text(turn: Turn, segment: Segment) -> bool:
    """Seventh: text in the window is taken, in order at once, else held (SHLD-31)."""
    tcb = turn.tcb
    if tcb.state not in TAKES_TEXT:
        if segment.length and seq.before(tcb.rcv.nxt, segment.end):
            turn.because("text-after-fin")
        return False
    skip = max(0, seq.distance(segment.seq, tcb.rcv.nxt))
    number = seq.add(segment.seq, skip)
    room = tcb.rcv.wnd - seq.distance(tcb.rcv.nxt, number)
    if turn.profile.beyond_window != "cut" and (tcb.rcv.wnd or segment.seq != tcb.rcv.nxt):
        room = segment.length
    text = segment.payload.cut(skip, room) if segment.payload and room > 0 else None
    fin = _has_fin_in_window(turn, segment) or _is_bare_fin(turn, segment)
    if text is None and not fin:
        turn.owes_ack |= segment.seq_length > 0
        return False
    if tcb.agreed.ecn and text is not None:
        ecn.text_arrives(turn, segment)
    if text is not None and _nobody_reads(turn):
        turn.move(transitions.TEXT_TO_ORPHAN[tcb.state])
        if not tcb.is_orphan:
            turn.signal("reset")
        turn.emit(output.reset_for(segment), "reset")
        return True
    length = (len(text) if text is not None else 0) + fin
    if number != tcb.rcv.nxt:
        delaying.arrives_early(turn, segment, number, length, has_text=text is not None)
    else:
        if tcb.agreed.sack and (skip or tcb.inc.held):
            sack.note_text(turn, segment.seq, number, length)
        if text is not None:
            owe_ack(turn, segment, fills_gap=bool(tcb.inc.held))
    deliver_text(turn, hold(tcb.inc.held, tcb.rcv.nxt, number, text, fin=fin))
    return False


def _is_bare_fin(turn: Turn, segment: Segment) -> bool:
    """Is this a FIN without text, next in sequence, before a shut window? It needs no room."""
    rcv = turn.tcb.rcv
    is_next = segment.fin and not segment.length and segment.seq == rcv.nxt
    return turn.profile.fin_at_shut_window and is_next and not rcv.wnd


def _nobody_reads(turn: Turn) -> bool:
    """Has the program let go of the connection, so that new text is lost (3.6.1, SHLD-3)?"""
    tcb = turn.tcb
    if tcb.state not in transitions.TEXT_TO_ORPHAN:
        return False
    if tcb.is_orphan:
        return turn.profile.half_duplex_close
    return tcb.inc.is_shut and turn.profile.shut_reader_resets


def _eighth_fin(turn: Turn, segment: Segment) -> bool:
    """Eighth: a FIN that is next in sequence is processed by state.

    What was held since the SYN may only now be proved: a CLOSE in SYN-RECEIVED does not wait for the ACK of our SYN.
    """
    if segment.fin and turn.tcb.state is _S.TIME_WAIT and not turn.edges:
        turn.move(transitions.TIME_WAIT_RCV_FIN)
        enter_time_wait(turn)
        turn.owes_ack = True
    elif turn.tcb.inc.held and not turn.tcb.has_syn_in_flight:
        deliver_held(turn)
    return False


_CHECKS: tuple[Callable[[Turn, Segment], bool], ...] = (
    _nothing_acknowledged,
    paws.refuses,
    requests.refuses_echo,
    _first_sequence,
    _second_rst,
    _fourth_syn,
    _fifth_ack,
    _sixth_urg,
    _old_text,
    _seventh_text,
    _eighth_fin,
)
