"""What somebody who never read an RFC is told beside the exact sentences: the goal, why a hint says so, what is whose.

Rules
-----
* A plain sentence says less than the exact one, never anything else. The exact one stands beside it.
* Why a move helps is told by what kind of move it is, and by its segment; whether it helps the search says.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.explore.ends import Entry
from tutor.explore.onward import Deed
from tutor.tcp.segment import ACK, FIN, RST, SYN
from tutor.words import Words, mark

GOALS: dict[str, str] = {
    "fresh-open": mark("Have the server take up a call that nobody is making any more."),
    "agreed-open": mark("Have the server open a connection on numbers to which the caller has never agreed."),
    "no-ghost": mark("Have one side believe in a connection that the other side does not have, and never notice."),
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
    ("CLOSED, LISTEN", mark("CLOSED: the host knows of no connection. LISTEN: it waits for a call.")),
    ("ESTABLISHED", mark("the host believes that the connection is open at both ends")),
)
"""What stands on the cards and at the ends, and what it means."""

LEFT_ALONE = mark("Leave it, and it is held. Deliver it after others, and it was delayed.")

SIGNS = mark(
    "MSL: the longest life of a segment in the network. C: numbers that an adversary may place. U: aborts and crashes."
    " 2^31: half of all sequence numbers."
)
"""What stands in the exclusions of a proof."""

OLD_SYN = mark("An old SYN looks just like a new call: who listens cannot tell them apart.")
OLD_ANSWER = mark("An old answer is taken for the one that is awaited, if its number fits.")
OLD_END = mark("An old end of a connection ends the new one, if its number fits.")
OLD_BYTES = mark("Old bytes are taken for new ones, if their numbers fit what their receiver expects.")
OLD_ACK = mark("An old ACK is taken for a confirmation, if its number fits.")

WHY: dict[str, str] = {
    "deliver": mark("The two must come a step further before anything can go wrong between them."),
    "late": mark("What comes late meets a receiver that has gone on meanwhile."),
    "lose": mark("If it never arrives, one side does not learn what the other one believes by now."),
    "duplicate": mark("A copy can come later, when nobody expects it any more."),
    "hold": mark("What is held back can come later, when nobody expects it any more."),
    "connect": mark("Only a new connection can take something old for its own."),
    "write": mark("Only what has been written can be lost, or come twice."),
    "close": mark("What a connection leaves behind shows only when it ends."),
    "abort": mark("Who aborts forgets, and the other side does not know."),
    "crash": mark("Who crashes forgets, and the other side does not know."),
    "expire": mark("A timer that runs out changes what its host believes, and the other side does not know."),
    "tick": mark("In time a host forgets what it knew; then the old looks new."),
}
"""Kind of a move -> why one would make it."""


BEGINS = mark("There must be a connection before anything in it can go wrong.")
RESETS = mark("To its receiver it makes no sense now: the answer will be a reset.")
RESET = mark("A reset ends the connection of whoever believes it.")
LAST = mark("This is all that is missing.")
"""Why a segment is delivered, where there is more to say of it."""


class Effect(NamedTuple):
    """What is known of a move besides: can anything old still come, is it answered with a reset, is it the last?"""

    has_old: bool = True
    resets: bool = False
    is_last: bool = False


def why(deed: Deed, words: Words, effect: Effect) -> str:
    """Why one would make this move."""
    if isinstance(deed.what, Entry):
        if deed.kind == "old":
            return words.t(_why_old(deed.what))
        if deed.kind == "deliver":
            return words.t(_why_deliver(deed.what, effect))
    if deed.kind == "connect" and not effect.has_old:
        return words.t(BEGINS)
    return words.t(WHY[deed.kind])


def _why_deliver(entry: Entry, effect: Effect) -> str:
    if entry.segment.flags & RST:
        return RESET
    if effect.resets:
        return RESETS
    return LAST if effect.is_last else WHY["deliver"]


def _why_old(entry: Entry) -> str:
    flags = entry.segment.flags
    if flags & SYN:
        return OLD_ANSWER if flags & ACK else OLD_SYN
    if flags & (FIN | RST):
        return OLD_END
    return OLD_BYTES if entry.segment.length else OLD_ACK
