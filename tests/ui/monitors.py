"""Monitors of an X server that a test plugs in and out: RandR 1.5's, which the server tells Qt of as of real ones."""

from __future__ import annotations

import ctypes
import sys
from ctypes import POINTER, Structure, c_char_p, c_int, c_ulong, c_void_p


class Monitor(Structure):
    """``XRRMonitorInfo``."""

    _fields_ = [
        ("name", c_ulong), ("primary", c_int), ("automatic", c_int), ("noutput", c_int), ("x", c_int), ("y", c_int),
        ("width", c_int), ("height", c_int), ("mwidth", c_int), ("mheight", c_int), ("outputs", POINTER(c_ulong)),
    ]  # fmt: skip


class Resources(Structure):
    """The beginning of ``XRRScreenResources``."""

    _fields_ = [
        ("timestamp", c_ulong), ("configured", c_ulong), ("ncrtc", c_int), ("crtcs", POINTER(c_ulong)),
        ("noutput", c_int), ("outputs", POINTER(c_ulong)),
    ]  # fmt: skip


class Server:
    """A connection to an X server."""

    def __init__(self, display: str) -> None:
        self._x, self._randr = ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
        self._x.XOpenDisplay.restype = c_void_p
        self._x.XDefaultRootWindow.argtypes, self._x.XDefaultRootWindow.restype = [c_void_p], c_ulong
        self._x.XInternAtom.argtypes, self._x.XInternAtom.restype = [c_void_p, c_char_p, c_int], c_ulong
        self._x.XSync.argtypes = [c_void_p, c_int]
        self._randr.XRRAllocateMonitor.argtypes = [c_void_p, c_int]
        self._randr.XRRAllocateMonitor.restype = POINTER(Monitor)
        self._randr.XRRSetMonitor.argtypes = [c_void_p, c_ulong, POINTER(Monitor)]
        self._randr.XRRDeleteMonitor.argtypes = [c_void_p, c_ulong, c_ulong]
        self._randr.XRRGetScreenResources.argtypes = [c_void_p, c_ulong]
        self._randr.XRRGetScreenResources.restype = POINTER(Resources)
        self._display = self._x.XOpenDisplay(display.encode())
        assert self._display, f"there is no X server at {display}"
        self._root = self._x.XDefaultRootWindow(self._display)

    def plug(self, name: str, area: tuple[int, int, int, int], *, is_first: bool = False) -> None:
        """Plug a monitor in; the first one takes the place of the server's own."""
        made = self._randr.XRRAllocateMonitor(self._display, 1)
        monitor = made.contents
        monitor.name, monitor.primary = self._atom(name), int(is_first)
        monitor.noutput = int(is_first)
        if is_first:
            found = self._randr.XRRGetScreenResources(self._display, self._root).contents
            monitor.outputs[0] = found.outputs[0]
        monitor.x, monitor.y, monitor.width, monitor.height = area
        monitor.mwidth, monitor.mheight = 300, 200
        self._randr.XRRSetMonitor(self._display, self._root, made)
        self._x.XSync(self._display, 0)

    def unplug(self, name: str) -> None:
        """Unplug a monitor."""
        self._randr.XRRDeleteMonitor(self._display, self._root, self._atom(name))
        self._x.XSync(self._display, 0)

    def _atom(self, name: str) -> int:
        return int(self._x.XInternAtom(self._display, name.encode(), 0))


def usable() -> bool:
    """Are the libraries here that speak to an X server?"""
    if not sys.platform.startswith("linux"):
        return False
    try:
        ctypes.CDLL("libX11.so.6"), ctypes.CDLL("libXrandr.so.2")
    except OSError:
        return False
    return True
