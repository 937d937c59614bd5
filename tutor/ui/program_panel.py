"""The panel of the programs: where each application is, and for the line that was clicked what a hand can do to it.

Rules
-----
* A line that was clicked can become another one, be forgotten, or get SO_LINGER with no time before it. Each is an act
  of the run (``program HOST/N LINE …``): it forks the run, just before the line ran if it has, and undo takes it back.
* What is written into the field is read by the engine's own reader of lines; what it cannot read is said beside it.
"""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QWidget

from tutor.teach import intents
from tutor.teach.allowed import line_error
from tutor.teach.session import Session
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.host_panels import moment_at
from tutor.ui.panel import PicturePanel
from tutor.ui.style import Style
from tutor.view.hosts.programs import current_lines, programs_picture
from tutor.view.marks import Picture
from tutor.view.theme import Look
from tutor.world.acts import ActError
from tutor.world.program import parse_line

LINGER = "setsockopt SO_LINGER 0"
"""What makes the next close() an abort."""

INSTEAD: dict[str, tuple[str, ...]] = {
    "close": ("shutdown write", "abort", "close", "exit"),
    "shutdown": ("close", "abort", "shutdown both"),
    "abort": ("close", "shutdown write"),
    "accept": ("after 3s accept", "never"),
    "read": ("after 3s read", "never"),
}
"""Call -> what else a program could do there."""


class LineEdit(NamedTuple):
    """The line that can be edited: whose, which (from 1), as it is written, and what else it could be."""

    host: str
    program: int
    line: int
    text: str
    instead: tuple[str, ...]

    def edit(self, deed: str, text: str = "") -> intents.EditProgram:
        """What does ``deed`` to this line."""
        return intents.EditProgram(self.host, self.program - 1, self.line, deed, text)


def line_of(session: Session) -> LineEdit | None:
    """The line that is selected, if there is one."""
    kind, _, rest = session.selection.partition(":")
    parts = rest.rsplit(":", 2)
    if kind != "line" or len(parts) != 3 or parts[0] not in session.world.host_names:
        return None
    host, program, number = parts[0], *(int(part) if part.isdecimal() else 0 for part in parts[1:])
    running = session.world.host(host).programs.get(program - 1)
    if running is None or not 1 <= number <= len(running.program.lines):
        return None
    line = running.program.lines[number - 1]
    text = str(line)
    waits = text[: len(text) - len(str(line.act))]
    others = INSTEAD.get(line.act.name, ())
    return LineEdit(host, program, number, text, tuple(waits + other for other in others if other != str(line.act)))


class Programs(PicturePanel):
    """Where each application is; the line that was clicked can be edited."""

    def __init__(self, style: Style) -> None:
        super().__init__(style)
        self.edit: LineEdit | None = None
        self.tops: tuple[float, ...] = ()
        self.bar = QWidget()
        self.name = QLabel()
        self.field = QComboBox()
        self.field.setEditable(True)
        self.field.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        self.field.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
        self.field.setMinimumContentsLength(10)
        self.replace, self.forget, self.linger = Button(), Button(), Button()
        self.trouble = QLabel()
        row = QHBoxLayout(self.bar)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.name)
        row.addWidget(self.field, 1)
        for button in (self.replace, self.forget, self.linger):
            row.addWidget(button)
        self.layout().insertWidget(0, self.bar)
        self.layout().insertWidget(1, self.trouble)
        self.replace.clicked.connect(self._replace)
        self.field.lineEdit().returnPressed.connect(self._replace)
        self.forget.clicked.connect(lambda: self._do("forget"))
        self.linger.clicked.connect(lambda: self._do("insert", LINGER))
        self.bar.hide()
        self.trouble.hide()

    def restyle(self, style: Style) -> None:
        super().restyle(style)
        t = style.words.t
        self.replace.restyle(style, t("Replace"), hint=t("Put this line in its place"))
        self.forget.restyle(style, t("Forget it"), hint=t("The program leaves this line out"))
        self.linger.restyle(style, t("SO_LINGER before it"), hint=t("close() becomes an abort: the peer gets a RST"))
        self.field.setFont(style.mono(14))
        self.field.setAccessibleName(t("What this line becomes"))
        self.name.setFont(style.font(14, 600))
        self.trouble.setFont(style.font(14))
        set_ink(self.name, style, "ink2")
        set_ink(self.trouble, style, "err")

    def refresh(self, session: Session, look: Look) -> None:
        edit = line_of(session)
        if edit != self.edit:
            self._offer(edit)
        super().refresh(session, look)

    def picture(self, session: Session, size: tuple[int, int], look: Look) -> Picture:
        return programs_picture(moment_at(session), size, look)

    def show_rows(self, rows: Picture) -> None:
        super().show_rows(rows)
        tops = current_lines(rows)
        if tops != self.tops:
            self.tops = tops
            for top in tops:
                self.scroll.ensureVisible(0, round(top), 0, self.style_now.px(50))

    def _offer(self, edit: LineEdit | None) -> None:
        """Offer what can be done to this line, or nothing."""
        self.edit = edit
        self.trouble.hide()
        self.bar.setVisible(edit is not None)
        if edit is None:
            return
        words = self.style_now.words
        self.name.setText(words.t("Line {line}", line=edit.line))
        self.field.clear()
        self.field.addItems([edit.text, *edit.instead])
        self.field.setCurrentIndex(1 if edit.instead else 0)

    def _replace(self) -> None:
        text = self.field.currentText().strip()
        try:
            parse_line(text)
        except ActError as error:
            self.trouble.setText(line_error(error, self.style_now.words))
            self.trouble.show()
            return
        self._do("replace", text)

    def _do(self, deed: str, text: str = "") -> None:
        assert self.edit is not None, "the bar is shown for a line only"
        self.wanted.emit(self.edit.edit(deed, text))
