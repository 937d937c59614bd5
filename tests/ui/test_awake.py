"""No sleep while somebody presents: the desktop is asked, or a program; and nothing fails where there is neither."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from PySide6.QtCore import QProcess

from tutor import resources
from tutor.ui.present import awake
from tutor.ui.present.awake import Awake


def test_the_first_way_that_works_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    """Asked again it is not asked twice; where none works, nothing is said."""
    asked: list[str] = []

    def way(name: str, *, works: bool) -> awake.Way:
        def ask(_awake: Awake, why: str) -> bool:
            asked.append(f"{name}: {why}")
            return works

        return name, ask

    monkeypatch.setattr(awake, "_ways", lambda: (way("deaf", works=False), way("good", works=True)))
    made = Awake()
    made.stay("A lecture")
    made.stay("A lecture")
    assert made.by == "good"
    assert asked == ["deaf: A lecture", "good: A lecture"]
    made.sleep_again()
    assert made.by == ""
    monkeypatch.setattr(awake, "_ways", lambda: (way("deaf", works=False),))
    made.stay("A lecture")
    assert made.by == ""
    made.sleep_again()


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for the program")
def test_a_program_that_inhibits_ends_with_the_lecture(qtbot, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """It is started with what is to be inhibited, and is gone when the machine may sleep."""
    program = tmp_path / "systemd-inhibit"
    program.write_text(f'#!/bin/sh\necho "$@" > {tmp_path}/said\nexec cat\n', encoding="utf-8")
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=os.pathsep)
    monkeypatch.setattr(awake, "_ways", lambda: (("systemd", Awake.ask_systemd),))
    made = Awake()
    made.stay("A lecture is being given.")
    assert made.by == "systemd"
    process = made.findChild(QProcess)
    assert process is not None
    said = tmp_path / "said"
    qtbot.waitUntil(lambda: said.exists() and "idle:sleep" in said.read_text(encoding="utf-8"), timeout=20_000)
    made.sleep_again()
    assert process.state() == QProcess.ProcessState.NotRunning


def test_without_a_program_or_a_bus_nothing_happens(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No exception, no message: the lecture begins."""
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nobody")
    made = Awake()
    for ask in (Awake.ask_systemd, Awake.ask_caffeinate, Awake.ask_screensaver, Awake.ask_windows):
        assert not ask(made, "A lecture"), ask
    made.sleep_again()


ON_A_BUS = """
from PySide6.QtCore import ClassInfo, QObject, Slot, QCoreApplication
from PySide6.QtDBus import QDBusConnection
from PySide6.QtTest import QTest
from tutor.ui.present.awake import Awake
import threading, subprocess, sys, time
app = QCoreApplication([])

@ClassInfo({"D-Bus Interface": "org.freedesktop.ScreenSaver"})
class Saver(QObject):
    @Slot(str, str, result=int)
    def Inhibit(self, who, why):
        print("asked by", who, "since", why, flush=True)
        return 7

bus = QDBusConnection.connectToBus(QDBusConnection.BusType.SessionBus, "the-desktop")
saver = Saver()
assert bus.registerObject("/org/freedesktop/ScreenSaver", saver, QDBusConnection.RegisterOption.ExportAllSlots)
assert bus.registerService("org.freedesktop.ScreenSaver")
asker = '''
from PySide6.QtCore import QCoreApplication
from tutor.ui.present.awake import Awake
app = QCoreApplication([])
awake = Awake()
awake.stay("a lecture")
print("by", awake.by, flush=True)
awake.sleep_again()
'''
done = subprocess.Popen([sys.executable, "-c", asker])
while done.poll() is None:
    QTest.qWait(20)
print("over", done.returncode)
"""


@pytest.mark.ci
@pytest.mark.skipif(shutil.which("dbus-run-session") is None, reason="needs a D-Bus daemon")
def test_the_desktop_is_asked_over_the_bus() -> None:
    """A stand-in for a desktop's screen saver hears who asks, and why."""
    done = subprocess.run(
        ["dbus-run-session", "--", sys.executable, "-c", ON_A_BUS],
        cwd=resources.lessons_dir().parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert "asked by TCP Tutor since a lecture" in done.stdout, done.stderr
    assert "by screensaver" in done.stdout
    assert "over 0" in done.stdout
