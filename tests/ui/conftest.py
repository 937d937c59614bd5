"""What the window's tests share: a QApplication with our fonts, and one message of Qt that says nothing."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """An offscreen window cannot be raised, nor propagate size hints: the only warnings of Qt that are no fault."""
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.qt)
            item.add_marker(pytest.mark.qt_log_ignore("^This plugin does not support", extend=True))


@pytest.fixture(autouse=True, scope="session")
def our_application(qapp: object) -> object:
    """A QApplication in Fusion, with the packaged fonts."""
    from tutor.ui.app import application

    return application()


@pytest.fixture
def show() -> Iterator[Callable[..., object]]:
    """Opens windows on sessions; after the test they are closed and really gone."""
    from PySide6.QtCore import QCoreApplication, QEvent
    from shiboken6 import isValid

    from tests.ui.stage import opened, put_away
    from tutor.ui.editor import Editor

    made: list = []

    def make(*arguments: object, **named: object) -> object:
        made.append(opened(*arguments, **named))  # type: ignore[arg-type]
        return made[-1]

    yield make
    for conductor in made:
        conductor.pause()
        for beside in conductor.beside:
            if isinstance(beside, Editor) and isValid(beside):
                put_away(beside)
        conductor.window.close()
        conductor.window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


@pytest.fixture
def stage(show: Callable[..., object]) -> object:
    """The main window, on a lesson that can be presented."""
    from tests.ui.stage import CLOSE, session

    return show(session(CLOSE))
