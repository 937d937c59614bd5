"""The atlas as one reads it: where one walks, what differs from TCP, where the hosts of a run are."""

from __future__ import annotations

import pytest

from tests.world.stage import run
from tutor.profiles import load_profile
from tutor.tcp.states import State
from tutor.teach import atlas
from tutor.teach.atlas import GAINED, LOST, Choose, Reading, Turn, Walk, begin, here, update

S = State

CALL = """
    host client 10.0.0.1 rfc9293 isn=1000 port=40000
      at 0s connect server:80
      after 1s close
    host server 10.0.0.2 rfc9293 isn=5000
      at 0s listen 80
      accept
    link client server delay=50ms
    until 10s
"""
NAME = "client:40000>server:80"


def test_one_walks_over_the_map_and_stays_at_its_edge() -> None:
    """Down, right, and no further than the last state."""
    reading = update(update(Reading(), Walk(down=1)), Walk(right=1))
    assert reading.chosen == (S.LISTEN, S.SYN_SENT)
    assert update(reading, Walk(right=99)).chosen == (S.LISTEN, S.TIME_WAIT)
    assert update(reading, Walk(down=-99)).chosen == (S.CLOSED, S.SYN_SENT)


def test_another_protocol_keeps_the_pair_and_an_unknown_one_changes_nothing() -> None:
    """Two atlases are compared at the same place."""
    at = update(Reading(), Choose((S.SYN_SENT, S.ESTABLISHED)))
    two_way = update(at, Turn(variant="two-way"))
    assert (two_way.variant, two_way.chosen) == ("two-way", at.chosen)
    assert two_way.way is not None and at.way is not None
    assert (len(two_way.way.moves), len(at.way.moves)) == (2, 5)
    assert update(at, Turn(profile="linux-2.6")) == at


def test_pairs_that_only_one_of_both_comes_to_are_known() -> None:
    """A two-way server faces an ESTABLISHED peer from TIME-WAIT; without TIME-WAIT nobody ever is in it."""
    reading = Reading(variant="two-way")
    assert reading.change((S.ESTABLISHED, S.TIME_WAIT)) == GAINED
    assert Reading(variant="no-time-wait").change((S.SYN_RECEIVED, S.TIME_WAIT)) == LOST
    assert reading.change((S.SYN_SENT, S.ESTABLISHED)) == ""
    assert Reading().change((S.ESTABLISHED, S.TIME_WAIT)) == ""


@pytest.mark.parametrize(
    ("at", "pair"),
    [
        (0, (S.SYN_SENT, S.LISTEN)),
        (60_000, (S.SYN_SENT, S.SYN_RECEIVED)),
        (110_000, (S.ESTABLISHED, S.SYN_RECEIVED)),
        (160_000, (S.ESTABLISHED, S.ESTABLISHED)),
        (1_120_000, (S.FIN_WAIT_1, S.ESTABLISHED)),
        (9_000_000, (S.FIN_WAIT_2, S.CLOSE_WAIT)),
    ],
)
def test_where_the_hosts_are_is_read_from_the_world(at: int, pair: tuple[State, State]) -> None:
    """A host without the connection is in LISTEN if it listens."""
    assert here(run(CALL).world_at(at), NAME) == pair


def test_a_host_that_a_script_speaks_for_is_nowhere() -> None:
    """It has no TCP, and so no state; nor has a run of one host a pair."""
    world = run(CALL).world_at(0)
    assert here(world, "") == (S.CLOSED, S.LISTEN)
    scripted = run(CALL, "at 0s set client.scripted yes").world_at(0)
    assert any(host.is_scripted for host in scripted.hosts)
    assert here(scripted, "") is None


def test_a_run_under_other_rules_is_looked_up_under_the_nearest() -> None:
    """Every Linux moves between states as the newest does; the RFC with its notes as the RFC."""
    assert begin(load_profile("linux-4.19"), "", None).profile == "linux-6.18"
    assert begin(load_profile("rfc9293-note3"), "two-way", (S.SYN_SENT, S.LISTEN)) == Reading(
        "rfc9293", "two-way", (S.SYN_SENT, S.LISTEN)
    )


def test_the_run_to_a_pair_is_a_lesson_that_says_which_protocol_it_is() -> None:
    """By its variant, its title in both languages, and its moves."""
    visit = atlas.visit("rfc9293", "two-way", (S.SYN_SENT, S.ESTABLISHED))
    assert visit is not None
    assert visit.lesson.variant == visit.scenario.variant == "two-way"
    assert visit.lesson.title["en"] == "Two-way handshake: SYN-SENT – ESTABLISHED"
    assert visit.lesson.title["zh"] == "两次握手：SYN-SENT – ESTABLISHED"
    from_start = atlas.visit("rfc9293", "two-way", (S.SYN_SENT, S.ESTABLISHED), from_start=True)
    assert from_start is not None
    assert from_start.playhead == 0 < visit.playhead


def test_there_is_no_run_to_a_pair_that_cannot_be() -> None:
    """Nobody has heard a FIN that nobody has sent."""
    assert atlas.visit("rfc9293", "", (S.ESTABLISHED, S.CLOSE_WAIT)) is None
