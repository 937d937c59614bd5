"""A lesson's words as plain paragraphs, each at the step of the run that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.commands.loading import Loaded
from tutor.joining import sentence
from tutor.teach.byroad import byroad
from tutor.teach.doing import parse_doing
from tutor.teach.facts import NoSuchThing, Scene, fill
from tutor.teach.lesson import Ask, Beat, Play
from tutor.teach.quiz import label
from tutor.teach.visiting import run_of
from tutor.view.byhand import capitalised, deed
from tutor.words import Words, mark
from tutor.world.query import Moment

_LINK = re.compile(r"\[([^\]]*)\]\([^)]*\)")
_EMPHASIS = re.compile(r"(?<!\\)(\*\*|__|\*|`)(?=\S)(.+?)(?<=[^\s\\])\1")


def plain_paragraphs(markdown: str) -> list[str]:
    """Markdown without its marks, a paragraph or list item each."""
    text = _LINK.sub(r"\1", markdown)
    for _ in range(2):
        text = _EMPHASIS.sub(r"\2", text)
    text = re.sub(r"\\([\\`*_<>#\[\]])", r"\1", text)
    blocks = re.split(r"\n\s*\n|\n(?=\s*(?:[-*]|\d+\.)\s)", text)
    return [" ".join(block.split()).lstrip("#").strip() for block in blocks if block.strip()]


def narration(loaded: Loaded, words: Words) -> dict[int, list[str]]:
    """Index of a step -> the texts that the lesson says there, one a beat. Bets are asked; the run answers them."""
    said: dict[int, list[str]] = {}
    for beat, moment in zip(loaded.lesson.beats, loaded.road.moments, strict=True):
        if moment is not None:
            scene = Scene(loaded.lesson, loaded.trace, moment, loaded.road.moments)
            said.setdefault(moment.index, []).append("\n\n".join(_beat(beat, scene, words)))
    return said


def _beat(beat: Beat, scene: Scene, words: Words) -> Iterator[str]:
    yield f"== {fill(beat.title[words.lang], scene)} =="
    yield from plain_paragraphs(fill(beat.words[words.lang], scene))
    if beat.ask is not None:
        yield _ask(beat.ask, scene, words)
    if beat.touch is not None:
        yield words.t("Your turn: {task}", task=" ".join(plain_paragraphs(fill(beat.touch.task[words.lang], scene))))


def _ask(ask: Ask, scene: Scene, words: Words) -> str:
    """The question, how it is answered, and its options, a line each; a table keeps its lines."""
    prompt = " ".join(plain_paragraphs(fill(ask.prompt[words.lang], scene)))
    first = words.t("Bet: {prompt}", prompt=prompt) if ask.is_bet else words.t("Question: {prompt}", prompt=prompt)
    how = {"many": SEVERAL, "order": ORDER, "attack": ATTACK, "explain": EXPLAIN}.get(
        ask.kind, TYPE if ask.is_typed else ""
    )
    options = () if ask.is_typed or ask.kind == "explain" else ask.options
    lines = []
    for number, option in enumerate(options, 1):
        said = label(ask, option, scene, words.lang)
        if ask.kind == "table":
            lines.append(f"{number}. " + said.replace("\n", "\n   "))
        else:
            lines.append(f"{number}. {' '.join(plain_paragraphs(said))}")
    return "\n".join((first, *((words.t(how, count=ask.seconds),) if how else ()), *lines))


SEVERAL, ORDER, TYPE = mark("(several may be right)"), mark("(put them in order)"), mark("(type a time)")
ATTACK, EXPLAIN = mark("(be the network: in the window)"), mark("(explain it: {count} s)")
HOW = {"many": SEVERAL, "order": ORDER, "attack": ATTACK, "explain": EXPLAIN}
"""Kind -> how it is answered."""


def afterwards(loaded: Loaded, words: Words) -> Iterator[str]:
    """After the run: what one may have read and what is so, then the checks, each with what was done to its run."""
    lesson, lang, road = loaded.lesson, words.lang, loaded.road
    last = loaded.trace.steps[-1]
    end = Scene(lesson, loaded.trace, Moment(last.index, last.at), road.moments)
    for refuted in lesson.refutes:
        plays = refuted.plays or Play("", (), "end")
        scene = _beside(end, plays)
        if scene is not None:
            yield f"== {words.t('You may have read: {said}', said=fill(refuted.says[lang], scene))} =="
            yield from _done(plays, words)
            yield from plain_paragraphs(fill(refuted.truth[lang], scene))
    for number, check in enumerate(lesson.checks, 1):
        plays = run_of(check)
        scene = _beside(end, plays)
        if scene is not None:
            yield f"== {words.t('Check {place}', place=number)} =="
            yield from _done(plays, words)
            yield from plain_paragraphs(fill(check.words[lang], scene)) if check.words is not None else ()
            yield _ask(check.ask, scene, words)


def _beside(end: Scene, plays: Play) -> Scene | None:
    try:
        return byroad(end, plays).scene(end.lesson)
    except NoSuchThing:
        return None


def _done(plays: Play, words: Words) -> Iterator[str]:
    """What was done to get this run, a line each."""
    for act in plays.acts:
        yield f"[{sentence(capitalised(deed(parse_doing(act).act, words)), words)}]"
