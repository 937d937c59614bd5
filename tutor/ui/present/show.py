"""A presentation: both windows, the run on them, the keys, the clock, and the displays.

Rules
-----
* ``send`` is the only way to the next ``Presenting``; what is different is told to the windows, and nothing else.
* It works on sessions of its own, without a keeper: nothing here is written to a learner's progress.
* It ends with the window it was begun in, with Esc, and when either of its windows is closed by hand. Sleep is let in
  again then, whatever went wrong.
* While the room's window is frozen the run goes on for the lecturer alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QElapsedTimer, QObject, QTimer, Signal
from PySide6.QtWidgets import QWidget

from tutor.teach import intents, presenting, show_deeds
from tutor.teach.lecture import Lecture
from tutor.teach.presenting import Presenting
from tutor.teach.show import lecture_of, stops
from tutor.teach.show_deeds import Place
from tutor.teach.sight import FIRST_SIGHT
from tutor.teach.visiting import home_of
from tutor.teach.walking import dressed, strayed
from tutor.ui.measures import hall_of
from tutor.ui.overlay import KeysOverlay
from tutor.ui.present import keys, rows
from tutor.ui.present.asking import Asking
from tutor.ui.present.audience import Audience, HallStyle, scale_of
from tutor.ui.present.awake import Awake
from tutor.ui.present.camera import Camera
from tutor.ui.present.console import Console
from tutor.ui.present.cramped import sizes_told
from tutor.ui.present.inspecting import Inspecting
from tutor.ui.present.marks import over
from tutor.ui.present.painting import paint
from tutor.ui.present.player import Player
from tutor.ui.present.runs import CannotShow, Runs
from tutor.ui.present.screens import Display, Screens, distinct, placed
from tutor.ui.style import Style
from tutor.view import hall
from tutor.view.theme import themes
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.teach.session import Session
    from tutor.ui.conductor import Conductor

CLOCK_MS = 200
TRAIL_MS = 30
"""How often the clock is looked at; while a laser's trail fades, more often."""
SMALL_MS = 250
"""The small picture follows the room's window so late at most."""
UNPLUGGED = mark("The other display is gone. C shows what the room sees, and the console again.")
BRIGHT = "bright-room"
"""The theme of a room nobody has said anything about."""


