"""What the network's page shows, as a value: from a game and the words of a language."""

from __future__ import annotations

from dataclasses import dataclass

from tutor.explore.ends import A, B, Entry
from tutor.explore.onward import Deed
from tutor.joining import followed, listed, named, sentences
from tutor.tcp.segment import flags_text
from tutor.tcp.states import SYNCHRONISED
from tutor.teach import network_words as say
from tutor.teach.lesson import Lesson
from tutor.teach.network import LATE, OLD, PROMPT, WHAT, Card, Game
from tutor.teach.network_plain import LEFT_ALONE
from tutor.teach.progress import Score
from tutor.teach.puzzles import PUZZLES, Puzzle
from tutor.view.moves import ACT, ARRIVES, KEPT, LOST, TIME, MoveRow
from tutor.view.standing import host_name
from tutor.view.wire import CardRow, EndRow, LaneRow, WireRows
from tutor.words import Words


@dataclass(frozen=True, slots=True)
class PuzzleRow:
    """One line of the list: what is broken of which protocol, and what came of it so far."""

    puzzle: Puzzle
    protocol: str
    title: str
    differs: str
    """Where it begins, if that is not with nothing open; and rules and budget, where another line of the list reads the
    same without them.
    """
    result: str
    is_current: bool

    @property
    def text(self) -> str:
        """The whole line, for whoever hears it."""
        return "\n".join(part for part in (self.protocol, self.title, self.differs, self.result) if part)


@dataclass(frozen=True, slots=True)
class DeedGroup:
    """Moves that belong together: a head, and (words on the button, move) each."""

    head: str
    deeds: tuple[tuple[str, Deed], ...]
    advised: Deed | None = None
    """The one that a hint speaks of."""
    empty: str = ""
    """Said while there are none."""
    note: str = ""
    """Said below them."""


@dataclass(frozen=True, slots=True)
class NetworkRows:
    """All that the page shows."""

    puzzles: tuple[PuzzleRow, ...]
    not_tcp: str
    title: str
    who: str
    """Who client and server are in the lesson that has led here; "" for nobody."""
    goal: str
    exact: str
    begins: str
    """From where it is played."""
    budget: str
    par: str
    hint: str
    hint_button: str
    verdict: str
    meaning: str
    proof: tuple[str, ...]
    yours: str
    groups: tuple[DeedGroup, ...]
    history: tuple[MoveRow, ...]
    can_undo: bool
    can_redo: bool
    can_hint: bool
    goes_back: bool
    """Does the hint say to take back what was done?"""
    is_won: bool
    wire: WireRows
    states: tuple[tuple[str, str], ...] = ()
    """(state, what it means) of both ends."""
    numbers: tuple[tuple[str, str], ...] = ()
    """(sign, what it means) of the initial numbers."""
    spoken: str = ""
    """The table for whoever does not see it."""
    aloud: tuple[str, ...] = ()
    """What is said at once when it comes to be so."""


