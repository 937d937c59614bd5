"""Retelling: what a search has found as a run that says what it is: before it, move by move, and what is broken then.

Rules
-----
* Each move is a beat of the lesson, hung on what the run shows of it; so the card follows the playhead.
* Moves are told in the order of the path and numbered as it counts them (``found.numbers``): a wait has no number. What
  becomes of a segment shows as soon as it has left; its card waits for its turn.
* The earlier connection is told as what it is, and nothing in it is counted as a move.
* Playing stops at the last move, and once more at the last beat: that says what was broken and at which step, or where
  both ends are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tutor.explore.exceptions import exception_for
from tutor.explore.judging import judge
from tutor.explore.parts import Move
from tutor.explore.past import OPEN
from tutor.explore.properties import PROPERTIES
from tutor.explore.replay import Run
from tutor.explore.search import Answer
from tutor.explore.stage import HOSTS, SLOT
from tutor.joining import listed, sentence
from tutor.tcp.events import Reaction, Signal
from tutor.tcp.states import State
from tutor.tcp.tcb import Tcb
from tutor.teach.found import (
    AFTER,
    BEFORE,
    CONCEPT,
    capital,
    entry_of,
    exception_told,
    last_id,
    move_id,
    move_told,
    numbers,
    states,
)
from tutor.teach.hooks import cue_of, cues, named
from tutor.teach.lesson import Lesson
from tutor.teach.road import MAX_STEPS
from tutor.teach.stage import scenario_of
from tutor.teach.written import Said, Writing, WrittenBeat, written
from tutor.words import LANGUAGES, Words, mark
from tutor.world.beginning import begin
from tutor.world.records import Arrived, Called, Lost, Record, TimerFired
from tutor.world.scenario import Scenario
from tutor.world.trace import Trace
from tutor.world.world import again

MOST_TOLD = 90
"""So many moves have a beat of their own; a lesson has no more room."""

MOST_LISTED = 40
"""So many moves are listed at the beginning."""

SHOWN_BY: dict[str, type[Record]] = {
    "connect": Called, "write": Called, "close": Called, "release": Called, "abort": Called, "deliver": Arrived,
    "old": Arrived, "late": Arrived, "lose": Lost, "expire": TimerFired,
}  # fmt: skip
"""Kind of a move -> the record that shows it."""

WHY: dict[str, str] = {
    "old": mark("It is of the earlier connection, and nothing in it says so to whoever gets it."),
    "late": mark("The network has had it all the time."),
    "lose": mark("It never arrives, and nobody is told."),
    "duplicate": mark("The copy stays under way, and arrives when it will, or never."),
    "hold": mark("It stays under way, and others overtake it."),
    "tick": mark("Nothing happens meanwhile but that time passes."),
}
"""Kind of a move -> what else is said of it."""

BROKEN: dict[str, str] = {
    "fresh-open": mark(
        "A program is shown a connection whose caller had gone before it was answered, or never was. What opened it was"
        " old."
    ),
    "agreed-open": mark(
        "Who was called is ESTABLISHED on numbers to which the caller had not agreed, or for the second time by one"
        " call."
    ),
    "no-ghost": mark(
        "Nothing is under way and no timer runs: nothing will change any more by itself. Yet one end believes in a"
        " connection that the other end does not have. That is a ghost."
    ),
    "own-bytes": mark(
        "A program can read bytes that its peer has not written in this connection. They are of the earlier one."
    ),
    "exactly-once": mark(
        "What can be read is no beginning of what was written in this connection: a byte came twice, or was never"
        " written."
    ),
    "orderly-close": mark(
        "Somebody has closed in order, and is told reset all the same, or leaves without having delivered everything."
    ),
    "honest-open": mark("Somebody who called a listener in all honesty waits for nothing: no answer will ever come."),
}
"""Property -> what has happened, where it is broken."""

FAILED: dict[str, str] = {
    "refused": mark("Somebody who called a listener in all honesty is refused: connect() fails."),
    "reset": mark("Somebody who called a listener in all honesty is reset before anything was said."),
    "timed-out": mark("Somebody who called a listener in all honesty gives up, though not every try was lost."),
}
"""What the caller is told -> what has happened, where P7 is broken."""


@dataclass(frozen=True, slots=True)
class Ending:
    """What the last beat says. ``step``: on which it hangs, at the latest."""

    title: Said
    words: Said
    step: int
    id: str = AFTER


def lesson_of(answer: Answer, run: Run, name: str, titles: Said, arrival: int | None = None) -> tuple[Lesson, Scenario]:
    """The lesson that tells of a run, and its scenario. ``titles``: what it is about, by language.

    ``arrival``: when it is where it leads (microseconds), if it leads to a pair of states and not to a break.
    """
    stage = run.scenario
    trace = Trace(begin(stage), stage.until, limit=MAX_STEPS)
    order = range(min(len(answer.path), MOST_TOLD))
    ending = _broken(answer, trace) if arrival is None else _arrived(answer, trace, arrival)
    title = {lang: capital(text) for lang, text in titles.items()}
    goal = _goal(answer) if arrival is None and answer.broken else title
    beats = (_first(answer, order, title), *_rest(answer, run, order, trace, ending))
    lesson = written(Writing(name, title, goal, CONCEPT, beats, f"{stage.until}us"), stage)
    return lesson, scenario_of(lesson, acts=stage.acts_at, until=stage.until)


def _said(say: Callable[[Words], str]) -> Said:
    """A sentence in every language."""
    return {lang: say(Words(lang)) for lang in LANGUAGES}


def _goal(answer: Answer) -> Said:
    return _said(lambda words: sentence(capital(words.t(PROPERTIES[answer.broken[0]].always)), words))


# --- before the first move ---


def _first(answer: Answer, order: range, title: Said) -> WrittenBeat:
    play = answer.model.play
    earlier = None
    if play.beginning == OPEN:
        earlier = mark(
            "The run begins with a connection that is open already, so it is opened first. No move is counted for it."
            " If a segment is called old, it is a copy of one of this connection's, kept by the network."
        )
    elif play.budget.held:
        earlier = mark(
            "First comes a connection that has nothing to do with what follows: the client calls, it is over, and both"
            " ends forget it. It has used the same ports, and the network keeps copies of its segments. They are the"
            " old ones."
        )
    heading = title if earlier is None else _said(lambda words: words.t("The earlier connection"))

    def say(words: Words) -> str:
        lines = _listed(answer, order[:MOST_LISTED], words)
        if len(answer.path) > MOST_LISTED:
            lines.append("\n…")
        parts = [words.t(earlier)] if earlier is not None else []
        if lines:
            parts += [words.t("Then this happens:") if earlier else words.t("This is what happens:"), "\n".join(lines)]
        return "\n\n".join(parts or [words.t("Nothing need be done.")])

    return WrittenBeat(BEFORE, "start", heading, _said(say))


def _listed(answer: Answer, order: range, words: Words) -> list[str]:
    """A line for each move, with its number; a wait stands behind what it follows."""
    lines: list[str] = []
    told = numbers(answer.path)
    for place in order:
        line = capital(move_told(answer, answer.path[place], words))
        if told[place] is None and lines:
            lines[-1] += f" · {line}"
        else:
            lines.append(line if told[place] is None else f"{told[place]}. {line}")
    if order and told[order[0]] is None:
        lines[0] += "\n"
    return lines


# --- the moves, and what comes of them ---


def _rest(answer: Answer, run: Run, order: range, trace: Trace, ending: Ending) -> Iterator[WrittenBeat]:
    searched, cue = 0, "start"
    ends = _ends(answer)
    for place in order:
        searched, cue = _hook(trace, answer, run, place, searched, cue)
        yield _move(answer, place, cue, ends[place + 1], is_pause=place == order[-1])
    cue = _last_before(trace, max(searched, ending.step), searched, cue)[1]
    yield WrittenBeat(ending.id, cue, ending.title, ending.words, is_pause=True)


def _hook(trace: Trace, answer: Answer, run: Run, place: int, searched: int, known: str) -> tuple[int, str]:
    """The step that shows the move ``place``, not before ``searched``, and its cue."""
    move, at, seen = answer.path[place], run.times[place], run.seen[place]
    wanted, index = SHOWN_BY.get(move.kind), max(searched, trace.index_at(seen - 1))
    while wanted is not None and (step := trace.step(index)) is not None and step.at < at + SLOT:
        for record in step.records:
            is_it = isinstance(record, wanted) and _is_of(record, answer, move)
            if is_it and step.at >= seen and (cue := named(trace, index, cue_of(record), searched)):
                return index, cue
        index += 1
    return _last_before(trace, trace.index_at(at), searched, known)


def _is_of(record: Record, answer: Answer, move: Move) -> bool:
    """Does the record show this move: of the host that makes it, or the loss of such a segment?"""
    if not isinstance(record, Lost):
        return record.host == HOSTS[max(move.side, 0)]
    entry = entry_of(answer, move)
    return entry is not None and record.flight.segment.flags == entry.segment.flags


def _last_before(trace: Trace, last: int, searched: int, known: str) -> tuple[int, str]:
    """The last step up to ``last``, not before ``searched``, that can be named, and its cue; else what is known."""
    for index in range(last, searched - 1, -1):
        for text in cues(trace.steps[index].records):
            if cue := named(trace, index, text, searched):
                return index, cue
    return searched, known


def _move(answer: Answer, place: int, cue: str, ends: tuple[State, State], *, is_pause: bool) -> WrittenBeat:
    move, number = answer.path[place], numbers(answer.path)[place]

    def say(words: Words) -> str:
        why = [words.t(WHY[move.kind])] if move.kind in WHY else []
        is_seen = move.kind not in ("lose", "duplicate", "hold", "tick")
        return "\n\n".join((*why, *([_stand(ends, words)] if is_seen else [])))

    def title(words: Words) -> str:
        told = move_told(answer, move, words)
        return capital(told) if number is None else words.t("Move {number}: {move}", number=number, move=told)

    return WrittenBeat(move_id(place, number), cue, _said(title), _said(say), is_pause)


def _ends(answer: Answer) -> list[tuple[State, State]]:
    """Where both ends stand before the first move and after each."""
    return list(states(answer))


def _stand(ends: tuple[State, State], words: Words) -> str:
    client, server = (words.state(each) for each in ends)
    return words.t("The client: {client}. The server: {server}.", client=client, server=server)


def _broken(answer: Answer, trace: Trace) -> Ending:
    """What is broken, and at which step: an event, as the window counts them."""
    ends, last = _ends(answer)[-1], len(trace.steps) - 1
    verdicts = judge(trace)
    name = next((each for each in answer.broken if verdicts[each].broken is not None), None)
    if name is None:
        title = _said(lambda words: words.t("So far the moves"))
        return Ending(title, _said(lambda words: f"{words.t('Nothing is broken yet.')}\n\n{_stand(ends, words)}"), last)
    prop, step = PROPERTIES[name], verdicts[name].broken
    assert step is not None, "it is broken"
    known = None if answer.model.play.variant.id else exception_for(name, answer)
    happened = FAILED.get(_told_at(trace, step), BROKEN[name]) if name == "honest-open" else BROKEN[name]

    def say(words: Words) -> str:
        promised = words.t("Promised was: {sentence}.", sentence=words.t(prop.always))
        where = words.t("It breaks at event {step} of the run.", step=step)
        admitted = exception_told(known, words) if known is not None else ()
        return "\n\n".join((words.t(happened), *admitted, _stand(ends, words), promised, where))

    title = _said(lambda words: words.t("Broken: {name}", name=listed((prop.number, words.t(prop.title)), words)))
    return Ending(title, _said(say), step, last_id(name, known))


def _told_at(trace: Trace, index: int) -> str:
    """Of what kind the end is that somebody is told of at a step: a kind of ``FAILED``; "" where nobody is told."""
    told: list[str] = []

    def watch(_host: str, _before: Tcb, reaction: Reaction) -> None:
        told.extend(each.kind for each in reaction.effects if isinstance(each, Signal) and each.kind in FAILED)

    before, known = trace.step(index - 1), trace.step(index)
    if before is not None and known is not None:
        again(before.world, known, watch)
    return told[0] if told else ""


def _arrived(answer: Answer, trace: Trace, arrival: int) -> Ending:
    """The pair of states to which the run leads."""
    ends = _ends(answer)[-1]
    said = _said(lambda words: _stand(ends, words))
    return Ending(_said(lambda words: words.t("Both ends are there")), said, trace.index_at(arrival))
