"""Doctor: what this machine has, and what a window would need. One of the few files that look at the machine.

Rules
-----
* Qt *aborts the process* when a system library or the display is missing: no exception, nothing to catch. So the
  platform is chosen, and every library it needs is loaded once by name, before Qt is ever imported.
* What is missing comes with the one line that installs it.

Theory
------
``platform()`` answers with one of Qt's platform plugins: ``xcb`` or ``wayland`` where a display answers, ``offscreen``
for pictures without one, ``windows`` and ``cocoa`` elsewhere. On Linux the plugins are linked against libraries that
a desktop has and a bare container lacks; ``LIBRARIES`` lists those, each with its package.
"""

from __future__ import annotations

import ctypes
import os
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import platformdirs

from tutor import resources

if TYPE_CHECKING:
    from tutor.words import Words

APP = "tcp-tutor"


@dataclass(frozen=True, slots=True)
class Library:
    """A shared library by the name that the loader knows, and the package that brings it."""

    soname: str
    debian: str
    fedora: str
    needed_for: str
    """``every`` picture, ``xcb`` or ``wayland``."""


LIBRARIES: tuple[Library, ...] = (
    Library("libglib-2.0.so.0", "libglib2.0-0", "glib2", "every"),
    Library("libgthread-2.0.so.0", "libglib2.0-0", "glib2", "every"),
    Library("libEGL.so.1", "libegl1", "libglvnd-egl", "every"),
    Library("libGL.so.1", "libgl1", "libglvnd-glx", "every"),
    Library("libX11.so.6", "libgl1", "libX11", "every"),
    Library("libdbus-1.so.3", "libdbus-1-3", "dbus-libs", "every"),
    Library("libfontconfig.so.1", "libfontconfig1", "fontconfig", "every"),
    Library("libfreetype.so.6", "libfontconfig1", "freetype", "every"),
    Library("libxkbcommon.so.0", "libxkbcommon0", "libxkbcommon", "every"),
    Library("libxcb.so.1", "libxcb1", "libxcb", "xcb"),
    Library("libX11-xcb.so.1", "libx11-xcb1", "libX11-xcb", "xcb"),
    Library("libxcb-cursor.so.0", "libxcb-cursor0", "xcb-util-cursor", "xcb"),
    Library("libxcb-icccm.so.4", "libxcb-icccm4", "xcb-util-wm", "xcb"),
    Library("libxcb-image.so.0", "libxcb-image0", "xcb-util-image", "xcb"),
    Library("libxcb-keysyms.so.1", "libxcb-keysyms1", "xcb-util-keysyms", "xcb"),
    Library("libxcb-randr.so.0", "libxcb-randr0", "libxcb", "xcb"),
    Library("libxcb-render.so.0", "libxcb-render0", "libxcb", "xcb"),
    Library("libxcb-render-util.so.0", "libxcb-render-util0", "xcb-util-renderutil", "xcb"),
    Library("libxcb-shape.so.0", "libxcb-shape0", "libxcb", "xcb"),
    Library("libxcb-shm.so.0", "libxcb-shm0", "libxcb", "xcb"),
    Library("libxcb-sync.so.1", "libxcb-sync1", "libxcb", "xcb"),
    Library("libxcb-util.so.1", "libxcb-util1", "xcb-util", "xcb"),
    Library("libxcb-xfixes.so.0", "libxcb-xfixes0", "libxcb", "xcb"),
    Library("libxcb-xkb.so.1", "libxcb-xkb1", "libxcb", "xcb"),
    Library("libxkbcommon-x11.so.0", "libxkbcommon-x11-0", "libxkbcommon-x11", "xcb"),
    Library("libwayland-client.so.0", "libwayland-client0", "libwayland-client", "wayland"),
    Library("libwayland-cursor.so.0", "libwayland-cursor0", "libwayland-cursor", "wayland"),
)
"""What PySide6's Linux wheels are linked against and a minimal system may lack."""


