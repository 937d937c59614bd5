"""Be the network: moves on the real engine, hints from where one stands, and a proof where there is no way."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from tutor.commands.faults import BadFile
from tutor.commands.loading import Loaded, load_text
from tutor.explore.judging import judge
from tutor.explore.onward import NotPossible, Way, position, run_of, way_on
from tutor.explore.parts import Budget
from tutor.explore.search import search
from tutor.teach import network_words as say
from tutor.teach.check import check_text
from tutor.teach.network import Again, Choose, Do, Game, Hint, Pick, Redo, Told, Undo, begin, update, wanted
from tutor.teach.puzzles import PUZZLES, Puzzle, puzzle_of
from tutor.words import LANGUAGES, Words
from tutor.world.trace import Trace

GHOST = Puzzle("two-way", "no-ghost", Budget(held=1, losses=1))
TWICE = Puzzle("two-way-rfc793", "own-bytes", Budget(held=2))
FIXED = Puzzle("fixed-isn", "own-bytes", Budget(held=1))
WHOLE = Puzzle("", "fresh-open", Budget(held=1, writes=0))


def searched(game: Game) -> Game:
    """The game after every search that it wants."""
    while (deeds := wanted(game)) is not None:
        game = update(game, Told(game.puzzle, deeds, way_on(game.puzzle.play, deeds)))
    return game


def asking(game: Game, times: int = 3) -> Game:
    """The game after a hint was asked for so often, with whatever has to be searched for it."""
    for _ in range(times):
        game = searched(update(searched(game), Hint()))
    return game


@pytest.mark.parametrize("puzzle", [puzzle for puzzle in PUZZLES if puzzle.variant], ids=lambda puzzle: puzzle.id)
def test_whoever_follows_every_hint_wins_at_par_or_reads_the_proof(puzzle: Puzzle) -> None:
    """Each puzzle of a variant is either won in as few moves as the search needs, or shown to be impossible."""
    game = searched(begin(puzzle))
    assert game.par is not None and game.par.is_complete != game.par.is_found
    while not game.is_won and not game.is_impossible:
        before = len(game.deeds)
        game = asking(game)
        assert len(game.deeds) == before + 1, "three hints are one move"
    if game.is_won:
        assert game.score == 0 and len(game.deeds) == len(search(puzzle.play).path)
        assert say.verdict(game, Words("en")).endswith("That is the shortest way there is.")
        _, run = run_of(puzzle.play, game.deeds)
        assert judge(Trace.of(run.scenario), run.until)[puzzle.breaks].broken is not None
    else:
        assert puzzle.variant == "two-way-rfc5961" and f"{game.par.worlds:,}" in say.proof(game, Words("en"))[0]


def test_what_breaks_tcp_itself_is_a_known_exception_and_its_clause_is_named() -> None:
    """Linux refuses an honest call when an old SYN lies just below the new one; the page says where that is known."""
    linux = next(puzzle for puzzle in PUZZLES if puzzle.profile != "rfc9293")
    game = searched(begin(linux))
    while not game.is_won:
        game = asking(game)
    assert game.score == 0 and len(game.deeds) == 4
    meaning = say.meaning(game, Words("en"))
    assert "RFC 9293 3.10.7.4" in meaning and "golden" not in meaning
    assert not say.par(game, Words("en")) and not say.goal(game, Words("en")), "nothing is left to do"
    assert say.exact(game, Words("en")).startswith("No longer true")


def test_a_segment_can_be_held_back_while_the_earlier_connection_is_still_open() -> None:
    """It comes when its holder likes, and was paid for."""
    open_one = next(puzzle for puzzle in PUZZLES if puzzle.beginning != "forgotten")
    game = begin(open_one)
    game = update(game, Do(next(deed for deed in game.by_itself if deed.kind == "close")))
    card = next(card for card in game.cards if card.lane == "now")
    game = update(game, Do(next(deed for deed in game.deeds_on(card) if deed.kind == "hold")))
    late = next(card for card in game.cards if card.lane == "late")
    assert late.entry == card.entry and not [card for card in game.cards if card.lane == "now"]
    assert [deed.kind for deed in game.deeds_on(late)] == ["late"] and game.here.rest.held == 0


def test_the_run_that_was_made_breaks_the_property_in_the_whole_world() -> None:
    """What was won on the table is played by the World and judged there by its own judges."""
    game = searched(begin(GHOST))
    for _ in range(2):
        game = asking(game)
    _, run = run_of(GHOST.play, game.deeds)
    assert [deed.kind for deed in game.deeds] == ["old", "lose"]
    assert judge(Trace.of(run.scenario), run.until)["no-ghost"].broken is not None


@pytest.mark.parametrize("seed", range(30))
def test_whatever_somebody_plays_is_played_by_the_world_as_well(seed: int) -> None:
    """Moves at random, as many as a restless person makes: the World goes the same way, and judges it the same."""
    dice = Random(seed)
    puzzle = dice.choice([puzzle for puzzle in PUZZLES if puzzle.variant])
    game = begin(puzzle)
    while not game.is_won and game.here.deeds and len(game.deeds) < 12:
        game = update(game, Do(dice.choice(game.here.deeds)))
    answer, run = run_of(puzzle.play, game.deeds)
    assert bool(answer.broken) == game.is_won
    if game.is_won:
        assert judge(Trace.of(run.scenario), run.until)[puzzle.breaks].broken is not None


def test_a_detour_is_counted_and_a_hint_comes_from_here() -> None:
    """A client that calls first costs ten moves; the hints then lead on from there, not from the beginning."""
    game = searched(begin(GHOST))
    call = next(deed for deed in game.by_itself if deed.kind == "connect")
    game = update(game, Do(call))
    assert game.way is None, "nobody has searched from here yet"
    game = update(game, Hint())
    assert wanted(game) == (call,)
    game = searched(game)
    assert game.way is not None and game.way.is_found and game.advice is not None
    while not game.is_won:
        game = asking(game)
    assert game.score == 10
    assert say.verdict(game, Words("en")) == "Broken, in 12 moves. 10 above the shortest way."


def test_who_has_spent_what_was_needed_is_told_to_go_back() -> None:
    """An old segment delivered to nobody is gone: the search finds no way on, and the next hint takes it back."""
    game = searched(begin(FIXED))
    old = next(card for card in game.cards if card.lane == "old")
    wasted = next(deed for deed in game.deeds_on(old) if deed.kind == "old")
    game = update(game, Do(wasted))
    game = asking(game, 1)
    assert game.is_stuck and "Take back" in say.hint(game, Words("en"))
    game = update(game, Hint())
    assert not game.deeds and game.taken_back == (wasted,)
    assert update(game, Redo()).deeds == (wasted,)


def test_undo_again_and_what_cannot_be_done_leave_nothing_behind() -> None:
    """Back is back: the same position, the same moves; a move of another position changes nothing."""
    first = begin(TWICE)
    deed = first.here.deeds[0]
    second = update(first, Do(deed))
    assert update(second, Undo()).here == first.here
    assert update(second, Again()).here == first.here and update(first, Undo()) is first
    lost = next(each for each in second.here.deeds if each.kind == "deliver")
    assert update(first, Do(lost)) is first
    with pytest.raises(NotPossible):
        position(TWICE.play, (lost,))
    assert update(second, Pick(GHOST)).deeds == ()


def test_what_a_late_search_says_of_another_puzzle_is_not_heard() -> None:
    """Nor is a search that was called off: it says nothing about the bound."""
    game = begin(GHOST)
    way = way_on(TWICE.play)
    assert update(game, Told(TWICE, (), way)) is game
    assert update(game, Told(GHOST, (), Way((), is_found=False, worlds=1, moves=1, is_complete=False))) is game
    assert update(game, Told(GHOST, (), way_on(GHOST.play))).par is not None


def test_the_same_budget_leaves_tcp_whole_and_the_bound_is_told() -> None:
    """ "Impossible" comes with the number of worlds, the bound and the exclusions, in every language."""
    game = searched(begin(WHOLE))
    assert game.is_impossible and update(game, Hint()) is game
    for lang in LANGUAGES:
        told = say.proof(game, Words(lang))
        assert f"{game.par.worlds:,}" in told[0] if game.par else False
        assert len(told) == 5 and "≤ 1" in told[1]
    english = say.proof(game, Words("en"))
    assert "no adversary places an initial number" in english[2] and "RTO" in english[3]


def test_numbers_are_told_by_where_they_come_from() -> None:
    """Fixed numbers are the old ones again; fresh ones have a prime."""
    for puzzle, name in ((FIXED, "seq=x"), (GHOST, "seq=x′")):
        game = begin(puzzle)
        game = update(game, Do(next(deed for deed in game.by_itself if deed.kind == "connect")))
        card = next(card for card in game.cards if card.lane == "now")
        assert say.numbers(card.entry) == name
        chosen = update(game, Choose(card.id))
        assert chosen.card == card and update(chosen, Choose(card.id)).card is None


def test_a_puzzle_is_named_by_all_that_it_is_made_of() -> None:
    """Two budgets are two puzzles; a word that means nothing is refused."""
    assert len({puzzle.id for puzzle in PUZZLES}) == len(PUZZLES)
    assert replace(GHOST, budget=Budget(held=1)).id != GHOST.id
    with pytest.raises(ValueError, match="three-way"):
        Puzzle("three-way", "no-ghost", Budget())
    with pytest.raises(ValueError, match="ghost"):
        Puzzle("two-way", "ghost", Budget())


LESSON = """
format: 1
id: be-the-network
title: Two are not enough
goal: Break a handshake of two segments.
concepts: [handshake]
profile: linux-6.18
hosts:
  client: {address: 10.0.0.1}
  server: {address: 10.0.0.2}
