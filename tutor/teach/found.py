"""What a search has found, in words: its moves, where both ends stand after each, and a lesson that plays it.

Rules
-----
* A move is told by who does it and by the segment's flags, never by its absolute numbers: those are names.
* The lesson is one step that says what the network does. Its acts are the run's own, so it opens like any other run.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.explore.ends import OCTETS, Entry
from tutor.explore.onward import Deed
from tutor.explore.parts import PLACES, Move
from tutor.explore.replay import Run
from tutor.explore.search import Answer
from tutor.tcp.segment import Segment, flags_text
from tutor.teach.lesson import Beat, Lesson, LessonHost, Text
from tutor.teach.stage import scenario_of
from tutor.words import LANGUAGES, Words, mark
from tutor.world.scenario import Scenario
from tutor.world.time import format_duration

CONCEPT = "found"
"""What tells a lesson that a search has made from one that somebody wrote."""

MOVES: dict[str, str] = {
    "connect": mark("the {host} calls"),
    "write": mark("the {host} writes {octets} octets"),
    "close": mark("the {host} closes"),
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
    "equal to the old one": mark("an adversary has its new number equal to the old one"),
    "the old one just below it": mark("an adversary has the old number lie just below the new one"),
    "the old one just above it": mark("an adversary has the old number lie just above the new one"),
}
"""Where an adversary placed a number -> how it is told."""


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
    told = words.t(
        MOVES[deed.kind],
        host=words.t(NAMES[side]),
        sender=words.t(NAMES[1 - side]),
        segment=segment_told(what.segment, words) if isinstance(what, Entry) else "",
        octets=OCTETS,
        timer=words.timer(str(what)) if deed.kind == "expire" else "",
        span=format_duration(what) if isinstance(what, int) else "",
    )
    if not deed.choice:
        return told
    return f"{told} ({words.t(PLACED[PLACES[deed.choice - 1][0]])})"


def entry_of(answer: Answer, move: Move) -> Entry | None:
    """The segment that a move is about."""
    if move.kind not in ("deliver", "old", "late", "lose", "duplicate", "hold"):
        return None
    value = answer.model.store.value(move.what)
    found: Entry = value[0] if move.kind == "late" else value
    return found


def segment_told(segment: Segment, words: Words) -> str:
    """``SYN+ACK``, or ``PSH+ACK (10 octets)``."""
    flags = flags_text(segment.flags, "+")
    return words.t("{flags} ({octets} octets)", flags=flags, octets=segment.length) if segment.length else flags


def states(answer: Answer) -> Iterator[tuple[str, str]]:
    """(state of the client, state of the server) before the first move and after each; CLOSED: no connection."""
    for world in answer.worlds:
        a, b = (answer.model.store.value(world[side]).tcb for side in (0, 1))
        yield tuple("CLOSED" if tcb is None else str(tcb.state) for tcb in (a, b))  # type: ignore[misc]


# --- the lesson ---


def lesson_of(answer: Answer, run: Run, name: str, titles: dict[str, str]) -> tuple[Lesson, Scenario]:
    """A lesson of one step, and its scenario. ``titles``: the sentence that it shows to be broken, by language."""
    stage = run.scenario
    told = {lang: _words(answer, Words(lang)) for lang in LANGUAGES}
    texts = [
        Text(each["en"], tuple((lang, each[lang]) for lang in LANGUAGES if lang != "en")) for each in (titles, told)
    ]
    profile, variant = stage.hosts[0].profile.name, stage.variant
    lesson = Lesson(
        id=name, title=texts[0], goal=texts[0], concepts=(CONCEPT,), prerequisites=(), out_of_scope=(), refutes=(),
        seed=stage.seed, profile=profile,
        hosts=tuple(LessonHost(host.name, host.address, isn=host.isn) for host in stage.hosts),
        link=stage.links[0].parameters, until=f"{stage.until}us",
        beats=(Beat("begin", "start", texts[0], texts[1]),), languages=tuple(LANGUAGES),
        source=_source(name, profile, variant, stage, titles["en"], told["en"]), variant=variant,
    )  # fmt: skip
    return lesson, scenario_of(lesson, acts=stage.acts_at, until=stage.until)


def _words(answer: Answer, words: Words) -> str:
    lines = (f"{place}. {line}" for place, line in enumerate(moves_told(answer, words), 1))
    return words.t("This is what happens:") + "\n\n" + "\n".join(lines)


def _source(name: str, profile: str, variant: str, stage: Scenario, title: str, said: str) -> str:
    """The lesson as its author would have written it, for runs that embed it."""
    quoted = "'" + title.replace("'", "''") + "'"
    hosts = [
        line
        for host in stage.hosts
        for line in (f"  {host.name}:", f"    address: {host.address}", f"    isn: {host.isn}")
    ]
    lines = [
        "format: 1", f"id: {name}", f"title: {quoted}", f"goal: {quoted}", f"concepts: [{CONCEPT}]",
        "prerequisites: []", "out_of_scope: []", "refutes: []", f"seed: {stage.seed}", f"profile: {profile}",
        *([f"variant: {variant}"] if variant else []),
        "hosts:", *hosts, "link:", *(f"  {key}: {value}" for key, value in stage.links[0].parameters),
        f"until: {stage.until}us",
        "beats:", "  - id: begin", "    cue: start", f"    title: {quoted}",
        "    words: |", *(f"      {line}".rstrip() for line in said.splitlines()),
    ]  # fmt: skip
    return "\n".join((*lines, ""))
