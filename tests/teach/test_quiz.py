"""What a bet may ask, and what the engine answers; what words may quote from the run."""

from __future__ import annotations

import pytest

from tutor.teach import facts, quiz
from tutor.teach.facts import NoSuchThing, Scene, UnknownFact
from tutor.teach.lesson import Ask, Option, Text
from tutor.teach.road import Road, lay_road
from tutor.teach.stage import scenario_of
from tutor.world.query import find, parse_cue
from tutor.world.time import MS, SECOND

from .conftest import CLOSE, HANDSHAKE


def scene(cue: str, road: Road | None = None) -> Scene:
    """Lesson 01 (or another road) right after an event."""
    road = road or lay_road(HANDSHAKE, scenario_of(HANDSHAKE))
    moment = find(road.trace, parse_cue(cue))
    assert moment is not None
    return Scene(HANDSHAKE, road.trace, moment, road.moments)


def ask(kind: str, *values: str, host: str = "", cue: str = "") -> Ask:
    """A bet with these options."""
    return Ask(kind, Text("?"), tuple(Option(value, None, None) for value in values), values[:1], host, cue)


def right(asked: Ask, where: Scene) -> list[str]:
    """The options that the engine makes right."""
    return [asked.options[i].value for i in quiz.answer(asked, where).right]


def test_next_state_is_the_next_change_on_that_host() -> None:
    """After the SYN has left: the server's entry is SYN-RECEIVED, the client ESTABLISHED. Any spelling counts."""
    where = scene("client sends SYN")
    assert right(ask("next-state", "SYN_RCVD", "ESTABLISHED", host="server"), where) == ["SYN_RCVD"]
    assert right(ask("next-state", "SYN-SENT", "ESTAB", host="client"), where) == ["ESTAB"]


def test_state_is_looked_at_when_the_event_comes() -> None:
    """When the client is open, the server is not."""
    asked = ask("state", "SYN-RECEIVED", "ESTABLISHED", host="server", cue="client enters ESTABLISHED")
    assert right(asked, scene("client sends SYN")) == ["SYN-RECEIVED"]


def test_next_segment_may_be_named_in_part() -> None:
    """Flags alone, or numbers as well; a wrong number is wrong. Numbers are relative to the initial ones."""
    where = scene("client sends SYN")
    asked = ask("next-segment", "SYN,ACK", "S. seq=0 ack=1 len=0", "SYN,ACK seq=1", "SYN", host="server")
    assert right(asked, where) == ["SYN,ACK", "S. seq=0 ack=1 len=0"]
    assert quiz.answer(asked, where).shown == "SYN,ACK seq=0 ack=1"


def test_time_is_measured_from_now() -> None:
    """A span, a fact of the run, a sum: whatever comes to the same is the same."""
    asked = ask(
        "time", "100ms", "link.rtt", "2 * link.delay", "link.delay + 50 ms", "1s", cue="client enters ESTABLISHED"
    )
    found = quiz.answer(asked, scene("client sends SYN"))
    assert found.right == (0, 1, 2, 3)
    assert found.shown == "100 ms"


def test_first_is_a_race() -> None:
    """The client is open before the server; an event that never comes does not win."""
    asked = ask("first", "server enters ESTABLISHED", "client enters ESTABLISHED", "client sends RST")
    assert right(asked, scene("client sends SYN")) == ["client enters ESTABLISHED"]


@pytest.mark.parametrize(
    "asked",
    [
        ask("next-state", "CLOSED", "LISTEN", host="client"),
        ask("next-segment", "SYN", "ACK", host="client"),
        ask("time", "1s", "2s", cue="client enters CLOSED"),
        ask("state", "CLOSED", "LISTEN", host="server", cue="client enters CLOSED"),
        ask("first", "client enters CLOSED", "client sends RST"),
    ],
    ids=lambda asked: asked.kind,
)
def test_a_run_may_have_no_answer(asked: Ask) -> None:
    """At the end of the handshake nothing more happens: nothing is right, and nothing is said to be."""
    assert quiz.answer(asked, scene("end")) == quiz.NOTHING


def test_options_are_shown_as_the_screen_prints_them() -> None:
    """Spans are measured and printed, states take their canonical spelling, a text stands for its value."""
    where = scene("client sends SYN")
    timed = ask("time", "2 * link.delay", "client.time_wait", cue="end")
    assert [quiz.label(timed, option, where, "en") for option in timed.options] == ["100 ms", "1 min"]
    states = ask("next-state", "syn_rcvd", "ESTAB", host="server")
    assert [quiz.label(states, option, where, "en") for option in states.options] == ["SYN-RECEIVED", "ESTABLISHED"]
    worded = Option("a", Text("It takes {link.delay}.", (("zh", "要 {link.delay}。"),)), None)
    assert quiz.label(ask("choice", "a", "b"), worded, where, "zh") == "要 50 ms。"


