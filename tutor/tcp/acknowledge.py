"""What an acceptable ACK does: the retransmission queue, the round trip, the send window.

Rules
-----
* SND.UNA only moves forward; what is wholly acknowledged leaves the queue (RFC 9293 3.10.7.4, fifth).
* A round trip is measured on the newest segment that left the queue, unless it was sent twice and no
  timestamps tell which copy was meant (RFC 6298 section 3, Karn).
* New data acknowledged: the timer runs anew (RFC 6298 5.3); nothing left: it stops (5.2).
* SND.WND follows the newest segment only (SND.WL1, SND.WL2).
"""

from __future__ import annotations

from dataclasses import replace

from tutor.tcp import output, rto, seq
from tutor.tcp.options import clock
from tutor.tcp.segment import FIN, SYN, Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Sent
from tutor.tcp.turn import Turn


def acknowledge(turn: Turn, segment: Segment) -> None:
    """Advance SND.UNA to SEG.ACK, which the caller found to be SND.UNA < SEG.ACK =< SND.NXT."""
    tcb = turn.tcb
    acked = [entry for entry in tcb.out.queue if seq.before_or_at(_end(entry), segment.ack)]
    queue = tcb.out.queue[len(acked) :]
    octets = _offset(turn, segment.ack)
    turn.snd(una=segment.ack, up=None if tcb.snd.up is not None and not seq.before(segment.ack, tcb.snd.up) else tcb.snd.up)
    turn.out(queue=queue, pushes=tuple(push for push in tcb.out.pushes if push > octets))
    _measure(turn, segment, acked)
    turn.rtx(count=0, started_at=queue[0].sent_at if queue else turn.now)
    if queue:
        output.arm_retransmission(turn)
        output.restart_user_timer(turn)
    else:
        turn.timers(retransmission=None, user=None)
    if any(entry.payload for entry in acked):
        turn.signal("writable")


def _end(entry: Sent) -> int:
    """The number after the last one that ``entry`` occupies."""
    return seq.add(entry.seq, entry.length + ((entry.flags & SYN) >> 1) + (entry.flags & FIN))


def _offset(turn: Turn, number: int) -> int:
    """The stream offset that the sequence number ``number`` stands for (SND.NXT stands for ``out.sent``)."""
    tcb = turn.tcb
    behind = seq.distance(number, tcb.snd.nxt)
    if tcb.out.fin_seq is not None:
        behind -= 1
    return tcb.out.sent - max(behind, 0)


def _measure(turn: Turn, segment: Segment, acked: list[Sent]) -> None:
    """One round-trip measurement, if this ACK allows one (RFC 6298 section 3; RFC 7323 section 4)."""
    if not acked:
        return
    newest = acked[-1]
    stamp = segment.options.timestamp
    if all(entry.transmissions == 1 for entry in acked):
        round_trip = turn.now - newest.sent_at
    elif turn.tcb.agreed.timestamps and stamp is not None and stamp[1]:
        round_trip = ((clock(turn.now) - stamp[1]) & 0xFFFFFFFF) * 1000
    else:
        turn.because("karn-no-measurement")
        return
    turn.set(rtx=rto.measured(turn.tcb.rtx, round_trip, turn.profile))
    turn.because("rtt-measured", rtt_us=round_trip, rto_us=turn.tcb.rtx.rto)


def take_window(turn: Turn, segment: Segment, *, is_first: bool = False) -> None:
    """Set SND.WND from SEG.WND if the segment is not older than the last one used (3.10.7.4, fifth).

    NOTE(window-on-open): also done on SYN-SENT -> ESTABLISHED, where the RFC forgets it; a window on a
    SYN is not scaled.
    """
    snd = turn.tcb.snd
    is_newer = seq.before(snd.wl1, segment.seq) or (snd.wl1 == segment.seq and seq.before_or_at(snd.wl2, segment.ack))
    if not (is_first or is_newer):
        return
    scale = 0 if segment.syn else turn.tcb.agreed.snd_scale
    offered = segment.window << scale
    if offered == 0 and snd.wnd and turn.tcb.state is not State.SYN_RECEIVED:
        turn.because("window-closed-by-peer")
    elif snd.wnd == 0 and offered and not is_first:
        turn.because("window-opened-by-peer", window=offered)
    turn.set(
        snd=replace(snd, wnd=offered, wl1=segment.seq, wl2=segment.ack, max_wnd=max(snd.max_wnd, offered)),
    )
