"""When something goes wrong in the window: a report, one dialog, and the window stays."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, qInstallMessageHandler, qWarning
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from tests.ui.stage import HANDSHAKE, session
from tutor import doctor
from tutor.ui import app
from tutor.ui.button import Button


@pytest.fixture
def restored(monkeypatch: pytest.MonkeyPatch):
    """The exception hook as it was, after the test."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)


def test_a_fault_is_reported_once_and_the_window_stays(show, restored, qtbot) -> None:
    """The dialog says what happened and where the report is; the same fault again opens no second dialog."""
    conductor = show(session(HANDSHAKE))
    app._catch_faults(conductor)
    fault = ValueError("a pretended fault")
    for _ in range(2):
        sys.excepthook(ValueError, fault, None)
    dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, app.FaultDialog) and w.isVisible()]
    assert len(dialogs) == 1
    reports = list(Path(doctor.state_dir()).glob("fault-*.txt"))
    assert len(reports) == 1
    text = dialogs[0].findChild(QPlainTextEdit).toPlainText()
    assert "a pretended fault" in text
    copy, close = dialogs[0].findChildren(Button)
    qtbot.mouseClick(copy, Qt.MouseButton.LeftButton)
    assert QApplication.clipboard().text() == text
    qtbot.mouseClick(close, Qt.MouseButton.LeftButton)
    assert not dialogs[0].isVisible()
    assert conductor.window.isVisible()


def test_a_fault_stops_the_clock(show, restored) -> None:
    """Else the same fault would come again with every frame."""
    conductor = show(session(HANDSHAKE))
    app._catch_faults(conductor)
    conductor._clock.start()
    sys.excepthook(RuntimeError, RuntimeError("again and again"), None)
    assert not conductor._clock.isActive()
    for dialog in QApplication.topLevelWidgets():
        if isinstance(dialog, app.FaultDialog):
            dialog.close()


def test_what_qt_warns_of_goes_into_the_log() -> None:
    """Not onto the learner's terminal: into a file of the state folder, for a report."""
    before = qInstallMessageHandler(None)
    try:
        app._keep_log()
        qWarning("a pretended warning")
    finally:
        qInstallMessageHandler(before)
        for handler in app._LOG.handlers[:]:
            handler.close()
            app._LOG.removeHandler(handler)
    assert "a pretended warning" in (Path(doctor.state_dir()) / "window.log").read_text(encoding="utf-8")
