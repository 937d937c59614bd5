"""Effects: what may happen at one place of a searched world, and what it does to each part of it.

Rules
-----
* A world has *places*: the segments that are under way, the earlier incarnation's, the late ones, both programs, and
  the clock. What may happen at a place depends on the end there and on a ``Permit``, which is what a budget allows.
  Only where a number is chosen, or time passes, more has to be known: the other end, and a ``Knowing`` or ``AtTime``.
* An effect changes every part of a world by itself: each end (``Change``), the prompt segments (one is taken, some are
  sent), the late ones and the rest (``Wear``). None: that part stays as it is.

Theory
------
In millions of worlds there are some thousand different (place, end, permit), and as few different (part, change). Each
is asked of the engine once. A move then is some looking up of numbers in tables, and it is the same tables whether one
world is looked at (``model``) or a whole level, in columns (``columns``).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from tutor.explore.ends import A, B, End, Entry, excused, hears
from tutor.explore.normal import aged, number
from tutor.explore.parts import COSTS_NOTHING, FOREVER, NEVER, PLACES, Late, Move, Parts, Rest
from tutor.explore.verdict import COMPLETE, HONEST, noted
from tutor.tcp.segment import ACK, FIN, RST, SYN
from tutor.tcp.variant import ACTIVE, PASSIVE


class Place(NamedTuple):
    """Where something may happen: ``prompt``, ``old``, ``late`` (``what`` is the segment), ``program`` or ``time``."""

    kind: str
    side: int = A
    what: Any = None


CLOCK = Place("time")


class Permit(NamedTuple):
    """What the budget allows."""

    held: bool
    losses: bool
    duplicates: bool
    coincidences: bool
    interferences: bool
    may_hold: bool
    """What is held back now comes from the earlier incarnation."""


class Knowing(NamedTuple):
    """What has to be known where a number is chosen: the first family that nobody uses, as well."""

    permit: Permit
    fresh: int


class AtTime(NamedTuple):
    """What has to be known where time passes: is nothing prompt under way, and what dies when (microseconds)."""

    is_quiet: bool
    life: int


class Change(NamedTuple):
    """What a move does to an end: it becomes another one; or it grows older (microseconds) and hears of the other."""

    after: Any = None
    span: int = 0
    news: tuple[tuple[str, int, int], ...] = ()
    is_excused: bool = False
    """Somebody aborted or crashed."""


class Wear(NamedTuple):
    """What a move does to the late segments and the rest."""

    taken: Any = None
    more: tuple[Any, ...] = ()
    span: int = 0
    spent: tuple[str, ...] = ()
    notes: tuple[tuple[object, ...], ...] = ()


NO_WEAR = Wear()


class Effect(NamedTuple):
    """What a move does. All keys; None, or nothing sent: that part stays."""

    a: Any = None
    b: Any = None
    taken: Any = None
    sent: tuple[Any, ...] = ()
    wear: Any = None


Offers = tuple[tuple[Move, Effect], ...]
"""What may happen at a place, in a fixed order."""


class Effects(Parts):
    """What may happen at a place, and what changes do to parts: functions of keys."""

    remembered = (
        *Parts.remembered, "_aged_end", "changed", "_net", "worn_late", "worn_rest", "permit", "knowing", "at_time",
        "_place", "places_of_net", "places_of_rest", "places_of_ends", "offers", "offers_knowing", "is_clock",
    )  # fmt: skip

    # --- places of a world ---

    def places_of_net(self, net: Any) -> tuple[tuple[int, Any], ...]:
        """(side, place) of every prompt segment."""
        return self._places("prompt", self.store.value(net))

    def places_of_rest(self, late: Any, rest: Any) -> tuple[tuple[int, Any], ...]:
        """(side, place) of every segment that comes from the past."""
        value: Rest = self.store.value(rest)
        old = self.old if value.held and value.past_left >= 0 else ()
        return self._places("old", old) + self._places("late", self.store.value(late))

    def places_of_ends(self, a: Any, b: Any, is_quiet: bool) -> tuple[tuple[int, Any], ...]:
        """(side, place) of every program that may call, and of the clock if it may go."""
        places = [
            (side, self.store.key(Place("program", side)))
            for side, end in ((A, a), (B, b))
            if self._calls(end, side) or (self.play.budget.interferences and self.store.value(end).tcb is not None)
        ]
        if is_quiet or min(self._clock(a).long, self._clock(b).long) <= 0:
            places.append((A, self.store.key(CLOCK)))
        return tuple(places)

    def _places(self, kind: str, segments: tuple[Any, ...]) -> tuple[tuple[int, Any], ...]:
        return tuple([self._place(kind, each) for each in dict.fromkeys(segments)])

    def _place(self, kind: str, what: Any) -> tuple[int, Any]:
        value = self.store.value(what)
        side = int(value.entry.to if kind == "late" else value.to)
        return side, self.store.key(Place(kind, side, what))

    def is_clock(self, place: Any) -> bool:
        """Is this where time passes?"""
        return bool(self.store.value(place) == CLOCK)

    # --- what has to be known ---

    def permit(self, rest: Any, may_hold: bool) -> Any:
        """What the budget allows now."""
        left: Rest = self.store.value(rest)
        held, losses, duplicates, coincidences, interferences = (bool(number) for number in left[:5])
        return self.store.key(Permit(held, losses, duplicates, coincidences, interferences, may_hold))

    def knowing(self, permit: Any, used: int, side: int) -> Any:
        """What ``side`` must know to choose a number, where the families ``used`` are."""
        return self.store.key(Knowing(self.store.value(permit), (used >> 16 * side & 0xFFFF).bit_length()))

    def at_time(self, is_quiet: bool, late: Any, rest: Any) -> Any:
        """What must be known where time passes."""
        return self.store.key(AtTime(is_quiet, self._life(late, rest)))

    # --- what may happen ---

    def offers(self, place: Any, own: Any, permit: Any) -> Offers | None:
        """What may happen at a place, as far as one end tells; None: ask ``offers_knowing``."""
        kind, side, what = self.store.value(place)
        if kind == "time":
            return None
        if kind == "program":
            is_choosing = "connect" in self._calls(own, side)
        else:
            is_choosing = self._chooses(own, self._segment(kind, what), side)
        return None if is_choosing else self._at(place, own, None, Knowing(self.store.value(permit), 0))

    def offers_knowing(self, place: Any, own: Any, other: Any, known: Any) -> Offers:
        """What may happen at a place where a number is chosen or time passes (``own`` is A then)."""
        if self.store.value(place).kind == "time":
            return tuple(self._by_time(own, other, self.store.value(known)))
        return self._at(place, own, other, self.store.value(known))

    def _at(self, place: Any, own: Any, other: Any, known: Knowing) -> Offers:
        kind, side, what = self.store.value(place)
        if kind == "prompt":
            return tuple(self._at_prompt(side, what, own, other, known))
        if kind == "program":
            return tuple(self._by_program(side, own, known))
        if kind == "old":
            return tuple(self._arriving(Move("old", side, what), what, own, other, known, wear=Wear(spent=("held",))))
        entry = self._segment(kind, what)
        return tuple(self._arriving(Move("late", side, what), entry, own, other, known, wear=Wear(taken=what)))

    def _segment(self, kind: str, what: Any) -> Any:
        """The segment at a place."""
        return self.store.key(self.store.value(what).entry) if kind == "late" else what

    def _at_prompt(self, side: int, entry: Any, own: Any, other: Any, known: Knowing) -> Iterator[tuple[Move, Effect]]:
        """What may happen to a prompt segment."""
        permit = known.permit
        yield from self._arriving(Move("deliver", side, entry), entry, own, other, known, entry)
        if permit.losses:
            notes = (("lost", _is_bare_ack(self.store.value(entry))),)
            yield Move("lose", side, entry), self._on_wire(entry, Wear(spent=("losses",), notes=notes))
        if permit.duplicates:
            wear = Wear(more=(self._later(entry),), spent=("duplicates",))
            yield Move("duplicate", side, entry), self._on_wire(None, wear)
        if permit.held and permit.may_hold:
            wear = Wear(more=(self._later(entry),), spent=("held",))
            yield Move("hold", side, entry), self._on_wire(entry, wear)

    def _on_wire(self, taken: Any, wear: Wear) -> Effect:
        """A move that no host sees."""
        return Effect(taken=taken, wear=self.store.key(wear))

    def _arriving(
        self, move: Move, entry: Any, own: Any, other: Any, known: Knowing, taken: Any = None, wear: Wear = NO_WEAR
    ) -> Iterator[tuple[Move, Effect]]:
        """A segment arrives; where a listener answers it, with every number that may be chosen."""
        side = move.side
        if not self._chooses(own, entry, side):
            yield move, self._effect(side, self._arrives(own, entry, side, 0, 0), taken, wear)
            return
        for choice, iss in self._numbers(side, PASSIVE, known):
            outcome = self._arrives(own, entry, side, iss, self._facts(other, entry, iss))
            yield move._replace(choice=choice), self._effect(side, outcome, taken, _paid(wear, choice))

    def _numbers(self, side: int, role: str, known: Knowing) -> Iterator[tuple[int, int]]:
        """(choice, initial number) that ``side`` may choose now: a fresh one, or one that an adversary has placed."""
        if role in self.fixed:
            yield 0, number(side, 0)
            return
        yield 0, number(side, -known.fresh if self.play.below[side] else known.fresh)
        if known.permit.coincidences:
            for place, (_, distance) in enumerate(PLACES, 1):
                if (side, place) not in self.play.barred:
                    yield place, number(side, 0, distance)

    def _by_program(self, side: int, own: Any, known: Knowing) -> Iterator[tuple[Move, Effect]]:
        """What the program of ``side`` may call now."""
        for name in self._calls(own, side):
            if name == "connect":
                for choice, iss in self._numbers(side, ACTIVE, known):
                    outcome = self._connects(own, side, iss)
                    yield Move("connect", side, None, choice), self._effect(side, outcome, wear=_paid(NO_WEAR, choice))
            else:
                calls = {"write": self._writes, "close": self._closes, "release": self._releases}
                yield Move(name, side), self._effect(side, calls[name](own, side))
        if known.permit.interferences and self.store.value(own).tcb is not None:
            wear, is_excused = Wear(spent=("interferences",)), bool(self.play.watched & (COMPLETE | HONEST))
            excused = self._excused(own) if is_excused else own
            for name, outcome in (("abort", self._aborts(excused, side)), ("crash", self._crashes(excused))):
                yield Move(name, side), self._effect(side, outcome, wear=wear, is_excused=is_excused)

    def _by_time(self, a: Any, b: Any, known: AtTime) -> Iterator[tuple[Move, Effect]]:
        """Timers that strike, or the clock that moves on."""
        ends, clocks = (a, b), (self._clock(a), self._clock(b))
        run_out = [side for side in (A, B) if clocks[side].long <= 0]
        for side in run_out:
            yield self._strikes(ends[side], side, clocks[side].long_timer, 0)
        if run_out or not known.is_quiet:
            return
        short = min(clocks[A].short, clocks[B].short)
        nearest = min(clocks[A].long, clocks[B].long, known.life)
        if short < FOREVER and short <= nearest:
            for side in (A, B):
                if clocks[side].short == short:
                    yield self._strikes(ends[side], side, clocks[side].short_timer, short)
        elif nearest < FOREVER:
            span = min(nearest, self.unit) if short == FOREVER and known.life < FOREVER else nearest
            older = self.store.key(Change(span=span))
            yield Move("tick", -1, span), Effect(older, older, wear=self.store.key(Wear(span=span)))

    def _strikes(self, end: Any, side: int, timer: str, span: int) -> tuple[Move, Effect]:
        """A timer runs out in ``span``."""
        outcome = self._expires(self._aged_end(end, span), side, timer)
        return Move("expire", side, timer), self._effect(side, outcome, wear=Wear(span=span))

    def _effect(
        self, side: int, outcome: tuple[Any, ...], taken: Any = None, wear: Wear = NO_WEAR, *, is_excused: bool = False
    ) -> Effect:
        """What comes of an ``outcome`` at ``side``."""
        after, sent, news, notes = outcome
        is_discarded = ("discarded",) in notes and bool(self.play.watched & (COMPLETE | HONEST))
        own = self.store.key(Change(after))
        older = Change(span=wear.span, news=news, is_excused=is_excused or is_discarded)
        other = None if older == Change() else self.store.key(older)
        wear = wear._replace(notes=(*wear.notes, *notes))
        a, b = (own, other) if side == A else (other, own)
        return Effect(a, b, taken, sent, None if wear == NO_WEAR else self.store.key(wear))

    # --- what changes do to parts ---

    def changed(self, end: Any, change: Any) -> Any:
        """An end after a ``Change``."""
        after, span, news, is_excused = self.store.value(change)
        if after is not None:
            return after
        value = self.store.value(self._aged_end(self._excused(end) if is_excused else end, span))
        return self.store.key(hears(value, news) if news else value)

    def _excused(self, end: Any) -> Any:
        return self.store.key(excused(self.store.value(end)))

    def _aged_end(self, end: Any, span: int) -> Any:
        value: End = self.store.value(end)
        if value.tcb is None or not span:
            return end
        return self.store.key(value._replace(tcb=aged(value.tcb, span, keeps_count=bool(self.play.retries))))

    def _net(self, net: Any, taken: Any, sent: tuple[Any, ...]) -> Any:
        """``net_after``, remembered."""
        return self.net_after(net, taken, sent)

    def net_after(self, net: Any, taken: Any, sent: tuple[Any, ...]) -> Any:
        """Segments of which one is taken (None: none), and to which some are added."""
        left = list(self.store.value(net))
        if taken is not None:
            left.remove(taken)
        return self.store.key(self.store.ordered((*left, *sent)) if sent else tuple(left))

    def worn_late(self, late: Any, wear: Any) -> Any:
        """Late segments after a ``Wear``."""
        taken, more, span, _, _ = self.store.value(wear)
        if taken is not None or more:
            late = self._net(late, taken, more)
        if not span:
            return late
        values = (self.store.value(each) for each in self.store.value(late))
        left = [self.store.key(Late(entry, time - span)) for entry, time in values if time >= span]
        return self.store.key(self.store.ordered(left))

    def worn_rest(self, rest: Any, wear: Any) -> Any:
        """The rest after a ``Wear``."""
        value: Rest = self.store.value(rest)
        _, _, span, spent, notes = self.store.value(wear)
        if span:
            value = value._replace(past_left=max(NEVER, value.past_left - span))
        for what in spent:
            value = value._replace(**{what: getattr(value, what) - 1})
            value = value if value.held else value._replace(past_left=NEVER)
        return self.store.key(value._replace(memory=noted(value.memory, notes, self.play.watched)) if notes else value)


def is_wait(move: Move) -> bool:
    """Is this no more than waiting?"""
    return move.kind in COSTS_NOTHING


def _paid(wear: Wear, choice: int) -> Wear:
    """``wear``, and the coincidence if the number was placed."""
    return wear._replace(spent=(*wear.spent, "coincidences")) if choice else wear


def _is_bare_ack(entry: Entry) -> bool:
    segment = entry.segment
    return segment.flags & (SYN | FIN | RST | ACK) == ACK and segment.payload is None