@dataclass(frozen=True, slots=True)
class Display:
    """Where a window could open: Qt's platform, and how that was found out."""

    platform: str | None
    """Qt's name of the platform; None if no display answers."""
    asked: str
    """What was asked: a variable with its value, the system's name; empty if there was nothing to ask."""


# --- libraries ---


def missing_libraries(platform: str = "offscreen") -> tuple[Library, ...]:
    """The libraries that Qt needs on this platform and the loader does not find; empty but on Linux."""
    if not sys.platform.startswith("linux"):
        return ()
    wanted = {"every", platform}
    return tuple(library for library in LIBRARIES if library.needed_for in wanted and not _loads(library.soname))


def _loads(soname: str) -> bool:
    try:
        ctypes.CDLL(soname)
    except OSError:
        return False
    return True


def install_line(missing: Iterable[Library]) -> str:
    """The one command that installs these libraries on this system."""
    missing = tuple(missing)
    if _system_family() == "fedora":
        return "sudo dnf install " + " ".join(sorted({library.fedora for library in missing}))
    prefix = "" if hasattr(os, "geteuid") and os.geteuid() == 0 else "sudo "
    return f"{prefix}apt-get install " + " ".join(sorted({library.debian for library in missing}))


def _system_family() -> str:
    import platform as machine

    try:
        system = machine.freedesktop_os_release()
    except OSError:
        return "debian"
    likes = {system.get("ID", ""), *system.get("ID_LIKE", "").split()}
    return "fedora" if likes & {"fedora", "rhel", "centos"} else "debian"


# --- the display ---


def display(environment: Mapping[str, str]) -> Display:
    """The platform on which a window would open. Touches no Qt."""
    wish = environment.get("QT_QPA_PLATFORM", "").partition(";")[0].partition(":")[0]
    if wish:
        return Display(wish, f"QT_QPA_PLATFORM={environment['QT_QPA_PLATFORM']}")
    if sys.platform == "win32":
        return Display("windows", sys.platform)
    if sys.platform == "darwin":
        return Display("cocoa", sys.platform)
    return _linux_display(environment)


def _linux_display(environment: Mapping[str, str]) -> Display:
    wayland, x11 = environment.get("WAYLAND_DISPLAY", ""), environment.get("DISPLAY", "")
    if wayland and _wayland_answers(environment) and not (x11 and missing_libraries("wayland")):
        return Display("wayland", f"WAYLAND_DISPLAY={wayland}")
    if x11:
        return Display("xcb" if _x11_answers(x11) else None, f"DISPLAY={x11}")
    return Display(None, f"WAYLAND_DISPLAY={wayland}" if wayland else "")


def _wayland_answers(environment: Mapping[str, str]) -> bool:
    import socket

    path = Path(environment.get("XDG_RUNTIME_DIR", "/")) / environment["WAYLAND_DISPLAY"]
    with socket.socket(socket.AF_UNIX) as probe:
        probe.settimeout(2)
        return probe.connect_ex(str(path)) == 0


