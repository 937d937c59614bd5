"""Files in the window: a packetdrill script, a saved run or a lesson is dropped, chosen or named at the start."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import QMimeData, QPointF, Qt, QUrl
from PySide6.QtGui import QDropEvent
from PySide6.QtWidgets import QApplication, QDialog

from tests.ui.stage import CLOSE, HANDSHAKE, session
from tutor.cli import main
from tutor.ui import opening, starting
from tutor.ui.breaking import BREAK, BreakingLabel, breakable
from tutor.ui.conductor import Conductor
from tutor.ui.window import Window
from tutor.world.records import Sent

GREETING = """\
// Somebody calls, is greeted, and nobody says anything more.
0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3
+0 bind(3, ..., ...) = 0
+0 listen(3, 1) = 0
+.1 < S 0:0(0) win 32792 <mss 1460>
+0 > S. 0:0(0) ack 1 <mss 1460>
+.1 < . 1:1(0) ack 1 win 32792
+0 accept(3, ..., ...) = 4
+0 write(4, ..., 10) = 10
+0 > P. 1:11(10) ack 1
"""
"""A script that this engine plays; the peer never acknowledges."""


@pytest.fixture
def script(tmp_path: Path) -> Path:
    """The greeting as a file."""
    path = tmp_path / "a-greeting.pkt"
    path.write_text(GREETING, encoding="utf-8")
    return path


def drop(window: Window, *paths: Path) -> None:
    """Drop files on the window."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    window.dropEvent(QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, mime, buttons, keys))
    QApplication.processEvents()


def dialogs(conductor: Conductor) -> list[QDialog]:
    """The dialogs that are open over the window."""
    return [each for each in conductor.window.findChildren(QDialog) if each.isVisible()]


def said(conductor: Conductor) -> str:
    """What the one dialog about a file says; it is closed."""
    (dialog,) = dialogs(conductor)
    assert isinstance(dialog, opening.TroubleDialog)
    text = dialog.said.accessibleName()
    dialog.accept()
    return text


def test_a_script_that_is_dropped_is_played(show, script: Path) -> None:
    """It begins at 0 like a lesson, its title is the file's, and stepping through it leads to its end."""
    conductor = show(session(HANDSHAKE, lang="zh", theme="dark"))
    assert conductor.window.acceptDrops()
    drop(conductor.window, script)
    now = conductor.session
    assert (now.lesson.id, now.playhead, now.lang, now.theme) == ("a-greeting", 0, "zh", "dark")
    assert "a-greeting" in conductor.window.windowTitle()
    assert not dialogs(conductor)
    conductor.window.command("end")
    assert [str(socket.state) for socket in conductor.session.world.hosts[0].all_sockets()] == ["LISTEN", "ESTABLISHED"]


def test_a_script_can_be_touched_like_a_lesson(show, script: Path) -> None:
    """Dropping its SYN,ACK forks the run; undo leads back, and once more to the lesson before it."""
    conductor = show(session(HANDSHAKE))
    drop(conductor.window, script)
    run = conductor.session.trace
    flight = next(f for f in (run.flight(n) for n in range(10)) if f is not None and f.sender == "host")
    conductor.click(f"flight:{flight.id}")
    conductor.window.command("drop")
    assert conductor.session.trace is not run
    conductor.window.command("undo")
    assert conductor.session.trace is run
    conductor.window.command("undo")
    assert conductor.session.lesson.id == HANDSHAKE


def test_a_file_is_chosen_in_a_dialog(show, script: Path) -> None:
    """Ctrl+O asks for a file; scripts, runs and lessons are what it offers first."""
    conductor = show(session(HANDSHAKE))
    conductor.window.command("open")
    (dialog,) = dialogs(conductor)
    assert isinstance(dialog, opening.FileDialog)
    assert dialog.nameFilters()[0] == "Scripts, runs, lessons and lectures (*.pkt *.tcprun *.yaml *.zip *.svg *.pdf)"
    dialog.fileSelected.emit(str(script))
    dialog.close()
    assert conductor.session.lesson.id == "a-greeting"
    conductor.window.command("open")
    (again,) = dialogs(conductor)
    assert isinstance(again, opening.FileDialog)
    assert Path(again.directory().absolutePath()) == script.parent
    again.close()


def test_the_menu_leads_to_files_and_back(show, script: Path) -> None:
    """Its last entry asks for a file; what was opened stands among the lessons from then on."""
    conductor = show(session(HANDSHAKE))
    drop(conductor.window, script)
    conductor.open_lesson(CLOSE)
    menu = conductor.window.top.open_lessons((), ())
    menu.actions()[-1].trigger()
    assert [type(each) for each in dialogs(conductor)] == [opening.FileDialog]
    menu.close()
    assert "a-greeting" in [lesson.id for lesson in conductor.library.lessons()]
    conductor.window.top.lesson_wanted.emit("a-greeting")
    assert conductor.session.lesson.id == "a-greeting"
    assert conductor.session.end > 0


