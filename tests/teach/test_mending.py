"""Mending by hand: one change counts wherever it mends, and nothing counts that only stops what troubles."""

from __future__ import annotations

import pytest

from tutor.teach.intents import ActNow, CheckBet, TakeCheck
from tutor.teach.reading import load_lesson
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of

from .conftest import do


def mended(lesson_id: str, check: str, *acts: str) -> Session:
    """The session of a lesson's check after these deeds of a hand, handed in."""
    lesson = load_lesson(lesson_id)
    asked = [each.id for each in lesson.checks].index(check)
    session = do(start(lesson, scenario_of(lesson)), TakeCheck(asked))
    return do(session, *map(ActNow, acts), CheckBet())


@pytest.mark.sampled(8)
@pytest.mark.parametrize(
    ("lesson", "check", "act"),
    [
        ("04-syn-lost", "fewer-syns", "set phone.tcp_syn_retries 2"),
        ("28-keepalive", "fewer-questions", "set guard.tcp_keepalive_probes 2"),
        ("16-fin-wait-2-orphan", "sooner", "set viewer.tcp_fin_timeout 3"),
        ("26-syn-flood", "no-cookies", "program bank 1 replace listen 443 backlog=300"),
    ],
)
def test_another_change_that_mends_it_is_right(lesson: str, check: str, act: str) -> None:
    """Also where it comes too late for this run: the timer runs already, the line has been carried out."""
    session = mended(lesson, check, act)
    assert session.verdict is not None
    assert session.verdict.is_right


@pytest.mark.sampled(2)
@pytest.mark.parametrize(
    ("lesson", "check", "acts"),
    [
        ("04-syn-lost", "fewer-syns", ("crash phone",)),
        ("04-syn-lost", "fewer-syns", ("phone close",)),
        ("26-syn-flood", "no-cookies", ("crash guest",)),
        ("14-why-four-or-three", "no-gap", ("cut link",)),
        ("16-fin-wait-2-orphan", "sooner", ("set viewer.tcp_fin_timeout 3", "set viewer.tcp_orphan_retries 1")),
    ],
)
def test_a_deed_is_no_change(lesson: str, check: str, acts: tuple[str, ...]) -> None:
    """Whoever crashes the host that calls too often has set nothing; two changes are not one."""
    session = mended(lesson, check, *acts)
    assert session.verdict is None
    assert session.notice is not None
    assert session.notice.id == "no-change"


def test_a_mend_that_stops_the_patient_is_none() -> None:
    """With all segments lost nobody repeats a question too often; nobody asks one either."""
    session = mended("14-why-four-or-three", "no-gap", "set link.loss 100%")
    assert session.verdict is not None
    assert not session.verdict.is_right
