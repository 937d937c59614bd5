"""The editor of lessons: text, what is wrong with it, and a preview in the window beside.

Rules
-----
* Nothing that is typed is lost without a question, and nothing that cannot be written is thought to be.
* A lesson that came with the program is edited as a copy: saving asks where to, and offers the folder of one's own.
* The editor knows no session: it hands the text to ``preview`` and hears what was wrong.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QCloseEvent, QKeySequence, QShortcut
from PySide6.QtWidgets import (
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QMessageBox,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from tutor.teach.completion import complete
from tutor.teach.errors import LessonError
from tutor.teach.lecture_reading import LECTURE_FILE, looks_like_lecture
from tutor.teach.reading import LESSON_FILE
from tutor.ui import editor_files
from tutor.ui.button import Button
from tutor.ui.card import set_ink
from tutor.ui.code_edit import CodeEdit
from tutor.ui.live_check import LiveCheck
from tutor.ui.opening import TroubleDialog
from tutor.ui.style import Style, sheet
from tutor.words import Words

Preview = Callable[[str, Path], str]
"""Shows the text as a lesson; returns what is wrong with it, "" if nothing."""

WIDEST = 16_777_215
"""Qt's own bound for a widget: no bound."""

FEW = 4
"""So many mistakes are shown whole."""

UNNAMED = Path("lesson-without-a-name.yaml")