def test_a_saved_run_opens_and_leaves_the_lesson_alone(show, script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was saved with a lost segment is the same run here; the menu still has the lesson as it was written."""
    saved = script.with_suffix(".tcprun")
    assert main(["play", HANDSHAKE, "--drop", "client:SYN", "--save", str(saved)]) == 0
    capsys.readouterr()
    conductor = show(session(CLOSE))
    drop(conductor.window, saved)
    assert conductor.session.lesson.id == HANDSHAKE
    assert "dropped" in {
        record.flight.fate for _, record in conductor.session.trace.records() if isinstance(record, Sent)
    }
    conductor.open_lesson(HANDSHAKE)
    assert not any(step.world.rules for step in conductor.session.trace.steps)


@pytest.mark.sampled(3)
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ... = 0\n", ":2:"),
        ("0 splice(3, 4) = 0\n", "splice"),
        ("`ip route change 192.0.2.2`\n0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n", "ip route change"),
    ],
)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_is_wrong_with_a_script_is_said_and_all_stays(show, script: Path, lang: str, text: str, says: str) -> None:
    """Line and column, or the feature by name, in a dialog of one sentence; the lesson on screen is untouched."""
    script.write_text(text, encoding="utf-8")
    conductor = show(session(HANDSHAKE, lang=lang))
    before = conductor.session
    drop(conductor.window, script)
    assert says in said(conductor)
    assert conductor.session is before


@pytest.mark.sampled(5)
@pytest.mark.parametrize("content", [b"\xff\xfe\x00binary", b"format: 1\nid: x\n", b'{"tcprun": 1}'])
@pytest.mark.parametrize("name", ["a.pkt", "lesson.yaml", "a.tcprun"])
def test_no_file_makes_a_fault_of_ours(show, tmp_path: Path, name: str, content: bytes) -> None:
    """Whatever lies in it, it is the file that is at fault."""
    path = tmp_path / name
    path.write_bytes(content)
    conductor = show(session(HANDSHAKE))
    drop(conductor.window, path)
    assert name in said(conductor)


def test_a_file_that_has_gone_is_said_to_be(show, tmp_path: Path) -> None:
    """Between the choice and the reading."""
    conductor = show(session(HANDSHAKE))
    conductor.open_file(str(tmp_path / "gone.pkt"))
    assert "gone.pkt" in said(conductor)


def test_text_that_is_dropped_is_no_file(show) -> None:
    """Nothing happens."""
    conductor = show(session(HANDSHAKE))
    before = conductor.session
    mime = QMimeData()
    mime.setText("hello")
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    conductor.window.dropEvent(QDropEvent(QPointF(20, 20), Qt.DropAction.CopyAction, mime, buttons, keys))
    assert conductor.session is before
    assert not dialogs(conductor)


@pytest.mark.parametrize("arguments", [[], ["window"], ["--lang", "zh"], ["--lang=zh", "window"]])
def test_the_command_line_names_the_file(script: Path, arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """``tcp-tutor FILE`` and ``tcp-tutor window FILE`` open the window on it."""
    opened = []
    monkeypatch.setattr(starting, "run", lambda loaded, lang=None, **_: opened.append((loaded.lesson.id, lang)) or 0)
    assert main([*arguments, str(script)]) == 0
    assert opened == [("a-greeting", "zh" if "zh" in " ".join(arguments) else None)]


def test_a_bad_file_is_said_before_a_window_opens(script: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Exit code 1, line and column."""
    script.write_text("0 socket(\n", encoding="utf-8")
    assert main([str(script)]) == 1
    assert "a-greeting.pkt:" in capsys.readouterr().err
    assert main(["no-such-file.pkt"]) == 1
    assert "no-such-file.pkt" in capsys.readouterr().err


def test_what_was_left_out_is_said_and_fits_the_window(show, script: Path) -> None:
    """A script of another system is played without its settings; their names wrap in a narrow window."""
    names = [f"net.inet.tcp.setting_number_{n}" for n in range(12)]
    script.write_text("".join(f"0 `sysctl -w {name}=1`\n" for name in names) + GREETING, encoding="utf-8")
    conductor = show(session(HANDSHAKE), 960, 600)
    drop(conductor.window, script)
    notice = conductor.window.notice
    assert conductor.session.lesson.id == "a-greeting"
    assert all(name in notice.text() for name in names)
    assert conductor.window.rect().contains(notice.geometry())
    notice.say("Short.")
    assert notice.width() < 200


def test_a_long_path_wraps_anywhere_and_is_copied_as_it_is(qtbot) -> None:
    """No word is wider than its label, whatever it is made of; what is copied has no marks of ours in it."""
    for path in ("/home/somebody/" + "x" * 90 + ".pkt", "C:\\Users\\somebody\\a-rather_long.name\\of-a.file.pkt"):
        label = BreakingLabel(f"cannot read {path}")
        qtbot.addWidget(label)
        pieces = label.text().replace(BREAK, " ").split()
        assert max(map(len, pieces)) <= 16
        label.setSelection(0, len(label.text()))
        QApplication.clipboard().clear()
        qtbot.keyClick(label, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
        assert QApplication.clipboard().text() == f"cannot read {path}"
    assert BREAK not in breakable("a short sentence of /short/words")
