"""Who passes the last graded question of lesson 08, and who does not: learners with one belief each, and one who knows.

Theory
------
A question that can be passed with the popular answer ("so that both sides know that they can send and receive")
teaches that answer. So beliefs are put to the test here before people are. A handshake is what its option says of it; a
belief is what a learner asks of a handshake to hold it for safe. Which options are right does not stand in this file:
the lesson says it, and the search.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.explore.onward import way_on
from tutor.explore.parts import Budget
from tutor.tcp.variant import PASSIVE, TCP, Variant, variant_named
from tutor.teach import quiz
from tutor.teach.byroad import byroad
from tutor.teach.check import check_text
from tutor.teach.facts import Scene
from tutor.teach.lesson import Ask, Check
from tutor.teach.puzzles import Puzzle
from tutor.teach.quiz import Given
from tutor.teach.reading import find_lesson, load_lesson
from tutor.teach.road import Road, lay_road
from tutor.teach.stage import scenario_of
from tutor.teach.visiting import run_of
from tutor.world.query import Moment, find, parse_cue

LESSON = load_lesson("08-why-three")


REACH = "each side sends something and hears that it has come"
NAMES_X = "the server's answer says which of the caller's numbers it answers"
CHECKS_Y = "the server opens only when its own number was acknowledged and compared"
ASKS_NOW = "what must be acknowledged was chosen after the SYN had come"

HANDSHAKES: dict[str, set[str]] = {
    "two-and-data": {REACH, NAMES_X},
    "tcp": {REACH, NAMES_X, CHECKS_Y, ASKS_NOW},
    "any-third": {REACH, NAMES_X},
    "same-number": {REACH, NAMES_X, CHECKS_Y},
    "unnamed-call": {REACH, CHECKS_Y, ASKS_NOW},
    "four-apart": {REACH, NAMES_X, CHECKS_Y, ASKS_NOW},
}
"""Option -> what it says of its handshake. Data that follow at once show as much as an ACK: so REACH stands in all."""

POPULAR = {REACH}
ONLY_NUMBERS = {NAMES_X, CHECKS_Y}
ONLY_OLD_ONES = {CHECKS_Y, ASKS_NOW}
BOTH_REASONS = ONLY_NUMBERS | ONLY_OLD_ONES


def graded() -> tuple[Check, Ask]:
    """The last question of the lesson that is graded; what follows it is judged by who answers."""
    last, interview = LESSON.checks[-2:]
    assert interview.ask.kind == "explain", "the lesson ends as an interview does"
    return last, last.ask


@pytest.fixture(scope="module")
def road() -> Road:
    """The lesson's own run."""
    return lay_road(LESSON, scenario_of(LESSON))


def scene_of(check: Check, road: Road) -> Scene:
    """Where a check is asked."""
    last = road.trace.steps[-1]
    home = Scene(LESSON, road.trace, Moment(last.index, last.at), road.moments)
    scene = byroad(home, run_of(check)).scene(LESSON)
    assert scene is not None
    return scene


def passes(belief: set[str], road: Road) -> bool:
    """Does a learner pass who ticks just what the belief takes to be safe?"""
    check, ask = graded()
    picks = tuple(i for i, option in enumerate(ask.options) if belief <= HANDSHAKES[option.value])
    return quiz.grade(ask, quiz.answer(ask, scene_of(check, road)), Given(picks))


def test_the_popular_reason_does_not_pass(road: Road) -> None:
    """Who only knows "to confirm that both can send and receive" holds every one of them for safe."""
    assert all(handshake >= POPULAR for handshake in HANDSHAKES.values())
    assert not passes(POPULAR, road)


@pytest.mark.parametrize("belief", [ONLY_NUMBERS, ONLY_OLD_ONES], ids=["numbers", "old-duplicates"])
def test_one_of_the_two_reasons_does_not_pass(belief: set[str], road: Road) -> None:
    """Each reason alone lets something in that the other keeps out."""
    assert not passes(belief, road)


def test_both_reasons_pass(road: Road) -> None:
    """Whoever has both is right, option by option."""
    assert passes(BOTH_REASONS, road)


def test_who_counts_segments_does_not_pass(road: Road) -> None:
    """Nor do "it takes three" and "it takes at least three"."""
    count = dict.fromkeys(HANDSHAKES, 3) | {"two-and-data": 2, "four-apart": 4}
    check, ask = graded()
    found = quiz.answer(ask, scene_of(check, road))
    for enough in ({3}, {3, 4}):
        picks = tuple(i for i, option in enumerate(ask.options) if count[option.value] in enough)
        assert not quiz.grade(ask, found, Given(picks))


VARIANTS: dict[str, Variant] = {
    "two-and-data": variant_named("two-way-rfc793"),
    "tcp": TCP,
    "any-third": variant_named("unchecked-ack"),
    "same-number": variant_named("fixed-isn-server"),
    "four-apart": variant_named("four-segment-handshake"),
}
"""Option -> the engine's protocol that does what it says. There is none for the call that is not named."""


@pytest.mark.sampled(3)
@pytest.mark.parametrize("option", VARIANTS)
def test_the_search_says_which_are_safe(option: str) -> None:
    """What the lesson calls safe no two old segments can open, in any world; what it does not, they can."""
    variant = VARIANTS[option]
    way = way_on(Puzzle(variant.id, "fresh-open", Budget(held=2, writes=0)).play, ())
    assert way.is_found != way.is_complete
    assert way.is_complete == (option in graded()[1].answers)


def test_the_table_says_what_the_engine_does() -> None:
    """What the learners read in the options is what these protocols do."""
    for option, variant in VARIANTS.items():
        said = HANDSHAKES[option]
        assert (CHECKS_Y in said) != (variant.opens_on_syn or variant.opens_on_any_ack)
        assert (ASKS_NOW in said) == (CHECKS_Y in said and PASSIVE not in variant.fixed_isn)


def test_a_change_at_a_beat_that_never_comes_is_a_mistake_and_not_a_crash(tmp_path: Path) -> None:
    """What shall be mended at a beat cannot be, where that beat does not happen; the linter says so."""
    text = find_lesson("08-why-three").read_text(encoding="utf-8")
    changed = text.replace(
        "  - id: gone\n    cue: pizzeria receives RST\n", "  - id: gone\n    cue: pizzeria receives RST 99\n"
    )
    assert changed != text
    found = {(each.where, each.found) for each in check_text(changed, tmp_path / "lesson.yaml")}
    assert ("checks › one-change › bet › at", "gone") in found


def test_every_point_of_the_interview_plays() -> None:
    """A point that one may have forgotten can be watched; both reasons are among them, and so is the popular one."""
    points = {option.value: option.plays for option in LESSON.checks[-1].ask.options}
    assert all(points.values())
    assert {"question", "both-numbers", "not-the-reason"} <= set(points)


def test_the_run_does_what_the_lesson_is_about(road: Road) -> None:
    """One order is read twice over two segments; over three the same old segments reach nobody."""

    def when(cue: str) -> int:
        moment = find(road.trace, parse_cue(cue))
        assert moment is not None, cue
        return moment.at

    orders = [when(f"pizzeria reads {n}") for n in (1, 2, 3)]
    assert when("phone sends data") < orders[0] < when("phone sends RST") < orders[1] < when("phone sends data 2")
    assert orders[1] < when("pizzeria enters SYN-RECEIVED") < when("phone sends SYN 2") < orders[2]