def network_rows(
    game: Game, scores: dict[str, Score], words: Words, *, searched: int = 0, who: str = ""
) -> NetworkRows:
    """The page of a game; ``searched``: so many worlds the search that runs now has seen."""
    par, hint = say.par(game, words), say.hint(game, words)
    so_far = ""
    if searched:
        so_far = words.n("{shown} world so far", "{shown} worlds so far", searched, shown=f"{searched:,}")
        par = followed((par, so_far), words) if game.par is None else par
        hint = (
            followed((hint, so_far), words)
            if hint and game.par is not None and game.advice is None and not game.goes_back
            else hint
        )
    proof = say.proof(game, words, so_far)
    offered = PUZZLES if game.puzzle in PUZZLES else (game.puzzle, *PUZZLES)
    return NetworkRows(
        puzzles=_puzzles(offered, game.puzzle, scores, words),
        not_tcp=say.not_tcp(game.puzzle, words),
        title=say.title(game.puzzle, words),
        who=who,
        goal=say.goal(game, words),
        exact=say.exact(game, words),
        begins=say.begins(game, words),
        budget=words.t("Left: {budget}", budget=say.budget_left(game, words)),
        par=par,
        hint=hint,
        hint_button=say.hint_button(game, words),
        verdict=say.verdict(game, words),
        meaning=say.meaning(game, words),
        proof=proof,
        yours=say.yours(game.puzzle, words),
        groups=_groups(game, words),
        history=tuple(map(_made, game.deeds, say.history(game, words))),
        can_undo=bool(game.deeds),
        can_redo=bool(game.taken_back),
        can_hint=not game.is_won and not game.has_proof,
        goes_back=game.goes_back,
        is_won=game.is_won,
        wire=wire_rows(game, words),
        states=say.states_told(game.here.ends, words),
        numbers=say.first_numbers(game.puzzle, words),
        spoken=_spoken(game, words),
        aloud=_aloud(game, words),
    )


def who_is_who(lesson: Lesson, words: Words) -> str:
    """Which hosts of a lesson client and server are; "" where they are called so, or where nobody listens."""
    serving = [any(line.split()[:1] == ["listen"] for line in host.program) for host in lesson.hosts]
    if sorted(serving) != [False, True] or {host.name for host in lesson.hosts} == set(say.NAMES):
        return ""
    client, server = (host_name(lesson.hosts[serving.index(each)].name, words) for each in (False, True))
    return words.t("Client: {client}. Server: {server}.", client=client, server=server)


def news(was: NetworkRows | None, now: NetworkRows) -> str:
    """What has come to be so since ``was``, to be said aloud; "" for nothing."""
    known = was.aloud if was is not None else ()
    return "\n".join(text for text in now.aloud if text not in known)


def _aloud(game: Game, words: Words) -> tuple[str, ...]:
    """Par, the hint, the verdict and the chosen card: whatever is not being searched any more."""
    is_known = game.advice is not None or game.goes_back
    told = (
        "" if game.card is None else say.card_told(game.card, game.puzzle, words),
        say.par(game, words) if game.par is not None else "",
        say.hint(game, words) if is_known else "",
        say.verdict(game, words),
        say.meaning(game, words),
        *say.proof(game, words)[:1],
    )
    return tuple(text for text in told if text)


def _spoken(game: Game, words: Words) -> str:
    """The chosen card and what can be done with it, where both ends are, and the last move."""
    card = game.card
    chosen = "" if card is None else say.card_told(card, game.puzzle, words)
    doable = () if card is None else tuple(say.button_of(deed, words) for deed in game.deeds_on(card))
    ends = (named(row.name, row.state, words) for row in wire_rows(game, words).ends)
    return sentences((chosen, listed(doable, words), *ends, *say.history(game, words)[-1:]), words)


def _puzzles(
    offered: tuple[Puzzle, ...], played: Puzzle, scores: dict[str, Score], words: Words
) -> tuple[PuzzleRow, ...]:
    names = [(say.protocol(each, words), say.title(each, words)) for each in offered]
    return tuple(
        PuzzleRow(
            each,
            *name,
            say.terms(each, words) if names.count(name) > 1 else say.begins_shortly(each, words),
            _result(scores.get(each.id), words),
            each == played,
        )
        for each, name in zip(offered, names, strict=True)
    )


def _result(score: Score | None, words: Words) -> str:
    """What came of a puzzle so far; "" if nothing did."""
    if score is None:
        return ""
    moves, par = score
    if not moves:
        return words.t("proof seen")
    if par is None:
        return words.n("done in {count} move", "done in {count} moves", moves)
    return words.t("done, {over} above par", over=moves - par) if moves > par else words.t("done at par")


