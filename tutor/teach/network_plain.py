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
    "Yours is the wire: deliver a segment, hold it, drop it, copy it. What you do not deliver is held; what you deliver"
    " after others was delayed. Yours too is what happens next: which program calls, writes or closes, and when time"
    " passes. Each of these is one move, but waiting is free. What a host answers is not yours: that is what you play"
    " against."
)
CRASHES = mark("Here you may also have a program abort, or a host crash.")
PLACES = mark("Here you may also have a first number lie on, just below or just above the old one.")

READING: tuple[tuple[str, str], ...] = (
    ("SYN", mark("a call: it asks for a new connection")),
    ("SYN+ACK", mark("the answer to a call")),
    ("ACK", mark("a confirmation; PSH+ACK brings bytes as well")),
    ("FIN, RST", mark("FIN: the sender has no more to say. RST: this connection does not exist, or not any more.")),
    ("seq len ack", mark("the number of the first byte; how many bytes there are; the number that is expected next")),
    ("x  y", mark("the numbers with which client and server began in the earlier connection")),
    ("x′  y′", mark("those with which they begin in the next one")),
)
"""What stands on the cards, and what it means."""

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

LEFT_ALONE = mark("Leave it, and it is held. Deliver it after others, and it was delayed.")

SIGNS = mark(
    "MSL: the longest life of a segment in the network. C: numbers that an adversary may place. U: aborts and crashes."
    " 2^31: half of all sequence numbers."
)
"""What stands in the exclusions of a proof."""
