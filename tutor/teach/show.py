"""A lecture as what the clicker walks through: ``stops``; and one lesson as a lecture: ``lecture_of``.

Rules
-----
* One press, one stop: a beat, a question, a saved run or a note. A beat whose question is put to the room is two stops,
  first the beat and then its question, so that the lecturer can say something before the vote.
* The minutes of an item are shared out among its stops as the time to read them would be.
* Notes may hold the placeholders of their lesson. Whoever shows them fills them in (``facts.fill``), as a beat's words.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

from tutor.teach.lecture import NOTHING, Item, Lecture, asked, asking_beats
from tutor.teach.lesson import Ask, Beat, Lesson, Text
from tutor.teach.sentences import reading_time

STOP_KINDS = ("beat", "question", "run", "note")

LOOKING = 8.0
"""Seconds that a beat takes besides reading it: the segments move, and somebody looks."""

VOTING = 45.0
"""Seconds from the reading of a question to the last raised hand that is counted."""

SHOWING = 30.0
"""Seconds for a saved run or a note that says nothing."""

PATIENCE = 15.0
"""Seconds that a room looks on at most until a stop is reached: a longer way is played faster (``walking.pace``)."""


@dataclass(frozen=True, slots=True)
class Stop:
    """What one press of the clicker leads to.

    ``item``: the index of its item in the lecture. ``kind``: one of ``STOP_KINDS``. ``ask``: of a question, the id of
    the beat or check that asks; ``beat`` is "" at a check, which has a run of its own. ``run``: the path of a saved
    run.
    ``title`` and ``notes`` (Markdown) may hold placeholders. ``seconds``: what the lecture gives it.
    """

    item: int
    kind: str
    lesson: str
    beat: str
    ask: str
    title: Text
    notes: Text
    seconds: float
    run: str = ""


def stops(lecture: Lecture) -> tuple[Stop, ...]:
    """Every stop of a lecture in order. Their seconds add up to the minutes of its items."""
    found: list[Stop] = []
    for place, item in enumerate(lecture.items):
        of_item = list(_stops_of(lecture, place, item))
        weights = [max(weight, 1.0) for _, weight in of_item]
        for (stop, _), weight in zip(of_item, weights, strict=True):
            found.append(replace(stop, seconds=item.minutes * 60 * weight / sum(weights)))
    return tuple(found)


def _stops_of(lecture: Lecture, place: int, item: Item) -> Iterator[tuple[Stop, float]]:
    """(stop without its seconds, seconds that it takes at least)."""
    if item.kind == "run":
        run = lecture.run_path(item.run)
        yield Stop(place, "run", "", "", "", item.title, item.notes, 0.0, run), SHOWING
    elif item.kind == "note":
        yield Stop(place, "note", "", "", "", item.title, item.notes, 0.0), SHOWING
    elif item.kind == "question":
        yield _question(place, item, lecture.lesson(item.lesson), item.ask)
    else:
        yield from _beats(place, item, lecture.lesson(item.lesson))


def _beats(place: int, item: Item, lesson: Lesson) -> Iterator[tuple[Stop, float]]:
    notes = dict(item.beat_notes)
    for beat_id in item.beats:
        beat = lesson.beat(beat_id)
        said = notes.get(beat_id, item.notes)
        yield Stop(place, "beat", lesson.id, beat_id, "", beat.title, said, 0.0), beat_seconds(beat)
        if beat_id in item.asks:
            yield _question(place, item, lesson, beat_id)


def _question(place: int, item: Item, lesson: Lesson, ask_id: str) -> tuple[Stop, float]:
    ask = asked(lesson, ask_id)
    assert ask is not None, "only what asks is put to the room"
    beat = next((beat for beat in lesson.beats if beat.id == ask_id), None)
    said = dict(item.ask_notes).get(ask_id, dict(item.beat_notes).get(ask_id, item.notes))
    title = beat.title if beat is not None else item.title if item.kind == "question" else ask.prompt
    stop = Stop(place, "question", lesson.id, beat.id if beat is not None else "", ask_id, title, said, 0.0)
    return stop, ask_seconds(ask)


# --- how long it takes at least ---


def beat_seconds(beat: Beat) -> float:
    """Seconds to look at a beat and read it, in the language that takes longest."""
    return LOOKING + _reading(beat.title) + _reading(beat.words)


def ask_seconds(ask: Ask) -> float:
    """Seconds to read a question, vote, and hear why the right answer is right."""
    told = [_reading(text) for option in ask.options for text in (option.text,) if text is not None]
    right = [_reading(option.feedback) for option in ask.options if option.value in ask.answers and option.feedback]
    return VOTING + _reading(ask.prompt) + sum(told) + sum(right)


def _reading(text: Text) -> float:
    return max(reading_time(said) for said in (text.en, *(said for _, said in text.others)))


# --- one lesson as a lecture ---


def lecture_of(lesson: Lesson) -> Lecture:
    """One lesson as a lecture: all its beats, whatever they ask, then its checks; as long as that takes at least."""
    beats = tuple(beat.id for beat in lesson.beats)
    asks = asking_beats(lesson)
    seconds = sum(beat_seconds(beat) + (ask_seconds(beat.ask) if beat.ask is not None else 0) for beat in lesson.beats)
    items = [Item(lesson.id, "lesson", lesson.title, _minutes(seconds), lesson.id, beats, asks)]
    for check in lesson.checks:
        minutes = _minutes(ask_seconds(check.ask) + (_reading(check.words) if check.words is not None else 0))
        items.append(
            Item(check.id, "question", check.ask.prompt, minutes, lesson.id, ask=check.id, notes=check.words or NOTHING)
        )
    whole = sum(item.minutes for item in items)
    return Lecture(lesson.id, lesson.title, whole, tuple(items), (), (lesson,), lesson.languages)


def _minutes(seconds: float) -> float:
    """Whole minutes, at least one."""
    return float(max(1, math.ceil(seconds / 60)))
