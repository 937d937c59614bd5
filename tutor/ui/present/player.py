"""The run on the audience's window: jumps to a stop, plays on to it, or is played and stepped by hand.

Rules
-----
* It sends sessions intents and has no keeper: nothing that happens here is remembered of anybody.
* The clock runs only while something moves. It says how much wall time has passed, never where to be.
* Where less motion is wanted, a stop is jumped to.
* A way to a stop takes ``PATIENCE`` at most: its pace is found where it begins, and is the same all the way. A run that
  is played by hand, or for itself, keeps its own tempo.
"""

from __future__ import annotations

import math
from dataclasses import replace

from PySide6.QtCore import QElapsedTimer, QObject, Qt, QTimer, Signal

from tutor.teach import intents
from tutor.teach.session import Session, update
from tutor.teach.walking import dressed, leads, pace, toward
from tutor.view.diagram import Rest

FRAME_MS = 16
LONGEST_FRAME_US = 100_000
SETTLES_FOR_US = 450_000
"""How long a token goes on travelling after the run has come to rest."""


class Player(QObject):
    """One session in time. ``moved``: it is another one now. ``settled``: only tokens and the camera have moved."""

    moved = Signal()
    settled = Signal()

    def __init__(self, session: Session, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session = session
        self.target: Session | None = None
        """Where the run is under way to."""
        self._pace = 1.0
        self.rest = Rest(session.playhead, math.inf)
        self.frames = 0
        self._is_driven = False
        self._clock = QTimer(self)
        self._clock.setTimerType(Qt.TimerType.PreciseTimer)
        self._clock.setInterval(FRAME_MS)
        self._clock.timeout.connect(self._tick)
        self._elapsed = QElapsedTimer()
        self._settling_us = math.inf

    @property
    def is_moving(self) -> bool:
        """Does the run play?"""
        return self.target is not None or self.session.is_playing

    def take_clock(self) -> None:
        """From now on the caller alone says how much wall time passes: with ``tick``."""
        self._clock.stop()
        self._is_driven = True

    def jump(self, session: Session) -> None:
        """Show this session at once."""
        self.target = None
        self._settling_us = math.inf
        self._show(replace(session, speed=self.session.speed))

    def go(self, target: Session, begins: Session | None = None) -> None:
        """Play on to ``target``, where it is a later moment of the run on screen; else show it at once.

        ``begins``: where a run that is not on screen is to be played from.
        """
        if self.target is not None:
            self._take(self.target)
        if begins is not None and not leads(self.session, target):
            self.session = replace(begins, speed=self.session.speed)
        if self.session.motion == "reduced" or not leads(self.session, target):
            self.jump(target)
            return
        self.target = replace(target, speed=self.session.speed)
        self._pace = pace(self.session, self.target)
        self._run()
        self.moved.emit()

    def send(self, intent: intents.Intent) -> None:
        """What a hand wants of the run: play, pause, a step. A run that is under way is where it is led to."""
        if self.target is not None:
            self._take(self.target)
            if isinstance(intent, intents.TogglePlay | intents.Pause):
                self._arrive()
                self._show(self.session)
                return
        was, self.session = self.session, update(self.session, intent)
        if self.session is was:
            return
        if isinstance(intent, intents.StepForward) and self.session.motion != "reduced":
            self._arrive()
        elif not self.session.is_playing:
            self._settling_us = math.inf
        self._show(self.session)

    def wear(self, like: Session) -> None:
        """Take the looks of ``like``, but for the speed, which is this player's."""
        self.session = replace(dressed(self.session, like), speed=self.session.speed)
        if self.target is not None:
            self.target = replace(dressed(self.target, like), speed=self.session.speed)

    def stop(self) -> None:
        """Nothing moves any more."""
        self.target = None
        self._clock.stop()
        self.session = update(self.session, intents.Pause())

    # --- time ---

    def tick(self, wall_us: int) -> None:
        """One frame: so much wall time has passed."""
        self.frames += 1
        if self.target is not None:
            now = toward(self.session, self.target, wall_us, self._pace)
            is_there = now is self.target
            self._take(now)
            if is_there:
                self._arrive()
        elif self.session.is_playing:
            played = update(self.session, intents.Tick(wall_us))
            self._take(played)
            if not played.is_playing:
                self._arrive()
        else:
            self._settling_us += wall_us
            if self._settling_us >= SETTLES_FOR_US:
                self._settling_us = math.inf
            self._note_rest()
            self._run()
            self.settled.emit()
            return
        self._show(self.session)

    def _take(self, session: Session) -> None:
        if session is self.target:
            self.target = None
        self.session = session

    def _arrive(self) -> None:
        """The run has come to rest by itself: tokens travel on for a moment."""
        self._settling_us = 0.0 if self.session.motion != "reduced" else math.inf

    def _show(self, session: Session) -> None:
        self.session = session
        self._note_rest()
        self._run()
        self.moved.emit()

    def _note_rest(self) -> None:
        self.rest = Rest(self.session.playhead, self._settling_us)

    def _run(self) -> None:
        is_running = self.is_moving or self._settling_us < math.inf
        if not is_running or self._is_driven:
            self._clock.stop()
        elif not self._clock.isActive():
            self._elapsed.start()
            self._clock.start()

    def _tick(self) -> None:
        wall = self._elapsed.nsecsElapsed() // 1000
        self._elapsed.restart()
        self.tick(min(wall, LONGEST_FRAME_US))
