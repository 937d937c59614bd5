"""There: what would be the answer to a bet in the run that one of its wrong answers plays.

Theory
------
"So long it takes where the timer doubles at once: play that." Such a feedback claims that the wrong answer is the right
one of another run. The option says so (``holds: there``), and the same bet is asked there: where that run is still the
bet's own, at the same event; where it left before, at the first event of the same name.
"""

from __future__ import annotations

from tutor.teach import quiz
from tutor.teach.byroad import Byroad, byroad
from tutor.teach.facts import Scene
from tutor.teach.lesson import Ask, Option
from tutor.world.query import Moment, find, parse_cue
from tutor.world.time import format_duration

HERE_AND_THERE = ("next-state", "state", "next-segment", "time", "first")
"""Bets that can be asked of any run."""

CLOSE = 10
"""Percent by which a time that is read off a scale may be off."""


def is_right_there(ask: Ask, option: Option, scene: Scene) -> tuple[bool, str]:
    """Would the option be right in the run that it plays? And what is right there, "" if nothing is.

    Raises ``NoSuchThing`` as ``byroad`` does.
    """
    assert option.plays is not None, "an answer that plays no run says nothing of one"
    there = byroad(scene, option.plays)
    moment = _asked(ask, scene, there)
    if moment is None:
        return False, ""
    if ask.kind == "time":
        return _lasts(ask, option, scene, there, moment)
    found = quiz.answer(ask, Scene(scene.lesson, there.trace, moment, scene.moments))
    return ask.options.index(option) in found.right, found.shown


def _lasts(ask: Ask, option: Option, scene: Scene, there: Byroad, moment: Moment) -> tuple[bool, str]:
    """A time is the one that the learner has seen: it is measured where the bet is asked."""
    event = find(there.trace, parse_cue(ask.cue), after_index=moment.index)
    said = quiz.measured(option.value, scene)
    if event is None or said is None:
        return False, ""
    span = event.at - moment.at
    return abs(span - said) <= max(span, said) * max(ask.tolerance, CLOSE) // 100, format_duration(span)


def _asked(ask: Ask, scene: Scene, there: Byroad) -> Moment | None:
    if there.left.index >= scene.moment.index:
        return scene.moment
    lesson = scene.lesson
    cues = [beat.cue for beat in lesson.beats if beat.ask == ask]
    cues += [check.cue for check in lesson.checks if check.ask == ask]
    return find(there.trace, parse_cue(cues[0]), after_index=-1) if cues else None
