"""RACK-TLP: loss is a question of time (RFC 8985).

Rules
-----
* Whoever was sent before something that has arrived, and long enough before, is lost. Long enough is a round trip and
  a reordering window (section 6.2).
* The window is a quarter of the shortest round trip, and nothing once three segments were sacked, or recovery is on,
  as long as no reordering has been seen (6.2, step 4).
* What is not old enough yet is looked at again when it is: the reordering timer.
* Where the last segments of a flight may be lost, nobody would notice: after two round trips a probe repeats the last
  one or sends a new one (section 7). What comes back tells whether something was lost.

Times in microseconds. Source: RFC 8985 sections 6 and 7; Linux ``net/ipv4/tcp_recovery.c``,
``tcp_schedule_loss_probe``, ``tcp_process_tlp_ack``.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.tcp import seq
from tutor.tcp.profile import Profile
from tutor.tcp.scoreboard import counts, end_of
from tutor.tcp.tcb import RECOVERING, Recovery, Sent, Tcb
from tutor.tcp.values import replace

LEAST_WAIT = 2_000
"""A timer of a kernel is never set for less (TCP_TIMEOUT_MIN_US)."""

THRESHOLD = 3
"""Segments that may overtake another before it is taken for lost (``tcp_reordering``; DupThresh of RFC 5681)."""


def sent_after(at: int, end: int, other_at: int, other_end: int) -> bool:
    """Was the segment that ends at ``end`` sent later (``tcp_skb_sent_after``)?"""
    return at > other_at or (at == other_at and seq.before(other_end, end))


def advanced(rec: Recovery, entry: Sent, now: int, min_rtt: int | None) -> Recovery:
    """``entry`` has arrived: the newest segment known to have done so (section 6.2, step 2)."""
    rtt = now - entry.latest_at
    if entry.transmissions > 1 and min_rtt is not None and rtt < min_rtt:
        return rec  # the ACK of the first copy, most likely
    end = end_of(entry)
    if sent_after(entry.latest_at, end, rec.rack_at, rec.rack_end):
        return replace(rec, rack_at=entry.latest_at, rack_end=end, rack_rtt=rtt, has_advanced=True)
    return replace(rec, rack_rtt=rtt, has_advanced=True)


def reordering_window(tcb: Tcb) -> int:
    """How much later than its successors a segment may arrive (``tcp_rack_reo_wnd``)."""
    rec = tcb.rec
    if not rec.reordering_seen and (rec.phase in RECOVERING or counts(tcb).sacked >= THRESHOLD):
        return 0
    shortest = tcb.cc.min_rtt_us or 0
    return min(shortest // 4 * rec.window_steps, tcb.rtx.srtt or 0)


class Found(NamedTuple):
    """Places in the queue that are lost now, and how long until another may be (0: none is waited for)."""

    lost: tuple[int, ...]
    wait: int


def detect(tcb: Tcb, now: int) -> Found:
    """Look at everything that was sent before the newest arrival (``tcp_rack_detect_loss``)."""
    rec = tcb.rec
    window = reordering_window(tcb)
    lost, wait = [], 0
    for place, entry in enumerate(tcb.out.queue):
        if entry.is_sacked or (entry.is_lost and not entry.is_resent):
            continue
        if not sent_after(rec.rack_at, rec.rack_end, entry.latest_at, end_of(entry)):
            continue
        left = rec.rack_rtt + window - (now - entry.latest_at)
        if left <= 0:
            lost.append(place)
        else:
            wait = max(wait, left)
    return Found(tuple(lost), wait)


def probe_timeout(tcb: Tcb, profile: Profile, rto_left: int) -> int | None:
    """How long to wait for an ACK before probing the tail; None if there is nothing to probe for (section 7.2)."""
    queue = tcb.out.queue
    if not queue or not tcb.agreed.sack or tcb.rec.phase in RECOVERING or tcb.rec.phase == "disorder":
        return None
    srtt = tcb.rtx.srtt
    wait = profile.initial_rto_us
    if srtt is not None:
        wait = 2 * srtt + (profile.rto_min_us if len(queue) == 1 else LEAST_WAIT)
    return min(wait, rto_left) if rto_left > 0 else wait
