"""How fast the search is: under numbers, plain, and beside spin on a model of the handshake.

What is compared
----------------
Every line names the model that was searched, with its states and moves. Two sides of a ratio are measured in turns in
the same run, and the best of each counts: so a busy machine spoils a ratio least. The time is the processor's.

* Under numbers and plain search one and the same model: the ratio is of like with like.
* spin and we do not search the same model, so that the ratio is one of rates: how much of a graph is looked at in a
  second. Both are asked the same question, breadth first, exhaustively, without a reduction of orders: does the
  three-way handshake leave a ghost, with so many segments of an earlier incarnation and so many losses? Neither finds
  one. Counted are distinct states that were stored and transitions between them, without what spin and gcc take to
  make a program of the model.
* spin (``-O3 -DSAFETY -DBFS -DNOREDUCE``) searches ``handshake.pml``, written for it: three states an end, a name for a
  number. Our search runs the whole engine, where the caller also closes and TIME-WAIT passes: within the same budget
  there are nearly twenty times as many states. So spin is asked with one more segment held: then both have hundreds of
  thousands of states, and spin too is busy for more than a second, without which its time is mostly chance.
* What a state costs depends on how many moves there are from it; transitions are the better measure of the work.
* A small search is asked for little that was asked before, and has no wide levels: below a hundred thousand states it
  is the engine's speed that is measured, not the tables'. The ratio to plain, which is slow, is of such a search.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
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


HANDSHAKE = "tests/reach/handshake.pml"


def _ours(budget: Budget, store: type[Store] = Interned, variant: Variant = TCP) -> Rate:
    """One search of the engine, from nothing."""
    play = Play(load_profile("rfc9293"), variant, budget, watched=PROPERTIES["no-ghost"])
    start = time.process_time()
    statistics = search(play, store=store()).statistics
    return Rate(time.process_time() - start, statistics.worlds, statistics.moves)


def _rate(found: spin.Found) -> Rate:
    """One search of spin."""
    return Rate(max(found.seconds, 0.01), found.states, found.transitions)


def _in_turns(times: int, *sides: Callable[[], Rate]) -> tuple[Rate, ...]:
    """The best of each side: one search of each, and so many times again."""
    turns = [[side() for side in sides] for _ in range(times)]
    return tuple(min(of_one_side) for of_one_side in zip(*turns, strict=True))


def _beside_spin(held: int, losses: int, times: int) -> Iterator[tuple[str, str]]:
    """Our search and spin's, which has one more segment held."""
    model = f"the engine, {held} held, {losses} losses"

    def ours() -> Rate:
        return _ours(Budget(held=held, losses=losses, writes=0))

    if not spin.is_here():
        (large,) = _in_turns(times, ours)
        yield f"under numbers: {model}", str(large)
        yield "spin -O3, breadth first", f"not measured: {spin.MISSING}"
        return
    with spin.made("GHOST", f"HELD={held + 1}", f"LOSSES={losses}", level="-O3") as ask:
        large, theirs = _in_turns(times, ours, lambda: _rate(ask()))
    yield f"under numbers: {model}", str(large)
    yield f"spin -O3, breadth first: {HANDSHAKE}, {held + 1} held, {losses} losses", f"{theirs}, {theirs.seconds:.2f} s"
    in_states = large.states / large.seconds / (theirs.states / theirs.seconds)
    in_moves = large.moves / large.seconds / (theirs.moves / theirs.seconds)
    name = "rates of these two models, under numbers / spin, in states; in moves"
    yield name, f"{in_states:.2f}; {in_moves:.2f} ({large.states:,} and {theirs.states:,} states)"


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, value) of every figure."""
    held, losses, times = (3, 2, 1) if quick else (4, 3, 3)
    plain, small = _in_turns(times, lambda: _ours(SMALL, Plain), lambda: _ours(SMALL))
    yield "search plain: the engine, 1 loss", str(plain)
    yield "under numbers: the same model", str(small)
    ratio = small.moves / small.seconds / (plain.moves / plain.seconds)
    yield "under numbers / plain, in moves, both on this model", f"{ratio:.1f} ({small.states:,} states each)"
    (middle,) = _in_turns(times, lambda: _ours(MIDDLE))
    yield "under numbers: the engine, 1 held, 1 loss, the server closes", str(middle)
    (ghost,) = _in_turns(5, lambda: _ours(Budget(held=1, losses=1), variant=variant_named("two-way")))
    yield "two-way handshake, the ghost found", f"{ghost.seconds * 1e3:.1f} ms ({ghost.states:,} states)"
    yield from _beside_spin(held, losses, times)
