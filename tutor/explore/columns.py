"""Columns: every move of thousands of worlds at once, looked up in tables of numbers.

Rules
-----
* What may happen at a place, and what an effect does to a part, is asked of the ``Model``, once for each combination.
  So the moves are the model's, in the model's order.
* A world is one integer: the numbers of its ends, of its prompt segments, and of the rest (with the late segments).

Theory
------
In Python every world costs microseconds, however little is done for it. In columns a step costs nanoseconds a world,
and all that is left to Python is what has never been asked: some ten thousand combinations in a million moves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tutor.explore.effects import CLOCK, Effect, Offers, is_wait
from tutor.explore.ends import B
from tutor.explore.model import ALWAYS_USED, Model
from tutor.explore.parts import Move, World
from tutor.explore.tables import Column, Lists, Numbers, Sparse, Table

if TYPE_CHECKING:
    from numpy import ndarray

    Array = ndarray[Any, Any]

NET_BITS, REST_BITS = 23, 23
"""Bits of a world for the prompt segments, and for the rest; 17 more are for the ends."""

LIMITS = (1 << 63 - NET_BITS - REST_BITS, 1 << NET_BITS, 1 << REST_BITS)
"""Parts of each kind that can be told from one another. Six million worlds have two hundred thousand."""

QUIET = 0
"""The number of "nothing prompt is under way"."""

UNSAID = 0
"""The number of the list that stands for "one end does not tell"."""


class Worlds(NamedTuple):
    """Worlds as three columns: numbers of (A, B), of the prompt segments, and of (late segments, rest)."""

    ends: Array
    net: Array
    rest: Array

    @classmethod
    def unpacked(cls, packed: Array) -> Worlds:
        """From integers."""
        low, middle = (1 << REST_BITS) - 1, (1 << NET_BITS) - 1
        return cls(packed >> NET_BITS + REST_BITS, packed >> REST_BITS & middle, packed & low)

    def packed(self) -> Array:
        """As integers."""
        import numpy as np

        packed = np.left_shift(self.ends, NET_BITS, dtype=np.int64)
        packed |= self.net
        packed <<= REST_BITS
        packed |= self.rest
        return packed

    def take(self, rows: Array) -> Worlds:
        """Some of them."""
        return Worlds(self.ends.take(rows), self.net.take(rows), self.rest.take(rows))


class Columns:
    """The moves of a ``Model``, in columns."""

    def __init__(self, model: Model) -> None:
        self.model = model
        self.moves: list[Move] = []
        """Everything that may happen anywhere, under its number."""
        self._number_parts()
        self._number_changes()
        self._make_tables()

    # --- numbers ---

    def _number_parts(self) -> None:
        """Parts of worlds, each with what is known of it."""
        self._place_lists = Lists()
        self._places = Numbers(lambda place: (self.model.store.value(place).side,), 1)
        self._end, self._ends = Numbers(), Numbers(self._of_ends, 6)
        self._net, self._rest = Numbers(self._of_net, 2), Numbers(self._of_rest, 4)
        self._a, self._b, self._holds, self._names_of_ends, *self._places_of_ends = self._ends.facts
        self._names_of_net, self._places_of_net = self._net.facts
        self._names_of_rest, self._places_of_rest, self._broken, self._is_late = self._rest.facts
        self._clock = self._places(self.model.store.key(CLOCK))
        self._net(self.model.store.key(()))

    def _of_ends(self, ends: tuple[Any, Any]) -> tuple[int, ...]:
        a, b = ends
        model, places = self.model, self.model.places_of_ends
        names = model.families(a) | model.families(b) | ALWAYS_USED
        quiet, busy = (self._listed_places(places(a, b, is_quiet)) for is_quiet in (True, False))
        return self._end(a), self._end(b), model.may_hold(a), names, busy, quiet

    def _of_net(self, net: Any) -> tuple[int, ...]:
        return self.model.families(net), self._listed_places(self.model.places_of_net(net))

    def _of_rest(self, parts: tuple[Any, Any]) -> tuple[int, ...]:
        late, rest = parts
        model = self.model
        names = model.families(late) | model.families(rest)
        places = self._listed_places(model.places_of_rest(late, rest))
        return names, places, model.has_more(rest), bool(model.store.value(late))

    def _listed_places(self, places: tuple[tuple[int, Any], ...]) -> int:
        return self._place_lists.add(self._places(place) for _, place in places)

    def _number_changes(self) -> None:
        """What may happen, and what it changes; in each case 0 is "nothing"."""
        self._lists = Lists()
        self._lists.add(())
        self._permits, self._known, self._used = Numbers(), Numbers(), Numbers()
        self._at, self._at_both = Numbers(), Numbers()
        self._changes, self._taken, self._sent, self._wears = Numbers(), Numbers(), Numbers(), Numbers()
        for kind, nothing in (
            (self._changes, (None, None)),
            (self._taken, None),
            (self._sent, ()),
            (self._wears, None),
        ):
            kind(nothing)
        self._effects = tuple(Column() for _ in range(4))
        self._waits = Column()

    # --- tables ---

    def _make_tables(self) -> None:
        model, net, rest, ends, flag = self.model, self._net, self._rest, self._ends, range(2)
        self._permit = Table(lambda r, may: self._permits(model.permit(rest.items[r][1], bool(may))), rest, flag)
        self._at_time = Table(lambda r, quiet: self._known(model.at_time(bool(quiet), *rest.items[r])), rest, flag)
        self._at_rest = Table(lambda e, _: model.at_rest(*ends.items[e]), ends, range(1))
        self._knowing = Table(self._know, self._permits, self._used)
        self._stands = Table(lambda end, place: self._at((end, place)), self._end, self._places)
        self._stands_facing = Sparse(lambda at, end: self._at_both((at, end)))
        self._offers = Table(self._offered, self._at, self._permits)
        self._offers_knowing = Table(self._offered_knowing, self._at_both, self._known)
        self._changed = Table(self._change, ends, self._changes, keeps=True)
        self._without = Table(self._take, net, self._taken, keeps=True)
        self._with = Table(self._send, net, self._sent, keeps=True)
        self._worn = Sparse(self._wear, keeps=True)
        self._renamed = (
            Table(lambda e, used: ends(self._rename(ends.items[e], used)), ends, self._used),
            Table(lambda n, used: net(self._rename((net.items[n],), used)[0]), net, self._used),
            Table(lambda r, used: rest(self._rename(rest.items[r], used)), rest, self._used),
        )

    def _know(self, permit: int, families: int) -> int:
        """``families``: those of one side that are used, and in bit 16 which side it is."""
        side, used = divmod(self._used.items[families], 1 << 16)
        return self._known(self.model.knowing(self._permits.items[permit], used << 16 * side, side))

    def _offered(self, at: int, permit: int) -> int:
        end, place = self._at.items[at]
        found = self.model.offers(self._places.items[place], self._end.items[end], self._permits.items[permit])
        return UNSAID if found is None else self._listed(found)

    def _offered_knowing(self, at_both: int, known: int) -> int:
        at, other = self._at_both.items[at_both]
        end, place = self._at.items[at]
        ends = self._end.items[end], self._end.items[other]
        return self._listed(self.model.offers_knowing(self._places.items[place], *ends, self._known.items[known]))

    def _listed(self, offers: Offers) -> int:
        return self._lists.add([self._offer(move, effect) for move, effect in offers])

    def _offer(self, move: Move, effect: Effect) -> int:
        a, b, taken, sent, wear = effect
        numbers = self._changes((a, b)), self._taken(taken), self._sent(sent), self._wears(wear)
        for column, number in zip(self._effects, numbers, strict=True):
            column.append(number)
        self._waits.append(is_wait(move))
        self.moves.append(move)
        return len(self.moves) - 1

    def _change(self, ends: int, change: int) -> int:
        pairs = zip(self._ends.items[ends], self._changes.items[change], strict=True)
        a, b = (end if what is None else self.model.changed(end, what) for end, what in pairs)
        return self._ends((a, b))

    def _take(self, net: int, taken: int) -> int:
        return self._net(self.model.net_after(self._net.items[net], self._taken.items[taken], ()))

    def _send(self, net: int, sent: int) -> int:
        return self._net(self.model.net_after(self._net.items[net], None, self._sent.items[sent]))

    def _wear(self, parts: int, wear: int) -> int:
        (late, rest), what = self._rest.items[parts], self._wears.items[wear]
        return self._rest((self.model.worn_late(late, what), self.model.worn_rest(rest, what)))

    def _rename(self, parts: tuple[Any, ...], used: int) -> tuple[Any, ...]:
        return tuple(self.model.renamed(part, self._used.items[used]) for part in parts)

    # --- worlds ---

    def number(self, worlds: list[World]) -> Array:
        """Worlds as integers."""
        import numpy as np

        rows = [(self._ends((a, b)), self._net(net), self._rest((late, rest))) for a, b, net, late, rest in worlds]
        return Worlds(*np.array(rows, np.int64).T).packed()

    def world(self, packed: int) -> World:
        """An integer as a world."""
        ends, net, rest = (
            packed >> NET_BITS + REST_BITS,
            packed >> REST_BITS & (1 << NET_BITS) - 1,
            packed & (1 << REST_BITS) - 1,
        )
        (a, b), (late, others) = self._ends.items[ends], self._rest.items[rest]
        return (a, b, self._net.items[net], late, others)

    def broken(self, packed: Array) -> Array:
        """Is a watched property broken?"""
        import numpy as np

        worlds = Worlds.unpacked(packed)
        broken: Array = self._broken[worlds.rest] != 0
        at_rest = np.flatnonzero((worlds.net == QUIET) & (self._is_late[worlds.rest] == 0))
        broken[at_rest] |= self._at_rest(worlds.ends[at_rest], np.zeros_like(at_rest)) != 0
        return broken

    # --- moves ---

    def successors(self, packed: Array) -> tuple[Array, Array, Array]:
        """Every move, as (row of its world, number in ``moves``, where it leads)."""
        import numpy as np

        worlds = Worlds.unpacked(packed)
        is_quiet = worlds.net == QUIET
        busy, quiet = self._places_of_ends
        at_ends = np.where(is_quiet, quiet[worlds.ends], busy[worlds.ends])
        at_net, at_rest = self._places_of_net[worlds.net], self._places_of_rest[worlds.rest]
        row, place = self._place_lists.spread(at_net, at_rest, at_ends)
        return self._made(worlds, row, place)

    def waits(self, packed: Array) -> tuple[Array, Array, Array]:
        """The same of those moves that are no more than waiting."""
        import numpy as np

        worlds = Worlds.unpacked(packed)
        row = np.flatnonzero(worlds.net == QUIET)
        row, move, led = self._made(worlds, row, np.full(len(row), self._clock))
        which = np.flatnonzero(self._waits[move])
        return row[which], move[which], led[which]

    def _made(self, worlds: Worlds, row: Array, place: Array) -> tuple[Array, Array, Array]:
        """What may happen at each ``place`` of the world in ``row``, and where it leads."""
        import numpy as np

        ends = worlds.ends.take(row)
        own = np.where(self._places.facts[0][place] == B, self._b[ends], self._a[ends])
        at = self._stands(own, place)
        permit = self._permit(worlds.rest, self._holds[worlds.ends])
        found = self._offers(at, permit.take(row))
        unsaid = np.flatnonzero(found == UNSAID)
        if len(unsaid):
            rows, places = row[unsaid], place[unsaid]
            found[unsaid] = self._wider(worlds.take(rows), places, at[unsaid], permit[rows])
        which, move = self._lists.spread(found)
        row = row.take(which)
        return row, move, self._led(worlds.take(row), move).packed()

    def _wider(self, worlds: Worlds, place: Array, at: Array, permit: Array) -> Array:
        """What may happen where one end does not tell it: each row is a world, and a place in it."""
        import numpy as np

        side = self._places.facts[0][place]
        other = np.where(side == B, self._a[worlds.ends], self._b[worlds.ends])
        known = self._at_time(worlds.rest, (worlds.net == QUIET).astype(int))
        asks = np.flatnonzero(place != self._clock)
        families = self._names(worlds.take(asks)) >> 16 * side[asks] & 0xFFFF
        known[asks] = self._knowing(permit[asks], self._numbered(families | side[asks] << 16))
        return self._offers_knowing(self._stands_facing(at, other), known)

    def _led(self, worlds: Worlds, move: Array) -> Worlds:
        """Where each move leads, in normal form."""
        import numpy as np

        change, taken, sent, wear = (column[move] for column in self._effects)
        net = self._with(self._without(worlds.net, taken), sent)
        led = Worlds(self._changed(worlds.ends, change), net, self._worn(worlds.rest, wear))
        used = self._names(led)
        a, b = used & 0xFFFF, used >> 16
        rows = np.flatnonzero(a & a + 1 | b & b + 1)
        if len(rows):
            names = self._numbered(used[rows])
            for column, part, renamed in zip(led, led.take(rows), self._renamed, strict=True):
                column[rows] = renamed(part, names)
        for numbers, limit in zip((self._ends, self._net, self._rest), LIMITS, strict=True):
            if len(numbers) > limit:
                raise OverflowError("more parts than a world of 63 bits can tell from one another")
        return led

    def _names(self, worlds: Worlds) -> Array:
        """Families in use, as bits."""
        names: Array = self._names_of_ends[worlds.ends]
        names |= self._names_of_net[worlds.net]
        names |= self._names_of_rest[worlds.rest]
        return names

    def _numbered(self, bits: Array) -> Array:
        """The numbers of bits of families."""
        import numpy as np

        distinct, back = np.unique(bits, return_inverse=True)
        return np.array([self._used(each) for each in distinct.tolist()], np.int64)[back]
