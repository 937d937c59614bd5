"""The screens that are looked at: each scene of ``scenes.py`` under several looks.

Rules
-----
* A screen is a scene (what has happened) under a look (size, theme, language, size of text). ``SCREENS`` lays the
  scenes out so that each meets several looks.
* ``CARDS`` says which scene shows which card empty, at work, busy, in trouble, with its longest words. A test holds
  that no card lacks one of these, and that every card meets every size, kind of theme, language, and large text.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
from PySide6.QtCore import QCoreApplication, QEvent
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from tests.ui.pseudo import CODE
from tests.ui.scenes import SCENES, Scene, settle
from tests.ui.stage import put_away
from tutor.ui.conductor import Conductor
from tutor.ui.first import Frame
from tutor.ui.learner_dialogs import SureDialog
from tutor.ui.panels import PANELS


@dataclass(frozen=True, slots=True)
class Look:
    """How a scene is looked at: pixels, theme, language, size of text."""

    width: int = 1280
    height: int = 720
    theme: str = "light"
    lang: str = "en"
    text: float = 1.0

    def __str__(self) -> str:
        return f"{self.width}x{self.height}-{self.theme}-{self.lang}-{round(self.text * 100)}"


@dataclass(frozen=True, slots=True)
class Screen:
    """A scene under a look."""

    scene: Scene
    look: Look

    @property
    def name(self) -> str:
        """What files and lists call it."""
        return f"{self.scene.name}-{self.look}"

    def show(self) -> Conductor:
        """The window on this screen, laid out and painted."""
        look = self.look
        begun = replace(self.scene.opened(), lang=look.lang, theme=look.theme, text_scale=look.text)
        with pytest.MonkeyPatch.context() as patch:
            self.scene.patch(patch)
            conductor = Conductor(begun)
            conductor.window.resize(look.width, look.height)
            conductor.open()
            settle()
            self.scene.lead(conductor)
            conductor.pause()
            self.front(conductor).resize(look.width, look.height)
            settle()
        return conductor

    def front(self, conductor: Conductor) -> QWidget:
        """The window that is looked at."""
        return self.scene.front(conductor)


CARDS: dict[str, dict[str, str]] = {
    "lesson": {
        "empty": "empty", "loading": "first-frame", "busy": "bet-ticked", "trouble": "bet-wrong", "longest": "tour",
    },
    "diagram": {
        "empty": "empty", "loading": "first-frame", "busy": "busy-end", "trouble": "refused", "longest": "every-edge",
    },
    "timeline": {
        "empty": "filter-none", "loading": "first-frame", "busy": "busy", "trouble": "filter-wrong",
        "longest": "two-futures",
    },
    "plots": {
        "empty": "panel-plots-empty", "loading": "panel-plots-loading", "busy": "panel-plots-busy",
        "trouble": "panel-plots-trouble", "longest": "panel-plots",
    },
    "editor": {
        "empty": "editor-empty", "loading": "editor-busy", "busy": "editor", "trouble": "editor-mistakes",
        "longest": "editor-longest",
    },
    "network": {
        "empty": "network", "loading": "network-searching", "busy": "network-won", "trouble": "network-stuck",
        "longest": "network-proof",
    },
    "learning": {
        "empty": "learning-start-empty", "busy": "learning-start", "longest": "learning-start-many",
    },
    "exam": {
        "empty": "exam-begin", "loading": "exam-making", "busy": "exam-table", "longest": "exam-look",
    },
    "atlas": {"empty": "atlas", "busy": "atlas-other", "trouble": "atlas-cannot", "longest": "atlas-longest"},
    "dialogs": {"empty": "forge", "busy": "call", "trouble": "fault", "longest": "bad-file"},
} | {
    f"panel-{row.id}": {"empty": f"panel-{row.id}-empty", "busy": f"panel-{row.id}-busy", "longest": f"panel-{row.id}"}
    for row in PANELS
}  # fmt: skip
"""Which scene shows which card empty, loading, at work with much, in trouble, with its longest words.

What a panel computes is there when the panel is: it has nothing to load and nothing that can fail, but for the plots.
"""

LOOKS: tuple[Look, ...] = (
    Look(1280, 720),
    Look(1920, 1080, "dark", "zh"),
    Look(1920, 1080, "light", CODE),
    Look(1280, 720, "contrast-dark", "zh"),
    Look(3840, 2160, "bright-room"),
    Look(1920, 1080, "contrast-light", "en", 2.0),
    Look(1280, 720, "dark-room", "en", 2.0),
    Look(1280, 720, "dark", "zh", 2.0),
    Look(960, 600, "light", CODE),
    Look(1920, 1080, "dark", "en", 0.8),
)

PER_SCENE = 4
"""Under how many looks a scene is shown."""


def _laid() -> tuple[Screen, ...]:
    """Every scene under the first look, and under three others in turn, so that all of them come up."""
    made = []
    for place, scene in enumerate(SCENES):
        begin = place * 3 + place // 3
        others = [LOOKS[1 + (begin + turn) % (len(LOOKS) - 1)] for turn in range(PER_SCENE - 1)]
        made += [Screen(scene, look) for look in (LOOKS[0], *others)]
    return tuple(made)


SCREENS: tuple[Screen, ...] = _laid()
"""Everything that is looked at."""


def close(conductor: Conductor) -> None:
    """Close the window and all that has opened over it."""
    conductor.pause()
    if conductor.window.page is not None:
        conductor.window.page.takes("deselect")
    for dialog in conductor.window.findChildren(SureDialog):
        dialog.take()
    for editor in conductor.beside:
        put_away(editor)
    for widget in QApplication.topLevelWidgets():
        if isinstance(widget, QMenu | Frame) and widget.isVisible():
            widget.close()
            widget.deleteLater()
    conductor.window.close()
    conductor.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
