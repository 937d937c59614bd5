"""The table "Why three?": for each property and each broken protocol the budget that breaks it, and by how many moves.

Rules
-----
* Every cell was found by the search on the real engine, and a test finds it anew: within ``budget`` by the moves of
  ``path``, and within no smaller budget. Without a path the property holds within ``budget``.
* A search begins in two ways: neither host remembers anything, or both are still in the earlier connection. "Holds" and
  "no smaller" are said of both. A path is a shortest one from its own beginning; where the other one needs less, or
  fewer moves, that is a cell of its own, unless TCP is broken by the very same moves.
* The moves are those of a path: a call, a delivery, a loss, a timer. Accepting and reading are none, nor is waiting:
  into how many parts a wait is cut depends on whether old segments are about, and a larger budget would cost more.
* Where the search corrected what was derived by hand, that is written below, and a run shows it.

Corrections (what was derived by hand, then what the search says)
-------------------------------------------------------------------
* two-way, P3, U1 and L1: U1 is enough. The crash of a caller leaves a half-open connection, as it does in TCP.
* two-way, P3, H1: nothing need be lost, if the earlier connection is closed before. The caller is in TIME-WAIT and
  answers the SYN+ACK by an ACK, not by a RST; when 2 MSL are over, it forgets, and the server stays ESTABLISHED.
* ACK unchecked, P1, P2 and P3: H1 is enough where the earlier connection is closed before. The second old segment of
  the hand-made table need not be held: an ACK of the closing, still under way, opens the server as well (P1, P2), and
  so does the ACK by which TIME-WAIT answers the SYN+ACK (P3, where nothing need be lost either).
* fixed ISN of both, P1, H2: one held segment is enough, in 7 moves. An old SYN,ACK opens the caller too early, a RST
  that its ACK draws kills it, and the SYN and text that are still under way open the server.
* fixed ISN, P3, H1 in 8 moves: 6 are enough. The stray segment is an old SYN,ACK; the RST it draws kills the server.
* fixed ISN, P5, H2 and D1 in 11 moves: by the letter of the sentence P5 breaks with P4, H1 in 3 moves: what was read
  was never written in this incarnation.
* fixed ISN, P7, U1: a cell that the hand-made table does not have. Who crashed calls again with the same number; the
  server, which is still ESTABLISHED, takes the SYN for an old one and acknowledges it, and that ACK is exact: no RST,
  no answer to the call, for ever. With a fresh number the ACK draws a RST, and the next SYN opens.
* fixed ISN, P5, D1: the duplication of the hand-made table, without any held segment. The text is written once and
  read in two connections: 17 moves, two calls. The copy lives no longer than MSL, so a RST has to end TIME-WAIT between
  them; where none does (``tcp_rfc1337``) it holds: 34,222 worlds. TCP withstands the same: 697,618 worlds.
* fixed ISN, U1, two calls: P7 breaks whichever side is fixed, and so does P6, which the hand-made table leaves empty. A
  RST of the first call, which was aborted, is exact in the second. With fresh numbers both hold: 40,671 worlds. Nobody
  need abort: by longer ways P6 breaks within budget 0, and P7 where the server's number is fixed. A RST ends TIME-WAIT
  and another one outlives it; where none ends it (``tcp_rfc1337``) nothing is found.
* challenge ACK off, P7: C1 is enough where the earlier connection is closed before: a RST of its closing is still under
  way, and where the server's number is the old one it lies in the window. TCP answers by a challenge and lives on.
* no RST from CLOSED, P3, U1: the crash alone breaks it, by the same moves as TCP (the known exception half-open), so
  that the cell says nothing of the RST. What the RST heals is what is said next (``test_why_three``).
* no TIME-WAIT, PAWS: timestamps are held constant in a search. The run that breaks P4 and P5 by H1 and C2, played with
  timestamps, breaks neither.
* fresh numbers below the old ones (``Play.below``): every cell is the same (of the large ones that hold only those of a
  fixed number were searched so), but six of the ACK rule of RFC 793, which break only where the server's fresh number
  lies above the old one (``must_be_above``). Below, old text acknowledges what was never sent: answered and not read.
* the real protocol by the ACK rule of RFC 793, P4 and P5: H1 and C1 are enough, in 5 moves, where both hosts have
  forgotten the earlier connection; 2 MSL need not be cut short. Where the caller's number repeats, old text lies in
  the window, and its ACK may be as old as it likes. The rule of RFC 5961 refuses it (``old-ack-believed``).
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
* the real protocol, P3, P6 and P7, H1 and C1: where the server's number repeats, a RST that an old ACK drew before is
  exact. P3 by RFC 9293's rules, H1, L1 and C1: a SYN in the window takes SYN-RECEIVED back to LISTEN, in silence.
* the real protocol on Linux, P3 and P6: no budget at all is needed where programs call close() and not
  shutdown(write). The orphan in FIN-WAIT-2 is forgotten after tcp_fin_timeout, and a later FIN draws a RST. RFC 9293
  gives FIN-WAIT-2 no timer, and keeps both (``orphan-forgotten``).
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
    """Where ``path`` begins."""
    ack_rule: str = ""
    is_large: bool = False
    """It takes more than some seconds."""
    must_be_above: bool = False
    """It breaks only where the server's fresh number lies above the old one; below, it holds within the budget."""

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
    Cell(
        "no-ghost", "two-way", _held(1),
        "closeA deliverB deliverA closeB deliverA deliverB oldB deliverA deliverB tickB expireA", OPEN,
    ),
    Cell("no-ghost", "two-way", Budget(interferences=1), "connectA deliverB deliverA crashA"),
    Cell("own-bytes", "two-way-syn-data", _held(1), "oldB"),
    Cell("own-bytes", "two-way", _held(2), "oldB oldB"),
    Cell("own-bytes", "two-way-rfc793", _held(2), "oldB oldB", must_be_above=True),
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
    Cell(
        "fresh-open", "unchecked-ack", _held(1),
        "writeA deliverB closeA deliverB closeB deliverA deliverA deliverA deliverB deliverB deliverA oldB deliverB",
        OPEN,
    ),
    Cell("agreed-open", "unchecked-ack", _held(2), "oldB oldB"),
    Cell(
        "agreed-open", "unchecked-ack", _held(1), "closeA deliverB closeB deliverA deliverA deliverB oldB deliverB",
        OPEN,
    ),
    Cell("no-ghost", "unchecked-ack", _held(2, losses=1), "oldB loseA oldB"),
    Cell(
        "no-ghost", "unchecked-ack", _held(1),
        "closeA deliverB deliverA closeB deliverA deliverB oldB deliverA deliverB tickB expireA", OPEN,
    ),
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
        "own-bytes", "fixed-isn-client", _held(1), "connectA deliverB deliverA deliverB oldB", ack_rule=RFC_793,
        must_be_above=True,
    ),
    Cell("exactly-once", "fixed-isn", _held(1), "connectA deliverB oldB"),
    Cell(
        "exactly-once", "fixed-isn", Budget(duplicates=1, connects=2),
        "connectA deliverB deliverA writeA duplicateB deliverB closeA deliverB closeB deliverA deliverA deliverB"
        " deliverB deliverA connectA deliverB lateB",
    ),
    *(
        Cell(
            "orderly-close", variant, Budget(connects=2, writes=0),
            "connectA deliverB deliverA closeA deliverB closeB deliverA deliverA deliverB deliverB deliverB deliverA"
            " connectA deliverB deliverA closeA deliverA",
        )
        for variant in ("fixed-isn", "fixed-isn-server")
    ),
    Cell(
        "orderly-close", "fixed-isn-client", Budget(connects=2, writes=0),
        "connectA deliverB deliverA closeA deliverB deliverB closeB deliverA deliverA deliverB deliverB deliverA"
        " deliverA connectA deliverB deliverA closeA deliverB closeB deliverB",
    ),
    Cell(
        "orderly-close", "fixed-isn", Budget(interferences=1, connects=2, writes=0),
        "connectA deliverB deliverA abortA deliverB deliverB connectA deliverB deliverA closeA deliverA",
    ),
    Cell(
        "orderly-close", "fixed-isn-server", Budget(interferences=1, connects=2, writes=0),
        "connectA deliverB deliverA abortA deliverB deliverB connectA deliverB deliverA closeA deliverA",
    ),
    Cell(
        "orderly-close", "fixed-isn-client", Budget(interferences=1, connects=2, writes=0),
        "connectA deliverB deliverA closeA deliverB abortA deliverA deliverB connectA deliverB deliverA closeA deliverB"
        " closeB deliverB",
    ),
    *(
        Cell(
            "orderly-close", variant, Budget(interferences=1, connects=2, writes=0),
            "closeA abortB deliverB deliverA connectA deliverB deliverA closeA deliverA", OPEN,
        )
        for variant in ("fixed-isn", "fixed-isn-server")
    ),
    *(
        Cell(
            "honest-open", variant, Budget(connects=2, writes=0),
            "connectA deliverB deliverA closeA deliverB closeB deliverA deliverA deliverB deliverB deliverB deliverA"
            " connectA deliverB deliverA deliverA",
        )
        for variant in ("fixed-isn", "fixed-isn-server")
    ),
    Cell("honest-open", "fixed-isn", _held(1), "connectA oldA deliverB deliverA"),
    Cell(
        "honest-open", "fixed-isn", Budget(interferences=1, connects=2, writes=0),
        "connectA deliverB deliverA deliverB crashA connectA deliverB deliverA",
    ),
    Cell(
        "honest-open", "fixed-isn-server", Budget(interferences=1, connects=2, writes=0),
        "connectA deliverB deliverA abortA deliverB deliverB connectA deliverB deliverA deliverA",
    ),
    Cell(
        "honest-open", "fixed-isn-server", Budget(interferences=1, connects=2, writes=0),
        "closeA abortB deliverB deliverA connectA deliverB deliverA deliverA", OPEN,
    ),
    Cell(
        "honest-open", "fixed-isn-client", Budget(interferences=1, connects=2, writes=0),
        "connectA deliverB deliverA deliverB crashA connectA deliverB deliverA",
    ),
    # --- no TIME-WAIT ---
    Cell("fresh-open", "no-time-wait", _held(1), beginning=OPEN, is_large=True),
    Cell("agreed-open", "no-time-wait", _held(1), beginning=OPEN, is_large=True),
    Cell("no-ghost", "no-time-wait", Budget(losses=1), beginning=OPEN),
    Cell(
        "own-bytes", "no-time-wait", _held(1, coincidences=1, writes=0),
        "closeA deliverB closeB deliverA deliverB connectA1 deliverB deliverA deliverB oldB",
        beginning=OPEN, ack_rule=RFC_793, must_be_above=True,
    ),
    Cell("own-bytes", "no-time-wait", _held(1, coincidences=1, writes=0), beginning=OPEN, is_large=True),
    Cell(
        "own-bytes", "no-time-wait", _held(1, coincidences=2, writes=0),
        "closeA deliverB closeB deliverA deliverB connectA1 deliverB1 oldB", beginning=OPEN,
    ),
    Cell(
        "exactly-once", "no-time-wait", _held(1, coincidences=2, writes=0),
        "closeA deliverB closeB deliverA deliverB connectA1 deliverB1 oldB", beginning=OPEN,
    ),
    Cell(
        "exactly-once", "no-time-wait", _held(1, coincidences=1, writes=0),
        "closeA deliverB closeB deliverA deliverB connectA1 deliverB deliverA deliverB oldB",
        beginning=OPEN, ack_rule=RFC_793, must_be_above=True,
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
    *(
        Cell(
            prop, "", _held(1, coincidences=1, writes=0), "connectA1 deliverB deliverA deliverB oldB", ack_rule=RFC_793,
            must_be_above=True,
        )
        for prop in ("own-bytes", "exactly-once")
    ),
    *(Cell(prop, "", Budget(interferences=1, connects=2, writes=0)) for prop in ("orderly-close", "honest-open")),
    # --- what stands below the table ---
    Cell("no-ghost", "no-rst-from-closed", Budget(interferences=1), "connectA deliverB deliverA deliverB crashA"),
    *(
        Cell(prop, "no-rst-from-closed", _held(1, losses=1), is_large=True)
        for prop in ("fresh-open", "agreed-open", "own-bytes", "exactly-once")
    ),
    Cell("honest-open", "no-challenge-ack", _held(1, coincidences=1), "connectA deliverB3 deliverA oldA"),
    Cell(
        "honest-open", "no-challenge-ack", Budget(coincidences=1),
        "writeA deliverB closeA deliverB closeB deliverA deliverA deliverA deliverB deliverB deliverB deliverA connectA"
        " deliverB1 deliverA deliverA",
        OPEN,
    ),
)  # fmt: skip
"""Every cell that makes a claim, column by column."""

MUTE = "no-rst-from-closed"
"""The variant that breaks nothing, as far as it was searched."""

KEPT = (
    Budget(held=2, losses=1), Budget(held=1, losses=2), Budget(held=1, duplicates=1), Budget(losses=2, duplicates=1),
    Budget(losses=2, interferences=1), Budget(held=1, interferences=1), Budget(duplicates=1, interferences=1),
)  # fmt: skip
"""Within each of these, from either beginning, ``MUTE`` breaks nothing that TCP keeps: P3 is not kept after a crash."""

KEPT_SAID = (
    "No budget is known within which it breaks what TCP keeps. Searched to the end, with one call and from either"
    " beginning: two old segments and a loss; an old segment and two losses, or a copy; two losses and a copy; a crash"
    " and two losses, an old segment, or a copy. What the RST from CLOSED heals is a half-open end that speaks."
)
"""The same as a sentence (a message id)."""
