"""Be the network: moves on the real engine, hints from where one stands, and a proof where there is no way."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from random import Random

import pytest

from tutor.commands.faults import BadFile
from tutor.commands.loading import Loaded, load_text
from tutor.explore.bound import ORDER
from tutor.explore.elsewhere import elsewhere, others
from tutor.explore.exceptions import EXCLUSIONS
from tutor.explore.judging import judge
from tutor.explore.onward import NotPossible, Way, position, run_of, way_on
from tutor.explore.parts import Budget, cost
from tutor.explore.past import OPEN
from tutor.explore.search import search
from tutor.teach import network_words as say
from tutor.teach.check import check_text
from tutor.teach.found import MOVES
from tutor.teach.limits import limits
from tutor.teach.network import (
    Again,
    Choose,
    Do,
    Game,
    Hint,
    Pick,
    Redo,
    Told,
    ToldElsewhere,
    Undo,
    Wanted,
    begin,
    update,
    wanted,
)
from tutor.teach.network_why import REASONS, scene_of, why
from tutor.teach.puzzles import PUZZLES, Puzzle, puzzle_of
from tutor.words import LANGUAGES, Words
from tutor.world.trace import Trace

GHOST = Puzzle("two-way", "no-ghost", Budget(held=1, losses=1))
TWICE = Puzzle("two-way-rfc793", "own-bytes", Budget(held=2))
FIXED = Puzzle("fixed-isn", "own-bytes", Budget(held=1))
WHOLE = Puzzle("", "fresh-open", Budget(held=1, writes=0))


def searched(game: Game) -> Game:
    """The game after every search that it wants."""
    while (what := wanted(game)) is not None:
        if what.is_elsewhere:
            game = update(game, ToldElsewhere(game.puzzle, elsewhere(game.puzzle.play)))
        else:
            game = update(game, Told(game.puzzle, what.deeds, way_on(game.puzzle.play, what.deeds)))
    return game


def asking(game: Game, times: int = 3) -> Game:
    """The game after a hint was asked for so often, with whatever has to be searched for it."""
    for _ in range(times):
        game = searched(update(searched(game), Hint()))
    return game


@pytest.mark.sampled(10)
@pytest.mark.parametrize("puzzle", [puzzle for puzzle in PUZZLES if puzzle.variant], ids=lambda puzzle: puzzle.id)
def test_whoever_follows_every_hint_wins_at_par_or_reads_the_proof(puzzle: Puzzle) -> None:
    """Each puzzle of a variant is either won in as few moves as the search needs, or shown to be impossible."""
    game = searched(begin(puzzle))
    assert game.par is not None and game.par.is_complete != game.par.is_found
    because = [""]
    while not game.is_won and not game.is_impossible:
        before = len(game.deeds)
        game = asking(game, 1)
        because.append(say.hint(game, Words()).split(". ", 1)[1].rsplit(". ", 1)[0])
        assert because[-1] != because[-2], "move after move something else is the reason"
        game = asking(game, 2)
        assert len(game.deeds) == before + 1, "three hints are one move"
    if game.is_won:
        assert game.score == 0 and len(game.deeds) == len(search(puzzle.play).path)
        assert say.verdict(game, Words("en")).endswith("There is no shorter way from this beginning.")
        _, run = run_of(puzzle.play, game.deeds)
        assert judge(Trace.of(run.scenario), run.until)[puzzle.breaks].broken is not None
    else:
        game = update(game, Hint())
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
    _, last = meaning.rsplit("\n\n", 1)
    assert last.startswith("TCP keeps this promise only as long as all of this is so: no adversary places")
    assert all(each in last for _, each in EXCLUSIONS)
    assert not say.par(game, Words("en")) and not say.goal(game, Words("en")), "nothing is left to do"
    assert say.exact(game, Words("en")).startswith("No longer true")


def test_a_segment_can_be_held_back_while_the_earlier_connection_is_still_open() -> None:
    """It comes when its holder likes, and was paid for."""
    open_one = next(puzzle for puzzle in PUZZLES if puzzle.beginning != "forgotten" and puzzle.budget.held)
    game = begin(open_one)
    assert "keep a segment for the next connection" in say.yours(open_one, Words("en"))
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


@pytest.mark.sampled(8)
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
    game = update(searched(begin(WHOLE)), Hint())
    assert game.is_impossible and update(game, Hint()) is game
    for lang in LANGUAGES:
        told = say.proof(game, Words(lang))
        assert f"{game.par.worlds:,}" in told[0] if game.par else False
        assert len(told) == 7 and "≤ 1" in told[2]
    english = say.proof(game, Words("en"))
    assert "• no adversary places an initial number" in english[3] and "RTO" in english[5]
    points = [line for part in english for line in part.splitlines() if line.startswith("•")]
    assert len(set(points)) == len(points), "nothing is said twice"


def test_impossible_from_one_beginning_is_not_said_of_every_beginning() -> None:
    """A FIN that is not repeated harms nobody who opens anew, within one loss; whose connection is open it does. Both
    are searched, and who has only looked at the first is told of the second.
    """
    puzzle = Puzzle("no-fin-retransmission", "orderly-close", Budget(losses=1))
    words, game = Words("en"), update(searched(begin(puzzle)), Hint())
    assert say.par(game, words) == "Impossible within this bound, from this beginning."
    assert (
        wanted(game) == Wanted(is_elsewhere=True) and "are searched as well…" in say.proof(game, words, "7 so far")[1]
    )
    assert say.proof(game, words, "7 so far")[1].endswith("7 so far")
    game = searched(game)
    there = way_on(replace(puzzle, beginning=OPEN).play)
    assert game.elsewhere is not None and game.elsewhere.moves == cost(there.deeds) == 11
    assert say.par(game, words) == "Impossible within this bound, from this beginning."
    assert "From another beginning it can be done (the earlier connection is open), in 11 moves" in "".join(
        say.proof(game, words)
    )


def test_impossible_from_everywhere_is_said_so() -> None:
    """Once every beginning and order has been searched to its end; a search that was called off says nothing."""
    game = update(searched(begin(WHOLE)), Hint())
    given_up = elsewhere(WHOLE.play, lambda _: False)
    assert not given_up.is_complete and update(game, ToldElsewhere(WHOLE, given_up)) is game
    game = searched(game)
    assert game.elsewhere is not None and len(others(WHOLE.play)) == 7
    assert say.par(game, Words("en")) == "Impossible within this bound, from every beginning."
    assert f"{game.elsewhere.worlds:,} worlds more" in say.proof(game, Words("en"))[1]


@pytest.mark.sampled(8)
@pytest.mark.parametrize("puzzle", [each for each in PUZZLES if each.variant], ids=lambda puzzle: puzzle.id)
def test_a_puzzle_that_is_offered_begins_where_the_way_is_shortest(puzzle: Puzzle) -> None:
    """So its par is the number that the command tells, which tries every beginning and order. One that begins in an
    open connection says so in the list: TIME-WAIT can be missed only by who was connected.
    """
    here, found = way_on(puzzle.play), elsewhere(puzzle.play)
    is_said = bool(say.begins_shortly(puzzle, Words()))
    assert is_said == (puzzle.beginning == OPEN) and here.is_found >= found.is_found
    assert is_said or not found.is_found or cost(here.deeds) <= found.moves


def test_only_what_the_budget_allows_is_said_to_be_yours() -> None:
    """Who may lose nothing is not told to drop a segment."""
    told = {puzzle.id: say.yours(puzzle, Words("en")) for puzzle in PUZZLES}
    for puzzle in PUZZLES:
        assert ("drop a segment" in told[puzzle.id]) == bool(puzzle.budget.losses)
        assert ("copy a segment" in told[puzzle.id]) == bool(puzzle.budget.duplicates)


def test_the_last_microsecond_of_a_life_is_not_told_in_microseconds() -> None:
    """Four times a quarter of MSL pass; the last one is a microsecond short, so that the segments are still alive."""
    game = begin(GHOST)
    while tick := next((deed for deed in game.here.deeds if deed.kind == "tick"), None):
        game = update(game, Do(tick))
    assert say.history(game, Words("en")) == ("30 s pass", "30 s pass", "30 s pass", "Just under 30 s pass")


def test_a_number_that_an_adversary_places_is_told_of_whose_it_is() -> None:
    """An old SYN reaches the server: it is the server's new number that an adversary places, not the SYN's."""
    game = begin(Puzzle("", "honest-open", Budget(held=1, coincidences=1), "linux-6.18"))
    placed = [deed for deed in game.here.deeds if deed.choice]
    assert {deed.kind for deed in placed} == {"old", "connect"}
    for deed in placed:
        host = "server" if deed.kind == "old" else "client"
        assert f"an adversary has the {host}'s " in say.button_of(deed, Words("en"))


def test_the_page_names_every_limit_that_the_command_names_and_of_what_it_has_counted() -> None:
    """One list for both; of one beginning and one order it says so, and once all are searched it says what the command
    says.
    """
    game = update(searched(begin(WHOLE)), Hint())
    words, told = Words("en"), " ".join(say.proof(game, Words("en")))
    everywhere, here = limits(WHOLE.play, words), limits(WHOLE.play, words, is_one_order=True)
    assert all(each in told for each in (*everywhere.excluded, *here.in_every_run))
    assert all(why in told for why, _ in everywhere.constant)
    after = " ".join(say.proof(searched(game), words))
    assert set(everywhere.in_every_run) - set(here.in_every_run) == {ORDER}, "the order alone differs"
    assert "both hosts have forgotten the earlier connection" in told and "fresh numbers in one order" in told
    assert ORDER not in told and "lie all above" in told
    assert all(each in after for each in everywhere.in_every_run) and "the earlier connection is open" in after


def test_a_proof_counts_for_whoever_has_tried_or_asked() -> None:
    """To click on the row is not enough: neither is it told then, nor kept."""
    looked = searched(begin(WHOLE))
    assert looked.is_impossible and not looked.has_proof and not say.proof(looked, Words())
    assert say.hint_button(looked, Words()) == "Show me the proof"
    asked = update(looked, Hint())
    assert asked.has_proof and say.proof(asked, Words()) and not say.hint(asked, Words())
    tried = update(looked, Do(looked.here.deeds[0]))
    assert tried.has_proof and update(tried, Undo()).has_proof and not update(tried, Pick(WHOLE)).has_proof


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
    assert replace(GHOST, budget=GHOST.budget._replace(writes=0)).id != GHOST.id


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
        ("{variant: two-way, property: no-ghost, held: -1, lose: 1, moves: 2}", "held"),
        ("{variant: two-way, property: no-ghost, held: one, lose: 1, moves: 2}", "held"),
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


@pytest.mark.ci
def test_a_hint_says_of_a_move_what_the_engine_says() -> None:
    """That nothing old is there to be taken, that a segment draws a reset, that a reset ends it: not one reason for
    all."""
    for puzzle, said in (
        (
            Puzzle("no-time-wait", "orderly-close", Budget(losses=1)),
            ("There must be a connection", "believes the reset"),
        ),
        (
            Puzzle("fixed-isn", "honest-open", Budget(held=1)),
            ("begins with the old number again", "say so with a reset"),
        ),
        (Puzzle("two-way", "no-ghost", Budget(held=1, losses=1)), ("cannot tell them apart", "If it arrived")),
    ):
        game, hints = begin(puzzle), ""
        while not game.is_won:
            game = asking(game, 1)
            hints += say.hint(game, Words())
        assert all(each in hints for each in said), hints


def walked(puzzle: Puzzle) -> list[tuple[str, str, str]]:
    """(kind of the move, state of the end where it happens, the hint) of every move of a shortest way."""
    game, told = begin(puzzle), []
    while not game.is_won:
        game = asking(game, 1)
        assert game.advice is not None
        side = scene_of(puzzle, game.deeds, game.advice).side
        state = say.state_of(game.here.ends[side], listens=bool(side), words=Words())
        told.append((game.advice.kind, state, say.hint(game, Words())))
        game = update(game, Do(game.advice))
    return told


@pytest.mark.ci
def test_what_a_hint_says_is_what_the_engine_does_under_these_rules_in_this_state() -> None:
    """Where no number is checked none has to fit; who is open awaits no answer; where nothing is old nothing is old."""
    unchecked = walked(Puzzle("unchecked-ack", "fresh-open", Budget(held=2)))
    assert "does not look at the number" in unchecked[-1][2] and "fits" not in unchecked[-1][2]
    killed = walked(Puzzle("no-challenge-ack", "honest-open", Budget(held=1, coincidences=1)))
    kind, state, told = killed[-1]
    assert (kind, state) == ("old", "ESTABLISHED") and "any SYN that lies in the window ends" in told
    assert "awaited" not in told
    once = walked(Puzzle("no-fin-retransmission", "no-ghost", Budget(losses=1)))
    assert not any("old" in told.split(". ", 1)[1] for _, _, told in once), "nothing old is in it"
    assert any("its FIN was heard" in told and "No timer runs" in told for kind, _, told in once if kind == "lose")
    assert "TIME-WAIT has its time" in next(told for kind, _, told in once if kind == "tick")
    stray = walked(Puzzle("fixed-isn", "no-ghost", Budget(held=1)))
    assert "say so with a reset. That reset can come late" in stray[0][2], "nobody calls yet"
    again = walked(Puzzle("fixed-isn", "agreed-open", Budget(duplicates=1, losses=1)))
    assert "an old ACK carries just the number" in again[-1][2], "it was sent before the record that it meets was made"
    alone = walked(Puzzle("four-segment-handshake", "orderly-close", Budget(held=1, losses=1)))
    assert any("carries nothing by which to tell an old one" in told for kind, _, told in alone if kind == "old")
    both = walked(Puzzle("two-segment-close", "orderly-close", Budget(held=1, losses=1)))
    assert any("a FIN ends the connection" in told for _, state, told in both if state == "SYN-RCVD")
    mute = walked(Puzzle("no-rst-from-closed", "no-ghost", Budget(held=2, coincidences=1)))
    assert any("answers nothing" in told for kind, _, told in mute if kind == "deliver")
    by_793 = walked(TWICE)
    assert "only counts as said twice" in by_793[-1][2]
    fixed = walked(FIXED)
    assert "began with the old number again" in fixed[-1][2]


def test_whatever_a_search_may_do_has_a_reason() -> None:
    """A kind of move that the search learns is one that a hint must be able to speak of."""
    assert set(REASONS) == set(MOVES)


def test_of_a_loss_it_is_said_what_it_prevents() -> None:
    """The answer that is lost would have drawn a reset, and that would have ended the ghost; the engine says so."""
    game = begin(Puzzle("", "no-ghost", Budget(losses=1), beginning="open"))
    for kind in ("write", "deliver", "lose"):
        deed = next(deed for deed in game.here.deeds if deed.kind == kind)
        reasons = why(scene_of(game.puzzle, game.deeds, deed), Words())
        game = update(game, Do(deed))
    assert "will send again what it confirms" in reasons, "an ACK of text, and who wrote it has a timer"
    *_, (kind, _, told) = walked(GHOST)
    assert kind == "lose" and "the reset would end what the server believes in" in told and "No timer runs" in told


@pytest.mark.ci
def test_what_comes_twice_for_one_reason_is_said_so() -> None:
    """Two stray ACKs reach TIME-WAIT: the second hint does not repeat the first word for word."""
    told = walked(Puzzle("unchecked-ack", "fresh-open", Budget(held=1), beginning="open"))
    assert [hint for _, _, hint in told if "Once more, for the same reason." in hint]
    assert all(one[2] != other[2] for one, other in pairwise(told))


def test_a_hint_sends_nobody_on_a_long_way_where_going_back_is_short() -> None:
    """The client calls, where an old SYN would do: eleven moves more, or one back and two. The hint goes back."""
    game = searched(begin(GHOST))
    call = next(deed for deed in game.by_itself if deed.kind == "connect")
    game = asking(update(game, Do(call)), 1)
    told = say.hint(game, Words())
    assert told.startswith("From here it takes 11 moves more. With 1 move taken back, it takes 2.")
    assert told.endswith("Press “Take back a move”.")
    assert say.par(game, Words()) == "From the beginning: 2 moves."
    assert game.advice is None and game.goes_back and say.hint_button(game, Words()) == "Take back a move"
    game = update(game, Hint())
    assert not game.deeds and game.taken_back == (call,)
    assert update(game, Redo()).deeds == (call,)


def test_who_has_come_far_on_a_longer_way_may_go_on() -> None:
    """When taking back costs more moves than it saves, the hint leads on."""
    game = searched(begin(GHOST))
    call = next(deed for deed in game.by_itself if deed.kind == "connect")
    game = update(update(game, Do(call)), Hint())
    assert game.way is None and wanted(game) == Wanted((call,)), "nobody has searched from here yet"
    game = searched(game)
    assert game.way is not None
    for deed in game.way.deeds[:5]:
        game = update(game, Do(deed))
    game = asking(game, 1)
    assert game.shorter is None and game.advice is not None
    while not game.is_won:
        game = asking(game)
    assert game.score == 10
    assert say.verdict(game, Words("en")) == "Broken, in 12 moves. 10 above the shortest way."


def test_a_ghost_can_be_ended_and_nobody_says_otherwise() -> None:
    """A later call or keep-alive may find it: by itself nothing ends it, and that is all that is said."""
    game = searched(begin(GHOST))
    while not game.is_won:
        game = asking(game)
    told = say.meaning(game, Words())
    assert "by itself" in told and "ever" not in told.split()


@pytest.mark.parametrize(
    ("page", "needed"),
    [
        ("panels.md", ("gives up", "number", "aborts or crashes", "wrap", "MSL", "TIME-WAIT")),
        ("panels.zh.md", ("放弃", "序号碰巧", "中止或崩溃", "绕回", "MSL", "TIME-WAIT")),
    ],
)
def test_the_manual_says_of_the_lamps_under_which_exclusions_tcp_keeps_them_lit(
    page: str, needed: tuple[str, ...]
) -> None:
    """Loss alone can break two of the seven, where somebody gives up: the manual does not promise more than is so."""
    told = (Path("assets/help") / page).read_text(encoding="utf-8")
    line = next(line for line in told.splitlines() if "Shift+L" in line)
    assert all(each in line for each in needed)
