"""What the lesson card asks for that is more than one intent: a run that shows why, a jump, the author's own hand.

Rules
-----
* A deed gets the conductor and nothing else, as in ``deeds``. What it changes in the session it sends as intents.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMenu

from tutor.tcp import states
from tutor.teach import byroad, intents
from tutor.teach.card import card, touch_of
from tutor.teach.doing import parse_doing
from tutor.teach.facts import NoSuchThing
from tutor.teach.going import can_visit
from tutor.teach.visiting import CHECK, CLOSING, READ, home_of
from tutor.ui import card_rows, deeds, saying
from tutor.ui.rows import LessonCardRows, RailStep
from tutor.words import mark
from tutor.world.query import find, parse_cue

if TYPE_CHECKING:
    from tutor.teach.lesson import Lesson
    from tutor.teach.session import Session
    from tutor.ui.conductor import Conductor


TIME_IS_UP = mark("Time is up. Tick what you have said.")


def wire(conductor: Conductor) -> None:
    """Listen to the lesson card."""
    lesson = conductor.window.lesson
    lesson.written.connect(lambda text, is_told: conductor.send(intents.Write(text, is_told)))
    lesson.played.connect(lambda index: conductor.send(intents.ShowWhy(index)))
    lesson.late.connect(lambda: conductor.window.notice.say(conductor.words.t(TIME_IS_UP)))
    lesson.step_wanted.connect(partial(go_to_place, conductor))
    lesson.term_wanted.connect(partial(deeds.open_term, conductor))


def rows(conductor: Conductor) -> LessonCardRows:
    """Everything on the lesson card."""
    return saying.lesson_rows(conductor.session, conductor.words, conductor.shown_variables(), next_title(conductor))


def watch_why(conductor: Conductor) -> None:
    """The run that answers what was given."""
    said = card(conductor.session)
    plays = said.ask.plays if said is not None and said.ask is not None else None
    conductor.send(intents.ShowWhy(plays if plays is not None else -1))


def explain(conductor: Conductor) -> None:
    """Begin the clock of an explanation, or end it."""
    conductor.window.lesson.ask.explain.press()


def type_digit(conductor: Conductor, digit: int) -> None:
    """A digit was pressed while a time is asked for: it goes into the field."""
    field = conductor.window.lesson.ask.field
    if field.isVisible():
        field.begin(str(digit))


def pick_state(conductor: Conductor, mark: str) -> None:
    """A state of the diagram was clicked: where a state is asked for, that is an answer."""
    session = conductor.session
    ask = session.ask
    if ask is None or not session.is_asking or ask.kind not in ("next-state", "state"):
        return
    _, _, name = mark.partition(":")
    name = name.split(":")[0]
    picked = [states.parse(option.value) is states.parse(name) for option in ask.options]
    if True not in picked:
        words = conductor.words
        conductor.window.notice.say(words.t("{state} is none of the answers on offer.", state=name))
    elif picked.index(True) not in session.given.picks:
        conductor.send(intents.Choose(picked.index(True)))


# --- the author's own hand ---


def show_me(conductor: Conductor) -> None:
    """Do what the card asks to be done, as its author does it, and go to where it is seen."""
    session = conductor.session
    touch = touch_of(session)
    if touch is None:
        conductor.send(intents.ShowWhy(-1))
        return
    solved, road = touch.solved, session.road
    conductor.send(intents.SwitchBranch(road))
    session = conductor.session
    trace, moments = session.timeline.branch(road).trace, session.laid[road]
    try:
        left = byroad.leaves_at(session.lesson, solved.at, trace, moments, moments[session.beat])
    except NoSuchThing:
        return
    conductor.send(intents.Seek(left.at))
    for text in solved.acts:
        doing = parse_doing(text)
        conductor.send(intents.Seek(doing.at(left)))
        conductor.send(intents.ActNow(doing.act))
    session = conductor.session
    seen = find(session.trace, parse_cue(solved.watch), after_index=left.index)
    if session.branch != road and seen is not None:
        conductor.send(intents.GoExploring())
        conductor.send(intents.Seek(seen.at))


# --- the contents ---


def open_contents(conductor: Conductor) -> None:
    """The list of every step, of what one may have read, and of the checks."""
    window, session = conductor.window, conductor.session
    steps = card_rows.rail(session, conductor.words)
    menu = QMenu(window)
    menu.setFont(conductor.style.font(15))
    kind = ""
    for step, (text, can_go) in zip(steps, card_rows.contents(steps, conductor.words), strict=True):
        if kind and step.kind != kind:
            menu.addSeparator()
        kind = step.kind
        entry = menu.addAction(text.replace("&", "&&"))
        entry.setEnabled(can_go)
        entry.triggered.connect(lambda _checked=False, step=step: _go_in(conductor, session.lesson, step))
    menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    rail = window.lesson.rail if window.lesson.rail.isVisible() else window.top.lesson
    menu.popup(rail.mapToGlobal(rail.rect().bottomLeft()))


def _go_in(conductor: Conductor, lesson: Lesson, step: RailStep) -> None:
    """To a step of ``lesson``; nothing happens if another one was opened while the list stood there."""
    if conductor.session.lesson is lesson:
        go_to(conductor, step)


def go_to_place(conductor: Conductor, place: int) -> None:
    """A place of the rail was clicked; -1: the list is wanted."""
    steps = conductor.window.lesson.rail.steps
    if 0 <= place < len(steps):
        go_to(conductor, steps[place])
    else:
        open_contents(conductor)


def go_to(conductor: Conductor, step: RailStep) -> None:
    """To a step of the lesson, or beside it."""
    if step.kind != "beat" and not can_visit(conductor.session):
        return
    while conductor.session.aside is not None:
        conductor.send(intents.BackToLesson())
    if step.kind == READ:
        conductor.send(intents.Read(step.index))
    elif step.kind == CHECK:
        conductor.send(intents.TakeCheck(step.index))
    else:
        _to_beat(conductor, step.index)


def _to_beat(conductor: Conductor, index: int) -> None:
    moment = conductor.session.moments[index]
    if moment is None:
        return
    conductor.send(intents.Seek(moment.at))
    while conductor.session.playhead == moment.at and conductor.session.beat < index:
        before = conductor.session.beat
        conductor.send(intents.NextBeat())
        if conductor.session.beat == before:
            return


def following(conductor: Conductor) -> str:
    """The id of the lesson after this one; "": there is none."""
    ids = conductor.library.ids()
    here = conductor.session.lesson.id
    return ids[ids.index(here) + 1] if here in ids[:-1] else ""


def next_lesson(conductor: Conductor) -> None:
    """Begin the lesson after this one."""
    name = following(conductor)
    if name:
        conductor.open_lesson(name)


def next_title(conductor: Conductor) -> str:
    """The title of the lesson after this one, where it is offered."""
    session = conductor.session
    if session.aside is None or session.aside.kind != CLOSING:
        return ""
    name = following(conductor)
    return conductor.library.lesson(name).title[session.lang] if name else ""


def offered_puzzle(session: Session):
    """The puzzle that is asked for, or offered, on the card."""
    from tutor.teach.puzzles import puzzle_of

    ask = session.ask if session.is_asking else None
    wire = ask.wire if ask is not None and ask.wire is not None else None
    beat = session.current
    wire = wire or (beat.wire if beat is not None else None)
    return None if wire is None else puzzle_of(home_of(session).lesson, wire)
