"""Parts: what a searched world is made of, and what can be asked of its parts.

Rules
-----
* A world is (end A, end B, prompt segments, late segments, the rest), each a key of the store. Everything in here is a
  function of such keys, so that a store that remembers is asked once.
* Prompt segments are keys of ``Entry``; late ones are keys of ``Late``.
* All knowledge of TCP is in the engine, which ``ends`` asks. What may be done when is in ``model``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from tutor.explore import ends as at_end
from tutor.explore.ends import EXCUSED, A, B, End, Entry, Outcome, Seat, facts_for
from tutor.explore.held import giving_up, searched
from tutor.explore.normal import STEP, families, family_of, next_long, next_short, renumbered
from tutor.explore.past import FORGOTTEN, OPEN, Past, caller_of, earlier
from tutor.explore.store import Interned, Store
from tutor.explore.verdict import COMPLETE, HONEST, NO_GHOST, Memory, has_ghost
from tutor.explore.waiting import is_calling, waits_for_ever
from tutor.tcp.profile import Profile
from tutor.tcp.segment import ACK, RST, SYN
from tutor.tcp.states import State
from tutor.tcp.variant import TCP, Variant

_S = State


class Budget(NamedTuple):
    """What the network may do: see the letters of ``model``; and what the programs may."""

    held: int = 0
    losses: int = 0
    duplicates: int = 0
    coincidences: int = 0
    interferences: int = 0
    connects: int = 1
    writes: int = 1
    server_writes: int = 0
    server_closes: bool = False
    """B may close before A has."""
    gives_up: bool = False
    """Who calls may close while its connect() still waits."""
    orphans: bool = False
    """Programs call close() where they call shutdown(write) otherwise: what stays of the connection is an orphan."""


class Late(NamedTuple):
    """A late segment, and microseconds of life that are left."""

    entry: Entry
    left: int


class Rest(NamedTuple):
    """What is left of the budget, of the lives of the earlier incarnation's segments, and what judging remembers."""

    held: int
    losses: int
    duplicates: int
    coincidences: int
    interferences: int
    past_left: int
    memory: Memory


_RECORDS = Entry | End | Late | Rest
"""Parts that are one record; all others are some segments, by their keys."""


class Move(NamedTuple):
    """One move: what is done, at which side, with which segment (a key), and which number is chosen."""

    kind: str
    side: int = -1
    what: Any = None
    choice: int = 0


COSTS_NOTHING = frozenset({"tick"})
"""Kinds of moves that are not counted: nobody does anything, time passes."""


class HasKind(Protocol):
    """Any move: one of a path, one of somebody's."""

    @property
    def kind(self) -> str:
        """Which kind of move it is."""
        ...


def cost(moves: Iterable[HasKind]) -> int:
    """How many moves a way is: all but waiting."""
    return sum(move.kind not in COSTS_NOTHING for move in moves)


PLACES = (("equal to the old one", 0), ("the old one just below it", 3000), ("the old one just above it", -3000))
"""Where an adversary may place an initial number, by the distance from the earlier incarnation's: choices 1, 2, 3."""

NEVER, FOREVER = -1, 1 << 62
"""What is left of a life that is over, and of what never ends."""

World = tuple[Any, Any, Any, Any, Any]
"""(end A, end B, prompt segments, late segments, rest)."""


ABOVE = (False, False)
"""Both sides' fresh numbers lie above all that are in use."""

ORDERS = (ABOVE, (True, True), (False, True), (True, False))
"""Every choice of who begins below all that are in use: A, B."""


class Play(NamedTuple):
    """What is searched: the rules of both ends, the budget, the beginning, and the properties that are watched."""

    profile: Profile
    variant: Variant = TCP
    budget: Budget = Budget()
    beginning: str = FORGOTTEN
    watched: int = 0
    retries: int = 0
    """Repetitions of a segment after which it is given up; 0: never."""
    barred: tuple[tuple[int, int], ...] = ()
    """(side, place) at which no adversary may place a number."""
    callers: tuple[bool, bool] = (True, False)
    """Which sides may call."""
    listeners: tuple[bool, bool] = (False, True)
    """Which sides listen."""
    is_overdue: bool = False
    """Segments live for four MSL."""
    below: tuple[bool, bool] = ABOVE
    """Whose fresh numbers lie below all that are in use; those of the others lie above."""


