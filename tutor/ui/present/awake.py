"""No sleep, no screen saver, while somebody presents.

Rules
-----
* Where nobody can be asked, nothing happens and nothing is said: a lecture does not fail for that.
* It ends with ``sleep_again``, and with the process in any case: what was asked of a bus ends with the connection to
  it, what another program does ends when our end of its pipe is closed.
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from PySide6.QtCore import QObject, QProcess, QStandardPaths

WHO = "TCP Tutor"
CONNECTION = "tcp-tutor-awake"
PATIENCE_MS = 300
"""How long the desktop may take to answer."""
CONTINUOUS, SYSTEM, DISPLAY = 0x80000000, 0x1, 0x2
"""``SetThreadExecutionState``: until further notice, do not sleep, do not switch the display off."""


class Awake(QObject):
    """Keeps the machine awake between ``stay`` and ``sleep_again``. ``by``: what does it, "" for nothing."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.by = ""
        self._process: QProcess | None = None

    def stay(self, why: str) -> None:
        """Keep awake from now on; ``why`` is a sentence for whoever asks the desktop."""
        if self.by:
            return
        for name, ask in _ways():
            if ask(self, why):
                self.by = name
                return

    def sleep_again(self) -> None:
        """The machine may sleep again."""
        name, self.by = self.by, ""
        if name == "screensaver":
            from PySide6.QtDBus import QDBusConnection

            QDBusConnection.disconnectFromBus(CONNECTION)
        elif name == "windows":
            _execution_state(CONTINUOUS)
        if self._process is not None:
            process, self._process = self._process, None
            process.closeWriteChannel()
            if process.state() is not QProcess.ProcessState.NotRunning:
                process.terminate()
                if not process.waitForFinished(PATIENCE_MS):
                    process.kill()
                    process.waitForFinished(PATIENCE_MS)
            process.deleteLater()

    # --- the ways ---

    def ask_screensaver(self, why: str) -> bool:
        """Ask the desktop, on a connection of our own: to close it is to take the wish back."""
        try:
            from PySide6.QtDBus import QDBus, QDBusConnection, QDBusMessage
        except ImportError:
            return False
        bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, CONNECTION)
        if bus.isConnected():
            for path in ("/org/freedesktop/ScreenSaver", "/ScreenSaver"):
                name = "org.freedesktop.ScreenSaver"
                message = QDBusMessage.createMethodCall(name, path, name, "Inhibit")
                message.setArguments([WHO, why])
                answer = bus.call(message, QDBus.CallMode.Block, PATIENCE_MS)
                if answer.type() == QDBusMessage.MessageType.ReplyMessage:
                    return True
        QDBusConnection.disconnectFromBus(CONNECTION)
        return False

    def ask_systemd(self, why: str) -> bool:
        """``systemd-inhibit`` holds its lock for as long as the program in it reads from us."""
        words = ["--what=idle:sleep", f"--who={WHO}", f"--why={why}", "cat"]
        return self._run("systemd-inhibit", words)

    def ask_caffeinate(self, _why: str) -> bool:
        """macOS: its own command, which watches our process besides."""
        from PySide6.QtCore import QCoreApplication

        return self._run("caffeinate", ["-d", "-i", "-w", str(QCoreApplication.applicationPid())])

    def _run(self, program: str, words: list[str]) -> bool:
        found = QStandardPaths.findExecutable(program)
        if not found:
            return False
        self._process = QProcess(self)
        self._process.setStandardOutputFile(QProcess.nullDevice())
        self._process.setStandardErrorFile(QProcess.nullDevice())
        self._process.start(found, words)
        return True

    def ask_windows(self, _why: str) -> bool:
        """Windows: the state of this thread."""
        return _execution_state(CONTINUOUS | SYSTEM | DISPLAY)


def _execution_state(flags: int) -> bool:
    try:
        import ctypes

        return bool(ctypes.windll.kernel32.SetThreadExecutionState(flags))
    except (ImportError, AttributeError, OSError):
        return False


Way = tuple[str, Callable[[Awake, str], bool]]


def _ways() -> tuple[Way, ...]:
    """What can be tried on this system, the best first."""
    if sys.platform == "win32":
        return (("windows", Awake.ask_windows),)
    if sys.platform == "darwin":
        return (("caffeinate", Awake.ask_caffeinate),)
    return (("screensaver", Awake.ask_screensaver), ("systemd", Awake.ask_systemd))
