"""How fast questions are made, and how long the prover takes."""

from __future__ import annotations

import time
from collections.abc import Iterator

from tutor.teach.betmode import EVENTS, stops
from tutor.teach.generate import pose
from tutor.teach.generated import KINDS
from tutor.teach.proving import faults


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, value) of every figure: processor time of this machine."""
    count = 20 if quick else 200
    for kind in KINDS:
        made, proved = [], 0.0
        for seed in range(count):
            start = time.process_time()
            question = pose(kind, seed)
            made.append(time.process_time() - start)
            start = time.process_time()
            assert faults(question) == []
            proved += time.process_time() - start
        made.sort()
        p99, worst = made[int(count * 0.99)] * 1e3, made[-1] * 1e3
        value = f"{count / sum(made):,.0f} a second (p99 {p99:.1f} ms, worst {worst:.1f} ms)"
        yield f"generated questions, {kind}", f"{value}, proved in {proved / count * 1e3:.1f} ms"
    trace = pose("next-state@client-closes", 1).trace
    trace.extend()
    start = time.process_time()
    found = len(list(stops(trace, 0, frozenset(EVENTS), time.process_time_ns())))
    yield "bet mode, a stop of a run found and proved", f"{(time.process_time() - start) / found * 1e3:.1f} ms"