class Clock(NamedTuple):
    """What is left until the next short and the next long timer strikes, and which they are."""

    short: int = FOREVER
    short_timer: str = ""
    long: int = FOREVER
    long_timer: str = ""


class Parts:
    """The functions of keys, over a store, under the rules of a ``Play``."""

    remembered: tuple[str, ...] = (
        "_arrives", "_connects", "_writes", "_closes", "_releases", "_aborts", "_expires", "_crashes", "_facts",
        "_chooses", "_calls", "_clock", "_life", "_later", "families", "_is_together", "renamed", "may_hold",
        "has_more", "at_rest",
    )  # fmt: skip
    """Functions that the store is asked for once for the same keys."""

    def __init__(self, play: Play, store: Store | None = None) -> None:
        self.play = play
        self.store: Store = store if store is not None else Interned()
        rules = searched(play.profile, play.variant, **giving_up(play.retries))
        counts, tells_fin = bool(play.retries), bool(play.watched & COMPLETE)
        a, b = (Seat(side, rules, play.listeners[side], counts, tells_fin) for side in (A, B))
        self.seats = a, b
        self.unit = play.profile.time_wait_us // 8
        self.lifetime = (16 if play.is_overdue else 4) * self.unit - 1
        """MSL, and a little less: what was sent is older than what begins after it at the same moment of the search."""
        caller = caller_of(play.listeners)
        self.past: Past = earlier((Seat(A, rules, listens=caller == B), Seat(B, rules, listens=caller == A)))
        self.fixed = play.variant.fixed_isn
        self.keeps_names = False
        """Numbers stay as they were chosen; for a run that shows what was found."""
        for name in self.remembered:
            setattr(self, name, self.store.memo(getattr(self, name)))
        self.old = tuple(self.store.key(entry) for entry in self.past.sent)

    # --- what is remembered: functions of keys ---

    def _arrives(self, end: Any, entry: Any, side: int, iss: int, facts: int) -> Any:
        value, segment = self.store.value(end), self.store.value(entry).segment
        return self._kept(at_end.arrives(self.seats[side], value, segment, iss, facts))

    def _connects(self, end: Any, side: int, iss: int) -> Any:
        return self._kept(at_end.connects(self.seats[side], self.store.value(end), iss))

    def _writes(self, end: Any, side: int) -> Any:
        return self._kept(at_end.writes(self.seats[side], self.store.value(end)))

    def _closes(self, end: Any, side: int) -> Any:
        return self._kept(at_end.closes(self.seats[side], self.store.value(end)))

    def _releases(self, end: Any, side: int) -> Any:
        return self._kept(at_end.releases(self.seats[side], self.store.value(end)))

    def _aborts(self, end: Any, side: int) -> Any:
        return self._kept(at_end.aborts(self.seats[side], self.store.value(end)))

    def _expires(self, end: Any, side: int, timer: str) -> Any:
        return self._kept(at_end.expires(self.seats[side], self.store.value(end), timer))

    def _kept(self, outcome: Outcome) -> tuple[Any, tuple[Any, ...], Any, Any]:
        sent = tuple(self.store.key(entry) for entry in outcome.sent)
        return self.store.key(outcome.end), sent, outcome.news, outcome.notes

    def _facts(self, caller: Any, entry: Any, iss: int) -> int:
        return facts_for(self.store.value(entry).segment, iss, self.store.value(caller))

    def _chooses(self, end: Any, entry: Any, side: int) -> bool:
        """Would this segment have a listener choose a number?"""
        tcb = self.store.value(end).tcb
        flags = self.store.value(entry).segment.flags
        is_free = tcb is None or tcb.state is _S.TIME_WAIT
        return self.seats[side].listens and is_free and flags & (SYN | ACK | RST) == SYN

    def _crashes(self, end: Any) -> Any:
        """The host of this end forgets it."""
        return self.store.key(self.store.value(end)._replace(tcb=None, ghost=0)), (), (), ()

    def _later(self, entry: Any) -> Any:
        """A segment that lives for as long as one may."""
        return self.store.key(Late(self.store.value(entry), self.lifetime))

    def has_more(self, rest: Any) -> int:
        """The properties that were broken on the way, as bits."""
        return int(self.store.value(rest).memory.broken)

    def at_rest(self, a: Any, b: Any) -> int:
        """The watched properties that are broken where nothing is under way, as bits."""
        ends, watched = (self.store.value(a), self.store.value(b)), self.play.watched
        bits = HONEST if watched & HONEST and self._waits(ends) else 0
        has_timer = any(end.tcb is not None and end.tcb.timers.running() for end in ends)
        return bits | (NO_GHOST if watched & NO_GHOST and not has_timer and has_ghost(ends) else 0)

    def _waits(self, ends: tuple[End, End]) -> bool:
        """Nothing is under way: does somebody call a listener, and will never be answered?"""
        return any(
            is_calling(ends[side].tcb)
            and self.seats[1 - side].listens
            and not ends[side].ghost & EXCUSED
            and waits_for_ever(self.seats, ends, side)
            for side in (A, B)
        )

    # --- names ---

    def families(self, part: Any) -> int:
        """The families of numbers that occur in a part, as bits (``normal.families``)."""
        value = self.store.value(part)
        if isinstance(value, _RECORDS):
            return families(value)
        bits = 0
        for each in value:
            bits |= self.families(each)
        return bits

    def _is_together(self, used: int) -> bool:
        """Is there no gap between the families that are used?"""
        a, b = used & 0xFFFF, used >> 16
        return not (a & (a + 1) or b & (b + 1))

    def renamed(self, part: Any, used: int) -> Any:
        """``part`` with the families that are ``used`` moved together."""
        value = self.store.value(part)
        places = [[family for family in range(16) if used >> 16 * side >> family & 1] for side in (A, B)]

        def change(each: int) -> int:
            side, family = family_of(each)
            gap = abs(family) - places[side].index(abs(family))
            return each - (gap if family > 0 else -gap) * STEP

        if isinstance(value, _RECORDS):
            return self.store.key(renumbered(value, change))
        return self.store.key(self.store.ordered(self.renamed(each, used) for each in value))

    # --- what may be done ---

    def may_hold(self, a: Any) -> bool:
        """Is this still the earlier incarnation, so that what is held back now comes from it?"""
        return self.play.beginning == OPEN and not self.store.value(a).serial

    def _calls(self, end: Any, side: int) -> tuple[str, ...]:
        value: End = self.store.value(end)
        if value.tcb is None:
            return ("connect",) if value.connects else ()
        state, out = value.tcb.state, value.tcb.out
        calls = []
        if value.writes and not out.is_closed and state in (_S.ESTABLISHED, _S.CLOSE_WAIT):
            calls.append("write")
        budget = self.play.budget
        may_close = (
            state is _S.CLOSE_WAIT
            or (is_calling(value.tcb) and budget.gives_up)
            or (state is _S.ESTABLISHED and (side == A or budget.server_closes))
        )
        if may_close and not out.is_closed:
            calls.append("release" if budget.orphans else "close")
        return tuple(calls)

    # --- time ---

    def _clock(self, end: Any) -> Clock:
        """What runs at an end."""
        tcb = self.store.value(end).tcb
        if tcb is None:
            return Clock()
        short, long = next_short(tcb) or (FOREVER, ""), next_long(tcb) or (FOREVER, "")
        return Clock(*short, *long)

    def _life(self, late: Any, rest: Any) -> int:
        """How long the old or late segment that dies first has still to live."""
        value: Rest = self.store.value(rest)
        lives = [self.store.value(each).left for each in self.store.value(late)]
        lives.append(value.past_left if value.held else NEVER)
        return min((left for left in lives if left > 0), default=FOREVER)
