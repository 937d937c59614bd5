"""What commands do that are more than one intent: dialogs, panels, the clipboard. By the command's id.

Rules
-----
* A deed gets the conductor and nothing else. What it changes in the session it sends as intents.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from tutor.teach import intents
from tutor.ui import opening, taking
from tutor.ui.library import LIFE, TOUR
from tutor.ui.panels import PANELS

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

ZOOM = 1.25
"""One key makes a picture this much larger."""

Deed = Callable[["Conductor"], None]


def _deselect(conductor: Conductor) -> None:
    conductor.send(intents.Select(""))


def _open(conductor: Conductor) -> None:
    opening.FileDialog(conductor.style, conductor.window, conductor.open_file).open()


def _laboratory(conductor: Conductor) -> None:
    conductor.open_lesson(LIFE)


def _tour(conductor: Conductor) -> None:
    conductor.open_lesson(TOUR)


def _lessons(conductor: Conductor) -> None:
    conductor.open_lessons()


def _strip(conductor: Conductor) -> None:
    window = conductor.window
    window.show_strip(is_open=not window.strip.isVisible())


def _palette(conductor: Conductor) -> None:
    from tutor.ui.palette import Palette

    Palette.of(conductor).open()


def _menu(conductor: Conductor) -> None:
    from tutor.ui.menu import open_menu

    open_menu(conductor)


def _manual(conductor: Conductor) -> None:
    from tutor.ui.manual import Manual, topic_at

    topic = topic_at(conductor.window)
    manual = Manual(conductor.style, conductor.words, conductor.window)
    manual.turn_to(topic)
    manual.open()


def _about(conductor: Conductor) -> None:
    from tutor.ui.about import About

    About(conductor.style, conductor.words, conductor.window).open()


def _zoom(factor: float) -> Deed:
    return lambda conductor: conductor.window.zoom(factor)


def _fit(conductor: Conductor) -> None:
    conductor.window.fit()


def _record(conductor: Conductor) -> None:
    from tutor.ui import editing

    editing.record(conductor)


def _edit_lesson(conductor: Conductor) -> None:
    from tutor.ui import editing

    editing.edit_lesson(conductor)


def _panel(name: str) -> Deed:
    return lambda conductor: conductor.window.show_panel(name)


def _filter(conductor: Conductor) -> None:
    conductor.window.open_filter()


DEEDS: dict[str, Deed] = {
    "deselect": _deselect,
    "laboratory": _laboratory,
    "tour": _tour,
    "lessons": _lessons,
    "open": _open,
    "filter": _filter,
    "strip": _strip,
    "palette": _palette,
    "manual": _manual,
    "about": _about,
    "copy-picture": taking.copy_picture,
    "copy-text": taking.copy_text,
    "print": taking.print_pictures,
    "zoom-in": _zoom(ZOOM),
    "zoom-out": _zoom(1 / ZOOM),
    "fit": _fit,
    "menu": _menu,
    "record": _record,
    "edit-lesson": _edit_lesson,
    **{f"panel-{row.id}": _panel(row.id) for row in PANELS},
}
