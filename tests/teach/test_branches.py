"""Stories of touching: every touch is a fork, nothing is lost, and there is always a way back."""

from __future__ import annotations

import pytest

from tutor.teach.intents import (
    ActNow,
    BackToLesson,
    Delay,
    Drop,
    Duplicate,
    End,
    GoExploring,
    Intent,
    NextBeat,
    OpenLesson,
    Redo,
    Seek,
    SwitchBranch,
    Undo,
)
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.world.records import Arrived, Lost
from tutor.world.time import MS

from .conftest import CLOSE, HANDSHAKE, answered, at_ms, do


def free(session: Session) -> Session:
    """The session with every bet of the road answered, back at 20 ms: the SYN is on its way."""
    while session.horizon is not None:
        session = answered(session) if session.is_held else do(session, NextBeat())
    return do(session, Seek(20 * MS))


def retransmissions(session: Session) -> int:
    """How many segments are sent again on the branch on screen."""
    return sum(getattr(r, "flight", None) is not None and r.flight.retransmission > 0 and type(r).__name__ == "Sent"
               for _, r in session.trace.records())  # fmt: skip


# --- leaving the road ---


def test_dropping_a_segment_forks_at_the_playhead(handshake: Session) -> None:
    """The new branch has the loss; the old future is still there, untouched."""
    before = free(handshake)
    after = do(before, Drop(1))
    assert after.branch != before.branch
    assert len(after.timeline.branches) == 2
    assert (after.playhead, after.beat) == (before.playhead, before.beat)
    assert retransmissions(after) == 1
    assert retransmissions(do(after, BackToLesson())) == 0


def test_the_card_can_say_what_was_done_and_what_it_changed(handshake: Session) -> None:
    """The first difference: here the SYN dies half way, on the road it arrives."""
    away = do(free(handshake), GoExploring(), Drop(1), GoExploring()).off_road
    assert away is not None
    assert (away.left_at, away.acts) == (20 * MS, ("drop #1",))
    assert away.change is not None
    assert isinstance(away.change.here, Lost)
    assert isinstance(away.change.on_road, Arrived)
    assert away.change.at == 25 * MS
    assert away.is_exploring


def test_what_changed_is_hidden_while_a_bet_is_open(handshake: Session) -> None:
    """The comparison would give the answer away."""
    away = do(handshake, NextBeat(), Drop(1)).off_road
    assert away is not None
    assert away.change is None
    assert away.acts == ("drop #1",)


def test_a_segment_of_the_past_is_touched_where_it_was_sent(handshake: Session) -> None:
    """Clicking the SYN after it has arrived goes back to the moment at which it left."""
    late = do(free(handshake), Seek(120 * MS))
    dropped = do(late, Drop(1))
    assert at_ms(dropped) == 0
    assert retransmissions(dropped) == 1


def test_a_segment_of_the_future_is_touched_where_it_will_be_sent(handshake: Session) -> None:
    """The learner stays where he is; what comes is different."""
    early = free(handshake)
    last = max(r.flight.id for _, r in early.trace.records() if hasattr(r, "flight"))
    dropped = do(early, Drop(last))
    assert dropped.playhead == early.playhead
    assert dropped.timeline.branch(dropped.branch).at == 100 * MS, "the ACK leaves the client after one round trip"


@pytest.mark.parametrize("touch", [Drop(1), Delay(1), Delay(1, 10 * MS), Duplicate(1)])
def test_every_touch_makes_a_branch_of_its_own(touch: Intent, handshake: Session) -> None:
    """And another run: none of them leaves the records as they were."""
    session = do(free(handshake), touch)
    away = session.off_road
    assert away is not None
    assert away.change is not None


def test_any_act_can_be_done_in_one_line(handshake: Session) -> None:
    """The same vocabulary as in lessons and on the command line."""
    session = do(free(handshake), ActNow("cut link"))
    assert session.off_road is not None
    assert session.off_road.acts == ("cut link",)


@pytest.mark.parametrize("act", ["cutt link", "client frobnicate", "drop #99", "nobody close", "set link.delay soon"])
def test_what_cannot_be_done_changes_nothing_and_says_why(act: str, handshake: Session) -> None:
    """The learner's deed is never an exception."""
    before = free(handshake)
    after = do(before, ActNow(act))
    assert after.notice is not None
    assert after.notice.id == "cannot-act"
    assert after.notice.detail
    assert after.timeline is before.timeline
    assert after.branch == before.branch


def test_a_segment_that_is_not_there_cannot_be_touched(handshake: Session) -> None:
    """Also not one that an open bet hides."""
    for session, number in ((free(handshake), 99), (do(handshake, NextBeat()), 2)):
        after = do(session, Drop(number))
        assert after.notice is not None
        assert after.notice.id == "no-such-segment"


