"""The conductor: holds the session, sends it intents, and tells each view what is different.

Rules
-----
* ``send`` is the only way to the next session. What did not change (by identity, or by value where that is cheap)
  is told to nobody.
* The clock runs only while the session plays. It sends how much wall time has passed, never where to be.
* A view never talks to another view: it emits, the conductor sends.
"""

from __future__ import annotations

import math
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QPoint, Qt, QTimer
from PySide6.QtGui import QAccessible, QAccessibleAnnouncementEvent
from PySide6.QtWidgets import QApplication

from tutor.commands.faults import Fault
from tutor.joining import sentences
from tutor.teach import intents
from tutor.teach.notices import Notice
from tutor.teach.session import SPEEDS, Session, update
from tutor.teach.visiting import home_of
from tutor.ui import commands, deeds, lensing, lesson_deeds, opening, pictures, saying, touch_menu
from tutor.ui.arrangement import Arrangement
from tutor.ui.deeds import DEEDS
from tutor.ui.details_rows import details
from tutor.ui.keeper import Keeper
from tutor.ui.leaving import recently
from tutor.ui.library import Library
from tutor.ui.memory import Memory
from tutor.ui.rows import Variables
from tutor.ui.seat import Saver
from tutor.ui.settings import TROUBLES, Settings, Trouble
from tutor.ui.style import Style
from tutor.ui.turns import Turns
from tutor.ui.why import why_row
from tutor.ui.window import Window
from tutor.view.byhand import armed
from tutor.view.diagram import Rest
from tutor.words import LANGUAGES, Words

if TYPE_CHECKING:
    from pathlib import Path


FRAME_MS = 16
TALL = 1000
"""A window lower than this (px) shows the shorter list of variables."""
LONGEST_FRAME_US = 100_000
"""A frame that took longer (a menu was open, the machine slept) does not make the run jump."""

SETTLES_FOR_US = 450_000
"""How long a token goes on travelling after the run has come to rest."""

LOOK = ("lang", "theme", "text_scale", "motion")
"""What the whole window is dressed by, and what is remembered of a session."""


