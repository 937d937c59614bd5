"""What a search has found, in words: its moves, and where both ends stand after each.

Rules
-----
* A move is told by who does it and by the segment's flags, never by its absolute numbers: those are names.
* Moves are numbered in one way everywhere (``numbers``): a wait costs nothing and has no number.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from tutor.explore.atlas import pair_of
from tutor.explore.ends import OCTETS, Entry
from tutor.explore.exceptions import EXCEPTIONS, Known
from tutor.explore.onward import Deed
from tutor.explore.parts import COSTS_NOTHING, PLACES, HasKind, Move
from tutor.explore.properties import PROPERTIES
from tutor.explore.search import Answer
from tutor.joining import aside, chained, fitted, named, sentence
from tutor.tcp.segment import Segment, flags_text
from tutor.tcp.states import State
from tutor.words import Words, mark
from tutor.world.time import format_duration

CONCEPT = "found"
"""What tells a lesson that a search has made from one that somebody wrote."""

BEFORE, AFTER, MOVE = "begin", "last", "move-"
"""Beats of such a lesson, by their ids: before the first move, what comes of all, and how a move's begins."""

MOVES: dict[str, str] = {
    "connect": mark("the {host} calls"),
    "write": mark("the {host} writes {count} bytes"),
    "close": mark("the {host} closes"),
    "release": mark("the {host} calls close() and keeps nothing of the connection"),
    "abort": mark("the {host} aborts"),
    "crash": mark("the {host} crashes and starts anew"),
    "deliver": mark("{segment} of the {sender} arrives"),
    "old": mark("an old {segment} of the {sender} arrives"),
    "late": mark("{segment} of the {sender}, late until now, arrives"),
    "lose": mark("{segment} of the {sender} is lost"),
    "duplicate": mark("the network makes a copy of {segment} of the {sender}"),
    "hold": mark("the network holds back {segment} of the {sender}"),
    "expire": mark("the {timer} of the {host} runs out"),
    "tick": mark("{span} pass"),
}
"""Kind of a move -> how it is told."""

NAMES = (mark("client"), mark("server"))
"""The two ends in the middle of a sentence."""

PLACED: dict[str, str] = {
    "equal to the old one": mark("an adversary has the {host}'s new number equal to its old one"),
    "the old one just below it": mark("an adversary has the {host}'s old number lie just below its new one"),
    "the old one just above it": mark("an adversary has the {host}'s old number lie just above its new one"),
}
"""Where an adversary placed a number -> how it is told."""


def numbers(path: Iterable[HasKind]) -> tuple[int | None, ...]:
    """The number of each move, from 1; None for a wait."""
    found: list[int | None] = []
    made = 0
    for move in path:
        is_counted = move.kind not in COSTS_NOTHING
        made += is_counted
        found.append(made if is_counted else None)
    return tuple(found)


def move_id(place: int, number: int | None) -> str:
    """The id of the beat of a move."""
    return f"wait-{place + 1}" if number is None else f"{MOVE}{number}"


def moves_told(answer: Answer, words: Words) -> Iterator[str]:
    """Every move of the path in one line."""
    for move in answer.path:
        yield move_told(answer, move, words)


def move_told(answer: Answer, move: Move, words: Words) -> str:
    """One move in words."""
    entry = entry_of(answer, move)
    return deed_told(Deed(move.kind, move.side, move.what if entry is None else entry, move.choice), words)


def deed_told(deed: Deed, words: Words) -> str:
    """A move that means the same in every search, in words."""
    side, what = max(deed.side, 0), deed.what
    said = words.t(
        MOVES[deed.kind],
        host=words.t(NAMES[side]),
        sender=words.t(NAMES[1 - side]),
        segment=segment_told(what.segment, words) if isinstance(what, Entry) else "",
        count=OCTETS,
        timer=words.timer(str(what)) if deed.kind == "expire" else "",
        span=_span_told(what, words) if isinstance(what, int) else "",
    )
    told = fitted(said)
    if not deed.choice:
        return told
    return aside(told, words.t(PLACED[PLACES[deed.choice - 1][0]], host=words.t(NAMES[side])), words)


def _span_told(span: int, words: Words) -> str:
    """A span as people say it: on a segment's life nobody counts the last microsecond."""
    rounded = round(span, -3)
    if rounded > span:
        return words.t("just under {span}", span=format_duration(rounded))
    return format_duration(rounded or span)


def entry_of(answer: Answer, move: Move) -> Entry | None:
    """The segment that a move is about."""
    if move.kind not in ("deliver", "old", "late", "lose", "duplicate", "hold"):
        return None
    value = answer.model.store.value(move.what)
    found: Entry = value[0] if move.kind == "late" else value
    return found


def segment_told(segment: Segment, words: Words) -> str:
    """``SYN+ACK``, or ``PSH+ACK (10 bytes)``."""
    flags = flags_text(segment.flags, "+")
    return words.t("{flags} ({count} bytes)", flags=flags, count=segment.length) if segment.length else flags


def states(answer: Answer) -> Iterator[tuple[State, State]]:
    """(state of the client, state of the server) before the first move and after each (``atlas.pair_of``)."""
    for world in answer.worlds:
        yield pair_of(answer.model, world)


def clause_told(known: Known, words: Words) -> str:
    """Which clause admits a known exception."""
    return words.t("What the rules say about it: {clause}.", clause=words.t(known.clause))


WITHOUT = mark("It cannot happen where one of these is so: {list}.")
"""What excludes a known exception."""


def exception_told(known: Known, words: Words) -> tuple[str, ...]:
    """That it is TCP itself which is broken: how, which clause admits it, and what has to be excluded."""
    name = named(words.t("A known exception of TCP itself, {name}", name=known.id), words.t(known.title), words)
    return sentence(name, words), *admitted(known, words)


def admitted(known: Known, words: Words) -> tuple[str, str]:
    """Which clause admits a known exception, and what has to be excluded for it not to happen."""
    outside = chained((words.t(text) for text in known.excluded_by), words)
    return clause_told(known, words), words.t(WITHOUT, list=outside)


# --- the last beat, which says what is broken ---


def last_id(prop: str = "", known: Known | None = None) -> str:
    """The id of the last beat; of TCP itself it names the property that is broken, and the exception that it is."""
    return AFTER if known is None else f"{AFTER}-{PROPERTIES[prop].number.lower()}-{known.id}"


def is_last(beat_id: str) -> bool:
    """Is it the last beat, whatever it names?"""
    return beat_id.split("-", maxsplit=1)[0] == AFTER


def exception_named(beat_id: str, prop: str) -> Known | None:
    """The exception that the last beat names, if ``prop`` is what it says is broken."""
    return next((each for each in EXCEPTIONS if beat_id == last_id(prop, each)), None)


def capital(text: str) -> str:
    """A sentence that begins with a capital."""
    return text[:1].upper() + text[1:]
