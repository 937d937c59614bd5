"""The command palette (Ctrl+K): everything that can be asked for, found by a few letters in either language."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from tutor.explore.properties import PROPERTIES
from tutor.joining import listed
from tutor.tcp.variant import VARIANTS
from tutor.teach import intents
from tutor.teach.lecture_reading import heading, lecture_ids, own_lecture_ids
from tutor.teach.lesson import Lesson, Wire
from tutor.teach.puzzles import PUZZLES
from tutor.ui import commands, deeds, focus
from tutor.ui.card import set_ink
from tutor.ui.fuzzy import score
from tutor.words import LANGUAGES, Words, mark

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

MOST = 40
"""So many answers are listed."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing to ask for: what is shown, the key beside it, other names it is found by, what it does."""

    text: str
    key: str
    names: tuple[str, ...]
    run: Callable[[], None]


def entries(conductor: Conductor) -> list[Entry]:
    """Every command and every lesson."""
    every = [Words(lang) for lang in LANGUAGES]
    window, words = conductor.window, conductor.words
    found = []
    for row in commands.COMMANDS:
        if row.context in commands.contexts_of(conductor.session) and row.id != "palette":
            names = tuple(dict.fromkeys(each.t(row.text) for each in every))
            text = commands.text_of(row, conductor.session, words)
            shown = "  ".join(words.t(key) if len(key) > 2 and key.isalpha() else key for key in row.shown)
            run = lambda name=row.id: window.command(name)
            needles = tuple(each.t(row.needle) for each in every)
            promises = promised(PROPERTIES if row.id in OF_PROMISES else (), every)
            found.append(Entry(text, shown, (*names, *needles, *promises, row.id), run))
    labs, lessons = conductor.library.laboratories(), conductor.library.lessons()
    found += _protocols(conductor, every, lessons)
    for lesson in (*lessons, *labs):
        title = lesson.title[conductor.session.lang]
        run = lambda name=lesson.id: conductor.open_lesson(name)
        text = title if lesson in labs else words.t("Lesson: {title}", title=title)
        names = [*(lesson.title[each.lang] for each in every), lesson.id, text]
        names += promised([wire.breaks for wire in _wires(lesson)], every)
        found.append(Entry(text, "", tuple(names), run))
    return found + _lectures(conductor, every)


OF_PROMISES = ("network", "panel-properties")
"""Commands that are found by the name of any promise."""


def promised(ids: Iterable[str], every: list[Words]) -> list[str]:
    """What these promises are called, in every language: things are found by what is broken there."""
    return [words.t(PROPERTIES[each].title) for each in dict.fromkeys(ids) for words in every]


def _wires(lesson: Lesson) -> list[Wire]:
    """The puzzles that a lesson offers."""
    asks = (*(beat.ask for beat in lesson.beats), *(check.ask for check in lesson.checks))
    asked = [ask.wire for ask in asks if ask is not None]
    return [wire for wire in (*(beat.wire for beat in lesson.beats), *asked) if wire is not None]


def _lectures(conductor: Conductor, every: list[Words]) -> list[Entry]:
    """The lectures that came with the program, and one's own."""
    found = []
    for name in (*lecture_ids(), *own_lecture_ids()):
        title = heading(name).title
        run = lambda name=name: deeds.open_lecture(conductor, name)
        text = conductor.words.t("Lecture: {title}", title=title[conductor.session.lang])
        names = [each.t("Lecture: {title}", title=title[each.lang]) for each in every]
        found.append(Entry(text, "", (*names, name), run))
    return found


OTHER_PROTOCOL = mark("Another protocol: {name}")
PROTOCOL_NEEDLE = mark("variant not TCP broken protocol deviation")


def _protocols(conductor: Conductor, every: list[Words], lessons: Iterable[Lesson]) -> list[Entry]:
    """From now on another protocol: each variant, found by what can be broken of it too, and the way back to TCP."""
    found = []
    tried = [(each.variant, each.breaks) for each in PUZZLES]
    tried += [(wire.variant, wire.breaks) for lesson in lessons for wire in _wires(lesson)]
    for variant in (*VARIANTS, "none"):
        run = lambda name=variant: conductor.send(intents.SetParameter("variant", name))
        names = [text for words in every for text in (words.protocol(variant), words.t(PROTOCOL_NEEDLE))]
        names += promised([breaks for of, breaks in tried if of == variant], every)
        text = conductor.words.t(OTHER_PROTOCOL, name=conductor.words.protocol(variant))
        found.append(Entry(text, "", (*names, variant), run))
    return found


