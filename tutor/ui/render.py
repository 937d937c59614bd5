"""Pictures without a window: one moment of a session as a file.

Rules
-----
* SVG is written from the Picture itself and needs no Qt at all; Qt is imported for PNG only.
* The window is the real window, laid out offscreen and grabbed.
* What an open bet hides on screen is hidden in the file.
"""

from __future__ import annotations

import os
from pathlib import Path

from tutor.teach.session import Session
from tutor.ui import pictures
from tutor.view.stamp import stamped
from tutor.view.svg import to_svg
from tutor.view.theme import theme
from tutor.words import Words

WHAT = ("diagram", "ladder", "window")


def write(session: Session, out: Path, *, what: str, size: tuple[int, int]) -> None:
    """Write ``what`` (one of ``WHAT``) of ``session`` to ``out`` (``.svg`` or ``.png``), ``size`` px large.

    Raises ``ValueError`` for anything else, ``OSError`` where the file cannot be written.
    """
    kind = out.suffix.lower()
    if what not in WHAT or kind not in (".svg", ".png") or (what == "window" and kind != ".png"):
        raise ValueError(
            f"cannot write {what} as {out.suffix!r}; allowed: diagram or ladder as .svg or .png, window .png"
        )
    if kind == ".svg":
        out.write_text(to_svg(_picture(session, what, size), theme(session.theme)), encoding="utf-8")
        return
    image = _window(session, size) if what == "window" else _image(session, what, size)
    if not image.save(str(out)):
        raise OSError(f"cannot write {out}")


def _picture(session: Session, what: str, size: tuple[int, int]):
    words = Words(session.lang)
    look = pictures.look_of(session, words)
    make = pictures.diagram_of if what == "diagram" else pictures.ladder_of
    return stamped(lambda room: make(session, room, look), size, session.world.variant, look)


def _image(session: Session, what: str, size: tuple[int, int]):
    _offscreen()
    from tutor.ui import app, paint

    app.application()
    return paint.to_image(_picture(session, what, size), theme(session.theme))


def _window(session: Session, size: tuple[int, int]):
    _offscreen()
    from tutor.ui.app import application
    from tutor.ui.conductor import Conductor

    app = application()
    conductor = Conductor(session)
    conductor.window.resize(*size)
    conductor.open()
    app.processEvents()
    image = conductor.window.grab().toImage()
    conductor.window.close()
    return image


def _offscreen() -> None:
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
