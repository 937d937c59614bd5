"""Stories of a hand that may do anything: swap, arm, edit a program, walk through the futures and delete one."""

from __future__ import annotations

import pytest

from tutor.teach import aiming, branching
from tutor.teach.intents import (
    ActNow,
    BackToLesson,
    Corrupt,
    DeleteBranch,
    Drop,
    EditProgram,
    Home,
    NextBeat,
    NextBranch,
    OpenLesson,
    PreviousBranch,
    Redo,
    See,
    Seek,
    SetLanguage,
    Swap,
    SwitchBranch,
    Undo,
)
from tutor.teach.session import Session, start
from tutor.teach.stage import scenario_of
from tutor.words import Words
from tutor.world.records import Arrived, Called, Sent
from tutor.world.time import MS

from .conftest import HANDSHAKE, at_ms, do
from .test_branches import free


@pytest.fixture
def loose(handshake: Session) -> Session:
    """Lesson 01 with its bets answered, at 20 ms: the SYN is on its way."""
    return free(handshake)


def said(session: Session) -> str:
    """The notice, in English."""
    return session.notice.text(Words("en")) if session.notice else ""


def calls(session: Session, host: str) -> list[tuple[float, str]]:
    """(ms, call) of what ``host`` calls on the branch on screen."""
    made = [record for _, record in session.trace.records() if isinstance(record, Called) and record.host == host]
    return [(record.at / MS, record.call) for record in made]


def program(session: Session, host: str) -> list[str]:
    """The program of ``host`` at the playhead."""
    return [str(line) for line in session.world.host(host).programs[0].program.lines]


# --- segments ---


def test_a_corrupted_segment_is_refused_at_the_door(loose: Session) -> None:
    """It arrives, and the checksum tells."""
    after = do(loose, Corrupt(1))
    arrived = next(record for _, record in after.trace.records() if isinstance(record, Arrived))
    assert not arrived.accepted


def test_a_key_means_the_segment_on_its_way_and_else_arms(loose: Session) -> None:
    """In flight: dropped. Nothing in flight: the next one is lost, whoever sends it, and nobody had to know which."""
    assert aiming.deed(loose, "drop") == Drop(1)
    early = do(loose, Home())
    assert not early.world.flights or aiming.target(early) is not None
    quiet = do(loose, Seek(loose.end))
    assert aiming.deed(quiet, "drop") == ActNow("drop *:any")
    assert aiming.deed(quiet, "delay") == ActNow("delay *:any 500000us")


def test_what_is_armed_waits_and_can_be_taken_back(loose: Session) -> None:
    """It stands in the world until it bites; disarmed, nothing is lost."""
    armed = do(loose, Seek(60 * MS), ActNow("drop client:any"))
    assert [(rule.name, str(rule.target)) for rule in armed.world.rules] == [("drop", "client:any")]
    lost = [
        record for _, record in armed.trace.records() if isinstance(record, Sent) and record.flight.fate == "dropped"
    ]
    assert len(lost) == 1
    again = do(armed, aiming.disarming(armed))
    assert again.world.rules == ()
    assert all(record.flight.fate != "dropped" for _, record in again.trace.records() if isinstance(record, Sent))
    assert "nothing like this is armed" in said(do(again, aiming.disarming(again)))


def test_a_swap_waits_until_both_are_in_the_air(closing: Session) -> None:
    """Asked at a moment when the second is not sent yet, it takes place when it is; the playhead stays."""
    session = free(closing) if closing.horizon is not None else closing
    flights = [record.flight for _, record in session.trace.records() if isinstance(record, Sent)]
    pairs = [
        (first, second)
        for first in flights
        for second in flights
        if first.id < second.id
        and first.sender == second.sender
        and first.sent_at <= second.sent_at <= (first.arrives_at or 0)
    ]
    first, second = pairs[0]
    after = do(session, Seek(first.sent_at), Swap(first.id))
    assert said(after) == ""
    order = [record.flight.id for _, record in after.trace.records() if isinstance(record, Arrived)]
    assert order.index(second.id) < order.index(first.id)