def answers(every: list[Entry], typed: str) -> list[Entry]:
    """What answers to the letters typed, the best first; without letters everything in its order."""
    if not typed.strip():
        return every[:MOST]
    scored = [(score(typed, entry.text, *entry.names), -place, entry) for place, entry in enumerate(every)]
    best = sorted((each for each in scored if each[0] > 0), key=lambda each: each[:2], reverse=True)
    return [entry for _, _, entry in best[:MOST]]


class Palette(QWidget):
    """A veil over the window with a field and a list. Enter runs, Esc or a click beside it closes."""

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor.window)
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._style = style = conductor.style
        self._entries = entries(conductor)
        self._before = conductor.window.focusWidget()
        veil = style.colour("bg")
        self.setStyleSheet(f"Palette {{ background: rgba({veil.red()}, {veil.green()}, {veil.blue()}, 150); }}")
        words = style.words
        self.setAccessibleName(words.t("Commands"))
        self.frame = QFrame(self)
        self.frame.setObjectName("overlay")
        self.field = QLineEdit()
        self.field.setFont(style.font(19))
        self.field.setPlaceholderText(words.t("What do you want to do?"))
        self.field.setAccessibleName(words.t("What do you want to do?"))
        self.list = QListWidget()
        self.list.setObjectName("rows-list")
        self.list.viewport().setAutoFillBackground(False)
        self.list.setFont(style.font(16))
        self.list.setAccessibleName(words.t("Commands"))
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        column = QVBoxLayout(self.frame)
        column.setContentsMargins(*[style.px(14)] * 4)
        column.addWidget(self.field)
        self.nothing = QLabel(words.t("Nothing found"))
        self.nothing.setFont(style.font(16))
        self.nothing.setMargin(style.px(10))
        set_ink(self.nothing, style, "ink2")
        column.addWidget(self.nothing)
        column.addWidget(self.list, 1)
        column.addStretch(0)
        self.field.textChanged.connect(self._fill)
        self.field.installEventFilter(self)
        self.list.itemClicked.connect(lambda _item: self.run())
        self._fill("")

    @classmethod
    def of(cls, conductor: Conductor) -> Palette:
        """The window's palette; an open one is closed first, so that there is never a second."""
        for old in conductor.window.findChildren(cls):
            old.close()
        return cls(conductor)

    def open(self) -> None:
        """Show it over the window and take what is typed."""
        self.place()
        self.show()
        self.raise_()
        self.field.setFocus()

    def place(self) -> None:
        """In the middle of the upper part of the window."""
        parent = self.parentWidget()
        self.setGeometry(parent.rect())
        width = min(self._style.px(760), parent.width() - 40)
        height = min(self._style.px(560), parent.height() - 80)
        self.frame.setGeometry((self.width() - width) // 2, min(70, self.height() // 8), width, height)

    def run(self) -> None:
        """Do what is chosen."""
        item = self.list.currentItem()
        self.close()
        if item is not None:
            item.data(Qt.ItemDataRole.UserRole)()

    def closeEvent(self, event) -> None:
        focus.give_back(self._before, self.parentWidget())
        super().closeEvent(event)

    def eventFilter(self, watched, event: QEvent) -> bool:
        if watched is self.field and isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            key, row = event.key(), self.list.currentRow()
            by = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1, Qt.Key.Key_PageDown: 8, Qt.Key.Key_PageUp: -8}.get(Qt.Key(key))
            if by is not None:
                self.list.setCurrentRow(max(0, min(self.list.count() - 1, row + by)))
                return True
            if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                self.run()
                return True
            if key == Qt.Key.Key_Escape:
                self.close()
                return True
        if watched is self.field and event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        return super().eventFilter(watched, event)

    def mousePressEvent(self, _event) -> None:
        self.close()

    def _fill(self, typed: str) -> None:
        self.list.clear()
        for entry in answers(self._entries, typed):
            item = QListWidgetItem()
            item.setData(Qt.ItemDataRole.UserRole, entry.run)
            item.setData(
                Qt.ItemDataRole.AccessibleTextRole, listed(filter(None, (entry.text, entry.key)), self._style.words)
            )
            row = self._row(entry)
            item.setSizeHint(row.sizeHint())
            self.list.addItem(item)
            self.list.setItemWidget(item, row)
        self.list.setCurrentRow(0)
        is_empty = not self.list.count()
        self.nothing.setVisible(is_empty)
        self.list.setVisible(not is_empty)

    def _row(self, entry: Entry) -> QWidget:
        row = QWidget()
        box = QHBoxLayout(row)
        box.setContentsMargins(self._style.px(10), self._style.px(5), self._style.px(10), self._style.px(5))
        for text, role, weight in ((entry.text, "ink", 400), (entry.key, "accent", 600)):
            label = QLabel(text)
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setFont(self._style.font(16, weight))
            label.setStyleSheet(f"color: {self._style.theme.colour(role)}")
            box.addWidget(label, 1 if role == "ink" else 0)
        return row