def _x11_answers(name: str) -> bool:
    """Does the X server let us in? Asked by libxcb itself, so that its rules for hosts and cookies hold.

    Without libxcb nobody can tell; the missing library will be reported then.
    """
    try:
        xcb = ctypes.CDLL("libxcb.so.1")
    except OSError:
        return True
    xcb.xcb_connect.restype = ctypes.c_void_p
    xcb.xcb_connect.argtypes = [ctypes.c_char_p, ctypes.c_void_p]
    xcb.xcb_connection_has_error.argtypes = [ctypes.c_void_p]
    xcb.xcb_disconnect.argtypes = [ctypes.c_void_p]
    connection = xcb.xcb_connect(name.encode(), None)
    try:
        return int(xcb.xcb_connection_has_error(connection)) == 0
    finally:
        xcb.xcb_disconnect(connection)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Can a window open? If not, ``lacks_display`` or ``missing`` says why."""

    display: Display
    missing: tuple[Library, ...]

    @property
    def can_open(self) -> bool:
        """Is there a display that a person can see, and every library?"""
        return self.display.platform is not None and not self.missing

    @property
    def lacks_display(self) -> bool:
        """Is there no display?"""
        return self.display.platform is None


def examine(environment: Mapping[str, str]) -> Verdict:
    """What ``tcp-tutor`` needs to know before it touches Qt."""
    shown = display(environment)
    return Verdict(shown, missing_libraries(shown.platform or "xcb"))


def what_a_window_needs(verdict: Verdict, words: Words) -> list[str]:
    """The lines that tell a person how to get the window; empty if it can open."""
    lines: list[str] = []
    if verdict.lacks_display:
        lines.append(_no_display(verdict.display, words))
    if verdict.missing:
        names = ", ".join(library.soname for library in verdict.missing)
        lines.append(words.t("The window needs system libraries that are missing: {names}", names=names))
        lines.append(words.t("This line installs them: {line}", line=install_line(verdict.missing)))
    return lines


def _no_display(shown: Display, words: Words) -> str:
    if shown.asked:
        return words.t("The window needs a display, and {asked} does not answer.", asked=shown.asked)
    return words.t("The window needs a display: neither DISPLAY nor WAYLAND_DISPLAY is set here.")


# --- the whole report ---

DISTRIBUTIONS = (
    "PySide6-Essentials",
    "pyqtgraph",
    "networkx",
    "numpy",
    "pydantic",
    "ruamel.yaml",
    "rpds-py",
    "fsrs",
    "platformdirs",
    "fontpkg-inter",
    "fontpkg-jetbrains-mono",
    "manimgx-fonts-cjk",
)
"""What we depend on, by the names of the package index."""


def version(distribution: str = APP) -> str | None:
    """The installed version of a distribution; None if it is not installed."""
    from importlib import metadata

    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def state_dir() -> Path:
    """Where reports of our own faults are kept."""
    return Path(platformdirs.user_state_path(APP, appauthor=False))


def config_dir() -> Path:
    """Where settings of the window are kept."""
    return Path(platformdirs.user_config_path(APP, appauthor=False))


def data_dir() -> Path:
    """Where a learner's own lessons and progress are kept."""
    return Path(platformdirs.user_data_path(APP, appauthor=False))


def _display_line(shown: Display, words: Words) -> str:
    if shown.platform is None:
        return _no_display(shown, words)
    return words.t("display: {platform} ({asked})", platform=shown.platform, asked=shown.asked)


def report(environment: Mapping[str, str], words: Words) -> list[str]:
    """Everything that helps to understand an installation, as lines."""
    from tutor.world import ENGINE_VERSION

    verdict = examine(environment)
    absent = words.t("not installed")
    import platform as machine

    lines = [
        f"tcp-tutor {version() or '?'} ({words.t('engine {version}', version=ENGINE_VERSION)})",
        f"Python {machine.python_version()}, {machine.platform()}",
        *(f"{name} {version(name) or absent}" for name in DISTRIBUTIONS),
        "",
        _display_line(verdict.display, words),
    ]
    if verdict.missing:
        lines += what_a_window_needs(Verdict(Display("", ""), verdict.missing), words)
    else:
        lines.append(words.t("system libraries: all there"))
    headless = missing_libraries("offscreen")
    if headless:
        lines.append(
            words.t("render cannot write PNG: {names} missing", names=", ".join(lib.soname for lib in headless))
        )
    if not verdict.can_open:
        lines.append(words.t("Without a window: tcp-tutor play 01-three-way-handshake"))
    return [
        *lines,
        "",
        words.t("lessons: {path}", path=resources.lessons_dir()),
        words.t("assets: {path}", path=resources.assets_dir()),
        words.t("reports of faults: {path}", path=state_dir()),
        words.t("settings: {path}", path=config_dir()),
        words.t("your data: {path}", path=data_dir()),
    ]
