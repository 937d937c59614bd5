"""Start of the window, and what happens when something goes wrong in it.

Rules
-----
* Whoever starts it has asked ``doctor`` first whether a window can open: Qt aborts the process where it cannot.
* An exception in the window is a fault of ours: it is written to a report file and shown once, with the report to
  copy, and the window stays. Nothing is sent anywhere.
* What Qt itself warns of goes into the log of the state folder, never onto a learner's screen.
"""

from __future__ import annotations

import faulthandler
import logging
import logging.handlers
import sys
from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QLibraryInfo, QLocale, QTimer, QtMsgType, QTranslator, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QHBoxLayout, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from tutor import doctor
from tutor.ui import collector, fonts
from tutor.ui.style import Style, palette, sheet
from tutor.words import Words

if TYPE_CHECKING:
    from tutor.commands.loading import Loaded
    from tutor.ui.conductor import Conductor
    from tutor.ui.first import Frame
    from tutor.ui.seat import Seat
    from tutor.ui.settings import Settings

_LOG = logging.getLogger("tutor.window")

_LEVELS = {
    QtMsgType.QtDebugMsg: logging.DEBUG,
    QtMsgType.QtInfoMsg: logging.INFO,
    QtMsgType.QtWarningMsg: logging.WARNING,
    QtMsgType.QtCriticalMsg: logging.ERROR,
    QtMsgType.QtFatalMsg: logging.CRITICAL,
}


def application(arguments: Sequence[str] = ()) -> QApplication:
    """The one QApplication, in Fusion, with our fonts."""
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["tcp-tutor", *arguments])
    app.setApplicationName(doctor.APP)
    app.setApplicationDisplayName("TCP Tutor")
    app.setDesktopFileName(doctor.APP)
    app.setStyle("Fusion")
    for package in fonts.load():
        _LOG.warning("the font package %s is missing; the system's fonts stand in for it", package)
    app.setFont(fonts.ui(15))
    collector.take_over()
    return app


def dress(app: QApplication, style: Style) -> None:
    """Give dialogs and menus the palette of a theme and Qt's own sentences in the language."""
    app.setPalette(palette(style.theme))
    for translator in app.findChildren(QTranslator):
        app.removeTranslator(translator)
        translator.deleteLater()
    if style.is_chinese:
        translator = QTranslator(app)
        folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
        if translator.load(QLocale("zh_CN"), "qtbase", "_", folder):
            app.installTranslator(translator)


def furnish(
    frame: Frame,
    loaded: Loaded | None,
    *,
    lang: str | None,
    theme: str | None,
    settings: Settings,
    is_fresh: bool = False,
) -> Conductor:
    """Put the whole window into its frame; ``is_fresh``: whatever was left last time is not taken up.

    Raises ``LessonErrors`` if the lesson is at fault.
    """
    from tutor.teach.learners import Learners
    from tutor.ui.conductor import Conductor
    from tutor.ui.keeper import Keeper
    from tutor.ui.leaving import first_session
    from tutor.ui.library import Library
    from tutor.ui.seat import Seat

    log_trouble = _keep_log()
    library = Library()
    seat = Seat.claim(doctor.state_dir())
    left = None if is_fresh else seat
    session = first_session(loaded, lang=lang, theme=theme, settings=settings, library=library, seat=left)
    app = application()
    learner = next(iter(settings.texts("learner")), "")
    keeper = Keeper(learners=Learners(doctor.data_dir()), learner=learner)
    conductor = Conductor(session, library, settings, keeper)
    conductor.path = loaded.source if loaded is not None else ""
    conductor.saver.seat = seat
    app.commitDataRequest.connect(conductor.saver.keep)
    app.aboutToQuit.connect(conductor.saver.end)
    _catch_faults(conductor)
    frame.furnish(conductor.window)
    conductor.open()
    conductor.window.setFocus()  # without a focus of its own Qt would give the frame's to the first button
    if log_trouble:
        conductor.window.notice.warn(conductor.words.t("The log cannot be kept: {why}", why=log_trouble))
    _tell_of_neighbours(conductor, seat)
    if loaded is None and settings.is_kept and _is_untouched(conductor):
        QTimer.singleShot(0, partial(conductor.command, "start"))  # after the keeper has begun to open its file
    return conductor


