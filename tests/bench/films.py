"""A film at 1920x1080: frames a second when they are only painted, in a whole film, and blank into the same encoder."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of

SIZE, FPS = (1920, 1080), 30.0


def close() -> Session:
    """Lesson 13 without its questions."""
    lesson = load_lesson("13-four-way-close", "en")
    return replace(start(replace(lesson, beats=()), scenario_of(lesson)), is_exploring=True)


def rate(work: Callable[[], object], frames: int) -> tuple[float, float]:
    """Frames a second, by the wall and by the processor time of this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return frames / (time.perf_counter() - wall), frames / (time.process_time() - cpu)


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, figure) for the diagram, the ladder and both plots."""
    from tutor.ui.app import application

    application()
    for what in ("diagram", "ladder", "plots"):
        yield from _filmed(what, quick=quick)


def _filmed(what: str, *, quick: bool) -> Iterator[tuple[str, str]]:
    from tutor.ui.encoders import BUFFERS, Reel, encoder_for, mp4_by
    from tutor.ui.film import Camera, Cut
    from tutor.ui.filming import make_film

    session = close()
    cut = Cut(session, what, 0, 200_000 if quick else session.end, SIZE, FPS, has_captions=True)
    total = len(cut)
    camera = Camera(cut, BUFFERS)
    camera.frame(0)
    wall, cpu = rate(lambda: [camera.frame(number) for number in range(total)], total)
    yield f"film of {what}, {SIZE[0]}x{SIZE[1]}: painted", f"{wall:.0f} frames/s ({cpu:.0f} by the processor)"
    by = mp4_by()
    if not by:
        yield f"film of {what}: encoded", "not measured: neither ffmpeg nor PyAV is here"
        return
    blank = bytes(4 * SIZE[0] * SIZE[1])
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "film.mp4"
        wall, _ = rate(lambda: make_film(cut, out, ".mp4"), total)
        reel = Reel(SIZE, FPS, total, list)
        frames = (memoryview(blank) for _ in range(total))
        empty, _ = rate(lambda: encoder_for(".mp4")(out, frames, reel), total)
    yield f"the same, whole, by {by}", f"{wall:.0f} frames/s, {wall / FPS:.1f} x real time"
    yield "blank frames into the same encoder", f"{empty:.0f} frames/s; the film takes {empty / wall:.2f} times as long"
