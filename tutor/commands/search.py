"""``tcp-tutor search``: the shortest way to break a property of a protocol, or the bound within which there is none.

Rules
-----
* Without ``--variant`` it is the real protocol: what is found then is a known exception, with the clause that admits
  it, or a fault of ours.
* What TCP has to exclude can be let in: giving up after so many repetitions, 2^32 octets sent before, and each known
  exception by its name.
* Every verdict names its budget, what it held constant, and how much was searched. "None" is said of the whole bound.
* The exit code is 0 whether or not something is found. Ctrl+C leaves with what was explored so far.
"""

from __future__ import annotations

import argparse
import json
import signal
import time
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Self

from tutor.commands import atlas
from tutor.commands.console import Console
from tutor.commands.faults import DONE, BadFile, BadUsage
from tutor.commands.loading import save_run
from tutor.commands.parser import did_you_mean
from tutor.commands.switches import profile_called
from tutor.explore import held
from tutor.explore.bound import played
from tutor.explore.breadth import Statistics
from tutor.explore.exceptions import EXCEPTIONS, Known, exception_for, excluded, rules_of
from tutor.explore.parts import COSTS_NOTHING, Budget, Play, cost
from tutor.explore.past import FORGOTTEN, OPEN, WRAPPED
from tutor.explore.properties import PROPERTIES
from tutor.explore.replay import HOSTS, replay
from tutor.explore.search import Answer, shortest
from tutor.explore.verdict import PROPERTIES as BITS
from tutor.joining import listed, named, sentences
from tutor.tcp.profile import Profile
from tutor.tcp.segment import flags_text
from tutor.tcp.transitions import RFC
from tutor.tcp.variant import TCP, VARIANTS, Variant
from tutor.teach.found import capital, entry_of, moves_told, states
from tutor.teach.retelling import lesson_of
from tutor.view.cells import pad, width, wrap
from tutor.words import LANGUAGES, Words, mark
from tutor.world.timeline import Timeline

MARGIN = "    "

OFTEN = 0.1
"""Seconds between two lines of progress."""

MOST = 9
"""The largest number that a budget may have: beyond it no search comes to an end."""

BUDGETS = {
    "held": "held", "lose": "losses", "duplicate": "duplicates", "coincidence": "coincidences",
    "crash": "interferences",
}  # fmt: skip
"""Switch -> field of the budget, in the order of its fields."""

DEFAULTS = {
    "held": 1, "lose": 1, "duplicate": 0, "coincidence": 0, "crash": 0, "give_up": 0, "wrap": False, "overdue": False,
}  # fmt: skip
"""Switch -> what it is unless somebody says otherwise."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one search."""

    answer: Answer
    beginning: str
    worlds: int
    moves: int
    seconds: float
    is_cancelled: bool = False


def run(options: argparse.Namespace, console: Console) -> int:
    """Search, and print what came of it."""
    words = console.words
    if options.list:
        _list(console)
        return DONE
    if options.atlas:
        profile, variant = _profile(options.profile, words), _variant(options.variant or "", words)
        with _Watch(console, quiet=options.json) as watch:
            atlas.run(profile, variant, console, watch.count, as_json=options.json)
        return DONE
    if options.pair:
        profile, variant = _profile(options.profile, words), _variant(options.variant or "", words)
        with _Watch(console, quiet=options.json) as watch:
            path = options.out or ""
            atlas.run_pair(profile, variant, options.pair, path, console, watch.count, as_json=options.json)
        return DONE
    prop, play, beginnings = _asked(options, words)
    verdict = _search(play, beginnings, console, quiet=options.json)
    too_long = bool(options.out) and verdict.answer.is_found and verdict.beginning == WRAPPED
    path = _save(verdict, prop, options.out, console) if options.out and not too_long else ""
    if options.json:
        console.say(json.dumps(_as_json(verdict, prop, path), ensure_ascii=False))
    else:
        _say(verdict, prop, path, console)
    if too_long:
        told = words.t("2^32 octets cannot be sent for the sake of a run: {path} is not written", path=options.out)
        raise BadFile(told)
    return DONE


# --- what was asked ---


