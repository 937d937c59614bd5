"""Sending again: which segments, how many, and in what pieces (``tcp_xmit_retransmit_queue``).

Rules
-----
* What is marked lost goes again, oldest first, as far as the congestion window allows; each once until it is found
  lost again.
* Nothing goes beyond the window of a peer that has shrunk it, but the oldest segment always may.
* A segment longer than today's MSS is cut; a short one takes up what follows it, a FIN too, if it fits
  (RFC 9293 section 3.8.6: "may repackage"; ``tcp_retrans_try_collapse``).
* When the oldest segment goes again, its timeout counts from now.
"""

from __future__ import annotations

from tutor.tcp import alarms, control, flight, output, phases, scoreboard, seq
from tutor.tcp.options import effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.recovery import LOST, NEW
from tutor.tcp.segment import ACK, FIN, PSH, SYN
from tutor.tcp.tcb import Sent, Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace
from tutor.tcp.writequeue import first_end


def repair(turn: Turn, what: str) -> None:
    """Do what recovery has decided (``tcp_xmit_recovery``)."""
    if what == NEW:
        output.transmit(turn, mode="flush")
        tcb = turn.tcb
        if seq.before(tcb.rec.high, tcb.snd.nxt):
            return
        turn.rec(frto=False)
        what = LOST
    if what == LOST:
        repeat_lost(turn)


def repeat_lost(turn: Turn) -> None:
    """As many of the lost segments as the congestion window allows."""
    head_again = False
    while True:
        tcb = turn.tcb
        marked = scoreboard.counts(tcb)
        if marked.repeated >= marked.lost or not has_room(turn):
            break
        place = next((n for n, entry in enumerate(tcb.out.queue) if _waits(entry)), None)
        if place is None:
            break
        sent = _repeat_burst(turn, place)
        for _segment in range(sent):
            if tcb.rec.phase == "loss":
                turn.because("repeated-after-timeout")
            else:
                turn.because("repeated-in-recovery")
        if phases.is_cutting(tcb):
            control.note_cut_sent(turn, sent)
        if not sent:
            break
        head_again = head_again or place == 0
    if head_again and turn.tcb.timers.reordering is None and turn.tcb.timers.persist is None:
        alarms.run_retransmission(turn)


def _repeat_burst(turn: Turn, place: int) -> int:
    """Repeat what was handed down together with the segment at ``place`` and shares its fate; returns how many."""
    queue = turn.tcb.out.queue
    first, last = queue[place], place
    room = turn.tcb.cc.window - scoreboard.in_flight(turn.tcb)
    while queue[last].continues and last - place + 1 < room and is_alike(first, queue[last + 1]):
        last += 1
    if queue[last].continues:
        turn.out(queue=(*queue[:last], replace(queue[last], continues=False), *queue[last + 1 :]))
    sent = 0
    for index in range(place, last + 1):
        if not repeat(turn, index, push=index == last and last > place and turn.profile.burst_pushes):
            break
        sent += 1
    return sent


def is_alike(first: Sent, other: Sent) -> bool:
    """Have both the same marks, so that they are still handed down as one?"""
    return (first.is_lost, first.is_sacked, first.is_repeated, first.transmissions) == (
        other.is_lost,
        other.is_sacked,
        other.is_repeated,
        other.transmissions,
    )


def _waits(entry: Sent) -> bool:
    """Is it lost, and no repetition under way?"""
    return entry.is_lost and not entry.is_sacked and not entry.is_repeated


def has_room(turn: Turn) -> bool:
    """Does the congestion window let another segment be in flight?"""
    tcb = turn.tcb
    room = flight.allowance(tcb, turn.profile)
    return room is None or room > tcb.flight_size


def repeat(turn: Turn, place: int, *, push: bool = False, purpose: str | None = None) -> bool:
    """Send the segment at ``place`` of the queue again, and note it as a repetition (``tcp_retransmit_skb``)."""
    if not send_again(turn, place, push=push, purpose=purpose):
        return False
    queue, rec = turn.tcb.out.queue, turn.tcb.rec
    again = replace(queue[place], is_repeated=True)
    turn.out(queue=(*queue[:place], again, *queue[place + 1 :]))
    turn.rec(
        is_marked=True,
        repeated_at=turn.now if rec.repeated_at is None else rec.repeated_at,
        undo_left=max(0, rec.undo_left) + 1,
    )
    return True


def send_again(turn: Turn, place: int, *, push: bool = False, purpose: str | None = None) -> bool:
    """Cut or fill the segment at ``place``, and send it; False if the peer's window forbids.

    Source: ``__tcp_retransmit_skb``.
    """
    tcb = turn.tcb
    mss = effective_mss(tcb, turn.profile)
    entry = tcb.out.queue[place]
    room = seq.distance(entry.seq, seq.add(tcb.snd.una, tcb.snd.wnd))
    if room <= 0:
        if place:
            return False
        room = mss
    size = min(mss, room)
    if entry.length > size:
        _cut(turn, place, size)
    elif entry.length < size and turn.profile.repacks_repetitions:
        _fill(turn, place, size)
    output.retransmit(turn, place, purpose, push=push)
    turn.rec(repetitions=turn.tcb.rec.repetitions + 1)
    return True


def _cut(turn: Turn, place: int, size: int) -> None:
    """The first ``size`` octets become a segment of their own; PSH and FIN stay on the rest (``tcp_fragment``)."""
    queue = turn.tcb.out.queue
    entry = queue[place]
    assert entry.payload is not None, "only text is cut"
    first = replace(entry, payload=entry.payload.cut(0, size), flags=entry.flags & ~(FIN | PSH), ends_record=False)
    rest = replace(entry, seq=seq.add(entry.seq, size), payload=entry.payload.cut(size, entry.length))
    turn.out(queue=(*queue[:place], first, rest, *queue[place + 1 :]))


def _fill(turn: Turn, place: int, size: int) -> None:
    """Append what follows and fits: text of the same stream, a FIN (``tcp_retrans_try_collapse``)."""
    tcb = turn.tcb
    queue = tcb.out.queue
    entry, taken = queue[place], 0
    edge = seq.add(tcb.snd.una, tcb.snd.wnd)
    for following in queue[place + 1 :]:
        fits = entry.length + following.length <= size and seq.before_or_at(following.end, edge)
        if not fits or not _may_join(entry, following):
            break
        entry = _joined(entry, following)
        taken += 1
    if taken:
        turn.out(queue=(*queue[:place], entry, *queue[place + 1 + taken :]))


def _may_join(entry: Sent, following: Sent) -> bool:
    """Neither has arrived or is a SYN, no record ends between them."""
    if entry.ends_record or entry.continues or following.continues:
        return False
    return not (entry.is_sacked or following.is_sacked or (entry.flags | following.flags) & SYN)


def _joined(entry: Sent, following: Sent) -> Sent:
    """Both as one segment."""
    payload, more = entry.payload, following.payload
    if payload is None:
        payload = more
    elif more is not None:
        payload = replace(payload, stop=more.stop)
    return replace(
        entry,
        payload=payload,
        flags=entry.flags | following.flags | ACK,
        transmissions=max(entry.transmissions, following.transmissions),
        ends_record=following.ends_record,
    )


def is_new_allowed(tcb: Tcb, profile: Profile) -> bool:
    """Does the peer's window let new text leave: all that the next segment could carry (``tcp_snd_wnd_test``)?"""
    waits = first_end(tcb.out) - tcb.out.sent
    return waits > 0 and tcb.snd.wnd - tcb.flight_size >= min(waits, effective_mss(tcb, profile))
