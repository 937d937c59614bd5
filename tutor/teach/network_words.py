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
from tutor.explore.past import FORGOTTEN, OPEN
from tutor.explore.properties import PROPERTIES, Property
from tutor.joining import chained, followed, listed, sentence
from tutor.tcp.states import State
from tutor.tcp.variant import variant_named
from tutor.teach.found import NAMES, capital, deed_told, exception_told, segment_told
from tutor.teach.limits import CONSTANT, IN_EVERY_RUN, SHORTLY, limits, to_hold
from tutor.teach.network import LATE, OLD, PROMPT, SHOWN, WHERE, Card, Game
from tutor.teach.network_plain import (
    BEGINS_AFTER,
    BEGINS_OPEN,
    BEGINS_WITH_NOTHING,
    EARLIER_NUMBERS,
    FIRST_NUMBERS,
    GOALS,
    HERE_TOO,
    MAY,
    MAY_DELIVER_OLD,
    MAY_KEEP,
    NEXT_NUMBERS,
    OPEN_NUMBERS,
    SIGNS,
    STATES,
    THESE_NUMBERS,
    YOURS,
)
from tutor.teach.network_why import scene_of, why
from tutor.teach.puzzles import Puzzle
from tutor.words import Words, mark

LETTERS = ("x", "y")
PRIME = "′"

OPEN_LANE = mark("Kept by the network: copies of what was sent in the first connection")
"""Heading of the lane ``OLD`` where the earlier connection is still open."""

LANES: dict[str, str] = {
    PROMPT: mark("On the wire now"),
    LATE: mark("Copies, and what you have kept: deliver them when you like"),
    OLD: mark("Kept by the network from an earlier connection on the same ports"),
}
"""Lane -> its heading."""

