"""The whole window in memory: frames played and scrubbed, how soon a fork is seen, and what memory scrubbing takes."""

from __future__ import annotations

import statistics
import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from tests.bench import work
from tests.bench.ladder import FRAME_US, SIZES, resident, timed
from tutor.teach import intents
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.world.index import index_of

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

EVENTS = 2_000


def long_session() -> Session:
    """A session without bets on a run of more than ``EVENTS`` events."""
    lesson = replace(load_lesson("01-three-way-handshake", "en"), beats=())
    session = start(lesson, work.bulk(EVENTS * 1500, "0.2%"))
    assert len(session.trace.steps) >= EVENTS, "the run is too short to be worth scrubbing"
    return session


def short_session() -> Session:
    """The same on a run of about a hundred segments."""
    lesson = replace(load_lesson("01-three-way-handshake", "en"), beats=())
    return start(lesson, work.bulk(80_000, "2%"))


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, figure) of everything that is painted."""
    from tutor.ui.app import application

    app = application()
    count = 40 if quick else 400
    for size in SIZES:
        yield from _blank(size, count)
        for session in (short_session(), long_session()):
            conductor = _opened(app, session, size)
            yield from _frames(app, conductor, size, count)
            _close(app, conductor)
    conductor = _opened(app, long_session(), SIZES[0])
    events = len(conductor.session.trace.steps)
    yield f"fork to drawn, the rest of {events:,} events anew", _forks(app, conductor, 3 if quick else 10)
    _close(app, conductor)
    lesson = load_lesson("13-four-way-close", "en")
    conductor = _opened(app, start(replace(lesson, beats=()), scenario_of(lesson)), SIZES[0])
    events = len(conductor.session.trace.steps)
    yield f"fork to drawn, lesson 13 ({events} events)", _forks(app, conductor, 3 if quick else 30)
    _close(app, conductor)
    conductor = _opened(app, short_session(), SIZES[0])
    yield "drop click to the new future drawn", _drops(app, conductor, 5 if quick else 30)
    yield "memory after 1,000 scrubs of the window", _memory(app, conductor, 100 if quick else 1_000)
    _close(app, conductor)


def _opened(app: Any, session: Session, size: tuple[int, int]) -> Conductor:
    from tutor.ui.conductor import Conductor

    conductor = Conductor(session)
    conductor.window.resize(*size)
    conductor.open()
    app.processEvents()
    return conductor


def _close(app: Any, conductor: Conductor) -> None:
    conductor.window.close()
    conductor.window.deleteLater()
    app.processEvents()


def _blank(size: tuple[int, int], count: int) -> Iterator[tuple[str, str]]:
    """Filling as much memory with one colour."""
    from PySide6.QtGui import QColor, QImage

    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    yield f"{size[0]}x{size[1]}, blank", timed(lambda _: image.fill(QColor("white")), count).told()


def _frames(app: Any, conductor: Conductor, size: tuple[int, int], count: int) -> Iterator[tuple[str, str]]:
    """The whole window, from the intent until everything is painted."""
    segments = len(index_of(conductor.session.trace))
    scrubber = conductor.window.transport.scrubber
    conductor.take_clock()

    def scrub(number: int) -> None:
        scrubber.pressed_at.emit(scrubber.width() * (number * 0.6180339887 % 1), 0.0)
        app.processEvents()

    def play(_number: int) -> None:
        if not conductor.session.is_playing:
            conductor.send(intents.Home())
            conductor.send(intents.Play())
        conductor.tick(FRAME_US)
        app.processEvents()

    where = f"{size[0]}x{size[1]}, window, {segments:,} computed"
    yield f"{where}, scrubbed", timed(scrub, count).told()
    yield f"{where}, played", timed(play, count).told()
    conductor.pause()


def _drops(app: Any, conductor: Conductor, times: int) -> str:
    """From a click on "drop" for a segment on its way until both futures are drawn."""
    road, spans = conductor.session.road, []
    index = index_of(conductor.session.trace)
    for number in range(1, times + 1):
        row = index.row(len(index) * number // (times + 2))
        conductor.send(intents.SwitchBranch(road))
        conductor.send(intents.Seek(row.sent_at + 1))
        conductor.click(f"flight:{row.number}")
        app.processEvents()
        wall, cpu = time.perf_counter(), time.thread_time()
        conductor.command("drop")
        app.processEvents()
        spans.append((time.perf_counter() - wall, time.thread_time() - cpu))
    walls, cpus = [span[0] for span in spans], [span[1] for span in spans]
    return (
        f"wall {statistics.median(walls) * 1e3:.1f} ms (worst {max(walls) * 1e3:.1f}), "
        f"processor {statistics.median(cpus) * 1e3:.1f} ms (worst {max(cpus) * 1e3:.1f})"
    )


def _memory(app: Any, conductor: Conductor, count: int) -> str:
    """Resident memory of the window after as many scrubs as filled every cache, and after so many more."""
    tempo = conductor.session.tempo
    sizes = []
    for _ in range(2):
        for number in range(count):
            conductor.send(intents.Seek(tempo.to_time(tempo.length * (number * 0.6180339887 % 1))))
            app.processEvents()
        sizes.append(resident())
    return f"{sizes[0] / 1e6:.1f} MB before, {sizes[1] / 1e6:.1f} MB after, {(sizes[1] - sizes[0]) / 1e6:+.2f} MB"


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
