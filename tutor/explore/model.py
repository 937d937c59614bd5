"""The searched worlds: two ends on the real engine, a network with a budget, and every move that leads on.

Rules
-----
* A world is (end A, end B, prompt segments, late segments, the rest), each a key of the store. Equal worlds are equal
  tuples; ``canonical`` sees to it that names do not matter (``normal``).
* Prompt segments may arrive in any order, and time stands still while there are any. When there are none, the next
  timer strikes; without short timers the clock moves on by MSL/4, or to the end of a TIME-WAIT or of a segment's life
  if that is nearer.
* What the network may do besides costs: H a segment of the earlier incarnation, or one held back now; L a loss; D a
  copy; C a number placed by an adversary; U an abort or a crash.

Theory
------
The moves are few and small; all knowledge of TCP is in the engine. The same code runs over an ``Interned`` store, where
every reaction is computed once, and over a ``Plain`` one, where nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tutor.explore import ends as at_end
from tutor.explore.ends import A, B, End, Entry, Outcome, Seat, facts_for, hears
from tutor.explore.held import searched
from tutor.explore.normal import (
    STEP,
    aged,
    families,
    family_of,
    next_long,
    next_short,
    number,
    renumbered,
)
from tutor.explore.past import FORGOTTEN, OPEN, Past, earlier
from tutor.explore.store import Interned, Store
from tutor.explore.verdict import NO_GHOST, Memory, has_ghost, noted
from tutor.tcp.profile import Profile
from tutor.tcp.segment import ACK, FIN, RST, SYN
from tutor.tcp.states import State
from tutor.tcp.variant import ACTIVE, PASSIVE, TCP, Variant

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


PLACES = (("equal to the old one", 0), ("the old one just below it", 3000), ("the old one just above it", -3000))
"""Where an adversary may place an initial number, by the distance from the earlier incarnation's: choices 1, 2, 3."""

NEVER = -1
"""What is left of a life that is over."""

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
    """Repetitions of a SYN,ACK after which it is given up; 0: never."""