def test_a_segment_that_nobody_can_overtake_says_so(loose: Session) -> None:
    """Refused in words, in either language, and no branch is made."""
    refused = do(loose, Swap(1))
    assert said(refused) == ("This cannot be done here: no other segment of this sender is on its way behind this one")
    assert refused.timeline is loose.timeline
    assert "在途" in do(refused, SetLanguage("zh"), Swap(1)).notice.text(Words("zh"))  # type: ignore[union-attr]
    assert do(loose, Swap(99)).notice.id == "no-such-segment"  # type: ignore[union-attr]


def test_a_line_that_cannot_be_read_is_told_with_its_column(loose: Session) -> None:
    """In the reader's language; what is no host is found too."""
    assert said(do(loose, ActNow("client clsoe"))).startswith("This cannot be done here: column 8: found 'clsoe'")
    assert "moon" in said(do(loose, ActNow("crash moon")))
    assert "第 8 列" in do(loose, ActNow("client clsoe")).notice.text(Words("zh"))  # type: ignore[union-attr]


# --- programs ---


def test_a_line_that_has_run_is_changed_just_before_it_ran(closing: Session) -> None:
    """Close becomes shutdown: forked when the client was about to close, at the same moment."""
    session = do(closing, Seek(closing.end))
    lines = program(session, "client")
    number = next(place for place, line in enumerate(lines, 1) if line.endswith("close"))
    was = next(at for at, call in calls(session, "client") if call == "close")
    text = lines[number - 1].replace("close", "shutdown write")
    after = do(session, EditProgram("client", 0, number, "replace", text))
    assert said(after) == ""
    assert (was, "shutdown") in calls(after, "client")
    assert "close" not in [call for _, call in calls(after, "client")]
    assert at_ms(after) == was


def test_so_linger_before_close_leaves_the_times_as_they_were(closing: Session) -> None:
    """The line that waits a second still closes at its old moment: as if the program had been written so."""
    session = do(closing, Seek(closing.end))
    number = next(place for place, line in enumerate(program(session, "client"), 1) if line.endswith("close"))
    was = next(at for at, call in calls(session, "client") if call == "close")
    after = do(session, EditProgram("client", 0, number, "insert", "setsockopt SO_LINGER 0"))
    assert (was, "close") in calls(after, "client")
    assert "setsockopt" in [call for _, call in calls(after, "client")]


def test_a_second_edit_does_not_take_the_first_one_back(closing: Session) -> None:
    """A late line first, then an early one: both are there, and both have run."""
    session = do(closing, Seek(closing.end))
    lines = program(session, "client")
    last = len(lines)
    once = do(session, EditProgram("client", 0, last, "replace", "abort"), Seek(session.end))
    twice = do(once, EditProgram("client", 0, 1, "insert", "socket"))
    shown = program(do(twice, Seek(twice.end)), "client")
    assert shown[0] == "socket"
    assert shown[-1] == "abort"
    assert len(shown) == last + 1


def test_a_line_that_comes_later_is_changed_where_one_is(closing: Session) -> None:
    """Nothing of the past is touched, the playhead stays."""
    session = do(closing, Seek(1))
    last = len(program(session, "client"))
    after = do(session, EditProgram("client", 0, last, "forget"))
    assert after.playhead == 1
    assert after.timeline.branch(after.branch).at == 1
    assert len(program(after, "client")) == last - 1


@pytest.mark.parametrize(
    ("edit", "why"),
    [
        (EditProgram("client", 0, 99, "forget"), "the program has no line 99"),
        (EditProgram("client", 3, 1, "forget"), "this host has no such program"),
        (EditProgram("moon", 0, 1, "forget"), "there is no host 'moon'"),
        (EditProgram("client", 0, 1, "replace", "clsoe"), "column 26: found 'clsoe'"),
        (EditProgram("client", 0, 1, "replace"), "the end of the line"),
    ],
)
def test_an_edit_that_cannot_be_made_says_why(closing: Session, edit: EditProgram, why: str) -> None:
    """Never an exception, and no branch."""
    after = do(closing, edit)
    assert why in said(after)
    assert after.timeline is closing.timeline


