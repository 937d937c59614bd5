"""Variant: deliberately broken protocols, to see what a rule of TCP is for by leaving it out.

Rules
-----
* A variant is data: numbers and rules of the profile that it sets, edges that it puts in the place of others, and
  hooks. A hook is a field here that is off in TCP and is asked for at one place of the engine, where the rule stands
  that it breaks. There is no ``if`` on a variant's name anywhere.
* Edges of variants (``deviations``) have ids and reasons of their own: whoever crosses one says that it is not TCP.
* ``TCP`` is the variant that departs in nothing; every profile has it unless it says otherwise.

Theory
------
"Two handshakes are not enough" is a sentence one can learn by heart. A handshake that really makes do with two, run
by the same engine, can be watched as it fails; and a search can find the shortest way to make it fail.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import NamedTuple

from tutor.tcp import deviations as d, transitions as t
from tutor.tcp.deviations import DEVIATIONS, ROWS
from tutor.tcp.states import State
from tutor.tcp.transitions import Edge

__all__ = (
    "ACTIVE", "DEVIATIONS", "PASSIVE", "ROWS", "TCP", "VARIANTS", "Variant", "drawn_in", "rows", "variant_named",
)  # fmt: skip

ACTIVE, PASSIVE = "active", "passive"
"""Who opens: the side that calls, and the side that is called."""

_S = State


class Answer(NamedTuple):
    """What a state of TCP answers without leaving it: its id in the figure, and on what with what (a message id)."""

    id: str
    told: str


CLOSED_ANSWERS = Answer("closed_answers", "recv any segment → RST")
"""RFC 9293 section 3.10.7.1."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Variant:
    """One protocol that is not TCP. ``title`` and ``departs`` (what it does instead) are message ids."""

    id: str = ""
    title: str = ""
    departs: str = ""
    rules: tuple[tuple[str, str | int | bool], ...] = ()
    """Fields of the profile that it sets."""
    time_wait_percent: int = 100
    """Of the profile's TIME-WAIT so much is left."""
    instead: Mapping[str, Edge] = field(default_factory=dict, repr=False)
    """Id of an edge of TCP -> the edge that is crossed in its place."""
    without: frozenset[str] = frozenset()
    """Ids of edges that cannot be crossed any more."""
    added: tuple[Edge, ...] = ()
    """Edges that can be crossed besides."""
    unanswered: tuple[Answer, ...] = ()
    """What TCP answers and it does not."""

    # --- hooks ---
    opens_on_syn: bool = False
    """A listener is ESTABLISHED on the SYN, the caller on the SYN,ACK: no third segment, no SYN,ACK timer."""
    text_on_syn: bool = False
    """What is written with the call goes out on the SYN."""
    believes_any_ack: bool = False
    """The acknowledged number of a segment is not looked at in synchronised states."""
    opens_on_any_ack: bool = False
    """A listener's SYN-RECEIVED takes any acknowledged number for that of its SYN."""
    answers_apart: bool = False
    """A listener answers a SYN with an ACK and a SYN of its own, two segments."""
    fixed_isn: frozenset[str] = frozenset()
    """The sides (``ACTIVE``, ``PASSIVE``) whose every connection begins with the same number."""
    forgets_fin: bool = False
    """A FIN is sent once: it waits in no queue and no timer repeats it."""
    closes_in_two: bool = False
    """A FIN is answered with a FIN, and both ends are CLOSED."""
    is_mute_when_closed: bool = False
    """Where there is no connection nothing is answered."""

    @property
    def keeps_an_entry(self) -> bool:
        """Is it in the answer to a SYN that it departs, so that no cookie can stand in for what a listener keeps?"""
        return (
            self.opens_on_syn or self.answers_apart or self.opens_on_any_ack or PASSIVE in self.fixed_isn
        )  # fmt: skip

    @property
    def is_tcp(self) -> bool:
        """Is this the protocol itself?"""
        return not self.id


TCP = Variant()
"""The protocol itself."""


# --- which edges exist ---


def rows(variant: Variant, rule_set: str) -> tuple[Edge, ...]:
    """The edges that exist in ``variant`` under the rule set of a profile. Raises ``ValueError`` for an unknown one."""
    kept = (edge for edge in t.rule_set(rule_set) if edge.id not in variant.without)
    redirected = (variant.instead.get(edge.id, edge) for edge in kept)
    return tuple(dict.fromkeys((*redirected, *variant.added)))