until: 1s
beats:
  - id: wire
    cue: start
    title: Be the network
    words: Make a ghost.
    network: {variant: two-way, property: no-ghost, held: 1, lose: 1}
"""


def loaded(text: str) -> Loaded:
    """A lesson from its text."""
    return load_text(text, Path("lesson.yaml"), Words("en"))


def test_a_beat_of_a_lesson_offers_a_puzzle() -> None:
    """With the lesson's own rules, unless it names others; and the puzzle can be done under them."""
    lesson = loaded(LESSON).lesson
    wire = lesson.beats[0].wire
    assert wire is not None
    puzzle = puzzle_of(lesson, wire)
    assert puzzle == replace(GHOST, profile="linux-6.18") and searched(begin(puzzle)).par
    assert way_on(puzzle.play).is_found
    other = loaded(LESSON.replace("lose: 1", "lose: 1, profile: rfc9293")).lesson
    assert other.beats[0].wire is not None and puzzle_of(other, other.beats[0].wire) == GHOST


@pytest.mark.parametrize(
    ("right", "wrong"), [("two-way,", "two-wy,"), ("no-ghost", "no-ghosts"), ("held: 1", "held: 99")]
)
def test_a_puzzle_that_means_nothing_is_a_mistake_with_a_place(right: str, wrong: str) -> None:
    """The linter says in which line, what was found, and what was perhaps meant."""
    with pytest.raises(BadFile) as fault:
        loaded(LESSON.replace(right, wrong))
    said = str(fault.value)
    assert "network" in said and wrong.strip(",").rpartition(" ")[2] in said and ":17:" in said


