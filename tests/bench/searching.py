"""How fast the search is: under numbers, plain, and beside spin on a model of the handshake."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tests.reach import spin
from tutor.explore.parts import Budget, Play
from tutor.explore.search import search
from tutor.explore.store import Interned, Plain, Store
from tutor.explore.verdict import PROPERTIES
from tutor.profiles import load_profile
from tutor.tcp.variant import TCP, Variant, variant_named

WIDE, NARROW = Budget(held=1, losses=1, server_closes=True), Budget(losses=1)
"""Budgets of the search under numbers and of the plain one, which is slow."""


def _seconds(budget: Budget, store: Store, variant: Variant = TCP) -> tuple[float, int, int]:
    """(seconds of this processor, worlds, moves) of one search."""
    start = time.process_time()
    play = Play(load_profile("rfc9293"), variant, budget, watched=PROPERTIES["no-ghost"])
    statistics = search(play, store=store).statistics
    return time.process_time() - start, statistics.worlds, statistics.moves


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, value) of every figure."""
    took, worlds, moves = _seconds(NARROW if quick else WIDE, Interned())
    yield "search under numbers, the real protocol", f"{worlds / took:,.0f} states/s, {moves / took:,.0f} moves/s"
    plain, plain_worlds, plain_moves = _seconds(NARROW, Plain())
    yield "search plain, a small model", f"{plain_worlds / plain:,.0f} states/s, {plain_moves / plain:,.0f} moves/s"
    yield "under numbers / plain, in moves", f"{moves / took / (plain_moves / plain):.1f}"
    ghost = min(_seconds(Budget(held=1, losses=1), Interned(), variant_named("two-way"))[0] for _ in range(5))
    yield "two-way handshake, the ghost found", f"{ghost * 1e3:.1f} ms"
    if not spin.is_here():
        yield "spin, breadth first", f"not measured: {spin.MISSING}"
        return
    theirs = spin.check("GHOST", "HELD=3" if quick else "HELD=4", "LOSSES=3")
    rate = theirs.states / max(theirs.seconds, 0.01)
    yield "spin, breadth first, a model of the handshake", f"{rate:,.0f} states/s ({theirs.states:,} states)"
    yield "under numbers / spin, in states", f"{worlds / took / rate:.2f}"
