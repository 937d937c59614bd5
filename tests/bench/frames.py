"""The window at 1920 x 1080 in memory: frames while scrubbing a long run, and how soon a fork is seen."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from tests.bench import work
from tutor.teach import intents
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of

SIZE = (1920, 1080)
EVENTS = 2_000


def long_session() -> Session:
    """A session without bets on a run of more than ``EVENTS`` events."""
    lesson = replace(load_lesson("01-three-way-handshake", "en"), beats=())
    session = start(lesson, work.bulk(EVENTS * 1500, "0.2%"))
    assert len(session.trace.steps) >= EVENTS, "the run is too short to be worth scrubbing"
    return session


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, figure) of everything that is painted."""
    from PySide6.QtGui import QColor, QImage

    from tutor.ui.app import application
    from tutor.ui.conductor import Conductor

    app = application()
    conductor = Conductor(long_session())
    conductor.window.resize(*SIZE)
    conductor.open()
    app.processEvents()
    image = QImage(*SIZE, QImage.Format.Format_ARGB32_Premultiplied)

    frames = 30 if quick else 300
    end = conductor.session.end
    spans, blanks = [], []
    for number in range(frames):
        started = time.perf_counter()
        conductor.send(intents.Seek(end * number // frames))
        app.processEvents()
        spans.append(time.perf_counter() - started)
        started = time.perf_counter()
        image.fill(QColor("white"))
        blanks.append(time.perf_counter() - started)
    median, worst = statistics.median(spans), statistics.quantiles(spans, n=20)[-1]
    events = len(conductor.session.trace.steps)
    yield f"frame while scrubbing {events:,} events", f"median {median * 1e3:.1f} ms, 95 % under {worst * 1e3:.1f} ms"
    yield "blank frame of the same size", f"median {statistics.median(blanks) * 1e3:.2f} ms"
    yield f"fork to drawn, the rest of {events:,} events anew", _forks(app, conductor, 3 if quick else 10)
    conductor.window.close()
    lesson = load_lesson("13-four-way-close", "en")
    conductor = Conductor(start(replace(lesson, beats=()), scenario_of(lesson)))
    conductor.window.resize(*SIZE)
    conductor.open()
    app.processEvents()
    yield (
        f"fork to drawn, lesson 13 ({len(conductor.session.trace.steps)} events)",
        _forks(app, conductor, 3 if quick else 30),
    )
    conductor.window.close()


def _forks(app: Any, conductor: Any, times: int) -> str:
    """How long it takes from a learner's act at a past moment until both futures are drawn."""
    end, spans = conductor.session.end, []
    for number in range(1, times + 1):
        conductor.send(intents.SwitchBranch(conductor.session.road))
        conductor.send(intents.Seek(end * number // (times + 2)))
        app.processEvents()
        started = time.perf_counter()
        conductor.send(intents.ActNow("set link.delay 51ms"))
        app.processEvents()
        spans.append(time.perf_counter() - started)
    return f"median {statistics.median(spans) * 1e3:.1f} ms, worst {max(spans) * 1e3:.1f} ms"
