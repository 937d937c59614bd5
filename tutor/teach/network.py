"""Be the network: somebody owns the wire, says what happens next, and tries to break what a protocol promises.

Rules
-----
* ``Game`` is a value, ``update`` is pure. Moves are the search's own, on the real engine (``explore.onward``); there is
  no second model of anything.
* Nothing is searched here. ``wanted`` says what ought to be searched; somebody does it elsewhere, and tells it with
  ``Told``. What comes too late, or speaks of another position, is not heard.
* A hint has three levels: where to look, what to do, and doing it. It is the next move of a shortest way from *here*;
  where no way leads on, it is to take back the last move, and where going back is shorter, to go back.
* Where nothing can be done, a hint is the proof. It counts for whoever has tried a move, or asked for it. Whoever has
  it is told as well whether it can be done from elsewhere (``explore.elsewhere``).
* The score is what was needed above par. Hints cost nothing: who needs them is here to learn.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import NamedTuple

from tutor.explore.elsewhere import Elsewhere
from tutor.explore.ends import Entry
from tutor.explore.onward import Deed, Position, Way, position
from tutor.explore.parts import cost
from tutor.teach.intents import Redo, Undo
from tutor.teach.puzzles import PUZZLES, Puzzle

OLD, PROMPT, LATE = "old", "now", "late"
"""Where a segment lies: kept from the earlier connection; under way now; a copy, or held back."""

LANES = {OLD: ("old",), PROMPT: ("deliver", "lose", "duplicate", "hold"), LATE: ("late",)}
"""Lane -> what can be done with its segments."""

WHERE, WHAT, SHOWN = 1, 2, 3
"""Levels of a hint."""

Deeds = tuple[Deed, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A segment on the table."""

    id: str
    lane: str
    entry: Entry


@dataclass(frozen=True, slots=True)
class Game:
    """One attempt at a puzzle."""

    puzzle: Puzzle
    here: Position
    deeds: Deeds = ()
    taken_back: Deeds = ()
    """What ``Redo`` would do, the next one last."""
    chosen: str = ""
    """The card that is picked, by its id."""
    par: Way | None = None
    """A shortest way from the beginning, once it has been searched."""
    ways: tuple[tuple[Deeds, Way], ...] = field(default=(), repr=False)
    """What else was searched: (deeds that lead there, the way on)."""
    elsewhere: Elsewhere | None = None
    """What other beginnings gave, once they have been searched: where it cannot be done from this one."""
    hint: int = 0
    """The level of the hint that is given now; 0: none."""
    hints: int = 0
    """How many hints were asked for in this attempt."""
    has_tried: bool = False
    """Was a move made, ever since the puzzle was taken up?"""

    # --- what is on the table ---

    @property
    def cards(self) -> tuple[Card, ...]:
        """Every segment that there is, the earlier connection's first."""
        lanes = ((OLD, self.here.old), (PROMPT, self.here.prompt), (LATE, self.here.late))
        return tuple(Card(f"{lane}:{at}", lane, entry) for lane, held in lanes for at, entry in enumerate(held))

    @property
    def card(self) -> Card | None:
        """The card that is picked, while it is there."""
        return next((card for card in self.cards if card.id == self.chosen), None)

    def deeds_on(self, card: Card) -> Deeds:
        """What can be done with a card now."""
        if self.is_won:
            return ()
        return tuple(deed for deed in self.here.deeds if deed.kind in LANES[card.lane] and deed.what == card.entry)

    @property
    def by_itself(self) -> Deeds:
        """What programs and clocks would do next, if the wire lets them; and what an adversary could make them do."""
        on_wire = {kind for kinds in LANES.values() for kind in kinds}
        return () if self.is_won else tuple(deed for deed in self.here.deeds if deed.kind not in on_wire)

    # --- how it stands ---

    @property
    def is_won(self) -> bool:
        """Is the property broken?"""
        return self.puzzle.breaks in self.here.broken

    @property
    def is_impossible(self) -> bool:
        """Has the search been through the whole bound from the beginning, and found nothing?"""
        return self.par is not None and not self.par.is_found and self.par.is_complete

    @property
    def has_proof(self) -> bool:
        """Is it proved to somebody who has tried, or asked, that it is impossible?"""
        return self.is_impossible and (self.has_tried or bool(self.hints))

    @property
    def score(self) -> int | None:
        """Moves above par; None before it is won, or while par is not known."""
        return cost(self.deeds) - cost(self.par.deeds) if self.is_won and self.par is not None else None

    @property
    def way(self) -> Way | None:
        """A shortest way from here, if it is known."""
        return self._way_after(len(self.deeds))

    def _way_after(self, made: int) -> Way | None:
        """A shortest way from where the first ``made`` of the deeds lead, if it is known."""
        deeds = self.deeds[:made]
        if self.par is not None and deeds == self.par.deeds[:made] and self.par.is_found:
            return self.par._replace(deeds=self.par.deeds[made:])
        if not deeds:
            return self.par
        return next((way for known, way in self.ways if known == deeds), None)

    @property
    def is_stuck(self) -> bool:
        """Is it known that no way leads on from here?"""
        way = self.way
        return bool(self.deeds) and way is not None and not way.is_found and way.is_complete and not self.is_won

    @property
    def shorter(self) -> tuple[int, int] | None:
        """(how many deeds to take back, moves to go from there), where that is shorter than the way from here.

        Taking back is reckoned as if it cost a move each: nobody is sent back over a long way for a move or two.
        """
        way = self.way
        if way is None or not way.is_found or self.is_won:
            return None
        ways = ((len(self.deeds) - at, self._way_after(at)) for at in range(len(self.deeds)))
        there = [(back, cost(known.deeds)) for back, known in ways if known is not None and known.is_found]
        best = min(there, key=lambda each: (sum(each), each[0]), default=None)
        return best if best is not None and sum(best) < cost(way.deeds) else None

    @property
    def goes_back(self) -> bool:
        """Does the hint say to take back what was done?"""
        return bool(self.hint) and not self.is_impossible and (self.is_stuck or self.shorter is not None)

    @property
    def advice(self) -> Deed | None:
        """The next move of a shortest way, while a hint is given and the way is known; None: it is to go back."""
        way = self.way
        if not self.hint or way is None or not way.is_found or self.shorter is not None:
            return None
        return way.deeds[0] if way.deeds else None

    @property
    def hinted(self) -> str:
        """The card that the hint is about; "" if it is about none."""
        deed = self.advice
        if deed is None:
            return ""
        fits = (card.id for card in self.cards if deed.kind in LANES[card.lane] and deed.what == card.entry)
        return next(fits, "")


