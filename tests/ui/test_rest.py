"""A window at rest is at rest: it lays out nothing, paints nothing and takes no processor time."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from tests.sampling import few
from tests.ui.scenes import SCENES, Scene
from tests.ui.screens import Look, Screen, close
from tests.ui.stage import CLOSE, HANDSHAKE, answered, session
from tutor.teach import intents
from tutor.ui.panels import PANELS
from tutor.world.acts import parse_act

WORK = (QEvent.Type.LayoutRequest, QEvent.Type.UpdateRequest, QEvent.Type.Paint, QEvent.Type.Resize)


class Witness(QObject):
    """Counts what Qt is asked to do, by whom."""

    def __init__(self) -> None:
        super().__init__()
        self.seen: Counter[str] = Counter()

    def eventFilter(self, watched, event: QEvent) -> bool:  # noqa: N802 (Qt's name)
        """Note it, and let it pass."""
        if event.type() in WORK:
            self.seen[f"{type(watched).__name__}: {event.type().name}"] += 1
        return False


def work_at_rest() -> Counter[str]:
    """What happens while nobody does anything: nothing, as soon as everything has come to rest."""
    app = QApplication.instance()
    for _ in range(30):
        QTest.qWait(40)
        witness = Witness()
        app.installEventFilter(witness)
        for _ in range(20):
            QApplication.processEvents()
        app.removeEventFilter(witness)
        if not witness.seen:
            break
    return witness.seen


@pytest.mark.sampled(8)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720), (1000, 640)])
def test_a_window_that_nobody_touches_does_nothing(show, size: tuple[int, int]) -> None:
    """At the start of a lesson, at an open bet, after a detour with its banner, and in Chinese."""
    conductor = show(session(CLOSE), *size)
    assert not work_at_rest()
    conductor.send(intents.End())
    assert conductor.session.is_held
    assert not work_at_rest()
    answered(conductor)
    conductor.send(intents.Seek(320_000))
    conductor.send(intents.ActNow(parse_act("client abort")))
    assert conductor.session.off_road is not None
    conductor.send(intents.SetLanguage("zh"))
    assert not work_at_rest()


@pytest.mark.sampled(8)
@pytest.mark.parametrize("size", [(1920, 1080), (1280, 720)])
def test_no_panel_works_while_it_is_only_looked_at(show, size: tuple[int, int]) -> None:
    """Each in turn."""
    conductor = answered(show(session(HANDSHAKE), *size))
    conductor.send(intents.Seek(75_000))
    busy = {}
    for row in PANELS:
        conductor.window.show_panel(row.id)
        if seen := work_at_rest():
            busy[row.id] = seen
    assert not busy


@pytest.mark.parametrize("scene", few(SCENES, 3), ids=lambda scene: scene.name)
def test_no_screen_works_while_it_is_only_looked_at(scene: Scene) -> None:
    """Pages, dialogs, menus, the editor."""
    conductor = Screen(scene, Look()).show()
    seen = work_at_rest()
    close(conductor)
    assert not seen
