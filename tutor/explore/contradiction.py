"""Contradiction: why two states are never those of both ends of one connection, whatever is lost, copied or held back.

Rules
-----
* Told of TCP only, and of ends whose numbers the other end has acknowledged. No number coincides with that of an old
  segment (C = 0, and no wrap while copies live), no SYN cookie opens a connection, and nobody forges a segment: then
  whoever is synchronised has the other end's answer to its own number, so that both are in one connection, or one of
  them has begun anew and is not synchronised. Without that condition there are such pairs: whoever says "never" says
  the condition with it. A cookie is a number that an old ACK still bears: it opens a connection without a record.
* FIN-WAIT-1 is left out: whoever closes in SYN-RECEIVED is there before its number is acknowledged.
* The atlas finds by search what can be. What is said here is the other half: a pair that it does not find and that is
  no contradiction would be a gap in one of the two.

Theory
------
A state is knowledge. CLOSE-WAIT knows that the other end has sent a FIN; FIN-WAIT-2, that it has received one. A pair
in which one end knows what the other has not done cannot be, and no search is needed to see it.
"""

from __future__ import annotations

from typing import NamedTuple

from tutor.tcp.states import State

_S = State


class Signs(NamedTuple):
    """What a state says of the two FINs."""

    has_sent: bool
    is_acknowledged: bool
    has_received: bool


SIGNS = {
    _S.ESTABLISHED: Signs(has_sent=False, is_acknowledged=False, has_received=False),
    _S.FIN_WAIT_2: Signs(has_sent=True, is_acknowledged=True, has_received=False),
    _S.CLOSE_WAIT: Signs(has_sent=False, is_acknowledged=False, has_received=True),
    _S.CLOSING: Signs(has_sent=True, is_acknowledged=False, has_received=True),
    _S.LAST_ACK: Signs(has_sent=True, is_acknowledged=False, has_received=True),
    _S.TIME_WAIT: Signs(has_sent=True, is_acknowledged=True, has_received=True),
}
"""Of the states in which an end's number is acknowledged."""

NOT_SENT = "{knows} has received the FIN of the other end, which in {other} has not sent any"
NOT_RECEIVED = "{knows} has the ACK of its FIN, which the other end in {other} has not received"
BOTH_LATER = "{knows} has sent its FIN after that of the other end had come, and so has {other}: none can be the first"
TOLD_ALREADY = "the FIN of {knows} acknowledges that of the other end, which then is not in {other} but in TIME-WAIT"

SENTENCES = (NOT_SENT, NOT_RECEIVED, BOTH_LATER, TOLD_ALREADY)
"""Message ids; ``knows`` and ``other`` are states."""


def contradiction(a: State, b: State) -> tuple[str, State, State] | None:
    """(sentence, who knows, what the other end is in) why the pair cannot be; None: no contradiction."""
    if a not in SIGNS or b not in SIGNS:
        return None
    for knows, other in ((a, b), (b, a)):
        if SIGNS[knows].has_received and not SIGNS[other].has_sent:
            return NOT_SENT, knows, other
        if SIGNS[knows].is_acknowledged and not SIGNS[other].has_received:
            return NOT_RECEIVED, knows, other
        if knows is other is _S.LAST_ACK:
            return BOTH_LATER, knows, other
        if (knows, other) == (_S.LAST_ACK, _S.CLOSING):
            return TOLD_ALREADY, knows, other
    return None
