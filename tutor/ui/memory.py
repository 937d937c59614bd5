"""Memory: tells the keeper what of the session is worth remembering, and the window when an answer is kept.

Rules
-----
* An answer is acknowledged when it is on the disk: until then the window goes on showing what it showed. That is a few
  thousandths of a second; if it takes ``PATIENCE_MS``, the verdict is shown all the same, with what went wrong.
* What is answered in a lesson counts, and how far it was gone; in a file that only bears a shipped lesson's name it
  does not.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot

from tutor.teach import intents, noting
from tutor.teach.answered import Answered, read_moment
from tutor.teach.building import GENERATED
from tutor.teach.deck import Card, reviewed
from tutor.teach.learners import GUEST
from tutor.teach.lesson import Lesson
from tutor.teach.visiting import home_of
from tutor.ui.keeper import Keeper, stamp
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.teach.session import Session
    from tutor.ui.conductor import Conductor

PATIENCE_MS = 4000
"""How long the window waits for the disk before it shows an answer's verdict."""

SLOW = mark("Your answer could not be kept yet: the disk does not answer.")

UNDER_WAY = mark("An exam is under way: Shift+T leads back to it.")


class Memory(QObject):
    """Between one conductor and its keeper."""

    def __init__(self, conductor: Conductor, keeper: Keeper) -> None:
        super().__init__(conductor)
        self._conductor = conductor
        self._unacknowledged: set[str] = set()
        self._is_noting = self._is_over = False
        self.is_resting = False
        """Is what happens now a lecturer's doing, and nothing of a learner's?"""
        self.reviewed: tuple[Card, Lesson, bool] | None = None
        """The card that has come back, the lesson that asks it again, and whether it has been answered."""
        self._counting: tuple[Lesson, bool] | None = None
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE_MS)
        self._patience.timeout.connect(self._give_up)
        self.take(keeper)

    def take(self, keeper: Keeper) -> None:
        """Listen to this keeper."""
        self._conductor.keeper = keeper
        self._conductor.window.closing.connect(self._end)
        self._conductor.window.closing.connect(keeper.stop)
        keeper.recalled.connect(self._recall)
        keeper.switched.connect(self._switch)
        keeper.trouble.connect(self._tell)
        keeper.under_way.connect(self._remind)
        keeper.acknowledged.connect(self._acknowledge)

    def _end(self) -> None:
        """The window closes: what the keeper says from now on is shown to nobody."""
        self._is_over = True
        self._unacknowledged.clear()
        self._patience.stop()

    @property
    def is_waiting(self) -> bool:
        """Is an answer on its way to the disk, so that its verdict must not be seen yet?"""
        return bool(self._unacknowledged)

    def note(self, was: Session, now: Session) -> None:
        """The session has gone a step: remember what is new in it."""
        if self.is_resting:
            return
        keeper = self._conductor.keeper
        keeper.note(now.news)
        found = [*self._bets(was, now), *self._answers(was, now)]
        self._is_noting = True
        for answered in found:
            self._unacknowledged.add(answered.id)
            self._patience.start()
            keeper.keep(answered)
        self._is_noting = False
        has_moved = now.beat != was.beat or now.answers is not was.answers
        if has_moved and not self.is_review(now) and self._counts(now.lesson):
            walked = noting.walked(now, stamp())
            if walked is not None:
                keeper.walk(walked)

    def _answers(self, was: Session, now: Session) -> Iterator[Answered]:
        """What was answered to the lesson just now."""
        for answer in noting.fresh(was, now) if self._counts(now.lesson) else ():
            answered = noting.answered(now, answer, stamp(), secrets.token_hex(16))
            yield from self._of_card(answered) if self.is_review(now) else (answered,)

    def _bets(self, was: Session, now: Session) -> Iterator[Answered]:
        """What was answered to a generated question at which the run had stopped."""
        made = noting.stopped(was, now) if now.betmode is not was.betmode else None
        if made is None:
            return
        question, bet = made
        given = noting.bet_text(question, bet.given)
        answered = noting.of_posed(question, given, stamp(), secrets.token_hex(16), is_right=bet.is_right)
        yield from self._of_card(answered) if self.is_review(now) else (answered,)

    def _of_card(self, answered: Answered) -> Iterator[Answered]:
        """An answer to a card that came back. Of several tries the first counts, for the others know the feedback."""
        assert self.reviewed is not None, "a card has come back"
        card, lesson, is_answered = self.reviewed
        if not is_answered:
            self.reviewed = card, lesson, True
            at = read_moment(answered.at)
            yield reviewed(card, answered.given, at, answered.id, is_right=answered.is_right)

    def is_review(self, session: Session) -> bool:
        """Is what is on the stage a card that has come back?"""
        return self.reviewed is not None and home_of(session).lesson is self.reviewed[1]

    def _counts(self, lesson: Lesson) -> bool:
        """Is this a lesson that somebody wrote, and the one that its id names?"""
        if self._counting is None or self._counting[0] is not lesson:
            library = self._conductor.library
            is_named = lesson.id in library.ids()
            is_one = bool(lesson.beats) and not GENERATED & set(lesson.concepts)
            self._counting = lesson, is_one and (not is_named or library.is_shipped(lesson))
        return self._counting[1]

    @Slot(str)
    def _acknowledge(self, name: str) -> None:
        """An answer is kept. The keeper's thread says so; a slot of ours is called in the window's."""
        if name not in self._unacknowledged:
            return
        self._unacknowledged.discard(name)
        if not self._unacknowledged:
            self._patience.stop()
            if not self._is_noting:
                self._conductor.show_again()

    def _give_up(self) -> None:
        self._unacknowledged.clear()
        self._conductor.show_again()
        self._conductor.window.notice.warn(self._conductor.words.t(SLOW))

    @Slot(object)
    def _recall(self, edges: frozenset[str]) -> None:
        """What earlier runs showed."""
        if self._is_over:
            return
        self._conductor.send(intents.Remember(edges))

    @Slot(str, object)
    def _switch(self, learner: str, edges: frozenset[str]) -> None:
        """Somebody else learns here now."""
        if self._is_over:
            return
        conductor = self._conductor
        conductor.send(intents.Remember(edges, anew=True))
        if learner != GUEST:
            conductor.settings.keep("learner", [learner])

    @Slot(str)
    def _remind(self, exam: str) -> None:
        """An exam was not handed in: say how to go on with it."""
        conductor = self._conductor
        if exam and not self._is_over and conductor.window.page is None:
            conductor.window.notice.say(conductor.words.t(UNDER_WAY))

    @Slot(str, str)
    def _tell(self, fault: str, path: str) -> None:
        if self._is_over:
            return
        conductor = self._conductor
        conductor.window.notice.warn(conductor.keeper.sentence(fault, path, conductor.words))