DEEDS: dict[str, str] = {
    "old": mark("Deliver it now"),
    "deliver": mark("Deliver it"),
    "late": mark("Deliver it now"),
    "lose": mark("Drop it: it is lost"),
    "duplicate": mark("Copy it, and keep the copy for later"),
    "hold": mark("Keep it for later, as an old segment"),
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
    parts = (puzzle.play.profile.title, budget(puzzle, words), begins_shortly(puzzle, words))
    return " · ".join(part for part in parts if part)


def begins_shortly(puzzle: Puzzle, words: Words) -> str:
    """Where a puzzle begins, for a list; "" for the usual beginning, with nothing open."""
    return words.t("begins in an open connection") if puzzle.beginning == OPEN else ""


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


def begins(game: Game, words: Words) -> str:
    """From where the game is played; "" once it is won."""
    if game.is_won:
        return ""
    if game.puzzle.beginning == OPEN:
        return words.t(BEGINS_OPEN)
    return words.t(BEGINS_AFTER if game.puzzle.budget.held else BEGINS_WITH_NOTHING)


def yours(puzzle: Puzzle, words: Words) -> str:
    """What is the player's, what counts as a move, and what this budget lets one do."""
    may = [words.t(said) for field, said in MAY.items() if getattr(puzzle.budget, field)]
    if puzzle.budget.held:
        may.insert(0, words.t(MAY_KEEP if puzzle.beginning == OPEN else MAY_DELIVER_OLD))
    too = words.t(HERE_TOO, list=chained(may, words)) if may else ""
    return followed((words.t(YOURS), too), words)


def first_numbers(puzzle: Puzzle, words: Words) -> tuple[tuple[str, str], ...]:
    """(sign, what it means) of the initial numbers on the cards."""
    if puzzle.beginning == OPEN:
        told: tuple[str, ...] = (OPEN_NUMBERS, NEXT_NUMBERS)
    elif puzzle.budget.held:
        told = (EARLIER_NUMBERS, NEXT_NUMBERS)
    else:
        told = (THESE_NUMBERS,)
    return tuple((sign, words.t(text)) for sign, text in zip(FIRST_NUMBERS[-len(told) :], told, strict=True))


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


def lane_told(lane: str, puzzle: Puzzle, words: Words) -> str:
    """The heading of a lane."""
    return words.t(OPEN_LANE if lane == OLD and puzzle.beginning == OPEN else LANES[lane])


def card_told(card: Card, puzzle: Puzzle, words: Words) -> str:
    """A card in a sentence, for whoever cannot see where it lies."""
    lane = lane_told(card.lane, puzzle, words)
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
    if game.elsewhere is not None and not game.elsewhere.is_found:
        return words.t("Impossible within this bound, from every beginning.")
    return words.t("Impossible within this bound, from this beginning.")


COUNTED = mark("This is counted from where you begin ({beginning}), with fresh numbers in one order.")
"""What a count of worlds is of."""

SEARCHED_ELSEWHERE = mark(
    "Nor can it be done from the other beginning ({beginning}), or with fresh numbers in any other order: {worlds}"
    " worlds more."
)
SEARCHING_ELSEWHERE = mark("Now the other beginnings and orders are searched as well…")
"""What is known of other beginnings and orders, when it cannot be done from this one."""

ANOTHER = mark("Another puzzle")
"""The button that lets one choose a puzzle freely."""

ASSUMED = mark("In every run it is assumed:")
"""Head of what was excluded: each is said as what is so."""


def proof(game: Game, words: Words, so_far: str = "") -> tuple[str, ...]:
    """Why nobody can do it: how much was searched, and under which exclusions. () unless it is so.

    ``so_far``: how much has been searched from elsewhere, while that is under way.
    """
    way, play = game.par, game.puzzle.play
    if way is None or not game.has_proof:
        return ()
    first = words.t(
        "The search has been through every world that these moves can reach: {worlds} worlds, {moves} moves. In none"
        " of them is it broken.",
        worlds=f"{way.worlds:,}", moves=f"{way.moves:,}",
    )  # fmt: skip
    is_everywhere = game.elsewhere is not None and not game.elsewhere.is_found
    bounds = limits(play, words, is_one_order=not is_everywhere)
    reasons = (why for why, _ in bounds.constant if why not in bounds.excluded)
    lists = ((ASSUMED, bounds.excluded), (IN_EVERY_RUN, bounds.in_every_run), (CONSTANT, tuple(reasons)))
    return (
        followed((first, words.t(COUNTED, beginning=words.t(SHORTLY[play.beginning]))), words),
        followed((_from_elsewhere(game, words), so_far), words),
        words.t("Bound: {budget}.", budget=budget(game.puzzle, words)),
        *("\n".join((words.t(head), *(f"• {part}" for part in parts))) for head, parts in lists),
        words.t(SIGNS),
    )  # fmt: skip


def _from_elsewhere(game: Game, words: Words) -> str:
    """What is known of the beginnings from which one does not play."""
    found, play = game.elsewhere, game.puzzle.play
    if found is None:
        return words.t(SEARCHING_ELSEWHERE)
    if not found.is_found:
        there = next(each for each in (OPEN, FORGOTTEN) if each != play.beginning)
        return words.t(SEARCHED_ELSEWHERE, beginning=words.t(SHORTLY[there]), worlds=f"{found.worlds:,}")
    if found.below != play.below:
        return words.n(
            "With fresh numbers in another order it can be done, in {count} move: “tcp-tutor search” shows it.",
            "With fresh numbers in another order it can be done, in {count} moves: “tcp-tutor search” shows it.",
            found.moves,
        )
    return words.n(
        "From another beginning it can be done ({beginning}), in {count} move. Begin there: “{button}”.",
        "From another beginning it can be done ({beginning}), in {count} moves. Begin there: “{button}”.",
        found.moves, beginning=words.t(SHORTLY[found.beginning]), button=words.t(ANOTHER),
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
    return followed((here, there, words.t("Press “{button}”.", button=hint_button(game, words))), words)


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
        return followed((made, words.t("There is no shorter way from this beginning.")), words)
    above = words.n("{count} above the shortest way.", "{count} above the shortest way.", game.score)
    return followed((made, above), words)


AFTER: dict[str, str] = {
    "fresh-open": mark(
        "accept() shows a connection that the caller does not ask for, not with this number: an old call was taken for"
        " a new one."
    ),
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