class Show(QObject):
    """One presentation of a lecture, begun in a conductor's window at a stop. ``ended``: its windows are gone."""

    ended = Signal()

    def __init__(self, conductor: Conductor, lecture: Lecture, at: int = 0, screens: Screens | None = None) -> None:
        super().__init__(conductor)
        self.conductor, self.lecture = conductor, lecture
        self.here: Presenting = presenting.begin(stops(lecture), at)
        self.theme = conductor.settings.text("audience-theme", tuple(themes())) or BRIGHT
        self.text_scale = 1.0
        self.hall = hall.ANY_ROOM
        """What the room asks of type and lines."""
        self.words = conductor.words
        like = replace(home_of(conductor.session), theme=self.theme, sight=FIRST_SIGHT, is_playing=False)
        self.runs = Runs(lecture, self.here.stops, conductor.library, like)
        self.warning = self.notice = ""
        self.frozen: tuple[Presenting, Session] | None = None
        """What the room goes on seeing."""
        self.screens = screens or Screens(self)
        self.is_swapped = self.is_alone = False
        self.had_two = len(distinct(self.screens.displays())) > 1
        self.awake = Awake(self)
        self.player = Player(like, self)
        self.audience, self.console = Audience(self._style(720)), Console(conductor.style)
        self.camera = Camera(self.audience, self)
        self.keys = KeysOverlay(conductor.style, self.console, keys.COLUMNS, keys.shown())
        self.actions = keys.actions(self, (self.audience, self.console))
        self._is_over = self._is_driven = self._is_by_hand = False
        self.asking = Asking(self)
        self._timers()
        self._wire()

    def _timers(self) -> None:
        self._clock, self._since = QTimer(self), QElapsedTimer()
        self._clock.setInterval(CLOCK_MS)
        self._clock.timeout.connect(lambda: self.pass_time(self._since.restart() / 1000))
        self._small = QTimer(self)
        self._small.setSingleShot(True)
        self._small.setInterval(SMALL_MS)
        self._small.timeout.connect(self.show_small)

    def _wire(self) -> None:
        audience, console, small = self.audience, self.console, self.console.small
        self.screens.changed.connect(self.place)
        self.player.moved.connect(self._run_moved)
        self.player.settled.connect(self.paint)
        self.camera.moved.connect(self._show_marks)
        audience.reshaped.connect(self.restyle_audience)
        for canvas in (*audience.canvases.values(), audience.line):
            canvas.resized.connect(self._reshaped)
        audience.pointed.connect(lambda at: self.send(show_deeds.PointAt(at)))
        audience.drawn.connect(self._draw)
        audience.lifted.connect(lambda: self.send(show_deeds.Lift()))
        audience.zoomed.connect(self._zoom)
        console.commanded.connect(self.command)
        console.chosen.connect(lambda at: self.send(show_deeds.GoTo(at)))
        console.reshaped.connect(lambda: self.restyle(self.conductor.style))
        small.pointed.connect(lambda x, y, is_down: audience.point(audience.spot(x, y), is_down=is_down))
        small.pressed.connect(lambda x, y: audience.drawn.emit(*audience.place_on(audience.spot(x, y)), True))
        small.released.connect(audience.lifted)
        small.left.connect(lambda: self.send(show_deeds.PointAt(None)))
        for window in (audience, console):
            window.closing.connect(self.end)
        self.conductor.window.closing.connect(self.end)

    # --- beginning and end ---

    def open(self) -> None:
        """Put both windows on their displays."""
        self.conductor.pause()
        self.conductor.beside.append(self)
        self.awake.stay(self.words.t("A lecture is being given."))
        self.place()
        self.restyle(self.conductor.style)
        self._go(is_jump=True)
        self.inspecting = Inspecting(self)
        self._since.start()
        if not self._is_driven:
            self._clock.start()

    def end(self) -> None:
        """Leave: both windows go, and the machine may sleep again."""
        if self._is_over:
            return
        self._is_over = True
        self.awake.sleep_again()
        self._clock.stop()
        self._small.stop()
        self.player.stop()
        self.asking.end()
        self.inspecting.stop()
        self.camera.stop()
        self.screens.changed.disconnect(self.place)
        if self in self.conductor.beside:
            self.conductor.beside.remove(self)
        for window in (self.audience, self.console):
            window.close()
            window.deleteLater()
        self.ended.emit()
        self.deleteLater()

    def take_clock(self) -> None:
        """From now on the caller alone says how many seconds have passed: with ``pass_time``."""
        self._is_driven = True
        self._clock.stop()

    # --- the state ---

    def send(self, deed: show_deeds.Deed) -> Presenting:
        """Make the next state, and show what is different."""
        was, self.here = self.here, presenting.update(self.here, deed)
        here = self.here
        if here is was:
            return was
        place = ("at", "situation", "revealed", "why")
        if isinstance(deed, show_deeds.Stray):
            self._show_console()
        elif isinstance(deed, show_deeds.Situate) or any(getattr(was, name) != getattr(here, name) for name in place):
            self._go(is_jump=isinstance(deed, show_deeds.GoTo | show_deeds.Back | show_deeds.Situate))
        if here.is_frozen != was.is_frozen:
            self.frozen = (here, self.player.session) if here.is_frozen else None
        if here.layout != was.layout or was.is_frozen > here.is_frozen:
            self.audience.lay(self.seen[0].layout)
            self.paint()
        if here.blank != was.blank:
            self.audience.show_blank(here.blank)
        if (here.zoom, here.is_following) != (was.zoom, was.is_following):
            self._aim()
        if (here.layout, here.zoom, here.is_following) != (was.layout, was.zoom, was.is_following):
            self._show_console()
        self.console.show_state(here)
        self.asking.follow()
        self._show_marks()
        if here.is_over != was.is_over:
            self._show_clock()
        return was

    def command(self, name: str) -> None:
        """Carry out a command of the registry."""
        keys.carry_out(self, name)

    def hand(self, intent: intents.Intent) -> None:
        """Move the run by hand."""
        self._is_by_hand = True
        self.player.send(intent)

    def _go(self, *, is_jump: bool) -> None:
        """To the run of the stop, or of the situation."""
        self.warning = self.notice = ""
        self._is_by_hand = False
        try:
            showing = self.asking.showing()
            session = showing.ends if showing is not None else self._session()
        except CannotShow as fault:
            self.warning = str(fault)
            self._show_console()
            return
        if is_jump:
            self.player.jump(session)
        else:
            self.player.go(session, showing.begins if showing is not None else None)
        self.warning = self.runs.told(self._saved_run(), self.words)
        if session.playhead == 0 and self._saved_run():
            self.player.send(intents.Play())
        self._show_console()
        QTimer.singleShot(0, self, self._prepare)

    def _session(self):
        here = self.here
        situation = self.lecture.situation(here.situation) if here.situation is not None else None
        if situation is not None:
            return self.runs.situation(situation, self.words)
        return self.runs.at(here.at, self.words, is_revealed=self.runs.seen_at(here.at) in here.revealed)

    def _saved_run(self) -> str:
        """The path of the saved run on screen, "" where it is none."""
        key = self.here.situation
        situation = self.lecture.situation(key) if key is not None else None
        if situation is None:
            return self.here.stop.run
        return self.lecture.run_path(situation.run) if situation.run else ""

    def _prepare(self) -> None:
        if not self._is_over:
            self.runs.prepare(self.here.at, self.words)
            if not self.player.is_moving:
                self._show_console()

    # --- what is shown ---

    def _run_moved(self) -> None:
        self.send(show_deeds.Moved(self.player.session.playhead))
        self.paint()
        if self.player.is_moving:
            return
        if self._is_by_hand and self.here.situation is None:
            self.send(show_deeds.Stray(strayed(self.player.session, self.here.stops, self.here.at)))
        self._show_console()

    @property
    def seen(self) -> tuple[Presenting, Session]:
        """The state and the session that the room sees."""
        return self.frozen or (self.here, self.player.session)

    def paint(self) -> None:
        """Show on the room's window what it is to see."""
        if not self._is_over:
            paint(self)
            self._aim()
            self._show_marks()

    def _reshaped(self) -> None:
        """A picture has another size, and so perhaps labels that the room cannot read."""
        self.paint()
        if not self._is_over and not self.player.is_moving:
            self._show_console()

    def _aim(self) -> None:
        self.camera.look(*self.seen)

    def _show_marks(self) -> None:
        audience, here = self.audience, self.here
        if self.frozen is not None:
            live = {name: getattr(here, name) for name in ("pointer", "trail", "tool", "elapsed", "strokes")}
            here = replace(self.frozen[0], **live)
        size = (float(audience.width()), float(audience.height()))
        has_trail = self.player.session.motion != "reduced"
        is_dark = audience.style_now.theme.is_dark
        audience.over.show_marks(over(here, size, audience.point_of, has_trail=has_trail, is_dark=is_dark))
        self._clock.setInterval(TRAIL_MS if here.trail else CLOCK_MS)
        self.small_soon()

    def small_soon(self) -> None:
        """The small picture is to be made anew."""
        if not self._small.isActive() and self.console.isVisible():
            self._small.start()

    def show_small(self) -> None:
        """Show on the console what the room sees."""
        if not self._is_over and self.console.isVisible():
            size = self.console.small.size()
            self.console.small.show_pixmap(self.audience.seen(size, self.console.devicePixelRatioF()))

    def _show_console(self) -> None:
        session = self.player.target or self.player.session
        warning = self.warning or ("" if self.player.is_moving else sizes_told(self))
        ahead = self.runs.laid(self.here.at + 1)
        told = rows.console_rows(self.lecture, session, self.here, self.words, warning, ahead)
        self.console.show_rows(replace(told, notice=self.notice))
        self.console.show_state(self.here)
        self._show_clock()

    def _show_clock(self) -> None:
        self.console.show_clock(rows.clock_rows(self.here, self.words))

    def pass_time(self, seconds: float) -> None:
        """So many seconds have passed."""
        was = self.here
        self.send(show_deeds.Pass(seconds))
        if int(was.elapsed) != int(self.here.elapsed):
            self._show_clock()

    # --- looks ---

    def _style(self, height: int) -> HallStyle:
        """The looks of the room's window at this height (px), for the room that was told."""
        conductor, times = self.conductor, self.hall.scale * min(1.3, self.text_scale)
        scale, extra = scale_of(height) * times, self.hall.extra_width(height)
        return HallStyle(self.theme, conductor.session.lang, scale, conductor.words, 1.0, extra, times)

    def restyle(self, style: Style) -> None:
        """Take language and motion from the window it was begun in; the room's theme is its own."""
        self.words = self.conductor.words
        session = self.conductor.session
        size = self.console.base_scale() * session.text_scale
        self.console.restyle(Style(style.theme_name, style.lang, size, self.words, session.text_scale))
        t = self.words.t
        title = self.lecture.title[self.words.lang]
        self.audience.setWindowTitle(title)
        self.console.setWindowTitle(t("Lecture: {title}", title=title))
        for name, action in self.actions.items():
            for each in action:
                each.setText(t(keys.text_of(name)))
        if self.keys.isVisible():
            self.keys.restyle(self.console.style_now)
        self.restyle_audience()
        self._show_console()

    def restyle_audience(self) -> None:
        """Dress the room's window for the height that it has, and the run for it."""
        if self._is_over:
            return
        looks = {name: getattr(self.conductor.session, name) for name in ("lang", "motion")}
        self.runs.like = replace(self.runs.like, **looks, theme=self.theme, text_scale=self.text_scale)
        size = self.audience.size()
        self.hall = hall.sizes(hall_of(self.conductor.settings), max(1.0, size.width() / max(1, size.height())))
        self.audience.restyle(self._style(size.height()))
        self.player.wear(self.runs.like)
        if self.frozen is not None:
            self.frozen = (self.frozen[0], dressed(self.frozen[1], self.runs.like))
        self.audience.lay(self.seen[0].layout)
        self.asking.restyle()
        self.paint()

    def take_room(self) -> None:
        """The room was told."""
        self.restyle_audience()
        self._show_console()

    # --- places ---

    def place(self) -> None:
        """Put both windows where the displays of now want them."""
        if self._is_over:
            return
        displays: tuple[Display, ...] = self.screens.displays()
        centre = self.conductor.window.window().geometry().center()
        self.had_two = self.had_two or len(distinct(displays)) > 1
        there = placed(
            displays,
            (centre.x(), centre.y()),
            is_swapped=self.is_swapped,
            had_two=self.had_two,
            wanted=self.screens.wanted,
        )
        was_alone, self.is_alone = self.is_alone, there.is_alone
        has_console = self.console.isVisible() if was_alone and there.is_alone else there.has_console
        self.screens.put(self.audience, there.audience, there.audience_on, is_full=True)
        self.console.setGeometry(*there.console)
        if has_console:
            self.screens.put(self.console, there.console, there.console_on, is_full=False)
        if was_alone != there.is_alone and self.had_two:
            self.notify(self.words.t(UNPLUGGED) if there.is_alone else "")
        front: QWidget = self.console if has_console else self.audience
        front.raise_()
        front.activateWindow()
        front.setFocus()
        self.small_soon()

    def show_console(self) -> None:
        """Bring the console over the room's window, or take it away again, where both share a display."""
        if self.console.isVisible() and self.is_alone:
            self.console.hide()
            self.audience.activateWindow()
            return
        self.console.show()
        self.console.raise_()
        self.console.activateWindow()
        self.show_small()

    def warn(self, sentence: str) -> None:
        """Say to the lecturer alone what is wrong."""
        self.warning = sentence
        self._show_console()

    def notify(self, sentence: str) -> None:
        """Say something to the lecturer alone that is no trouble."""
        self.notice = sentence
        self._show_console()

    def _zoom(self, where: str, at: Place, is_in: bool) -> None:
        """The wheel was turned over a picture."""
        if where and is_in != (self.here.zoom is not None):
            keys.zoom(self, where, at)

    def _draw(self, where: str, at: Place, is_new: bool) -> None:
        if self.here.tool == presenting.PEN:
            self.send(show_deeds.Draw(where, at, is_new))


def present(conductor: Conductor, lecture: Lecture | None = None, at: int = 0, screens: Screens | None = None) -> Show:
    """Present a lecture, or the lesson on screen, from a stop on; a presentation that is open is ended first."""
    for open_now in conductor.findChildren(Show):
        open_now.end()
    made = Show(conductor, lecture or lecture_of(home_of(conductor.session).lesson), at, screens)
    made.open()
    return made


def present_here(conductor: Conductor) -> Show:
    """Present the lesson on screen from the step that is on its card."""
    session = home_of(conductor.session)
    lecture = lecture_of(session.lesson)
    beat = session.current.id if session.current is not None else ""
    found = (place for place, stop in enumerate(stops(lecture)) if stop.beat == beat)
    return present(conductor, lecture, next(found, 0))
