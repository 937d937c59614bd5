"""Written: a lesson that the program writes of a run, in every language, as the files that an author would have made.

Rules
-----
* The files come first, and the lesson is what is read from them. So a run that is saved with it opens again, in
  whichever language, and says the same.
* Its words are of one run: they may say that run's numbers, as no author's may (``reading.GENERATED``).
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tutor.tcp.values import replace
from tutor.teach.errors import Problems
from tutor.teach.lesson import Lesson
from tutor.teach.overlay import fingerprint
from tutor.teach.reading import LESSON_FILE, OTHER_LANGUAGES, read_sources
from tutor.words import Words
from tutor.world.scenario import HostSpec, Scenario

Said = Mapping[str, str]
"""A sentence by language."""


@dataclass(frozen=True, slots=True)
class WrittenBeat:
    """One beat: what it hangs on, and what it says."""

    id: str
    cue: str
    title: Said
    words: Said
    is_pause: bool = False


@dataclass(frozen=True, slots=True)
class Writing:
    """A lesson before it is written. ``concept`` is one of ``reading.GENERATED``; ``until`` is a time or "at rest"."""

    id: str
    title: Said
    goal: Said
    concept: str
    beats: tuple[WrittenBeat, ...]
    until: str


def written(writing: Writing, stage: Scenario) -> Lesson:
    """The lesson on the hosts, the link and the rules of ``stage``."""
    files = {LESSON_FILE: _lines(_source(writing, stage))}
    files |= {f"{lang}.yaml": _lines(_overlay(writing, lang)) for lang in OTHER_LANGUAGES}
    problems = Problems(Words())
    sources = {name: text.encode() for name, text in files.items()}
    lesson = read_sources(sources, Path(LESSON_FILE), problems).lesson
    assert lesson is not None and not len(problems), [str(each) for each in problems.errors]
    return replace(lesson, path="")


def _lines(lines: Iterator[str]) -> str:
    return "\n".join((*lines, ""))


def _quoted(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _block(text: str, margin: int) -> Iterator[str]:
    for line in text.splitlines():
        yield (" " * margin + line).rstrip()


def _source(writing: Writing, stage: Scenario) -> Iterator[str]:
    yield from ("format: 1", f"id: {writing.id}")
    yield f"title: {_quoted(writing.title['en'])}"
    yield f"goal: {_quoted(writing.goal['en'])}"
    yield from (f"concepts: [{writing.concept}]", "prerequisites: []", "out_of_scope: []", "refutes: []")
    yield from (f"seed: {stage.seed}", f"profile: {stage.hosts[0].profile.name}")
    if stage.variant:
        yield f"variant: {stage.variant}"
    yield "hosts:"
    for host in stage.hosts:
        yield from _host(host)
    yield "link:"
    yield from (f"  {key}: {value}" for key, value in stage.links[0].parameters)
    yield from (f"until: {writing.until}", "beats:")
    for beat in writing.beats:
        yield from (f"  - id: {beat.id}", f"    cue: {beat.cue}", f"    title: {_quoted(beat.title['en'])}")
        if beat.is_pause:
            yield "    pause: true"
        yield "    words: |"
        yield from _block(beat.words["en"], 6)


def _host(host: HostSpec) -> Iterator[str]:
    yield from (f"  {host.name}:", f"    address: {host.address}", f"    isn: {host.isn}")
    if host.sysctls:
        yield "    sysctls:"
        yield from (f"      {name}: {_quoted(value)}" for name, value in host.sysctls)
    if host.programs:
        yield "    program:"
        yield from (f"      - {json.dumps(str(line))}" for line in host.programs[0].lines)


def _overlay(writing: Writing, lang: str) -> Iterator[str]:
    yield from ("format: 1", f"lesson: {writing.id}")
    for name, said in (("title", writing.title), ("goal", writing.goal)):
        yield from _translated(name, said, lang, 0)
    yield "beats:"
    for beat in writing.beats:
        yield f"  {beat.id}:"
        yield from _translated("title", beat.title, lang, 4)
        yield from _translated("words", beat.words, lang, 4)


def _translated(name: str, said: Said, lang: str, margin: int) -> Iterator[str]:
    yield " " * margin + f"{name}:"
    yield " " * margin + f"  of: '{fingerprint(said['en'])}'"
    yield " " * margin + "  text: |"
    yield from _block(said[lang], margin + 4)
