"""Posing again what an author has asked: the same bet on the same lesson, run with other numbers.

Rules
-----
* The first numbers of all hosts and the delay of the link are drawn. The run is computed, the author's cues must fire,
  and the author's answer must be the engine's again, and the only one. Otherwise other numbers are drawn.
* Where no numbers do, a generated question about the lesson's matter takes its place; where there is none either, the
  bet comes back as it was.
* A bet that wants more than a choice (a repair, an attack, an explanation) is not posed here.
* Whoever is asked here has not come through the lesson: the setting tells how the run departs from a plain one, what is
  done to it, and what the author says before asking.
"""

from __future__ import annotations

import dataclasses
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from tutor.tcp.values import replace
from tutor.teach import facts, quiz
from tutor.teach.byroad import byroad
from tutor.teach.facts import NoSuchThing, Scene, UnknownFact
from tutor.teach.generate import NothingToAsk, pose
from tutor.teach.generate_runs import stories_of
from tutor.teach.generated import KINDS, Posed, paragraphs
from tutor.teach.lesson import Ask, Check, Lesson, Option, Play, Text
from tutor.teach.placing import anew
from tutor.teach.refuting import called, spelled
from tutor.teach.road import Road, lay_road
from tutor.teach.setting import setting
from tutor.teach.stage import scenario_of
from tutor.words import LANGUAGES, mark
from tutor.world.query import Moment
from tutor.world.records import HandActs
from tutor.world.time import format_duration, parse_duration

POSABLE = frozenset({"choice", "many", "next-state", "state", "next-segment", "time", "first", "order", "table"})
"""Kinds of an author's asks that can be answered by choosing."""

THROWS = 8
"""So often other numbers are drawn."""

LONG = 1_000
"""A run of so many steps is drawn only once: somebody waits."""

LESSON = mark("the lesson")
"""What a question is about that a lesson's author asks."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What a lesson asks at a beat or in a check: its id, and where it is asked (None: it does not come to that).

    ``words``: what the author says before asking; ``acts``: what a check does to the run, each
    with when it leaves the lesson's (microseconds).
    """

    id: str
    ask: Ask
    scene: Scene | None
    words: Text | None = None
    acts: tuple[tuple[int, str], ...] = ()


def asked(lesson: Lesson, road: Road) -> Iterator[Asked]:
    """All that a lesson asks and that can be posed, each on its run: bets and questions of beats, then checks."""
    for beat, moment in zip(lesson.beats, road.moments, strict=True):
        if beat.ask is not None and beat.ask.kind in POSABLE and beat.ask.options:
            scene = Scene(lesson, road.trace, moment, road.moments) if moment else None
            yield Asked(beat.id, beat.ask, scene, beat.words)
    for check in lesson.checks:
        if check.ask.kind in POSABLE and check.ask.options:
            yield asked_by_check(lesson, check, road)


def asked_by_check(lesson: Lesson, check: Check, road: Road) -> Asked:
    """A check on its run: the lesson's up to somewhere, then its acts, to its cue."""
    last = road.trace.steps[-1]
    end = Scene(lesson, road.trace, Moment(last.index, last.at), road.moments)
    try:
        there = byroad(end, Play(check.at, check.acts, check.cue))
    except NoSuchThing:
        return Asked(check.id, check.ask, None, check.words)
    scene = there.scene(lesson) if there.refused is None else None
    return Asked(check.id, check.ask, scene, check.words, tuple((there.left.at, act) for act in check.acts))


def authored(lesson: Lesson, what: Asked, seed: int = 0) -> Posed | None:
    """What the author asks, as a question on its run; None where it is not asked, or the run has no answer.

    Its answers stand in an order from the seed.
    """
    question = as_written(lesson, what, seed)
    return _placed(question) if question is not None else None


def _placed(question: Posed) -> Posed:
    return anew(question, Random(f"{question.id}|places"))  # noqa: S311  nothing is kept secret with them


def as_written(lesson: Lesson, what: Asked, seed: int) -> Posed | None:
    """What the author asks, its answers in the order of the lesson."""
    scene, ask = what.scene, what.ask
    if scene is None:
        return None
    found = quiz.answer(ask, scene)
    if not found.right:
        return None
    shows = _shows(ask, found, scene)
    options = tuple(_option(ask, option, scene) for option in ask.options)
    concepts = lesson.about(ask)
    question = Posed(
        generator=f"{lesson.id}/{what.id}",
        seed=seed,
        ask=dataclasses.replace(
            ask,
            prompt=_filled(ask.prompt, scene),
            options=options,
            answers=tuple(options[i].value for i in found.right),
        ),
        asks="",
        index=scene.trace.index_at(scene.at),
        at=scene.at,
        right=found.right,
        seen=(shows,) * len(options),
        concept=concepts[0] if concepts else LESSON,
        edge="",
        setting=_setting(what, scene, shows),
        scenario=None,
        trace=scene.trace,
        subject=lesson.id,
        concepts=concepts,
    )
    return replace(question, replays=tuple(_replay(lesson, question, i) for i in range(len(options))))


