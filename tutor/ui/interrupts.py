"""Ctrl+C in the terminal, while Qt's loop runs."""

from __future__ import annotations

import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QSocketNotifier
from PySide6.QtWidgets import QApplication


@contextmanager
def ended_by_interrupt(app: QApplication) -> Iterator[None]:
    """Ctrl+C in the terminal closes the windows, as their close button does.

    Python runs the handlers of signals between its own steps, and Qt's loop takes none while nothing happens: the
    signal is written to a socket that wakes it.
    """
    ours, theirs = socket.socketpair()
    theirs.setblocking(False)
    notifier = QSocketNotifier(ours.fileno(), QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda: ours.recv(1))
    before = signal.signal(signal.SIGINT, lambda *_: app.closeAllWindows())
    wakeup = signal.set_wakeup_fd(theirs.fileno())
    try:
        yield
    finally:
        signal.set_wakeup_fd(wakeup)
        signal.signal(signal.SIGINT, before)
        notifier.setEnabled(False)
        ours.close()
        theirs.close()
