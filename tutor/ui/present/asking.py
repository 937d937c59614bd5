"""Asking the room: the question over the picture, the panel on the console, the votes, the clock, the answer's run.

Rules
-----
* While a question is on screen, digits are votes: of the layouts' keys those with Ctrl alone work, and stand on the
  console's buttons.
* What is right is on the room's window only once it is revealed; then the run goes on to the answer, and the next press
  plays the run that refutes what most chose in error. Where nobody votes, each press plays the run of one more point.
* Every count is kept with its date. Nothing of it is a learner's progress.
* A frozen window keeps its question as it was; where its size or its looks change, the same is laid out anew.
* A clock that runs is for voting: with the answer it is over.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRect, Qt
from PySide6.QtGui import QKeySequence

from tutor.teach import betting, polling, presenting, show_deeds
from tutor.teach.polling import Poll, Showing
from tutor.teach.votes import Votes, again, counted, raised, wiped
from tutor.teach.walking import dressed
from tutor.ui import commands, pictures
from tutor.ui.canvas import Canvas
from tutor.ui.present import asking_rows, votes_deeds
from tutor.ui.present.ballot import BallotPanel
from tutor.ui.present.keeping import Keeping, file_of_user, now
from tutor.ui.present.runs import CannotShow
from tutor.view import bars
from tutor.view.hall import FLOOR
from tutor.view.marks import Box

if TYPE_CHECKING:
    from tutor.teach.presenting import Presenting
    from tutor.ui.present.show import Show

TIMES = (1.75, 1.5, 1.25, 1.0)
"""Sizes of type, in what every room can read, that are tried where the hall's own has no room."""
BESIDE = 1.25
"""So small, in what every room can read, a question becomes before it covers the picture in which its answer shows."""
COVERED = 0.5
"""A picture of which the question hides such a share is not seen."""
MINUTE, MORE = 60, 30
"""Seconds of a clock where the author gives none; by how many it is made longer."""


@dataclass(frozen=True, slots=True)
class OnBoard:
    """What the room sees of a question: at which state of the presentation, ``is_away``: taken off, and the clock."""

    poll: Poll | None
    here: Presenting
    is_away: bool
    clock: bars.Clock | None

    @property
    def parts(self) -> tuple[object, ...]:
        """What of it can be seen."""
        here = self.here
        return self.poll, here.votes, here.at in here.revealed, here.why, here.layout, self.is_away, self.clock


