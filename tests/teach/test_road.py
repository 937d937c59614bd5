"""A lesson on its run: where beats fire, and what the lesson itself does there."""

from __future__ import annotations

from dataclasses import replace

from tutor.teach.lesson import Beat, Lesson, Text
from tutor.teach.road import find_moments, lay_road
from tutor.teach.session import start
from tutor.teach.stage import scenario_of
from tutor.world.records import HandActs, Sent
from tutor.world.time import MS

from .conftest import HANDSHAKE


def lesson(*beats: tuple[str, str]) -> Lesson:
    """Lesson 01's run with beats of our own: (cue, act)."""
    made = tuple(Beat(f"b{n}", cue, Text("t"), Text("w"), act) for n, (cue, act) in enumerate(beats))
    return replace(HANDSHAKE, beats=made)


def test_beats_are_looked_for_one_after_the_other() -> None:
    """The second "client sends any" is the ACK, because the search goes on from the beat between."""
    wanted = lesson(
        ("client sends any", ""), ("client enters CLOSED", ""), ("server sends SYN,ACK", ""), ("client sends any", "")
    )
    moments = lay_road(wanted, scenario_of(wanted)).moments
    assert [moment and moment.at for moment in moments] == [0, None, 50 * MS, 100 * MS]


def test_two_beats_may_share_one_step() -> None:
    """The server receives the SYN and enters SYN-RECEIVED in one step: both may be told."""
    wanted = lesson(("server receives SYN", ""), ("server enters SYN-RECEIVED", ""))
    first, second = lay_road(wanted, scenario_of(wanted)).moments
    assert first is not None
    assert second is not None
    assert first.index == second.index


def test_what_a_beat_does_is_done_at_its_moment_and_the_other_future_stays() -> None:
    """The lesson loses the SYN itself: the road goes on with the second SYN, a ghost shows what would have been."""
    wanted = lesson(("client sends SYN", "drop #1"), ("client sends SYN 2", ""), ("client enters ESTABLISHED", ""))
    road = lay_road(wanted, scenario_of(wanted))
    assert [moment and moment.at for moment in road.moments] == [0, 1_000 * MS, 1_100 * MS]
    assert len(road.timeline.branches) == 2
    ghost = road.timeline.branch(0).trace
    assert sum(isinstance(record, Sent) for _, record in ghost.records()) == 3


def test_an_act_that_waits_outlives_the_act_of_a_later_beat() -> None:
    """The first beat cuts the link in a second; what the second beat does long before that does not save it."""
    wanted = lesson(("client sends SYN", "after 1s cut link"), ("server receives SYN", "after 10ms mend link"))
    road = lay_road(wanted, scenario_of(wanted))
    done = [(step.at // MS, step.cause.act) for step in road.trace.steps if isinstance(step.cause, HandActs)]
    assert done == [(60, "mend link"), (1_000, "cut link")]


def test_a_session_begins_on_the_road_with_the_lessons_own_acts(handshake: object) -> None:
    """They are not the learner's: the session is not off the road."""
    wanted = lesson(("client sends SYN", "drop #1"), ("end", ""))
    session = start(wanted, scenario_of(wanted))
    assert session.road == session.branch == 1
    assert session.off_road is None


def test_looking_at_a_run_as_it_is_does_nothing() -> None:
    """For a saved run: beats are found, no act is done twice."""
    wanted = lesson(("client sends SYN", "drop #1"), ("client sends SYN 2", ""))
    trace = lay_road(lesson(("end", "")), scenario_of(wanted)).trace
    assert [moment and moment.at for moment in find_moments(wanted, trace)] == [0, None]


def test_precedence_of_profiles() -> None:
    """The command line, then the host, then the lesson, then the default."""
    assert HANDSHAKE.profile_names() == {"client": "linux-6.18", "server": "linux-6.18"}
    own = replace(HANDSHAKE, profile="rfc9293")
    assert own.profile_names({"server": "linux-6.18"}) == {"client": "rfc9293", "server": "linux-6.18"}
    hosts = (replace(own.hosts[0], profile="linux-6.18"), own.hosts[1])
    assert replace(own, hosts=hosts).profile_names() == {"client": "linux-6.18", "server": "rfc9293"}
    assert set(own.profile_names("linux-6.18").values()) == {"linux-6.18"}
