"""``python -m tests.bench [--quick]``: prints what was measured on this machine, one line a figure."""

from __future__ import annotations

import os
import statistics
import sys
import time
import tracemalloc
from collections.abc import Callable

from tests.bench import work
from tutor.teach.reading import load_lesson
from tutor.teach.road import lay_road
from tutor.teach.stage import scenario_of
from tutor.world.acts import parse_act
from tutor.world.trace import Trace

QUICK = "--quick" in sys.argv


def median(function: Callable[[], object], times: int) -> float:
    """Median seconds of ``times`` calls, after one that does not count."""
    function()
    spans = []
    for _ in range(max(1, times // (10 if QUICK else 1))):
        start = time.perf_counter()
        function()
        spans.append(time.perf_counter() - start)
    return statistics.median(spans)


def say(name: str, value: str) -> None:
    """One line."""
    print(f"{name:<70} {value}", flush=True)


def seconds(function: Callable[[], object]) -> float:
    """How long it took, once."""
    start = time.perf_counter()
    function()
    return time.perf_counter() - start


def events_per_second(octets: int, *, machinery: bool) -> float:
    """How many events of one long transfer are computed in a second."""
    trace = Trace.of(work.bulk(octets, machinery=machinery))
    return 1 / (seconds(trace.extend) / len(trace.steps))


def engine() -> None:
    """Events a second in one long transfer with loss recovery and without, and what an event costs in memory.

    All are measured in turn in the same run, and the best of each counts: so a busy machine spoils a ratio least. The
    first engine is not here any more; the yardstick says what it would do on this machine now.
    """
    octets = 200_000 if QUICK else 2_000_000
    on, off, yard = 0.0, 0.0, float("inf")
    for _ in range(1 if QUICK else 9):
        on = max(on, events_per_second(octets, machinery=True))
        off = max(off, events_per_second(octets, machinery=False))
        yard = min(yard, seconds(work.yardstick))
    first = work.FIRST_ENGINE / yard
    say("engine, bulk transfer, all history kept", f"{on:,.0f} events/s")
    say("the same without loss recovery and windows", f"{off:,.0f} events/s")
    say("the first engine, by a yardstick of this run", f"{first:,.0f} events/s")
    say("with / without; without / the first engine", f"{on / off:.2f}; {off / first:.2f}")
    tracemalloc.start()
    small = Trace.of(work.bulk(octets // 2))
    before, _ = tracemalloc.get_traced_memory()
    small.extend()
    after, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    say("memory, all history kept", f"{(after - before) / len(small.steps):,.0f} octets an event")
    moments = [small.end * place // 997 for place in range(997)]
    say("seek to any moment", f"{median(lambda: [small.world_at(at) for at in moments], 20) / 997 * 1e6:.1f} µs")


def conversations() -> None:
    """Connections a second beside SimPy processes that move as many octets."""
    expected = 2 * work.SEGMENTS * work.OCTETS
    number = 5 if QUICK else 50
    octets = [work.one_conversation(seed) for seed in range(1, number + 1)]
    ours = median(lambda: work.one_conversation(7), number)
    say("connections, exact engine", f"{1 / ours:,.0f} a second (octets as expected: {octets == [expected] * number})")
    try:
        theirs = median(lambda: work.one_simpy_conversation(7), number)
    except ImportError:
        say("connections, SimPy processes", "not measured: pip install 'tcp-tutor[bench]'")
        return
    same = work.one_simpy_conversation(7) == expected
    say("connections, SimPy processes", f"{1 / theirs:,.0f} a second (octets as expected: {same})")
    say("exact engine / SimPy", f"{theirs / ours:.2f}")


def lesson() -> None:
    """Lesson 01 from text to trace."""
    document = load_lesson("01-three-way-handshake", "en")
    say(
        "lesson 01, computed",
        f"{median(lambda: lay_road(document, scenario_of(document)).trace.steps, 20) * 1e3:.2f} ms",
    )


def window() -> None:
    """Frames, forks and memory of the whole window, beside a blank frame, painted into memory."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.bench.frames import measure

    for name, value in measure(quick=QUICK):
        say(name, value)


def ladder() -> None:
    """Frames of the ladder over short, long and very long runs."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.bench.ladder import measure

    for name, value in measure(quick=QUICK):
        say(name, value)


def presenting() -> None:
    """Frames of a lecture's windows."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.bench.presenting import measure

    for name, value in measure(quick=QUICK):
        say(name, value)


def films() -> None:
    """Films at 1920x1080: painted, whole, and blank frames into the same encoder."""
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from tests.bench.films import measure

    for name, value in measure(quick=QUICK):
        say(name, value)


def start() -> None:
    """The first frame and everything after it, beside a bare window, each in processes of its own."""
    from tests.bench.starting import measure

    for name, value in measure(quick=QUICK):
        say(name, value)


def searching() -> None:
    """States a second of the search, under numbers and plain, beside spin where it is installed."""
    from tests.bench.searching import measure

    for name, value in measure(quick=QUICK):
        say(name, value)


def asking() -> None:
    """Generated questions a second, and their proofs."""
    from tests.bench.asking import measure

    for name, value in measure(quick=QUICK):
        say(name, value)


def fork() -> None:
    """A fork in the middle of a long run, until its future is known for the next second."""
    trace = Trace.of(work.bulk(1_000_000))
    trace.extend()
    index = len(trace.steps) // 2
    at = trace.steps[index].at

    def make() -> None:
        trace.fork(index, at, parse_act("wait 1ms")).extend(at + 1_000_000)

    say("fork, with a second of its future", f"{median(make, 20) * 1e3:.2f} ms")


if __name__ == "__main__":
    for part in (engine, conversations, lesson, fork, asking, searching, window, ladder, presenting, films, start):
        part()
