"""Turn: the notebook in which one event's reaction is written down.

Rules
-----
* A ``Turn`` lives inside a single ``react`` call and never leaves it. What leaves is a frozen ``Reaction``.
* It only records. It decides nothing.
"""

from __future__ import annotations

from typing import Any

from tutor.tcp.events import Effect, Emit, Reaction, Returned, Signal
from tutor.tcp.lateness import fires_at
from tutor.tcp.profile import Profile
from tutor.tcp.reasons import Reason
from tutor.tcp.segment import Segment
from tutor.tcp.tcb import Status, Tcb, move
from tutor.tcp.transitions import Edge
from tutor.tcp.values import replace


class Turn:
    """The block as it is now, and all that has been decided so far."""

    __slots__ = ("edges", "effects", "now", "owes_ack", "profile", "reasons", "tcb")

    def __init__(self, tcb: Tcb, now: int, profile: Profile) -> None:
        self.tcb = tcb
        self.now = now
        self.profile = profile
        self.effects: list[Effect] = []
        self.edges: list[Edge] = []
        self.reasons: list[Reason] = []
        self.owes_ack = False
        """An ACK must leave before this event is over, on text or alone."""

    def reaction(self) -> Reaction:
        """Everything written down, frozen."""
        return Reaction(self.tcb, tuple(self.effects), tuple(self.edges), tuple(self.reasons))

    # --- decisions and their reasons ---

    def move(self, edge: Edge, **changes: Any) -> None:
        """Cross ``edge``, or what a variant puts in its place; its own reason is noted with it."""
        edge = self.profile.variant.instead.get(edge.id, edge)
        self.tcb = move(self.tcb, edge, **changes)
        self.edges.append(edge)
        self.reasons.append(Reason(edge.reason, (("edge", edge.id),)))

    def because(self, reason: str, **arguments: int | str) -> None:
        """Note why something was decided."""
        self.reasons.append(Reason(reason, tuple(arguments.items())))

    # --- effects ---

    def emit(self, segment: Segment, purpose: str, *, is_retransmission: bool = False) -> None:
        """Put a segment on the wire."""
        self.effects.append(Emit(segment, purpose, is_retransmission))

    def signal(self, kind: str) -> None:
        """Tell the user, once per event."""
        signal = Signal(kind)
        if signal not in self.effects:
            self.effects.append(signal)

    def answer(self, value: int | Status | None = None, error: str | None = None) -> None:
        """Answer the call."""
        self.effects.append(Returned(value, error))

    # --- the next block, record by record ---

    def set(self, **changes: Any) -> None:
        """Change fields of the block itself."""
        self.tcb = replace(self.tcb, **changes)

    def snd(self, **changes: Any) -> None:
        """Change send variables."""
        self.tcb = replace(self.tcb, snd=replace(self.tcb.snd, **changes))

    def rcv(self, **changes: Any) -> None:
        """Change receive variables."""
        self.tcb = replace(self.tcb, rcv=replace(self.tcb.rcv, **changes))

    def out(self, **changes: Any) -> None:
        """Change what is going out."""
        self.tcb = replace(self.tcb, out=replace(self.tcb.out, **changes))

    def inc(self, **changes: Any) -> None:
        """Change what has come in."""
        self.tcb = replace(self.tcb, inc=replace(self.tcb.inc, **changes))

    def agreed(self, **changes: Any) -> None:
        """Change what was negotiated."""
        self.tcb = replace(self.tcb, agreed=replace(self.tcb.agreed, **changes))

    def rtx(self, **changes: Any) -> None:
        """Change the retransmission arithmetic."""
        self.tcb = replace(self.tcb, rtx=replace(self.tcb.rtx, **changes))

    def rec(self, **changes: Any) -> None:
        """Change what loss recovery remembers."""
        self.tcb = replace(self.tcb, rec=replace(self.tcb.rec, **changes))

    def timers(self, **changes: int | None) -> None:
        """Start (a deadline) or stop (None) timers; a deadline is kept as late as the host's clockwork makes it."""
        if self.profile.timer_lateness == "wheel":
            tick = self.profile.tick_us
            changes = {name: at if at is None else fires_at(self.now, at, tick) for name, at in changes.items()}
        self.tcb = replace(self.tcb, timers=replace(self.tcb.timers, **changes))
