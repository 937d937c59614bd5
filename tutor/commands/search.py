"""``tcp-tutor search``: the shortest way to break a property of a protocol, or the bound within which there is none.

Rules
-----
* Without ``--variant`` it is the real protocol: what is found then is a known exception, with the clause that admits
  it, or a fault of ours.
* What TCP has to exclude can be let in: giving up after so many repetitions, close() instead of shutdown(write), 2^32
  octets sent before, and each known exception by its name.
* The exit code is 0 whether or not something is found. Ctrl+C leaves with what was explored so far.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections.abc import Iterable, Iterator
from itertools import product
from typing import Self

from tutor.commands import atlas
from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadFile
from tutor.commands.loading import save_run
from tutor.commands.search_asked import (
    asked,
    profile_of,
    refuse_unwritable,
    refuse_what_is_not_looked_at,
    variant_of,
)
from tutor.commands.search_listed import list_all
from tutor.commands.search_told import Covered, Verdict, as_json, heading, say, say_if_another
from tutor.explore.breadth import Statistics
from tutor.explore.parts import ORDERS, Play
from tutor.explore.past import WRAPPED
from tutor.explore.replay import replay
from tutor.explore.search import shortest
from tutor.joining import listed
from tutor.teach.retelling import lesson_of
from tutor.words import LANGUAGES, Words
from tutor.world.timeline import Timeline

OFTEN = 0.1
"""Seconds between two lines of progress."""


def run(options: argparse.Namespace, console: Console) -> int:
    """Search, and print what came of it."""
    words = console.words
    refuse_what_is_not_looked_at(options, words)
    if options.out is not None:
        refuse_unwritable(options.out, words, is_forced=options.force)
    if options.list:
        list_all(console, as_json=options.json)
        return DONE
    if options.atlas:
        profile, variant = profile_of(options.profile, words), variant_of(options.variant or "", words)
        with _Watch(console, quiet=options.json) as watch:
            atlas.run(profile, variant, console, watch.count, as_json=options.json)
        return DONE
    if options.pair:
        profile, variant = profile_of(options.profile, words), variant_of(options.variant or "", words)
        with _Watch(console, quiet=options.json) as watch:
            path = options.out or ""
            atlas.run_pair(profile, variant, options.pair, path, console, watch.count, as_json=options.json)
        return DONE
    prop, play, beginnings = asked(options, words)
    verdict = _search(play, beginnings, console, quiet=options.json)
    too_long = bool(options.out) and verdict.answer.is_found and verdict.beginning == WRAPPED
    path = _save(verdict, prop, options.out, console) if options.out and not too_long else ""
    if options.json:
        found = as_json(verdict, prop, path) | {"no_run": atlas.no_run(options.out if not path else "")}
        found["asked"] = options.exception
        console.say(json.dumps(found, ensure_ascii=False))
    else:
        say(verdict, prop, path, console)
        say_if_another(verdict, prop, options.exception or "", console)
        if options.out and not verdict.answer.is_found:
            console.say(words.t(atlas.NO_RUN, path=options.out))
    if too_long:
        told = words.t("2^32 bytes cannot be sent for the sake of a run: {path} is not written", path=options.out)
        raise BadFile(told)
    return DONE


# --- searching ---


def _search(play: Play, beginnings: tuple[str, ...], console: Console, *, quiet: bool) -> Verdict:
    """Search from every beginning, with fresh numbers above and below the old; what was found is the shortest."""
    began = time.perf_counter()
    plays = [play._replace(beginning=each, below=below) for below, each in product(ORDERS, beginnings)]
    with _Watch(console, quiet=quiet, searches=len(plays)) as watch:
        answers = shortest(watch.each(plays), watch)
    told = {answer.model.play: answer.statistics for answer in answers}
    covered = tuple(
        Covered(each, told[each].worlds, told[each].depth, told[each].is_complete) if each in told else Covered(each)
        for each in plays
    )
    worlds, moves = (sum(getattr(each, name) for each in told.values()) for name in ("worlds", "moves"))
    is_cancelled = any(each.is_cancelled for each in told.values())
    beginning = answers[-1].model.play.beginning
    seconds = time.perf_counter() - began
    return Verdict(answers[-1], beginning, worlds, moves, seconds, is_cancelled, covered)


class _Watch:
    """Says how far a search is, to a person at a terminal, and calls it off when Ctrl+C was pressed."""

    def __init__(self, console: Console, *, quiet: bool, searches: int = 1) -> None:
        self.console = console
        self.is_shown = not quiet and console.err.isatty()
        self.is_over = False
        self.told_at = time.monotonic()
        self.searches, self.search = searches, 0

    def __enter__(self) -> Self:
        self._before = signal.signal(signal.SIGINT, self._stop)
        return self

    def __exit__(self, *_: object) -> None:
        signal.signal(signal.SIGINT, self._before)
        if self.is_shown:
            print("\r\033[K", end="", file=self.console.err, flush=True)

    def _stop(self, *_: object) -> None:
        if self.is_over:
            raise KeyboardInterrupt
        self.is_over = True

    def each(self, plays: Iterable[Play]) -> Iterator[Play]:
        """``plays`` one after the other, counted."""
        for self.search, play in enumerate(plays, 1):
            yield play

    def __call__(self, statistics: Statistics) -> bool:
        """Tell how far it is; False: stop."""
        return self.count(statistics.worlds, statistics.depth)

    def count(self, worlds: int, depth: int | None = None) -> bool:
        """As the call, with the number of worlds, and of moves as far as every run is known."""
        now = time.monotonic()
        if self.is_shown and now - self.told_at >= OFTEN:
            self.told_at = now
            print(f"\r\033[K{self._far(worlds, depth)}", end="", file=self.console.err, flush=True)
        return not self.is_over

    def _far(self, worlds: int, depth: int | None) -> str:
        """How far it is, and how to leave with what was searched."""
        words = self.console.words
        told = words.n("{shown} world so far", "{shown} worlds so far", worlds, shown=f"{worlds:,}")
        parts = [told] if depth is None else [told, words.t("{depth} moves far", depth=depth)]
        if self.searches > 1:
            parts.insert(0, words.t("search {number} of {all}", number=self.search, all=self.searches))
        return listed((*parts, words.t("Ctrl+C ends it")), words)


# --- the run ---


def _save(verdict: Verdict, prop: str, path: str, console: Console) -> str:
    """Write the run, if there is one; returns the path, or ""."""
    if not verdict.answer.is_found:
        return ""
    run = replay(verdict.answer)
    variant = verdict.answer.model.play.variant
    titles = {lang: heading(variant, prop, Words(lang)) for lang in LANGUAGES}
    lesson, scenario = lesson_of(verdict.answer, run, f"found-{variant.id or 'tcp'}-{prop}", titles)
    saved = save_run(lesson, scenario, Timeline.of(scenario), 0)
    atlas.write_run(path, saved, console.words)
    return path
