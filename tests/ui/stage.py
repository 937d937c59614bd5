"""Helpers of the window's tests: a window on a lesson, and where a mark lies on a canvas."""

from __future__ import annotations

from dataclasses import replace
from functools import cache

from PySide6.QtCore import QPoint
from PySide6.QtGui import QImage, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QDialog

from tutor.teach import betting, intents, quiz
from tutor.teach.lesson import Lesson
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of
from tutor.ui.canvas import Canvas
from tutor.ui.conductor import Conductor
from tutor.ui.editor import Editor
from tutor.view.marks import Ellipse, Rect
from tutor.world.acts import parse_act

HANDSHAKE, CLOSE = "01-three-way-handshake", "13-four-way-close"


@cache
def lesson(name: str) -> Lesson:
    """A shipped lesson, read once."""
    return load_lesson(name)


def session(name: str = HANDSHAKE, *, acts: tuple[tuple[int, str], ...] = (), **changes: object) -> Session:
    """The beginning of a lesson; ``acts``: (microseconds, act) that the run is given besides."""
    scenario = scenario_of(lesson(name), acts=[(at, parse_act(text)) for at, text in acts])
    return replace(start(lesson(name), scenario), **changes)  # type: ignore[arg-type]


def opened(at: Session, width: int = 1280, height: int = 720) -> Conductor:
    """A window on a session, laid out and painted."""
    conductor = Conductor(at)
    conductor.window.resize(width, height)
    conductor.open()
    QApplication.processEvents()
    return conductor


def place_of(canvas: Canvas, mark: str) -> QPoint:
    """A point of the canvas where ``mark`` lies topmost: the middle of one of its boxes, or wherever it shows."""
    for each in canvas.picture.marks():
        if each.id == mark and isinstance(each, Rect | Ellipse):
            x, y = (each.x + each.w / 2, each.y + each.h / 2) if isinstance(each, Rect) else (each.cx, each.cy)
            if 0 <= x < canvas.width() and 0 <= y < canvas.height() and canvas.picture.at(x, y) == mark:
                return QPoint(round(x), round(y))
    for y in range(2, canvas.height(), 3):
        for x in range(2, canvas.width(), 3):
            if canvas.picture.at(x, y) == mark:
                return QPoint(x, y)
    raise AssertionError(f"{mark} is nowhere on the canvas")


def ids(canvas: Canvas) -> set[str]:
    """Every interactive id on the canvas."""
    return {mark.id for mark in canvas.picture.marks() if mark.id}


def grab(conductor: Conductor) -> QImage:
    """What a person sees once layouts and plots have come to rest."""
    for _ in range(6):
        QApplication.processEvents()
    return conductor.window.grab().toImage()


def right_answer(now: Session) -> intents.Choose:
    """What a learner who knows would tick at the open bet."""
    return next(intent for intent in rightly(now) if isinstance(intent, intents.Choose))


def rightly(now: Session) -> tuple[intents.Intent, ...]:
    """What a learner who knows would do at the open bet, and hand it in."""
    assert now.ask is not None
    scene = betting.scene(now, now.beat)
    assert scene is not None
    given = quiz.right_given(now.ask, quiz.answer(now.ask, scene))
    if now.ask.kind == "attack":
        return (intents.Solved(given.text),)
    typed = (intents.Write(given.text),) if given.text else ()
    return (*typed, *(intents.Choose(pick) for pick in given.picks), intents.CheckBet())


def solve(conductor: Conductor) -> None:
    """Answer the open bet rightly."""
    for intent in rightly(conductor.session):
        conductor.send(intent)


def press(conductor: Conductor, *keys: str) -> None:
    """Press keys, spelled as Qt spells them, on the window."""
    for key in keys:
        QTest.keySequence(conductor.window, QKeySequence(key))


def answered(conductor: Conductor) -> Conductor:
    """The same window with every bet of the lesson answered rightly, at the start of the run."""
    now = conductor.session
    while now.horizon is not None:
        before = now.answers
        now = update(now, intents.End())
        conductor.keeper.note(now.news)
        for intent in rightly(now):
            now = update(now, intent)
            conductor.keeper.note(now.news)
        assert now.answers != before, "what is right can be handed in"
    conductor.session = now
    conductor.send(intents.Home())
    return conductor


def put_away(editor: Editor) -> None:
    """Close an editor whatever is in it, and let Qt free it.

    What Python's collector frees instead, it takes apart in any order: also the parts before what holds them.
    """
    for dialog in editor.findChildren(QDialog):
        dialog.done(0)
    editor.check.stop()
    editor.show_saved()
    editor.close()
    editor.deleteLater()
