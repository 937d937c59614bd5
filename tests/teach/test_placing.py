"""Where answers stand: their places say nothing about who is right, and their order says what it can."""

from __future__ import annotations

from collections import Counter, defaultdict
from itertools import pairwise
from random import Random

import pytest

from tutor.teach import quiz
from tutor.teach.betting import scene
from tutor.teach.card import card
from tutor.teach.generated import Posed
from tutor.teach.intents import CheckBet, Choose, Seek
from tutor.teach.lesson import Ask, Lesson, Option, Text
from tutor.teach.paper import paper
from tutor.teach.placing import AS_WRITTEN, anew, in_lesson
from tutor.teach.reading import lesson_ids, load_lesson
from tutor.teach.reposing import asked, authored
from tutor.teach.road import lay_road
from tutor.teach.session import start, update
from tutor.teach.stage import scenario_of
from tutor.world.time import parse_duration

ENOUGH = 20
"""So many right answers of a kind are enough to count where they stand."""


QUICK = ("01", "08", "09", "13", "34", "35")
"""So many lessons are read by whoever has no time."""

SOME = pytest.mark.parametrize(
    "lessons", [QUICK, pytest.param(tuple(name[:2] for name in lesson_ids()), marks=pytest.mark.ci)], ids=["few", "all"]
)


def asks(lessons: tuple[str, ...]) -> list[tuple[str, Ask]]:
    """Everything that these lessons ask with answers to choose from."""
    read = [load_lesson(name) for name in lesson_ids() if name[:2] in lessons]
    return [
        (f"{lesson.id}/{each.id}", each.ask)
        for lesson in read
        for each in (*lesson.beats, *lesson.checks)
        if each.ask is not None and each.ask.options and each.ask.kind not in AS_WRITTEN
    ]


@SOME
def test_no_place_is_the_place_of_the_right_answer(lessons: tuple[str, ...]) -> None:
    """Of every kind of question: who always picks the first (or any other place) is right as seldom as by guessing."""
    places: dict[str, Counter[int]] = defaultdict(Counter)
    for _, ask in asks(lessons):
        if ask.kind != "order":
            places[ask.kind].update(quiz.declared(ask))
    for kind, count in places.items():
        if sum(count.values()) >= ENOUGH:
            assert max(count.values()) <= 0.55 * sum(count.values()), f"{kind}: {dict(count)}"
    total = sum(places.values(), Counter[int]())
    assert max(total.values()) <= 0.4 * sum(total.values())
    assert sum(total.values()) >= 6 * len(lessons)


@SOME
def test_what_is_to_be_put_in_order_does_not_stand_in_it(lessons: tuple[str, ...]) -> None:
    """The card shows another one."""
    for name, ask in asks(lessons):
        if ask.kind == "order":
            assert quiz.declared(ask) != tuple(range(len(ask.options))), name


@SOME
def test_numbers_ascend(lessons: tuple[str, ...]) -> None:
    """Three spans, or three values of one setting, are read more easily so."""
    for name, ask in asks(lessons):
        try:
            spans = [parse_duration(option.value) for option in ask.options]
        except ValueError:
            continue
        assert spans == sorted(spans), name


def options(*texts: str) -> tuple[Option, ...]:
    """Answers that read so; their values are their numbers."""
    return tuple(Option(str(place), Text(text), None) for place, text in enumerate(texts))


def read(shown: tuple[Option, ...]) -> list[str]:
    """How answers read, from the first to the last."""
    return [option.text.en for option in shown if option.text is not None]


def test_answers_that_differ_in_one_number_ascend() -> None:
    """By what the number is, not by its letters."""
    assert read(in_lesson("choice", options("ack=90", "ack=1,200", "ack=8"), "a/b")) == ["ack=8", "ack=90", "ack=1,200"]
    two = options("seq=3 ack=2", "seq=1 ack=9", "seq=2 ack=5", "seq=2 ack=1")
    assert read(in_lesson("choice", two, "a/c")) != sorted(read(two)), "two numbers differ: no order means anything"


def test_a_lesson_s_answers_always_stand_alike_and_two_lessons_differ() -> None:
    """A digit means the same answer tomorrow; and who knows one question knows nothing of the next."""
    three = options("yes", "no", "perhaps", "never")
    assert in_lesson("many", three, "a/b") == in_lesson("many", tuple(reversed(three)), "a/b")
    assert len({tuple(read(in_lesson("many", three, f"a/{n}"))) for n in range(40)}) > 12
    assert in_lesson("explain", three, "a/b") == three, "points of an explanation are told in their order"


