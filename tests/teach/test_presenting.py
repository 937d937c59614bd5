"""A presentation as a value: where one press leads, what the room sees, how late it is."""

from __future__ import annotations

import pytest

from tutor.teach import presenting
from tutor.teach.lesson import Text
from tutor.teach.presenting import Presenting, begin, lead, update
from tutor.teach.show import Stop
from tutor.teach.show_deeds import (
    Back,
    Blank,
    Deed,
    Draw,
    Follow,
    Freeze,
    GoTo,
    Hide,
    Lay,
    Lift,
    Moved,
    Next,
    Pass,
    PointAt,
    Restart,
    Reveal,
    Situate,
    Stray,
    Take,
    Vote,
    Wipe,
    ZoomAt,
)
from tutor.teach.votes import Votes

MINUTE = 60.0


def stop(kind: str = "beat", seconds: float = MINUTE) -> Stop:
    """A stop that takes a minute."""
    return Stop(0, kind, "a-lesson", "a-beat", "a-beat" if kind == "question" else "", Text("A"), Text(""), seconds)


def after(*deeds: Deed, at: int = 0) -> Presenting:
    """A presentation of a beat, a question and a beat, after these deeds."""
    here = begin((stop(), stop("question"), stop()), at)
    for deed in deeds:
        here = update(here, deed)
    return here


# --- walking ---


def test_two_buttons_lead_through_everything() -> None:
    """To the question, to its answer, on to the last stop, and no further; the other button leads back."""
    assert after(Next()).is_asking
    assert after(Next(), Next()).at == 1
    assert not after(Next(), Next()).is_asking
    end = after(Next(), Next(), Next())
    assert (end.at, end.following, end.is_over) == (2, None, False)
    over = update(end, Next())
    assert (over.at, over.is_over) == (2, True)
    assert (update(over, Back()).at, update(over, Back()).is_over) == (2, False)
    assert after(Next(), Next(), Next(), Back(), Back(), Back(), Back()).at == 0


def test_an_answer_that_was_shown_can_be_hidden_for_the_next_class() -> None:
    """The question asks again then; to reveal where nothing is asked is nothing."""
    shown = after(Next(), Reveal())
    assert shown.revealed == {1}
    assert update(shown, Hide(1)).is_asking
    assert after(Reveal()) == after()


def test_a_prepared_situation_leads_back_to_where_it_was_left() -> None:
    """One key there; the next press is the stop that was left, not the one after it."""
    there = after(Next(), Situate(3))
    assert (there.situation, there.at, there.is_asking) == (3, 1, False)
    for deed in (Next(), Back()):
        back = update(there, deed)
        assert (back.situation, back.at, back.is_asking) == (None, 1, True)


def test_a_place_beyond_the_ends_is_the_end() -> None:
    """Whoever types too far stays in the lecture."""
    assert (after(GoTo(99)).at, after(GoTo(-3)).at, after(at=99).at) == (2, 0, 2)


def test_a_run_that_was_moved_by_hand_takes_the_list_along() -> None:
    """The stop is another one, and what is on the room's window stays."""
    here = after(ZoomAt("diagram", (0.5, 0.5)), Stray(2))
    assert (here.at, here.zoom is not None) == (2, True)
    assert after(Stray(0)) is not None


# --- what the room sees ---


def test_black_goes_with_the_same_key_or_with_the_next_stop() -> None:
    """And black after white is black."""
    assert after(Blank("black")).blank == "black"
    assert after(Blank("black"), Blank("black")).blank == ""
    assert after(Blank("white"), Blank("black")).blank == "black"
    assert after(Blank("black"), Next()).blank == ""


def test_a_press_at_a_black_question_shows_its_answer_and_the_picture() -> None:
    """The room must not be left in the dark with it."""
    here = after(Next(), Blank("black"), Next())
    assert (here.blank, here.revealed) == ("", {1})


def test_a_zoom_goes_with_the_stop_and_the_camera_stays() -> None:
    """One looks at a place once, and follows for as long as one wants; one of the two at a time."""
    assert after(ZoomAt("diagram", (0.2, 0.8)), Next()).zoom is None
    assert after(Follow(), Next()).is_following
    assert not after(Follow(), ZoomAt("ladder", (0.5, 0.5))).is_following
    assert after(ZoomAt("ladder", (0.5, 0.5)), Follow()).zoom is None
    assert after(ZoomAt("ladder", (0.5, 0.5)), ZoomAt("ladder", (0.1, 0.1))).zoom is None


def test_freeze_and_layout_hold_until_they_are_changed() -> None:
    """Whatever stop is next."""
    here = after(Freeze(), Lay("ladder"), Next())
    assert (here.is_frozen, here.layout) == (True, "ladder")
    assert after(Lay("both")) == after()
    assert not after(Freeze(), Freeze()).is_frozen


# --- pointing ---


