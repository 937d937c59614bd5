"""Parts: what a searched world is made of, and what can be asked of its parts.

Rules
-----
* A world is (end A, end B, prompt segments, late segments, the rest), each a key of the store. Everything in here is a
  function of such keys, so that a store that remembers is asked once.
* Prompt segments are keys of ``Entry``; late ones are keys of (``Entry``, microseconds of life that are left).
* All knowledge of TCP is in the engine, which ``ends`` asks. What may be done when is in ``model``.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol

from tutor.explore import ends as at_end
from tutor.explore.ends import A, B, End, Entry, Outcome, Seat, facts_for, hears
from tutor.explore.held import giving_up, searched
from tutor.explore.normal import STEP, aged, families, family_of, next_long, next_short, renumbered
from tutor.explore.past import FORGOTTEN, OPEN, Past, earlier
from tutor.explore.store import Interned, Store
from tutor.explore.verdict import Memory, has_ghost, noted
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
    """A may close while its connect() still waits."""


class Rest(NamedTuple):
    """What is left of the budget, of the lives of the earlier incarnation's segments, and what judging remembers."""

    held: int
    losses: int
    duplicates: int
    coincidences: int
    interferences: int
    past_left: int
    memory: Memory


class Move(NamedTuple):
    """One move: what is done, at which side, with which segment (a key), and which number is chosen."""

    kind: str
    side: int = -1
    what: Any = None
    choice: int = 0


COSTS_NOTHING = frozenset({"tick"})
"""Kinds of moves that are not counted: nobody does anything, time passes."""


class _HasKind(Protocol):
    @property
    def kind(self) -> str: ...


def cost(moves: Iterable[_HasKind]) -> int:
    """How many moves a way is: all but waiting."""
    return sum(move.kind not in COSTS_NOTHING for move in moves)


PLACES = (("equal to the old one", 0), ("the old one just below it", 3000), ("the old one just above it", -3000))
"""Where an adversary may place an initial number, by the distance from the earlier incarnation's: choices 1, 2, 3."""

NEVER, FOREVER = -1, 1 << 62
"""What is left of a life that is over, and of what never ends."""

World = tuple[Any, Any, Any, Any, Any]
"""(end A, end B, prompt segments, late segments, rest)."""


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


class Clock(NamedTuple):
    """What is left until the next short and the next long timer strikes, and which they are."""

    short: int = FOREVER
    short_timer: str = ""
    long: int = FOREVER
    long_timer: str = ""


