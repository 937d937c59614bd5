"""What is said to somebody who is the network: the goal, the cards, the moves, the hints, and what came of it.

Rules
-----
* A number is told by where it comes from, never by its value: ``x`` and ``y`` are the initial numbers of the earlier
  connection, ``x′`` and ``y′`` those of the next. A protocol that begins with the old number again shows just that.
* "Impossible" is never said alone: within which bound, how many worlds were looked at, and what was excluded.
"""

from __future__ import annotations

from collections.abc import Iterable

from tutor.explore.ends import B, End, Entry
from tutor.explore.exceptions import Known, exception_for
from tutor.explore.normal import family_of, number
from tutor.explore.onward import Deed, answer_of
from tutor.explore.parts import cost
from tutor.explore.past import OPEN
from tutor.explore.properties import PROPERTIES, Property
from tutor.joining import chained, followed, listed, sentence
from tutor.tcp.states import State
from tutor.tcp.variant import variant_named
from tutor.teach.found import NAMES, capital, deed_told, exception_told, segment_told
from tutor.teach.limits import CONSTANT, IN_EVERY_RUN, SHORTLY, limits, to_hold
from tutor.teach.network import LATE, OLD, PROMPT, SHOWN, WHERE, Card, Game
from tutor.teach.network_plain import CRASHES, GOALS, PLACES, SIGNS, STATES, YOURS
from tutor.teach.network_why import scene_of, why
from tutor.teach.puzzles import Puzzle
from tutor.words import Words, mark

LETTERS = ("x", "y")
PRIME = "′"

LANES: dict[str, str] = {
    PROMPT: mark("On the wire now"),
    LATE: mark("Copies, and what you hold back: deliver them when you like"),
    OLD: mark("Kept by the network from an earlier connection on the same ports"),
}
"""Lane -> its heading."""

DEEDS: dict[str, str] = {
    "old": mark("Deliver it now"),
    "deliver": mark("Deliver it"),
    "late": mark("Deliver it now"),
    "lose": mark("Drop it: it is lost"),
    "duplicate": mark("Copy it, and keep the copy for later"),
    "hold": mark("Hold it back"),
}
"""What can be done to a card -> the words on its button."""

SPENT: tuple[tuple[str, str], ...] = (
    ("held", mark("old segments to deliver")),
    ("losses", mark("losses")),
    ("duplicates", mark("copies")),
    ("coincidences", mark("numbers to place")),
    ("interferences", mark("aborts or crashes")),
)
"""Field of the budget -> what it buys."""


def protocol(puzzle: Puzzle, words: Words) -> str:
    """Which protocol is played against."""
    variant = variant_named(puzzle.variant)
    if variant.id:
        return capital(words.t(variant.title))
    return words.t("TCP itself, {profile}", profile=puzzle.play.profile.title)


def not_tcp(puzzle: Puzzle, words: Words) -> str:
    """That it is not TCP, and how it departs from it; "" for TCP."""
    variant = variant_named(puzzle.variant)
    if variant.is_tcp:
        return ""
    return words.t("NOT TCP — {title}: {departs}.", title=words.t(variant.title), departs=words.t(variant.departs))


def terms(puzzle: Puzzle, words: Words) -> str:
    """Under which rules, with what budget, and from where: what tells two puzzles of one name apart."""
    begins = words.t("the earlier connection is still open") if puzzle.beginning == OPEN else ""
    return " · ".join(part for part in (puzzle.play.profile.title, budget(puzzle, words), begins) if part)


def broken_of(puzzle: Puzzle) -> Property:
    """The property that is to be broken."""
    return PROPERTIES[puzzle.breaks]


def goal(game: Game, words: Words) -> str:
    """What is to be brought about, plainly; "" once it is."""
    return "" if game.is_won else words.t(GOALS[game.puzzle.breaks])


def exact(game: Game, words: Words) -> str:
    """Which sentence must come to be untrue, or is."""
    always = words.t(broken_of(game.puzzle).always)
    if game.is_won:
        return words.t("No longer true: {sentence}.", sentence=always)
    return words.t("Make this untrue: {sentence}.", sentence=always)


def yours(puzzle: Puzzle, words: Words) -> str:
    """What is the player's, and what counts as a move."""
    more = ((CRASHES, puzzle.budget.interferences), (PLACES, puzzle.budget.coincidences))
    return followed((words.t(YOURS), *(words.t(said) for said, most in more if most)), words)


def title(puzzle: Puzzle, words: Words) -> str:
    """``P3, no ghost at rest``."""
    sentence = broken_of(puzzle)
    return listed((sentence.number, words.t(sentence.title)), words)


