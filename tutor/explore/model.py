"""The searched worlds: two ends on the real engine, a network with a budget, and every move that leads on.

Rules
-----
* A world is (end A, end B, prompt segments, late segments, the rest), each a key of the store. Equal worlds are equal
  tuples; ``moved_together`` sees to it that names do not matter (``normal``).
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

from tutor.explore.effects import CLOCK, Effect, Effects, Offers, is_wait
from tutor.explore.ends import OCTETS, A, B, End
from tutor.explore.parts import NEVER, Move, Rest, World
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.verdict import Memory, noted

ALWAYS_USED = 0x10001
"""Family 0 of both sides."""


class Model(Effects):
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
        a, b, net, late, rest = world
        permit = self.permit(rest, self.may_hold(a))
        prompt = self.places_of_net(net)
        for side, place in (*prompt, *self.places_of_rest(late, rest), *self.places_of_ends(a, b, not prompt)):
            offers = self.offers(place, world[side], permit)
            if offers is None:
                offers = self._wider(world, side, place, permit, not prompt)
            for move, effect in offers:
                yield move, self._led(world, effect)

    def waits(self, world: World) -> Iterable[tuple[Move, World]]:
        """Those moves that are no more than waiting (``COSTS_NOTHING``)."""
        a, b, net, late, rest = world
        prompt = self.places_of_net(net)
        if prompt:
            return
        known = self.at_time(not prompt, late, rest)
        for move, effect in self.offers_knowing(self.store.key(CLOCK), a, b, known):
            if is_wait(move):
                yield move, self._led(world, effect)

    def _wider(self, world: World, side: int, place: Any, permit: Any, is_quiet: bool) -> Offers:
        """What may happen where one end does not tell it."""
        if self.is_clock(place):
            known = self.at_time(is_quiet, world[3], world[4])
        else:
            known = self.knowing(permit, self._used(world), side)
        offers: Offers = self.offers_knowing(place, world[side], world[1 - side], known)
        return offers

    def _led(self, world: World, effect: Effect) -> World:
        """Where a move leads, in normal form unless names are to be kept."""
        a, b, net, late, rest = world
        for_a, for_b, taken, sent, wear = effect
        if for_a is not None:
            a = self.changed(a, for_a)
        if for_b is not None:
            b = self.changed(b, for_b)
        if sent or taken is not None:
            net = self._net(net, taken, sent)
        if wear is not None:
            late, rest = self.worn_late(late, wear), self.worn_rest(rest, wear)
        of = self.families
        used = of(a) | of(b) | of(net) | of(late) | of(rest) | ALWAYS_USED
        led = (a, b, net, late, rest)
        return led if self.keeps_names or self._is_together(used) else self.moved_together(led)

    def broken(self, world: World) -> int:
        """The watched properties that are broken in ``world``, as bits."""
        a, b, net, late, rest = world
        bits = int(self.has_more(rest))
        if not self.store.value(net) and not self.store.value(late):
            bits |= self.at_rest(a, b)
        return bits

    # --- names ---

    def _used(self, world: World) -> int:
        """Families in use, as bits; family 0 always is."""
        a, b, net, late, rest = map(self.families, world)
        used: int = a | b | net | late | rest | ALWAYS_USED
        return used

    def moved_together(self, world: World) -> World:
        """``world`` with its families moved together."""
        used = self._used(world)
        if self._is_together(used):
            return world
        return tuple(self.renamed(part, used) for part in world)
