"""Byroads: what is said of a run beside the lesson needs no more of it than what is seen."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from tutor.teach import facts
from tutor.teach.byroad import byroad
from tutor.teach.facts import Scene
from tutor.teach.lesson import Play
from tutor.teach.reading import load_lesson
from tutor.teach.road import find_moments, lay_road
from tutor.teach.stage import scenario_of
from tutor.world.records import HandActs
from tutor.world.time import SECOND

LESSON = Path(__file__).parent / "data" / "every_kind.yaml"


def refutation() -> tuple[Scene, Play]:
    """The end of the lesson, and the run that refutes what one may have read."""
    lesson = load_lesson(LESSON)
    road = lay_road(lesson, scenario_of(lesson))
    assert road.moments[-1] is not None
    assert lesson.refutes[0].plays is not None
    return Scene(lesson, road.trace, road.moments[-1], road.moments), lesson.refutes[0].plays


def test_a_run_beside_is_computed_no_further_than_what_is_seen() -> None:
    """A lesson of hundreds of connections has dozens of runs beside it; most show something early."""
    end, play = refutation()
    there = byroad(end, play)
    said = there.said(end.lesson)
    assert said is not None
    assert facts.fill(end.lesson.refutes[0].truth.en, said).startswith("It was sent 2 times")
    assert facts.state_of("client", said) == "SYN-SENT"
    computed = len(there.trace.computed)
    assert computed < len(there.trace.steps)


def test_beats_that_were_seen_by_then_are_found_all_the_same() -> None:
    """Looking no further finds the same beats up to there, and none after it."""
    end, play = refutation()
    there = byroad(end, play)
    assert there.seen is not None
    far = find_moments(end.lesson, there.trace)
    near = find_moments(end.lesson, there.trace, there.seen.at)
    assert near == tuple(each if each is not None and each.at <= there.seen.at else None for each in far)
    assert None in near
    whole = there.scene(end.lesson)
    assert whole is not None
    assert whole.moments == far, "another run may leave this one at a later beat"
    assert any(each is not None for each in near)


def test_an_act_that_waits_is_done_whatever_is_written_after_it() -> None:
    """Acts are done in the order of time: the list may name them in any."""
    end, play = refutation()
    acts = ("after 2s cut link", "wait 1ms", "after 1s mend link")
    there = byroad(end, replace(play, at="start", acts=acts))
    done = [(step.at // SECOND, step.cause.act) for step in there.trace.steps if isinstance(step.cause, HandActs)]
    assert [each for each in done if "link" in each[1]] == [(1, "mend link"), (2, "cut link")]
