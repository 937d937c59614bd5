"""Acknowledging by the peer's rhythm, as the connection goes through it: text comes, text leaves, the program reads.

Rules
-----
* What has come is pending until a segment of ours with an ACK leaves. Whether a bare ACK leaves at once is decided when
  everything else about the arrival is done: text that goes anyway carries it.
* The first FIN of a peer makes it a conversation: our program is likely to close, and the ACK can ride on our FIN.
"""

from __future__ import annotations

from tutor.tcp import acking, gathering, output, room, sack, seq, window
from tutor.tcp.options import effective_mss
from tutor.tcp.segment import PSH, Segment
from tutor.tcp.states import TAKES_TEXT, State
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def begin(turn: Turn) -> None:
    """The connection is open: nothing is known about the peer yet."""
    tcb, profile = turn.tcb, turn.profile
    largest = tcb.conf.mss or profile.mss
    if profile.ack_delay == "adaptive":
        full = min(largest, effective_mss(tcb, profile))
        turn.set(ack=acking.opened(turn.now, tcb.rcv.nxt, full, tcb.rcv.wnd))
    if profile.window_growth == "segments":
        scale, is_scaled = tcb.agreed.rcv_scale, tcb.agreed.window_scaling
        turn.set(room=room.opened(window.memory(tcb, profile), tcb.rcv.wnd, largest, scale, is_scaled=is_scaled))


def text_in_order(turn: Turn, segment: Segment, number: int) -> None:
    """Text has come in order, up to ``number``."""
    tcb, profile = turn.tcb, turn.profile
    largest, unit = window.largest(tcb, profile), _unit(turn, segment)
    push = bool(segment.flags & PSH)
    if segment.options.timestamp is not None and segment.options.timestamp[1] != tcb.ack.gathered.echoed:
        gathering.echo_heard(turn, segment, unit)
    if profile.window_growth == "segments":
        _fill(turn, segment, number, early=False)
    turn.set(
        ack=acking.heard(
            turn.tcb.ack, turn.now, unit, push=push, rto_us=tcb.rtx.rto, largest=largest,
            most=profile.quick_acks, least_us=profile.delayed_ack_us,
        )
    )  # fmt: skip


def arrives_early(turn: Turn, segment: Segment, number: int, length: int, *, has_text: bool) -> None:
    """Text or a FIN has come ahead of its turn: ``length`` numbers from ``number`` on.

    An ACK is due, if not always now (RFC 5681 section 4.2), and tells where they lie.
    """
    turn.because("arrived-early", seq=number)
    if turn.profile.ack_delay == "adaptive":
        turn.set(ack=replace(turn.tcb.ack, is_pending=True))
    else:
        turn.owes_ack = True
    if turn.tcb.ack.gathered.segments:
        gathering.make_room(turn, number, seq.add(number, length))
    if turn.tcb.agreed.sack:
        sack.note_text(turn, segment.seq, number, length)
    if has_text:
        _text_early(turn, segment, segment.end)


def _text_early(turn: Turn, segment: Segment, number: int) -> None:
    """Text has come ahead of its turn, up to ``number``: it takes memory, and shows how long segments are."""
    if segment.options.timestamp is not None and segment.options.timestamp[1] != turn.tcb.ack.gathered.echoed:
        gathering.echo_heard(turn, segment, _unit(turn, segment))
    if any(end == number for end, _ in turn.tcb.room.packets):
        return
    if turn.profile.window_growth == "segments":
        _fill(turn, segment, number, early=True)
    if turn.profile.ack_delay == "adaptive":
        push, largest = bool(segment.flags & PSH), window.largest(turn.tcb, turn.profile)
        turn.set(ack=acking.measured(turn.tcb.ack, _unit(turn, segment), largest, push=push))


def _unit(turn: Turn, segment: Segment) -> int:
    """Text of one segment; what is longer than any is a run of the peer's full segments, put together on the way."""
    largest = window.largest(turn.tcb, turn.profile)
    return segment.length if segment.length <= largest else min(largest, turn.tcb.agreed.mss)


def _fill(turn: Turn, segment: Segment, number: int, *, early: bool) -> None:
    """The text takes memory, and the window may grow; without SACK not for what is early: it wants plain ACKs."""
    tcb, profile = turn.tcb, turn.profile
    after = room.filled(
        tcb.room, window.memory(tcb, profile), tcb.ack.window, segment.length, number, unit=_unit(turn, segment),
        seen=tcb.ack.segment, largest=window.largest(tcb, profile), early=early,
    )  # fmt: skip
    if early and not tcb.agreed.sack:
        after = replace(after, limit=tcb.room.limit)
    if after.limit > tcb.room.limit:
        turn.set(room=after, ack=replace(tcb.ack, quick=tcb.ack.quick | 1))
    else:
        turn.set(room=after)


def fin_arrives(turn: Turn) -> None:
    """The peer's FIN is taken; the state is still what it was before it."""
    if turn.tcb.state in (State.ESTABLISHED, State.SYN_RECEIVED):
        turn.set(ack=replace(turn.tcb.ack, is_pending=True, in_conversation=True))
    else:
        turn.owes_ack = True


def decide(turn: Turn) -> None:
    """Something is pending and no text left: an ACK at once, or later."""
    tcb = turn.tcb
    nxt = tcb.rcv.nxt
    if acking.is_second(tcb.ack, nxt):
        if window.candidate(tcb, turn.profile) >= tcb.ack.window:
            turn.because("every-second-segment")
            output.send_ack(turn)
            return
        if window.is_crowded(tcb, turn.profile):
            turn.set(ack=replace(tcb.ack, quick=0))
    if acking.is_quick(turn.tcb.ack):
        turn.because("quick-ack")
        output.send_ack(turn)
        return
    if tcb.inc.held:
        gathering.decide(turn)
        return
    wait = acking.patience(tcb.ack, tcb.rtx.srtt, turn.profile.delayed_ack_us)
    due, running = turn.now + wait, tcb.timers.delayed_ack
    if not wait or (running is not None and running <= turn.now + (wait >> 2)):
        output.send_ack(turn)
    elif running is None or due < running:
        turn.because("ack-delayed")
        turn.timers(delayed_ack=due)


def waited(turn: Turn) -> None:
    """An ACK waited for text in vain."""
    turn.set(ack=acking.in_vain(turn.tcb.ack, turn.tcb.rtx.rto, turn.profile.delayed_ack_us))


def program_read(turn: Turn, octets: int) -> None:
    """The program has taken ``octets``: is an ACK owed for that, or for the window it opened?"""
    tcb, profile = turn.tcb, turn.profile
    unread_from = tcb.rcv.nxt - tcb.inc.unread
    turn.set(room=room.read(tcb.room, unread_from % 2**32))
    if acking.owed_after_reading(tcb.ack, tcb.rcv.nxt, tcb.inc.unread, octets):
        turn.because("text-read")
        output.send_ack(turn)
    elif tcb.state in TAKES_TEXT and window.is_worth_telling(turn.tcb, profile):
        turn.because("window-update")
        output.send_ack(turn)


def quickack_set(turn: Turn, value: int) -> None:
    """TCP_QUICKACK: no conversation, and what is owed goes now; or a conversation (``__tcp_sock_set_quickack``)."""
    ack = turn.tcb.ack
    turn.set(ack=replace(ack, in_conversation=not value, small=max(ack.small, 1) if value else ack.small))
    if value and turn.tcb.state in (State.ESTABLISHED, State.CLOSE_WAIT) and ack.is_pending:
        program_read(turn, 1)