def _is_untouched(conductor: Conductor) -> bool:
    """Is this the first lesson as nobody has begun it, so that there is nothing to go on with on the stage?"""
    session = conductor.session
    is_first = session.lesson.id == conductor.library.first()
    return is_first and not session.answers and session.playhead == 0 and session.branch == session.road


def _tell_of_neighbours(conductor: Conductor, seat: Seat) -> None:
    """Another window is open: it keeps what was left last time, and this one's run is found among the recent files."""
    from tutor.ui.leaving import recently

    t, path = conductor.words.t, str(seat.run)
    if not seat.number:
        conductor.window.notice.warn(t("Too many windows of TCP Tutor are open: save the run of this one yourself."))
    elif not seat.is_first:
        conductor.settings.keep("recent", recently(path, conductor.settings.texts("recent")))
        conductor.window.notice.warn(
            t(
                "Another window of TCP Tutor is open and keeps its own run. The run of this window is kept beside it: "
                "{path}",
                path=path,
            )
        )


# --- faults ---


def _keep_log() -> str:
    """Log to a rotating file in the state folder. What the system says where that cannot be written, else ``""``."""
    trouble = ""
    try:
        folder = doctor.state_dir()
        folder.mkdir(parents=True, exist_ok=True)
        handler: logging.Handler = logging.handlers.RotatingFileHandler(
            folder / "window.log", maxBytes=200_000, backupCount=2, encoding="utf-8"
        )
    except OSError as fault:
        handler, trouble = logging.NullHandler(), str(fault)
    handler.handleError = lambda _record: None  # type: ignore[method-assign]  # a full disk is no fault of ours
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(message)s"))
    _LOG.addHandler(handler)
    _LOG.propagate = False
    qInstallMessageHandler(lambda kind, _context, text: _LOG.log(_LEVELS.get(kind, logging.WARNING), "%s", text))
    if sys.stderr is not None:
        faulthandler.enable()
    return trouble


def _catch_faults(conductor) -> None:
    from tutor.commands.faults import first_line, keep_report, report_text

    shown: list[str] = []

    def caught(kind, value, trace) -> None:
        if issubclass(kind, KeyboardInterrupt):
            QApplication.quit()
            return
        _LOG.critical("fault", exc_info=(kind, value, trace))
        conductor.pause()
        line = first_line(value)
        if line in shown:
            return
        shown.append(line)
        report = report_text(value, ["window", conductor.session.lesson.id])
        FaultDialog(conductor.style, line, keep_report(report), report, conductor.window).open()

    sys.excepthook = caught


class FaultDialog(QDialog):
    """A fault of ours: one sentence, where the report is, and the report to copy."""

    def __init__(self, style: Style, line: str, path: str, report: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        from tutor.ui.breaking import BreakingLabel
        from tutor.ui.button import Button

        words: Words = style.words
        self.setWindowTitle(words.t("A fault of ours"))
        self.setStyleSheet(sheet(style))
        said = QLabel(words.t("tcp-tutor has a fault of its own: {fault}", fault=line))
        said.setWordWrap(True)
        where = BreakingLabel(
            words.t("The report is in {path}", path=path) if path else words.t("It can be copied from here.")
        )
        text = QPlainTextEdit(report)
        text.setReadOnly(True)
        text.setAccessibleName(words.t("A fault of ours"))
        text.setFont(fonts.mono(13))
        copy, close = Button(), Button("primary")
        copy.restyle(style, words.t("Copy report"))
        close.restyle(style, words.t("Go on"))
        copy.clicked.connect(lambda: QApplication.clipboard().setText(report))
        close.clicked.connect(self.accept)
        column = QVBoxLayout(self)
        for part in (said, where, text):
            column.addWidget(part)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(copy)
        row.addWidget(close)
        column.addLayout(row)
        self.resize(720, 420)
