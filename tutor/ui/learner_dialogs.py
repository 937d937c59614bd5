"""What is asked of a learner in a dialog: a name, whether to forget, which file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QFileDialog, QHBoxLayout, QLabel, QLineEdit, QVBoxLayout, QWidget

from tutor.teach.learners import LONGEST, REFUSALS, Learner, refusal, tidy
from tutor.teach.portable import ENDING
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.opening import FileDialog
from tutor.ui.style import Style, sheet


class _Asking(QDialog):
    """A sentence, perhaps a field, and two ways on. ``is_grave``: the way back is the one that stands out."""

    def __init__(
        self, style: Style, parent: QWidget, title: str, said: str, yes: str, *, is_grave: bool = False
    ) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title)
        self.setStyleSheet(sheet(style))
        self.style_now = style
        self.said = QLabel(said)
        self.said.setTextFormat(Qt.TextFormat.PlainText)
        self.said.setWordWrap(True)
        self.said.setFont(style.font(15))
        self.said.setMinimumWidth(min(style.px(440), round(parent.width() * 0.8)))
        self.yes, self.no = Button("" if is_grave else "primary"), Button("primary" if is_grave else "")
        self.yes.restyle(style, yes)
        self.no.restyle(style, style.words.t("Leave it as it is"))
        self.no.clicked.connect(self.reject)
        self.column, row = QVBoxLayout(self), QHBoxLayout()
        self.column.setContentsMargins(*(min(style.px(18), 18),) * 4)
        self.column.setSpacing(style.px(12))
        self.column.addWidget(self.said)
        row.addStretch(1)
        row.addWidget(self.no)
        row.addWidget(self.yes)
        self.row = row

    def finish(self) -> None:
        """Lay the buttons below all else."""
        self.column.addLayout(self.row)


class NameDialog(_Asking):
    """Asks for a name that nobody has yet. ``own``: the learner who is renamed."""

    def __init__(
        self, style: Style, parent: QWidget, there: tuple[Learner, ...], then: Callable[[str], None],
        own: Learner | None = None,
    ) -> None:  # fmt: skip
        t = style.words.t
        title = t("New learner") if own is None else t("Rename")
        super().__init__(style, parent, title, t("The name of the learner:"), title)
        self._there, self._own, self._then = there, own, then
        self.field = QLineEdit("" if own is None else own.name)
        self.field.setMaxLength(4 * LONGEST)
        self.field.setFont(style.font(15))
        self.field.setMinimumHeight(34)
        self.field.setAccessibleName(t("Name"))
        self.error = QLabel()
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setWordWrap(True)
        self.error.setFont(style.font(15))
        set_ink(self.error, style, "ink")
        self.error.setAccessibleName(t("What is wrong"))
        self.error.hide()
        self.column.addWidget(self.field)
        self.column.addWidget(self.error)
        self.finish()
        self.yes.clicked.connect(self.take)
        self.field.returnPressed.connect(self.take)
        self.field.textEdited.connect(lambda _: self.error.hide())
        self.field.setFocus()

    def take(self) -> None:
        """Take the name, or say why it cannot be had."""
        name = self.field.text()
        why = refusal(name, self._there, "" if self._own is None else self._own.id)
        if why:
            self.error.setText(self.style_now.words.t(REFUSALS[why], most=LONGEST))
            self.error.show()
            return
        self.accept()
        self._then(tidy(name))


class SureDialog(_Asking):
    """Asks whether something is to be forgotten for good. The way back has the focus."""

    def __init__(self, style: Style, parent: QWidget, said: str, yes: str, then: Callable[[], None]) -> None:
        super().__init__(style, parent, yes, said, yes, is_grave=True)
        self._then = then
        self.finish()
        self.yes.clicked.connect(self.take)
        self.no.setDefault(True)
        self.no.setFocus()

    def take(self) -> None:
        """The learner is sure."""
        self.accept()
        self._then()


class ProgressDialog(QFileDialog):
    """Asks for a file of progress: to write one (``is_new``), or to read one."""

    def __init__(
        self, style: Style, parent: QWidget, chosen: Callable[[Path], None], *, is_new: bool, name: str = ""
    ) -> None:
        t = style.words.t
        title = t("Write progress to a file") if is_new else t("Take progress from a file")
        super().__init__(parent, title, FileDialog.folder)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setNameFilters(
            [t("Progress ({patterns})", patterns=f"*{ENDING}"), t("All files ({patterns})", patterns="*")]
        )
        if is_new:
            self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
            self.setDefaultSuffix(ENDING.removeprefix("."))
            self.selectFile(f"{_file_name(name)}{ENDING}")
        else:
            self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._chosen = chosen
        self.fileSelected.connect(self._take)

    def _take(self, path: str) -> None:
        FileDialog.folder = str(Path(path).parent)
        self._chosen(Path(path))


def _file_name(name: str) -> str:
    """A learner's name as part of a file's."""
    kept = "".join(letter if letter.isalnum() or letter in "-_" else "-" for letter in name).strip("-")
    return kept or "progress"