# --- indexes mean the same answer ---


def question(lesson: Lesson, ask: str, seed: int) -> Posed:
    """What a lesson asks, posed elsewhere."""
    made = {each.id: authored(lesson, each, seed) for each in asked(lesson, lay_road(lesson, scenario_of(lesson)))}
    found = made[ask]
    assert found is not None
    return found


def test_wherever_an_answer_stands_it_is_right_or_wrong_for_the_same_reason() -> None:
    """From thirty seeds: places change, what they say does not."""
    lesson = load_lesson("09-why-not-four")
    plain = question(lesson, "whole-is-lost", 0)
    orders = set()
    for seed in range(30):
        posed = anew(plain, Random(seed))
        orders.add(tuple(option.value for option in posed.ask.options))
        assert {posed.ask.options[i].value for i in posed.right} == {plain.ask.options[i].value for i in plain.right}
        said = {option.value: option.feedback for option in posed.ask.options}
        assert said == {option.value: option.feedback for option in plain.ask.options}
    assert len(orders) > 2


def test_each_seed_of_a_paper_has_its_own_order_and_keeps_it() -> None:
    """Who sat beside another one with another seed copies in vain."""
    lesson = load_lesson("09-why-not-four")
    orders = {
        tuple(tuple(option.value for option in each.ask.options) for each in paper(lesson, 4, seed))
        for seed in range(6)
    }
    assert len(orders) > 2
    assert paper(lesson, 4, 3) == paper(lesson, 4, 3)


def test_times_ascend_where_they_are_asked_elsewhere() -> None:
    """There they are numbers, whatever their author reckoned them from."""
    for name, ask in (("09-why-not-four", "call"), ("12-half-open", "challenge"), ("34-tw-reuse-recycle", "brief")):
        spans = [parse_duration(option.value) for option in question(load_lesson(name), ask, 5).ask.options]
        assert spans == sorted(spans)


def test_things_to_order_never_stand_in_their_order() -> None:
    """From any seed."""
    plain = question(load_lesson("08-why-three"), "asks-back", 0)
    for seed in range(40):
        posed = anew(plain, Random(seed))
        assert posed.right != tuple(range(len(posed.right)))
        assert [posed.ask.options[i].value for i in posed.right] == [plain.ask.options[i].value for i in plain.right]


@pytest.mark.parametrize("name", ["01-three-way-handshake", "09-why-not-four"])
def test_on_the_card_a_digit_is_the_answer_that_stands_there(name: str) -> None:
    """What is picked, marked, answered and played is the answer with this number."""
    lesson = load_lesson(name)
    session = start(lesson, scenario_of(lesson))
    place, beat = next((i, b) for i, b in enumerate(lesson.beats) if b.ask is not None and b.ask.kind != "explain")
    moment = session.moments[place]
    assert beat.ask is not None and moment is not None
    session = update(session, Seek(moment.at))
    here = scene(session, place)
    assert here is not None
    for index, option in enumerate(beat.ask.options):
        done = update(update(session, Choose(index)), CheckBet())
        shown = card(done)
        assert shown is not None and shown.ask is not None
        assert shown.ask.options[index].label == quiz.label(beat.ask, option, here, "en")
        assert done.verdict is not None
        assert done.verdict.is_right == (option.value in beat.ask.answers)
        assert (shown.ask.plays == index) == (option.plays is not None)
        zh = None if option.feedback is None else option.feedback.others
        assert zh is None or zh != (), "the translation has come along"


def test_marks_of_lines_stay_with_their_answers() -> None:
    """A fault of an answer is reported where its author wrote it."""
    lesson = load_lesson("08-why-three")
    lines = lesson.source.splitlines()
    moved = 0
    for each in (*lesson.beats, *lesson.checks):
        for option in each.ask.options if each.ask is not None else ():
            assert option.value in lines[option.mark.line - 1]
        places = [option.mark.line for option in each.ask.options] if each.ask is not None else []
        moved += any(a > b for a, b in pairwise(places))
    assert moved > 3, "some do stand in another order than in the file"
