"""What somebody who never read an RFC is told beside the exact sentences: the goal, how cards are read, what is whose.

Rules
-----
* A plain sentence says less than the exact one, never anything else. The exact one stands beside it.
* Why a move helps is told by ``network_why``; whether it helps the search says.
"""

from __future__ import annotations

from tutor.tcp.states import State
from tutor.words import mark

GOALS: dict[str, str] = {
    "fresh-open": mark("Have the server take up a call that nobody is making any more."),
    "agreed-open": mark("Have the server open a connection on numbers to which the caller has never agreed."),
    "no-ghost": mark(
        "Have one side believe in a connection that the other side does not have, when nothing is left that would tell"
        " it."
    ),
    "own-bytes": mark("Have a program read bytes of an earlier connection as if they had been written in this one."),
    "exactly-once": mark("Have a program read something twice, or in the wrong order."),
    "orderly-close": mark("Have a side that closes properly lose bytes, or be told that the connection was reset."),
    "honest-open": mark("Have a call to a server that listens fail."),
}
"""Property -> what is to be brought about."""

YOURS = mark(
    "Yours is the wire: which segment arrives next. What you do not deliver waits; what you deliver after others was"
    " delayed. Yours too is what happens next: which program calls, writes or closes, and when time passes. Each of"
    " these is one move, but waiting is free. What a host answers is not yours: that is what you play against."
)
HERE_TOO = mark("Here you may also: {list}.")

MAY: dict[str, str] = {
    "losses": mark("drop a segment"),
    "duplicates": mark("copy a segment, and keep the copy for later"),
    "coincidences": mark("have a first number lie on, just below or just above the old one"),
    "interferences": mark("have a program abort, or a host crash"),
}
"""Field of the budget -> what it lets the player do."""

MAY_DELIVER_OLD = mark("deliver an old segment")
MAY_KEEP = mark("keep a segment for the next connection, where it counts as an old one")
"""What old segments are for where the earlier connection is over, and where it is still open."""

BEGINS_WITH_NOTHING = mark("It begins with nothing open.")
BEGINS_AFTER = mark("It begins with nothing open; both hosts have forgotten an earlier connection on the same ports.")
BEGINS_OPEN = mark("It begins in a connection that is open.")
"""How a game begins."""

READING: tuple[tuple[str, str], ...] = (
    ("SYN", mark("a call: it asks for a new connection")),
    ("SYN+ACK", mark("the answer to a call")),
    ("ACK", mark("a confirmation; PSH+ACK brings bytes as well")),
    ("FIN, RST", mark("FIN: the sender has no more to say. RST: this connection does not exist, or not any more.")),
    ("seq len ack", mark("the number of the first byte; how many bytes there are; the number that is expected next")),
)
"""What stands on the cards, and what it means."""

FIRST_NUMBERS = ("x  y", "x′  y′")
"""What stands for the initial numbers of client and server."""

EARLIER_NUMBERS = mark("the numbers with which client and server began in the earlier connection")
OPEN_NUMBERS = mark("the numbers with which client and server began in the connection that is open at the beginning")
NEXT_NUMBERS = mark("those with which they begin in the next one; with ″, in the one after it")
THESE_NUMBERS = mark("the numbers with which client and server begin; with ″, those of the next time")

STATES: dict[State, str] = {
    State.CLOSED: mark("the host knows of no connection"),
    State.LISTEN: mark("the host knows of no connection, and waits for a call"),
    State.SYN_SENT: mark("the host has called, and waits for the answer"),
    State.SYN_RECEIVED: mark("the host has answered a call, and waits until its answer is confirmed"),
    State.ESTABLISHED: mark("the host believes that the connection is open at both ends"),
    State.FIN_WAIT_1: mark("the host has closed, and waits until its FIN is confirmed"),
    State.FIN_WAIT_2: mark("the host has closed, its FIN is confirmed, and it waits for the FIN of the other"),
    State.CLOSE_WAIT: mark("the other one has closed; the program here has not closed yet"),
    State.CLOSING: mark("both have closed; the host still waits until its FIN is confirmed"),
    State.LAST_ACK: mark("the other one has closed first; the host has closed too, and waits for the last ACK"),
    State.TIME_WAIT: mark("both have closed; the host remembers the connection for a while, in case its ACK is lost"),
}
"""State of an end -> what it means."""

LEFT_ALONE = mark("Leave it, and it waits; no timer runs out meanwhile. Deliver it after others, and it was delayed.")

SIGNS = mark(
    "MSL: the longest life of a segment in the network. C: numbers that an adversary may place. U: aborts and crashes."
    " 2^31: half of all sequence numbers. RTO: how long a sender waits before it repeats. SACK, PAWS, ECN: additions to"
    " TCP which a connection may do without."
)
"""What stands in the exclusions of a proof."""