class Parts:
    """The functions of keys, over a store, under the rules of a ``Play``."""

    def __init__(self, play: Play, store: Store | None = None) -> None:
        self.play = play
        self.store: Store = store if store is not None else Interned()
        rules = searched(play.profile, play.variant, **giving_up(play.retries))
        self.seats = tuple(Seat(side, rules, play.listeners[side], bool(play.retries)) for side in (A, B))
        self.unit = play.profile.time_wait_us // 8
        self.lifetime = (16 if play.is_overdue else 4) * self.unit - 1
        """MSL, and a little less: what was sent is older than what begins after it at the same moment of the search."""
        self.past: Past = earlier((Seat(A, rules, listens=False), Seat(B, rules, listens=True)))
        self.fixed = play.variant.fixed_isn
        self.keeps_names = False
        """Numbers stay as they were chosen; for a run that shows what was found."""
        self._remember()
        self.old = tuple(self.store.key(entry) for entry in self.past.sent)

    def _remember(self) -> None:
        """Let the store remember what can be remembered."""
        memo = self.store.memo
        for name in (
            "_arrives", "_connects", "_writes", "_closes", "_aborts", "_expires", "_hears", "_spent", "_noted",
            "_net", "_distinct", "_facts", "_later", "_aged_end", "_aged_late", "_aged_rest", "_families",
            "_is_together", "_renamed",
            "_clock", "_life_in", "_life_of_past", "_may_hold", "_move", "_chooses", "_calls",
            "_ghost", "_budget", "_has_more",
        ):  # fmt: skip
            setattr(self, name, memo(getattr(self, name)))

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

    def _aborts(self, end: Any, side: int) -> Any:
        return self._kept(at_end.aborts(self.seats[side], self.store.value(end)))

    def _expires(self, end: Any, side: int, timer: str) -> Any:
        return self._kept(at_end.expires(self.seats[side], self.store.value(end), timer))

    def _kept(self, outcome: Outcome) -> tuple[Any, tuple[Any, ...], Any, Any]:
        sent = tuple(self.store.key(entry) for entry in outcome.sent)
        return self.store.key(outcome.end), sent, outcome.news, outcome.notes

    def _hears(self, end: Any, news: tuple[tuple[str, int, int], ...]) -> Any:
        return self.store.key(hears(self.store.value(end), news))

    def _facts(self, caller: Any, entry: Any, iss: int) -> int:
        return facts_for(self.store.value(entry).segment, iss, self.store.value(caller))

    def _chooses(self, end: Any, entry: Any, side: int) -> bool:
        """Would this segment have a listener choose a number?"""
        tcb = self.store.value(end).tcb
        flags = self.store.value(entry).segment.flags
        is_free = tcb is None or tcb.state is _S.TIME_WAIT
        return self.seats[side].listens and is_free and flags & (SYN | ACK | RST) == SYN

    def _net(self, net: Any, without: Any, more: tuple[Any, ...]) -> Any:
        left = list(self.store.value(net))
        if without is not None:
            left.remove(without)
        return self.store.key(tuple(sorted((*left, *more), key=self.store.order)))

    def _distinct(self, net: Any) -> tuple[Any, ...]:
        return tuple(dict.fromkeys(self.store.value(net)))

    def _later(self, entry: Any) -> Any:
        return self.store.key((self.store.value(entry), self.lifetime))

    def _spent(self, rest: Any, what: str) -> Any:
        value: Rest = self.store.value(rest)
        left = value._replace(**{what: getattr(value, what) - 1})
        return self.store.key(left if left.held else left._replace(past_left=NEVER))

    def _noted(self, rest: Any, notes: tuple[tuple[object, ...], ...]) -> Any:
        value: Rest = self.store.value(rest)
        return self.store.key(value._replace(memory=noted(value.memory, notes, self.play.watched)))

    def _budget(self, rest: Any) -> tuple[int, int, int, int, int, int]:
        value: Rest = self.store.value(rest)
        return value.held, value.losses, value.duplicates, value.coincidences, value.interferences, value.past_left

    def _has_more(self, rest: Any) -> int:
        return int(self.store.value(rest).memory.broken)

    def _ghost(self, a: Any, b: Any) -> bool:
        ends = self.store.value(a), self.store.value(b)
        has_timer = any(end.tcb is not None and end.tcb.timers.running() for end in ends)
        return not has_timer and has_ghost(ends)

    def _families(self, part: Any) -> int:
        value = self.store.value(part)
        if isinstance(value, Entry | End | Rest) or not isinstance(value, tuple):
            return families(value)
        if value and isinstance(value[0], Entry):
            return families(value)
        bits = 0
        for each in value:
            bits |= self._families(each)
        return bits

    def _is_together(self, used: int) -> bool:
        """Is there no gap between the families that are used?"""
        a, b = used & 0xFFFF, used >> 16
        return not (a & (a + 1) or b & (b + 1))

    def _renamed(self, part: Any, used: int) -> Any:
        """``part`` with the families that are ``used`` moved together."""
        value = self.store.value(part)
        places = [[family for family in range(16) if used >> 16 * side >> family & 1] for side in (A, B)]

        def change(each: int) -> int:
            side, family = family_of(each)
            return each - (family - places[side].index(family)) * STEP

        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            keys = [self.store.key(renumbered(self.store.value(each), change)) for each in value]
            return self.store.key(tuple(sorted(keys, key=self.store.order)))
        return self.store.key(renumbered(value, change))

    # --- what may be done ---

    def _move(self, kind: str, entry: Any) -> Move:
        """What may be done with a segment, and at which side it arrives."""
        value = self.store.value(entry)
        return Move(kind, int(value[0].to if isinstance(value[0], Entry) else value.to), entry)

    def _may_hold(self, a: Any) -> bool:
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
            or (state is _S.SYN_SENT and budget.gives_up)
            or (state is _S.ESTABLISHED and (side == A or budget.server_closes))
        )
        if may_close and not out.is_closed:
            calls.append("close")
        return tuple(calls)

    # --- time ---

    def _clock(self, end: Any) -> Clock:
        """What runs at an end."""
        tcb = self.store.value(end).tcb
        if tcb is None:
            return Clock()
        short, long = next_short(tcb) or (FOREVER, ""), next_long(tcb) or (FOREVER, "")
        return Clock(*short, *long)

    def _life_in(self, late: Any) -> int:
        """How long the late segment that dies first has still to live."""
        lives = (self.store.value(each)[1] for each in self.store.value(late))
        return min((left for left in lives if left > 0), default=FOREVER)

    def _life_of_past(self, rest: Any) -> int:
        """How long the earlier incarnation's segments have still to live, if any may be delivered."""
        value: Rest = self.store.value(rest)
        return value.past_left if value.held and value.past_left > 0 else FOREVER

    def _aged_end(self, end: Any, span: int) -> Any:
        value: End = self.store.value(end)
        return (
            end
            if value.tcb is None
            else self.store.key(value._replace(tcb=aged(value.tcb, span, keeps_count=bool(self.play.retries))))
        )

    def _aged_late(self, late: Any, span: int) -> Any:
        values = (self.store.value(each) for each in self.store.value(late))
        left = [self.store.key((entry, time - span)) for entry, time in values if time >= span]
        return self.store.key(tuple(sorted(left, key=self.store.order)))

    def _aged_rest(self, rest: Any, span: int) -> Any:
        value: Rest = self.store.value(rest)
        return self.store.key(value._replace(past_left=max(NEVER, value.past_left - span)))
