"""The eleven states of a connection, their names in four worlds, and the groups the RFC speaks of.

Rules
-----
* Inside the program a state is spelled as RFC 9293's prose prints it: ``SYN-RECEIVED``, ``FIN-WAIT-1``.
* ``NAMES`` is the one table that knows the other spellings; ``parse`` accepts all of them.

Source: RFC 9293 section 3.3.2 (names and figure 5); Linux ``include/net/tcp_states.h``; ``ss(8)``.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple, Self


class State(StrEnum):
    """One state of RFC 9293 section 3.3.2; each member carries what it means there."""

    meaning: str

    def __new__(cls, value: str, meaning: str) -> Self:
        """The member spelled ``value``, with its meaning beside it."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.meaning = meaning
        return member

    CLOSED = "CLOSED", "no connection state at all"
    LISTEN = "LISTEN", "waiting for a connection request from any remote host"
    SYN_SENT = "SYN-SENT", "waiting for a matching connection request after having sent one"
    SYN_RECEIVED = "SYN-RECEIVED", "waiting for an acknowledgment after having both received and sent a request"
    ESTABLISHED = "ESTABLISHED", "an open connection; data received can be delivered to the user"
    FIN_WAIT_1 = "FIN-WAIT-1", "waiting for the peer's FIN, or for an acknowledgment of the FIN sent before"
    FIN_WAIT_2 = "FIN-WAIT-2", "waiting for the peer's FIN"
    CLOSE_WAIT = "CLOSE-WAIT", "waiting for the local user to close"
    CLOSING = "CLOSING", "both have closed; waiting for the acknowledgment of the FIN sent"
    LAST_ACK = "LAST-ACK", "waiting for the acknowledgment of the FIN sent, after having acknowledged the peer's"
    TIME_WAIT = "TIME-WAIT", "waiting until the peer must have the last acknowledgment and old segments are gone"


class Names(NamedTuple):
    """How four worlds print one state."""

    rfc: str
    figure: str
    linux: str
    ss: str


NAMES: dict[State, Names] = {
    State.CLOSED: Names("CLOSED", "CLOSED", "TCP_CLOSE", "UNCONN"),
    State.LISTEN: Names("LISTEN", "LISTEN", "TCP_LISTEN", "LISTEN"),
    State.SYN_SENT: Names("SYN-SENT", "SYN SENT", "TCP_SYN_SENT", "SYN-SENT"),
    State.SYN_RECEIVED: Names("SYN-RECEIVED", "SYN RCVD", "TCP_SYN_RECV", "SYN-RECV"),
    State.ESTABLISHED: Names("ESTABLISHED", "ESTAB", "TCP_ESTABLISHED", "ESTAB"),
    State.FIN_WAIT_1: Names("FIN-WAIT-1", "FINWAIT-1", "TCP_FIN_WAIT1", "FIN-WAIT-1"),
    State.FIN_WAIT_2: Names("FIN-WAIT-2", "FINWAIT-2", "TCP_FIN_WAIT2", "FIN-WAIT-2"),
    State.CLOSE_WAIT: Names("CLOSE-WAIT", "CLOSE WAIT", "TCP_CLOSE_WAIT", "CLOSE-WAIT"),
    State.CLOSING: Names("CLOSING", "CLOSING", "TCP_CLOSING", "CLOSING"),
    State.LAST_ACK: Names("LAST-ACK", "LAST-ACK", "TCP_LAST_ACK", "LAST-ACK"),
    State.TIME_WAIT: Names("TIME-WAIT", "TIME WAIT", "TCP_TIME_WAIT", "TIME-WAIT"),
}
"""State -> (RFC prose, RFC figure 5, Linux source, ``ss`` output)."""


def _key(text: str) -> str:
    return "".join(c for c in text.upper() if c.isalnum()).removeprefix("TCP")


_BY_NAME = {_key(name): state for state, names in NAMES.items() for name in names}
_BY_NAME |= {"LISTENING": State.LISTEN, "SYNRCVD": State.SYN_RECEIVED, "CLOSE": State.CLOSED}


def parse(text: str) -> State:
    """The state that ``text`` names in any of the four spellings.

    Raises ``ValueError`` with the allowed names if none does.
    """
    try:
        return _BY_NAME[_key(text)]
    except KeyError:
        raise ValueError(f"{text!r} is not a TCP state; allowed: {', '.join(State)}") from None


HAS_RECEIVED_FIN = frozenset({State.CLOSE_WAIT, State.CLOSING, State.LAST_ACK, State.TIME_WAIT})
"""The peer's FIN has been received: no more text can arrive (RFC 9293 3.10.7.4, seventh)."""

HAS_SENT_FIN = frozenset({State.FIN_WAIT_1, State.FIN_WAIT_2, State.CLOSING, State.LAST_ACK, State.TIME_WAIT})
"""The user has closed: SEND answers "connection closing" (RFC 9293 3.10.2)."""

MAY_SEND_TEXT = frozenset({State.ESTABLISHED, State.CLOSE_WAIT, State.FIN_WAIT_1, State.CLOSING, State.LAST_ACK})
"""Text or a FIN that was queued before the close may still be waiting to leave."""

TAKES_TEXT = frozenset({State.ESTABLISHED, State.FIN_WAIT_1, State.FIN_WAIT_2})
"""Segment text is accepted (RFC 9293 3.10.7.4, seventh)."""

SYNCHRONISED = frozenset(State) - {State.CLOSED, State.LISTEN, State.SYN_SENT, State.SYN_RECEIVED}
"""Both ends have confirmed both initial sequence numbers (RFC 9293 section 3.5.2, group 3)."""
