"""What ``tcp-tutor search`` tells: the verdict, for a person and for a program, and what can be asked.

Rules
-----
* A verdict names its budget, what it held constant, and how much was searched. "None" is said of the whole bound.
* A person is told in their language; where the rules say something, document and section are named. A program is told
  the same words in every language.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from tutor.commands.console import Console
from tutor.commands.search_asked import BUDGETS
from tutor.explore import held
from tutor.explore.alike import Alike, breaks_tcp
from tutor.explore.bound import played
from tutor.explore.cells import KEPT_SAID, MUTE
from tutor.explore.exceptions import Known, exception_for, excluded
from tutor.explore.parts import Play, cost
from tutor.explore.past import FORGOTTEN, OPEN, WRAPPED
from tutor.explore.properties import PROPERTIES
from tutor.explore.search import Answer
from tutor.explore.stage import HOSTS
from tutor.joining import aside, listed, named, sentences
from tutor.tcp.segment import flags_text
from tutor.tcp.variant import Variant
from tutor.teach.found import admitted, capital, clause_told, entry_of, moves_told, numbers, states
from tutor.teach.limits import CONSTANT, EXCLUDED, IN_EVERY_RUN, SHORTLY, TO_HOLD, constant, limits, to_hold
from tutor.view.cells import pad, width, wrap
from tutor.words import Words, mark

MARGIN = "    "


class Covered(NamedTuple):
    """How much of one search was done: every run of ``depth`` moves; one that was not begun has no worlds."""

    play: Play
    worlds: int = 0
    depth: int = 0
    is_complete: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What came of one search."""

    answer: Answer
    beginning: str
    worlds: int
    moves: int
    seconds: float
    is_cancelled: bool = False
    covered: tuple[Covered, ...] = ()
    """What was searched, search by search, in the order in which it was."""


def heading(variant: Variant, prop: str, words: Words) -> str:
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
    if play.budget.connects > 1:
        parts.append(f"{words.t('calls of the client')} ≤ {play.budget.connects}")
    if play.budget.writes > 1:
        parts.append(f"{words.t('writes of the client')} ≤ {play.budget.writes}")
    if play.budget.orphans:
        parts.append(words.t("programs call close(), not shutdown(write)"))
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


def _of_tcp(verdict: Verdict, prop: str) -> Alike | None:
    """The known exception that TCP is broken by with the moves that break a variant."""
    answer = verdict.answer
    return breaks_tcp(answer, prop) if answer.is_found and answer.model.play.variant.id else None


OF_TCP = {
    False: mark("TCP itself breaks by the same moves"),
    True: mark("TCP itself breaks by the same moves and the arrival of what they leave under way"),
}


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
    WRAPPED: mark("It begins in the earlier connection, 2^32 bytes later."),
}


def say(verdict: Verdict, prop: str, path: str, console: Console) -> None:
    """The verdict for a person."""
    words, answer = console.words, verdict.answer
    play = answer.model.play
    kind, known = _judgement(verdict, prop)
    console.say(heading(play.variant, prop, words))
    wrapped(words.t(PROPERTIES[prop].always), console)
    if play.variant.id:
        wrapped(words.t("Not TCP: {departs}.", departs=words.t(play.variant.departs)), console)
    if play.variant.id == MUTE:
        wrapped(words.t(KEPT_SAID), console)
    rules = listed((play.profile.title, *(f"{field} = {value}" for field, value in _other_rules(play))), words)
    wrapped(words.t("Rules: {profile}. Budget: {budget}.", profile=rules, budget=_budget(play, words)), console, "")
    console.say()
    title = aside(words.t(known.title), known.id, words) if known is not None else ""
    length = cost(answer.path)
    told = f"{kind}-at-once" if length == 1 else kind
    wrapped(words.t(JUDGEMENTS[told], moves=length, title=title), console, "")
    if answer.is_found:
        wrapped(words.t(BEGINNINGS[verdict.beginning]), console)
        if begin_below(play):
            hosts = listed(begin_below(play), words)
            wrapped(words.t("Fresh initial numbers lie below those in use: {hosts}.", hosts=hosts), console)
        if verdict.is_cancelled:
            wrapped(words.t("It was called off: there may be a shorter run."), console)
    _moves(answer, console)
    if answer.is_found:
        wrapped(_admitted(verdict, prop, words), console)
    console.say(
        words.t(
            "{worlds} worlds, {moves} moves, {seconds} s",
            worlds=f"{verdict.worlds:,}", moves=f"{verdict.moves:,}", seconds=f"{verdict.seconds:.2f}",
        )
    )  # fmt: skip
    if verdict.is_cancelled:
        _listed(words.t("What was searched:"), [_covered(each, words) for each in verdict.covered], console)
    bounds = limits(play, words)
    if not play.variant.id and kind != "broken":
        excluded_all = to_hold(play, words) if kind == "known-exception" else bounds.excluded
        _listed(words.t(TO_HOLD), excluded_all, console)
    elif kind == "holds":
        _listed(words.t(EXCLUDED), bounds.excluded, console)
    _listed(words.t(IN_EVERY_RUN), bounds.in_every_run, console)
    held_constant = tuple(named(why, ", ".join(fields), words) if fields else why for why, fields in bounds.constant)
    _listed(words.t(CONSTANT), held_constant, console)
    if path:
        console.say(words.t("The run is in {path}", path=path))