def _asked(options: argparse.Namespace, words: Words) -> tuple[str, Play, tuple[str, ...]]:
    """(the property, what is searched for it, the beginnings from which)."""
    if options.exception:
        prop, known, play = _exception(options, words)
        return prop, play, (known.beginning,)
    if not options.property:
        raise BadUsage(words.t("{names} is missing", names="--property"))
    profile, variant = _profile(options.profile, words), _variant(options.variant or "", words)
    prop = _one_of(options.property, PROPERTIES, words)
    retries = _number(options, "give_up", words)
    budget, is_overdue = _budget_of(options, words), bool(options.overdue)
    play = Play(profile, variant, budget, watched=BITS[prop], retries=retries, is_overdue=is_overdue)
    return prop, play, (WRAPPED,) if options.wrap else (FORGOTTEN, OPEN)


def _exception(options: argparse.Namespace, words: Words) -> tuple[str, Known, Play]:
    """What is searched to find a known exception anew: its budget is its own."""
    if options.variant:
        raise BadUsage(words.t("--exception is about TCP itself: --variant cannot be given with it"))
    given = [each for each in DEFAULTS if getattr(options, each) not in (None, False)]
    if given:
        names = ", ".join(f"--{each.replace('_', '-')}" for each in given)
        raise BadUsage(words.t("{names} cannot be given with --exception: it has a budget of its own", names=names))
    all_known = {each.id: each for each in EXCEPTIONS}
    known = all_known[_one_of(options.exception, all_known, words)]
    prop = _one_of(options.property or sorted(known.properties)[0], known.properties, words)
    rules = "linux-6.18" if options.profile is None and "rfc9293" not in known.rule_sets else options.profile
    profile = _profile(rules, words)
    if rules_of(profile.rule_set) not in known.rule_sets:
        told = words.t("{name} is no exception under {profile}", name=known.id, profile=profile.name)
        raise BadUsage(told)
    return prop, known, known.play(profile, BITS[prop])


def _profile(name: str | None, words: Words) -> Profile:
    return profile_called(name or RFC, words)


def _variant(name: str, words: Words) -> Variant:
    return VARIANTS[_one_of(name, VARIANTS, words)] if name not in ("", "none") else TCP


def _one_of(name: str, allowed: Iterable[str], words: Words) -> str:
    if name not in allowed:
        raise BadUsage(words.t("unknown: {value}", value=name) + did_you_mean(name, allowed, words))
    return name


def _budget_of(options: argparse.Namespace, words: Words) -> Budget:
    held_, losses, duplicates, coincidences, interferences = (_number(options, each, words) for each in BUDGETS)
    return Budget(held_, losses, duplicates, coincidences, interferences)


def _number(options: argparse.Namespace, switch: str, words: Words) -> int:
    given = getattr(options, switch)
    text = str(DEFAULTS[switch] if given is None else given)
    if not text.isdecimal() or int(text) > MOST:
        raise BadUsage(
            words.t(
                "{name} is {found}; allowed: {allowed}",
                name=f"--{switch.replace('_', '-')}",
                found=text,
                allowed=f"0…{MOST}",
            )
        )
    return int(text)


# --- searching ---


def _search(play: Play, beginnings: tuple[str, ...], console: Console, *, quiet: bool) -> Verdict:
    """Search from every beginning; what was found is the shortest of all."""
    began = time.perf_counter()
    with _Watch(console, quiet=quiet) as watch:
        answers = shortest((play._replace(beginning=each) for each in beginnings), watch)
    worlds = sum(answer.statistics.worlds for answer in answers)
    moves = sum(answer.statistics.moves for answer in answers)
    is_cancelled = any(answer.statistics.is_cancelled for answer in answers)
    beginning = answers[-1].model.play.beginning
    return Verdict(answers[-1], beginning, worlds, moves, time.perf_counter() - began, is_cancelled)


class _Watch:
    """Says how far a search is, to a person at a terminal, and calls it off when Ctrl+C was pressed."""

    def __init__(self, console: Console, *, quiet: bool) -> None:
        self.console = console
        self.is_shown = not quiet and console.err.isatty()
        self.is_over = False
        self.told_at = time.monotonic()

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

    def __call__(self, statistics: Statistics) -> bool:
        """Tell how far it is; False: stop."""
        return self.count(statistics.worlds)

    def count(self, worlds: int) -> bool:
        """As the call, with the number of worlds alone."""
        now = time.monotonic()
        if self.is_shown and now - self.told_at >= OFTEN:
            self.told_at = now
            told = self.console.words.n("{shown} world so far", "{shown} worlds so far", worlds, shown=f"{worlds:,}")
            print(f"\r{told}", end="", file=self.console.err, flush=True)
        return not self.is_over


# --- what came of it ---


