"""The panel of the seven properties: a lamp each, and the way to the step at which one broke."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QSize, Qt, QTimer
from PySide6.QtGui import QBrush
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QScrollArea

from tutor.joining import listed, named
from tutor.teach import intents
from tutor.teach.found import exception_told
from tutor.teach.lamps import Lamp, lamps
from tutor.teach.session import Session
from tutor.ui.card import set_ink
from tutor.ui.panel import ListPanel
from tutor.ui.style import Style
from tutor.view.theme import Look
from tutor.words import Words, mark
from tutor.world.time import format_duration

MARKS = {"holds": "●", "broken": "✕", "untried": "○", "pending": "…"}
BELOW = " " * 7
"""What stands before a second line, so that it begins below the name of the property."""

INKS = {"holds": "ok", "broken": "err", "untried": "ink3", "pending": "ink3"}


@dataclass(frozen=True, slots=True)
class LampRow:
    """One line: what it says, its colour, its explanation, and where a click leads (microseconds, None: nowhere)."""

    text: str
    role: str
    hint: str
    at: int | None
    is_pending: bool = False


def lamp_rows(session: Session, words: Words) -> tuple[LampRow, ...]:
    """The lamps in words."""
    return tuple(_row(lamp, words) for lamp in lamps(session))


def _row(lamp: Lamp, words: Words) -> LampRow:
    said = {
        "holds": words.t("holds"),
        "untried": words.t("has not come up yet"),
        "pending": words.t("being looked at"),
    }.get(lamp.verdict, "")
    if lamp.at is not None:
        said = words.t("broken at {time}, event {step}", time=format_duration(lamp.at), step=lamp.step)
    told = words.t("{number}  {title}: {verdict}", number=lamp.number, title=words.t(lamp.title), verdict=said)
    known = f"\n{BELOW}{words.t('a known exception of TCP itself')}" if lamp.known is not None else ""
    text = f"{MARKS[lamp.verdict]}  {told}{known}"
    return LampRow(text, INKS[lamp.verdict], _explained(lamp, words), lamp.at, lamp.verdict == "pending")


def _explained(lamp: Lamp, words: Words) -> str:
    """What the lamp promises, plainly and exactly, and of which connection it is not true."""
    always = words.t("Always: {sentence}.", sentence=words.t(lamp.always))
    tried = words.t("It comes up when: {sentence}.", sentence=words.t(lamp.sometimes))
    where = words.t("Broken for {connection}.", connection=_ends(lamp, words)) if lamp.connection else ""
    known = exception_told(lamp.known, words) if lamp.known is not None else ()
    parts = (named(lamp.number, words.t(lamp.title), words), *known, always, tried, where)
    return "\n".join(part for part in parts if part)


def _ends(lamp: Lamp, words: Words) -> str:
    """Both ends of its connection."""
    return listed(lamp.connection.split(", "), words)


class Lamps(ListPanel):
    """Shows ``LampRow``s; Enter or a click leads to where a property broke. Beside them, the current one's sentence."""

    name = mark("Properties")

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.list.setObjectName("lamps-list")
        self.list.setWordWrap(True)
        self.list.viewport().installEventFilter(self)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._broken: tuple[int | None, ...] = ()
        """When each was broken, as shown last."""
        self.told = QLabel()
        self.told.setTextFormat(Qt.TextFormat.PlainText)
        self.told.setWordWrap(True)
        self.told.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.told.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.around = QScrollArea()
        self.around.setWidget(self.told)
        self.around.setWidgetResizable(True)
        self.around.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.around.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.around.viewport().setAutoFillBackground(False)
        self.told.setAutoFillBackground(False)
        row = QHBoxLayout()
        row.addWidget(self.list, 1)
        row.addWidget(self.around, 1)
        self.layout().addLayout(row)
        self.list.currentRowChanged.connect(self._tell)

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        self.told.setFont(style.font(14))
        self.told.setMargin(style.px(4))
        set_ink(self.told, style, "ink")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.list.viewport() and event.type() == QEvent.Type.Resize:
            self._space()
        return super().eventFilter(watched, event)

    def _space(self) -> None:
        """All lamps are to be seen at once: rows have air between them as far as there is room for it."""
        items = [self.list.item(place) for place in range(self.list.count())]
        for item in items:
            item.setSizeHint(QSize())
        bare = [self.list.sizeHintForRow(place) for place in range(len(items))]
        free = (self.list.viewport().height() - sum(bare)) // max(1, len(items))
        for item, high in zip(items, bare, strict=True):
            item.setSizeHint(QSize(0, high + max(0, min(AIR, free))))

    def _tell(self, place: int) -> None:
        item = self.list.item(place)
        self.told.setText(item.data(Qt.ItemDataRole.AccessibleDescriptionRole) if item is not None else "")

    def rows(self, session: Session, look: Look) -> tuple[LampRow, ...]:
        assert isinstance(look.words, Words), "a window speaks a language"
        return lamp_rows(session, look.words)

    def show_rows(self, rows: tuple[LampRow, ...]) -> None:
        here = max(0, self.list.currentRow())
        was, self._broken = self._broken, tuple(row.at for row in rows)
        self.list.clear()
        for row in rows:
            item = QListWidgetItem(row.text)
            item.setData(AT, row.at)
            item.setToolTip(row.hint)
            item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, row.hint)
            item.setForeground(QBrush(self.style_now.colour(row.role)))
            font = self.style_now.font(14, 700 if row.role == "err" else 400)
            item.setFont(font)
            self.list.addItem(item)
        self._space()
        self.list.setCurrentRow(min(here, len(rows) - 1))
        if was != self._broken:
            first = next((place for place, row in enumerate(rows) if row.at is not None), here)
            self.list.scrollToItem(self.list.item(first), QListWidget.ScrollHint.EnsureVisible)
        if any(row.is_pending for row in rows):
            QTimer.singleShot(0, self.stale.emit)

    def choose(self, item: QListWidgetItem) -> None:
        at = item.data(AT)
        if at is not None:
            self.wanted.emit(intents.Seek(at))


AIR = 6
"""Px between two lines of the list, where there is room."""
AT = Qt.ItemDataRole.UserRole
"""Where an item keeps the moment at which its property broke."""