# --- the tree of futures ---


def test_one_walks_through_the_futures_and_comes_round(loose: Session) -> None:
    """Down and up, as undoable deeds."""
    two = do(loose, Drop(1), BackToLesson(), Corrupt(1))
    seen = branching.shown(two)
    assert len(seen) == len(two.timeline.branches)
    walked = [two.branch]
    session = two
    for _ in seen:
        session = do(session, NextBranch())
        walked.append(session.branch)
    assert sorted(set(walked)) == sorted(seen)
    assert session.branch == two.branch
    assert do(session, NextBranch(), PreviousBranch()).branch == session.branch


def test_there_is_nowhere_to_walk_before_the_first_touch() -> None:
    """It says so."""
    bare = start(HANDSHAKE, scenario_of(HANDSHAKE))
    only = len(branching.shown(bare)) == 1
    assert (do(bare, NextBranch()).notice is not None) == only


def test_a_future_is_deleted_with_all_that_grew_from_it_and_undo_brings_it_back(loose: Session) -> None:
    """Nobody can go there any more; after undo one can."""
    away = do(loose, Drop(1))
    first = away.branch
    deeper = do(away, Seek(500 * MS), ActNow("client close"))
    back = do(deeper, BackToLesson())
    deleted = do(back, DeleteBranch(first))
    assert deleted.gone == {first, deeper.branch}
    assert do(deleted, SwitchBranch(first)).notice.id == "no-such-branch"  # type: ignore[union-attr]
    assert first not in branching.shown(deleted)
    again = do(deleted, Undo())
    assert again.gone == frozenset()
    assert do(again, SwitchBranch(deeper.branch)).branch == deeper.branch
    assert do(again, Redo()).gone == deleted.gone


def test_the_road_and_what_is_on_screen_stay(loose: Session) -> None:
    """Nor can what leads to them be deleted."""
    away = do(loose, Drop(1))
    for branch in (away.branch, away.road, 0):
        refused = do(away, DeleteBranch(branch))
        assert refused.notice is not None
        assert refused.notice.id == "branch-in-use"
        assert refused.gone == frozenset()
    assert do(away, DeleteBranch(99)).notice.id == "no-such-branch"  # type: ignore[union-attr]


def test_an_open_bet_hides_the_forks_that_lie_behind_it(handshake: Session) -> None:
    """What the lesson does later is no row of the tree yet; the branch on screen stands at the row it grew from."""
    waiting = do(handshake, NextBeat())
    assert waiting.horizon is not None
    for branch in branching.shown(waiting):
        assert branch == 0 or waiting.timeline.branch(branch).at < waiting.horizon
    assert branching.standing_for(waiting) in branching.shown(waiting)


def test_the_branch_beside_is_one_that_is_there(loose: Session) -> None:
    """Neither the one on screen nor a deleted one, nor one that never was."""
    away = do(loose, Drop(1))
    assert do(away, See("beside", away.road)).beside == away.road
    assert do(away, See("beside", away.branch)).beside is None
    assert do(away, See("beside", 77)).beside is None
    back = do(away, BackToLesson(), See("beside", away.branch))
    assert back.beside == away.branch
    gone = do(back, DeleteBranch(away.branch))
    assert gone.beside is None
    assert gone.sight.beside is None


# --- undo ---


def test_a_lesson_begun_anew_can_be_undone_to_where_one_was(loose: Session) -> None:
    """The same lesson, the same scenario, another timeline: undo finds the old one with its branches."""
    away = do(loose, Drop(1))
    anew = do(away, OpenLesson(loose.lesson, loose.scenario))
    assert anew.branch == anew.road
    back = do(anew, Undo())
    assert back.branch == away.branch
    assert back.timeline is away.timeline
    assert do(back, Redo()).timeline is anew.timeline
