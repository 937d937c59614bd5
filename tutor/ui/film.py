"""Films: the frames of a run, from the same virtual clock as the window, painted into memory.

Rules
-----
* A frame is a function of its number: nothing is animated by a real clock. Wall time = Tempo(simulated time) / speed.
* Behind the last moment the run stands still for ``REST_US``: tokens travel to their seats, and the end can be read.
* What an open bet hides is in no frame. What stands still is painted once, ground and all: its pixels are copied over
  those of the frame before, which is the cheapest way to begin a frame.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from tutor.teach.session import Session
from tutor.ui import pictures, stills
from tutor.ui.found_rows import whose
from tutor.ui.lensing import focus_of
from tutor.ui.paint import LayerCache, paint_marks
from tutor.ui.render import settle
from tutor.view.diagram import Rest
from tutor.view.marks import Ellipse, Ink, Layer, Line, Mark, Picture, Rect, Text
from tutor.view.stamp import stamped
from tutor.view.theme import Look, host_ink, host_letter, theme
from tutor.view.whyline import Why, why
from tutor.view.wrapping import wrapped
from tutor.words import Words

REST_US = 900_000
"""Wall time at the end for which the run stands still."""

CAPTION = 0.036
"""Height of a caption's letters, as a share of the film's height."""
LINES = 2
"""Lines for which a caption has room; what is longer is set smaller."""
LEAST = 12.0
KEPT = 4
"""So many grounds of frames are kept: what stands still changes seldom."""
LEAST_STANDING = 12
"""So many marks must stand still, besides those that are known to, for an image of their own."""

FILMED = (*stills.PICTURES, "window")
"""What can be filmed."""

Size = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Cut:
    """What is filmed: ``session`` (what may be seen at the end of the span), from ``start`` to ``stop`` (microseconds).

    ``fps`` frames a second, ``speed`` times as fast as at speed 1, ``size`` px large.
    """

    session: Session
    what: str
    start: int
    stop: int
    size: Size
    fps: float = 30.0
    speed: float = 1.0
    has_captions: bool = False

    @property
    def wall_us(self) -> float:
        """Wall time of the span, without the rest at its end."""
        tempo = pictures.tempo_of(self.session)
        return (tempo.to_wall(self.stop) - tempo.to_wall(self.start)) / self.speed

    def __len__(self) -> int:
        """How many frames the film has."""
        return max(1, round((self.wall_us + REST_US) * self.fps / 1e6))

    def moment(self, number: int) -> Moment:
        """When frame ``number`` is."""
        wall = number / self.fps * 1e6
        if wall >= self.wall_us:
            return Moment(self.stop, wall - self.wall_us)
        tempo = pictures.tempo_of(self.session)
        time = tempo.to_time(tempo.to_wall(self.start) + wall * self.speed)
        return Moment(min(self.stop, max(self.start, time)), 0.0)


class Moment(NamedTuple):
    """A moment of the run (microseconds), and for how long (wall microseconds) it has stood still there."""

    at: int
    rested: float


class _Standing(NamedTuple):
    """A ground with marks on it that stay as they are for a while."""

    key: Hashable
    marks: tuple[Mark, ...]
    image: QImage


class Camera:
    """Paints the frames of a cut, each into a buffer that is painted over ``buffers`` frames later."""

    def __init__(self, cut: Cut, buffers: int = 4) -> None:
        self.cut = cut
        self.words = Words(cut.session.lang)
        self.look = pictures.look_of(cut.session, self.words)
        self.theme = theme(cut.session.theme)
        self.ground = QColor(self.theme.colour("surface"))
        self.below = LayerCache()
        self._beneath: OrderedDict[Hashable, QImage] = OrderedDict()
        self.band = round(caption_height(cut.size)) if cut.has_captions else 0
        self.room = (cut.size[0], cut.size[1] - self.band)
        self._images = [QImage(*cut.size, QImage.Format.Format_RGB32) for _ in range(buffers)]
        self._painted = 0
        self._marks: tuple[Mark, ...] = ()
        self._stood: _Standing | None = None
        self._last: tuple[int, Picture | None, QImage] | None = None
        self._scene: Callable[[Session, Moment], Picture] = self._scene_of(cut.what)
        self._window = _Window(cut) if cut.what == "window" else None

    def frame(self, number: int) -> QImage:
        """Frame ``number``, 32 bits a pixel (blue, green, red, unused); the last one itself where nothing differs."""
        moment = self.cut.moment(number)
        session = replace(self.cut.session, playhead=moment.at)
        picture = self._scene(session, moment) if self._window is None else None
        if self._last is not None and moment.rested and (moment.at, picture) == self._last[:2]:
            return self._last[2]
        self._painted += 1
        image = self._images[self._painted % len(self._images)]
        self._last = (moment.at, picture, image)
        painter = QPainter(image)
        if self._window is not None:
            painter.drawImage(QPointF(0, 0), self._window.at(moment.at, self.room))
        elif picture is not None:
            self._paint(painter, picture)
        if self.band:
            painter.translate(0, self.room[1])
            said = why(session.trace, session.playhead, self.words, focus_of(session), session.told, whose(session))
            self.below.paint(
                painter, caption(said, self._hosts(), (self.cut.size[0], self.band), self.look), self.theme, 1
            )
        painter.end()
        return image

    def _hosts(self) -> tuple[str, ...]:
        return tuple(host.name for host in self.cut.session.trace.steps[0].world.hosts)

    def _paint(self, painter: QPainter, picture: Picture) -> None:
        """The picture, smaller if it is larger than its room."""
        fit = min(1.0, self.room[0] / picture.width, self.room[1] / picture.height)
        still = tuple(takewhile(lambda layer: layer.name == "static", picture.layers))
        marks = tuple(mark for layer in picture.layers[len(still) :] for mark in layer.marks)
        done = self._standing(still, marks, fit)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
        painter.drawImage(QPointF(0, 0), self._beneath_of(still, fit) if done is None else done.image)
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceOver)
        painter.save()
        painter.scale(fit, fit)
        paint_marks(painter, marks if done is None else marks[len(done.marks) :], self.theme)
        painter.restore()

    def _standing(self, still: tuple[Layer, ...], marks: tuple[Mark, ...], fit: float) -> _Standing | None:
        """What has been painted of this frame already: the ground and the first of its marks, those that are the ones
        of the frame before. None: too few for it to be worth while."""
        key, was = (fit, *(layer.key for layer in still)), self._marks
        self._marks = marks
        kept = self._stood if self._stood is not None and self._stood.key == key else None
        if kept is not None and marks[: len(kept.marks)] != kept.marks:
            kept = None
        same = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(marks, was, strict=False)))
        if same < LEAST_STANDING or (kept is not None and same < len(kept.marks) + LEAST_STANDING):
            return kept
        image = self._beneath_of(still, fit).copy()
        painter = QPainter(image)
        painter.scale(fit, fit)
        paint_marks(painter, marks[:same], self.theme)
        painter.end()
        self._stood = _Standing(key, marks[:same], image)
        return self._stood

    def _beneath_of(self, still: tuple[Layer, ...], fit: float) -> QImage:
        """The ground, and the layers that lie on it and stand still; the last ``KEPT`` are kept."""
        key = (fit, *(layer.key for layer in still))
        found = self._beneath.get(key)
        if found is None:
            found = self._beneath[key] = QImage(*self.cut.size, QImage.Format.Format_RGB32)
            found.fill(self.ground)
            painter = QPainter(found)
            painter.scale(fit, fit)
            for layer in still:
                paint_marks(painter, layer.marks, self.theme)
            painter.end()
            while len(self._beneath) > KEPT:
                self._beneath.popitem(last=False)
        self._beneath.move_to_end(key)
        return found

    def _scene_of(self, what: str) -> Callable[[Session, Moment], Picture]:
        if what != "diagram":
            return lambda session, _moment: stills.picture_of(session, what, self.room, self.look)

        def states(session: Session, moment: Moment) -> Picture:
            rest = Rest(moment.at if moment.rested else self.cut.start, moment.rested or float("inf"))

            def make(room: tuple[float, float]) -> Picture:
                return pictures.diagram_of(session, (round(room[0]), round(room[1])), self.look, rest)

            return stamped(make, self.room, session.world.variant, self.look)

        return states


class _Window:
    """The real window, laid out without a display, at one moment after the other."""

    def __init__(self, cut: Cut) -> None:
        from tutor.teach import intents
        from tutor.ui.app import application
        from tutor.ui.conductor import Conductor

        self._app, self._seek = application(), intents.Seek
        self._conductor = Conductor(replace(cut.session, playhead=cut.start))
        self._conductor.take_clock()
        self._is_open = False

    def at(self, time: int, size: Size) -> QImage:
        """The window at a moment."""
        if not self._is_open:
            self._is_open = True
            self._conductor.window.resize(*size)
            self._conductor.open()
        self._conductor.send(self._seek(time), is_moving=True)
        self._app.processEvents()
        settle(self._conductor.window)
        return self._conductor.window.grab().toImage()


def frames(cut: Cut) -> Iterator[QImage]:
    """Every frame, in order; each is good until three more have been taken."""
    camera = Camera(cut)
    for number in range(len(cut)):
        yield camera.frame(number)


# --- captions ---


def caption_height(size: Size) -> float:
    """Px below the picture that a caption takes."""
    return _letters(size) * (1.35 * LINES + 0.7)


def _letters(size: Size) -> float:
    return max(LEAST, CAPTION * min(size[1], size[0] * 0.75))


@lru_cache(maxsize=64)
def caption(said: Why, hosts: tuple[str, ...], size: Size, look: Look) -> Picture:
    """One sentence about what has just happened, and whose it was, on a band ``size`` px large."""
    width, height = size
    text = height / (1.35 * LINES + 0.7)
    place = hosts.index(said.host) if said.host in hosts else None
    left = text * (0.8 if place is None else 2.6)
    lines = wrapped(said.sentence, width - left - text * 0.8, text)
    while len(lines) * text * 1.3 > height - 4 and text > LEAST:
        text = max(LEAST, text * 0.93)
        lines = wrapped(said.sentence, width - left - text * 0.8, text)
    marks: list[Mark] = [Rect(0, 0, width, height, 0, Ink("surface2")), Line(0, 0.5, width, 0.5, Ink("border"), 1)]
    if place is not None:
        marks += _badge(place, left * 0.52, height / 2, min(left * 0.32, height * 0.3))
    top = height / 2 - len(lines) * text * 1.3 / 2 + text * 0.98
    marks += [Text(left, top + number * text * 1.3, line, Ink("ink"), text) for number, line in enumerate(lines)]
    return Picture(width, height, (Layer("static", (said, size, look), tuple(marks)),))


def _badge(place: int, x: float, y: float, r: float) -> list[Mark]:
    ground: Mark = (
        Ellipse(x, y, r, r, host_ink(place))
        if place % 2 == 0
        else Rect(x - r, y - r, 2 * r, 2 * r, r * 0.4, host_ink(place))
    )
    return [ground, Text(x, y + r * 0.42, host_letter(place), Ink("on"), r * 1.2, 700, "ui", "middle")]