class Conductor(QObject):
    """One window on one session."""

    def __init__(
        self,
        session: Session,
        library: Library | None = None,
        settings: Settings | None = None,
        keeper: Keeper | None = None,
    ) -> None:
        super().__init__()
        self.session = session
        self.library = library or Library()
        self.settings = settings or Settings()
        self.keeper = keeper or Keeper()
        self._home = (session.lesson, "")
        self.saver = Saver(lambda: home_of(self.session), parent=self)
        """Keeps the session for the next start, where it has a seat."""
        self.hover = ""
        self.beside: list = []
        """Windows beside this one that take its looks: they have ``restyle``."""
        self.ticks = 0
        self._words: dict[str, Words] = {lang: Words(lang) for lang in LANGUAGES}
        self._shown: Session | None = None
        self._noticed: Notice | None = None
        self._announced = -1
        self.style = self._style_at(1.0)
        self.window = Window(self.style, SPEEDS, self.settings)
        self.arrangement = Arrangement(self.window)
        self.style = self._style_at(self.window.base_scale())
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._tick)
        self._elapsed = QElapsedTimer()
        self._rest = Rest(session.playhead, math.inf)
        self._settling = QTimer(self)
        self._settling.setInterval(FRAME_MS)
        self._settling.timeout.connect(self._settle)
        self._rested = QElapsedTimer()
        self._is_driven = False
        self._turns = Turns(
            self, self._show_card, self._show_words, lambda: self._show_panels(0), lambda: self._show_panels(1)
        )
        self._wire()

    def _wire(self) -> None:
        window = self.window
        window.commanded.connect(self.command)
        window.closing.connect(self.pause)
        window.closing.connect(self._turns.stop)
        window.closing.connect(self.saver.end)
        self.memory = Memory(self, self.keeper)
        self.saver.failed.connect(self._tell_of_saving)
        window.reshaped.connect(self._restyle)
        self.arrangement.changed.connect(lambda was, now: self.send(intents.Arrange(was, now)))
        for card in (window.diagram, window.timeline):
            card.canvas.clicked.connect(self.click)
            card.canvas.hovered.connect(self._set_hover)
        window.diagram.canvas.resized.connect(self._draw_diagram)
        window.timeline.canvas.resized.connect(self._draw_timeline)
        for canvas in (window.timeline.canvas, window.diagram.canvas):
            canvas.menu_wanted.connect(self.open_menu)
        window.timeline.canvas.wheeled.connect(partial(deeds.turn_wheel, self))
        scrubber = window.transport.scrubber
        scrubber.resized.connect(self._draw_scrubber)
        scrubber.pressed_at.connect(self._scrub)
        window.transport.speed_wanted.connect(lambda speed: self.send(intents.SetSpeed(speed)))
        lesson_deeds.wire(self)
        window.top.lesson_wanted.connect(self.open_lesson)
        window.top.menu_wanted.connect(self.open_lessons)
        window.top.file_wanted.connect(self.open_file)
        window.file_dropped.connect(self.open_file)
        window.filter.wanted.connect(self.send)
        strip = window.strip
        strip.wanted.connect(self.send)
        strip.clicked.connect(self.click)
        strip.hovered.connect(self._set_hover)
        strip.menu_wanted.connect(self.open_menu)
        strip.stale.connect(self._turns.show_all)

    # --- the session ---

    def open(self) -> None:
        """Show the window with everything in it."""
        self.window.take_mode()
        if self._shown is None:
            self._restyle()
        self.window.show()
        self.settings.listen(self._tell_trouble)
        QTimer.singleShot(0, self.keeper.start)

    def send(self, intent: intents.Intent, *, is_moving: bool = False) -> Session:
        """Make the next session, and show what is different in it.

        ``is_moving``: more of the kind follows at once, and what lies beside the stage may wait for its turn.
        """
        was, self.session = self.session, update(self.session, intent)
        if self.session is was:
            return was
        self.memory.note(was, self.session)
        self.saver.note()
        if self.session.is_playing != self._clock.isActive():
            self._run_clock(self.session.is_playing)
        self._come_to_rest(was, intent)
        self._show(is_moving=is_moving and _is_plain_move(was, self.session))
        return self.session

    @property
    def path(self) -> str:
        """The file that the run on screen came from or was saved to; "" if there is none."""
        lesson, path = self._home
        return path if lesson is self.session.lesson else self.library.source(self.session.lesson)

    @path.setter
    def path(self, path: str) -> None:
        self._home = (self.session.lesson, path)

    def _tell_trouble(self, trouble: Trouble) -> None:
        sentence = TROUBLES[trouble.kind]
        self.window.notice.warn(self.words.t(sentence, path=trouble.path, why=trouble.why))

    def command(self, name: str) -> None:
        """Carry out a command of the registry."""
        row = commands.BY_ID[name]
        if row.intent is not None:
            self.send(row.intent(self.session))
        elif name in DEEDS:
            DEEDS[name](self)

    def pause(self) -> None:
        """Stop every clock, whatever the session says: something went wrong, or the window is closing."""
        self._clock.stop()
        self._settling.stop()
        if self.session.is_playing:
            self.session = update(self.session, intents.Pause())

    def take_clock(self) -> None:
        """From now on the caller alone says how much wall time passes: with ``tick``."""
        self._clock.stop()
        self._is_driven = True

    def open_lessons(self) -> None:
        """Offer every lesson there is."""
        session = self.session
        parts = (self.library.lessons(), self.library.laboratories())
        entries = (saying.lesson_entries(part, session.lesson, session.lang) for part in parts)
        self.window.top.open_lessons(*entries, tuple(self.settings.texts("recent")))

    def open_lesson(self, lesson_id: str) -> None:
        """Begin a shipped lesson, or a file's run anew."""
        lesson = self.library.lesson(lesson_id)
        self.send(intents.OpenLesson(lesson, self.library.scenario(lesson)))
        self.path = self.library.source(lesson)

    def open_file(self, path: str) -> None:
        """Begin what a file holds. What is wrong with it is said, and everything stays as it was."""
        self.pause()
        if deeds.presented(self, path):
            return
        try:
            loaded = self.library.open(path, self.words)
        except Fault as fault:
            opening.TroubleDialog(self.style, str(fault), self.window).open()
            return
        self.settings.keep("recent", recently(loaded.source, self.settings.texts("recent")))
        self.send(intents.OpenLesson(loaded.lesson, loaded.scenario, loaded.road, loaded.home))
        self.path = loaded.source
        opening.say_what_is_in_it(self, path, loaded.warnings)

    def open_text(self, text: str, path: Path) -> str:
        """Begin a lesson as it stands in an editor; what is wrong with it, or ""."""
        self.pause()
        try:
            loaded = self.library.open_text(text, path, self.words)
        except Fault as fault:
            return str(fault)
        self.send(intents.OpenLesson(loaded.lesson, loaded.scenario, loaded.road))
        return ""

    # --- the clock ---

    def _run_clock(self, is_running: bool) -> None:
        if is_running and not self._is_driven:
            self._elapsed.start()
            self._clock.start()
        else:
            self._clock.stop()

    def _tick(self) -> None:
        wall = self._elapsed.nsecsElapsed() // 1000
        self._elapsed.restart()
        self.tick(min(wall, LONGEST_FRAME_US))

    def tick(self, wall_us: int) -> None:
        """One frame of playing: so much wall time has passed."""
        self.ticks += 1
        self.send(intents.Tick(wall_us), is_moving=True)

    def _come_to_rest(self, was: Session, intent: intents.Intent) -> None:
        """Let tokens travel on where the run has stopped by itself or by a step; elsewhere they are in their seats."""
        session = self.session
        has_stopped = was.is_playing and not session.is_playing
        has_moved = session.playhead != was.playhead or session.trace is not was.trace
        if session.is_playing or not (has_stopped or has_moved):
            return
        is_alive = has_stopped or isinstance(intent, intents.StepForward | intents.NextBeat)
        if is_alive and session.motion == "full":
            self._rest = Rest(session.playhead, 0.0)
            self._rested.start()
            self._settling.start()
        else:
            self._rest = Rest(session.playhead, math.inf)
            self._settling.stop()

    def _settle(self) -> None:
        rested = self._rested.nsecsElapsed() / 1000
        if rested >= SETTLES_FOR_US:
            self._settling.stop()
            rested = math.inf
        self._rest = Rest(self._rest.at, rested)
        self._draw_diagram()

    # --- what is shown ---

    @property
    def words(self) -> Words:
        """The words of the session's language."""
        return self._words[self.session.lang]

    def _style_at(self, scale: float) -> Style:
        session = self.session
        return Style(session.theme, session.lang, scale * session.text_scale, self.words, session.text_scale)

    def _restyle(self) -> None:
        from tutor.ui.app import dress

        self.style = self._style_at(self.window.base_scale())
        app = QApplication.instance()
        if isinstance(app, QApplication):
            dress(app, self.style)
        for part in (self.window, *self.beside):
            part.restyle(self.style)
        self._shown = None
        self._show()

    def show_again(self) -> None:
        """Show the session as it is, where the window had to wait."""
        self._show()

    def _show(self, *, is_moving: bool = False) -> None:
        session, was = self.session, self._shown
        if was is not None and self.memory.is_waiting:
            return
        if was is not None and _look_of(session) != _look_of(was):
            self._keep_look()
            self._restyle()
            return
        self._shown = session
        if was is None or session.lesson is not was.lesson:
            self._show_lesson()
        self.window.top.show_protocol(saying.not_tcp_shown(session, self.words))
        self.entitle()
        self.window.show_comparison(is_on=session.beside is not None)
        self.window.show_across(is_across=session.sight.is_across)
        if was is not None and session.panels != was.panels and session.panels:
            self.arrangement.restore(session.panels)
        self.arrangement.look()
        self.window.transport.show_rows(saying.transport_rows(session, self.words))
        if is_moving:
            self._turns.pass_on()
        else:
            self._turns.show_all()
        self._draw_diagram()
        self._draw_timeline()
        self._draw_scrubber()
        self.window.set_active(commands.active(commands.contexts_of(session)))
        if session.notice is not self._noticed or (was is None and session.notice):
            self._noticed = session.notice
            self.window.notice.say(session.notice.text(self.words) if session.notice else "")
            if session.notice:
                self.window.lesson.reveal()
        self._announce()

    def _show_lesson(self) -> None:
        session = self.session
        self.window.show_hosts(saying.host_columns(session, self.words))
        self.window.top.show_lesson(saying.breadcrumb(self.library.ids(), session.lesson, session, self.words))

    def entitle(self) -> None:
        """Write the window's title, unless a page covers the window: that has its own."""
        if self.window.page is None:
            self.window.setWindowTitle(saying.window_title(self.session, self.words))

    def _show_card(self) -> None:
        self.window.lesson.show_rows(lesson_deeds.rows(self))

    def _show_words(self) -> None:
        session = self.session
        self.window.why.show_row(why_row(session, self.words))
        self.window.armed.show_sentences(armed(session.world.rules, self.words, session.trace), self.style)
        self.window.filter.show_rows(lensing.filter_rows(session, self.words))
        self.window.show_details(details(session, self.words))

    def _show_panels(self, place: int) -> None:
        if self._shown is not None:
            self.window.strip.refresh(place, self.session, self._look())

    def shown_variables(self) -> Variables:
        """The connection's variables on the card: in a low window the shorter list."""
        return pictures.variables(self.session, self._look(), is_brief=self.window.height() < TALL)

    def _keep_look(self) -> None:
        for name in LOOK:
            if self._shown is not None and getattr(self.session, name) != getattr(self._shown, name):
                self.settings.keep(name, getattr(self.session, name))

    def _look(self):
        """The look of every picture but the diagram, which grows with its card as it is."""
        look = pictures.look_of(self.session, self.words, self.hover)
        return replace(look, text_scale=look.text_scale * max(1.0, self.window.base_scale()))

    def _draw_diagram(self) -> None:
        canvas = self.window.diagram.canvas
        size, look = (canvas.width(), canvas.height()), pictures.look_of(self.session, self.words, self.hover)
        canvas.show_picture(pictures.diagram_of(self.session, size, look, self._rest), self._spoken())

    def _draw_timeline(self) -> None:
        canvas = self.window.timeline.canvas
        size = (canvas.width(), canvas.height())
        canvas.show_picture(pictures.ladder_of(self.session, size, self._look()), self._spoken())

    def _draw_scrubber(self) -> None:
        canvas = self.window.transport.scrubber
        size = (canvas.width(), canvas.height())
        canvas.show_picture(pictures.scrubber_of(self.session, size, self._look()))

    def _spoken(self) -> str:
        return sentences(saying.state_sentences(self.session, self.words), self.words)

    def _tell_of_saving(self, path: str) -> None:
        self.window.notice.warn(self.words.t("This run cannot be kept for the next start: {path}", path=path))

    def _announce(self) -> None:
        session = self.session
        here = session.trace.index_at(session.playhead)
        if here == self._announced or not QAccessible.isActive():
            return
        self._announced = here
        sentence = why_row(session, self.words).sentence
        if sentence:
            QAccessible.updateAccessibility(QAccessibleAnnouncementEvent(self.window.timeline.canvas, sentence))

    # --- what was pointed at ---

    def click(self, mark: str) -> None:
        """A mark was clicked: select it, or unfold it; a connection comes into focus as well."""
        if mark == "difference":
            deeds.seek_difference(self)
            return
        for intent in lensing.clicked(self.session, mark):
            self.send(intent)
        if mark.startswith("state:"):
            lesson_deeds.pick_state(self, mark)

    def _set_hover(self, mark: str) -> None:
        self.hover = mark
        self._draw_diagram()

    def open_menu(self, mark: str, where: QPoint):
        """Offer what a hand can do with this."""
        return touch_menu.open_menu(self, mark, where)

    def _scrub(self, x: float, _y: float) -> None:
        width = self.window.transport.scrubber.width()
        self.send(intents.Seek(pictures.time_at(self.session, x, width)), is_moving=True)


def _is_plain_move(was: Session, now: Session) -> bool:
    """Is nothing different but the moment? What opens or closes a bet, stops or answers is shown whole."""
    same = all(getattr(was, name) == getattr(now, name) for name in ("notice", "is_playing", "horizon", "ask"))
    return same and was.trace is now.trace


def _look_of(session: Session) -> tuple[object, ...]:
    return tuple(getattr(session, name) for name in LOOK)
