"""The console's panel for a question: a line for every option, with a count that is clicked or typed.

Rules
-----
* It shows a ``Ballot`` and emits ids of commands and counts; it knows no votes.
* A field of a count takes digits and what edits them; every other key means what it means while presenting. Enter goes
  to the next count and reveals nothing.
* It takes the width that there is: where an option and its count have no room in one line, the count goes below; the
  buttons stand in as many lines as they need.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QIntValidator, QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tutor.teach.votes import MOST
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.present.asking_rows import Ballot
from tutor.ui.reading import Reading
from tutor.ui.style import Style
from tutor.words import mark

TOOLS: tuple[tuple[str, str, str], ...] = (
    ("vote-again", mark("Vote again"), "V"),
    ("vote-clock", mark("Clock"), "M"),
    ("vote-wipe", mark("Count anew"), "⇧V"),
    ("votes-csv", mark("Export (CSV)"), ""),
    ("votes-clean", mark("Next class"), ""),
)
"""Command -> what its button says, and its key."""
COLUMNS = 3
"""So many of them stand in a line, at the most."""
OF_VOTES = ("vote-again", "vote-wipe")
"""Those that mean nothing where nobody votes."""
ENOUGH = 0.4
"""The share of a line that is enough for the words of an option: they take more lines, rather than the count."""

EDITS = (
    Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Backspace, Qt.Key.Key_Delete, Qt.Key.Key_Left, Qt.Key.Key_Right,
    Qt.Key.Key_Home, Qt.Key.Key_End, Qt.Key.Key_Up, Qt.Key.Key_Down,
)  # fmt: skip
"""Keys that belong to a field, besides digits."""
WITH = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier | Qt.KeyboardModifier.MetaModifier
"""With one of these a digit is no count: it means what it means elsewhere."""


class Count(QLineEdit):
    """How many voted for an option. ``counted``: it was typed; ``stepped``: by so many more or fewer."""

    counted = Signal(int)
    stepped = Signal(int)
    done = Signal()

    def __init__(self) -> None:
        super().__init__("0")
        self.setObjectName("number")
        self.setValidator(QIntValidator(0, MOST, self))
        self.setMaxLength(len(str(MOST)))
        self.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.textEdited.connect(lambda text: self.counted.emit(int(text or 0)))

    def show_count(self, count: int) -> None:
        """Show a count, unless that is what stands there."""
        if int(self.text() or 0) != count:
            blocker = QSignalBlocker(self)
            self.setText(str(count))
            blocker.unblock()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            is_digit = event.text().isascii() and event.text().isdigit() and not event.modifiers() & WITH
            event.setAccepted(is_digit or event.key() in EDITS)
            return event.isAccepted()
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.done.emit()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Up else -1)
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event) -> None:
        super().focusInEvent(event)
        self.selectAll()


class _Line:
    """The widgets of one option."""

    def __init__(self, panel: BallotPanel, place: int) -> None:
        self.letter, self.text, self.before = QLabel(), QLabel(), QLabel()
        self.less, self.more, self.count = Button("icon"), Button("icon"), Count()
        self.text.setWordWrap(True)
        self.text.setTextFormat(Qt.TextFormat.PlainText)
        self.text.setMinimumWidth(1)
        self.count.counted.connect(lambda count: panel.counted.emit(place, count))
        self.count.stepped.connect(lambda by: panel.stepped.emit(place, by))
        self.count.done.connect(lambda: panel.leave(place))
        self.less.clicked.connect(lambda: panel.stepped.emit(place, -1))
        self.more.clicked.connect(lambda: panel.stepped.emit(place, 1))

    @property
    def widgets(self) -> tuple[QWidget, ...]:
        """From left to right."""
        return self.letter, self.text, self.before, self.less, self.count, self.more

    def needs(self, enough: int) -> tuple[int, ...]:
        """The px that each needs in one line; ``enough``: so many are enough for the words, if none is longer."""
        metrics = self.text.fontMetrics()
        words = [metrics.horizontalAdvance(word) for word in self.text.text().split() if word.isascii()]
        whole = max((metrics.horizontalAdvance(line) for line in self.text.text().splitlines()), default=0)
        wide = [widget.sizeHint().width() for widget in self.widgets]
        wide[1] = max(min(whole, enough), *words, 0) + 2
        wide[3:] = (widget.minimumWidth() for widget in (self.less, self.count, self.more))
        return tuple(wide)


class BallotPanel(QWidget):
    """``counted``: (option from 0, count); ``stepped``: (option, by so many); ``commanded``: the id of a command."""

    counted = Signal(int, int)
    stepped = Signal(int, int)
    commanded = Signal(str)

    def __init__(self, style: Style) -> None:
        super().__init__()
        self._style = style
        self.row: Ballot | None = None
        self.lines: list[_Line] = []
        self._form: tuple[object, ...] = ()
        self.setMinimumWidth(1)
        self.grid, self.rows = QGridLayout(), [QHBoxLayout() for _ in TOOLS]
        self.grid.setColumnStretch(1, 1)
        self.how, self.total, self.said, self.clock = QLabel(), QLabel(), QLabel(), Reading(to_right=True)
        self.tools = {name: Button() for name, _, _ in TOOLS}
        head, column = QHBoxLayout(), QVBoxLayout(self)
        head.addWidget(self.total, 1)
        head.addWidget(self.clock)
        column.setContentsMargins(0, 0, 0, 0)
        for label in (self.how, self.said):
            label.setWordWrap(True)
            label.setTextFormat(Qt.TextFormat.PlainText)
        for name, button in self.tools.items():
            button.clicked.connect(lambda _checked=False, name=name: self.commanded.emit(name))
            self.rows[0].addWidget(button)
        column.addLayout(head)
        column.addWidget(self.how)
        column.addLayout(self.grid)
        column.addWidget(self.said)
        for row in self.rows:
            column.addLayout(row)
        self.column = column

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self._style = style
        gap = style.px(6)
        self.column.setSpacing(style.px(8))
        self.grid.setSpacing(gap)
        for line_of_tools in self.rows:
            line_of_tools.setSpacing(gap)
        self.clock.restyle(style, style.font(24, 700), "ink")
        for label, role in ((self.how, "ink2"), (self.total, "ink"), (self.said, "ink")):
            label.setFont(style.font(15, 600))
            set_ink(label, style, role)
        for name, text, key in TOOLS:
            self.tools[name].restyle(style, style.words.t(text), key=key)
        for line in self.lines:
            self._dress(line)
        row, self.row = self.row, None
        if row is not None:
            self.show_row(row)

    def show_row(self, row: Ballot) -> None:
        """Show this."""
        was, self.row = self.row, row
        if row == was:
            return
        self._make(len(row.options))
        for line, option in zip(self.lines, row.options, strict=False):
            line.letter.setText(option.letter)
            line.text.setText(option.text)
            is_table = "\n" in option.text
            line.text.setFont(self._style.mono(12) if is_table else self._style.font(15))
            line.before.setText("" if option.before is None else f"{option.before} →")
            line.count.show_count(option.count)
            said = self._style.words.t("Votes for {letter}", letter=option.letter)
            line.count.setAccessibleName(said)
        for label, text in ((self.how, row.how), (self.said, row.said)):
            label.setText(text)
            label.setVisible(bool(text))
        self.total.setText(row.total)
        self.clock.say(row.left, room_for="00:00")
        self.tools["vote-again"].setEnabled(row.can_again)
        for name in OF_VOTES:
            self.tools[name].setVisible(bool(row.options))
        self._fit()

    def _make(self, count: int) -> None:
        """So many lines."""
        while len(self.lines) < count:
            place = len(self.lines)
            line = _Line(self, place)
            self.lines.append(line)
            for column, widget in enumerate(line.widgets):
                self.grid.addWidget(widget, 2 * place, column)
            self._dress(line)
        for place, line in enumerate(self.lines):
            for widget in line.widgets:
                widget.setVisible(place < count)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        """Lay lines and buttons out for the width that there is, if that asks for another form."""
        options = self.row.options if self.row is not None else ()
        needs = zip(*(line.needs(int(self.width() * ENOUGH)) for line in self.lines[: len(options)]), strict=True)
        wide = sum(max(column) for column in needs) + 5 * self.grid.horizontalSpacing()
        tools = self._tools([name for name, _, _ in TOOLS if options or name not in OF_VOTES])
        form = (wide <= self.width(), len(self.lines), tools)
        if form == self._form:
            return
        self._form = form
        for place, line in enumerate(self.lines):
            for column, widget in enumerate(line.widgets):
                below, across = (int(column > 1), 5 if column == 1 else 1) if wide > self.width() else (0, 1)
                self.grid.removeWidget(widget)
                self.grid.addWidget(widget, 2 * place + below, column, 1, across)
        for row, names in zip(self.rows, tools, strict=False):
            for name in names:
                row.addWidget(self.tools[name])

    def _tools(self, names: list[str]) -> tuple[tuple[str, ...], ...]:
        """The buttons, line by line, as many in each as fit."""
        lines: list[list[str]] = [[]]
        gap = self.rows[0].spacing()
        for name in names:
            wide = sum(self.tools[each].needs + gap for each in (*lines[-1], name)) - gap
            if lines[-1] and (wide > self.width() or len(lines[-1]) == COLUMNS):
                lines.append([])
            lines[-1].append(name)
        return tuple(map(tuple, lines))

    def _dress(self, line: _Line) -> None:
        style = self._style
        t = style.words.t
        line.letter.setFont(style.font(17, 700))
        line.before.setFont(style.font(15))
        line.count.setFont(style.mono(17, 600))
        line.count.setFixedWidth(style.px(74))
        set_ink(line.letter, style, "ink")
        set_ink(line.text, style, "ink")
        set_ink(line.before, style, "ink2")
        line.less.restyle(style, "−", name=t("One vote fewer"))
        line.more.restyle(style, "+", name=t("One vote more"))

    def leave(self, place: int) -> None:
        """A count is typed: on to the next one; after the last, keys mean what they mean while presenting."""
        after = [line.count for line in self.lines[place + 1 :] if line.count.isVisible()]
        if after:
            after[0].setFocus()
        else:
            self.lines[place].count.clearFocus()
