"""The why line under the stage: one sentence about the last event, never cut off.

Rules
-----
* It wraps to as many lines as it needs. It grows when it must and keeps that height until the window is reshaped, so
  that the stage does not jump while a run plays.
* Whose event it is shows by the host's sign, a refusal by a word.
"""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from tutor.joining import chained
from tutor.teach import intents
from tutor.teach.session import Session
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.found_rows import whose
from tutor.ui.lensing import focus_of
from tutor.ui.style import Style
from tutor.view.theme import HOST_ROLES, host_letter
from tutor.view.whyline import Why, instant, why
from tutor.words import Words

SIZE = 17

MOST_COUNT = 0.25
"""The part of the line that the count of a moment may take with all its words; where it is more, numbers are left."""

TELL_NEXT = "Shift+→"
"""The key that tells of the next event of an instant, as it is shown."""


@dataclass(frozen=True, slots=True)
class WhyRow:
    """The sentence; ``host``: the place of whose event it was, None for nobody's; ``reading``: its clauses, read.

    It is event ``place`` of the ``count`` that happen at one instant.
    """

    sentence: str
    host: int | None = None
    is_refusal: bool = False
    reading: str = ""
    place: int = 1
    count: int = 1


def said_now(session: Session, words: Words) -> Why:
    """What is told at the playhead: the step that was asked for, else what matters most."""
    return why(session.trace, session.playhead, words, focus_of(session), session.told, whose(session))


def told_next(session: Session, by: int) -> intents.Intent:
    """To the next event of this instant (``by`` 1), or the one before it; from the last to the first."""
    words = Words(session.lang)
    every = instant(session.trace, session.playhead, words, focus_of(session), whose(session))
    here = said_now(session, words).place - 1
    step = every[(here + by) % len(every)].step if every else -1
    return intents.Seek(session.playhead, step)


def why_row(session: Session, words: Words) -> WhyRow:
    """What the why line says at the playhead."""
    said = said_now(session, words)
    names = [host.name for host in session.world.hosts]
    host = names.index(said.host) if said.host in names else None
    reading = "\n".join(words.rule(clause) for clause in said.clauses)
    return WhyRow(said.sentence, host, said.is_refusal, reading, said.place, said.of)


class Sign(QWidget):
    """A host's sign: a disc for the first, a rounded square for the second."""

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self._host: int | None = None

    def show_host(self, style: Style, host: int | None) -> None:
        """Show the sign of the host with that place, or none."""
        self._style, self._host = style, host
        side = style.px(24)
        self.setFixedSize(QSize(side, side))
        self.update()

    def paintEvent(self, _event) -> None:
        if self._host is None:
            return
        style, box = self._style, QRectF(self.rect()).adjusted(0.5, 0.5, -0.5, -0.5)
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(style.colour(HOST_ROLES[self._host % len(HOST_ROLES)]))
        if self._host % 2 == 0:
            painter.drawEllipse(box)
        else:
            painter.drawRoundedRect(box, box.width() * 0.22, box.width() * 0.22)
        painter.setPen(style.colour("on"))
        painter.setFont(style.font(14, 700))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, host_letter(self._host))
        painter.end()


class WhyLine(QWidget):
    """Shows a ``WhyRow``; where several things happen at once, a button leads to the next of them."""

    next_wanted = Signal()

    def __init__(self, style: Style, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.style_now = style
        self.row: WhyRow | None = None
        self._tall = 24
        self.sign = Sign(style)
        self.refused = QLabel()
        self.refused.setObjectName("refused")
        self.said = QLabel()
        self.said.setWordWrap(True)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.said.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.said.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self.more = Button("plain")
        self.more.clicked.connect(self.next_wanted)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        row = QHBoxLayout(self)
        row.setContentsMargins(6, 0, 6, 0)
        row.addWidget(self.sign, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.refused, 0, Qt.AlignmentFlag.AlignVCenter)
        row.addWidget(self.said, 1)
        row.addWidget(self.more, 0, Qt.AlignmentFlag.AlignVCenter)

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now = style
        self.said.setFont(style.font(SIZE))
        self.refused.setFont(style.font(13, 700))
        self.refused.setText(style.words.t("REFUSED"))
        set_ink(self.said, style, "ink")
        set_ink(self.refused, style, "ink2")
        self.layout().setSpacing(style.px(10))
        self.setAccessibleName(style.words.t("What has just happened, and why"))
        self._say_count(1, 2)
        self._take(self._least())
        row, self.row = self.row, None
        if row is not None:
            self.show_row(row)

    def show_row(self, row: WhyRow) -> None:
        """Show this sentence."""
        if row == self.row:
            return
        self.row = row
        self.sign.show_host(self.style_now, row.host)
        self.sign.setVisible(row.host is not None)
        self.refused.setVisible(row.is_refusal)
        self.more.setVisible(row.count > 1)
        if row.count > 1:
            self._say_count(row.place, row.count)
        self.said.setText(row.sentence)
        self.said.setToolTip(row.reading)
        self.said.setAccessibleDescription(row.reading)
        self.setAccessibleDescription(row.sentence)
        self.layout().activate()  # a longer count has its room at once, not after the next paint
        self._make_room()

    def _say_count(self, place: int, count: int) -> None:
        words = self.style_now.words
        at_once = words.t("{place} of {count} at this moment", place=place, count=count)
        hint = words.t("Tell of the next event of this moment")
        self.more.restyle(self.style_now, at_once, hint=hint, key=TELL_NEXT)
        if self.more.sizeHint().width() > self.width() * MOST_COUNT:
            hint = chained((at_once, hint), words)
            self.more.restyle(self.style_now, f"{place}/{count}", name=at_once, hint=hint, key=TELL_NEXT)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            if self.row is not None and self.row.count > 1:
                self._say_count(self.row.place, self.row.count)
            self._take(self._least())
            self._make_room()

    def hasHeightForWidth(self) -> bool:
        return False

    def sizeHint(self) -> QSize:
        return QSize(400, self._tall)

    def minimumSizeHint(self) -> QSize:
        return QSize(60, self._tall)

    def _take(self, tall: int) -> None:
        """Ask for a height (px)."""
        if tall != self._tall:
            self._tall = tall
            self.updateGeometry()

    def _least(self) -> int:
        """One line, and the button that leads through a moment."""
        line = QFontMetrics(self.style_now.font(SIZE)).lineSpacing() + self.style_now.px(8)
        return max(line, self.more.sizeHint().height())

    def _make_room(self) -> None:
        """Grow if the sentence needs it; never shrink while the run goes on."""
        if self.row is None or self.width() < 50:
            return
        beside = self.style_now.px(34) if self.row.host is not None else 0
        if self.row.is_refusal:
            beside += self.refused.sizeHint().width() + self.style_now.px(10)
        if self.row.count > 1:
            beside += self.more.sizeHint().width() + self.style_now.px(10)
        metrics = QFontMetrics(self.style_now.font(SIZE))
        room = max(60, self.width() - 14 - beside)
        box = metrics.boundingRect(0, 0, room, 10_000, Qt.TextFlag.TextWordWrap, self.row.sentence)
        needed = box.height() + self.style_now.px(8)
        if needed > self._tall:
            self._take(needed)
