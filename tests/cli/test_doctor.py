"""The doctor: which platform, which libraries, which line installs them — all before Qt is touched."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tutor import doctor
from tutor.doctor import Display, Library, Verdict
from tutor.words import Words

linux_only = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux has to guess its display")


@linux_only
def test_without_any_display_there_is_no_platform() -> None:
    """Then Qt would abort the process, so it is never asked."""
    assert doctor.display({}) == Display(None, "")


@linux_only
def test_a_display_that_does_not_answer_is_none() -> None:
    """DISPLAY may be left over from a closed session: the server itself is asked."""
    assert doctor.display({"DISPLAY": ":4711"}).platform is None


@linux_only
def test_a_wayland_socket_that_answers_is_a_display(tmp_path: Path) -> None:
    """Only a listening socket counts, not the variable alone."""
    environment = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path)}
    assert doctor.display(environment).platform is None
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        assert doctor.display(environment).platform == "wayland"


def test_a_platform_that_was_asked_for_is_taken() -> None:
    """QT_QPA_PLATFORM is the person's own decision, options and fallbacks after it are Qt's business."""
    assert doctor.display({"QT_QPA_PLATFORM": "offscreen"}).platform == "offscreen"
    assert doctor.display({"QT_QPA_PLATFORM": "wayland;xcb"}).platform == "wayland"


@linux_only
def test_a_library_that_cannot_be_loaded_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is tried by the name the loader uses, so nothing is guessed from file names."""
    absent = Library("libno-such-thing.so.9", "libno-such-thing9", "no-such-thing", "every")
    x11_only = Library("libnor-this.so.1", "libnor-this1", "nor-this", "xcb")
    monkeypatch.setattr(doctor, "LIBRARIES", (absent, x11_only))
    assert doctor.missing_libraries("offscreen") == (absent,)
    assert doctor.missing_libraries("xcb") == (absent, x11_only)


def test_what_is_missing_comes_with_the_line_that_installs_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line to copy, each package once, in the words of the system's own package manager."""
    missing = [library for library in doctor.LIBRARIES if "glib" in library.soname or "cursor.so" in library.soname]
    monkeypatch.setattr(doctor, "_system_family", lambda: "debian")
    assert doctor.install_line(missing).endswith("apt-get install libglib2.0-0 libwayland-cursor0 libxcb-cursor0")
    monkeypatch.setattr(doctor, "_system_family", lambda: "fedora")
    assert doctor.install_line(missing) == "sudo dnf install glib2 libwayland-cursor xcb-util-cursor"


@pytest.mark.parametrize(("lang", "says"), [("en", "This line installs them"), ("zh", "用这一行命令安装")])
def test_a_person_is_told_what_the_window_needs(lang: str, says: str) -> None:
    """The display, the libraries and the line, in the person's language; nothing when the window can open."""
    words = Words(lang)
    lines = doctor.what_a_window_needs(Verdict(Display(None, "DISPLAY=:9"), doctor.LIBRARIES[:1]), words)
    assert "DISPLAY=:9" in lines[0]
    assert "libglib-2.0.so.0" in lines[1]
    assert lines[2].startswith(says)
    assert doctor.what_a_window_needs(Verdict(Display("xcb", ""), ()), words) == []


def test_looking_at_the_machine_does_not_import_qt() -> None:
    """Importing it where a library is missing would end the process."""
    code = "import os, sys; from tutor import doctor; doctor.examine(os.environ); print('PySide6' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