# --- intents ---


@dataclass(frozen=True, slots=True)
class Pick:
    """Take up a puzzle."""

    puzzle: Puzzle


@dataclass(frozen=True, slots=True)
class Choose:
    """Pick a card; "" picks none."""

    card: str


@dataclass(frozen=True, slots=True)
class Do:
    """Make a move. One that cannot be made changes nothing."""

    deed: Deed


@dataclass(frozen=True, slots=True)
class Again:
    """From the beginning."""


@dataclass(frozen=True, slots=True)
class Hint:
    """A hint; asked again, the next level of it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What a search has found from where ``deeds`` lead in ``puzzle``."""

    puzzle: Puzzle
    deeds: Deeds
    way: Way


@dataclass(frozen=True, slots=True)
class ToldElsewhere:
    """What a search has found from the other beginnings of ``puzzle``."""

    puzzle: Puzzle
    elsewhere: Elsewhere


Intent = Pick | Choose | Do | Undo | Redo | Again | Hint | Told | ToldElsewhere


class Wanted(NamedTuple):
    """What ought to be searched: on from where ``deeds`` lead, or (``is_elsewhere``) from the other beginnings."""

    deeds: Deeds = ()
    is_elsewhere: bool = False


def begin(puzzle: Puzzle = PUZZLES[0]) -> Game:
    """The beginning of an attempt."""
    return Game(puzzle, position(puzzle.play))


def update(game: Game, intent: Intent) -> Game:
    """The game after an intent."""
    match intent:
        case Pick(puzzle):
            return begin(puzzle)
        case Choose(card):
            return replace(game, chosen="" if card == game.chosen else card)
        case Do(deed):
            return _did(game, deed, game.taken_back[:-1] if game.taken_back[-1:] == (deed,) else ())
        case Undo():
            return _stands(game, game.deeds[:-1], (*game.taken_back, game.deeds[-1])) if game.deeds else game
        case Redo():
            return _did(game, game.taken_back[-1], game.taken_back[:-1]) if game.taken_back else game
        case Again():
            return replace(_stands(game, (), ()), hints=0) if game.deeds else game
        case Hint():
            return _hinted(game)
        case Told(puzzle, deeds, way):
            return _told(game, deeds, way) if puzzle == game.puzzle else game
        case ToldElsewhere(puzzle, elsewhere):
            return replace(game, elsewhere=elsewhere) if puzzle == game.puzzle and elsewhere.is_complete else game


def wanted(game: Game) -> Wanted | None:
    """What search is needed now: par first, then the way on from here if a hint was asked for, and the other beginnings
    of what is proved impossible from this one; else None.
    """
    if game.par is None:
        return Wanted()
    if game.hint and game.way is None and not game.is_won and not game.is_impossible:
        return Wanted(game.deeds)
    if game.has_proof and game.elsewhere is None:
        return Wanted(is_elsewhere=True)
    return None


def _did(game: Game, deed: Deed, taken_back: Deeds) -> Game:
    if game.is_won or deed not in game.here.deeds:
        return game
    return replace(_stands(game, (*game.deeds, deed), taken_back), has_tried=True)


def _stands(game: Game, deeds: Deeds, taken_back: Deeds) -> Game:
    here = position(game.puzzle.play, deeds)
    return replace(game, here=here, deeds=deeds, taken_back=taken_back, chosen="", hint=0)


def _hinted(game: Game) -> Game:
    if game.is_won or game.has_proof:
        return game
    if game.is_impossible:
        return replace(game, hints=game.hints + 1)
    if not game.hint:
        return replace(game, hint=WHERE, hints=game.hints + 1)
    if game.goes_back:
        for _ in range(game.shorter[0] if game.shorter else 1):
            game = update(game, Undo())
        return game
    if game.advice is None:
        return game
    if game.hint < WHAT:
        return replace(game, hint=game.hint + 1, chosen=game.hinted)
    return update(game, Do(game.advice))


def _told(game: Game, deeds: Deeds, way: Way) -> Game:
    if not (way.is_found or way.is_complete):
        return game
    if not deeds:
        return replace(game, par=way)
    return replace(game, ways=(*(known for known in game.ways if known[0] != deeds), (deeds, way)))
