"""What the pages of learning show, as values: the start page and the learners; what all of them have in common.

Rules
-----
* A page is a picture, and beside it what is known of the thing that is chosen, with what can be done with it.
* Nothing here reads a file or a clock: what is known and the moment come in as a ``Desktop``.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tutor.joining import listed, named
from tutor.tcp.profile import Profile
from tutor.teach.answered import Record
from tutor.teach.glossary import concept_name
from tutor.teach.learners import FIRST, GUEST, Learner
from tutor.teach.understood import LessonStanding, Standing
from tutor.view.tiles import Tile
from tutor.words import Words, mark

START, UNDERSTOOD, CONCEPTS, PASSPORT, LEARNERS = "start", "understood", "concepts", "passport", "learners"

PLACES: dict[str, str] = {
    START: mark("Start"),
    UNDERSTOOD: mark("Understood"),
    CONCEPTS: mark("Concepts"),
    PASSPORT: mark("Passport"),
    LEARNERS: mark("Learners"),
}
"""Page -> its name on its tab; the command that opens it has the same id."""

ORDINARY, PRIMARY = "", "primary"


@dataclass(frozen=True, slots=True)
class Action:
    """A button: what it does (an id that the desk knows), its words, its key, its kind."""

    id: str
    text: str
    key: str = ""
    kind: str = ORDINARY


@dataclass(frozen=True, slots=True)
class LearningRows:
    """A page. ``picture``: what ``learning.draw`` draws for this place; ``lines``: paragraphs beside it."""

    place: str
    head: str
    summary: str
    picture: object
    title: str
    lines: tuple[str, ...]
    actions: tuple[Action, ...]
    chosen: str
    spoken: str
    name: str
    """What the picture shows, for screen readers."""


@dataclass(frozen=True, slots=True)
class Desktop:
    """All that a page is made of. ``unread``: so many lessons are still being read."""

    words: Words
    now: datetime
    standing: Standing = field(default_factory=Standing)
    record: Record = field(default_factory=Record)
    profile: Profile | None = None
    learners: tuple[Learner, ...] = ()
    learner: str = GUEST
    keeps: bool = True
    """Can anything be kept at all?"""
    unread: int = 0


def who(learner: Learner | str, words: Words, there: tuple[Learner, ...] = ()) -> str:
    """What a learner is called on the screen."""
    if isinstance(learner, str):
        learner = next((each for each in there if each.id == learner), Learner(learner))
    if learner.is_guest:
        return words.t("Guest")
    if not learner.is_readable:
        return words.t("Not readable ({id})", id=learner.id)
    return learner.name or words.t("First learner")


def title_of(lesson: LessonStanding, words: Words) -> str:
    """A lesson's name; while it is not read, what its id says."""
    if lesson.lesson is not None:
        return lesson.lesson.title[words.lang]
    return lesson.id.split("-", maxsplit=1)[-1].replace("-", " ")


def soon(at: datetime, now: datetime, words: Words) -> str:
    """When something is, seen from now."""
    left = at - now
    if left <= timedelta(0):
        return words.t("due now")
    if left < timedelta(hours=1):
        minutes = max(1, round(left.total_seconds() / 60))
        return words.n("in {count} minute", "in {count} minutes", minutes)
    if left < timedelta(days=1):
        return words.n("in {count} hour", "in {count} hours", round(left.total_seconds() / 3600))
    return words.n("in {count} day", "in {count} days", round(left.total_seconds() / 86400))


# --- the start page ---


def start_rows(desk: Desktop, chosen: str) -> LearningRows:
    """Lessons in the order of teaching, how far each is, and what to do next."""
    words, standing = desk.words, desk.standing
    following = standing.next
    row = next((each for each in standing.lessons if lesson_mark(each) == chosen), following)
    tiles = tuple(_lesson_tile(each, following, row, desk) for each in standing.lessons)
    done = sum(each.is_done for each in standing.lessons)
    summary = words.t("{done} of {all} lessons done", done=done, all=len(standing.lessons))
    due = len(standing.due)
    parts = (who(desk.learner, words, desk.learners), summary, words.t("review due: {count}", count=due))
    title, lines = ("", ()) if row is None else (_numbered(row, words), _of_lesson(row, standing, words))
    return LearningRows(
        START, words.t("Start"), "  ·  ".join(parts), tiles, title, lines, _start_actions(row, due, words),
        "" if row is None else lesson_mark(row), listed((title, summary), words), words.t("Lessons"),
    )  # fmt: skip


def lesson_mark(lesson: LessonStanding) -> str:
    """The mark of a lesson's tile or row."""
    return f"lesson:{lesson.id}"


def _numbered(row: LessonStanding, words: Words) -> str:
    return f"{row.number}  {title_of(row, words)}"


def _lesson_tile(
    each: LessonStanding, following: LessonStanding | None, chosen: LessonStanding | None, desk: Desktop
) -> Tile:
    words, walked = desk.words, each.walked
    if walked is None:
        note = ""
    elif walked.is_done:
        note = words.t("done")
    else:
        note = words.t("step {step} of {steps}", step=walked.furthest, steps=walked.beats)
    due = sum(1 for card in desk.standing.due if card.lesson == each.id)
    if due:
        note = listed(filter(None, (note, words.t("review: {count}", count=due))), words)
    is_next = following is not None and each.id == following.id
    tag, name = words.t("next") if is_next else "", title_of(each, words)
    said = listed(filter(None, (_numbered(each, words), tag, note)), words)
    steps = (0, 1) if walked is None else (walked.furthest, walked.beats)
    return Tile(
        lesson_mark(each), name, said, note, each.number, steps, tag, is_done=each.is_done, is_next=is_next,
        is_chosen=chosen is not None and chosen.id == each.id, is_dim=walked is None and not is_next,
    )  # fmt: skip