def drawn_in(rule_sets: Collection[str], variant: Variant = TCP) -> frozenset[str]:
    """The drawn edges that can be crossed in one of these rule sets, under ``variant``."""
    exist = t.drawn_in(rule_sets)
    if variant.is_tcp:
        return exist
    alone = {edge.drawn_as for name in rule_sets for edge in t.rule_set(name)}
    left = {edge.drawn_as for name in rule_sets for edge in rows(variant, name)}
    gone = {each.drawn_as for each in t.SEQUENCES if any(edge.id in variant.without for edge in each.edges)}
    return ((exist - alone) | left) - (gone - alone)


def _leaving(*states: State) -> frozenset[str]:
    """Every edge that starts in a state which no path enters any more."""
    return frozenset(edge.id for edge in t.TRANSITIONS if edge.source in states)


def _entering(*states: State) -> frozenset[str]:
    return frozenset(edge.id for edge in t.TRANSITIONS if edge.target in states)


def _swap(*pairs: tuple[Edge, Edge]) -> Mapping[str, Edge]:
    return MappingProxyType({old.id: new for old, new in pairs})


# --- the variants ---

_TWO_WAY = _swap(
    (t.LISTEN_RCV_SYN, d.LISTEN_OPENS),
    (t.TIME_WAIT_RCV_SYN, d.TIME_WAIT_OPENS),
    (t.SYN_SENT_RCV_SYN_ACK, d.SYN_SENT_OPENS),
)
_NO_TEXT: tuple[tuple[str, str | int | bool], ...] = (("syn_text", "ignore"),)
_OLD_ACKS: tuple[tuple[str, str | int | bool], ...] = (
    ("unsent_ack", "answer"), ("old_ack_of_sent", False), ("old_ack_in_closing", "take"),
)  # fmt: skip
_ACKS_BY_793 = (*_OLD_ACKS, ("old_ack_check", False))
_ACKS_BY_5961 = (*_OLD_ACKS, ("old_ack_check", True))
_NO_TIME_WAIT = _swap(
    (t.FIN_WAIT_1_RCV_FIN_ACK, d.FIN_WAIT_1_ENDS),
    (t.FIN_WAIT_2_RCV_FIN, d.FIN_WAIT_2_ENDS),
    (t.CLOSING_RCV_ACK, d.CLOSING_ENDS),
    *((wait, t.ABORT[state]) for state, wait in t.ABORT_WAIT.items()),
)
_IN_TWO = _swap(
    (t.ESTABLISHED_RCV_FIN, d.ESTABLISHED_ENDS),
    (t.FIN_WAIT_1_RCV_FIN, d.FIN_WAIT_1_FIN_ENDS),
    (t.FIN_WAIT_1_RCV_FIN_ACK, d.FIN_WAIT_1_BOTH_ENDS),
)
_UNUSED_IN_TWO = (_S.FIN_WAIT_2, _S.CLOSE_WAIT, _S.CLOSING, _S.LAST_ACK, _S.TIME_WAIT)
_APART = _swap(
    (t.LISTEN_RCV_SYN, d.LISTEN_ANSWERS_APART),
    (t.TIME_WAIT_RCV_SYN, d.TIME_WAIT_ANSWERS_APART),
    (t.SYN_SENT_RCV_SYN_ACK, d.SYN_SENT_RCV_SYN_LATER),
)
_CALLS_FIXED = (
    (t.CLOSED_ACTIVE_OPEN, d.CALLS_FIXED),
    (t.LISTEN_ACTIVE_OPEN, d.LISTEN_CALLS_FIXED),
    (t.LISTEN_SEND, d.LISTEN_SENDS_FIXED),
)
_ANSWERS_FIXED = ((t.LISTEN_RCV_SYN, d.ANSWERS_FIXED), (t.TIME_WAIT_RCV_SYN, d.REOPENS_FIXED))
_ONCE = _swap(
    (t.ESTABLISHED_CLOSE, d.ESTABLISHED_CLOSE_ONCE),
    (t.CLOSE_WAIT_CLOSE, d.CLOSE_WAIT_CLOSE_ONCE),
    (t.SYN_RECEIVED_CLOSE, d.SYN_RECEIVED_CLOSE_ONCE),
)

