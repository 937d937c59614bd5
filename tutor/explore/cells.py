"""The table "Why three?": for each property and each broken protocol the budget that breaks it, and by how many moves.

Rules
-----
* Every cell was found by the search on the real engine, and a test finds it anew: within ``budget`` by the moves of
  ``path``, and within no smaller budget. Without a path the property holds within ``budget``.
* The moves are those of a path: a call, a delivery, a loss, a timer. Accepting and reading are none, nor is waiting:
  into how many parts a wait is cut depends on whether old segments are about, and a larger budget would cost more.
* Where the search corrected what was derived by hand, that is written below, and a run shows it.

Corrections (what was derived by hand, then what the search says)
-------------------------------------------------------------------
* two-way, P3, U1 and L1: U1 is enough. The crash of a caller leaves a half-open connection, as it does in TCP.
* fixed ISN of both, P1, H2: one held segment is enough, in 7 moves. An old SYN,ACK opens the caller too early, a RST
  that its ACK draws kills it, and the SYN and text that are still under way open the server.
* fixed ISN, P3, H1 in 8 moves: 6 are enough. The stray segment is an old SYN,ACK; the RST it draws kills the server.
* fixed ISN, P5, H2 and D1 in 11 moves: by the letter of the sentence P5 breaks with P4, H1 in 3 moves: what was read
  was never written in this incarnation.
* no TIME-WAIT, P6, L1: nothing need be lost. It is enough that the FIN, which acknowledges ours as well, overtakes the
  ACK of our FIN: that ACK then meets CLOSED, and its RST tells the peer "reset".
* TIME-WAIT of 1 MSL, H1 and C1: not enough, nothing is found. An old segment has to draw the segment that lives on, and
  that one has to be held back: H2 and C1, P7 in 16 moves. It is found where no RST ends TIME-WAIT (``tcp_rfc1337``)
  and the server's number does not repeat, which would be reasons of their own. Within 16 moves TCP withstands the
  same; "never" cannot be said: 2 MSL are a segment's life and its answer's, not the repetitions of that answer. Where
  the SYN+ACK that an old SYN draws is repeated, and what the last one draws is held back, TCP is broken too: in 18
  moves if it is given up after one repetition, in 496 if it never is.
* the real protocol, P5, D1 and a wrap: a copy made now is not needed. The old copy is one from before the wrap: H1.
* the real protocol, P6 with a wrap and H1: what is written is taken for a repetition of the old copy, and is lost.
* the real protocol, P3, P6 and P7, with one coincidence of the *server's* number: RFC 1337's second and third hazard,
  by a TIME-WAIT that a RST ends. L1 or D1 and C1; P6 by C1 alone, in 22 moves.
* the real protocol, P3, P6 and P7, with one coincidence: where the *caller's* number repeats, an old SYN,ACK or its
  RST is exact. The hand-made table named the server's number only.
* the real protocol, P6 and P7: to give up after n repetitions breaks them as it breaks P3, by n + 1 lost ACKs. Who gave
  up has no record any more, and what the other end sends then, be it a FIN, draws a RST (``exceptions``).
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.explore.parts import Budget, Play
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.verdict import PROPERTIES
from tutor.tcp.profile import Profile
from tutor.tcp.variant import variant_named
from tutor.world.sysctls import with_setting

RFC_793 = "793"
"""The ACK rule of RFC 793: any old ACK counts as a duplicate."""


class Cell(NamedTuple):
    """One cell: which property of which variant, within which budget, and the kinds of moves that break it."""

    prop: str
    variant: str
    budget: Budget
    path: str = ""
    """The moves, as ``kind`` and side: ``oldB loseA``. Empty: it holds within the budget."""
    beginning: str = FORGOTTEN
    ack_rule: str = ""
    is_large: bool = False
    """It takes more than some seconds."""

    def play(self, profile: Profile) -> Play:
        """What to search for it."""
        if self.ack_rule == RFC_793:
            profile = with_setting(profile, "profile.old_ack_check", "no")
        return Play(profile, variant_named(self.variant), self.budget, self.beginning, PROPERTIES[self.prop])


def _held(number: int, *, losses: int = 0, coincidences: int = 0, writes: int = 1) -> Budget:
    return Budget(held=number, losses=losses, coincidences=coincidences, writes=writes)


CELLS: tuple[Cell, ...] = (
    # --- two-way handshake ---
    Cell("fresh-open", "two-way", _held(1), "oldB"),
    Cell("agreed-open", "two-way", Budget(), "connectA deliverB"),
    Cell("no-ghost", "two-way", _held(1, losses=1), "oldB loseA"),
    Cell("no-ghost", "two-way", Budget(interferences=1), "connectA deliverB deliverA crashA"),
    Cell("own-bytes", "two-way-syn-data", _held(1), "oldB"),
    Cell("own-bytes", "two-way", _held(2), "oldB oldB"),
    Cell("own-bytes", "two-way-rfc793", _held(2), "oldB oldB"),
    Cell("own-bytes", "two-way-rfc5961", _held(2)),
    Cell("own-bytes", "two-way-rfc5961", _held(2, coincidences=1), "oldB1 oldB"),
    Cell("exactly-once", "two-way-syn-data", _held(1), "oldB"),
    Cell(
        "exactly-once", "two-way-syn-data", Budget(duplicates=1),
        "connectA duplicateB deliverB deliverA closeA deliverB closeB deliverA deliverB lateB",
    ),
    Cell("honest-open", "two-way", _held(1, losses=1)),
    # --- three-way handshake, the acknowledged number unchecked ---
    Cell("fresh-open", "unchecked-ack", _held(2), "oldB oldB"),
    Cell("agreed-open", "unchecked-ack", _held(2), "oldB oldB"),
    Cell("no-ghost", "unchecked-ack", _held(2, losses=1), "oldB loseA oldB"),
    Cell("own-bytes", "unchecked-ack", _held(2), "oldB oldB"),
    Cell("exactly-once", "unchecked-ack", _held(2), "oldB oldB"),
    Cell("honest-open", "unchecked-ack", _held(1, losses=1)),
    # --- fixed initial sequence numbers: both, the server's, the caller's ---
    Cell("fresh-open", "fixed-isn", _held(2), "oldB oldB"),
    Cell("fresh-open", "fixed-isn", _held(1), "connectA oldA deliverB writeA deliverA deliverB deliverB"),
    Cell("fresh-open", "fixed-isn-server", _held(2), "oldB oldB"),
    Cell("fresh-open", "fixed-isn-client", _held(2), is_large=True),
    Cell("agreed-open", "fixed-isn", _held(1), "connectA deliverB oldB"),
    Cell("agreed-open", "fixed-isn-server", _held(2), "oldB oldB"),
    Cell("agreed-open", "fixed-isn-client", _held(2), is_large=True),
    Cell("no-ghost", "fixed-isn", _held(1), "oldA connectA deliverB deliverA deliverB deliverB"),
    Cell("own-bytes", "fixed-isn", _held(1), "connectA deliverB oldB"),
    Cell("own-bytes", "fixed-isn-server", _held(2), "oldB oldB"),
    Cell("own-bytes", "fixed-isn-client", _held(1)),
    Cell(
        "own-bytes", "fixed-isn-client", _held(1), "connectA deliverB deliverA deliverB oldB", ack_rule=RFC_793
    ),
    Cell("exactly-once", "fixed-isn", _held(1), "connectA deliverB oldB"),
    Cell("honest-open", "fixed-isn", _held(1), "connectA oldA deliverB deliverA"),
    # --- no TIME-WAIT ---
    Cell("fresh-open", "no-time-wait", _held(1), beginning=OPEN, is_large=True),
    Cell("agreed-open", "no-time-wait", _held(1), beginning=OPEN, is_large=True),
    Cell("no-ghost", "no-time-wait", Budget(losses=1), beginning=OPEN),
    Cell(
        "own-bytes", "no-time-wait", _held(1, coincidences=1, writes=0),
        "closeA deliverB closeB deliverA deliverB connectA1 deliverB deliverA deliverB oldB",
        beginning=OPEN, ack_rule=RFC_793,
    ),
    Cell("own-bytes", "no-time-wait", _held(1, coincidences=1, writes=0), beginning=OPEN, is_large=True),
    Cell(
        "own-bytes", "no-time-wait", _held(1, coincidences=2, writes=0),
        "closeA deliverB closeB deliverA deliverB connectA1 deliverB1 oldB", beginning=OPEN,
    ),
    Cell(
        "exactly-once", "no-time-wait", _held(1, coincidences=1, writes=0),
        "closeA deliverB closeB deliverA deliverB connectA1 deliverB deliverA deliverB oldB",
        beginning=OPEN, ack_rule=RFC_793,
    ),
    Cell(
        "orderly-close", "no-time-wait", Budget(), "closeA deliverB closeB deliverA deliverA deliverB", beginning=OPEN
    ),
    Cell("honest-open", "no-time-wait", Budget(losses=1), beginning=OPEN),
    # --- the real protocol ---
    *(Cell(prop, "", _held(1, losses=1)) for prop in PROPERTIES),
    *(Cell(prop, "", Budget(losses=1, duplicates=1), is_large=True) for prop in PROPERTIES),
    *(Cell(prop, "", _held(2), is_large=True) for prop in PROPERTIES),
    Cell("fresh-open", "", _held(2, coincidences=1), "oldB1 oldB"),
    Cell("agreed-open", "", _held(2, coincidences=1), "oldB1 oldB"),
    Cell("own-bytes", "", _held(2, coincidences=1), "oldB1 oldB"),
    # --- what stands below the table ---
    Cell("no-ghost", "no-rst-from-closed", Budget(interferences=1), "connectA deliverB deliverA deliverB crashA"),
    *(
        Cell(prop, "no-rst-from-closed", _held(1, losses=1), is_large=True)
        for prop in ("fresh-open", "agreed-open", "own-bytes", "exactly-once")
    ),
    Cell("honest-open", "no-challenge-ack", _held(1, coincidences=1), "connectA deliverB3 deliverA oldA"),
)  # fmt: skip
"""Every cell that makes a claim, column by column."""