def test_strokes_belong_to_their_moment() -> None:
    """Gone with it, there again with it; wiped for good."""
    drawn = after(
        Moved(100), Take("pen"), Draw("diagram", (0.1, 0.1), is_new=True), Draw("diagram", (0.2, 0.2)), Lift()
    )
    assert [stroke.points for stroke in drawn.shown_strokes] == [((0.1, 0.1), (0.2, 0.2))]
    elsewhere = update(drawn, Moved(200))
    assert elsewhere.shown_strokes == ()
    assert update(elsewhere, Moved(100)).shown_strokes == drawn.shown_strokes
    assert update(drawn, Next()).shown_strokes == ()
    assert update(update(drawn, Situate(1)), Moved(100)).shown_strokes == ()
    assert update(elsewhere, Wipe()).strokes == drawn.strokes
    assert update(drawn, Wipe()).strokes == ()


def test_a_pen_that_is_not_down_draws_nothing() -> None:
    """Nor does it go on on another picture, or when the run has moved on meanwhile."""
    assert after(Draw("diagram", (0.2, 0.2))).strokes == ()
    begun = after(Draw("diagram", (0.1, 0.1), is_new=True))
    assert len(update(begun, Draw("ladder", (0.2, 0.2))).strokes[0].points) == 1
    assert len(update(update(begun, Moved(5)), Draw("diagram", (0.2, 0.2))).strokes[0].points) == 1
    assert len(update(update(begun, Lift()), Draw("diagram", (0.2, 0.2))).strokes[0].points) == 1
    assert update(after(), Lift()) == after()


def test_the_laser_leaves_a_trail_that_fades() -> None:
    """Only the laser, and only for a moment."""
    here = after(Take("laser"), PointAt((0.1, 0.1)), Pass(0.1), PointAt((0.2, 0.2)))
    assert [spot.at for spot in here.trail] == [(0.1, 0.1), (0.2, 0.2)]
    assert [spot.at for spot in update(here, Pass(0.55)).trail] == [(0.2, 0.2)]
    assert update(here, Pass(presenting.TRAIL_SECONDS)).trail == ()
    assert after(Take("spot"), PointAt((0.1, 0.1))).trail == ()
    assert update(here, Take("laser")).tool == ""
    assert update(here, PointAt((0.2, 0.2))) is here


# --- time ---


def test_the_pace_is_held_against_the_plan() -> None:
    """A stop is on time for as long as the plan gives it; then one is late, and whoever hurries is ahead."""
    assert lead(after(Pass(30))) == 0
    assert lead(after(Pass(MINUTE))) == 0
    assert lead(after(Pass(90))) == -30
    assert lead(after(Next(), Pass(30))) == 30
    assert lead(after(Next(), Pass(90))) == 0
    assert presenting.planned(after()) == 3 * MINUTE


def test_each_stop_knows_what_was_spent_on_it() -> None:
    """So that a rehearsal can be told; the clock begins anew when it is asked to."""
    here = after(Pass(10), Next(), Pass(20), Back(), Pass(5))
    assert here.spent == (15, 20, 0)
    assert here.elapsed == 35
    anew = update(here, Restart())
    assert (anew.elapsed, anew.spent, anew.at) == (0, (0, 0, 0), 0)


def test_the_votes_of_the_room_are_kept_with_the_question() -> None:
    """They are a value like all else."""
    votes = Votes("a/b", "2026-01-01T09:00:00+00:00", ("A", "B"))
    assert after(Vote(votes)).votes is votes


def test_where_nobody_votes_each_press_plays_one_more_run() -> None:
    """After the answer: the options that have a run, one a press, then the next stop; back leads to the answer."""
    stops = (
        Stop(0, "question", "a", "", "why", Text("Why?"), Text(""), 60.0),
        Stop(0, "beat", "a", "on", "", Text("On"), Text(""), 60.0),
    )
    here = update(begin(stops), Vote(None, (True, False, True)))
    assert here.untold is None, "not before the answer"
    here, seen = update(here, Next()), []
    while here.at == 0:
        seen.append(here.why)
        here = update(here, Next())
    assert seen == [None, 0, 2]
    there = update(update(update(begin(stops), Vote(None, (True,))), Next()), Next())
    assert there.why == 0 and update(there, Back()).why is None
    voted = update(update(begin(stops), Vote(Votes("a/b", "", ("x", "y")), (True, True))), Next())
    assert voted.untold is None, "where hands are counted, they say what is played"


def test_there_is_no_presentation_of_nothing() -> None:
    """That is our mistake, and is said at once."""
    with pytest.raises(AssertionError):
        begin(())


def test_what_is_drawn_on_a_frozen_picture_stays_with_its_moment() -> None:
    """The lecturer is elsewhere, and the run plays on meanwhile: the line is whole, and seen where it was drawn."""
    line = (Draw("diagram", (0.1, 0.1), is_new=True), Moved(9), Draw("diagram", (0.2, 0.2), is_new=False), Lift())
    here = after(Moved(5), Freeze(), Moved(7), GoTo(2), *line)
    (drawn,) = here.shown_strokes
    assert (drawn.at, drawn.playhead, len(drawn.points)) == (0, 5, 2)
    on = update(here, Freeze())
    assert on.shown_strokes == ()
    assert update(update(on, GoTo(0)), Moved(5)).shown_strokes == (drawn,)
    assert update(here, Wipe()).strokes == ()
