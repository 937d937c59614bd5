"""The signals that end a program, while Qt's loop runs: Ctrl+C, the session's end, a terminal that goes away."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication

COMMANDS = ("SIGTERM", "SIGHUP")
"""Signals after which the process ends whatever a window would like to ask first. Not every system has each."""


@contextmanager
def ended_by_interrupt(app: QApplication) -> Iterator[None]:
    """Ctrl+C closes the windows, as their close button does; SIGTERM and SIGHUP close them and end the program.

    Python runs the handlers of signals between its own steps, and Qt's loop takes none while nothing happens: the
    signal is written to a socket that wakes it. A signal that whoever started us had ignored (nohup) stays ignored.
    """

    def end(*_: object) -> None:
        app.closeAllWindows()
        app.exit(0)  # an editor that asks whether to save has no one left to ask

    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: ours.recv(1))
    before = {signal.SIGINT: signal.signal(signal.SIGINT, lambda *_: app.closeAllWindows())}
    for name in COMMANDS:
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, end)
    wakeup = signal.set_wakeup_fd(theirs.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        for number, handler in before.items():
            signal.signal(number, handler)
        notifier.setEnabled(False)
        ours.close()
        theirs.close()