class Asking(QObject):
    """The part of a presentation that asks. ``poll``: what is asked on screen; None: nothing."""

    def __init__(self, show: Show) -> None:
        super().__init__(show)
        self.show = show
        self.poll: Poll | None = None
        self.is_away = False
        """Was the question taken off the picture by hand?"""
        self.panel = BallotPanel(show.console.style_now)
        show.console.asking.addWidget(self.panel)
        self.panel.hide()
        self.board = Canvas(show.audience.style_now, show.audience)
        self.board.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.board.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.board.hide()
        self.keeping = Keeping(file_of_user() if show.conductor.settings.is_kept else None, self)
        self.keeping.failed.connect(self._not_kept)
        self.panel.counted.connect(lambda option, count: self._vote(counted(self._votes(), option, count)))
        self.panel.stepped.connect(lambda option, by: self._vote(raised(self._votes(), option, by)))
        self.panel.commanded.connect(show.command)
        self._of_question: dict[str, Votes] = self.keeping.of_today()
        self._polls: dict[tuple[int, str], Poll | None] = {}
        self._showings: dict[tuple[int, int | None, str], Showing | None] = {}
        self._past: list[Votes] = []
        self._clock: tuple[float, float] | None = None
        self._seen = OnBoard(None, show.here, is_away=False, clock=None)
        """What the room sees, or saw when its window was frozen."""
        self._drawn: object = None
        self._shown: object = None
        """What board and panel showed last: where nothing of it is different, nothing is laid out anew."""
        self._is_on: tuple[bool, bool] | None = None
        self._enable()

    # --- what is asked ---

    @property
    def is_on_board(self) -> bool:
        """Does the question stand on the room's window?"""
        return self.board.isVisibleTo(self.show.audience)

    def leaves(self, name: str) -> bool:
        """Is this picture on the room's window, and not under the question?"""
        canvas = self.show.audience.canvases.get(name)
        if canvas is None or not canvas.isVisibleTo(self.show.audience):
            return False
        there = QRect(canvas.mapTo(self.show.audience, canvas.rect().topLeft()), canvas.size())
        hidden = there.intersected(self.board.geometry()) if self.is_on_board else QRect()
        return hidden.width() * hidden.height() < COVERED * there.width() * there.height()

    @property
    def takes_digits(self) -> bool:
        """Is every digit a vote now?"""
        return self.poll is not None and self.poll.has_votes and self.show.here.is_asking

    def follow(self) -> None:
        """The presentation is another one now."""
        here = self.show.here
        poll = self._poll_at(here)
        if here.at in here.revealed:
            self._clock = None
        if poll is not self.poll:
            self._begin(poll)
        elif poll is not None and here.votes is None:
            self._give((self._of_question.get(poll.question) or poll.votes(now())) if poll.has_votes else None)
        self._enable()
        self._show_panel()
        self.show_board()

    def _poll_at(self, here: Presenting) -> Poll | None:
        """What a stop asks, answered or not."""
        if here.situation is not None or here.stop.kind != presenting.QUESTION or here.is_over:
            return None
        key = here.at, self.show.words.lang
        if key not in self._polls:
            try:
                asked = self.show.runs.at(here.at, self.show.words, is_revealed=False)
            except CannotShow:
                return None
            self._polls[key] = polling.poll_of(asked)
        return self._polls[key]

    def _begin(self, poll: Poll | None) -> None:
        was, self.poll = self.poll, poll
        if poll is None or was is None or poll.question != was.question:
            self._past, self._clock, self.is_away = [], None, False
        if poll is None or not poll.has_votes:
            self._give(None)
        else:
            kept = self._of_question.get(poll.question)
            if kept is None or len(kept.options) != len(poll.options):
                kept = poll.votes(now())
            self._give(replace(kept, options=poll.options, prompt=poll.prompt))

    def _give(self, votes: Votes | None) -> None:
        plays = self.poll.plays if self.poll is not None else ()
        if (votes, plays) != (self.show.here.votes, self.show.here.plays):
            self.show.send(show_deeds.Vote(votes, plays))

    def showing(self) -> Showing | None:
        """The run that shows the answer, or why what most chose is wrong; None where a stop has nothing of the kind.

        Raises ``CannotShow``.
        """
        show, here = self.show, self.show.here
        is_answered = here.stop.kind == presenting.QUESTION and here.at in here.revealed
        if here.situation is not None or not is_answered:
            return None
        key = here.at, here.why, show.words.lang
        if key not in self._showings:
            asked = show.runs.at(here.at, show.words, is_revealed=False)
            answered = betting.revealed(asked)
            why = polling.run_of(answered, here.why) if here.why is not None else polling.revealing(asked)
            self._showings[key] = why or Showing(answered, answered)
        found = self._showings[key]
        return Showing(dressed(found.begins, show.runs.like), dressed(found.ends, show.runs.like))

    # --- votes ---

    def _votes(self) -> Votes:
        votes = self.show.here.votes
        return votes if votes is not None else Votes("", "", ())

    def _vote(self, votes: Votes) -> None:
        """The votes are these now: shown and kept."""
        was = self.show.here.votes
        if was is None or votes == was:
            return
        self._past.append(was)
        self._keep(votes)

    def _keep(self, votes: Votes) -> None:
        self._of_question[votes.question] = votes
        self.keeping.keep(votes)
        self._give(votes)

    def command(self, name: str) -> None:
        """Carry out one of the commands of votes."""
        number = name.removeprefix("vote-")
        if number.isdigit():
            self._vote(raised(self._votes(), int(number) - 1))
            return
        deeds = {
            "vote-undo": self._undo,
            "vote-again": lambda: self._vote(again(self._votes())),
            "vote-wipe": lambda: self._vote(wiped(self._votes())),
            "vote-clock": self._toggle_clock,
            "vote-longer": lambda: self._lengthen(MORE),
            "vote-hide": self._hide,
            "votes-csv": self._export,
            "votes-clean": self.clean,
        }
        deeds[name]()

    def _undo(self) -> None:
        if self._past and self.show.here.votes is not None:
            self._keep(self._past.pop())

    def _export(self) -> None:
        show = self.show
        self.keeping.settle()
        parent = show.console if show.console.isVisible() else show.audience
        votes_deeds.export(show.words, parent, self._of_question.values(), show.notify, show.warn)

    def clean(self) -> None:
        """The next class comes: its votes are put away, every answer is hidden, nothing is drawn, the clock is at 0."""
        self.keeping.clean()
        self._of_question, self._past, self._clock = {}, [], None
        self.show.send(show_deeds.Clean())
        self.show.notify(self.show.words.t("Clean for the next class. The votes of this one are kept with their date."))

    def _not_kept(self, path: str, why: OSError) -> None:
        t = self.show.words.t
        self.show.warn(t("The votes cannot be kept: {path} ({why}). They go on counting here.", path=path, why=why))

    # --- the clock ---

    @property
    def left(self) -> float | None:
        """Seconds that the clock still has; None where none runs."""
        if self._clock is None:
            return None
        return min(self._clock[1], max(0.0, self._clock[0] - self.show.here.elapsed))

    def _toggle_clock(self) -> None:
        if self._clock is not None:
            self._clock = None
        elif self.poll is not None:
            self._lengthen(self.poll.seconds or MINUTE)
        self.follow()

    def _lengthen(self, seconds: float) -> None:
        if self.poll is None:
            return
        left = self.left or 0.0
        self._clock = self.show.here.elapsed + left + seconds, left + seconds
        self.follow()

    # --- what is shown ---

    def _hide(self) -> None:
        self.is_away = not self.is_away
        self.follow()
        self.show.paint()
        self.show.notify(self.show.notice)  # without the question other labels may be too small

    def _enable(self) -> None:
        """While hands are counted, a digit votes and does nothing else; a question has keys of its own besides."""
        now_on = (self.poll is not None, self.takes_digits)
        if now_on == self._is_on:
            return
        self._is_on = now_on
        keys = commands.while_presenting()
        voting = {row.id for row in commands.COMMANDS if row.context == commands.VOTING}
        digits = {name for name in voting if name.removeprefix("vote-").isdigit()}
        taken = {key for name in digits for key in keys[name]}
        for name, actions in self.show.actions.items():
            for action in actions:
                if name in voting:
                    action.setEnabled(now_on[name in digits])
                elif taken & set(keys[name]):
                    left = [key for key in keys[name] if not now_on[1] or key not in taken]
                    action.setShortcuts([QKeySequence(key) for key in left])
        self.show.console.show_keys(has_digits=not now_on[1])

    def _show_panel(self) -> None:
        poll, here = self.poll, self.show.here
        shown = (poll, here.votes, asking_rows.clock(self.left), self.show.words.lang)
        if shown == self._shown:
            return
        self._shown = shown
        self.panel.setVisible(poll is not None)
        if poll is not None:
            self.panel.show_row(asking_rows.ballot(poll, here.votes, self.left, self.show.words))

    def show_board(self) -> None:
        """Lay the question over the picture in which its answer will not show."""
        show = self.show
        if not show.here.is_frozen:
            clock = None if self._clock is None else bars.Clock(self.left or 0.0, self._clock[1])
            self._seen = OnBoard(self.poll, show.here, self.is_away, clock)
        elif self._seen.poll is not None:
            self._seen = replace(self._seen, poll=self._poll_at(self._seen.here))
        seen = self._seen
        drawn = (seen.parts, show.audience.width(), show.audience.height())
        if drawn == self._drawn:
            return
        self._drawn = drawn
        was = self.is_on_board
        is_there = seen.poll is not None and seen.here.why is None and not seen.is_away
        self.board.setVisible(is_there)
        if seen.poll is not None and is_there:
            self._draw(seen, seen.poll)
        else:
            show.audience.leave_free(0, 0)
        if was != is_there:
            show.paint()

    def lay_again(self) -> None:
        """The pictures have another place: the question goes with them."""
        if self.is_on_board and self._seen.poll is not None:
            self._draw(self._seen, self._seen.poll)

    def _draw(self, seen: OnBoard, poll: Poll) -> None:
        show, here, audience = self.show, seen.here, self.show.audience
        asked = asking_rows.board(poll, here.votes, is_revealed=here.at in here.revealed)
        box, least = self._place(poll, asked, here.layout)
        look = replace(pictures.look_of(show.seen[1], show.words), selection="")
        size = (box.right - box.left, box.bottom - box.top)
        self.board.setGeometry(QRect(round(box.left), round(box.top), round(size[0]), round(size[1])))
        self.board.show_picture(bars.question(asked, size, look, least, seen.clock), asked.prompt)
        audience.leave_free(*asking_rows.beside(box, [_box(card) for card in self._cards()]))
        self.board.raise_()
        for part in (audience.over, audience.blank):
            part.raise_()
        show.small_soon()

    def _place(self, poll: Poll, asked: bars.Question, layout: str) -> tuple[Box, float]:
        """Where it lies and its least type (px): over the picture that tells nothing of the answer, as large as the
        hall asks for, or somewhat smaller; where it has no room there, over both; where it has none there either,
        smaller still, but never below what every room can read."""
        audience, words = self.show.audience, self.show.words
        audience.layout().activate()
        cards = {name: _box(card) for name, card in (("diagram", audience.diagram), ("ladder", audience.ladder))}
        shown = [_box(card) for card in self._cards()]
        stage = Box(
            min(box.left for box in shown), min(box.top for box in shown),
            max(box.right for box in shown), max(box.bottom for box in shown),
        )  # fmt: skip
        floor = FLOOR * audience.height()
        wanted = self.show.hall.text_px(audience.height()) * max(1.0, self.show.text_scale)
        beside = asking_rows.place(poll, layout, stage, cards)
        sizes = (wanted / floor, *(each for each in TIMES if each * floor < wanted))
        large = [times for times in sizes if times >= min(BESIDE, sizes[0])]
        tries = [(box, times) for box in (beside, stage) for times in large]
        tries += [(box, times) for times in sizes for box in (beside, stage) if times not in large]
        for box, times in tries:
            if bars.fits(asked, (box.right - box.left, box.bottom - box.top), times * floor, words):
                return box, times * floor
        return stage, floor

    def _cards(self) -> list:
        """The cards of the pictures that are shown."""
        audience = self.show.audience
        return [card for card in (audience.diagram, audience.ladder) if card.isVisibleTo(audience)]

    def restyle(self) -> None:
        """Take the looks of both windows."""
        self.panel.restyle(self.show.console.style_now)
        self.board.restyle(self.show.audience.style_now)
        self._drawn = self._shown = None
        self.follow()

    def end(self) -> None:
        """The lecture is over: what was counted is on the disk."""
        self.keeping.end()


def _box(card) -> Box:
    rect = card.geometry()
    return Box(rect.left(), rect.top(), rect.left() + rect.width(), rect.top() + rect.height())
