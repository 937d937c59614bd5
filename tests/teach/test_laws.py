"""Laws of the session: whatever a learner does, in whatever order."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings, strategies as st

from tutor.teach import intents as want
from tutor.teach.card import card
from tutor.teach.intents import Intent
from tutor.teach.session import SPEEDS, Session, start, update
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.time import MS, SECOND

from .conftest import CLOSE, HANDSHAKE

LESSONS = {lesson.id: (lesson, scenario_of(lesson)) for lesson in (HANDSHAKE, CLOSE)}

PLAIN: list[Intent] = [
    want.Play(), want.Pause(), want.TogglePlay(), want.StepForward(), want.StepBack(), want.Home(), want.End(),
    want.NextBeat(), want.PreviousBeat(), want.Faster(), want.Slower(), want.NormalSpeed(), want.BackToLesson(),
    want.GoExploring(), want.CheckBet(), want.Undo(), want.Redo(), want.SetLanguage("zh"), want.SetLanguage("xx"),
    want.SetTheme("dark"), want.SetTextScale(9.0), want.SetMotion("reduced"), want.Select("flight:1"),
    want.ToggleFold("fold:0"), want.ActNow("cut link"), want.ActNow("client close"), want.ActNow("crash server"),
    want.ActNow("rubbish"), want.SetSpeed(3.0), want.OpenLesson(*LESSONS[CLOSE.id]),
    want.ActNow("drop *:any"), want.ActNow("disarm drop *:any"), want.ActNow("set client.tcp_syn_retries 2"),
    want.NextBranch(), want.PreviousBranch(), want.See("beside", 1), want.See("beside", None),
]  # fmt: skip

INTENTS: st.SearchStrategy[Intent] = st.one_of(
    st.sampled_from(PLAIN),
    st.builds(want.Tick, st.integers(0, 2_000_000)),
    st.builds(want.Seek, st.integers(-SECOND, 300 * SECOND)),
    st.builds(want.Choose, st.integers(-1, 5)),
    st.builds(want.Drop, st.integers(-1, 20)),
    st.builds(want.Delay, st.integers(-1, 20), st.integers(1 * MS, 3 * SECOND)),
    st.builds(want.Duplicate, st.integers(-1, 20)),
    st.builds(want.SwitchBranch, st.integers(-1, 4)),
    st.builds(want.Corrupt, st.integers(-1, 20)),
    st.builds(want.Swap, st.integers(-1, 20)),
    st.builds(want.DeleteBranch, st.integers(-1, 6)),
    st.builds(
        want.EditProgram,
        st.sampled_from(["client", "server", "moon"]),
        st.integers(0, 1),
        st.integers(1, 6),
        st.sampled_from(["replace", "insert", "forget"]),
        st.sampled_from(["close", "after 1s write 7", "shutdown write", ""]),
    ),
)
"""Anything a learner can want, sensible or not."""


def journey(lesson_id: str, wanted: list[Intent]) -> list[Session]:
    """Every session on the way."""
    sessions = [start(*LESSONS[lesson_id])]
    for intent in wanted:
        sessions.append(update(sessions[-1], intent))
    return sessions


JOURNEYS = st.builds(journey, st.sampled_from(sorted(LESSONS)), st.lists(INTENTS, max_size=25))


@settings(max_examples=120)
@given(JOURNEYS)
def test_nothing_a_learner_does_is_an_exception(sessions: list[Session]) -> None:
    """And every session can be shown: its card, its beats, what is off the road, why something was refused."""
    for session in sessions:
        said = card(session)
        assert said is not None
        assert "{" not in said.words
        assert len(session.beats) == len(session.lesson.beats)
        assert session.off_road is None or session.branch != session.road
        assert session.notice is None or session.notice.text(Words(session.lang))


@settings(max_examples=120)
@given(JOURNEYS)
def test_the_playhead_never_passes_an_open_bet(sessions: list[Session]) -> None:
    """The law of bets, on every branch; and it stays inside the run."""
    for session in sessions:
        assert 0 <= session.playhead <= session.visible_end
        assert session.horizon is None or session.playhead <= session.horizon
        assert session.speed in SPEEDS


@settings(max_examples=60)
@given(JOURNEYS)
def test_no_branch_and_no_answer_is_ever_lost(sessions: list[Session]) -> None:
    """While one lesson is open, futures and answers only grow, undo or not."""
    for before, after in pairwise(sessions):
        if before.timeline.branches[0] is after.timeline.branches[0]:
            assert after.timeline.branches[: len(before.timeline.branches)] == before.timeline.branches
            assert after.answers[: len(before.answers)] == before.answers
        assert not after.gone & {after.branch, after.road, 0}
        assert after.beside is None or after.beside not in after.gone


def state(session: Session) -> tuple[object, ...]:
    """All that matters of a session, apart from its history and the look."""
    return (
        session.lesson, session.scenario, session.timeline.branches, session.road, session.branch, session.gone,
        session.is_exploring, session.answers, session.playhead, session.beat,
    )  # fmt: skip


@settings(max_examples=150)
@given(JOURNEYS)
def test_all_undone_and_all_redone_is_where_one_was(sessions: list[Session]) -> None:
    """Back to before the first deed and forward again: the same state, and on the way no branch of this run is lost."""
    last = here = sessions[-1]
    depth = len(here.undo)
    for intent in [want.Undo()] * depth + [want.Redo()] * depth:
        before, here = here, update(here, intent)
        assert here.timeline.has(here.branch)
        if before.timeline.branches[0] is here.timeline.branches[0]:
            assert here.timeline is before.timeline
        assert here.playhead <= here.visible_end
        assert not here.gone & {here.branch, here.road}
    assert state(here) == state(last)
    assert (len(here.undo), len(here.redo)) == (depth, 0)


@settings(max_examples=60)
@given(JOURNEYS)
def test_undo_and_redo_cancel_out(sessions: list[Session]) -> None:
    """Redo after undo is where we were, if there was something to undo."""
    session = sessions[-1]
    if session.undo:
        again = update(update(session, want.Undo()), want.Redo())
        assert (again.lesson, again.branch, again.playhead, again.beat) == (
            session.lesson, session.branch, session.playhead, session.beat,
        )  # fmt: skip
