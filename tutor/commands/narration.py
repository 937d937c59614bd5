"""A lesson's words as plain paragraphs, each at the step of the run that it speaks of."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.commands.loading import Loaded
from tutor.teach.facts import Scene, fill
from tutor.teach.lesson import Ask, Beat
from tutor.teach.quiz import label
from tutor.words import Words

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


def _ask(ask: Ask, scene: Scene, words: Words) -> str:
    """The question and its options, a line each."""
    prompt = " ".join(plain_paragraphs(fill(ask.prompt[words.lang], scene)))
    first = words.t("Bet: {prompt}", prompt=prompt) if ask.is_bet else words.t("Question: {prompt}", prompt=prompt)
    options = [" ".join(plain_paragraphs(label(ask, option, scene, words.lang))) for option in ask.options]
    return "\n".join((first, *(f"{number}. {option}" for number, option in enumerate(options, 1))))
