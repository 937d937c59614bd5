"""Bet mode: any run stops before what it was told to stop before, asks, and shows nothing that comes later."""

from __future__ import annotations

from itertools import islice, pairwise
from random import Random

import pytest

from tutor.teach.betmode import EVENTS, TITLES, BetMode, Stop, answered, stops, waiting
from tutor.teach.generate_runs import STORIES, drawn
from tutor.teach.proving import faults
from tutor.teach.quiz import Given
from tutor.words import Words
from tutor.world.acts import parse_act
from tutor.world.records import Sent, StateChanged, TimerFired
from tutor.world.trace import Trace

ALL = frozenset(EVENTS)


def run(name: str, seed: int = 1) -> Trace:
    """A story's run."""
    story = next(each for each in STORIES if each.name == name)
    return drawn(story, Random(seed)).trace


def answer_all(mode: BetMode, trace: Trace, branch: int = 0) -> list[Stop]:
    """Every stop, each answered rightly, in the order in which they come."""
    met: list[Stop] = []
    while (stop := waiting(mode, trace, ((branch, None),))) is not None:
        met.append(stop)
        mode = answered(mode, stop, branch, Given(stop.question.right))
        assert mode.bets[-1].is_right
    return met


@pytest.mark.sampled(3)
@pytest.mark.parametrize("name", [story.name for story in STORIES])
def test_every_stop_is_before_its_event_and_is_proved(name: str) -> None:
    """In order, one a moment, and what is asked about lies ahead."""
    trace = run(name)
    met = answer_all(BetMode(ALL, 0, 5), trace)
    assert met
    assert all(a.index < b.index for a, b in pairwise(met))
    for stop in met:
        assert stop.at == trace.computed[stop.index].at < trace.computed[stop.target].at
        assert trace.computed[stop.index + 1].at > stop.at, "the moment is the end of its instant"
        assert faults(stop.question) == []


@pytest.mark.parametrize("event", EVENTS)
def test_only_what_was_chosen_is_stopped_before(event: str) -> None:
    """A kind of event is one kind of question, and the step that is asked about has such an event."""
    wanted = {"segment": Sent, "state": StateChanged, "timer": TimerFired}[event]
    for name in ("client-closes", "syn-lost", "last-ack-lost"):
        trace = run(name)
        for stop in stops(trace, 0, frozenset({event}), 3):
            assert stop.question.kind == EVENTS[event][0]
            assert any(isinstance(record, wanted) for record in trace.computed[stop.target].records)


def test_a_timer_is_asked_about_when_it_is_set() -> None:
    """How long TIME-WAIT lasts is a question for its beginning, not for its last moment."""
    trace = run("client-closes")
    found = [stop for stop in stops(trace, 0, frozenset({"timer"}), 3) if "time-wait" in stop.question.asks]
    assert len(found) == 1
    assert trace.computed[found[0].target].at - found[0].at >= 60_000_000


def test_the_same_run_has_the_same_stops_and_they_are_not_searched_twice() -> None:
    """So an answered stop is known again, also after the trace was computed further."""
    trace = run("request")
    first = list(stops(trace, 0, ALL, 7))
    assert [stop.question for stop in stops(trace, 0, ALL, 7)] == [stop.question for stop in first]
    assert [stop.question.ask for stop in stops(run("request"), 0, ALL, 7)] == [stop.question.ask for stop in first]


def test_what_was_answered_before_a_fork_counts_behind_it_and_what_lies_after_is_asked_anew() -> None:
    """The shared part of the run has one past; the other future has bets of its own."""
    trace = run("client-closes")
    mode, met = BetMode(ALL, 0, 2), []
    for stop in islice(stops(trace, 0, ALL, 2), 4):
        met.append(stop)
        mode = answered(mode, stop, 0, Given(stop.question.right))
    at = met[1].index
    other = trace.fork(at, trace.computed[at].at, parse_act("wait 1ms"))
    following = waiting(mode, other, ((1, None), (0, at)))
    assert following is not None
    assert following.index > at, "the first two are known"
    again = waiting(mode, trace, ((0, None),))
    assert again is not None
    assert again.index > met[-1].index


def test_a_wrong_answer_is_an_answer() -> None:
    """The run goes on; the bet remembers what was given."""
    trace = run("handshake")
    mode = BetMode(frozenset({"state"}), 0, 1)
    stop = waiting(mode, trace, ((0, None),))
    assert stop is not None
    wrong = next(i for i in range(len(stop.question.ask.options)) if i not in stop.question.right)
    mode = answered(mode, stop, 0, Given((wrong,)))
    assert not mode.bets[0].is_right
    following = waiting(mode, trace, ((0, None),))
    assert following is None or following.index > stop.index


def test_switched_on_in_the_middle_nothing_before_is_asked() -> None:
    """And switched off nothing at all."""
    trace = run("client-closes")
    middle = len(trace.steps) // 2
    assert all(stop.index >= middle - 1 for stop in stops(trace, middle, ALL, 1))
    assert waiting(BetMode().switched(frozenset({"riddles"}), 3), trace, ((0, None),)) is None


def test_every_choice_is_named_in_both_languages() -> None:
    """What one may stop before is a sentence."""
    assert set(TITLES) == set(EVENTS)
    assert all(Words("zh").t(title) != title for title in TITLES.values())
