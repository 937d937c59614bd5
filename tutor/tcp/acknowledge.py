"""What an acceptable ACK does: the retransmission queue, the round trip, the send window.

Rules
-----
* SND.UNA only moves forward; what is wholly acknowledged leaves the queue (RFC 9293 3.10.7.4, fifth), what
  is acknowledged in part loses that part (3.8.6: "may repackage").
* A round trip is measured on the oldest segment that arrived with this ACK, unless one of those was sent twice and no
  timestamps tell which copy was meant (RFC 6298 section 3, Karn). A selective acknowledgment measures too (``loss``).
* New data acknowledged: the timer runs anew (RFC 6298 5.3); nothing left: it stops (5.2). R2 begins anew.
* SND.WND follows the newest segment only (SND.WL1, SND.WL2).
"""

from __future__ import annotations

from tutor.tcp import persist, rto, seq
from tutor.tcp.options import clock
from tutor.tcp.segment import PSH, Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Rtx, Sent
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace


def acknowledge(turn: Turn, segment: Segment) -> None:
    """Advance SND.UNA to SEG.ACK, which the caller found to be SND.UNA < SEG.ACK =< SND.NXT."""
    tcb = turn.tcb
    ack, queue, up = segment.ack, tcb.out.queue, tcb.snd.up
    count = 0
    while count < len(queue) and seq.before_or_at(queue[count].end, ack):
        count += 1
    acked, left = queue[:count], _without_acked(queue[count:], ack)
    by_loss = bool(tcb.cc.window) and turn.profile.loss_recovery == "sack-rack"
    turn.set(
        snd=replace(tcb.snd, una=ack, up=up if up is not None and seq.before(ack, up) else None),
        out=replace(tcb.out, queue=left),
        rtx=replace(tcb.rtx if by_loss else _measured(turn, segment, acked), count=0, started_at=turn.now),
    )
    if not left:
        turn.timers(retransmission=None, loss_probe=None, reordering=None, user=None)
    elif by_loss:
        persist.restart_user_timer(turn)
    else:
        persist.arm_both(turn)
    if any(entry.payload for entry in acked):
        turn.signal("writable")


def _without_acked(queue: tuple[Sent, ...], ack: int) -> tuple[Sent, ...]:
    """``queue`` without the octets of its front that lie before ``ack``.

    A repetition that begins before the peer's window and ends behind it would never be acceptable (table 6).
    """
    if not queue or not seq.before(queue[0].seq, ack):
        return queue
    front = queue[0]
    text = front.payload.cut(seq.distance(front.seq, ack), len(front.payload)) if front.payload else None
    flags = front.flags if text is not None else front.flags & ~PSH
    return (replace(front, seq=ack, flags=flags, payload=text), *queue[1:])


def _measured(turn: Turn, segment: Segment, acked: tuple[Sent, ...]) -> Rtx:
    """RTT and RTO after this ACK, if it allows a measurement (RFC 6298 section 3; RFC 7323 section 4)."""
    rtx = turn.tcb.rtx
    if not acked:
        return rtx
    stamp = segment.options.timestamp
    fresh = tuple(entry for entry in acked if not entry.is_sacked)
    if fresh and all(entry.transmissions == 1 for entry in acked):
        round_trip = turn.now - fresh[0].sent_at
    elif turn.tcb.agreed.timestamps and stamp is not None and seq.before_or_at(stamp[1], clock(turn.now)):
        round_trip = seq.distance(stamp[1], clock(turn.now)) * 1000
    else:
        if fresh:
            turn.because("karn-no-measurement")
        return rtx
    return measured(turn, rtx, round_trip)


def measured(turn: Turn, rtx: Rtx, round_trip: int) -> Rtx:
    """``rtx`` after a round trip of so many microseconds."""
    rtx = rto.measured(rtx, round_trip, turn.profile, turn.tcb.snd)
    turn.because("rtt-measured", rtt_us=round_trip, rto_us=rtx.rto)
    return rtx


def take_window(turn: Turn, segment: Segment, *, is_first: bool = False) -> bool:
    """Set SND.WND from SEG.WND, and say so, if the segment is not older than the last one used (3.10.7.4, fifth).

    NOTE(window-on-open): also done on SYN-SENT -> ESTABLISHED, where the RFC forgets it; a window on a
    SYN is not scaled.
    """
    snd = turn.tcb.snd
    number, ack = segment.seq, segment.ack
    offered = segment.window << (0 if segment.syn else turn.tcb.agreed.snd_scale)
    if turn.profile.repeated_window == "any":
        is_newer = seq.before(snd.wl1, number) or (snd.wl1 == number and seq.before_or_at(snd.wl2, ack))
    else:
        is_newer = seq.before(snd.wl2, ack) or seq.before(snd.wl1, number)
        is_shut = offered == 0 and turn.profile.repeated_window == "larger-or-zero"
        is_newer = is_newer or (snd.wl1 == number and (offered > snd.wnd or is_shut))
    if not (is_first or is_newer):
        return False
    if offered == 0 and snd.wnd and turn.tcb.state is not State.SYN_RECEIVED:
        turn.because("window-closed-by-peer")
    elif snd.wnd == 0 and offered and not is_first:
        turn.because("window-opened-by-peer", window=offered)
    turn.set(
        snd=replace(snd, wnd=offered, wl1=number, wl2=ack, max_wnd=offered if is_first else max(snd.max_wnd, offered))
    )
    return True
