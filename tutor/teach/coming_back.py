"""A card of a lesson asked again on the stage: the lesson with this one question, with other numbers if that can be.

Rules
-----
* The run is the lesson's own: its hosts, its acts, its cues. What else the lesson asks is left out, so that nothing has
  to be answered on the way.
* First numbers and the delay are drawn (``reposing``). Where the author's answer does not hold with them, they are
  drawn again; where it never does, the lesson's own are taken.
* No clock and no file: values in, values out.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from random import Random

from tutor.teach import intents, quiz
from tutor.teach.betting import scene
from tutor.teach.generate import NothingToAsk, of_card
from tutor.teach.lesson import Lesson
from tutor.teach.placing import mixed
from tutor.teach.reposing import THROWS, renumbered
from tutor.teach.road import Road, lay_road
from tutor.teach.session import Session, start, update
from tutor.teach.stage import AT_REST, scenario_of
from tutor.teach.there import CONCEPT
from tutor.teach.written import Writing, WrittenBeat, written
from tutor.words import LANGUAGES, Words, mark
from tutor.world.scenario import Scenario

AGAIN = mark("A question that comes back")

BY_HAND = ("fix", "attack", "explain")
"""Kinds whose answers no option declares."""


@dataclass(frozen=True, slots=True)
class Back:
    """A question that comes back: a lesson that asks only this, what it starts from, and where its beats are.

    ``way``: the intents that lead from the lesson's beginning to the question.
    """

    lesson: Lesson
    scenario: Scenario
    road: Road
    way: tuple[intents.Intent, ...]


def bring_back(lesson: Lesson, ask: str, seed: int) -> Back | None:
    """The question of the beat or check ``ask``; None: there is no such thing any more, or it cannot be asked."""
    alone = replace(
        lesson,
        beats=tuple(beat if beat.id == ask else replace(beat, ask=None, touch=None) for beat in lesson.beats),
        checks=tuple(check for check in lesson.checks if check.id == ask),
        refutes=(),
    )
    if not alone.checks and not any(beat.ask is not None for beat in alone.beats):
        return None
    return next((found for found in map(_laid, _variants(alone, ask, seed)) if found is not None), None)


def bring_made(card: str, seed: int) -> Back | None:
    """A generated question on a run of its own, made anew; None: nothing of the kind can be asked any more."""
    try:
        question = of_card(card, seed)
    except NothingToAsk:
        return None
    if question.scenario is None:
        return None
    said = {lang: Words(lang).t(AGAIN) for lang in LANGUAGES}
    setting = {lang: question.setting[lang] for lang in LANGUAGES}
    beat = WrittenBeat("begin", "start", said, setting)
    lesson = written(Writing("card", said, said, CONCEPT, (beat,), AT_REST), question.scenario)
    road = lay_road(lesson, question.scenario)
    way = intents.BetOn(frozenset({f"{card}#{seed}"})), intents.Seek(question.at)
    return Back(lesson, question.scenario, road, way)


def _variants(lesson: Lesson, ask: str, seed: int) -> Iterator[Lesson]:
    """The lesson with other numbers, several times; then with its own. The answers stand as the seed has them."""
    lesson = _mixed(lesson, Random(f"{lesson.id}/{ask}|{seed}|places"))  # noqa: S311  nothing is kept secret
    for throw in range(THROWS):
        dice = Random(f"{lesson.id}/{ask}|{seed}|{throw}")  # noqa: S311  nothing is kept secret with them
        yield replace(renumbered(lesson, dice), seed=seed)
    yield lesson


def _mixed(lesson: Lesson, dice: Random) -> Lesson:
    """The lesson with the answers of the one thing that it asks in another order."""
    return replace(
        lesson,
        beats=tuple(
            replace(each, ask=mixed(each.ask, dice)) if each.ask is not None else each for each in lesson.beats
        ),
        checks=tuple(replace(check, ask=mixed(check.ask, dice)) for check in lesson.checks),
    )


def _laid(lesson: Lesson) -> Back | None:
    """The lesson with its road and the way to its question, if it holds there."""
    scenario = scenario_of(lesson)
    road = lay_road(lesson, scenario)
    begun = start(lesson, scenario, road)
    for way in _ways(begun):
        there = begun
        for intent in way:
            there = update(there, intent)
        if _holds(there):
            return Back(lesson, scenario, road, way)
    return None


def _ways(begun: Session) -> Iterator[tuple[intents.Intent, ...]]:
    """Ways to the question: of several beats at one moment it may be any."""
    if begun.lesson.checks:
        yield (intents.TakeCheck(0),)
        return
    moment = next(begun.moments[place] for place, beat in enumerate(begun.lesson.beats) if beat.ask is not None)
    if moment is not None:
        for step in (intents.NextBeat(), intents.PreviousBeat()):
            for count in range(len(begun.lesson.beats)):
                yield (intents.Seek(moment.at), *[step] * count)


def _holds(session: Session) -> bool:
    """Is something asked now, and is the engine's answer the author's?"""
    ask, where = session.ask, scene(session, session.beat)
    if ask is None or where is None or not session.is_asking:
        return False
    if ask.kind in BY_HAND:
        return True
    right = quiz.answer(ask, where).right
    return bool(right) and set(right) == set(quiz.declared(ask))
