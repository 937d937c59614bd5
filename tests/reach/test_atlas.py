"""The atlas: pairs of states that can be, each with a way that the World goes; and pairs that cannot."""

from __future__ import annotations

from itertools import product

import pytest

from tests.sampling import few_rows, some
from tutor.explore.atlas import STAGES, Atlas, Searched, Way, explored, make_atlas, pair_of, walk
from tutor.explore.charted import CHARTED, dumps, loads
from tutor.explore.contradiction import contradiction
from tutor.explore.model import Model
from tutor.explore.parts import Budget, Play
from tutor.explore.replay import replay
from tutor.profiles import load_profile
from tutor.tcp.segment import FIN, RST
from tutor.tcp.states import State
from tutor.tcp.variant import VARIANTS, variant_named
from tutor.teach.atlas import BOUND, here, shipped, visit
from tutor.view.standing import newest
from tutor.world.trace import Trace

S = State


def states_in_the_world(way: Way, profile: str, variant: str = "") -> tuple[State, State]:
    """Play the way in the World: where both ends stand after its last move (LISTEN, CLOSED: no connection)."""
    answer = walk(load_profile(profile), way, variant_named(variant))
    run = replay(answer)
    trace = Trace.of(run.scenario)
    last = run.times[-1] if run.times else run.until - 1
    hosts = trace.world_at(last + 5).hosts
    listens = answer.model.play.listeners
    found = []
    for host, is_listening in zip(hosts, listens, strict=True):
        alive = [each.state for each in host.all_sockets() if each.state not in (S.CLOSED, S.LISTEN)]
        found.append(alive[-1] if alive else S.LISTEN if is_listening else S.CLOSED)
    return found[0], found[1]


@pytest.mark.ci
@pytest.mark.parametrize("profile", CHARTED)
def test_all_that_is_shipped_is_what_the_search_finds(profile: str) -> None:
    """Pairs, ways, and how much was searched. After a change of the engine ``tests/tools/atlas.py`` makes it anew."""
    assert shipped()[profile, ""] == make_atlas(load_profile(profile))
    assert all(each.is_complete for each in shipped()[profile, ""].searched)


@pytest.mark.parametrize("profile", CHARTED)
def test_a_pair_can_be_or_is_a_contradiction(profile: str) -> None:
    """All 121: the search finds it, or one end would know what the other has not done. There is no third."""
    ways = shipped()[profile, ""].ways
    assert len(ways) == 98
    for pair in product(State, State):
        assert (pair in ways) != (contradiction(*pair) is not None), pair


WIDE = Budget(losses=2, duplicates=1, interferences=2, connects=2, writes=0, server_closes=True, gives_up=True)
"""More of everything than any stage has."""


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTED)
@pytest.mark.parametrize("listeners", list(product((False, True), (False, True))))
def test_a_wider_search_finds_no_pair_more(listeners: tuple[bool, bool], profile: str) -> None:
    """Two losses, a copy, two aborts or crashes, two calls of each end: every run of ten moves."""
    play = Play(load_profile(profile), budget=WIDE, callers=(True, True), listeners=listeners)
    pairs, _ = explored(Model(play), lambda _: True, 10)
    assert set(pairs) <= set(shipped()[profile, ""].ways)


@pytest.mark.long
@pytest.mark.parametrize("profile", CHARTED)
def test_text_or_old_segments_bring_no_pair_more(profile: str) -> None:
    """Both write; or a segment of the earlier connection is still about; both may call again."""
    known = set(shipped()[profile, ""].ways)
    rules = load_profile(profile)
    for budget in (
        Budget(interferences=1, connects=2, writes=1, server_writes=1, server_closes=True),
        Budget(held=1, interferences=1, connects=2, writes=0, server_closes=True),
    ):
        pairs, _ = explored(Model(Play(rules, budget=budget)), lambda _: True, 14)
        assert set(pairs) <= known


@pytest.mark.parametrize(("variant", "profile"), few_rows(product(sorted(VARIANTS), CHARTED), 9))
def test_what_is_shipped_of_a_variant_is_what_the_search_finds(variant: str, profile: str) -> None:
    """The same, for each protocol that is not TCP."""
    assert shipped()[profile, variant] == make_atlas(load_profile(profile), variant_named(variant))


