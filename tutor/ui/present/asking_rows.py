"""What audience and console show of a question to the room. Values in, values out; no Qt.

Rules
-----
* On the audience nothing says what is right before it is revealed.
* The picture in which the answer will show stays in sight: the question lies over the other one.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from tutor.teach.polling import Poll
from tutor.teach.presenting import BOTH, DIAGRAM, LADDER
from tutor.teach.votes import Votes, letter, most_chosen_wrong
from tutor.ui.card_rows import tabled
from tutor.view.bars import Choice, Question
from tutor.view.marks import Box
from tutor.words import Words, mark

OF_STATES = ("next-state", "state")
"""Kinds whose answer shows in the diagram; all others' shows in the timeline."""

LEAST_BESIDE = 0.25
"""Share of the stage in which a picture beside the question can still be read."""
NARROW, WIDE = 0.42, 0.58
"""The share of the stage that a question takes where one picture alone is shown."""


@dataclass(frozen=True, slots=True)
class OptionRow:
    """One option on the console: its letter and words, the count that is being taken, the one before (None: none)."""

    letter: str
    text: str
    count: int
    before: int | None = None


@dataclass(frozen=True, slots=True)
class Ballot:
    """What the console's panel shows. ``total``: how many voted in this round; ``left``: the clock, "" if none runs;
    ``said``: what comes of the votes, or that there is none."""

    options: tuple[OptionRow, ...]
    how: str
    total: str
    left: str
    said: str
    is_second: bool
    can_again: bool


def covered(poll: Poll) -> str:
    """The picture over which the question lies."""
    return LADDER if poll.kind in OF_STATES else DIAGRAM


def place(poll: Poll, layout: str, stage: Box, cards: dict[str, Box]) -> Box:
    """Where the question lies on the audience's window (px). ``cards``: where diagram and timeline lie."""
    hides = covered(poll)
    if layout == BOTH:
        return cards[hides]
    width = stage.right - stage.left
    if hides == LADDER:
        return Box(stage.right - width * NARROW, stage.top, stage.right, stage.bottom)
    return Box(stage.left, stage.top, stage.left + width * WIDE, stage.bottom)


def beside(box: Box, cards: Sequence[Box]) -> tuple[int, int]:
    """Px that the question takes of the one picture on screen, at its left and at its right: that it be drawn beside
    it. Nothing where two are shown, or where it takes all."""
    if len(cards) != 1:
        return 0, 0
    (card,) = cards
    left, right = box.left - card.left, card.right - box.right
    if max(left, right) < LEAST_BESIDE * (card.right - card.left):
        return 0, 0
    return (0, round(card.right - box.left)) if left > right else (round(box.right - card.left), 0)


def board(poll: Poll, votes: Votes | None, *, is_revealed: bool) -> Question:
    """The question as the room sees it."""
    if not poll.has_votes:
        points = poll.options if is_revealed else ()
        choices = tuple(Choice(str(number), text) for number, text in enumerate(points, 1))
        return Question(poll.prompt, poll.how, choices, poll.said if is_revealed and not points else "")
    counts = _counts(votes)
    wrong = most_chosen_wrong(votes) if votes is not None and is_revealed else None
    choices = tuple(
        Choice(
            letter(i),
            text,
            counts[i] if counts else (),
            _verdict(poll, i, wrong) if is_revealed else "",
            poll.places[i] if is_revealed and poll.places else 0,
        )
        for i, text in enumerate(tabled(poll.options))
    )
    totals = tuple(map(sum, votes.rounds)) if votes is not None and counts else ()
    return Question(poll.prompt, poll.how, choices, poll.said if is_revealed else "", totals)


def _counts(votes: Votes | None) -> tuple[tuple[int, ...], ...]:
    """Option by option its counts in every round; nothing while nobody has voted."""
    if votes is None or votes.is_empty:
        return ()
    return tuple(zip(*votes.rounds, strict=True))


def _verdict(poll: Poll, option: int, wrong: int | None) -> str:
    return "right" if option in poll.right else "wrong" if option == wrong else ""


NO_VOTE = mark("This is asked without a vote.")
MOST_WRONG = mark("Most wrong votes: {letter}. After the answer its run shows why it is wrong.")
MOST_WORDS = mark("Most wrong votes: {letter}. There is no run that shows why.")
NOBODY_WRONG = mark("Nobody voted for a wrong answer.")


def ballot(poll: Poll, votes: Votes | None, left: float | None, words: Words) -> Ballot:
    """What the lecturer counts. ``left``: seconds of the clock, None where none runs."""
    if votes is None or not poll.has_votes:
        return Ballot((), poll.how, "", clock(left), words.t(NO_VOTE), is_second=False, can_again=False)
    before = votes.rounds[0] if votes.is_second else (None,) * len(votes.options)
    options = tuple(
        OptionRow(letter(i), text, votes.counts[i], before[i]) for i, text in enumerate(tabled(poll.options))
    )
    total = words.n("{count} vote", "{count} votes", sum(votes.counts))
    can_again = not votes.is_second and not votes.is_empty
    said = outcome(poll, votes, words)
    return Ballot(options, poll.how, total, clock(left), said, votes.is_second, can_again)


def outcome(poll: Poll, votes: Votes, words: Words) -> str:
    """What most believed in error, and whether a run refutes it; "" while nobody has voted."""
    if votes.is_empty:
        return ""
    wrong = most_chosen_wrong(votes)
    if wrong is None:
        return words.t(NOBODY_WRONG)
    return words.t(MOST_WRONG if poll.plays[wrong] else MOST_WORDS, letter=letter(wrong))


def clock(left: float | None) -> str:
    """``0:45``; "" where no clock runs."""
    if left is None:
        return ""
    seconds = math.ceil(max(0.0, left) - 1e-9)
    return f"{seconds // 60}:{seconds % 60:02d}"
