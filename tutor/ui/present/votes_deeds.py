"""What is done with votes as a whole: written as a table, put away for the next class. Without a lecture too."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QWidget

from tutor.teach.votes import Votes
from tutor.teach.votes_file import write_csv
from tutor.ui.opening import FileDialog
from tutor.ui.present.keeping import file_of_user, now
from tutor.words import Words

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

ENDING = ".csv"
Say = Callable[[str], None]


class VotesDialog(QFileDialog):
    """Asks where the table shall be written, and hands the path to ``chosen``."""

    def __init__(self, words: Words, parent: QWidget, chosen: Callable[[Path], None]) -> None:
        super().__init__(parent, words.t("Write the votes as a table"), FileDialog.folder)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setNameFilters([words.t("Tables ({patterns})", patterns=f"*{ENDING}")])
        self.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        self.setDefaultSuffix(ENDING.removeprefix("."))
        self.selectFile(f"votes-{now()[:10]}{ENDING}")
        self._chosen = chosen
        self.fileSelected.connect(self._take)

    def _take(self, path: str) -> None:
        FileDialog.folder = str(Path(path).parent)
        self._chosen(Path(path))


def export(words: Words, parent: QWidget, votes: Iterable[Votes], say: Say, warn: Say | None = None) -> None:
    """Ask for a file and write these votes into it; what came of it is said, and ``warn`` hears what went wrong."""
    found = tuple(each for each in votes if not each.is_empty)
    if not found:
        say(words.t("Nobody has voted in this class."))
        return
    VotesDialog(words, parent, lambda path: write(words, path, found, say, warn)).open()


def write(words: Words, path: Path, votes: Iterable[Votes], say: Say, warn: Say | None = None) -> None:
    """Write the table; what came of it is said."""
    try:
        write_csv(path, votes, words)
    except OSError as fault:
        (warn or say)(words.t("{path} cannot be written: {why}", path=path, why=fault))
    else:
        say(words.t("saved to {path}", path=path))


# --- without a lecture ---


def export_kept(conductor: Conductor) -> None:
    """Write what this class has voted; where nobody has, what all classes have."""
    file, words, window = file_of_user(), conductor.words, conductor.window
    try:
        votes = file.of_class() or file.all()
    except OSError as fault:
        window.notice.say(words.t("{name} cannot be read: {why}", name=file.path, why=fault))
        return
    export(words, window, votes, window.notice.say)


def clean_kept(conductor: Conductor) -> None:
    """Begin the next class."""
    file, words, say = file_of_user(), conductor.words, conductor.window.notice.say
    try:
        file.clean(now())
    except OSError as fault:
        say(words.t("{path} cannot be written: {why}", path=file.path, why=fault))
    else:
        say(words.t("Clean for the next class. The votes of this one are kept with their date."))