def budget_left(game: Game, words: Words) -> str:
    """What the network may still do, of everything that it had."""
    parts = [
        f"{words.t(what)} {getattr(game.here.rest, field)}/{most}"
        for field, what in SPENT
        if (most := getattr(game.puzzle.budget, field))
    ]
    return " · ".join(parts)


def budget(puzzle: Puzzle, words: Words) -> str:
    """The whole budget."""
    return listed(
        (f"{words.t(what)} ≤ {most}" for field, what in SPENT if (most := getattr(puzzle.budget, field))), words
    )


# --- cards and ends ---


def name_of(value: int) -> str:
    """``x′+1``: a sequence number by where it comes from."""
    side, family = family_of(value)
    offset = value - number(side, family)
    tail = f"{offset:+d}" if offset else ""
    return f"{LETTERS[side]}{PRIME * family}{tail}"


def numbers(entry: Entry) -> str:
    """``seq=x′ len=10 ack=y+1``."""
    segment = entry.segment
    told = [f"seq={name_of(segment.seq)}"]
    if segment.length:
        told.append(f"len={segment.length}")
    if segment.has_ack:
        told.append(f"ack={name_of(segment.ack)}")
    return " ".join(told)


def card_told(card: Card, words: Words) -> str:
    """A card in a sentence, for whoever cannot see where it lies."""
    lane = words.t(LANES[card.lane])
    segment = segment_told(card.entry.segment, words)
    sender = words.t(NAMES[1 - card.entry.to])
    return words.t("{segment} of the {sender}. {lane}", segment=segment, sender=sender, lane=lane)


def state_of(end: End, *, listens: bool, words: Words) -> str:
    """An end's state as the screen prints it."""
    return words.state(_state(end, listens=listens))


def _state(end: End, *, listens: bool) -> State:
    return end.tcb.state if end.tcb is not None else State.LISTEN if listens else State.CLOSED


def states_told(ends: Iterable[End], words: Words) -> tuple[tuple[str, str], ...]:
    """(state as the screen prints it, what it means) of every state that an end is in now; the first end is A."""
    here = dict.fromkeys(_state(end, listens=side == B) for side, end in enumerate(ends))
    return tuple((words.state(state), words.t(STATES[state])) for state in here)


def end_told(end: End, words: Words) -> tuple[str, ...]:
    """What an end knows: its number, what it expects, which timers run."""
    tcb = end.tcb
    if tcb is None:
        return (words.t("no connection"),)
    told = [words.t("its number: {number}", number=name_of(tcb.snd.iss))]
    if tcb.remote is not None and tcb.rcv.nxt:
        told.append(words.t("expects: {number}", number=name_of(tcb.rcv.nxt)))
    running = [words.t("{timer} runs", timer=words.timer(name)) for name, _ in tcb.timers.running()]
    return (*told, *(running or [words.t("no timer runs")]))


# --- moves ---


def button_of(deed: Deed, words: Words) -> str:
    """The words on the button of a move."""
    if deed.kind in DEEDS and not deed.choice:
        return words.t(DEEDS[deed.kind])
    return capital(deed_told(deed, words))


def history(game: Game, words: Words) -> tuple[str, ...]:
    """Every move that was made, in order."""
    return tuple(capital(deed_told(deed, words)) for deed in game.deeds)


# --- par, hints, verdicts ---


def par(game: Game, words: Words) -> str:
    """What the search says of the beginning; "" when it is won."""
    way = game.par
    if game.is_won:
        return ""
    if way is None:
        return words.t("The search is looking for a shortest way…")
    if way.is_found:
        count = cost(way.deeds)
        if game.deeds:
            return words.n("From the beginning: {count} move.", "From the beginning: {count} moves.", count)
        return words.n("Possible in {count} move.", "Possible in {count} moves.", count)
    return words.t("Impossible within this bound.")


COUNTED = mark(
    "This is counted from one beginning ({beginning}) and with numbers in one order: those from which you play."
    " “tcp-tutor search” tries other beginnings and orders as well, and so counts more worlds."
)
"""What a count of worlds is of."""

ASSUMED = mark("In every run it is assumed:")
"""Head of what was excluded: each is said as what is so."""


