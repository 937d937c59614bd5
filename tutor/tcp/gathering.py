"""ACKs of text that came out of order, gathered: one of them stands for many (Linux calls it SACK compression).

Rules
-----
* The first three for one RCV.NXT go at once: a peer of the old school counts three duplicate ACKs.
* From then on they wait for a timer: a twentieth of the round trip, but no longer than ``gather_us``. It begins with
  the first that waits, and any segment with an ACK ends it.
* No ACK stands for more than ``gathered_acks`` segments; and none may wait while a third block would push out of sight
  what no ACK has told yet.

Theory
------
On a path that drops or reorders, every segment behind a gap draws an ACK, and each says nearly the same as the one
before. The peer needs the last of them. It gets it a little later, and far fewer packets travel back.

Source: Linux ``net/ipv4/tcp_input.c`` (``__tcp_ack_snd_check``, ``tcp_sack_new_ofo_skb``, ``tcp_rcv_rtt_measure_ts``),
``net/ipv4/tcp_timer.c`` (``tcp_compressed_ack_kick``).
"""

from __future__ import annotations

from tutor.tcp import acking, output, seq
from tutor.tcp.options import clock
from tutor.tcp.sack import touch
from tutor.tcp.segment import Segment
from tutor.tcp.turn import Turn
from tutor.tcp.values import replace

AT_ONCE = 3
"""Duplicate ACKs that do not wait (``TCP_FASTRETRANS_THRESH``)."""
TOLD_SURELY = 2
"""Blocks that an ACK is trusted to tell, though more fit (``TCP_SACK_BLOCKS_EXPECTED``)."""


def decide(turn: Turn) -> None:
    """Text is held beyond a gap, and no other rule wants its ACK now: at once, or gathered."""
    tcb, profile = turn.tcb, turn.profile
    gathered, timers = tcb.ack.gathered, tcb.timers
    if not tcb.agreed.sack or gathered.segments >= profile.gathered_acks:
        output.send_ack(turn)
    elif _alike(turn) < AT_ONCE:
        _set(turn, alike=_alike(turn) + 1, alike_at=tcb.rcv.nxt)
        output.send_ack(turn)
    else:
        turn.because("ack-gathered")
        _set(turn, segments=gathered.segments + 1)
        if timers.sack_compression is None:
            turn.set(timers=replace(timers, sack_compression=turn.now + _wait_us(turn) + profile.gather_slack_us))


def goes_at_once(turn: Turn) -> None:
    """An ACK leaves although a gap is left, since what came filled another: it is the first for its number."""
    ack, nxt = turn.tcb.ack, turn.tcb.rcv.nxt
    if turn.profile.gathered_acks and not acking.is_quick(ack) and not acking.is_second(ack, nxt):
        _set(turn, alike=_alike(turn) + 1, alike_at=nxt)


def make_room(turn: Turn, start: int, end: int) -> None:
    """``start`` to ``end`` is about to become the first block: what it would push back is told before.

    That ACK settles what this segment is owed, too, though it does not tell of it.
    """
    blocks = turn.tcb.inc.blocks
    if len(blocks) < TOLD_SURELY or not turn.profile.gather_keeps_blocks:
        return
    if not any(touch(block, (start, end)) for block in blocks[:TOLD_SURELY]):
        over(turn)


def over(turn: Turn) -> None:
    """The gathered ACK has waited long enough."""
    turn.because("gathered-acks-told", count=turn.tcb.ack.gathered.segments)
    _set(turn, segments=0)
    output.send_ack(turn)


def echo_heard(turn: Turn, segment: Segment, length: int) -> None:
    """Text echoes a time of ours that none has echoed yet. If it is a full segment, that shows a round trip.

    It is smoothed, unless it is the shortest of all.
    """
    stamp, ack = segment.options.timestamp, turn.tcb.ack
    if stamp is None or not turn.tcb.agreed.timestamps or not turn.profile.gathered_acks:
        return
    trip_us = max(seq.distance(stamp[1], clock(turn.now)), 0) * 1000
    trip = ack.gathered.trip_eighths
    if trip_us and length >= ack.segment:
        trip = 8 * trip_us if not trip or 8 * trip_us < trip else trip - (trip >> 3) + trip_us
    _set(turn, echoed=stamp[1], trip_eighths=trip)


def _set(turn: Turn, **changes: int) -> None:
    """Change what is gathered."""
    ack = turn.tcb.ack
    turn.set(ack=replace(ack, gathered=replace(ack.gathered, **changes)))


def _alike(turn: Turn) -> int:
    """ACKs of RCV.NXT that went at once."""
    gathered = turn.tcb.ack.gathered
    return gathered.alike if gathered.alike_at == turn.tcb.rcv.nxt else 0


def _wait_us(turn: Turn) -> int:
    """A twentieth of the shorter of two round trips: ours, and the one that the peer's text shows."""
    trip, srtt = turn.tcb.ack.gathered.trip_eighths // 8, turn.tcb.rtx.srtt
    if srtt and srtt < trip:
        trip = srtt
    return min(turn.profile.gather_us, trip // 20)