def _save(verdict: Verdict, prop: str, path: str, console: Console) -> str:
    """Write the run, if there is one; returns the path, or ""."""
    if not verdict.answer.is_found:
        return ""
    run = replay(verdict.answer)
    variant = verdict.answer.model.play.variant
    titles = {lang: _heading(variant, prop, Words(lang)) for lang in LANGUAGES}
    lesson, scenario = lesson_of(verdict.answer, run, f"found-{variant.id or 'tcp'}-{prop}", titles)
    saved = save_run(lesson, scenario, Timeline.of(scenario), 0)
    atlas.write_run(path, saved, console.words)
    return path


def _heading(variant: Variant, prop: str, words: Words) -> str:
    """``Two-way handshake: P3, no ghost at rest``."""
    sentence = PROPERTIES[prop]
    name = capital(words.t(variant.title)) if variant.id else "TCP"
    return named(name, listed((sentence.number, words.t(sentence.title)), words), words)


def _budget(play: Play, words: Words) -> str:
    """The budget in words."""
    told = (
        (play.budget.held, words.t("old segments delivered")),
        (play.budget.losses, words.t("lost")),
        (play.budget.duplicates, words.t("copied")),
        (play.budget.coincidences, words.t("numbers placed by an adversary")),
        (play.budget.interferences, words.t("aborts or crashes")),
    )
    parts = [f"{what} ≤ {most}" for most, what in told]
    if play.is_overdue:
        parts.append(words.t("segments live for four MSL"))
    if play.retries:
        parts.append(words.n("given up after {count} repetition", "given up after {count} repetitions", play.retries))
    return listed(parts, words)


def _judgement(verdict: Verdict, prop: str) -> tuple[str, Known | None]:
    """(``broken``, ``known-exception``, ``holds`` or ``unfinished``; the exception)."""
    answer = verdict.answer
    if not answer.is_found:
        return ("unfinished" if verdict.is_cancelled else "holds"), None
    play = answer.model.play
    if play.variant.id:
        return "broken", None
    known = exception_for(prop, answer)
    return ("known-exception" if known is not None else "broken"), known


JUDGEMENTS = {
    "broken": mark("BROKEN in {moves} moves"),
    "broken-at-once": mark("BROKEN in one move"),
    "known-exception": mark("KNOWN EXCEPTION, in {moves} moves: {title}"),
    "known-exception-at-once": mark("KNOWN EXCEPTION, in one move: {title}"),
    "holds": mark("HOLDS within this bound: none of the runs breaks it"),
    "unfinished": mark("called off: nothing was found so far"),
}


BEGINNINGS = {
    FORGOTTEN: mark("It begins when both hosts have forgotten the earlier connection."),
    OPEN: mark("It begins while the earlier connection is open."),
    WRAPPED: mark("It begins in the earlier connection, 2^32 octets later."),
}


def _say(verdict: Verdict, prop: str, path: str, console: Console) -> None:
    """The verdict for a person."""
    words, answer = console.words, verdict.answer
    play = answer.model.play
    kind, known = _judgement(verdict, prop)
    console.say(_heading(play.variant, prop, words))
    _wrapped(words.t(PROPERTIES[prop].always), console)
    if play.variant.id:
        _wrapped(words.t("Not TCP: {departs}.", departs=words.t(play.variant.departs)), console)
    console.say(words.t("Rules: {profile}. Budget: {budget}.", profile=play.profile.title, budget=_budget(play, words)))
    console.say()
    title = words.t(known.title) if known is not None else ""
    length = cost(answer.path)
    told = f"{kind}-at-once" if length == 1 else kind
    _wrapped(words.t(JUDGEMENTS[told], moves=length, title=title), console, "")
    if answer.is_found:
        _wrapped(words.t(BEGINNINGS[verdict.beginning]), console)
    _moves(answer, console)
    if known is not None:
        _wrapped(words.t("What the rules say about it: {clause}.", clause=known.clause), console)
    console.say(
        words.t(
            "{worlds} worlds, {moves} moves, {seconds} s",
            worlds=f"{verdict.worlds:,}", moves=f"{verdict.moves:,}", seconds=f"{verdict.seconds:.2f}",
        )
    )  # fmt: skip
    outside = [words.t(text) for text in excluded(play)]
    if not play.variant.id:
        _listed(words.t("What has to be excluded for TCP to hold:"), outside, console)
    elif kind == "holds":
        _listed(words.t("What was excluded:"), outside, console)
    _listed(words.t("In every run:"), [words.t(text) for text in played(play)], console)
    constant = [named(words.t(why), ", ".join(fields), words) for why, fields in _constant(play)]
    _listed(words.t("Held constant:"), constant, console)
    if path:
        console.say(words.t("The run is in {path}", path=path))


