"""What the machine does wrong: settings that make no sense, folders that cannot be written, a full disk, two windows.

Each time something clear is said, nothing is lost, and the window goes on.
"""

from __future__ import annotations

import errno
import json
import logging
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QLockFile, QTimer, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QPlainTextEdit

from tests.ui.monkey import Monkey, actions, files_in
from tests.ui.stage import CLOSE, HANDSHAKE, session
from tutor import doctor, resources
from tutor.teach import intents
from tutor.ui import app
from tutor.ui.conductor import Conductor
from tutor.ui.keeper import Keeper
from tutor.ui.leaving import first_session
from tutor.ui.library import Library
from tutor.ui.settings import Settings, Trouble


def _window(path: Path, lang: str = "en") -> Conductor:
    """A window that keeps its settings in a file."""
    conductor = Conductor(session(HANDSHAKE, lang=lang), None, Settings(path))
    conductor.open()
    QApplication.processEvents()
    return conductor


def _gone(conductor: Conductor) -> None:
    conductor.window.close()
    conductor.window.deleteLater()


def _kept(path: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(path.read_text(encoding="utf-8"))
    return found


# --- settings that make no sense ---


@pytest.mark.sampled(5)
@pytest.mark.parametrize(
    "content",
    [
        b"[1, 2", b"\xff\xfe\x00", b"[]", b"", b"[" * 100_000, b'{"theme": 3, "lang": null, "size": "x"}',
        b'{"size": [1e999, 700], "text_scale": NaN, "halves-wide": [' + b"9" * 400 + b", 1]}",
    ],
)  # fmt: skip
def test_settings_that_make_no_sense_are_kept_aside_and_said(tmp_path: Path, content: bytes) -> None:
    """The window opens with its defaults, says so, and what was there is still there under another name."""
    path = tmp_path / "window.json"
    path.write_bytes(content)
    conductor = _window(path)
    conductor.send(intents.SetTheme("dark"))
    if content.startswith(b"{"):
        assert not list(tmp_path.glob("*.broken*")), "a value of another kind is left alone and counts for nothing"
    else:
        notice = conductor.window.notice
        assert "window.json.broken" in notice.text()
        assert notice.isVisible()
        assert (tmp_path / "window.json.broken").read_bytes() == content
    assert _kept(path)["theme"] == "dark"
    _gone(conductor)


def test_what_made_no_sense_twice_is_kept_twice(tmp_path: Path) -> None:
    """The first one aside is not overwritten by the second."""
    path = tmp_path / "window.json"
    for content in ("one", "two"):
        path.write_text(content, encoding="utf-8")
        Settings(path)
    assert [(tmp_path / f"window.json.broken{n}").read_text(encoding="utf-8") for n in ("", "1")] == ["one", "two"]


def test_settings_that_cannot_be_read_are_said_and_left_alone(tmp_path: Path) -> None:
    """A folder stands where the file should be: nothing is written over it."""
    path = tmp_path / "window.json"
    (path / "somebody's").mkdir(parents=True)
    conductor = _window(path)
    assert str(path) in conductor.window.notice.text()
    conductor.send(intents.SetTheme("dark"))
    assert (path / "somebody's").is_dir()
    _gone(conductor)


def test_settings_that_become_unreadable_later_are_left_alone_too(tmp_path: Path, monkeypatch) -> None:
    """What cannot be read cannot be merged with: a new file with one word in it would be the end of the others."""
    path = tmp_path / "window.json"
    path.write_text('{"theme": "dark", "recent": ["a"]}', encoding="utf-8")
    settings = Settings(path)

    def refused(*_arguments: object, **_named: object) -> str:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_text", refused)
        settings.keep("lang", "zh")
    assert _kept(path) == {"theme": "dark", "recent": ["a"]}


def test_while_another_window_writes_nothing_is_written(tmp_path: Path) -> None:
    """It is kept with the next change, when the other one is done."""
    path = tmp_path / "window.json"
    settings, lock = Settings(path), QLockFile(str(path.with_name("window.json.lock")))
    lock.setStaleLockTime(0)
    assert lock.tryLock(0)
    settings.keep("lang", "zh")
    assert not path.exists()
    lock.unlock()
    settings.keep("theme", "dark")
    assert _kept(path) == {"lang": "zh", "theme": "dark"}


# --- what cannot be written ---


def test_a_folder_that_cannot_be_written_is_said_once(tmp_path: Path) -> None:
    """What is set holds in the window; the notice says why it will not hold tomorrow, in the reader's language."""
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    conductor = _window(tmp_path / "file" / "below" / "window.json", lang="zh")
    conductor.send(intents.SetTextScale(1.1))
    said = conductor.window.notice.text()
    assert "无法" in said
    assert str(tmp_path) in said
    conductor.window.notice.say("")
    conductor.send(intents.SetTheme("dark"))
    assert conductor.window.notice.text() == "", "it is said once"
    assert (conductor.session.theme, conductor.session.lang) == ("dark", "zh")
    _gone(conductor)


def test_a_full_disk_leaves_the_old_settings_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The new file breaks off in the middle: the old one stands; when there is room again all that was set is kept."""
    path = tmp_path / "window.json"
    settings = Settings(path)
    settings.keep("theme", "dark")
    told: list[Trouble] = []
    settings.listen(told.append)
    write = Path.write_text

    def full(self: Path, text: str, **named: str) -> int:
        write(self, text[:5], **named)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    with monkeypatch.context() as patch:
        patch.setattr(Path, "write_text", full)
        settings.keep("lang", "zh")
    assert _kept(path) == {"theme": "dark"}
    assert [trouble.kind for trouble in told] == ["unwritable"]
    assert isinstance(told[0].why, OSError) and told[0].why.errno == errno.ENOSPC
    assert [each.name for each in tmp_path.iterdir()] == ["window.json"], "nothing half-written is left"
    settings.keep("text_scale", 1.5)
    assert _kept(path) == {"theme": "dark", "lang": "zh", "text_scale": 1.5}


def test_a_fault_on_a_full_disk_still_shows_its_report(show, monkeypatch: pytest.MonkeyPatch) -> None:
    """No file can be written anywhere: the dialog opens all the same, and its text can be copied."""

    def full(*_: object, **__: object) -> int:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    monkeypatch.setattr(Path, "write_text", full)
    monkeypatch.setattr("tempfile.mkdtemp", full)
    conductor = show(session(HANDSHAKE))
    app._catch_faults(conductor)
    sys.excepthook(ValueError, ValueError("while the disk is full"), None)
    (dialog,) = [w for w in QApplication.topLevelWidgets() if isinstance(w, app.FaultDialog) and w.isVisible()]
    assert "while the disk is full" in dialog.findChild(QPlainTextEdit).toPlainText()
    dialog.close()
    assert conductor.window.isVisible()


@pytest.fixture
def own_log(monkeypatch: pytest.MonkeyPatch):
    """A log without handlers, and Qt's handler as it was, after the test."""
    before = qInstallMessageHandler(None)
    qInstallMessageHandler(before)
    _take_handlers()
    yield app._LOG
    qInstallMessageHandler(before)
    _take_handlers()


def _take_handlers() -> None:
    for handler in app._LOG.handlers[:]:
        handler.close()
        app._LOG.removeHandler(handler)


def test_a_log_that_cannot_be_kept_is_said(own_log, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The state folder is a file: the reason is handed on to be shown, and logging is silent."""
    (tmp_path / "file").write_text("", encoding="utf-8")
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
    assert app._keep_log()
    own_log.warning("nobody hears this")


def test_the_log_rotates(own_log) -> None:
    """Three files of 200 kB at most, however much goes wrong."""
    assert app._keep_log() == ""
    for _ in range(1200):
        own_log.warning("x" * 1000)
    files = sorted(Path(doctor.state_dir()).glob("window.log*"))
    assert [each.name for each in files] == ["window.log", "window.log.1", "window.log.2"]
    assert all(each.stat().st_size <= 200_000 for each in files)


def test_a_full_disk_does_not_stop_the_log(own_log, capfd: pytest.CaptureFixture[str]) -> None:
    """A line that cannot be written is left out, without a word on the learner's terminal."""
    app._keep_log()
    handler = next(each for each in own_log.handlers if isinstance(each, logging.FileHandler))

    class Full:
        def write(self, _text: str) -> int:
            raise OSError(errno.ENOSPC, "No space left on device")

        def flush(self) -> None: ...

        def close(self) -> None: ...

    assert isinstance(handler, logging.StreamHandler)
    handler.stream.close()
    handler.stream = Full()  # type: ignore[assignment]
    own_log.warning("lost")
    assert capfd.readouterr().err == ""


# --- two windows ---

OTHER = """
from PySide6.QtWidgets import QApplication
from tutor.teach import intents
from tutor.ui.app import application
from tutor.ui.conductor import Conductor
from tutor.ui.leaving import first_session
from tutor.ui.library import Library
from tutor.ui.settings import Settings
application()
settings, library = Settings.of_user(), Library()
conductor = Conductor(first_session(None, lang="en", theme=None, settings=settings, library=library), library, settings)
conductor.window.resize(1000, 700)
conductor.open()
conductor.send(intents.SetTheme("contrast-dark"))
conductor.send(intents.SetMotion("reduced"))
conductor.window.close()
"""


@pytest.mark.ci
def test_two_windows_at_once_keep_what_both_were_told() -> None:
    """A second process changes theme and motion while this one, which began earlier, changes language and text."""
    settings = Settings.of_user()
    conductor = Conductor(session(HANDSHAKE), None, settings)
    conductor.open()
    conductor.send(intents.SetTextScale(1.3))
    root = resources.lessons_dir().parent
    done = subprocess.run([sys.executable, "-c", OTHER], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    conductor.send(intents.SetLanguage("zh"))
    _gone(conductor)
    kept = _kept(doctor.config_dir() / "window.json")
    assert {name: kept[name] for name in ("theme", "motion", "text_scale", "lang")} == {
        "theme": "contrast-dark", "motion": "reduced", "text_scale": 1.3, "lang": "zh",
    }  # fmt: skip
    again = first_session(None, lang=None, theme=None, settings=Settings.of_user(), library=Library())
    assert (again.theme, again.motion, again.text_scale, again.lang) == ("contrast-dark", "reduced", 1.3, "zh")


# --- faults of ours ---


def test_an_exception_in_a_slot_is_reported_and_the_window_goes_on(show, monkeypatch, qtbot) -> None:
    """Raised inside Qt's own loop, as a real one would be: one dialog, and the next key works."""
    monkeypatch.setattr(sys, "excepthook", sys.excepthook)
    conductor = show(session(CLOSE))
    app._catch_faults(conductor)
    with qtbot.captureExceptions() as caught:
        hook = sys.excepthook
        QTimer.singleShot(0, lambda: conductor.open_lesson("no such lesson"))
        qtbot.waitUntil(lambda: bool(caught), timeout=10_000)
        app._catch_faults(conductor)
        sys.excepthook(*caught[0])
        sys.excepthook = hook
        dialogs = [w for w in QApplication.topLevelWidgets() if isinstance(w, app.FaultDialog) and w.isVisible()]
    assert len(dialogs) == 1
    dialogs[0].close()
    conductor.window.command("step-forward")
    assert conductor.session.playhead > 0 or conductor.session.trace.index_at(0) > 0
    assert conductor.window.isVisible()


def test_a_fault_in_the_thread_that_keeps_progress_is_a_fault_of_the_window(qtbot, tmp_path: Path, monkeypatch) -> None:
    """It is raised where the window reports faults, and not forgotten with the thread."""

    def broken(*_arguments: object) -> None:
        raise ZeroDivisionError("a fault of ours")

    monkeypatch.setattr(Keeper, "_open", broken)
    keeper = Keeper(tmp_path / "progress.db")
    with qtbot.captureExceptions() as caught:
        keeper.start()
        qtbot.waitUntil(lambda: bool(caught), timeout=10_000)
    assert [kind for kind, _, _ in caught] == [ZeroDivisionError]
    keeper.stop()


# --- no network ---


@pytest.mark.ci
def test_nothing_is_asked_of_any_network(show, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A walk through the whole window with sockets forbidden: nobody tries to open one."""
    tried: list[object] = []

    class Forbidden(socket.socket):
        def __init__(self, family: int = -1, *rest: object, **named: object) -> None:
            tried.append(family)
            raise OSError(errno.EACCES, "no network")

    monkeypatch.setattr(socket, "socket", Forbidden)
    for name in ("create_connection", "getaddrinfo", "gethostbyname"):
        monkeypatch.setattr(socket, name, lambda *a, **_: tried.append(a))
    conductor = show(session(CLOSE))
    for row in conductor.window.actions_by_id:
        conductor.window.command(row)
        QApplication.processEvents()
        for widget in QApplication.topLevelWidgets():
            if widget is not conductor.window:
                widget.close()
    Monkey(conductor, files_in(tmp_path)).play(actions(3, 60))
    assert not tried
    assert "PySide6.QtNetwork" not in sys.modules