def _shows(ask: Ask, found: quiz.Found, scene: Scene) -> int:
    """When (microseconds) the run has shown the answer: an order at its last event, what does not happen at once."""
    if ask.kind == "order":
        moments = [quiz.when(option.value, scene) for option in ask.options]
        return max(moment.at for moment in moments if moment is not None)
    return found.at if found.at is not None else scene.at


def _replay(lesson: Lesson, question: Posed, option: int) -> str:
    """The line that plays why an answer is right or wrong; "" where nothing is to be seen."""
    if question.ask.options[option].plays is None and not question.ask.is_bet:
        return ""
    return shlex.join(("tcp-tutor", "play", called(lesson), "--why", spelled(question, option)))


def _setting(what: Asked, scene: Scene, seen: int) -> Text:
    """What must be known of the run, then what the author says before asking. ``seen``: when the answer shows."""
    steps, index = scene.trace.computed, scene.trace.index_at(scene.at)
    later = [
        (step.at, step.cause.act)
        for step in steps[index + 1 :]
        if isinstance(step.cause, HandActs) and step.at < seen and not what.acts
    ]
    told = setting(steps[index].world, steps[0].world, what.acts, later)
    return paragraphs([told, _filled(what.words, scene)]) if what.words is not None else told


def _option(ask: Ask, option: Option, scene: Scene) -> Option:
    made = {lang: quiz.label(ask, option, scene, lang) for lang in LANGUAGES}
    made = {lang: f"```\n{said}\n```" for lang, said in made.items()} if ask.kind == "table" else made
    text = Text(made["en"], tuple((lang, said) for lang, said in made.items() if lang != "en"))
    feedback = _filled(option.feedback, scene) if option.feedback is not None else None
    return dataclasses.replace(option, value=_value(ask, option, scene), text=text, feedback=feedback)


def _value(ask: Ask, option: Option, scene: Scene) -> str:
    """A time in microseconds; anything else as the author wrote it."""
    if ask.kind != "time":
        return option.value
    try:
        return f"{facts.measure(option.value, scene)}us"
    except (UnknownFact, NoSuchThing):
        return option.value


def _filled(text: Text, scene: Scene) -> Text:
    others = tuple((lang, facts.fill(said, scene)) for lang, said in text.others)
    return replace(text, en=facts.fill(text.en, scene), others=others)


# --- with other numbers ---


def repose(lesson: Lesson, ask_id: str, seed: int) -> Posed:
    """What the author asks at the beat or check ``ask_id``, with other numbers; ``KeyError`` if nothing is asked."""
    scenario = scenario_of(lesson)
    road = lay_road(lesson, scenario)
    what = {each.id: each for each in asked(lesson, road)}[ask_id]
    for throw in range(THROWS if len(road.trace.steps) < LONG else 1):
        dice = Random(f"{lesson.id}/{ask_id}|{seed}|{throw}")  # noqa: S311  nothing is kept secret with them
        found = _holding(renumbered(lesson, dice), ask_id, seed)
        if found is not None:
            return found
    if stories_of(lesson.id):
        try:
            return pose(f"{what.ask.kind if what.ask.kind in KINDS else 'choice'}@{lesson.id}", seed)
        except NothingToAsk:
            pass
    same = authored(lesson, what, seed)
    if same is None:
        raise KeyError(ask_id)
    return same


def renumbered(lesson: Lesson, dice: Random) -> Lesson:
    """The lesson with other first numbers, and a link whose delay is up to a half longer or shorter."""
    hosts = tuple(
        replace(host, isn=dice.randrange(1_000, 4_000_000_000) if host.isn is not None else None)
        for host in lesson.hosts
    )
    link = tuple((name, _other_delay(text, dice) if name == "delay" else text) for name, text in lesson.link)
    return replace(lesson, hosts=hosts, link=link)


def _other_delay(text: str, dice: Random) -> str:
    micros = parse_duration(text)
    scaled = micros * dice.randrange(50, 151) // 100
    return format_duration(max(1000, scaled // 1000 * 1000)) if micros else text


def _holding(lesson: Lesson, ask_id: str, seed: int) -> Posed | None:
    """The question on a lesson with other numbers, if all that its author says still holds there."""
    road = lay_road(lesson, scenario_of(lesson))
    what = {each.id: each for each in asked(lesson, road)}[ask_id]
    found = as_written(lesson, what, seed) if None not in road.moments else None
    return _placed(found) if found is not None and holds_of(found, quiz.declared(what.ask)) else None


def holds_of(question: Posed, declared: tuple[int, ...]) -> bool:
    """Is the engine's answer the author's, and does no other option say the same?"""
    values = [question.label(i, "en") for i in range(len(question.ask.options))]
    is_single = question.kind not in ("many", "order")
    is_meant = question.right == declared or not (is_single and declared)
    return is_meant and len(set(values)) == len(values) and (not is_single or len(question.right) == 1)
