"""A paper: so many questions from a seed, about a lesson or about everything; the same on every machine.

Rules
-----
* Of a lesson, first what its author asks, in the author's order, then generated questions about its stories.
* Where answers may be changed after the next question has been read (an exam, a sheet of paper), no page tells the
  answer to another: of one run only what is asked at one moment is taken; the seed chooses.
* Without a lesson kinds take turns, so that no paper is of one sort; no question comes twice.
* Of several lessons (an exam's) each has its share, and they take turns; where there are too many, the seed chooses.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain, zip_longest
from random import Random

from tutor.teach.generate import NothingToAsk, generators_of, pose
from tutor.teach.generated import KINDS, Posed
from tutor.teach.lesson import Lesson
from tutor.teach.reposing import asked, authored
from tutor.teach.road import lay_road
from tutor.teach.stage import scenario_of
from tutor.world.timeline import compare

MOST = 500
"""No paper has more questions."""


def paper(
    lesson: Lesson | None, count: int, seed: int, kinds: Sequence[str] = (), *, is_apart: bool = False
) -> tuple[Posed, ...]:
    """``count`` questions; of these ``kinds`` alone, if any are named. Fewer where there is no more to ask.

    ``is_apart``: no question's page tells the answer to another.
    """
    dice = Random(f"paper|{lesson.id if lesson is not None else ''}|{seed}")  # noqa: S311
    found = _of_author(lesson, kinds, seed) if lesson is not None else []
    found = (_apart(found, seed) if is_apart else found)[:count]
    generators = generators_of(lesson.id) if lesson is not None else KINDS
    wanted = [name for name in generators if not kinds or name.partition("@")[0] in kinds]
    known = {_fingerprint(question) for question in found}
    dice.shuffle(wanted)
    for throw in range(4 * count):
        if len(found) >= count or not wanted:
            break
        try:
            question = pose(wanted[throw % len(wanted)], dice.randrange(1, 1_000_000))
        except NothingToAsk:
            continue
        if _fingerprint(question) not in known:
            known.add(_fingerprint(question))
            found.append(question)
    return tuple(found)


def exam_paper(lessons: Sequence[Lesson], count: int, seed: int) -> tuple[Posed, ...]:
    """``count`` questions about these lessons, or about everything if there are none; each says what it is about."""
    if not lessons:
        return paper(None, count, seed)
    dice = Random(f"exam|{seed}")  # noqa: S311
    taken = list(lessons) if len(lessons) <= count else dice.sample(list(lessons), count)
    share = count if len(taken) == 1 else -(-count // len(taken)) + 2
    parts = [paper(lesson, share, seed, is_apart=True) for lesson in taken]
    mixed = (question for question in chain.from_iterable(zip_longest(*parts)) if question is not None)
    return tuple({_fingerprint(question): question for question in mixed}.values())[:count]


def _of_author(lesson: Lesson, kinds: Sequence[str], seed: int) -> list[Posed]:
    road = lay_road(lesson, scenario_of(lesson))
    made = [authored(lesson, each, seed) for each in asked(lesson, road)]
    return [question for question in made if question is not None and (not kinds or question.kind in kinds)]


def _apart(questions: Sequence[Posed], seed: int) -> list[Posed]:
    """Of these questions, in their order, as many as do not tell each other's answers."""
    tried, kept = list(questions), list[Posed]()
    Random(f"apart|{seed}").shuffle(tried)  # noqa: S311
    for question in tried:
        if not any(_tells(question, other) or _tells(other, question) for other in kept):
            kept.append(question)
    return [question for question in questions if question in kept]


def _tells(page: Posed, other: Posed) -> bool:
    """Is more of the run of ``other`` to be seen on this question's page than on its own?"""
    if not (page.has_run and other.has_run):
        return False
    found = compare(page.trace, other.trace)
    shared = page.index if found is None else min(page.index, found.index - 1)
    return shared > other.index


def _fingerprint(question: Posed) -> tuple[str, ...]:
    """What makes two questions the same to whoever answers them."""
    return (question.setting.en, question.ask.prompt.en, *sorted(option.value for option in question.ask.options))
