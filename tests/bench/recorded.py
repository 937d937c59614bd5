"""Recorded runs of any length: a computed transfer with losses, as columns, again and again one after another."""

from __future__ import annotations

from functools import cache

from tests.bench import work
from tutor.world.index import COLUMNS, Index, as_array, assemble, index_of
from tutor.world.trace import Trace

PATTERN = 2_000
"""Segments of the computed transfer."""


@cache
def pattern(segments: int = PATTERN) -> Index:
    """The first ``segments`` of one long transfer: a handshake, losses, repetitions, ACKs."""
    trace = Trace.of(work.bulk(segments * 1_500, "0.5%"))
    whole = index_of(trace)
    assert len(whole) >= segments, "the transfer is too short"
    return cut(whole, segments)


def cut(index: Index, segments: int) -> Index:
    """The first so many segments."""
    columns = {name: column[:segments] for name, column in index.columns.items()}
    more = {place: versions for place, versions in index.more.items() if place < segments}
    return assemble(index.hosts, index.addresses, index.connections, columns, more)


@cache
def recorded(segments: int) -> Index:
    """``segments`` segments: the pattern over and over, three seconds apart, each time another connection."""
    import numpy as np

    once = pattern(min(segments, PATTERN))
    times = -(-segments // len(once))
    period = once.end + 3_000_000
    round_of = np.repeat(np.arange(times), len(once))[:segments]
    columns = {}
    for name, code in COLUMNS.items():
        column = np.tile(as_array(once.columns[name]), times)[:segments]
        if name in ("sent_at", "ends_at"):
            column = column + round_of * period
        elif name == "number":
            column = np.arange(1, segments + 1)
        elif name == "connection":
            column = column + round_of * len(once.connections)
        columns[name] = memoryview(np.ascontiguousarray(column.astype(np.dtype(code))))
    connections = [f"{name} #{number}" for number in range(times) for name in once.connections]
    return assemble(once.hosts, once.addresses, connections, columns)