def _groups(game: Game, words: Words) -> tuple[DeedGroup, ...]:
    if game.is_won:
        return ()
    if not game.here.deeds:
        over = words.t("Nothing more can happen with what is left. Take back a move, or begin again.")
        return (DeedGroup(words.t("This was the end"), (), empty=over),)
    card = game.card
    on_card = () if card is None else tuple((say.button_of(deed, words), deed) for deed in game.deeds_on(card))
    head = words.t("This segment") if card is None else _card_head(card, words)
    if card is not None:
        empty = words.t("Nothing is left for this one.")
    elif any(game.deeds_on(each) for each in game.cards):
        empty = words.t("Choose a segment in the middle.")
    else:
        empty = words.t("There is no segment to choose now.")
    by_itself = tuple((say.button_of(deed, words), deed) for deed in game.by_itself)
    advised = game.advice if game.hint >= WHAT else None
    wait = words.t("Nothing happens by itself before what is on the wire has arrived or is lost.")
    return (
        DeedGroup(head, on_card, advised, empty, words.t(LEFT_ALONE) if on_card else ""),
        DeedGroup(words.t("Let a program act, or time pass"), by_itself, advised, wait if game.here.prompt else ""),
    )


def entered(rows: NetworkRows) -> Deed | None:
    """What Enter does on the table: to the chosen card what a hint says, or the first thing that can be done."""
    on_card = rows.groups[0] if rows.groups else None
    if on_card is None or not on_card.deeds:
        return None
    deeds = tuple(deed for _, deed in on_card.deeds)
    return on_card.advised if on_card.advised in deeds else deeds[0]


def _card_head(card: Card, words: Words) -> str:
    return words.t("{flags} of the {sender}", flags=_flags(card), sender=words.t(say.NAMES[1 - card.entry.to]))


def _flags(card: Card) -> str:
    return flags_text(card.entry.segment.flags, "+")


# --- the pictures ---

WENT = {"deliver": ARRIVES, "old": ARRIVES, "late": ARRIVES, "lose": LOST, "duplicate": KEPT, "hold": KEPT}
"""Kind of a move with a segment -> what became of that."""


def _made(deed: Deed, text: str) -> MoveRow:
    """One move of the small ladder."""
    if isinstance(deed.what, Entry):
        return MoveRow(text, WENT[deed.kind], 1 - deed.what.to)
    return MoveRow(text, TIME if deed.kind == "tick" else ACT, deed.side)


def wire_rows(game: Game, words: Words) -> WireRows:
    """The table: both ends, and every segment in its lane; what is kept from before only while it can be delivered."""
    names = (words.t("Client"), words.t("Server"))
    ends = tuple(
        EndRow(
            names[side],
            say.state_of(game.here.ends[side], listens=side == B, words=words),
            say.end_told(game.here.ends[side], words),
            is_broken=game.is_won and _is_open(game, side),
        )
        for side in (A, B)
    )
    lanes = [
        LaneRow(
            say.lane_told(lane, game.puzzle, words),
            tuple(_card(game, card, words) for card in game.cards if card.lane == lane),
            words.t("Nothing is on the wire."),
        )
        for lane in (PROMPT, LATE, OLD)
        if lane == PROMPT or any(card.lane == lane for card in game.cards)
        if lane != OLD or (game.puzzle.budget.held and not game.is_won)
    ]
    return WireRows((ends[A], ends[B]), tuple(lanes), words.t("hint"))


def _is_open(game: Game, side: int) -> bool:
    tcb = game.here.ends[side].tcb
    return tcb is not None and tcb.state in SYNCHRONISED


def _card(game: Game, card: Card, words: Words) -> CardRow:
    is_alive = bool(game.deeds_on(card))
    return CardRow(
        card.id if is_alive else "",
        1 - card.entry.to,
        _flags(card),
        say.numbers(card.entry),
        say.card_told(card, game.puzzle, words) if is_alive else "",
        is_chosen=card.id == game.chosen,
        is_hinted=card.id == game.hinted,
    )