NEVER_GIVES_UP = next(each.why for each in held.HELD if each.field == "synack_retries")


def _constant(play: Play) -> list[tuple[str, tuple[str, ...]]]:
    """What was held constant, and why; giving up is not, where it is counted."""
    freed = held.giving_up(play.retries)
    told = ((why, tuple(each for each in fields if each.split(" ")[0] not in freed)) for why, fields in held.reasons())
    on_time = mark("who gives up does so on time, and nobody has set a user timeout")
    return [(on_time if freed and why == NEVER_GIVES_UP else why, fields) for why, fields in told if fields]


def _moves(answer: Answer, console: Console) -> None:
    """The path, a line a move, with both ends after it."""
    told = list(moves_told(answer, console.words))
    column = max(map(width, told), default=0)
    for place, (line, (a, b)) in enumerate(zip(told, list(states(answer))[1:], strict=True), 1):
        is_wait = answer.path[place - 1].kind in COSTS_NOTHING
        number = "" if is_wait else f"{cost(answer.path[:place])}."
        console.say(f"{number:>4} {pad(line, column)}  {a} – {b}")


def _listed(title: str, lines: list[str], console: Console) -> None:
    console.say()
    console.say(title)
    for line in lines:
        first, *more = wrap(line, console.columns - len(MARGIN))
        console.say(f"  - {first}")
        for rest in more:
            console.say(MARGIN + rest)


def _wrapped(text: str, console: Console, margin: str = MARGIN) -> None:
    for line in wrap(text, console.columns - len(margin)):
        console.say(margin + line)


def _as_json(verdict: Verdict, prop: str, path: str) -> dict[str, Any]:
    """The verdict for a program: the same words in every language."""
    answer, words = verdict.answer, Words("en")
    play = answer.model.play
    kind, known = _judgement(verdict, prop)
    return {
        "v": 1,
        "variant": play.variant.id,
        "property": prop,
        "profile": play.profile.name,
        "verdict": kind,
        "exception": known.id if known is not None else None,
        "clause": known.clause if known is not None else None,
        "budget": {switch: getattr(play.budget, field) for switch, field in BUDGETS.items()},
        "beginning": verdict.beginning,
        "length": cost(answer.path),
        "moves": [
            {
                "kind": move.kind,
                "host": HOSTS[move.side] if move.side >= 0 else "",
                "segment": flags_text(entry.segment.flags) if (entry := entry_of(answer, move)) else None,
                "text": told,
                "states": list(after),
            }
            for move, told, after in zip(
                answer.path, moves_told(answer, words), list(states(answer))[1 : len(answer.path) + 1], strict=True
            )
        ],
        "worlds": verdict.worlds,
        "transitions": verdict.moves,
        "seconds": round(verdict.seconds, 3),
        "is_complete": answer.statistics.is_complete,
        "give_up": play.retries,
        "held_constant": [field for _, fields in _constant(play) for field in fields],
        "in_every_run": list(played(play)),
        "exclusions": list(excluded(play)) if not play.variant.id or kind == "holds" else [],
        "run": path or None,
    }


def _list(console: Console) -> None:
    """Variants, properties, and the budgets that a search has unless it is told otherwise."""
    words = console.words
    console.say(words.t("Properties (--property):"))
    for sentence in PROPERTIES.values():
        console.say(f"  {pad(sentence.id, 16)}{sentence.number}  {words.t(sentence.title)}")
        _wrapped(words.t(sentence.always), console, " " * 22)
    console.say()
    console.say(words.t("Variants (--variant); none is the protocol itself:"))
    for variant in VARIANTS.values():
        console.say(f"  {pad(variant.id, 26)}{words.t(variant.title)}")
        _wrapped(words.t(variant.departs), console, " " * 28)
    console.say()
    console.say(words.t("Known exceptions of TCP itself (--exception), each with the clause that admits it:"))
    for known in EXCEPTIONS:
        console.say(f"  {pad(known.id, 26)}{', '.join(sorted(known.properties))}")
        _wrapped(
            sentences(
                (words.t(known.title), words.t("What the rules say about it: {clause}.", clause=known.clause)), words
            ),
            console,
            " " * 28,
        )
    console.say()
    console.say(words.t("Budgets unless told otherwise: {budget}", budget=", ".join(_defaults())))


def _defaults() -> list[str]:
    return [f"--{switch} {DEFAULTS[switch]}" for switch in BUDGETS]
