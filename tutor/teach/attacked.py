"""Attacked: the moves that solve an attack, as a run that can be played to a room.

Rules
-----
* The moves are the author's, and the linter has played them; the run is the engine's, retold move by move.
* Nothing of it is anybody's game: no score, no budget, no progress.
"""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from tutor.explore.onward import run_of
from tutor.teach import network, network_words
from tutor.teach.found import deed_told
from tutor.teach.judge import is_move
from tutor.teach.lesson import Ask, Lesson
from tutor.teach.puzzles import puzzle_of
from tutor.teach.retelling import lesson_of
from tutor.teach.session import Session, start
from tutor.words import LANGUAGES, Words


def attacked(lesson: Lesson, ask: Ask) -> Session | None:
    """The session on the run of an attack's solution, at its beginning; None where it has none."""
    if ask.wire is None or not ask.solution:
        return None
    return _played(lesson, ask)


def moves_told(lesson: Lesson, ask: Ask, words: Words) -> tuple[str, ...]:
    """The moves of its solution in words, in order; none where it has none."""
    game = _game(lesson, ask) if ask.wire is not None and ask.solution else None
    return tuple(deed_told(deed, words) for deed in game.deeds) if game is not None else ()


@lru_cache(maxsize=8)
def _game(lesson: Lesson, ask: Ask) -> network.Game | None:
    """The game after the moves of the solution."""
    assert ask.wire is not None, "an attack has a puzzle"
    game = network.begin(puzzle_of(lesson, ask.wire))
    for text in ask.solution:
        deed = next((deed for deed in game.here.deeds if is_move(text, deed)), None)
        if deed is None:
            return None
        game = network.update(game, network.Do(deed))
    return game


@lru_cache(maxsize=8)
def _played(lesson: Lesson, ask: Ask) -> Session | None:
    game = _game(lesson, ask)
    if game is None:
        return None
    answer, run = run_of(game.puzzle.play, game.deeds)
    titles = {lang: network_words.title(game.puzzle, Words(lang)) for lang in LANGUAGES}
    name = f"wire-{game.puzzle.variant or 'tcp'}-{game.puzzle.breaks}"
    made, scenario = lesson_of(answer, run, name, titles)
    return replace(start(made, scenario), is_exploring=True)