# --- the lesson on a branch ---


def test_beats_whose_cue_still_fires_go_on_later(handshake: Session) -> None:
    """With the SYN lost, everything comes one second (the first RTO) later."""
    session = do(free(handshake), Drop(1), GoExploring())
    assert [mark.at for mark in session.beats] == [
        at and at + 1_000 * MS for at in (0, 0, 50 * MS, 100 * MS, 150 * MS, 150 * MS)
    ] + [session.end]


def test_beats_whose_cue_cannot_fire_are_marked(handshake: Session) -> None:
    """With the cable cut nobody ever answers."""
    session = do(free(handshake), ActNow("cut link"), GoExploring())
    assert [mark.status for mark in session.beats] == ["done", "current", *["unreachable"] * 4, "ahead"]
    assert session.off_road is not None
    assert session.off_road.lost == ("second-segment", "client-is-open", "the-answer", "two-records-agree")


# --- back again ---


def test_back_to_the_lesson_is_one_step_to_where_it_was_left(handshake: Session) -> None:
    """Whatever was done on the way, however far."""
    left = free(handshake)
    home = do(left, Drop(1), GoExploring(), End(), ActNow("cut link"), BackToLesson())
    assert (home.branch, home.playhead, home.beat) == (left.road, left.playhead, left.beat)
    assert home.off_road is None
    assert not home.is_exploring
    assert len(home.timeline.branches) == 3


def test_on_the_road_there_is_nothing_to_go_back_to(handshake: Session) -> None:
    """And nothing to explore: the session says so."""
    for intent in (BackToLesson(), GoExploring()):
        notice = do(handshake, intent).notice
        assert notice is not None
        assert notice.id == "on-the-road"


def test_a_ghost_can_be_looked_at(handshake: Session) -> None:
    """The playhead stays where it is; a branch that does not exist is told."""
    session = do(free(handshake), Drop(1), BackToLesson(), SwitchBranch(1))
    assert (session.branch, at_ms(session)) == (1, 20)
    missing = do(session, SwitchBranch(7))
    assert missing.notice is not None
    assert missing.notice.id == "no-such-branch"


# --- undo ---


def test_undo_returns_the_session_but_keeps_every_branch(handshake: Session) -> None:
    """The undone future stays as a ghost, and redo finds it again."""
    before = free(handshake)
    after = do(before, Drop(1))
    undone = do(after, Undo())
    assert (undone.branch, undone.playhead, undone.beat) == (before.branch, before.playhead, before.beat)
    assert undone.timeline is after.timeline
    redone = do(undone, Redo())
    assert redone.branch == after.branch
    assert redone.off_road is not None


def test_a_new_deed_forgets_what_was_undone(handshake: Session) -> None:
    """There is one line of deeds; futures are never forgotten."""
    session = do(free(handshake), Drop(1), Undo(), Duplicate(1))
    assert len(session.timeline.branches) == 3
    nothing = do(session, Redo())
    assert nothing.notice is not None
    assert nothing.notice.id == "nothing-to-redo"


def test_a_refused_deed_leaves_no_trace_in_the_history(handshake: Session) -> None:
    """Undo after it takes back what really happened last."""
    session = do(free(handshake), Drop(1), ActNow("nonsense"), Undo())
    assert session.branch == session.road


def test_opening_another_lesson_can_be_undone(handshake: Session) -> None:
    """With its playhead, its answers and its branches."""
    before = do(free(handshake), Drop(1))
    other = do(before, OpenLesson(CLOSE, scenario_of(CLOSE)))
    assert (other.lesson.id, other.playhead, other.answers) == ("13-four-way-close", 0, ())
    back = do(other, Undo())
    assert back.lesson is HANDSHAKE
    assert (back.branch, back.playhead, len(back.answers)) == (1, 20 * MS, len(before.answers))


def test_sessions_are_values(handshake: Session) -> None:
    """An older session is not touched by what is done with it later."""
    before = free(handshake)
    picture = (before.branch, before.playhead, len(before.timeline.branches), before.undo)
    do(before, Drop(1), GoExploring(), End(), Undo(), Redo())
    assert (before.branch, before.playhead, len(before.timeline.branches), before.undo) == picture


def test_a_lesson_that_acts_keeps_the_future_without_its_act(closing: Session) -> None:
    """What the lesson itself does at a beat is a fork, too: the road is its last branch."""
    assert start(CLOSE, scenario_of(CLOSE)).timeline.branches[0].parent is None
    assert closing.road == 0, "lesson 13 does nothing but look"
