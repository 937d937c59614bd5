"""The three timers that stand for what is in flight: retransmission, loss probe, reordering. One runs at a time.

Rules
-----
* Loss probe (RFC 8985 section 7.2): two round trips after the last sending or ACK, 2 ms more for the clock; with one
  segment in flight the least RTO more, for an ACK that may be delayed. Never later than the retransmission timeout.
  Only with SACK, and only while nothing is being repaired.
* What leaves when a shut window opens is followed by a probe like any other: its own timer has by then taken the place
  of persist, which ``persist.watch_window`` stops a moment later.
* When the retransmission timer takes the place of another, it counts from when the oldest segment last left.
"""

from __future__ import annotations

from tutor.tcp import persist
from tutor.tcp.turn import Turn

PROBES = (3, 4)
"""Values of ``early_retrans`` that probe."""
TIMEOUT_MIN_US = 2_000
"""What a probe or a reordering timer waits at least, besides (``TCP_TIMEOUT_MIN_US``)."""


def _timeout_left_us(turn: Turn) -> int:
    """Until the retransmission timeout of the oldest segment (``tcp_rto_delta_us``)."""
    tcb = turn.tcb
    return tcb.out.queue[0].sent_at + tcb.rtx.rto - turn.now


def run_retransmission(turn: Turn) -> None:
    """A full RTO from now."""
    persist.arm_retransmission(turn)
    turn.timers(loss_probe=None, reordering=None)


def run_reordering(turn: Turn, patience_us: int) -> None:
    """What is overdue is looked at again after ``patience_us``, counted in whole ticks that have passed in full."""
    tick = turn.profile.tick_us
    span = min((-(-(patience_us + TIMEOUT_MIN_US) // tick) + 1) * tick, turn.tcb.rtx.rto)
    turn.timers(reordering=turn.now + span, retransmission=None, loss_probe=None)


def rearm(turn: Turn, *, offset: bool = True) -> None:
    """The retransmission timer, and no other (``tcp_rearm_rto``).

    ``offset``: if another runs now, what has passed since the oldest segment left is taken off.
    """
    timers = turn.tcb.timers
    if not turn.tcb.out.queue:
        turn.timers(retransmission=None, loss_probe=None, reordering=None)
    elif offset and (timers.loss_probe is not None or timers.reordering is not None):
        at = turn.now + min(max(_timeout_left_us(turn), 1), turn.profile.rto_max_us)
        turn.timers(retransmission=at, loss_probe=None, reordering=None)
    else:
        run_retransmission(turn)


def schedule_probe(turn: Turn, *, advancing: bool) -> bool:
    """Run the loss-probe timer if a probe may be sent (``tcp_schedule_loss_probe``).

    ``advancing``: an ACK has just moved the timeout.
    """
    tcb, profile = turn.tcb, turn.profile
    queue = tcb.out.queue
    if profile.early_retrans not in PROBES or not queue or not tcb.agreed.sack or tcb.rec.phase not in ("open", "cwr"):
        return False
    if tcb.timers.persist is not None and not tcb.timers.guards_queue:
        return False
    srtt = tcb.rtx.srtt
    if srtt is None:
        span = profile.initial_rto_us
    else:
        span = 2 * srtt + (profile.rto_min_us if len(queue) == 1 else TIMEOUT_MIN_US)
    left = tcb.rtx.rto if advancing else _timeout_left_us(turn)
    if left > 0:
        span = min(span, left)
    turn.timers(loss_probe=turn.now + span, retransmission=None, reordering=None)
    return True


def after_ack(turn: Turn) -> None:
    """An ACK has moved something: probe or timeout, anew (``tcp_set_xmit_timer``)."""
    if not schedule_probe(turn, advancing=True):
        rearm(turn)
