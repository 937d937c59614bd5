"""The start of the window: first its frame with the diagram, then everything else.

Rules
-----
* Until the first frame has been painted, nothing is imported that it does not need. A test names what must wait.
* What goes wrong afterwards is raised to whoever called ``run``, as if it had happened before.
* The collector rests until the window is furnished: nothing of that is garbage. Then ``collector`` takes over.
"""

from __future__ import annotations

import gc
import os
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QApplication

from tutor.languages import preferred_language
from tutor.ui import first, fonts
from tutor.ui.settings import Settings

if TYPE_CHECKING:
    from tutor.commands.loading import Loaded
    from tutor.ui.conductor import Conductor


class Start:
    """One start of the program: its frame, what it shows, and what went wrong on the way."""

    def __init__(
        self,
        loaded: Loaded | None,
        lang: str | None,
        theme: str | None,
        *,
        is_fresh: bool = False,
        then: Callable[[Conductor], object] | None = None,
    ) -> None:
        self.loaded, self.lang, self.theme, self.is_fresh, self.then = loaded, lang, theme, is_fresh, then
        self.settings = Settings.of_user()
        self.problem: BaseException | None = None
        self.conductor: Conductor | None = None
        self.until_closed = ExitStack()
        self.first_lang = self._first_lang()
        """The language of the first frame."""
        self.frame = first.Frame(self._first_theme(), self.first_lang, self._size())
        self.frame.painted.connect(self.furnish)

    def _first_theme(self) -> str:
        names = first.theme_names()
        return self.theme or self.settings.text("theme", names) or names[0]

    def _first_lang(self) -> str:
        known = tuple(first.pictures())
        return self.lang or self.settings.text("lang", known) or preferred_language(os.environ)

    def _size(self) -> QSize:
        size = self.settings.shares("size", 2)
        return first.SIZE if size is None else QSize(round(size[0]), round(size[1]))

    def furnish(self) -> None:
        """Load everything else, and put the real window into the frame."""
        try:
            from tutor.ui import app
            from tutor.ui.interrupts import ended_by_interrupt

            self.until_closed.enter_context(ended_by_interrupt(app.application()))
            self.conductor = app.furnish(
                self.frame,
                self.loaded,
                lang=self.lang,
                theme=self.theme,
                settings=self.settings,
                is_fresh=self.is_fresh,
            )
            if self.then is not None:
                self.then(self.conductor)
        except BaseException as problem:  # noqa: BLE001  raised again by `run`, where the command line awaits it
            self.problem = problem
            QApplication.exit(1)


def run(
    loaded: Loaded | None = None,
    *,
    lang: str | None = None,
    theme: str | None = None,
    is_fresh: bool = False,
    arguments: Sequence[str] = (),
    then: Callable[[Conductor], object] | None = None,
) -> int:
    """Open the window on what was loaded (None: what was left last time, unless ``is_fresh``) and stay.

    ``lang`` and ``theme`` None: as they were left last time. ``then``: done once it is open. Returns the exit code.
    Raises ``LessonErrors`` if the lesson is at fault.
    """
    gc.disable()
    found = QApplication.instance()
    app = found if isinstance(found, QApplication) else QApplication(["tcp-tutor", *arguments])
    start = Start(loaded, lang, theme, is_fresh=is_fresh, then=then)
    fonts.load_for(start.first_lang)
    start.frame.show()
    with start.until_closed:
        code: int = app.exec()
    if start.problem is not None:
        raise start.problem
    return code
