"""Somebody who presses anything: random input from a seed, as a list of actions that can be read and played again.

Rules
-----
* An action is a tuple of a word and numbers or texts, nothing else; ``python -m tests.ui.monkey SEED COUNT`` plays a
  seed again, ``play(conductor, actions)`` a list that a failing test has printed.
* Chance is in ``actions`` only. Playing asks no clock: the run's own clock stands still, time comes as an action.
* What would wait for a person (a file dialog, a question) is answered with Cancel at once.
* After each action: no exception, nothing that Qt warns of, no branch of the run lost, the window still there.
"""

from __future__ import annotations

import random
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QPoint, QPointF, Qt, QtMsgType, QUrl, qInstallMessageHandler
from PySide6.QtGui import QContextMenuEvent, QDropEvent, QKeySequence, QWheelEvent
from PySide6.QtPrintSupport import QPrintDialog
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QFileDialog,
    QInputDialog,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QTextEdit,
    QWidget,
)
from shiboken6 import isValid

from tutor.teach import intents
from tutor.teach.reading import lesson_ids
from tutor.teach.session import Session
from tutor.ui.commands import COMMANDS
from tutor.ui.conductor import Conductor
from tutor.ui.leaving import THEMES

Action = tuple[object, ...]

PLAIN_KEYS = (
    "Tab", "Tab", "Tab", "Shift+Tab", "Up", "Down", "Return", "Space", "Esc", "Menu", "Shift+F10", "F6", "Delete",
    "Ctrl+A", "Ctrl+C", "Ctrl+V", "a", "7",
)  # fmt: skip
"""Keys beside those of the registry."""

TYPED = ("tcp.flags.syn==1", "host==", "len>0", "§", "拥塞", "-1", "99999999999", "))((", "")

SIZES = ((1280, 720), (1920, 1080), (960, 600), (1100, 700), (1700, 900))

SILENT = ("This plugin does not support",)
"""What the offscreen platform says of itself."""


def actions(seed: int, count: int) -> list[Action]:
    """``count`` actions; the same for the same seed."""
    dice = random.Random(seed)
    kinds = {
        "key": 30, "command": 12, "click": 28, "right-click": 4, "double-click": 3, "drag": 6, "wheel": 5, "tick": 10,
        "type": 3, "resize": 2, "language": 2, "theme": 2, "text": 2, "drop": 2, "lesson": 1,
    }  # fmt: skip
    names, weights = list(kinds), list(kinds.values())
    return [_action(dice, dice.choices(names, weights)[0]) for _ in range(count)]


def _action(dice: random.Random, kind: str) -> Action:
    chosen: dict[str, Callable[[], Action]] = {
        "key": lambda: (dice.choice((*(key for row in COMMANDS for key in row.keys), *PLAIN_KEYS)),),
        "command": lambda: (dice.choice(COMMANDS).id,),
        "drag": lambda: (_place(dice), _place(dice), _place(dice), _place(dice)),
        "wheel": lambda: (_place(dice), _place(dice), dice.choice((-3, -1, 1, 3)), dice.random() < 0.3),
        "tick": lambda: (dice.choice((16_000, 100_000, 2_000_000)),),
        "type": lambda: (dice.choice(TYPED),),
        "resize": lambda: dice.choice(SIZES),
        "language": lambda: (dice.choice(("en", "zh")),),
        "theme": lambda: (dice.choice(THEMES),),
        "text": lambda: (dice.choice((0.8, 1.0, 1.0, 1.3, 2.0)),),
        "drop": lambda: (dice.randrange(4),),
        "lesson": lambda: (dice.choice(lesson_ids()),),
    }
    made = chosen.get(kind, lambda: (_place(dice), _place(dice)))
    return (kind, *made())


def _place(dice: random.Random) -> float:
    """Somewhere along a side of the window."""
    return round(dice.random(), 3)


# --- playing ---


class Lost(AssertionError):
    """An action had consequences that none may have; the message holds what is needed to see it again."""