@pytest.mark.sampled(8, longer=1)
@pytest.mark.parametrize("profile", CHARTED)
def test_old_segments_lead_where_nothing_else_does(profile: str) -> None:
    """The server's number is fixed: an old SYN and an old ACK open one end while the other is closing. Either may call.

    Where there is a way without anything old, it is the way that is shown, though an old SYN would be a shorter one.
    """
    ways, plain = shipped()[profile, "fixed-isn-server"].ways, shipped()[profile, ""].ways
    closing = (S.FIN_WAIT_2, S.CLOSE_WAIT, S.CLOSING, S.LAST_ACK, S.TIME_WAIT)
    more = {pair for state in closing for pair in ((state, S.ESTABLISHED), (S.ESTABLISHED, state))}
    assert more <= set(ways) - set(plain)
    assert {pair for pair, way in ways.items() if STAGES[way.stage].budget.held} == more
    assert all(len(ways[pair].moves) == len(ways[pair[::-1]].moves) for pair in more)
    assert all(is_at(profile, "fixed-isn-server", pair) for pair in more)
    assert len(ways[S.CLOSED, S.SYN_RECEIVED].moves) == len(plain[S.CLOSED, S.SYN_RECEIVED].moves) == 3
    assert all(not STAGES[way.stage].budget.held for way in plain.values())


@pytest.mark.parametrize("profile", CHARTED)
def test_a_copy_leads_a_broken_protocol_where_nothing_else_does(profile: str) -> None:
    """The copy of a SYN opens a two-way server once more, while the client still waits in TIME-WAIT; TCP needs none."""
    last, closing = (S.TIME_WAIT, S.CLOSE_WAIT), (S.CLOSING, S.CLOSE_WAIT)
    for variant, pair, moves in (("two-way", last, 17), ("unchecked-ack", last, 17), ("fixed-isn-server", closing, 11)):
        ways = shipped()[profile, variant].ways
        copied = {each for each, way in ways.items() if STAGES[way.stage].budget.duplicates}
        assert {pair, pair[::-1]} <= copied <= set(ways) - set(shipped()[profile, ""].ways)
        assert len(ways[pair].moves) == len(ways[pair[::-1]].moves) == moves
        assert sum(move.startswith("duplicate") for move in ways[pair].moves) == 1
        assert is_at(profile, variant, pair)
    assert not any(STAGES[way.stage].budget.duplicates for way in shipped()[profile, ""].ways.values())
    assert len(shipped()[profile, ""].searched) < len(shipped()[profile, "two-way"].searched) == len(STAGES)


def test_an_atlas_is_read_as_it_was_written() -> None:
    """Also one that was not searched to its end."""
    ways = {(S.CLOSED, S.LISTEN): Way(0, ()), (S.SYN_SENT, S.LISTEN): Way(0, ("connect A",))}
    made = {("rfc9293", ""): Atlas(ways, (Searched(9, 20, 3, is_complete=False),))}
    assert loads(dumps(made)) == made
    assert made["rfc9293", ""].depth == 3


def is_at(profile: str, variant: str, pair: tuple[State, State]) -> bool:
    """The lesson that comes of a way, laid out as the window does it: are the hosts at the pair at its playhead?"""
    found = visit(profile, variant, pair)
    assert found is not None
    trace = found.road.trace
    return here(trace.world_at(found.playhead), newest(trace, found.playhead)) == pair


@pytest.mark.ci
@pytest.mark.parametrize("profile", some(CHARTED, 2))
def test_every_cell_that_can_be_plays_as_a_run_and_stands_there(profile: str) -> None:
    """Of the real protocol."""
    assert [pair for pair in shipped()[profile, ""].ways if not is_at(profile, "", pair)] == []


@pytest.mark.parametrize(("variant", "profile"), few_rows(product(sorted(VARIANTS), CHARTED), 9))
def test_every_cell_of_every_variant_plays_as_a_run_and_stands_there(variant: str, profile: str) -> None:
    """Of the protocols that are not TCP."""
    assert [pair for pair in shipped()[profile, variant].ways if not is_at(profile, variant, pair)] == []


