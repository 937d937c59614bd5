"""How much may be in flight, and what leaves: the part of loss recovery that sending asks for.

Rules
-----
* A segment that is in flight counts against the congestion window until it is acknowledged, known to have arrived or
  thought lost (RFC 6675: pipe); RFC 5681 counts octets and inflates its window instead.
* Of the retransmission, the loss-probe and the reordering timer one runs at a time.
"""

from __future__ import annotations

from tutor.tcp import alarms, congestion, control, scoreboard
from tutor.tcp.options import effective_mss
from tutor.tcp.profile import Profile
from tutor.tcp.tcb import Sent, Tcb
from tutor.tcp.turn import Turn


def allowance(tcb: Tcb, profile: Profile) -> int | None:
    """Octets that the congestion window lets be in flight; None for unlimited."""
    if not tcb.cc.window:
        return None
    if not congestion.counts_octets(profile):
        return control.allowance(tcb, profile, scoreboard.in_flight(tcb))
    return tcb.cc.window + _not_counted(tcb, profile)


def _not_counted(tcb: Tcb, profile: Profile) -> int:
    """Octets beyond the window that may be out: what is lost, and two segments for duplicate ACKs (RFC 3042)."""
    if tcb.rec.phase == "open":
        return min(tcb.rec.dupacks, 2) * effective_mss(tcb, profile)
    return sum(entry.length for entry in tcb.out.queue if entry.is_lost and not entry.is_repeated)


def on_sent(turn: Turn, entry: Sent) -> None:
    """New text has left; ``entry`` is not in the queue yet."""
    tcb = turn.tcb
    if tcb.cc.window and entry.payload is not None:
        empty = not tcb.out.queue
        turn.set(cc=congestion.text_leaves(tcb.cc, turn.profile, turn.now, pipe_empty=empty))


def after_new(turn: Turn) -> None:
    """A segment has joined the queue: a timer runs (``tcp_event_new_data_sent``)."""
    timers, queue = turn.tcb.timers, turn.tcb.out.queue
    is_first = len(queue) == 1 and turn.profile.loss_recovery == "sack-rack"
    if is_first or timers.loss_probe is not None or not timers.guards_queue:
        alarms.rearm(turn)


def after_burst(turn: Turn) -> None:
    """All that may leave has left: the probe of the tail is due unless something comes (``tcp_write_xmit``)."""
    if turn.profile.loss_recovery == "sack-rack":
        alarms.schedule_probe(turn, advancing=False)