class Monkey:
    """Plays actions on a window and looks at what they did. ``files``: what may be dropped on it."""

    def __init__(self, conductor: Conductor, files: Sequence[Path]) -> None:
        self.conductor = conductor
        self.files = files
        self.faults: list[str] = []
        self._branches: dict[tuple[int, int, int], tuple[object, ...]] = {}
        self._held: list[object] = []
        self._begun = 0
        self._send, conductor.send = conductor.send, self._note_beginnings

    def _note_beginnings(self, intent: intents.Intent, **named: bool) -> Session:
        """A run that somebody begins anew has lost nothing."""
        self._begun += isinstance(intent, intents.OpenLesson)
        return self._send(intent, **named)

    def play(self, todo: Sequence[Action]) -> None:
        """Play actions one by one. Raises ``Lost`` at the first that has consequences it may not have."""
        with _watched(self.faults), _hurried():
            for place, action in enumerate(todo):
                try:
                    self._do(action)
                    QApplication.processEvents()
                    self._dismiss()
                    self._look(action)
                except Exception as fault:  # noqa: BLE001  whatever it is, it is what we look for
                    if _aims_at_what_is_gone(fault):
                        continue
                    last = "".join(traceback.format_tb(fault.__traceback__)[-3:])
                    self.faults.append(f"{type(fault).__name__}: {fault}\n{last}")
                if self.faults:
                    done = ",\n    ".join(map(repr, todo[: place + 1]))
                    raise Lost(f"action {place} {action!r}: {self.faults[0]}\nreplay = [\n    {done},\n]")

    def _look(self, action: Action) -> None:
        session = self.conductor.session
        assert self.conductor.window.isVisible(), "the window has gone"
        key = id(session.lesson), id(session.scenario), self._begun
        was, now = self._branches.get(key, ()), tuple(session.timeline.branches)
        self._held += [session.lesson, session.scenario]  # so that no id is given twice
        if "delete" not in str(action):
            same = len(now) >= len(was) and all(a is b or a == b for a, b in zip(was, now, strict=False))
            assert same, f"of {len(was)} branches {len(now)} are left"
        self._branches[key] = now

    def _target(self) -> QWidget:
        """What input goes to: what is open over the window, or the window."""
        return QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.conductor.window

    def _at(self, x: float, y: float) -> tuple[QWidget, QPoint]:
        root = self._target()
        spot = QPoint(round(x * (root.width() - 1)), round(y * (root.height() - 1)))
        found = None if isinstance(root, QMenu) else root.childAt(spot)
        # An address that was used before may still lead to the Python object of what was deleted there.
        return (found, found.mapFrom(root, spot)) if found is not None and isValid(found) else (root, spot)

    def _do(self, action: Action) -> None:
        kind, *rest = action
        getattr(self, f"_{str(kind).replace('-', '_')}")(*rest)

    # --- one method an action ---

    def _key(self, key: str) -> None:
        window = self.conductor.window
        focus = QApplication.focusWidget() if self._target() is window else self._target()
        QTest.keySequence(focus or window, QKeySequence(key))

    def _type(self, text: str) -> None:
        focus = QApplication.focusWidget()
        if isinstance(focus, QLineEdit):
            focus.insert(text)
        elif isinstance(focus, QPlainTextEdit) and not focus.isReadOnly():
            focus.insertPlainText(text)

    def _command(self, name: str) -> None:
        if self.conductor.window.actions_by_id[name].isEnabled():
            self.conductor.window.command(name)

    def _click(self, x: float, y: float) -> None:
        widget, spot = self._at(x, y)
        _press(QTest.mouseClick, widget, Qt.MouseButton.LeftButton, spot)

    def _double_click(self, x: float, y: float) -> None:
        widget, spot = self._at(x, y)
        _press(QTest.mouseDClick, widget, Qt.MouseButton.LeftButton, spot)

    def _right_click(self, x: float, y: float) -> None:
        widget, spot = self._at(x, y)
        _press(QTest.mouseClick, widget, Qt.MouseButton.RightButton, spot)
        if _is_alive(widget):
            event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, spot, widget.mapToGlobal(spot))
            QApplication.sendEvent(widget, event)

    def _tick(self, wall_us: int) -> None:
        self.conductor.send(intents.Tick(wall_us))

    def _resize(self, width: int, height: int) -> None:
        self.conductor.window.showNormal()
        self.conductor.window.resize(width, height)

    def _language(self, lang: str) -> None:
        self.conductor.send(intents.SetLanguage(lang))

    def _theme(self, theme: str) -> None:
        self.conductor.send(intents.SetTheme(theme))

    def _text(self, scale: float) -> None:
        self.conductor.send(intents.SetTextScale(scale))

    def _lesson(self, lesson: str) -> None:
        self.conductor.open_lesson(lesson)

    def _drag(self, x1: float, y1: float, x2: float, y2: float) -> None:
        widget, start = self._at(x1, y1)
        if isinstance(widget, QLineEdit | QTextEdit | QPlainTextEdit):
            return  # a drag out of selected text is the system's own loop
        root = widget.window()
        stop = widget.mapFrom(root, QPoint(round(x2 * root.width()), round(y2 * root.height())))
        _press(QTest.mousePress, widget, Qt.MouseButton.LeftButton, start)
        for part in (1, 2, 3):
            if _is_alive(widget):
                QTest.mouseMove(widget, start + (stop - start) * (part / 3))
                QApplication.processEvents()
        if _is_alive(widget):
            _press(QTest.mouseRelease, widget, Qt.MouseButton.LeftButton, stop)

    def _wheel(self, x: float, y: float, notches: int, is_zoom: bool) -> None:
        widget, spot = self._at(x, y)
        keys = Qt.KeyboardModifier.ControlModifier if is_zoom else Qt.KeyboardModifier.NoModifier
        where, turn, phase = QPointF(spot), QPoint(0, 120 * notches), Qt.ScrollPhase.NoScrollPhase
        there = QPointF(widget.mapToGlobal(spot))
        event = QWheelEvent(where, there, QPoint(), turn, Qt.MouseButton.NoButton, keys, phase, False)  # noqa: FBT003
        QApplication.sendEvent(widget, event)

    def _drop(self, place: int) -> None:
        path = self.files[place % len(self.files)]
        mime = QMimeData()
        mime.setUrls([QUrl.fromLocalFile(str(path))])
        buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
        event = QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, mime, buttons, keys)
        self.conductor.window.dropEvent(event)

    def _dismiss(self) -> None:
        """Cancel what asks for files and printers, which are Qt's own; other dialogs may be clicked at."""
        for widget in QApplication.topLevelWidgets():
            if isinstance(widget, QFileDialog | QPrintDialog) and widget.isVisible():
                widget.reject()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def _aims_at_what_is_gone(fault: Exception) -> bool:
    """Did a hand of ours, no code of the window, aim at a widget that C++ has deleted while Python still names it?"""
    frames = traceback.extract_tb(fault.__traceback__)
    return isinstance(fault, RuntimeError) and "already deleted" in str(fault) and frames[-1].filename == __file__