_ALL: tuple[Variant, ...] = (
    Variant(
        id="two-way",
        title="two-way handshake",
        departs="the server is ESTABLISHED on the SYN and no timer repeats its SYN+ACK;"
        " no acknowledged number is checked",
        rules=(*_ACKS_BY_793, *_NO_TEXT), instead=_TWO_WAY, opens_on_syn=True, believes_any_ack=True,
    ),
    Variant(
        id="two-way-rfc793",
        title="two-way handshake, ACK rule of RFC 793",
        departs="the server is ESTABLISHED on the SYN and no timer repeats its SYN+ACK;"
        " an old ACK counts as a duplicate",
        rules=(*_ACKS_BY_793, *_NO_TEXT), instead=_TWO_WAY, opens_on_syn=True,
    ),
    Variant(
        id="two-way-rfc5961",
        title="two-way handshake, ACK rule of RFC 5961",
        departs="the server is ESTABLISHED on the SYN and no timer repeats its SYN+ACK; too old an ACK is refused",
        rules=(*_ACKS_BY_5961, *_NO_TEXT), instead=_TWO_WAY, opens_on_syn=True,
    ),
    Variant(
        id="two-way-syn-data",
        title="two-way handshake with data on the SYN",
        departs="the server is ESTABLISHED on the SYN and hands the data on it to its program at once",
        rules=(*_ACKS_BY_5961, ("syn_text", "queue")), instead=_TWO_WAY, opens_on_syn=True, text_on_syn=True,
    ),
    Variant(
        id="unchecked-ack",
        title="handshake that does not check the number",
        departs="the server takes any ACK for the answer to its SYN+ACK, whatever number it acknowledges",
        instead=_swap((t.SYN_RECEIVED_RCV_ACK, d.SYN_RECEIVED_ANY_ACK)), opens_on_any_ack=True,
    ),
    Variant(
        id="four-segment-handshake",
        title="handshake in four segments",
        departs="the server sends its ACK and its SYN apart, as two segments, and the caller knows to wait for both",
        instead=_APART, added=(d.SYN_SENT_RCV_ACK,), answers_apart=True,
    ),
    Variant(
        id="fixed-isn",
        title="fixed initial sequence numbers",
        departs="every connection begins with the same numbers, at both ends",
        instead=_swap(*_CALLS_FIXED, *_ANSWERS_FIXED), fixed_isn=frozenset({ACTIVE, PASSIVE}),
    ),
    Variant(
        id="fixed-isn-client",
        title="fixed initial sequence number of the caller",
        departs="whoever calls begins every connection with the same number",
        instead=_swap(*_CALLS_FIXED), fixed_isn=frozenset({ACTIVE}),
    ),
    Variant(
        id="fixed-isn-server",
        title="fixed initial sequence number of the server",
        departs="whoever is called begins every connection with the same number",
        instead=_swap(*_ANSWERS_FIXED), fixed_isn=frozenset({PASSIVE}),
    ),
    Variant(
        id="no-time-wait",
        title="no TIME-WAIT",
        departs="whoever closes first forgets the connection with the last ACK",
        instead=_NO_TIME_WAIT, without=_leaving(_S.TIME_WAIT),
    ),
    Variant(
        id="time-wait-1msl",
        title="TIME-WAIT of 1 MSL",
        departs="TIME-WAIT lasts half as long as it should",
        time_wait_percent=50, instead=_swap((t.TIME_WAIT_TIMEOUT, d.TIME_WAIT_CUT)),
    ),
    Variant(
        id="no-fin-retransmission",
        title="no retransmission of FIN",
        departs="a FIN is sent once; nobody repeats it when it is lost",
        instead=_ONCE, forgets_fin=True,
    ),
    Variant(
        id="two-segment-close",
        title="close in two segments",
        departs="a FIN is answered with a FIN and both ends forget the connection, whatever was still to be sent",
        instead=_IN_TWO, without=_leaving(*_UNUSED_IN_TWO) | (_entering(*_UNUSED_IN_TWO) - set(_IN_TWO)),
        closes_in_two=True,
    ),
    Variant(
        id="no-rst-from-closed",
        title="no RST from CLOSED",
        departs="a host that knows no connection answers nothing",
        unanswered=(CLOSED_ANSWERS,),
        is_mute_when_closed=True,
    ),
    Variant(
        id="no-challenge-ack",
        title="no challenge ACK, by RFC 793",
        departs="any RST or SYN in the window ends a connection, as before RFC 5961",
        rules=(("reset_must_be_exact", False), ("syn_is_challenged", False), ("old_ack_check", False)),
        added=tuple(t.RCV_SYN.values()),
    ),
)  # fmt: skip

VARIANTS: Mapping[str, Variant] = MappingProxyType({variant.id: variant for variant in _ALL})
"""Every variant by id, in the order in which they are shown."""


def variant_named(name: str) -> Variant:
    """The variant ``name``; ``TCP`` for "" and "none". Raises ``ValueError`` for one that does not exist."""
    if name in ("", "none"):
        return TCP
    if name not in VARIANTS:
        raise ValueError(f"{name!r} is no variant; allowed: none, {', '.join(VARIANTS)}")
    return VARIANTS[name]
