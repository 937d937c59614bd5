"""The desk behind the pages of learning: asks the keeper what is known, reads the lessons, does what a page offers.

Rules
-----
* The page is there at once; what has to be read comes when it is read: the record from the keeper's thread, lessons one
  at a time between two frames.
* What is chosen on a page is remembered for as long as the page is open.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QDialog

from tutor.profiles import load_profile
from tutor.tcp.profile import Profile
from tutor.teach import intents, there
from tutor.teach.answered import Record
from tutor.teach.errors import LessonErrors
from tutor.teach.learners import Learner
from tutor.teach.lesson import Lesson
from tutor.teach.understood import standing
from tutor.ui import desk, learner_dialogs, review
from tutor.ui.graph_rows import profile_of
from tutor.ui.keeper import now
from tutor.ui.learning import LearningPage
from tutor.ui.learning_rows import (
    CONCEPTS,
    LEARNERS,
    PASSPORT,
    PLACES,
    START,
    UNDERSTOOD,
    Desktop,
    LearningRows,
    learner_mark,
    learners_rows,
    lesson_mark,
    start_rows,
    who,
)
from tutor.ui.library import LIFE
from tutor.ui.opening import TroubleDialog
from tutor.ui.roll import Outcome, Roll
from tutor.ui.understood_rows import concepts_rows, next_missing, passport_rows, understood_rows

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

ROWS = {
    START: start_rows, UNDERSTOOD: understood_rows, CONCEPTS: concepts_rows, PASSPORT: passport_rows,
    LEARNERS: learners_rows,
}  # fmt: skip


class LearningDesk(desk.Desk):
    """One page over a conductor's window, at one of its places."""

    page: LearningPage

    def __init__(self, conductor: Conductor, place: str = START) -> None:
        super().__init__(conductor)
        self.place = place
        self.chosen: dict[str, str] = {}
        self.record = Record()
        self.learners: tuple[Learner, ...] = ()
        self.lessons: dict[str, Lesson] = {}
        self.ids = conductor.library.ids()
        self._unread = list(self.ids)
        self.dialog: QDialog | None = None
        self.roll = Roll(conductor.keeper, self)
        self.page = LearningPage(conductor.style, conductor.window)
        self.page.turned.connect(self.turn)
        self.page.chose.connect(self.choose)
        self.page.acted.connect(self.act)
        self.page.commanded.connect(lambda _: self.close())
        self.roll.listed.connect(self._list)
        self.roll.said.connect(self._say)
        conductor.keeper.told.connect(self._take)
        conductor.keeper.switched.connect(self._switched)
        conductor.keeper.recalled.connect(self._opened)
        self._is_over = False
        conductor.window.closing.connect(self.stop)
        self._reading = QTimer(self)
        self._reading.timeout.connect(self._read)

    def open(self) -> None:
        """Lay the page over the window, and ask for what it shows."""
        super().open()
        self.conductor.keeper.ask()
        self.roll.ask()
        self._reading.start(0)
        self.paint()

    def close(self) -> None:
        """Take it away again."""
        self.stop()
        super().close()

    @Slot()
    def stop(self) -> None:
        """What comes from now on is shown to nobody."""
        self._is_over = True
        self._reading.stop()

    # --- what comes ---

    @Slot(object)
    def _take(self, record: Record) -> None:
        self.record = record
        self.paint()

    @Slot(object)
    def _list(self, learners: tuple[Learner, ...]) -> None:
        self.learners = learners
        self.paint()

    @Slot(object)
    def _opened(self, _edges: object) -> None:
        """The learner's file has been opened while the page was there already."""
        self.conductor.keeper.ask()
        self.roll.ask()

    @Slot(str, object)
    def _switched(self, learner: str, _edges: object) -> None:
        self.chosen[LEARNERS] = learner_mark(Learner(learner))
        self.conductor.keeper.ask()

    @Slot(object)
    def _say(self, outcome: Outcome) -> None:
        if self._is_over:
            return
        said = outcome.sentence(self.conductor.words)
        if outcome.is_good:
            self.conductor.window.notice.say(said)
            self.conductor.window.notice.raise_()
        else:
            self._ask(TroubleDialog(self.conductor.style, said, self.page, self.conductor.words.t("Learners")))

    def _read(self) -> None:
        """Read the next lesson; paint when there are some new ones, and at the end."""
        if not self._unread:
            self._reading.stop()
            self.paint()
            return
        name = self._unread.pop(0)
        try:
            self.lessons[name] = self.conductor.library.lesson(name)
        except (LessonErrors, FileNotFoundError):
            return
        if len(self._unread) % 8 == 0:
            self.paint()

    # --- what is shown ---

    @property
    def desktop(self) -> Desktop:
        """All that the pages are made of, at this moment."""
        conductor, at = self.conductor, now()
        stands = standing(self.ids, self.lessons, self.record, at)
        return Desktop(
            conductor.words, at, stands.with_due(review.waiting(stands.due, conductor.library)), self.record,
            self.profile, self.learners, conductor.keeper.learner, self.roll.keeps, len(self._unread),
        )  # fmt: skip

    @property
    def profile(self) -> Profile:
        """The rules of the run on the stage, as TCP has them."""
        found = profile_of(self.conductor.session)
        return found if found.variant.is_tcp else load_profile(found.name)

    @property
    def rows(self) -> LearningRows:
        """The page of now."""
        return ROWS[self.place](self.desktop, self.chosen.get(self.place, ""))

    def paint(self) -> None:
        """Show the page."""
        if self._is_over:
            return
        self.conductor.window.setWindowTitle(f"{self.conductor.words.t(PLACES[self.place])} – TCP Tutor")
        self.page.show_rows(self.rows)

    def turn(self, place: str) -> None:
        """Show another place."""
        self.place = place
        self.paint()

    def choose(self, mark: str) -> None:
        """Choose something on the page."""
        self.chosen[self.place] = mark
        self.paint()

    # --- what is done ---

    def act(self, name: str) -> None:
        """Do what a button says."""
        deeds = {
            "close": self.close, "open": self._open_lesson, "review": self._review, "laboratory": self._laboratory,
            "there": self._go_there, "missing": self._miss, "use": self._use, "new": self._new, "rename": self._rename,
            "reset": self._reset, "delete": self._delete, "export": self._export, "import": self._import,
        }  # fmt: skip
        deeds[name]()

    def _open_lesson(self) -> None:
        """Open the lesson that is chosen, or that teaches the concept; where it was left, if it is on the stage."""
        rows, conductor = self.rows, self.conductor
        name = next((each.id for each in self.desktop.standing.lessons if lesson_mark(each) == rows.chosen), "")
        if self.place == CONCEPTS:
            concept = rows.chosen.partition(":")[2]
            name = next((each.lesson for each in self.desktop.standing.concepts if each.name == concept), "")
        if name not in self.lessons:
            return
        self.close()
        if conductor.session.lesson.id != name or conductor.memory.is_review(conductor.session):
            conductor.open_lesson(name)

    def _review(self) -> None:
        conductor = self.conductor
        self.close()
        review.go_on(conductor)

    def _laboratory(self) -> None:
        self.close()
        self.conductor.open_lesson(LIFE)

    def _go_there(self) -> None:
        session, conductor = self.conductor.session, self.conductor
        if self.place != PASSPORT or not any(action.id == "there" for action in self.rows.actions):
            return
        visit = there.visit(self.rows.chosen, session.scenario, self.profile.rule_set)
        self.close()
        conductor.send(intents.TakeMeThere(visit))

    def _miss(self) -> None:
        found = next_missing(self.desktop, self.rows.chosen)
        if found:
            self.choose(found)

    # --- learners ---

    @property
    def learner(self) -> Learner:
        """The learner who is chosen on the page."""
        return next((each for each in self.learners if learner_mark(each) == self.rows.chosen), Learner("guest"))

    def _ask(self, dialog: QDialog) -> None:
        self.dialog = dialog
        dialog.open()

    def _use(self) -> None:
        self.conductor.keeper.switch(self.learner.id)

    def _new(self) -> None:
        self._ask(learner_dialogs.NameDialog(self.conductor.style, self.page, self.learners, self.roll.add))

    def _rename(self) -> None:
        chosen = self.learner
        self._ask(
            learner_dialogs.NameDialog(
                self.conductor.style, self.page, self.learners, lambda name: self.roll.rename(chosen.id, name), chosen
            )
        )

    def _reset(self) -> None:
        t, name = self.conductor.words.t, who(self.learner, self.conductor.words)
        said = t("Everything that {name} has shown will be forgotten. This cannot be undone.", name=name)
        self._ask(
            learner_dialogs.SureDialog(self.conductor.style, self.page, said, t("Forget all progress"), self.roll.reset)
        )

    def _delete(self) -> None:
        t, chosen = self.conductor.words.t, self.learner
        name = who(chosen, self.conductor.words)
        said = t("{name} and all progress will be deleted from this computer. This cannot be undone.", name=name)
        self._ask(
            learner_dialogs.SureDialog(
                self.conductor.style, self.page, said, t("Delete this learner"), lambda: self.roll.delete(chosen, name)
            )
        )

    def _export(self) -> None:
        name = who(self.learner, self.conductor.words)
        self._ask(
            learner_dialogs.ProgressDialog(
                self.conductor.style, self.page, lambda path: self.roll.export(path, self.learner.name), is_new=True,
                name=name,
            )
        )  # fmt: skip

    def _import(self) -> None:
        self._ask(learner_dialogs.ProgressDialog(self.conductor.style, self.page, self.roll.take_in, is_new=False))


def open_at(conductor: Conductor, place: str) -> None:
    """Show a place of learning, whatever page is open; if this one is, close it."""
    page = conductor.window.page
    found = next((each for each in conductor.findChildren(LearningDesk) if each.page is page), None)
    if found is None:
        desk.toggle(conductor, LearningDesk, lambda: LearningDesk(conductor, place))
    elif found.place == place:
        found.close()
    else:
        found.turn(place)
