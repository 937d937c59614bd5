"""TIME-WAIT: when a SYN may take over the name, and what a RST may do.

Rules
-----
* A SYN may open a new incarnation early if it is surely newer than everything of the old one: a newer
  timestamp (RFC 6191), or without timestamps a higher number (RFC 9293 section 3.6.1, MAY-2).
* A SYN that is not surely newer is answered with the ACK of the *old* connection.
* A plain ACK changes nothing. Linux keeps a small entry, which has rules of its own (``smallentry``).
* An exact RST ends TIME-WAIT ("assassination", RFC 1337) unless the profile protects it.
"""

from __future__ import annotations

from tutor.tcp import seq, transitions
from tutor.tcp.answering import start_answering
from tutor.tcp.events import Arrival
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import NO_TIMERS, Rtx
from tutor.tcp.turn import Turn
from tutor.tcp.variant import PASSIVE


def reopens(turn: Turn, event: Arrival) -> bool:
    """Open a new incarnation with this SYN if somebody listens and the SYN is surely newer."""
    segment = event.segment
    if event.iss is None or segment.rst or segment.has_ack or not is_newer(turn, segment):
        return False
    tcb = turn.tcb
    offset = turn.profile.reopen_offset
    iss = seq.add(tcb.snd.nxt, offset) if offset else _above(tcb.snd.nxt, event.iss)
    if PASSIVE in turn.profile.variant.fixed_isn:
        iss = event.iss
    turn.set(timers=NO_TIMERS, rtx=Rtx(), is_orphan=False, is_small=False, probes=0, challenged_at=None)
    start_answering(turn, segment, iss, event.stream, transitions.TIME_WAIT_RCV_SYN)
    return True


def _above(used: int, iss: int) -> int:
    """MAY-2 (1): an initial number larger than any that the old incarnation used."""
    return iss if seq.before(used, iss) else seq.add(used, 1)


def is_newer(turn: Turn, segment: Segment) -> bool:
    """Newer than the old incarnation by its timestamp if both have one, else by its number."""
    agreed, nxt = turn.tcb.agreed, turn.tcb.rcv.nxt
    stamp = segment.options.timestamp
    if agreed.timestamps and stamp is not None and stamp[0] != agreed.ts_recent:
        return seq.before(agreed.ts_recent, stamp[0])
    return seq.before(nxt, segment.seq)


def time_wait_rst(turn: Turn) -> None:
    """3.10.7.4, second: an exact RST deletes the block; with RFC 1337's protection it is ignored."""
    if turn.profile.rst_kills_time_wait:
        turn.move(transitions.TIME_WAIT_RCV_RST)
    else:
        turn.because("rst-in-time-wait-ignored")


def ack_in_time_wait(turn: Turn, segment: Segment) -> bool:
    """TIME-WAIT: a plain ACK changes nothing."""
    turn.because("ack-in-time-wait")
    return not segment.fin and not segment.length
