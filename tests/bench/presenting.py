"""A lecture's frames: the room's window alone, and while the lecturer's window follows it with its small picture."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from tests.bench.ladder import FRAME_US, timed
from tutor.teach import intents
from tutor.teach.reading import load_lesson
from tutor.teach.session import start
from tutor.teach.stage import scenario_of

if TYPE_CHECKING:
    from tutor.ui.present.show import Show

LESSON = "27-retransmission"


def measure(*, quick: bool) -> Iterator[tuple[str, str]]:
    """(name, figure) of every line."""
    from tests.ui.halls import LAPTOP, display, presented
    from tutor.ui.app import application
    from tutor.ui.conductor import Conductor

    app, count = application(), 30 if quick else 300
    lesson = load_lesson(LESSON, "en")
    conductor = Conductor(start(lesson, scenario_of(lesson)))
    conductor.window.resize(1280, 720)
    conductor.open()
    for width, height in ((1920, 1080), (1280, 720)):
        show, _ = presented(conductor, None, LAPTOP, display("room", 1280, 0, width, height))
        show.small_soon = lambda: None  # type: ignore[method-assign]
        where = f"{width}x{height}, a room's window"
        show.console.hide()
        yield f"{where} alone, played", timed(lambda _, show=show: _frame(app, show), count).told()
        show.console.show()
        app.processEvents()
        yield f"{where} with a busy console, played", timed(lambda _, show=show: _busy(app, show), count).told()
        yield f"{where} as a small picture", timed(lambda _, show=show: show.show_small(), count // 3).told()
        show.end()
    conductor.window.close()


def _frame(app: Any, show: Show) -> None:
    """One frame of play, painted."""
    if not show.player.session.is_playing:
        show.hand(intents.Home())
        show.hand(intents.Play())
    show.player.tick(FRAME_US)
    app.processEvents()


def _busy(app: Any, show: Show) -> None:
    """The same, and all that the console does at its busiest: clock, rows and small picture with every frame."""
    _frame(app, show)
    show.pass_time(0.016)
    show.show_small()
    app.processEvents()
