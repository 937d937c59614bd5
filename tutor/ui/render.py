"""Pictures without a window: one moment of a session as a file.

Rules
-----
* SVG, TikZ, Mermaid and text are written from values and need no Qt at all; Qt is imported for PNG, PDF and outlines.
* The window is the real window, laid out offscreen and grabbed.
* What an open bet hides on screen is hidden in the file. A run that is embedded is a saved run, no more and no less.
* A file is there whole or not at all (``whole``).
"""

from __future__ import annotations

import os
from pathlib import Path

from tutor.exchange.embedded import metadata
from tutor.exchange.whole import write_whole
from tutor.teach.session import Session
from tutor.ui import stills
from tutor.ui.stills import FORMS
from tutor.view.marks import Picture
from tutor.view.svg import to_svg
from tutor.view.theme import theme
from tutor.view.tikz import to_tikz

Size = tuple[int, int]


def write(session: Session, out: Path, *, what: str, size: Size, outlines: bool = False, run: str = "") -> None:
    """Write ``what`` of ``session`` to ``out``, whose ending says the form (``FORMS``), ``size`` px large.

    ``outlines``: letters as shapes; ``run``: the text of a saved run to embed, where the form can hold one. Raises
    ``ValueError`` for what cannot be, ``OSError`` where the file cannot be written.
    """
    write_whole(out, data_of(session, out.suffix.lower(), what=what, size=size, outlines=outlines, run=run))


def data_of(session: Session, form: str, *, what: str, size: Size, outlines: bool = False, run: str = "") -> bytes:
    """The octets of such a file."""
    if what not in FORMS.get(form, ()):
        allowed = "; ".join(f"{name}: {', '.join(each)}" for name, each in FORMS.items())
        raise ValueError(f"cannot write {what} as {form!r}; allowed: {allowed}")
    if form == ".txt":
        return stills.text_of(session, what).encode()
    if form == ".mmd":
        return stills.mermaid_of(session, what).encode()
    if what == "window":
        return _png(_window(session, size))
    picture, colours = stills.picture_of(session, what, size), theme(session.theme)
    if outlines:
        offscreen()
        from tutor.ui.outlines import outlined

        picture = outlined(picture, on_dark=colours.is_dark)
    if form == ".svg":
        return to_svg(picture, colours, size=size, metadata=metadata(run) if run else "").encode()
    if form == ".tex":
        return to_tikz(picture, colours).encode()
    offscreen()
    if form == ".pdf":
        from tutor.ui.pdf import to_pdf

        return to_pdf([picture], colours, title=session.lesson.title[session.lang], run=run)
    return _png(_image(picture, session, size))


def _image(picture: Picture, session: Session, size: Size):
    """The picture in the middle of an image of exactly this size."""
    from PySide6.QtGui import QColor, QImage, QPainter

    from tutor.ui import paint

    colours = theme(session.theme)
    image = QImage(*size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(QColor(colours.colour("surface")))
    painter = QPainter(image)
    fit = min(1.0, size[0] / picture.width, size[1] / picture.height)
    painter.translate((size[0] - picture.width * fit) / 2, (size[1] - picture.height * fit) / 2)
    painter.scale(fit, fit)
    paint.paint_picture(painter, picture, colours)
    painter.end()
    return image


def _window(session: Session, size: Size):
    offscreen()
    from tutor.ui.app import application
    from tutor.ui.conductor import Conductor

    app = application()
    conductor = Conductor(session)
    conductor.window.resize(*size)
    conductor.open()
    app.processEvents()
    settle(conductor.window)
    image = conductor.window.grab().toImage()
    conductor.window.close()
    return image


def settle(window) -> None:
    """Wait until the window shows all it has to show: its plots are loaded when they are first seen, and read the run
    piece by piece."""
    from PySide6.QtWidgets import QApplication

    from tutor.ui.plotting import Plots

    for plots in window.findChildren(Plots):
        if plots.isVisible():
            plots.load()
            while not plots.is_ready:
                QApplication.processEvents()
    QApplication.processEvents()


def _png(image) -> bytes:
    """The octets of a PNG. A disk that is full is then told by Python, which knows why."""
    from PySide6.QtCore import QBuffer, QIODevice

    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")
    return bytes(buffer.data().data())


def offscreen() -> None:
    """An application with our fonts, which needs no display."""
    from PySide6.QtGui import QGuiApplication

    if QGuiApplication.instance() is None:
        os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from tutor.ui.app import application

    application()
