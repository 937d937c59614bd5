"""NewReno: three duplicate ACKs repeat the oldest segment, each partial ACK the next hole (RFC 5681, 6582, 3042).

Rules
-----
* A duplicate ACK repeats SND.UNA and the window, carries neither text nor SYN nor FIN, and something is in flight
  (RFC 5681 section 2).
* The first two let a new segment each leave (limited transmit, RFC 3042). The third halves the flight into the
  threshold, has the oldest segment go again, and inflates the window by three segments; each further one by another
  (RFC 5681 section 3.2).
* Recovery lasts until all that was in flight is acknowledged. A partial ACK names the next hole: it goes again, and the
  window deflates by what was acknowledged, less a segment (RFC 6582 section 3.2, step 3).
* After a timeout all that is in flight counts as lost, and goes again as the window grows from one segment
  (RFC 5681 section 3.1). Duplicate ACKs of what was in flight then begin no recovery (RFC 6582 section 4).

Theory
------
A duplicate ACK says two things: something is missing, and something else has left the network. The first starts the
repair, the second keeps the flow going: hence the inflated window.
"""

from __future__ import annotations

from tutor.tcp import control, ecn, resend, seq
from tutor.tcp.options import effective_mss
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import Tcb
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

DUPLICATES = 3
"""DupThresh (RFC 5681 section 3.2)."""


def on_ack(turn: Turn, segment: Segment, before: Tcb) -> None:
    """An acceptable ACK has been taken in."""
    acked = before.out.queue[: len(before.out.queue) - len(turn.tcb.out.queue)]
    if acked and all(entry.transmissions == 1 for entry in acked):
        control.measure(turn, turn.now - acked[-1].sent_at)
    control.deliver(turn, len(acked))
    control.end_cut(turn)
    if ecn.is_echoed(before, segment) and turn.tcb.rec.phase == "open":
        control.hear_echo(turn)
    octets = seq.distance(before.snd.una, turn.tcb.snd.una)
    if octets:
        _progress(turn, len(acked), octets)
    elif _is_duplicate(turn, segment, before):
        _duplicate(turn)


def _is_duplicate(turn: Turn, segment: Segment, before: Tcb) -> bool:
    """RFC 5681 section 2, (a) to (e)."""
    same_window = turn.tcb.snd.wnd == before.snd.wnd
    return bool(turn.tcb.out.queue) and not segment.seq_length and segment.ack == before.snd.una and same_window


def _progress(turn: Turn, segments: int, octets: int) -> None:
    """New text is acknowledged: all of what was in flight, a part of it, or nothing is being repaired."""
    rec = turn.tcb.rec
    is_over = seq.before_or_at(rec.high, turn.tcb.snd.una)
    if rec.phase == "recovery" and not is_over:
        _partial(turn, octets)
        return
    if rec.phase == "recovery":
        mss, cc = effective_mss(turn.tcb, turn.profile), turn.tcb.cc
        turn.set(cc=replace(cc, window=min(cc.threshold, max(turn.tcb.flight_size, mss) + mss)))
        turn.because("recovery-ends", window=turn.tcb.cc.window)
    else:
        control.cut_or_grow(turn, segments, octets, len(turn.tcb.out.queue))
    if is_over and rec.phase != "open":
        turn.rec(phase="open")
    if rec.dupacks:
        turn.rec(dupacks=0)
    if turn.tcb.rec.phase == "loss":
        _repeat_lost(turn)


def _partial(turn: Turn, octets: int) -> None:
    """RFC 6582 section 3.2, step 3."""
    mss, cc = effective_mss(turn.tcb, turn.profile), turn.tcb.cc
    turn.because("partial-ack")
    _repeat(turn, 0)
    turn.set(cc=replace(cc, window=max(mss, cc.window - octets + (mss if octets >= mss else 0))))


def _duplicate(turn: Turn) -> None:
    """RFC 5681 section 3.2."""
    rec = turn.tcb.rec
    if rec.phase == "recovery":
        _inflate(turn, 1)
        return
    turn.rec(dupacks=rec.dupacks + 1)
    is_new = rec.repeated_at is None or seq.before(rec.high, turn.tcb.snd.una)
    if rec.dupacks + 1 == DUPLICATES and rec.phase == "open" and is_new:
        _enter(turn)


def _enter(turn: Turn) -> None:
    """Fast retransmit and fast recovery."""
    turn.because("recovery-begins-without-sack")
    extra = min(turn.tcb.rec.dupacks - 1, 2) * effective_mss(turn.tcb, turn.profile)
    control.reduce(turn, not_counted=extra)
    turn.rec(phase="recovery", high=turn.tcb.snd.nxt, repeated_at=turn.now)
    _repeat(turn, 0)
    turn.set(cc=replace(turn.tcb.cc, window=turn.tcb.cc.threshold))
    _inflate(turn, DUPLICATES)


def _inflate(turn: Turn, segments: int) -> None:
    """So many segments have left the network."""
    cc = turn.tcb.cc
    turn.set(cc=replace(cc, window=cc.window + segments * effective_mss(turn.tcb, turn.profile)))


def time_out(turn: Turn) -> None:
    """The retransmission timer struck: everything is lost, the window is one segment, the oldest goes again."""
    if turn.tcb.rtx.count <= 1:
        control.reduce(turn)
    control.time_out(turn, 0)
    tcb = turn.tcb
    turn.out(queue=tuple(replace(entry, is_lost=True, is_repeated=False) for entry in tcb.out.queue))
    turn.rec(phase="loss", high=tcb.snd.nxt, repeated_at=turn.now, dupacks=0)
    _repeat(turn, 0)


def _repeat_lost(turn: Turn) -> None:
    """As much of what was lost as the window allows, the oldest first."""
    while resend.has_room(turn):
        place = next((n for n, entry in enumerate(turn.tcb.out.queue) if entry.is_lost and not entry.is_repeated), None)
        if place is None:
            return
        _repeat(turn, place)
        turn.because("repeated-after-timeout")


def _repeat(turn: Turn, place: int) -> None:
    """Send the segment at ``place`` again; if the window forbids, it will go when the window moves."""
    if resend.send_again(turn, place):
        queue = turn.tcb.out.queue
        turn.out(queue=(*queue[:place], replace(queue[place], is_repeated=True), *queue[place + 1 :]))
