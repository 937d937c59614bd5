"""Opening a file: the dialog that asks for one, and the one that says what is wrong with it.

Rules
-----
* What a file says wrongly is no fault of ours: no report, no traceback; where and what, in words that can be copied.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from tutor.ui.breaking import BreakingLabel
from tutor.ui.button import Button
from tutor.ui.style import Style, sheet

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

PATTERNS = "*.pkt *.tcprun *.yaml *.zip *.svg *.pdf"
"""What can be opened: packetdrill scripts, runs, lessons, lectures, packed lessons, pictures with their run in them."""


class FileDialog(QFileDialog):
    """Asks for one file that is there, and hands its path to ``chosen``."""

    folder = ""
    """Where the last file was; for as long as the program runs."""

    def __init__(self, style: Style, parent: QWidget, chosen: Callable[[str], None]) -> None:
        t = style.words.t
        super().__init__(parent, t("Open a file"), type(self).folder)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setFileMode(QFileDialog.FileMode.ExistingFile)
        self.setNameFilters(
            [
                t("Scripts, runs, lessons and lectures ({patterns})", patterns=PATTERNS),
                t("packetdrill scripts ({patterns})", patterns="*.pkt"),
                t("All files ({patterns})", patterns="*"),
            ]
        )
        self._chosen = chosen
        self.fileSelected.connect(self._take)

    def _take(self, path: str) -> None:
        type(self).folder = str(Path(path).parent)
        self._chosen(path)


class TroubleDialog(QDialog):
    """What is wrong with a file, where, and what would be right. ``said`` is the command line's own message."""

    def __init__(self, style: Style, said: str, parent: QWidget, title: str = "") -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle(title or style.words.t("This file cannot be opened"))
        self.setStyleSheet(sheet(style))
        self.said = BreakingLabel(said)
        self.said.setFont(style.font(15))
        self.said.setMinimumWidth(min(style.px(520), round(parent.width() * 0.8)))
        close = Button("primary")
        close.restyle(style, style.words.t("Go on"))
        close.clicked.connect(self.accept)
        column, row = QVBoxLayout(self), QHBoxLayout()
        column.setContentsMargins(*(min(style.px(18), 18),) * 4)
        column.setSpacing(style.px(16))
        column.addWidget(self.said)
        copy = Button()
        copy.restyle(style, style.words.t("Copy"))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(said))
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        column.addLayout(row)
        close.setDefault(True)
        close.setFocus()


def say_what_is_in_it(conductor: Conductor, path: str, warnings: Sequence[str]) -> None:
    """Of a file that was opened: what a person must know; and where it is a handout of several runs, what others."""
    conductor.window.notice.say("\n".join(warnings))
    from tutor.commands import picture_runs

    picture = picture_runs.split(path)
    if picture is None or picture[1] or picture[0].suffix.lower() != ".pdf":
        return
    from tutor.ui.run_choice import RunsDialog

    names = [_title(conductor, name) for name in picture_runs.runs_in(picture[0], conductor.words)]
    if len(names) > 1:
        choose = lambda place: conductor.open_file(f"{path}{picture_runs.MARK}{place + 1}")
        RunsDialog(conductor.style, names, conductor.window, choose).open()


def _title(conductor: Conductor, name: str) -> str:
    library = conductor.library
    return library.lesson(name).title[conductor.session.lang] if name in library.ids() else name