@pytest.mark.parametrize(
    ("puzzle", "said"),
    [
        ("{variant: two-way, property: no-ghost, held: 1, lose: 1, moves: 2}", ""),
        ("{property: no-ghost, held: 1, lose: 1, moves: 0}", ""),
        ("{variant: no-time-wait, property: honest-open, profile: rfc9293, held: 1, coincidence: 1, begins: open}", ""),
        ("{variant: two-way, property: no-ghost, held: 1, lose: 1, moves: 3}", "in 2 moves"),
        ("{variant: two-way, property: no-ghost, held: 1, lose: 1, moves: 0}", "in 2 moves"),
        ("{property: no-ghost, held: 1, lose: 1, moves: 2}", "no way within this bound"),
        ("{property: no-ghost, held: 1, lose: 1, moves: 0, begins: opened}", "open"),
    ],
)
def test_the_linter_asks_the_search_what_an_author_says_of_a_puzzle(puzzle: str, said: str) -> None:
    """In so many moves, or not at all; in which line, and what is true instead."""
    text = "\n".join(f"    network: {puzzle}" if "network:" in line else line for line in LESSON.splitlines())
    found = check_text(text, Path("lesson.yaml"))
    assert len(found) == bool(said), found
    assert all(said in str(each) and each.line == 17 for each in found)


def test_a_puzzle_that_would_be_searched_for_too_long_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for ever, neither the author nor the reader."""
    monkeypatch.setattr("tutor.teach.puzzles.MOST_WORLDS", 100)
    text = LESSON.replace("variant: two-way, property: no-ghost, held: 1", "property: no-ghost, held: 3, moves: 2")
    assert "does not come to an end" in str(check_text(text, Path("lesson.yaml"))[0])


def test_a_hint_says_of_a_move_what_the_engine_says() -> None:
    """That nothing old is there to be taken, that a segment draws a reset, that a reset ends it: not one reason for
    all."""
    for puzzle, said in (
        (Puzzle("no-time-wait", "orderly-close", Budget(losses=1)), ("There must be a connection", "A reset ends")),
        (Puzzle("fixed-isn", "honest-open", Budget(held=1)), ("Only a new connection", "will be a reset")),
        (Puzzle("two-way", "no-ghost", Budget(held=1, losses=1)), ("cannot tell them apart", "If it never arrives")),
    ):
        game, hints = begin(puzzle), ""
        while not game.is_won:
            game = asking(game, 1)
            hints += say.hint(game, Words())
        assert all(each in hints for each in said), hints
