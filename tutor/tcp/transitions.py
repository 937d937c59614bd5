"""TRANSITIONS: every edge between two states, in one table.

Rules
-----
* One row is one edge. The engine cites the row it takes (``move(tcb, LISTEN_RCV_SYN)``); the diagram,
  the documentation and the questions read the same rows.
* ``rule_sets`` names the rule sets in which the edge can be crossed at all.
* ``drawn_as`` is the id of the drawn edge that shows the row (``assets/diagram.json``).
* One event may cross two edges. Such pairs are listed in ``SEQUENCES``; no other pair is ever crossed.

Theory
------
TCP cannot be *driven* by a table of (state, input): a segment is judged by windows and flags in an
order that the RFC prescribes, and that order is the protocol. So the code follows the RFC's order of
checks, and the table says what may come of it. Tests hold the two together: the table equals the RFC's
figure plus named additions, a search crosses every row, and no code but ``tcb.move`` sets a state.

Source: RFC 9293 section 3.3.2 (figure 5 and its notes) and section 3.10.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from tutor.tcp.states import State

RFC = "rfc9293"
LINUX = "linux-6.18"
LINUX_4_19 = "linux-4.19"
LINUX_2_6 = "linux-2.6"
NOTE_3 = "rfc9293-note3"
"""RFC 9293 as note 3 of figure 5 has it: whoever aborts waits in TIME-WAIT."""

LINUXES = frozenset({LINUX, LINUX_4_19, LINUX_2_6})
EVERYWHERE = frozenset({RFC, NOTE_3}) | LINUXES
RFC_ONLY = frozenset({RFC, NOTE_3})
BY_SECTION_3_10_5 = frozenset({RFC}) | LINUXES
BY_NOTE_3 = frozenset({NOTE_3})
BY_RFC_793 = frozenset({LINUX_2_6})
"""Before RFC 5961, which Linux follows since 3.6."""


@dataclass(frozen=True, slots=True)
class Edge:
    """One transition: what causes it, what is done, and which clause says so."""

    id: str
    source: State
    target: State
    cause: str
    action: str
    clause: str
    reason: str
    rule_sets: frozenset[str]
    drawn_as: str

    def __hash__(self) -> int:
        return hash(self.id)


_rows: list[Edge] = []


def _edge(
    source: State,
    target: State,
    name: str,
    *,
    cause: str,
    clause: str,
    reason: str,
    drawn_as: str,
    action: str = "",
    rule_sets: frozenset[str] = EVERYWHERE,
) -> Edge:
    edge = Edge(f"{source.lower()}/{name}", source, target, cause, action, clause, reason, rule_sets, drawn_as)
    _rows.append(edge)
    return edge


_S = State

# --- CLOSED ---
CLOSED_PASSIVE_OPEN = _edge(
    _S.CLOSED, _S.LISTEN, "passive-open",
    cause="passive OPEN", action="create TCB", clause="open-closed", reason="opened-passively",
    drawn_as="closed_listen",
)  # fmt: skip
CLOSED_ACTIVE_OPEN = _edge(
    _S.CLOSED, _S.SYN_SENT, "active-open",
    cause="active OPEN", action="create TCB, send SYN", clause="open-closed", reason="opened-actively",
    drawn_as="closed_synsent",
)  # fmt: skip

# --- LISTEN ---
LISTEN_ACTIVE_OPEN = _edge(
    _S.LISTEN, _S.SYN_SENT, "active-open",
    cause="active OPEN", action="send SYN", clause="open-listen", reason="opened-actively",
    rule_sets=RFC_ONLY, drawn_as="listen_synsent",
)  # fmt: skip
LISTEN_SEND = _edge(
    _S.LISTEN, _S.SYN_SENT, "send",
    cause="SEND data", action="send SYN", clause="send-listen", reason="send-turns-active",
    rule_sets=RFC_ONLY, drawn_as="listen_synsent",
)  # fmt: skip
LISTEN_CLOSE = _edge(
    _S.LISTEN, _S.CLOSED, "close",
    cause="CLOSE", action="delete TCB", clause="close-listen", reason="listener-closed", drawn_as="listen_closed",
)  # fmt: skip
LISTEN_ABORT = _edge(
    _S.LISTEN, _S.CLOSED, "abort",
    cause="ABORT", action="delete TCB", clause="abort-listen", reason="aborted-by-user", drawn_as="listen_closed",
)  # fmt: skip
LISTEN_RCV_SYN = _edge(
    _S.LISTEN, _S.SYN_RECEIVED, "rcv-syn",
    cause="recv SYN", action="send SYN,ACK", clause="listen-syn", reason="syn-asks-to-open", drawn_as="listen_synrcvd",
)  # fmt: skip
LISTEN_RCV_COOKIE = _edge(
    _S.LISTEN, _S.ESTABLISHED, "rcv-cookie",
    cause="recv ACK of a SYN cookie", clause="syn-cookie", reason="cookie-proves", rule_sets=LINUXES,
    drawn_as="listen_estab",
)  # fmt: skip

# --- SYN-SENT ---
SYN_SENT_RCV_SYN_ACK = _edge(
    _S.SYN_SENT, _S.ESTABLISHED, "rcv-syn-ack",
    cause="recv SYN,ACK", action="send ACK", clause="syn-sent-syn", reason="own-syn-acknowledged",
    drawn_as="synsent_estab",
)  # fmt: skip
SYN_SENT_RCV_SYN = _edge(
    _S.SYN_SENT, _S.SYN_RECEIVED, "rcv-syn",
    cause="recv SYN", action="send SYN,ACK", clause="syn-sent-syn", reason="syns-cross", drawn_as="synsent_synrcvd",
)  # fmt: skip
SYN_SENT_CLOSE = _edge(
    _S.SYN_SENT, _S.CLOSED, "close",
    cause="CLOSE", action="delete TCB", clause="close-syn-sent", reason="call-given-up", drawn_as="synsent_closed",
)  # fmt: skip
SYN_SENT_ABORT = _edge(
    _S.SYN_SENT, _S.CLOSED, "abort",
    cause="ABORT", action="delete TCB", clause="abort-syn-sent", reason="aborted-by-user", drawn_as="synsent_closed",
)  # fmt: skip
SYN_SENT_TIMEOUT = _edge(
    _S.SYN_SENT, _S.CLOSED, "timeout",
    cause="timeout", action="delete TCB", clause="user-timeout", reason="gave-up", drawn_as="synsent_closed",
)  # fmt: skip
SYN_SENT_RCV_RST = _edge(
    _S.SYN_SENT, _S.CLOSED, "rcv-rst",
    cause="recv RST with an acceptable ACK", action="delete TCB", clause="syn-sent-rst", reason="syn-refused",
    drawn_as="synsent_closed_rst",
)  # fmt: skip
SYN_SENT_UNREACHABLE = _edge(
    _S.SYN_SENT, _S.CLOSED, "unreachable",
    cause="ICMP hard error", action="delete TCB", clause="icmp-hard", reason="icmp-hard-error",
    drawn_as="synsent_closed_rst",
)  # fmt: skip
SYN_SENT_UNREACHABLE_SOFT = _edge(
    _S.SYN_SENT, _S.CLOSED, "unreachable-soft",
    cause="ICMP soft error", action="delete TCB", clause="icmp-soft-connect", reason="icmp-soft-ends-connect",
    rule_sets=LINUXES, drawn_as="synsent_closed_rst",
)  # fmt: skip

# --- SYN-RECEIVED ---
SYN_RECEIVED_RCV_ACK = _edge(
    _S.SYN_RECEIVED, _S.ESTABLISHED, "rcv-ack",
    cause="recv ACK of SYN", clause="ack-syn-received", reason="own-syn-acknowledged", drawn_as="synrcvd_estab",
)  # fmt: skip
SYN_RECEIVED_CLOSE = _edge(
    _S.SYN_RECEIVED, _S.FIN_WAIT_1, "close",
    cause="CLOSE", action="send FIN", clause="close-syn-received", reason="closed-by-user",
    drawn_as="synrcvd_finwait1",
)  # fmt: skip
SYN_RECEIVED_RCV_RST_PASSIVE = _edge(
    _S.SYN_RECEIVED, _S.LISTEN, "rcv-rst-passive",
    cause="recv RST (passive open)", clause="rst-syn-received", reason="rst-returns-to-listen",
    drawn_as="synrcvd_listen",
)  # fmt: skip
SYN_RECEIVED_RCV_SYN_PASSIVE = _edge(
    _S.SYN_RECEIVED, _S.LISTEN, "rcv-syn-passive",
    cause="recv another SYN in the window (passive open)", clause="syn-syn-received", reason="syn-returns-to-listen",
    drawn_as="synrcvd_listen",
)  # fmt: skip
SYN_RECEIVED_RCV_RST_ACTIVE = _edge(
    _S.SYN_RECEIVED, _S.CLOSED, "rcv-rst-active",
    cause="recv RST (active open)", action="delete TCB", clause="rst-syn-received", reason="rst-refuses",
    drawn_as="synrcvd_closed",
)  # fmt: skip
SYN_RECEIVED_TIMEOUT = _edge(
    _S.SYN_RECEIVED, _S.CLOSED, "timeout",
    cause="timeout", action="delete TCB", clause="user-timeout", reason="gave-up", drawn_as="synrcvd_closed",
)  # fmt: skip
SYN_RECEIVED_ABORT = _edge(
    _S.SYN_RECEIVED, _S.CLOSED, "abort",
    cause="ABORT", action="send RST, delete TCB", clause="abort-synchronised", reason="aborted-by-user",
    rule_sets=BY_SECTION_3_10_5, drawn_as="synrcvd_closed",
)  # fmt: skip
SYN_RECEIVED_ABORT_WAIT = _edge(
    _S.SYN_RECEIVED, _S.TIME_WAIT, "abort-wait",
    cause="ABORT", action="send RST", clause="abort-note-3", reason="aborted-by-user",
    rule_sets=BY_NOTE_3, drawn_as="synrcvd_timewait",
)  # fmt: skip

# --- ESTABLISHED ---
ESTABLISHED_CLOSE = _edge(
    _S.ESTABLISHED, _S.FIN_WAIT_1, "close",
    cause="CLOSE", action="send FIN", clause="close-established", reason="closed-by-user", drawn_as="estab_finwait1",
)  # fmt: skip
ESTABLISHED_RCV_FIN = _edge(
    _S.ESTABLISHED, _S.CLOSE_WAIT, "rcv-fin",
    cause="recv FIN", action="send ACK", clause="fin-established", reason="peer-has-no-more",
    drawn_as="estab_closewait",
)  # fmt: skip

# --- FIN-WAIT-1 ---
FIN_WAIT_1_RCV_ACK = _edge(
    _S.FIN_WAIT_1, _S.FIN_WAIT_2, "rcv-ack",
    cause="recv ACK of FIN", clause="ack-fin-wait-1", reason="own-fin-acknowledged", drawn_as="finwait1_finwait2",
)  # fmt: skip
FIN_WAIT_1_RCV_FIN = _edge(
    _S.FIN_WAIT_1, _S.CLOSING, "rcv-fin",
    cause="recv FIN", action="send ACK", clause="fin-fin-wait-1", reason="fins-cross", drawn_as="finwait1_closing",
)  # fmt: skip
FIN_WAIT_1_RCV_FIN_ACK = _edge(
    _S.FIN_WAIT_1, _S.TIME_WAIT, "rcv-fin-ack",
    cause="recv FIN,ACK of FIN", action="send ACK", clause="fin-fin-wait-1", reason="fin-with-ack-of-fin",
    drawn_as="finwait1_timewait",
)  # fmt: skip

# --- FIN-WAIT-2 ---
FIN_WAIT_2_RCV_FIN = _edge(
    _S.FIN_WAIT_2, _S.TIME_WAIT, "rcv-fin",
    cause="recv FIN", action="send ACK", clause="fin-fin-wait-2", reason="peer-has-no-more",
    drawn_as="finwait2_timewait",
)  # fmt: skip

FIN_WAIT_2_ORPHAN_TIMEOUT = _edge(
    _S.FIN_WAIT_2, _S.CLOSED, "orphan-timeout",
    cause="timeout of an orphan (tcp_fin_timeout)", action="delete TCB", clause="orphan-timeout",
    reason="fin-never-came", rule_sets=LINUXES, drawn_as="fin_wait_2_abort",
)  # fmt: skip

# --- CLOSE-WAIT, CLOSING, LAST-ACK ---
CLOSE_WAIT_CLOSE = _edge(
    _S.CLOSE_WAIT, _S.LAST_ACK, "close",
    cause="CLOSE", action="send FIN", clause="close-close-wait", reason="closed-by-user", drawn_as="closewait_lastack",
)  # fmt: skip
CLOSING_RCV_ACK = _edge(
    _S.CLOSING, _S.TIME_WAIT, "rcv-ack",
    cause="recv ACK of FIN", clause="ack-closing", reason="own-fin-acknowledged", drawn_as="closing_timewait",
)  # fmt: skip
LAST_ACK_RCV_ACK = _edge(
    _S.LAST_ACK, _S.CLOSED, "rcv-ack",
    cause="recv ACK of FIN", action="delete TCB", clause="ack-last-ack", reason="own-fin-acknowledged",
    drawn_as="lastack_closed",
)  # fmt: skip

# --- TIME-WAIT ---
TIME_WAIT_TIMEOUT = _edge(
    _S.TIME_WAIT, _S.CLOSED, "timeout",
    cause="2 MSL timeout", action="delete TCB", clause="time-wait-timeout", reason="quiet-for-2-msl",
    drawn_as="timewait_closed",
)  # fmt: skip
TIME_WAIT_RCV_FIN = _edge(
    _S.TIME_WAIT, _S.TIME_WAIT, "rcv-fin",
    cause="recv FIN again", action="send ACK, restart 2 MSL", clause="fin-time-wait", reason="fin-again",
    drawn_as="timewait_self",
)  # fmt: skip
TIME_WAIT_RCV_SYN = _edge(
    _S.TIME_WAIT, _S.SYN_RECEIVED, "rcv-syn",
    cause="recv a new SYN", action="send SYN,ACK", clause="reopen-time-wait", reason="syn-is-newer",
    drawn_as="timewait_reopen",
)  # fmt: skip
TIME_WAIT_RCV_RST = _edge(
    _S.TIME_WAIT, _S.CLOSED, "rcv-rst",
    cause="recv RST", action="delete TCB", clause="rst-closing", reason="reset-by-peer", drawn_as="time_wait_abort",
)  # fmt: skip
TIME_WAIT_ABORT = _edge(
    _S.TIME_WAIT, _S.CLOSED, "abort",
    cause="ABORT", action="delete TCB", clause="abort-closing", reason="aborted-by-user", drawn_as="time_wait_abort",
)  # fmt: skip

# --- the ways that every synchronised state shares ---
_ABORTABLE = (_S.ESTABLISHED, _S.FIN_WAIT_1, _S.FIN_WAIT_2, _S.CLOSE_WAIT)
_ENDING = (_S.CLOSING, _S.LAST_ACK)


def _drawn(source: State, what: str) -> str:
    return f"{source.lower().replace('-', '_')}_{what}"


RCV_RST: dict[State, Edge] = {
    source: _edge(
        source, _S.CLOSED, "rcv-rst",
        cause="recv RST", action="delete TCB", clause="rst-established" if source in _ABORTABLE else "rst-closing",
        reason="reset-by-peer", drawn_as=_drawn(source, "abort"),
    )
    for source in (*_ABORTABLE, *_ENDING)
} | {_S.TIME_WAIT: TIME_WAIT_RCV_RST}  # fmt: skip
"""An acceptable RST, by state."""

RCV_SYN: dict[State, Edge] = {
    source: _edge(
        source, _S.CLOSED, "rcv-syn",
        cause="recv SYN in the window", action="send RST, delete TCB", clause="syn-rfc-793", reason="syn-resets",
        rule_sets=LINUXES if source is _S.FIN_WAIT_2 else BY_RFC_793,
        drawn_as="synrcvd_closed" if source is _S.SYN_RECEIVED else _drawn(source, "abort"),
    )
    for source in (_S.SYN_RECEIVED, *_ABORTABLE, *_ENDING)
}  # fmt: skip
"""A SYN in the window of a connection by RFC 793, by state; in FIN-WAIT-2 also that of a small entry."""

ABORT: dict[State, Edge] = {
    source: _edge(
        source, _S.CLOSED, "abort",
        cause="ABORT", action="send RST, delete TCB", clause="abort-synchronised", reason="aborted-by-user",
        rule_sets=BY_SECTION_3_10_5, drawn_as=_drawn(source, "abort"),
    )
    for source in _ABORTABLE
} | {
    source: _edge(
        source, _S.CLOSED, "abort",
        cause="ABORT", action="delete TCB", clause="abort-closing", reason="aborted-by-user",
        drawn_as=_drawn(source, "abort"),
    )
    for source in _ENDING
} | {
    _S.LISTEN: LISTEN_ABORT,
    _S.SYN_SENT: SYN_SENT_ABORT,
    _S.SYN_RECEIVED: SYN_RECEIVED_ABORT,
    _S.TIME_WAIT: TIME_WAIT_ABORT,
}  # fmt: skip
"""The user's ABORT by section 3.10.5, by state."""