class Editor(QWidget):
    """A window of its own. ``help_wanted``: the manual about writing lessons; ``ending``: the program ends."""

    help_wanted = Signal()
    ending = Signal()

    def __init__(self, style: Style, preview: Preview) -> None:
        super().__init__(None, Qt.WindowType.Window)
        self.setObjectName("root")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.setMinimumSize(480, 320)
        self._style, self._preview = style, preview
        self._saved = ""
        self.path: Path | None = None
        self.errors: tuple[LessonError, ...] = ()
        self.heard = 0
        """The number of the text that ``errors`` speak of (``LiveCheck.newest``)."""
        self.question_buttons: tuple = ()
        self.check = LiveCheck(self)
        self.name, self.status = QLabel(), QLabel()
        self.open_button, self.save_button, self.save_as_button = Button(), Button(), Button()
        self.preview_button = Button("primary")
        self.code = CodeEdit(style, complete)
        self.faults = QListWidget()
        self._build()
        self._wire()
        self.restyle(style)

    # --- building ---

    def _build(self) -> None:
        top = QHBoxLayout()
        for button in (self.open_button, self.save_button, self.save_as_button, self.preview_button):
            top.addWidget(button)
        self.name.setTextFormat(Qt.TextFormat.PlainText)
        self.name.setMinimumWidth(40)
        top.insertWidget(0, self.name, 1)
        self.status.setTextFormat(Qt.TextFormat.PlainText)
        self.status.setWordWrap(True)
        self.faults.setObjectName("rows-list")
        self.faults.setWordWrap(True)
        self.faults.setTabKeyNavigation(False)
        self.below = QWidget()
        foot = QVBoxLayout(self.below)
        foot.setContentsMargins(0, 6, 0, 0)
        foot.addWidget(self.status)
        foot.addWidget(self.faults, 1)
        self.halves = QSplitter(Qt.Orientation.Vertical)
        self.halves.setChildrenCollapsible(False)
        self.halves.addWidget(self.code)
        self.halves.addWidget(self.below)
        self.halves.setStretchFactor(0, 3)
        self.halves.setStretchFactor(1, 1)
        column = QVBoxLayout(self)
        column.addLayout(top)
        column.addWidget(self.halves, 1)

    def _wire(self) -> None:
        self.open_button.clicked.connect(self.ask_to_open)
        self.save_button.clicked.connect(self.save)
        self.save_as_button.clicked.connect(self.ask_where)
        self.preview_button.clicked.connect(self.preview)
        keys = (
            ("Ctrl+O", self.ask_to_open), ("Ctrl+S", self.save), ("Ctrl+Shift+S", self.ask_where),
            ("Ctrl+Return", self.preview), ("Ctrl+Enter", self.preview), ("F8", self.next_fault),
            ("Ctrl+W", self.close), ("F1", self.help_wanted.emit),
        )  # fmt: skip
        for key, deed in keys:
            QShortcut(QKeySequence(key), self, deed)
        self.code.textChanged.connect(self._changed)
        self.faults.itemActivated.connect(self._jump)
        self.faults.itemClicked.connect(self._jump)
        self.check.told.connect(self.show_faults)
        self.check.begun.connect(lambda: self._say(self._style.words.t("Checking…"), "ink2"))

    def restyle(self, style: Style) -> None:
        """Take colours, sizes and language from ``style``."""
        self._style = style
        t = style.words.t
        self.setStyleSheet(sheet(style))
        self.layout().setContentsMargins(*(style.px(12),) * 4)
        self.layout().setSpacing(style.px(8))
        self.name.setFont(style.font(15, 700))
        self.status.setFont(style.font(14, 600))
        self.faults.setFont(style.font(14))
        self.faults.setAccessibleName(t("Mistakes"))
        self.open_button.restyle(style, t("Open"), hint=t("Open a lesson's file"))
        self.save_button.restyle(style, t("Save"), hint=f"{t('Save the file')} (Ctrl+S)")
        self.save_as_button.restyle(style, t("Save as"), hint=f"{t('Save under another name')} (Ctrl+Shift+S)")
        hint = f"{t('Show this lesson in the window')} (Ctrl+Return)"
        self.preview_button.restyle(style, t("Preview"), hint=hint)
        self.code.restyle(style)
        self._name()
        if self.text():
            self._ask()

    # --- the text ---

    @property
    def place(self) -> Path:
        """Where the text is kept, or the name it goes by until it is."""
        return self.path or UNNAMED

    def show_text(self, text: str, path: Path | None = None, *, is_saved: bool = True) -> None:
        """Edit this text, once nothing is lost by it; ``path``: where it is kept, None for nowhere yet."""
        if self.is_changed():
            self._ask_about_changes(lambda: self._take(text, path, is_saved=is_saved))
        else:
            self._take(text, path, is_saved=is_saved)

    def _take(self, text: str, path: Path | None, *, is_saved: bool) -> None:
        self.path = path
        self.code.setPlainText(text)
        self._saved = self.text() if is_saved else ""
        self._name()
        self._ask(at_once=True)
        self.code.setFocus()

    def text(self) -> str:
        """The text as it is typed."""
        return self.code.text()

    def is_changed(self) -> bool:
        """Is there anything that is not in a file?"""
        return self.text() != self._saved

    def show_saved(self) -> None:
        """Take what stands there for saved: nobody is asked about it."""
        self._saved = self.text()
        self._name()

    def _changed(self) -> None:
        self._name()
        self._ask()

    def _name(self) -> None:
        t = self._style.words.t
        name = self.path.name if self.path is not None else t("A lesson without a file yet")
        self.setWindowTitle(f"{'• ' if self.is_changed() else ''}{name} — TCP Tutor")
        shown = f"{name} · {t('not saved')}" if self.is_changed() else name
        self.name.setText(self.name.fontMetrics().elidedText(shown, Qt.TextElideMode.ElideMiddle, self._room()))
        self.name.setToolTip(str(self.path) if self.path is not None else "")
        self.name.setAccessibleName(shown)

    def _room(self) -> int:
        buttons = (self.open_button, self.save_button, self.save_as_button, self.preview_button)
        taken = sum(button.sizeHint().width() + self._style.px(8) for button in buttons)
        return max(40, self.width() - taken - self._style.px(32))

    def resizeEvent(self, event) -> None:
        super().resizeEvent(event)
        self._name()

    # --- the check ---

    def _ask(self, *, at_once: bool = False) -> None:
        self.check.ask(self.text(), self.place, self._style.lang, at_once=at_once)

    def show_faults(self, errors: tuple[LessonError, ...]) -> None:
        """List what the linter says."""
        self.errors, self.heard = errors, self.check.newest
        words = self._style.words
        self.faults.clear()
        own = str(self.place)
        for error in errors:
            assert isinstance(words, Words), "an editor speaks a language"
            said = error.text(words).removeprefix(f"{own}:")
            item = QListWidgetItem(said)
            item.setData(Qt.ItemDataRole.UserRole, (error.line, error.column) if error.file == own else None)
            self.faults.addItem(item)
        self.faults.setVisible(bool(errors))
        self.below.setMaximumHeight(self._most_below())
        self.code.show_faults([(error.line, error.column) for error in errors if error.file == own])
        if not self.text().strip():
            self._say(words.t("A lesson is YAML. Ctrl+Space offers its keys, F1 explains them."), "ink2")
        elif errors:
            said = self._words().n(
                "✕ {count} mistake. F8 goes there.", "✕ {count} mistakes. F8 goes to the next one.", len(errors)
            )
            self._say(said, "err")
        else:
            fine = words.t("✓ No mistakes: the run does what the lesson says.")
            planned = words.t("✓ No mistakes: all of it is there, and it fits into its minutes.")
            self._say(planned if looks_like_lecture(self.text()) else fine, "ok")

    def _most_below(self) -> int:
        """How high the foot may be (px): a few mistakes need no quarter of the window."""
        count = self.faults.count()
        if count > FEW:
            return WIDEST
        rows = sum(self.faults.sizeHintForRow(row) for row in range(count))
        return self.status.sizeHint().height() + 12 + (rows + self._style.px(16) if count else 0)

    def _say(self, said: str, role: str) -> None:
        self.status.setText(said)
        set_ink(self.status, self._style, role)

    def next_fault(self) -> None:
        """To the first fault after the cursor, or to the first of all."""
        cursor = self.code.textCursor()
        here = (cursor.blockNumber() + 1, cursor.positionInBlock() + 1)
        own = sorted((error.line, error.column) for error in self.errors if error.file == str(self.place))
        if own:
            self.code.go(*next((place for place in own if place > here), own[0]))

    def _jump(self, item: QListWidgetItem) -> None:
        place = item.data(Qt.ItemDataRole.UserRole)
        if place is not None:
            self.code.go(*place)

    def preview(self) -> None:
        """Show the lesson in the window, or say why it cannot be shown."""
        wrong = self._preview(self.text(), self.place)
        if wrong:
            self._trouble(self._style.words.t("There is nothing to show yet"), wrong)

    # --- files ---

    def ask_to_open(self) -> None:
        """Ask which file to edit."""
        dialog = QFileDialog(self, self._style.words.t("Open a lesson's file"), self._folder())
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        self._choose(dialog, self.open_file)

    def open_file(self, name: str) -> None:
        """Edit a file."""
        path = Path(name)
        try:
            text = editor_files.read(path, self._words())
        except editor_files.FileTrouble as trouble:
            self._trouble(self._style.words.t("This file cannot be opened"), str(trouble))
            return
        self.show_text(text, path)

    def save(self) -> bool:
        """Write the file, asking where to if it has none; True if it was written."""
        if self.path is None:
            self.ask_where()
            return False
        return self.save_to(str(self.path))

    def ask_where(self) -> None:
        """Ask where to write the file."""
        named = re.search(r"^(?:id|lecture):\s*([a-z0-9-]+)", self.text(), re.MULTILINE)
        folder = self._folder() or editor_files.own_folder(named[1] if named else "lesson")
        dialog = QFileDialog(self, self._style.words.t("Save under another name"), folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("yaml")
        dialog.selectFile(self.path.name if self.path is not None else self._plain_name())
        self._choose(dialog, self.save_to)

    def _plain_name(self) -> str:
        return LECTURE_FILE if looks_like_lecture(self.text()) else LESSON_FILE

    def save_to(self, name: str) -> bool:
        """Write the file there, which is its place from now on; True if it was written."""
        path, text = Path(name), self.text()
        try:
            editor_files.write(path, text, self._words())
        except editor_files.FileTrouble as trouble:
            self._trouble(self._style.words.t("This file cannot be written"), str(trouble))
            return False
        is_new = path != self.path
        self.path, self._saved = path, text
        self._name()
        if is_new:
            self._ask(at_once=True)
        return True

    def _choose(self, dialog: QFileDialog, chosen: Callable[[str], object]) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setNameFilters([self._style.words.t("Lessons ({patterns})", patterns="*.yaml *.yml"),
                               self._style.words.t("All files ({patterns})", patterns="*")])  # fmt: skip
        dialog.fileSelected.connect(chosen)
        dialog.open()

    def _folder(self) -> str:
        return str(self.path.parent) if self.path is not None else ""

    def _words(self) -> Words:
        words = self._style.words
        assert isinstance(words, Words), "an editor speaks a language"
        return words

    def _trouble(self, title: str, said: str) -> None:
        dialog = TroubleDialog(self._style, said, self)
        dialog.setWindowTitle(title)
        dialog.open()

    # --- leaving ---

    def _ask_about_changes(self, then: Callable[[], object]) -> None:
        """Save, throw away or stay; ``then`` goes on unless one stays."""
        t = self._style.words.t
        box = QMessageBox(self)
        box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        box.setWindowTitle(t("Not saved"))
        box.setText(t("What you have typed is not saved. Save it?"))
        save = box.addButton(t("Save"), QMessageBox.ButtonRole.AcceptRole)
        drop = box.addButton(t("Throw it away"), QMessageBox.ButtonRole.DestructiveRole)
        stay = box.addButton(t("Go on editing"), QMessageBox.ButtonRole.RejectRole)
        for part in (box, save, drop, stay):
            part.setFont(self._style.font(15))
        box.setDefaultButton(save)
        box.setEscapeButton(stay)

        def decide(button) -> None:
            if button is drop or (button is save and self.save()):
                self.show_saved()
                then()

        box.buttonClicked.connect(decide)
        self.question_buttons = (save, drop, stay)
        box.open()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self.is_changed():
            event.ignore()
            self._ask_about_changes(self.close)
            return
        self.check.stop()
        super().closeEvent(event)
