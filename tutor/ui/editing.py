"""From the window to the editor and back: recording a run, editing a lesson, and the preview."""

from __future__ import annotations

from functools import partial
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication, QWidget

from tutor import doctor, resources
from tutor.teach import betting, intents
from tutor.teach.lecture_reading import looks_like_lecture
from tutor.teach.recording import RecordingError, recorded
from tutor.ui import editor_files
from tutor.ui.editor import Editor
from tutor.ui.learner_dialogs import SureDialog
from tutor.ui.leaving import recently
from tutor.ui.room import fitting
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

ANSWERS = mark("The file of a lesson holds its answers. What you have not answered yet will not be counted.")


def record(conductor: Conductor) -> None:
    """Make a lesson of the run on screen and edit it."""
    conductor.pause()
    try:
        text = recorded(conductor.session)
    except RecordingError as error:
        conductor.window.notice.say(conductor.words.t(error.message, **error.values))
        return
    _shown(conductor).show_text(text, is_saved=False)


def edit_lesson(conductor: Conductor) -> None:
    """Edit the lesson on screen: its file, or a copy of a lesson that came with the program.

    A file holds the answers: where something of another's lesson is still open, whoever wants it is asked first.
    """
    conductor.pause()
    lesson = conductor.session.lesson
    path = Path(lesson.path)
    editor = _editor(conductor)
    if editor.isVisible() and path == editor.place:
        _shown(conductor)
        return
    shipped = {resources.lessons_dir().resolve(), resources.assets_dir().resolve()}
    is_own = path.is_file() and not shipped & set(path.resolve().parents)
    if is_own or not betting.has_open_ask(conductor.session):
        _shown(conductor).show_text(lesson.source, path if is_own else None)
        return

    def show() -> None:
        conductor.send(intents.LookUp())
        _shown(conductor).show_text(lesson.source, None)

    t = conductor.words.t
    SureDialog(conductor.style, conductor.window, t(ANSWERS), t("Show the file"), show).open()


def _preview(conductor: Conductor, text: str, path: Path) -> str:
    """Show the text as a lesson, its window in front, or present it as a lecture; what is wrong with it, or ""."""
    if looks_like_lecture(text):
        from tutor.ui import lecturing

        return lecturing.open_text(conductor, text, path)
    wrong = conductor.open_text(text, path)
    if not wrong:
        _raise(conductor.window)
    return wrong


def _shown(conductor: Conductor) -> Editor:
    """The one editor of this window, in front."""
    found = _editor(conductor)
    found.show()
    _raise(found)
    return found


def _help(conductor: Conductor, editor: Editor) -> None:
    from tutor.ui.manual import Manual

    manual = Manual(conductor.style, conductor.words, editor)
    manual.turn_to("writing")
    manual.open()


def _raise(window: QWidget) -> None:
    window.raise_()
    window.activateWindow()


def keep_draft(conductor: Conductor, editor: Editor) -> Path | None:
    """The program is told to end before anybody could answer: keep what was typed, and offer it among recent files."""
    if not editor.isVisible() or not editor.is_changed():
        return None
    folder = doctor.state_dir()
    names = (folder / f"draft-{number}.yaml" for number in count(1))
    draft = next(name for name in names if not name.exists())
    try:
        folder.mkdir(parents=True, exist_ok=True)
        editor_files.write(draft, editor.code.toPlainText(), conductor.words)
    except (OSError, editor_files.FileTrouble):
        return None
    conductor.settings.keep("recent", recently(str(draft), conductor.settings.texts("recent")))
    return draft


def _editor(conductor: Conductor) -> Editor:
    """The one editor of this window, made when it is first wanted."""
    found = next((each for each in conductor.beside if isinstance(each, Editor)), None)
    if found is None:
        found = Editor(conductor.style, partial(_preview, conductor))
        found.help_wanted.connect(partial(_help, conductor, found))
        width, height = (conductor.style.px(side) for side in SIZE)
        found.resize(fitting(found, width, height + TITLE) - QSize(0, TITLE))
        conductor.window.closing.connect(found.close)
        QApplication.instance().aboutToQuit.connect(found.ending)  # ends with the editor, as a function would not
        found.ending.connect(partial(keep_draft, conductor, found))
        conductor.beside.append(found)
    return found


SIZE = (1040, 700)
"""The editor's first size, in px of the 1920-px layout."""
TITLE = 40
"""What the bar over a window takes (px)."""
