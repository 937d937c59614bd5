"""Every stop of a lesson, as a learner who answers everything rightly comes by it: the goal, each beat before and after
its answer, what one may have read, each check, the closing."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from PySide6.QtGui import QRawFont
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from tests.ui.flaws import Flaw, flaws_of
from tests.ui.stage import rightly
from tutor.teach import intents
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.teach.visiting import CLOSING
from tutor.ui import fonts
from tutor.ui.choices import ChoiceRow
from tutor.ui.conductor import Conductor
from tutor.ui.prose import Prose

SIZE = (1280, 720)
"""The smallest window in which a lesson stands beside its pictures (px)."""

MOST = 80
"""No lesson has so many stops."""


def stops(name: str, lang: str) -> Iterator[tuple[str, Conductor]]:
    """(what the stop is called, the window at rest on it), in order; afterwards the window is closed."""
    lesson = load_lesson(name)
    conductor = Conductor(replace(start(lesson, scenario_of(lesson)), lang=lang))
    conductor.window.resize(*SIZE)
    conductor.open()
    try:
        for number in range(MOST):
            stop = f"{lang}-{number:02d}-{_name(conductor.session)}"
            _settle()
            yield stop, conductor
            if _answer(conductor):
                _settle()
                yield f"{stop}-answered", conductor
            if conductor.session.aside is not None and conductor.session.aside.kind == CLOSING:
                return
            conductor.send(intents.NextBeat())
        raise AssertionError(f"{name} does not come to its end")
    finally:
        conductor.pause()
        conductor.window.close()
        conductor.window.deleteLater()


def _name(session: Session) -> str:
    aside = session.aside
    return f"beat-{session.beat + 1}" if aside is None else f"{aside.kind}-{aside.place + 1}"


def _answer(conductor: Conductor) -> bool:
    """Answer what is asked as it is right. Was anything asked?"""
    now = conductor.session
    if not now.is_asking or now.ask is None:
        return False
    if now.ask.kind == "explain":
        conductor.send(intents.CheckBet())  # told; now the points may be ticked
    for intent in rightly(now):
        conductor.send(intent)
    return True


def _settle() -> None:
    for _ in range(6):
        QApplication.processEvents()


# --- what may be wrong with a card ---

SENTENCE = re.compile(r"(?:\b[a-z]{2,}[ ,]+){3}[a-z]{2,}")
"""Four words in a row: English that nobody has translated, and no call, setting or line of a program."""

CODE = re.compile(r"`[^`]*`|\*[^*]*\*|“[^”]*”|\([^)]*\)|^State .*", re.DOTALL | re.MULTILINE)
"""What is quoted as it is written: calls, lines, tables of ss."""


def flaws(conductor: Conductor) -> list[str]:
    """What is cut off, lies on something else, is too small, is a box, or is in English where it should be Chinese."""
    found = [str(flaw) for flaw in flaws_of(conductor.window) if _is_of_the_card(flaw)]
    for text in texts(conductor.window.lesson):
        found += [f"no letter for {letter!r} in {text[:40]!r}" for letter in text if not _has_letter(letter)]
        if conductor.session.lang == "zh" and (english := SENTENCE.search(CODE.sub("", text))):
            found.append(f"not translated: {english[0]!r} in {text[:80]!r}")
    return found


def _is_of_the_card(flaw: Flaw) -> bool:
    """Pictures have tests of their own; a tab or a button of the window cut off is the card's matter too."""
    return not flaw.where.startswith(("State diagram", "Segment timeline", "状态图", "报文段时序图"))


def texts(root: QWidget) -> list[str]:
    """Every text that stands on a card."""
    found = []
    for widget in root.findChildren(QWidget):
        if not widget.isVisible():
            continue
        if isinstance(widget, Prose):
            found.append(widget.markdown)
        elif isinstance(widget, ChoiceRow):
            found.append(widget.choice.text)
        elif isinstance(widget, QLabel):
            found.append(widget.text())
    return [text for text in found if text.strip()]


@cache
def _has_letter(letter: str) -> bool:
    if letter.isspace():
        return True
    raw = [QRawFont.fromFont(fonts.ui(16)), QRawFont.fromFont(fonts.mono(14)), *_chinese()]
    return any(font.supportsCharacter(ord(letter)) for font in raw)


@cache
def _chinese() -> tuple[QRawFont, ...]:
    font = fonts.ui(16)
    font.setFamilies(font.families()[1:])
    return (QRawFont.fromFont(font),)
