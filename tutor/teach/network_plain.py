"""What somebody who never read an RFC is told beside the exact sentences: the goal, why a hint says so, what is whose.

Rules
-----
* A plain sentence says less than the exact one, never anything else. The exact one stands beside it.
* Why a move helps is told by what kind of move it is, and by its segment; whether it helps the search says.
"""

from __future__ import annotations

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
    "honest-open": mark("Have somebody call a server that listens, and fail."),
}
"""Property -> what is to be brought about."""

YOURS = mark(
    "Yours is the wire: deliver a segment, hold it, drop it, copy it. What you do not deliver is held; what you deliver"
    " after others was delayed. Yours too is what happens next: which program calls, writes or closes, and when time"
    " passes. Each of these is one move. What a host answers is not yours: that is what you play against."
)
CRASHES = mark("Here you may also have a program abort, or a host crash.")
PLACES = mark("Here you may also have a first number lie on, just below or just above the old one.")

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


def why(deed: Deed, words: Words) -> str:
    """Why one would make this move."""
    if deed.kind == "old" and isinstance(deed.what, Entry):
        return words.t(_why_old(deed.what))
    return words.t(WHY[deed.kind])


def _why_old(entry: Entry) -> str:
    flags = entry.segment.flags
    if flags & SYN:
        return OLD_ANSWER if flags & ACK else OLD_SYN
    if flags & (FIN | RST):
        return OLD_END
    return OLD_BYTES if entry.segment.length else OLD_ACK
