"""Sessions to begin a story with."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tutor.teach import betting, quiz
from tutor.teach.intents import CheckBet, Choose, Intent
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start, update
from tutor.teach.stage import scenario_of
from tutor.world.time import MS

HANDSHAKE = load_lesson("01-three-way-handshake")
CLOSE = load_lesson("13-four-way-close")

Do = Callable[..., Session]


@pytest.fixture
def handshake() -> Session:
    """Lesson 01 at its beginning."""
    return start(HANDSHAKE, scenario_of(HANDSHAKE))


@pytest.fixture
def closing() -> Session:
    """Lesson 13 at its beginning, by the RFC's rules."""
    return start(CLOSE, scenario_of(CLOSE, "rfc9293"))


def do(session: Session, *wanted: Intent) -> Session:
    """The session after these intents, one after the other."""
    for intent in wanted:
        session = update(session, intent)
    return session


def answered(session: Session, option: int | None = None) -> Session:
    """The session after the open bet or question was answered: rightly, unless an option is given."""
    ask, scene = session.ask, betting.scene(session, session.beat)
    assert ask is not None, "nothing is asked here"
    assert scene is not None, "what is asked is asked somewhere"
    if option is not None:
        return do(session, Choose(option), CheckBet())
    found = quiz.answer(ask, scene)
    given = quiz.right_given(ask, found) if found.right else quiz.Given(quiz.declared(ask)[:1])
    done = betting.hand_in(session, given)
    assert done.answers != session.answers, "what is right can be handed in"
    return done


def at_ms(session: Session) -> float:
    """The playhead in milliseconds."""
    return session.playhead / MS
