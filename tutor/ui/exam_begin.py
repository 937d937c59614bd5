"""Before an exam: what it is about, how many questions, how long, and the seed that makes the paper."""

from __future__ import annotations

from dataclasses import dataclass
from random import SystemRandom

from PySide6.QtCore import QRegularExpression, Qt, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import (
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from tutor.joining import sentences
from tutor.ui.button import Button
from tutor.ui.card import Card, set_ink
from tutor.ui.exam_rows import RULES, BeginRows
from tutor.ui.page import scrolling
from tutor.ui.style import Style

MOST = 60
"""No exam of the window has more questions."""

LONGEST = 240
"""Minutes."""

USUAL = 20
"""Questions, and minutes."""

ID = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Wish:
    """What was chosen. ``lessons``: their ids; none: everything."""

    lessons: tuple[str, ...]
    count: int
    minutes: int
    seed: int


def fresh_seed() -> int:
    """A seed that nobody has thought of."""
    return SystemRandom().randrange(1, 1_000_000)


class BeginFace(QWidget):
    """Two cards: the lessons, and the rest. ``begun`` carries a ``Wish``."""

    begun = Signal(object)

    def __init__(self, style: Style) -> None:
        super().__init__()
        self.style_now = style
        self.shown: BeginRows | None = None
        self.what, self.how = Card(style), Card(style)
        self.list = QListWidget()
        self.count, self.minutes = QSpinBox(), QSpinBox()
        self.seed = QLineEdit(str(fresh_seed()))
        self.draw, self.begin = Button(), Button("primary")
        self.labels = {part: QLabel() for part in (self.count, self.minutes, self.seed)}
        self.rules, self.trouble = QLabel(), QLabel()
        self._build()
        self.list.itemChanged.connect(self._tick)
        self.draw.clicked.connect(lambda: self.seed.setText(str(fresh_seed())))
        self.begin.clicked.connect(self.take)
        self.seed.returnPressed.connect(self.take)

    def _build(self) -> None:
        for box, most in ((self.count, MOST), (self.minutes, LONGEST)):
            box.setRange(1, most)
            box.setValue(USUAL)
            box.setObjectName("number")
            box.lineEdit().setTextMargins(8, 0, 8, 0)
        self.seed.setValidator(QRegularExpressionValidator(QRegularExpression("[0-9]{1,15}"), self))
        self.list.setObjectName("what")
        self.list.setTabKeyNavigation(False)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.what.body.addWidget(self.list, 1)
        grid, seeds = QGridLayout(), QHBoxLayout()
        seeds.addWidget(self.seed, 1)
        seeds.addWidget(self.draw)
        for line, part in enumerate((self.count, self.minutes)):
            grid.addWidget(self.labels[part], line, 0)
            grid.addWidget(part, line, 1)
        grid.addWidget(self.labels[self.seed], 2, 0)
        grid.addLayout(seeds, 2, 1)
        grid.setColumnStretch(1, 1)
        self.grid = grid
        inner = QWidget()
        column = QVBoxLayout(inner)
        column.setContentsMargins(0, 0, 8, 0)
        column.addLayout(grid)
        for label in (self.rules, self.trouble):
            label.setTextFormat(Qt.TextFormat.PlainText)
            label.setWordWrap(True)
            column.addWidget(label)
        column.addStretch(1)
        self.column = column
        self.how.body.addWidget(scrolling(inner), 1)
        self.how.body.addWidget(self.begin)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.what, 1)
        row.addWidget(self.how, 1)

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self.style_now, t = style, style.words.t
        for card, head in ((self.what, t("What it is about")), (self.how, t("The exam"))):
            card.restyle(style)
            card.say(head)
        for layout in (self.layout(), self.grid, self.column):
            layout.setSpacing(style.px(12))
        self.list.setFont(style.font(15))
        self.list.setAccessibleName(t("What it is about"))
        texts = {self.count: t("Questions"), self.minutes: t("Minutes"), self.seed: t("Seed")}
        for part, label in self.labels.items():
            label.setText(texts[part])
            label.setFont(style.font(15, 600))
            set_ink(label, style, "ink")
            part.setFont(style.font(15))
            part.setMinimumHeight(style.px(38))
            field = part.lineEdit() if isinstance(part, QSpinBox) else part
            field.setFont(style.font(15))
            part.setAccessibleName(texts[part])
        self.seed.setToolTip(t("The same seed makes the same exam, on every machine."))
        self.seed.setAccessibleDescription(self.seed.toolTip())
        self.draw.restyle(style, t("Another"), t("Another seed"))
        self.rules.setText("\n\n".join(t(rule) for rule in RULES))
        self.rules.setFont(style.font(15))
        set_ink(self.rules, style, "ink2")
        self.trouble.setFont(style.font(15, 600))
        set_ink(self.trouble, style, "ink")

    def show_rows(self, rows: BeginRows) -> None:
        """Show what can be chosen."""
        t = self.style_now.words.t
        if self.shown is None or self.shown.lessons != rows.lessons:
            self._fill(rows)
        self.shown = rows
        self.list.item(0).setText(t("Everything"))
        self.begin.setEnabled(not rows.is_making)
        said = t("The paper is being made…") if rows.is_making else t("Begin the exam")
        self.begin.restyle(self.style_now, said, key="" if rows.is_making else "Ctrl+" + t("Enter"))
        self.trouble.setText(rows.trouble)
        self.trouble.setVisible(bool(rows.trouble))
        self.rules.setAccessibleName(sentences([self.rules.text()], self.style_now.words))

    def _fill(self, rows: BeginRows) -> None:
        ticked, row = set(self._ticked()), max(0, self.list.currentRow())
        self.list.blockSignals(True)
        self.list.clear()
        for name, title in (("", ""), *rows.lessons):
            item = QListWidgetItem(title)
            item.setData(ID, name)
            item.setToolTip(title)
            item.setFlags(Qt.ItemFlag.ItemIsUserCheckable | Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable)
            is_ticked = name in ticked if ticked else not name
            item.setCheckState(Qt.CheckState.Checked if is_ticked else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.setCurrentRow(row)
        self.list.blockSignals(False)

    def _items(self) -> list[QListWidgetItem]:
        return [self.list.item(place) for place in range(self.list.count())]

    def _ticked(self) -> tuple[str, ...]:
        return tuple(item.data(ID) for item in self._items() if item.checkState() == Qt.CheckState.Checked)

    def _tick(self, changed: QListWidgetItem) -> None:
        """Everything, or some of it: ticking one unticks the other; nothing ticked is everything."""
        is_on = changed.checkState() == Qt.CheckState.Checked
        everything, *lessons = self._items()
        self.list.blockSignals(True)
        if changed is everything and is_on:
            for item in lessons:
                item.setCheckState(Qt.CheckState.Unchecked)
        some = any(item.checkState() == Qt.CheckState.Checked for item in lessons)
        everything.setCheckState(Qt.CheckState.Unchecked if some else Qt.CheckState.Checked)
        self.list.blockSignals(False)

    @property
    def wish(self) -> Wish:
        """What is chosen now. A field that is empty is a seed of its own."""
        lessons = tuple(name for name in self._ticked() if name)
        seed = int(self.seed.text()) if self.seed.text() else fresh_seed()
        return Wish(lessons, self.count.value(), self.minutes.value(), seed)

    def take(self) -> None:
        """Begin with what is chosen."""
        if self.begin.isEnabled():
            wish = self.wish
            self.seed.setText(str(wish.seed))
            self.begun.emit(wish)