def test_a_search_that_is_called_off_says_how_far_it_got() -> None:
    """Then "cannot be" is said of so many moves only."""
    atlas = make_atlas(load_profile("rfc9293"), progress=lambda worlds: worlds < 10_000)
    assert atlas.depth is not None
    assert atlas.depth < 15
    assert (S.ESTABLISHED, S.ESTABLISHED) in atlas.ways


@pytest.mark.ci
@pytest.mark.parametrize("profile", some(CHARTED, 2))
def test_every_pair_of_the_atlas_is_reached_by_its_way(profile: str) -> None:
    """The moves lead there in the search; and in the World."""
    for pair, way in shipped()[profile, ""].ways.items():
        answer = walk(load_profile(profile), way)
        assert pair_of(answer.model, answer.worlds[-1]) == pair
        assert len(answer.path) == len(way.moves)
        assert states_in_the_world(way, profile) == pair, (pair, way)


def test_the_pairs_that_everybody_draws_are_in_it_by_the_fewest_moves() -> None:
    """Handshake, close, crossing calls, crossing closes, a call to one who still believes in the last one."""
    atlas = shipped()["rfc9293", ""].ways
    fewest = {
        (S.CLOSED, S.LISTEN): 0,
        (S.SYN_SENT, S.LISTEN): 1,
        (S.SYN_SENT, S.SYN_RECEIVED): 2,
        (S.ESTABLISHED, S.SYN_RECEIVED): 3,
        (S.ESTABLISHED, S.ESTABLISHED): 4,
        (S.FIN_WAIT_2, S.CLOSE_WAIT): 6,
        (S.SYN_SENT, S.SYN_SENT): 2,
        (S.CLOSING, S.CLOSING): 8,
        (S.SYN_SENT, S.ESTABLISHED): 5,
        (S.LISTEN, S.SYN_RECEIVED): 3,
        (S.CLOSE_WAIT, S.SYN_RECEIVED): 8,
        (S.FIN_WAIT_2, S.FIN_WAIT_1): 11,
    }
    assert {pair: len(atlas[pair].moves) for pair in fewest} == fewest


def test_some_pairs_cannot_be() -> None:
    """Nobody has heard a FIN that nobody has sent; in two segments an open end may face a caller's."""
    atlas = shipped()["rfc9293", ""].ways
    assert (S.ESTABLISHED, S.CLOSE_WAIT) not in atlas
    assert (S.ESTABLISHED, S.TIME_WAIT) not in atlas
    assert len(shipped()["rfc9293", "two-way"].ways[S.SYN_SENT, S.ESTABLISHED].moves) == 2


@pytest.mark.ci
def test_a_number_that_coincides_brings_tcp_where_it_never_comes_without() -> None:
    """TIME-WAIT opposite ESTABLISHED: an old SYN and an old ACK, and the server chooses its number of old."""
    pair, budget = (S.TIME_WAIT, S.ESTABLISHED), Budget(held=2, coincidences=1, writes=0, server_closes=True)
    assert contradiction(*pair) is not None
    rules = load_profile("rfc9293")
    found, _ = explored(Model(Play(rules, budget=budget)), lambda _: True, 10)
    assert len(found[pair]) == 10
    without, _ = explored(Model(Play(rules, budget=budget._replace(coincidences=0))), lambda _: True, 10)
    assert pair not in without
    assert (S.TIME_WAIT, S.LAST_ACK) in without


def test_the_old_segments_of_the_bound_are_those_that_it_names() -> None:
    """None is a FIN or a RST, and the sentence says so."""
    sent = Model(Play(load_profile("rfc9293"), budget=Budget(held=2))).past.sent
    assert not any(entry.segment.flags & (FIN | RST) for entry in sent)
    assert "(no FIN, no RST)" in BOUND


def test_a_way_of_another_engine_is_refused() -> None:
    """A label that no move bears any more says so."""
    with pytest.raises(ValueError, match="another engine"):
        walk(load_profile("rfc9293"), Way(0, ("deliver B nothing",)))
