"""Another puzzle than those that are offered: any protocol, any promise, any small budget."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QDialog, QFormLayout, QHBoxLayout, QLabel, QSpinBox, QVBoxLayout, QWidget

from tutor.explore.parts import Budget
from tutor.explore.properties import PROPERTIES
from tutor.joining import listed
from tutor.profiles import load_profile, profile_names
from tutor.tcp.variant import TCP, VARIANTS
from tutor.teach.network_words import SPENT, capital
from tutor.teach.puzzles import Puzzle
from tutor.ui.button import Button
from tutor.ui.forms import ChoiceBox
from tutor.ui.style import Style, sheet

MOST = 3
"""A larger budget would have the search go on for longer than anybody waits."""


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
        self.spent = {field: QSpinBox() for field, _ in SPENT}
        for field, box in self.spent.items():
            box.setObjectName("number")
            box.setRange(0, MOST)
            box.setValue(getattr(now.budget, field))
        self._build(style)

    def _build(self, style: Style) -> None:
        t, form = style.words.t, QFormLayout()
        form.setSpacing(style.px(10))
        rows: list[tuple[str, QWidget]] = [
            (t("Protocol"), self.variant), (t("What to break"), self.breaks), (t("Rules"), self.profile),
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
        column.addLayout(foot)

    def _choose(self) -> None:
        budget = Budget(**{field: box.value() for field, box in self.spent.items()})
        self.chosen.emit(
            Puzzle(self.variant.currentData(), self.breaks.currentData(), budget, self.profile.currentData())
        )
        self.accept()
