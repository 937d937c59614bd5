"""The front of everything that reacts to loss and to congestion: five verbs, and nothing else is called from outside.

Rules
-----
* ``allowance``: octets that may be in flight for the network's sake. ``on_sent``: new text has left.
  ``on_ack``: an acceptable ACK has been taken in. ``on_timeout``: the retransmission timer struck.
  ``on_timer``: one of the timers of loss recovery struck.
* With congestion control and loss recovery off each of them costs one test.
* A segment that is in flight counts against the window until it is acknowledged or known to be lost.
"""

from __future__ import annotations

from tutor.tcp import congestion, control, ecn
from tutor.tcp.profile import Profile
from tutor.tcp.segment import Segment
from tutor.tcp.states import State
from tutor.tcp.tcb import Sent, Tcb
from tutor.tcp.turn import Turn


def in_flight(tcb: Tcb) -> int:
    """Segments in the network, as far as we know (``tcp_packets_in_flight``)."""
    return len(tcb.out.queue)


def allowance(tcb: Tcb, profile: Profile) -> int | None:
    """Octets that the congestion window lets be in flight; None for unlimited."""
    return control.allowance(tcb, profile, in_flight(tcb)) if tcb.cc.window else None


def on_sent(turn: Turn, entry: Sent) -> None:
    """New text has left; ``entry`` is not in the queue yet."""
    tcb = turn.tcb
    if tcb.cc.window and entry.payload is not None:
        empty = not tcb.out.queue
        turn.set(cc=congestion.text_leaves(tcb.cc, turn.profile, turn.now, pipe_empty=empty))


def on_ack(turn: Turn, segment: Segment, before: Tcb) -> None:
    """An acceptable ACK has been taken in; ``before`` is the block as it was when the ACK came."""
    if not before.cc.window:
        return
    acked = before.out.queue[: len(before.out.queue) - len(turn.tcb.out.queue)]
    if acked and all(entry.transmissions == 1 for entry in acked):
        control.measure(turn, turn.now - acked[-1].sent_at)
    control.deliver(turn, len(acked))
    control.end_cut(turn)
    if ecn.is_echoed(before, segment):
        control.hear_echo(turn)
    octets = turn.tcb.snd.una - before.snd.una & 0xFFFFFFFF
    control.cut_or_grow(turn, len(acked), octets, in_flight(turn.tcb))


def on_timeout(turn: Turn) -> None:
    """The retransmission timer struck, and the oldest segment is about to go again."""
    tcb = turn.tcb
    if tcb.state in (State.SYN_SENT, State.SYN_RECEIVED):
        control.handshake_times_out(turn, tcb.out.queue[0])
    elif tcb.cc.window:
        if tcb.rtx.count <= 1:
            control.reduce(turn)
        control.time_out(turn, 0)


def on_timer(turn: Turn, name: str) -> None:
    """A timer of loss recovery struck; there is none yet."""
    raise AssertionError(f"no loss recovery knows the timer {name!r} at {turn.now}")