def say_if_another(verdict: Verdict, prop: str, asked: str, console: Console) -> None:
    """Say so if an exception that was ``asked`` for is not the one that was found: another one is no longer."""
    _, known = _judgement(verdict, prop)
    if asked and known is not None and known.id != asked:
        told = console.words.t(
            "That is {found}, not {asked}: under these rules it breaks the same in no more moves, and is found first.",
            found=known.id, asked=asked,
        )  # fmt: skip
        wrapped(told, console, "")


def _admitted(verdict: Verdict, prop: str, words: Words) -> str:
    """Which clause admits what was found, of TCP or of a variant whose moves break TCP as well; may be empty."""
    _, known = _judgement(verdict, prop)
    if known is not None:
        return sentences(admitted(known, words), words)
    if not verdict.answer.model.play.variant.id:
        return words.t("This is no known exception of TCP: a fault of this program, or of its list of exceptions.")
    if (alike := _of_tcp(verdict, prop)) is None:
        return ""
    same = named(words.t(OF_TCP[alike.arrivals > 0]), words.t(alike.known.title), words)
    return sentences((same, clause_told(alike.known, words)), words)


def _covered(covered: Covered, words: Words) -> str:
    """``The earlier connection is open, fresh numbers above: every run of 18 moves, 2,005,827 worlds``."""
    play, worlds = covered.play, f"{covered.worlds:,}"
    below = begin_below(play)
    where = (
        words.t("fresh numbers of {hosts} below those in use", hosts=listed(below, words))
        if below
        else words.t("fresh numbers above those in use")
    )
    told = (
        words.t("not begun")
        if not covered.worlds
        else words.t("all of it, {worlds} worlds", worlds=worlds)
        if covered.is_complete
        else words.t("every run of {depth} moves, {worlds} worlds", depth=covered.depth, worlds=worlds)
    )
    return named(listed((words.t(SHORTLY[play.beginning]), where), words), told, words)


def _other_rules(play: Play) -> list[tuple[str, str]]:
    """(field, value) in which the rules depart from those that bear their name."""
    return [(name.removeprefix("profile."), value) for name, value in held.changed(play.profile)]


def begin_below(play: Play) -> tuple[str, ...]:
    """The hosts whose fresh initial numbers lie below those in use."""
    return tuple(name for name, is_below in zip(HOSTS, play.below, strict=True) if is_below)


def _moves(answer: Answer, console: Console) -> None:
    """The path, a line a move, with both ends after it."""
    told = list(moves_told(answer, console.words))
    column = max(map(width, told), default=0)
    counted = numbers(answer.path)
    for place, (line, (a, b)) in enumerate(zip(told, list(states(answer))[1:], strict=True)):
        number = "" if counted[place] is None else f"{counted[place]}."
        console.say(f"{number:>4} {pad(line, column)}  {a} – {b}")


def _listed(title: str, lines: Sequence[str], console: Console) -> None:
    console.say()
    console.say(title)
    for line in lines:
        first, *more = wrap(line, console.columns - len(MARGIN))
        console.say(f"  - {first}")
        for rest in more:
            console.say(MARGIN + rest)


def wrapped(text: str, console: Console, margin: str = MARGIN) -> None:
    """Print a text in as many lines as it takes, behind a margin."""
    for line in wrap(text, console.columns - len(margin)):
        console.say(margin + line)


def as_json(verdict: Verdict, prop: str, path: str) -> dict[str, Any]:
    """The verdict for a program: the same words in every language."""
    answer, words = verdict.answer, Words("en")
    play = answer.model.play
    kind, known = _judgement(verdict, prop)
    alike = _of_tcp(verdict, prop)
    is_bound = kind == "holds" or (not play.variant.id and kind != "broken")
    return {
        "v": 1,
        "variant": play.variant.id,
        "property": prop,
        "profile": play.profile.name,
        "verdict": kind,
        "exception": known.id if known is not None else None,
        "clause": known.clause if known is not None else None,
        "excluded_by": list(known.excluded_by) if known is not None else [],
        "breaks_tcp": alike.known.id if alike is not None else None,
        "breaks_tcp_clause": alike.known.clause if alike is not None else None,
        "budget": {switch: getattr(play.budget, field) for switch, field in BUDGETS.items()},
        "beginning": verdict.beginning,
        "begin_below": list(begin_below(play)) if answer.is_found else [],
        "length": cost(answer.path),
        "moves": [
            {
                "kind": move.kind,
                "host": HOSTS[move.side] if move.side >= 0 else "",
                "segment": flags_text(entry.segment.flags) if (entry := entry_of(answer, move)) else None,
                "text": told,
                "states": [str(state) for state in after],
            }
            for move, told, after in zip(
                answer.path, moves_told(answer, words), list(states(answer))[1 : len(answer.path) + 1], strict=True
            )
        ],
        "worlds": verdict.worlds,
        "transitions": verdict.moves,
        "seconds": round(verdict.seconds, 3),
        "is_complete": answer.statistics.is_complete,
        "is_cancelled": verdict.is_cancelled,
        "searched": [
            {
                "beginning": each.play.beginning,
                "begin_below": list(begin_below(each.play)),
                "worlds": each.worlds,
                "depth": each.depth,
                "is_complete": each.is_complete,
            }
            for each in verdict.covered
        ],
        "orphan": play.budget.orphans,
        "give_up": play.retries,
        "rules": dict(_other_rules(play)),
        "held_constant": [each for why, fields in constant(play) for each in fields or (why,)],
        "in_every_run": list(played(play)),
        "exclusions": list(excluded(play)) if is_bound else [],
        "run": path or None,
    }
