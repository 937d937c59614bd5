"""The desk behind the exam's page: has the paper made, keeps the clock, and puts down what was answered.

Rules
-----
* ``send`` is the only way to the next exam; the moment goes with each intent. When the time is over it is handed in,
  whatever is being done or asked then.
* An exam under way is kept in the learner's file after each step, so that it goes on when the machine has stopped;
  whoever leaves it gives it up. Its answers are written there when it is handed in: each that was given, once.
* The last result stays until the window closes, so that one may come back from a replay.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QDialog, QFileDialog

from tutor.teach import exam as exams, exam_kept, noting
from tutor.teach.answered import EXAM
from tutor.teach.errors import LessonErrors
from tutor.teach.exam import Exam, Intent, time_left
from tutor.teach.generated import Posed
from tutor.teach.lesson import Lesson
from tutor.ui import desk, exam_replay, keeper
from tutor.ui.exam import ExamPage, Rows
from tutor.ui.exam_begin import Wish
from tutor.ui.exam_paper import PaperMaker
from tutor.ui.exam_rows import BeginRows, question_rows, result_rows
from tutor.ui.learner_dialogs import SureDialog
from tutor.ui.opening import FileDialog, TroubleDialog
from tutor.words import mark

if TYPE_CHECKING:
    from tutor.ui.conductor import Conductor

NOTHING = mark("There is nothing to ask about this.")
GOES_ON = mark("The exam goes on where it stood; the clock has run on meanwhile.")
OTHER_PAPER = mark("The exam that was under way cannot go on: its questions have changed, or cannot be made again.")

LOOKS_EVERY_MS = 250
"""How often the clock is looked at. What is shown changes with the minute, or in the last one with the second."""


class LastResult(QObject):
    """The exam that was handed in last in this window."""

    def __init__(self, conductor: Conductor, exam: Exam) -> None:
        super().__init__(conductor)
        self.exam = exam


class ExamDesk(desk.Desk):
    """One exam over a conductor's window."""

    page: ExamPage

    def __init__(self, conductor: Conductor) -> None:
        super().__init__(conductor)
        last = conductor.findChild(LastResult)
        self.exam: Exam | None = last.exam if last is not None else None
        self.wish: Wish | None = None
        """What a paper is being made of."""
        self.made_of: Wish | None = None
        """What the paper of the exam under way was made of."""
        self.kept: exam_kept.Kept | None = None
        """The exam that is being taken up again."""
        self.has_failed = False
        self.lessons: dict[str, Lesson] = {}
        """Those that have been read."""
        self._unread = list(conductor.library.ids())
        self.dialog: QDialog | None = None
        self.maker = PaperMaker(self)
        self.maker.made.connect(self.begin)
        self.page = ExamPage(conductor.style, conductor.window)
        self._wire()
        self._clock = QTimer(self.page)
        self._clock.setInterval(LOOKS_EVERY_MS)
        self._clock.timeout.connect(lambda: self.send(exams.Look()))

        self._reading = QTimer(self.page)
        self._reading.timeout.connect(self._read)

    def _wire(self) -> None:
        page = self.page
        page.begin.begun.connect(self.prepare)
        page.picked.connect(lambda index: self.send(exams.Pick(index)))
        page.went.connect(lambda place: self.send(exams.GoTo(place)))
        page.acted.connect(self.act)
        page.result.replayed.connect(self.replay)
        page.leave_wanted.connect(self.leave)
        page.refused.connect(self._refuse)

    def open(self) -> None:
        """Lay the page over the window."""
        super().open()
        self._reading.start(0)
        self.paint()
        if self.exam is None:
            self.conductor.keeper.under_way.connect(self.take_up)
            self.conductor.keeper.ask_exam()

    def close(self) -> None:
        """Take it away again."""
        self._clock.stop()
        self._reading.stop()
        self.maker.stop()
        super().close()

    # --- what is shown ---

    @property
    def rows(self) -> Rows:
        """The page of now."""
        words = self.conductor.words
        if self.exam is None:
            shown = tuple((name, self._title(lesson)) for name, lesson in self.lessons.items())
            return BeginRows(shown, self.wish is not None, words.t(NOTHING) if self.has_failed else "")
        return result_rows(self.exam, words) if self.exam.is_over else question_rows(self.exam, words)

    def _title(self, lesson: Lesson) -> str:
        return f"{lesson.id.partition('-')[0]}  {lesson.title[self.conductor.words.lang]}"

    def _read(self) -> None:
        """Read the next lesson; show them when there are some new ones, and at the end."""
        if not self._unread:
            self._reading.stop()
            return
        name = self._unread.pop(0)
        try:
            self.lessons[name] = self.conductor.library.lesson(name)
        except (LessonErrors, FileNotFoundError):
            return
        if self.exam is None and len(self._unread) % 8 == 0:
            self.paint()

    def paint(self) -> None:
        """Show what there is now."""
        conductor = self.conductor
        conductor.window.setWindowTitle(f"{conductor.words.t('Exam')} – TCP Tutor")
        if self.exam is not None and not self.exam.is_over:
            self.page.show_time(time_left(self.exam, keeper.now(), conductor.words))
        self.page.show_rows(self.rows)

    # --- the exam ---

    @Slot(object)
    def prepare(self, wish: Wish) -> None:
        """Have the paper made."""
        self.wish, self.has_failed = wish, False
        lessons = tuple(self._lesson(name) for name in wish.lessons)
        self.paint()
        self.maker.ask(lessons, wish.count, wish.seed)

    def _lesson(self, name: str) -> Lesson:
        """A lesson by its id. Raises ``LessonErrors`` or ``FileNotFoundError``."""
        return self.lessons.get(name) or self.conductor.library.lesson(name)

    @Slot(str)
    def take_up(self, text: str) -> None:
        """An exam was not handed in when the machine stopped: have its paper made again."""
        is_open = self.conductor.window.page is self.page
        if not text or not is_open or self.exam is not None or self.wish is not None:
            return
        kept = exam_kept.loads(text)
        if kept is None:
            self._give_up()
            return
        try:
            self.prepare(Wish(kept.lessons, kept.count, kept.minutes, kept.seed))
        except (LessonErrors, FileNotFoundError):
            self.wish = None
            self._give_up()
            return
        self.kept = kept

    @Slot(object)
    def begin(self, paper: tuple[Posed, ...]) -> None:
        """The paper is there: from now on the time runs, or it has run on all the while."""
        wish, self.wish = self.wish, None
        assert wish is not None, "nobody makes a paper that nobody wants"
        kept, self.kept = self.kept, None
        self.made_of = wish
        if kept is not None:
            self._go_on(kept, paper)
        elif paper:
            self.exam = exams.begin(paper, wish.seed, keeper.now(), wish.minutes)
            self._clock.start()
            self._keep()
        self.has_failed = kept is None and not paper
        self.paint()

    def _go_on(self, kept: exam_kept.Kept, paper: tuple[Posed, ...]) -> None:
        """Take up the exam of before the stop, if this is its paper; it may be over meanwhile."""
        self.exam = exam_kept.taken_up(kept, paper)
        if self.exam is None:
            self._give_up()
            return
        self._clock.start()
        self.conductor.window.notice.say(self.conductor.words.t(GOES_ON))
        self.send(exams.Look())

    def _keep(self) -> None:
        """Keep the exam as it stands, or that there is none."""
        text = ""
        if self.exam is not None and not self.exam.is_over:
            assert self.made_of is not None, "an exam under way has a paper"
            text = exam_kept.dumps(self.exam, self.made_of.lessons, self.made_of.count)
        self.conductor.keeper.keep_exam(text)

    def _give_up(self) -> None:
        """The exam that was under way cannot go on."""
        self._keep()
        self.conductor.window.notice.warn(self.conductor.words.t(OTHER_PAPER))

    def send(self, intent: Intent) -> None:
        """Make the next exam, and show it."""
        if self.exam is None or self.exam.is_over:
            return
        was, self.exam = self.exam, exams.update(self.exam, intent, keeper.now())
        if self.exam.is_over:
            self._finish()
        if self.exam is not was:
            self._keep()
            self.paint()
        else:
            self.page.show_time(time_left(self.exam, keeper.now(), self.conductor.words))

    def _finish(self) -> None:
        """It is handed in: put down what was answered."""
        assert self.exam is not None, "an exam is handed in"
        self._clock.stop()
        if self.dialog is not None:
            self.dialog.reject()
        for old in self.conductor.findChildren(LastResult):
            old.setParent(None)
        LastResult(self.conductor, self.exam)
        at = keeper.moment(self.exam.handed_in)
        lines = exams.result(self.exam).lines
        for place, (question, given, line) in enumerate(zip(self.exam.paper, self.exam.given, lines, strict=True)):
            if not line.is_open:
                text, name = noting.bet_text(question, given), exam_kept.answer_name(self.exam, place)
                self.conductor.keeper.keep(
                    noting.of_posed(question, text, at, name, is_right=line.is_right, place=EXAM)
                )  # fmt: skip

    # --- what is done ---

    @Slot(str)
    def act(self, name: str) -> None:
        """Do what a button says."""
        deeds = {
            "flag": lambda: self.send(exams.Flag()), "next": lambda: self.send(exams.Next()), "hand-in": self.hand_in,
            "sheet": lambda: self._save(".pdf"), "table": lambda: self._save(".csv"), "anew": self.anew,
        }  # fmt: skip
        deeds[name]()

    def hand_in(self) -> None:
        """Hand it in; where questions are open, ask first."""
        exam, words = self.exam, self.conductor.words
        if exam is None or exam.phase != exams.SECOND:
            return
        count = len(exam.open_places)
        if not count:
            self.send(exams.HandIn())
            return
        said = words.n("{count} question is open. Hand in all the same?",
                       "{count} questions are open. Hand in all the same?", count)  # fmt: skip
        self._ask(said, words.t("Hand in"), lambda: self.send(exams.HandIn()))

    def anew(self) -> None:
        """Another exam."""
        self.exam = None
        for old in self.conductor.findChildren(LastResult):
            old.setParent(None)
        self.page.begin.draw.click()
        self.paint()

    @Slot(bool)
    def leave(self, is_closing: bool) -> None:
        """Leave the page, or (``is_closing``) the window; ask first while an exam goes on."""
        if self.exam is None or self.exam.is_over:
            self.close()
            return
        t = self.conductor.words.t
        said = t("The exam is not handed in. If you leave it now it is gone: nothing of it is kept.")
        self._ask(said, t("Leave the exam"), lambda: self._leave(is_closing=is_closing))

    def _leave(self, *, is_closing: bool) -> None:
        window, self.exam = self.conductor.window, None
        self._keep()
        self.close()
        if is_closing:
            window.window().close()

    def _ask(self, said: str, yes: str, then) -> None:
        if self.dialog is not None:
            self.dialog.reject()
        dialog = SureDialog(self.conductor.style, self.page, said, yes, then)
        dialog.no.restyle(self.conductor.style, self.conductor.words.t("Go on with the exam"))
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def _forget(self) -> None:
        self.dialog = None

    def _refuse(self) -> None:
        self.conductor.window.notice.say(self.conductor.words.t("Not while an exam goes on."))

    # --- the result ---

    @Slot(int)
    def replay(self, place: int) -> None:
        """Bring a question's run to the stage. The exam's command leads back to the result."""
        exam, conductor = self.exam, self.conductor
        assert exam is not None, "there is a result"
        self.close()
        if exam_replay.play(conductor, exam, place):
            conductor.window.notice.say(conductor.words.t("Shift+T leads back to the result."))

    def _save(self, ending: str) -> None:
        t = self.conductor.words.t
        dialog = QFileDialog(self.page, t("Write the result to a file"), FileDialog.folder)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(ending.removeprefix("."))
        assert self.exam is not None, "there is a result"
        dialog.selectFile(f"exam-{self.exam.seed}{ending}")
        dialog.fileSelected.connect(lambda path: self.save(Path(path)))
        dialog.finished.connect(self._forget)
        self.dialog = dialog
        dialog.open()

    def save(self, path: Path) -> None:
        """Write the result sheet (``.pdf``) or the table. What goes wrong is said."""
        from tutor.ui import exam_sheet

        words, exam = self.conductor.words, self.exam
        assert exam is not None, "there is a result"
        FileDialog.folder = str(path.parent)
        try:
            if path.suffix.lower() == ".pdf":
                exam_sheet.write(path, exam, words)
            else:
                path.write_bytes(exams.as_csv(exam, words).encode("utf-8-sig"))
        except OSError as fault:
            said = words.t("{path} cannot be written: {why}", path=path, why=fault)
            TroubleDialog(self.conductor.style, said, self.page, words.t("Exam")).open()
            return
        self.conductor.window.notice.say(words.t("saved to {path}", path=path))


def toggle(conductor: Conductor) -> ExamDesk | None:
    """Open the page; if it is open, close it."""
    opened = desk.toggle(conductor, ExamDesk, lambda: ExamDesk(conductor))
    assert opened is None or isinstance(opened, ExamDesk)
    return opened
