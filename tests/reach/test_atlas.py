"""The atlas: pairs of states that can be, each with a way that the World goes; and pairs that cannot."""

from __future__ import annotations

import pytest

from tutor.explore.atlas import Atlas, Searched, Way, make_atlas, pair_of, walk
from tutor.explore.charted import CHARTED, dumps, loads
from tutor.explore.replay import replay
from tutor.profiles import load_profile
from tutor.tcp.states import State
from tutor.tcp.variant import VARIANTS, variant_named
from tutor.teach.atlas import here, shipped, visit
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


@pytest.mark.parametrize("profile", CHARTED)
def test_what_is_shipped_is_what_the_search_finds(profile: str) -> None:
    """Pairs, ways, and how much was searched; after a change of the engine ``tests/tools/atlas.py`` makes it anew."""
    made = make_atlas(load_profile(profile))
    assert shipped()[profile, ""] == made
    assert all(each.is_complete for each in made.searched)


@pytest.mark.ci
@pytest.mark.parametrize("profile", CHARTED)
@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_what_is_shipped_of_a_variant_is_what_the_search_finds(variant: str, profile: str) -> None:
    """The same, for each protocol that is not TCP."""
    assert shipped()[profile, variant] == make_atlas(load_profile(profile), variant_named(variant))


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


@pytest.mark.parametrize("profile", CHARTED)
def test_every_cell_that_can_be_plays_as_a_run_and_stands_there(profile: str) -> None:
    """Of the real protocol."""
    assert [pair for pair in shipped()[profile, ""].ways if not is_at(profile, "", pair)] == []


@pytest.mark.ci
@pytest.mark.parametrize("profile", CHARTED)
@pytest.mark.parametrize("variant", sorted(VARIANTS))
def test_every_cell_of_every_variant_plays_as_a_run_and_stands_there(variant: str, profile: str) -> None:
    """Of the protocols that are not TCP."""
    assert [pair for pair in shipped()[profile, variant].ways if not is_at(profile, variant, pair)] == []


def test_a_search_that_is_called_off_says_how_far_it_got() -> None:
    """Then "cannot be" is said of so many moves only."""
    atlas = make_atlas(load_profile("rfc9293"), progress=lambda worlds: worlds < 10_000)
    assert atlas.depth is not None
    assert atlas.depth < 15
    assert (S.ESTABLISHED, S.ESTABLISHED) in atlas.ways


@pytest.mark.parametrize("profile", CHARTED)
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
        (S.SYN_SENT, S.ESTABLISHED): 6,
    }
    assert {pair: len(atlas[pair].moves) for pair in fewest} == fewest


def test_some_pairs_cannot_be() -> None:
    """Nobody has heard a FIN that nobody has sent; in two segments an open end may face a caller's."""
    atlas = shipped()["rfc9293", ""].ways
    assert (S.ESTABLISHED, S.CLOSE_WAIT) not in atlas
    assert (S.ESTABLISHED, S.TIME_WAIT) not in atlas
    assert len(shipped()["rfc9293", "two-way"].ways[S.SYN_SENT, S.ESTABLISHED].moves) == 2


def test_a_way_of_another_engine_is_refused() -> None:
    """A label that no move bears any more says so."""
    with pytest.raises(ValueError, match="another engine"):
        walk(load_profile("rfc9293"), Way(0, ("deliver B nothing",)))