def _press(how: Callable[..., None], widget: QWidget, button: Qt.MouseButton, spot: QPoint) -> None:
    """Press a button of the mouse; what is pressed may go away under the finger, and that is no fault."""
    try:
        how(widget, button, pos=spot)
    except RuntimeError:
        if isValid(widget):
            raise


def _is_alive(widget: QWidget) -> bool:
    return bool(isValid(widget)) and widget.isVisible()


@contextmanager
def _watched(faults: list[str]) -> Iterator[None]:
    """Collect exceptions in slots and what Qt warns of."""

    def warned(kind: QtMsgType, _context: object, text: str) -> None:
        if kind not in (QtMsgType.QtDebugMsg, QtMsgType.QtInfoMsg) and not text.startswith(SILENT):
            faults.append(f"Qt: {text}")

    def raised(kind: type[BaseException], value: BaseException, trace: object) -> None:
        last = traceback.extract_tb(trace)[-1]  # type: ignore[arg-type]
        faults.append(f"{kind.__name__}: {value} in {Path(last.filename).name}:{last.lineno}")

    hook, handler = sys.excepthook, qInstallMessageHandler(warned)
    sys.excepthook = raised
    try:
        yield
    finally:
        sys.excepthook = hook
        qInstallMessageHandler(handler)


@contextmanager
def _hurried() -> Iterator[None]:
    """Nothing waits for a person, and no clock but the actions moves the run."""
    import pytest
    from PySide6.QtGui import QDesktopServices

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Conductor, "_run_clock", lambda _conductor, _is_running: None)
        patch.setattr(QDialog, "exec", lambda _dialog: 0)
        patch.setattr(QMenu, "exec", lambda menu, *_where: menu.close() and None)
        for name in ("getOpenFileName", "getSaveFileName"):
            patch.setattr(QFileDialog, name, lambda *_a, **_k: ("", ""))
        patch.setattr(QInputDialog, "getText", lambda *_a, **_k: ("", False))
        patch.setattr(QDesktopServices, "openUrl", lambda _url: True)
        yield


def files_in(folder: Path) -> list[Path]:
    """What may be dropped: a script, a run, a file with a fault, and one that is not there."""
    script = folder / "greeting.pkt"
    script.write_text(
        "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n"
        "+.1 < S 0:0(0) win 32792 <mss 1460>\n+0 > S. 0:0(0) ack 1 <mss 1460>\n+.1 < . 1:1(0) ack 1 win 32792\n",
        encoding="utf-8",
    )
    broken = folder / "broken.pkt"
    broken.write_text("0 socket(\n", encoding="utf-8")
    binary = folder / "lesson.yaml"
    binary.write_bytes(b"\xff\xfe\x00binary")
    return [script, broken, binary, folder / "gone.pkt"]


def main() -> None:
    """Play ``COUNT`` actions of ``SEED`` and say that it went well, or where it did not."""
    import tempfile

    from tests.ui.stage import CLOSE, opened, session
    from tutor.ui.app import application

    seed, count = (int(each) for each in sys.argv[1:3])
    application()
    conductor = opened(session(CLOSE))
    Monkey(conductor, files_in(Path(tempfile.mkdtemp()))).play(actions(seed, count))
    print(f"{count} actions of seed {seed}: well")


if __name__ == "__main__":
    main()