ABORT_WAIT: dict[State, Edge] = {
    source: _edge(
        source, _S.TIME_WAIT, "abort-wait",
        cause="ABORT", action="send RST", clause="abort-note-3", reason="aborted-by-user",
        rule_sets=BY_NOTE_3, drawn_as=_drawn(source, "abort_wait"),
    )
    for source in _ABORTABLE
} | {_S.SYN_RECEIVED: SYN_RECEIVED_ABORT_WAIT}  # fmt: skip
"""The user's ABORT by note 3 of figure 5, by state."""

TIMEOUT: dict[State, Edge] = {
    source: _edge(
        source, _S.CLOSED, "timeout",
        cause="timeout", action="delete TCB", clause="user-timeout", reason="gave-up", drawn_as=_drawn(source, "abort"),
    )
    for source in (*_ABORTABLE, *_ENDING)
} | {_S.SYN_SENT: SYN_SENT_TIMEOUT, _S.SYN_RECEIVED: SYN_RECEIVED_TIMEOUT}  # fmt: skip
"""User timeout, R2 or an unanswered keep-alive, by state."""

UNREACHABLE: dict[State, Edge] = {
    source: _edge(
        source, _S.CLOSED, "unreachable",
        cause="ICMP hard error", action="delete TCB", clause="icmp-hard", reason="icmp-hard-error",
        rule_sets=RFC_ONLY, drawn_as="synrcvd_closed" if source is _S.SYN_RECEIVED else _drawn(source, "abort"),
    )
    for source in (_S.SYN_RECEIVED, *_ABORTABLE, *_ENDING)
} | {_S.SYN_SENT: SYN_SENT_UNREACHABLE}  # fmt: skip
"""A hard ICMP error, by state."""