class Model:
    """The worlds of a ``Play`` over a store."""

    def __init__(self, play: Play, store: Store | None = None) -> None:
        self.play = play
        self.store: Store = store if store is not None else Interned()
        rules = searched(play.profile, play.variant, **({"synack_retries": play.retries, "syn_give_up_us": 0}
                                                        if play.retries else {}))
        self.seats = tuple(Seat(side, rules, side == B, bool(play.retries)) for side in (A, B))
        self.lifetime = play.profile.time_wait_us // 2
        self.unit = self.lifetime // 4
        self.past: Past = earlier((self.seats[A], self.seats[B]), text_on_syn=rules.syn_text == "queue" and
                                  play.variant.opens_on_syn)
        self.is_fixed = (ACTIVE in play.variant.fixed_isn, PASSIVE in play.variant.fixed_isn)
        self._remember()
        self.old = tuple(self.store.key(entry) for entry in self.past.sent)

    def _remember(self) -> None:
        """Let the store remember what can be remembered."""
        memo = self.store.memo
        for name in (
            "_arrives", "_connects", "_writes", "_closes", "_aborts", "_expires", "_hears", "_spent", "_noted",
            "_net", "_distinct", "_facts", "_later", "_aged_end", "_aged_late", "_aged_rest", "_families", "_renamed",
            "_timers", "_left_in", "_may_hold", "_chooses", "_calls", "_ghost", "_budget", "_has_more",
        ):  # fmt: skip
            setattr(self, name, memo(getattr(self, name)))

    # --- the beginning ---

    def start(self) -> World:
        """The world before the first move."""
        play, key = self.play, self.store.key
        budget = play.budget
        a, b = End(connects=budget.connects, writes=budget.writes), End(writes=budget.server_writes)
        memory = Memory()
        if play.beginning == OPEN:
            a = self.past.ends[A]._replace(connects=budget.connects, writes=budget.writes, serial=0)
            b = self.past.ends[B]._replace(writes=budget.server_writes)
            memory = noted(memory, [("read", "A0", 0, at_end.OCTETS, True)], play.watched)
        rest = Rest(*budget[:5], self.lifetime if budget.held else NEVER, memory)
        return (key(a), key(b), key(()), key(()), key(rest))

    # --- moves ---

    def successors(self, world: World) -> Iterator[tuple[Move, World]]:
        """Every move that can be made, and where it leads."""
        net, late = world[2], world[3]
        held, losses, duplicates, _, interferences, past_left = self._budget(world[4])
        for entry in self._distinct(net):
            yield from self._delivered(world, Move("deliver", self._to(entry), entry))
            if losses:
                yield Move("lose", self._to(entry), entry), self._lost(world, entry)
            if duplicates:
                yield Move("duplicate", self._to(entry), entry), self._copied(world, entry)
            if held and self._may_hold(world[0]):
                yield Move("hold", self._to(entry), entry), self._held_back(world, entry)
        if held and past_left >= 0:
            for entry in self.old:
                yield from self._delivered(world, Move("old", self._to(entry), entry))
        for entry in self._distinct(late):
            yield from self._delivered(world, Move("late", self._to(entry), entry))
        for side in (A, B):
            yield from self._by_program(world, side, interferences)
        yield from self._by_time(world)

    def _may_hold(self, a: Any) -> bool:
        """Is this still the earlier incarnation, so that what is held back now comes from it?"""
        return self.play.beginning == OPEN and not self.store.value(a).serial

    def _to(self, entry: Any) -> int:
        value = self.store.value(entry)
        return int(value[0].to if isinstance(value[0], Entry) else value.to)

    def broken(self, world: World) -> int:
        """The watched properties that are broken in ``world``, as bits."""
        bits = int(self._has_more(world[4]))
        if self.play.watched & NO_GHOST and not self.store.value(world[2]) and not self.store.value(world[3]):
            bits |= NO_GHOST if self._ghost(world[0], world[1]) else 0
        return bits

    # --- segments ---

    def _delivered(self, world: World, move: Move) -> Iterator[tuple[Move, World]]:
        """A segment arrives: one that is prompt, late, or old; with every number that may be chosen."""
        side = move.side
        rest = world[4]
        entry = move.what
        net, late = world[2], world[3]
        if move.kind == "deliver":
            net = self._net(net, entry, ())
        elif move.kind == "late":
            late, entry = self._net(late, entry, ()), self.store.key(self.store.value(entry)[0])
        else:
            rest = self._spent(rest, "held")
        before = (world[0], world[1], net, late, rest)
        if not self._chooses(world[side], entry, side):
            yield move, self._becomes(before, side, self._arrives(world[side], entry, side, 0, 0))
            return
        for choice, iss in self._numbers(before, side):
            facts = self._facts(world[1 - side], entry, iss)
            spent = before if not choice else (*before[:4], self._spent(rest, "coincidences"))
            outcome = self._arrives(world[side], entry, side, iss, facts)
            yield move._replace(choice=choice), self._becomes(spent, side, outcome)

    def _becomes(self, world: World, side: int, outcome: tuple[Any, tuple[Any, ...], Any, Any]) -> World:
        """``world`` after ``outcome`` at ``side``."""
        after, sent, news, notes = outcome
        own, other = after, world[1 - side]
        if news:
            other = self._hears(other, news)
        net = self._net(world[2], None, sent) if sent else world[2]
        rest = self._noted(world[4], notes) if notes else world[4]
        return self._canonical((own, other, net, world[3], rest) if side == A else (other, own, net, world[3], rest))

    def _lost(self, world: World, entry: Any) -> World:
        rest = self._spent(world[4], "losses")
        if not _is_bare_ack(self.store.value(entry)):
            rest = self._noted(rest, (("lost",),))
        return self._canonical((world[0], world[1], self._net(world[2], entry, ()), world[3], rest))

    def _copied(self, world: World, entry: Any) -> World:
        late = self._net(world[3], None, (self._later(entry),))
        return (world[0], world[1], world[2], late, self._spent(world[4], "duplicates"))

    def _held_back(self, world: World, entry: Any) -> World:
        late = self._net(world[3], None, (self._later(entry),))
        return (world[0], world[1], self._net(world[2], entry, ()), late, self._spent(world[4], "held"))

    # --- numbers ---

    def _numbers(self, world: World, side: int) -> Iterator[tuple[int, int]]:
        """(choice, initial number) that ``side`` may choose now: a fresh one, or one that an adversary has placed."""
        if self.is_fixed[side]:
            yield 0, number(side, 0)
            return
        used = self._used(world) >> 16 * side & 0xFFFF
        yield 0, number(side, used.bit_length())
        if self._budget(world[4])[3]:
            for place, (_, distance) in enumerate(PLACES, 1):
                yield place, number(side, 0, distance)

    def _used(self, world: World) -> int:
        """Families in use, as bits; family 0 always is."""
        of = self._families
        return int(of(world[0]) | of(world[1]) | of(world[2]) | of(world[3]) | of(world[4]) | 0x10001)

    def _canonical(self, world: World) -> World:
        """``world`` with its families moved together."""
        used = self._used(world)
        a, b = used & 0xFFFF, used >> 16
        if not (a & (a + 1) or b & (b + 1)):
            return world
        return tuple(self._renamed(part, used) for part in world)  # type: ignore[return-value]

    # --- programs ---

    def _by_program(self, world: World, side: int, interferences: int) -> Iterator[tuple[Move, World]]:
        """What the program of ``side`` may call now."""
        for name in self._calls(world[side], side):
            if name == "connect":
                for choice, iss in self._numbers(world, side):
                    spent = world if not choice else (*world[:4], self._spent(world[4], "coincidences"))
                    outcome = self._connects(world[side], side, iss)
                    yield Move("connect", side, None, choice), self._becomes(spent, side, outcome)
            elif name == "write":
                yield Move("write", side), self._becomes(world, side, self._writes(world[side], side))
            else:
                yield Move("close", side), self._becomes(world, side, self._closes(world[side], side))
        if interferences and self.store.value(world[side]).tcb is not None:
            spent = (*world[:4], self._noted(self._spent(world[4], "interferences"), (("interfered",),)))
            yield Move("abort", side), self._becomes(spent, side, self._aborts(world[side], side))
            gone = self.store.key(self.store.value(world[side])._replace(tcb=None, ghost=0))
            yield Move("crash", side), self._becomes(spent, side, (gone, (), (), ()))

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

    def _by_time(self, world: World) -> Iterator[tuple[Move, World]]:
        """Timers that strike, or the clock that moves on."""
        timers = (self._timers(world[A]), self._timers(world[B]))
        due = [(side, timers[side][1]) for side in (A, B) if timers[side][1] and timers[side][1][0] <= 0]
        for side, (_, timer) in due:
            yield Move("expire", side, timer), self._becomes(world, side, self._expires(world[side], side, timer))
        if due or self._distinct(world[2]):
            return
        short = min((each[0][0] for each in timers if each[0]), default=None)
        marks = [each[1][0] for each in timers if each[1]]
        marks += [left for left in (self._left_in(world[3]), self._budget(world[4])[5]) if left > 0]
        nearest = min(marks, default=None)
        if short is not None and (nearest is None or short <= nearest):
            aged_world = self._aged(world, short)
            for side in (A, B):
                if timers[side][0] and timers[side][0][0] == short:
                    timer = timers[side][0][1]
                    outcome = self._expires(aged_world[side], side, timer)
                    yield Move("expire", side, timer), self._becomes(aged_world, side, outcome)
        elif nearest is not None:
            is_old_about = self.store.value(world[3]) or (self._budget(world[4])[0] and self._budget(world[4])[5] > 0)
            span = min(nearest, self.unit) if short is None and is_old_about else nearest
            yield Move("tick", -1, span), self._canonical(self._aged(world, span))

    def _aged(self, world: World, span: int) -> World:
        if not span:
            return world
        return (
            self._aged_end(world[0], span), self._aged_end(world[1], span), world[2],
            self._aged_late(world[3], span), self._aged_rest(world[4], span),
        )  # fmt: skip

    def _timers(self, end: Any) -> tuple[tuple[int, str] | None, tuple[int, str] | None]:
        tcb = self.store.value(end).tcb
        return (None, None) if tcb is None else (next_short(tcb), next_long(tcb))

    def _left_in(self, late: Any) -> int:
        return min((self.store.value(each)[1] for each in self.store.value(late) if self.store.value(each)[1] > 0),
                   default=0)

    def _aged_end(self, end: Any, span: int) -> Any:
        value: End = self.store.value(end)
        return end if value.tcb is None else self.store.key(value._replace(tcb=aged(value.tcb, span)))

    def _aged_late(self, late: Any, span: int) -> Any:
        values = (self.store.value(each) for each in self.store.value(late))
        left = [self.store.key((entry, time - span)) for entry, time in values if time >= span]
        return self.store.key(tuple(sorted(left, key=self.store.order)))

    def _aged_rest(self, rest: Any, span: int) -> Any:
        value: Rest = self.store.value(rest)
        return self.store.key(value._replace(past_left=max(NEVER, value.past_left - span)))

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
        if isinstance(value, tuple) and not hasattr(value, "_fields"):
            value = tuple(self.store.value(each) for each in value)
        return families(value)

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


def _is_bare_ack(entry: Entry) -> bool:
    segment = entry.segment
    return segment.flags & (SYN | FIN | RST | ACK) == ACK and segment.payload is None
