"""Variant: deliberately broken protocols, to see what a rule of TCP is for by leaving it out.

Rules
-----
* A variant is data: numbers and rules of the profile that it sets, edges that it redirects or removes, and hooks.
* A hook is a field here that is False in TCP and is asked for at exactly one place of the engine, where the rule
  stands that it breaks. There is no ``if`` on a variant's name anywhere.
* Edges of a variant have ids and reasons of their own, and bear the mark of what is not TCP wherever they are shown.
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

from tutor.tcp import transitions
from tutor.tcp.states import State
from tutor.tcp.transitions import EDGES, EVERYWHERE, Edge

ACTIVE, PASSIVE = "active", "passive"
"""Who opens: the side that calls, and the side that is called."""

_S = State


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

    # --- hooks ---
    opens_on_syn: bool = False
    """A listener is ESTABLISHED on the SYN, the caller on the SYN,ACK; no third segment, no SYN,ACK timer."""
    believes_any_ack: bool = False
    """The acknowledged number of a segment is not looked at in synchronised states."""
    opens_on_any_ack: bool = False
    """SYN-RECEIVED takes any acknowledged number for that of its SYN."""
    fixed_isn: frozenset[str] = frozenset()
    """The sides (``ACTIVE``, ``PASSIVE``) whose every connection begins with the same number."""

    @property
    def is_tcp(self) -> bool:
        """Is this the protocol itself?"""
        return not self.id


TCP = Variant()
"""The protocol itself."""


# --- edges of variants ---

_DEVIATIONS: dict[str, Edge] = {}


def _redirected(edge: Edge, target: State, name: str, *, action: str, reason: str, drawn_as: str) -> Edge:
    """``edge`` with another target, as a row of its own."""
    row = Edge(
        f"{edge.source.lower()}/{name}", edge.source, target, edge.cause, action, "not-tcp", reason, EVERYWHERE,
        drawn_as,
    )  # fmt: skip
    _DEVIATIONS[row.id] = row
    return row


LISTEN_OPENS = _redirected(
    transitions.LISTEN_RCV_SYN, _S.ESTABLISHED, "rcv-syn-opens",
    action="send SYN,ACK", reason="opened-unproved", drawn_as="listen_estab",
)  # fmt: skip
TIME_WAIT_OPENS = _redirected(
    transitions.TIME_WAIT_RCV_SYN, _S.ESTABLISHED, "rcv-syn-opens",
    action="send SYN,ACK", reason="opened-unproved", drawn_as="timewait_reopen",
)  # fmt: skip

DEVIATIONS: Mapping[str, Edge] = MappingProxyType(_DEVIATIONS)
"""Every edge that exists in some variant only, by id."""

ROWS: Mapping[str, Edge] = MappingProxyType(EDGES | _DEVIATIONS)
"""Every edge that any run can cross, by id."""


def rows(variant: Variant, rule_set: str) -> tuple[Edge, ...]:
    """The edges that exist in ``variant`` under the rule set of a profile."""
    kept = (edge for edge in transitions.rule_set(rule_set) if edge.id not in variant.without)
    return (*(variant.instead.get(edge.id, edge) for edge in kept), *variant.added)


def drawn_in(rule_sets: Collection[str], variant: Variant = TCP) -> frozenset[str]:
    """The drawn edges that can be crossed in one of these rule sets, under ``variant``."""
    exist = transitions.drawn_in(rule_sets)
    if variant.is_tcp:
        return exist
    rows_of_tcp = {edge.drawn_as for name in rule_sets for edge in transitions.rule_set(name)}
    left = {edge.drawn_as for name in rule_sets for edge in rows(variant, name)}
    return (exist - rows_of_tcp) | left


# --- the variants ---

_TWO_WAY_EDGES: Mapping[str, Edge] = MappingProxyType(
    {transitions.LISTEN_RCV_SYN.id: LISTEN_OPENS, transitions.TIME_WAIT_RCV_SYN.id: TIME_WAIT_OPENS}
)
_IGNORES_TEXT = (("syn_text", "ignore"),)
_RFC_793_ACKS = (
    ("unsent_ack", "answer"),
    ("old_ack_check", False),
    ("old_ack_of_sent", False),
    ("old_ack_in_closing", "take"),
)
_RFC_5961_ACKS = (
    ("unsent_ack", "answer"),
    ("old_ack_check", True),
    ("old_ack_of_sent", False),
    ("old_ack_in_closing", "take"),
)

_ALL: tuple[Variant, ...] = (
    Variant(
        id="two-way",
        title="two-way handshake",
        departs="the server is ESTABLISHED on the SYN and never repeats its SYN+ACK; no acknowledged number is checked",
        rules=(*_RFC_793_ACKS, *_IGNORES_TEXT), instead=_TWO_WAY_EDGES, opens_on_syn=True, believes_any_ack=True,
    ),
    Variant(
        id="two-way-rfc793",
        title="two-way handshake, ACK rule of RFC 793",
        departs="the server is ESTABLISHED on the SYN and never repeats its SYN+ACK; an old ACK counts as a duplicate",
        rules=(*_RFC_793_ACKS, *_IGNORES_TEXT), instead=_TWO_WAY_EDGES, opens_on_syn=True,
    ),
    Variant(
        id="two-way-rfc5961",
        title="two-way handshake, ACK rule of RFC 5961",
        departs="the server is ESTABLISHED on the SYN and never repeats its SYN+ACK; too old an ACK is refused",
        rules=(*_RFC_5961_ACKS, *_IGNORES_TEXT), instead=_TWO_WAY_EDGES, opens_on_syn=True,
    ),
    Variant(
        id="two-way-syn-data",
        title="two-way handshake with data on the SYN",
        departs="the server is ESTABLISHED on the SYN and hands the data on it to its program at once",
        rules=(*_RFC_5961_ACKS, ("syn_text", "queue")), instead=_TWO_WAY_EDGES, opens_on_syn=True,
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
