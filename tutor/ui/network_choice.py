"""Another puzzle than those that are offered: any protocol, any promise, any small budget."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from tutor.explore.parts import Budget
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.properties import PROPERTIES
from tutor.joining import listed
from tutor.profiles import load_profile, profile_names
from tutor.tcp.variant import TCP, VARIANTS
from tutor.teach.network_words import SPENT, capital
from tutor.teach.puzzles import Puzzle
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.forms import ChoiceBox
from tutor.ui.style import Style, sheet
from tutor.words import mark

MOST = 3
"""A larger budget would have the search go on for longer than anybody waits."""


LIMITS = mark("Each number is from 0 to {most}: a larger one would be searched for longer than anybody waits.")

MEANT: dict[str, str] = {
    "held": mark("Old segments: so many of an earlier connection on the same ports may be delivered."),
    "coincidences": mark(
        "Numbers to place: so many first numbers may be made equal to the old one, or lie just below or above it."
    ),
    "interferences": mark("Aborts or crashes: so often a program may abort, or a host crash and start anew."),
}
"""Field of the budget -> what it means."""


BEGINNINGS: dict[str, str] = {
    FORGOTTEN: mark("both ends have forgotten it"),
    OPEN: mark("it is still open"),
}
"""Where a puzzle begins -> what has become of the earlier connection by then."""


class PuzzleDialog(QDialog):
    """Asks for a puzzle; ``chosen`` carries it. It begins with what is played now."""

    chosen = Signal(object)

    def __init__(self, style: Style, now: Puzzle, parent: QWidget) -> None:
        super().__init__(parent)
        t = style.words.t
        self.setWindowTitle(t("Another puzzle"))
        self.setStyleSheet(sheet(style))
        self.variant, self.breaks, self.profile = ChoiceBox(style), ChoiceBox(style), ChoiceBox(style)
        for each in (TCP, *VARIANTS.values()):
            self.variant.addItem(capital(t(each.title)) if each.id else "TCP", each.id)
        for sentence in PROPERTIES.values():
            self.breaks.addItem(listed((sentence.number, t(sentence.title)), style.words), sentence.id)
        for name in profile_names():
            self.profile.addItem(load_profile(name).title, name)
        for box, value in ((self.variant, now.variant), (self.breaks, now.breaks), (self.profile, now.profile)):
            box.setCurrentIndex(max(0, box.findData(value)))
        self.begins = ChoiceBox(style)
        for where, told in BEGINNINGS.items():
            self.begins.addItem(t(told), where)
        self.begins.setCurrentIndex(max(0, self.begins.findData(now.beginning)))
        self.spent = {field: QSpinBox() for field, _ in SPENT}
        for field, box in self.spent.items():
            box.setObjectName("number")
            box.setRange(0, MOST)
            box.lineEdit().setTextMargins(8, 0, 8, 0)
            box.setValue(getattr(now.budget, field))
        self._build(style)

    def _build(self, style: Style) -> None:
        t, form = style.words.t, QFormLayout()
        form.setSpacing(style.px(10))
        rows: list[tuple[str, QWidget]] = [
            (t("Protocol"), self.variant), (t("What to break"), self.breaks), (t("Rules"), self.profile),
            (t("The earlier connection"), self.begins),
            *((capital(t(what)), self.spent[field]) for field, what in SPENT),
        ]  # fmt: skip
        for name, field in rows:
            label = QLabel(name)
            label.setBuddy(field)
            for part in (label, field):
                part.setFont(style.font(15))
            field.setAccessibleName(name)
            field.setMinimumHeight(34)
            form.addRow(label, field)
        for name, told in MEANT.items():
            self.spent[name].setToolTip(t(told))
            self.spent[name].setAccessibleDescription(t(told))
        note = QLabel("\n".join((*(t(told) for told in MEANT.values()), t(LIMITS, most=MOST))))
        note.setTextFormat(Qt.TextFormat.PlainText)
        note.setWordWrap(True)
        note.setFont(style.font(14))
        note.setMinimumWidth(style.px(480))
        set_ink(note, style, "ink2")
        play, leave = Button("primary"), Button()
        play.restyle(style, t("Take it up"))
        leave.restyle(style, t("Cancel"))
        play.clicked.connect(self._choose)
        leave.clicked.connect(self.reject)
        play.setDefault(True)
        self.play = play
        foot, column = QHBoxLayout(), QVBoxLayout(self)
        foot.addStretch(1)
        foot.addWidget(leave)
        foot.addWidget(play)
        column.setContentsMargins(*(style.px(18),) * 4)
        column.setSpacing(style.px(16))
        column.addLayout(form)
        column.addWidget(note)
        column.addLayout(foot)

    def _choose(self) -> None:
        budget = Budget(**{field: box.value() for field, box in self.spent.items()})
        variant, breaks, profile, begins = (
            box.currentData() for box in (self.variant, self.breaks, self.profile, self.begins)
        )
        self.chosen.emit(Puzzle(variant, breaks, budget, profile, begins))
        self.accept()
