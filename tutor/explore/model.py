"""The searched worlds: two ends on the real engine, a network with a budget, and every move that leads on.

Rules
-----
* A world is (end A, end B, prompt segments, late segments, the rest), each a key of the store. Equal worlds are equal
  tuples; ``canonical`` sees to it that names do not matter (``normal``).
* Prompt segments may arrive in any order, and time stands still while there are any. When there are none, the next
  timer strikes; without short timers the clock moves on by MSL/4, or to the end of a TIME-WAIT or of a segment's life
  if that is nearer. To wait costs nothing: into how many parts a wait is cut depends on what else is about.
* What the network may do besides costs: H a segment of the earlier incarnation, or one held back now; L a loss; D a
  copy; C a number placed by an adversary; U an abort or a crash.

Theory
------
The moves are few and small; all knowledge of TCP is in the engine. The same code runs over an ``Interned`` store, where
every reaction is computed once, and over a ``Plain`` one, where nothing is remembered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from tutor.explore.ends import OCTETS, A, B, End, Entry
from tutor.explore.normal import number
from tutor.explore.parts import COSTS_NOTHING, FOREVER, NEVER, PLACES, Move, Parts, Rest, World
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.verdict import NO_GHOST, Memory, noted
from tutor.tcp.segment import ACK, FIN, RST, SYN
from tutor.tcp.variant import ACTIVE, PASSIVE


class Model(Parts):
    """The worlds of a ``Play`` over a store."""

    # --- the beginning ---

    def start(self) -> World:
        """The world before the first move."""
        play, key = self.play, self.store.key
        budget = play.budget
        calls = [budget.connects if is_caller else 0 for is_caller in play.callers]
        a, b = End(connects=calls[A], writes=budget.writes), End(connects=calls[B], writes=budget.server_writes)
        if play.beginning != FORGOTTEN:
            begun = self.past.ends if play.beginning == OPEN else self.past.wrapped
            a = begun[A]._replace(connects=budget.connects, writes=budget.writes, serial=0)
            b = begun[B]._replace(writes=budget.server_writes)
        memory = noted(Memory(), [("read", "A0", 0, OCTETS, True)], play.watched)
        rest = Rest(*budget[:5], self.lifetime if budget.held else NEVER, memory)
        return (key(a), key(b), key(()), key(()), key(rest))

    # --- moves ---

    def successors(self, world: World) -> Iterator[tuple[Move, World]]:
        """Every move that can be made, and where it leads."""
        net, late, move = world[2], world[3], self._move
        held, losses, duplicates, _, interferences, past_left = self._budget(world[4])
        for entry in self._distinct(net):
            yield from self._delivered(world, move("deliver", entry))
            if losses:
                yield move("lose", entry), self._lost(world, entry)
            if duplicates:
                yield move("duplicate", entry), self._copied(world, entry)
            if held and self._may_hold(world[0]):
                yield move("hold", entry), self._held_back(world, entry)
        if held and past_left >= 0:
            for entry in self.old:
                yield from self._delivered(world, move("old", entry))
        for entry in self._distinct(late):
            yield from self._delivered(world, move("late", entry))
        for side in (A, B):
            yield from self._by_program(world, side, interferences)
        yield from self._by_time(world)

    def waits(self, world: World) -> Iterable[tuple[Move, World]]:
        """Those moves that are no more than waiting (``COSTS_NOTHING``)."""
        if self._distinct(world[2]):
            return ()
        return (each for each in self._by_time(world) if each[0].kind in COSTS_NOTHING)

    def broken(self, world: World) -> int:
        """The watched properties that are broken in ``world``, as bits."""
        bits = int(self._has_more(world[4]))
        if self.play.watched & NO_GHOST and not self.store.value(world[2]) and not self.store.value(world[3]):
            bits |= NO_GHOST if self._ghost(world[0], world[1]) else 0
        return bits

    # --- segments ---

    def _delivered(self, world: World, move: Move) -> Iterable[tuple[Move, World]]:
        """A segment arrives: one that is prompt, late, or old; with every number that may be chosen."""
        kind, side, entry, _ = move
        a, b, net, late, rest = world
        if kind == "deliver":
            net = self._net(net, entry, ())
        elif kind == "late":
            late, entry = self._net(late, entry, ()), self.store.key(self.store.value(entry)[0])
        else:
            rest = self._spent(rest, "held")
        before = (a, b, net, late, rest)
        if self._chooses(world[side], entry, side):
            return self._answered(before, move, entry)
        return ((move, self._becomes(before, side, self._arrives(world[side], entry, side, 0, 0))),)

    def _answered(self, before: World, move: Move, entry: Any) -> Iterator[tuple[Move, World]]:
        """A listener answers ``entry``, with every number that may be chosen."""
        side = move.side
        for choice, iss in self._numbers(before, side, PASSIVE):
            facts = self._facts(before[1 - side], entry, iss)
            spent = before if not choice else (*before[:4], self._spent(before[4], "coincidences"))
            outcome = self._arrives(before[side], entry, side, iss, facts)
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

    def _numbers(self, world: World, side: int, role: str) -> Iterator[tuple[int, int]]:
        """(choice, initial number) that ``side`` may choose now: a fresh one, or one that an adversary has placed."""
        if role in self.fixed:
            yield 0, number(side, 0)
            return
        used = self._used(world) >> 16 * side & 0xFFFF
        yield 0, number(side, used.bit_length())
        if self._budget(world[4])[3]:
            for place, (_, distance) in enumerate(PLACES, 1):
                if (side, place) not in self.play.barred:
                    yield place, number(side, 0, distance)

    def _used(self, world: World) -> int:
        """Families in use, as bits; family 0 always is."""
        of = self._families
        a, b, net, late, rest = world
        used: int = of(a) | of(b) | of(net) | of(late) | of(rest) | 0x10001
        return used

    def _canonical(self, world: World) -> World:
        """``world`` in normal form, unless names are to be kept."""
        of = self._families
        a, b, net, late, rest = world
        used = of(a) | of(b) | of(net) | of(late) | of(rest) | 0x10001
        return world if self.keeps_names or self._is_together(used) else self.moved_together(world)

    def moved_together(self, world: World) -> World:
        """``world`` with its families moved together."""
        used = self._used(world)
        if self._is_together(used):
            return world
        return tuple(self._renamed(part, used) for part in world)

    # --- programs ---

    def _by_program(self, world: World, side: int, interferences: int) -> Iterator[tuple[Move, World]]:
        """What the program of ``side`` may call now."""
        for name in self._calls(world[side], side):
            if name == "connect":
                for choice, iss in self._numbers(world, side, ACTIVE):
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

    # --- time ---

    def _by_time(self, world: World) -> Iterator[tuple[Move, World]]:
        """Timers that strike, or the clock that moves on."""
        clocks = (self._clock(world[A]), self._clock(world[B]))
        run_out = [side for side in (A, B) if clocks[side].long <= 0]
        for side in run_out:
            yield from self._strikes(world, side, clocks[side].long_timer)
        if run_out or self._distinct(world[2]):
            return
        short = min(clocks[A].short, clocks[B].short)
        nearest = min(clocks[A].long, clocks[B].long, self._life_in(world[3]), self._life_of_past(world[4]))
        if short < FOREVER and short <= nearest:
            later = self._aged(world, short)
            for side in (A, B):
                if clocks[side].short == short:
                    yield from self._strikes(later, side, clocks[side].short_timer)
        elif nearest < FOREVER:
            is_old_about = self._life_in(world[3]) < FOREVER or self._life_of_past(world[4]) < FOREVER
            span = min(nearest, self.unit) if short == FOREVER and is_old_about else nearest
            yield Move("tick", -1, span), self._canonical(self._aged(world, span))

    def _strikes(self, world: World, side: int, timer: str) -> Iterator[tuple[Move, World]]:
        """A timer runs out."""
        yield Move("expire", side, timer), self._becomes(world, side, self._expires(world[side], side, timer))

    def _aged(self, world: World, span: int) -> World:
        if not span:
            return world
        return (
            self._aged_end(world[0], span), self._aged_end(world[1], span), world[2],
            self._aged_late(world[3], span), self._aged_rest(world[4], span),
        )  # fmt: skip


def _is_bare_ack(entry: Entry) -> bool:
    segment = entry.segment
    return segment.flags & (SYN | FIN | RST | ACK) == ACK and segment.payload is None
