"""PAWS: timestamps tell an old duplicate from new text, even when the numbers have gone round (RFC 7323 section 5).

Rules
-----
* A segment with a timestamp older than the newest one in order is an old duplicate, unless the peer was silent so long
  that its clock may have gone round.
* TS.Recent follows the segments that our last ACK covers the beginning of, so that delayed ACKs are measured whole.
"""

from __future__ import annotations

from tutor.tcp import seq
from tutor.tcp.challenge import answer_unacceptable
from tutor.tcp.segment import Segment
from tutor.tcp.turn import Turn


def refuses(turn: Turn, segment: Segment) -> bool:
    """R1: a timestamp older than TS.Recent marks an old duplicate. R3: a newer one in order is remembered."""
    agreed = turn.tcb.agreed
    if not agreed.timestamps or segment.rst:
        return False
    stamp = segment.options.timestamp
    if stamp is None:
        if turn.profile.missing_timestamp == "accept":
            return False
        turn.because("timestamp-missing")
        return True
    age = turn.now - agreed.ts_recent_at
    if seq.before(stamp[0], agreed.ts_recent) and age < _PAWS_IDLE_US:
        turn.because("timestamp-too-old", tsval=stamp[0], recent=agreed.ts_recent)
        answer_unacceptable(turn, segment)
        return True
    return False


_PAWS_IDLE_US = 24 * 24 * 3600 * 1_000_000
"""TS.Recent is void after 24 days of silence (RFC 7323 section 5.5)."""


def remember(turn: Turn, segment: Segment) -> None:
    """RFC 7323 section 4.3, (2): TS.Recent follows segments that begin at or before Last.ACK.sent."""
    agreed = turn.tcb.agreed
    stamp = segment.options.timestamp
    if not agreed.timestamps or stamp is None or segment.rst:
        return
    if seq.before(agreed.ts_recent, stamp[0]) and seq.before_or_at(segment.seq, agreed.last_ack_sent):
        turn.agreed(ts_recent=stamp[0], ts_recent_at=turn.now)