UNREACHABLE_SOFT: dict[State, Edge] = {_S.SYN_SENT: SYN_SENT_UNREACHABLE_SOFT}
"""A soft ICMP error that ends a connection all the same, by state."""

TEXT_TO_ORPHAN: dict[State, Edge] = {
    source: _edge(
        source, _S.CLOSED, "rcv-text-orphan",
        cause="recv data nobody will read", action="send RST, delete TCB", clause="half-duplex-close",
        reason="nobody-reads", drawn_as=_drawn(source, "abort"),
    )
    for source in (_S.FIN_WAIT_1, _S.FIN_WAIT_2)
}  # fmt: skip
"""New text for a connection that its program has let go of, by state."""

TRANSITIONS: tuple[Edge, ...] = tuple(_rows)
"""Every edge of every rule set."""

EDGES: dict[str, Edge] = {edge.id: edge for edge in TRANSITIONS}
"""The rows by id."""

assert len(EDGES) == len(TRANSITIONS), "two rows of TRANSITIONS share an id"


@dataclass(frozen=True, slots=True)
class Sequence:
    """Edges that a single event crosses one after the other, and the drawn edge that shows them as one."""

    edges: tuple[Edge, ...]
    why: str
    drawn_as: str | None = None


SEQUENCES: tuple[Sequence, ...] = (
    Sequence(
        (SYN_RECEIVED_RCV_ACK, ESTABLISHED_RCV_FIN),
        "the ACK that opens the connection carries a FIN, or a FIN was held since the SYN",
        drawn_as="synrcvd_closewait",
    ),
    Sequence((LISTEN_RCV_COOKIE, ESTABLISHED_RCV_FIN), "the ACK of a SYN cookie carries a FIN"),
    Sequence((SYN_SENT_RCV_SYN_ACK, ESTABLISHED_RCV_FIN), "the SYN,ACK carries a FIN"),
    Sequence((SYN_RECEIVED_RCV_ACK, ESTABLISHED_CLOSE), "a CLOSE was queued behind text in SYN-RECEIVED (3.10.4)"),
    Sequence(
        (SYN_RECEIVED_RCV_ACK, ESTABLISHED_CLOSE, FIN_WAIT_1_RCV_FIN),
        "a CLOSE was queued in SYN-RECEIVED, and the segment that opens the connection carries a FIN",
    ),
    Sequence(
        (FIN_WAIT_1_RCV_ACK, FIN_WAIT_2_RCV_FIN),
        "our FIN is acknowledged by the segment that fills the gap before a FIN that arrived early",
    ),
    Sequence(
        (FIN_WAIT_1_RCV_ACK, ABORT[_S.FIN_WAIT_2]),
        "our FIN is acknowledged, and the program left no time to wait for the peer's (TCP_LINGER2)",
    ),
    Sequence(
        (FIN_WAIT_1_RCV_ACK, TEXT_TO_ORPHAN[_S.FIN_WAIT_2]),
        "our FIN is acknowledged by a segment with text that nobody will read",
    ),
    Sequence(
        (SYN_RECEIVED_RCV_ACK, ESTABLISHED_CLOSE, TEXT_TO_ORPHAN[_S.FIN_WAIT_1]),
        "a CLOSE was queued in SYN-RECEIVED, and the segment that opens the connection carries text nobody will read",
    ),
)
"""What may be crossed within one event, besides single edges."""


def rule_set(name: str) -> tuple[Edge, ...]:
    """The rows that exist in the rule set ``name``. Raises ``ValueError`` for an unknown one."""
    if name not in EVERYWHERE:
        raise ValueError(f"{name!r} is not a rule set; allowed: {', '.join(sorted(EVERYWHERE))}")
    return tuple(edge for edge in TRANSITIONS if name in edge.rule_sets)


def drawn_in(rule_sets: Collection[str]) -> frozenset[str]:
    """The drawn edges that can be crossed in one of these rule sets."""
    rows = {edge.drawn_as for edge in TRANSITIONS if edge.rule_sets.intersection(rule_sets)}
    shown = {
        each.drawn_as
        for each in SEQUENCES
        if each.drawn_as and any(all(name in edge.rule_sets for edge in each.edges) for name in rule_sets)
    }
    return frozenset(rows | shown)
