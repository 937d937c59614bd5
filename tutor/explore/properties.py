"""The seven properties of a connection, as sentences, and what must be remembered of a run to judge them.

Rules
-----
* A property has two sentences. ``always``: what must never be otherwise. ``sometimes``: what must have come up for the
  first to say anything at all; until then a run has proved nothing, and is not praised for it.
* A is who opens, B is who is opened to; x and y are the initial numbers that they choose. Either host may be A or B.
* ``Facts`` is a value that the engine's reactions are folded into (``observing``): one for each pair of addresses and
  ports. ``broken`` and ``tried`` only ever grow.

Theory
------
Tomlinson (1975) and Dalal and Sunshine (1978) asked what a handshake is for: each number must be confirmed by the other
side, and an old number must never be taken for a new one. The sentences say that without naming any segment, so that
they can be asked of a protocol with two segments, three, or four.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import NamedTuple


class Property(NamedTuple):
    """One property. ``title``, ``always`` and ``sometimes`` are message ids; ``number`` is P1 to P7."""

    id: str
    number: str
    title: str
    always: str
    sometimes: str


_ALL: tuple[Property, ...] = (
    Property(
        "fresh-open", "P1", "fresh open",
        "a connection is shown to accept() only if the caller whose number it has called, or was still there, after the"
        " answer was chosen",
        "a connection is shown to accept()",
    ),
    Property(
        "agreed-open", "P2", "agreed open",
        "who is called is ESTABLISHED only on two numbers that the caller has agreed to before, and one call opens one"
        " connection at most",
        "who is called is ESTABLISHED",
    ),
    Property(
        "no-ghost", "P3", "no ghost at rest",
        "when nothing is under way and no timer runs, every synchronised end has its match at the other end",
        "nothing is under way, no timer runs, and an end is synchronised",
    ),
    Property(
        "own-bytes", "P4", "own bytes only",
        "every byte that a program can read was written by the peer's program in the same connection",
        "a byte can be read",
    ),
    Property(
        "exactly-once", "P5", "exactly once, in order",
        "what can be read is a beginning of what was written, each byte once",
        "a byte can be read",
    ),
    Property(
        "orderly-close", "P6", "orderly close means complete",
        "who leaves in order has delivered all its bytes and got its peer's FIN; who has sent its FIN and lost nothing"
        " but ACKs is not told reset",
        "a side that has sent its FIN leaves",
    ),
    Property(
        "honest-open", "P7", "an honest open succeeds",
        "who calls a listener is never refused, nor reset before anything was said, and never waits for nothing, nor"
        " gives up before every try was lost",
        "a call to a listener comes to an end",
    ),
)  # fmt: skip

PROPERTIES: Mapping[str, Property] = MappingProxyType({each.id: each for each in _ALL})
"""P1 to P7 by id, in their order."""


class Life(NamedTuple):
    """One incarnation of one end."""

    serial: int
    """Counts the incarnations of this end from 1."""
    iss: int
    irs: int | None
    """None until the peer's number is known."""
    is_active: bool
    stream: str
    """What its program writes, by the name of its octets."""
    mate: int | None = None
    """The incarnation of the other end that it speaks with; None if there is none."""
    is_alive: bool = True
    is_fresh: bool = False
    """Its mate was there at a moment not before its own number was chosen."""
    has_agreed: bool = False
    """It has been in SYN-RECEIVED or a later state with both numbers."""
    has_opened: bool = False
    """The call has opened a connection at the other end."""
    is_shown: bool = False
    """Its program was told that it is open, or can learn it by accept()."""
    given: int = 0
    """Octets of its mate's that its program can read or has read, in order."""
    has_finished: bool = False
    """It has sent a FIN."""
    met_nobody: bool = False
    """Something of it has arrived where nobody was and nobody listened."""
    losses: int = 0
    """Segments that the network lost before it held both numbers."""
    is_excused: bool = False
    """Somebody aborted or crashed: a reset is no wonder."""


class Facts(NamedTuple):
    """What a run has shown of one 4-tuple: the incarnations of both ends, and which properties are broken or tried."""

    lives: tuple[tuple[Life, ...], tuple[Life, ...]] = ((), ())
    lost_more: bool = False
    """Something else than a bare ACK was lost since the last call."""
    broken: frozenset[str] = frozenset()
    tried: frozenset[str] = frozenset()

    def newest(self, end: int) -> Life | None:
        """The newest incarnation of an end (0 or 1), dead or alive."""
        return self.lives[end][-1] if self.lives[end] else None

    def alive(self, end: int) -> Life | None:
        """The incarnation of an end that exists now."""
        last = self.newest(end)
        return last if last is not None and last.is_alive else None

    def mate_of(self, end: int, life: Life) -> Life | None:
        """The incarnation of the other end that ``life`` of ``end`` speaks with."""
        return next((each for each in self.lives[1 - end] if each.serial == life.mate), None)


NOTHING_YET = Facts()
"""Before anything has happened."""

MEMORY = 6
"""Incarnations of an end that are remembered: what is still under way belongs to one of the last few."""


def with_life(facts: Facts, end: int, life: Life) -> Facts:
    """``facts`` with ``life`` in the place of the incarnation that has its number, or as a new one."""
    known = facts.lives[end]
    if known and known[-1].serial >= life.serial:
        lives = tuple(life if each.serial == life.serial else each for each in known)
    else:
        lives = (*known, life)[-MEMORY:]
    return facts._replace(lives=(lives, facts.lives[1]) if end == 0 else (facts.lives[0], lives))


def judged(facts: Facts, name: str, *, holds: bool) -> Facts:
    """The property ``name`` has been put to the test."""
    if name not in facts.tried:
        facts = facts._replace(tried=facts.tried | {name})
    return facts if holds or name in facts.broken else facts._replace(broken=facts.broken | {name})


def renamed(facts: Facts, number: Callable[[int], int]) -> Facts:
    """``facts`` with every initial number put through ``number``, for a normal form."""
    new = [
        tuple(
            life._replace(iss=number(life.iss), irs=number(life.irs) if life.irs is not None else None)
            for life in lives
        )
        for lives in facts.lives
    ]
    return facts._replace(lives=(new[0], new[1]))