def _of_lesson(row: LessonStanding, standing: Standing, words: Words) -> tuple[str, ...]:
    if row.lesson is None:
        return (words.t("This lesson is still being read."),)
    lines = [row.lesson.goal[words.lang]]
    if row.walked is not None and not row.is_done:
        lines.append(words.t("You are at step {step} of {steps}.", step=row.walked.furthest, steps=row.walked.beats))
    done = {each.id for each in standing.lessons if each.is_done}
    needed = [each for each in standing.lessons if each.id in row.lesson.prerequisites and each.id not in done]
    if needed:
        names = listed((_numbered(each, words) for each in needed), words)
        lines.append(words.t("It builds on: {lessons}.", lessons=names))
    lines.append(
        words.t(
            "What it is about: {concepts}.",
            concepts=listed((concept_name(each, words) for each in row.lesson.concepts), words),
        )
    )
    return tuple(lines)


def _start_actions(row: LessonStanding | None, due: int, words: Words) -> tuple[Action, ...]:
    t = words.t
    found = []
    if row is not None:
        said = t("Once more") if row.is_done else t("Continue") if row.is_begun else t("Begin")
        found.append(Action("open", said, t("Enter"), PRIMARY))
    if due:
        found.append(
            Action("review", t("Review: {count} due", count=due), "Shift+R", "" if row is not None else PRIMARY)
        )
    found.append(Action("laboratory", t("Laboratory"), "N"))
    return tuple(found)


# --- the learners ---

NEW = "new"


def learners_rows(desk: Desktop, chosen: str) -> LearningRows:
    """Who learns here."""
    words, t = desk.words, desk.words.t
    everybody = (*desk.learners, Learner(GUEST))
    row = next((each for each in everybody if learner_mark(each) == chosen), None)
    row = row or next((each for each in everybody if each.id == desk.learner), None)
    tiles = []
    for each in everybody:
        is_here = each.id == desk.learner
        note = t("nothing is kept") if each.is_guest else ""
        tag = t("learns now") if is_here else ""
        tiles.append(
            Tile(
                learner_mark(each), who(each, words), listed(filter(None, (who(each, words), tag, note)), words), note,
                tag=tag, is_next=is_here, is_chosen=each is row, is_dim=each.is_guest and not is_here,
            )
        )  # fmt: skip
    now = t("Learning now: {name}", name=who(desk.learner, words, desk.learners))
    return LearningRows(
        LEARNERS, t("Learners"), now, tuple(tiles), "" if row is None else who(row, words),
        () if row is None else _of_learner(row, desk), () if row is None else _learner_actions(row, desk),
        "" if row is None else learner_mark(row), now, t("Learners"),
    )  # fmt: skip


def learner_mark(learner: Learner) -> str:
    """The mark of a learner's tile."""
    return f"learner:{learner.id}"


def _of_learner(row: Learner, desk: Desktop) -> tuple[str, ...]:
    words, t = desk.words, desk.words.t
    lines = []
    if row.is_guest:
        lines.append(t("Nothing that a guest does is kept: it is forgotten when this window closes."))
    elif not row.is_readable:
        lines.append(t("The file of this learner cannot be read. It can only be deleted."))
    elif row.id == FIRST and not row.name:
        lines.append(t("Whoever learns here without having given a name."))
    if row.id == desk.learner:
        record = desk.record
        answers = len(record.answers)
        right = sum(each.is_right for each in record.answers)
        done = sum(each.is_done for each in record.lessons)
        lines += [
            named(t("Lessons done"), f"{done}", words),
            named(t("Answers"), t("{count}, {right} of them right", count=answers, right=right), words),
            named(t("Cards to be reviewed"), f"{len(desk.standing.cards)}", words),
            named(t("Edges crossed"), f"{len({each.edge for each in record.edges})}", words),
            named(t("Puzzles solved"), f"{len(record.puzzles)}", words),
        ]
    return tuple(lines)


def _learner_actions(row: Learner, desk: Desktop) -> tuple[Action, ...]:
    t = desk.words.t
    found = []
    is_here = row.id == desk.learner
    if not is_here and row.is_readable:
        said = t("Learn as a guest") if row.is_guest else t("Learn as {name}", name=who(row, desk.words))
        found.append(Action("use", said, t("Enter"), PRIMARY))
    if not desk.keeps:
        return tuple(found)
    found.append(Action(NEW, t("New learner…")))
    if is_here:
        found += [Action("export", t("Write to a file…")), Action("import", t("Take in a file…"))]
    if not row.is_guest:
        if row.is_readable:
            found.append(Action("rename", t("Rename…")))
        if is_here:
            found.append(Action("reset", t("Forget all progress…")))
        found.append(Action("delete", t("Delete this learner…")))
    return tuple(found)
