"""The ladder's frames: played and scrubbed, over 100 computed segments and over 10,000 and 1,000,000 recorded ones.

A frame is all that a moment changes there: making the pictures of ladder and scrubber, and painting them into memory,
in the size that they have in the window and as large as the whole screen. Wall time and processor time are told apart:
where other programs have the processor, only the second says something about this one.
"""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

from tests.bench import work
from tests.bench.recorded import recorded
from tutor.view.ladder import ladder
from tutor.view.lens import Lens
from tutor.view.marks import Picture
from tutor.view.scrubber import scrubber
from tutor.view.theme import Look
from tutor.words import Words
from tutor.world.index import Index, index_of
from tutor.world.tempo import Tempo
from tutor.world.trace import Trace

SIZES = ((1920, 1080), (3840, 2160))
CARDS = {(1920, 1080): (567, 700), (3840, 2160): (1420, 1700)}
"""The sizes that ladder and scrubber have in a window of that size, one under another."""
SCRUBBER = 60
"""Px that the scrubber takes of the height."""
FRAME_US = 16_667
"""Between two frames that are played."""


class Spans(NamedTuple):
    """Seconds of each frame on the wall and of the processor."""

    wall: list[float]
    cpu: list[float]

    def told(self) -> str:
        """Median and the slowest of a hundred."""
        return f"wall {_two(self.wall)}, processor {_two(self.cpu)}"


def _two(spans: list[float]) -> str:
    return f"{statistics.median(spans) * 1e3:.2f} ms (p99 {statistics.quantiles(spans, n=100)[-1] * 1e3:.2f})"


def timed(frame: Callable[[int], object], count: int) -> Spans:
    """So many frames, after ten that do not count."""
    for number in range(10):
        frame(number)
    spans = Spans([], [])
    for number in range(count):
        wall, cpu = time.perf_counter(), time.thread_time()
        frame(number)
        spans.wall.append(time.perf_counter() - wall)
        spans.cpu.append(time.thread_time() - cpu)
    return spans


def computed() -> Trace:
    """A real run of about a hundred segments."""
    trace = Trace.of(work.bulk(80_000, "2%"))
    trace.extend()
    return trace


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, figure) of every line."""
    from tutor.ui.app import application

    application()
    runs: list[tuple[str, Trace | Index]] = [
        (f"{len(index_of(trace := computed()))} computed", trace),
        ("10,000 recorded", recorded(10_000)),
        ("1,000,000 recorded", recorded(1_000_000)),
    ]
    count = 40 if quick else 400
    for size in SIZES:
        for where, part in (("card", CARDS[size]), ("whole screen", size)):
            yield from _at(f"{size[0]}x{size[1]}, ladder on the {where}", part, runs, count)
    yield "memory after 1,000 scrubs of the ladder", _memory(runs[-1][1], 100 if quick else 1_000)
    yield "filter over 1,000,000 segments", _filter(recorded(1_000_000))


def _at(
    where: str, size: tuple[int, int], runs: list[tuple[str, Trace | Index]], count: int
) -> Iterator[tuple[str, str]]:
    """A size, every run; long runs in turn with short ones, so that a busy machine spoils their ratio least."""
    from PySide6.QtGui import QImage

    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    for what, moments in (("played", played), ("scrubbed", scrubbed)):
        stages = {name: Stage(run, size, image).frame_of(moments) for name, run in runs}
        spans = {name: Spans([], []) for name in stages}
        for _ in range(4):
            for name, frame in stages.items():
                part = timed(frame, count // 4)
                spans[name].wall.extend(part.wall)
                spans[name].cpu.extend(part.cpu)
        for name, found in spans.items():
            yield f"{where}, {what}, {name}", found.told()
        short, long = (statistics.median(spans[name].cpu) for name in ("10,000 recorded", "1,000,000 recorded"))
        yield f"{where}, {what}, 1,000,000 to 10,000", f"{long / short:.2f}"


Moments = Callable[[Tempo, int], int]
"""Frame number -> moment of the run."""


def played(tempo: Tempo, number: int) -> int:
    """From the second second on, a frame's wall time after another."""
    return tempo.to_time(2_000_000 + number * FRAME_US)


def scrubbed(tempo: Tempo, number: int) -> int:
    """To and fro over the whole run, by the golden section."""
    return tempo.to_time(tempo.length * (number * 0.6180339887 % 1))


class Stage:
    """One run on a screen in memory."""

    def __init__(self, run: Trace | Index, size: tuple[int, int], image: Any) -> None:
        from tutor.ui.paint import LayerCache

        self.run, self.size, self.image = run, size, image
        self.end = run.end
        self.tempo = Tempo.of(run, self.end)
        self.look = Look(words=Words("en"))
        self.caches = LayerCache(), LayerCache()

    def frame_of(self, moments: Moments) -> Callable[[int], None]:
        """What paints frame number so and so."""
        return lambda number: self.paint(moments(self.tempo, number))

    def pictures(self, time: int) -> tuple[Picture, Picture]:
        """The ladder over the screen, the scrubber at its foot."""
        width, height = self.size
        shown = ladder(self.run, time, (width, height - SCRUBBER), self.look, tempo=self.tempo, lens=Lens())
        return shown, scrubber(self.run, time, (width, SCRUBBER), self.look, tempo=self.tempo)

    def paint(self, time: int) -> None:
        """A whole frame."""
        from PySide6.QtGui import QColor, QPainter

        theme = self.look.theme
        painter = QPainter(self.image)
        painter.fillRect(self.image.rect(), QColor(theme.colour("surface")))
        for picture, cache, y in zip(self.pictures(time), self.caches, (0, self.size[1] - SCRUBBER), strict=True):
            painter.save()
            painter.translate(0, y)
            cache.paint(painter, picture, theme, 1.0)
            painter.restore()
        painter.end()


def _memory(run: Trace | Index, count: int) -> str:
    """Resident memory before and after, when every cache is warm."""
    from PySide6.QtGui import QImage

    stage = Stage(run, SIZES[0], QImage(*SIZES[0], QImage.Format.Format_ARGB32_Premultiplied))
    frame = stage.frame_of(scrubbed)
    for number in range(count):
        frame(number)
    before = resident()
    for number in range(count, 2 * count):
        frame(number)
    after = resident()
    return f"{before / 1e6:.1f} MB before, {after / 1e6:.1f} MB after, {(after - before) / 1e6:+.2f} MB"


def resident() -> int:
    """Octets of memory that this process has now; where the system does not say, the most it ever had."""
    try:
        return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * resource.getpagesize()
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def _filter(run: Index) -> str:
    from tutor.view.filtering import parse_filter, shown

    made = parse_filter("tcp.flags.syn == 1 or (host == server and retransmission > 0)")
    assert made is not None
    started = time.perf_counter()
    found, total = shown(made, run)
    return f"{(time.perf_counter() - started) * 1e3:.0f} ms, {found:,} of {total:,}"
