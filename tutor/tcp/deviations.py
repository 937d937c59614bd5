"""Edges that exist in no TCP: where a variant leads otherwise, or does something else on the way.

Rules
-----
* A row that leads elsewhere has a drawn edge of its own; one that only does something else on its way is drawn where
  TCP's edge is, with its own words.
* Every row has an id, a reason, and the clause that it offends against: nobody can take it for the protocol.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from tutor.tcp import transitions as t
from tutor.tcp.reasons import REASONS
from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES, EVERYWHERE, Edge

_S = State
_rows: dict[str, Edge] = {}


def _row(
    edge: Edge, name: str, reason: str, *, to: State | None = None, cause: str = "", action: str | None = None,
    drawn_as: str = "",
) -> Edge:  # fmt: skip
    """``edge`` as a variant has it, under its own name."""
    row = Edge(
        f"{edge.source.lower()}/{name}", edge.source, to or edge.target, cause or edge.cause,
        edge.action if action is None else action, REASONS[reason].clause, reason, EVERYWHERE,
        drawn_as or edge.drawn_as,
    )  # fmt: skip
    _rows[row.id] = row
    return row


# --- two-way handshake ---
LISTEN_OPENS = _row(
    t.LISTEN_RCV_SYN, "rcv-syn-opens", "opened-unproved", to=_S.ESTABLISHED, drawn_as="listen_estab",
)  # fmt: skip
TIME_WAIT_OPENS = _row(
    t.TIME_WAIT_RCV_SYN, "rcv-syn-opens", "opened-unproved", to=_S.ESTABLISHED, drawn_as="timewait_estab",
)  # fmt: skip
SYN_SENT_OPENS = _row(t.SYN_SENT_RCV_SYN_ACK, "rcv-syn-ack-silent", "no-third-segment", action="")

# --- the number is not checked ---
SYN_RECEIVED_ANY_ACK = _row(
    t.SYN_RECEIVED_RCV_ACK, "rcv-any-ack", "opened-unchecked", cause="recv any ACK",
)  # fmt: skip

# --- four segments ---
LISTEN_ANSWERS_APART = _row(
    t.LISTEN_RCV_SYN, "rcv-syn-apart", "answered-apart", action="ACK, then SYN",
)  # fmt: skip
TIME_WAIT_ANSWERS_APART = _row(
    t.TIME_WAIT_RCV_SYN, "rcv-syn-apart", "answered-apart", action="ACK, then SYN",
)  # fmt: skip
SYN_SENT_RCV_ACK = _row(
    t.SYN_SENT_RCV_SYN_ACK, "rcv-ack", "half-acknowledged", to=_S.SYN_SENT, cause="recv ACK of SYN", action="",
    drawn_as="synsent_self",
)  # fmt: skip
SYN_SENT_RCV_SYN_LATER = _row(
    t.SYN_SENT_RCV_SYN_ACK, "rcv-syn-later", "other-half", cause="recv SYN", action="send ACK",
)  # fmt: skip

# --- numbers that repeat ---
CALLS_FIXED = _row(
    t.CLOSED_ACTIVE_OPEN, "active-open-fixed", "number-repeats", action="SYN, same ISN",
)  # fmt: skip
LISTEN_CALLS_FIXED = _row(
    t.LISTEN_ACTIVE_OPEN, "active-open-fixed", "number-repeats", action="SYN, same ISN",
)  # fmt: skip
LISTEN_SENDS_FIXED = _row(
    t.LISTEN_SEND, "send-fixed", "number-repeats", action="SYN, same ISN",
)  # fmt: skip
ANSWERS_FIXED = _row(
    t.LISTEN_RCV_SYN, "rcv-syn-fixed", "number-repeats", action="same ISN",
)  # fmt: skip
REOPENS_FIXED = _row(
    t.TIME_WAIT_RCV_SYN, "rcv-syn-fixed", "number-repeats", action="same ISN",
)  # fmt: skip

# --- no TIME-WAIT, and a short one ---
FIN_WAIT_1_ENDS = _row(
    t.FIN_WAIT_1_RCV_FIN_ACK, "rcv-fin-ack-ends", "left-without-waiting", to=_S.CLOSED, drawn_as="finwait1_closed",
)  # fmt: skip
FIN_WAIT_2_ENDS = _row(
    t.FIN_WAIT_2_RCV_FIN, "rcv-fin-ends", "left-without-waiting", to=_S.CLOSED, drawn_as="finwait2_closed",
)  # fmt: skip
CLOSING_ENDS = _row(
    t.CLOSING_RCV_ACK, "rcv-ack-ends", "left-without-waiting", to=_S.CLOSED, drawn_as="closing_closed",
)  # fmt: skip
TIME_WAIT_CUT = _row(
    t.TIME_WAIT_TIMEOUT, "timeout-early", "quiet-for-1-msl", cause="1 MSL timeout",
)  # fmt: skip

# --- a FIN is sent once ---
_ONCE = "send FIN, once"
ESTABLISHED_CLOSE_ONCE = _row(t.ESTABLISHED_CLOSE, "close-once", "fin-sent-once", action=_ONCE)
CLOSE_WAIT_CLOSE_ONCE = _row(t.CLOSE_WAIT_CLOSE, "close-once", "fin-sent-once", action=_ONCE)
SYN_RECEIVED_CLOSE_ONCE = _row(t.SYN_RECEIVED_CLOSE, "close-once", "fin-sent-once", action=_ONCE)

# --- close in two segments ---
ESTABLISHED_ENDS = _row(
    t.ESTABLISHED_RCV_FIN, "rcv-fin-ends", "closed-in-two", to=_S.CLOSED, action="send FIN,ACK",
    drawn_as="estab_closed",
)  # fmt: skip
FIN_WAIT_1_FIN_ENDS = _row(
    t.FIN_WAIT_1_RCV_FIN, "rcv-fin-ends", "closed-in-two", to=_S.CLOSED, action="delete TCB",
    drawn_as="finwait1_closed",
)  # fmt: skip
FIN_WAIT_1_BOTH_ENDS = _row(
    t.FIN_WAIT_1_RCV_FIN_ACK, "rcv-fin-ack-both-end", "closed-in-two", to=_S.CLOSED, cause="recv FIN",
    action="delete TCB", drawn_as="finwait1_closed",
)  # fmt: skip

REOPENING = frozenset(
    edge.id for edge in (t.TIME_WAIT_RCV_SYN, TIME_WAIT_OPENS, TIME_WAIT_ANSWERS_APART, REOPENS_FIXED)
)
"""Ids of the edges by which a SYN takes over the name of a connection in TIME-WAIT."""

DEVIATIONS: Mapping[str, Edge] = MappingProxyType(_rows)
"""Every edge that exists in some variant only, by id."""

ROWS: Mapping[str, Edge] = MappingProxyType(EDGES | _rows)
"""Every edge that any run can cross, by id."""
