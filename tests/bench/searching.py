"""How fast the search is: under numbers, plain, and beside spin on a model of the handshake.

What is compared with spin
--------------------------
Both are asked the same question, breadth first, exhaustively, without a reduction of orders: does the three-way
handshake leave a ghost, with so many segments of an earlier incarnation and so many losses? Neither finds one, and both
look at everything within the bound. Counted are distinct states that were stored and transitions between them; the time
is the processor's, of the best of some searches, without what spin and gcc take to make a program of the model.

* spin (``-O3 -DSAFETY -DBFS -DNOREDUCE``) searches ``handshake.pml``, written for it: three states an end, a name for a
  number. Its search takes some tenths of a second, so that more of them are measured. Our search runs the whole
  engine, where the caller also closes and TIME-WAIT passes: within the same budget there are nearly twenty times as
  many states. So it is rates that are compared, in states and in transitions.
* What a state costs depends on how many moves there are from it; transitions are the better measure of the work.
* A small search is asked for little that was asked before, and has no wide levels: below a hundred thousand states it
  is the engine's speed that is measured, not the tables'. The first figure is of such a search.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import NamedTuple

from tests.reach import spin
from tutor.explore.parts import Budget, Play
from tutor.explore.search import search
from tutor.explore.store import Interned, Plain, Store
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.variant import TCP, Variant, variant_named

SMALL = Budget(losses=1)
"""The budget of the plain search, which is slow."""

MIDDLE = Budget(held=1, losses=1, server_closes=True)


class Rate(NamedTuple):
    """What was searched, in seconds of the processor."""

    seconds: float
    states: int
    moves: int

    def __str__(self) -> str:
        rates = f"{self.states / self.seconds:,.0f} states/s, {self.moves / self.seconds:,.0f} moves/s"
        return f"{rates} ({self.states:,} states, {self.moves:,} moves)"


def _ours(budget: Budget, store: type[Store] = Interned, variant: Variant = TCP, times: int = 1) -> Rate:
    """The best of some searches, each from nothing."""
    play = Play(load_profile("rfc9293"), variant, budget, watched=PROPERTIES["no-ghost"])
    rates = []
    for _ in range(times):
        start = time.process_time()
        statistics = search(play, store=store()).statistics
        rates.append(Rate(time.process_time() - start, statistics.worlds, statistics.moves))
    return min(rates)


def _spins(held: int, losses: int, times: int) -> Rate:
    """The best of some searches of the model."""
    found = [spin.check("GHOST", f"HELD={held}", f"LOSSES={losses}", level="-O3") for _ in range(times)]
    return min(Rate(max(each.seconds, 0.01), each.states, each.transitions) for each in found)


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, value) of every figure."""
    held, losses, times = (3, 2, 1) if quick else (4, 3, 3)
    plain = _ours(SMALL, Plain)
    yield "search plain, a small model", str(plain)
    small = _ours(SMALL, times=3)
    yield "under numbers, the same model", str(small)
    yield "under numbers, a larger one", str(_ours(MIDDLE, times=times))
    large = _ours(Budget(held=held, losses=losses, writes=0), times=times)
    yield f"under numbers, the budget of spin's ({held} held, {losses} losses)", str(large)
    per_move = plain.seconds / plain.moves
    yield "under numbers / plain, in moves, the same model", f"{per_move * small.moves / small.seconds:.1f}"
    ghost = _ours(Budget(held=1, losses=1), variant=variant_named("two-way"), times=5)
    yield "two-way handshake, the ghost found", f"{ghost.seconds * 1e3:.1f} ms"
    if not spin.is_here():
        yield "spin, breadth first", f"not measured: {spin.MISSING}"
        return
    theirs = _spins(held, losses, 2 * times)
    yield "spin -O3, breadth first, on a model of the handshake", str(theirs)
    in_states = large.states / large.seconds / (theirs.states / theirs.seconds)
    in_moves = large.moves / large.seconds / (theirs.moves / theirs.seconds)
    yield "under numbers / spin, in states; in moves", f"{in_states:.2f}; {in_moves:.2f}"
