"""Votes: how a room answered one question, as a value; two rounds, and a table of all of them.

Rules
-----
* A vote is a number that the lecturer counted: nobody's name is in it.
* A question is voted on once, and a second time after people have talked to each other (peer instruction, Mazur 1997).
  The first count stays as it is while the second is taken.
* The most chosen wrong option is that of the last round in which anybody voted: what the room believes now.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from tutor.joining import Speech
from tutor.words import mark

LETTERS = "ABCDEFGHIJ"
"""What stands before an option on the projector."""

MOST = 9999
"""No count is greater."""

ROUNDS = 2
"""Before people talk to each other, and after."""

Counts = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Votes:
    """What a room said to one question.

    ``question``: the lesson and its beat ("01-three-way-handshake/syn-sent"). ``at``: when it was asked, ISO 8601 with
    its zone. ``options`` as they stood on the projector; ``right``: which of them (from 0) the engine found right.
    ``rounds``: the counts of each round, one for every option; there is always a first round.
    """

    question: str
    at: str
    options: tuple[str, ...]
    right: tuple[int, ...] = ()
    prompt: str = ""
    kind: str = "choice"
    rounds: tuple[Counts, ...] = ()

    def __post_init__(self) -> None:
        rounds = self.rounds or ((0,) * len(self.options),)
        if len(rounds) > ROUNDS or any(len(counts) != len(self.options) for counts in rounds):
            raise ValueError(f"{self.question}: {ROUNDS} rounds at most, with a count for every option")
        if any(not 0 <= count <= MOST for counts in rounds for count in counts):
            raise ValueError(f"{self.question}: a count is 0 to {MOST}")
        if any(not 0 <= each < len(self.options) for each in self.right):
            raise ValueError(f"{self.question}: a right option is one of those on offer")
        object.__setattr__(self, "rounds", rounds)

    @property
    def counts(self) -> Counts:
        """The counts of the round that is being taken."""
        return self.rounds[-1]

    @property
    def is_second(self) -> bool:
        """Has the second round begun?"""
        return len(self.rounds) == ROUNDS

    @property
    def is_empty(self) -> bool:
        """Has nobody voted?"""
        return not any(map(any, self.rounds))

    @property
    def last(self) -> Counts:
        """The counts of the last round in which anybody voted; of the first if nobody did."""
        return next((counts for counts in reversed(self.rounds) if any(counts)), self.rounds[0])


def counted(votes: Votes, option: int, count: int) -> Votes:
    """The votes after ``count`` hands were counted for an option (from 0); cut to 0 … ``MOST``. Unknown: unchanged."""
    if not 0 <= option < len(votes.options):
        return votes
    count = min(MOST, max(0, count))
    counts = (*votes.counts[:option], count, *votes.counts[option + 1 :])
    return replace(votes, rounds=(*votes.rounds[:-1], counts))


def raised(votes: Votes, option: int, by: int = 1) -> Votes:
    """The votes with so many more (fewer, if negative) for an option."""
    return counted(votes, option, votes.counts[option] + by) if 0 <= option < len(votes.options) else votes


def again(votes: Votes) -> Votes:
    """The votes with a second round begun; unchanged where it has begun, or where nobody voted in the first."""
    if votes.is_second or votes.is_empty:
        return votes
    return replace(votes, rounds=(*votes.rounds, (0,) * len(votes.options)))


def wiped(votes: Votes) -> Votes:
    """The votes with the round that is being taken empty; a second round that was empty already is taken back."""
    if votes.is_second and not any(votes.counts):
        return replace(votes, rounds=votes.rounds[:1])
    return replace(votes, rounds=(*votes.rounds[:-1], (0,) * len(votes.options)))


def most_chosen_wrong(votes: Votes) -> int | None:
    """The wrong option (from 0) that most voted for, the first of equals; None if nobody voted for a wrong one."""
    wrong = [(-count, option) for option, count in enumerate(votes.last) if count and option not in votes.right]
    return min(wrong)[1] if wrong else None


def letter(option: int) -> str:
    """The letter of an option (from 0): A, B, C…; its number (from 1) behind the last letter."""
    return LETTERS[option] if option < len(LETTERS) else str(option + 1)


# --- as a table ---

COLUMNS = (
    mark("date"), mark("lesson"), mark("step"), mark("kind"), mark("question"), mark("vote"), mark("option"),
    mark("answer"), mark("votes"), mark("votes in all"), mark("right"),
)  # fmt: skip
"""The columns of the table: the date and the question, which vote (1 or 2), an option with its letter and its words,
how many voted for it, of how many votes, and 1 if it is right."""


def as_csv(rows: Iterable[Votes], words: Speech) -> str:
    """Comma-separated values (RFC 4180): a line for every option of every round in which anybody voted.

    What a table might take for a formula gets an apostrophe in front.
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(words.t(column) for column in COLUMNS)
    for votes in rows:
        writer.writerows(_lines(votes))
    return out.getvalue()


def _lines(votes: Votes) -> Iterable[Sequence[str | int]]:
    lesson, _, step = votes.question.rpartition("/")
    for place, counts in enumerate(votes.rounds, 1):
        if not any(counts):
            continue
        for option, (text, count) in enumerate(zip(votes.options, counts, strict=True)):
            head = map(_harmless, (votes.at, lesson, step, votes.kind, votes.prompt))
            right = int(option in votes.right)
            yield (*head, place, letter(option), _harmless(text), count, sum(counts), right)


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