def proof(game: Game, words: Words) -> tuple[str, ...]:
    """Why nobody can do it: how much was searched, and under which exclusions. () unless it is so."""
    way, play = game.par, game.puzzle.play
    if way is None or not game.has_proof:
        return ()
    first = words.t(
        "The search has been through every world that these moves can reach: {worlds} worlds, {moves} moves. In none"
        " of them is it broken.",
        worlds=f"{way.worlds:,}", moves=f"{way.moves:,}",
    )  # fmt: skip
    bounds = limits(play, words, is_one_order=True)
    reasons = (why for why, _ in bounds.constant)
    lists = ((ASSUMED, bounds.excluded), (IN_EVERY_RUN, bounds.in_every_run), (CONSTANT, reasons))
    return (
        first, words.t(COUNTED, beginning=words.t(SHORTLY[play.beginning])),
        words.t("Bound: {budget}.", budget=budget(game.puzzle, words)),
        *(followed((words.t(head), sentence(chained(parts, words), words)), words) for head, parts in lists),
        words.t(SIGNS),
    )  # fmt: skip


def hint(game: Game, words: Words) -> str:
    """The hint that is given now; "" if none is."""
    if not game.hint or game.is_won or game.is_impossible:
        return ""
    if game.is_stuck:
        return words.t("From here it cannot be done any more with what you have left. Take back a move.")
    if game.shorter:
        return _shorter(game, words)
    deed = game.advice
    if deed is None:
        return words.t("The search is looking for a way on from here…")
    left = game.way.deeds if game.way is not None else ()
    togo = words.n("{count} move to go from here.", "{count} moves to go from here.", max(1, cost(left)))
    because = why(scene_of(game.puzzle, game.deeds, deed, left[1:]), words)
    if game.hint == WHERE:
        return followed((_where(game, words), because, togo), words)
    return followed((words.t("Press “{button}”.", button=button_of(deed, words)), because, togo), words)


def _shorter(game: Game, words: Words) -> str:
    """That taking moves back is the shorter way."""
    assert game.way is not None and game.shorter is not None, "asked only where it is so"
    back, left = game.shorter
    here = words.n(
        "From here it takes {count} move more.", "From here it takes {count} moves more.", cost(game.way.deeds)
    )
    there = words.n(
        "With {count} move taken back, it takes {left}.", "With {count} moves taken back, it takes {left}.",
        back, left=left,
    )  # fmt: skip
    return followed((here, there, words.t("Press “{button}”.", button=words.t("Undo"))), words)


def _where(game: Game, words: Words) -> str:
    if game.hinted:
        return words.t("Look at the marked segment.")
    return words.t("Touch nothing on the wire: let a program act, or time pass.")


def hint_button(game: Game, words: Words) -> str:
    """What the hint's button would do next."""
    if game.is_impossible:
        return words.t("Show me the proof")
    if game.goes_back:
        return words.n("Take back a move", "Take back {count} moves", game.shorter[0] if game.shorter else 1)
    if game.hint + 1 >= SHOWN and game.advice is not None:
        return words.t("Show me")
    return words.t("Tell me more") if game.hint else words.t("Hint")


def verdict(game: Game, words: Words) -> str:
    """What came of it, when it is won."""
    if not game.is_won:
        return ""
    made = words.n("Broken, in {count} move.", "Broken, in {count} moves.", cost(game.deeds))
    if game.score is None:
        return made
    if not game.score:
        return followed((made, words.t("That is the shortest way there is.")), words)
    above = words.n("{count} above the shortest way.", "{count} above the shortest way.", game.score)
    return followed((made, above), words)


AFTER: dict[str, str] = {
    "fresh-open": mark("accept() shows a connection that nobody asks for now: an old call was taken for a new one."),
    "agreed-open": mark("One end is ESTABLISHED on numbers that the other end has never agreed to."),
    "no-ghost": mark(
        "Nothing is under way and no timer runs: nothing will change any more by itself. Yet one end believes in a"
        " connection that the other end does not have: a ghost."
    ),
    "own-bytes": mark("A program has been given bytes that nobody wrote in this connection: the old one's."),
    "exactly-once": mark("A program has been given something twice, or not in order."),
    "orderly-close": mark("A side has closed in order, yet it was told reset, or bytes were lost."),
    "honest-open": mark("A listener was called honestly, and the call has failed."),
}
"""Property -> what its being broken means for a program."""


KEEPS = mark("TCP keeps this promise only as long as all of this is so:")


def meaning(game: Game, words: Words) -> str:
    """What was done to the programs, when it is won; of TCP, which clause admits it and what has to be excluded."""
    if not game.is_won:
        return ""
    said, known = words.t(AFTER[game.puzzle.breaks]), _exception(game)
    if known is None:
        return said
    outside = sentence(chained(to_hold(game.puzzle.play, words), words), words)
    excluding = followed((words.t(KEEPS), outside), words)
    return "\n\n".join((said, *exception_told(known, words), excluding))


def _exception(game: Game) -> Known | None:
    puzzle = game.puzzle
    if puzzle.variant:
        return None
    return exception_for(puzzle.breaks, answer_of(puzzle.play, game.deeds))
