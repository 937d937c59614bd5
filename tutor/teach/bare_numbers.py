"""Bare numbers: what the words of a shipped lesson state although the run could fill it in.

Rules
-----
* A number of a segment (``ack=91``, "number 7", "bytes 1 to 20") is a placeholder. The one excuse: an answer on offer
  may name the numbers of its own ``value``, which the linter holds against the engine, and from ten on those of the run
  that it plays.
* Any other number from ten on is a placeholder, unless the file itself tells it to the engine: as a port, a backlog or
  a setting of the lesson, or in an act of the very check, touch or answer. So whoever changes it there or here is told.
  (What a program writes or reads can be quoted: ``HOST.program.N``.)
* ``SETTLED`` are the numbers that neither a run nor the file knows. Each is in use.
* What people claim (``says``) is quoted, and not looked at. What is a name and no number says ``sentences``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from tutor.teach.lesson import Ask, Lesson, Mark, Option, Play, Text
from tutor.teach.sentences import computed_numbers

Place = tuple[str, str]
"""A lesson and a number without commas."""

SETTLED: frozenset[Place] = frozenset({
    ("02-sequence-numbers", "4294967295"),  # the highest that 32 bits hold
    ("32-time-wait-pile-up", "240000"),  # of a tale that everybody tells, with the two others to bet against it:
    ("32-time-wait-pile-up", "60000"), ("32-time-wait-pile-up", "65535"),  # the run plays a two-thousandth of it
    ("33-port-exhaustion", "28232"), ("33-port-exhaustion", "84696"), ("33-port-exhaustion", "65535"),  # one to reckon
    ("37-incident-desk", "10"),  # the ticket's number
    ("42-isn-and-spoofing", "64000"),  # a wrong answer: what 4.2BSD added
})  # fmt: skip
"""Numbers that nobody computes, each with its reason."""

SMALLEST = 10
"""A number below is too common to say where it comes from: only of a segment it has to be a placeholder."""


class Bare(NamedTuple):
    """A number that is typed in, and the sentence in which it stands."""

    text: Text
    lang: str
    found: str

    @property
    def mark(self) -> Mark:
        """Where the sentence stands, in the file of its language."""
        places = dict(zip((lang for lang, _ in self.text.others), self.text.marks, strict=False))
        return places.get(self.lang, self.text.mark)


class _Said(NamedTuple):
    """A sentence, the numbers that its own answer names, and those that the file tells the engine."""

    text: Text
    own: frozenset[str]
    told: frozenset[str]


def bare_numbers(lesson: Lesson) -> Iterator[Bare]:
    """Every number of every sentence, in every language, that should be a placeholder."""
    for said in _sentences(lesson):
        for lang in said.text.languages:
            for number in computed_numbers(said.text[lang]):
                excused = said.own if number.is_exact else said.own | said.told
                if number.digits not in excused and (lesson.id, number.digits) not in SETTLED:
                    yield Bare(said.text, lang, number.found)


_PROGRAMMED = re.compile(r"\b(?:listen|bind|from|set \S+) (\d+)(?:[ -](\d+))?|:(\d+)|\b(?:backlog|[sd]port)=(\d+)")
"""What a line of a program, or an act, tells the engine that nothing could compute."""


def _programmed(line: str) -> frozenset[str]:
    return frozenset(found for match in _PROGRAMMED.finditer(line) for found in match.groups() if found)


def _numbers(*texts: str) -> frozenset[str]:
    return frozenset(found for text in texts for found in re.findall(r"\d+", text))


def _of_play(play: Play | None) -> frozenset[str]:
    return _numbers(*play.acts) if play is not None else frozenset()


def _told(lesson: Lesson) -> frozenset[str]:
    """What the lesson's own run is told."""
    lines = (*(line for host in lesson.hosts for line in host.program), *(beat.act for beat in lesson.beats))
    settings = (value for host in lesson.hosts for value in (str(host.port or ""), *dict(host.sysctls).values()))
    return _numbers(*settings).union(*map(_programmed, lines))


def _sentences(lesson: Lesson) -> Iterator[_Said]:
    told, nothing = _told(lesson), frozenset[str]()
    for text in (lesson.title, lesson.goal, *lesson.out_of_scope):
        yield _Said(text, nothing, told)
    for refuted in lesson.refutes:
        yield _Said(refuted.truth, nothing, told | _of_play(refuted.plays))
    for beat in lesson.beats:
        yield _Said(beat.title, nothing, told)
        yield _Said(beat.words, nothing, told)
        if beat.ask is not None:
            yield from _asked(beat.ask, told)
        if beat.touch is not None:
            both = told | _of_play(beat.touch.solved)
            yield _Said(beat.touch.task, nothing, both)
            yield _Said(beat.touch.compared, nothing, both)
    for check in lesson.checks:
        both = told | _numbers(*check.acts)
        if check.words is not None:
            yield _Said(check.words, nothing, both)
        yield from _asked(check.ask, both)


def _asked(ask: Ask, told: frozenset[str]) -> Iterator[_Said]:
    yield _Said(ask.prompt, frozenset(), told)
    for option in ask.options:
        for text in (option.text, option.feedback):
            if text is not None:
                yield _Said(text, _own(option), told)


def _own(option: Option) -> frozenset[str]:
    """The numbers of an answer's value and of what it holds; from ten on, also of the run that it plays."""
    large = (number for number in _of_play(option.plays) if int(number) >= SMALLEST)
    return _numbers(option.value, option.holds) | frozenset(large)