# --- facts ---


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("time", "100 ms"),
        ("link.delay", "50 ms"),
        ("link.rtt", "100 ms"),
        ("client.address", "10.0.0.1"),
        ("client.port", "40000"),
        ("client.isn", "1000"),
        ("server.isn", "5000"),
        ("client.state", "ESTABLISHED"),
        ("server.state", "SYN-RECEIVED"),
        ("client.snd_nxt", "1001"),
        ("client.rcv_nxt", "5001"),
        ("server.snd_una", "5000"),
        ("client.recv_q", "0"),
        ("server.send_q", "1"),
        ("client.srtt", "100 ms"),
        ("client.rttvar", "50 ms"),
        ("client.rto", "300 ms"),
        ("client.cwnd", "10"),
        ("client.ssthresh", "2147483647"),
        ("client.initial_rto", "1 s"),
        ("client.time_wait", "1 min"),
        ("since.first-segment", "100 ms"),
        ("since.client-is-open", "0"),
        ("seq of client sends SYN", "0"),
        ("last of client sends SYN", "0"),
        ("next of client receives SYN,ACK", "1"),
        ("ack of server sends SYN,ACK", "1"),
        ("len of server sends SYN,ACK", "0"),
        ("client.program.1", "80"),
        ("raw of server sends SYN,ACK", "5000"),
        ("client.relative.snd_nxt", "1"),
        ("client.relative.rcv_nxt", "1"),
        ("server.relative.snd_una", "0"),
    ],
)
def test_a_fact_is_read_from_the_run(name: str, shown: str) -> None:
    """At the moment at which the client is open, by the rules of linux-6.18."""
    assert facts.shown(name, scene("client enters ESTABLISHED")) == shown


def test_every_name_that_is_offered_can_be_read() -> None:
    """When both ends have a connection, no fact is missing: what an error message lists exists."""
    where = scene("server enters ESTABLISHED")
    for name in facts.names(HANDSHAKE):
        if name != "since.your-turn":
            assert facts.shown(name, where)


def test_facts_that_are_not_there() -> None:
    """A name that nobody knows, a connection that is not there yet, a beat that is still to come."""
    where = scene("start")
    with pytest.raises(UnknownFact, match=r"link\.delay"):
        facts.fact("link.dealy", where)
    missing = ("client.isn", "since.your-turn", "client.relative.snd_nxt", "seq of client sends SYN 2")
    for name in (*missing, "client.program.9"):
        with pytest.raises(NoSuchThing):
            facts.fact(name, where)


def test_the_acknowledgement_of_a_segment_without_one() -> None:
    """The first SYN says ack nothing; and only of segments is a number asked."""
    where = scene("end")
    with pytest.raises(NoSuchThing, match="no ACK"):
        facts.fact("ack of client sends SYN", where)
    for name in ("seq of client enters CLOSED", "seq of start", "client.relative.mss", "client.program.x"):
        with pytest.raises(UnknownFact):
            facts.fact(name, where)


def test_what_a_sentence_cannot_fill_becomes_a_dash() -> None:
    """On a branch of the learner's own a beat may be read that has no run."""
    assert facts.fill("from {client.isn} in {link.delay}", scene("start")) == "from – in 50 ms"
    assert facts.without_run("from {client.isn} in {link.delay}") == "from – in –"


def test_only_spans_can_be_measured() -> None:
    """An address is not a time."""
    with pytest.raises(UnknownFact):
        facts.check_measure("2 * client.address", HANDSHAKE)
    with pytest.raises(ValueError, match="allowed"):
        facts.check_measure("12 parsecs", HANDSHAKE)


def test_the_length_of_time_wait_follows_the_rules_of_the_host() -> None:
    """2 MSL is 240 s by the RFC (3.4.2) and 60 s on Linux: the same lesson, other words."""
    spans = {}
    for profile in ("rfc9293", "linux-6.18"):
        road = lay_road(CLOSE, scenario_of(CLOSE, profile))
        moment = road.moments[0]
        assert moment is not None
        spans[profile] = facts.fact("client.time_wait", Scene(CLOSE, road.trace, moment, road.moments))
    assert spans == {"rfc9293": 240 * SECOND, "linux-6.18": 60 * SECOND}


def test_a_switch_of_the_command_line_changes_what_is_said() -> None:
    """No number is stored: another delay gives other words."""
    from dataclasses import replace

    slower = replace(HANDSHAKE, link=(("delay", "80ms"),))
    road = lay_road(slower, scenario_of(slower))
    assert facts.fact("time", scene("client enters ESTABLISHED", road)) == 160 * MS
